//! What a file would change, told field by field and row by row.

use super::super::institution::Period;
use super::super::yaml;
use super::*;

fn today() -> NaiveDate {
    "2026-11-22".parse().unwrap()
}

fn ours(number: u8, name: &str, website: &str, kind: Membership) -> Institution {
    Institution {
        website: Some(website.to_owned()).filter(|text| !text.is_empty()),
        periods: vec![Period { kind, since: None, until: None }],
        ..Institution::named(format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap(), name)
    }
}

fn three() -> Vec<Institution> {
    vec![
        ours(1, "First Library", "https://first.example/", Membership::CoreFounding),
        ours(2, "Second Archive", "https://second.example", Membership::Associate),
        ours(3, "Third Museum", "", Membership::Community),
    ]
}

fn difference(ours: &[Institution], text: &str) -> Difference {
    compare(ours, &yaml::read(text).unwrap().entries, &Said::default(), today())
}

const SAME: &str = "\
- name: First Library
  uri: https://first.example/
  iiifc: 1
- name: Second Archive
  uri: https://second.example
  iiifc: 4
- name: Third Museum
";

#[test]
fn the_same_file_again_changes_nothing() {
    let difference = difference(&three(), SAME);
    assert!(difference.is_empty(), "{difference}");
    assert_eq!(difference.unchanged, 3);
}

#[test]
fn changes_are_told_field_by_field() {
    let text = SAME.replace("https://second.example\n  iiifc: 4", "https://second.example/en\n  iiifc: 3");
    let difference = difference(&three(), &text);
    let [changed] = difference.changed.as_slice() else { panic!("{difference}") };
    assert_eq!(changed.was, Some(Membership::Associate));
    let fields: Vec<_> = changed.fields.iter().map(|change| (change.field, change.after.as_str())).collect();
    assert_eq!(fields, [(Field::Website, "https://second.example/en"), (Field::Membership, "Full member")]);
}

#[test]
fn what_is_missing_has_left_and_what_is_new_is_added() {
    let text = SAME.replace("- name: Third Museum\n", "- name: Fourth Gallery\n  iiifc: 3\n");
    let difference = difference(&three(), &text);
    assert_eq!(difference.added[0].entry.name, "Fourth Gallery");
    assert_eq!((difference.gone[0].name.as_str(), difference.gone[0].was), ("Third Museum", Membership::Community));
    assert!(difference.to_string().ends_with("1 added, 0 changed, 1 gone, 2 unchanged."), "{difference}");
}

#[test]
fn a_new_name_at_the_same_website_is_the_same_institution() {
    let difference = difference(&three(), &SAME.replace("Second Archive", "Royal Archive"));
    let [changed] = difference.changed.as_slice() else { panic!("{difference}") };
    assert_eq!(changed.how, How::Website);
    assert_eq!((changed.name.as_str(), changed.fields[0].after.as_str()), ("Second Archive", "Royal Archive"));
    assert!(difference.gone.is_empty() && difference.added.is_empty());
}

#[test]
fn a_website_that_two_share_recognises_nobody() {
    let mut ours = three();
    ours[0].website = Some("https://shared.example".to_owned());
    ours[1].website = Some("http://shared.example/".to_owned());
    let difference = difference(&ours, "- name: Quite Different\n  uri: https://shared.example\n");
    assert_eq!((difference.added.len(), difference.gone.len()), (1, 3));
}

#[test]
fn a_similar_name_is_only_suggested_and_an_alias_settles_it() {
    let mut ours = three();
    let text = SAME.replace("Third Museum", "Third Museum of Arts");
    let suggested = difference(&ours, &text);
    assert_eq!(suggested.added[0].perhaps[0].name, "Third Museum");
    ours[2].aliases.push("Third Museum of Arts".into());
    let settled = difference(&ours, &text);
    assert_eq!((settled.added.len(), settled.gone.len()), (0, 0));
    assert_eq!(settled.changed[0].fields[0].field, Field::Name);
}

#[test]
fn what_a_person_said_goes_before_name_and_website() {
    let renamed = SAME.replace("Second Archive", "Royal Archive");
    let entries = yaml::read(&renamed).unwrap().entries;
    let new = Said { new: vec!["royal archive".to_owned()], ..Said::default() };
    let declined = compare(&three(), &entries, &new, today());
    let offered: Vec<_> = declined.added[0].perhaps.iter().map(|one| (one.name.as_str(), one.same_website)).collect();
    assert_eq!((offered, declined.gone.len()), (vec![("Second Archive", true)], 1), "{declined}");
    let other = Said { same: vec![("Royal Archive".to_owned(), three()[2].id)], ..Said::default() };
    let said = compare(&three(), &entries, &other, today());
    let ours = said.changed.iter().find(|one| one.how == How::Said).unwrap();
    assert_eq!((ours.name.as_str(), said.owners[1]), ("Third Museum", Some(three()[2].id)));
}

#[test]
fn a_ror_id_recognises_who_has_it_and_a_file_without_one_takes_none_away() {
    let mut ours = three();
    ours[1].ror = Some("02mhbdp94".parse().unwrap());
    assert!(difference(&ours, SAME).is_empty());
    let text = "- name: Quite Different\n  ror: 02mhbdp94\n  iiifc: 4\n- name: Third Museum\n  ror: 05bnh6r87\n";
    let moved = difference(&ours, text);
    let [renamed, registered] = moved.changed.as_slice() else { panic!("{moved}") };
    assert_eq!((renamed.how, renamed.name.as_str()), (How::Ror, "Second Archive"));
    let of_third: Vec<_> = registered.fields.iter().map(|one| (one.field, one.after.as_str())).collect();
    assert_eq!(of_third, [(Field::Ror, "https://ror.org/05bnh6r87")]);
    let said = Said { new: vec!["Quite Different".to_owned()], ..Said::default() };
    assert_eq!(compare(&ours, &yaml::read(text).unwrap().entries, &said, today()).added.len(), 1);
}

#[test]
fn rows_are_left_out_by_their_name() {
    let text = SAME.replace("- name: Third Museum\n", "- name: Fourth Gallery\n  iiifc: 3\n");
    let whole = difference(&three(), &text);
    let rows = [whole.added[0].row, Row::Gone(whole.gone[0].id)];
    let read: HashSet<Row> = rows.iter().map(|row| row.to_string().parse().unwrap()).collect();
    assert!(whole.clone().without(&read).is_empty());
    assert_eq!(whole.without(&HashSet::from([rows[1]])).added.len(), 1);
    assert_eq!("entry-x".parse::<Row>(), Err(NoRow));
}

#[test]
fn an_entry_with_the_other_name_of_a_listed_one_is_added_once() {
    let mut ours = three();
    ours[0].aliases.push("Old Library".into());
    let text = format!("- name: Old Library\n{SAME}");
    let first = difference(&ours, &text);
    assert_eq!((first.added.len(), first.changed.len()), (1, 0), "{first}");
    ours.push(self::ours(4, "Old Library", "", Membership::Community));
    assert!(difference(&ours, &text).is_empty());
}

#[test]
fn one_that_had_left_and_is_back_is_changed_and_one_that_stays_away_is_not_gone_again() {
    let mut ours = three();
    ours[1].periods[0].until = Some("2019-12-31".parse().unwrap());
    let back = difference(&ours, SAME);
    assert_eq!(back.changed[0].was, None);
    let away =
        difference(&ours, "- name: First Library\n  uri: https://first.example/\n  iiifc: 1\n- name: Third Museum\n");
    assert!(away.is_empty(), "{away}");
}
