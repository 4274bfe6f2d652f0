//! After the letter: the applicant is asked once what became of the proposal, and tells it whenever they know.

use chrono::TimeDelta;

use crate::review::world::{APPLICANT, Committee, STAFF};
use crate::whole_story::TICKS;

impl Committee {
    /// A request whose letter is out.
    fn answered(&self) -> letters::ids::RequestId {
        let id = self.adopted();
        self.release(id);
        self.browser(STAFF).submit(&self.letter_ready(id), "/letter/pass-on", TICKS);
        let issued = self.colleague().submit(&self.second_look(id), "/letter/issue", TICKS);
        assert!(issued.text().contains("The letter is issued"), "{}", issued.text());
        id
    }

    fn asked(&self) -> usize {
        self.told(APPLICANT, "outcome-asked").len()
    }
}

#[test]
fn an_applicant_is_asked_once_and_tells_it_when_it_is_known() {
    let committee = Committee::new();
    let id = committee.answered();
    let path = format!("/requests/{id}/outcome");
    let owner = committee.browser(APPLICANT);
    assert!(owner.get(&format!("/requests/{id}")).has_link(&path), "it can be told from the start");
    committee.world.see_to_duties();
    assert_eq!(committee.asked(), 0, "the funder has not decided yet");

    committee.world.wait(TimeDelta::days(300));
    for _ in 0..3 {
        committee.world.see_to_duties();
        committee.world.wait(TimeDelta::days(40));
    }
    let mails = committee.told(APPLICANT, "outcome-asked");
    assert_eq!(mails.len(), 1, "once and never again");
    assert!(mails[0].contains(&path) && mails[0].contains("We ask once"), "{}", mails[0]);

    let owner = committee.browser(APPLICANT);
    let page = owner.get(&path);
    let wrong = owner.submit(&page, "/outcome", &[("remark", "We wait.")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Choose what became of the proposal.") && wrong.body.contains("We wait."));
    let status = owner.submit(&wrong, "/outcome", &[("answer", "not_yet_known")]);
    assert!(status.text().contains("Not yet known"), "{}", status.text());
    let again = owner.get(&path);
    assert!(again.text().contains("You told us on") && again.body.contains("We wait."), "the page stays open");
    let status = owner.submit(&again, "/outcome", &[("answer", "funded"), ("remark", "Half of the sum.")]);
    assert!(status.text().contains("Funded"), "{}", status.text());

    let staff = committee.browser(STAFF);
    let letter = staff.get(&format!("/requests/{id}/letter"));
    assert!(letter.text().contains("Funded") && letter.text().contains("Half of the sum."), "{}", letter.text());
    let table = staff.get("/queue.csv?stage=all").body;
    assert!(table.lines().next().unwrap().contains(",Outcome") && table.contains(",Funded"), "{table}");
    let journal = staff.get(&format!("/requests/{id}/motion"));
    assert!(journal.text().contains("The applicant told what became of the proposal."), "{}", journal.text());
    committee.world.check_records();
}

#[test]
fn who_told_it_already_or_whose_letter_was_revoked_is_not_asked() {
    let committee = Committee::new();
    let (told, revoked) = (committee.answered(), committee.answered());
    let owner = committee.browser(APPLICANT);
    owner.submit(&owner.get(&format!("/requests/{told}/outcome")), "/outcome", &[("answer", "not_funded")]);
    let page = committee.browser(STAFF).get(&format!("/requests/{revoked}/letter/versions"));
    committee.browser(STAFF).submit(&page, "/revoke", &[("revoke_reason", "Another proposal.")]);
    let page = committee.colleague().get(&format!("/requests/{revoked}/letter/versions"));
    committee.colleague().submit(&page, "/revoke/confirm", &[]);
    committee.world.wait(TimeDelta::days(400));
    committee.world.see_to_duties();
    assert_eq!(committee.asked(), 0);
    let owner = committee.browser(APPLICANT);
    let refused = owner.get(&format!("/requests/{revoked}/outcome"));
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("has been revoked") && refused.has_link(&format!("/requests/{revoked}")));
}
