//! Imports run one way: every `crate::` path in the sources is held against the table.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use syn::visit::Visit;

/// Module, and what it may import: lowest first, as `src/lib.rs` lists them.
const TABLE: [(&str, &[&str]); 16] = [
    ("model", &[]),
    ("crypto", &[]),
    ("x509", &["crypto"]),
    ("cms", &["crypto", "x509"]),
    ("pki", &["crypto", "x509", "cms"]),
    ("eds", &["model", "crypto", "x509", "pki"]),
    ("keys", &["crypto", "x509"]),
    ("form", &["model"]),
    ("layout", &["form"]),
    ("pdf", &[]),
    ("export", &["layout", "pdf"]),
    ("document", &["model", "form", "layout", "export", "pdf"]),
    (
        "sign",
        &[
            "layout", "export", "pdf", "document", "model", "crypto", "x509", "cms", "pki", "eds",
            "keys",
        ],
    ),
    (
        "verify",
        &[
            "model", "document", "pdf", "crypto", "x509", "cms", "pki", "eds",
        ],
    ),
    (
        "report",
        &["document", "layout", "export", "model", "eds", "verify"],
    ),
    (
        "ca",
        &["model", "crypto", "x509", "cms", "pki", "eds", "keys"],
    ),
];

#[test]
fn modules_import_only_what_stands_below_them() {
    let table: BTreeMap<_, _> = TABLE.into_iter().collect();
    let mut wrong = Vec::new();
    for file in sources(&source_folder()) {
        let Some(module) = module_of(&file) else {
            continue;
        };
        let allowed = table
            .get(module.as_str())
            .unwrap_or_else(|| panic!("{module} is missing from the table"));
        for import in imports(&file) {
            if import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}: {module} imports {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_crate_lists_its_modules_lowest_first() {
    let text = fs::read_to_string(source_folder().join("lib.rs")).unwrap();
    let listed: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    let table: Vec<_> = TABLE.iter().map(|(module, _)| *module).collect();
    assert_eq!(listed, table);
}

#[test]
fn the_check_sees_an_upward_import() {
    let file = syn::parse_file("fn f() { crate::verify::verify(); }").unwrap();
    let mut paths = CratePaths::default();
    paths.visit_file(&file);
    assert!(paths.found.contains("verify"));
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The module that a source file belongs to; none for `lib.rs` and the program.
fn module_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(source_folder()).unwrap();
    let first = inside.components().next()?.as_os_str().to_str()?.to_owned();
    (first != "lib.rs" && first != "bin").then_some(first)
}

fn imports(file: &Path) -> BTreeSet<String> {
    let parsed = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
    let mut paths = CratePaths::default();
    paths.visit_file(&parsed);
    paths.found
}

/// The first segment after `crate::` of every path outside tests.
#[derive(Default)]
struct CratePaths {
    found: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for CratePaths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg")
                && attribute
                    .parse_args::<syn::Path>()
                    .is_ok_and(|path| path.is_ident("test"))
        });
        // Tests may take a test certificate from above.
        if !test {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_use_path(&mut self, path: &'ast syn::UsePath) {
        if path.ident == "crate" {
            match &*path.tree {
                syn::UseTree::Path(next) => self.found.insert(next.ident.to_string()),
                syn::UseTree::Name(name) => self.found.insert(name.ident.to_string()),
                _ => panic!("an import in braces, which this test does not read"),
            };
        }
        syn::visit::visit_use_path(self, path);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate") {
            self.found
                .extend(segments.next().map(|segment| segment.ident.to_string()));
        }
        syn::visit::visit_path(self, path);
    }
}
