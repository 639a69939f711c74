//! A parsed program, and what its expressions may stand for.
//!
//! The answers are *may* answers: where a name can stand for several things, the one that a rule would ask about wins.
//! Everything is bounded, by depth and by a budget of steps for the file; past that the answer is "unknown".

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    ArrayExpression, AssignmentTarget, BinaryExpression, BinaryOperator, ChainElement, Class,
    ClassElement, Expression, IdentifierReference, MemberExpression, ObjectExpression,
    ObjectPropertyKind, PropertyKey, TemplateLiteral,
};
use oxc_semantic::{AstNodes, NodeId, Semantic, SymbolId};

use super::folding::{self, HOLE};
use super::value::{Callable, Value, global, module, text};

/// How many expressions deep a question may lead.
const MOST_DEPTH: u32 = 32;
/// How many expressions are looked at for one file.
const MOST_STEPS: u32 = 1_000_000;
/// How many assignments to members of one name are looked at.
const MOST_STORED: usize = 8;

/// What is known of a symbol.
#[derive(Clone)]
pub(super) enum Slot<'a> {
    Empty,
    /// It is being asked for, so its value depends on itself.
    Busy,
    Known(Value<'a>),
}

pub(super) struct Program<'p, 'a> {
    pub(super) semantic: &'p Semantic<'a>,
    pub(super) symbols: RefCell<Vec<Slot<'a>>>,
    /// What is assigned to members, by the member's name.
    stored: OnceCell<BTreeMap<&'a str, Vec<&'a Expression<'a>>>>,
    steps: Cell<u32>,
    /// Set when an answer was cut short, and so must not be kept.
    pub(super) cut: Cell<bool>,
}

impl<'p, 'a> Program<'p, 'a> {
    pub(super) fn new(semantic: &'p Semantic<'a>) -> Self {
        Self {
            semantic,
            symbols: RefCell::new(vec![Slot::Empty; semantic.scoping().symbols_len()]),
            stored: OnceCell::new(),
            steps: Cell::new(MOST_STEPS),
            cut: Cell::new(false),
        }
    }

    pub(super) fn nodes(&self) -> &'p AstNodes<'a> {
        self.semantic.nodes()
    }

    /// What an expression may stand for.
    pub(super) fn resolve(&self, expression: &'a Expression<'a>) -> Value<'a> {
        self.at(expression, 0)
    }

    pub(super) fn at(&self, expression: &'a Expression<'a>, depth: u32) -> Value<'a> {
        let steps = self.steps.get();
        if depth > MOST_DEPTH || steps == 0 {
            self.cut.set(true);
            return Value::Unknown;
        }
        self.steps.set(steps - 1);
        let depth = depth + 1;
        match expression.get_inner_expression() {
            Expression::StringLiteral(literal) => text(&literal.value),
            Expression::NumericLiteral(literal) => Value::Number(literal.value),
            Expression::TemplateLiteral(template) => self.template(template, depth),
            Expression::BinaryExpression(sum) if sum.operator == BinaryOperator::Addition => {
                self.sum(sum, depth)
            }
            Expression::Identifier(identifier) => self.identifier(identifier, depth),
            Expression::CallExpression(call) => self.call(call, depth),
            Expression::NewExpression(new) => self.construct(new, depth),
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.call(call, depth),
                ChainElement::TSNonNullExpression(inner) => self.at(&inner.expression, depth),
                element => element
                    .as_member_expression()
                    .map_or(Value::Unknown, |member| self.member(member, depth)),
            },
            Expression::ImportExpression(import) => self.loaded(&import.source, depth),
            Expression::AwaitExpression(inner) => self.at(&inner.argument, depth),
            Expression::SequenceExpression(sequence) => {
                sequence.expressions.last().map_or(Value::Unknown, |last| self.at(last, depth))
            }
            Expression::AssignmentExpression(assignment) => self.at(&assignment.right, depth),
            Expression::ConditionalExpression(choice) => {
                either(self.at(&choice.consequent, depth), || self.at(&choice.alternate, depth))
            }
            Expression::LogicalExpression(choice) => {
                either(self.at(&choice.left, depth), || self.at(&choice.right, depth))
            }
            Expression::ArrowFunctionExpression(arrow) => Value::Function(Callable::Arrow(arrow)),
            Expression::FunctionExpression(function) => {
                Value::Function(Callable::Function(function))
            }
            Expression::ClassExpression(class) => Value::Class(class),
            Expression::ObjectExpression(object) => Value::Object(object),
            Expression::ArrayExpression(list) => Value::List(list),
            Expression::ThisExpression(this) => self.this(this.node_id.get()),
            Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::RegExpLiteral(_)
            | Expression::BinaryExpression(_)
            | Expression::UnaryExpression(_)
            | Expression::UpdateExpression(_) => Value::Plain,
            other => other
                .as_member_expression()
                .map_or(Value::Unknown, |member| self.member(member, depth)),
        }
    }

    fn identifier(&self, identifier: &IdentifierReference<'a>, depth: u32) -> Value<'a> {
        match self.symbol_of(identifier) {
            Some(symbol) => self.symbol(symbol, depth),
            None => global(&identifier.name),
        }
    }

    /// The symbol of this file that a name refers to.
    pub(super) fn symbol_of(&self, identifier: &IdentifierReference<'a>) -> Option<SymbolId> {
        let scoping = self.semantic.scoping();
        scoping.get_reference(identifier.reference_id.get()?).symbol_id()
    }

    fn template(&self, template: &'a TemplateLiteral<'a>, depth: u32) -> Value<'a> {
        let mut parts = Vec::with_capacity(template.quasis.len() * 2);
        for (at, quasi) in template.quasis.iter().enumerate() {
            parts
                .push(quasi.value.cooked.map_or_else(|| HOLE.to_string(), |part| part.to_string()));
            if let Some(expression) = template.expressions.get(at) {
                parts.push(folding::reading(&self.at(expression, depth)));
            }
        }
        folding::join(parts.into_iter())
    }

    /// The text that a sum gives, as far as it is known.
    pub(super) fn sum_text(&self, sum: &'a BinaryExpression<'a>) -> Option<Rc<str>> {
        match self.sum(sum, 0) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A sum is a text as soon as one of its parts is.
    fn sum(&self, sum: &'a BinaryExpression<'a>, depth: u32) -> Value<'a> {
        let mut parts = vec![&sum.right];
        let mut left = &sum.left;
        while let Expression::BinaryExpression(inner) = left.get_inner_expression() {
            if inner.operator != BinaryOperator::Addition {
                break;
            }
            parts.push(&inner.right);
            left = &inner.left;
        }
        parts.push(left);
        let values: Vec<Value<'a>> =
            parts.into_iter().rev().map(|part| self.at(part, depth)).collect();
        if values.iter().any(|value| value.as_text().is_some()) {
            folding::join(values.iter().map(folding::reading))
        } else {
            Value::Plain
        }
    }

    /// What loading the module of a name gives.
    pub(super) fn loaded(&self, name: &'a Expression<'a>, depth: u32) -> Value<'a> {
        self.at(name, depth).as_text().map_or(Value::Unknown, module)
    }

    /// The name of a member, if it is constant.
    pub(super) fn key(&self, member: &'a MemberExpression<'a>, depth: u32) -> Option<Rc<str>> {
        match member {
            MemberExpression::StaticMemberExpression(member) => {
                Some(Rc::from(member.property.name.as_str()))
            }
            MemberExpression::PrivateFieldExpression(member) => {
                Some(Rc::from(member.field.name.as_str()))
            }
            MemberExpression::ComputedMemberExpression(member) => {
                match self.at(&member.expression, depth) {
                    Value::Text(name) => Some(name),
                    Value::Number(number) => Some(Rc::from(number.to_string())),
                    _ => None,
                }
            }
        }
    }

    fn member(&self, member: &'a MemberExpression<'a>, depth: u32) -> Value<'a> {
        let Some(name) = self.key(member, depth) else { return Value::Unknown };
        let object = self.at(member.object(), depth);
        self.member_of(&object, &name, depth)
    }

    /// A member of a value, looked up in this file where the value is made here.
    pub(super) fn member_of(&self, object: &Value<'a>, name: &str, depth: u32) -> Value<'a> {
        if depth > MOST_DEPTH {
            self.cut.set(true);
            return Value::Unknown;
        }
        let depth = depth + 1;
        let found = match object {
            Value::Object(literal) => self.property(literal, name, depth),
            Value::Class(class) | Value::Instance(class) => self.class_member(class, name, depth),
            Value::List(_) | Value::Texts(_) | Value::Text(_) if name.parse::<usize>().is_ok() => {
                return self.element(object, name.parse().unwrap_or_default(), depth);
            }
            _ => None,
        };
        match found.unwrap_or_else(|| object.member(name)) {
            Value::Unknown if !matches!(object, Value::Module(_) | Value::Export(..)) => {
                self.stored(name, depth)
            }
            value => value,
        }
    }

    /// An element of a list or of a text.
    pub(super) fn element(&self, list: &Value<'a>, at: usize, depth: u32) -> Value<'a> {
        match list {
            Value::List(list) => list
                .elements
                .get(at)
                .and_then(|element| element.as_expression())
                .map_or(Value::Unknown, |element| self.at(element, depth)),
            Value::Texts(texts) => {
                texts.get(at).map_or(Value::Unknown, |part| Value::Text(part.clone()))
            }
            Value::Text(subject) => {
                folding::text_at(subject, i64::try_from(at).unwrap_or(i64::MAX))
            }
            _ => Value::Unknown,
        }
    }

    /// The texts of a list, if all its elements are texts or numbers.
    pub(super) fn texts(&self, list: &'a ArrayExpression<'a>, depth: u32) -> Option<Rc<[Rc<str>]>> {
        list.elements
            .iter()
            .map(|element| match self.at(element.as_expression()?, depth) {
                Value::Text(part) => Some(part),
                Value::Number(number) => Some(Rc::from(number.to_string())),
                _ => None,
            })
            .collect()
    }

    pub(super) fn key_name(&self, key: &'a PropertyKey<'a>, depth: u32) -> Option<Rc<str>> {
        match key.static_name() {
            Some(name) => Some(Rc::from(&*name)),
            None => match self.at(key.as_expression()?, depth) {
                Value::Text(name) => Some(name),
                _ => None,
            },
        }
    }

    pub(super) fn property(
        &self,
        object: &'a ObjectExpression<'a>,
        name: &str,
        depth: u32,
    ) -> Option<Value<'a>> {
        for property in object.properties.iter().rev() {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    if self.key_name(&property.key, depth).as_deref() == Some(name) {
                        return Some(self.at(&property.value, depth));
                    }
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let value = self.at(&spread.argument, depth);
                    let value = self.member_of(&value, name, depth);
                    if !matches!(value, Value::Unknown) {
                        return Some(value);
                    }
                }
            }
        }
        None
    }

    fn class_member(&self, class: &'a Class<'a>, name: &str, depth: u32) -> Option<Value<'a>> {
        class.body.body.iter().find_map(|element| match element {
            ClassElement::MethodDefinition(method) => {
                let same = self.key_name(&method.key, depth).as_deref() == Some(name);
                same.then(|| Value::Function(Callable::Function(&method.value)))
            }
            ClassElement::PropertyDefinition(property) => {
                let same = property.key.name().as_deref() == Some(name);
                same.then(|| property.value.as_ref().map(|value| self.at(value, depth)))?
            }
            _ => None,
        })
    }

    /// What is assigned anywhere to a member of this name, if a rule asks about it.
    fn stored(&self, name: &str, depth: u32) -> Value<'a> {
        // `exec` is a method of regular expressions and databases; one assignment says nothing about those.
        if name == "exec" {
            return Value::Unknown;
        }
        let stored = self.stored.get_or_init(|| self.assignments());
        let values = stored.get(name).into_iter().flatten().map(|value| self.at(value, depth));
        values.into_iter().find(Value::is_telling).unwrap_or(Value::Unknown)
    }

    fn assignments(&self) -> BTreeMap<&'a str, Vec<&'a Expression<'a>>> {
        let mut stored: BTreeMap<&'a str, Vec<&'a Expression<'a>>> = BTreeMap::new();
        for node in self.nodes().iter() {
            let (name, value) = match node.kind() {
                AstKind::AssignmentExpression(assignment) => {
                    (target_name(&assignment.left), Some(&assignment.right))
                }
                AstKind::PropertyDefinition(property) => {
                    (key_text(&property.key), property.value.as_ref())
                }
                AstKind::ObjectProperty(property) => {
                    (key_text(&property.key), Some(&property.value))
                }
                _ => continue,
            };
            if let (Some(name), Some(value)) = (name, value) {
                let values = stored.entry(name).or_default();
                if values.len() < MOST_STORED && may_tell(value) {
                    values.push(value);
                }
            }
        }
        stored
    }

    /// `this`: an object of the class around it, or the global object in plain functions and at the top.
    fn this(&self, node: NodeId) -> Value<'a> {
        for ancestor in self.nodes().ancestors(node) {
            match ancestor.kind() {
                AstKind::Class(class) => return Value::Instance(class),
                AstKind::Function(_)
                    if matches!(
                        self.nodes().parent_kind(ancestor.id()),
                        AstKind::ObjectProperty(_)
                    ) =>
                {
                    return Value::Unknown;
                }
                _ => {}
            }
        }
        global("globalThis")
    }
}

/// The value that a rule asks about, else one that is known.
pub(super) fn either<'a>(first: Value<'a>, second: impl FnOnce() -> Value<'a>) -> Value<'a> {
    if first.is_telling() {
        return first;
    }
    let second = second();
    if second.is_telling() || matches!(first, Value::Unknown | Value::Plain) {
        second
    } else {
        first
    }
}

fn target_name<'a>(target: &'a AssignmentTarget<'a>) -> Option<&'a str> {
    match target.as_member_expression()? {
        MemberExpression::PrivateFieldExpression(member) => Some(member.field.name.as_str()),
        member => member.static_property_name(),
    }
}

fn key_text<'a>(key: &'a PropertyKey<'a>) -> Option<&'a str> {
    match key {
        PropertyKey::StaticIdentifier(name) => Some(name.name.as_str()),
        PropertyKey::PrivateIdentifier(name) => Some(name.name.as_str()),
        PropertyKey::StringLiteral(name) => Some(name.value.as_str()),
        _ => None,
    }
}

/// Whether an assigned expression can be more than a constant.
fn may_tell(value: &Expression<'_>) -> bool {
    let value = value.get_inner_expression();
    !value.is_literal()
        && !matches!(value, Expression::TemplateLiteral(_) | Expression::ArrayExpression(_))
}
