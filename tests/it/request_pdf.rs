//! The request as a file to keep: who gets it, what it says, and that nothing anyone typed keeps it from being made.

use crate::harness::Page;
use crate::letter::read_back;
use crate::request::{filled, save};
use crate::review::world::{APPLICANT, Committee, PLAIN, STAFF, member};

fn is_pdf(page: &Page) -> bool {
    page.status == 200 && page.header("content-type") == "application/pdf" && page.bytes.starts_with(b"%PDF-")
}

#[test]
fn whoever_asks_keeps_a_copy_with_every_answer_once_the_request_is_sent() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    save(&applicant, &path, "project", &[("title", "Maps for all"), ("summary", "#panic(1) <b>\n\nSecond part.")]);
    let early = applicant.get(&format!("{path}/request.pdf"));
    assert_eq!(early.status, 404);
    assert!(early.text().contains("not sent yet") && early.has_link(&path), "{}", early.text());

    let sent = applicant.submit(&applicant.get(&format!("{path}/check")), "/check", &[]);
    let address = format!("{path}/request.pdf");
    assert!(sent.has_link(&address), "{}", sent.text());
    assert!(applicant.get(&path).has_link(&address));
    let copy = applicant.get(&address);
    assert!(is_pdf(&copy), "{}", copy.text());
    assert_eq!(copy.header("content-disposition"), "attachment; filename=\"request-LOS-2026-0001.pdf\"");
    assert_eq!(copy.bytes, applicant.get(&address).bytes, "the same request twice");
    let head = applicant.head(&address);
    assert_eq!((head.status, head.bytes.len()), (200, 0));

    let Some(text) = read_back(&copy.bytes) else { return };
    for said in [
        "Maps for all",
        "#panic(1) <b>",
        "Second part.",
        "LOS-2026-0001",
        "that is 20 April 2026, 21:00 UTC",
        "Page 1 of",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
}

#[test]
fn no_character_and_no_long_word_leaves_anybody_without_a_copy() {
    let committee = Committee::new();
    let long = "x".repeat(2_000);
    let form = PLAIN.replace("A secret summary", &format!("Cuneiform 𒀀𒁁 and {long} and עברית"));
    let id = committee.request_with(Box::leak(form.into_boxed_str()), None);
    let copy = committee.browser(APPLICANT).get(&format!("/requests/{id}/request.pdf"));
    assert!(is_pdf(&copy), "{}", copy.text());
    let Some(text) = read_back(&copy.bytes) else { return };
    assert!(text.contains("Cuneiform ?? and") && text.contains("U+12000 U+12041"), "{text}");
    let letters = text.chars().filter(|c| *c == 'x').count();
    assert!(letters >= 2_000, "{letters} of 2,000 letters are on the page");
}

#[test]
fn those_who_review_have_it_too_and_nobody_else_hears_of_it() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let address = format!("/requests/{id}/request.pdf");
    let reviewers = committee.reviewers(id);
    let reviewer = committee.browser(&member(reviewers[0]));
    assert_eq!(reviewer.get(&address).status, 403, "before the seat declares");
    committee.declare(&reviewer, id);
    assert!(is_pdf(&reviewer.get(&address)));
    assert!(reviewer.get(&format!("/requests/{id}/review")).has_link(&address));
    let staff = committee.browser(STAFF);
    assert!(is_pdf(&staff.get(&address)) && staff.get(&format!("/requests/{id}/motion")).has_link(&address));
    let stranger = committee.world.signed_in("stranger@uni.example");
    assert_eq!(stranger.get(&address).status, 404);
}
