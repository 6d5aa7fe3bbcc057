//! The ladder of modules: a module imports lower rows only (ARCHITECTURE.md).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::support::repository;

/// The rows, from the bottom. Modules of one row do not import each other,
/// unless `NEIGHBOURS` says so.
const ROWS: [&[&str]; 8] = [
    &["base"],
    &["viet", "block"],
    &["catalog"],
    &["input", "content", "output", "lint"],
    &["pipeline", "store"],
    &["app"],
    &["web"],
    &["cli"],
];

/// Imports within a row: who may import whom.
const NEIGHBOURS: [(&str, &str); 2] = [("block", "viet"), ("lint", "input")];

/// The longest file, in lines.
const LONGEST: usize = 800;

fn row(module: &str) -> usize {
    ROWS.iter()
        .position(|row| row.contains(&module))
        .unwrap_or_else(|| panic!("module `{module}` stands in no row of the ladder"))
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// The modules that a source names as `crate::module`, comments left out.
fn imports(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in source.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                found.push(name);
            }
        }
    }
    found
}

#[test]
fn modules_import_downwards_only() {
    let mut wrong = Vec::new();
    let mut seen = BTreeMap::new();
    let mut files = Vec::new();
    rust_files(&repository("src"), &mut files);
    for path in files {
        let relative = path.strip_prefix(repository("src")).unwrap();
        let Some(module) = relative.components().next().and_then(|part| part.as_os_str().to_str())
        else {
            continue;
        };
        if relative.components().count() == 1 {
            continue;
        }
        let from = row(module);
        for import in imports(&fs::read_to_string(&path).unwrap()) {
            let neighbour = NEIGHBOURS.contains(&(module, import.as_str()));
            if import != module && row(&import) >= from && !neighbour {
                wrong.push(format!("{} imports `{import}`", relative.display()));
            }
            *seen.entry((module.to_owned(), import)).or_insert(0) += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The reader of imports works: some that must be there were found.
    for (module, import) in [("cli", "app"), ("pipeline", "content"), ("block", "viet")] {
        assert!(seen.contains_key(&(module.into(), import.into())), "{module} -> {import}");
    }
}

#[test]
fn every_listed_neighbour_is_needed() {
    for (module, import) in NEIGHBOURS {
        let mut files = Vec::new();
        rust_files(&repository(&format!("src/{module}")), &mut files);
        let needed = files.iter().any(|path| {
            imports(&fs::read_to_string(path).unwrap()).iter().any(|found| found == import)
        });
        assert!(needed, "{module} no longer imports {import}");
    }
}

#[test]
fn files_are_short() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "examples"] {
        rust_files(&repository(folder), &mut files);
    }
    let mut lengths: Vec<(usize, PathBuf)> = files
        .into_iter()
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .collect();
    lengths.sort();
    let (longest, path) = lengths.last().unwrap();
    assert!(*longest <= LONGEST, "{} has {longest} lines", path.display());
    let (median, _) = &lengths[lengths.len() / 2];
    assert!(*median <= 200, "the median length is {median} lines");
}
