//! One walk over a parsed program: what each place of it gives, and what is decided when all of it was seen.

use std::borrow::Cow;
use std::collections::BTreeSet;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, CallExpression, ComputedMemberExpression, Expression, IdentifierReference,
    MemberExpression, NewExpression, StaticMemberExpression,
};
use oxc_semantic::{NodeId, Semantic};
use oxc_span::GetSpan;

use super::program::{Program, Slot};
use super::signals::Signals;
use super::value::Value;
use crate::hits::Hits;
use crate::rules;
use crate::source::Source;

/// This many different names of an obfuscator make a program obfuscated.
const MANGLED_NAMES: usize = 6;

/// What the rules share while they look at one program.
pub(super) struct Walk<'p, 'a, 's> {
    pub(super) program: Program<'p, 'a>,
    pub(super) source: &'s Source<'s>,
    /// Where the program begins in the source.
    pub(super) base: usize,
    pub(super) signals: Signals,
    pub(super) hits: &'s mut Hits,
    /// Whether the program has to do with `child_process` at all.
    pub(super) starts_programs: bool,
    /// Calls that start a program if this one does.
    pub(super) likely_starts: Vec<usize>,
    /// Calls that send over the network.
    pub(super) sends: Vec<usize>,
    /// Places that read files.
    pub(super) reads: Vec<usize>,
    /// Places that read the environment.
    pub(super) environment: Vec<(usize, NodeId)>,
    mangled: BTreeSet<&'a str>,
}

/// Looks at a program. What it returns is whether every name could be followed.
pub(super) fn walk(
    semantic: &Semantic<'_>,
    source: &Source<'_>,
    base: usize,
    signals: Signals,
    hits: &mut Hits,
) -> bool {
    let mut walk = Walk {
        program: Program::new(semantic),
        source,
        base,
        signals,
        hits,
        starts_programs: false,
        likely_starts: Vec::new(),
        sends: Vec::new(),
        reads: Vec::new(),
        environment: Vec::new(),
        mangled: BTreeSet::new(),
    };
    for node in semantic.nodes().iter() {
        walk.node(node.id(), node.kind());
    }
    walk.finish();
    walk.program.is_followed()
}

impl<'a> Walk<'_, 'a, '_> {
    fn node(&mut self, node: NodeId, kind: AstKind<'a>) {
        match kind {
            AstKind::CallExpression(call) => self.call(call),
            AstKind::NewExpression(new) => self.construction(new),
            // In order, so that a chain of names is never followed far.
            AstKind::VariableDeclarator(declarator) => {
                for symbol in declarator.id.get_symbol_ids() {
                    self.program.symbol(symbol, 0);
                }
            }
            AstKind::ImportSpecifier(specifier) => {
                specifier.local.symbol_id.get().map(|symbol| self.program.symbol(symbol, 0));
            }
            AstKind::FormalParameter(parameter) if parameter.initializer.is_some() => {
                for symbol in parameter.pattern.get_symbol_ids() {
                    self.program.symbol(symbol, 0);
                }
            }
            AstKind::StaticMemberExpression(member) => self.static_member(node, member),
            AstKind::ComputedMemberExpression(member) => self.computed_member(node, member),
            AstKind::IdentifierReference(name) => self.name(name),
            AstKind::StringLiteral(literal) => self.literal(node, literal),
            AstKind::TemplateLiteral(template) => self.template(node, template),
            AstKind::BinaryExpression(_) => self.sum(node, kind),
            AstKind::TaggedTemplateExpression(tagged) => self.tagged(tagged),
            AstKind::ImportExpression(import) => self.dynamic_import(import),
            AstKind::ImportDeclaration(import) => self.import(import),
            AstKind::ExportFromDeclaration(export) => {
                self.starts_programs |=
                    !export.export_kind.is_type() && is_child_process(&export.source.value);
            }
            AstKind::TSImportEqualsDeclaration(import) => {
                let symbol = import.id.symbol_id.get();
                let value = symbol.map_or(Value::Unknown, |symbol| self.program.symbol(symbol, 0));
                self.starts_programs |=
                    !import.import_kind.is_type() && value.is_module("child_process");
            }
            AstKind::JSXText(text) => self.mining_text(text.span.start, &text.value),
            AstKind::ObjectProperty(property) => self.property(property),
            AstKind::AssignmentExpression(assignment) => self.assignment(assignment),
            AstKind::BindingIdentifier(name) => self.mangled_name(&name.name),
            _ => {}
        }
    }

    fn call(&mut self, call: &'a CallExpression<'a>) {
        let target = Target::of(&self.program, &call.callee);
        self.process_call(&target, call);
        self.dynamic_call(&target, call);
        self.network_call(&target, call);
        self.decoding_call(&target, call);
    }

    fn construction(&mut self, new: &'a NewExpression<'a>) {
        let target = Target::of(&self.program, &new.callee);
        self.dynamic_construction(&target, new);
        self.network_construction(&target, new);
    }

    /// Reading a file or the environment is a matter of naming it. What is spelt out otherwise is passed over.
    fn static_member(&mut self, node: NodeId, member: &'a StaticMemberExpression<'a>) {
        let name = member.property.name.as_str();
        if matches!(name, "env" | "readFile" | "readFileSync" | "createReadStream" | "openAsBlob") {
            let object = self.program.resolve(&member.object);
            let value = self.program.member_of(&object, name, 0);
            self.named(&value, name, member.property.span.start, node);
        }
    }

    fn computed_member(&mut self, node: NodeId, member: &'a ComputedMemberExpression<'a>) {
        let key = self.program.resolve(&member.expression);
        let Some(name) = key.as_text() else { return };
        let object = self.program.resolve(&member.object);
        let value = self.program.member_of(&object, name, 0);
        self.named(&value, name, member.expression.span().start, node);
    }

    fn name(&mut self, name: &'a IdentifierReference<'a>) {
        self.mangled_name(&name.name);
        self.mining_name(name.span.start, &name.name);
        if matches!(name.name.as_str(), "readFile" | "readFileSync" | "createReadStream") {
            let value = self.program.symbol_of(name).map(|symbol| self.program.symbol(symbol, 0));
            let value = value.unwrap_or(Value::Unknown);
            self.named(&value, &name.name, name.span.start, name.node_id.get());
        }
    }

    fn mangled_name(&mut self, name: &'a str) {
        if self.signals.mangled && is_mangled(name) {
            self.mangled.insert(name);
        }
    }

    pub(super) fn hit(&mut self, rule: &'static rules::Rule, at: u32) {
        let at = self.offset(at);
        self.hits.add(rule, at);
    }

    /// Where a position of the program lies in the source.
    pub(super) fn offset(&self, at: u32) -> usize {
        self.base + usize::try_from(at).unwrap_or(usize::MAX / 2)
    }

    pub(super) fn parent(&self, node: NodeId) -> AstKind<'a> {
        self.program.nodes().parent_kind(node)
    }

    /// Decides what depends on the whole program.
    fn finish(&mut self) {
        if self.starts_programs {
            for at in std::mem::take(&mut self.likely_starts) {
                self.hits.add(&rules::DANGEROUS_EXEC, at);
            }
        }
        self.follow_names();
        self.reads.sort_unstable();
        if let (Some(read), false) = (self.reads.first(), self.sends.is_empty()) {
            self.hits.add(&rules::POTENTIAL_EXFILTRATION, *read);
        }
        self.harvested_environment();
        if self.mangled.len() >= MANGLED_NAMES {
            self.hits.add(&rules::OBFUSCATED_NAMES, self.base);
        }
    }

    /// Uses of names that stand for the environment or for a function that reads files.
    fn follow_names(&mut self) {
        let scoping = self.program.semantic.scoping();
        let slots = self.program.symbols.borrow();
        let telling =
            scoping.symbol_ids().zip(slots.iter()).filter_map(|(symbol, slot)| match slot {
                Slot::Known(value @ Value::Environment) => Some((symbol, value.clone())),
                Slot::Known(value) if value.export_of("fs").is_some_and(is_read) => {
                    Some((symbol, value.clone()))
                }
                _ => None,
            });
        let telling: Vec<_> = telling.collect();
        drop(slots);
        for (symbol, value) in telling {
            let references = scoping.get_resolved_references(symbol);
            for reference in references.filter(|reference| reference.is_read()) {
                let node = reference.node_id();
                let at = self.program.nodes().kind(node).span().start;
                self.named(&value, "", at, node);
            }
        }
    }

    /// Notes a name or a member that stands for the environment or for a function that reads files.
    fn named(&mut self, value: &Value<'a>, name: &str, at: u32, node: NodeId) {
        let at = self.offset(at);
        match value {
            Value::Environment => self.environment.push((at, node)),
            Value::Function(_) | Value::Class(_) => {}
            Value::Export(from, export) if &**from == "fs" && is_read(export) => {
                self.reads.push(at);
            }
            _ if matches!(name, "readFile" | "readFileSync") => self.reads.push(at),
            _ => {}
        }
    }
}

/// What is called: its value, and where its name stands.
pub(super) struct Target<'a> {
    pub(super) value: Value<'a>,
    /// The value on which it is called, if it is a member.
    pub(super) object: Option<Value<'a>>,
    pub(super) member: Option<&'a MemberExpression<'a>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) at: u32,
}

impl<'a> Target<'a> {
    fn of(program: &Program<'_, 'a>, callee: &'a Expression<'a>) -> Self {
        match super::calling::member_of(callee) {
            Some(member) => {
                let name = program.key(member, 0);
                let object = program.resolve(member.object());
                let value = name
                    .as_deref()
                    .map_or(Value::Unknown, |name| program.member_of(&object, name, 0));
                let at = match member {
                    MemberExpression::ComputedMemberExpression(member) => {
                        member.expression.span().start
                    }
                    MemberExpression::StaticMemberExpression(member) => member.property.span.start,
                    MemberExpression::PrivateFieldExpression(member) => member.field.span.start,
                };
                Self { value, object: Some(object), member: Some(member), name, at }
            }
            None => Self {
                value: program.resolve(callee),
                object: None,
                member: None,
                name: match callee.get_inner_expression() {
                    Expression::Identifier(name) => Some(Cow::Borrowed(name.name.as_str())),
                    _ => None,
                },
                at: callee.span().start,
            },
        }
    }

    /// The function that is called in the end: `f` for `f.call(…)`, `f.apply(…)` and for a bound `f`.
    pub(super) fn function(&self) -> &Value<'a> {
        let value = match (self.name.as_deref(), &self.object) {
            (Some("call" | "apply"), Some(object)) if object.is_telling() => object,
            _ => &self.value,
        };
        match value {
            Value::Wrapped(inner) => inner,
            value => value,
        }
    }
}

/// The expression of an argument.
pub(super) fn argument<'a>(arguments: &'a [Argument<'a>], at: usize) -> Option<&'a Expression<'a>> {
    arguments.get(at).and_then(Argument::as_expression)
}

pub(super) fn is_child_process(name: &str) -> bool {
    matches!(name, "child_process" | "node:child_process")
}

fn is_read(export: &str) -> bool {
    matches!(export, "readFile" | "readFileSync" | "createReadStream" | "openAsBlob")
}

/// `_0x` and four or more hexadecimal digits.
fn is_mangled(name: &str) -> bool {
    name.strip_prefix("_0x").is_some_and(|digits| {
        digits.len() >= 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}
