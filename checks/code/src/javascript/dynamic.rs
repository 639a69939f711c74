//! `suspicious.dynamic_code_execution`: strings that are run as code.

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, CallExpression, Expression, ImportExpression, MemberExpression, NewExpression,
};

use super::abstract_value::Value;
use super::calls::member_of;
use super::visitor::{Callee, Visitor, argument};
use crate::rules::DYNAMIC_CODE;

const TIMERS: &[&str] = &["setTimeout", "setInterval", "setImmediate"];
/// The exports of `vm` that run code.
const VM: &[&str] = &[
    "runInNewContext",
    "runInThisContext",
    "runInContext",
    "compileFunction",
    "Script",
    "SourceTextModule",
];
/// Names of members and variables that hold a page's global object.
const WINDOWS: &[&str] =
    &["contentWindow", "defaultView", "top", "parent", "opener", "win", "realm"];
/// Names of variables that hold the `module` object.
const MODULES: &[&str] = &["module", "mod", "m", "Module"];

impl<'a> Visitor<'_, 'a, '_> {
    pub(super) fn dynamic_call(&mut self, callee: &Callee<'a>, call: &'a CallExpression<'a>) {
        let runs = match callee.function() {
            Value::FunctionConstructor => {
                !call.arguments.is_empty() && !self.is_harmless(callee, &call.arguments)
            }
            value => is_eval(value) || runs_text(value),
        };
        if runs
            || self.is_timer_with_text(callee, call)
            || self.applies_code(callee, call)
            || is_foreign_eval(callee)
            || is_compile(callee, call)
            || self.is_constructor_of_value(callee, call)
            || self.extends_function(call)
        {
            self.report(&DYNAMIC_CODE, callee.at);
        }
    }

    pub(super) fn dynamic_construction(&mut self, callee: &Callee<'a>, new: &'a NewExpression<'a>) {
        let runs = match callee.function() {
            Value::FunctionConstructor => !self.is_harmless(callee, &new.arguments),
            value => runs_text(value) || self.is_worker_with_code(value, new),
        };
        if runs {
            self.report(&DYNAMIC_CODE, new.span.start);
        }
    }

    pub(super) fn dynamic_import(&mut self, import: &'a ImportExpression<'a>) {
        let source = self.evaluator.evaluate(&import.source);
        let Some(source) = source.as_str() else { return };
        self.uses_child_process |= super::visitor::is_child_process(source);
        if source.starts_with("data:") && source.contains("javascript") {
            self.report(&DYNAMIC_CODE, import.span.start);
        }
    }

    /// `Function("return this")` is how old code finds the global object.
    fn is_harmless(&self, callee: &Callee<'a>, arguments: &'a [Argument<'a>]) -> bool {
        let direct = !matches!(callee.name.as_deref(), Some("call" | "apply"));
        let body = argument(arguments, 0).map(|body| self.evaluator.evaluate(body));
        direct
            && arguments.len() == 1
            && body
                .as_ref()
                .and_then(Value::as_str)
                .is_some_and(|body| body.trim().trim_end_matches(';') == "return this")
    }

    fn is_timer_with_text(&self, callee: &Callee<'a>, call: &'a CallExpression<'a>) -> bool {
        let Value::Global(name) = callee.function() else { return false };
        TIMERS.contains(name)
            && argument(&call.arguments, 0)
                .is_some_and(|first| self.evaluator.evaluate(first).as_str().is_some())
    }

    /// `Reflect.apply(eval, …)`, `Reflect.construct(Function, …)`, `codes.map(eval)`.
    fn applies_code(&self, callee: &Callee<'a>, call: &'a CallExpression<'a>) -> bool {
        let reflected = callee.object.as_ref().is_some_and(|object| object.is_global("Reflect"));
        let applied = reflected && matches!(callee.name.as_deref(), Some("apply" | "construct"));
        call.arguments.iter().filter_map(Argument::as_expression).enumerate().any(|(at, passed)| {
            // Most arguments are not identifiers and need no evaluation.
            if !matches!(passed, Expression::Identifier(_)) && !applied {
                return false;
            }
            let passed = self.evaluator.evaluate(passed);
            is_eval(&passed) || (applied && at == 0 && (runs_text(&passed) || is_function(&passed)))
        })
    }

    fn is_worker_with_code(&self, callee: &Value<'a>, new: &'a NewExpression<'a>) -> bool {
        let worker =
            callee.is_global("Worker") || callee.export_of("worker_threads") == Some("Worker");
        worker
            && argument(&new.arguments, 1).is_some_and(|options| match self.evaluator.evaluate(options) {
                Value::Object(options) => options.properties.iter().any(|property| {
                    property.as_property().is_some_and(|property| {
                        property.key.is_specific_static_name("eval")
                            && !matches!(&property.value, Expression::BooleanLiteral(value) if !value.value)
                    })
                }),
                _ => false,
            })
    }

    /// `x.constructor("code")()`: the result is called at once, so `constructor` is `Function`.
    fn is_constructor_of_value(&self, callee: &Callee<'a>, call: &'a CallExpression<'a>) -> bool {
        let is_invoked = match self.parent(call.node_id.get()) {
            AstKind::CallExpression(outer) => outer.callee.node_id() == call.node_id.get(),
            _ => false,
        };
        is_invoked
            && matches!(callee.value, Value::ObjectConstructor)
            && argument(&call.arguments, 0)
                .is_some_and(|first| self.evaluator.evaluate(first).as_str().is_some())
    }

    /// `super("code")` in a class that extends `Function`.
    fn extends_function(&self, call: &'a CallExpression<'a>) -> bool {
        if !matches!(call.callee, Expression::Super(_)) || call.arguments.is_empty() {
            return false;
        }
        let class =
            self.evaluator.nodes().ancestor_kinds(call.node_id.get()).find_map(|kind| match kind {
                AstKind::Class(class) => Some(class),
                _ => None,
            });
        class
            .and_then(|class| class.heritage.as_ref())
            .is_some_and(|heritage| is_function(&self.evaluator.evaluate(&heritage.expression)))
    }
}

/// `module._compile(code, name)`
fn is_compile<'a>(callee: &Callee<'a>, call: &'a CallExpression<'a>) -> bool {
    if callee.name.as_deref() != Some("_compile") || call.arguments.len() < 2 {
        return false;
    }
    let named = callee.member.is_some_and(|member| ends_in(member.object(), MODULES));
    named || callee.object.as_ref().is_some_and(|object| object.is_global("module"))
}

pub(super) fn is_eval(value: &Value<'_>) -> bool {
    match value {
        Value::Wrapper(inner) => is_eval(inner),
        value => value.is_global("eval"),
    }
}

fn is_function(value: &Value<'_>) -> bool {
    matches!(value, Value::FunctionConstructor)
}

fn runs_text(value: &Value<'_>) -> bool {
    value.export_of("vm").is_some_and(|name| VM.contains(&name))
}

/// `frame.contentWindow.eval(…)`. Any other unknown object's `eval` is an ordinary method: databases have one.
fn is_foreign_eval(callee: &Callee<'_>) -> bool {
    callee.name.as_deref() == Some("eval")
        && matches!(callee.object, Some(Value::Unknown))
        && callee.member.is_some_and(|member| ends_in(member.object(), WINDOWS))
}

fn ends_in(object: &Expression<'_>, names: &[&str]) -> bool {
    let name = match object.get_inner_expression() {
        Expression::Identifier(name) => Some(name.name.as_str()),
        inner => member_of(inner).and_then(MemberExpression::static_property_name),
    };
    name.is_some_and(|name| names.contains(&name))
}
