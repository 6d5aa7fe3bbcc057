//! The repository itself: dependencies, what the top level holds.

use std::fs;

use super::support::repository;

/// Two versions of comemo would make Typst's memory grow without end: eviction
/// would work on one of them only.
#[test]
fn there_is_one_version_of_comemo() {
    let lock = fs::read_to_string(repository("Cargo.lock")).unwrap();
    assert_eq!(lock.matches("\nname = \"comemo\"\n").count(), 1);
    assert_eq!(lock.matches("\nname = \"typst-library\"\n").count(), 1);
}

#[test]
fn the_top_level_holds_what_a_reader_expects() {
    let known = [
        "CHANGELOG.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "examples",
        "fonts",
        "src",
        "target",
        "templates",
        "tests",
    ];
    for entry in fs::read_dir(repository("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || known.contains(&name.as_str()), "what is `{name}`?");
    }
}
