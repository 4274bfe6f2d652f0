//! The website's file given back, against every shape it has had and against files that chance makes up.

use proptest::prelude::*;
use serde_json::Value;

use super::super::difference::{Said, compare};
use super::super::institution::Period;
use super::*;

const SHAPES: &str = include_str!("../../../../tests/members/shapes.yml");

fn day() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn id(number: usize) -> InstitutionId {
    format!("00000000-0000-7000-8000-{number:012}").parse().unwrap()
}

fn institution(number: usize, entry: &Entry) -> Institution {
    Institution {
        website: entry.website.clone(),
        ror: entry.ror.clone(),
        other: entry.other.clone(),
        periods: vec![Period { kind: entry.membership, since: None, until: None }],
        ..Institution::named(id(number), entry.name.clone())
    }
}

/// The list after a file was imported into an empty one, in order, and the file as it is kept.
fn imported(text: &str) -> (Vec<Institution>, LastFile) {
    let file = yaml::read(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    let mut all: Vec<Institution> =
        file.entries.iter().enumerate().map(|(number, entry)| institution(number, entry)).collect();
    all.sort_by_key(Institution::sort_key);
    let owners = file.places.iter().map(|place| Some(id(place.entry))).collect();
    (all, LastFile { text: text.to_owned(), owners })
}

/// A file as data, read by nobody but YAML itself.
fn data(text: &str) -> Vec<serde_json::Map<String, Value>> {
    let read: Option<Vec<serde_json::Map<String, Value>>> =
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    read.unwrap_or_default()
}

/// What another import of the text would still change.
fn rest(all: &[Institution], text: &str) -> String {
    let file = yaml::read(text).unwrap_or_else(|error| panic!("{error} in:\n{text}"));
    let difference = compare(all, &file.entries, &Said::default(), day());
    if difference.is_empty() { String::new() } else { format!("{difference}\nof\n{text}") }
}

#[test]
fn an_untouched_file_comes_back_to_the_letter() {
    let (all, last) = imported(SHAPES);
    assert_eq!(file(&all, Some(&last), day()), SHAPES);
}

#[test]
fn only_what_has_changed_is_different() {
    let (mut all, last) = imported(SHAPES);
    let at = |all: &[Institution], name: &str| all.iter().position(|one| one.name == name).unwrap();
    let museum = at(&all, "Museum of Shapes");
    all[museum].periods[0].kind = Membership::Full;
    let tools = at(&all, "Tools & Makers");
    all[tools].website = Some("https://makers.example/".to_owned());
    let archive = at(&all, "Archive “Ö”, no site");
    all[archive].website = Some("https://archive.example".to_owned());
    let core = at(&all, "First Library");
    all[core].periods[0].kind = Membership::Associate;
    let gone = at(&all, "Gone Gallery");
    all[gone].periods.clear();
    let joined = Entry {
        line: 0,
        name: "Barn & Books: a Library".to_owned(),
        website: None,
        membership: Membership::CoreFounding,
        ror: None,
        other: vec![("logo".to_owned(), "a.svg".into())],
    };
    all.insert(2, institution(99, &joined));
    all.sort_by_key(Institution::sort_key);
    let text = file(&all, Some(&last), day());
    let (before, after): (Vec<&str>, Vec<&str>) = (SHAPES.lines().collect(), text.lines().collect());
    let gone: Vec<&str> = before.iter().filter(|line| !after.contains(line)).copied().collect();
    let new: Vec<&str> = after.iter().filter(|line| !before.contains(line)).copied().collect();
    assert_eq!(
        new,
        [
            "  uri: https://archive.example",
            "- name: \"Barn &amp; Books: a Library\"",
            "  logo: a.svg",
            "  original: true",
            "  link: https://makers.example/",
        ],
        "{text}"
    );
    assert_eq!(
        gone,
        [
            "  original: true ",
            "  uri: ",
            "- name: Gone Gallery",
            "  uri: https://gone.example",
            "  iiifc:",
            "  link: https://tools.example",
        ],
        "{text}"
    );
    assert_eq!(rest(&all, &text), "");
}

#[test]
fn a_ror_id_comes_back_as_it_was_spelled_and_is_not_put_into_an_entry_that_states_none() {
    let text = "- name: One\n  ror: 02MHBDP94 \n- name: Two\n  ror:\n- name: Three\n";
    let (mut all, last) = imported(text);
    assert_eq!(file(&all, Some(&last), day()), text);
    for one in &mut all {
        one.ror = Some("05bnh6r87".parse().unwrap());
    }
    let after = text.replace("02MHBDP94 ", "https://ror.org/05bnh6r87");
    assert_eq!(file(&all, Some(&last), day()), after, "whoever keeps the file says where the ids stand");
    let entry = Entry {
        line: 0,
        name: "Four".into(),
        website: None,
        membership: Membership::Full,
        ror: all[0].ror.clone(),
        other: vec![],
    };
    all.push(institution(9, &entry));
    let joined = file(&all, Some(&last), day());
    assert!(joined.contains("- name: Four\n  ror: https://ror.org/05bnh6r87\n  iiifc: 3\n"), "{joined}");
    for one in &mut all {
        one.ror = None;
    }
    assert_eq!(file(&all[..3], Some(&last), day()), text.replace("  ror: 02MHBDP94 \n", ""));
}

#[test]
fn without_a_file_or_with_one_of_another_layout_all_is_written_anew() {
    let (all, last) = imported("[{name: One, iiifc: 1}, {name: Two, colour: [red, 'a: b']}]\n");
    assert_eq!(
        file(&all, Some(&last), day()),
        "- name: One\n  iiifc: 1\n  original: true\n- name: Two\n  iiifc:\n  colour: [\"red\",\"a: b\"]\n"
    );
    assert_eq!(rest(&all, &file(&all, None, day())), "");
    assert_eq!(file(&[], None, day()), "[]\n");
    assert_eq!(data("[]\n"), []);
}

#[test]
fn who_comes_first_by_name_is_put_before_all_others_and_after_the_comments() {
    let (mut all, last) = imported("# all of them\n\n- name: Middle\n# the end");
    let entry = |name: &str| Entry {
        line: 0,
        name: name.to_owned(),
        website: None,
        membership: Membership::Full,
        ror: None,
        other: vec![],
    };
    all.insert(0, institution(7, &entry("A")));
    all.push(institution(8, &entry("Z")));
    let text = file(&all, Some(&last), day());
    assert_eq!(text, "# all of them\n\n- name: A\n  iiifc: 3\n- name: Middle\n- name: Z\n  iiifc: 3\n# the end");
}

/// A line `key: value` of some shape a person has typed.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-ZäöüßéØŁ漢字Ж][a-zA-Zäöé漢Ж ,.()&/–-]{0,20}[a-zA-Zö字]",
        "\"[a-z: #&']{0,12}\"",
        "'[a-z: #&\"]{0,12}'",
        Just("Texas A&amp;M &#8211; Library".to_owned()),
        Just("> \n    folded\n    text".to_owned()),
        "[1-9][0-9]{0,3}",
    ]
}

/// A ROR id in some spelling.
fn ror() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "https://ror.org/02mhbdp94",
        "05bnh6r87",
        "ror.org/052gg0110 ",
        "''",
        "\"03VEK6S52\"",
    ])
}

prop_compose! {
    fn entry()(
        name in value(),
        website in proptest::option::of("https?://[a-z]{1,8}\\.example(/[a-z?=&#~]{0,8})?"),
        key in prop_oneof![Just("uri"), Just("link")],
        ror in proptest::option::of(ror()),
        number in proptest::option::of(prop_oneof![Just(""), Just(" "), Just("1"), Just("2"), Just("'3'"), Just("4")]),
        original in proptest::option::of(prop_oneof![Just("true"), Just("false "), Just("")]),
        other in proptest::collection::vec(("[a-z_]{3,8}", value()), 0..3),
        remark in proptest::option::of(prop_oneof![Just("# a remark\n"), Just("\n"), Just("#- name: Taken Out\n#  iiifc: 1\n")]),
        spaces in 0..3_usize,
    ) -> (String, String) {
        let end = " ".repeat(spaces);
        let mut lines = format!("name: {name}{end}\n");
        if let Some(website) = website { lines.push_str(&format!("  {key}: {website}{end}\n")); }
        if let Some(ror) = ror { lines.push_str(&format!("  ror: {ror}\n")); }
        if let Some(number) = number { lines.push_str(&format!("  iiifc: {number}\n")); }
        if let Some(original) = original { lines.push_str(&format!("  original: {original}\n")); }
        let mut seen = vec!["name", "uri", "link", "ror", "iiifc", "original"];
        for (key, value) in &other {
            if !seen.contains(&key.as_str()) {
                seen.push(key);
                lines.push_str(&format!("  {key}: {value}\n"));
            }
        }
        (lines, remark.unwrap_or_default().to_owned())
    }
}

fn file_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(entry(), 0..8)
        .prop_map(|entries| entries.into_iter().map(|(lines, remark)| format!("- {lines}{remark}")).collect())
}

#[derive(Debug, Clone)]
enum Edit {
    Rename(String),
    Move(Option<String>),
    Become(Membership),
    Leave,
    Note(String, String),
    Register(Option<&'static str>),
}

fn edit() -> impl Strategy<Value = (usize, Edit)> {
    let kinds = proptest::sample::select(Membership::ALL.to_vec());
    let text = "[a-zA-Zäö漢\"'&<:#*.-][a-zA-Z 漢\"'&<>:#;-]{0,10}[a-z\"']";
    let edit = prop_oneof![
        text.prop_map(Edit::Rename),
        proptest::option::of("https://[a-z]{1,5}\\.example/[a-z#?&]{0,5}").prop_map(Edit::Move),
        kinds.prop_map(Edit::Become),
        Just(Edit::Leave),
        ("[a-z]{3,6}", text).prop_map(|(key, text)| Edit::Note(key, text)),
        proptest::option::of(proptest::sample::select(vec!["04rq5mt64", "05dxps055"])).prop_map(Edit::Register),
    ];
    (0..8_usize, edit)
}

proptest! {
    #[test]
    fn any_file_comes_back_as_the_same_data(text in file_text()) {
        prop_assume!(yaml::read(&text).is_ok());
        let (all, last) = imported(&text);
        let back = file(&all, Some(&last), day());
        prop_assert_eq!(data(&back), data(&text), "\n{}\nbecame\n{}", text, back);
    }

    #[test]
    fn after_any_edits_the_file_states_the_list_and_nothing_else(
        text in file_text(),
        edits in proptest::collection::vec(edit(), 0..6),
    ) {
        prop_assume!(yaml::read(&text).is_ok());
        let (mut all, last) = imported(&text);
        let count = all.len().max(1);
        for (at, edit) in edits {
            let names: Vec<String> = all.iter().map(|one| super::super::institution::name_key(&one.name)).collect();
            let Some(one) = all.get_mut(at % count) else { continue };
            match edit {
                Edit::Rename(name) if names.contains(&super::super::institution::name_key(&name)) => {}
                Edit::Rename(name) => one.name = name,
                Edit::Move(website) => one.website = website,
                Edit::Become(kind) => one.periods = vec![Period { kind, since: None, until: None }],
                Edit::Leave => one.periods.clear(),
                Edit::Register(ror) if one.ror.is_some() => one.ror = ror.map(|ror| ror.parse().unwrap()),
                Edit::Register(_) => {}
                Edit::Note(key, _) if ["uri", "link", "name", "ror", "iiifc", "original"].contains(&key.as_str()) => {}
                Edit::Note(key, text) => {
                    one.other.retain(|(known, _)| *known != key);
                    one.other.push((key, text.into()));
                }
            }
        }
        all.sort_by_key(Institution::sort_key);
        let back = file(&all, Some(&last), day());
        prop_assert_eq!(rest(&all, &back), "");
    }
}
