//! Rules on literals and properties: escapes, large encoded literals, names of miners, options that turn off TLS checks.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentExpression, BinaryOperator, CallExpression, Expression, MemberExpression,
    ObjectProperty, StringLiteral, TemplateLiteral,
};
use oxc_semantic::NodeId;
use oxc_span::GetSpan;

use super::abstract_value::Value;
use super::visitor::{Callee, Visitor, argument, is_child_process};
use crate::cryptomining;
use crate::obfuscation::{is_encoded_payload, readable_escapes};
use crate::rules::{CRYPTO_MINING, INSECURE_TLS, OBFUSCATED_BASE64, OBFUSCATED_HEX};

/// Functions and methods that compare or search.
const COMPARING: &[&str] = &[
    "includes",
    "indexOf",
    "startsWith",
    "endsWith",
    "match",
    "search",
    "test",
    "has",
    "RegExp",
    "lastIndexOf",
    "matchAll",
];

impl<'a> Visitor<'_, 'a, '_> {
    pub(super) fn literal(&mut self, node: NodeId, literal: &'a StringLiteral<'a>) {
        let parent = self.parent(node);
        let declares = matches!(
            parent,
            AstKind::ImportDeclaration(_)
                | AstKind::ExportFromDeclaration(_)
                | AstKind::ExportAllDeclaration(_)
                | AstKind::TSImportType(_)
                | AstKind::TSLiteralType(_)
                | AstKind::TSExternalModuleReference(_)
        );
        self.uses_child_process |= !declares && is_child_process(&literal.value);
        if self.signals.escapes {
            self.escapes(literal.span.start, literal.span.end);
        }
        if self.signals.mining && !matches!(parent, AstKind::BinaryExpression(_)) {
            self.check_miner_literal(node, literal.span.start, &literal.value);
        }
    }

    pub(super) fn template(&mut self, node: NodeId, template: &'a TemplateLiteral<'a>) {
        if self.signals.escapes {
            for quasi in &template.quasis {
                self.escapes(quasi.span.start, quasi.span.end);
            }
        }
        if self.signals.mining {
            for quasi in &template.quasis {
                self.check_miner_literal(node, quasi.span.start, &quasi.value.raw);
            }
        }
    }

    /// Concatenated literals are checked as one string.
    pub(super) fn sum(&mut self, node: NodeId, kind: AstKind<'a>) {
        let AstKind::BinaryExpression(sum) = kind else { return };
        let outermost = !matches!(self.parent(node), AstKind::BinaryExpression(_));
        if !self.signals.mining || !outermost || sum.operator != BinaryOperator::Addition {
            // The operand of a comparison is not a use of a miner.
            return;
        }
        let Some(whole) = self.evaluator.sum_text(sum) else { return };
        self.check_miner_literal(node, sum.span.start, &whole);
    }

    fn escapes(&mut self, start: u32, end: u32) {
        let (start, end) = (self.offset(start), self.offset(end));
        let text = self.source.text.as_bytes().get(start..end).unwrap_or_default();
        if let Some(at) = readable_escapes(text) {
            self.collector.add(&OBFUSCATED_HEX, start + at);
        }
    }

    pub(super) fn decoding_call(&mut self, callee: &Callee<'a>, call: &'a CallExpression<'a>) {
        let decodes = match (&callee.object, callee.name.as_deref()) {
            (Some(object), Some("from")) => object.is_global("Buffer"),
            _ => callee.function().is_global("atob"),
        };
        let Some(encoded) = argument(&call.arguments, 0).filter(|_| decodes) else { return };
        if self.evaluator.evaluate(encoded).as_str().is_some_and(is_encoded_payload) {
            self.report(&OBFUSCATED_BASE64, call.span.start);
        }
    }

    pub(super) fn check_miner_text(&mut self, at: u32, text: &str) {
        if self.signals.mining && cryptomining::is_use(text) {
            self.report(&CRYPTO_MINING, at);
        }
    }

    /// An identifier such as `CoinHive`, but not the name of a function that looks for miners.
    pub(super) fn check_miner_identifier(&mut self, at: u32, name: &str) {
        if self.signals.mining && cryptomining::is_miner_identifier(name) {
            self.report(&CRYPTO_MINING, at);
        }
    }

    fn check_miner_literal(&mut self, node: NodeId, at: u32, text: &str) {
        if cryptomining::is_use(text) && !self.is_compared(node, text) {
            self.report(&CRYPTO_MINING, at);
        }
    }

    /// Whether a literal is a search term: in a comparison, or in a list of such names.
    fn is_compared(&self, node: NodeId, text: &str) -> bool {
        match self.parent(node) {
            AstKind::SwitchCase(_) => true,
            AstKind::CallExpression(call) => {
                let name = match &call.callee {
                    Expression::Identifier(name) => Some(name.name.as_str()),
                    callee => callee
                        .as_member_expression()
                        .and_then(MemberExpression::static_property_name),
                };
                name.is_some_and(|name| COMPARING.contains(&name))
            }
            AstKind::NewExpression(new) => {
                new.callee.is_specific_id("RegExp") || new.callee.is_specific_id("Set")
            }
            AstKind::ArrayExpression(list) => {
                let words = list.elements.iter().filter(|element| {
                    matches!(element.as_expression(), Some(Expression::StringLiteral(literal))
                        if cryptomining::is_bare_name(&literal.value))
                });
                cryptomining::is_bare_name(text) && words.count() > 1 && !self.uses_child_process
            }
            _ => false,
        }
    }

    /// `rejectUnauthorized: false`
    pub(super) fn property(&mut self, property: &'a ObjectProperty<'a>) {
        let off = matches!(&property.value, Expression::BooleanLiteral(value) if !value.value)
            || matches!(&property.value, Expression::NumericLiteral(value) if value.value == 0.0)
            || is_not_one(&property.value);
        if off && property.key.is_specific_static_name("rejectUnauthorized") {
            self.report(&INSECURE_TLS, property.span.start);
        }
        let disabled = property.key.is_specific_static_name("NODE_TLS_REJECT_UNAUTHORIZED");
        if disabled && self.is_zero(&property.value) {
            self.report(&INSECURE_TLS, property.span.start);
        }
    }

    /// `process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"`
    pub(super) fn assignment(&mut self, assignment: &'a AssignmentExpression<'a>) {
        let Some(member) = assignment.left.as_member_expression() else { return };
        let name = self.evaluator.key(member, 0);
        let off = match name.as_deref() {
            Some("NODE_TLS_REJECT_UNAUTHORIZED") => self.is_zero(&assignment.right),
            Some("rejectUnauthorized") => {
                matches!(&assignment.right, Expression::BooleanLiteral(value) if !value.value)
                    || is_not_one(&assignment.right)
            }
            _ => false,
        };
        if off {
            self.report(&INSECURE_TLS, assignment.left.span().start);
        }
    }

    fn is_zero(&self, value: &'a Expression<'a>) -> bool {
        match self.evaluator.evaluate(value) {
            Value::String(text) => &*text == "0",
            Value::Number(number) => number == 0.0,
            _ => false,
        }
    }
}

/// `!1`, as minified code has it.
fn is_not_one(value: &Expression<'_>) -> bool {
    matches!(value, Expression::UnaryExpression(not)
        if matches!(&not.argument, Expression::NumericLiteral(number) if number.value != 0.0))
}
