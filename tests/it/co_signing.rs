//! Others sign a letter beside the Consortium: each on a page of their own, all at once or in turn; a changed text is
//! signed anew; the letter waits for whom it needs, and goes without the others.

use chrono::TimeDelta;
use letters::ids::RequestId;
use letters::workflow::stage::StageName;

use crate::harness::{Browser, Page};
use crate::review::world::{Committee, STAFF};
use crate::whole_story::TICKS;

const ADA: &str = "ada@museum.example";
const BEN: &str = "ben@library.example";
const SIGNED: &[(&str, &str)] = &[("name", "Ada Lovelace"), ("capacity", "Head of Collections"), ("read", "yes")];

/// A letter that is being written, and the people who are asked to sign it.
struct Signing {
    committee: Committee,
    id: RequestId,
    /// Every mail that has arrived: address, subject, text.
    mails: std::cell::RefCell<Vec<(String, String, String)>>,
}

impl Signing {
    /// A letter whose list has these people; with each whether the letter can go without them.
    fn with(people: &[(&str, &str, bool)]) -> Self {
        let committee = Committee::new();
        let id = committee.adopted();
        committee.release(id);
        committee.letter_ready(id);
        let signing = Self { committee, id, mails: Vec::new().into() };
        for (name, address, optional) in people {
            let mut typed = vec![("name", *name), ("address", *address), ("organisation", "Example Museum")];
            typed.extend(optional.then_some(("optional", "yes")));
            let page = signing.staff().submit(&signing.list(), "/co-signers", &typed);
            assert!(page.text().contains("They are on the list"), "{}", page.text());
        }
        signing.mails();
        signing
    }

    fn staff(&self) -> std::sync::Arc<Browser> {
        self.committee.browser(STAFF)
    }

    fn list(&self) -> Page {
        self.staff().get(&format!("/requests/{}/letter/co-signers", self.id))
    }

    fn ask(&self, way: &str, days: i64) -> Page {
        let last_day = (self.committee.world.now() + TimeDelta::days(days)).date_naive().to_string();
        self.staff().submit(&self.list(), "/ask", &[("way", way), ("last_day", &last_day)])
    }

    fn mails(&self) {
        let new = self.committee.world.mails().into_iter();
        let read = new.map(|mail| (mail.to.address().to_owned(), mail.subject.as_str().to_owned(), mail.text));
        self.mails.borrow_mut().extend(read);
    }

    /// The subjects of the mails to `address`, without the reference in front, oldest first.
    fn subjects(&self, address: &str) -> Vec<String> {
        self.mails();
        let mails = self.mails.borrow();
        let to = mails.iter().filter(|(to, _, _)| to == address);
        to.map(|(_, subject, _)| subject.rsplit("] ").next().unwrap().to_owned()).collect()
    }

    /// The address of the page in the latest mail to `address`.
    fn path(&self, address: &str) -> String {
        self.mails();
        let mails = self.mails.borrow();
        let (_, _, text) =
            mails.iter().rev().find(|(to, _, text)| to == address && text.contains("/co-sign/")).unwrap();
        let at = text.find("/co-sign/").unwrap();
        text[at..].split_whitespace().next().unwrap().to_owned()
    }

    /// Somebody at the page of `address`, in a browser that has never been here.
    fn arrive(&self, address: &str) -> (Browser, Page) {
        let browser = self.committee.world.browser();
        let page = browser.get(&self.path(address));
        assert_eq!(page.status, 200, "{}", page.text());
        (browser, page)
    }

    fn sign(&self, address: &str) -> Page {
        let (browser, page) = self.arrive(address);
        let token = page.path.rsplit('/').next().unwrap();
        browser.submit(&page, token, SIGNED)
    }

    fn decline(&self, address: &str) -> Page {
        let (browser, page) = self.arrive(address);
        browser.submit(&page, "/decline", &[("reason", "Our policy forbids it.")])
    }

    fn check(&self) -> Page {
        self.staff().get(&format!("/requests/{}/letter/check", self.id))
    }

    fn change_the_text(&self) -> Page {
        let editor = self.staff().get(&format!("/requests/{}/letter", self.id));
        let (_, fields) = editor.form("/letter", &[]);
        let body = fields.iter().find(|(name, _)| name == "body").map(|(_, text)| format!("{text}\n\nAnd more."));
        self.staff().submit(&editor, "/letter", &[("body", &body.unwrap())])
    }
}

#[test]
fn a_letter_goes_out_with_the_names_of_those_who_signed_it() {
    let signing = Signing::with(&[("Ada", ADA, false), ("Ben", BEN, true)]);
    assert!(!signing.check().has_form("/letter/pass-on"), "they have not been asked");
    let asked = signing.ask("together", 14);
    assert!(asked.text().contains("2 answers are awaited"), "{}", asked.text());
    assert_eq!(signing.subjects(BEN), ["Will you co-sign a letter of support?"]);

    let (browser, page) = signing.arrive(ADA);
    assert!(page.text().contains("Limitation") || page.text().contains("Dear"), "the letter can be read on the page");
    let pdf = browser.get(&format!("{}/letter.pdf", signing.path(ADA)));
    assert!(pdf.bytes.starts_with(b"%PDF"), "{}", pdf.status);
    let token = page.path.rsplit('/').next().unwrap();
    let faulty = browser.submit(&page, token, &[("name", ""), ("capacity", "")]);
    assert_eq!(faulty.status, 422);
    assert!(faulty.count("[data-wrong]") == 3, "{}", faulty.text());
    let thanks = signing.sign(ADA);
    assert!(thanks.text().contains("As Ada Lovelace, Head of Collections"), "{}", thanks.text());
    assert_eq!(signing.subjects(STAFF).last().unwrap().split(": ").last(), Some("Ada has signed"));
    signing.decline(BEN);

    // Ben is optional: his no holds nothing up, and his reason is for staff alone.
    assert!(signing.list().text().contains("Our policy forbids it."));
    let check = signing.check();
    assert!(check.text().contains("Co-signers: Ada Lovelace"), "{}", check.text());
    let staff = signing.staff();
    let faulty = staff.submit(&check, "/letter/pass-on", TICKS);
    assert_eq!(faulty.status, 422, "the co-signers are looked at too");
    let ticks: Vec<_> = TICKS.iter().copied().chain([("right_co_signers", "yes")]).collect();
    staff.submit(&check, "/letter/pass-on", &ticks);
    let look = signing.committee.second_look(signing.id);
    let issued = signing.committee.colleague().submit(&look, "/letter/issue", &ticks);
    assert!(issued.text().contains("The letter is issued"), "{}", issued.text());
    assert_eq!(signing.committee.stage(signing.id), StageName::Issued);

    assert_eq!(signing.subjects(ADA).last().unwrap(), "The letter of support is issued");
    let (browser, page) = signing.arrive(ADA);
    assert!(page.has_link(&format!("{}/letter.pdf", page.path)), "{}", page.text());
    let copy = browser.get(&format!("{}/letter.pdf", page.path));
    let own = staff.get(&format!("/requests/{}/letter.pdf", signing.id));
    assert!(copy.bytes == own.bytes, "the copy is the issued file");
    let (browser, page) = signing.arrive(BEN);
    assert_eq!(browser.get(&format!("{}/letter.pdf", page.path)).status, 409, "who did not sign has no copy");
    signing.committee.world.check_records();
}

#[test]
fn one_after_the_other_each_is_asked_when_the_one_before_has_answered() {
    let signing = Signing::with(&[("Ada", ADA, false), ("Ben", BEN, false)]);
    signing.ask("in-turn", 14);
    assert_eq!((signing.subjects(ADA).len(), signing.subjects(BEN).len()), (1, 0));
    signing.sign(ADA);
    assert_eq!(signing.subjects(BEN), ["Will you co-sign a letter of support?"]);
    signing.sign(BEN);
    assert!(signing.list().text().contains("No more answers are awaited"));
    assert!(signing.check().has_form("/letter/pass-on"));
}

#[test]
fn a_changed_text_voids_every_signature_and_all_are_asked_anew() {
    for (way, told) in [("together", 2), ("in-turn", 1)] {
        let signing = Signing::with(&[("Ada", ADA, false), ("Ben", BEN, false)]);
        signing.ask(way, 14);
        signing.sign(ADA);
        signing.sign(BEN);
        let (stale_browser, stale) = signing.arrive(ADA);
        let saved = signing.change_the_text();
        assert!(saved.text().contains("Out for signature"), "{}", saved.text());
        assert!(!signing.check().has_form("/letter/pass-on"), "nothing is signed any more");
        let again = "The letter has changed: please read and sign it again";
        let asked = [ADA, BEN].iter().filter(|who| signing.subjects(who).last().unwrap() == again).count();
        assert_eq!(asked, told, "{way}");
        assert_ne!(signing.subjects(BEN).last().unwrap(), "Will you co-sign a letter of support?", "{way}");
        assert!(!stale.has_form("/decline") && !stale_browser.get(&stale.path).text().contains("You have signed"));
        signing.sign(ADA);
        signing.sign(BEN);
        assert!(signing.check().has_form("/letter/pass-on"), "{way}");
        signing.committee.world.check_records();
    }
}

#[test]
fn who_read_an_older_text_does_not_sign_the_new_one() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    signing.ask("together", 14);
    let (browser, page) = signing.arrive(ADA);
    signing.change_the_text();
    let token = page.path.rsplit('/').next().unwrap();
    let refused = browser.submit(&page, token, SIGNED);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("The letter was changed after you opened this page"), "{}", refused.text());
    assert!(signing.list().text().contains("1 answer") || signing.list().text().contains("one answer is awaited"));
}

#[test]
fn a_change_that_leaves_the_words_alone_asks_nobody_anew() {
    let signing = Signing::with(&[("Ada", ADA, false), ("Ben", BEN, false)]);
    signing.ask("together", 14);
    signing.sign(ADA);
    let (browser, page) = signing.arrive(BEN);
    let editor = signing.staff().get(&format!("/requests/{}/letter", signing.id));
    signing.staff().submit(&editor, "/letter", &[("paper", "us-letter")]);
    // More time is no new text either.
    signing.ask("together", 21);
    let token = page.path.rsplit('/').next().unwrap();
    let signed = browser.submit(&page, token, SIGNED);
    assert!(signed.text().contains("You have signed"), "{}", signed.text());
    assert!(signing.check().has_form("/letter/pass-on"), "Ada’s signature counts as well");
}

#[test]
fn nothing_is_shown_or_signed_while_the_request_can_have_no_letter() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    signing.ask("together", 14);
    let (browser, page) = signing.arrive(ADA);
    let token = page.path.rsplit('/').next().unwrap().to_owned();
    signing.committee.withdraw(signing.id);
    let closed = browser.get(&page.path);
    assert_eq!((closed.status, closed.count("article")), (200, 0), "{}", closed.text());
    assert!(closed.text().contains("does not write this letter at the moment"), "{}", closed.text());
    assert_eq!(browser.get(&format!("{}/letter.pdf", page.path)).status, 409);
    assert_eq!(browser.submit(&page, &token, SIGNED).status, 409);
}

#[test]
fn the_form_to_ask_keeps_its_day_when_the_form_to_add_is_wrong() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    let typed = |page: &Page, name: &str| {
        let (_, fields) = page.form("/ask", &[]);
        fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    assert_eq!(typed(&signing.list(), "way").as_deref(), Some("together"));
    signing.ask("in-turn", 14);
    let day = typed(&signing.list(), "last_day");
    let faulty = signing.staff().submit(&signing.list(), "/co-signers", &[("name", "")]);
    assert_eq!(faulty.status, 422);
    assert_eq!((typed(&faulty, "way").as_deref(), typed(&faulty, "last_day")), (Some("in-turn"), day));
}

#[test]
fn emphasis_and_lists_are_read_on_the_page_as_in_the_letter() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    let editor = signing.staff().get(&format!("/requests/{}/letter", signing.id));
    let body = "We *gladly* support <b>this</b>:\n- by advice\n- see https://iiif.io";
    signing.staff().submit(&editor, "/letter", &[("body", body)]);
    signing.ask("together", 14);
    let (_, page) = signing.arrive(ADA);
    assert_eq!((page.count("article em"), page.count("article ul > li"), page.count("article b")), (1, 2, 0));
    assert!(page.text().contains("support <b>this</b>:"), "{}", page.text());
}

#[test]
fn who_is_late_is_reminded_once_and_the_letter_waits_only_for_whom_it_needs() {
    let signing = Signing::with(&[("Ada", ADA, false), ("Ben", BEN, true)]);
    let days = |days| signing.committee.world.wait(TimeDelta::days(days));
    signing.ask("together", 7);
    days(3);
    signing.committee.world.see_to_duties();
    assert_eq!(signing.subjects(ADA).len(), 1, "too early");
    days(1);
    for _ in 0..2 {
        signing.committee.world.see_to_duties();
    }
    assert!(signing.subjects(ADA).last().unwrap().starts_with("Reminder"), "{:?}", signing.subjects(ADA));
    assert_eq!((signing.subjects(ADA).len(), signing.subjects(BEN).len()), (2, 2), "once each");
    days(4);
    let late = signing.list();
    assert!(late.text().contains("without an answer from Ada"), "{}", late.text());
    let (_, closed) = signing.arrive(ADA);
    assert!(!closed.has_form("/decline") && closed.text().contains("Answers were possible until"), "{}", closed.text());

    // More time for Ada, who then signs; Ben never answers, and the letter goes without him.
    signing.ask("together", 5);
    assert!(signing.subjects(ADA).last().unwrap().starts_with("You can sign until"));
    signing.sign(ADA);
    days(6);
    assert!(signing.list().text().contains("No more answers are awaited"));
    assert!(signing.check().has_form("/letter/pass-on"));
}

#[test]
fn a_no_of_somebody_needed_stops_the_letter_until_they_are_off_the_list() {
    let signing = Signing::with(&[("Ada", ADA, false), ("Ben", BEN, false)]);
    signing.ask("together", 14);
    signing.decline(BEN);
    signing.sign(ADA);
    let stopped = signing.list();
    assert!(stopped.text().contains("Ben has declined"), "{}", stopped.text());
    assert!(signing.check().text().contains("Ben has declined") && !signing.check().has_form("/letter/pass-on"));
    // The forms of the table stand in the order of the list: the second is Ben's.
    let id = stopped.body.split("name=\"co_signer\" value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let page = signing.staff().submit(&stopped, "/remove", &[("co_signer", &id)]);
    assert!(page.text().contains("They are off the list"), "{}", page.text());
    assert_eq!(signing.subjects(BEN).last().unwrap(), "Your signature is not needed any more");
    assert!(signing.check().has_form("/letter/pass-on"));
    let over = signing.committee.world.browser().get(&signing.path(BEN));
    assert_eq!(over.status, 404, "{}", over.text());
}

#[test]
fn a_letter_that_was_looked_at_does_not_go_without_whoever_came_onto_the_list_meanwhile() {
    let signing = Signing::with(&[]);
    let looked = signing.check();
    let ada = [("name", "Ada"), ("address", ADA)];
    signing.staff().submit(&signing.list(), "/co-signers", &ada);
    let refused = signing.staff().submit(&looked, "/letter/pass-on", TICKS);
    assert_eq!(refused.status, 409, "{}", refused.text());
    signing.ask("together", 7);
    let queue = || signing.staff().get("/queue").text();
    assert!(queue().contains("Letter out for signature"), "{}", queue());

    // A signature that arrives between the look and the button: the file that was looked at lacks it.
    signing.sign(ADA);
    let refused = signing.staff().submit(&looked, "/letter/pass-on", &[TICKS, &[("right_co_signers", "yes")]].concat());
    assert_eq!(refused.status, 409, "{}", refused.text());
    signing.staff().submit(&signing.check(), "/letter/pass-on", &[TICKS, &[("right_co_signers", "yes")]].concat());
    assert!(queue().contains("Letter to be issued"), "{}", queue());
}

#[test]
fn opening_a_link_signs_nothing_and_guessing_one_opens_nothing() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    signing.ask("together", 14);
    let path = signing.path(ADA);
    for _ in 0..3 {
        let opened = signing.committee.world.browser().get(&path);
        assert_eq!((opened.status, opened.header("x-robots-tag")), (200, "noindex, nofollow"));
    }
    assert!(signing.list().text().contains("one answer is awaited"));
    let mut guessed = path.clone();
    let last = guessed.pop().unwrap();
    guessed.push(if last == 'A' { 'B' } else { 'A' });
    for wrong in [guessed.as_str(), "/co-sign/nonsense"] {
        assert_eq!(signing.committee.world.browser().get(wrong).status, 404);
    }
    assert!(signing.committee.world.dump().is_none_or(|all| !all.contains(path.rsplit('/').next().unwrap())));
}

#[test]
fn everything_wrong_with_a_co_signer_or_a_last_day_is_said_at_the_field() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    let faulty = signing.staff().submit(&signing.list(), "/co-signers", &[("name", " "), ("address", ADA)]);
    assert_eq!((faulty.status, faulty.count("[data-wrong]")), (422, 2), "{}", faulty.text());
    let faulty = signing.ask("together", 0);
    assert_eq!((faulty.status, faulty.count("[data-wrong]")), (422, 1), "{}", faulty.text());
}

#[test]
fn two_answers_at_once_from_one_page_are_one() {
    let signing = Signing::with(&[("Ada", ADA, false)]);
    signing.ask("together", 14);
    let path = signing.path(ADA);
    let token = path.rsplit('/').next().unwrap();
    let pages: Vec<(Browser, Page)> = (0..4).map(|_| signing.arrive(ADA)).collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = pages
            .iter()
            .map(|(browser, page)| {
                let sent = || match browser.submit(page, token, SIGNED) {
                    answer if answer.text().contains("You have signed") => answer.status,
                    refused => refused.status,
                };
                scope.spawn(sent)
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    let signed = signing.subjects(STAFF).iter().filter(|subject| subject.ends_with("Ada has signed")).count();
    assert_eq!(signed, 1);
    signing.committee.world.check_records();
}
