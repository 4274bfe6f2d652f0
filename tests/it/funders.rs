//! What funders want of letters, as everybody reads it, as applicants meet it, and as staff hold a letter against it.

use diesel::prelude::*;
use letters::store::schema::call_checks;
use letters::workflow::request::fields::Field;

use crate::harness::{Browser, Page, World};
use crate::letter::{Supported, refusal};
use crate::request::{filled, save};
use crate::whole_story::TICKS;

const ADA: &str = "ada@uni.example";

/// A complete draft for this funder and programme with this kind of letter; its path.
fn draft_for(browser: &Browser, funder: &str, programme: &str, kind: &str) -> String {
    let path = filled(browser);
    save(browser, &path, "funder", &[("funder", funder), ("programme", programme)]);
    save(browser, &path, "letter", &[("letter_kind", kind)]);
    path
}

fn check(browser: &Browser, path: &str) -> Page {
    browser.get(&format!("{path}/check"))
}

#[test]
fn everybody_reads_what_is_known_of_funders_and_what_is_not() {
    let world = World::new();
    let page = world.browser().get("/funders");
    assert_eq!(page.status, 200);
    let text = page.text();
    for said in ["What is not known is said so", "Whether letters are taken is not known", "of May 2024", "Not known"] {
        assert!(text.contains(said), "{said}");
    }
    assert!(page.count("main section.entry") >= 28);
    assert_eq!(page.count("#nsf a[href^='https://']"), 4, "each source is a link");
    assert!(world.browser().get("/faq").has_link("/funders"));
}

#[test]
fn choosing_a_funder_shows_its_rules_with_their_date() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = draft_for(&ada, "UKRI", "STFC Consolidated Grant", "commitment");
    for page in ["edit/funder", "edit/letter", "check"] {
        let page = ada.get(&format!("{path}/{page}"));
        let text = page.text();
        for said in
            ["A proposal needs letters", "Pages: At most 2", "Addressee: Not known", "of 2020", "The call decides"]
        {
            assert!(text.contains(said), "{said} on {}: {text}", page.path);
        }
        assert!(page.has_link("/funders#stfc"));
    }
    let path = draft_for(&ada, "Example Endowment", "Collections", "support");
    assert!(check(&ada, &path).text().contains("We do not know this funder’s rules"));
}

#[test]
fn a_kind_that_the_funder_does_not_take_is_not_sent_and_another_one_is() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = draft_for(&ada, "National Science Foundation (NSF)", "Cyberinfrastructure", "support");
    let page = save(&ada, &path, "letter", &[("letter_kind", "support"), ("points", "Kept.")]);
    assert_eq!(page.status, 422);
    let text = page.text();
    assert!(text.contains("takes a letter of collaboration, and not a letter of support"), "{text}");
    assert!(text.contains("without review") && text.contains("Points for the letter"), "{text}");
    assert_eq!(page.count(".errors a[href='#letter_kind']"), 1);
    assert!(page.body.contains("Kept."));

    let missing = check(&ada, &path);
    assert!(missing.has_link(&format!("{path}/edit/letter?back=check#letter_kind")), "{}", missing.text());
    assert_eq!(missing.count("form[action$='/check']"), 0, "there is no button to send it");

    assert_eq!(save(&ada, &path, "letter", &[("letter_kind", "collaboration")]).status, 200);
    let sent = ada.submit(&check(&ada, &path), "/check", &[]);
    assert!(sent.text().contains("LOS-2026-0001"), "{}", sent.text());
}

#[test]
fn where_the_funder_may_not_take_the_letter_the_applicant_confirms_a_look_at_the_call() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = draft_for(&ada, "ANR", "AAPG", "support");
    let page = check(&ada, &path);
    assert!(
        page.text().contains("By what we know, Agence nationale de la recherche takes no letters"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("of 2013"));
    let refused = ada.submit(&page, "/check", &[]);
    assert_eq!(refused.status, 422);
    assert_eq!(refused.count(".errors a[href='#funder_rules_confirmed']"), 1, "{}", refused.text());
    let sent = ada.submit(&refused, "/check", &[("funder_rules_confirmed", "yes")]);
    assert!(sent.text().contains("LOS-2026-0001"), "{}", sent.text());
}

#[test]
fn a_funder_whose_portal_the_writer_uses_can_be_asked_for() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = draft_for(&ada, "SSHRC", "Partnership Grant", "commitment");
    let page = check(&ada, &path);
    assert!(page.text().contains("takes no letter as a file"), "{}", page.text());
    let sent = ada.submit(&page, "/check", &[("funder_rules_confirmed", "yes")]);
    assert!(sent.text().contains("LOS-2026-0001"), "{}", sent.text());
}

const SAM: &str = "sam@people.example";
const COLLEAGUE: &str = "kim@people.example";

/// A request that the committee supports, for a letter of this kind to this funder.
fn supported(world: &World, funder: &'static str, programme: &'static str, kind: &'static str) -> Supported {
    Supported::with(world, |field| match field {
        Field::Title => "Scrolls in Motion".into(),
        Field::Funder => funder.into(),
        Field::Programme => programme.into(),
        Field::PiName => "Dr Noor Jansen".into(),
        Field::LetterKind => kind.into(),
        Field::DeadlineDate => "2026-04-20".into(),
        Field::DeadlineTime => "17:00".into(),
        Field::DeadlineZone => "America/New_York".into(),
        _ => String::new(),
    })
}

/// Staff begin the letter and look at the check before its release.
fn begun(world: &World, request: &Supported) -> (Browser, Page) {
    let staff = world.signed_in(SAM);
    let path = format!("/requests/{}/letter", request.id);
    let editor = staff.submit(&staff.get(&path), "/letter/draft", &[]);
    let page = staff.submit(&editor, "/letter", &[("check", "yes")]);
    assert_eq!((page.status, page.path.as_str()), (200, format!("{path}/check").as_str()), "{}", page.text());
    (staff, page)
}

/// The letter is passed on from this page, and a colleague issues it.
fn issued(world: &World, staff: &Browser, page: &Page) -> Page {
    let passed_on = staff.submit(page, "/letter/pass-on", TICKS);
    assert!(passed_on.text().contains("Passed on"), "{}", passed_on.text());
    let colleague = world.signed_in(COLLEAGUE);
    colleague.submit(&colleague.get(&page.path), "/letter/issue", TICKS)
}

fn kept(world: &World) -> Vec<(String, String, String)> {
    let query = call_checks::table.select((call_checks::profile, call_checks::misfits, call_checks::reason));
    world.store().read_now(|view| Ok(query.load(view.connection())?)).unwrap()
}

#[test]
fn a_letter_goes_out_once_staff_held_it_against_the_call_and_gave_a_reason_for_what_does_not_fit() {
    let world = World::new();
    let request = supported(&world, "NSF", "Cyberinfrastructure", "collaboration");
    let (staff, page) = begun(&world, &request);
    let text = page.text();
    for said in
        ["Limitation of endorsement", "Does not fit", "Look yourself", "without review", "of May 2024", "Not known"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!page.has_form(&format!("/requests/{}/letter/pass-on", request.id)), "it cannot be passed on yet");

    let wrong = staff.submit(&page, "/letter/call", &[]);
    assert_eq!(wrong.status, 422);
    let errors = [".errors a[href='#call_checked']", ".errors a[href='#call_reason']"];
    assert_eq!(errors.map(|error| wrong.count(error)), [1, 1], "{}", wrong.text());
    let wrong = staff.submit(&wrong, "/letter/call", &[("call_reason", "Section 4 of the call asks for it.")]);
    assert!(wrong.body.contains("Section 4 of the call asks for it."), "what was typed is kept");
    assert_eq!(kept(&world), [], "nothing was kept");

    let held = staff.submit(&wrong, "/letter/call", &[("call_checked", "yes")]);
    assert!(held.text().contains("Sam Staff held this text"), "{}", held.text());
    assert!(held.text().contains("because: Section 4 of the call asks for it."), "{}", held.text());
    let rows = kept(&world);
    let [(profile, misfits, reason)] = rows.as_slice() else { panic!("{rows:?}") };
    assert!(profile.contains("\"id\":\"nsf\"") && misfits.contains("Limitation"), "{rows:?}");
    assert_eq!(reason, "Section 4 of the call asks for it.");

    let issued = issued(&world, &staff, &held);
    assert!(issued.text().contains("The letter is issued"), "{}", issued.text());
    let journal = request.journal(&world);
    let place = |what: &str| journal.iter().position(|entry| entry == what);
    assert!(place("letter-held-against-call") < place("letter-issued"), "{journal:?}");
    assert!(place("letter-held-against-call").is_some());
}

#[test]
fn a_text_that_was_not_held_against_the_call_is_not_issued_by_anybody() {
    let world = World::new();
    let request = supported(&world, "NSF", "Cyberinfrastructure", "collaboration");
    let (staff, page) = begun(&world, &request);
    assert_eq!(refusal(request.pass_on(&world, &request.look(&world))).code, "not-held-against-call");

    let confirm = [("call_checked", "yes"), ("call_reason", "The call asks for it.")];
    let other = world.signed_in(SAM);
    let stale = other.get(&page.path);
    assert_eq!(staff.submit(&page, "/letter/call", &confirm).status, 200);
    let path = format!("/requests/{}/letter", request.id);
    let editor = staff.get(&path);
    let changed = [("body", "If the proposal is selected, we intend to collaborate."), ("check", "yes")];
    let page = staff.submit(&editor, "/letter", &changed);
    assert!(page.text().contains("Look once more"), "{}", page.text());
    assert!(!page.has_form(&format!("{path}/pass-on")));
    assert_eq!(refusal(request.pass_on(&world, &request.look(&world))).code, "not-held-against-call");

    let late = other.submit(&stale, "/letter/call", &confirm);
    assert_eq!(late.status, 409, "somebody who looked at the earlier text confirms nothing: {}", late.text());
    assert!(late.has_link(&format!("{path}/check")));
}

#[test]
fn what_is_sent_twice_is_kept_once() {
    let world = World::new();
    let request = supported(&world, "Research Council of Finland", "Academy Project", "commitment");
    let (staff, page) = begun(&world, &request);
    let confirm = [("call_checked", "yes"), ("call_reason", "The call asks for it.")];
    for _ in 0..2 {
        assert_eq!(staff.submit(&page, "/letter/call", &confirm).status, 200);
    }
    let journal = request.journal(&world);
    assert_eq!(journal.iter().filter(|entry| *entry == "letter-held-against-call").count(), 1, "{journal:?}");
}

#[test]
fn the_file_is_called_as_the_funder_prescribes() {
    let world = World::new();
    let request = supported(&world, "Research Council of Finland", "Academy Project", "commitment");
    let (staff, page) = begun(&world, &request);
    assert!(page.text().contains("jansen_commitment.pdf"), "{}", page.text());
    let confirm = [("call_checked", "yes"), ("call_reason", "Agreed with the programme.")];
    // The draft of a commitment waits for what is committed.
    let editor = staff.get(&format!("/requests/{}/letter", request.id));
    let text = [("body", "The IIIF Consortium will contribute two days a year."), ("check", "yes")];
    let page = staff.submit(&editor, "/letter", &text);
    let page = staff.submit(&page, "/letter/call", &confirm);
    let issued = issued(&world, &staff, &page);
    assert!(issued.text().contains("jansen_commitment.pdf"), "{}", issued.text());
    let file = world.signed_in("ada@people.example").get(&format!("/requests/{}/letter.pdf", request.id));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"jansen_commitment.pdf\"");
}

#[test]
fn the_editor_shows_the_letter_beside_the_funders_rules() {
    let world = World::new();
    let request = supported(&world, "NIH", "R01", "support");
    let (staff, _) = begun(&world, &request);
    let editor = staff.get(&format!("/requests/{}/letter", request.id));
    let text = editor.text();
    assert!(text.contains("Rules of U.S. National Institutes of Health"), "{text}");
    assert!(text.contains("No larger than US Letter"), "A4 does not fit: {text}");
    let page = staff.submit(&editor, "/letter", &[("paper", "us-letter")]);
    assert!(page.text().contains("Fits No larger than US Letter"), "{}", page.text());
}

#[test]
fn where_the_rules_are_not_known_the_page_says_so_and_staff_read_the_call() {
    let world = World::new();
    let request = supported(&world, "National Heritage Fund", "Shared Collections", "support");
    let (staff, page) = begun(&world, &request);
    assert!(page.text().contains("We do not know this funder’s rules"), "{}", page.text());
    let issued = issued(&world, &staff, &page);
    assert!(issued.text().contains("The letter is issued"), "{}", issued.text());
    assert_eq!(kept(&world), []);
}
