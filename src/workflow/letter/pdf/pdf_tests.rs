//! What a letter's PDF must be, and that no value in it is ever read as markup or code.

use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::members::institution::Membership;
use crate::workflow::letter::house::picture::{Picture, sample};
use crate::workflow::letter::language::Language;
use crate::workflow::letter::prose::literal;
use crate::workflow::letter::text::{self, SignedBy};

static PRESS: LazyLock<Press> = LazyLock::new(|| press(None));

pub(super) fn press(fonts: Option<&Path>) -> Press {
    Press::new(Arc::new(typesetter::Typst::new(fonts).unwrap()))
}

/// A letter with ordinary words in every part.
pub(super) fn drafted() -> LetterText {
    drafted_in(Language::English)
}

/// The same in another language: what is fixed, and the words a new letter starts with.
pub(super) fn drafted_in(language: Language) -> LetterText {
    let facts = crate::workflow::letter::draft::Facts {
        language,
        title: "Scrolls in Motion: Opening Painted Handscrolls from Six Collections".into(),
        institution: "Example University Library".into(),
        standing: Some(Membership::Full),
        investigator: "Dr Noor Jansen".into(),
        funder: "National Heritage Fund".into(),
        programme: "Shared Collections".into(),
        call: "SC-2026-02".into(),
        summary:
            "We will photograph and describe 912 painted handscrolls held by six libraries and publish them with their \
            transcriptions. Readers will be able to unroll each scroll on any screen."
                .into(),
        relevance: "Every scroll will be delivered through the Image and Presentation APIs, version 3.0.".into(),
        enrichment:
            "About 14,000 images and an open viewer component for very wide canvases will be free for anyone to use."
                .into(),
        participation:
            "Two of us will attend the community calls and the Manuscripts group and report there twice a year.".into(),
        decided_on: NaiveDate::from_ymd_opt(2026, 2, 24),
        ..Default::default()
    };
    LetterText {
        language,
        addressee: facts.addressee(),
        subject: facts.subject(),
        paragraphs: facts.paragraphs().unwrap(),
        ..text::sample::letter()
    }
}

#[test]
fn no_value_of_the_letter_goes_around_the_escaper() {
    let template = include_str!("../../../../templates/letter/letter.typ");
    assert!(!template.contains("safe"), "a value is marked safe");
}

#[test]
fn a_drafted_letter_is_one_page_on_both_papers_and_the_same_bytes_each_time() {
    for paper in text::Paper::ALL {
        let letter = LetterText { paper: *paper, ..drafted() };
        let first = PRESS.print(&letter).unwrap();
        assert_eq!(first.pages, 1, "{paper}");
        assert!(first == PRESS.print(&letter).unwrap(), "{paper}: two runs differ");
    }
}

#[test]
fn the_pdf_declares_both_standards_its_language_and_its_title() {
    let bytes = PRESS.print(&drafted()).unwrap().bytes;
    let file = String::from_utf8_lossy(&bytes);
    for fact in [
        "<pdfaid:part>2<",
        "<pdfaid:conformance>U<",
        "<pdfuaid:part>1<",
        "/Lang(en-GB)",
        "Letter of support for",
        "IIIF Consortium",
    ] {
        assert!(file.contains(fact), "{fact}");
    }
}

/// The same letter with a logo and a signature of these kinds.
pub(super) fn with_pictures(logo: &[u8], signature: &[u8]) -> LetterText {
    let read = |bytes: &[u8]| Picture::read(bytes, bytes.len()).unwrap();
    let mut letter = drafted();
    letter.letterhead.logo = Some(read(logo));
    letter.letterhead.accent = "#8c2f22".parse().unwrap();
    letter.signed_by.signature = Some(read(signature));
    letter
}

pub(super) const SIGNATURE: &[u8] = include_bytes!("../../../../content/demo-signature.png");

#[test]
fn a_logo_and_a_signature_are_told_to_those_who_do_not_see_them_and_leave_the_letter_on_one_page() {
    for (logo, signature) in [(sample::PNG, SIGNATURE), (sample::JPEG, sample::PROGRESSIVE)] {
        let letter = with_pictures(logo, signature);
        let printed = PRESS.print(&letter).unwrap();
        assert_eq!(printed.pages, 1);
        assert!(printed == PRESS.print(&letter).unwrap(), "two runs differ");
        let file = String::from_utf8_lossy(&printed.bytes);
        for alt in ["/Alt(Logo of IIIF Consortium)", "/Alt(Signature of Robin Example)"] {
            assert!(file.contains(alt), "{alt}");
        }
    }
}

#[test]
fn a_picture_that_cannot_be_drawn_is_an_error_and_not_a_letter() {
    let mut letter = drafted();
    let mut picture = Picture::read(sample::PNG, sample::PNG.len()).unwrap();
    let mut bytes = picture.bytes.to_vec();
    let drawing = bytes.windows(4).position(|kind| kind == b"IDAT").unwrap();
    bytes[drawing + 10] ^= 0xff;
    picture.bytes = bytes.into();
    letter.letterhead.logo = Some(picture);
    assert!(matches!(PRESS.print(&letter), Err(Unprintable::Broken(_))));
}

#[test]
fn others_find_both_standards_kept_with_every_kind_of_picture() {
    #[allow(clippy::disallowed_methods, reason = "tests/run says where it has installed them")]
    let Ok(python) = std::env::var("TEST_PDF_PYTHON") else {
        eprintln!("not checked: PDF/A-2u and PDF/UA-1 of letters with pictures; tests/run installs what checks them");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut check = std::process::Command::new(python);
    check.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pdf/standards.py"));
    for (name, logo, signature) in [
        ("png", sample::PNG, SIGNATURE),
        ("jpeg", sample::JPEG, sample::PROGRESSIVE),
        ("both", SIGNATURE, sample::JPEG),
    ] {
        let file = folder.path().join(format!("{name}.pdf"));
        std::fs::write(&file, PRESS.print(&with_pictures(logo, signature)).unwrap().bytes).unwrap();
        check.arg(file);
    }
    let said = check.output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn a_character_without_a_glyph_is_named() {
    let mut letter = drafted();
    letter.signed_by.name = "\u{5c71}\u{7530} Taro".into();
    let why = PRESS.print(&letter).unwrap_err();
    assert!(matches!(&why, Unprintable::MissingGlyphs(missing) if *missing == ['\u{5c71}', '\u{7530}']), "{why}");
    assert!(why.to_string().contains("\u{5c71} (U+5C71)"));
    let many = Unprintable::MissingGlyphs(('\u{3042}'..='\u{3093}').collect()).to_string();
    assert!(many.contains("\u{3042} (U+3042)") && many.contains(" and 70 more") && many.len() < 500, "{many}");
}

#[test]
fn a_letter_is_set_in_every_language_on_one_page() {
    let press = press(Some(Path::new(SYSTEM_FONTS)));
    for language in Language::ALL.iter().copied() {
        let letter = drafted_in(language);
        let printed = match press.print(&letter) {
            Err(Unprintable::MissingGlyphs(_)) if language == Language::Japanese => continue,
            printed => printed.unwrap(),
        };
        assert_eq!(printed.pages, 1, "{language}");
        let file = String::from_utf8_lossy(&printed.bytes);
        assert!(file.contains(&format!("/Lang({language}-{})", language.region())), "{language}");
        if let Some(text) = read_back(&printed.bytes) {
            // Where lines break and which space stands where is the typesetter's.
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let (text, fixed) = (bare(&text), language.fixed());
            for part in
                [fixed.reference, fixed.particulars[0], fixed.limitation.0, fixed.check.0, &language.day(letter.date)]
            {
                assert!(text.contains(&bare(part)), "{language}: {part} is not in {text}");
            }
        }
    }
}

/// Where Debian puts its fonts.
pub(super) const SYSTEM_FONTS: &str = "/usr/share/fonts";

/// A name in a script, and a font that has it.
const NAMES: [(&str, &str); 9] = [
    (
        "\u{0645}\u{062d}\u{0645}\u{062f} \u{0627}\u{0644}\u{0643}\u{0631}\u{0645}",
        "truetype/noto/NotoNaskhArabic-Regular.ttf",
    ),
    ("\u{05d3}\u{05d5}\u{05d3} \u{05db}\u{05d4}\u{05df}", ""),
    ("\u{0391}\u{03b8}\u{03b7}\u{03bd}\u{03ac}", ""),
    ("\u{0416}\u{0443}\u{043a}\u{043e}\u{0432}\u{0441}\u{043a}\u{0438}\u{0439}", ""),
    ("\u{0938}\u{0930}\u{0938}\u{094d}\u{0935}\u{0924}\u{0940}", "truetype/noto/NotoSerifDevanagari-Regular.ttf"),
    ("\u{5218}\u{6653}\u{6ce2}", "opentype/noto/NotoSerifCJK-Regular.ttc"),
    ("\u{5c71}\u{7530}\u{3042}\u{3086}\u{307f}", "opentype/noto/NotoSerifCJK-Regular.ttc"),
    ("\u{ae40}\u{bbfc}\u{c218}", "opentype/noto/NotoSerifCJK-Regular.ttc"),
    ("Nguy\u{1ec5}n Th\u{1ecb} Minh Khai", ""),
];

#[test]
fn names_in_nine_scripts_are_set_where_their_fonts_are() {
    let press = press(Some(Path::new(SYSTEM_FONTS)));
    let is_there = |font: &str| font.is_empty() || Path::new(SYSTEM_FONTS).join(font).exists();
    for (name, font) in NAMES {
        let letter = LetterText { signed_by: SignedBy { name: name.into(), ..drafted().signed_by }, ..drafted() };
        match press.print(&letter) {
            Ok(printed) => {
                if let Some(text) = read_back(&printed.bytes) {
                    // The reader gives right-to-left words in either order; each is there whole.
                    for word in name.split(' ') {
                        assert!(text.nfc().collect::<String>().contains(word), "{word} in {text}");
                    }
                }
            }
            Err(Unprintable::MissingGlyphs(_)) if !is_there(font) => {}
            Err(why) => panic!("{name}: {why}"),
        }
    }
}

#[test]
fn each_page_of_a_long_letter_says_which_letter_it_is() {
    let letter = LetterText { paragraphs: vec!["Words that fill a page. ".repeat(30); 5], ..drafted() };
    let printed = PRESS.print(&letter).unwrap();
    assert_eq!(printed.pages, 2);
    if let Some(text) = read_back(&printed.bytes) {
        for page in ["page 1 of 2", "page 2 of 2"] {
            assert!(text.contains(&format!("Letter {}, {page}", letter.number)), "{page} in {text}");
        }
        let code = letter.verification.code.to_string();
        assert_eq!(text.matches(&code).count(), 3, "on each page and in the text: {text}");
    }
}

#[test]
fn emphasis_and_lists_are_set_and_tagged_and_links_only_where_they_are_taken() {
    let typed = "We will *gladly* do this:\n- advise on https://iiif.io/api\n- review *drafts*\n\n1. first\n2. second";
    let letter = LetterText { paragraphs: text::paragraphs(typed), ..text::sample::letter() };
    for has_links in [false, true] {
        let printed = PRESS.print(&LetterText { has_links, ..letter.clone() }).unwrap();
        let Some(read) = read_back(&printed.bytes) else { return };
        for part in ["We will gladly do this:", "advise on https://iiif.io/api", "1. first", "2. second"] {
            assert!(read.contains(part), "{part} is not in {read}");
        }
        let file = String::from_utf8_lossy(&printed.bytes);
        let tags = ["/S/Em", "/S/L/", "/S/LI"].map(|tag| file.replace(['\n', ' '], "").contains(tag));
        assert_eq!(tags, [true; 3], "emphasis and lists are tagged");
        assert_eq!(file.contains("iiif.io/api)"), has_links, "the address is a link");
    }
}

#[test]
fn a_letter_that_goes_on_and_on_is_refused() {
    let letter = LetterText { paragraphs: vec!["Words that fill a page. ".repeat(100); 10], ..drafted() };
    assert!(matches!(PRESS.print(&letter), Err(Unprintable::TooLong { pages, .. }) if pages > MOST_PAGES));
}

#[test]
fn a_word_wider_than_the_page_is_refused() {
    let letter = LetterText { paragraphs: vec!["W".repeat(200)], ..drafted() };
    assert!(matches!(PRESS.print(&letter), Err(Unprintable::OffThePage(_))));
}

/// The text of a PDF as poppler reads it, all blanks made one; `None` where pdftotext is not installed.
fn read_back(pdf: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let read = std::process::Command::new("pdftotext").arg(file.path()).arg("-").output().ok()?;
    Some(String::from_utf8(read.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn markup_in_every_field_is_read_back_from_the_pdf_as_it_was_typed() {
    let hostile = |n: usize| {
        format!("<b>{n}</b> #read(\"x\") $y$ {{{{ z }}}} {{% if %}} *a* _b_ // c /* d */ `e` @f \\u{{41}} -- ~ \"q\"")
    };
    let letter = LetterText {
        addressee: text::Addressee { lines: vec![hostile(1), hostile(2)], salutation: hostile(3) },
        number: "#4".into(),
        subject: text::Subject { title: hostile(5), particulars: vec![("Applicant".into(), hostile(6))] },
        paragraphs: vec![literal(&hostile(7)), format!("- {}", literal(&hostile(8)))],
        has_links: true,
        signed_by: text::SignedBy { name: hostile(9), capacity: hostile(10), contact: hostile(11), signature: None },
        ..drafted()
    };
    let printed = PRESS.print(&letter).unwrap();
    let Some(read) = read_back(&printed.bytes) else {
        eprintln!("not checked: pdftotext (poppler-utils) is not installed");
        return;
    };
    for n in [1, 2, 3, 5, 6, 7, 8, 9, 10, 11] {
        assert!(read.contains(&hostile(n)), "{n} is not in: {read}");
    }
}
