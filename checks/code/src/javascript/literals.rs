//! Rules on what a program writes down: escapes, large encoded literals, miners' names, switches that turn TLS off.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    AssignmentExpression, BinaryOperator, CallExpression, Expression, MemberExpression,
    ObjectProperty, StringLiteral, TemplateLiteral,
};
use oxc_semantic::NodeId;
use oxc_span::GetSpan;

use super::value::Value;
use super::walk::{Target, Walk, argument, is_child_process};
use crate::mining;
use crate::obfuscation::{is_encoded_payload, readable_escapes};
use crate::rules::{CRYPTO_MINING, INSECURE_TLS, OBFUSCATED_BASE64, OBFUSCATED_HEX};

/// Functions and methods that compare what they are given.
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

impl<'a> Walk<'_, 'a, '_> {
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
        self.starts_programs |= !declares && is_child_process(&literal.value);
        if self.signals.escapes {
            self.escapes(literal.span.start, literal.span.end);
        }
        if self.signals.mining && !matches!(parent, AstKind::BinaryExpression(_)) {
            self.mining_literal(node, literal.span.start, &literal.value);
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
                self.mining_literal(node, quasi.span.start, &quasi.value.raw);
            }
        }
    }

    /// Literals that are put together are looked at together.
    pub(super) fn sum(&mut self, node: NodeId, kind: AstKind<'a>) {
        let AstKind::BinaryExpression(sum) = kind else { return };
        let outermost = !matches!(self.parent(node), AstKind::BinaryExpression(_));
        if !self.signals.mining || !outermost || sum.operator != BinaryOperator::Addition {
            // A comparison's literal has the comparison as its parent, and is no use of a miner.
            return;
        }
        let Some(whole) = self.program.sum_text(sum) else { return };
        self.mining_literal(node, sum.span.start, &whole);
    }

    fn escapes(&mut self, start: u32, end: u32) {
        let (start, end) = (self.offset(start), self.offset(end));
        let text = self.source.text.as_bytes().get(start..end).unwrap_or_default();
        if let Some(at) = readable_escapes(text) {
            self.hits.add(&OBFUSCATED_HEX, start + at);
        }
    }

    pub(super) fn decoding_call(&mut self, target: &Target<'a>, call: &'a CallExpression<'a>) {
        let decodes = match (&target.object, target.name.as_deref()) {
            (Some(object), Some("from")) => object.is_global("Buffer"),
            _ => target.function().is_global("atob"),
        };
        let Some(encoded) = argument(&call.arguments, 0).filter(|_| decodes) else { return };
        if self.program.resolve(encoded).as_text().is_some_and(is_encoded_payload) {
            self.hit(&OBFUSCATED_BASE64, call.span.start);
        }
    }

    pub(super) fn mining_text(&mut self, at: u32, text: &str) {
        if self.signals.mining && mining::is_use(text) {
            self.hit(&CRYPTO_MINING, at);
        }
    }

    /// A name such as `CoinHive`, but not that of a function that looks for one.
    pub(super) fn mining_name(&mut self, at: u32, name: &str) {
        if self.signals.mining && mining::is_name(name) {
            self.hit(&CRYPTO_MINING, at);
        }
    }

    fn mining_literal(&mut self, node: NodeId, at: u32, text: &str) {
        if mining::is_use(text) && !self.is_compared(node, text) {
            self.hit(&CRYPTO_MINING, at);
        }
    }

    /// Whether a literal is there to be looked for: in a comparison, or in a list of such words.
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
                        if mining::is_bare(&literal.value))
                });
                mining::is_bare(text) && words.count() > 1 && !self.starts_programs
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
            self.hit(&INSECURE_TLS, property.span.start);
        }
        let disabled = property.key.is_specific_static_name("NODE_TLS_REJECT_UNAUTHORIZED");
        if disabled && self.is_zero(&property.value) {
            self.hit(&INSECURE_TLS, property.span.start);
        }
    }

    /// `process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"`
    pub(super) fn assignment(&mut self, assignment: &'a AssignmentExpression<'a>) {
        let Some(member) = assignment.left.as_member_expression() else { return };
        let name = self.program.key(member, 0);
        let off = match name.as_deref() {
            Some("NODE_TLS_REJECT_UNAUTHORIZED") => self.is_zero(&assignment.right),
            Some("rejectUnauthorized") => {
                matches!(&assignment.right, Expression::BooleanLiteral(value) if !value.value)
                    || is_not_one(&assignment.right)
            }
            _ => false,
        };
        if off {
            self.hit(&INSECURE_TLS, assignment.left.span().start);
        }
    }

    fn is_zero(&self, value: &'a Expression<'a>) -> bool {
        match self.program.resolve(value) {
            Value::Text(text) => &*text == "0",
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
