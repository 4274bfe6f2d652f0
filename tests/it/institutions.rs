//! One institution: its page for everybody, its ROR id and logo, and what staff change of it.

use std::sync::Barrier;

use crate::harness::{Browser, Page, World};
use crate::members::staff;

const ROR: &str = "https://ror.org/02mhbdp94";

/// The page of the one institution that is found by these words.
pub fn found(browser: &Browser, words: &str) -> String {
    let list = browser.get(&format!("/members?q={words}"));
    list.links().into_iter().find(|link| link.starts_with("/members/") && link.len() == "/members/".len() + 36).unwrap()
}

/// Changes fields of an institution by its form.
pub fn change(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let editor = format!("{path}/edit");
    browser.submit(&browser.get(&editor), &editor, fields)
}

#[test]
fn everybody_reads_an_institution_with_its_names_its_ids_and_its_memberships_by_date() {
    let world = World::new();
    let staff = staff(&world);
    let path = found(&staff, "bodleian");
    let saved = change(
        &staff,
        &path,
        &[
            ("ror", " ROR.org/02MHBDP94 "),
            ("logo", "assets/logos/bodleian.svg"),
            ("membership", "full"),
            ("country", "GB"),
        ],
    );
    assert_eq!((saved.status, saved.path.as_str()), (200, path.as_str()), "{}", saved.text());
    let page = world.browser().get(&path);
    let text = page.text();
    assert!(
        text.contains("University of Oxford (Bodleian Library) is a Full Member of the IIIF Consortium."),
        "{text}"
    );
    assert!(text.contains("Full member Since 2 March 2026"), "{text}");
    assert!(text.contains("Core founding member From 16 June 2015 to 1 March 2026"), "{text}");
    assert!(
        page.has_link(ROR) && text.contains("assets/logos/bodleian.svg") && text.contains("Country United Kingdom"),
        "{text}"
    );
    assert!(!page.has_link(&format!("{path}/edit")), "only staff are offered a change");
    assert!(world.browser().get("/members").has_link(&path));
    for gone in ["/members/00000000-0000-7000-8000-000000000000", "/members/nonsense"] {
        let none = world.browser().get(gone);
        assert!(none.status == 404 && none.has_link("/members"), "{gone}");
    }
}

#[test]
fn a_ror_id_is_in_every_form_of_the_list_and_stays_through_an_import() {
    let world = World::new();
    let staff = staff(&world);
    let path = found(&staff, "bodleian");
    change(&staff, &path, &[("ror", "02mhbdp94"), ("logo", "https://library.example/logo.svg")]);
    let browser = world.browser();
    for address in ["/members.csv", "/members.json", "/members.jsonld"] {
        assert!(browser.get(address).body.contains(ROR), "{address}");
    }
    assert!(browser.get("/members.json").body.contains("https://library.example/logo.svg"));
    let linked: serde_json::Value = serde_json::from_str(&browser.get("/members.jsonld").body).unwrap();
    let known = linked["member"].as_array().unwrap().iter().find(|role| role["member"]["sameAs"] == ROR).unwrap();
    assert_eq!(known["member"]["logo"], "https://library.example/logo.svg");
    // Nothing was imported yet: the file is written anew, with all that it can say.
    let file = browser.get("/members/institutions.yml").body;
    assert!(file.contains(&format!("  ror: {ROR}\n")) && file.contains("  logo: https://library.example/logo.svg\n"));
    // The website's file states no ids; taking it over takes none away, and it comes back as it was.
    let without = file.replace(&format!("  ror: {ROR}\n"), "");
    let look = staff.submit(&staff.get("/members/import"), "/members/import", &[("file", &without)]);
    assert!(look.text().contains("0 added, 0 changed, 0 gone"), "{}", look.text());
    staff.submit(&look, "/members/import", &[("file", &without), ("apply", "yes")]);
    assert_eq!(browser.get("/members/institutions.yml").body, without);
    assert!(browser.get(&path).has_link(ROR));
    // A file that states another is believed.
    let other = file.replace(ROR, "05bnh6r87");
    let look = staff.submit(&staff.get("/members/import"), "/members/import", &[("file", &other)]);
    assert!(look.text().contains(&format!("ROR id: {ROR} → https://ror.org/05bnh6r87")), "{}", look.text());
    let (_, fields) = look.form("/members/import", &[("apply", "yes")]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(staff.post("/members/import", &fields).path, "/members");
    assert!(browser.get(&path).has_link("https://ror.org/05bnh6r87"));
    assert_eq!(browser.get("/members/institutions.yml").body, other);
}

#[test]
fn a_wrong_ror_id_is_told_at_its_field_and_one_that_is_taken_names_who_has_it() {
    let world = World::new();
    let staff = staff(&world);
    let (bodleian, other) = (found(&staff, "bodleian"), found(&staff, "british+library"));
    let slip = change(&staff, &bodleian, &[("ror", "02mhbdp95"), ("logo", "javascript:x")]);
    assert_eq!(slip.status, 422);
    assert!(
        slip.has_link("#ror") && slip.has_link("#logo") && slip.body.contains("value=\"02mhbdp95\""),
        "{}",
        slip.text()
    );
    assert!(slip.text().contains("its last two digits do not fit the rest"), "{}", slip.text());
    assert_eq!(change(&staff, &bodleian, &[("ror", ROR)]).status, 200);
    let taken = change(&staff, &other, &[("ror", "02mhbdp94")]);
    assert_eq!(taken.status, 422);
    let told = "https://ror.org/02mhbdp94 is the ROR id of University of Oxford (Bodleian Library) already.";
    assert!(taken.text().contains(told), "{}", taken.text());
    let file = format!(
        "- name: British Library\n  ror: {ROR}\n  iiifc: 1\n- name: University of Oxford (Bodleian Library)\n  iiifc: 1\n"
    );
    let look = staff.submit(&staff.get("/members/import"), "/members/import", &[("file", &file)]);
    let (_, fields) = look.form("/members/import", &[("apply", "yes")]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = staff.post("/members/import", &fields);
    assert_eq!(refused.status, 422, "{}", refused.text());
    let told =
        format!("{ROR} would be the ROR id of two institutions. University of Oxford (Bodleian Library) has it.");
    assert!(refused.text().contains(&told), "{}", refused.text());
    // The same id again, and none, are nothing to complain of.
    assert_eq!(change(&staff, &bodleian, &[("ror", ROR)]).status, 200);
    assert_eq!(change(&staff, &bodleian, &[("ror", " ")]).status, 200);
    assert!(!world.browser().get(&bodleian).has_link(ROR));
}

#[test]
fn of_two_who_give_one_ror_id_to_two_institutions_at_once_one_is_told() {
    let world = World::new();
    let first = staff(&world);
    let second = world.browser();
    world.sign_in(&second, "staff@iiif.example");
    let paths = [found(&first, "bodleian"), found(&first, "british+library")];
    let forms: Vec<Page> = paths.iter().map(|path| first.get(&format!("{path}/edit"))).collect();
    let other = second.get(&format!("{}/edit", paths[1]));
    let start = Barrier::new(2);
    let save = |browser: &Browser, form: &Page, path: &str| {
        start.wait();
        browser.submit(form, &format!("{path}/edit"), &[("ror", ROR)]).status
    };
    let statuses = std::thread::scope(|scope| {
        let one = scope.spawn(|| save(&first, &forms[0], &paths[0]));
        let two = scope.spawn(|| save(&second, &other, &paths[1]));
        let mut statuses = [one.join().unwrap(), two.join().unwrap()];
        statuses.sort_unstable();
        statuses
    });
    assert_eq!(statuses, [200, 422]);
    let list = world.browser().get("/members.csv").body;
    assert_eq!(list.matches(ROR).count(), 1);
}

#[test]
fn another_name_keeps_its_language_on_the_page_in_the_form_and_in_the_data() {
    let world = World::new();
    let staff = staff(&world);
    let path = found(&staff, "bodleian");
    let wrong = change(&staff, &path, &[("other_names", "Bodleiana @latin")]);
    assert!(wrong.status == 422 && wrong.has_link("#other_names") && wrong.text().contains("fr, pt-BR or zh-Hant"));
    let saved = change(&staff, &path, &[("other_names", "Bodley\nBibliotheca Bodleiana @LA\nボドリアン図書館 @ja")]);
    assert_eq!(saved.status, 200);
    let page = world.browser().get(&path);
    assert_eq!(
        (page.first("li[lang=la]").as_str(), page.first("li[lang=ja]").as_str()),
        ("Bibliotheca Bodleiana", "ボドリアン図書館")
    );
    let form = staff.get(&format!("{path}/edit")).first_raw("#other_names");
    assert!(form.contains("Bibliotheca Bodleiana @la") && form.contains("Bodley\n"), "{form}");
    let linked = world.browser().get("/members.jsonld").body;
    assert!(linked.contains(r#"{"@language":"la","@value":"Bibliotheca Bodleiana"}"#), "{linked}");
    assert_eq!(world.browser().get("/members?q=bibliotheca").count("tbody tr"), 1);
    // Saving the form as it is keeps the languages.
    change(&staff, &path, &[]);
    assert_eq!(world.browser().get(&path).count("li[lang=la]"), 1);
}

#[test]
fn the_list_of_an_earlier_day_says_the_names_of_that_day() {
    let world = World::new();
    let staff = staff(&world);
    let path = found(&staff, "bodleian");
    let (before, after) = ("University of Oxford (Bodleian Library)", "Bodleian Libraries, Oxford");
    change(&staff, &path, &[("name", after)]);
    let browser = world.browser();
    let text = browser.get(&path).text();
    assert!(text.contains(&format!("Listed before as {before}, until 1 March 2026")), "{text}");
    for (address, on_that_day, today) in [
        ("/members.json?on=2026-03-01", before, "/members.json"),
        ("/members.csv?on=2026-03-01", before, "/members.csv"),
    ] {
        assert!(browser.get(address).body.contains(on_that_day), "{address}");
        assert!(browser.get(today).body.contains(after), "{today}");
    }
    let yml = |query: &str| browser.get(&format!("/members/institutions.yml{query}")).body;
    assert!(yml("?on=2026-03-01").contains(before) && !yml("?on=2026-03-01").contains(after));
    assert!(yml("").contains(after) && !yml("").contains(before));
    let page = browser.get("/members?on=2026-03-01&q=bodleian+libraries");
    assert!(page.has_link(&path) && page.text().contains(before), "{}", page.text());

    // The website's file renames it once more, on the same day: the name between was nobody's for a whole day.
    let file = yml("").replace(after, "Bodleian Libraries");
    let look = staff.submit(&staff.get("/members/import"), "/members/import", &[("file", &file)]);
    staff.submit(&look, "/members/import", &[("file", &file), ("apply", "yes")]);
    assert!(yml("").contains("Bodleian Libraries\n") && yml("?on=2026-03-01").contains(before));
    let text = browser.get(&path).text();
    assert!(text.contains(&format!("Listed before as {before}, until 1 March 2026")), "{text}");
    assert!(!text.contains(&format!("{after}, until")), "{text}");
}
