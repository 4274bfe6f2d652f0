//! Who is out of a request stays out of it: through the next term, for every seat a person acts for, before the request is
//! routed and after it is decided; and nobody decides about a letter that they ask for.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{InstitutionId, RequestId, SeatHolderId, SeatId};
use letters::store::schema::{requests, seat_holders, seats};

use crate::harness::{Browser, Page};
use crate::review::review;
use crate::review::world::{APPLICANT, Committee, PLAIN, STAFF, member};

impl Committee {
    fn acts_for(&self, address: &str, seat: SeatId, capacity: &'static str) {
        let (person, today) = (self.person(address), self.world.now().date_naive());
        let row = (
            seat_holders::id.eq(SeatHolderId::fresh()),
            seat_holders::seat_id.eq(seat),
            seat_holders::person_id.eq(person),
            seat_holders::capacity.eq(capacity),
            seat_holders::since.eq(today),
        );
        let add = diesel::insert_into(seat_holders::table).values(row);
        self.world.store().write_now(move |tx| Ok(add.execute(tx.connection())?)).unwrap();
    }

    /// The seat's term ends, and its institution has the next one, with the same representative.
    fn re_elect(&self, n: usize) {
        self.end_term(n);
        let (old, new, today) = (self.seat(n), SeatId::fresh(), self.world.now().date_naive());
        self.world
            .store()
            .write_now(move |tx| {
                let of = seats::table.find(old).select(seats::institution_id);
                let institution: Option<InstitutionId> = of.first(tx.connection())?;
                let term = (seats::first_day.eq(today), seats::last_day.eq(today + chrono::Days::new(700)));
                let row = (seats::id.eq(new), seats::institution_id.eq(institution), seats::batch.eq("next"), term);
                diesel::insert_into(seats::table).values(row).execute(tx.connection())?;
                Ok(())
            })
            .unwrap();
        self.acts_for(&member(n), new, "representative");
    }

    /// The request is this person's.
    fn is_asked_by(&self, id: RequestId, address: &str) {
        let change = requests::applicant_id.eq(self.person(address));
        let update = diesel::update(requests::table.find(id)).set(change);
        self.world.store().write_now(|tx| Ok(update.execute(tx.connection())?)).unwrap();
    }

    fn mail_about(&self, address: &str, kind: &str) -> Vec<String> {
        let mails = self.world.mail_to(address).into_iter().filter(|mail| mail.kind == kind);
        mails.map(|mail| mail.text).collect()
    }

    /// Everything that decides about a request is closed to the person, and lists know nothing of it.
    fn is_closed(&self, id: RequestId, address: &str, words: &str) {
        let browser = self.browser(address);
        let told = browser.get(&format!("/requests/{id}/review"));
        assert!(told.status == 403 && told.text().contains(words), "{}: {}", told.status, told.text());
        assert_eq!(browser.get(&format!("/requests/{id}/record")).status, 403);
        for list in ["/queue?stage=all", "/waiting"] {
            let page = browser.get(list);
            assert!(page.status == 200 && !page.text().contains("A fine project"), "{list}: {}", page.text());
        }
    }
}

fn conflict(browser: &Browser, id: RequestId) -> Page {
    let page = browser.get(&format!("/requests/{id}/review"));
    browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")])
}

fn routed(from: Option<usize>) -> (Committee, RequestId) {
    let committee = Committee::new();
    let id = committee.request_with(PLAIN, from);
    committee.world.see_to_duties();
    (committee, id)
}

#[test]
fn a_conflict_outlives_the_term_of_the_seat() {
    let (committee, id) = routed(None);
    conflict(&committee.browser(&member(3)), id);
    committee.is_closed(id, &member(3), "The seat of Institution 03 has a conflict of interest");
    committee.re_elect(3);
    committee.is_closed(id, &member(3), "The seat of Institution 03 has a conflict of interest");
}

#[test]
fn a_seat_given_to_the_institution_that_asks_has_no_part_in_the_next_vote() {
    let committee = Committee::new();
    committee.end_term(5);
    let id = committee.request_with(PLAIN, Some(5));
    committee.world.see_to_duties();
    committee.call_tally(id, 6);
    committee.world.wait(TimeDelta::days(9));
    committee.re_elect(5);
    committee.world.see_to_duties();
    let staff = committee.browser(STAFF);
    let page = staff.submit(&staff.get(&format!("/requests/{id}/motion")), "/put-again", &[]);
    assert!(page.text().contains("Motion 2"), "{}", page.text());
    committee.is_closed(id, &member(5), "The seat of Institution 05 has a conflict of interest");
    assert!(committee.mail_about(&member(5), "call-to-vote").is_empty());
    assert_eq!(committee.mail_about(&member(6), "call-to-vote").len(), 2);
}

#[test]
fn staff_who_act_for_the_institution_that_asks_are_out_before_the_request_is_routed() {
    let committee = Committee::new();
    committee.make_staff(&member(5));
    let held = committee.held_request();
    let of = seats::table.find(committee.seat(5)).select(seats::institution_id);
    let store = committee.world.store();
    let institution: Option<InstitutionId> = store.read_now(|view| Ok(of.first(view.connection())?)).unwrap();
    let change = diesel::update(requests::table.find(held)).set(requests::institution_id.eq(institution));
    store.write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();

    let both = committee.browser(&member(5));
    assert_eq!(both.get(&format!("/requests/{held}/motion")).status, 403);
    assert!(!both.get("/queue?stage=all").text().contains("A fine project"));
    let owner = committee.browser(APPLICANT);
    owner.submit(&owner.get(&format!("/requests/{held}/withdraw")), "/withdraw", &[]);
    assert!(committee.mail_about(&member(5), "request-withdrawn").is_empty());
    assert_eq!(committee.mail_about(STAFF, "request-withdrawn").len(), 1);
}

#[test]
fn nobody_decides_about_a_letter_that_they_ask_for() {
    let committee = Committee::new();
    committee.make_staff(&member(4));
    let id = committee.request();
    committee.is_asked_by(id, &member(4));
    committee.world.see_to_duties();
    assert!(!committee.reviewers(id).contains(&4), "there is nobody else who acts for the seat");
    committee.is_closed(id, &member(4), "You are one of those who ask for this letter");
    let own = committee.browser(&member(4));
    assert_eq!(own.get(&format!("/requests/{id}/motion")).status, 403);
    assert_eq!(own.get(&format!("/requests/{id}")).status, 200, "it is their request all the same");
    committee.call_tally(id, 6);
    for seat in [1, 2, 3, 5, 6, 7, 8] {
        committee.vote(id, &member(seat), "yes", "");
    }
    for kind in ["routing-assigned", "call-to-vote", "motion-result", "decision-ready"] {
        assert!(committee.mail_about(&member(4), kind).is_empty(), "{kind}");
    }
    assert_eq!(committee.mail_about(&member(6), "motion-result").len(), 1);
}

#[test]
fn nobody_reads_for_one_seat_what_another_of_theirs_is_out_of() {
    let (committee, id) = routed(None);
    committee.acts_for(&member(3), committee.seat(2), "alternate");
    conflict(&committee.browser(&member(2)), id);
    committee.is_closed(id, &member(3), "The seat of Institution 02 has a conflict of interest");
    committee.call_tally(id, 6);
    assert!(committee.mail_about(&member(3), "call-to-vote").is_empty());
    assert_eq!(committee.mail_about(&member(4), "call-to-vote").len(), 1);
}

#[test]
fn a_conflict_that_comes_after_the_decision_leaves_the_reviewers_as_they_were() {
    let (committee, id) = routed(None);
    let reviewers = committee.reviewers(id);
    let outside: Vec<usize> = (1..=13).filter(|seat| !reviewers.contains(seat)).collect();
    committee.call_tally(id, outside[0]);
    for seat in &outside[..7] {
        committee.vote(id, &member(*seat), "yes", "");
    }
    let asked = |seat: &usize| committee.mail_about(&member(*seat), "routing-assigned").len();
    let before: usize = (1..=13).map(|seat| asked(&seat)).sum();
    conflict(&committee.browser(&member(reviewers[0])), id);
    assert_eq!((1..=13).map(|seat| asked(&seat)).sum::<usize>(), before, "nobody is asked to review what is decided");
    assert_eq!(committee.reviewers(id), reviewers);
    let told = committee.mail_about(STAFF, "routing-conflict");
    assert!(told.len() == 1 && told[0].contains("what was decided stays as it is"), "{told:?}");
}

#[test]
fn how_a_motion_closed_is_mailed_only_to_seats_that_have_declared() {
    let (committee, id) = routed(None);
    committee.call_tally(id, 1);
    for seat in 1..=7 {
        committee.vote(id, &member(seat), "yes", "");
    }
    let told = |seat| committee.mail_about(&member(seat), "motion-result").remove(0);
    assert!(told(1).contains("The motion is carried"), "{}", told(1));
    assert!(!told(9).contains("carried") && told(9).contains("How it closed is on its page"), "{}", told(9));
}

#[test]
fn whoever_left_the_committee_has_no_mail_about_what_they_reviewed() {
    let (committee, id) = routed(None);
    let reviewers = committee.reviewers(id);
    for seat in &reviewers[..2] {
        let browser = committee.browser(&member(*seat));
        let page = committee.declare(&browser, id);
        browser.submit(&page, "/review", &review("support", ""));
    }
    committee.end_term(reviewers[0]);
    let owner = committee.browser(APPLICANT);
    let page = owner.get(&format!("/requests/{id}/discussion"));
    let sent = owner.submit(&page, "/discussion", &[("audience", "applicant"), ("body", "One more thing.")]);
    assert!(sent.text().contains("One more thing."), "{}", sent.text());
    assert!(committee.mail_about(&member(reviewers[0]), "discussion-post").is_empty());
    assert_eq!(committee.mail_about(&member(reviewers[1]), "discussion-post").len(), 1);
}

#[test]
fn an_objection_that_was_open_when_reviews_were_due_has_ended_the_consensus_whoever_closes_it_after() {
    let (committee, id) = routed(None);
    let reviewer = member(committee.reviewers(id)[0]);
    let page = committee.declare(&committee.browser(&reviewer), id);
    committee.browser(&reviewer).submit(&page, "/review", &review("object", "It commits to nothing."));
    // The periodic job has not come by.
    committee.world.wait(TimeDelta::days(11));
    let browser = committee.browser(&reviewer);
    let page = browser.get(&format!("/requests/{id}/review"));
    let objection = page.body.split("name=\"objection\"").nth(1).unwrap();
    let objection = objection.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    browser.submit(&page, "/objection", &[("objection", objection), ("close_reason", "It does, on page 4.")]);
    let page = browser.get(&format!("/requests/{id}/review"));
    assert!(page.has_form("/ballot"), "a vote decides: {}", page.text());
}
