//! The parts of the pages, and the one page that shows them all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What is not to be seen; and what has the first heading of its page, of which there is one.
const ELSEWHERE: &[&str] = &["form::hidden", "notice::done"];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(path)).unwrap()
}

/// Every macro of the parts with its text, as `file::name`.
fn parts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/parts");
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut found = Vec::new();
    for file in names {
        let text = read(&format!("parts/{file}"));
        for one in text.split("{% macro ").skip(1) {
            let name = one.split('(').next().unwrap();
            found.push((format!("{}::{name}", file.trim_end_matches(".html")), one.to_owned()));
        }
    }
    found
}

fn calls(text: &str, name: &str) -> bool {
    text.match_indices(&format!("{name}(")).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric()))
}

#[test]
fn every_part_is_shown_and_every_field_empty_and_wrong() {
    let (guide, parts) = (read("styleguide.html"), parts());
    let mut shown: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = shown.len();
        for (part, _) in &parts {
            let (file, name) = part.split_once("::").unwrap();
            let within = |(user, text): &(String, String)| {
                shown.contains(user.as_str()) && user.starts_with(&format!("{file}::")) && calls(text, name)
            };
            if calls(&guide, part) || parts.iter().any(within) {
                shown.insert(part);
            }
        }
        if shown.len() == before {
            break;
        }
    }
    let missing: Vec<&String> =
        parts.iter().map(|(part, _)| part).filter(|part| !shown.contains(part.as_str())).collect();
    assert_eq!(missing, ELSEWHERE);

    let inner = ["head", "about", "ties", "picks"];
    for name in parts.iter().filter_map(|(part, _)| part.strip_prefix("field::")).filter(|name| !inner.contains(name)) {
        for form in ["empty", "wrong"] {
            assert!(guide.contains(&format!("field::{name}({form}, ")), "{name} is not shown {form}");
        }
    }
}
