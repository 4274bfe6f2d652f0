//! What a file of members would change: added, changed field by field, gone. Nothing is changed here.
//! The same file again gives an empty difference.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::NaiveDate;
use serde_json::Value;

use super::institution::{Institution, Membership, site};
use super::matching::{Candidate, Found, Matcher};
use super::yaml::Entry;
use crate::ids::InstitutionId;
use crate::worded;

worded! {
    /// A field that a file can change.
    pub enum Field {
        /// The listed name. The old one stays as another name.
        Name = "name",
        /// The website.
        Website = "website",
        /// The kind of membership, from the day of the import on.
        Membership = "membership",
        /// Whatever else the file says: logo, new, and keys this program knows nothing of.
        Other = "other",
    }
}

/// One field's old and new value; an empty text stands for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// Its value until now.
    pub before: String,
    /// Its value in the file.
    pub after: String,
}

/// An institution that the file states differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The institution.
    pub id: InstitutionId,
    /// Its listed name until now.
    pub name: String,
    /// What the file says.
    pub entry: Entry,
    /// Its kind of membership until now; `None` when it was listed as having left.
    pub was: Option<Membership>,
    /// What is different.
    pub fields: Vec<FieldChange>,
    /// Whether it was recognised by its website alone, because its name is new. A person should look.
    pub by_website: bool,
}

/// An entry of the file that is no institution of ours yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// What the file says.
    pub entry: Entry,
    /// Institutions missing from the file that resemble it: perhaps one of them was renamed. Before applying, a
    /// person can remember the file's name as another name of that institution; then it is changed, not added.
    pub perhaps: Vec<Candidate>,
}

/// An institution that the file no longer has. It counts as having left; it is never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The institution.
    pub id: InstitutionId,
    /// Its listed name.
    pub name: String,
    /// Its kind of membership until now.
    pub was: Membership,
}

/// Everything a file would change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// Entries that are new, in the file's order.
    pub added: Vec<Added>,
    /// Institutions that differ, in the file's order.
    pub changed: Vec<Changed>,
    /// Institutions that are missing, in our order.
    pub gone: Vec<Gone>,
    /// How many stay as they are.
    pub unchanged: usize,
}

impl Difference {
    /// Whether the file changes nothing.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

/// Compares our institutions as they stand on `day` with a file's entries.
///
/// An entry belongs to the institution that has its name or other name; else to the only one at its website that the
/// file does not name otherwise; else it is new.
pub fn compare(ours: &[Institution], entries: &[Entry], day: NaiveDate) -> Difference {
    let by_id: HashMap<InstitutionId, &Institution> = ours.iter().map(|one| (one.id, one)).collect();
    let matched = matched(ours, entries);
    let mut difference = Difference::default();
    for (entry, found) in entries.iter().zip(&matched) {
        match found.and_then(|found| by_id.get(&found.id).map(|institution| (*institution, found.by_website))) {
            None => difference.added.push(Added { entry: entry.clone(), perhaps: Vec::new() }),
            Some((institution, by_website)) => match changed(institution, entry, day, by_website) {
                Some(changed) => difference.changed.push(changed),
                None => difference.unchanged += 1,
            },
        }
    }
    let present: HashSet<InstitutionId> = matched.iter().flatten().map(|found| found.id).collect();
    let missing = ours.iter().filter(|one| !present.contains(&one.id));
    let missing: Vec<(&Institution, Membership)> =
        missing.filter_map(|one| one.membership_on(day).map(|was| (one, was))).collect();
    if !difference.added.is_empty() {
        let missing = Matcher::new(missing.iter().map(|(one, _)| *one));
        for added in &mut difference.added {
            if let Found::Nearest(candidates) = missing.find(&added.entry.name) {
                added.perhaps = candidates;
            }
        }
    }
    difference.gone = missing.into_iter().map(|(one, was)| Gone { id: one.id, name: one.name.clone(), was }).collect();
    difference
}

#[derive(Clone, Copy)]
struct Matched {
    id: InstitutionId,
    by_website: bool,
}

/// For each entry its institution. Two entries never share one: the one with its listed name goes first.
fn matched(ours: &[Institution], entries: &[Entry]) -> Vec<Option<Matched>> {
    let matcher = Matcher::new(ours);
    let mut taken = HashSet::new();
    let mut matched: Vec<Option<Matched>> = vec![None; entries.len()];
    for find in [Matcher::find_listed, Matcher::find_exact] {
        for (entry, found) in entries.iter().zip(&mut matched).filter(|(_, found)| found.is_none()) {
            let id = find(&matcher, &entry.name).filter(|id| taken.insert(*id));
            *found = id.map(|id| Matched { id, by_website: false });
        }
    }
    let free = ours.iter().filter(|one| !taken.contains(&one.id));
    let sites = only_ones(free.filter_map(|one| Some((site(one.website.as_deref()?), one.id))));
    let new = entries.iter().enumerate().zip(&matched).filter(|(_, found)| found.is_none());
    let new = only_ones(new.filter_map(|((at, entry), _)| Some((site(entry.website.as_deref()?), at))));
    for (site, at) in new {
        if let (Some(id), Some(found)) = (sites.get(&site), matched.get_mut(at)) {
            *found = Some(Matched { id: *id, by_website: true });
        }
    }
    matched
}

/// Keeps what stands alone under its site: two institutions on one site are told apart by a person only.
fn only_ones<T: Copy>(pairs: impl Iterator<Item = (String, T)>) -> HashMap<String, T> {
    let mut all: HashMap<String, Vec<T>> = HashMap::new();
    for (site, one) in pairs {
        all.entry(site).or_default().push(one);
    }
    all.into_iter()
        .filter_map(|(site, ones)| if let [only] = ones.as_slice() { Some((site, *only)) } else { None })
        .collect()
}

fn changed(institution: &Institution, entry: &Entry, day: NaiveDate, by_website: bool) -> Option<Changed> {
    let was = institution.membership_on(day);
    let mut fields = Vec::new();
    let mut compare = |field, before: &str, after: &str| {
        if before != after {
            fields.push(FieldChange { field, before: before.to_owned(), after: after.to_owned() });
        }
    };
    compare(Field::Name, &institution.name, &entry.name);
    let website = |address: &Option<String>| address.clone().unwrap_or_default();
    compare(Field::Website, &website(&institution.website), &website(&entry.website));
    compare(Field::Membership, was.map_or("", |kind| kind.label()), entry.membership.label());
    compare(Field::Other, &in_words(&institution.other), &in_words(&entry.other));
    (!fields.is_empty()).then(|| Changed {
        id: institution.id,
        name: institution.name.clone(),
        entry: entry.clone(),
        was,
        fields,
        by_website,
    })
}

/// The difference as lines for a terminal.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for added in &self.added {
            writeln!(f, "+ {} ({})", added.entry.name, added.entry.membership.label())?;
            for candidate in &added.perhaps {
                writeln!(f, "    perhaps the new name of {}", candidate.name)?;
            }
        }
        for changed in &self.changed {
            let how = if changed.by_website { " (recognised by its website)" } else { "" };
            writeln!(f, "~ {}{how}", changed.name)?;
            for FieldChange { field, before, after } in &changed.fields {
                writeln!(f, "    {field}: {} -> {}", or_none(before), or_none(after))?;
            }
        }
        for gone in &self.gone {
            writeln!(f, "- {} ({}) has left", gone.name, gone.was.label())?;
        }
        let Self { added, changed, gone, unchanged } = self;
        let (added, changed, gone) = (added.len(), changed.len(), gone.len());
        write!(f, "{added} added, {changed} changed, {gone} gone, {unchanged} unchanged.")
    }
}

fn in_words(other: &[(String, Value)]) -> String {
    other.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "(none)" } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::institution::Period;
    use super::super::yaml;
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-22".parse().unwrap()
    }

    fn ours(number: u8, name: &str, website: &str, kind: Membership) -> Institution {
        Institution {
            id: format!("00000000-0000-7000-8000-0000000000{number:02}").parse().unwrap(),
            name: name.to_owned(),
            aliases: vec![],
            website: Some(website.to_owned()).filter(|text| !text.is_empty()),
            country: None,
            commercial: false,
            other: vec![],
            periods: vec![Period { kind, since: None, until: None }],
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
        compare(ours, &yaml::read(text).unwrap().entries, today())
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
        assert!(changed.by_website);
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
        ours[2].aliases.push("Third Museum of Arts".to_owned());
        let settled = difference(&ours, &text);
        assert_eq!((settled.added.len(), settled.gone.len()), (0, 0));
        assert_eq!(settled.changed[0].fields[0].field, Field::Name);
    }

    #[test]
    fn an_entry_with_the_other_name_of_a_listed_one_is_added_once() {
        let mut ours = three();
        ours[0].aliases.push("Old Library".to_owned());
        let text = format!("- name: Old Library\n{SAME}");
        let first = difference(&ours, &text);
        assert_eq!((first.added.len(), first.changed.len()), (1, 0), "{first}");
        ours.push(super::tests::ours(4, "Old Library", "", Membership::Community));
        assert!(difference(&ours, &text).is_empty());
    }

    #[test]
    fn one_that_had_left_and_is_back_is_changed_and_one_that_stays_away_is_not_gone_again() {
        let mut ours = three();
        ours[1].periods[0].until = Some("2019-12-31".parse().unwrap());
        let back = difference(&ours, SAME);
        assert_eq!(back.changed[0].was, None);
        let away = difference(
            &ours,
            "- name: First Library\n  uri: https://first.example/\n  iiifc: 1\n- name: Third Museum\n",
        );
        assert!(away.is_empty(), "{away}");
    }
}
