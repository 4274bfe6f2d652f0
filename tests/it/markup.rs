//! Markup of HTML, Typst and Askama, typed into everything that people can type into: it is read everywhere as it was
//! typed, and is markup nowhere.

use chrono::TimeDelta;
use letters::workflow::request::fields::{Field, Kind};

use crate::harness::Page;
use crate::letter::read_back;
use crate::whole_story::{
    Story, answer, ask, code_in, declare_no_conflict, fill_in, seat_the_committee, support, write_and_issue,
};

const ADA: &str = "ada@uni.example";

/// Markup that names where it was typed. No page of ours has the element `blink`.
fn hostile(place: &str) -> String {
    format!("\"'><blink>{place}</blink> &amp; {{{{ 7*7 }}}} {{% if %}} #emph(1) $x$ *a* // b")
}

/// What is typed into a field: markup wherever words are taken.
fn typed(field: Field) -> String {
    match field.spec().kind {
        Kind::Line(_) | Kind::Text { .. } => hostile(field.as_str()),
        Kind::Email => "o'#emph@uni.example".to_owned(),
        Kind::WebAddress => "https://funder.example/call?a=1&lt=2".to_owned(),
        Kind::Date if field == Field::NeededBy => "2026-04-10".to_owned(),
        Kind::Date => "2026-04-20".to_owned(),
        Kind::Time => "17:00".to_owned(),
        Kind::Zone => "Europe/London".to_owned(),
        Kind::LetterKind => "support".to_owned(),
        Kind::CoSigners => format!("{}, A museum", hostile(field.as_str())),
        Kind::Institution | Kind::AmountBand | Kind::Currency | Kind::Language | Kind::Tick => String::new(),
    }
}

/// All that was typed into the form as markup.
fn all_typed() -> Vec<String> {
    let takes_words = |field: &&Field| matches!(field.spec().kind, Kind::Line(_) | Kind::Text { .. } | Kind::CoSigners);
    Field::ALL.iter().filter(takes_words).map(|field| hostile(field.as_str())).collect()
}

fn some(places: &[&str]) -> Vec<String> {
    places.iter().map(|place| hostile(place)).collect()
}

/// The page says each of `texts` as it was typed, and none of it has become an element.
fn is_literal(page: &Page, texts: &[String]) {
    assert_eq!(page.status, 200, "{}: {}", page.path, page.text());
    assert_eq!(page.count("blink"), 0, "{} has the element", page.path);
    assert!(!page.body.to_lowercase().contains("<blink"), "{} has the tag", page.path);
    let said = page.text();
    for text in texts {
        assert!(said.contains(text.as_str()), "{} does not say {text}\nbut {said}", page.path);
    }
}

#[test]
fn markup_is_read_as_typed_on_every_page_in_every_mail_and_in_the_letter() {
    let story = Story::begin();
    let staff = story.staff_set_up_their_account();
    let named = staff.submit(&staff.get("/account"), "/account/name", &[("name", &hostile("staff"))]);
    is_literal(&named, &[]);
    assert_eq!(named.first(".account-name"), hostile("staff"));
    seat_the_committee(&staff, &hostile("seat"));
    is_literal(&staff.get("/committee"), &some(&["seat"]));

    let (ada, form) = story.arrive(ADA, "/requests/new");
    let answers: Vec<(&str, String)> = Field::ALL.iter().map(|field| (field.as_str(), typed(*field))).collect();
    let answers: Vec<(&str, &str)> = answers.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let path = fill_in(&ada, &form, &answers);
    for section in ["about-you", "funder", "project", "expectations", "letter", "co-signers"] {
        is_literal(&ada.get(&format!("{path}/edit/{section}")), &[]);
    }
    let check = ada.get(&format!("{path}/check"));
    is_literal(&check, &all_typed());
    is_literal(&ada.get(&path), &some(&["title"]));
    is_literal(&ada.submit(&check, "/check", &[]), &[]);
    is_literal(&ada.get(&path), &all_typed());
    is_literal(&ada.get("/requests"), &some(&["title"]));

    let reviewers = story.reviewers_arrive();
    for (reviewer, page) in &reviewers {
        is_literal(page, &some(&["title", "funder", "programme", "institution_name"]));
        is_literal(&declare_no_conflict(reviewer, page), &all_typed());
    }
    let (reviewer, review) = (&reviewers[0].0, format!("{path}/review"));
    ask(reviewer, &review, &hostile("question"));
    is_literal(&ada.get(&path), &some(&["question"]));
    answer(&ada, &ada.get(&path), &hostile("reply"));
    is_literal(&ada.get(&path), &some(&["question", "reply"]));
    is_literal(&reviewer.get(&review), &some(&["question", "reply"]));
    let (for_committee, for_applicant) = (hostile("for_committee"), hostile("for_applicant"));
    for (reviewer, _) in &reviewers {
        support(reviewer, &path, &supporting(&for_committee, &for_applicant));
        is_literal(&reviewer.get(&review), &some(&["for_committee", "for_applicant"]));
        is_literal(&reviewer.get("/waiting"), &[]);
    }
    the_answer_and_the_letter(&story, &path);
}

fn supporting<'a>(for_committee: &'a str, for_applicant: &'a str) -> [(&'a str, &'a str); 9] {
    [
        ("rating-relevance", "met"),
        ("rating-conformance", "met"),
        ("rating-enrichment", "met"),
        ("rating-participation", "met"),
        ("rating-process", "met"),
        ("rating-extensions", "met"),
        ("stance", "support"),
        ("for_committee", for_committee),
        ("for_applicant", for_applicant),
    ]
}

/// The second half: what staff see and write, the mails, the letter, and what a funder is told.
fn the_answer_and_the_letter(story: &Story, path: &str) {
    story.world.wait(TimeDelta::days(8));
    story.world.see_to_duties();
    let (staff, motion) = story.arrive("sam@iiif.example", &format!("{path}/motion"));
    is_literal(&motion, &some(&["title", "for_committee", "for_applicant"]));
    is_literal(&staff.get("/queue"), &some(&["title", "institution_name", "funder"]));
    is_literal(&staff.submit(&motion, "/release", &[("reasons", &hostile("reasons"))]), &some(&["reasons"]));
    is_literal(&staff.get(&format!("{path}/letter")), &some(&["title", "institution_name", "funder", "programme"]));
    let letter = write_and_issue(story, &staff, path);
    is_literal(&staff.get(&format!("{path}/letter")), &some(&["title", "institution_name", "funder", "programme"]));
    is_literal(&staff.get("/letters"), &some(&["title", "institution_name", "funder"]));
    is_literal(&staff.get(path), &[]);

    let in_mails: String = story.mails().iter().map(|mail| format!("{}\n{}\n", mail.subject, mail.text)).collect();
    for place in ["title", "funder", "programme", "applicant_name", "institution_name", "seat", "reasons"] {
        assert!(in_mails.contains(&hostile(place)), "no mail says {place} as it was typed");
    }
    for mail in story.mails() {
        assert!(!mail.html.unwrap_or_default().contains("<blink"), "{:?}", mail.subject);
    }
    for page in ["/outbox", "/mailbox"].map(|list| staff.get(list)) {
        is_literal(&page, &[format!("Received: {}", hostile("title"))]);
        for mail in page.links().iter().filter(|link| link.starts_with(&format!("{}/", page.path))) {
            is_literal(&staff.get(mail), &[]);
        }
    }
    let Some(text) = read_back(&letter.bytes) else { return };
    for place in ["title", "pi_name", "institution_name", "programme", "addressee_name", "addressee_address"] {
        assert!(text.contains(&hostile(place)), "the letter does not say {place} as typed, but {text}");
    }
    let funder = story.world.browser().get(&format!("/verify?code={}", code_in(&text)));
    is_literal(&funder, &some(&["title", "institution_name", "funder", "programme"]));
}
