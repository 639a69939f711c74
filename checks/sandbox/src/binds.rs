//! Directories of the host that a sandbox may see: `sandbox.docker.binds`.
//!
//! `dangerouslyAllow…` switches make OpenClaw start such a sandbox; they do not make the mount harmless, so they
//! are ignored. The binds of the sandbox browser are not checked.

mod blocked;
mod path;

use chitin_openclaw::roster::Roster;
use chitin_sdk::{Finding, Host, Node, Outcome};

use blocked::{Blocked, Overlap};
use path::HostPath;

use crate::blocks::docker;
use crate::rule;

/// An entry of `binds`: `SOURCE:TARGET[:OPTIONS]`.
struct Bind<'t> {
    /// The list that contains it, as an operator writes it.
    list: String,
    node: Node<'t>,
    spec: &'t str,
}

impl<'t> Bind<'t> {
    fn source(&self) -> &'t str {
        path::source_of(self.spec)
    }

    fn dangerous(&self, overlap: &Overlap<'_>, source: &str) -> Finding {
        rule::DANGEROUS_BIND_MOUNT.finding()
            .detail(format!(
                "{} contains \"{}\", {source} {} the blocked path \"{}\". It can give programs in the sandbox access to system \
                 directories, credentials or the container engine's socket.",
                self.list, self.spec, overlap.verb, overlap.path
            ))
            .remediation(format!(
                "Remove \"{}\" from {}. Mount the directory of a project instead.",
                self.spec, self.list
            ))
            .at(&self.node)
    }
}

fn binds<'t>(agents: &Node<'t>) -> Vec<Bind<'t>> {
    let mut found = Vec::new();
    for block in docker(&Roster::of(agents)) {
        for node in block.node.get("binds").items() {
            if let Some(spec) = node.as_str() {
                found.push(Bind { list: format!("{}.binds", block.label), node, spec });
            }
        }
    }
    found
}

pub(crate) fn non_absolute(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    for bind in binds(&agents.root()) {
        let source = bind.source();
        if HostPath::absolute(source).is_some() {
            continue;
        }
        rule::BIND_MOUNT_NON_ABSOLUTE
            .finding()
            .detail(format!(
                "{} contains \"{}\" with the source \"{source}\". Where such a source leads depends on who resolves \
                 it, so it cannot be checked.",
                bind.list, bind.spec
            ))
            .remediation(format!(
                "Write \"{}\" with an absolute path of the host, for example /home/user/project:/project:ro.",
                bind.spec
            ))
            .at(&bind.node)
            .report(host);
    }
    Ok(())
}

pub(crate) fn dangerous(host: &dyn Host) -> Outcome {
    let agents = host.effective("/agents")?;
    let absolute: Vec<_> = binds(&agents.root())
        .into_iter()
        .filter_map(|bind| HostPath::absolute(bind.source()).map(|source| (bind, source)))
        .collect();
    if absolute.is_empty() {
        return Ok(());
    }
    let blocked = Blocked::with_homes(&host.homes()?);
    let mut harmless_as_written = Vec::new();
    for (bind, source) in absolute {
        match blocked.overlap(&source) {
            Some(overlap) => bind.dangerous(&overlap, "which").report(host),
            None => harmless_as_written.push((bind, source)),
        }
    }
    // Links come last: if they cannot be followed, the findings without them are already reported.
    for (bind, source) in harmless_as_written {
        let real = host.bind_source(bind.node.pointer())?;
        let real = real.and_then(|real| HostPath::absolute(&real)).filter(|real| *real != source);
        if let Some((real, overlap)) =
            real.as_ref().and_then(|real| Some((real, blocked.overlap(real)?)))
        {
            bind.dangerous(&overlap, &format!("which leads to \"{}\" and", real.as_str()))
                .report(host);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
