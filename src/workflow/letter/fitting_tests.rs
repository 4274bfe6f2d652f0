//! A letter held against the bundled profiles: each rule kept, broken and not known.

use proptest::prelude::*;

use super::*;
use crate::funders::bundled::funders;
use crate::workflow::letter::language::Language;
use crate::workflow::letter::rules;
use crate::workflow::letter::text::sample;

fn profile(id: &str) -> &'static Profile {
    funders().unwrap().get(id).unwrap()
}

fn letter(text: &LetterText) -> Letter<'_> {
    Letter {
        text,
        pages: Some(1),
        bytes: 50_000,
        kind: Some(Kind::Commitment),
        investigator: "Dr Noor Jansen",
        deadline: "2026-04-20".parse().ok(),
        file_name: "IIIF_LOS-2026-0001.pdf",
    }
}

fn fit_of(checks: &[Check], what: &str) -> Vec<Fit> {
    checks.iter().filter(|check| check.what == what).map(|check| check.fit).collect()
}

/// A letter as NSF prescribes it.
fn one_sentence() -> LetterText {
    let mut text = sample::letter();
    text.paragraphs = vec![
        "If the proposal submitted by Dr Noor Jansen entitled “Scrolls in Motion” is selected for funding by NSF, it is \
         the intent of the IIIF Consortium to collaborate and/or commit resources as detailed in the Project Description."
            .into(),
    ];
    text
}

#[test]
fn pages_are_counted_against_the_limit_and_an_unknown_limit_is_unknown() {
    let text = sample::letter();
    let two = Letter { pages: Some(2), ..letter(&text) };
    let three = Letter { pages: Some(3), ..letter(&text) };
    let pages = |id: &str, letter: &Letter<'_>| fit_of(&checks(profile(id), letter), "Pages");
    assert_eq!([pages("stfc", &two), pages("stfc", &three)], [[Fit::Fits], [Fit::Misfit]]);
    assert_eq!(pages("stfc", &Letter { pages: None, ..two }), [Fit::Look]);
    assert_eq!([pages("neh", &three), pages("wellcome", &three)], [[Fit::Unknown], [Fit::Unknown]]);
}

#[test]
fn the_language_is_the_letters_and_not_always_english() {
    let fit = |rule: &str, language| {
        let profile = Profile { language: Fact::Known(rule.to_owned()), ..profile("nih").clone() };
        fit_of(&checks(&profile, &letter(&LetterText { language, ..sample::letter() })), "Language")
    };
    let either = "English or Japanese, or with a translation";
    for (rule, language, fits) in [
        ("English", Language::English, Fit::Fits),
        ("English", Language::French, Fit::Misfit),
        (either, Language::English, Fit::Fits),
        (either, Language::Japanese, Fit::Look),
        (either, Language::French, Fit::Look),
    ] {
        assert_eq!(fit(rule, language), [fits], "{rule} {language}");
    }
}

#[test]
fn links_are_only_where_the_funder_takes_them() {
    let mut text = sample::letter();
    text.paragraphs.push("See https://iiif.io and https://example.org.".into());
    let taking = |taken| Profile { links: taken, ..profile("nih").clone() };
    let links = |profile: &Profile, text: &LetterText| fit_of(&checks(profile, &letter(text)), "Links");
    assert_eq!(links(profile("nih"), &text), [Fit::Fits], "printed as text");
    text.has_links = true;
    assert_eq!(text.links(), 3);
    assert_eq!(links(profile("nih"), &text), [Fit::Misfit]);
    assert_eq!(links(&taking(Fact::Known(true)), &text), [Fit::Fits]);
}

#[test]
fn the_paper_is_the_funders() {
    let mut text = sample::letter();
    let paper = |text: &LetterText| fit_of(&checks(profile("nih"), &letter(text)), "Paper");
    assert_eq!(paper(&text), [Fit::Misfit], "A4 is longer than US Letter");
    text.paper = Paper::UsLetter;
    assert_eq!(paper(&text), [Fit::Fits]);
}

#[test]
fn a_letter_is_dated_by_the_deadline_and_is_not_too_old_then() {
    let text = sample::letter();
    let age = |id: &str, deadline: &str| {
        fit_of(&checks(profile(id), &Letter { deadline: deadline.parse().ok(), ..letter(&text) }), "Age of the letter")
    };
    // The letter is of 2 March 2026.
    assert_eq!([age("stfc", "2026-09-02"), age("stfc", "2026-09-03")], [[Fit::Fits], [Fit::Misfit]]);
    assert_eq!([age("neh", "2026-03-02"), age("neh", "2026-03-01")], [[Fit::Unknown], [Fit::Misfit]]);
    assert_eq!(age("stfc", ""), [Fit::Unknown]);
}

#[test]
fn two_pages_have_a_footer_that_nih_does_not_take() {
    let text = sample::letter();
    let what = "Page headers and footers";
    assert_eq!(fit_of(&checks(profile("nih"), &letter(&text)), what), [Fit::Fits]);
    assert_eq!(fit_of(&checks(profile("nih"), &Letter { pages: Some(2), ..letter(&text) }), what), [Fit::Misfit]);
    assert_eq!(fit_of(&checks(profile("neh"), &letter(&text)), what), [Fit::Unknown]);
    assert_eq!(fit_of(&checks(profile("nih"), &letter(&text)), "Links"), [Fit::Fits]);
}

#[test]
fn the_prescribed_sentence_passes_and_its_limitation_is_left_to_a_person() {
    let text = one_sentence();
    let held = checks(profile("nsf"), &Letter { kind: Some(Kind::Collaboration), ..letter(&text) });
    let misfits: Vec<&str> = held.iter().filter(|check| check.fit == Fit::Misfit).map(|check| check.what).collect();
    assert_eq!(misfits, ["Limitation of endorsement"]);
}

#[test]
fn each_thing_that_nsf_prescribes_is_missed_when_it_is_not_said() {
    for (from, to) in [
        ("Dr Noor Jansen", "the applicant"),
        ("“Scrolls in Motion”", "this work"),
        ("If the proposal", "Since the proposal"),
        ("intent", "wish"),
        ("Project Description", "proposal"),
        ("NSF, it is", "NSF. We strongly support it. It is"),
    ] {
        let mut text = one_sentence();
        text.paragraphs[0] = text.paragraphs[0].replace(from, to);
        let held = checks(profile("nsf"), &Letter { kind: Some(Kind::Collaboration), ..letter(&text) });
        let missed =
            held.iter().filter(|check| check.fit == Fit::Misfit && check.what.starts_with("What it must")).count();
        assert!(missed >= 1, "{from}: {held:#?}");
    }
}

#[test]
fn finland_has_its_own_file_name_and_no_recommendation() {
    let rcf = profile("rcf");
    let usual = || rules::file_name("LOS-2026-0001");
    assert_eq!(file_name(Some(rcf), "Dr Noor Jansen", usual()), "jansen_commitment.pdf");
    assert_eq!(file_name(Some(rcf), "Žižka Núñez", usual()), "nunez_commitment.pdf");
    assert_eq!(file_name(Some(rcf), "王", usual()), "IIIF_LOS-2026-0001.pdf");
    assert_eq!(file_name(Some(profile("neh")), "Dr Noor Jansen", usual()), "IIIF_LOS-2026-0001.pdf");
    let mut text = sample::letter();
    let own = Letter { file_name: "jansen_commitment.pdf", ..letter(&text) };
    assert_eq!(fit_of(&checks(rcf, &own), "Name of the file"), [Fit::Fits]);
    assert_eq!(fit_of(&checks(rcf, &letter(&text)), "Name of the file"), [Fit::Misfit]);
    text.paragraphs.push("We recommend it.".into());
    assert!(fit_of(&checks(rcf, &letter(&text)), "What it must not say").contains(&Fit::Misfit));
}

#[test]
fn a_file_name_is_plain_or_it_does_not_fit() {
    for (name, plain) in [
        ("IIIF-LOS_Smith_NLG_20261122.pdf", true),
        ("IIIF LOS.pdf", true),
        ("IIIF&Co.pdf", false),
        ("IIIF  LOS.pdf", false),
        (" IIIF.pdf", false),
        ("IIIF .pdf", false),
        ("Núñez.pdf", false),
        ("IIIF.PDF", false),
        ("_IIIF.pdf", false),
        (".pdf", false),
    ] {
        assert_eq!(is_plain_name(name), plain, "{name:?}");
    }
}

#[test]
fn what_does_not_fit_stands_first_and_needs_a_reason() {
    let text = sample::letter();
    let held = checks(profile("nsf"), &letter(&text));
    assert!(held.is_sorted_by_key(|check| check.fit));
    let typed = |ticked, reason| read(&held, Typed { ticked, reason });
    let fields = |errors: FieldErrors| errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>();
    assert_eq!(fields(typed(false, " ").unwrap_err()), [fields::CALL_CHECKED, fields::REASON]);
    assert_eq!(typed(true, "The call asks for it.").unwrap(), "The call asks for it.");
    assert_eq!(read(&[], Typed { ticked: true, reason: "Not needed." }).unwrap(), "", "no reason without a need");
}

#[test]
fn the_sheet_is_as_the_template_and_the_press_have_it() {
    let template = include_str!("../../../templates/letter/letter.typ");
    let press = include_str!("pdf.rs");
    assert!(template.contains("size: 11pt") && template.contains("set text(8pt"));
    assert!(sheets::FAMILIES.contains(&TYPEFACE));
    assert_eq!(template.matches("#link(").count(), 1, "the page that checks letters, as `LetterText::links` counts");
    assert!(template.contains("{% if text.has_links %}#link("));
    assert!(press.contains("(\"17\", \"15\"), sides: \"25\"") && press.contains("(\"14\", \"12\"), sides: \"22\""));
}

proptest! {
    #[test]
    fn a_generated_name_passes_every_portal(investigator in ".{0,60}", number in "[A-Z0-9-]{0,60}", at in 0_usize..28) {
        let profile = &funders().unwrap().profiles[at];
        let name = file_name(Some(profile), &investigator, rules::file_name(&number));
        prop_assert!(name.len() <= 36 && is_plain_name(&name), "{name}");
    }

    #[test]
    fn no_rule_that_is_not_known_is_ever_kept_or_broken(at in 0_usize..28, pages in 1_usize..9, body in ".{0,200}") {
        let profile = &funders().unwrap().profiles[at];
        let mut text = sample::letter();
        text.paragraphs = vec![body];
        for check in checks(profile, &Letter { pages: Some(pages), ..letter(&text) }) {
            prop_assert_eq!(check.known.is_empty(), check.fit == Fit::Unknown, "{:?}", check);
        }
    }
}
