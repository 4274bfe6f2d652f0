//! Ballots off the beaten track: by a link from a mail, by telephone, and as they stand in the minutes.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{InstitutionId, RequestId, SeatId};
use letters::store::schema::seats;
use letters::workflow::stage::StageName;

use crate::harness::{Browser, Page};
use crate::review::review;
use crate::review::world::{ALTERNATE, APPLICANT, Committee, STAFF, member};

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

/// What staff type to record that the seat `n` votes as said.
fn told(committee: &Committee, n: usize, choice: &str, reason: &str) -> Vec<(&'static str, String)> {
    vec![
        ("ballot_seat", committee.seat(n).to_string()),
        ("choice", choice.to_owned()),
        ("vote_reason", reason.to_owned()),
        ("source", "phone".to_owned()),
        ("witness", "Ada Ito".to_owned()),
    ]
}

/// The form on the staff's page, sent with these values.
fn send(staff: &Browser, page: &Page, values: &[(&str, String)]) -> Page {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    staff.submit(page, "/record-ballot", &values)
}

/// The values and the form's token, sent whether or not the page shows the form.
fn send_anyway(browser: &Browser, id: RequestId, values: &[(&str, String)]) -> Page {
    let page = browser.get("/account");
    let token = if page.has_form("/account/name") {
        page.form("/account/name", &[]).1[0].1.clone()
    } else {
        page.form("/sign-in", &[]).1[0].1.clone()
    };
    let mut fields = vec![("form_token", token.as_str())];
    fields.extend(values.iter().map(|(name, value)| (*name, value.as_str())));
    browser.post_only(&format!("/requests/{id}/record-ballot"), &fields)
}

fn mails(committee: &Committee, address: &str) -> Vec<String> {
    let mails = committee.world.mail_to(address).into_iter();
    mails.filter(|mail| mail.kind == "ballot-recorded").map(|mail| mail.text).collect()
}

fn cast(choice: &str, counts: bool) -> (String, bool) {
    (choice.to_owned(), counts)
}

#[test]
fn staff_record_a_ballot_given_by_phone_and_the_seat_is_told_at_once() {
    let (committee, id) = voting();
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    let empty = staff.submit(&page, "/record-ballot", &[]);
    assert!(empty.status == 422 && empty.title().starts_with("Error:"), "{}", empty.title());
    for words in [
        "Choose the seat whose ballot it is.",
        "Choose yes, no or abstain.",
        "Choose how the ballot was given.",
        "Enter the name of who witnessed it.",
    ] {
        assert!(empty.text().contains(words), "all at once: {}", empty.text());
    }
    let wrong = send(&staff, &page, &told(&committee, 1, "no", ""));
    assert!(wrong.status == 422 && wrong.text().contains("Say why you vote no."), "{}", wrong.text());
    assert!(committee.ballots(id).is_empty() && mails(&committee, &member(1)).is_empty());

    let done = staff.submit(&wrong, "/record-ballot", &[("vote_reason", "It is too vague.")]);
    assert!(done.text().contains("The ballot is recorded."), "what was typed is kept: {}", done.text());
    assert!(done.text().contains("A ballot given outside the service was recorded."), "{}", done.text());
    assert_eq!(committee.ballots(id), [cast("no", true)]);
    for address in [member(1), ALTERNATE.to_owned()] {
        let [mail] = &mails(&committee, &address)[..] else { panic!("one mail to {address}") };
        let link = format!("/requests/{id}/review");
        for words in ["Vote: No", "It is too vague.", "by phone", "Ada Ito", STAFF, "replaces", &link, "write to"] {
            assert!(mail.contains(words), "{words}: {mail}");
        }
    }
    assert!(mails(&committee, &member(2)).is_empty(), "nobody else is told while the vote is open");

    let seat = committee.browser(&member(1));
    let page = committee.declare(&seat, id);
    assert!(page.text().contains("recorded by staff, by phone, witness Ada Ito"), "{}", page.text());
    assert_eq!(checked(&page).as_deref(), Some("no"), "the seat can start from what was recorded");
    let other = committee.browser(&member(2));
    assert!(!committee.declare(&other, id).text().contains("Ada Ito"), "ballots stay closed until the vote does");
}

#[test]
fn no_ballot_is_recorded_of_a_seat_for_which_nobody_could_contest_it() {
    let (committee, id) = voting();
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    committee.end_term(9);
    let refused = send(&staff, &page, &told(&committee, 9, "yes", ""));
    assert!(refused.status == 409 && refused.text().contains("Nobody acts for this seat"), "{}", refused.text());
    assert!(committee.ballots(id).is_empty());
}

#[test]
fn the_seats_own_ballot_replaces_a_recorded_one_and_all_stay_in_the_history() {
    let (committee, id) = voting();
    let staff = committee.browser(STAFF);
    let motion = format!("/requests/{id}/motion");
    send(&staff, &staff.get(&motion), &told(&committee, 1, "yes", ""));
    committee.vote(id, ALTERNATE, "no", "We did not say that.");
    assert_eq!(committee.ballots(id), [cast("yes", false), cast("no", true)], "the alternate contests it");
    send(&staff, &staff.get(&motion), &told(&committee, 1, "abstain", ""));
    assert_eq!(
        committee.ballots(id)[1..],
        [cast("no", false), cast("abstain", true)],
        "it counts like the representative's"
    );
    committee.vote(id, &member(1), "yes", "");
    assert_eq!(committee.ballots(id)[2..], [cast("abstain", false), cast("yes", true)]);

    let refused = send(&staff, &staff.get(&motion), &told(&committee, 1, "no", "Again."));
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("The seat has voted itself."), "{}", refused.text());
    assert_eq!(committee.ballots(id).len(), 4);
    let history = committee.browser(&member(1)).get(&format!("/requests/{id}/review")).text();
    assert_eq!(history.matches("recorded by staff, by phone, witness Ada Ito").count(), 2, "{history}");
}

#[test]
fn recording_twice_with_one_form_is_one_ballot_and_one_mail() {
    let (committee, id) = voting();
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    let values = told(&committee, 2, "yes", "");
    for _ in 0..2 {
        assert!(send(&staff, &page, &values).text().contains("The ballot is recorded."));
    }
    assert_eq!(committee.ballots(id), [cast("yes", true)]);
    assert_eq!(mails(&committee, &member(2)).len(), 1);
}

#[test]
fn a_seat_that_takes_no_part_has_no_ballot_to_record() {
    let committee = Committee::new();
    let (gone, staff) = (committee.seat(13), committee.browser(STAFF));
    let nobody: Option<InstitutionId> = None;
    let vacate = move |tx: &mut letters::store::Tx<'_>| {
        let emptied = diesel::update(seats::table.find(gone)).set(seats::institution_id.eq(nobody));
        Ok(emptied.execute(tx.connection())?)
    };
    committee.world.store().write_now(vacate).unwrap();
    let id = committee.request();
    committee.world.see_to_duties();
    let early = send_anyway(&staff, id, &told(&committee, 2, "yes", ""));
    assert!(early.status == 409 && early.text().contains("No tallied vote is open"), "{}", early.text());
    assert!(!staff.get(&format!("/requests/{id}/motion")).has_form("/record-ballot"));

    committee.call_tally(id, 5);
    let recused = committee.browser(&member(6));
    let page = recused.get(&format!("/requests/{id}/review"));
    recused.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert_eq!(page.count("#ballot_seat option"), 12, "eleven seats take part, and nobody is chosen at first");
    let mut foreign = told(&committee, 2, "yes", "");
    foreign[0].1 = SeatId::fresh().to_string();
    for (values, why) in [
        (told(&committee, 6, "yes", ""), "has a conflict of interest"),
        (told(&committee, 13, "yes", ""), "was vacant when the motion opened"),
        (foreign, "not among the seats of record"),
    ] {
        let refused = send_anyway(&staff, id, &values);
        assert_eq!(refused.status, 409, "{why}");
        assert!(refused.text().contains(why), "{}", refused.text());
    }
    assert!(committee.ballots(id).is_empty());
}

#[test]
fn only_staff_record_ballots() {
    let (committee, id) = voting();
    let values = told(&committee, 2, "yes", "");
    for address in [APPLICANT.to_owned(), member(2), ALTERNATE.to_owned()] {
        assert_eq!(send_anyway(&committee.browser(&address), id, &values).status, 403, "{address}");
    }
    let anonymous = send_anyway(&committee.world.browser(), id, &values);
    assert_eq!(anonymous.status, 303);
    assert!(anonymous.header("location").starts_with("/sign-in?next="), "{}", anonymous.header("location"));
    assert!(committee.ballots(id).is_empty());
}

/// The vote on a request whose seventh yes staff record; members 1 to 6 said yes on the page, 8 no.
fn carried() -> (Committee, RequestId) {
    let (committee, id) = voting();
    for n in 1..=6 {
        committee.vote(id, &member(n), "yes", "");
    }
    committee.vote(id, &member(8), "no", "It is too vague.");
    let staff = committee.browser(STAFF);
    let mut values = told(&committee, 7, "yes", "");
    values[3].1 = "meeting".to_owned();
    let page = send(&staff, &staff.get(&format!("/requests/{id}/motion")), &values);
    assert!(page.text().contains("The motion is carried."), "a recorded ballot counts: {}", page.text());
    committee.world.see_to_duties();
    (committee, id)
}

#[test]
fn the_decision_record_has_all_that_minutes_need() {
    let (committee, id) = carried();
    let (staff, path) = (committee.browser(STAFF), format!("/requests/{id}/record"));
    assert!(staff.get(&format!("/requests/{id}/motion")).has_link(&path));
    let page = staff.get(&path);
    let said = page.text();
    for words in [
        "A fine project",
        "Marie",
        "University of Example",
        "A funder",
        "Institution 13",
        "Institution 05 called a tallied vote.",
        "2 × 7 = 14 is more than 13.",
        "at least 7 seats vote yes, no or abstain",
        "It is too vague.",
        "recorded by staff, in a meeting, witness Ada Ito",
        "Vote called 2 March 2026,",
        "GMT (",
        "UTC)",
        "Released to the applicant Not yet.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let title = page.title();
    assert!(title.starts_with("LOS-2026-") && title.contains(" decision record"), "{title}");
    assert!(!title.contains([':', '/', '\\', '"', '*', '?', '<', '>', '|']), "no name for a file: {title}");

    staff.submit(&staff.get(&format!("/requests/{id}/motion")), "/release", &[("reasons", "Well done.")]);
    assert_eq!(committee.stage(id), StageName::Decided);
    let said = staff.get(&path).text();
    assert!(said.contains(&format!("UTC), by {STAFF}")) && said.contains("Well done."), "{said}");
}

#[test]
fn the_decision_record_tells_of_objections_and_how_each_was_closed() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let reviewers = committee.reviewers(id);
    let first = committee.browser(&member(reviewers[0]));
    let page = committee.declare(&first, id);
    first.submit(&page, "/review", &review("object", "It commits to nothing."));
    for n in &reviewers {
        let browser = committee.browser(&member(*n));
        let page = committee.declare(&browser, id);
        browser.submit(&page, "/review", &review("support", ""));
    }
    let staff = committee.browser(STAFF);
    let early = staff.get(&format!("/requests/{id}/record"));
    assert!(early.status == 409 && early.text().contains("The motion is still open."), "{}", early.text());
    assert!(!staff.get(&format!("/requests/{id}/motion")).has_link(&format!("/requests/{id}/record")));

    committee.world.wait(TimeDelta::days(8));
    committee.world.see_to_duties();
    let said = committee.browser(STAFF).get(&format!("/requests/{id}/record")).text();
    for words in [
        "Adopted by consensus",
        "It commits to nothing.",
        "UTC): The seat now supports the request.",
        "Consensus period until",
        "None was cast.",
        "Supports",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn the_decision_record_is_for_staff_and_seats_without_a_conflict_and_only_once_the_motion_has_closed() {
    let (committee, id) = voting();
    let path = format!("/requests/{id}/record");
    let recused = committee.browser(&member(9));
    let page = recused.get(&format!("/requests/{id}/review"));
    recused.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    let caller = committee.browser(&member(5));
    assert_eq!(caller.get(&path).status, 409, "the motion is open");
    assert!(!caller.get(&format!("/requests/{id}/review")).has_link(&path));
    for n in [1, 2, 3, 4, 5, 6, 7] {
        committee.vote(id, &member(n), "no", "Nobody shall read this.");
    }
    committee.world.see_to_duties();

    assert!(caller.get(&format!("/requests/{id}/review")).has_link(&path));
    let read = caller.get(&path);
    assert!(read.status == 200 && read.text().contains("Nobody shall read this."), "{}", read.text());
    let undeclared = committee.browser(&member(12));
    let refused = undeclared.get(&path);
    assert!(refused.status == 403 && refused.has_link(&format!("/requests/{id}/review")), "{}", refused.text());
    committee.declare(&undeclared, id);
    assert_eq!(undeclared.get(&path).status, 200);

    assert_eq!(recused.get(&path).status, 403, "as a member");
    committee.make_staff(&member(9));
    for (browser, why) in [(&recused, "has a conflict of interest"), (&committee.browser(APPLICANT), "Only members")] {
        let refused = browser.get(&path);
        assert_eq!(refused.status, 403, "{why}");
        assert!(refused.text().contains(why) && !refused.text().contains("Nobody shall"), "{}", refused.text());
    }
    let anonymous = committee.world.browser();
    let asked = anonymous.get(&path);
    assert_eq!(asked.path, format!("/sign-in?next={path}"));
    assert_eq!(sign_in_from(&committee, &anonymous, &asked, &member(5)).path, path);
    assert_eq!(committee.browser(STAFF).get("/requests/nonsense/record").status, 404);
}

#[test]
fn participation_counts_the_part_of_each_institution_in_the_votes_that_have_closed() {
    let (committee, _) = carried();
    let mut cost = Vec::new();
    let mut look = || {
        let staff = committee.browser(STAFF);
        let page = staff.get("/participation");
        let before = committee.world.store().queries();
        staff.get("/participation");
        cost.push(committee.world.store().queries() - before);
        page.text()
    };
    // Called, voted, abstained, missed, not needed, recused, median.
    let said = look();
    for row in [
        "Institution 01 1 1 0 0 0 0 under an hour",
        "Institution 07 1 1 0 0 0 0 under an hour",
        "Institution 10 1 0 0 0 1 0 –",
    ] {
        assert!(said.contains(row), "{row}: {said}");
    }

    let id = committee.request();
    committee.world.see_to_duties();
    committee.call_tally(id, 5);
    committee.world.wait(TimeDelta::days(3));
    committee.vote(id, &member(2), "abstain", "");
    let recused = committee.browser(&member(9));
    let page = recused.get(&format!("/requests/{id}/review"));
    recused.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    committee.world.wait(TimeDelta::days(8));
    committee.world.see_to_duties();
    let said = look();
    for row in ["Institution 02 2 1 1 0 0 0 36 hours", "Institution 09 1 0 0 0 1 1 –", "Institution 10 2 0 0 1 1 0 –"]
    {
        assert!(said.contains(row), "{row}: {said}");
    }
    assert!(cost[0] > 0 && cost[0] == cost[1], "{cost:?}");

    // The page of the year has the same for its own votes, as a plot, a table and for a spreadsheet.
    let staff = committee.browser(STAFF);
    let year = staff.get("/year");
    assert!(year.text().contains("Institution 02 2 1 1 0 0 0 36 hours"), "{}", year.text());
    assert!(year.count("svg[aria-labelledby=seats] rect") > 10, "{}", year.body);
    let table = staff.get("/year.csv?of=2026").body;
    for row in ["Participation,Institution 02,Abstained,1\r\n", "Sent by month,March,With the committee,2\r\n"] {
        assert!(table.contains(row), "{row}: {table}");
    }

    let said = committee.browser(&member(9)).get("/participation").text();
    assert!(
        said.contains("have closed: 1.") && said.contains("Institution 02 1 1 0 0 0 0"),
        "a conflict hides: {said}"
    );
    let member_sees = committee.browser(&member(3));
    let seats = member_sees.get("/committee");
    assert!(seats.has_link("/participation"), "{}", seats.text());
    assert_eq!(member_sees.get("/participation").status, 200);
    assert_eq!(committee.browser(APPLICANT).get("/participation").status, 403);
    assert!(committee.world.browser().get("/participation").path.starts_with("/sign-in?next=/participation"));
}
