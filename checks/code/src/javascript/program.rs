//! A parsed program, and what its expressions may stand for.
//!
//! The answers are *may* answers: where a name can stand for several things, the one that a rule would ask about wins.
//! Everything is bounded, by depth and by a budget of steps for the file; past that the answer is "unknown".

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    BinaryExpression, BinaryOperator, ChainElement, Expression, IdentifierReference,
    TemplateLiteral,
};
use oxc_semantic::{AstNodes, NodeId, Semantic, SymbolId};
use rustc_hash::FxHashMap;

use super::folding::{self, HOLE};
use super::value::{Callable, Value, global, module, text};

/// How many expressions deep a question may lead.
pub(super) const MOST_DEPTH: u32 = 24;
/// An answer that was begun this near to the question is kept, even if it was cut short.
const NEAR: u32 = 6;
/// How many expressions are looked at for one file, and how many more for each node of its tree.
const LEAST_STEPS: usize = 20_000;
const STEPS_EACH: usize = 12;

/// What is known of a symbol.
#[derive(Clone)]
pub(super) enum Slot<'a> {
    Empty,
    /// It is being asked for, so its value depends on itself.
    Busy,
    Known(Value<'a>),
    /// The answer was cut short when it was asked for at this depth.
    Cut(Value<'a>, u32),
}

pub(super) struct Program<'p, 'a> {
    pub(super) semantic: &'p Semantic<'a>,
    pub(super) symbols: RefCell<Vec<Slot<'a>>>,
    /// What is known of calls and of functions, by their nodes.
    known: RefCell<FxHashMap<NodeId, Slot<'a>>>,
    /// What is known of members that are assigned to, by their names.
    pub(super) members: RefCell<BTreeMap<String, Slot<'a>>>,
    /// What is assigned to members, by the member's name.
    pub(super) stored: OnceCell<BTreeMap<&'a str, Vec<&'a Expression<'a>>>>,
    steps: Cell<usize>,
    /// Set when an answer was cut short.
    pub(super) cut: Cell<bool>,
}

impl<'p, 'a> Program<'p, 'a> {
    pub(super) fn new(semantic: &'p Semantic<'a>) -> Self {
        Self {
            semantic,
            symbols: RefCell::new(vec![Slot::Empty; semantic.scoping().symbols_len()]),
            known: RefCell::new(FxHashMap::default()),
            members: RefCell::new(BTreeMap::new()),
            stored: OnceCell::new(),
            steps: Cell::new(LEAST_STEPS + STEPS_EACH * semantic.nodes().len()),
            cut: Cell::new(false),
        }
    }

    pub(super) fn nodes(&self) -> &'p AstNodes<'a> {
        self.semantic.nodes()
    }

    /// Whether every question could be followed as far as its depth allows.
    pub(super) fn is_followed(&self) -> bool {
        self.steps.get() > 0
    }

    /// Answers a question once, and "unknown" to whoever asks while it is being answered.
    ///
    /// An answer that was cut short far down is only good for who asks from as far down: asked from nearer, it may be
    /// complete.
    pub(super) fn once(
        &self,
        load: impl FnOnce() -> Slot<'a>,
        store: impl Fn(Slot<'a>),
        depth: u32,
        answer: impl FnOnce() -> Value<'a>,
    ) -> Value<'a> {
        match load() {
            Slot::Known(value) => return value,
            Slot::Busy => return Value::Unknown,
            Slot::Cut(value, from) if depth >= from => {
                self.cut.set(true);
                return value;
            }
            Slot::Empty | Slot::Cut(..) => store(Slot::Busy),
        }
        let outer = self.cut.replace(false);
        let value = answer();
        let cut = self.cut.get();
        let keep = !cut || depth <= NEAR;
        store(if keep { Slot::Known(value.clone()) } else { Slot::Cut(value.clone(), depth) });
        self.cut.set(outer || cut);
        value
    }

    /// Answers a question about a node once.
    pub(super) fn once_for_node(
        &self,
        node: NodeId,
        depth: u32,
        answer: impl FnOnce() -> Value<'a>,
    ) -> Value<'a> {
        let load = || self.known.borrow().get(&node).cloned().unwrap_or(Slot::Empty);
        let store = |slot| drop(self.known.borrow_mut().insert(node, slot));
        self.once(load, store, depth, answer)
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

/// The value that a rule would rather know of.
pub(super) fn either<'a>(first: Value<'a>, second: impl FnOnce() -> Value<'a>) -> Value<'a> {
    if first.rank() >= 3 {
        return first;
    }
    let second = second();
    let better =
        second.rank() > first.rank() || (matches!(first, Value::Plain) && second.rank() > 0);
    if better { second } else { first }
}
