//! Step 1 as an applicant meets it: the form, what it refuses, sending, questions, withdrawal.

use diesel::prelude::*;
use letters::ids::{PersonId, RequestId, SessionId};
use letters::people::access::{Level, Role, Visitor, VisitorFacts};
use letters::store::schema::{audit_entries, persons, requests};
use letters::workflow::request::commands::{self, Asker};
use letters::workflow::request::reopening::AskForm;

use crate::harness::{Browser, Page, World};

const ADA: &str = "ada@uni.example";
const ANSWER: &str = "We publish every map with the Image API.";

const ABOUT: &[(&str, &str)] = &[
    ("applicant_name", "Ada Lovelace"),
    ("applicant_role", "Grants officer"),
    ("contact_email", "grants@uni.example"),
    ("pi_name", "Grace Hopper"),
    ("pi_email", "grace@uni.example"),
    ("institution_name", "Example University"),
];
const FUNDER: &[(&str, &str)] = &[
    ("funder", "Example Endowment"),
    ("programme", "Collections"),
    ("call_url", "https://funder.example/call"),
    ("addressee_name", "Review panel"),
    ("addressee_address", "1 Main Street\r\nSpringfield"),
    ("deadline_date", "2026-04-20"),
    ("deadline_time", "17:00"),
    ("deadline_zone", "America/New_York"),
    ("needed_by", "2026-04-10"),
];
const PROJECT: &[(&str, &str)] = &[("title", "Maps for all"), ("summary", "We publish maps.")];
const EXPECTATIONS: &[(&str, &str)] = &[
    ("expectation_relevance", ANSWER),
    ("expectation_conformance", ANSWER),
    ("expectation_enrichment", ANSWER),
    ("expectation_participation", ANSWER),
    ("expectation_process", ANSWER),
    ("expectation_extensions", ANSWER),
];
const SIGNERS: &str = "Grace Hopper, Example University\r\nBo Ek, Museum of Art, Design and Craft";
const LETTER: &[(&str, &str)] =
    &[("letter_kind", "support"), ("letter_language", "it"), ("points", "We met at the conference.")];
const CO_SIGNERS: &[(&str, &str)] = &[("co_signers", SIGNERS)];
const SECTIONS: [(&str, &[(&str, &str)]); 6] = [
    ("about-you", ABOUT),
    ("funder", FUNDER),
    ("project", PROJECT),
    ("expectations", EXPECTATIONS),
    ("letter", LETTER),
    ("co-signers", CO_SIGNERS),
];

/// Begins a draft; its path.
pub fn begun(browser: &Browser) -> String {
    let page = browser.submit(&browser.get("/requests/new"), "/requests", &[]);
    assert_eq!(page.status, 200, "{}", page.text());
    page.path
}

pub fn save(browser: &Browser, path: &str, section: &str, values: &[(&str, &str)]) -> Page {
    let form = browser.get(&format!("{path}/edit/{section}"));
    assert_eq!(form.status, 200, "{}", form.text());
    browser.submit(&form, &format!("/edit/{section}"), values)
}

/// A draft with nothing missing; its path.
pub fn filled(browser: &Browser) -> String {
    let path = begun(browser);
    for (section, values) in SECTIONS {
        let page = save(browser, &path, section, values);
        assert_eq!(page.status, 200, "{section}: {}", page.text());
    }
    path
}

/// A request that was sent; its path.
pub fn sent(browser: &Browser) -> String {
    let path = filled(browser);
    let page = browser.submit(&browser.get(&format!("{path}/check")), "/check", &[]);
    assert_eq!((page.status, page.path.as_str()), (200, format!("{path}/sent").as_str()), "{}", page.text());
    path
}

fn id_of(path: &str) -> RequestId {
    path.strip_prefix("/requests/").unwrap().parse().unwrap()
}

fn count_sent(world: &World) -> i64 {
    let count = requests::table.filter(requests::reference.is_not_null()).count();
    world.store().read_now(|view| Ok(count.get_result(view.connection())?)).unwrap()
}

fn journal(world: &World, path: &str) -> Vec<String> {
    let subject = id_of(path).to_string();
    let query = audit_entries::table.filter(audit_entries::subject.eq(subject)).order(audit_entries::seq);
    world.store().read_now(|view| Ok(query.select(audit_entries::what).load(view.connection())?)).unwrap()
}

fn person(world: &World, address: &str) -> PersonId {
    let query = persons::table.filter(persons::address.eq(address.to_owned())).select(persons::id);
    world.store().read_now(|view| Ok(query.first(view.connection())?)).unwrap()
}

/// Staff ask the applicant of `path` something.
fn ask(world: &World, path: &str, question: &'static str) {
    let facts = VisitorFacts {
        person: person(world, "staff@iiif.example"),
        name: String::new(),
        address: "staff@iiif.example".into(),
        session: SessionId::fresh(),
        level: Level::Email,
        roles: vec![Role::Staff],
        seats: Vec::new(),
        offices: Vec::new(),
    };
    let staff = Visitor::new(facts).staff().unwrap();
    let (moment, id) = (world.app.service.moment(), id_of(path));
    world
        .store()
        .write_now(move |tx| commands::ask(tx, &moment, Asker::Staff(&staff), id, &AskForm::words(question)))
        .unwrap();
}

#[test]
fn a_request_goes_from_an_empty_form_to_its_status_page() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let tasks = ada.get(&path);
    assert_eq!(tasks.count(".task-state[data-done='2']"), 6, "{}", tasks.text());

    let check = ada.get(&format!("{path}/check"));
    assert!(check.has_link(&format!("{path}/edit/project?back=check#title")));
    assert!(check.text().contains("Letter of support") && check.text().contains("in 49 days"), "{}", check.text());
    assert!(check.text().contains("Bo Ek, Museum of Art, Design and Craft"), "{}", check.text());
    assert!(check.text().contains("Language of the letter Italiano"), "{}", check.text());
    assert_eq!(count_sent(&world), 0, "looking sends nothing");
    let sent = ada.submit(&check, "/check", &[]);
    assert!(sent.text().contains("LOS-2026-0001") && sent.text().contains("by 12 March 2026"), "{}", sent.text());

    let status = ada.get(&path);
    assert!(status.text().contains("Received") && status.text().contains("Maps for all"), "{}", status.text());
    assert!(status.text().contains("Grace Hopper, Example University"), "{}", status.text());
    let list = ada.get("/requests");
    assert!(list.text().contains("LOS-2026-0001") && list.has_link(&path));
    let receipt = world.mail_to(ADA).into_iter().rfind(|mail| mail.kind == "request-receipt").unwrap();
    assert_eq!(receipt.subject, "[LOS-2026-0001] Received: Maps for all");
    assert_eq!(receipt.link(&world), path);
    assert!(receipt.text.contains("20 April 2026, 17:00, New York (America)"), "{}", receipt.text);
    assert!(world.mail_to("grants@uni.example").is_empty(), "only the proven address gets mail");
    assert_eq!(journal(&world, &path).last().unwrap(), "request-submitted");
}

#[test]
fn a_short_time_is_told_as_soon_as_the_funder_is_saved_and_until_the_request_is_sent() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    assert_eq!(ada.get(&path).count(".notice[data-tone=warn]"), 0);
    let short = [("deadline_date", "2026-03-20"), ("needed_by", "2026-03-20")];
    let next = save(&ada, &path, "funder", &short);
    assert!(next.path.ends_with("/edit/project"), "{}", next.path);
    let told = next.first(".notice[role=status][data-tone=warn]");
    assert!(told.contains("in 18 days") && told.contains("may not be ready in time"), "{told}");
    for rest in ["", "/check"] {
        let page = ada.get(&format!("{path}{rest}"));
        assert!(page.text().contains("The deadline is in 18 days"), "{}", page.text());
    }
    let ample = save(&ada, &path, "funder", &[("deadline_date", "2026-06-01"), ("needed_by", "2026-05-20")]);
    assert_eq!(ample.count(".notice[role=status]"), 0);
}

#[test]
fn every_long_text_says_how_long_it_may_be() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = begun(&ada);
    let form = |section: &str| ada.get(&format!("{path}/edit/{section}"));
    let expectations = form("expectations");
    assert_eq!(expectations.count("textarea[data-most='2000'][data-unit=character][data-least='20']"), 6);
    assert_eq!(expectations.first("#expectation_relevance-count"), "From 20 to 2,000 characters.");
    assert!(
        expectations.attribute("#expectation_relevance", "aria-describedby").contains("expectation_relevance-count")
    );
    assert_eq!(form("project").first("#summary-count"), "Up to 300 words.");
    assert_eq!(form("letter").first("#points-count"), "Up to 2,000 characters.");
    assert_eq!(form("co-signers").first("#co_signers-count"), "Up to 2,000 characters.");
}

#[test]
fn a_change_link_comes_back_to_the_check() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let form = ada.get(&format!("{path}/edit/project?back=check"));
    let page = ada.submit(&form, "/edit/project", &[("title", "More maps")]);
    assert_eq!(page.path, format!("{path}/check"));
    assert!(page.text().contains("More maps"));
}

#[test]
fn every_wrong_answer_comes_back_with_its_reason_and_is_kept() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    for (section, field, typed, says) in [
        ("about-you", "applicant_name", "Ada\u{202e}ecalevoL", "U+202E"),
        ("about-you", "applicant_role", "a\u{7}b", "U+0007"),
        ("about-you", "contact_email", "ada at uni", "name@example.org"),
        ("about-you", "institution_name", "", "Choose your institution"),
        ("funder", "call_url", "javascript:alert(1)", "https://"),
        ("funder", "deadline_date", "2026-03-01", "passed"),
        ("funder", "deadline_date", "31/31/2026", "day, month and year"),
        ("funder", "deadline_time", "5 pm", "24-hour"),
        ("funder", "deadline_zone", "ET", "summer time"),
        ("funder", "deadline_zone", "Mars/Olympus", "time zone"),
        ("funder", "needed_by", "2026-04-21", "after the funder’s deadline"),
        ("funder", "needed_by", "2026-03-01", "has passed"),
        ("project", "title", " \u{200b} ", "Enter the title"),
        ("project", "currency", "EURO", "three letters"),
        ("expectations", "expectation_process", "yes", "Not applicable because"),
        ("letter", "letter_kind", "reference", "Choose the kind"),
        ("co-signers", "co_signers", "Bo Ek, A museum\nGrace Hopper", "Write line 2 as a name, a comma"),
    ] {
        let page = save(&ada, &path, section, &[(field, typed)]);
        assert_eq!(page.status, 422, "{field} = {typed:?}");
        assert!(page.title().starts_with("Error: "), "{field}: {}", page.title());
        let about = field.split('_').next().unwrap();
        assert!(page.count(&format!(".errors a[href^='#{about}']")) > 0, "{field}: {}", page.text());
        assert!(page.first(".error").contains(says), "{field} = {typed:?}: {}", page.first(".error"));
        let (_, kept) = page.form(&format!("/edit/{section}"), &[]);
        if section != "letter" {
            assert!(kept.iter().any(|(name, value)| name == field && value == typed), "{field} lost {typed:?}");
        }
        let good = SECTIONS.iter().find(|(name, _)| *name == section).unwrap().1;
        let cleared: Vec<(&str, &str)> =
            if good.iter().any(|(name, _)| *name == field) { good.to_vec() } else { [good, &[(field, "")]].concat() };
        assert_eq!(save(&ada, &path, section, &cleared).status, 200);
    }
    let gap = [("deadline_date", "2027-03-14"), ("deadline_time", "02:30"), ("needed_by", "2027-03-01")];
    let page = save(&ada, &path, "funder", &gap);
    assert!(page.first(".error").contains("Enter 01:59 or 03:00"), "{}", page.text());
    let check = ada.get(&format!("{path}/check"));
    assert!(check.text().contains("Not complete yet") && !check.has_form("/check"), "{}", check.text());
}

#[test]
fn a_summary_of_two_hundred_thousand_characters_is_refused_and_kept() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let long = "x".repeat(200_000);
    let page = save(&ada, &path, "project", &[("summary", &long)]);
    assert_eq!(page.status, 422);
    assert!(page.first(".error").contains("200,000"), "{}", page.first(".error"));
    assert!(page.body.contains(&long));
}

#[test]
fn markup_stays_text_on_every_page_and_in_the_mail() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let markup = "\"><script>alert(1)</script> {{ 7 * 7 }} #read(\"/etc/passwd\") $x$ &amp;";
    for field in [("about-you", "applicant_name"), ("funder", "funder"), ("project", "title"), ("project", "summary")] {
        assert_eq!(save(&ada, &path, field.0, &[(field.1, markup)]).status, 200);
    }
    let list = ada.get("/requests");
    let check = ada.get(&format!("{path}/check"));
    let sent = ada.submit(&check, "/check", &[]);
    let pages = [list, check, sent, ada.get(&path)];
    for page in &pages {
        assert_eq!(page.count("main script"), 0, "{}", page.path);
        assert!(!page.text().contains("49 #read"), "{}", page.path);
    }
    for page in [&pages[0], &pages[1], &pages[3]] {
        assert!(page.text().contains(markup), "{}: {}", page.path, page.text());
    }
    let receipt = world.mail_to(ADA).into_iter().rfind(|mail| mail.kind == "request-receipt").unwrap();
    assert!(receipt.text.contains(markup) && receipt.subject.contains(markup));
}

#[test]
fn of_two_windows_on_one_part_the_slower_loses_nothing() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let first = ada.get(&format!("{path}/edit/project"));
    let second = ada.get(&format!("{path}/edit/project"));
    let elsewhere = ada.get(&format!("{path}/edit/letter"));
    assert_eq!(ada.submit(&first, "/edit/project", &[("title", "First title")]).status, 200);
    let refused = ada.submit(&second, "/edit/project", &[("title", "Second title")]);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("First title"), "what is saved is shown: {}", refused.text());
    let (_, typed) = refused.form("/edit/project", &[]);
    assert!(typed.contains(&("title".into(), "Second title".into())), "what was typed is kept");
    assert!(ada.get(&path).text().contains("First title"), "nothing was overwritten");
    assert_eq!(ada.submit(&refused, "/edit/project", &[]).status, 200);
    assert!(ada.get(&path).text().contains("Second title"));
    assert_eq!(
        ada.submit(&elsewhere, "/edit/letter", &[("points", "Other")]).status,
        200,
        "other parts do not collide"
    );
}

#[test]
fn sending_twice_sends_once() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let (once, again) = (ada.get(&format!("{path}/check")), ada.get(&format!("{path}/check")));
    let first = ada.submit(&once, "/check", &[]);
    let double = ada.submit(&once, "/check", &[]);
    assert_eq!((double.status, &double.path), (200, &first.path), "the same form gets the same answer");
    assert_eq!(ada.submit(&again, "/check", &[]).status, 409);
    assert_eq!(count_sent(&world), 1);
    let receipts = world.mail_to(ADA).into_iter().filter(|mail| mail.kind == "request-receipt").count();
    assert_eq!(receipts, 1);
    assert_eq!(ada.get(&format!("{path}/edit/project")).status, 409, "what was sent stays as it was sent");
}

/// Sends each of these forms at the same moment; the statuses in rising order.
fn at_once(browser: &Browser, forms: &[(String, Vec<(String, String)>)]) -> Vec<u16> {
    let send = |(target, fields): &(String, Vec<(String, String)>)| {
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post_only(target, &pairs).status
    };
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = forms.iter().map(|form| scope.spawn(move || send(form))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    statuses
}

#[test]
fn of_eight_sendings_at_once_one_counts() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let (one, other) = (ada.get(&format!("{path}/check")), ada.get(&format!("{path}/check")));
    let forms: Vec<_> = (0..8).map(|n| if n < 4 { &one } else { &other }.form("/check", &[])).collect();
    assert_eq!(at_once(&ada, &forms), [303, 303, 303, 303, 409, 409, 409, 409]);
    assert_eq!(count_sent(&world), 1);
    assert_eq!(world.mail_to(ADA).iter().filter(|mail| mail.kind == "request-receipt").count(), 1);
}

#[test]
fn of_eight_windows_that_save_at_once_one_is_kept_and_the_others_are_told() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let page = ada.get(&format!("{path}/edit/project"));
    let titles: Vec<String> = (0..8).map(|n| format!("Title {n}")).collect();
    let forms: Vec<_> = titles.iter().map(|title| page.form("/edit/project", &[("title", title)])).collect();
    assert_eq!(at_once(&ada, &forms), [303, 409, 409, 409, 409, 409, 409, 409]);
    let saved = journal(&world, &path).into_iter().filter(|what| what == "draft-saved").count();
    assert_eq!(saved, SECTIONS.len() + 1);
}

#[test]
fn what_was_not_checked_is_not_sent() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    let check = ada.get(&format!("{path}/check"));
    save(&ada, &path, "project", &[("title", "Changed since")]);
    let page = ada.submit(&check, "/check", &[]);
    assert!(page.text().contains("nothing was sent") && page.text().contains("Changed since"), "{}", page.text());
    assert_eq!(count_sent(&world), 0);
}

#[test]
fn another_persons_request_looks_like_one_that_is_not_there() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = sent(&ada);
    let eve = world.signed_in("eve@other.example");
    let made_up = format!("/requests/{}", RequestId::fresh());
    for page in ["", "/check", "/sent", "/withdraw", "/edit/project"] {
        let (theirs, nobodys) = (eve.get(&format!("{path}{page}")), eve.get(&format!("{made_up}{page}")));
        assert_eq!((theirs.status, theirs.text()), (404, nobodys.text()), "{page}");
    }
    assert!(!eve.get("/requests").text().contains("LOS-"));
    assert_eq!(world.browser().get(&path).path.split('?').next(), Some("/sign-in"), "strangers are asked to sign in");
}

#[test]
fn a_request_at_risk_is_confirmed_and_a_late_one_is_held() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = filled(&ada);
    save(&ada, &path, "funder", &[("deadline_date", "2026-03-20"), ("needed_by", "2026-03-20")]);
    let check = ada.get(&format!("{path}/check"));
    assert!(check.text().contains("may not be ready in time"), "{}", check.text());
    let refused = ada.submit(&check, "/check", &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.first(".error").contains("Confirm"), "{}", refused.text());
    let sent = ada.submit(&refused, "/check", &[("at_risk_confirmed", "yes")]);
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(ada.get(&path).text().contains("At risk"));

    let late = filled(&ada);
    save(&ada, &late, "funder", &[("deadline_date", "2026-03-10"), ("needed_by", "2026-03-10")]);
    let sent = ada.submit(&ada.get(&format!("{late}/check")), "/check", &[]);
    assert!(sent.text().contains("Staff decide first"), "{}", sent.text());
    assert!(ada.get(&late).text().contains("Staff decide whether"), "{}", ada.get(&late).text());
}

#[test]
fn a_question_is_answered_once_and_the_asker_is_told() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    world.staff();
    let path = sent(&ada);
    ask(&world, &path, "How many <b>manifests</b>?");
    let status = ada.get(&path);
    assert!(status.text().contains("More information needed") && status.text().contains("by 9 March 2026"));
    assert!(status.text().contains("How many <b>manifests</b>?"), "{}", status.text());
    assert!(world.mail_to(ADA).iter().any(|mail| mail.kind == "request-question" && !mail.text.contains("manifests")));

    let link = status.links().into_iter().find(|link| link.contains("/questions/")).unwrap();
    let (form, late_form) = (ada.get(&link), ada.get(&link));
    let empty = ada.submit(&form, &link, &[("answer", " ")]);
    assert_eq!((empty.status, empty.first(".error").contains("Enter your answer")), (422, true));
    let answered = ada.submit(&form, &link, &[("answer", "About 40,000.")]);
    assert!(answered.text().contains("About 40,000.") && answered.text().contains("Received"), "{}", answered.text());
    assert_eq!(ada.submit(&late_form, &link, &[("answer", "No, 50,000.")]).status, 409);
    assert!(world.mail_to("staff@iiif.example").iter().any(|mail| mail.kind == "request-answered"));
    assert!(journal(&world, &path).ends_with(&["question-asked".into(), "question-answered".into()]));
}

#[test]
fn a_withdrawn_request_is_over() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let path = sent(&ada);
    let form = ada.get(&format!("{path}/withdraw"));
    let again = ada.get(&format!("{path}/withdraw"));
    let page = ada.submit(&form, "/withdraw", &[("why", "No funding <i>this</i> year.")]);
    assert!(page.text().contains("Withdrawn") && page.text().contains("<i>this</i>"), "{}", page.text());
    assert_eq!(ada.submit(&again, "/withdraw", &[]).status, 409);
    assert_eq!(ada.get(&format!("{path}/withdraw")).status, 409);
    assert!(world.mail_to(ADA).iter().any(|mail| mail.kind == "request-withdrawn-by-you"));
    let (moment, id) = (world.app.service.moment(), id_of(&path));
    world.signed_in("staff@iiif.example");
    let person = person(&world, "staff@iiif.example");
    let facts = VisitorFacts {
        person,
        name: String::new(),
        address: String::new(),
        session: SessionId::fresh(),
        level: Level::Email,
        roles: vec![Role::Staff],
        seats: Vec::new(),
        offices: Vec::new(),
    };
    let staff = Visitor::new(facts).staff().unwrap();
    let asked = world
        .store()
        .write_now(move |tx| commands::ask(tx, &moment, Asker::Staff(&staff), id, &AskForm::words("Why?")));
    assert!(asked.is_err(), "no questions about it any more");
}

#[test]
fn the_twenty_first_draft_of_a_day_is_refused() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    for _ in 0..20 {
        begun(&ada);
    }
    let page = ada.submit(&ada.get("/requests/new"), "/requests", &[]);
    assert_eq!(page.status, 429, "{}", page.text());
    assert_eq!(ada.get("/requests").count("tbody tr"), 20);
}

#[test]
fn a_picked_institution_is_named_and_a_typed_name_finds_a_known_one() {
    let world = World::new();
    let ada = world.signed_in(ADA);
    let institution = |path: &str| {
        let query = requests::table.find(id_of(path)).select((requests::institution_id, requests::institution_name));
        world
            .store()
            .read_now(|view| Ok(query.first::<(Option<letters::ids::InstitutionId>, String)>(view.connection())?))
            .unwrap()
    };
    let path = filled(&ada);
    save(&ada, &path, "about-you", &[("institution_name", "stanford university")]);
    ada.submit(&ada.get(&format!("{path}/check")), "/check", &[]);
    let (id, name) = institution(&path);
    assert!(id.is_some(), "{name:?} was not found among the members");

    let picked = filled(&ada);
    let id = id.unwrap().to_string();
    let page = save(&ada, &picked, "about-you", &[("institution", &id), ("institution_name", "")]);
    assert_eq!(page.status, 200, "{}", page.text());
    let sent = ada.submit(&ada.get(&format!("{picked}/check")), "/check", &[]);
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert_eq!(institution(&picked).0.unwrap().to_string(), id);
    assert!(ada.get(&picked).text().contains("Stanford"));
}
