//! Questions that reopen parts of a sent form: what opens and what stays closed, what a reply changes and what is kept,
//! who hears of it, and when it is over.

use std::sync::Arc;

use chrono::TimeDelta;
use letters::ids::RequestId;

use crate::harness::{Browser, Page};
use crate::review::world::{APPLICANT, Committee, STAFF, member};

/// A form with nothing missing: the deadline is in 60 days.
pub const FULL: &str = r#"{"applicant_name":"Marie","applicant_role":"Grants officer","contact_email":"marie@uni.example",
    "pi_name":"Grace Hopper","pi_email":"grace@uni.example","institution_name":"University of Example",
    "funder":"A funder","programme":"A programme","call_url":"https://funder.example/call",
    "addressee_name":"Review panel","addressee_address":"1 Main Street","deadline_date":"2026-05-01",
    "deadline_time":"17:00","deadline_zone":"Europe/London","needed_by":"2026-04-11",
    "title":"A fine project","summary":"We publish every map of the old town.",
    "expectation_relevance":"We publish every map with the Image API.",
    "expectation_conformance":"We publish every map with the Image API.",
    "expectation_enrichment":"We publish every map with the Image API.",
    "expectation_participation":"We publish every map with the Image API.",
    "expectation_process":"We publish every map with the Image API.",
    "expectation_extensions":"We publish every map with the Image API.","letter_kind":"support"}"#;

const OLD: &str = "We publish every map of the old town.";
const NEW: &str = "We publish most maps of the old town.";

struct Asked {
    committee: Committee,
    id: RequestId,
    /// The seat that reviews and asks.
    seat: usize,
}

impl Asked {
    /// A request under review, about which the first reviewer's seat has asked a question that reopens these sections.
    fn new(reopens: &[&str]) -> Self {
        let committee = Committee::new();
        let id = committee.request_with(FULL, None);
        committee.world.see_to_duties();
        let seat = committee.reviewers(id)[0];
        let asked = Self { committee, id, seat };
        let page = asked.ask("Why every map?", reopens);
        assert!(page.text().contains("The question is asked"), "{}", page.text());
        asked
    }

    fn member(&self) -> Arc<Browser> {
        self.committee.browser(&member(self.seat))
    }

    fn applicant(&self) -> Arc<Browser> {
        self.committee.browser(APPLICANT)
    }

    fn path(&self, rest: &str) -> String {
        format!("/requests/{}{rest}", self.id)
    }

    fn review(&self) -> Page {
        self.member().get(&self.path("/review"))
    }

    fn motion(&self) -> Page {
        self.committee.browser(STAFF).get(&self.path("/motion"))
    }

    fn status(&self) -> Page {
        self.applicant().get(&self.path(""))
    }

    fn ask(&self, question: &str, reopens: &[&str]) -> Page {
        let member = self.member();
        let page = self.committee.declare(&member, self.id);
        let mut fields = vec![("question", question)];
        fields.extend(reopens.iter().map(|section| ("reopens", *section)));
        member.submit(&page, "/question", &fields)
    }

    /// The page of the `n`th open question.
    fn question(&self, n: usize) -> Page {
        let links: Vec<String> = self.status().links();
        let links: Vec<&String> = links.iter().filter(|link| link.contains("/questions/")).collect();
        self.applicant().get(links[n])
    }

    fn edit(&self, question: &Page, section: &str, values: &[(&str, &str)]) -> Page {
        let back = question.path.rsplit('/').next().unwrap();
        let browser = self.applicant();
        let form = browser.get(&self.path(&format!("/edit/{section}?back={back}")));
        assert_eq!(form.status, 200, "{}", form.text());
        browser.submit(&form, &format!("/edit/{section}"), values)
    }

    fn answer(&self, page: &Page, answer: &str) -> Page {
        self.applicant().submit(page, page.path.split('?').next().unwrap(), &[("answer", answer)])
    }

    fn mails(&self, address: &str, kind: &str) -> Vec<String> {
        let mails = self.committee.world.mail_to(address).into_iter().filter(|mail| mail.kind == kind);
        mails.map(|mail| mail.text).collect()
    }
}

#[test]
fn only_the_parts_that_are_named_open_and_the_reply_shows_what_changed() {
    let asked = Asked::new(&["project", "letter"]);
    let mail = asked.mails(APPLICANT, "request-question").pop().unwrap();
    assert!(mail.contains("you can change these parts of the form: Project and The letter."), "{mail}");
    assert!(asked.status().text().contains("with the answer: Project and The letter."), "{}", asked.status().text());
    for section in ["about-you", "funder", "expectations"] {
        let closed = asked.applicant().get(&asked.path(&format!("/edit/{section}")));
        assert_eq!(closed.status, 409, "{section}");
        assert!(
            closed.text().contains("lets you change “Project” and “The letter” and nothing else"),
            "{}",
            closed.text()
        );
        let question = asked.question(0);
        let token = question.form(&question.path, &[]).1[0].1.clone();
        let forged = [("form_token", token.as_str()), ("pi_name", "Somebody else"), ("seen", "")];
        let refused = asked.applicant().post_only(&asked.path(&format!("/edit/{section}")), &forged);
        assert_eq!(refused.status, 409, "{section}");
    }

    let page = asked.edit(&asked.question(0), "project", &[("title", "A finer project"), ("summary", NEW)]);
    assert!(page.path.contains("/questions/") && page.text().contains("Project Changed"), "{}", page.text());
    assert_eq!((page.first("del").as_str(), page.first("ins").as_str()), ("fine", "finer"), "{}", page.body);
    for page in [asked.review(), asked.motion()] {
        assert!(page.text().contains(OLD) && !page.text().contains(NEW), "nobody reads it before the reply");
    }
    let sent = asked.answer(&page, "Not all of them are ours.");
    assert!(sent.text().contains("Your answer was sent") && sent.text().contains("What changed"), "{}", sent.text());

    for page in [asked.review(), asked.motion()] {
        let text = page.text();
        assert!(text.contains("Not all of them are ours.") && text.contains("What changed"), "{text}");
        assert!(text.contains(OLD) && text.contains(NEW) && text.contains("A finer project"), "{text}");
        assert_eq!(page.count("#changes ~ details del"), 2, "{}", page.body);
    }
    let found = asked.committee.browser(STAFF).get("/queue?words=finer");
    assert!(found.text().contains("A finer project"), "{}", found.text());
    let reviewers = asked.committee.reviewers(asked.id);
    for address in reviewers.iter().map(|seat| member(*seat)).chain([STAFF.to_owned()]) {
        let told = asked.mails(&address, "request-answered");
        assert!(told.len() == 1 && told[0].contains("parts of the form: Project."), "{address}: {told:?}");
        assert!(!told[0].contains("Not all of them"), "{told:?}");
    }
    let closed = asked.applicant().get(&asked.path("/edit/project"));
    assert_eq!((closed.status, closed.text().contains("can no longer be changed")), (409, true), "{}", closed.text());
}

#[test]
fn wrong_changes_come_back_all_at_once_and_nothing_is_lost_or_sent() {
    let asked = Asked::new(&["project", "letter"]);
    let wrong = asked.edit(&asked.question(0), "project", &[("title", "T\u{202e}itle"), ("summary", "")]);
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    assert!(wrong.text().contains("What you typed is saved") && wrong.text().contains("U+202E"), "{}", wrong.text());
    let page = asked.question(0);
    assert!(page.text().contains("Not complete yet"), "{}", page.text());
    let refused = asked.answer(&page, " ");
    assert_eq!((refused.status, refused.title().starts_with("Error:")), (422, true));
    for words in ["U+202E", "Enter the summary", "Enter your answer", "Mend the answers"] {
        assert!(refused.text().contains(words), "{words}: {}", refused.text());
    }
    assert!(asked.review().text().contains(OLD) && !asked.review().text().contains("What changed"));
    let form = asked.applicant().get(&asked.path("/edit/project"));
    assert!(
        form.form("/edit/project", &[]).1.contains(&("title".into(), "T\u{202e}itle".into())),
        "it is kept as typed"
    );
}

#[test]
fn what_the_review_rests_on_stays_also_in_a_reopened_part() {
    let asked = Asked::new(&["about-you", "funder"]);
    let page = asked.question(0);
    let form = asked.applicant().get(&asked.path("/edit/funder"));
    assert!(form.text().contains("the dates of the review rest on them"), "{}", form.text());
    assert_eq!(form.count("[name=deadline_date], [name=needed_by]"), 0);
    let forged = [("addressee_name", "Dr Jansen"), ("deadline_date", "2026-12-01"), ("needed_by", "2026-11-01")];
    assert_eq!(asked.edit(&page, "funder", &forged).status, 200);
    let forged = [("pi_name", "Ada Lovelace"), ("institution_name", "Institution 05")];
    let page = asked.edit(&page, "about-you", &forged);
    asked.answer(&page, "Done.");
    let text = asked.motion().text();
    assert!(text.contains("Dr Jansen") && text.contains("Ada Lovelace"), "{text}");
    assert!(!text.contains("December 2026") && !text.contains("Institution Institution 05"), "{text}");
    assert!(asked.review().text().contains("University of Example"));
}

#[test]
fn conflicts_are_suggested_from_the_answers_as_they_are_now() {
    let asked = Asked::new(&["project"]);
    assert!(!asked.motion().text().contains("may have a conflict"));
    let page = asked.edit(&asked.question(0), "project", &[("summary", "We work with Institution 05 on this.")]);
    asked.answer(&page, "Our partner is named now.");
    let text = asked.motion().text();
    assert!(text.contains("Institution 05 may have a conflict: the summary names Institution 05."), "{text}");
}

#[test]
fn several_questions_open_what_any_of_them_names_and_each_reply_takes_its_own() {
    let asked = Asked::new(&["project"]);
    asked.ask("Which points?", &["letter"]);
    let first = asked.question(0);
    asked.edit(&first, "project", &[("summary", NEW)]);
    asked.edit(&asked.question(1), "letter", &[("points", "We met in Göttingen.")]);
    asked.answer(&asked.question(0), "So be it.");
    let text = asked.review().text();
    assert!(text.contains(NEW) && !text.contains("Göttingen"), "{text}");
    assert_eq!(asked.applicant().get(&asked.path("/edit/project")).status, 409);
    let second = asked.question(0);
    assert!(second.text().contains("We met in Göttingen."), "{}", second.text());
    asked.answer(&second, "These.");
    let page = asked.review();
    assert!(page.text().contains("We met in Göttingen.") && page.count("#changes ~ details") == 2, "{}", page.text());
}

#[test]
fn a_question_that_asks_for_words_alone_opens_nothing_and_keeps_no_version() {
    let asked = Asked::new(&[]);
    assert_eq!(asked.applicant().get(&asked.path("/edit/project")).status, 409);
    let page = asked.question(0);
    assert!(!page.text().contains("What you can change"), "{}", page.text());
    asked.answer(&page, "مرحبا <b>world</b>");
    let page = asked.review();
    assert!(page.text().contains("مرحبا <b>world</b>") && !page.text().contains("What changed"), "{}", page.text());
    assert!(asked.mails(STAFF, "request-answered")[0].contains("Read the answer here"));
}

#[test]
fn a_withdrawn_question_closes_its_parts_and_only_its_seat_or_staff_withdraw_it() {
    let asked = Asked::new(&["project"]);
    let page = asked.question(0);
    asked.edit(&page, "project", &[("summary", NEW)]);
    let page = asked.question(0);
    let id = page.path.rsplit('/').next().unwrap().to_owned();
    let other = asked.committee.browser(&member(asked.committee.reviewers(asked.id)[1]));
    let theirs = asked.committee.declare(&other, asked.id);
    assert!(!theirs.has_form("/question/withdraw"), "{}", theirs.text());
    let token = theirs.form("/question", &[]).1[0].1.clone();
    let forged = [("form_token", token.as_str()), ("withdrawn_question", id.as_str())];
    assert_eq!(other.post_only(&asked.path("/question/withdraw"), &forged).status, 403);
    assert_eq!(other.post_only(&asked.path("/withdraw-question"), &forged).status, 403);

    let mine = asked.member().submit(&asked.review(), "/question/withdraw", &[]);
    assert!(
        mine.text().contains("The question is withdrawn") && mine.text().contains("Withdrawn before it was answered")
    );
    assert_eq!(asked.mails(APPLICANT, "request-question-withdrawn").len(), 1);
    assert_eq!(asked.applicant().get(&asked.path("/edit/project")).status, 409);
    let late = asked.answer(&page, "But I have it here.");
    assert_eq!((late.status, late.text().contains("has been withdrawn")), (409, true), "{}", late.text());
    assert!(asked.status().text().contains("Under review") && !asked.review().text().contains(NEW));
    let staff = asked.committee.browser(STAFF);
    assert!(!staff.get("/queue?stage=waiting").text().contains("A fine project"), "nothing waits for the applicant");

    // Staff ask for the same part again: what was typed is still there.
    let again = staff.submit(&asked.motion(), "/ask", &[("question", "And now?"), ("reopens", "project")]);
    assert!(again.text().contains("The question is asked"), "{}", again.text());
    assert!(asked.question(0).text().contains(NEW), "{}", asked.question(0).text());
    let taken = staff.submit(&asked.motion(), "/withdraw-question", &[]);
    assert!(taken.text().contains("The question is withdrawn"), "{}", taken.text());
}

#[test]
fn the_day_for_the_answer_has_bounds_and_a_wrong_form_comes_back_as_it_was_filled() {
    let asked = Asked::new(&[]);
    for (browser, page, action) in
        [(asked.member(), asked.review(), "/question"), (asked.committee.browser(STAFF), asked.motion(), "/ask")]
    {
        assert!(page.text().contains("From 3 March 2026 to 11 April 2026"), "{}", page.text());
        for day in ["2026-03-02", "2026-04-12", "soon"] {
            let wrong = browser.submit(&page, action, &[("question", " "), ("reopens", "letter"), ("reply_by", day)]);
            assert_eq!(wrong.status, 422, "{day}");
            for words in ["Enter the question", "Enter a day from 3 March 2026 to 11 April 2026"] {
                assert!(wrong.first(".errors").contains(words), "{words}: {}", wrong.text());
            }
            assert_eq!(wrong.count("input[name=reopens][value=letter][checked]"), 1, "{action}");
            assert_eq!(wrong.count(&format!("input[name=reply_by][value='{day}']")), 1, "{action}");
        }
        let right = browser.submit(&page, action, &[("question", "By when?"), ("reply_by", "2026-04-11")]);
        assert!(right.text().contains("Asked for by 11 April 2026"), "{}", right.text());
    }
}

#[test]
fn an_overdue_answer_still_counts_and_the_reviewers_are_told_that_it_is() {
    let asked = Asked::new(&["project"]);
    asked.committee.world.wait(TimeDelta::days(8));
    assert!(
        asked.review().text().contains("Overdue No answer yet. Asked for by 9 March 2026."),
        "{}",
        asked.review().text()
    );
    assert!(asked.motion().text().contains("Overdue No answer yet."));
    assert!(asked.status().text().contains("You can still answer"), "{}", asked.status().text());
    let page = asked.edit(&asked.question(0), "project", &[("summary", NEW)]);
    assert_eq!(asked.answer(&page, "Late, but here.").status, 200);
    assert!(asked.review().text().contains(NEW));
}

#[test]
fn once_the_committee_has_decided_the_request_stays_as_it_was_decided_on() {
    let asked = Asked::new(&["project"]);
    let page = asked.edit(&asked.question(0), "project", &[("summary", NEW)]);
    asked.committee.call_tally(asked.id, 5);
    for seat in 1..=7 {
        asked.committee.vote(asked.id, &member(seat), "yes", "");
    }
    let late = asked.answer(&page, "Now.");
    assert_eq!(late.status, 409, "{}", late.text());
    assert_eq!(asked.applicant().get(&asked.path("/edit/project")).status, 409);
    assert!(!asked.motion().text().contains(NEW) && !asked.motion().has_form("/ask"));
    let status = asked.status().text();
    assert!(status.contains("Under review") && !status.contains("supports"), "nobody outside knows yet: {status}");
}

#[test]
fn a_seat_that_has_reviewed_is_told_that_the_request_changed_since() {
    let asked = Asked::new(&["project"]);
    let page = asked.member().submit(&asked.review(), "/review", &crate::review::review("support", ""));
    assert!(page.text().contains("Your review is in") && !page.text().contains("has changed since"), "{}", page.text());
    let page = asked.edit(&asked.question(0), "project", &[("summary", NEW)]);
    asked.answer(&page, "Changed.");
    assert!(asked.review().text().contains("has changed since your seat’s review"), "{}", asked.review().text());
    assert_eq!(asked.mails(&member(asked.seat), "request-answered").len(), 1, "also whoever has reviewed already");
}

#[test]
fn whoever_is_out_hears_nothing_of_the_reply() {
    let asked = Asked::new(&["project"]);
    asked.committee.make_staff(&member(asked.seat));
    let staff = asked.committee.browser(STAFF);
    let seat = asked.committee.seat(asked.seat).to_string();
    let out = [("recorded_seat", seat.as_str()), ("record_reason", "Its director leads the project.")];
    staff.submit(&asked.motion(), "/record-conflict", &out);
    let page = asked.edit(&asked.question(0), "project", &[("summary", NEW)]);
    assert_eq!(asked.answer(&page, "Changed.").status, 200);
    assert_eq!(asked.mails(&member(asked.seat), "request-answered"), [""; 0]);
    assert_eq!(asked.mails(STAFF, "request-answered").len(), 1);
    assert_eq!(asked.review().status, 403);
}

#[test]
fn of_two_windows_that_answer_at_once_one_counts_and_what_was_not_seen_is_not_sent() {
    let asked = Asked::new(&["project"]);
    let old = asked.question(0);
    asked.edit(&old, "project", &[("summary", NEW)]);
    let stale = asked.answer(&old, "My answer.");
    assert_eq!(stale.status, 409, "{}", stale.text());
    assert!(stale.text().contains("Nothing was sent yet") && stale.text().contains(NEW), "{}", stale.text());
    assert!(stale.body.contains("My answer.</textarea>"), "the words are kept");

    let (one, other, browser) = (asked.question(0), asked.question(0), asked.applicant());
    let forms = [&one, &one, &other].map(|page| page.form(&page.path, &[("answer", "So.")]));
    let send = |(target, fields): &(String, Vec<(String, String)>)| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post_only(target, &pairs).status
    };
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = forms.iter().map(|form| scope.spawn(move || send(form))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert!(matches!(statuses[..], [303, 303, 409] | [303, 409, 409]), "{statuses:?}");
    assert_eq!(asked.mails(STAFF, "request-answered").len(), 1);
    assert_eq!(asked.review().count("#changes ~ details"), 1);
}
