//! What an expression may stand for, as far as the rules care, and what the members of such a value are.

use std::rc::Rc;

use oxc_ast::ast::{ArrayExpression, ArrowFunctionExpression, Class, Function, ObjectExpression};

/// What an expression may be at run time.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Unknown,
    /// Something that the language or this file makes, and that no rule asks about.
    Plain,
    Text(Rc<str>),
    Number(f64),
    /// Texts of a list that was computed.
    Texts(Rc<[Rc<str>]>),
    List(&'a ArrayExpression<'a>),
    Object(&'a ObjectExpression<'a>),
    Function(Callable<'a>),
    Class(&'a Class<'a>),
    /// An object made of a class of this file.
    Instance(&'a Class<'a>),
    /// A function of the language: `"".link`, `[].filter`.
    Native,
    /// What `constructor` is of something that is no function.
    Constructor,
    /// `Function` and its relatives.
    FunctionConstructor,
    /// A name of the global object.
    Global(&'static str),
    Module(Rc<str>),
    /// Something a module exports.
    Export(Rc<str>, Rc<str>),
    /// `process.env`
    Environment,
    /// A function that calls another one: bound, or made to return a promise.
    Wrapped(Rc<Value<'a>>),
    /// A function that returns a value.
    Returning(Rc<Value<'a>>),
}

/// A function written in this file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Callable<'a> {
    Function(&'a Function<'a>),
    Arrow(&'a ArrowFunctionExpression<'a>),
}

/// Names of the global object itself.
const GLOBAL_OBJECTS: &[&str] = &["globalThis", "global", "window", "self", "frames"];
/// Other globals that a rule or the putting together of texts asks about.
const GLOBALS: &[&str] = &[
    "module",
    "Reflect",
    "URL",
    "WebSocket",
    "Worker",
    "XMLHttpRequest",
    "decodeURIComponent",
    "decodeURI",
];
/// Globals that are functions, so that their `constructor` is `Function`.
const GLOBAL_FUNCTIONS: &[&str] = &[
    "eval",
    "require",
    "fetch",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "Object",
    "Array",
    "String",
    "Number",
    "Boolean",
    "Symbol",
    "Date",
    "Promise",
    "RegExp",
    "Error",
    "Map",
    "Set",
    "Proxy",
    "Buffer",
    "parseInt",
    "parseFloat",
    "isNaN",
    "atob",
    "btoa",
    "escape",
    "unescape",
];

pub(super) fn text<'a>(text: &str) -> Value<'a> {
    Value::Text(Rc::from(text))
}

/// The module's name without what may stand around it.
pub(super) fn module<'a>(name: &str) -> Value<'a> {
    let name = name.strip_prefix("node:").unwrap_or(name);
    let name = name.strip_suffix("/promises").unwrap_or(name);
    Value::Module(Rc::from(name))
}

/// A name that nothing in the file declares.
pub(super) fn global<'a>(name: &str) -> Value<'a> {
    match name {
        name if GLOBAL_OBJECTS.contains(&name) => Value::Global("globalThis"),
        "Function" | "AsyncFunction" | "GeneratorFunction" => Value::FunctionConstructor,
        "process" => Value::Module(Rc::from("process")),
        "undefined" | "NaN" | "Infinity" => Value::Plain,
        name => GLOBALS
            .iter()
            .chain(GLOBAL_FUNCTIONS)
            .find(|known| **known == name)
            .map_or(Value::Unknown, |known| Value::Global(known)),
    }
}

impl<'a> Value<'a> {
    /// Whether a rule may ask about the value, so that it is preferred where a name may stand for several.
    pub(super) fn is_telling(&self) -> bool {
        self.rank() >= 2
    }

    /// How much a rule would want to know of the value.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Value::Unknown => 0,
            Value::FunctionConstructor | Value::Global("eval" | "require") => 3,
            Value::Module(name) | Value::Export(name, _) if is_sink(name) => 3,
            Value::Module(_)
            | Value::Export(..)
            | Value::Environment
            | Value::Global("globalThis" | "module" | "Reflect") => 2,
            Value::Returning(value) | Value::Wrapped(value) => value.rank().max(2),
            _ => 1,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_global(&self, name: &str) -> bool {
        matches!(self, Value::Global(global) if *global == name)
    }

    pub(super) fn is_module(&self, name: &str) -> bool {
        matches!(self, Value::Module(module) if &**module == name)
    }

    /// The name of an export of a module.
    pub(super) fn export_of(&self, module: &str) -> Option<&str> {
        match self {
            Value::Export(from, name) if &**from == module => Some(name),
            _ => None,
        }
    }

    /// Whether it is a function whatever else it is.
    fn is_function(&self) -> bool {
        match self {
            Value::Function(_)
            | Value::Class(_)
            | Value::Native
            | Value::Export(..)
            | Value::FunctionConstructor
            | Value::Wrapped(_)
            | Value::Returning(_)
            | Value::Constructor => true,
            Value::Global(name) => GLOBAL_FUNCTIONS.contains(name),
            _ => false,
        }
    }

    /// A member, where the kind of the value alone tells what it is.
    pub(super) fn member(&self, name: &str) -> Value<'a> {
        if name == "constructor" {
            return match self {
                Value::Global("module") => module("module"),
                value if value.is_function() => Value::FunctionConstructor,
                _ => Value::Constructor,
            };
        }
        if matches!(name, "__proto__" | "prototype") && self.is_function() {
            return Value::Native;
        }
        match self {
            Value::Module(from) => export(from, name),
            Value::Global("globalThis") => global(name),
            Value::Global("module") => match name {
                "require" => global("require"),
                "_load" => Value::Export(Rc::from("module"), Rc::from("_load")),
                _ => Value::Unknown,
            },
            Value::Global("require") if name == "main" => global("module"),
            Value::Text(text) if name == "length" =>
            {
                #[allow(clippy::cast_precision_loss)]
                Value::Number(text.encode_utf16().count() as f64)
            }
            Value::Text(_) | Value::Texts(_) | Value::List(_) | Value::Number(_) => Value::Native,
            _ => Value::Unknown,
        }
    }
}

/// Modules whose functions are findings by themselves.
fn is_sink(module: &str) -> bool {
    matches!(module, "child_process" | "vm" | "module")
}

fn export<'a>(from: &Rc<str>, name: &str) -> Value<'a> {
    match (&**from, name) {
        (_, "default") | ("fs", "promises") | ("module", "Module") | ("process", "process") => {
            Value::Module(from.clone())
        }
        ("process", "env") => Value::Environment,
        ("process", "mainModule") => global("module"),
        ("buffer", "Buffer") => global("Buffer"),
        ("timers", timer) => global(timer),
        _ => Value::Export(from.clone(), Rc::from(name)),
    }
}
