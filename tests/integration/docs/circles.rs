//! No two files of a crate use each other, unless one is the other's parent: a file can be read and changed with only
//! what it uses in mind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

use crate::support::repository;

/// The path of a module below its crate; empty for the root.
type Module = Vec<String>;

/// The modules of a crate, each with the paths that it names.
type Modules = BTreeMap<Module, Vec<Vec<String>>>;

/// Collects the paths that a file names, without those of its tests.
#[derive(Default)]
struct Paths(Vec<Vec<String>>);

impl Paths {
    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.0.push(with(&name.ident)),
            syn::UseTree::Rename(name) => self.0.push(with(&name.ident)),
            syn::UseTree::Glob(_) => self.0.push(before.to_vec()),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(before, item));
            }
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let meta = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    meta.filter_map(|attribute| attribute.parse_args::<syn::Path>().ok())
        .any(|p| p.is_ident("test"))
}

impl<'f> Visit<'f> for Paths {
    fn visit_item_mod(&mut self, module: &'f syn::ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'f syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'f syn::Path) {
        if path.segments.len() > 1 {
            self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        syn::visit::visit_path(self, path);
    }
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn module_of(source: &Path, below: &Path) -> Module {
    let relative = source.strip_prefix(below).unwrap().with_extension("");
    let mut module: Module =
        relative.components().map(|part| part.as_os_str().to_str().unwrap().to_owned()).collect();
    if module.last().is_some_and(|name| ["lib", "main", "mod"].contains(&name.as_str())) {
        module.pop();
    }
    module
}

fn modules(below: &Path) -> Modules {
    let is_tests = |module: &Module| module.iter().any(|name| name == "tests");
    let mut modules = Modules::new();
    for source in sources(below) {
        let module = module_of(&source, below);
        if is_tests(&module) {
            continue;
        }
        let text = fs::read_to_string(&source).unwrap();
        let mut paths = Paths::default();
        paths.visit_file(&syn::parse_file(&text).unwrap());
        modules.insert(module, paths.0);
    }
    modules
}

/// The module that a path in another one leads to.
fn resolve(path: &[String], from: &Module, modules: &Modules) -> Option<Module> {
    let (first, rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => rest.to_vec(),
        "self" => [from, rest].concat(),
        "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let base = from.get(..from.len().checked_sub(ups)?)?;
            [base, path.get(ups..)?].concat()
        }
        _ => [from.as_slice(), path].concat(),
    };
    let is_relative = !["crate", "self", "super"].contains(&first.as_str());
    while !modules.contains_key(&at) {
        at.pop()?;
    }
    // A relative path that leads to nothing below is another crate's.
    (at != *from && (!is_relative || at.len() > from.len())).then_some(at)
}

fn are_kin(one: &Module, other: &Module) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// What each module uses, without its parents and what is in it.
fn uses(modules: &Modules) -> BTreeMap<&Module, BTreeSet<Module>> {
    let of = |(module, paths): (_, &Vec<Vec<String>>)| {
        let used = paths.iter().filter_map(|path| resolve(path, module, modules));
        (module, used.filter(|used| !are_kin(module, used)).collect())
    };
    modules.iter().map(of).collect()
}

/// The modules that can be reached from themselves.
fn in_circles(modules: &Modules) -> Vec<String> {
    let uses = uses(modules);
    let reached = |start: &Module| {
        let mut seen = BTreeSet::new();
        let mut left: Vec<&Module> = uses[start].iter().collect();
        while let Some(module) = left.pop() {
            if seen.insert(module) {
                left.extend(&uses[module]);
            }
        }
        seen
    };
    modules.keys().filter(|module| reached(module).contains(module)).map(|m| m.join("::")).collect()
}

#[test]
fn no_files_use_each_other() {
    let root = repository::root();
    let manifests = ["host", "checks", "sdk"].map(|folder| sources_folders(&root.join(folder)));
    let mut problems = Vec::new();
    for source in manifests.into_iter().flatten() {
        let modules = modules(&source);
        let circles = in_circles(&modules);
        if !circles.is_empty() {
            let shown = source.strip_prefix(&root).unwrap().display();
            problems.push(format!("{shown}: {}", circles.join(", ")));
        }
    }
    assert!(problems.is_empty(), "files that use each other:\n{}", problems.join("\n"));
}

/// Every `src` folder of a crate below.
fn sources_folders(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            if path.join("Cargo.toml").exists() && path.join("src").exists() {
                found.push(path.join("src"));
            }
            found.extend(sources_folders(&path));
        }
    }
    found
}

#[test]
fn a_circle_over_three_files_is_found() {
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    let modules: Modules = [
        (Vec::new(), vec![path("self::a")]),
        (path("a"), vec![path("super::b::Thing"), path("crate::d")]),
        (path("b"), vec![path("crate::c")]),
        (path("c"), vec![path("crate::a::Other"), path("std::fmt")]),
        (path("d"), vec![path("inner::Thing")]),
        (path("d::inner"), vec![path("super::Shared")]),
    ]
    .into();
    assert_eq!(in_circles(&modules), ["a", "b", "c"]);
}
