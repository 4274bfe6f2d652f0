//! An applicant shares a request with colleagues: who may look, who may work on it, who has the mails, and how it ends.
//! That somebody who may only look cannot write on any route is shown in `matrix`.

use std::sync::Arc;

use diesel::prelude::*;
use letters::ids::RequestId;
use letters::store::schema::audit_entries;
use letters::workflow::stage::StageName;

use crate::harness::{Browser, Page};
use crate::request::{filled, save};
use crate::review::world::{ALTERNATE, APPLICANT, Committee, PLAIN, STAFF, member};

const EDITOR: &str = "editor@uni.example";
const VIEWER: &str = "viewer@uni.example";

struct Shared {
    committee: Committee,
    path: String,
}

impl Shared {
    /// A request with its reviewers, which is shared with nobody.
    fn new() -> Self {
        let committee = Committee::new();
        let id = committee.request_with(PLAIN, None);
        committee.world.see_to_duties();
        Self { committee, path: format!("/requests/{id}") }
    }

    fn id(&self) -> RequestId {
        self.path.rsplit('/').next().unwrap().parse().unwrap()
    }

    fn browser(&self, address: &str) -> Arc<Browser> {
        self.committee.browser(address)
    }

    fn get(&self, address: &str, rest: &str) -> Page {
        self.browser(address).get(&format!("{}{rest}", self.path))
    }

    fn invite(&self, address: &str, level: &str) -> Page {
        let page = self.get(APPLICANT, "/people");
        self.browser(APPLICANT).submit(&page, "/people", &[("address", address), ("level", level)])
    }

    fn remove(&self, address: &str) -> Page {
        let page = self.get(APPLICANT, "/people");
        assert!(page.text().contains(address), "{}", page.text());
        self.browser(APPLICANT).submit(&page, "/people/remove", &[])
    }

    fn mails(&self, address: &str, kind: &str) -> Vec<String> {
        let mails = self.committee.world.mail_to(address).into_iter().filter(|mail| mail.kind == kind);
        mails.map(|mail| mail.text).collect()
    }

    fn journal(&self) -> Vec<String> {
        let query = audit_entries::table.filter(audit_entries::subject.eq(self.id().to_string()));
        let read = self.committee.world.store().read_now(move |view| {
            Ok(query.order(audit_entries::seq).select(audit_entries::what).load::<String>(view.connection())?)
        });
        read.unwrap().into_iter().filter(|what| what.starts_with("co-applicant")).collect()
    }
}

#[test]
fn whoever_is_invited_finds_the_request_by_signing_in_and_sees_what_they_may() {
    let shared = Shared::new();
    assert!(shared.get(APPLICANT, "").has_link(&format!("{}/people", shared.path)));
    for (address, level, may) in [(EDITOR, "edit", "Work on the request"), (VIEWER, "view", "Look at the request")] {
        let page = shared.invite(address, level);
        assert!(page.text().contains(address) && page.text().contains(may), "{}", page.text());
        let mail = shared.mails(address, "co-applicant-invited");
        assert!(mail.len() == 1 && mail[0].contains("A fine project"), "{mail:?}");
        let list = shared.browser(address).get("/requests");
        assert!(list.has_link(&shared.path) && list.text().contains("Shared by Marie"), "{}", list.text());
        let status = shared.get(address, "");
        assert!(
            status.text().contains("A secret summary") && status.text().contains("the request of"),
            "{}",
            status.text()
        );
        assert!(!status.has_link(&format!("{}/withdraw", shared.path)));
        assert_eq!(status.has_link(&format!("{}/correct", shared.path)), level == "edit");
        let people = shared.get(address, "/people");
        assert!(people.text().contains(address) && !people.has_form_to_post(), "{}", people.text());
    }
    assert_eq!(shared.journal(), ["co-applicant-invited", "co-applicant-invited"]);
    assert!(!shared.browser(APPLICANT).get("/requests").text().contains("Shared by"));
}

#[test]
fn whoever_may_only_look_is_told_so_and_reads_messages_without_a_form() {
    let shared = Shared::new();
    shared.invite(VIEWER, "view");
    for rest in ["/correct", "/edit/project", "/check"] {
        let refused = shared.get(VIEWER, rest);
        assert_eq!(refused.status, 403, "{rest}");
        assert!(
            refused.text().contains("You can read this request") && refused.has_link(&shared.path),
            "{}",
            refused.text()
        );
    }
    let messages = shared.get(VIEWER, "/discussion");
    assert_eq!((messages.status, messages.has_form("/discussion")), (200, false), "{}", messages.text());
    assert!(messages.text().contains("You can read this request"), "{}", messages.text());
    let withdraw = shared.get(VIEWER, "/withdraw");
    assert!(withdraw.status == 403 && withdraw.text().contains("Only the person who began"), "{}", withdraw.text());
}

#[test]
fn whoever_may_work_on_it_answers_and_has_every_mail_once() {
    let shared = Shared::new();
    shared.invite(EDITOR, "edit");
    shared.invite(VIEWER, "view");
    let staff = shared.browser(STAFF);
    staff.submit(
        &staff.get(&format!("{}/motion", shared.path)),
        "/ask",
        &[("question", "Why?"), ("reopens", "project")],
    );
    let asked = |address: &str| shared.mails(address, "request-question");
    assert_eq!([APPLICANT, EDITOR, VIEWER].map(|address| asked(address).len()), [1, 1, 0]);
    assert!(asked(EDITOR)[0].starts_with("Hello editor@uni.example,"), "{}", asked(EDITOR)[0]);
    let status = shared.get(EDITOR, "");
    let question = status.links().into_iter().find(|link| link.contains("/questions/")).unwrap();
    assert!(!shared.get(VIEWER, "").links().contains(&question), "only to read");
    let editor = shared.browser(EDITOR);
    let back = question.rsplit('/').next().unwrap();
    let form = editor.get(&format!("{}/edit/project?back={back}", shared.path));
    let page = editor.submit(&form, "/edit/project", &[("title", "A finer project")]);
    let answered = editor.submit(&page, &question, &[("answer", "Therefore.")]);
    assert!(answered.text().contains("Your answer was sent"), "{}", answered.text());
    assert!(shared.get(APPLICANT, "").text().contains("Therefore."));
    let sent = editor.submit(&shared.get(EDITOR, "/discussion"), "/discussion", &[("body", "One thing more.")]);
    assert!(sent.text().contains("One thing more."), "{}", sent.text());
    assert_eq!(shared.get(EDITOR, "/withdraw").status, 403);

    let withdraw = shared.get(APPLICANT, "/withdraw");
    shared.browser(APPLICANT).submit(&withdraw, "/withdraw", &[]);
    let told = |address: &str| shared.mails(address, "request-withdrawn-by-you");
    assert_eq!([APPLICANT, EDITOR, VIEWER].map(|address| told(address).len()), [1, 1, 0]);
    assert!(told(EDITOR)[0].contains("Marie has withdrawn the request"), "{}", told(EDITOR)[0]);
    assert!(told(APPLICANT)[0].contains("you have withdrawn your request"), "{}", told(APPLICANT)[0]);
}

#[test]
fn a_draft_is_filled_in_and_sent_by_a_colleague() {
    let committee = Committee::new();
    let path = filled(&committee.browser(APPLICANT));
    let shared = Shared { committee, path };
    shared.invite(EDITOR, "edit");
    shared.invite(VIEWER, "view");
    let look = shared.get(VIEWER, "");
    assert!(look.text().contains("Maps for all") && look.text().contains("You can read it"), "{}", look.text());
    assert!(!look.has_form_to_post() && !look.body.contains("/edit/"), "{}", look.body);
    let editor = shared.browser(EDITOR);
    assert!(!shared.get(EDITOR, "").has_link(&format!("{}/withdraw", shared.path)));
    save(&editor, &shared.path, "project", &[("title", "Maps for everybody"), ("summary", "We publish maps.")]);
    let sent = editor.submit(&shared.get(EDITOR, "/check"), "/check", &[]);
    assert!(sent.path.ends_with("/sent"), "{}", sent.text());
    let receipts = [APPLICANT, EDITOR, VIEWER].map(|address| shared.mails(address, "request-receipt"));
    assert_eq!(receipts.each_ref().map(Vec::len), [1, 1, 0]);
    assert!(receipts[0][0].starts_with("Hello Ada Lovelace,"), "{}", receipts[0][0]);
    assert!(shared.get(APPLICANT, "").text().contains("Maps for everybody"));
}

#[test]
fn whoever_is_removed_finds_no_such_request_any_more_and_has_no_mail() {
    let shared = Shared::new();
    shared.invite(EDITOR, "edit");
    let form = shared.get(EDITOR, "/correct");
    let page = shared.remove(EDITOR);
    assert!(page.text().contains("shared with nobody"), "{}", page.text());
    assert_eq!(shared.get(EDITOR, "").status, 404);
    let late = shared.browser(EDITOR).submit(&form, "/correct", &[("addressee_name", "Mr Late")]);
    assert_eq!(late.status, 404, "also what was opened before: {}", late.text());
    assert!(!shared.browser(EDITOR).get("/requests").has_link(&shared.path));
    let staff = shared.browser(STAFF);
    staff.submit(&staff.get(&format!("{}/motion", shared.path)), "/ask", &[("question", "Why?")]);
    assert_eq!(shared.mails(EDITOR, "request-question"), [""; 0]);
    assert_eq!(shared.journal(), ["co-applicant-invited", "co-applicant-removed"]);

    // Invited again within the day: the request is theirs once more, and there is no second mail.
    shared.invite(EDITOR, "view");
    assert_eq!((shared.get(EDITOR, "").status, shared.get(EDITOR, "/correct").status), (200, 403));
    assert_eq!(shared.mails(EDITOR, "co-applicant-invited").len(), 1);
    let page = shared.get(APPLICANT, "/people");
    let twice = [("person", RequestId::fresh().to_string())];
    let twice = [("person", twice[0].1.as_str())];
    assert_eq!(shared.browser(APPLICANT).submit(&page, "/people/remove", &twice).status, 409);
}

#[test]
fn whoever_decides_about_requests_cannot_be_invited() {
    let shared = Shared::new();
    let seat = member(2);
    for (address, words) in [
        (seat.as_str(), "is on the Executive Committee and will vote on this request, so they cannot"),
        (ALTERNATE, "is on the Executive Committee"),
        (STAFF, "works for the Consortium"),
        (APPLICANT, "your own address"),
        ("nobody", "Type a whole e-mail address"),
    ] {
        let page = shared.invite(address, "view");
        assert_eq!(page.status, 422, "{address}: {}", page.text());
        assert!(page.first("#address-error").contains(words), "{address}: {}", page.first("#address-error"));
        assert_eq!(page.count(&format!("[name=address][value='{address}'], [name=level][value=view][checked]")), 2);
    }
    let both = shared.invite("", "");
    assert_eq!(both.count(".errors li"), 2, "{}", both.text());
    assert_eq!(shared.journal(), [""; 0]);
    assert_eq!(shared.mails(&seat, "co-applicant-invited"), [""; 0]);
}

#[test]
fn whoever_comes_to_decide_about_requests_loses_their_share() {
    let shared = Shared::new();
    shared.invite(EDITOR, "edit");
    assert_eq!(shared.get(EDITOR, "/correct").status, 200);
    shared.committee.make_staff(EDITOR);
    shared.committee.world.wait(chrono::TimeDelta::hours(2));
    assert_eq!(shared.get(EDITOR, "/correct").status, 404);
    assert!(!shared.browser(EDITOR).get("/requests").has_link(&shared.path));
    let staff = shared.browser(STAFF);
    staff.submit(&staff.get(&format!("{}/motion", shared.path)), "/ask", &[("question", "Why?")]);
    assert_eq!(shared.mails(EDITOR, "request-question"), [""; 0]);
    assert_eq!(shared.committee.stage(shared.id()), StageName::Routed);
}

#[test]
fn ten_people_share_a_request_and_the_same_form_twice_invites_once() {
    let shared = Shared::new();
    let page = shared.get(APPLICANT, "/people");
    let (target, fields) = page.form("/people", &[("address", EDITOR), ("level", "edit")]);
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let browser = shared.browser(APPLICANT);
    assert_eq!([0, 1].map(|_| browser.post_only(&target, &pairs).status), [303; 2]);
    assert_eq!((shared.journal().len(), shared.mails(EDITOR, "co-applicant-invited").len()), (1, 1));
    for n in 2..=10 {
        assert_eq!(shared.invite(&format!("colleague{n}@uni.example"), "view").status, 200, "{n}");
    }
    let full = shared.invite("one-too-many@uni.example", "view");
    assert!(full.status == 422 && full.text().contains("10 people at most"), "{}", full.text());
    assert_eq!(shared.invite(EDITOR, "view").status, 200, "who is there takes no more room");
    assert_eq!(shared.get(EDITOR, "/correct").status, 403);
}
