//! What staff find first on the page of a request, and that what was never sent does not exist for them.

use crate::request::begun;
use crate::review::world::{APPLICANT, Committee, STAFF, member};

#[test]
fn the_page_of_a_request_begins_with_where_it_stands_who_acts_next_and_who_was_written_to() {
    let committee = Committee::new();
    let (id, other) = (committee.request(), committee.request());
    committee.world.see_to_duties();
    let staff = committee.browser(STAFF);
    let path = format!("/requests/{id}/motion");
    let page = staff.get(&path);
    let text = page.text();
    for words in [
        "Stage With reviewers",
        "Who acts next The committee reviews. The reviews are due by 12 March 2026.",
        "The funder’s deadline 1 May 2026",
        "Letter needed by 11 April 2026",
        "Letter None yet",
        "People Marie, marie@uni.example (applicant)",
        "Last mails Waiting",
        "please review by",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let mails = staff.get(&format!("/outbox?about={id}"));
    assert!(page.has_link(&format!("/outbox?about={id}")) && mails.has_link(&path), "{}", mails.text());
    let (own, others) = (committee.reference(id), committee.reference(other));
    assert!(mails.first("main").contains(&own) && !mails.first("main").contains(&others), "{}", mails.text());
    assert!(
        mails.text().contains("All (4)") && mails.has_link(&format!("/outbox?state=queued&about={id}")),
        "{}",
        mails.text()
    );
    let table = staff.get(&format!("/outbox.csv?about={id}")).body;
    assert!(table.contains(&own) && !table.contains(&others), "{table}");

    // However much has been written, the page costs the same.
    let cost = || {
        // The first look after a pause also renews the web session.
        staff.get(&path);
        let before = committee.world.store().queries();
        staff.get(&path);
        committee.world.store().queries() - before
    };
    let before = cost();
    committee.call_tally(id, 1);
    assert_eq!(cost(), before);
    let text = staff.get(&path).text();
    assert!(text.contains("Who acts next The committee votes. The vote closes at the end of"), "{text}");
}

#[test]
fn the_facts_tell_of_the_letter_and_of_whoever_the_request_is_shared_with() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let applicant = committee.browser(APPLICANT);
    let people = applicant.get(&format!("/requests/{id}/people"));
    applicant.submit(&people, "/people", &[("address", "ada@uni.example"), ("level", "view")]);
    committee.call_tally(id, 1);
    for seat in 1..=7 {
        committee.vote(id, &member(seat), "yes", "");
    }
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert!(page.text().contains("Who acts next Staff release the answer."), "{}", page.text());
    assert!(page.text().contains("ada@uni.example (looks at it)"), "{}", page.text());
    let page = staff.submit(&page, "/release", &[]);
    assert!(
        page.text().contains("Who acts next Staff write the letter. It is needed by 11 April 2026."),
        "{}",
        page.text()
    );
    staff.submit(&staff.get(&format!("/requests/{id}/letter")), "/draft", &[]);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert!(page.text().contains("Letter Version 1 is being written"), "{}", page.text());
}

#[test]
fn a_draft_that_was_withdrawn_and_never_sent_does_not_exist_for_staff_and_the_committee() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = begun(&applicant);
    let page = applicant.get(&format!("{path}/edit/project"));
    applicant.submit(&page, "/edit/project", &[("title", "Never sent"), ("save", "yes")]);
    let stranger = [committee.browser(STAFF), committee.browser(&member(1))];
    let pages = [
        "",
        "/motion",
        "/record",
        "/review",
        "/discussion",
        "/letter",
        "/letter/check",
        "/letter/preview.pdf",
        "/letter/co-signers",
        "/letter/versions",
        "/posting",
        "/request.pdf",
        "/people",
        "/edit/project",
    ];
    for withdrawn in [false, true] {
        if withdrawn {
            let form = applicant.get(&format!("{path}/withdraw"));
            let gone = applicant.submit(&form, "/withdraw", &[]);
            assert_eq!(gone.status, 200, "{}", gone.text());
        }
        for (browser, who) in stranger.iter().zip(["staff", "a seat"]) {
            for page in pages {
                let answer = browser.get(&format!("{path}{page}"));
                assert!(matches!(answer.status, 403 | 404), "{who} {page}: {} {}", answer.status, answer.text());
                let is_members = page == "/review";
                assert!(
                    who != "staff" || is_members || answer.status == 404,
                    "{page}: {} {}",
                    answer.status,
                    answer.text()
                );
                assert!(!answer.body.contains("Never sent"), "{who} {page}: {}", answer.text());
            }
        }
    }
}
