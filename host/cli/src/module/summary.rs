//! What an operator bases the decision on: who signed a module, what it looks for, what it may see.

use std::fmt::Write as _;

use chitin_model::escape::visible;
use chitin_model::grants::describe;
use chitin_model::manifest::Manifest;
use chitin_trust::{SignatureStatus, VerifiedModule};

/// The summary of a module, over several lines.
pub(super) fn of(module: &VerifiedModule) -> String {
    let manifest = module.manifest();
    let mut out = format!(
        "{} {}\n{}\n\nPublisher: {}\n",
        visible(&manifest.id),
        visible(&manifest.version),
        visible(manifest.summary.trim()),
        visible(&manifest.publisher),
    );
    let _infallible = write_voucher(&mut out, module.signature());
    let _infallible = writeln!(out, "Digest:    {}", module.digest());
    let _infallible = write_rules(&mut out, manifest);
    out.push_str("\nIt may:\n");
    let lines = describe::lines(&manifest.grants);
    if lines.is_empty() {
        out.push_str("  see nothing\n");
    }
    for line in lines {
        let _infallible = writeln!(out, "  - {}", visible(&line));
    }
    out
}

fn write_voucher(out: &mut String, voucher: &SignatureStatus) -> std::fmt::Result {
    match voucher {
        SignatureStatus::Valid(signed) => {
            for key in &signed.keys {
                writeln!(out, "Signed by: {key}")?;
            }
            writeln!(
                out,
                "Release:   {} of {}, valid until {}",
                signed.sequence, signed.issued, signed.expires
            )
        }
        SignatureStatus::Unverified(why) => {
            writeln!(out, "NOT VERIFIED: {}", visible(&why.to_string()))
        }
        SignatureStatus::NotChecked => {
            writeln!(out, "NOT VERIFIED: signatures are not checked (policy off)")
        }
    }
}

fn write_rules(out: &mut String, manifest: &Manifest) -> std::fmt::Result {
    writeln!(out, "\nRules:")?;
    for rule in &manifest.rules {
        let severities: Vec<String> = rule.severities.iter().map(ToString::to_string).collect();
        writeln!(
            out,
            "  {} ({}): {}",
            visible(&rule.id),
            severities.join("/"),
            visible(rule.title.trim())
        )?;
    }
    Ok(())
}
