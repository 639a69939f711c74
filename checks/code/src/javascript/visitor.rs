//! One pass over a parsed program: dispatches each node to the rules, then decides what depends on the whole program.

use std::borrow::Cow;
use std::collections::BTreeSet;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    Argument, CallExpression, ComputedMemberExpression, Expression, IdentifierReference,
    MemberExpression, NewExpression, StaticMemberExpression,
};
use oxc_semantic::{NodeId, Semantic};
use oxc_span::GetSpan;

use super::abstract_eval::{Evaluator, Memo};
use super::abstract_value::Value;
use super::prefilter::Signals;
use crate::collector::Collector;
use crate::rules;
use crate::source::Source;

/// A program with this many different names in an obfuscator's style is obfuscated.
const MIN_OBFUSCATOR_NAMES: usize = 6;

/// The state that the rules share for one program.
pub(super) struct Visitor<'p, 'a, 's> {
    pub(super) evaluator: Evaluator<'p, 'a>,
    pub(super) source: &'s Source<'s>,
    /// Where the program starts in the source.
    pub(super) base: usize,
    pub(super) signals: Signals,
    pub(super) collector: &'s mut Collector,
    /// Whether the program uses `child_process` at all.
    pub(super) uses_child_process: bool,
    /// Calls that count only if the program uses `child_process`.
    pub(super) likely_exec_calls: Vec<usize>,
    /// Calls that send over the network.
    pub(super) sends: Vec<usize>,
    /// Places that read files.
    pub(super) reads: Vec<usize>,
    /// Places that read the environment.
    pub(super) environment: Vec<(usize, NodeId)>,
    obfuscator_names: BTreeSet<&'a str>,
}

/// Checks a program. Returns whether the budget was enough to follow every name.
pub(super) fn visit(
    semantic: &Semantic<'_>,
    source: &Source<'_>,
    base: usize,
    signals: Signals,
    collector: &mut Collector,
) -> bool {
    let mut visitor = Visitor {
        evaluator: Evaluator::new(semantic),
        source,
        base,
        signals,
        collector,
        uses_child_process: false,
        likely_exec_calls: Vec::new(),
        sends: Vec::new(),
        reads: Vec::new(),
        environment: Vec::new(),
        obfuscator_names: BTreeSet::new(),
    };
    for node in semantic.nodes().iter() {
        visitor.node(node.id(), node.kind());
    }
    visitor.finish();
    visitor.evaluator.is_complete()
}

impl<'a> Visitor<'_, 'a, '_> {
    fn node(&mut self, node: NodeId, kind: AstKind<'a>) {
        match kind {
            AstKind::CallExpression(call) => self.call(call),
            AstKind::NewExpression(new) => self.construction(new),
            // Evaluated in source order, so no chain of names is followed far.
            AstKind::VariableDeclarator(declarator) => {
                for symbol in declarator.id.get_symbol_ids() {
                    self.evaluator.symbol(symbol, 0);
                }
            }
            AstKind::ImportSpecifier(specifier) => {
                specifier.local.symbol_id.get().map(|symbol| self.evaluator.symbol(symbol, 0));
            }
            AstKind::FormalParameter(parameter) if parameter.initializer.is_some() => {
                for symbol in parameter.pattern.get_symbol_ids() {
                    self.evaluator.symbol(symbol, 0);
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
                self.uses_child_process |=
                    !export.export_kind.is_type() && is_child_process(&export.source.value);
            }
            AstKind::TSImportEqualsDeclaration(import) => {
                let symbol = import.id.symbol_id.get();
                let value =
                    symbol.map_or(Value::Unknown, |symbol| self.evaluator.symbol(symbol, 0));
                self.uses_child_process |=
                    !import.import_kind.is_type() && value.is_module("child_process");
            }
            AstKind::JSXText(text) => self.check_miner_text(text.span.start, &text.value),
            AstKind::ObjectProperty(property) => self.property(property),
            AstKind::AssignmentExpression(assignment) => self.assignment(assignment),
            AstKind::BindingIdentifier(name) => self.obfuscator_name(&name.name),
            _ => {}
        }
    }

    fn call(&mut self, call: &'a CallExpression<'a>) {
        let callee = Callee::of(&self.evaluator, &call.callee);
        self.process_call(&callee, call);
        self.dynamic_call(&callee, call);
        self.network_call(&callee, call);
        self.decoding_call(&callee, call);
    }

    fn construction(&mut self, new: &'a NewExpression<'a>) {
        let callee = Callee::of(&self.evaluator, &new.callee);
        self.dynamic_construction(&callee, new);
        self.network_construction(&callee, new);
    }

    /// Members that read files or the environment. Other names are skipped.
    fn static_member(&mut self, node: NodeId, member: &'a StaticMemberExpression<'a>) {
        let name = member.property.name.as_str();
        if name == "env" || is_file_read(name) {
            let object = self.evaluator.evaluate(&member.object);
            let value = self.evaluator.member_of(&object, name, 0);
            self.record_access(&value, name, member.property.span.start, node);
        }
    }

    fn computed_member(&mut self, node: NodeId, member: &'a ComputedMemberExpression<'a>) {
        let key = self.evaluator.evaluate(&member.expression);
        let Some(name) = key.as_str() else { return };
        let object = self.evaluator.evaluate(&member.object);
        let value = self.evaluator.member_of(&object, name, 0);
        self.record_access(&value, name, member.expression.span().start, node);
    }

    fn name(&mut self, name: &'a IdentifierReference<'a>) {
        self.obfuscator_name(&name.name);
        self.check_miner_identifier(name.span.start, &name.name);
        if is_file_read(&name.name) {
            let value =
                self.evaluator.symbol_of(name).map(|symbol| self.evaluator.symbol(symbol, 0));
            let value = value.unwrap_or(Value::Unknown);
            self.record_access(&value, &name.name, name.span.start, name.node_id.get());
        }
    }

    fn obfuscator_name(&mut self, name: &'a str) {
        if self.signals.obfuscator_names && is_obfuscator_name(name) {
            self.obfuscator_names.insert(name);
        }
    }

    pub(super) fn report(&mut self, rule: &'static rules::Rule, at: u32) {
        let at = self.offset(at);
        self.collector.add(rule, at);
    }

    /// The offset in the source of a position in the program.
    pub(super) fn offset(&self, at: u32) -> usize {
        self.base + usize::try_from(at).unwrap_or(usize::MAX / 2)
    }

    pub(super) fn parent(&self, node: NodeId) -> AstKind<'a> {
        self.evaluator.nodes().parent_kind(node)
    }

    /// Decides what depends on the whole program.
    fn finish(&mut self) {
        if self.uses_child_process {
            for at in std::mem::take(&mut self.likely_exec_calls) {
                self.collector.add(&rules::DANGEROUS_EXEC, at);
            }
        }
        self.check_references();
        self.reads.sort_unstable();
        if let (Some(read), false) = (self.reads.first(), self.sends.is_empty()) {
            self.collector.add(&rules::POTENTIAL_EXFILTRATION, *read);
        }
        self.harvested_environment();
        if self.obfuscator_names.len() >= MIN_OBFUSCATOR_NAMES {
            self.collector.add(&rules::OBFUSCATED_NAMES, self.base);
        }
    }

    /// Uses of variables that hold the environment or a function that reads files.
    fn check_references(&mut self) {
        let scoping = self.evaluator.semantic.scoping();
        let slots = self.evaluator.symbols.borrow();
        let telling =
            scoping.symbol_ids().zip(slots.iter()).filter_map(|(symbol, slot)| match slot {
                Memo::Known(value @ Value::Environment) => Some((symbol, value.clone())),
                Memo::Known(value) if value.export_of("fs").is_some_and(is_file_read) => {
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
                let at = self.evaluator.nodes().kind(node).span().start;
                self.record_access(&value, "", at, node);
            }
        }
    }

    /// Records a name or member that is the environment or a function that reads files.
    fn record_access(&mut self, value: &Value<'a>, name: &str, at: u32, node: NodeId) {
        let at = self.offset(at);
        match value {
            Value::Environment => self.environment.push((at, node)),
            Value::Function(_) | Value::Class(_) => {}
            Value::Export(from, export) if &**from == "fs" && is_file_read(export) => {
                self.reads.push(at);
            }
            _ if matches!(name, "readFile" | "readFileSync") => self.reads.push(at),
            _ => {}
        }
    }
}

/// The callee of a call: its value, and where its name is.
pub(super) struct Callee<'a> {
    pub(super) value: Value<'a>,
    /// The receiver, if the callee is a member.
    pub(super) object: Option<Value<'a>>,
    pub(super) member: Option<&'a MemberExpression<'a>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) at: u32,
}

impl<'a> Callee<'a> {
    fn of(evaluator: &Evaluator<'_, 'a>, callee: &'a Expression<'a>) -> Self {
        match super::calls::member_of(callee) {
            Some(member) => {
                let name = evaluator.key(member, 0);
                let object = evaluator.evaluate(member.object());
                let value = name
                    .as_deref()
                    .map_or(Value::Unknown, |name| evaluator.member_of(&object, name, 0));
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
                value: evaluator.evaluate(callee),
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

    /// The function that finally runs: `f` for `f.call(…)`, `f.apply(…)` and for a bound `f`.
    pub(super) fn function(&self) -> &Value<'a> {
        let value = match (self.name.as_deref(), &self.object) {
            (Some("call" | "apply"), Some(object)) if object.is_relevant() => object,
            _ => &self.value,
        };
        match value {
            Value::Wrapper(inner) => inner,
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

/// Whether a function of `fs` of this name reads files.
fn is_file_read(export: &str) -> bool {
    matches!(export, "readFile" | "readFileSync" | "createReadStream" | "openAsBlob")
}

/// `_0x` and four or more hexadecimal digits.
fn is_obfuscator_name(name: &str) -> bool {
    name.strip_prefix("_0x").is_some_and(|digits| {
        digits.len() >= 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    })
}
