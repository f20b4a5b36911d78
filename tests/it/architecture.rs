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
    let sources = sources(&source_folder());
    let tests: BTreeSet<_> = sources.iter().flat_map(|file| test_files(file)).collect();
    for file in sources.into_iter().filter(|file| !tests.contains(file)) {
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

/// The files that a source file declares as tests: `#[cfg(test)] mod name;`, with a `#[path]` or not.
fn test_files(file: &Path) -> Vec<PathBuf> {
    let parsed = syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap();
    let folder = match file.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => file.parent().unwrap().to_owned(),
        _ => file.with_extension(""),
    };
    let declared = parsed.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && is_test(item) => Some(item),
        _ => None,
    });
    declared
        .map(|item| match named_path(item) {
            Some(path) => file.with_file_name(path),
            None => folder.join(format!("{}.rs", item.ident)),
        })
        .collect()
}

fn named_path(item: &syn::ItemMod) -> Option<String> {
    item.attrs
        .iter()
        .find_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(syn::MetaNameValue {
                path,
                value:
                    syn::Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(text),
                        ..
                    }),
                ..
            }) if path.is_ident("path") => Some(text.value()),
            _ => None,
        })
}

fn is_test(item: &syn::ItemMod) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

/// The first segment after `crate::` of every path outside tests.
#[derive(Default)]
struct CratePaths {
    found: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for CratePaths {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // Tests may take a test certificate from above.
        if !is_test(item) {
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
