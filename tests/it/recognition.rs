//! An institution that the applicant typed: staff say which one it is, and from then on its seat decides nothing.

use std::sync::Barrier;

use diesel::prelude::*;
use letters::ids::{InstitutionId, RequestId};
use letters::store::schema::{audit_entries, requests, seats};

use crate::harness::{Browser, Page};
use crate::review::world::{APPLICANT, COLLEAGUE, Committee, PLAIN, STAFF, member};

/// A form whose applicant typed this institution.
pub fn typed(name: &str) -> &'static str {
    Box::leak(PLAIN.replace("University of Example", name).into_boxed_str())
}

impl Committee {
    /// The institution whose seat has this number.
    pub fn institution(&self, seat: usize) -> InstitutionId {
        let seat = self.seat(seat);
        let held = self.world.store().read_now(move |view| {
            Ok(seats::table
                .find(seat)
                .select(seats::institution_id)
                .first::<Option<InstitutionId>>(view.connection())?)
        });
        held.unwrap().unwrap()
    }

    /// The institution that a request is tied to.
    pub fn institution_of(&self, id: RequestId) -> Option<InstitutionId> {
        let read = self.world.store().read_now(move |view| {
            Ok(requests::table.find(id).select(requests::institution_id).first(view.connection())?)
        });
        read.unwrap()
    }

    /// How often the journal of a request has this entry.
    pub fn noted(&self, id: RequestId, what: &'static str) -> i64 {
        let entries = audit_entries::table
            .filter(audit_entries::subject.eq(id.to_string()).and(audit_entries::what.eq(what)))
            .count();
        self.world.store().read_now(move |view| Ok(entries.get_result(view.connection())?)).unwrap()
    }

    /// Ties a request to an institution in the database, as its sending would have.
    pub fn tie(&self, id: RequestId, institution: InstitutionId) {
        let change = diesel::update(requests::table.find(id)).set(requests::institution_id.eq(institution));
        self.world.store().write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();
    }

    /// Gives a seat to an institution, past every rule.
    pub fn give_seat(&self, seat: usize, institution: InstitutionId) {
        let change = diesel::update(seats::table.find(self.seat(seat))).set(seats::institution_id.eq(institution));
        self.world.store().write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();
    }

    fn recognise(&self, id: RequestId, seat: usize, remember: bool) -> Page {
        let staff = self.browser(STAFF);
        let page = staff.get(&format!("/requests/{id}/motion"));
        let institution = self.institution(seat).to_string();
        let mut said = vec![("nearest", institution.as_str())];
        if remember {
            said.push(("remember", "yes"));
        }
        staff.submit(&page, "/institution", &said)
    }
}

fn sees(browser: &Browser, id: RequestId) -> u16 {
    browser.get(&format!("/requests/{id}/review")).status
}

#[test]
fn one_press_ties_a_typed_institution_and_its_seat_loses_the_request_at_once() {
    let committee = Committee::new();
    let id = committee.request_with(typed("The Institution 02 Library"), None);
    committee.world.see_to_duties();
    assert!(committee.reviewers(id).contains(&2), "{:?}", committee.reviewers(id));
    let reviewer = committee.browser(&member(2));
    committee.declare(&reviewer, id);
    assert!(sees(&reviewer, id) == 200 && reviewer.get("/waiting").text().contains("A fine project"));
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    let text = page.text();
    assert!(text.contains("Nobody has said which institution this is"), "{text}");
    assert_eq!(page.first("form[action$=\"/institution\"] button"), "It is Institution 02", "the nearest comes first");
    assert!(page.count("form[action$=\"/institution\"] button[name=nearest]") <= 5);

    let done = committee.recognise(id, 2, false);
    let text = done.text();
    assert!(text.contains("The institution is known now."), "{text}");
    assert!(text.contains("The applicant typed “The Institution 02 Library”. It is Institution 02."), "{text}");
    assert!(text.contains("Institution 02: The request comes from the seat's own institution."), "{text}");
    assert!(text.contains("Staff said which institution the typed one is. Staff"), "{text}");
    assert_eq!(committee.institution_of(id), Some(committee.institution(2)));

    assert_eq!(sees(&reviewer, id), 403);
    let queue = reviewer.get("/queue");
    assert!(
        !queue.text().contains("A fine project") && reviewer.get("/waiting").text().contains("Nothing waits for you")
    );
    for path in ["discussion", "record", "motion"] {
        assert_ne!(reviewer.get(&format!("/requests/{id}/{path}")).status, 200, "{path}");
    }
    let reviewers = committee.reviewers(id);
    assert!(!reviewers.contains(&2) && reviewers.len() == 3, "the next in line took over: {reviewers:?}");
    let told = committee.world.mail_to(&member(2));
    assert_eq!(told.iter().filter(|mail| mail.kind == "routing-recorded").count(), 1);
    // The name stays as the applicant typed it.
    assert!(committee.browser(APPLICANT).get(&format!("/requests/{id}")).body.contains("The Institution 02 Library"));
}

#[test]
fn of_two_staff_who_press_at_once_it_is_done_once() {
    let committee = Committee::new();
    let id = committee.request_with(typed("Institution 02 Library"), None);
    committee.world.see_to_duties();
    committee.colleague();
    let browsers = [committee.browser(STAFF), committee.browser(COLLEAGUE)];
    let institution = committee.institution(2).to_string();
    let start = Barrier::new(2);
    let press = |browser: &Browser| {
        let page = browser.get(&format!("/requests/{id}/motion"));
        start.wait();
        browser.submit(&page, "/institution", &[("nearest", institution.as_str()), ("remember", "yes")]).status
    };
    std::thread::scope(|scope| {
        let pressed = browsers.each_ref().map(|browser| scope.spawn(move || press(browser)));
        assert_eq!(pressed.map(|one| one.join().unwrap()), [200, 200]);
    });
    assert_eq!((committee.noted(id, "institution-recognised"), committee.noted(id, "conflict-recorded")), (1, 1));
    assert_eq!(committee.world.mail_to(&member(2)).iter().filter(|mail| mail.kind == "routing-recorded").count(), 1);
}

#[test]
fn the_typed_name_is_remembered_when_staff_say_so_and_not_when_it_is_anothers() {
    let committee = Committee::new();
    let first = committee.request_with(typed("Zweites Archiv"), None);
    committee.world.see_to_duties();
    let found = |name: &'static str| {
        committee
            .world
            .store()
            .read_now(move |view| letters::members::store::find_institution(view, name))
            .unwrap()
            .exact()
    };
    committee.recognise(first, 7, false);
    assert_eq!(found("Zweites Archiv"), None);
    committee.recognise(first, 7, true);
    assert_eq!(found("zweites archiv"), Some(committee.institution(7)));
    assert_eq!(committee.noted(first, "institution-recognised"), 2, "the second time it was remembered");
    committee.recognise(first, 7, true);
    assert_eq!(committee.noted(first, "institution-recognised"), 2);

    let second = committee.request_with(typed("Zweites Archiv"), None);
    committee.world.see_to_duties();
    let refused = committee.recognise(second, 8, true);
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(
        refused.has_link("#remember") && refused.text().contains("is a name of Institution 07 already"),
        "{}",
        refused.text()
    );
    assert_eq!(committee.institution_of(second), None, "nothing was done");
}

#[test]
fn a_wrong_answer_is_corrected_and_the_seat_that_was_out_for_it_can_come_back() {
    let committee = Committee::new();
    let id = committee.request_with(typed("Institution 02 Library"), None);
    committee.world.see_to_duties();
    committee.recognise(id, 2, false);
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    let none = staff.submit(&page, "/institution", &[("chosen", "yes")]);
    assert!(none.status == 422 && none.has_link("#institution"), "{}", none.text());
    let other = committee.institution(4).to_string();
    let corrected = staff.submit(&page, "/institution", &[("chosen", "yes"), ("institution", &other)]);
    assert!(corrected.text().contains("It is Institution 04."), "{}", corrected.text());
    assert_eq!(sees(&committee.browser(&member(4)), id), 403);
    assert_eq!(sees(&committee.browser(&member(2)), id), 403, "until staff withdraw it");
    let seat = committee.seat(2).to_string();
    let back = staff.submit(
        &staff.get(&format!("/requests/{id}/motion")),
        "/withdraw-conflict",
        &[("withdrawn_seat", &seat), ("withdraw_reason", "It is another institution.")],
    );
    assert!(back.text().contains("The conflict of interest is withdrawn"), "{}", back.text());
    assert_eq!(sees(&committee.browser(&member(2)), id), 200);
}

#[test]
fn what_is_known_before_the_routing_keeps_the_seat_out_of_the_draw() {
    let committee = Committee::new();
    let id = committee.request_with(typed("Institution 02 Library"), None);
    let known = committee.recognise(id, 2, false);
    assert!(known.text().contains("It is Institution 02."), "{}", known.text());
    committee.world.see_to_duties();
    assert!(!committee.reviewers(id).contains(&2));
    let page = committee.browser(STAFF).get(&format!("/requests/{id}/motion"));
    assert!(page.text().contains("Institution 02 (the request is its own)"), "{}", page.text());
}

#[test]
fn once_a_letter_is_issued_the_institution_stays_and_one_that_was_chosen_is_never_asked_about() {
    let committee = Committee::new();
    let id = committee.with_letter_for(committee.request_with(typed("Institution 02 Library"), None));
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert!(!page.has_form("/institution") && !page.text().contains("Nobody has said"), "{}", page.text());
    let token = page.attribute("input[name=form_token]", "value");
    let institution = committee.institution(2).to_string();
    let pairs = [("form_token", token.as_str()), ("nearest", institution.as_str())];
    let refused = staff.post(&format!("/requests/{id}/institution"), &pairs);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("A letter has been issued"), "{}", refused.text());
    assert_eq!(committee.institution_of(id), None);
}
