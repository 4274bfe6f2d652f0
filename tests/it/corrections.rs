//! The applicant corrects the deadline or the addressee after sending: what is shown before, what is judged anew, who hears
//! of it, and what a letter that staff have begun makes of it.

use std::sync::Arc;

use diesel::prelude::*;
use letters::ids::RequestId;
use letters::store::schema::audit_entries;
use letters::workflow::stage::StageName;

use crate::harness::{Browser, Page};
use crate::questions::FULL;
use crate::review::world::{APPLICANT, Committee, STAFF, member};
use crate::whole_story::TICKS;

/// So near that nothing can be reviewed any more: in ten days.
const LATE: &[(&str, &str)] = &[("deadline_date", "2026-03-12"), ("needed_by", "2026-03-12")];
/// At risk: in 20 days.
const SHORT: &[(&str, &str)] = &[("deadline_date", "2026-03-22"), ("needed_by", "2026-03-20")];

struct Sent {
    committee: Committee,
    id: RequestId,
}

impl Sent {
    /// A request that waits to be routed.
    fn waiting() -> Self {
        let committee = Committee::new();
        let id = committee.request_with(FULL, None);
        Self { committee, id }
    }

    /// A request with its reviewers.
    fn routed() -> Self {
        let sent = Self::waiting();
        sent.committee.world.see_to_duties();
        sent
    }

    /// A request that is supported, with the answer released.
    fn supported() -> Self {
        let sent = Self::routed();
        sent.committee.call_tally(sent.id, 5);
        for seat in 1..=7 {
            sent.committee.vote(sent.id, &member(seat), "yes", "");
        }
        sent.staff().submit(&sent.motion(), "/release", &[]);
        assert_eq!(sent.committee.stage(sent.id), StageName::Decided);
        sent
    }

    fn path(&self, rest: &str) -> String {
        format!("/requests/{}{rest}", self.id)
    }

    fn applicant(&self) -> Arc<Browser> {
        self.committee.browser(APPLICANT)
    }

    fn staff(&self) -> Arc<Browser> {
        self.committee.browser(STAFF)
    }

    fn motion(&self) -> Page {
        self.staff().get(&self.path("/motion"))
    }

    fn status(&self) -> Page {
        self.applicant().get(&self.path(""))
    }

    fn form(&self) -> Page {
        self.applicant().get(&self.path("/correct"))
    }

    /// What follows from a correction, before it is saved.
    fn look(&self, values: &[(&str, &str)]) -> Page {
        self.applicant().submit(&self.form(), "/correct", values)
    }

    /// Saves what was looked at.
    fn save(&self, look: &Page, values: &[(&str, &str)]) -> Page {
        self.applicant().submit(look, "/correct", values)
    }

    fn correct(&self, values: &[(&str, &str)]) -> Page {
        let look = self.look(values);
        assert!(look.text().contains("What follows"), "{}", look.text());
        let saved = self.save(&look, &[]);
        assert!(saved.text().contains("Your correction is saved"), "{}", saved.text());
        saved
    }

    fn mails(&self, address: &str) -> Vec<String> {
        let mails = self.committee.world.mail_to(address).into_iter().filter(|mail| mail.kind == "request-corrected");
        mails.map(|mail| format!("{}\n{}", mail.subject, mail.text)).collect()
    }

    fn journal(&self) -> Vec<String> {
        let subject = self.id.to_string();
        let query = audit_entries::table.filter(audit_entries::subject.eq(subject)).order(audit_entries::seq);
        let all = self.committee.world.store().read_now(|view| {
            let query = query.select(audit_entries::what);
            Ok(query.load::<String>(view.connection())?)
        });
        all.unwrap().into_iter().filter(|what| what.starts_with("request-")).collect()
    }
}

#[test]
fn a_new_deadline_is_looked_at_saved_and_told_to_whoever_works_on_the_request() {
    let sent = Sent::routed();
    assert!(sent.status().has_link(&sent.path("/correct")), "{}", sent.status().text());
    let form = sent.form();
    assert_eq!((form.count("[name=title]"), form.count("[name=deadline_date][value='2026-05-01']")), (0, 1));
    let look = sent.look(&[("deadline_date", "2026-05-08"), ("addressee_name", "Dr Jansen")]);
    let text = look.text();
    assert!(text.contains("1 May 2026") && text.contains("8 May 2026") && text.contains("in 67 days"), "{text}");
    assert!(text.contains("Staff and the reviewers get a mail") && !text.contains("I understand"), "{text}");
    assert_eq!(
        (sent.journal(), sent.mails(STAFF)),
        (vec!["request-routed".to_owned()], vec![]),
        "looking saves nothing"
    );

    let saved = sent.save(&look, &[]);
    let text = saved.text();
    assert!(text.contains("Your correction is saved") && text.contains("8 May 2026, 17:00, London"), "{text}");
    assert!(text.contains("You corrected the deadline or the addressee.") && text.contains("Corrected on"), "{text}");
    let reviewers = sent.committee.reviewers(sent.id);
    for address in reviewers.iter().map(|seat| member(*seat)).chain([STAFF.to_owned()]) {
        let told = sent.mails(&address);
        assert_eq!(told.len(), 1, "{address}: {told:?}");
        assert!(told[0].contains("Was:  1 May 2026, 17:00, London (Europe)\nNow:  8 May 2026, 17:00"), "{}", told[0]);
        assert!(told[0].contains("Now:  Dr Jansen, 1 Main Street"), "{}", told[0]);
    }
    for page in [sent.motion(), sent.committee.declare(&sent.committee.browser(&member(reviewers[0])), sent.id)] {
        assert_eq!(page.count("#changes ~ details del"), 2, "{}", page.body);
        assert!(page.text().contains("Dr Jansen"), "{}", page.text());
    }
    assert!(sent.motion().text().contains("deadline 8 May 2026"), "{}", sent.motion().text());
    assert_eq!(sent.journal(), ["request-routed", "request-corrected"]);
    let journal = sent.motion().text();
    assert!(journal.contains("The applicant corrected the deadline or the addressee."), "{journal}");
}

#[test]
fn a_deadline_that_is_too_near_holds_a_waiting_request_and_a_later_one_frees_it() {
    let sent = Sent::waiting();
    let look = sent.look(LATE);
    assert!(
        look.text().contains("in 10 days") && look.text().contains("waits until staff have decided"),
        "{}",
        look.text()
    );
    assert!(sent.save(&look, &[]).text().contains("Late"), "it has its badge");
    sent.committee.world.see_to_duties();
    assert_eq!(sent.committee.stage(sent.id), StageName::Submitted, "nobody reviews it unasked");
    assert!(sent.motion().has_form("/admit"), "{}", sent.motion().text());
    let told = sent.mails(STAFF);
    assert!(told.len() == 1 && told[0].contains("Held for you") && told[0].contains("is held until"), "{told:?}");

    let look = sent.look(&[("deadline_date", "2026-05-01"), ("needed_by", "2026-04-20")]);
    assert!(look.text().contains("it goes to its reviewers"), "{}", look.text());
    let freed = sent.save(&look, &[]);
    assert!(!freed.text().contains("Late"), "{}", freed.text());
    sent.committee.world.see_to_duties();
    assert_eq!(sent.committee.stage(sent.id), StageName::Routed);
    assert_eq!(freed.text().matches("Corrected on").count(), 2, "both corrections are kept");
}

#[test]
fn a_risk_is_confirmed_before_it_is_saved_and_badged_where_the_review_is_on() {
    let sent = Sent::routed();
    let look = sent.look(SHORT);
    assert!(look.text().contains("in 20 days") && look.text().contains("I understand"), "{}", look.text());
    let refused = sent.save(&look, &[]);
    assert_eq!((refused.status, refused.title().starts_with("Error:")), (422, true), "{}", refused.text());
    assert!(refused.first(".errors").contains("Confirm that the letter may not be ready"), "{}", refused.text());
    assert!(sent.save(&refused, &[("at_risk_confirmed", "yes")]).text().contains("At risk"));
    assert!(sent.mails(STAFF)[0].contains("at risk of missing it"), "{:?}", sent.mails(STAFF));

    // On its way a late request is not held: staff are told, and everybody sees the badge.
    let look = sent.look(LATE);
    assert!(look.text().contains("The work on your request goes on"), "{}", look.text());
    sent.save(&look, &[]);
    assert_eq!(sent.committee.stage(sent.id), StageName::Routed);
    assert!(sent.motion().text().contains("Late"), "{}", sent.motion().text());
    assert!(sent.mails(STAFF).last().unwrap().contains("later than the policy allows"));
}

#[test]
fn what_was_judged_while_the_page_was_open_is_looked_at_once_more() {
    let sent = Sent::waiting();
    let browser = sent.applicant();
    let look = |date: &str, needed: &str| {
        let values = [("deadline_date", date), ("needed_by", needed)];
        browser.submit(&browser.get(&sent.path("/correct")), "/correct", &values)
    };
    let a_day = || sent.committee.world.wait(chrono::TimeDelta::days(1));
    let page = look("2026-03-30", "2026-03-20");
    assert!(page.text().contains("in 28 days") && !page.text().contains("I understand"), "{}", page.text());
    a_day();
    let again = browser.submit(&page, "/correct", &[]);
    assert_eq!(again.status, 422, "a day later it is at risk, and the risk is confirmed: {}", again.text());
    assert!(again.text().contains("in 27 days") && again.text().contains("I understand"), "{}", again.text());
    let saved = browser.submit(&again, "/correct", &[("at_risk_confirmed", "yes")]);
    assert!(saved.text().contains("Your correction is saved"), "{}", saved.text());

    let page = look("2026-03-17", "2026-03-16");
    assert!(page.text().contains("in 14 days"), "{}", page.text());
    a_day();
    let again = browser.submit(&page, "/correct", &[("at_risk_confirmed", "yes")]);
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(again.text().contains("Look once more") && again.text().contains("waits until staff"), "{}", again.text());
    assert!(browser.submit(&again, "/correct", &[]).text().contains("Late"));
}

#[test]
fn all_that_is_wrong_comes_back_at_once_with_what_was_typed() {
    let sent = Sent::waiting();
    let wrong = [
        ("addressee_name", " "),
        ("addressee_address", "2 <b>Side</b> Street"),
        ("deadline_date", "31 February 2026"),
        ("deadline_zone", "ET"),
        ("needed_by", "soon"),
    ];
    let page = sent.look(&wrong);
    assert_eq!((page.status, page.title().starts_with("Error:")), (422, true), "{}", page.text());
    assert_eq!(page.count(".errors li"), 4, "{}", page.text());
    assert_eq!(page.count("#addressee_name-error, #deadline_date-error, #deadline_zone-error, #needed_by-error"), 4);
    assert!(page.first_raw("[name=addressee_address]").contains("2 <b>Side</b> Street"));
    assert_eq!(page.count("[name=deadline_date][value='31 February 2026'], [name=needed_by][value=soon]"), 2);
    let same = sent.look(&[]);
    assert_eq!((same.status, same.text().contains("Nothing is different")), (422, true), "{}", same.text());
    let look = sent.look(&[("addressee_name", "Dr Jansen")]);
    let back = sent.applicant().submit(&look, "/correct", &[("again", "yes")]);
    assert_eq!(back.count("[name=addressee_name][value='Dr Jansen']"), 1, "{}", back.text());
    assert_eq!(sent.journal(), [""; 0]);
}

#[test]
fn of_two_tabs_the_later_one_is_told_and_keeps_what_was_typed() {
    let sent = Sent::waiting();
    let (old, late) = (sent.form(), sent.look(&[("addressee_name", "Mr Late")]));
    sent.correct(&[("addressee_name", "Ms First")]);
    let stale = sent.applicant().submit(&old, "/correct", &[("addressee_name", "Ms Second")]);
    for (page, typed) in [(stale, "Ms Second"), (sent.save(&late, &[]), "Mr Late")] {
        assert_eq!(page.status, 409, "{}", page.text());
        assert!(page.text().contains("Somebody was faster") && page.text().contains("Ms First"), "{}", page.text());
        assert_eq!(page.count(&format!("[name=addressee_name][value='{typed}']")), 1, "{}", page.text());
        let look = sent.applicant().submit(&page, "/correct", &[]);
        assert!(look.text().contains("What follows"), "what is there now was seen: {}", look.text());
    }
}

#[test]
fn the_same_correction_sent_again_is_saved_once_and_told_once() {
    let sent = Sent::routed();
    let look = sent.look(&[("needed_by", "2026-04-20")]);
    let (target, fields) = look.form("/correct", &[]);
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let browser = sent.applicant();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..3).map(|_| scope.spawn(|| browser.same().post_only(&target, &pairs).status)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses, [303; 3]);
    assert_eq!(sent.journal(), ["request-routed", "request-corrected"]);
    assert_eq!(sent.mails(STAFF).len(), 1);
    assert!(sent.mails(STAFF)[0].contains("Was:  11 April 2026\nNow:  20 April 2026"), "{:?}", sent.mails(STAFF));
}

#[test]
fn a_correction_and_a_withdrawal_at_once_happen_one_after_the_other() {
    for _ in 0..4 {
        let sent = Sent::routed();
        let look = sent.look(&[("needed_by", "2026-04-20")]).form("/correct", &[]);
        let withdraw = sent.applicant().get(&sent.path("/withdraw")).form("/withdraw", &[]);
        let browser = sent.applicant();
        let send = |(target, fields): &(String, Vec<(String, String)>)| {
            let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.same().post_only(target, &pairs).status
        };
        let (corrected, withdrawn) = std::thread::scope(|scope| {
            let one = scope.spawn(|| send(&look));
            let other = scope.spawn(|| send(&withdraw));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert_eq!(withdrawn, 303);
        let expected: &[&str] = match corrected {
            303 => &["request-routed", "request-corrected", "request-withdrawn"],
            409 => &["request-routed", "request-withdrawn"],
            other => panic!("the correction was answered {other}"),
        };
        assert_eq!(sent.journal(), expected);
        assert_eq!(sent.committee.stage(sent.id), StageName::Withdrawn);
        assert_eq!(sent.form().status, 409);
    }
}

#[test]
fn a_reply_to_a_question_takes_no_correction_back() {
    let sent = Sent::routed();
    sent.staff().submit(&sent.motion(), "/ask", &[("question", "Who reads it?"), ("reopens", "funder")]);
    let question = sent.status().links().into_iter().find(|link| link.contains("/questions/")).unwrap();
    let back = question.rsplit('/').next().unwrap();
    let form = sent.applicant().get(&sent.path(&format!("/edit/funder?back={back}")));
    assert!(form.has_link(&sent.path("/correct")), "{}", form.text());
    sent.applicant().submit(&form, "/edit/funder", &[("programme", "Another programme"), ("addressee_name", "Mr Old")]);
    let opened = sent.applicant().get(&question);
    sent.correct(&[("deadline_date", "2026-05-08"), ("addressee_name", "Ms New")]);
    let stale = sent.applicant().submit(&opened, &question, &[("answer", "So.")]);
    assert_eq!(stale.status, 409, "the form is another one: {}", stale.text());
    sent.applicant().submit(&stale, &question, &[("answer", "So.")]);
    let text = sent.motion().text();
    assert!(text.contains("Another programme") && text.contains("deadline 8 May 2026"), "{text}");
    assert!(text.contains("Ms New") && !text.contains("Mr Old"), "{text}");
}

#[test]
fn whoever_is_out_hears_nothing_of_a_correction() {
    let sent = Sent::routed();
    let out = sent.committee.reviewers(sent.id)[0];
    sent.committee.make_staff(&member(out));
    let page = sent.committee.browser(&member(out)).get(&sent.path("/review"));
    let says = [("conflict", "conflict"), ("conflict_reason", "My project.")];
    sent.committee.browser(&member(out)).submit(&page, "/conflict", &says);
    sent.correct(&[("needed_by", "2026-04-20")]);
    assert_eq!((sent.mails(&member(out)).len(), sent.mails(STAFF).len()), (0, 1));
}

#[test]
fn a_letter_that_was_begun_does_not_go_to_an_old_addressee_unnoticed() {
    let sent = Sent::supported();
    sent.correct(&[("addressee_name", "Ms First")]);
    assert_eq!(sent.mails(STAFF), [""; 0], "no letter is begun yet");
    let staff = sent.staff();
    let editor = staff.submit(&staff.get(&sent.path("/letter")), "/letter/draft", &[]);
    assert!(editor.first_raw("[name=addressee]").contains("Ms First") && !editor.text().contains("was corrected"));
    let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
    assert!(!check.text().contains("Addressee as corrected"), "{}", check.text());
    staff.submit(&check, "/letter/pass-on", TICKS);
    let second = sent.committee.second_look(sent.id);
    assert!(second.text().contains("You are the second person"), "{}", second.text());

    sent.correct(&[("addressee_name", "Dr Second"), ("addressee_address", "2 Side Street")]);
    let told = sent.mails(STAFF);
    assert!(told.len() == 1 && told[0].contains("The letter is being written"), "{told:?}");
    let late = sent.committee.colleague().submit(&second, "/letter/issue", TICKS);
    assert_ne!(sent.committee.stage(sent.id), StageName::Issued, "{}", late.text());
    let again = sent.committee.second_look(sent.id);
    assert!(!again.text().contains("You are the second person"), "what was passed on is looked at anew");
    assert!(
        again
            .text()
            .contains("Addressee as corrected: the applicant corrected it on 2 March 2026 to Dr Second, 2 Side Street"),
        "{}",
        again.text()
    );
    let refused = staff.submit(&staff.get(&sent.path("/letter/check")), "/letter/pass-on", TICKS);
    assert_eq!(
        (refused.status, refused.text().contains("tick “Addressee as corrected”")),
        (422, true),
        "{}",
        refused.text()
    );

    let editor = staff.get(&sent.path("/letter"));
    assert!(
        editor.text().contains("The addressee was corrected") && editor.text().contains("Dr Second"),
        "{}",
        editor.text()
    );
    let fixed = [("addressee", "Dr Second\n2 Side Street"), ("salutation", "Dear Dr Second"), ("check", "yes")];
    let check = staff.submit(&editor, "/letter", &fixed);
    assert!(!check.text().contains("Addressee as corrected"), "{}", check.text());
    staff.submit(&check, "/letter/pass-on", TICKS);
    sent.committee.colleague().submit(&sent.committee.second_look(sent.id), "/letter/issue", TICKS);
    assert_eq!(sent.committee.stage(sent.id), StageName::Issued);
    let over = sent.form();
    assert_eq!((over.status, over.text().contains("a new version")), (409, true), "{}", over.text());
    assert!(!sent.status().has_link(&sent.path("/correct")));
}
