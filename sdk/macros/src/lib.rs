//! `chitin_sdk::rules!`: a constant for each rule of `module.toml`, so a rule's id, title and severity are written once.
//!
//! What else a manifest must satisfy is checked when the module is loaded; nothing here repeats that.

mod constants;
mod manifest;

use std::path::Path;

use proc_macro::{Ident, TokenStream, TokenTree};

use crate::manifest::Manifest;

/// Declares a module of constants, one for each rule of the crate's `module.toml`:
///
/// ```text
/// chitin_sdk::rules!(mod rule);
///
/// // id = "acme.tokens.short_token", severities = ["warn"]
/// rule::SHORT_TOKEN.finding().detail("…").report(host);
/// ```
///
/// A constant is a `Rule` if the manifest declares one severity, and a `Rule<OneOf>` if it declares several, whose
/// findings name theirs. If the id has a `*`, it is a `RulePattern`, whose findings fill each star.
///
/// Its name is the id without the module's name, in upper case, without stars. The compiler warns of a constant that
/// nothing uses.
#[proc_macro]
pub fn rules(input: TokenStream) -> TokenStream {
    expand(input).unwrap_or_else(|problem| {
        let message = proc_macro::Literal::string(&problem);
        format!("::core::compile_error!{{{message}}}").parse().unwrap_or_default()
    })
}

fn expand(input: TokenStream) -> Result<TokenStream, String> {
    let module = module_name(input)?;
    let manifest = Manifest::parse(&manifest_text()?)?;
    constants::module(&module, &constants::of_manifest(&manifest)?)
}

/// The name in `mod NAME`.
fn module_name(input: TokenStream) -> Result<Ident, String> {
    let mut tokens = input.into_iter();
    match (tokens.next(), tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(keyword)), Some(TokenTree::Ident(name)), None)
            if keyword.to_string() == "mod" =>
        {
            Ok(name)
        }
        _ => Err("write `chitin_sdk::rules!(mod rule);`".to_owned()),
    }
}

fn manifest_text() -> Result<String, String> {
    let directory = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or("CARGO_MANIFEST_DIR is not set: build this crate with cargo")?;
    let path = Path::new(&directory).join("module.toml");
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}
