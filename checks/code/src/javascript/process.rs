//! `suspicious.dangerous_exec`: programs that are started through `child_process`.

use oxc_ast::ast::{
    CallExpression, Expression, ImportDeclaration, ImportDeclarationSpecifier, MemberExpression,
    TaggedTemplateExpression,
};

use super::abstract_value::Value;
use super::visitor::{Callee, Visitor, argument, is_child_process};
use crate::rules::DANGEROUS_EXEC;

/// The functions of `child_process` that start a program.
pub(super) const EXEC_FUNCTIONS: &[&str] =
    &["exec", "execSync", "spawn", "spawnSync", "execFile", "execFileSync"];
/// Names that are assumed to be the module.
pub(super) const NAMESPACES: &[&str] = &["cp", "childProcess", "child_process"];
/// Functions and methods that call a function they receive.
const CALLERS: &[&str] = &[
    "forEach",
    "map",
    "some",
    "every",
    "filter",
    "then",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "nextTick",
    "queueMicrotask",
];

impl<'a> Visitor<'_, 'a, '_> {
    pub(super) fn process_call(&mut self, callee: &Callee<'a>, call: &'a CallExpression<'a>) {
        let given = self.evaluator.call(call, 0);
        self.uses_child_process |= given.is_module("child_process");
        // A string that a call builds is checked like a literal.
        if let Value::String(text) = &given {
            self.check_miner_text(call.span.start, text);
        }
        if is_exec_function(callee.function()) || self.applies_exec(callee, call) {
            self.uses_child_process = true;
            self.report(&DANGEROUS_EXEC, callee.at);
        } else if is_likely_exec(callee) {
            let at = self.offset(callee.at);
            self.likely_exec_calls.push(at);
        }
    }

    /// `Reflect.apply(exec, …)`, and arrays whose elements are passed to `exec`.
    fn applies_exec(&self, callee: &Callee<'a>, call: &'a CallExpression<'a>) -> bool {
        let reflected = callee.object.as_ref().is_some_and(|object| object.is_global("Reflect"));
        let calls_argument = callee.name.as_deref().is_some_and(|name| CALLERS.contains(&name));
        if !reflected && !calls_argument {
            return false;
        }
        argument(&call.arguments, 0).is_some_and(|function| {
            match self.evaluator.evaluate(function) {
                Value::Wrapper(inner) => is_exec_function(&inner),
                function => is_exec_function(&function),
            }
        })
    }

    pub(super) fn tagged(&mut self, tagged: &'a TaggedTemplateExpression<'a>) {
        if is_exec_function(&self.evaluator.evaluate(&tagged.tag)) {
            self.report(&DANGEROUS_EXEC, tagged.span.start);
        }
    }

    pub(super) fn import(&mut self, import: &'a ImportDeclaration<'a>) {
        let values = import.specifiers.as_ref().is_none_or(|specifiers| {
            specifiers.is_empty()
                || specifiers.iter().any(|specifier| match specifier {
                    ImportDeclarationSpecifier::ImportSpecifier(named) => {
                        !named.import_kind.is_type()
                    }
                    _ => true,
                })
        });
        self.uses_child_process |=
            values && !import.import_kind.is_type() && is_child_process(&import.source.value);
    }
}

/// Whether a call has the name of such a function, on a receiver that may be `child_process`.
fn is_likely_exec(callee: &Callee<'_>) -> bool {
    let Some(name) = callee.name.as_deref().filter(|name| EXEC_FUNCTIONS.contains(name)) else {
        return false;
    };
    if matches!(callee.value, Value::Function(_) | Value::Class(_) | Value::Irrelevant) {
        return false;
    }
    match (callee.member, &callee.object) {
        (Some(MemberExpression::StaticMemberExpression(member)), Some(object)) => {
            let other = matches!(
                object,
                Value::Irrelevant
                    | Value::String(_)
                    | Value::Array(_)
                    | Value::Strings(_)
                    | Value::Number(_)
            );
            !other && (name != "exec" || is_namespace(&member.object))
        }
        (Some(member), Some(_)) => is_namespace(member.object()),
        _ => true,
    }
}

/// Whether a value is a function of `child_process` that starts a program.
pub(super) fn is_exec_function(value: &Value<'_>) -> bool {
    match value {
        Value::Wrapper(inner) => is_exec_function(inner),
        value => {
            value.export_of("child_process").is_some_and(|name| EXEC_FUNCTIONS.contains(&name))
        }
    }
}

/// Whether an expression ends in a name that is assumed to be the module.
fn is_namespace(object: &Expression<'_>) -> bool {
    let name = match object.get_inner_expression() {
        Expression::Identifier(name) => Some(name.name.as_str()),
        inner => inner.as_member_expression().and_then(|member| match member {
            MemberExpression::PrivateFieldExpression(member) => Some(member.field.name.as_str()),
            member => member.static_property_name(),
        }),
    };
    name.is_some_and(|name| NAMESPACES.contains(&name))
}
