//! The committee as people and staff see it: officers, seats given up and filled, the list for any day, and what its
//! institutions have to do with a request.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{InstitutionId, PersonId, RequestId};
use letters::store::View;
use letters::store::schema::{persons, seat_holders, seats};

use crate::harness::Page;
use crate::review::review;
use crate::review::world::{ALTERNATE, APPLICANT, Committee, STAFF, member};

const CHAIR: usize = 13;

/// Two people of an institution with a seat sign the proposal too, and one of another.
const SIGNED: &str = r#"{"title":"A fine project","summary":"A secret summary",
    "co_signers":"Grace Hopper, institution 04\r\nBo Ek, Museum of Art\r\nIda Berg, The Institution 04"}"#;

impl Committee {
    pub fn person(&self, address: &str) -> PersonId {
        let address = address.to_owned();
        let read = move |view: &mut View<'_>| {
            let found = persons::table.filter(persons::address.eq(address)).select(persons::id);
            Ok(found.first(view.connection())?)
        };
        self.world.store().read_now(read).unwrap()
    }

    fn appoint(&self, office: &str, address: &str, days: (&str, &str)) -> Page {
        let staff = self.browser(STAFF);
        let person = self.person(address).to_string();
        let typed = [("office", office), ("person", person.as_str()), ("since", days.0), ("until", days.1)];
        staff.submit(&staff.get("/committee/officers"), "/committee/officers", &typed)
    }

    fn give_up(&self, seat: usize, notice: &str, from: &str) -> Page {
        let staff = self.browser(STAFF);
        let page = staff.get(&format!("/committee/{}/give-up", self.seat(seat)));
        let typed = [("notice", notice), ("from", from), ("reason", "It merges with another library.")];
        staff.submit(&page, "/give-up", &typed)
    }

    /// The committee's list as anybody sees it.
    fn list(&self, on: &str) -> Page {
        self.world.browser().get(&format!("/committee?on={on}"))
    }

    /// Nobody acts for any seat but these.
    fn only_manned(&self, seats: &[usize]) {
        let kept: Vec<_> = seats.iter().map(|seat| self.seat(*seat)).collect();
        let others = seat_holders::table.filter(seat_holders::seat_id.ne_all(kept));
        self.world.store().write_now(move |tx| Ok(diesel::delete(others).execute(tx.connection())?)).unwrap();
    }

    fn texts_to(&self, address: &str, kind: &str) -> Vec<String> {
        let mails = self.world.mail_to(address).into_iter().filter(|mail| mail.kind == kind);
        mails.map(|mail| mail.text).collect()
    }

    fn reviewed(&self, id: RequestId, seat: usize, says: &'static str, reason: &'static str) {
        let browser = self.browser(&member(seat));
        let page = self.declare(&browser, id);
        let page = browser.submit(&page, "/review", &review(says, reason));
        assert_eq!(page.status, 200, "{}", page.text());
    }
}

#[test]
fn a_seat_whose_people_sign_the_proposal_may_have_a_conflict_and_everybody_reads_who_signs() {
    let committee = Committee::new();
    let id = committee.request_with(SIGNED, None);
    committee.world.see_to_duties();
    let motion = committee.browser(STAFF).get(&format!("/requests/{id}/motion"));
    assert_eq!(motion.count("form[action$='/dismiss-conflict']"), 1, "{}", motion.text());
    let words = "Institution 04 may have a conflict: Grace Hopper and Ida Berg sign the proposal for Institution 04.";
    assert!(motion.text().contains(words), "{}", motion.text());
    let review = committee.declare(&committee.browser(&member(2)), id);
    assert!(review.text().contains("Bo Ek, Museum of Art"), "{}", review.text());
}

#[test]
fn staff_appoint_officers_and_the_list_shows_those_of_its_day() {
    let committee = Committee::new();
    let page = committee.appoint("chair", &member(3), ("2026-01-15", ""));
    assert!(page.text().contains("The appointment is saved."), "{}", page.text());
    committee.appoint("treasurer", ALTERNATE, ("2026-03-02", "2026-05-31"));
    let chair = committee.browser(&member(3));
    assert!(chair.get("/account").text().contains("You are the chair of the Executive Committee."));
    // The successor takes over; whoever chaired before has to sign in again and chairs no more.
    committee.appoint("chair", &member(5), ("2026-03-02", ""));
    assert_ne!(chair.get("/account").path, "/account");

    let today = committee.list("");
    assert_eq!(today.count("#officers-caption ~ tbody tr"), 2, "{}", today.text());
    assert!(today.text().contains("Chair member@seat05.example Institution 05 since 2 March 2026"), "{}", today.text());
    assert!(!today.has_link("/committee/officers"), "only staff appoint");
    for (on, chair, treasurer) in
        [("2026-01-14", "", false), ("2026-03-01", "Institution 03", false), ("2026-05-31", "Institution 05", true)]
    {
        let said = committee.list(on).text();
        assert_eq!(said.contains("Treasurer"), treasurer, "{on}: {said}");
        assert_eq!(said.contains("Chair "), !chair.is_empty(), "{on}: {said}");
        assert!(said.contains(chair), "{on}: {said}");
    }
    assert_eq!(committee.list("2026").count("#officers-caption ~ tbody tr"), 3, "everybody of the year");
}

#[test]
fn an_appointment_that_cannot_be_says_why_at_its_fields_and_one_made_twice_is_made_once() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let empty = staff.submit(&staff.get("/committee/officers"), "/committee/officers", &[("since", "soon")]);
    assert_eq!(empty.status, 422);
    for field in ["office", "person", "since"] {
        assert_eq!(empty.count(&format!(".errors a[href='#{field}']")), 1, "{field}: {}", empty.text());
    }
    let nobody = committee.appoint("chair", APPLICANT, ("2026-03-02", ""));
    assert!(nobody.status == 422 && nobody.text().contains("acts for no seat on 2 March 2026"), "{}", nobody.text());

    let page = staff.get("/committee/officers");
    let person = committee.person(&member(3)).to_string();
    let typed = [("office", "chair"), ("person", person.as_str()), ("since", "2026-03-02")];
    for _ in 0..2 {
        assert_eq!(staff.submit(&page, "/committee/officers", &typed).status, 200);
    }
    let page = staff.get("/committee/officers");
    assert_eq!(page.count("#officers-caption ~ tbody tr"), 1, "{}", page.text());
    let again = committee.appoint("chair", &member(3), ("2026-04-01", ""));
    assert!(again.status == 422 && again.text().contains("holds the office on these days already"), "{}", again.text());

    let (_, fields) = page.form("/committee/officers/end", &[]);
    assert!(fields.iter().any(|(name, _)| name == "ending"));
    let choice = page.body.split("<option value=\"").filter_map(|rest| rest.split_once("\">Chair: ")).next().unwrap().0;
    let early = staff.submit(&page, "/committee/officers/end", &[("ending", choice), ("last_day", "2026-03-01")]);
    assert!(early.status == 422 && early.text().contains("begins on 2 March 2026"), "{}", early.text());
    let ended = staff.submit(&page, "/committee/officers/end", &[("ending", choice), ("last_day", "2026-03-31")]);
    assert!(ended.text().contains("2 March 2026 to 31 March 2026"), "{}", ended.text());
    assert!(
        committee.list("2026-03-31").text().contains("Officers")
            && !committee.list("2026-04-01").text().contains("Officers")
    );

    for browser in [committee.browser(&member(3)), committee.browser(APPLICANT)] {
        assert_eq!(browser.get("/committee/officers").status, 403);
    }
}

#[test]
fn of_two_appointments_at_once_one_holds() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let page = staff.get("/committee/officers");
    let people = [3, 5, 7, 9].map(|seat| committee.person(&member(seat)).to_string());
    std::thread::scope(|scope| {
        for person in &people {
            let (staff, page) = (staff.same(), &page);
            let typed = [("office", "chair"), ("person", person.as_str()), ("since", "2026-03-02")];
            scope.spawn(move || assert_eq!(staff.submit(page, "/committee/officers", &typed).status, 200));
        }
    });
    assert_eq!(committee.list("").count("#officers-caption ~ tbody tr"), 1, "{}", committee.list("").text());
}

#[test]
fn whoever_acts_for_no_seat_any_more_is_no_officer_any_more() {
    let committee = Committee::new();
    committee.appoint("chair", &member(3), ("2026-03-02", ""));
    committee.world.wait(TimeDelta::days(10));
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/committee/{}", committee.seat(3)));
    let typed = [("representative_name", "New Person"), ("representative_address", "new@seat03.example")];
    staff.submit(&page, &format!("/committee/{}", committee.seat(3)), &typed);
    assert!(!committee.list("").text().contains("Chair"));
    assert!(committee.list("2026-03-11").text().contains("Chair"));
    assert!(staff.get("/committee/officers").text().contains("2 March 2026 to 11 March 2026"));
}

#[test]
fn the_chair_closes_an_objection_with_a_reason_and_the_minutes_name_the_chair() {
    let committee = Committee::new();
    committee.appoint("chair", &member(CHAIR), ("2026-03-02", ""));
    let id = committee.request();
    committee.world.see_to_duties();
    let reviewers = committee.reviewers(id);
    let other = (1..=12).find(|seat| !reviewers.contains(seat)).unwrap();
    committee.reviewed(id, reviewers[0], "object", "It commits to nothing.");
    let member_page = committee.declare(&committee.browser(&member(other)), id);
    assert!(!member_page.has_form("/objection"), "neither the author nor the chair");

    let chair = committee.browser(&member(CHAIR));
    let page = committee.declare(&chair, id);
    let objection = page.body.split("name=\"objection\"").nth(1).unwrap();
    let objection = objection.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
    // The form of the chair sent by somebody else closes nothing.
    let path = format!("/requests/{id}/objection");
    let thief = committee.browser(&member(other));
    let token = thief
        .get("/account")
        .form("/account/name", &[])
        .1
        .into_iter()
        .find(|(name, _)| name == "form_token")
        .unwrap()
        .1;
    let fields = [("form_token", token.as_str()), ("objection", objection), ("close_reason", "Because I say so.")];
    assert_eq!(thief.post(&path, &fields).status, 403);

    let empty = chair.submit(&page, "/objection", &[("objection", objection), ("close_reason", " ")]);
    assert!(empty.status == 422 && empty.text().contains("Say why the objection is closed."), "{}", empty.text());
    let closed =
        chair.submit(&page, "/objection", &[("objection", objection), ("close_reason", "It does, on page 4.")]);
    let words = "Closed by the chair, member@seat13.example: It does, on page 4.";
    assert!(closed.text().contains(words), "{}", closed.text());

    for seat in reviewers {
        committee.reviewed(id, seat, "support", "");
    }
    committee.world.wait(TimeDelta::days(9));
    committee.world.see_to_duties();
    let minutes = committee.browser(STAFF).get(&format!("/requests/{id}/record")).text();
    assert!(minutes.contains("By the chair, member@seat13.example,"), "{minutes}");
    assert!(minutes.contains("UTC): It does, on page 4."), "{minutes}");
}

#[test]
fn a_chair_whose_seat_has_a_conflict_closes_nothing() {
    let committee = Committee::new();
    committee.make_chair(&member(CHAIR));
    let id = committee.request();
    committee.world.see_to_duties();
    let chair = committee.browser(&member(CHAIR));
    let page = chair.get(&format!("/requests/{id}/review"));
    chair.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    let (_, fields) = chair.get("/account").form("/account/name", &[]);
    let token = fields.into_iter().find(|(name, _)| name == "form_token").unwrap().1;
    let fields = [("form_token", token.as_str()), ("objection", "00000000-0000-7000-8000-000000000001")];
    assert_eq!(chair.post(&format!("/requests/{id}/objection"), &fields).status, 403);
}

#[test]
fn a_seat_given_up_is_vacant_from_its_day_and_its_reviews_pass_on() {
    let committee = Committee::new();
    committee.make_chair(&member(CHAIR));
    committee.appoint("secretary", ALTERNATE, ("2026-03-02", ""));
    let page = committee.give_up(1, "2026-03-02", "2026-04-01");
    assert!(page.text().contains("The seat is given up."), "{}", page.text());
    for address in [member(1).as_str(), ALTERNATE] {
        let [told] = committee.texts_to(address, "seat-given-up").try_into().unwrap();
        assert!(told.contains("The last day in office is 31 March 2026.") && told.contains("It merges"), "{told}");
    }
    assert!(committee.texts_to(&member(2), "seat-given-up").is_empty());
    // Up to the day before nothing is different, and a motion that opens now has the seat on record.
    committee.world.wait(TimeDelta::days(27));
    committee.only_manned(&[1, 2, 3, CHAIR]);
    let id = committee.request();
    committee.world.see_to_duties();
    let reviewers = committee.reviewers(id);
    assert_eq!(reviewers.len(), 3);
    let next = [1, 2, 3, CHAIR].into_iter().find(|seat| !reviewers.contains(seat)).unwrap();
    let before = committee.list("2026-03-31");
    assert!(before.text().contains("Institution 01 ") && before.text().contains("1 January 2026 to 31 March 2026"));
    assert!(before.text().contains("Secretary"), "{}", before.text());

    committee.world.wait(TimeDelta::days(3));
    committee.world.see_to_duties();
    let after = committee.list("");
    assert!(!after.text().contains("Institution 01 ") && !after.text().contains("Secretary"), "{}", after.text());
    assert!(after.text().contains("Vacant 1 April 2026 to 31 December 2027"), "{}", after.text());
    assert!(after.text().contains("One of the committee’s seats is vacant."), "{}", after.text());
    assert_eq!(after.count("#seats-caption ~ tbody tr"), 13, "a vacant seat is a seat of record");
    assert_eq!(committee.browser(&member(1)).get("/waiting").status, 403);
    let motion = committee.browser(STAFF).get(&format!("/requests/{id}/motion"));
    assert!(motion.text().contains("Institution 01"), "the open motion keeps its seats: {}", motion.text());
    if reviewers.contains(&1) {
        assert!(motion.text().contains("The seat is no longer held; the place passed on"), "{}", motion.text());
        assert!(committee.texts_to(&member(next), "routing-assigned").len() == 1);
    } else {
        assert_eq!(next, 1);
    }
    // The next motion has the vacancy on record.
    let later = committee.request();
    committee.world.see_to_duties();
    let motion = committee.browser(STAFF).get(&format!("/requests/{later}/motion"));
    let seats = motion.first("[aria-labelledby=seats-1-caption]");
    assert!(seats.contains("Vacant seat Vacant") && !seats.contains("Institution 01"), "{}", motion.text());
}

#[test]
fn when_nobody_is_left_to_take_over_staff_and_chair_are_told_unless_the_chair_is_out() {
    for chair_is_out in [false, true] {
        let committee = Committee::new();
        committee.make_chair(&member(CHAIR));
        committee.only_manned(&[1, 2, CHAIR]);
        committee.give_up(1, "2026-03-02", "2026-04-01");
        committee.world.wait(TimeDelta::days(28));
        let id = committee.request();
        committee.world.see_to_duties();
        if chair_is_out {
            let chair = committee.browser(&member(CHAIR));
            let page = chair.get(&format!("/requests/{id}/review"));
            chair.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
            assert!(committee.texts_to(&member(CHAIR), "routing-conflict").is_empty());
        }
        committee.world.wait(TimeDelta::days(3));
        committee.world.see_to_duties();
        committee.world.see_to_duties();
        let [told] = committee.texts_to(STAFF, "routing-stuck").try_into().unwrap();
        assert!(told.contains("no other seat is free to take over"), "{told}");
        assert_eq!(committee.texts_to(&member(CHAIR), "routing-stuck").len(), usize::from(!chair_is_out));
    }
}

#[test]
fn a_request_of_the_chair_s_own_institution_that_cannot_be_routed_is_told_to_staff_alone() {
    let committee = Committee::new();
    committee.make_chair(&member(CHAIR));
    committee.only_manned(&[CHAIR]);
    let _id = committee.request_with(r#"{"title":"A fine project"}"#, Some(CHAIR));
    committee.world.see_to_duties();
    assert_eq!(committee.texts_to(STAFF, "routing-stuck").len(), 1);
    assert!(committee.texts_to(&member(CHAIR), "routing-stuck").is_empty());
}

#[test]
fn giving_up_needs_its_notice_a_reason_and_a_seat_that_is_held() {
    let committee = Committee::new();
    let early = committee.give_up(1, "2026-03-02", "2026-03-31");
    assert!(
        early.status == 422 && early.text().contains("given up on 1 April 2026 at the earliest"),
        "{}",
        early.text()
    );
    let staff = committee.browser(STAFF);
    let path = format!("/committee/{}/give-up", committee.seat(1));
    let typed = [("notice", "yesterday"), ("from", "2028-01-01"), ("reason", "")];
    let wrong = staff.submit(&staff.get(&path), "/give-up", &typed);
    for field in ["notice", "from", "reason"] {
        assert_eq!(wrong.count(&format!(".errors a[href='#{field}']")), 1, "{field}: {}", wrong.text());
    }
    assert_eq!(wrong.form("/give-up", &[]).1.iter().find(|(name, _)| name == "notice").unwrap().1, "yesterday");
    for browser in [committee.browser(&member(1)), committee.browser(APPLICANT)] {
        assert_eq!(browser.get(&path).status, 403);
    }
    assert!(committee.texts_to(&member(1), "seat-given-up").is_empty());
}

#[test]
fn a_vacant_seat_is_filled_for_the_rest_of_its_term_by_a_full_member() {
    let committee = Committee::new();
    let page = committee.give_up(1, "2026-02-01", "2026-03-03");
    assert_eq!(page.status, 200, "{}", page.text());
    committee.world.wait(TimeDelta::days(2));
    let staff = committee.browser(STAFF);
    let list = staff.get("/committee");
    let fill = list.links().into_iter().find(|link| link.ends_with("/fill")).unwrap();
    let page = staff.get(&fill);
    let option = |name: &str| {
        let at = page.body.find(&format!(">{name}</option>")).unwrap();
        page.body[..at].rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned()
    };
    let empty = staff.submit(&page, "/fill", &[("from", "2026-03-01")]);
    assert!(
        empty.status == 422
            && empty.text().contains("Choose the institution")
            && empty.text().contains("This day has passed.")
    );
    let institution = option("Stanford University");
    let filled = staff.submit(&page, "/fill", &[("institution", &institution), ("from", "2026-03-10")]);
    assert!(filled.text().contains("Who acts for Stanford University"), "{}", filled.text());
    assert!(committee.list("2026-03-09").text().contains("Vacant 3 March 2026 to 9 March 2026"));
    let later = committee.list("2026-03-10");
    assert!(later.text().contains("Stanford University"), "{}", later.text());
    assert!(later.text().contains("10 March 2026 to 31 December 2027") && !later.text().contains("Vacant"));
    assert_eq!(committee.list("2026").text().matches("Vacant").count(), 1, "the year has all three");
}

#[test]
fn the_list_is_for_any_day_or_year_and_what_is_neither_is_answered_with_a_hint() {
    let committee = Committee::new();
    assert!(committee.list("2026-06-01").text().contains("Seats in office on 1 June 2026"));
    assert!(committee.list("2026").text().contains("Seats in office in 2026"));
    assert!(committee.list("2031").text().contains("No seat is in office in 2031."));
    let wrong = committee.list("31%2F12%2F2026");
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("Enter a day or a year") && wrong.text().contains("Institution 07"),
        "{}",
        wrong.text()
    );
    assert!(wrong.body.contains("value=\"31/12/2026\""), "what was typed is kept");
}

/// A batch with a name as it is listed and one as people type it.
const ROSTER: &str =
    "- name: Batch Y\n  start: 2031\n  term: 3\n  members:\n    - Yale University\n    - The BNF of Paris\n";

#[test]
fn staff_import_a_roster_after_a_look_and_after_saying_whose_a_name_is() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let blank = staff.get("/committee/roster");
    let broken = staff.submit(&blank, "/committee/roster", &[("file", "- start: 2031\n  term: 40\n")]);
    assert!(
        broken.status == 422 && broken.text().contains("line 2, column 9: term is a number of years"),
        "{}",
        broken.text()
    );
    assert!(broken.body.contains("term: 40"), "what was pasted is kept");

    let look = staff.submit(&blank, "/committee/roster", &[("file", ROSTER)]);
    assert!(look.status == 200 && look.text().contains("+ Yale University, 2032 to 2034"), "{}", look.text());
    assert!(committee.list("2032").text().contains("No seat is in office in 2032."), "a look changes nothing");
    let unanswered = staff.submit(&look, "/committee/roster", &[("apply", "yes")]);
    assert!(
        unanswered.status == 422 && unanswered.text().contains("Choose whose name “The BNF of Paris” is."),
        "{}",
        unanswered.text()
    );
    assert!(committee.list("2032").text().contains("No seat is in office in 2032."), "nothing is half imported");

    let at = look.body.find(">La Bibliothèque nationale de France</option>").unwrap();
    let id = look.body[..at].rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned();
    let answered = [("same-1", id.as_str()), ("apply", "yes")];
    for _ in 0..2 {
        let done = staff.submit(&look, "/committee/roster", &answered);
        assert!(done.text().contains("The roster is imported."), "{}", done.text());
    }
    assert_eq!(committee.list("2032").count("#seats-caption ~ tbody tr"), 2, "sent twice, imported once");
    let again = staff.submit(&blank, "/committee/roster", &[("file", ROSTER)]);
    assert!(again.text().contains("The 2 seats of the file are here already."), "{}", again.text());
    assert_eq!(committee.browser(&member(1)).get("/committee/roster").status, 403);
}

#[test]
fn a_conflict_is_suggested_by_another_name_and_by_the_domain_above() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let seat = committee.seat(2);
    let of_seat = move |view: &mut View<'_>| {
        Ok(seats::table.find(seat).select(seats::institution_id).first(view.connection())?)
    };
    let institution: Option<InstitutionId> = committee.world.store().read_now(of_seat).unwrap();
    let path = format!("/members/{}/edit", institution.unwrap());
    let page = staff.get(&path);
    let typed = [
        ("other_names", "The Second Archive"),
        ("website", "https://www.seat02.example/about"),
        ("membership", "full"),
    ];
    assert_eq!(staff.submit(&page, &path, &typed).status, 200);
    let id = committee.request_with(
        r#"{"title":"A fine project","summary":"With the SECOND archive.","pi_email":"pi@maps.seat03.example"}"#,
        None,
    );
    committee.world.see_to_duties();
    let motion = staff.get(&format!("/requests/{id}/motion")).text();
    for words in [
        "Institution 02 may have a conflict: the summary names The Second Archive, which is Institution 02.",
        "Institution 03 may have a conflict: the principal investigator has an address at maps.seat03.example, and \
         seat03.example is a domain of the seat’s institution.",
    ] {
        assert!(motion.contains(words), "{words}: {motion}");
    }
}
