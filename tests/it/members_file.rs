//! The website's file of members: in by page, out by address, the same again.

use letters::members::store as members;
use scraper::{Html, Selector};

use crate::harness::{Browser, Page, World};
use crate::members::staff;

const SHAPES: &str = include_str!("../members/shapes.yml");

/// What a browser would send to apply what a page shows: its fields, every tick that is set, and the button.
fn applied(page: &Page, changes: &[(&str, &str)], untick: &[&str]) -> Vec<(String, String)> {
    let (_, mut fields) = page.form("/members/import", changes);
    fields.retain(|(_, value)| !untick.contains(&value.as_str()));
    fields.push(("apply".to_owned(), "yes".to_owned()));
    fields
}

fn send(browser: &Browser, fields: &[(String, String)]) -> Page {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post("/members/import", &pairs)
}

fn look(browser: &Browser, text: &str) -> Page {
    browser.submit(&browser.get("/members/import"), "/members/import", &[("file", text)])
}

fn import(browser: &Browser, text: &str) -> Page {
    send(browser, &applied(&look(browser, text), &[], &[]))
}

/// The value of the box before the label `name`.
fn row(page: &Page, name: &str) -> String {
    let html = Html::parse_document(&page.body);
    let of = |label: scraper::ElementRef<'_>| label.text().collect::<String>() == name;
    let label = html.select(&Selector::parse(".pick label").unwrap()).find(|label| of(*label));
    let id = label.unwrap_or_else(|| panic!("no row {name}: {}", page.text())).value().attr("for").unwrap().to_owned();
    let input = Selector::parse(&format!("#{id}")).unwrap();
    html.select(&input).next().unwrap().value().attr("value").unwrap().to_owned()
}

#[test]
fn a_file_goes_in_by_page_and_comes_out_to_the_letter() {
    let world = World::new();
    let staff = staff(&world);
    let shown = look(&staff, SHAPES);
    assert_eq!(shown.status, 200);
    let text = shown.text();
    assert!(
        text.contains("11 added, 0 changed, 146 gone, 0 unchanged.") && text.contains("Twice is on line"),
        "{text}"
    );
    let before = world.browser().get("/members/institutions.yml");
    assert!(before.body.contains("- name: Yale University\n"), "looking changes nothing");
    let done = import(&staff, SHAPES);
    assert_eq!((done.status, done.path.as_str()), (200, "/members"));
    let after = world.browser().get("/members/institutions.yml");
    assert_eq!(after.body, SHAPES);
    assert_eq!(after.header("content-type"), "application/yaml");
    let again = look(&staff, SHAPES);
    assert!(again.text().contains("0 added, 0 changed, 0 gone, 11 unchanged."), "{}", again.text());
    import(&staff, SHAPES);
    assert_eq!(world.browser().get("/members/institutions.yml").header("etag"), after.header("etag"));
    let yesterday = world.browser().get("/members/institutions.yml?on=2026-03-01");
    assert!(yesterday.body.contains("- name: Yale University\n") && !yesterday.body.contains("Museum of Shapes"));
}

#[test]
fn a_new_name_is_somebodys_when_staff_say_so_and_they_keep_their_id() {
    let world = World::new();
    let staff = staff(&world);
    import(&staff, SHAPES);
    let id = |name: &'static str| world.store().read_now(move |view| members::called(view, name)).unwrap();
    let (gone, moved) = (id("Gone Gallery"), id("Museum of Shapes"));
    let file =
        SHAPES.replace("- name: Gone Gallery", "- name: Quite Another").replace("Museum of Shapes", "Shapes Museum");
    let shown = look(&staff, &file);
    let text = shown.text();
    assert!(text.contains("The new name of Gone Gallery (same website)"), "{text}");
    assert!(text.contains("The new name of Museum of Shapes"), "{text}");
    // The website says that Quite Another is Gone Gallery; a resemblance alone says nothing until a person does.
    assert!(text.contains("1 added, 1 changed, 1 gone"), "{text}");
    let question =
        ["is-1", "is-2"].into_iter().find(|field| shown.count(&format!("#{field} option[value=\"{moved}\"]")) == 1);
    let other = if question == Some("is-1") { "is-2" } else { "is-1" };
    let done = send(&staff, &applied(&shown, &[(question.unwrap(), moved.as_str()), (other, "new")], &[]));
    assert_eq!(done.path, "/members", "{}", done.text());
    assert_eq!((id("Shapes Museum"), id("Museum of Shapes"), id("Gone Gallery")), (moved, moved, gone));
    assert_ne!(id("Quite Another"), gone);
    assert_eq!(world.browser().get("/members/institutions.yml").body, file);
}

#[test]
fn only_what_is_ticked_is_applied_and_the_export_says_what_holds() {
    let world = World::new();
    let staff = staff(&world);
    import(&staff, SHAPES);
    let file = SHAPES
        .replace("- name: Gone Gallery\n  uri: https://gone.example\n  iiifc:\n", "- name: Newcomer\n  iiifc: 3\n")
        .replace(
            "- name: First Library \n  uri:  https://first.example/\n",
            "- name: First Library \n  uri: https://moved.example/\n",
        );
    let shown = look(&staff, &file);
    let (newcomer, gallery) = (row(&shown, "Newcomer"), row(&shown, "Gone Gallery"));
    send(&staff, &applied(&shown, &[], &[&newcomer, &gallery]));
    let browser = world.browser();
    assert_eq!(browser.get("/members?q=newcomer").count("tbody tr"), 0);
    assert_eq!(browser.get("/members?q=gone+gallery&kind=community").count("tbody tr"), 1);
    let out = browser.get("/members/institutions.yml").body;
    assert!(
        out.contains("https://moved.example/") && out.contains("- name: Gone Gallery\n  uri: https://gone.example\n"),
        "{out}"
    );
    assert!(!out.contains("Newcomer"), "{out}");
    assert!(look(&staff, &out).text().contains("0 added, 0 changed, 0 gone"));
}

#[test]
fn a_name_that_two_would_have_is_refused_at_its_row() {
    let world = World::new();
    let staff = staff(&world);
    import(&staff, "- name: One\n  uri: https://one.example\n- name: Two\n  uri: https://two.example\n");
    let shown = look(&staff, "- name: One\n  uri: https://two.example\n- name: Three\n  uri: https://one.example\n");
    let id = |name: &'static str| world.store().read_now(move |view| members::called(view, name)).unwrap();
    let (one, two) = (id("One"), id("Two"));
    let said = [("name-8", "Three"), ("is-8", one.as_str()), ("name-9", "One"), ("is-9", two.as_str())];
    let refused = send(&staff, &applied(&shown, &said, &[&row(&shown, "Three")]));
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert!(refused.text().contains("“One” would be the name of two institutions") && refused.has_link("#changed"));
    assert_eq!(id("Two"), two, "nothing was changed");
    let done = send(&staff, &applied(&shown, &said, &[]));
    assert_eq!((done.path.as_str(), id("Three"), id("One")), ("/members", one, two));
}

#[test]
fn a_wrong_file_comes_back_with_line_and_column_and_what_was_pasted() {
    let world = World::new();
    let staff = staff(&world);
    let back = look(&staff, "- name: Fine\n- name: Not fine\n  iiifc: 9\n");
    assert_eq!(back.status, 422);
    assert!(back.text().contains("line 3, column 10: ") && back.has_link("#file"), "{}", back.text());
    assert!(back.body.contains("iiifc: 9"));
}

#[test]
fn two_people_at_once_see_that_the_list_has_changed_and_a_form_sent_twice_counts_once() {
    let world = World::new();
    let staff = staff(&world);
    let (first, second) = (look(&staff, SHAPES), look(&staff, "- name: Only\n  iiifc: 3\n"));
    let fields = applied(&first, &[], &[]);
    assert_eq!(send(&staff, &fields).path, "/members");
    let late = send(&staff, &applied(&second, &[], &[]));
    assert_eq!(late.status, 409);
    assert!(
        late.text().contains("Somebody changed the list") && late.text().contains("1 added, 0 changed, 11 gone"),
        "{}",
        late.text()
    );
    assert_eq!(send(&staff, &fields).path, "/members", "the same form again gets the same answer");
    assert_eq!(world.browser().get("/members/institutions.yml").body, SHAPES);
    assert_eq!(send(&staff, &applied(&late, &[], &[])).path, "/members");
    assert_eq!(world.browser().get("/members/institutions.yml").body, "- name: Only\n  iiifc: 3\n");
}

#[test]
fn only_staff_import_and_everybody_reads() {
    let world = World::new();
    assert!(world.browser().get("/members/import").path.starts_with("/sign-in"));
    let linked = world.browser().get("/members.jsonld");
    assert_eq!((linked.status, linked.header("content-type")), (200, "application/ld+json"));
    let data: serde_json::Value = serde_json::from_str(&linked.body).unwrap();
    assert_eq!(data["member"].as_array().unwrap().len(), 71);
    assert_eq!(world.browser().get("/members/institutions.yml").header("access-control-allow-origin"), "*");
    assert_eq!(world.browser().get("/members").header("access-control-allow-origin"), "");
}

#[test]
fn whoever_has_the_data_is_told_so_by_tag_and_by_date() {
    let world = World::new();
    let browser = world.browser();
    for path in ["/members.json", "/members.csv", "/members.jsonld", "/members/institutions.yml"] {
        let first = browser.get(path);
        let (tag, date) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
        assert!(date.ends_with(" GMT") && first.header("cache-control").contains("max-age"), "{path}: {date}");
        assert_eq!(browser.get_with(path, &[("if-none-match", &tag)]).status, 304, "{path}");
        assert_eq!(browser.get_with(path, &[("if-modified-since", &date)]).status, 304, "{path}");
        let old = "Sun, 01 Mar 2026 23:59:59 GMT";
        assert_eq!(browser.get_with(path, &[("if-modified-since", old)]).status, 200, "{path}");
        let both = [("if-none-match", "\"other\""), ("if-modified-since", &date)];
        assert_eq!(browser.get_with(path, &both).status, 200, "{path}: the tag goes before the date");
        let head = browser.head(path);
        assert_eq!((head.status, head.body.as_str(), head.header("etag")), (200, "", tag.as_str()), "{path}");
    }
}
