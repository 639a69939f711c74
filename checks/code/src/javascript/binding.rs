//! The values of a program's names: declarations, imports, patterns, parameters and assignments.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentOperator, BindingPattern, Expression, FormalParameter, ImportSpecifier,
    TSModuleReference,
};
use oxc_semantic::{NodeId, SymbolId};

use super::abstract_eval::{Evaluator, Memo, prefer_relevant};
use super::abstract_value::{Callable, Value, module};
use super::const_fold;

/// The most assignments to one name, or calls of one function, that are considered.
const MAX_SITES: usize = 16;

impl<'a> Evaluator<'_, 'a> {
    /// What a symbol may be at run time.
    pub(super) fn symbol(&self, symbol: SymbolId, depth: u32) -> Value<'a> {
        let load =
            || self.symbols.borrow().get(symbol.index()).cloned().unwrap_or(Memo::InProgress);
        let store = |slot| {
            if let Some(place) = self.symbols.borrow_mut().get_mut(symbol.index()) {
                *place = slot;
            }
        };
        self.memoized(load, store, depth, || self.evaluate_symbol(symbol, depth))
    }

    fn evaluate_symbol(&self, symbol: SymbolId, depth: u32) -> Value<'a> {
        let scoping = self.semantic.scoping();
        let mut value = Value::Unknown;
        for declaration in scoping.symbol_declarations(symbol).take(MAX_SITES) {
            value = prefer_relevant(value, || self.declared_value(declaration, symbol, depth));
        }
        if !scoping.symbol_is_mutated(symbol) {
            return value;
        }
        let writes =
            scoping.get_resolved_references(symbol).filter(|reference| reference.is_write());
        for write in writes.take(MAX_SITES) {
            value = self.assigned(write.node_id(), value, depth);
        }
        value
    }

    /// The value that a declaration gives its symbol.
    fn declared_value(&self, declaration: NodeId, symbol: SymbolId, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        match nodes.kind(declaration) {
            AstKind::VariableDeclarator(declarator) => {
                let value = match &declarator.init {
                    Some(init) => self.eval(init, depth),
                    None => self.iterated(declaration, depth),
                };
                self.bind_pattern(&declarator.id, value, symbol, depth).unwrap_or(Value::Unknown)
            }
            AstKind::FormalParameter(parameter) => {
                let value = self.parameter(parameter, declaration, depth);
                self.bind_pattern(&parameter.pattern, value, symbol, depth)
                    .unwrap_or(Value::Unknown)
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

    /// The value of a variable that a loop declares.
    fn iterated(&self, declarator: NodeId, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        match nodes.parent_kind(nodes.parent_id(declarator)) {
            AstKind::ForOfStatement(each) => {
                let list = self.eval(&each.right, depth);
                self.any_element(&list, depth)
            }
            _ => Value::Unknown,
        }
    }

    /// The element of an array that matters most to the rules, or the first one.
    fn any_element(&self, list: &Value<'a>, depth: u32) -> Value<'a> {
        let mut value = Value::Unknown;
        for at in 0..MAX_SITES {
            let element = self.element(list, at, depth);
            let names_module = element.as_str().is_some_and(|text| text.ends_with("child_process"));
            if names_module || element.is_relevant() {
                return element;
            }
            value = prefer_relevant(value, || element);
        }
        value
    }

    /// The part of a value that a pattern binds to a symbol.
    fn bind_pattern(
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
                    return self.bind_pattern(&property.value, member, symbol, depth);
                }
                object
                    .rest
                    .as_ref()
                    .and_then(|rest| self.bind_pattern(&rest.argument, value, symbol, depth))
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
                self.bind_pattern(element, part, symbol, depth)
            }
            BindingPattern::AssignmentPattern(default) => {
                let value = prefer_relevant(value, || self.eval(&default.right, depth));
                self.bind_pattern(&default.left, value, symbol, depth)
            }
        }
    }

    /// The value of a parameter, by the calls of its function in this file.
    fn parameter(&self, parameter: &'a FormalParameter<'a>, node: NodeId, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let list = nodes.parent_id(node);
        let AstKind::FormalParameters(parameters) = nodes.kind(list) else { return Value::Unknown };
        let same = |other: &FormalParameter<'a>| other.node_id.get() == node;
        let Some(index) = parameters.items.iter().position(same) else { return Value::Unknown };
        let mut value = self.argument_for(nodes.parent_id(list), index, depth);
        if let Some(default) = &parameter.initializer {
            value = prefer_relevant(value, || self.eval(default, depth));
        }
        value
    }

    fn argument_for(&self, function: NodeId, index: usize, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let parent = nodes.parent_id(function);
        let named = match (nodes.kind(function), nodes.kind(parent)) {
            (_, AstKind::CallExpression(call)) => {
                return self.argument_of_inline_function(function, call, index, depth);
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
        named.map_or(Value::Unknown, |symbol| self.argument_by_name(symbol, index, depth))
    }

    fn argument_by_name(&self, function: SymbolId, index: usize, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let references = self.semantic.scoping().get_resolved_references(function);
        let mut value = Value::Unknown;
        for reference in references.take(MAX_SITES) {
            let node = reference.node_id();
            if let AstKind::CallExpression(call) = nodes.parent_kind(node) {
                let is_callee = matches!(&call.callee, Expression::Identifier(name) if name.node_id.get() == node);
                if is_callee {
                    value = prefer_relevant(value, || self.argument(&call.arguments, index, depth));
                }
            }
        }
        value
    }

    /// A function that is called where it is defined, or passed to a method that calls it.
    fn argument_of_inline_function(
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
            (Some("then" | "finally"), 0) => self.eval(member.object(), depth),
            (Some("forEach" | "map" | "some" | "every" | "filter" | "flatMap" | "find"), 0) => {
                let list = self.eval(member.object(), depth);
                self.any_element(&list, depth)
            }
            _ => Value::Unknown,
        }
    }

    /// The value after an assignment.
    fn assigned(&self, target: NodeId, value: Value<'a>, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        let parent = nodes.parent_id(target);
        match nodes.kind(parent) {
            AstKind::AssignmentExpression(assignment) => {
                if assignment.operator == AssignmentOperator::Addition {
                    let added = self.eval(&assignment.right, depth);
                    return match (value.as_str(), added.as_str()) {
                        (None, None) => value,
                        _ => {
                            const_fold::join([&value, &added].into_iter().map(const_fold::to_text))
                        }
                    };
                }
                let assigned = self.eval(&assignment.right, depth);
                let stays = value.is_relevant() && value.relevance() >= assigned.relevance();
                if stays || matches!(assigned, Value::Unknown) { value } else { assigned }
            }
            AstKind::AssignmentTargetPropertyIdentifier(property) => {
                prefer_relevant(value, || self.destructured(parent, &property.binding.name, depth))
            }
            AstKind::AssignmentTargetPropertyProperty(property) => {
                let name = self.key_name(&property.name, depth);
                prefer_relevant(value, || {
                    name.map_or(Value::Unknown, |name| self.destructured(parent, &name, depth))
                })
            }
            _ => value,
        }
    }

    /// A member that an assignment pattern reads: `({ exec } = …)`.
    fn destructured(&self, property: NodeId, name: &str, depth: u32) -> Value<'a> {
        let nodes = self.nodes();
        match nodes.parent_kind(nodes.parent_id(property)) {
            AstKind::AssignmentExpression(assignment) => {
                let object = self.eval(&assignment.right, depth);
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
