//! `suspicious.dynamic_code_execution`: texts that become code.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, CallExpression, Expression, ImportExpression, MemberExpression, NewExpression,
};

use super::calling::member_of;
use super::value::Value;
use super::walk::{Target, Walk, argument};
use crate::rules::DYNAMIC_CODE;

const TIMERS: &[&str] = &["setTimeout", "setInterval", "setImmediate"];
/// What the module `vm` runs code with.
const VM: &[&str] = &[
    "runInNewContext",
    "runInThisContext",
    "runInContext",
    "compileFunction",
    "Script",
    "SourceTextModule",
];
/// Last names of objects that are the global object of some page.
const WINDOWS: &[&str] =
    &["contentWindow", "defaultView", "top", "parent", "opener", "win", "realm"];
/// Names of the `module` object where it is handed around.
const MODULES: &[&str] = &["module", "mod", "m", "Module"];

impl<'a> Walk<'_, 'a, '_> {
    pub(super) fn dynamic_call(&mut self, target: &Target<'a>, call: &'a CallExpression<'a>) {
        let runs = match target.function() {
            Value::FunctionConstructor => {
                !call.arguments.is_empty() && !self.is_harmless(target, &call.arguments)
            }
            value => is_eval(value) || runs_text(value),
        };
        if runs
            || self.is_timer_with_text(target, call)
            || self.applies_code(target, call)
            || is_foreign_eval(target)
            || is_compile(target, call)
            || self.is_constructor_of_value(target, call)
            || self.extends_function(call)
        {
            self.hit(&DYNAMIC_CODE, target.at);
        }
    }

    pub(super) fn dynamic_construction(&mut self, target: &Target<'a>, new: &'a NewExpression<'a>) {
        let runs = match target.function() {
            Value::FunctionConstructor => !self.is_harmless(target, &new.arguments),
            value => runs_text(value) || self.is_worker_with_code(value, new),
        };
        if runs {
            self.hit(&DYNAMIC_CODE, new.span.start);
        }
    }

    pub(super) fn dynamic_import(&mut self, import: &'a ImportExpression<'a>) {
        let source = self.program.resolve(&import.source);
        let Some(source) = source.as_text() else { return };
        self.starts_programs |= super::walk::is_child_process(source);
        if source.starts_with("data:") && source.contains("javascript") {
            self.hit(&DYNAMIC_CODE, import.span.start);
        }
    }

    /// `Function("return this")` is how old code finds the global object.
    fn is_harmless(&self, target: &Target<'a>, arguments: &'a [Argument<'a>]) -> bool {
        let direct = !matches!(target.name.as_deref(), Some("call" | "apply"));
        let body = argument(arguments, 0).map(|body| self.program.resolve(body));
        direct
            && arguments.len() == 1
            && body
                .as_ref()
                .and_then(Value::as_text)
                .is_some_and(|body| body.trim().trim_end_matches(';') == "return this")
    }

    fn is_timer_with_text(&self, target: &Target<'a>, call: &'a CallExpression<'a>) -> bool {
        let Value::Global(name) = target.function() else { return false };
        TIMERS.contains(name)
            && argument(&call.arguments, 0)
                .is_some_and(|first| self.program.resolve(first).as_text().is_some())
    }

    /// `Reflect.apply(eval, …)`, `Reflect.construct(Function, …)`, `codes.map(eval)`.
    fn applies_code(&self, target: &Target<'a>, call: &'a CallExpression<'a>) -> bool {
        let reflected = target.object.as_ref().is_some_and(|object| object.is_global("Reflect"));
        let applied = reflected && matches!(target.name.as_deref(), Some("apply" | "construct"));
        call.arguments.iter().filter_map(Argument::as_expression).enumerate().any(|(at, passed)| {
            // Most arguments are no names, and need no second look.
            if !matches!(passed, Expression::Identifier(_)) && !applied {
                return false;
            }
            let passed = self.program.resolve(passed);
            is_eval(&passed) || (applied && at == 0 && (runs_text(&passed) || is_function(&passed)))
        })
    }

    fn is_worker_with_code(&self, callee: &Value<'a>, new: &'a NewExpression<'a>) -> bool {
        let worker =
            callee.is_global("Worker") || callee.export_of("worker_threads") == Some("Worker");
        worker
            && argument(&new.arguments, 1).is_some_and(|options| match self.program.resolve(options) {
                Value::Object(options) => options.properties.iter().any(|property| {
                    property.as_property().is_some_and(|property| {
                        property.key.is_specific_static_name("eval")
                            && !matches!(&property.value, Expression::BooleanLiteral(value) if !value.value)
                    })
                }),
                _ => false,
            })
    }

    /// `x.constructor("code")()`: what is made of a text and called at once is a function.
    fn is_constructor_of_value(&self, target: &Target<'a>, call: &'a CallExpression<'a>) -> bool {
        let called = match self.parent(call.node_id.get()) {
            AstKind::CallExpression(outer) => outer.callee.node_id() == call.node_id.get(),
            _ => false,
        };
        called
            && matches!(target.value, Value::Constructor)
            && argument(&call.arguments, 0)
                .is_some_and(|first| self.program.resolve(first).as_text().is_some())
    }

    /// `super("code")` in a class that extends `Function`.
    fn extends_function(&self, call: &'a CallExpression<'a>) -> bool {
        if !matches!(call.callee, Expression::Super(_)) || call.arguments.is_empty() {
            return false;
        }
        let class =
            self.program.nodes().ancestor_kinds(call.node_id.get()).find_map(|kind| match kind {
                AstKind::Class(class) => Some(class),
                _ => None,
            });
        class
            .and_then(|class| class.heritage.as_ref())
            .is_some_and(|heritage| is_function(&self.program.resolve(&heritage.expression)))
    }
}

/// `module._compile(code, name)`
fn is_compile<'a>(target: &Target<'a>, call: &'a CallExpression<'a>) -> bool {
    if target.name.as_deref() != Some("_compile") || call.arguments.len() < 2 {
        return false;
    }
    let named = target.member.is_some_and(|member| ends_in(member.object(), MODULES));
    named || target.object.as_ref().is_some_and(|object| object.is_global("module"))
}

pub(super) fn is_eval(value: &Value<'_>) -> bool {
    match value {
        Value::Wrapped(inner) => is_eval(inner),
        value => value.is_global("eval"),
    }
}

fn is_function(value: &Value<'_>) -> bool {
    matches!(value, Value::FunctionConstructor)
}

fn runs_text(value: &Value<'_>) -> bool {
    value.export_of("vm").is_some_and(|name| VM.contains(&name))
}

/// `frame.contentWindow.eval(…)`. An unknown object's own `eval` is a method like any other: databases have one.
fn is_foreign_eval(target: &Target<'_>) -> bool {
    target.name.as_deref() == Some("eval")
        && matches!(target.object, Some(Value::Unknown))
        && target.member.is_some_and(|member| ends_in(member.object(), WINDOWS))
}

fn ends_in(object: &Expression<'_>, names: &[&str]) -> bool {
    let name = match object.get_inner_expression() {
        Expression::Identifier(name) => Some(name.name.as_str()),
        inner => member_of(inner).and_then(MemberExpression::static_property_name),
    };
    name.is_some_and(|name| names.contains(&name))
}
