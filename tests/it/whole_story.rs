//! The whole story, from an empty form to a letter that a funder checks. It is told as people live it: with browsers
//! and with the mail they get, and with nothing else.

use std::cell::RefCell;

use chrono::TimeDelta;
use letters::ids::SeatId;
use letters::workflow::delivery::message::Outgoing;
use letters::workflow::request::fields::Section;

use crate::harness::{Browser, Page, World};
use crate::letter::read_back;

const STAFF: &str = "sam@iiif.example";
const COLLEAGUE: &str = "colleague@iiif.example";
const ADA: &str = "ada@uni.example";

const SUMMARY: &str = "We publish nine hundred scrolls that nobody has seen since 1911.";
const EXPECTED: &str = "We serve every scroll with the Image API and report to the Maps group.";
const POINTS: &str = "Your staff advised us on our viewer.";
const QUESTION: &str = "How many of the scrolls are fragile?";
const REPLY: &str = "About forty, and none of them leaves the reading room.";
const REMARK: &str = "The best plan I have read this year.";

/// What only those who sign in may read: no mail says any of it.
const CONFIDENTIAL: [&str; 7] = [SUMMARY, EXPECTED, POINTS, QUESTION, REPLY, REMARK, "1 Main Street"];

const ANSWERS: &[(&str, &str)] = &[
    ("applicant_name", "Ada Lovelace"),
    ("applicant_role", "Grants officer"),
    ("contact_email", "grants@uni.example"),
    ("pi_name", "Grace Hopper"),
    ("pi_email", "grace@uni.example"),
    ("institution_name", "Example University"),
    ("funder", "Example Endowment"),
    ("programme", "Shared Collections"),
    ("call_url", "https://funder.example/call"),
    ("addressee_name", "Review panel"),
    ("addressee_address", "1 Main Street\r\nSpringfield"),
    ("deadline_date", "2026-04-20"),
    ("deadline_time", "17:00"),
    ("deadline_zone", "America/New_York"),
    ("needed_by", "2026-04-10"),
    ("title", "Scrolls in Motion"),
    ("summary", SUMMARY),
    ("expectation_relevance", EXPECTED),
    ("expectation_conformance", EXPECTED),
    ("expectation_enrichment", EXPECTED),
    ("expectation_participation", EXPECTED),
    ("expectation_process", EXPECTED),
    ("expectation_extensions", EXPECTED),
    ("letter_kind", "support"),
    ("points", POINTS),
];

const SUPPORT: &[(&str, &str)] = &[
    ("rating-relevance", "met"),
    ("rating-conformance", "met"),
    ("rating-enrichment", "met"),
    ("rating-participation", "partly"),
    ("rating-process", "met"),
    ("rating-extensions", "not_applicable"),
    ("stance", "support"),
    ("for_committee", REMARK),
];

#[test]
fn a_request_becomes_a_letter_that_a_funder_can_check() {
    let story = Story::begin();
    let staff = story.staff_set_up_their_account();
    seat_the_committee(&staff, "Member of the committee");

    let (ada, form) = story.arrive(ADA, "/requests/new");
    let path = fill_in(&ada, &form, ANSWERS);
    send_twice(&ada, &path);
    let receipt = story.mail(ADA, "Received: Scrolls in Motion");
    assert!(
        receipt.text.contains("LOS-2026-0001") && receipt.text.contains("20 April 2026, 17:00"),
        "{}",
        receipt.text
    );

    let reviewers = story.reviewers_arrive();
    assert_eq!(reviewers.len(), 3);
    for (reviewer, page) in &reviewers {
        assert!(!page.text().contains(SUMMARY), "first the seat says whether it has a conflict");
        assert!(declare_no_conflict(reviewer, page).text().contains(SUMMARY));
    }
    story.ask_and_answer(&reviewers[0].0, &ada, &path);
    for (reviewer, _) in &reviewers {
        support(reviewer, &path, SUPPORT);
    }

    story.world.wait(TimeDelta::days(8));
    story.world.see_to_duties();
    assert!(!story.has_mail(ADA, "supports your proposal"), "nobody outside knows before staff release the answer");
    let (staff, motion) = story.arrive(STAFF, &story.link(&story.mail(STAFF, "ready to be released")));
    assert!(motion.text().contains("Adopted by consensus"), "{}", motion.text());
    staff.submit(&motion, "/release", &[]);
    assert!(story.has_mail(ADA, "supports your proposal"));
    let looked_at = write_and_issue(&story, &staff, &path);

    let (ada, status) = story.arrive(ADA, &story.link(&story.mail(ADA, "Your letter of support is ready")));
    assert_eq!(status.path, path);
    let letter = ada.get(&format!("{path}/letter.pdf"));
    assert!(letter.bytes.starts_with(b"%PDF") && letter.bytes == looked_at.bytes, "the letter is what staff looked at");
    let status = ada.get(&path);
    assert_eq!(status.count("[data-stage=delivered]"), 1, "{}", status.text());

    if let Some(text) = read_back(&letter.bytes) {
        a_funder_checks(&story.world.browser(), &code_in(&text));
    }
    staff_take_lists_away(&staff);
    story.no_mail_is_empty_or_tells_what_is_confidential();
}

/// Every list of staff is there as a table too.
fn staff_take_lists_away(staff: &Browser) {
    let row = |list: &str, about: &str| {
        let table = staff.get(list);
        assert!(table.header("content-disposition").starts_with("attachment; filename="), "{list}: {}", table.status);
        table
            .body
            .lines()
            .find(|row| row.contains(about))
            .unwrap_or_else(|| panic!("{about}: {}", table.body))
            .to_owned()
    };
    assert!(row("/queue.csv?stage=all", "LOS-2026-0001").contains("Scrolls in Motion"));
    assert!(row("/letters.csv", "LOS-2026-0001").contains("In force"));
    assert!(row("/outbox.csv?state=sent", "Your letter of support is ready").contains(ADA));
    assert!(row("/participation.csv", "Institution").contains("Median response (hours)"));
}

/// A world, and all mail that its mail server has taken so far.
pub struct Story {
    pub world: World,
    mails: RefCell<Vec<Outgoing>>,
}

impl Story {
    pub fn begin() -> Self {
        Self { world: World::new(), mails: RefCell::default() }
    }

    /// Every mail there has been, oldest first.
    pub fn mails(&self) -> Vec<Outgoing> {
        let arrived = self.world.mails();
        self.mails.borrow_mut().extend(arrived);
        self.mails.borrow().clone()
    }

    /// Whether a mail with `about` in its subject went to `address`.
    fn has_mail(&self, address: &str, about: &str) -> bool {
        self.mails().iter().any(|mail| is(mail, address, about))
    }

    /// The newest mail to `address` with `about` in its subject.
    pub fn mail(&self, address: &str, about: &str) -> Outgoing {
        let newest = self.mails().into_iter().rfind(|mail| is(mail, address, about));
        newest.unwrap_or_else(|| panic!("{address} got no mail about {about:?}"))
    }

    /// The first link of a mail.
    pub fn link(&self, mail: &Outgoing) -> String {
        let link = mail.text.split_whitespace().find(|word| word.starts_with(self.world.address()));
        link.unwrap_or_else(|| panic!("no link in {}", mail.text)).to_owned()
    }

    /// Somebody follows a link, signs in with the mail that this takes, and stands where the link leads.
    pub fn arrive(&self, address: &str, link: &str) -> (Browser, Page) {
        let browser = self.world.browser();
        let door = browser.get(link);
        assert!(door.path.starts_with("/sign-in"), "{link} led to {}", door.path);
        let page = self.sign_in(&browser, &door, "/sign-in", address);
        (browser, page)
    }

    /// Types the address into `form` and presses the button behind the link of the mail.
    fn sign_in(&self, browser: &Browser, form: &Page, action: &str, address: &str) -> Page {
        // All people of a test share one network, which may ask for one mail a minute.
        self.world.wait(TimeDelta::minutes(2));
        browser.submit(form, action, &[("address", address)]);
        let confirm = browser.get(&self.link(&self.mail(address, "Sign in")));
        let page = browser.submit(&confirm, "/sign-in/confirm", &[]);
        assert_eq!(page.status, 200, "{}", page.text());
        page
    }

    /// The first member of staff comes with the link that the service prints when it is started.
    pub fn staff_set_up_their_account(&self) -> Browser {
        let link = self.world.app.first_staff_link().unwrap().unwrap();
        self.set_up(&link, STAFF)
    }

    /// A colleague comes with the link that the command for inviting staff prints.
    fn colleague_sets_up_their_account(&self) {
        let link = self.world.app.invite_staff(COLLEAGUE.parse().unwrap()).unwrap();
        self.set_up(&link, COLLEAGUE);
    }

    fn set_up(&self, link: &str, address: &str) -> Browser {
        let browser = self.world.browser();
        let account = self.sign_in(&browser, &browser.get(link), "/invite", address);
        assert!(account.text().contains("You are staff of the Consortium"), "{}", account.text());
        assert_eq!(self.world.browser().get(link).status, 404, "the link works once");
        browser
    }

    /// The request goes to its reviewers, and each follows the link of the mail; their browsers and what they see.
    pub fn reviewers_arrive(&self) -> Vec<(Browser, Page)> {
        self.world.see_to_duties();
        let asked = self.mails().into_iter().filter(|mail| mail.subject.as_str().contains("please review by"));
        asked.map(|mail| self.arrive(mail.to.address(), &self.link(&mail))).collect()
    }

    /// A reviewer asks, the applicant answers, and the reviewer reads the answer.
    fn ask_and_answer(&self, reviewer: &Browser, ada: &Browser, path: &str) {
        let review = format!("{path}/review");
        ask(reviewer, &review, QUESTION);
        let status = ada.get(&self.link(&self.mail(ADA, "A question for you")));
        assert!(status.text().contains(QUESTION), "{}", status.text());
        answer(ada, &status, REPLY);
        assert!(self.mails().iter().any(|mail| mail.subject.as_str().contains("A question is answered")));
        assert!(reviewer.get(&review).text().contains(REPLY));
    }

    fn no_mail_is_empty_or_tells_what_is_confidential(&self) {
        for mail in self.mails() {
            let html = mail.html.unwrap_or_default();
            assert!(!mail.subject.as_str().is_empty() && !mail.text.trim().is_empty(), "to {}", mail.to);
            for secret in CONFIDENTIAL {
                let told = [mail.subject.as_str(), &mail.text, &html].iter().any(|part| part.contains(secret));
                assert!(!told, "{secret:?} is in the mail {:?} to {}", mail.subject, mail.to);
            }
        }
    }
}

fn is(mail: &Outgoing, address: &str, about: &str) -> bool {
    mail.to.address() == address && mail.subject.as_str().contains(about)
}

/// Staff name a representative, called `name`, for every seat.
pub fn seat_the_committee(staff: &Browser, name: &str) {
    let committee = staff.get("/committee");
    let is_seat = |link: &String| link.strip_prefix("/committee/").is_some_and(|id| id.parse::<SeatId>().is_ok());
    let seats: Vec<String> = committee.links().into_iter().filter(is_seat).collect();
    assert_eq!(seats.len(), 13);
    for (n, seat) in seats.iter().enumerate() {
        let address = format!("member{n}@seats.example");
        let people = [("representative_name", name), ("representative_address", address.as_str())];
        let saved = staff.submit(&staff.get(seat), seat, &people);
        assert!(saved.text().contains("Saved. It holds from today on."), "{}", saved.text());
    }
}

/// Begins a request and goes through its sections one after the other; its path.
pub fn fill_in(applicant: &Browser, new: &Page, answers: &[(&str, &str)]) -> String {
    let path = applicant.submit(new, "/requests", &[]).path;
    let mut page = applicant.get(&format!("{path}/edit/{}", Section::FILLED[0]));
    for section in Section::FILLED {
        let asked = |name: &str| section.fields().any(|field| field.as_str() == name);
        let here: Vec<(&str, &str)> = answers.iter().copied().filter(|(name, _)| asked(name)).collect();
        page = applicant.submit(&page, &format!("/edit/{section}"), &here);
        assert_eq!(page.status, 200, "{section}: {}", page.text());
    }
    assert_eq!(page.path, format!("{path}/attachments"), "the last section leads to the attachments");
    let check = format!("{path}/check");
    assert!(page.has_link(&check), "and they to the check");
    path
}

/// Presses the button twice, as impatient people do.
fn send_twice(applicant: &Browser, path: &str) {
    let check = applicant.get(&format!("{path}/check"));
    assert!(check.text().contains(SUMMARY), "{}", check.text());
    let sent = applicant.submit(&check, "/check", &[]);
    let again = applicant.submit(&check, "/check", &[]);
    assert!(sent.text().contains("LOS-2026-0001"), "{}", sent.text());
    assert_eq!((again.status, again.path), (200, sent.path));
    assert_eq!(applicant.get("/requests").count("tbody tr"), 1);
}

/// Says that the seat has no conflict of interest; the request as the seat then reads it.
pub fn declare_no_conflict(reviewer: &Browser, page: &Page) -> Page {
    reviewer.submit(page, "/conflict", &[("conflict", "none")])
}

/// Asks the applicant from the page at `review`.
pub fn ask(reviewer: &Browser, review: &str, question: &str) {
    let asked = reviewer.submit(&reviewer.get(review), "/question", &[("question", question)]);
    assert!(asked.text().contains(question), "{}", asked.text());
}

/// Answers the question that the status page shows.
pub fn answer(applicant: &Browser, status: &Page, reply: &str) {
    let question = status.links().into_iter().find(|link| link.contains("/questions/")).unwrap();
    let answered = applicant.submit(&applicant.get(&question), &question, &[("answer", reply)]);
    assert!(answered.text().contains(reply), "{}", answered.text());
}

pub fn support(reviewer: &Browser, path: &str, review: &[(&str, &str)]) {
    let sent = reviewer.submit(&reviewer.get(&format!("{path}/review")), "/review", review);
    assert!(sent.text().contains("Your review is in"), "{}", sent.text());
}

/// Everything on the checklist is right.
pub const TICKS: &[(&str, &str)] = &[
    ("right_person", "yes"),
    ("right_project", "yes"),
    ("right_addressee", "yes"),
    ("right_date", "yes"),
    ("right_signatory", "yes"),
    ("right_text", "yes"),
    ("right_call", "yes"),
];

/// One of staff drafts the letter, looks at it and passes it on; a colleague follows the mail about it, looks at the same
/// file and issues it. The PDF that both looked at.
pub fn write_and_issue(story: &Story, staff: &Browser, path: &str) -> Page {
    story.colleague_sets_up_their_account();
    let editor = staff.submit(&staff.get(&format!("{path}/letter")), "/letter/draft", &[]);
    let check = staff.submit(&editor, "/letter", &[("check", "yes")]);
    assert_eq!(check.path, format!("{path}/letter/check"), "{}", check.text());
    let preview = staff.get(&format!("{path}/letter/preview.pdf"));
    assert!(preview.bytes.starts_with(b"%PDF"), "{}", preview.text());
    let passed_on = staff.submit(&check, "/letter/pass-on", TICKS);
    assert!(passed_on.text().contains("Waits for a second person"), "{}", passed_on.text());

    let mail = story.mail(COLLEAGUE, "waits for a second person");
    let (colleague, check) = story.arrive(COLLEAGUE, &story.link(&mail));
    assert_eq!(colleague.get(&format!("{path}/letter/proof.pdf")).bytes, preview.bytes);
    let issued = colleague.submit(&check, "/letter/issue", TICKS);
    assert!(issued.text().contains("The letter is issued") || issued.text().contains("in force"), "{}", issued.text());
    preview
}

/// The code at the foot of a letter.
pub fn code_in(text: &str) -> String {
    let is_code = |word: &&str| word.len() == 21 && [4, 9, 14, 19].iter().all(|at| word.as_bytes()[*at] == b'-');
    text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

/// A funder, who has no account, types the code of the letter, and then one that somebody made up.
fn a_funder_checks(funder: &Browser, code: &str) {
    let says = |code: &str| funder.get(&format!("/verify?code={code}"));
    let genuine = says(code);
    assert_eq!(genuine.first("main h2"), "This letter is genuine and in force");
    for fact in ["LOS-2026-0001", "Example University", "Scrolls in Motion", "Example Endowment"] {
        assert!(genuine.text().contains(fact), "{fact} is not in {}", genuine.text());
    }
    assert_eq!(says("0000-0000-0000-0000-0").first("main h2"), "No letter bears this code");
}
