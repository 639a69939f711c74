//! Which files of a tree are read, in which order, as OpenClaw's scanner walks: named files first, then directory by
//! directory, in each the files before the directories, the directory found last first. Hidden names and `node_modules`
//! are skipped and named, links are not followed. Only directories are read here.

use std::collections::HashSet;
use std::time::Instant;

use super::request::{NamedFile, Request, Search, Skipped, TestFiles, WHOLE_TREE};
use super::{languages, magic};
use chitin_fs::files::{Entry, FileKind};
use chitin_fs::tree::{LinkPolicy, Lookup, Stat, Tree, TreeError, Wanted};
use chitin_model::file_names::{FileNames, Role};
use chitin_runtime::limits::Limit;
use chitin_runtime::{ReadError, Scanner};
use chitin_view::FileNote;

/// Directory entries that are looked at, whatever they are.
const MAX_SEEN: usize = 1_000_000;

/// Markup that is larger is not looked at.
const MAX_MARKUP: u64 = 1 << 20;

/// What is skipped at every level, unless a file in it is named.
const PACKAGES: &str = "node_modules";

/// Test directories, and what comes before the extension of a test file.
const TEST_DIRECTORIES: &[&str] = &["__fixtures__", "__mocks__", "__tests__", "test", "tests"];
const TEST_MARKS: &[&str] = &[".mock", ".spec", ".test", ".test-helper", ".test-support"];

/// What a scan reads, and what it leaves out.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) wanted: Vec<Wanted>,
    /// The role of the wanted file at the same index.
    pub(super) roles: Vec<Role>,
    pub(super) bytes: u64,
    pub(super) left_out: Vec<FileNote>,
    pub(super) unreadable: Vec<FileNote>,
    pub(super) notes: Vec<FileNote>,
    pub(super) truncated: bool,
}

/// The scan takes no more files: a limit was hit, or the scan was cancelled.
struct LimitHit;

type Step = Result<(), LimitHit>;

impl Plan {
    pub(super) fn make(tree: &dyn Tree, scanner: &Scanner, request: &Request<'_>) -> Self {
        let mut planner = Planner {
            tree,
            scanner,
            names: scanner.names(),
            request,
            plan: Self::default(),
            known: HashSet::new(),
            seen: 0,
            hidden: 0,
            packages: 0,
            tests: 0,
            excluded: 0,
        };
        for (path, reason) in &request.left_out {
            planner.leave_out(path, reason);
        }
        let _limit_hit = planner.named().and_then(|()| match request.search {
            Search::Everywhere => planner.walk(),
            Search::NamedOnly => Ok(()),
        });
        planner.finish()
    }
}

struct Planner<'p> {
    tree: &'p dyn Tree,
    scanner: &'p Scanner,
    names: &'p FileNames,
    request: &'p Request<'p>,
    plan: Plan,
    known: HashSet<String>,
    seen: usize,
    hidden: usize,
    packages: usize,
    tests: usize,
    excluded: usize,
}

impl Planner<'_> {
    fn note_of(&self, path: &str, reason: impl Into<String>) -> FileNote {
        let shown = self.tree.shown(path);
        let file = if shown.is_empty() { WHOLE_TREE.to_owned() } else { shown };
        FileNote { file, reason: reason.into() }
    }

    fn leave_out(&mut self, path: &str, reason: impl Into<String>) {
        let note = self.note_of(path, reason);
        self.plan.left_out.push(note);
    }

    fn note(&mut self, path: &str, reason: impl Into<String>) {
        let note = self.note_of(path, reason);
        self.plan.notes.push(note);
    }

    fn unreadable(&mut self, path: &str, error: &TreeError) {
        let note = self.note_of(path, error.to_string());
        self.plan.unreadable.push(note);
    }

    fn hit(&mut self, limit: Limit) -> LimitHit {
        self.leave_out("", self.scanner.limits().reached(limit).to_string());
        self.plan.truncated = true;
        LimitHit
    }

    /// Adds a file, if the limits allow it.
    fn want(&mut self, path: &str, role: Role, stat: Stat, links: LinkPolicy) -> Step {
        if !self.known.insert(path.to_owned()) {
            return Ok(());
        }
        let quota = &self.request.quota;
        if self.plan.wanted.len() as u64 >= quota.files {
            return Err(self.hit(Limit::ScanFiles));
        }
        if stat.size > quota.file {
            self.leave_out(path, self.scanner.limits().reached(Limit::ScanFile).to_string());
            return Ok(());
        }
        if self.plan.bytes.saturating_add(stat.size) > quota.bytes {
            return Err(self.hit(Limit::ScanBytes));
        }
        self.plan.bytes += stat.size;
        self.plan.wanted.push(Wanted { path: path.to_owned(), size: stat.size, links });
        self.plan.roles.push(role);
        Ok(())
    }

    fn named(&mut self) -> Step {
        let request = self.request;
        for NamedFile { path: given, links } in &request.named {
            let path = match given.strip_prefix('/') {
                Some(_) => self.tree.relative(given),
                None => resolved(given),
            };
            let role = path.as_deref().and_then(|path| self.names.role(last(path)));
            let Some((path, role)) = path.zip(role) else {
                self.note(
                    given,
                    "is named to be scanned, but is not a code file in this directory",
                );
                continue;
            };
            if self.known.contains(&path) || self.holds_secrets_only(&path, role) {
                continue;
            }
            match self.tree.lookup(&path, *links) {
                Ok(Lookup::File(stat)) => self.want(&path, role, stat, LinkPolicy::StayInside)?,
                // A link may have any name; its target outside must have a name of code itself.
                Ok(Lookup::Outside(stat, own)) if self.names.role(&own) == Some(Role::Code) => {
                    self.want(&path, role, stat, LinkPolicy::FollowAnywhere)?;
                }
                Ok(Lookup::Outside(..)) => {
                    self.leave_out(&path, "a link to something outside that is not code");
                }
                Ok(Lookup::Missing) => {
                    self.note(given, "is named to be scanned, but does not exist");
                }
                Ok(Lookup::Refused(error)) => self.leave_out(&path, error.to_string()),
                Err(error) => self.unreadable(&path, &error),
            }
        }
        Ok(())
    }

    fn walk(&mut self) -> Step {
        let mut directories = vec![String::new()];
        while let Some(directory) = directories.pop() {
            self.go_on()?;
            let listing = match self.tree.list(&directory) {
                Ok(listing) => listing,
                Err(error) => {
                    self.unreadable(&directory, &error);
                    continue;
                }
            };
            self.seen = self.seen.saturating_add(listing.entries.len());
            if !listing.complete || self.seen > MAX_SEEN {
                let count = listing.entries.len();
                self.leave_out(&directory, format!("only {count} of its entries were looked at"));
                self.plan.truncated = true;
            }
            for entry in &listing.entries {
                let path = join(&directory, &entry.name);
                if self.is_excluded(&path, &entry.name) || self.is_skipped(&path, entry) {
                    continue;
                }
                match entry.kind {
                    _ if !entry.is_utf8 => self.not_utf8(&path, entry),
                    FileKind::File => self.file(&path, &entry.name)?,
                    FileKind::Directory => directories.push(path),
                    FileKind::Symlink => self.link(&path, &entry.name),
                    FileKind::Special => self.special(&path, &entry.name),
                }
            }
            if self.seen > MAX_SEEN {
                return Err(LimitHit);
            }
        }
        Ok(())
    }

    /// How many entries of a directory are not read by their own name.
    fn not_read_in(&self, directory: &str) -> usize {
        let Ok(listing) = self.tree.list(directory) else { return 1 };
        let is_read = |entry: &&Entry| self.known.contains(&join(directory, &entry.name));
        listing.entries.len() - listing.entries.iter().filter(is_read).count()
    }

    /// Whether there is time left, and the scan was not cancelled.
    fn go_on(&mut self) -> Step {
        if self.scanner.cancel().is_cancelled() {
            self.leave_out("", ReadError::Cancelled.to_string());
            self.plan.truncated = true;
            return Err(LimitHit);
        }
        if Instant::now() >= self.request.quota.deadline {
            return Err(self.hit(Limit::ScanTotal));
        }
        Ok(())
    }

    fn is_excluded(&mut self, path: &str, name: &str) -> bool {
        let excluded = self.request.exclude.iter();
        let is_excluded =
            excluded.into_iter().any(|pattern| pattern.matches(path) || pattern.matches(name));
        self.excluded += usize::from(is_excluded);
        is_excluded
    }

    fn is_skipped(&mut self, path: &str, entry: &Entry) -> bool {
        let is_test = self.request.tests == TestFiles::LeftOut && is_test(entry);
        let count = if entry.name.starts_with('.') {
            &mut self.hidden
        } else if entry.name == PACKAGES {
            &mut self.packages
        } else if is_test {
            self.tests += 1;
            return true;
        } else {
            return false;
        };
        match self.request.skipped {
            Skipped::Noted => *count += 1,
            Skipped::NotScanned => self.skip(path, entry),
        }
        true
    }

    /// Names what is skipped: a directory with what is in it, a file that may be code.
    fn skip(&mut self, path: &str, entry: &Entry) {
        match entry.kind {
            FileKind::Directory => {
                let entries = self.not_read_in(path);
                if entries == 0 {
                    return;
                }
                let entries = count(entries, "entry", "entries");
                let reason = format!(
                    "a directory with {entries}, which is not searched; --include FILE reads a file in it, --exclude {} leaves it out",
                    entry.name
                );
                self.leave_out(path, reason);
            }
            FileKind::File => {
                let is_code = self.names.role(&entry.name) == Some(Role::Code);
                if is_code
                    || languages::unread(&entry.name).is_some()
                    || magic::opaque(&entry.name).is_some()
                {
                    self.leave_out(path, "a hidden file of code");
                } else {
                    self.look(path);
                }
            }
            FileKind::Symlink => self.link(path, &entry.name),
            FileKind::Special => self.special(path, &entry.name),
        }
    }

    fn file(&mut self, path: &str, name: &str) -> Step {
        if let Some(reason) = magic::opaque(name) {
            self.leave_out(path, reason);
            return Ok(());
        }
        let role = self.names.role(name);
        if role.is_some_and(|role| self.holds_secrets_only(path, role)) {
            return Ok(());
        }
        match (self.tree.stat(path), role) {
            (Ok(Some(stat)), Some(role)) => self.want(path, role, stat, LinkPolicy::StayInside)?,
            (Ok(Some(_)), None) => match languages::unread(name) {
                Some(language) => self.unread(path, &format!("{language}, which no rule reads")),
                None => self.look(path),
            },
            (Err(error), Some(_)) => self.unreadable(path, &error),
            (Ok(_), _) | (Err(_), None) => {}
        }
        Ok(())
    }

    /// A text file that is there to hold secrets is never read: its content must not links a finding.
    fn holds_secrets_only(&mut self, path: &str, role: Role) -> bool {
        let holds = role != Role::Code && (self.request.holds_secrets)(path);
        if holds {
            self.note(path, "a file for secrets, which is never read");
        }
        holds
    }

    /// Names what OpenClaw's scanner does not read either.
    fn unread(&mut self, path: &str, reason: &str) {
        match self.request.skipped {
            Skipped::NotScanned => self.leave_out(path, reason),
            Skipped::Noted => self.note(path, reason),
        }
    }

    /// Looks at the first bytes of a file whose name says nothing.
    fn look(&mut self, path: &str) {
        // A file that cannot be read is no loss here: its name does not say that it is code.
        let head = self.tree.head(path).unwrap_or_default();
        if let Some(reason) = magic::machine_code(&head) {
            self.leave_out(path, reason);
        } else if magic::is_script(&head) {
            self.unread(path, "a script that no rule reads");
        } else if magic::is_markup(path) {
            match self.tree.small(path, MAX_MARKUP) {
                Some(text) if !magic::is_active(&text) => {}
                _ => self.unread(path, "markup that may run a script, which no rule reads"),
            }
        }
    }

    fn link(&mut self, path: &str, name: &str) {
        if self.names.role(name).is_some()
            || magic::opaque(name).is_some()
            || self.tree.may_be_directory(path)
        {
            self.leave_out(path, "a link, which is not followed");
        }
    }

    fn special(&mut self, path: &str, name: &str) {
        if self.names.role(name).is_some() {
            self.leave_out(path, "a pipe, socket or device");
        }
    }

    fn not_utf8(&mut self, path: &str, entry: &Entry) {
        if self.names.role(&entry.name).is_some() || entry.kind == FileKind::Directory {
            self.leave_out(path, "its name is not UTF-8");
        }
    }

    fn finish(mut self) -> Plan {
        let issues: Vec<FileNote> = self
            .tree
            .issues()
            .iter()
            // Of an archive: the path is the archive's own already.
            .map(|issue| FileNote {
                file: if issue.path.is_empty() { WHOLE_TREE } else { &issue.path }.to_owned(),
                reason: issue.error.to_string(),
            })
            .collect();
        self.plan.left_out.splice(0..0, issues);
        let skipped = [
            (self.hidden, "hidden", "as OpenClaw does"),
            (self.packages, PACKAGES, "as OpenClaw does"),
            (self.tests, "test", "as requested"),
            (self.excluded, "excluded", "as requested"),
        ];
        for (number, what, why) in skipped.into_iter().filter(|(number, ..)| *number > 0) {
            let entries = if number == 1 { "entry was" } else { "entries were" };
            self.note("", format!("{number} {what} {entries} skipped, {why}"));
        }
        self.plan
    }
}

/// A number with its word.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// A relative path with `.` and `..` resolved lexically; none when it leads out.
fn resolved(given: &str) -> Option<String> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in given.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            other => segments.push(other),
        }
    }
    (!segments.is_empty()).then(|| segments.join("/"))
}

fn is_test(entry: &Entry) -> bool {
    let name = entry.name.to_lowercase();
    match entry.kind {
        FileKind::Directory => TEST_DIRECTORIES.contains(&entry.name.as_str()),
        _ => name
            .rsplit_once('.')
            .is_some_and(|(stem, _)| TEST_MARKS.iter().any(|mark| stem.ends_with(mark))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_lexically() {
        for (given, wanted) in [
            ("index.js", Some("index.js")),
            ("./dist/../index.js", Some("index.js")),
            ("a//b.js", Some("a/b.js")),
            ("../x.js", None),
            ("a/../../x.js", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(resolved(given).as_deref(), wanted, "{given}");
        }
    }

    #[test]
    fn test_files_are_recognised_by_their_names() {
        let entry = |name: &str, kind| Entry { name: name.to_owned(), is_utf8: true, kind };
        for name in
            ["a.test.ts", "A.SPEC.js", "b.test-helper.mjs", "c.mock.js", "d.test-support.ts"]
        {
            assert!(is_test(&entry(name, FileKind::File)), "{name}");
        }
        for name in ["test.js", "contest.js", "a.tests.js", "test"] {
            assert!(!is_test(&entry(name, FileKind::File)), "{name}");
        }
        assert!(is_test(&entry("__tests__", FileKind::Directory)));
        assert!(is_test(&entry("test", FileKind::Directory)));
        assert!(!is_test(&entry("Test", FileKind::Directory)));
    }
}
