//! JavaScript and TypeScript: parsed where it can be, searched by its words where it cannot.

mod binding;
mod calling;
mod dynamic;
mod environment;
pub(crate) mod folding;
mod literals;
mod members;
mod nesting;
mod network;
mod process;
mod program;
mod signals;
mod tokens;
mod value;
mod walk;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;

use crate::hits::Hits;
use crate::source::Source;
use signals::Signals;

/// What a file's name says of its language.
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

/// How the text was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Parsed,
    TooEntangled,
    TooDeep,
    DoesNotParse,
}

impl Outcome {
    pub(crate) fn note(self) -> Option<&'static str> {
        match self {
            Outcome::Parsed => None,
            Outcome::TooEntangled => {
                Some("too entangled for every name to be followed; searched by its words too")
            }
            Outcome::TooDeep => Some("nested too deeply to be parsed; searched by its words"),
            Outcome::DoesNotParse => Some("does not parse; searched by its words"),
        }
    }
}

/// What is done with a text that does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// It is code by its name.
    SearchWords,
    /// It may be anything.
    Leave,
}

impl Language {
    /// How to read it, the likeliest way first.
    fn ways(self) -> [SourceType; 3] {
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

/// Looks at a program that begins at `base` in the source.
pub(crate) fn scan(
    code: &str,
    base: usize,
    language: Language,
    otherwise: Otherwise,
    source: &Source<'_>,
    hits: &mut Hits,
) -> Outcome {
    let Some(signals) = signals::look(code) else { return Outcome::Parsed };
    let outcome = if nesting::is_bounded(code) {
        parse(code, base, language, signals, source, hits)
    } else {
        Outcome::TooDeep
    };
    if outcome != Outcome::Parsed && otherwise == Otherwise::SearchWords {
        tokens::scan(code, base, source, hits);
    }
    outcome
}

fn parse(
    code: &str,
    base: usize,
    language: Language,
    signals: Signals,
    source: &Source<'_>,
    hits: &mut Hits,
) -> Outcome {
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let mut allocator = Allocator::default();
    let mut repaired = None;
    for way in language.ways() {
        allocator.reset();
        let parsed = Parser::new(&allocator, code, way).with_options(options).parse();
        if !parsed.panicked && parsed.diagnostics.is_empty() {
            let followed = judge(&parsed.program, base, signals, source, hits);
            return if followed { Outcome::Parsed } else { Outcome::TooEntangled };
        }
        if !parsed.panicked && repaired.is_none() {
            repaired = Some(way);
        }
    }
    // The parser could repair what it read. The words are searched as well, since a repair is a guess.
    if let Some(way) = repaired {
        allocator.reset();
        let parsed = Parser::new(&allocator, code, way).with_options(options).parse();
        judge(&parsed.program, base, signals, source, hits);
    }
    Outcome::DoesNotParse
}

fn judge(
    program: &Program<'_>,
    base: usize,
    signals: Signals,
    source: &Source<'_>,
    hits: &mut Hits,
) -> bool {
    let built = SemanticBuilder::new().with_build_nodes(true).build(program);
    walk::walk(&built.semantic, source, base, signals, hits)
}
