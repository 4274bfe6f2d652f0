//! Ballots off the beaten track: by a link from a mail, by telephone, and as they stand in the minutes.

use chrono::TimeDelta;
use letters::ids::RequestId;

use crate::harness::{Browser, Page};
use crate::review::world::{Committee, member};

/// A committee with a request on which seat 5 has called a tallied vote.
fn voting() -> (Committee, RequestId) {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    committee.call_tally(id, 5);
    (committee, id)
}

/// What is checked on the ballot that the page shows.
fn checked(page: &Page) -> Option<String> {
    let (_, fields) = page.form("/ballot", &[]);
    fields.into_iter().find(|(name, _)| name == "choice").map(|(_, choice)| choice)
}

/// The link of the call to vote that marks `choice`.
fn link_for(committee: &Committee, address: &str, choice: &str) -> String {
    let mails = committee.world.mail_to(address);
    let call = mails.iter().find(|mail| mail.kind == "call-to-vote").expect("a call to vote");
    let link = call.text.split_whitespace().find(|word| word.contains(&format!("choice={choice}")));
    link.unwrap_or_else(|| panic!("no link for {choice} in {}", call.text)).to_owned()
}

/// Signs in from the page that asked for it; where that leads.
fn sign_in_from(committee: &Committee, browser: &Browser, asked: &Page, address: &str) -> Page {
    assert!(asked.path.starts_with("/sign-in"), "{}: {}", asked.path, asked.text());
    committee.world.wait(TimeDelta::minutes(2));
    browser.submit(asked, "/sign-in", &[("address", address)]);
    let confirm = browser.get(&committee.world.sign_in_mail(address).link(&committee.world));
    browser.submit(&confirm, "/sign-in/confirm", &[])
}

#[test]
fn a_link_that_marks_a_choice_outlives_sign_in_and_declaration_and_casts_nothing() {
    let (committee, id) = voting();
    let voter = member(2);
    let browser = committee.world.browser();
    let asked = browser.get(&link_for(&committee, &voter, "no"));
    let page = sign_in_from(&committee, &browser, &asked, &voter);
    assert!(page.has_form("/conflict"), "the declaration comes first: {}", page.text());
    let missing = browser.submit(&page, "/conflict", &[]);
    assert_eq!(missing.status, 422);
    let page = browser.submit(&missing, "/conflict", &[("conflict", "none")]);
    assert_eq!(checked(&page).as_deref(), Some("no"), "{}", page.path);
    for words in ["Your link has marked “No” below.", "Nothing is cast until you press the button."] {
        assert!(page.text().contains(words), "{}", page.text());
    }
    assert!(committee.ballots(id).is_empty(), "looking casts nothing");

    let wrong = browser.submit(&page, "/ballot", &[]);
    assert!(wrong.status == 422 && checked(&wrong).as_deref() == Some("no"), "a no needs its reason");
    browser.submit(&wrong, "/ballot", &[("vote_reason", "Too vague.")]);
    assert_eq!(committee.ballots(id), [("no".to_owned(), true)]);

    let again = browser.get(&link_for(&committee, &voter, "yes"));
    assert_eq!(checked(&again).as_deref(), Some("yes"));
    assert!(again.text().contains("the seat’s ballot stays as it is: No."), "{}", again.text());
    assert!(again.body.contains("Too vague."), "the reason so far is kept");
    assert_eq!(committee.ballots(id), [("no".to_owned(), true)], "opening another link changes nothing");
}

#[test]
fn an_unknown_choice_in_the_address_is_ignored() {
    let (committee, id) = voting();
    let browser = committee.browser(&member(2));
    committee.declare(&browser, id);
    for query in ["?choice=maybe", "?choice=", "?choice=Yes", "?other=yes", "?choice=%22%3E%3Cb%3E"] {
        let page = browser.get(&format!("/requests/{id}/review{query}"));
        assert_eq!((page.status, checked(&page)), (200, None), "{query}");
        assert!(!page.text().contains("has marked"), "{query}: {}", page.text());
    }
    assert!(committee.ballots(id).is_empty());
}
