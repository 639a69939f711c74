//! What sends over the network, and `suspicious.nonstandard_network`.

use oxc_ast::ast::{CallExpression, Expression, MemberExpression, NewExpression};

use super::calling::is_websocket;
use super::folding::HOLE;
use super::value::Value;
use super::walk::{Target, Walk, argument};
use crate::rules::NONSTANDARD_NETWORK;

/// Ports that a WebSocket may well use.
const USUAL_PORTS: &[&str] = &["80", "443", "8080", "8443", "3000"];
/// Modules that are called, or whose verbs are called, to send.
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
/// Makers of web servers: `post` on what they make declares a route.
const SERVERS: &[&str] =
    &["express", "fastify", "koa", "hono", "polka", "restify", "koa-router", "@koa/router"];

impl<'a> Walk<'_, 'a, '_> {
    pub(super) fn network_call(&mut self, target: &Target<'a>, call: &'a CallExpression<'a>) {
        if self.sends(target, call) {
            let at = self.offset(target.at);
            self.sends.push(at);
        }
    }

    fn sends(&self, target: &Target<'a>, call: &'a CallExpression<'a>) -> bool {
        let function = target.function();
        if matches!(function, Value::Function(_) | Value::Class(_) | Value::Plain) {
            return false;
        }
        if self.library_sends(function, call) {
            return true;
        }
        let Some(name) = target.name.as_deref() else { return false };
        let fetches = name.eq_ignore_ascii_case("fetch");
        let posts = name.eq_ignore_ascii_case("post");
        match target.member {
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

    /// Whether the address of a request is put together at run time, and so may carry something out.
    fn carries_data(&self, call: &'a CallExpression<'a>) -> bool {
        argument(&call.arguments, 0).is_some_and(|address| {
            self.program.resolve(address).as_text().is_some_and(|text| text.contains(HOLE))
        })
    }

    /// `app.post("/path", handler)` declares what a server answers, and sends nothing.
    fn is_route(&self, member: &'a MemberExpression<'a>, call: &'a CallExpression<'a>) -> bool {
        let path = argument(&call.arguments, 0).map(|path| self.program.resolve(path));
        if !path.as_ref().and_then(Value::as_text).is_some_and(|path| path.starts_with('/')) {
            return false;
        }
        let handler = call.arguments.last().and_then(|last| last.as_expression());
        handler.is_some_and(|handler| {
            matches!(self.program.resolve(handler), Value::Function(_)) || handler.is_function()
        }) || self.is_server(member.object())
    }

    fn is_server(&self, object: &'a Expression<'a>) -> bool {
        let Expression::Identifier(name) = object.get_inner_expression() else { return false };
        let Some(symbol) = self.program.symbol_of(name) else { return false };
        let declaration = self.program.semantic.symbol_declaration(symbol).kind();
        let oxc_ast::AstKind::VariableDeclarator(declarator) = declaration else { return false };
        let callee = match declarator.init.as_ref().map(Expression::get_inner_expression) {
            Some(Expression::CallExpression(call)) => self.program.resolve(&call.callee),
            Some(Expression::NewExpression(new)) => self.program.resolve(&new.callee),
            _ => return false,
        };
        match callee {
            Value::Module(library) | Value::Export(library, _) => SERVERS.contains(&&*library),
            _ => false,
        }
    }

    pub(super) fn network_construction(&mut self, target: &Target<'a>, new: &'a NewExpression<'a>) {
        if target.value.is_global("XMLHttpRequest") {
            let at = self.offset(new.span.start);
            self.sends.push(at);
        }
        let named = target.member.is_none() && target.name.as_deref() == Some("WebSocket");
        if !named && !is_websocket(&target.value) {
            return;
        }
        let address = argument(&new.arguments, 0).map(|address| self.program.resolve(address));
        if address.as_ref().and_then(Value::as_text).is_some_and(has_unusual_port) {
            self.hit(&NONSTANDARD_NETWORK, new.span.start);
        }
    }
}

fn is_named(object: &Expression<'_>, name: &str) -> bool {
    matches!(object.get_inner_expression(), Expression::Identifier(object) if object.name.eq_ignore_ascii_case(name))
}

/// The last `:` before digits gives the port.
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
