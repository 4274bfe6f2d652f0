//! The page of questions and answers: found, followed, changed by staff, given to the website.

use letters::audit::store::{check_chain, history};
use letters::faq::BUNDLED;
use letters::faq::commands::JOURNAL;

use crate::harness::{Browser, Page, World};
use crate::members::staff;

/// The constructs that a page of the website has: front matter, nested lists, links by reference, the loop over members
/// in HTML, with and without a link.
const SOURCE: &str = include_str!("../members/faq.md");

fn edit(staff: &Browser, source: &str, button: &str) -> Page {
    let form = staff.get("/faq/edit");
    send(staff, &form, source, button)
}

fn send(staff: &Browser, form: &Page, source: &str, button: &str) -> Page {
    staff.submit(form, "/faq/edit", &[("source", source), (button, "yes")])
}

#[test]
fn a_page_of_the_website_dropped_in_is_right_heading_by_heading_and_link_by_link() {
    let world = World::new();
    let staff = staff(&world);
    let saved = edit(&staff, SOURCE, "save");
    assert_eq!((saved.status, saved.path.as_str()), (200, "/faq"), "{}", saved.text());
    let page = world.browser().get("/faq");
    assert_eq!(page.first("h1"), "Questions of a Fixture");
    let anchors: Vec<String> = page.links().into_iter().filter(|link| link.starts_with('#')).collect();
    for anchor in ["#why-a-fixture", "#what-is-in-it", "#which-institutions-are-in-it", "#can-i-ask--and-how"] {
        assert_eq!((anchors.iter().filter(|link| *link == anchor).count(), page.count(anchor)), (2, 1), "{anchor}");
    }
    assert_eq!(page.count("section.entry"), 4);
    assert_eq!(page.count("#what-is-in-it ul ul li"), 3, "lists stand inside lists");
    for link in ["/policy", "https://iiif.io/technical-details/", "https://apps.example/", "https://www.w3.org/TR/x/"] {
        assert!(page.has_link(link), "{link} in {:?}", page.links());
    }
    assert_eq!(page.count("#which-institutions-are-in-it li"), 71);
    assert_eq!(page.count("#which-institutions-are-in-it li a[href=\"https://www.bl.uk/\"]"), 1);
    for left_over in ["{%", "{{", "%}", "][", "]:"] {
        assert!(!page.text().contains(left_over), "{left_over}");
    }
    let source = world.browser().get("/faq.md");
    assert_eq!((source.body.as_str(), source.header("access-control-allow-origin")), (SOURCE, "*"));
    assert_eq!(world.browser().get_with("/faq.md", &[("if-none-match", source.header("etag"))]).status, 304);
}

#[test]
fn a_faulty_source_comes_back_with_its_line_and_the_page_stays() {
    let world = World::new();
    let staff = staff(&world);
    for (fault, line) in [
        ("{% include header.html %}", "line 11: the tag {% include %} is not known here."),
        ("<script>alert(1)</script>", "line 11: <script> is not allowed on this page."),
        ("{% if x %}", "line "),
        ("[x](javascript:alert(1))", "line 11: "),
    ] {
        let wrong = SOURCE.replace(" * A fixture shows", &format!("{fault}\n\n * A fixture shows"));
        for button in ["save", "preview"] {
            let back = edit(&staff, &wrong, button);
            assert_eq!(back.status, 422, "{fault}");
            assert!(back.text().contains(line) && back.has_link("#source"), "{fault}: {}", back.text());
            assert!(back.body.contains("A fixture shows"), "what was typed is kept");
        }
    }
    assert_eq!(world.browser().get("/faq.md").body, BUNDLED);
    assert!(world.store().read_now(|view| history(view, JOURNAL)).unwrap().is_empty());
}

#[test]
fn staff_look_before_they_save_and_have_every_version_back() {
    let world = World::new();
    let staff = staff(&world);
    let seen = edit(&staff, SOURCE, "preview");
    assert!(seen.text().contains("not in force yet") && seen.count("details") == 4, "{}", seen.text());
    assert_eq!(world.browser().get("/faq.md").body, BUNDLED);
    assert_eq!(send(&staff, &seen, SOURCE, "save").path, "/faq");
    assert_eq!(edit(&staff, SOURCE, "save").path, "/faq", "the same again changes nothing");
    assert_eq!(edit(&staff, &SOURCE.replace("Fixture", "Second"), "save").path, "/faq");
    let editor = staff.get("/faq/edit");
    assert!(editor.text().contains("Version 2") && !editor.text().contains("Version 3"), "{}", editor.text());
    let first = staff.get("/faq/edit?version=1");
    let (_, fields) = first.form("/faq/edit", &[]);
    let text = fields.iter().find(|(name, _)| name == "source").unwrap().1.clone();
    assert_eq!(text, SOURCE);
    assert_eq!(send(&staff, &first, &text, "save").path, "/faq");
    assert_eq!(world.browser().get("/faq").first("h1"), "Questions of a Fixture");
    assert_eq!(staff.get("/faq/edit?version=9").status, 404);
    let chain = world.store().read_now(|view| check_chain(view, JOURNAL)).unwrap();
    assert_eq!(chain, Ok(3));
}

#[test]
fn who_saves_second_sees_that_somebody_was_first() {
    let world = World::new();
    let staff = staff(&world);
    let (one, other) = (staff.get("/faq/edit"), staff.get("/faq/edit"));
    assert_eq!(send(&staff, &one, SOURCE, "save").path, "/faq");
    let late = send(&staff, &other, &SOURCE.replace("Fixture", "Other"), "save");
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Somebody else saved the page") && late.body.contains("Questions of a Other"));
    assert_eq!(world.browser().get("/faq.md").body, SOURCE);
}

#[test]
fn words_are_found_without_a_script_and_search_engines_get_the_answers() {
    let world = World::new();
    let browser = world.browser();
    let found = browser.get("/faq?q=memorandum+JOIN");
    assert!(found.count("section.entry") > 0 && found.count("section.entry") < 5, "{}", found.text());
    assert!(browser.get("/faq?q=zzz").text().contains("No answer has these words"));
    let page = browser.get("/faq");
    let data: serde_json::Value =
        serde_json::from_str(&page.first_raw("script[type=\"application/ld+json\"]")).unwrap();
    assert_eq!(data["@type"], "FAQPage");
    assert_eq!(data["mainEntity"].as_array().unwrap().len(), page.count("section.entry"));
}

#[test]
fn a_member_renamed_has_the_new_name_in_the_answers_at_once_and_only_staff_change_the_page() {
    let world = World::new();
    let staff = staff(&world);
    let list = staff.get("/members?q=bodleian");
    let editor =
        list.links().into_iter().find(|link| link.starts_with("/members/") && link.ends_with("/edit")).unwrap();
    staff.submit(&staff.get(&editor), &editor, &[("name", "Bodleian <b>Libraries</b>")]);
    let page = world.browser().get("/faq");
    assert!(page.text().contains("Bodleian <b>Libraries</b>"), "the name is text, not markup");
    assert!(world.browser().get("/faq/edit").path.starts_with("/sign-in"));
}

#[test]
fn the_committee_is_data_for_everybody_for_a_day_and_a_year() {
    let world = World::new();
    let browser = world.browser();
    let json = browser.get("/committee.json?on=2026");
    let data: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!((&data["from"], &data["to"]), (&"2026-01-01".into(), &"2026-12-31".into()));
    let rows = data["seats"].as_array().unwrap().len();
    assert_eq!(rows, browser.get("/committee?on=2026").count("tbody tr"));
    assert_eq!(browser.get("/committee.csv?on=2026").body.lines().count(), rows + 1);
    assert_eq!(browser.get("/committee.jsonld").header("content-type"), "application/ld+json");
    assert_eq!(json.header("access-control-allow-origin"), "*");
    assert_eq!(browser.get_with("/committee.json?on=2026", &[("if-none-match", json.header("etag"))]).status, 304);
    assert_eq!(browser.get("/committee.json?on=someday").status, 404);
    let roster = browser.get("/committee/exec_terms.yml");
    assert_eq!((roster.status, roster.header("content-type")), (200, "application/yaml"));
    assert!(roster.body.contains("    - Cornell University\n"), "{}", roster.body);
    let year = browser.get("/committee/exec_terms.yml?on=2026").body;
    assert_eq!(year.matches("    - ").count(), rows, "{year}");
    assert_eq!(browser.get_with("/committee/exec_terms.yml", &[("if-none-match", roster.header("etag"))]).status, 304);
}
