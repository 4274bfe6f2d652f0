//! An answer that is taken back: the committee votes anew, the applicant is told, and no letter goes out on the old one.

use letters::ids::RequestId;
use letters::workflow::stage::StageName;

use crate::harness::Page;
use crate::review::review;
use crate::review::world::{APPLICANT, Committee, STAFF, member};
use crate::whole_story::TICKS;

const WHY: &str = "The partner has left the project.";

impl Committee {
    /// A request that all its reviewers support, and whose answer is prepared.
    pub fn adopted(&self) -> RequestId {
        self.adopt(self.request())
    }

    /// The reviewers of a request support it, and nobody objects.
    pub fn adopt(&self, id: RequestId) -> RequestId {
        self.world.see_to_duties();
        for seat in self.reviewers(id) {
            let browser = self.browser(&member(seat));
            let page = self.declare(&browser, id);
            browser.submit(&page, "/review", &review("support", ""));
        }
        self.world.wait(chrono::TimeDelta::days(8));
        self.world.see_to_duties();
        id
    }

    fn staff_page(&self, id: RequestId) -> Page {
        self.browser(STAFF).get(&format!("/requests/{id}/motion"))
    }

    pub fn release(&self, id: RequestId) -> Page {
        self.browser(STAFF).submit(&self.staff_page(id), "/release", &[])
    }

    fn reopen(&self, id: RequestId, why: &str) -> Page {
        self.browser(STAFF).submit(&self.staff_page(id), "/reopen", &[("reopen_reason", why)])
    }

    /// Staff write the letter and look at it, up to the button that issues it.
    pub fn letter_ready(&self, id: RequestId) -> Page {
        let staff = self.browser(STAFF);
        let editor = staff.submit(&staff.get(&format!("/requests/{id}/letter")), "/letter/draft", &[]);
        staff.submit(&editor, "/letter", &[("check", "yes")])
    }

    pub fn told(&self, address: &str, kind: &str) -> Vec<String> {
        let mails = self.world.mail_to(address).into_iter().filter(|mail| mail.kind == kind);
        mails.map(|mail| mail.text).collect()
    }
}

#[test]
fn a_released_answer_is_reopened_and_only_a_vote_of_all_seats_takes_its_place() {
    let committee = Committee::new();
    let id = committee.adopted();
    committee.release(id);
    committee.letter_ready(id);
    let check = committee.second_look(id);
    assert_eq!(committee.stage(id), StageName::Decided);

    let faulty = committee.reopen(id, " ");
    assert_eq!(faulty.status, 422);
    assert!(faulty.text().contains("Say why the answer is reopened"), "{}", faulty.text());

    let page = committee.reopen(id, WHY);
    assert!(page.text().contains("The answer is reopened."), "{}", page.text());
    assert_eq!(committee.stage(id), StageName::InReview);
    for words in ["Earlier answers, taken back", WHY, "Staff reopened the answer, so all seats vote", "Motion 2"] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    let mails = committee.told(APPLICANT, "answer-reopened");
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains(WHY) && mails[0].contains("no longer stands"), "{}", mails[0]);
    assert!(committee.told(&member(9), "call-to-vote")[0].contains(WHY));

    // The letter that was ready cannot go out on the answer of before.
    let refused = committee.colleague().submit(&check, "/letter/issue", TICKS);
    assert_eq!(refused.status, 409, "{}", refused.text());

    for seat in 1..=7 {
        committee.vote(id, &member(seat), "no", "Without the partner it cannot be done.");
    }
    let page = committee.staff_page(id);
    assert!(page.text().contains("Release the answer"), "{}", page.text());
    let typed = [("reasons", "The partner has left."), ("would_change", "A new partner.")];
    committee.browser(STAFF).submit(&page, "/release", &typed);
    assert_eq!(committee.told(APPLICANT, "answer").len(), 2);
    let record = committee.browser(STAFF).get(&format!("/requests/{id}/record"));
    for words in ["Earlier answer, taken back", "Supported: the Consortium writes a letter.", WHY, "Declined."] {
        assert!(record.text().contains(words), "{words}: {}", record.text());
    }
}

#[test]
fn a_letter_drafted_before_the_reopening_rests_on_the_new_vote() {
    let committee = Committee::new();
    let id = committee.adopted();
    committee.release(id);
    committee.letter_ready(id);
    committee.reopen(id, WHY);
    for seat in 1..=7 {
        committee.vote(id, &member(seat), "yes", "");
    }
    committee.release(id);
    // The text tells of the day of the first decision: it is looked at and saved before it goes out.
    let staff = committee.browser(STAFF);
    let refused = staff.get(&format!("/requests/{id}/letter/check"));
    assert!(refused.status == 409 && refused.text().contains("written for an earlier answer"), "{}", refused.text());
    let editor = staff.get(&format!("/requests/{id}/letter"));
    assert!(editor.text().contains("Written for an earlier answer"), "{}", editor.text());
    let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
    assert!(check.has_form("/letter/pass-on"), "{}", check.text());
    let issued = committee.colleague().submit(&committee.second_look(id), "/letter/issue", TICKS);
    assert_eq!(committee.stage(id), StageName::Issued, "{}", issued.text());
    assert_eq!(committee.motion_of_letter(id), 2);

    // From now on the answer stands.
    let page = committee.staff_page(id);
    assert!(!page.has_form("/reopen"), "{}", page.text());
    let token = page.body.split("form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let fields = [("form_token", token), ("reopen_reason", WHY)];
    let refused = committee.browser(STAFF).post(&format!("/requests/{id}/reopen"), &fields);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("A letter is out on this answer"), "{}", refused.text());
}

#[test]
fn an_answer_that_nobody_outside_knew_is_reopened_without_a_word_to_the_applicant() {
    let committee = Committee::new();
    let id = committee.adopted();
    let page = committee.reopen(id, WHY);
    assert!(page.text().contains("never released"), "{}", page.text());
    assert!(!page.has_form("/release") && !page.has_form("/reopen"), "{}", page.text());
    assert_eq!(committee.told(APPLICANT, "answer-reopened").len(), 0);
    for seat in 1..=7 {
        committee.vote(id, &member(seat), "yes", "");
    }
    assert!(committee.staff_page(id).has_form("/release"));
}

#[test]
fn a_request_that_staff_turned_down_goes_to_reviewers_after_all() {
    let committee = Committee::new();
    let id = committee.held_request();
    let typed = [("reasons", "It came too late."), ("would_change", "A later call.")];
    committee.browser(STAFF).submit(&committee.staff_page(id), "/turn-down", &typed);
    assert_eq!(committee.stage(id), StageName::Decided);
    committee.reopen(id, "The funder has moved its deadline.");
    assert_eq!(committee.stage(id), StageName::Submitted);
    committee.world.see_to_duties();
    assert_eq!((committee.stage(id), committee.reviewers(id).len()), (StageName::Routed, 3));
    let mails = committee.told(APPLICANT, "answer-reopened");
    assert!(mails[0].contains("It now goes to reviewers"), "{}", mails[0]);
}

#[test]
fn of_reopening_and_issuing_at_once_only_one_happens() {
    let committee = Committee::new();
    for _ in 0..5 {
        let id = committee.adopted();
        committee.release(id);
        committee.letter_ready(id);
        let (check, page) = (committee.second_look(id), committee.staff_page(id));
        let (staff, other) = (committee.colleague(), committee.browser(STAFF));
        let (issued, reopened) = std::thread::scope(|scope| {
            let issue = scope.spawn(|| staff.submit(&check, "/letter/issue", TICKS).status);
            let reopen = scope.spawn(|| other.submit(&page, "/reopen", &[("reopen_reason", WHY)]).status);
            (issue.join().unwrap(), reopen.join().unwrap())
        });
        let stage = committee.stage(id);
        match (issued, reopened) {
            (200, 409) => assert_eq!(stage, StageName::Issued),
            (409, 200) => assert_eq!(stage, StageName::InReview),
            both => panic!("{both:?}"),
        }
    }
}

#[test]
fn whoever_is_mailed_about_an_answer_or_a_conflict_can_open_what_the_mail_leads_to() {
    let committee = Committee::new();
    committee.make_chair(&member(13));
    let id = committee.adopted();
    let seat = (1..13).find(|seat| !committee.reviewers(id).contains(seat)).unwrap();
    let other = committee.request();
    committee.world.see_to_duties();
    let browser = committee.browser(&member(seat));
    let page = browser.get(&format!("/requests/{other}/review"));
    browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    for (address, page) in [(member(13), "review"), (STAFF.to_owned(), "motion")] {
        for (kind, request) in [("decision-ready", id), ("routing-conflict", other)] {
            let mails = committee.world.mail_to(&address);
            let mail = mails.iter().find(|mail| mail.kind == kind).unwrap_or_else(|| panic!("{kind} to {address}"));
            assert_eq!(mail.link(&committee.world), format!("/requests/{request}/{page}"));
            let opened = committee.browser(&address).get(&mail.link(&committee.world));
            assert_eq!(opened.status, 200, "{kind} to {address}: {}", opened.text());
        }
    }
}
