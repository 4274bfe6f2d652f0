//! Letters to measure with.

#![allow(dead_code, reason = "each measurement uses what it needs of it")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use letters::ids;
use letters::members::institution::Membership;
use letters::workflow::letter::code::Code;
use letters::workflow::letter::draft::Facts;
use letters::workflow::letter::house::colour::Colour;
use letters::workflow::letter::language::Language;
use letters::workflow::letter::pdf::{Press, Printed};
use letters::workflow::letter::text::{LetterText, Letterhead, Paper, SignedBy, Verification};
use typesetter::Typst;

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let typst = Typst::new(None).unwrap_or_else(|why| unreachable!("{why}"));
    Press::new(Arc::new(typst))
});
static NUMBER: AtomicUsize = AtomicUsize::new(1);

/// Sets some letters, so that the next one finds the fonts loaded.
pub(crate) fn warm() {
    let set = (0..20).filter(|_| print(&different()).pages == 1).count();
    assert_eq!(set, 20, "a sample letter is one page");
}

/// Sets a letter.
pub(crate) fn print(letter: &LetterText) -> Printed {
    PRESS.print(letter).unwrap_or_else(|why| unreachable!("{why}"))
}

/// A letter that shares no name, number, answer or code with the one before.
pub(crate) fn different() -> LetterText {
    let n = NUMBER.fetch_add(1, Ordering::Relaxed);
    let facts = Facts {
        title: format!("Collection {n} in Motion: Opening Painted Handscrolls"),
        institution: format!("University of Example {n}"),
        standing: Some(Membership::Full),
        investigator: format!("Dr Noor Jansen the {n}th"),
        funder: "National Heritage Fund".into(),
        programme: format!("Shared Collections {n}"),
        call: format!("SC-{n}"),
        summary: format!(
            "We will photograph and describe {n} painted handscrolls and publish them with transcriptions."
        ),
        relevance: format!("All {n} scrolls will be delivered through the Image and Presentation APIs."),
        enrichment: format!("About {n}000 images and an open viewer component will be free for anyone to use."),
        participation: format!("We will report {n} times to the Manuscripts group."),
        decided_on: NaiveDate::from_ymd_opt(2026, 2, 24),
        ..Facts::default()
    };
    LetterText {
        language: Language::default(),
        paper: Paper::A4,
        house: 0,
        letterhead: Letterhead {
            name: "IIIF Consortium".into(),
            full_name: "International Image Interoperability Framework".into(),
            lines: vec!["iiif.io".into(), "admin@iiif.io".into()],
            accent: Colour::BUNDLED,
            logo: None,
        },
        addressee: facts.addressee(),
        number: format!("LOS-2026-{n:04}"),
        date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default(),
        subject: facts.subject(),
        paragraphs: facts.paragraphs().unwrap_or_else(|fault| unreachable!("{fault}")),
        has_links: false,
        signed_by: SignedBy {
            name: "Robin Example".into(),
            capacity: "Managing Director".into(),
            contact: String::new(),
            signature: None,
        },
        co_signed: vec![],
        verification: Verification { address: "https://letters.example/verify".into(), code: code() },
    }
}

fn code() -> Code {
    loop {
        if let Some(code) = Code::from_chance(ids::nonce()) {
            return code;
        }
    }
}
