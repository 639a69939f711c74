//! Abstract evaluation: what the expressions of a parsed program may be at run time.
//!
//! The answers are *may* answers: where a name can have several values, the one that matters most to the rules wins.
//! Evaluation is bounded by depth and by a budget of steps for the file; past that the answer is "unknown". Rules do
//! not belong here.

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

use super::abstract_value::{Callable, Value, global, module, string};
use super::const_fold::{self, UNKNOWN_PART};

/// The most expressions that one evaluation may descend through.
pub(super) const MAX_DEPTH: u32 = 24;
/// A truncated answer is kept for good if its evaluation started at this depth or less.
const KEEP_DEPTH: u32 = 6;
/// The budget of evaluated expressions for one file, and what each node of its tree adds to it.
const BASE_STEPS: usize = 20_000;
const STEPS_PER_NODE: usize = 12;

/// The memoized value of a symbol, node or member.
#[derive(Clone)]
pub(super) enum Memo<'a> {
    Empty,
    /// Its evaluation has started, so its value depends on itself.
    InProgress,
    Known(Value<'a>),
    /// The evaluation was truncated when it started at this depth.
    Truncated(Value<'a>, u32),
}

pub(super) struct Evaluator<'p, 'a> {
    pub(super) semantic: &'p Semantic<'a>,
    pub(super) symbols: RefCell<Vec<Memo<'a>>>,
    /// The results of calls and functions, by node.
    known: RefCell<FxHashMap<NodeId, Memo<'a>>>,
    /// The values of members that are assigned to, by name.
    pub(super) members: RefCell<BTreeMap<String, Memo<'a>>>,
    /// The expressions that are assigned to members, by the member's name.
    pub(super) member_assignments: OnceCell<BTreeMap<&'a str, Vec<&'a Expression<'a>>>>,
    steps: Cell<usize>,
    /// Set when an evaluation was truncated.
    pub(super) truncated: Cell<bool>,
}

impl<'p, 'a> Evaluator<'p, 'a> {
    pub(super) fn new(semantic: &'p Semantic<'a>) -> Self {
        Self {
            semantic,
            symbols: RefCell::new(vec![Memo::Empty; semantic.scoping().symbols_len()]),
            known: RefCell::new(FxHashMap::default()),
            members: RefCell::new(BTreeMap::new()),
            member_assignments: OnceCell::new(),
            steps: Cell::new(BASE_STEPS + STEPS_PER_NODE * semantic.nodes().len()),
            truncated: Cell::new(false),
        }
    }

    pub(super) fn nodes(&self) -> &'p AstNodes<'a> {
        self.semantic.nodes()
    }

    /// Whether the budget was enough for the whole file.
    pub(super) fn is_complete(&self) -> bool {
        self.steps.get() > 0
    }

    /// Evaluates once and remembers the answer. While the evaluation runs, the answer is "unknown".
    ///
    /// A truncated answer is only reused at the same depth or deeper: from a shallower depth it may be complete.
    pub(super) fn memoized(
        &self,
        load: impl FnOnce() -> Memo<'a>,
        store: impl Fn(Memo<'a>),
        depth: u32,
        answer: impl FnOnce() -> Value<'a>,
    ) -> Value<'a> {
        match load() {
            Memo::Known(value) => return value,
            Memo::InProgress => return Value::Unknown,
            Memo::Truncated(value, from) if depth >= from => {
                self.truncated.set(true);
                return value;
            }
            Memo::Empty | Memo::Truncated(..) => store(Memo::InProgress),
        }
        let outer = self.truncated.replace(false);
        let value = answer();
        let truncated = self.truncated.get();
        let keep = !truncated || depth <= KEEP_DEPTH;
        store(if keep {
            Memo::Known(value.clone())
        } else {
            Memo::Truncated(value.clone(), depth)
        });
        self.truncated.set(outer || truncated);
        value
    }

    /// Evaluates a node once.
    pub(super) fn memoized_for_node(
        &self,
        node: NodeId,
        depth: u32,
        answer: impl FnOnce() -> Value<'a>,
    ) -> Value<'a> {
        let load = || self.known.borrow().get(&node).cloned().unwrap_or(Memo::Empty);
        let store = |slot| drop(self.known.borrow_mut().insert(node, slot));
        self.memoized(load, store, depth, answer)
    }

    /// What an expression may be at run time.
    pub(super) fn evaluate(&self, expression: &'a Expression<'a>) -> Value<'a> {
        self.eval(expression, 0)
    }

    pub(super) fn eval(&self, expression: &'a Expression<'a>, depth: u32) -> Value<'a> {
        let steps = self.steps.get();
        if depth > MAX_DEPTH || steps == 0 {
            self.truncated.set(true);
            return Value::Unknown;
        }
        self.steps.set(steps - 1);
        let depth = depth + 1;
        match expression.get_inner_expression() {
            Expression::StringLiteral(literal) => string(&literal.value),
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
                ChainElement::TSNonNullExpression(inner) => self.eval(&inner.expression, depth),
                element => element
                    .as_member_expression()
                    .map_or(Value::Unknown, |member| self.member(member, depth)),
            },
            Expression::ImportExpression(import) => self.load_module(&import.source, depth),
            Expression::AwaitExpression(inner) => self.eval(&inner.argument, depth),
            Expression::SequenceExpression(sequence) => {
                sequence.expressions.last().map_or(Value::Unknown, |last| self.eval(last, depth))
            }
            Expression::AssignmentExpression(assignment) => self.eval(&assignment.right, depth),
            Expression::ConditionalExpression(choice) => {
                prefer_relevant(self.eval(&choice.consequent, depth), || {
                    self.eval(&choice.alternate, depth)
                })
            }
            Expression::LogicalExpression(choice) => {
                prefer_relevant(self.eval(&choice.left, depth), || self.eval(&choice.right, depth))
            }
            Expression::ArrowFunctionExpression(arrow) => Value::Function(Callable::Arrow(arrow)),
            Expression::FunctionExpression(function) => {
                Value::Function(Callable::Function(function))
            }
            Expression::ClassExpression(class) => Value::Class(class),
            Expression::ObjectExpression(object) => Value::Object(object),
            Expression::ArrayExpression(list) => Value::Array(list),
            Expression::ThisExpression(this) => self.this(this.node_id.get()),
            Expression::BooleanLiteral(_)
            | Expression::NullLiteral(_)
            | Expression::BigIntLiteral(_)
            | Expression::RegExpLiteral(_)
            | Expression::BinaryExpression(_)
            | Expression::UnaryExpression(_)
            | Expression::UpdateExpression(_) => Value::Irrelevant,
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

    /// The symbol that a name refers to, if this file declares it.
    pub(super) fn symbol_of(&self, identifier: &IdentifierReference<'a>) -> Option<SymbolId> {
        let scoping = self.semantic.scoping();
        scoping.get_reference(identifier.reference_id.get()?).symbol_id()
    }

    fn template(&self, template: &'a TemplateLiteral<'a>, depth: u32) -> Value<'a> {
        let mut parts = Vec::with_capacity(template.quasis.len() * 2);
        for (at, quasi) in template.quasis.iter().enumerate() {
            parts.push(
                quasi
                    .value
                    .cooked
                    .map_or_else(|| UNKNOWN_PART.to_string(), |part| part.to_string()),
            );
            if let Some(expression) = template.expressions.get(at) {
                parts.push(const_fold::to_text(&self.eval(expression, depth)));
            }
        }
        const_fold::join(parts.into_iter())
    }

    /// The string that a sum of strings gives, as far as it is known.
    pub(super) fn sum_text(&self, sum: &'a BinaryExpression<'a>) -> Option<Rc<str>> {
        match self.sum(sum, 0) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A sum is a string if any of its parts is one.
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
            parts.into_iter().rev().map(|part| self.eval(part, depth)).collect();
        if values.iter().any(|value| value.as_str().is_some()) {
            const_fold::join(values.iter().map(const_fold::to_text))
        } else {
            Value::Irrelevant
        }
    }

    /// The module that an expression names.
    pub(super) fn load_module(&self, name: &'a Expression<'a>, depth: u32) -> Value<'a> {
        self.eval(name, depth).as_str().map_or(Value::Unknown, module)
    }

    /// `this`: an instance of the enclosing class, or the global object in plain functions and at the top level.
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

/// The value that matters more to the rules.
pub(super) fn prefer_relevant<'a>(
    first: Value<'a>,
    second: impl FnOnce() -> Value<'a>,
) -> Value<'a> {
    if first.relevance() >= 3 {
        return first;
    }
    let second = second();
    let better = second.relevance() > first.relevance()
        || (matches!(first, Value::Irrelevant) && second.relevance() > 0);
    if better { second } else { first }
}
