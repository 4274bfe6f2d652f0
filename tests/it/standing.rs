//! What the applicant is told of where a request stands: who acts next and by when, what has happened, and who did it.

use letters::ids::RequestId;
use letters::workflow::stage::StageName;

use crate::harness::Page;
use crate::request::filled;
use crate::review::review;
use crate::review::world::{APPLICANT, Committee, PLAIN, STAFF, member};

const EDITOR: &str = "editor@uni.example";
const VIEWER: &str = "viewer@uni.example";

impl Committee {
    /// The page of a request, as this person of the applicant's side sees it.
    fn seen_by(&self, address: &str, id: RequestId) -> Page {
        self.browser(address).get(&format!("/requests/{id}"))
    }

    /// The applicant lets an editor and a viewer in.
    fn share(&self, id: RequestId) {
        let browser = self.browser(APPLICANT);
        for (address, level) in [(EDITOR, "edit"), (VIEWER, "view")] {
            let page = browser.get(&format!("/requests/{id}/people"));
            browser.submit(&page, "/people", &[("address", address), ("level", level)]);
        }
    }
}

#[test]
fn the_next_step_names_the_reviewers_day_then_the_committees() {
    let committee = Committee::new();
    let id = committee.request();
    let next = || committee.seen_by(APPLICANT, id).first(".next p");
    assert!(next().contains("today as a rule. They read it by 12 March 2026"), "{}", next());
    committee.world.see_to_duties();
    // In winter the end of a day in London is the beginning of the next one in UTC.
    let reviewer = committee.reviewers(id)[0];
    let mails = committee.world.mail_to(&member(reviewer));
    assert!(mails.iter().any(|mail| mail.text.contains("the end of Thursday 12 March 2026")));
    assert!(
        next().contains("read the request by 12 March 2026. As a rule the committee decides by then too"),
        "{}",
        next()
    );
    for seat in committee.reviewers(id) {
        let browser = committee.browser(&member(seat));
        let page = committee.declare(&browser, id);
        browser.submit(&page, "/review", &review("support", ""));
    }
    assert!(next().contains("have read the request. As a rule the committee decides by 12 March 2026"), "{}", next());
}

#[test]
fn during_a_vote_the_applicant_learns_its_last_day_and_nothing_of_how_it_goes() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    committee.call_tally(id, 1);
    committee.vote(id, &member(2), "no", "It is too vague.");
    let page = committee.seen_by(APPLICANT, id);
    let next = page.first(".next p");
    // Five working days from Monday 2 March.
    assert!(next.contains("votes on the request until 9 March 2026"), "{next}");
    assert!(!next.contains("reviewers"), "{next}");
    for hidden in ["Institution 02", "too vague", "against", "quorum"] {
        assert!(!page.text().contains(hidden), "{hidden}: {}", page.text());
    }
}

#[test]
fn an_overtaken_request_leads_to_the_correction_of_its_deadline() {
    let committee = Committee::new();
    let applicant = committee.browser(APPLICANT);
    let path = filled(&applicant);
    applicant.submit(&applicant.get(&format!("{path}/check")), "/check", &[]);
    let id: RequestId = path.rsplit('/').next().unwrap().parse().unwrap();
    committee.share(id);
    committee.world.see_to_duties();
    committee.world.wait(chrono::TimeDelta::days(50));
    let correct = format!("/requests/{id}/correct");
    let page = committee.seen_by(APPLICANT, id);
    assert!(page.text().contains("Closed – deadline passed"), "{}", page.text());
    assert_eq!(page.count(&format!(".next a[href='{correct}']")), 1, "{}", page.text());
    assert!(page.first(".next h2").contains("your turn"), "{}", page.first(".next h2"));
    let viewer = committee.seen_by(VIEWER, id);
    assert!(viewer.text().contains("marie@uni.example can withdraw"), "{}", viewer.text());
    assert!(!viewer.has_link(&correct));
}

#[test]
fn a_revoked_letter_says_why_and_since_when() {
    let committee = Committee::new();
    let id = committee.with_letter_for(committee.request());
    committee.browser(APPLICANT).get(&format!("/requests/{id}/letter.pdf"));
    let why = "It was meant for another call.";
    let staff = committee.browser(STAFF);
    staff.submit(&committee.versions(id), "/letter/revoke", &[("revoke_reason", why)]);
    assert!(!committee.seen_by(APPLICANT, id).text().contains(why), "a wish is none of the applicant's matters");
    committee.colleague().submit(
        &committee.colleague().get(&format!("/requests/{id}/letter/versions")),
        "/revoke/confirm",
        &[],
    );
    assert_eq!(committee.stage(id), StageName::Revoked);

    let page = committee.seen_by(APPLICANT, id);
    assert!(page.first(".next p").contains("revoked the letter on 10 March 2026"), "{}", page.first(".next p"));
    let text = page.text();
    assert!(text.contains(&format!("Why the letter was revoked {why}")), "{text}");
    let step = page.first(".step[data-at=now]");
    assert!(step.contains("Letter revoked") && step.contains("10 March 2026"), "{step}");
    let told = page.first(".timeline");
    let places =
        [why, "You downloaded the letter", "The letter was issued", "The answer came"].map(|words| told.find(words));
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "the newest first: {told}");
}

#[test]
fn an_answer_that_was_taken_back_stays_in_what_has_happened() {
    let committee = Committee::new();
    let id = committee.adopted();
    committee.release(id);
    let staff = committee.browser(STAFF);
    let why = "The partner has left the project.";
    staff.submit(&staff.get(&format!("/requests/{id}/motion")), "/reopen", &[("reopen_reason", why)]);
    let told = committee.seen_by(APPLICANT, id).first(".timeline");
    let (back, came) = (told.find("The answer was taken back"), told.find("the Consortium supports the proposal"));
    assert!(back.is_some() && back < came && told.contains(why), "{told}");
}

#[test]
fn everybody_who_shares_a_request_reads_who_did_what() {
    let committee = Committee::new();
    let path = filled(&committee.browser(APPLICANT));
    let id: RequestId = path.rsplit('/').next().unwrap().parse().unwrap();
    committee.share(id);
    let editor = committee.browser(EDITOR);
    let sent = editor.submit(&editor.get(&format!("{path}/check")), "/check", &[]);
    assert!(sent.text().contains(&format!("You get a receipt by mail, at {EDITOR}")), "{}", sent.text());
    let receipt = |address: &str| committee.browser(address).get(&format!("{path}/sent")).text().contains("receipt");
    assert_eq!([APPLICANT, EDITOR, VIEWER].map(receipt), [true, true, false], "whoever is mailed is told so");

    for (reader, sent, began) in [
        (APPLICANT, "editor@uni.example sent the request.", "You began the request."),
        (EDITOR, "You sent the request.", "marie@uni.example began the request."),
        (VIEWER, "editor@uni.example sent the request.", "marie@uni.example began the request."),
    ] {
        let told = committee.seen_by(reader, id).first(".timeline");
        assert!(told.contains(sent) && told.contains(began), "{reader}: {told}");
    }
}

#[test]
fn why_a_request_was_withdrawn_is_read_by_its_owner_and_by_staff_alone() {
    let committee = Committee::new();
    let id = committee.request_with(PLAIN, None);
    committee.share(id);
    committee.world.see_to_duties();
    let reviewer = member(committee.reviewers(id)[0]);
    committee.declare(&committee.browser(&reviewer), id);
    let why = "We apply elsewhere.";
    let browser = committee.browser(APPLICANT);
    browser.submit(&browser.get(&format!("/requests/{id}/withdraw")), "/withdraw", &[("why", why)]);
    let history = committee.browser(STAFF).get(&format!("/requests/{id}/motion")).first(".timeline");
    assert!(history.contains(&format!("The applicant’s reason: {why}")), "{history}");
    let page = |address: &str, rest: &str| committee.browser(address).get(&format!("/requests/{id}{rest}")).text();
    assert!(page(APPLICANT, "").contains(why));
    for (address, rest) in [(EDITOR, ""), (VIEWER, ""), (reviewer.as_str(), "/review"), (reviewer.as_str(), "/record")]
    {
        let text = page(address, rest);
        assert!(text.contains("A fine project") || rest == "/record", "{address}{rest}: {text}");
        assert!(!text.contains(why), "{address}{rest}: {text}");
    }
    assert!(page(EDITOR, "").contains("marie@uni.example withdrew this request"), "{}", page(EDITOR, ""));
}
