//! Conflicts of interest in the hands of staff: recorded, withdrawn, suggested and dismissed; and what a seat loses and
//! gets back by it.

use letters::ids::RequestId;

use crate::harness::{Browser, Page};
use crate::review::world::{ALTERNATE, APPLICANT, Committee, STAFF, member};

const CHAIR: usize = 13;

/// The applicant writes from the domain of seat 3, the investigator from a provider that anybody has an address at, and
/// the summary names the institution of seat 5.
const TELLING: &str = r#"{"title":"A fine project","summary":"A secret summary, with INSTITUTION 05 and others.",
    "contact_email":"Marie@SEAT03.example","pi_email":"pi@gmail.com"}"#;

/// A committee with a chair, and a request that has gone to its reviewers.
fn routed(form: &'static str, from: Option<usize>) -> (Committee, RequestId) {
    let committee = Committee::new();
    committee.make_chair(&member(CHAIR));
    let id = committee.request_with(form, from);
    committee.world.see_to_duties();
    (committee, id)
}

fn plain() -> (Committee, RequestId) {
    routed(r#"{"title":"A fine project","summary":"A secret summary"}"#, None)
}

fn declare_conflict(browser: &Browser, id: RequestId) {
    let page = browser.get(&format!("/requests/{id}/review"));
    let page = browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    assert!(page.text().contains("the seat has a conflict of interest"), "{}", page.text());
}

impl Committee {
    fn motion_page(&self, id: RequestId) -> Page {
        self.browser(STAFF).get(&format!("/requests/{id}/motion"))
    }

    fn record(&self, id: RequestId, seat: usize) -> Page {
        let seat = self.seat(seat).to_string();
        let typed = [("recorded_seat", seat.as_str()), ("record_reason", "Its director leads the project.")];
        self.browser(STAFF).submit(&self.motion_page(id), "/record-conflict", &typed)
    }

    fn withdraw_conflict(&self, id: RequestId, seat: usize) -> Page {
        let seat = self.seat(seat).to_string();
        let typed = [("withdrawn_seat", seat.as_str()), ("withdraw_reason", "Another person of that name.")];
        self.browser(STAFF).submit(&self.motion_page(id), "/withdraw-conflict", &typed)
    }

    /// How many mails of a kind an address got.
    fn mails(&self, address: &str, kind: &str) -> usize {
        self.world.mail_to(address).iter().filter(|mail| mail.kind == kind).count()
    }
}

/// What a page says of a seat in the table of a motion.
fn seat_line(page: &Page, motion: usize, seat: usize) -> String {
    let html = scraper::Html::parse_document(&page.body);
    let rows = scraper::Selector::parse(&format!("[aria-labelledby=seats-{motion}-caption] tbody tr")).unwrap();
    let lines = html.select(&rows).map(|row| row.text().collect::<Vec<_>>().join(" "));
    lines.into_iter().find(|line| line.contains(&format!("Institution {seat:02}"))).unwrap()
}

#[test]
fn the_queue_is_searched_for_conflicts_and_for_who_owes_a_review() {
    let (committee, id) = plain();
    let staff = committee.browser(STAFF);
    let reviewer = committee.reviewers(id)[0];
    let is_found = |words: &str| staff.get(&format!("/queue?words={words}")).text().contains("A fine project");
    let owes = format!("waiting%3A%22institution+{reviewer:02}%22");
    assert!(!is_found("has%3Aconflict") && is_found(&owes) && !is_found("waiting%3Aapplicant"));
    declare_conflict(&committee.browser(&member(reviewer)), id);
    assert!(is_found("has%3Aconflict") && !is_found(&owes), "another seat took over");
}

#[test]
fn the_counts_and_filters_of_the_queue_say_nothing_of_a_request_that_is_hidden() {
    let (committee, id) = plain();
    let reviewer = committee.browser(&member(committee.reviewers(id)[0]));
    let counted = |page: &Page| (page.body.contains("Open (1)"), page.body.contains("A funder"));
    assert_eq!(counted(&reviewer.get("/queue")), (true, true));
    declare_conflict(&reviewer, id);
    let after = reviewer.get("/queue");
    assert_eq!(counted(&after), (false, false), "{}", after.text());
    assert!(after.body.contains("Open (0)") && after.body.contains("All (0)"), "{}", after.text());
    assert_eq!(counted(&committee.browser(STAFF).get("/queue")), (true, true));
}

#[test]
fn a_withdrawn_conflict_opens_the_request_again_and_gives_the_seat_its_vote() {
    let (committee, id) = plain();
    committee.call_tally(id, 5);
    let browser = committee.browser(&member(1));
    declare_conflict(&browser, id);
    let review = format!("/requests/{id}/review");
    assert_eq!(browser.get(&review).status, 403);
    assert!(browser.get("/waiting").text().contains("Nothing waits for you"));

    let page = committee.withdraw_conflict(id, 1);
    assert!(page.text().contains("The conflict of interest is withdrawn"), "{}", page.text());
    assert!(page.text().contains("Institution 01: Another person of that name."), "{}", page.text());
    let history = "A conflict of interest was withdrawn, and the seat takes part again. Staff";
    assert!(page.text().contains(history), "{}", page.text());

    assert!(browser.get("/waiting").text().contains("Vote: A fine project"));
    let page = browser.get(&review);
    assert!(page.text().contains("A secret summary") && !page.has_form("/conflict"), "{}", page.text());
    let page = browser.submit(&page, "/ballot", &[("choice", "yes")]);
    assert!(page.text().contains("ballot is cast"), "{}", page.text());
    assert!(seat_line(&page, 1, 1).contains("voted"), "{}", page.text());

    for address in [member(1), ALTERNATE.to_owned(), member(CHAIR)] {
        let mails = committee.world.mail_to(&address);
        let told: Vec<_> = mails.iter().filter(|mail| mail.kind == "routing-withdrawn").collect();
        assert_eq!(told.len(), 1, "{address}");
        assert!(told[0].text.contains("Another person of that name.") && told[0].text.contains("Institution 01"));
    }
    for address in [member(2), APPLICANT.to_owned()] {
        assert_eq!(committee.mails(&address, "routing-withdrawn"), 0, "{address}");
    }
}

#[test]
fn a_chair_whose_own_seat_is_out_is_told_nothing_of_the_request() {
    let (committee, id) = plain();
    declare_conflict(&committee.browser(&member(1)), id);
    committee.record(id, CHAIR);
    committee.withdraw_conflict(id, 1);
    assert_eq!(committee.mails(&member(1), "routing-withdrawn"), 1);
    assert_eq!(committee.mails(&member(CHAIR), "routing-withdrawn"), 0);
}

#[test]
fn a_ballot_cast_before_the_conflict_is_marked_and_counts_again_once_it_is_withdrawn() {
    let (committee, id) = plain();
    committee.call_tally(id, 5);
    for seat in [1, 2, 3, 4, 5, 6] {
        committee.vote(id, &member(seat), "yes", "");
    }
    let page = committee.record(id, 6);
    assert!(seat_line(&page, 1, 6).contains("Recused its vote is not counted"), "{}", seat_line(&page, 1, 6));
    let page = committee.vote(id, &member(7), "yes", "");
    assert!(page.text().contains("The vote is open"), "six yes of thirteen decide nothing: {}", page.text());
    // The seventh yes decides: the one that was on record all along.
    let page = committee.withdraw_conflict(id, 6);
    assert!(page.text().contains("The motion is carried."), "{}", page.text());
    assert!(seat_line(&page, 1, 6).contains("voted yes"), "{}", seat_line(&page, 1, 6));
    assert_eq!(committee.ballots(id).len(), 7, "none is erased");
}

#[test]
fn what_a_closed_motion_left_out_stays_out_and_the_next_one_takes_the_seat_in() {
    let (committee, id) = plain();
    committee.call_tally(id, 5);
    committee.vote(id, &member(6), "yes", "");
    committee.record(id, 6);
    committee.world.wait(chrono::TimeDelta::days(9));
    committee.world.see_to_duties();
    let uncounted = "not counted: the seat is recused";
    let page = committee.motion_page(id);
    assert!(page.text().contains("There is no quorum") && page.text().contains(uncounted), "{}", page.text());

    // The second motion opens while the conflict stands.
    let page = committee.browser(STAFF).submit(&page, "/put-again", &[]);
    assert!(seat_line(&page, 2, 6).contains("Recused"), "{}", seat_line(&page, 2, 6));
    let page = committee.withdraw_conflict(id, 6);
    assert!(!seat_line(&page, 2, 6).contains("Recused"), "{}", seat_line(&page, 2, 6));
    assert!(seat_line(&page, 1, 6).contains("Recused") && page.text().contains(uncounted), "{}", page.text());
    let page = committee.vote(id, &member(6), "yes", "");
    assert!(page.text().contains("ballot is cast"), "{}", page.text());
}

#[test]
fn a_vote_whose_time_is_up_closes_without_the_seat_although_its_conflict_is_withdrawn_a_moment_later() {
    let (committee, id) = plain();
    committee.call_tally(id, 5);
    committee.vote(id, &member(6), "yes", "");
    committee.record(id, 6);
    committee.world.wait(chrono::TimeDelta::days(9));
    let page = committee.withdraw_conflict(id, 6);
    assert!(page.text().contains("There is no quorum"), "{}", page.text());
    assert!(seat_line(&page, 1, 6).contains("Recused"), "{}", seat_line(&page, 1, 6));
}

#[test]
fn nobody_but_staff_records_withdraws_or_dismisses() {
    let (committee, id) = routed(TELLING, None);
    committee.record(id, 1);
    let (out, free) = (committee.seat(1).to_string(), committee.seat(2).to_string());
    for address in [APPLICANT.to_owned(), member(1), member(2), member(CHAIR)] {
        let browser = committee.browser(&address);
        let token = browser.get("/account").form("/account/name", &[]).1[0].1.clone();
        let fields = [
            ("form_token", token.as_str()),
            ("withdrawn_seat", &out),
            ("withdraw_reason", "I say so."),
            ("recorded_seat", &free),
            ("record_reason", "I say so."),
            ("suggested_seat", &free),
        ];
        for act in ["withdraw-conflict", "record-conflict", "dismiss-conflict"] {
            let refused = browser.post_only(&format!("/requests/{id}/{act}"), &fields);
            assert_eq!(refused.status, 403, "{address} {act}");
        }
    }
    assert_eq!(committee.browser(&member(1)).get(&format!("/requests/{id}/review")).status, 403, "still out");
    assert_eq!(committee.browser(&member(2)).get(&format!("/requests/{id}/review")).status, 200, "still in");
}

#[test]
fn a_form_without_its_seat_or_reason_comes_back_as_it_was_filled() {
    let (committee, id) = plain();
    let staff = committee.browser(STAFF);
    declare_conflict(&committee.browser(&member(1)), id);
    let page = committee.motion_page(id);
    for (act, seat, reason, words) in [
        (
            "/withdraw-conflict",
            "withdrawn_seat",
            "withdraw_reason",
            ["Choose the seat whose conflict", "Say why there is no"],
        ),
        (
            "/record-conflict",
            "recorded_seat",
            "record_reason",
            ["Choose the seat that has", "Say what the conflict is"],
        ),
    ] {
        let wrong = staff.submit(&page, act, &[]);
        assert_eq!(wrong.status, 422, "{act}");
        assert!(wrong.title().starts_with("Error:"), "{}", wrong.title());
        assert!(words.iter().all(|words| wrong.text().contains(words)), "both at once: {}", wrong.text());

        let number = if act == "/withdraw-conflict" { 1 } else { 2 };
        let chosen = committee.seat(number).to_string();
        let wrong = staff.submit(&page, act, &[(seat, &chosen), (reason, "  ")]);
        assert_eq!(wrong.status, 422, "{act}");
        let kept =
            wrong.count(&format!("input[name={seat}][value='{chosen}'][checked], option[value='{chosen}'][selected]"));
        assert_eq!(kept, 1, "the seat stays chosen: {act}");

        let long = "x".repeat(3_000);
        let wrong = staff.submit(&page, act, &[(seat, "nonsense"), (reason, &long)]);
        assert!(wrong.status == 422 && wrong.body.contains(&long), "what was typed is kept: {act}");
        assert!(wrong.text().contains("Shorten the reason") && wrong.text().contains(words[0]), "{}", wrong.text());
    }
    assert_eq!(committee.browser(&member(1)).get(&format!("/requests/{id}/review")).status, 403, "nothing was changed");
    assert_eq!(committee.browser(&member(2)).get(&format!("/requests/{id}/review")).status, 200, "nothing was changed");
}

#[test]
fn doing_it_twice_changes_nothing() {
    let (committee, id) = plain();
    let staff = committee.browser(STAFF);
    let (one, other) = (committee.motion_page(id), committee.motion_page(id));
    let seat = committee.seat(1).to_string();
    let recorded = [("recorded_seat", seat.as_str()), ("record_reason", "Its director leads the project.")];
    assert_eq!(staff.submit(&one, "/record-conflict", &recorded).status, 200);
    assert_eq!(staff.submit(&one, "/record-conflict", &recorded).status, 200, "the same form again");
    let again = staff.submit(&other, "/record-conflict", &recorded);
    assert_eq!(again.status, 409);
    assert!(again.text().contains("on record already"), "{}", again.text());
    assert_eq!(committee.mails(&member(1), "routing-recorded"), 1);

    let (one, other) = (committee.motion_page(id), committee.motion_page(id));
    let withdrawn = [("withdrawn_seat", seat.as_str()), ("withdraw_reason", "Another person of that name.")];
    assert_eq!(staff.submit(&one, "/withdraw-conflict", &withdrawn).status, 200);
    assert_eq!(staff.submit(&one, "/withdraw-conflict", &withdrawn).status, 200, "the same form again");
    let again = staff.submit(&other, "/withdraw-conflict", &withdrawn);
    assert_eq!(again.status, 409);
    assert!(again.text().contains("has been withdrawn already"), "{}", again.text());
    assert_eq!(committee.mails(&member(1), "routing-withdrawn"), 1);
    let page = committee.motion_page(id).text();
    assert_eq!(page.matches("A conflict of interest was withdrawn, and the seat takes part again.").count(), 1);
    assert_eq!(page.matches("Staff recorded a conflict of interest of a seat.").count(), 1);
}

#[test]
fn the_recusal_from_the_own_institutions_request_cannot_be_withdrawn() {
    let (committee, id) = routed(r#"{"title":"A fine project","summary":"A secret summary"}"#, Some(4));
    let page = committee.motion_page(id);
    assert!(page.text().contains("Institution 04: The request comes from the seat's own institution."));
    assert!(!page.has_form("/withdraw-conflict"), "there is nothing that staff could withdraw");
    let (staff, seat) = (committee.browser(STAFF), committee.seat(4).to_string());
    let token = page.form("/record-conflict", &[]).1[0].1.clone();
    let fields = [("form_token", token.as_str()), ("withdrawn_seat", &seat), ("withdraw_reason", "They asked.")];
    let refused = staff.post_only(&format!("/requests/{id}/withdraw-conflict"), &fields);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("the policy keeps such a seat out"), "{}", refused.text());
    assert_eq!(committee.browser(&member(4)).get(&format!("/requests/{id}/review")).status, 403);
}

#[test]
fn staff_record_a_conflict_and_the_seat_is_out_as_if_it_had_declared_it() {
    let (committee, id) = plain();
    let seat = committee.reviewers(id)[0];
    let browser = committee.browser(&member(seat));
    committee.declare(&browser, id);
    let page = committee.record(id, seat);
    let name = format!("Institution {seat:02}");
    assert!(page.text().contains(&format!("{name}: Its director leads the project.")), "{}", page.text());
    assert!(!committee.reviewers(id).contains(&seat) && committee.reviewers(id).len() == 3, "the next seat takes over");
    let refused = browser.get(&format!("/requests/{id}/review"));
    assert_eq!(refused.status, 403);
    assert!(!refused.text().contains("A fine project"));

    let told =
        committee.world.mail_to(&member(seat)).into_iter().rfind(|mail| mail.kind == "routing-recorded").unwrap();
    assert!(told.text.contains("Its director leads the project.") && !told.text.contains("A fine project"));
    for address in [STAFF.to_owned(), member(CHAIR)] {
        let mail = committee.world.mail_to(&address).into_iter().rfind(|mail| mail.kind == "routing-conflict").unwrap();
        assert!(
            mail.text.contains(&format!("staff have recorded a conflict of interest of the seat of {name}")),
            "{}",
            mail.text
        );
    }
}

#[test]
fn what_may_be_a_conflict_is_suggested_to_the_seat_itself_and_to_staff_and_to_no_other_seat() {
    let (committee, id) = routed(TELLING, None);
    let page = |seat: usize| committee.browser(&member(seat)).get(&format!("/requests/{id}/review"));
    let suggested = "This may be a conflict: ";
    let third = page(3);
    assert_eq!(third.text().matches(suggested).count(), 1, "{}", third.text());
    assert!(third.text().contains("the applicant has an address at seat03.example"), "{}", third.text());
    assert!(!third.text().contains("A secret summary") && !third.text().contains("Institution 05"), "{}", third.text());
    let fifth = page(5);
    assert_eq!(fifth.text().matches(suggested).count(), 1, "{}", fifth.text());
    assert!(fifth.text().contains("the summary names Institution 05."), "{}", fifth.text());
    for seat in [1, 2, 4, CHAIR] {
        assert!(!page(seat).text().contains("may be a conflict"), "seat {seat}");
    }
    let staff = committee.motion_page(id);
    assert_eq!(staff.count("form[action$='/dismiss-conflict']"), 2);
    for words in
        ["Institution 03 may have a conflict: the applicant", "Institution 05 may have a conflict: the summary"]
    {
        assert!(staff.text().contains(words), "{words}: {}", staff.text());
    }

    // The seat's own answer settles it on its page; staff still see it, with what the seat said.
    let browser = committee.browser(&member(3));
    assert!(!committee.declare(&browser, id).text().contains("may be a conflict"));
    assert!(committee.motion_page(id).text().contains("seat. The seat has declared that there is none."));
    // A conflict on record settles it for good, even once it is withdrawn.
    committee.record(id, 5);
    assert_eq!(committee.motion_page(id).count("form[action$='/dismiss-conflict']"), 1);
    committee.withdraw_conflict(id, 5);
    assert_eq!(committee.motion_page(id).count("form[action$='/dismiss-conflict']"), 1);
}

#[test]
fn a_dismissed_suggestion_is_not_made_again_and_the_others_stay() {
    let (committee, id) = routed(TELLING, None);
    let staff = committee.browser(STAFF);
    let (one, other) = (committee.motion_page(id), committee.motion_page(id));
    let seat = committee.seat(5).to_string();
    let wrong = staff.submit(&one, "/dismiss-conflict", &[("suggested_seat", &seat)]);
    assert_eq!(wrong.status, 409, "seat 5 does not share the domain of seat 3");
    let page = staff.submit(&one, "/dismiss-conflict", &[]);
    assert!(page.text().contains("The suggestion is dismissed"), "{}", page.text());
    assert!(!page.text().contains("Institution 03 may have") && page.text().contains("Institution 05 may have"));
    let again = staff.submit(&other, "/dismiss-conflict", &[]);
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(
        again.text().matches("A suggested conflict of interest was dismissed. Staff").count(),
        1,
        "{}",
        again.text()
    );
    let member = committee.browser(&member(3)).get(&format!("/requests/{id}/review"));
    assert!(member.has_form("/conflict") && !member.text().contains("may be a conflict"), "{}", member.text());
}
