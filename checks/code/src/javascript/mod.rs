//! JavaScript and TypeScript. A prefilter skips files in which no rule can hold; the rest is parsed and evaluated
//! abstractly. Code that does not parse is searched by keyword. Rules on other languages do not belong here.

mod abstract_eval;
mod abstract_value;
mod binding;
mod calls;
mod const_fold;
mod depth_guard;
mod dynamic;
mod environment;
mod fallback;
mod literals;
mod members;
mod network;
mod prefilter;
mod process;
mod visitor;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;

use crate::collector::Collector;
use crate::source::Source;
use prefilter::Signals;

/// The language of a file, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// `.js`, `.mjs`, `.jsx`: modules or scripts, with JSX.
    Module,
    /// `.cjs`
    Script,
    /// `.ts`, `.mts`, `.cts`
    TypeScript,
    /// `.tsx`
    TypeScriptX,
}

/// How far the analysis of a text got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Parsed,
    OverBudget,
    TooDeep,
    SyntaxError,
}

impl Outcome {
    pub(crate) fn note(self) -> Option<&'static str> {
        match self {
            Outcome::Parsed => None,
            Outcome::OverBudget => {
                Some("too complex to follow every name; also searched by keyword")
            }
            Outcome::TooDeep => Some("nested too deeply to parse; only searched by keyword"),
            Outcome::SyntaxError => Some("does not parse; searched by keyword"),
        }
    }
}

/// What to do with a text that does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnSyntaxError {
    /// The file's name says that it is code.
    Search,
    /// It may be anything.
    Ignore,
}

impl Language {
    /// The dialects to try, the most likely first.
    fn dialects(self) -> [SourceType; 3] {
        let module = SourceType::mjs().with_jsx(true);
        let script = SourceType::cjs().with_jsx(true);
        let typed = SourceType::ts();
        let typed_elements = SourceType::tsx();
        match self {
            Language::Module => [module, script, typed],
            Language::Script => [script, module, typed],
            Language::TypeScript => [typed, typed_elements, SourceType::ts().with_script(true)],
            Language::TypeScriptX => [typed_elements, typed, module],
        }
    }
}

/// Scans a program that starts at `base` in the source.
pub(crate) fn scan(
    code: &str,
    base: usize,
    language: Language,
    on_syntax_error: OnSyntaxError,
    source: &Source<'_>,
    collector: &mut Collector,
) -> Outcome {
    let Some(signals) = prefilter::signals(code) else { return Outcome::Parsed };
    let outcome = if depth_guard::is_bounded(code) {
        parse(code, base, language, signals, source, collector)
    } else {
        Outcome::TooDeep
    };
    if outcome != Outcome::Parsed && on_syntax_error == OnSyntaxError::Search {
        fallback::scan(code, base, source, collector);
    }
    outcome
}

fn parse(
    code: &str,
    base: usize,
    language: Language,
    signals: Signals,
    source: &Source<'_>,
    collector: &mut Collector,
) -> Outcome {
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let mut allocator = Allocator::default();
    let mut recovered = None;
    for dialect in language.dialects() {
        allocator.reset();
        let parsed = Parser::new(&allocator, code, dialect).with_options(options).parse();
        if !parsed.panicked && parsed.diagnostics.is_empty() {
            let complete = check(&parsed.program, base, signals, source, collector);
            return if complete { Outcome::Parsed } else { Outcome::OverBudget };
        }
        if !parsed.panicked && recovered.is_none() {
            recovered = Some(dialect);
        }
    }
    // The parser recovered from the error. Its recovery is a guess, so the caller searches by keyword as well.
    if let Some(dialect) = recovered {
        allocator.reset();
        let parsed = Parser::new(&allocator, code, dialect).with_options(options).parse();
        check(&parsed.program, base, signals, source, collector);
    }
    Outcome::SyntaxError
}

fn check(
    program: &Program<'_>,
    base: usize,
    signals: Signals,
    source: &Source<'_>,
    collector: &mut Collector,
) -> bool {
    let built = SemanticBuilder::new().with_build_nodes(true).build(program);
    visitor::visit(&built.semantic, source, base, signals, collector)
}
