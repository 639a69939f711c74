//! What calls give: loaded modules, bound functions, texts that are put together.

use std::rc::Rc;

use oxc_ast::ast::{
    Argument, ArrowFunctionBody, CallExpression, Expression, FunctionBody, MemberExpression,
    NewExpression, Statement,
};

use super::folding;
use super::program::{Program, either};
use super::value::{Callable, Value, global, module};

impl<'a> Program<'_, 'a> {
    pub(super) fn call(&self, call: &'a CallExpression<'a>, depth: u32) -> Value<'a> {
        self.once_for_node(call.node_id.get(), depth, || self.call_afresh(call, depth))
    }

    fn call_afresh(&self, call: &'a CallExpression<'a>, depth: u32) -> Value<'a> {
        if let Some(member) = member_of(&call.callee) {
            return self.method_call(member, &call.arguments, depth);
        }
        let callee = self.at(&call.callee, depth);
        self.result(&callee, &call.arguments, depth)
    }

    pub(super) fn construct(&self, new: &'a NewExpression<'a>, depth: u32) -> Value<'a> {
        match self.at(&new.callee, depth) {
            callee @ Value::FunctionConstructor => self.result(&callee, &new.arguments, depth),
            Value::Class(class) => Value::Instance(class),
            // Connections: what they are asked to send is asked of a module of that name.
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
        let object = self.at(member.object(), depth);
        match (&object, &*name) {
            (Value::Text(subject), _) => {
                let values = self.arguments(arguments, depth);
                return folding::text_method(subject, &name, &values);
            }
            (Value::Texts(subject), _) => {
                let values = self.arguments(arguments, depth);
                return folding::list_method(subject, &name, &values);
            }
            (Value::List(list), _) => {
                let values = self.arguments(arguments, depth);
                return self
                    .texts(list, depth)
                    .map_or(Value::Unknown, |texts| folding::list_method(&texts, &name, &values));
            }
            (value, "bind") if value.is_telling() => return Value::Wrapped(Rc::new(object)),
            (value, "call") if value.is_telling() => {
                return self.result(value, arguments.get(1..).unwrap_or_default(), depth);
            }
            (value, "apply") if value.is_telling() => {
                return self.applied(value, arguments.get(1), depth);
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
        self.result(&callee, arguments, depth)
    }

    /// Methods of the language's own objects.
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
                folding::characters(&self.arguments(arguments, depth))
            }
            ("Buffer", "from") => {
                let encoding = self.argument(arguments, 1, depth);
                match first() {
                    Value::Text(encoded) => folding::buffer(&encoded, encoding.as_text()),
                    Value::List(list) => {
                        let codes: Vec<Value<'a>> = (0..list.elements.len())
                            .map(|at| self.element(&Value::List(list), at, depth))
                            .collect();
                        folding::characters(&codes)
                    }
                    _ => Value::Unknown,
                }
            }
            ("Object", "assign" | "freeze" | "seal" | "create") => (0..arguments.len())
                .fold(Value::Unknown, |value, at| {
                    either(value, || self.argument(arguments, at, depth))
                }),
            ("Object" | "Reflect", "getPrototypeOf") => match first() {
                Value::Function(_) => Value::Native,
                value => value,
            },
            ("Promise", "resolve") => first(),
            ("Reflect", "get") => {
                let key = self.argument(arguments, 1, depth);
                self.member_of(&first(), key.as_text()?, depth)
            }
            ("Reflect", "apply" | "construct") => {
                let list = if name == "apply" { 2 } else { 1 };
                self.applied(&first(), arguments.get(list), depth)
            }
            _ => return None,
        })
    }

    /// What a function gives for arguments in a list.
    fn applied(
        &self,
        function: &Value<'a>,
        list: Option<&'a Argument<'a>>,
        depth: u32,
    ) -> Value<'a> {
        let list = list.and_then(Argument::as_expression).map(|list| self.at(list, depth));
        let Some(Value::List(list)) = list else { return Value::Unknown };
        match list.elements.first().and_then(|element| element.as_expression()) {
            Some(first) if loads_modules(function) => self.loaded(first, depth),
            _ => Value::Unknown,
        }
    }

    /// What calling a value gives.
    fn result(&self, callee: &Value<'a>, arguments: &'a [Argument<'a>], depth: u32) -> Value<'a> {
        let first = || self.argument(arguments, 0, depth);
        match callee {
            callee if loads_modules(callee) => first().as_text().map_or(Value::Unknown, module),
            Value::Export(from, name) => match (&**from, &**name) {
                ("module", "createRequire") => global("require"),
                ("process", "binding" | "_linkedBinding") => match first().as_text() {
                    Some("spawn_sync" | "process_wrap") => module("child_process"),
                    _ => Value::Unknown,
                },
                ("util", "promisify" | "callbackify" | "deprecate") => match first() {
                    value @ Value::Unknown => value,
                    value => Value::Wrapped(Rc::new(value)),
                },
                _ => Value::Unknown,
            },
            Value::FunctionConstructor => {
                let body = arguments
                    .len()
                    .checked_sub(1)
                    .map(|last| self.argument(arguments, last, depth));
                body.as_ref().and_then(Value::as_text).map_or(Value::Plain, returning)
            }
            Value::Returning(value) => (**value).clone(),
            Value::Global("eval") => match first() {
                Value::Text(code) if is_name(&code) => global(&code),
                _ => Value::Unknown,
            },
            Value::Global(name) if folding::FUNCTIONS.contains(name) => {
                folding::global_function(name, &first())
            }
            Value::Function(callable) => self.returned(*callable, depth),
            _ => Value::Unknown,
        }
    }

    /// What a function of this file returns, as far as its own statements tell.
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
        self.once_for_node(node.get(), depth, || self.at(value, depth))
    }

    pub(super) fn argument(
        &self,
        arguments: &'a [Argument<'a>],
        at: usize,
        depth: u32,
    ) -> Value<'a> {
        match arguments.get(at) {
            Some(Argument::SpreadElement(spread)) => {
                let list = self.at(&spread.argument, depth);
                self.element(&list, at, depth)
            }
            Some(argument) => {
                argument.as_expression().map_or(Value::Unknown, |argument| self.at(argument, depth))
            }
            None => Value::Unknown,
        }
    }

    /// Every argument, a list that is spread by its elements.
    fn arguments(&self, arguments: &'a [Argument<'a>], depth: u32) -> Vec<Value<'a>> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match argument {
                Argument::SpreadElement(spread) => match self.at(&spread.argument, depth) {
                    list @ Value::List(literal) => {
                        values.extend(
                            (0..literal.elements.len()).map(|at| self.element(&list, at, depth)),
                        );
                    }
                    _ => values.push(Value::Unknown),
                },
                argument => {
                    values
                        .extend(argument.as_expression().map(|argument| self.at(argument, depth)));
                }
            }
        }
        values
    }
}

/// What a function's first statement of that kind returns.
fn returned<'a>(body: &'a FunctionBody<'a>) -> Option<&'a Expression<'a>> {
    body.statements.iter().find_map(|statement| match statement {
        Statement::ReturnStatement(statement) => statement.argument.as_ref(),
        _ => None,
    })
}

/// The member that is called, through an optional chain too.
pub(super) fn member_of<'a>(callee: &'a Expression<'a>) -> Option<&'a MemberExpression<'a>> {
    match callee.get_inner_expression() {
        Expression::ChainExpression(chain) => chain.expression.as_member_expression(),
        inner => inner.as_member_expression(),
    }
}

/// `require` and everything that does the same.
fn loads_modules(callee: &Value<'_>) -> bool {
    match callee {
        Value::Wrapped(inner) => loads_modules(inner),
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
fn returning<'a>(body: &str) -> Value<'a> {
    let returned = body.trim().trim_end_matches(';').strip_prefix("return").map(str::trim);
    match returned {
        Some("this") => Value::Returning(Rc::new(global("globalThis"))),
        Some(name) if is_name(name) => Value::Returning(Rc::new(global(name))),
        Some(code) => match code.strip_prefix("this.").or_else(|| code.strip_prefix("globalThis."))
        {
            Some(name) if is_name(name) => Value::Returning(Rc::new(global(name))),
            _ => Value::Plain,
        },
        None => Value::Plain,
    }
}

fn is_name(code: &str) -> bool {
    !code.is_empty() && code.len() < 64 && code.bytes().all(crate::text::is_identifier)
}
