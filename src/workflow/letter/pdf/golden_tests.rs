//! How letters look: each page against a picture of it that somebody has looked at. `TEST_GOLDEN=write` makes the pictures
//! anew, to be looked at before they are kept.

use std::path::Path;
use std::process::Command;

use super::pdf_tests::{SIGNATURE, SYSTEM_FONTS, drafted, drafted_in, press, with_pictures};
use crate::workflow::letter::house::picture::sample;
use crate::workflow::letter::language::Language;
use crate::workflow::letter::pdf::Unprintable;
use crate::workflow::letter::text::{CoSigned, LetterText, Paper, SignedBy};

/// Eleven letters: every language, both papers, three more scripts, one and two pages, with pictures and without.
fn letters() -> Vec<(String, LetterText)> {
    let named =
        |name: &str| LetterText { signed_by: SignedBy { name: name.into(), ..drafted().signed_by }, ..drafted() };
    let co_signer = |name: &str, organisation: &str| CoSigned {
        name: name.into(),
        capacity: "Head of Digital Collections".into(),
        organisation: organisation.into(),
        day: "2026-02-27".parse().unwrap(),
    };
    let mut letters: Vec<(String, LetterText)> =
        Language::ALL.iter().map(|language| (language.to_string(), drafted_in(*language))).collect();
    letters.extend([
        ("us-letter".to_owned(), LetterText { paper: Paper::UsLetter, ..drafted() }),
        ("arabic".to_owned(), named("\u{0645}\u{062d}\u{0645}\u{062f} \u{0627}\u{0644}\u{0643}\u{0631}\u{0645}")),
        ("devanagari".to_owned(), named("\u{0938}\u{0930}\u{0938}\u{094d}\u{0935}\u{0924}\u{0940}")),
        (
            "co-signed".to_owned(),
            LetterText {
                co_signed: vec![co_signer("Hanne Solberg", "Nordic Manuscript Network"), co_signer("Kofi Mensah", "")],
                ..drafted()
            },
        ),
        ("pictures".to_owned(), with_pictures(sample::PNG, SIGNATURE)),
    ]);
    letters
}

#[test]
fn letters_look_as_they_did_when_somebody_looked_at_them() {
    #[allow(clippy::disallowed_methods, reason = "tests/run says where it has installed them")]
    let (python, write) = (std::env::var("TEST_PDF_PYTHON"), std::env::var("TEST_GOLDEN"));
    let Ok(python) = python else {
        eprintln!("not checked: how letters look; tests/run installs what compares pictures");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let press = press(Some(Path::new(SYSTEM_FONTS)));
    let mut set = 0;
    for (name, letter) in letters() {
        match press.print(&letter) {
            Ok(printed) => {
                std::fs::write(folder.path().join(format!("{name}.pdf")), printed.bytes).unwrap();
                set += 1;
            }
            Err(Unprintable::MissingGlyphs(_)) => eprintln!("not checked: {name}, whose font is not installed"),
            Err(why) => panic!("{name}: {why}"),
        }
    }
    assert!(set >= 7, "what needs no further font is set everywhere");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pdf/golden.py");
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pdf/golden");
    let mut compare = Command::new(python);
    compare.arg(script).arg(folder.path()).arg(golden);
    if write.is_ok_and(|wish| wish == "write") {
        compare.arg("--write");
    }
    let said = compare.output().unwrap();
    assert!(
        said.status.success(),
        "{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
}
