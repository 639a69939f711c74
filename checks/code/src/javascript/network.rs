//! Calls that send over the network, and `suspicious.nonstandard_network`.

use oxc_ast::ast::{CallExpression, Expression, MemberExpression, NewExpression};

use super::abstract_value::Value;
use super::calls::is_websocket;
use super::const_fold::UNKNOWN_PART;
use super::visitor::{Callee, Visitor, argument};
use crate::rules::NONSTANDARD_NETWORK;

/// Common ports of servers.
const USUAL_PORTS: &[&str] = &["80", "443", "8080", "8443", "3000"];
/// HTTP clients. Calling the module or one of its verbs sends.
const CLIENTS: &[&str] = &[
    "axios",
    "node-fetch",
    "got",
    "ky",
    "superagent",
    "needle",
    "request",
    "undici",
    "cross-fetch",
    "phin",
    "bent",
    "isomorphic-fetch",
    "request-promise",
    "request-promise-native",
];
const SENDING_VERBS: &[&str] = &["post", "put", "patch", "request", "fetch", "stream", "default"];
/// Web frameworks. `post` on a server of theirs declares a route.
const SERVERS: &[&str] =
    &["express", "fastify", "koa", "hono", "polka", "restify", "koa-router", "@koa/router"];

impl<'a> Visitor<'_, 'a, '_> {
    pub(super) fn network_call(&mut self, callee: &Callee<'a>, call: &'a CallExpression<'a>) {
        if self.sends(callee, call) {
            let at = self.offset(callee.at);
            self.sends.push(at);
        }
    }

    fn sends(&self, callee: &Callee<'a>, call: &'a CallExpression<'a>) -> bool {
        let function = callee.function();
        if matches!(function, Value::Function(_) | Value::Class(_) | Value::Irrelevant) {
            return false;
        }
        if self.library_sends(function, call) {
            return true;
        }
        let Some(name) = callee.name.as_deref() else { return false };
        let fetches = name.eq_ignore_ascii_case("fetch");
        let posts = name.eq_ignore_ascii_case("post");
        match callee.member {
            None => fetches || posts,
            Some(member) => {
                fetches
                    || (posts && !self.is_route(member, call))
                    || (name.eq_ignore_ascii_case("request") && is_named(member.object(), "http"))
                    || name == "sendBeacon"
                    || (name == "ajax"
                        && (is_named(member.object(), "$") || is_named(member.object(), "jQuery")))
            }
        }
    }

    fn library_sends(&self, function: &Value<'a>, call: &'a CallExpression<'a>) -> bool {
        match function {
            Value::Global(name) => *name == "fetch",
            Value::Module(library) => CLIENTS.contains(&&**library),
            Value::Export(library, name) => match (&**library, &**name) {
                ("http" | "https" | "http2", "request")
                | ("net" | "tls" | "http2", "connect")
                | ("net" | "tls", "createConnection")
                | ("connection", "send") => true,
                ("http" | "https" | "axios" | "got" | "needle" | "superagent", "get")
                | ("dns", "lookup" | "resolve" | "resolve4" | "resolveTxt") => {
                    self.carries_data(call)
                }
                (library, verb) => CLIENTS.contains(&library) && SENDING_VERBS.contains(&verb),
            },
            _ => false,
        }
    }

    /// Whether the address of a request is built at run time, so it can carry data out.
    fn carries_data(&self, call: &'a CallExpression<'a>) -> bool {
        argument(&call.arguments, 0).is_some_and(|address| {
            self.evaluator
                .evaluate(address)
                .as_str()
                .is_some_and(|text| text.contains(UNKNOWN_PART))
        })
    }

    /// `app.post("/path", handler)` declares a route and sends nothing.
    fn is_route(&self, member: &'a MemberExpression<'a>, call: &'a CallExpression<'a>) -> bool {
        let path = argument(&call.arguments, 0).map(|path| self.evaluator.evaluate(path));
        if !path.as_ref().and_then(Value::as_str).is_some_and(|path| path.starts_with('/')) {
            return false;
        }
        let handler = call.arguments.last().and_then(|last| last.as_expression());
        handler.is_some_and(|handler| {
            matches!(self.evaluator.evaluate(handler), Value::Function(_)) || handler.is_function()
        }) || self.is_server(member.object())
    }

    fn is_server(&self, object: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = object.get_inner_expression() else { return false };
        let Some(symbol) = self.evaluator.symbol_of(name) else { return false };
        let declaration = self.evaluator.semantic.symbol_declaration(symbol).kind();
        let oxc_ast::AstKind::VariableDeclarator(declarator) = declaration else { return false };
        let callee = match declarator.init.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::CallExpression(call)) => self.evaluator.evaluate(&call.callee),
            Some(Expression::NewExpression(new)) => self.evaluator.evaluate(&new.callee),
            _ => return false,
        };
        match callee {
            Value::Module(library) | Value::Export(library, _) => SERVERS.contains(&&*library),
            _ => false,
        }
    }

    pub(super) fn network_construction(&mut self, callee: &Callee<'a>, new: &'a NewExpression<'a>) {
        if callee.value.is_global("XMLHttpRequest") {
            let at = self.offset(new.span.start);
            self.sends.push(at);
        }
        let named = callee.member.is_none() && callee.name.as_deref() == Some("WebSocket");
        if !named && !is_websocket(&callee.value) {
            return;
        }
        let address = argument(&new.arguments, 0).map(|address| self.evaluator.evaluate(address));
        if address.as_ref().and_then(Value::as_str).is_some_and(has_unusual_port) {
            self.report(&NONSTANDARD_NETWORK, new.span.start);
        }
    }
}

fn is_named(object: &Expression<'_>, name: &str) -> bool {
    matches!(object.get_inner_expression(), Expression::Identifier(object) if object.name.eq_ignore_ascii_case(name))
}

/// The port follows the last `:` that has digits behind it.
pub(super) fn has_unusual_port(address: &str) -> bool {
    if !(address.starts_with("ws://") || address.starts_with("wss://")) {
        return false;
    }
    let port = address.rmatch_indices(':').find_map(|(at, _)| {
        let rest = &address[at + 1..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        (length > 0).then(|| &rest[..length])
    });
    port.is_some_and(|port| !USUAL_PORTS.contains(&port))
}

#[cfg(test)]
mod tests {
    use super::has_unusual_port;

    #[test]
    fn ports() {
        assert!(has_unusual_port("ws://h:9999"));
        assert!(has_unusual_port("ws://h:8080/a:1234"));
        assert!(!has_unusual_port("wss://h:8443/x"));
        assert!(!has_unusual_port("wss://h/x"));
        assert!(!has_unusual_port("https://h:9999"));
    }
}
