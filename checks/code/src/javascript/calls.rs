//! The results of calls: loaded modules, bound functions, strings that are built.

use std::rc::Rc;

use oxc_ast::ast::{
    Argument, ArrowFunctionBody, CallExpression, Expression, FunctionBody, MemberExpression,
    NewExpression, Statement,
};

use super::abstract_eval::{Evaluator, prefer_relevant};
use super::abstract_value::{Callable, Value, global, module};
use super::const_fold;

impl<'a> Evaluator<'_, 'a> {
    pub(super) fn call(&self, call: &'a CallExpression<'a>, depth: u32) -> Value<'a> {
        self.memoized_for_node(call.node_id.get(), depth, || self.call_uncached(call, depth))
    }

    fn call_uncached(&self, call: &'a CallExpression<'a>, depth: u32) -> Value<'a> {
        if let Some(member) = member_of(&call.callee) {
            return self.method_call(member, &call.arguments, depth);
        }
        let callee = self.eval(&call.callee, depth);
        self.call_result(&callee, &call.arguments, depth)
    }

    pub(super) fn construct(&self, new: &'a NewExpression<'a>, depth: u32) -> Value<'a> {
        match self.eval(&new.callee, depth) {
            callee @ Value::FunctionConstructor => self.call_result(&callee, &new.arguments, depth),
            Value::Class(class) => Value::Instance(class),
            // A connection. Its `send` is treated as an export of a module of this name.
            value if is_websocket(&value) => module("connection"),
            Value::Global("URL") => self.argument(&new.arguments, 0, depth),
            Value::Global(_) | Value::Export(..) => Value::Unknown,
            value if value.is_module("module") => global("module"),
            _ => Value::Unknown,
        }
    }

    fn method_call(
        &self,
        member: &'a MemberExpression<'a>,
        arguments: &'a [Argument<'a>],
        depth: u32,
    ) -> Value<'a> {
        let Some(name) = self.key(member, depth) else { return Value::Unknown };
        let object = self.eval(member.object(), depth);
        match (&object, &*name) {
            (Value::String(subject), _) => {
                let values = self.arguments(arguments, depth);
                return const_fold::string_method(subject, &name, &values);
            }
            (Value::Strings(subject), _) => {
                let values = self.arguments(arguments, depth);
                return const_fold::array_method(subject, &name, &values);
            }
            (Value::Array(list), _) => {
                let values = self.arguments(arguments, depth);
                return self.strings(list, depth).map_or(Value::Unknown, |texts| {
                    const_fold::array_method(&texts, &name, &values)
                });
            }
            (value, "bind") if value.is_relevant() => return Value::Wrapper(Rc::new(object)),
            (value, "call") if value.is_relevant() => {
                return self.call_result(value, arguments.get(1..).unwrap_or_default(), depth);
            }
            (value, "apply") if value.is_relevant() => {
                return self.apply(value, arguments.get(1), depth);
            }
            (Value::Global(builtin), _) => {
                if let Some(value) = self.builtin_method(builtin, &name, arguments, depth) {
                    return value;
                }
            }
            (Value::Module(library), "create" | "extend")
                if matches!(&**library, "axios" | "got") =>
            {
                return object;
            }
            (Value::Module(_), "then" | "catch" | "finally") => return Value::Unknown,
            _ => {}
        }
        let callee = self.member_of(&object, &name, depth);
        self.call_result(&callee, arguments, depth)
    }

    /// Methods of built-in objects.
    fn builtin_method(
        &self,
        object: &str,
        name: &str,
        arguments: &'a [Argument<'a>],
        depth: u32,
    ) -> Option<Value<'a>> {
        let first = || self.argument(arguments, 0, depth);
        Some(match (object, name) {
            ("String", "fromCharCode" | "fromCodePoint") => {
                const_fold::characters(&self.arguments(arguments, depth))
            }
            ("Buffer", "from") => {
                let encoding = self.argument(arguments, 1, depth);
                match first() {
                    Value::String(encoded) => const_fold::buffer(&encoded, encoding.as_str()),
                    Value::Array(list) => {
                        let codes: Vec<Value<'a>> = (0..list.elements.len())
                            .map(|at| self.element(&Value::Array(list), at, depth))
                            .collect();
                        const_fold::characters(&codes)
                    }
                    _ => Value::Unknown,
                }
            }
            ("Object", "assign" | "freeze" | "seal" | "create") => (0..arguments.len())
                .fold(Value::Unknown, |value, at| {
                    prefer_relevant(value, || self.argument(arguments, at, depth))
                }),
            ("Object" | "Reflect", "getPrototypeOf") => match first() {
                Value::Function(_) => Value::NativeFunction,
                value => value,
            },
            ("Promise", "resolve") => first(),
            ("Reflect", "get") => {
                let key = self.argument(arguments, 1, depth);
                self.member_of(&first(), key.as_str()?, depth)
            }
            ("Reflect", "apply" | "construct") => {
                let list = if name == "apply" { 2 } else { 1 };
                self.apply(&first(), arguments.get(list), depth)
            }
            _ => return None,
        })
    }

    /// The result of a function for arguments in an array.
    fn apply(&self, function: &Value<'a>, list: Option<&'a Argument<'a>>, depth: u32) -> Value<'a> {
        let list = list.and_then(Argument::as_expression).map(|list| self.eval(list, depth));
        let Some(Value::Array(list)) = list else { return Value::Unknown };
        match list.elements.first().and_then(|element| element.as_expression()) {
            Some(first) if loads_modules(function) => self.load_module(first, depth),
            _ => Value::Unknown,
        }
    }

    /// The result of calling a value.
    fn call_result(
        &self,
        callee: &Value<'a>,
        arguments: &'a [Argument<'a>],
        depth: u32,
    ) -> Value<'a> {
        let first = || self.argument(arguments, 0, depth);
        match callee {
            callee if loads_modules(callee) => first().as_str().map_or(Value::Unknown, module),
            Value::Export(from, name) => match (&**from, &**name) {
                ("module", "createRequire") => global("require"),
                ("process", "binding" | "_linkedBinding") => match first().as_str() {
                    Some("spawn_sync" | "process_wrap") => module("child_process"),
                    _ => Value::Unknown,
                },
                ("util", "promisify" | "callbackify" | "deprecate") => match first() {
                    value @ Value::Unknown => value,
                    value => Value::Wrapper(Rc::new(value)),
                },
                _ => Value::Unknown,
            },
            Value::FunctionConstructor => {
                let body = arguments
                    .len()
                    .checked_sub(1)
                    .map(|last| self.argument(arguments, last, depth));
                body.as_ref().and_then(Value::as_str).map_or(Value::Irrelevant, function_returning)
            }
            Value::Returning(value) => (**value).clone(),
            Value::Global("eval") => match first() {
                Value::String(code) if is_name(&code) => global(&code),
                _ => Value::Unknown,
            },
            Value::Global(name) if const_fold::FUNCTIONS.contains(name) => {
                const_fold::global_function(name, &first())
            }
            Value::Function(callable) => self.returned(*callable, depth),
            _ => Value::Unknown,
        }
    }

    /// What a function of this file returns, by its own top-level `return`.
    fn returned(&self, callable: Callable<'a>, depth: u32) -> Value<'a> {
        let (node, value) = match callable {
            Callable::Function(function) => {
                (&function.node_id, function.body.as_deref().and_then(returned))
            }
            Callable::Arrow(arrow) => match &arrow.body {
                ArrowFunctionBody::FunctionBody(body) => (&arrow.node_id, returned(body)),
                body => (&arrow.node_id, body.as_expression()),
            },
        };
        let Some(value) = value else { return Value::Unknown };
        self.memoized_for_node(node.get(), depth, || self.eval(value, depth))
    }

    pub(super) fn argument(
        &self,
        arguments: &'a [Argument<'a>],
        at: usize,
        depth: u32,
    ) -> Value<'a> {
        match arguments.get(at) {
            Some(Argument::SpreadElement(spread)) => {
                let list = self.eval(&spread.argument, depth);
                self.element(&list, at, depth)
            }
            Some(argument) => argument
                .as_expression()
                .map_or(Value::Unknown, |argument| self.eval(argument, depth)),
            None => Value::Unknown,
        }
    }

    /// All arguments; a spread array counts with its elements.
    fn arguments(&self, arguments: &'a [Argument<'a>], depth: u32) -> Vec<Value<'a>> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match argument {
                Argument::SpreadElement(spread) => match self.eval(&spread.argument, depth) {
                    list @ Value::Array(literal) => {
                        values.extend(
                            (0..literal.elements.len()).map(|at| self.element(&list, at, depth)),
                        );
                    }
                    _ => values.push(Value::Unknown),
                },
                argument => {
                    values.extend(
                        argument.as_expression().map(|argument| self.eval(argument, depth)),
                    );
                }
            }
        }
        values
    }
}

/// The expression of a function's first top-level `return`.
fn returned<'a>(body: &'a FunctionBody<'a>) -> Option<&'a Expression<'a>> {
    body.statements.iter().find_map(|statement| match statement {
        Statement::ReturnStatement(statement) => statement.argument.as_ref(),
        _ => None,
    })
}

/// The member that is called, also through an optional chain.
pub(super) fn member_of<'a>(callee: &'a Expression<'a>) -> Option<&'a MemberExpression<'a>> {
    match callee.get_inner_expression() {
        Expression::ChainExpression(chain) => chain.expression.as_member_expression(),
        inner => inner.as_member_expression(),
    }
}

/// Whether a function loads modules as `require` does.
fn loads_modules(callee: &Value<'_>) -> bool {
    match callee {
        Value::Wrapper(inner) => loads_modules(inner),
        callee => {
            callee.is_global("require")
                || callee.export_of("process") == Some("getBuiltinModule")
                || callee.export_of("module") == Some("_load")
        }
    }
}

pub(super) fn is_websocket(value: &Value<'_>) -> bool {
    value.is_global("WebSocket")
        || value.is_module("ws")
        || matches!(value.export_of("ws"), Some("WebSocket"))
        || matches!(value.export_of("undici"), Some("WebSocket"))
}

/// The function that `Function("return …")` makes.
fn function_returning<'a>(body: &str) -> Value<'a> {
    let returned = body.trim().trim_end_matches(';').strip_prefix("return").map(str::trim);
    match returned {
        Some("this") => Value::Returning(Rc::new(global("globalThis"))),
        Some(name) if is_name(name) => Value::Returning(Rc::new(global(name))),
        Some(code) => match code.strip_prefix("this.").or_else(|| code.strip_prefix("globalThis."))
        {
            Some(name) if is_name(name) => Value::Returning(Rc::new(global(name))),
            _ => Value::Irrelevant,
        },
        None => Value::Irrelevant,
    }
}

fn is_name(code: &str) -> bool {
    !code.is_empty() && code.len() < 64 && code.bytes().all(crate::bytes::is_identifier_byte)
}
