//! Mails to applicants that staff look at before they go out: held, changed, sent once, or discarded.

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::ids::{MailId, RequestId};
use letters::store::schema::{held_kinds, outbox};
use letters::workflow::delivery::message::MailState;
use letters::workflow::delivery::store::{self, Kept};

use crate::harness::{Browser, Page};
use crate::mail_forms;
use crate::review::world::{APPLICANT, Committee, STAFF, member};
use crate::whole_story::ask;

const QUESTION: &str = "There is a question about the request";

/// A committee whose staff look at questions to applicants first, and a request about which there is one.
struct Desk {
    committee: Committee,
    request: RequestId,
    mail: MailId,
}

impl Desk {
    fn new() -> Self {
        let committee = Committee::new();
        let staff = committee.browser(STAFF);
        hold(&staff, &["request-question"]);
        let request = committee.request();
        committee.world.see_to_duties();
        let seat = committee.reviewers(request)[0];
        let browser = committee.browser(&member(seat));
        committee.declare(&browser, request);
        ask(&browser, &format!("/requests/{request}/review"), "How many of them <b>?");
        committee.world.mails();
        let mail = held(&committee)[0];
        Self { committee, request, mail }
    }

    fn staff(&self) -> std::sync::Arc<Browser> {
        self.committee.browser(STAFF)
    }

    fn open(&self, browser: &Browser) -> Page {
        browser.get(&format!("/outbox/{}", self.mail))
    }

    fn kept(&self) -> Kept {
        let id = self.mail;
        self.committee.world.store().read_now(|view| store::find(view, id)).unwrap().unwrap()
    }

    fn text(page: &Page) -> String {
        let (_, fields) = page.form("/send", &[]);
        fields.into_iter().find(|(name, _)| name == "text").unwrap().1
    }

    /// The mails that have reached the applicant.
    fn arrived(&self) -> Vec<letters::workflow::delivery::message::Outgoing> {
        self.committee.world.mails().into_iter().filter(|mail| mail.to.address() == APPLICANT).collect()
    }
}

/// Staff tick these kinds and no others.
pub fn hold(staff: &Browser, kinds: &[&str]) {
    let saved = tick(staff, kinds);
    assert!(saved.text().contains("Saved."), "{}", saved.text());
}

fn tick(staff: &Browser, kinds: &[&str]) -> Page {
    let page = staff.get("/mails/held");
    let (target, mut fields) = page.form("/mails/held", &[]);
    fields.retain(|(name, _)| name != "kind");
    fields.extend(kinds.iter().map(|kind| ("kind".to_owned(), (*kind).to_owned())));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    staff.post(&target, &fields)
}

pub fn held(committee: &Committee) -> Vec<MailId> {
    let held = outbox::table.filter(outbox::state.eq(MailState::Held.as_str())).order(outbox::id).select(outbox::id);
    committee.world.store().read_now(|view| Ok(held.load(view.connection())?)).unwrap()
}

#[test]
fn no_mail_is_held_until_staff_choose_its_kind_and_none_but_those_to_applicants_can_be() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let page = staff.get("/mails/held");
    assert_eq!((page.count("input[name=kind]"), page.count("input[name=kind][checked]")), (14, 0));
    assert!(page.text().contains("Filled in: the address for questions, the link to the page"), "{}", page.text());
    hold(&staff, &["answer"]);
    for other in ["sign-in", "call-to-vote", "co-signer-asked", "nonsense"] {
        let wrong = tick(&staff, &["request-question", other]);
        assert_eq!((wrong.status, wrong.count("input[name=kind][checked]")), (422, 1), "{other}: {}", wrong.text());
    }
    let kinds = committee
        .world
        .store()
        .read_now(|view| Ok(held_kinds::table.select(held_kinds::kind).load::<String>(view.connection())?));
    assert_eq!(kinds.unwrap(), ["answer"]);
    assert_eq!(staff.get("/mails/held").count("input[name=kind][checked]"), 1);
    hold(&staff, &[]);
    committee.request();
    assert!(held(&committee).is_empty());
}

#[test]
fn a_held_mail_waits_is_changed_and_goes_out_once_as_changed() {
    let desk = Desk::new();
    let staff = desk.staff();
    desk.committee.world.wait(TimeDelta::minutes(20));
    assert!(desk.arrived().is_empty(), "the worker sends nothing that is held");
    for (path, says) in [
        ("/queue".to_owned(), "Mails to look at (1)"),
        ("/mails/held".to_owned(), "Mails to look at (1)"),
        ("/outbox".to_owned(), "To look at (1)"),
        (format!("/requests/{}/motion", desk.request), "Mails to look at (1)"),
    ] {
        let page = staff.get(&path);
        assert!(page.text().contains(says), "{path}: {}", page.text());
    }
    let page = desk.open(&staff);
    assert!(page.text().contains(QUESTION) && page.has_link(&format!("/outbox/{}/html", desk.mail)), "{}", page.text());
    let text =
        Desk::text(&page).replace("The review goes on meanwhile.", "There is no hurry.\n\nhttps://evil.example/");
    let saved = staff.submit(&page, "/send", &[("save", "yes"), ("subject", "A small <question>"), ("text", &text)]);
    assert!(saved.text().contains("not sent yet") && saved.text().contains("There is no hurry."), "{}", saved.text());
    assert!(desk.arrived().is_empty());
    let html = staff.get(&format!("/outbox/{}/html", desk.mail));
    assert!(html.first("main").contains("There is no hurry."), "{}", html.body);

    let sent = staff.submit(&saved, "/send", &[]);
    assert!(sent.text().contains("on its way"), "{}", sent.text());
    let again = staff.submit(&saved, "/send", &[]);
    assert_eq!(again.status, 200, "the same sending again is answered as it was: {}", again.text());
    let arrived = desk.arrived();
    assert_eq!(arrived.len(), 1);
    assert_eq!((arrived[0].subject.as_str(), arrived[0].text.trim()), ("A small <question>", text.trim()));
    assert_eq!(arrived[0].queued_at, desk.committee.world.now(), "it is dated when it goes out");
    // Of the addresses in it only its own leads somewhere.
    mail_forms::agree(&arrived[0], desk.committee.world.address());
    assert!(!arrived[0].html.as_ref().unwrap().contains("href=\"https://evil.example"));
    assert_eq!(desk.kept().state, MailState::Sent);
    assert_eq!(desk.kept().text.trim(), text.trim(), "what was sent is kept as sent");
    let history = staff.get(&format!("/requests/{}/motion", desk.request)).text();
    assert!(
        history.contains("Staff changed a mail to the applicant")
            && history.contains("looked at a mail to the applicant and sent it")
    );
    desk.committee.world.check_records();
}

#[test]
fn a_mail_that_is_sent_as_it_stands_keeps_its_form() {
    let desk = Desk::new();
    let before = desk.kept();
    let staff = desk.staff();
    staff.submit(&desk.open(&staff), "/send", &[]);
    let arrived = desk.arrived();
    assert_eq!((arrived[0].text.clone(), arrived[0].html.clone()), (before.text, before.html));
    assert_eq!(desk.kept().revision, 0);
}

#[test]
fn words_with_faults_come_back_with_each_of_them_and_the_address_stays() {
    let desk = Desk::new();
    let staff = desk.staff();
    let page = desk.open(&staff);
    let wrong = staff.submit(&page, "/send", &[("subject", " "), ("text", "Dear Ada,\n\nno link any more.")]);
    assert_eq!(wrong.status, 422);
    assert_eq!(wrong.count(".errors a"), 2, "{}", wrong.text());
    assert!(wrong.text().contains("Leave this address in the text") && wrong.body.contains("no link any more."));
    assert!(desk.arrived().is_empty());
    assert_eq!((desk.kept().state, desk.kept().revision), (MailState::Held, 0));
}

#[test]
fn a_discarded_mail_is_never_sent_and_says_why() {
    let desk = Desk::new();
    let staff = desk.staff();
    let page = desk.open(&staff);
    let wrong = staff.submit(&page, "/discard", &[("discard_reason", "")]);
    assert_eq!((wrong.status, wrong.count(".errors a")), (422, 1), "{}", wrong.text());
    let gone = staff.submit(&page, "/discard", &[("discard_reason", "Asked on the telephone.")]);
    assert!(gone.text().contains("Staff discarded it: Asked on the telephone."), "{}", gone.text());
    assert!(!gone.has_form("/send") && !gone.has_form("/again"));
    assert_eq!(staff.submit(&page, "/send", &[]).status, 409);
    desk.committee.world.wait(TimeDelta::minutes(20));
    assert!(desk.arrived().is_empty());
    assert_eq!(desk.kept().state, MailState::Dropped);
    assert!(staff.get(&format!("/requests/{}/motion", desk.request)).text().contains("Staff discarded a mail"));
    desk.committee.world.check_records();
}

#[test]
fn of_two_staff_at_once_the_second_is_told_and_keeps_their_words() {
    let desk = Desk::new();
    let (first, second) = (desk.staff(), desk.committee.colleague());
    let (hers, his) = (desk.open(&first), desk.open(&second));
    let other = |page: &Page, word: &str| Desk::text(page).replace("Please answer it", word);
    first.submit(&hers, "/send", &[("save", "yes"), ("text", &other(&hers, "Kindly answer it"))]);
    let told = second.submit(&his, "/send", &[("text", &other(&his, "Do answer it"))]);
    assert_eq!(told.status, 409, "{}", told.text());
    assert!(told.text().contains("A colleague has changed this mail") && told.text().contains("Kindly answer it"));
    assert!(Desk::text(&told).contains("Do answer it"));
    // The page that came back was of the words that stand: now his go.
    let sent = second.submit(&told, "/send", &[]);
    assert_eq!(sent.status, 200, "{}", sent.text());
    for (action, field) in [("/send", "subject"), ("/discard", "discard_reason")] {
        let late = first.submit(&hers, action, &[(field, "Too late")]);
        assert_eq!(late.status, 409, "{}", late.text());
        assert!(late.text().contains("A colleague has sent this mail meanwhile"), "{}", late.text());
    }
    let arrived = desk.arrived();
    assert_eq!(arrived.len(), 1);
    assert!(arrived[0].text.contains("Do answer it"));
}

#[test]
fn two_who_press_send_at_the_same_moment_send_one_mail() {
    let desk = Desk::new();
    let browsers = [desk.staff(), desk.committee.colleague()];
    let pages = browsers.each_ref().map(|browser| desk.open(browser));
    let mut answers = std::thread::scope(|scope| {
        let pressed = browsers
            .iter()
            .zip(&pages)
            .map(|(browser, page)| scope.spawn(|| browser.submit(page, "/send", &[]).status));
        let pressed: Vec<_> = pressed.collect();
        pressed.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
    });
    answers.sort_unstable();
    assert_eq!(answers, [200, 409]);
    assert_eq!(desk.arrived().len(), 1);
}

#[test]
fn a_held_mail_whose_time_has_passed_is_dropped() {
    let desk = Desk::new();
    let (id, ends) = (desk.mail, desk.committee.world.now() + TimeDelta::minutes(10));
    let limit = move |tx: &mut letters::store::Tx<'_>| {
        let expires = outbox::expires_at.eq(Some(ends.naive_utc()));
        Ok(diesel::update(outbox::table.find(id)).set(expires).execute(tx.connection())?)
    };
    desk.committee.world.store().write_now(limit).unwrap();
    let staff = desk.staff();
    desk.committee.world.see_to_duties();
    assert_eq!(desk.kept().state, MailState::Held);
    let page = desk.open(&staff);
    assert!(page.text().contains("Dropped unless sent by"), "{}", page.text());
    desk.committee.world.wait(TimeDelta::minutes(10));
    let late = staff.submit(&page, "/send", &[]);
    assert_eq!(late.status, 409, "{}", late.text());
    desk.committee.world.see_to_duties();
    assert_eq!(desk.kept().state, MailState::Dropped);
    assert!(desk.open(&staff).text().contains("Its time had passed before one of staff looked at it."));
    assert!(desk.arrived().is_empty());
}

#[test]
fn held_mails_are_for_staff_without_a_conflict() {
    let desk = Desk::new();
    let seat = desk.committee.reviewers(desk.request)[1];
    for address in [APPLICANT.to_owned(), member(seat)] {
        let browser = desk.committee.browser(&address);
        for path in ["/mails/held".to_owned(), format!("/outbox/{}", desk.mail), format!("/outbox/{}/html", desk.mail)]
        {
            assert_eq!(browser.get(&path).status, 403, "{address} {path}");
        }
    }
    let address = member(desk.committee.reviewers(desk.request)[2]);
    let browser = desk.committee.browser(&address);
    let review = browser.get(&format!("/requests/{}/review", desk.request));
    browser.submit(&review, "/conflict", &[("conflict", "conflict"), ("conflict_reason", "Our own project.")]);
    desk.committee.make_staff(&address);
    let browser = desk.committee.browser(&address);
    assert_eq!(browser.get(&format!("/outbox/{}", desk.mail)).status, 403);
    assert!(!browser.get("/mails/held").text().contains("Mails to look at ("));
    assert!(!browser.get("/queue").text().contains("Mails to look at ("));
}

#[test]
fn the_mail_that_tells_the_applicant_of_a_message_can_be_held_and_the_committees_own_cannot() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    hold(&staff, &["discussion-message"]);
    let request = committee.request();
    committee.world.see_to_duties();
    let browser = committee.browser(&member(committee.reviewers(request)[0]));
    committee.declare(&browser, request);
    let path = format!("/requests/{request}/discussion");
    let write = |browser: &Browser, audience: &str| {
        let page = browser.get(&path);
        let page =
            browser.submit(&page, "/discussion", &[("audience", audience), ("body", "How many maps are there?")]);
        if page.has_form("/discussion/confirm") { browser.submit(&page, "/discussion/confirm", &[]) } else { page }
    };
    write(&browser, "applicant");
    write(&browser, "staff");
    let told = || {
        let mails = committee.world.mails();
        [APPLICANT, STAFF].map(|address| {
            let to = mails.iter().filter(|mail| mail.to.address() == address);
            to.filter(|mail| mail.subject.as_str().contains("] A message from ")).count()
        })
    };
    committee.world.wait(TimeDelta::minutes(20));
    assert_eq!(told(), [0, 1]);
    let staff = committee.browser(STAFF);
    let page = staff.get(&format!("/outbox/{}", held(&committee)[0]));
    assert!(page.text().contains("The committee or staff have written a message"), "{}", page.text());
    staff.submit(&page, "/send", &[]);
    assert_eq!(told(), [1, 0]);
    // The applicant reads the message itself at once, whether the mail has gone out or not.
    assert!(committee.browser(APPLICANT).get(&path).text().contains("How many maps are there?"));
}
