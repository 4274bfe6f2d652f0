//! The committee at work: routing, conflicts, consensus, a tallied vote, the answer.

pub mod world;

use chrono::TimeDelta;
use letters::workflow::stage::StageName;

use world::{ALTERNATE, APPLICANT, Committee, STAFF, member};

const ALL_MET: [(&str, &str); 6] = [
    ("rating-relevance", "met"),
    ("rating-conformance", "met"),
    ("rating-enrichment", "partly"),
    ("rating-participation", "met"),
    ("rating-process", "met"),
    ("rating-extensions", "not_applicable"),
];

pub fn review(stance: &'static str, reason: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut fields = ALL_MET.to_vec();
    fields.extend([("stance", stance), ("reason", reason)]);
    fields
}

#[test]
fn three_reviewers_support_and_the_request_is_adopted_when_the_period_has_run() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let reviewers = committee.reviewers(id);
    assert_eq!(reviewers.len(), 3);

    for seat in &reviewers {
        let browser = committee.browser(&member(*seat));
        let waiting = browser.get("/waiting");
        assert!(waiting.text().contains("conflict of interest"), "{}", waiting.text());
        let page = browser.get(&format!("/requests/{id}/review"));
        assert!(page.has_form("/conflict") && !page.text().contains("A secret summary"), "{}", page.text());
        let page = browser.submit(&page, "/conflict", &[("conflict", "none")]);
        assert!(page.text().contains("A secret summary"), "{}", page.text());

        let missing = browser.submit(&page, "/review", &[("stance", "object")]);
        assert_eq!(missing.status, 422);
        assert!(missing.title().starts_with("Error:") && missing.text().contains("Say why the seat objects"));
        let sent = browser.submit(&missing, "/review", &review("support", ""));
        assert!(sent.text().contains("Your review is in"), "{}", sent.text());
        assert!(browser.get("/waiting").text().contains("Nothing waits for you"));
    }
    world.see_to_duties();
    assert_eq!(committee.stage(id), StageName::InReview);

    world.wait(TimeDelta::days(8));
    world.see_to_duties();
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert!(page.text().contains("Adopted by consensus: every assigned reviewer supports it"), "{}", page.text());
    assert!(world.mail_to(APPLICANT).iter().all(|mail| mail.kind != "answer"), "nobody outside knows yet");

    assert!(staff.get("/queue").text().contains("Answer to release"));
    assert!(page.first(".next").contains("Release the answer") && page.has_link("#release"), "{}", page.text());
    for words in ["A secret summary", "A review was sent. Seat of Institution", "The reviewers were drawn and asked."] {
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }

    let page = staff.submit(&page, "/release", &[]);
    assert!(page.has_link(&format!("/requests/{id}/letter")), "staff are led to the letter");
    assert!(page.text().contains("The answer is released"), "{}", page.text());
    assert_eq!(committee.stage(id), StageName::Decided);
    let answers: Vec<_> = world.mail_to(APPLICANT).into_iter().filter(|mail| mail.kind == "answer").collect();
    assert_eq!(answers.len(), 1);
    assert!(answers[0].subject.ends_with("supports your proposal"), "{}", answers[0].subject);
}

#[test]
fn what_is_due_is_done_once_however_often_the_job_runs() {
    let committee = Committee::new();
    let id = committee.request();
    for _ in 0..3 {
        committee.world.see_to_duties();
    }
    assert_eq!(committee.reviewers(id).len(), 3);
    let asked = committee.world.mail_to(&member(committee.reviewers(id)[0]));
    assert_eq!(asked.iter().filter(|mail| mail.kind == "routing-assigned").count(), 1);
}

#[test]
fn a_member_with_a_conflict_sees_nothing_and_the_next_seat_takes_over() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let browser = committee.browser(&member(seat));
    let page = browser.get(&format!("/requests/{id}/review"));
    let page = browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    assert_eq!(page.path, "/waiting");
    assert!(!page.text().contains("A fine project"), "{}", page.text());

    let page = browser.get(&format!("/requests/{id}/review"));
    assert_eq!(page.status, 403);
    assert!(page.text().contains("has a conflict of interest"), "{}", page.text());
    assert!(!page.text().contains("A fine project") && !page.text().contains("A secret summary"));
    for act in ["review", "tally", "ballot", "objection"] {
        let token = browser.get("/account").form("/account/name", &[]).1[0].1.clone();
        let refused = browser.post_only(&format!("/requests/{id}/{act}"), &[("form_token", &token), ("choice", "yes")]);
        assert_eq!(refused.status, 403, "{act}");
    }
    let reviewers = committee.reviewers(id);
    assert_eq!(reviewers.len(), 3);
    assert!(!reviewers.contains(&seat));
    let newcomer = world.mail_to(&member(reviewers[2]));
    let told = newcomer.iter().chain(&world.mail_to(&member(reviewers[0]))).any(|mail| {
        let out = format!("Institution {seat:02}");
        mail.text.contains("conflict of interest)") || mail.text.contains(&format!("{out} stepped out"))
    });
    assert!(!told, "a mail tells of another seat's conflict");
    // The call for a vote goes to everybody else.
    let other = committee.browser(&member(reviewers[0]));
    let page = other.get(&format!("/requests/{id}/review"));
    let page = other.submit(&page, "/conflict", &[("conflict", "none")]);
    other.submit(&page, "/tally", &[]);
    let called = |seat| world.mail_to(&member(seat)).iter().filter(|mail| mail.kind == "call-to-vote").count();
    assert_eq!((called(seat), called(reviewers[1])), (0, 1));
}

#[test]
fn staff_who_also_act_for_a_seat_with_a_conflict_lose_the_request_as_staff_too() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    committee.make_staff(&member(seat));
    let browser = committee.browser(&member(seat));
    let motion = format!("/requests/{id}/motion");
    assert!(browser.get("/queue").text().contains("A fine project"), "without a conflict, staff see everything");
    assert_eq!(browser.get(&motion).status, 200);

    let page = browser.get(&format!("/requests/{id}/review"));
    browser.submit(&page, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "My project.")]);
    for path in ["motion", "record", "letter", "letter/check", "letter/preview.pdf"] {
        let page = browser.get(&format!("/requests/{id}/{path}"));
        assert_eq!(page.status, 403, "{path}");
        assert!(page.text().contains("has a conflict of interest"), "{path}: {}", page.text());
    }
    for act in
        ["admit", "reassign", "record-ballot", "put-again", "release", "turn-down", "letter/draft", "letter/issue"]
    {
        let token = browser.get("/account").form("/account/name", &[]).1[0].1.clone();
        let fields = [("form_token", token.as_str()), ("reasons", "No."), ("would_change", "No."), ("checked", "yes")];
        assert_eq!(browser.post_only(&format!("/requests/{id}/{act}"), &fields).status, 403, "{act}");
    }
    for list in ["/queue", "/queue?words=fine", "/queue.csv", "/letters"] {
        assert!(!browser.get(list).body.contains("A fine project"), "{list}");
    }
    assert_eq!(committee.browser(STAFF).get(&motion).status, 200, "others keep it");
}

#[test]
fn what_waits_costs_the_same_number_of_queries_however_much_it_is() {
    let committee = Committee::new();
    let browser = committee.browser(&member(1));
    let mut cost = Vec::new();
    for round in 1..=3 {
        let id = committee.request();
        committee.world.see_to_duties();
        committee.call_tally(id, 2);
        let waiting = browser.get("/waiting");
        assert_eq!(waiting.text().matches("A fine project").count(), round, "{}", waiting.text());
        let before = committee.world.store().queries();
        browser.get("/waiting");
        cost.push(committee.world.store().queries() - before);
    }
    assert!(cost[0] > 0 && cost.iter().all(|queries| *queries == cost[0]), "{cost:?}");
}

#[test]
fn a_tallied_vote_carries_with_seven_of_thirteen_and_closes_at_once() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    committee.call_tally(id, 5);
    for seat in 1..=6 {
        let page = committee.vote(id, &member(seat), "yes", "");
        assert!(page.text().contains("The vote is open"), "{}", page.text());
    }
    let against = committee.vote(id, &member(8), "no", "");
    assert_eq!(against.status, 422);
    assert!(against.text().contains("Say why you vote no"), "{}", against.text());
    committee.vote(id, &member(8), "no", "It is too vague.");
    let carried = committee.vote(id, &member(7), "yes", "");
    assert!(carried.text().contains("2 × 7 = 14 is more than 13"), "{}", carried.text());
    assert!(carried.text().contains("The motion is carried."));

    let late = committee.browser(&member(9));
    let page = committee.declare(&late, id);
    assert!(!page.has_form("/ballot") && page.text().contains("It is too vague."), "{}", page.text());
}

#[test]
fn a_ballot_changed_behind_the_journal_is_found_by_the_check() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    committee.call_tally(id, 5);
    for seat in 1..=7 {
        committee.vote(id, &member(seat), "yes", "");
    }
    committee.world.check_records();
    committee.turn_ballot(3, "no");
    let findings = letters::check::records(committee.world.store(), &committee.world.app.depot);
    let wrong: Vec<String> = findings.into_iter().filter_map(|finding| finding.wrong).collect();
    assert_eq!(wrong, [format!("request {id}: motion 1: what Institution 03 said is not what the journal has")]);
    committee.turn_ballot(3, "yes");
}

#[test]
fn the_representatives_ballot_replaces_the_alternates_and_not_the_other_way_round() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    committee.call_tally(id, 5);
    let page = committee.vote(id, ALTERNATE, "no", "Not now.");
    assert!(page.text().contains("Institution 01 voted") || page.text().contains("Reviewer"), "{}", page.text());
    committee.vote(id, &member(1), "yes", "");
    let refused = committee.vote(id, ALTERNATE, "no", "Still not.");
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("The seat's representative has voted"), "{}", refused.text());
    assert_eq!(committee.ballots(id), [("no".to_owned(), false), ("yes".to_owned(), true)]);
}

#[test]
fn representative_and_alternate_voting_at_once_leave_one_ballot_that_counts() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    committee.call_tally(id, 5);
    let browsers = [member(1), ALTERNATE.to_owned()].map(|address| {
        let browser = committee.browser(&address);
        let page = committee.declare(&browser, id);
        (browser, page)
    });
    std::thread::scope(|scope| {
        for (browser, page) in &browsers {
            scope.spawn(move || browser.submit(page, "/ballot", &[("choice", "yes")]));
        }
    });
    let counting: Vec<_> = committee.ballots(id).into_iter().filter(|(_, counts)| *counts).collect();
    assert_eq!(counting.len(), 1, "{:?}", committee.ballots(id));
}

#[test]
fn a_withdrawn_request_cannot_be_reviewed_and_its_motion_falls() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let browser = committee.browser(&member(committee.reviewers(id)[0]));
    let page = committee.declare(&browser, id);
    committee.withdraw(id);
    let refused = browser.submit(&page, "/review", &review("support", ""));
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("the applicant has withdrawn it"), "{}", refused.text());
    world.see_to_duties();
    assert!(browser.get("/waiting").text().contains("Nothing waits for you"));
    let staff = committee.browser(STAFF);
    assert!(staff.get(&format!("/requests/{id}/motion")).text().contains("the motion fell"));
}

#[test]
fn an_objection_still_open_when_the_reviews_are_due_starts_a_vote_that_closes_without_a_quorum() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let browser = committee.browser(&member(committee.reviewers(id)[0]));
    let page = committee.declare(&browser, id);
    let page = browser.submit(&page, "/review", &review("object", "It commits to nothing."));
    assert!(page.text().contains("An objection is open"), "{}", page.text());
    world.wait(TimeDelta::days(11));
    world.see_to_duties();
    world.wait(TimeDelta::days(8));
    world.see_to_duties();
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert!(page.text().contains("There is no quorum: the vote decides nothing."), "{}", page.text());
    let page = staff.submit(&page, "/put-again", &[]);
    assert!(page.text().contains("Motion 2") && page.text().contains("The vote is open"), "{}", page.text());
}

#[test]
fn a_late_request_waits_until_staff_admit_it_with_a_reason() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.held_request();
    world.see_to_duties();
    assert_eq!(committee.stage(id), StageName::Submitted);
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    assert!(page.first(".next").contains("Admit the request") && page.has_link("#admit"));
    let long = "x".repeat(3_000);
    let wrong = staff.submit(&page, "/admit", &[("admit_reason", &long)]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.title().starts_with("Error:") && wrong.text().contains("Shorten the reason"), "{}", wrong.text());
    assert!(wrong.body.contains(&long), "what was typed is kept");
    let page = staff.submit(&page, "/admit", &[("admit_reason", "The funder moved its deadline.")]);
    assert!(page.text().contains("Drawn from 13 seats"), "{}", page.text());
    assert_eq!(committee.stage(id), StageName::Routed);
}

#[test]
fn staff_give_a_review_to_the_next_seat_with_a_reason() {
    let committee = Committee::new();
    let id = committee.request();
    committee.world.see_to_duties();
    let before = committee.reviewers(id);
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    let wrong = staff.submit(&page, "/reassign", &[]);
    assert_eq!(wrong.status, 422);
    for words in ["Choose the seat whose review", "Say why another seat"] {
        assert!(wrong.text().contains(words), "both at once: {}", wrong.text());
    }
    let seat = committee.seat(before[0]).to_string();
    let done = staff.submit(&wrong, "/reassign", &[("seat", &seat), ("reassign_reason", "Away for a month.")]);
    assert!(done.text().contains("given to the next seat in line"), "{}", done.text());
    let after = committee.reviewers(id);
    assert_eq!(after.len(), 3);
    assert!(!after.contains(&before[0]), "{before:?} then {after:?}");
    assert!(done.text().contains("Away for a month."), "the reason is on record");
}

#[test]
fn staff_turn_down_with_reasons_and_the_applicant_is_told() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.held_request();
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/requests/{id}/motion"));
    let page = staff.submit(&page, "/turn-down", &[("reasons", "Out of scope.")]);
    assert_eq!(page.status, 422);
    assert!(page.body.contains("Out of scope."), "what was typed is kept");
    staff.submit(&page, "/turn-down", &[("would_change", "Use IIIF.")]);
    assert_eq!(committee.stage(id), StageName::Decided);
    let mail = world.mail_to(APPLICANT).into_iter().find(|mail| mail.kind == "answer").unwrap();
    assert!(mail.text.contains("Out of scope.") && mail.text.contains("Use IIIF."));
}

#[test]
fn nobody_but_members_and_staff_gets_in() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let applicant = committee.browser(APPLICANT);
    for path in [format!("/requests/{id}/review"), format!("/requests/{id}/motion"), "/waiting".to_owned()] {
        assert_eq!(applicant.get(&path).status, 403, "{path}");
        assert!(world.browser().get(&path).path.starts_with("/sign-in"), "{path}");
    }
    let member = committee.browser(&member(1));
    assert_eq!(member.get(&format!("/requests/{id}/motion")).status, 403);
    assert_eq!(member.get("/requests/00000000-0000-7000-8000-000000000000/review").status, 404);
}

#[test]
fn silent_reviewers_are_reminded_three_times_and_their_places_pass_on() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    let first = committee.reviewers(id);
    let mut sent = Vec::new();
    for _ in 0..(12 * 4) {
        world.wait(TimeDelta::hours(6));
        world.see_to_duties();
        sent.extend(world.mail_to(&member(first[0])).into_iter().filter(|mail| mail.kind == "routing-reminder"));
    }
    sent.sort_by_key(|mail| mail.id);
    sent.dedup_by_key(|mail| mail.id);
    let subjects: Vec<&str> = sent.iter().map(|mail| mail.subject.as_str()).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    assert!(subjects[2].ends_with("your review is overdue"), "{subjects:?}");

    world.wait(TimeDelta::hours(24));
    world.see_to_duties();
    let second = committee.reviewers(id);
    assert_eq!(second.len(), 3);
    assert!(second.iter().all(|seat| !first.contains(seat)), "{first:?} then {second:?}");
}

#[test]
fn after_ten_days_down_only_the_latest_reminder_goes_out() {
    let committee = Committee::new();
    let world = &committee.world;
    let id = committee.request();
    world.see_to_duties();
    world.wait(TimeDelta::days(11));
    world.see_to_duties();
    world.see_to_duties();
    let seat = committee.reviewers(id)[0];
    let reminders = world.mail_to(&member(seat)).into_iter().filter(|mail| mail.kind == "routing-reminder").count();
    assert_eq!(reminders, 1);
}
