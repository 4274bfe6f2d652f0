//! What funders want of letters, as everybody reads it and as applicants meet it.

use crate::harness::{Browser, Page, World};
use crate::request::{filled, save};

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
