//! Abstract values: what an expression may be at run time, as far as the rules care, and the members of such a value.
//! How an expression gets its value is decided in `abstract_eval`.

use std::rc::Rc;

use oxc_ast::ast::{ArrayExpression, ArrowFunctionExpression, Class, Function, ObjectExpression};

/// What an expression may be at run time.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Unknown,
    /// A value that is known to be of no interest to any rule.
    Irrelevant,
    String(Rc<str>),
    Number(f64),
    /// A computed array of strings.
    Strings(Rc<[Rc<str>]>),
    Array(&'a ArrayExpression<'a>),
    Object(&'a ObjectExpression<'a>),
    Function(Callable<'a>),
    Class(&'a Class<'a>),
    /// An instance of a class in this file.
    Instance(&'a Class<'a>),
    /// A built-in method: `"".link`, `[].filter`.
    NativeFunction,
    /// The `constructor` of something that is not a function.
    ObjectConstructor,
    /// `Function`, `AsyncFunction` and `GeneratorFunction`.
    FunctionConstructor,
    /// A member of the global object.
    Global(&'static str),
    Module(Rc<str>),
    /// A module's name and the name of one of its exports.
    Export(Rc<str>, Rc<str>),
    /// `process.env`
    Environment,
    /// A function that calls another one: bound, or promisified.
    Wrapper(Rc<Value<'a>>),
    /// A function that returns this value.
    Returning(Rc<Value<'a>>),
}

/// A function that is defined in this file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Callable<'a> {
    Function(&'a Function<'a>),
    Arrow(&'a ArrowFunctionExpression<'a>),
}

/// Names for the global object itself.
const GLOBAL_OBJECTS: &[&str] = &["globalThis", "global", "window", "self", "frames"];
/// Other globals that matter to a rule or to constant folding.
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
/// Globals that are functions, so their `constructor` is `Function`.
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

pub(super) fn string<'a>(string: &str) -> Value<'a> {
    Value::String(Rc::from(string))
}

/// A module by its name, without `node:` and `/promises`.
pub(super) fn module<'a>(name: &str) -> Value<'a> {
    let name = name.strip_prefix("node:").unwrap_or(name);
    let name = name.strip_suffix("/promises").unwrap_or(name);
    Value::Module(Rc::from(name))
}

/// The value of a name that the file does not declare.
pub(super) fn global<'a>(name: &str) -> Value<'a> {
    match name {
        name if GLOBAL_OBJECTS.contains(&name) => Value::Global("globalThis"),
        "Function" | "AsyncFunction" | "GeneratorFunction" => Value::FunctionConstructor,
        "process" => Value::Module(Rc::from("process")),
        "undefined" | "NaN" | "Infinity" => Value::Irrelevant,
        name => GLOBALS
            .iter()
            .chain(GLOBAL_FUNCTIONS)
            .find(|known| **known == name)
            .map_or(Value::Unknown, |known| Value::Global(known)),
    }
}

impl<'a> Value<'a> {
    /// Whether a rule may care about the value. Such a value is preferred where a name may have several.
    pub(super) fn is_relevant(&self) -> bool {
        self.relevance() >= 2
    }

    /// How much the value matters to the rules, from 0 to 3.
    pub(super) fn relevance(&self) -> u8 {
        match self {
            Value::Unknown => 0,
            Value::FunctionConstructor | Value::Global("eval" | "require") => 3,
            Value::Module(name) | Value::Export(name, _) if is_sink(name) => 3,
            Value::Module(_)
            | Value::Export(..)
            | Value::Environment
            | Value::Global("globalThis" | "module" | "Reflect") => 2,
            Value::Returning(value) | Value::Wrapper(value) => value.relevance().max(2),
            _ => 1,
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_global(&self, name: &str) -> bool {
        matches!(self, Value::Global(global) if *global == name)
    }

    pub(super) fn is_module(&self, name: &str) -> bool {
        matches!(self, Value::Module(module) if &**module == name)
    }

    /// The name of the export, if the value is an export of this module.
    pub(super) fn export_of(&self, module: &str) -> Option<&str> {
        match self {
            Value::Export(from, name) if &**from == module => Some(name),
            _ => None,
        }
    }

    /// Whether the value is certainly a function.
    fn is_function(&self) -> bool {
        match self {
            Value::Function(_)
            | Value::Class(_)
            | Value::NativeFunction
            | Value::Export(..)
            | Value::FunctionConstructor
            | Value::Wrapper(_)
            | Value::Returning(_)
            | Value::ObjectConstructor => true,
            Value::Global(name) => GLOBAL_FUNCTIONS.contains(name),
            _ => false,
        }
    }

    /// A member, where the value alone decides what it is.
    pub(super) fn member(&self, name: &str) -> Value<'a> {
        if name == "constructor" {
            return match self {
                Value::Global("module") => module("module"),
                value if value.is_function() => Value::FunctionConstructor,
                _ => Value::ObjectConstructor,
            };
        }
        if matches!(name, "__proto__" | "prototype") && self.is_function() {
            return Value::NativeFunction;
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
            Value::String(text) if name == "length" =>
            {
                #[allow(clippy::cast_precision_loss)]
                Value::Number(text.encode_utf16().count() as f64)
            }
            Value::String(_) | Value::Strings(_) | Value::Array(_) | Value::Number(_) => {
                Value::NativeFunction
            }
            _ => Value::Unknown,
        }
    }
}

/// Whether using a module's functions is a finding in itself.
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
