//! Members, committee, policy and FAQ: what everybody reads, and what staff change.

use letters::audit::entry::Actor;
use letters::audit::store::{check_chain, history};
use letters::members::commands::JOURNAL;
use letters::members::commands::import::{Wish, import};
use letters::members::store as members;
use letters::people::access::Role;
use letters::people::commands::{grant, person_for};
use letters::refusal::Failure;

use crate::harness::{Browser, World};

const STAFF: &str = "staff@iiif.example";

/// A member of staff who is signed in.
pub fn staff(world: &World) -> Browser {
    let moment = world.app.service.moment();
    let made = world.store().write_now(move |tx| {
        let person = person_for(tx, &STAFF.parse().unwrap(), "Sam Staff", moment.now)?;
        grant(tx, &moment, &person, Role::Staff, Actor::Service)
    });
    made.unwrap();
    signed_in(world, STAFF)
}

fn signed_in(world: &World, address: &str) -> Browser {
    let browser = world.browser();
    world.sign_in(&browser, address);
    browser
}

fn import_now(world: &World, text: &str) -> Result<String, Failure> {
    let (text, now) = (text.to_owned(), world.now());
    world
        .store()
        .write_now(move |tx| import(tx, &text, &Wish::default(), None, now))
        .map(|difference| difference.to_string())
}

#[test]
fn the_members_are_counted_and_found_by_kind_letter_and_name() {
    let world = World::new();
    let browser = world.browser();
    let all = browser.get("/members");
    assert_eq!(all.status, 200);
    assert!(all.text().contains("The Consortium has 71 members."), "{}", all.text());
    assert_eq!(all.count("tbody tr"), 71);
    assert_eq!(browser.get("/members?kind=full").count("tbody tr"), 9);
    assert_eq!(browser.get("/members?kind=community").count("tbody tr"), 75);
    let b = browser.get("/members?kind=core_founding&letter=B");
    assert_eq!(b.count("tbody tr"), 3);
    assert!(b.text().contains("La Bibliothèque nationale de France") && b.has_link("/members?kind=core_founding"));
    let found = browser.get("/members?q=gottingen");
    assert!(found.text().contains("Göttingen State and University Library"), "{}", found.text());
    assert_eq!(found.count("tbody tr"), 1);
    let nobody = browser.get("/members?q=%3Cscript%3Ealert(1)");
    assert!(nobody.text().contains("No institution fits") && nobody.count("main script") == 0);
}

#[test]
fn an_earlier_day_shows_the_list_of_that_day() {
    let world = World::new();
    let founded = world.browser().get("/members?on=2015-06-15&kind=core_founding");
    assert!(founded.text().contains("On 15 June 2015") && founded.count("tbody tr") == 0);
    assert_eq!(world.browser().get("/members?on=yesterday").status, 404);
}

#[test]
fn other_programs_get_the_members_and_ask_again_for_nothing() {
    let world = World::new();
    let json = world.browser().get("/members.json");
    assert_eq!((json.status, json.header("access-control-allow-origin")), (200, "*"));
    let list: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(list["institutions"].as_array().unwrap().len(), 146);
    let csv = world.browser().get("/members.csv");
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.body.starts_with("name,membership,since,country,website,other_names,id,ror\n"), "{}", &csv.body[..200]);

    let ask = |tag: &str| {
        let address = format!("{}/members.json", world.address());
        ureq::get(address).header("if-none-match", tag).call().unwrap().status().as_u16()
    };
    assert_eq!(ask(json.header("etag")), 304);
    import_now(&world, "- name: Only Library\n  iiifc: 3\n").unwrap();
    assert_eq!(ask(json.header("etag")), 200);
}

#[test]
fn an_import_changes_what_everybody_sees_and_the_same_file_again_changes_nothing() {
    let world = World::new();
    let before = world.browser().get("/faq");
    assert!(before.text().contains("British Library") && before.text().contains("there are 71"), "{}", before.text());
    let file = "\
- name: The British Library
  uri: https://www.bl.uk/
  iiifc: 1
- name: Library & Friends <new>
  iiifc: 4
- name: Renamed Bodleian
  uri: http://www.bodleian.ox.ac.uk
  iiifc: 1
";
    let told = import_now(&world, file).unwrap();
    assert!(told.ends_with("1 added, 2 changed, 144 gone, 0 unchanged."), "{told}");
    let again = import_now(&world, file).unwrap();
    assert!(again.ends_with("0 added, 0 changed, 0 gone, 3 unchanged."), "{again}");

    let after = world.browser().get("/faq");
    let text = after.text();
    assert!(text.contains("there are 3") && text.contains("Library & Friends <new>"), "{text}");
    assert!(text.contains("Renamed Bodleian") && !text.contains("Yale University"));
    let ids = |name: &'static str| world.store().read_now(move |view| members::find_institution(view, name)).unwrap();
    assert_eq!(ids("University of Oxford (Bodleian Library)").exact(), ids("Renamed Bodleian").exact());
    assert!(ids("Yale University").exact().is_some(), "who has left is still known");
    let yesterday = world.browser().get("/members?on=2026-03-01");
    assert!(yesterday.text().contains("Yale University"));
    world.store().read_now(|view| check_chain(view, JOURNAL)).unwrap().unwrap();
}

#[test]
fn a_wrong_file_is_refused_with_its_place_and_changes_nothing() {
    let world = World::new();
    let failure = import_now(&world, "- name: Fine\n- name: Not fine\n  iiifc: 9\n").unwrap_err();
    let Failure::Fields(errors) = failure else { panic!("{failure:?}") };
    assert!(errors.of("file").unwrap().contains("read at line 3, column 10: "), "{errors:?}");
    assert_eq!(world.store().read_now(members::all).unwrap().len(), 146);
    assert_eq!(world.store().read_now(|view| history(view, JOURNAL)).unwrap().len(), 1);
}

#[test]
fn two_institutions_may_swap_their_names_in_one_file() {
    let world = World::new();
    import_now(&world, "- name: One\n  uri: https://one.example\n- name: Two\n  uri: https://two.example\n").unwrap();
    let swapped = "- name: One\n  uri: https://two.example\n- name: Two\n  uri: https://one.example\n";
    import_now(&world, swapped).unwrap();
    assert!(import_now(&world, swapped).unwrap().ends_with("0 gone, 2 unchanged."));
    let chain = "- name: Two\n  uri: https://two.example\n- name: Three\n  uri: https://one.example\n";
    import_now(&world, chain).unwrap();
    assert!(import_now(&world, chain).unwrap().ends_with("0 gone, 2 unchanged."));
}

#[test]
fn staff_change_an_institution_and_its_old_name_is_still_found() {
    let world = World::new();
    let staff = staff(&world);
    let list = staff.get("/members?q=bodleian");
    let editor =
        list.links().into_iter().find(|link| link.starts_with("/members/") && link.ends_with("/edit")).unwrap();
    let form = staff.get(&editor);
    let taken = staff.submit(&form, &editor, &[("name", "the BRITISH library")]);
    assert_eq!(taken.status, 422);
    assert!(taken.text().contains("is a name of British Library already"), "{}", taken.text());
    let saved = staff.submit(&form, &editor, &[("name", "Bodleian Libraries, Oxford"), ("membership", "full")]);
    assert_eq!((saved.status, saved.path.as_str()), (200, editor.trim_end_matches("/edit")));
    assert!(world.browser().get("/faq").text().contains("Bodleian Libraries, Oxford"));
    let found = world.browser().get("/members?q=university+of+oxford").text();
    assert!(found.contains("Bodleian Libraries, Oxford Full member"), "{found}");
    let before = world.browser().get("/members?q=oxford&on=2026-03-01").text();
    assert!(before.contains("Core founding member"), "{before}");
}

#[test]
fn staff_add_an_institution_once_and_nobody_else_may() {
    let world = World::new();
    let staff = staff(&world);
    let form = staff.get("/members/new");
    let (target, fields) = form.form("/members/new", &[("name", "Quixotic Library"), ("membership", "associate")]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        assert_eq!(staff.post_only(&target, &fields).status, 303);
    }
    assert_eq!(world.browser().get("/members?q=quixotic").count("tbody tr"), 1);
    assert!(world.browser().get("/members/new").path.starts_with("/sign-in"));
    assert_eq!(signed_in(&world, "marie@uni.example").get("/members/new").status, 403);
    assert!(!world.browser().get("/members").text().contains("Change"));
}

#[test]
fn everybody_sees_the_seats_and_only_committee_and_staff_see_who_acts() {
    let world = World::new();
    let page = world.browser().get("/committee");
    assert_eq!(page.count("tbody tr"), 13);
    assert!(page.text().contains("Cornell University") && page.text().contains("2024 to 2026"));
    assert!(!page.text().contains("Representative") || page.count("thead th") == 3, "{}", page.text());
    assert_eq!(world.browser().get("/committee?on=2028-06-01").count("tbody tr"), 5);

    let staff = staff(&world);
    let list = staff.get("/committee");
    let editor = list.links().into_iter().find(|link| link.starts_with("/committee/")).unwrap();
    let fields = [
        ("representative_name", "Rita Rep"),
        ("representative_address", "rita@bnf.example"),
        ("alternate_name", "Alan Alt"),
        ("alternate_address", "alan@bnf.example"),
    ];
    let saved = staff.submit(&staff.get(&editor), &editor, &fields);
    assert_eq!((saved.status, saved.path.as_str()), (200, "/committee"));
    assert!(saved.text().contains("Saved") && saved.text().contains("Rita Rep, rita@bnf.example"), "{}", saved.text());
    assert!(!world.browser().get("/committee").text().contains("Rita Rep"));

    let rita = signed_in(&world, "rita@bnf.example");
    let seen = rita.get("/committee").text();
    assert!(seen.contains("Alan Alt") && !seen.contains("alan@bnf.example"), "{seen}");

    // Replaced: the old representative is signed out and is nobody any more.
    let other = [("representative_name", "Rolf Next"), ("representative_address", "rolf@bnf.example")];
    staff.submit(&staff.get(&editor), &editor, &other);
    assert!(!rita.get("/committee").text().contains("Alan Alt"));
    assert!(!signed_in(&world, "rita@bnf.example").get("/committee").text().contains("Alan Alt"));
    let rolf = signed_in(&world, "rolf@bnf.example");
    assert!(rolf.get("/committee").text().contains("Alan Alt"));
    world.store().read_now(|view| check_chain(view, letters::committee::commands::JOURNAL)).unwrap().unwrap();
}

#[test]
fn an_alternate_may_become_the_representative_and_nothing_said_again_changes_nothing() {
    let world = World::new();
    let staff = staff(&world);
    let editor = staff.get("/committee").links().into_iter().find(|link| link.starts_with("/committee/")).unwrap();
    let save = |representative: &str, alternate: &str| {
        let fields = [
            ("representative_name", "First"),
            ("representative_address", representative),
            ("alternate_name", if alternate.is_empty() { "" } else { "Second" }),
            ("alternate_address", alternate),
        ];
        staff.submit(&staff.get(&editor), &editor, &fields)
    };
    save("one@lib.example", "two@lib.example");
    save("one@lib.example", "two@lib.example");
    let entries = || {
        let entries = world.store().read_now(|view| history(view, letters::committee::commands::JOURNAL));
        entries.unwrap().into_iter().map(|entry| entry.what).collect::<Vec<_>>()
    };
    assert_eq!(entries(), ["seats-loaded", "seat-taken", "seat-taken"]);
    save("two@lib.example", "");
    let row = staff.get("/committee").text();
    assert!(row.contains("two@lib.example") && !row.contains("one@lib.example"), "{row}");
    assert_eq!(entries()[3..], ["seat-taken", "seat-left"]);
}

#[test]
fn a_form_with_faults_comes_back_with_what_was_typed() {
    let world = World::new();
    let staff = staff(&world);
    let editor = staff.get("/committee").links().into_iter().find(|link| link.starts_with("/committee/")).unwrap();
    let fields = [("representative_name", "<b>Rita</b>"), ("representative_address", "not an address")];
    let back = staff.submit(&staff.get(&editor), &editor, &fields);
    assert_eq!(back.status, 422);
    assert!(back.has_link("#representative_address") && back.title().starts_with("Error: "), "{}", back.title());
    assert!(back.body.contains("value=\"&#60;b&#62;Rita&#60;/b&#62;\""), "{}", back.body);
}

#[test]
fn only_staff_may_say_who_acts_for_a_seat() {
    let world = World::new();
    let staff = staff(&world);
    let editor = staff.get("/committee").links().into_iter().find(|link| link.starts_with("/committee/")).unwrap();
    assert!(world.browser().get(&editor).path.starts_with("/sign-in"));
    assert_eq!(signed_in(&world, "marie@uni.example").get(&editor).status, 403);
    assert_eq!(staff.get("/committee/00000000-0000-7000-8000-000000000000").status, 404);
    assert_eq!(staff.get("/committee/nonsense").status, 404);
}

#[test]
fn the_faq_answers_with_an_anchor_for_every_question() {
    let world = World::new();
    let page = world.browser().get("/faq");
    assert_eq!(page.status, 200);
    let anchors: Vec<String> = page.links().into_iter().filter(|link| link.starts_with('#')).collect();
    assert!(anchors.len() > 30, "a list above and a link at each answer");
    for anchor in &anchors {
        assert_eq!(page.count(anchor), 1, "{anchor}");
    }
    for left_over in ["{%", "{{", "%}", "]("] {
        assert!(!page.text().contains(left_over), "{left_over}");
    }
    assert!(page.has_link("/policy") && page.has_link("/verify") && page.has_link("https://www.bl.uk/"));
}

#[test]
fn the_policy_in_force_is_told_with_its_expectations() {
    let world = World::new();
    let page = world.browser().get("/policy");
    assert_eq!(page.status, 200);
    let text = page.text();
    for said in ["no later than 2 weeks before", "14 to 27 days", "28 days or more", "Relevance to IIIF", "Extensions"]
    {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert_eq!(page.count("#expectations ol > li"), 6);
}
