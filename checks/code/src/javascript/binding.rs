//! What the names of a program stand for: declarations, imports, patterns, parameters and assignments.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentOperator, BindingPattern, Expression, FormalParameter, ImportSpecifier,
    TSModuleReference,
};
use oxc_semantic::{NodeId, SymbolId};

use super::folding;
use super::program::{Program, Slot, either};
use super::value::{Callable, Value, module};

/// How many assignments to one name, or calls of one function, are looked at.
const MOST_PLACES: usize = 16;

impl<'a> Program<'_, 'a> {
    /// What a symbol may stand for.
    pub(super) fn symbol(&self, symbol: SymbolId, depth: u32) -> Value<'a> {
        let load = || self.symbols.borrow().get(symbol.index()).cloned().unwrap_or(Slot::Busy);
        let store = |slot| {
            if let Some(place) = self.symbols.borrow_mut().get_mut(symbol.index()) {
                *place = slot;
            }
        };
        self.once(load, store, depth, || self.of_symbol(symbol, depth))
    }

    fn of_symbol(&self, symbol: SymbolId, depth: u32) -> Value<'a> {
        let scoping = self.semantic.scoping();
        let mut value = Value::Unknown;
        for declaration in scoping.symbol_declarations(symbol).take(MOST_PLACES) {
            value = either(value, || self.declared(declaration, symbol, depth));
        }
        if !scoping.symbol_is_mutated(symbol) {
            return value;
        }
        let writes =
            scoping.get_resolved_references(symbol).filter(|reference| reference.is_write());
        for write in writes.take(MOST_PLACES) {
            value = self.written(write.node_id(), value, depth);
        }
        value
    }

    /// The value that a declaration gives its symbol.
    fn declared(&self, declaration: NodeId, symbol: SymbolId, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        match nodes.kind(declaration) {
            AstKind::VariableDeclarator(declarator) => {
                let value = match &declarator.init {
                    Some(init) => self.at(init, depth),
                    None => self.iterated(declaration, depth),
                };
                self.pick(&declarator.id, value, symbol, depth).unwrap_or(Value::Unknown)
            }
            AstKind::FormalParameter(parameter) => {
                let value = self.parameter(parameter, declaration, depth);
                self.pick(&parameter.pattern, value, symbol, depth).unwrap_or(Value::Unknown)
            }
            AstKind::ImportSpecifier(specifier) => self.imported(specifier, declaration, depth),
            AstKind::ImportDefaultSpecifier(_) | AstKind::ImportNamespaceSpecifier(_) => {
                self.import_source(declaration)
            }
            AstKind::TSImportEqualsDeclaration(import) => match &import.module_reference {
                TSModuleReference::ExternalModuleReference(external) => {
                    module(&external.expression.value)
                }
                _ => Value::Unknown,
            },
            AstKind::Function(function) => Value::Function(Callable::Function(function)),
            AstKind::Class(class) => Value::Class(class),
            _ => Value::Unknown,
        }
    }

    fn imported(&self, specifier: &'a ImportSpecifier<'a>, node: NodeId, depth: u32) -> Value<'a> {
        if specifier.import_kind.is_type() {
            return Value::Unknown;
        }
        let source = self.import_source(node);
        self.member_of(&source, specifier.imported.name().as_str(), depth)
    }

    fn import_source(&self, specifier: NodeId) -> Value<'a> {
        match self.nodes().parent_kind(specifier) {
            AstKind::ImportDeclaration(import) if !import.import_kind.is_type() => {
                module(&import.source.value)
            }
            _ => Value::Unknown,
        }
    }

    /// What a loop gives the variable that it declares.
    fn iterated(&self, declarator: NodeId, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        match nodes.parent_kind(nodes.parent_id(declarator)) {
            AstKind::ForOfStatement(each) => {
                let list = self.at(&each.right, depth);
                self.any_element(&list, depth)
            }
            _ => Value::Unknown,
        }
    }

    /// The element of a list that a rule would ask about, else the first.
    fn any_element(&self, list: &Value<'a>, depth: u32) -> Value<'a> {
        let mut value = Value::Unknown;
        for at in 0..MOST_PLACES {
            let element = self.element(list, at, depth);
            let names_module =
                element.as_text().is_some_and(|text| text.ends_with("child_process"));
            if names_module || element.is_telling() {
                return element;
            }
            value = either(value, || element);
        }
        value
    }

    /// The part of a value that a pattern gives to a symbol.
    fn pick(
        &self,
        pattern: &'a BindingPattern<'a>,
        value: Value<'a>,
        symbol: SymbolId,
        depth: u32,
    ) -> Option<Value<'a>> {
        match pattern {
            BindingPattern::BindingIdentifier(name) => {
                (name.symbol_id.get() == Some(symbol)).then_some(value)
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    if !declares(&property.value, symbol) {
                        continue;
                    }
                    let name = self.key_name(&property.key, depth);
                    let member =
                        name.map_or(Value::Unknown, |name| self.member_of(&value, &name, depth));
                    return self.pick(&property.value, member, symbol, depth);
                }
                object
                    .rest
                    .as_ref()
                    .and_then(|rest| self.pick(&rest.argument, value, symbol, depth))
            }
            BindingPattern::ArrayPattern(list) => {
                let found = list.elements.iter().enumerate().find_map(|(at, element)| {
                    element
                        .as_ref()
                        .filter(|element| declares(element, symbol))
                        .map(|element| (at, element))
                });
                let (at, element) = found?;
                let part = self.element(&value, at, depth);
                self.pick(element, part, symbol, depth)
            }
            BindingPattern::AssignmentPattern(default) => {
                let value = either(value, || self.at(&default.right, depth));
                self.pick(&default.left, value, symbol, depth)
            }
        }
    }

    /// What a parameter is given, by the calls of its function that this file shows.
    fn parameter(&self, parameter: &'a FormalParameter<'a>, node: NodeId, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let list = nodes.parent_id(node);
        let AstKind::FormalParameters(parameters) = nodes.kind(list) else { return Value::Unknown };
        let same = |other: &FormalParameter<'a>| other.node_id.get() == node;
        let Some(index) = parameters.items.iter().position(same) else { return Value::Unknown };
        let mut value = self.passed(nodes.parent_id(list), index, depth);
        if let Some(default) = &parameter.initializer {
            value = either(value, || self.at(default, depth));
        }
        value
    }

    fn passed(&self, function: NodeId, index: usize, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let parent = nodes.parent_id(function);
        let named = match (nodes.kind(function), nodes.kind(parent)) {
            (_, AstKind::CallExpression(call)) => {
                return self.passed_directly(function, call, index, depth);
            }
            // `(function (x) { … }).call(this, y)`
            (_, AstKind::StaticMemberExpression(_)) => {
                let AstKind::CallExpression(call) = nodes.parent_kind(parent) else {
                    return Value::Unknown;
                };
                return self.argument(&call.arguments, index + 1, depth);
            }
            (_, AstKind::VariableDeclarator(declarator)) => match &declarator.id {
                BindingPattern::BindingIdentifier(name) => name.symbol_id.get(),
                _ => None,
            },
            (AstKind::Function(function), _) => {
                function.id.as_ref().and_then(|id| id.symbol_id.get())
            }
            _ => None,
        };
        named.map_or(Value::Unknown, |symbol| self.passed_by_name(symbol, index, depth))
    }

    fn passed_by_name(&self, function: SymbolId, index: usize, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let references = self.semantic.scoping().get_resolved_references(function);
        let mut value = Value::Unknown;
        for reference in references.take(MOST_PLACES) {
            let node = reference.node_id();
            if let AstKind::CallExpression(call) = nodes.parent_kind(node) {
                let is_callee = matches!(&call.callee, Expression::Identifier(name) if name.node_id.get() == node);
                if is_callee {
                    value = either(value, || self.argument(&call.arguments, index, depth));
                }
            }
        }
        value
    }

    /// A function that is called where it is written, or handed to a method that calls it.
    fn passed_directly(
        &self,
        function: NodeId,
        call: &'a oxc_ast::ast::CallExpression<'a>,
        index: usize,
        depth: u32,
    ) -> Value<'a> {
        let is_callee = match call.callee.get_inner_expression() {
            Expression::FunctionExpression(callee) => callee.node_id.get() == function,
            Expression::ArrowFunctionExpression(callee) => callee.node_id.get() == function,
            _ => false,
        };
        if is_callee {
            return self.argument(&call.arguments, index, depth);
        }
        let Some(member) = call.callee.as_member_expression() else { return Value::Unknown };
        match (member.static_property_name(), index) {
            (Some("then" | "finally"), 0) => self.at(member.object(), depth),
            (Some("forEach" | "map" | "some" | "every" | "filter" | "flatMap" | "find"), 0) => {
                let list = self.at(member.object(), depth);
                self.any_element(&list, depth)
            }
            _ => Value::Unknown,
        }
    }

    /// The value after an assignment.
    fn written(&self, target: NodeId, value: Value<'a>, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let parent = nodes.parent_id(target);
        match nodes.kind(parent) {
            AstKind::AssignmentExpression(assignment) => {
                if assignment.operator == AssignmentOperator::Addition {
                    let added = self.at(&assignment.right, depth);
                    return match (value.as_text(), added.as_text()) {
                        (None, None) => value,
                        _ => folding::join([&value, &added].into_iter().map(folding::reading)),
                    };
                }
                let assigned = self.at(&assignment.right, depth);
                let stays = value.is_telling() && value.rank() >= assigned.rank();
                if stays || matches!(assigned, Value::Unknown) { value } else { assigned }
            }
            AstKind::AssignmentTargetPropertyIdentifier(property) => {
                either(value, || self.taken(parent, &property.binding.name, depth))
            }
            AstKind::AssignmentTargetPropertyProperty(property) => {
                let name = self.key_name(&property.name, depth);
                either(value, || {
                    name.map_or(Value::Unknown, |name| self.taken(parent, &name, depth))
                })
            }
            _ => value,
        }
    }

    /// A member taken by a pattern that is assigned to: `({ exec } = …)`.
    fn taken(&self, property: NodeId, name: &str, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        match nodes.parent_kind(nodes.parent_id(property)) {
            AstKind::AssignmentExpression(assignment) => {
                let object = self.at(&assignment.right, depth);
                self.member_of(&object, name, depth)
            }
            _ => Value::Unknown,
        }
    }
}

/// Whether a pattern declares a symbol.
fn declares(pattern: &BindingPattern<'_>, symbol: SymbolId) -> bool {
    match pattern {
        BindingPattern::BindingIdentifier(name) => name.symbol_id.get() == Some(symbol),
        BindingPattern::ObjectPattern(object) => {
            object.properties.iter().any(|property| declares(&property.value, symbol))
                || object.rest.as_ref().is_some_and(|rest| declares(&rest.argument, symbol))
        }
        BindingPattern::ArrayPattern(list) => {
            list.elements.iter().flatten().any(|element| declares(element, symbol))
                || list.rest.as_ref().is_some_and(|rest| declares(&rest.argument, symbol))
        }
        BindingPattern::AssignmentPattern(default) => declares(&default.left, symbol),
    }
}
