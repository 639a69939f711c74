//! `suspicious.dangerous_exec`: other programs that are started through `child_process`.

use oxc_ast::ast::{
    CallExpression, Expression, ImportDeclaration, ImportDeclarationSpecifier, MemberExpression,
    TaggedTemplateExpression,
};

use super::value::Value;
use super::walk::{Target, Walk, argument, is_child_process};
use crate::rules::DANGEROUS_EXEC;

/// The functions that start a program.
const STARTS: &[&str] = &["exec", "execSync", "spawn", "spawnSync", "execFile", "execFileSync"];
/// Names that are taken for the module, wherever they come from.
const NAMESPACES: &[&str] = &["cp", "childProcess", "child_process"];
/// Methods and functions that call what they are given.
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

impl<'a> Walk<'_, 'a, '_> {
    pub(super) fn process_call(&mut self, target: &Target<'a>, call: &'a CallExpression<'a>) {
        let given = self.program.call(call, 0);
        self.starts_programs |= given.is_module("child_process");
        // A text that a call puts together is looked at like one that is written out.
        if let Value::Text(text) = &given {
            self.mining_text(call.span.start, text);
        }
        if is_start(target.function()) || self.applies_start(target, call) {
            self.starts_programs = true;
            self.hit(&DANGEROUS_EXEC, target.at);
        } else if is_likely_start(target) {
            let at = self.offset(target.at);
            self.likely_starts.push(at);
        }
    }

    /// `Reflect.apply(exec, …)`, and lists whose elements are each handed to `exec`.
    fn applies_start(&self, target: &Target<'a>, call: &'a CallExpression<'a>) -> bool {
        let reflected = target.object.as_ref().is_some_and(|object| object.is_global("Reflect"));
        let called = target.name.as_deref().is_some_and(|name| CALLERS.contains(&name));
        if !reflected && !called {
            return false;
        }
        argument(&call.arguments, 0).is_some_and(|function| match self.program.resolve(function) {
            Value::Wrapped(inner) => is_start(&inner),
            function => is_start(&function),
        })
    }

    pub(super) fn tagged(&mut self, tagged: &'a TaggedTemplateExpression<'a>) {
        if is_start(&self.program.resolve(&tagged.tag)) {
            self.hit(&DANGEROUS_EXEC, tagged.span.start);
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
        self.starts_programs |=
            values && !import.import_kind.is_type() && is_child_process(&import.source.value);
    }
}

/// A call that has the name of a start, on something that may come from `child_process`.
fn is_likely_start(target: &Target<'_>) -> bool {
    let Some(name) = target.name.as_deref().filter(|name| STARTS.contains(name)) else {
        return false;
    };
    if matches!(target.value, Value::Function(_) | Value::Class(_) | Value::Plain) {
        return false;
    }
    match (target.member, &target.object) {
        (Some(MemberExpression::StaticMemberExpression(member)), Some(object)) => {
            let other = matches!(
                object,
                Value::Plain | Value::Text(_) | Value::List(_) | Value::Texts(_) | Value::Number(_)
            );
            !other && (name != "exec" || is_namespace(&member.object))
        }
        (Some(member), Some(_)) => is_namespace(member.object()),
        _ => true,
    }
}

/// Whether a value is a function that starts a program.
pub(super) fn is_start(value: &Value<'_>) -> bool {
    match value {
        Value::Wrapped(inner) => is_start(inner),
        value => value.export_of("child_process").is_some_and(|name| STARTS.contains(&name)),
    }
}

/// Whether an expression ends in a name that is taken for the module.
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
