//! `malicious.env_harvesting`: the environment is read close to where something is sent.
//!
//! Three uses of a variable are not reported, because they leak nothing: it is only tested; it is the address of a
//! request; it authenticates a request to the service that the variable is named after.

use chitin_secret_vocabulary::names::is_authentication_header;
use oxc_ast::AstKind;
use oxc_ast::ast::{BindingPattern, CallExpression, Expression, MemberExpression, PropertyKey};
use oxc_semantic::{NodeId, SymbolId};

use super::abstract_value::Value;
use super::const_fold::UNKNOWN_PART;
use super::process::EXEC_FUNCTIONS;
use super::visitor::{Visitor, argument};
use crate::rules::{ENV_HARVESTING, HARVEST_WINDOW};

/// The most uses of a variable that are followed.
const MAX_USES: usize = 24;
/// Last parts of the names of variables that hold an address.
const ADDRESSES: &[&str] =
    &["URL", "URI", "HOST", "HOSTNAME", "PORT", "ENDPOINT", "BASE", "ORIGIN"];
/// Parts of variable names that do not name a service.
const GENERIC: &[&str] = &[
    "API", "KEY", "TOKEN", "SECRET", "ACCESS", "AUTH", "BOT", "PAT", "BEARER", "PASSWORD", "USER",
    "THE", "MY", "APP",
];

/// Other functions that start a program, by their usual names.
const OTHER_STARTS: &[&str] =
    &["fork", "execa", "execAsync", "execFileAsync", "execFileP", "execP"];

/// How the value of a variable is used in one place.
#[derive(PartialEq, Eq)]
enum Use {
    Harmless,
    MayLeak,
}

impl<'a> Visitor<'_, 'a, '_> {
    pub(super) fn harvested_environment(&mut self) {
        let mut sends: Vec<usize> = self.sends.iter().map(|at| self.source.line_of(*at)).collect();
        sends.sort_unstable();
        let mut reads = std::mem::take(&mut self.environment);
        reads.sort_unstable();
        reads.dedup();
        for (at, node) in reads {
            let line = self.source.line_of(at);
            let next = sends.partition_point(|send| send + HARVEST_WINDOW < line);
            let close = sends.get(next).is_some_and(|send| *send <= line + HARVEST_WINDOW);
            if close && !self.is_harmless_read(node) {
                self.collector.add(&ENV_HARVESTING, at);
                return;
            }
        }
    }

    fn is_harmless_read(&self, environment: NodeId) -> bool {
        if self.is_passed_to_child(environment) {
            return true;
        }
        let nodes = self.evaluator.nodes();
        let parent = nodes.parent_node(environment);
        match parent.kind() {
            AstKind::StaticMemberExpression(member) => {
                self.is_harmless_use(parent.id(), &member.property.name, 0)
            }
            AstKind::ComputedMemberExpression(member) if member.object.node_id() == environment => {
                let name = self.evaluator.evaluate(&member.expression);
                name.as_str().is_some_and(|name| self.is_harmless_use(parent.id(), name, 0))
            }
            // `const { NAME } = process.env`
            AstKind::VariableDeclarator(declarator) => match &declarator.id {
                BindingPattern::ObjectPattern(names) if names.rest.is_none() => {
                    names.properties.iter().all(|property| {
                        let name = property.key.static_name();
                        let symbol = property
                            .value
                            .get_binding_identifier()
                            .and_then(|name| name.symbol_id.get());
                        match (name, symbol) {
                            (Some(name), Some(symbol)) => self.are_harmless_uses(symbol, &name, 0),
                            _ => false,
                        }
                    })
                }
                BindingPattern::BindingIdentifier(name) => {
                    // Each use of the name is checked as a read of its own.
                    name.symbol_id.get().is_some_and(|symbol| self.is_only_read_by_member(symbol))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a name for the whole environment is only used to read single variables.
    fn is_only_read_by_member(&self, symbol: SymbolId) -> bool {
        let nodes = self.evaluator.nodes();
        let mut references = self.evaluator.semantic.scoping().get_resolved_references(symbol);
        let mut any = false;
        let all = references.all(|reference| {
            any = true;
            match nodes.parent_kind(reference.node_id()) {
                AstKind::StaticMemberExpression(_) => true,
                AstKind::ComputedMemberExpression(member) => {
                    member.object.node_id() == reference.node_id()
                        && self.evaluator.evaluate(&member.expression).as_str().is_some()
                }
                _ => false,
            }
        });
        any && all
    }

    /// `spawn(program, { env: { ...process.env } })`
    fn is_passed_to_child(&self, environment: NodeId) -> bool {
        let mut below_env = false;
        for kind in self.evaluator.nodes().ancestor_kinds(environment) {
            match kind {
                AstKind::ObjectProperty(property) => {
                    below_env |= property.key.is_specific_static_name("env");
                }
                AstKind::CallExpression(call) => return below_env && is_exec_call(call),
                AstKind::ObjectExpression(_)
                | AstKind::SpreadElement(_)
                | AstKind::LogicalExpression(_)
                | AstKind::ConditionalExpression(_) => {}
                _ => return false,
            }
        }
        false
    }

    fn are_harmless_uses(&self, symbol: SymbolId, name: &str, depth: usize) -> bool {
        let references = self.evaluator.semantic.scoping().get_resolved_references(symbol);
        let mut count = 0;
        references.into_iter().all(|reference| {
            count += 1;
            count <= MAX_USES && self.is_harmless_use(reference.node_id(), name, depth + 1)
        })
    }

    /// Follows a variable's value upwards through the tree.
    fn is_harmless_use(&self, node: NodeId, name: &str, depth: usize) -> bool {
        if depth > 3 {
            return false;
        }
        let nodes = self.evaluator.nodes();
        let mut below = node;
        loop {
            let parent = nodes.parent_node(below);
            match parent.kind() {
                AstKind::LogicalExpression(_)
                | AstKind::TSAsExpression(_)
                | AstKind::TSNonNullExpression(_) => below = parent.id(),
                AstKind::ConditionalExpression(choice) if choice.test.node_id() != below => {
                    below = parent.id();
                }
                AstKind::VariableDeclarator(declarator) => {
                    let symbol = declarator
                        .id
                        .get_binding_identifier()
                        .and_then(|name| name.symbol_id.get());
                    return symbol
                        .is_some_and(|symbol| self.are_harmless_uses(symbol, name, depth));
                }
                kind => return self.final_use(kind, below, name) == Use::Harmless,
            }
        }
    }

    /// How the expression or statement that receives a value uses it.
    fn final_use(&self, kind: AstKind<'a>, value: NodeId, name: &str) -> Use {
        let harmless = match kind {
            AstKind::IfStatement(_)
            | AstKind::ConditionalExpression(_)
            | AstKind::UnaryExpression(_) => true,
            AstKind::BinaryExpression(binary) if binary.operator.is_equality() => true,
            AstKind::BinaryExpression(sum) => {
                (sum.left.node_id() == value && self.is_address(value, name))
                    || self.authenticates(value, name)
            }
            AstKind::TemplateLiteral(template) => {
                let leads =
                    template.expressions.first().is_some_and(|first| first.node_id() == value)
                        && template.quasis.first().is_some_and(|quasi| quasi.value.raw.is_empty());
                (leads && self.is_address(value, name)) || self.authenticates(value, name)
            }
            AstKind::CallExpression(_) => self.is_address(value, name),
            AstKind::ObjectProperty(_) => self.authenticates(value, name),
            _ => false,
        };
        if harmless { Use::Harmless } else { Use::MayLeak }
    }

    /// Whether a variable that is named after an address starts the address of a request.
    fn is_address(&self, value: NodeId, name: &str) -> bool {
        let named = name.rsplit('_').next().is_some_and(|last| ADDRESSES.contains(&last));
        named
            && self.evaluator.nodes().ancestors(value).take(3).any(|ancestor| {
                match ancestor.kind() {
                    AstKind::CallExpression(call) => {
                        let within = argument(&call.arguments, 0).map(Expression::node_id);
                        let path = std::iter::once(value)
                            .chain(self.evaluator.nodes().ancestor_ids(value).take(3));
                        within.is_some_and(|first| path.into_iter().any(|node| node == first))
                    }
                    AstKind::VariableDeclarator(_) => true,
                    _ => false,
                }
            })
    }

    /// Whether a value is in an authenticating header of a request to the service that its variable names.
    fn authenticates(&self, value: NodeId, name: &str) -> bool {
        let mut header = false;
        for kind in self.evaluator.nodes().ancestor_kinds(value) {
            match kind {
                AstKind::ObjectProperty(property) => {
                    header |= property
                        .key
                        .static_name()
                        .is_some_and(|key| is_authentication_header(&key));
                    if !header && !is_header_list(&property.key) {
                        return false;
                    }
                }
                AstKind::CallExpression(call) => {
                    return header && self.is_service_of(call, name);
                }
                AstKind::ObjectExpression(_)
                | AstKind::TemplateLiteral(_)
                | AstKind::BinaryExpression(_) => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether a request goes to a host whose second-level name is a part of the variable's name.
    fn is_service_of(&self, call: &'a CallExpression<'a>, variable: &str) -> bool {
        let address = argument(&call.arguments, 0).map(|address| self.evaluator.evaluate(address));
        let Some(host) = address.as_ref().and_then(Value::as_str).and_then(host_of) else {
            return false;
        };
        let mut labels = host.rsplit('.').skip(1);
        labels.next().is_some_and(|service| {
            variable.split('_').any(|part| {
                part.len() >= 3 && !GENERIC.contains(&part) && part.eq_ignore_ascii_case(service)
            })
        })
    }
}

/// The host of an `https` URL, if it is constant.
fn host_of(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.contains([UNKNOWN_PART, '@', ':'])).then_some(host)
}

fn is_header_list(key: &PropertyKey<'_>) -> bool {
    key.is_specific_static_name("headers")
}

fn is_exec_call(call: &CallExpression<'_>) -> bool {
    let name = match &call.callee {
        Expression::Identifier(name) => Some(name.name.as_str()),
        callee => callee.as_member_expression().and_then(MemberExpression::static_property_name),
    };
    name.is_some_and(|name| EXEC_FUNCTIONS.contains(&name) || OTHER_STARTS.contains(&name))
}
