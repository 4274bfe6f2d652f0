//! Two institutions of the list that are one: what moves, what is refused, and what stays for ever.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Barrier;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use letters::audit::store::{check_chain, history};
use letters::ids::{InstitutionId, RequestId};
use letters::members::commands::JOURNAL;

use crate::harness::{Browser, Page};
use crate::institutions::{change, found};
use crate::recognition::typed;
use crate::review::world::{APPLICANT, COLLEAGUE, Committee, PLAIN, STAFF, member};

/// Where an institution's id may stand, and by whom it is moved; a place that a migration adds has to be added to what
/// merging moves, and here.
const MOVED: &[(&str, &str)] = &[
    // Those of the one that goes are other names of it already, and move as such.
    ("former_names", "institution_id"),
    ("institution_aliases", "institution_id"),
    ("memberships", "institution_id"),
    ("merged_institutions", "into_id"),
    ("requests", "institution_id"),
    ("seats", "institution_id"),
];

/// Where the id of an institution that is gone stays on purpose: the journal tells what was, and its old address leads on.
const KEPT: &[(&str, &str)] =
    &[("audit_entries", "detail"), ("merged_institutions", "id"), ("submit_tokens", "target")];

/// Adds an institution by its form; where its page is.
fn add(staff: &Browser, fields: &[(&str, &str)]) -> String {
    let added = staff.submit(&staff.get("/members/new"), "/members/new", fields);
    assert_eq!(added.status, 200, "{}", added.text());
    added.path
}

fn id_in(path: &str) -> InstitutionId {
    path.split('/').nth(2).unwrap().parse().unwrap()
}

/// What a merge of `goes` into `stays` would do.
fn look(staff: &Browser, stays: &str, goes: &str) -> Page {
    staff.get(&format!("{stays}/merge?with={}", id_in(goes)))
}

fn merge(staff: &Browser, stays: &str, goes: &str, said: &[(&str, &str)]) -> Page {
    let page = look(staff, stays, goes);
    assert_eq!(page.status, 200, "{}", page.text());
    let action = format!("{stays}/merge");
    let (_, fields) = page.form_to_post(&action, said);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    staff.post(&action, &fields)
}

/// Every column that refers to an institution, as the migrations say it.
fn references() -> BTreeSet<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut found = BTreeSet::new();
    for migration in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(migration.unwrap().path().join("up.sql")).unwrap();
        let mut table = String::new();
        for line in text.lines() {
            let words: Vec<&str> =
                line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] | ["ALTER", "TABLE", name, ..] => table = (*name).to_owned(),
                _ => {}
            }
            if line.contains("REFERENCES institutions") {
                let column = if words[0] == "ALTER" { words[5] } else { words[0] };
                found.insert((table.clone(), column.to_owned()));
            }
        }
    }
    found
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Every text column of every table in which `word` stands.
fn places_of(committee: &Committee, word: &str) -> Vec<(String, String)> {
    let sources = ["lib", "co_signing", "members", "people", "talk"].map(|name| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/tables/src").join(format!("{name}.rs"));
        std::fs::read_to_string(path).unwrap()
    });
    let source = sources.concat();
    let mut columns = Vec::new();
    for table in source.split("diesel::table! {").skip(1) {
        let body = table.split("\n    }").next().unwrap();
        let name = body.trim().split(' ').next().unwrap();
        let texts = body.lines().filter(|line| line.contains("Text"));
        columns.extend(texts.map(|line| (name.to_owned(), line.trim().split(' ').next().unwrap().to_owned())));
    }
    assert!(columns.len() > 100, "{columns:?}");
    let has = |(table, column): &(String, String)| {
        let sql = format!("SELECT COUNT(*) AS found FROM {table} WHERE {column} LIKE '%{word}%'");
        let count: Count = committee
            .world
            .store()
            .read_now(move |view| Ok(diesel::sql_query(sql).get_result(view.connection())?))
            .unwrap();
        count.found > 0
    };
    columns.into_iter().filter(has).collect()
}

#[test]
fn every_reference_to_an_institution_that_the_migrations_know_is_one_that_merging_moves() {
    let known: BTreeSet<(String, String)> =
        MOVED.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect();
    assert_eq!(references(), known, "let `merging` move the new reference, and say so here");
}

#[test]
fn whatever_referred_to_the_one_that_goes_refers_to_the_one_that_stays() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let goes = found(&staff, "wellcome");
    let stays = add(
        &staff,
        &[("name", "Trust, Wellcome"), ("other_names", "WT @en"), ("membership", "full"), ("ror", "02mhbdp94")],
    );
    let (gone, kept) = (id_in(&goes), id_in(&stays));
    // A file, a draft, a sent request with a reopened section and an earlier version, a seat: all name the one that goes.
    let file = staff.get("/members/institutions.yml").body;
    let read = staff.submit(&staff.get("/members/import"), "/members/import", &[("file", &file)]);
    staff.submit(&read, "/members/import", &[("apply", "yes")]);
    let applicant = committee.browser(APPLICANT);
    let draft = applicant.submit(&applicant.get("/requests/new"), "/requests", &[]).path;
    let about = format!("{}/edit/about-you", draft.trim_end_matches("/edit/about-you"));
    let institution = gone.to_string();
    applicant.submit(
        &applicant.get(&about),
        "/edit/about-you",
        &[("institution", &institution), ("applicant_name", "Marie")],
    );
    let form = PLAIN.replace("\"institution_name\":\"University of Example\"", &format!("\"institution\":\"{gone}\""));
    let sent = committee.request_with(Box::leak(form.into_boxed_str()), None);
    committee.tie(sent, gone);
    committee.give_seat(13, gone);
    let ask = staff.get(&format!("/requests/{sent}/motion"));
    staff.submit(&ask, "/ask", &[("question", "Who are you?"), ("reopens", "about-you"), ("reply_by", "2026-03-20")]);
    let question = applicant.get(&format!("/requests/{sent}")).links();
    let question = question.into_iter().find(|link| link.contains("/questions/")).unwrap();
    let reopened = format!("/requests/{sent}/edit/about-you");
    applicant.submit(&applicant.get(&reopened), "/edit/about-you", &[("applicant_name", "Marie Curie")]);
    applicant.submit(&applicant.get(&question), &question, &[("answer", "Marie Curie.")]);
    committee.world.see_to_duties();
    let before = places_of(&committee, gone.as_str());
    for place in
        [("requests", "form"), ("request_versions", "form"), ("member_files", "owners"), ("seats", "institution_id")]
    {
        assert!(
            before.iter().any(|(table, column)| (table.as_str(), column.as_str()) == place),
            "{place:?} in {before:?}"
        );
    }

    let shown = look(&staff, &stays, &goes);
    let text = shown.text();
    for said in
        ["Stays Trust, Wellcome", "Goes Wellcome Trust", "Seats of the committee that move 1", "Requests that move 2"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(text.contains("Whose memberships hold?"), "{text}");
    let unsaid = merge(&staff, &stays, &goes, &[]);
    assert!(unsaid.status == 422 && unsaid.has_link("#memberships"), "{}", unsaid.text());
    let done = merge(&staff, &stays, &goes, &[("memberships", "goes")]);
    assert_eq!((done.status, done.path.as_str()), (200, stays.as_str()), "{}", done.text());

    let after = places_of(&committee, gone.as_str());
    let left: Vec<_> =
        after.iter().filter(|(table, column)| !KEPT.contains(&(table.as_str(), column.as_str()))).collect();
    assert!(left.is_empty(), "the id that is gone still stands in {left:?}");
    let text = done.text();
    assert!(text.contains("Trust, Wellcome is a Core Founding Member"), "{text}");
    assert!(text.contains("Wellcome Trust") && done.count("li[lang=en]") == 1, "{text}");
    assert_eq!(committee.institution_of(sent), Some(kept));
    assert_eq!(committee.institution(13), kept);
    assert_eq!(committee.noted(sent, "institution-merged"), 1);
    let kept_form = applicant.get(&about);
    assert_eq!(kept_form.attribute("#institution option[selected]", "value"), kept.to_string());
    // A member of the seat that moved has lost the request at once: it is its own institution's now.
    assert_eq!(committee.browser(&member(13)).get(&format!("/requests/{sent}/review")).status, 403);
    // The file names one of the two once, under the name that stays.
    let file = staff.get("/members/institutions.yml").body;
    assert_eq!(
        (file.matches("- name: Trust, Wellcome\n").count(), file.matches("- name: Wellcome Trust\n").count()),
        (1, 0)
    );
    for page in ["", "/edit"] {
        let moved = staff.get_only(&format!("{goes}{page}"));
        assert_eq!((moved.status, moved.header("location")), (301, format!("{stays}{page}").as_str()));
    }
    for journal in [JOURNAL, letters::committee::commands::JOURNAL] {
        committee.world.store().read_now(|view| check_chain(view, journal)).unwrap().unwrap();
    }
    let entries = committee.world.store().read_now(|view| history(view, JOURNAL)).unwrap();
    assert_eq!(entries.last().unwrap().what, "institutions-merged");
}

#[test]
fn an_address_leads_to_where_the_institution_is_after_two_merges() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let [one, two, three] =
        ["One Quixotic", "Two Quixotic", "Three Quixotic"].map(|name| add(&staff, &[("name", name)]));
    assert_eq!(merge(&staff, &two, &one, &[]).path, two);
    assert_eq!(merge(&staff, &three, &two, &[]).path, three);
    assert_eq!(staff.get_only(&one).header("location"), three);
    let text = staff.get(&one).text();
    assert!(text.contains("One Quixotic") && text.contains("Two Quixotic"), "{text}");
    // Whoever is typed by the old name is found.
    let called = |name: &'static str| {
        committee.world.store().read_now(move |view| letters::members::store::called(view, name)).unwrap()
    };
    assert_eq!(called("one quixotic"), id_in(&three));
}

#[test]
fn two_with_a_seat_each_or_a_ror_id_each_and_one_with_itself_are_refused_with_what_to_do() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let path = |seat: usize| format!("/members/{}", committee.institution(seat));
    let shown = look(&staff, &path(1), &path(2));
    assert!(shown.text().contains("Both hold a seat of the committee at the same time"), "{}", shown.text());
    assert!(!shown.has_form_to_post(), "nothing to press");
    let [one, two] = [("One Quixotic", "02mhbdp94"), ("Two Quixotic", "05bnh6r87")]
        .map(|(name, ror)| add(&staff, &[("name", name), ("ror", ror)]));
    let shown = look(&staff, &one, &two);
    assert!(shown.text().contains("By the ROR registry they are two") && !shown.has_form_to_post(), "{}", shown.text());
    let itself = look(&staff, &one, &one);
    assert!(itself.status == 422 && itself.text().contains("Choose another institution."), "{}", itself.text());
    // Whoever sends the form all the same is refused too, and nothing has changed.
    let token = shown.attribute("input[name=form_token]", "value");
    let token = if token.is_empty() {
        staff.get(&format!("{one}/edit")).attribute("input[name=form_token]", "value")
    } else {
        token
    };
    let version = committee.world.store().read_now(letters::members::store::version).unwrap().to_string();
    let other = id_in(&two).to_string();
    let refused =
        staff.post(&format!("{one}/merge"), &[("form_token", &token), ("with", &other), ("version", &version)]);
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(staff.get(&two).status, 200);
}

#[test]
fn of_two_staff_who_merge_at_once_one_way_and_the_other_one_is_told_that_the_list_has_changed() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let [one, two] = ["One Quixotic", "Two Quixotic"].map(|name| add(&staff, &[("name", name)]));
    let id = committee.request_with(typed("Somebody"), None);
    committee.tie(id, id_in(&one));
    committee.colleague();
    let pages = [
        (committee.browser(STAFF), one.clone(), two.clone()),
        (committee.browser(COLLEAGUE), two.clone(), one.clone()),
    ];
    let start = Barrier::new(2);
    let press = |(browser, stays, goes): &(std::sync::Arc<Browser>, String, String)| {
        let page = look(browser, stays, goes);
        let action = format!("{stays}/merge");
        let (_, fields) = page.form_to_post(&action, &[]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        start.wait();
        browser.post_only(&action, &fields).status
    };
    let mut statuses = std::thread::scope(|scope| {
        let pressed = pages.each_ref().map(|page| scope.spawn(|| press(page)));
        pressed.map(|one| one.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let left = [&one, &two].into_iter().filter(|path| staff.get_only(path).status == 200).count();
    assert_eq!(left, 1);
    assert!(committee.noted(id, "institution-merged") <= 1);
}

#[test]
fn a_new_name_and_a_merge_are_in_the_answers_at_once_and_never_in_a_letter_that_was_issued() {
    let committee = Committee::new();
    let staff = committee.browser(STAFF);
    let goes = found(&staff, "british+library");
    let request = committee.request_with(typed("British Library"), None);
    committee.tie(request, id_in(&goes));
    let id = committee.with_letter_for(request);
    let applicant = committee.browser(APPLICANT);
    let pdf = |id: RequestId| applicant.get(&format!("/requests/{id}/letter.pdf")).bytes;
    let code = committee.code(id);
    let (letter, checked) = (pdf(id), committee.verdict(&code).text());
    assert!(letter.starts_with(b"%PDF"));

    let staff = committee.browser(STAFF);
    change(&staff, &goes, &[("name", "Library of Britain")]);
    let faq = committee.world.browser().get("/faq").text();
    assert!(faq.contains("Library of Britain") && !faq.contains("British Library"), "the name is new at once");
    assert_eq!((pdf(id), committee.verdict(&code).text()), (letter.clone(), checked.clone()));

    let stays = add(&staff, &[("name", "The Quixotic Library")]);
    let done = merge(&staff, &stays, &goes, &[]);
    assert_eq!(done.path, stays, "{}", done.text());
    let faq = committee.world.browser().get("/faq").text();
    assert!(faq.contains("The Quixotic Library") && !faq.contains("Library of Britain"), "{faq}");
    assert_eq!((pdf(id), committee.verdict(&code).text()), (letter, checked));
    assert_eq!(committee.institution_of(id), Some(id_in(&stays)));
    let names = done.text();
    assert!(names.contains("Library of Britain") && names.contains("British Library"), "{names}");
}
