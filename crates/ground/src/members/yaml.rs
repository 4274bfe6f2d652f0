//! The website's `institutions.yml`, in every shape it has had, as it is read (governance.md, "Members").
//! What a file would change is `difference`; how it is given back is `website`.

use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_saphyr::Spanned;

use super::institution::{Membership, name_key};
use super::ror::{NoRor, Ror};

/// Why a file cannot be read. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct Unreadable {
    /// The line of the fault.
    pub line: u64,
    /// The column of the fault.
    pub column: u64,
    /// What is wrong, in plain words.
    pub what: String,
}

impl Unreadable {
    /// What whoever pasted the file is told: where it stops making sense, and why.
    pub fn sentence(&self) -> String {
        format!("The file cannot be read at {self}")
    }

    /// A fault at the place of `node`.
    pub fn at(node: &Spanned<impl Sized>, what: impl Into<String>) -> Self {
        Self { line: node.referenced.line(), column: node.referenced.column(), what: what.into() }
    }
}

impl From<&serde_saphyr::Error> for Unreadable {
    fn from(error: &serde_saphyr::Error) -> Self {
        let (line, column) = error.location().map_or((0, 0), |at| (at.line(), at.column()));
        let text = error.without_snippet().render_with_formatter(&serde_saphyr::UserMessageFormatter);
        // The place is told once, by whoever prints this.
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        let what = match what {
            "expected sequence start" => "this is no list. Every entry begins with “- name:”.".to_owned(),
            other => format!("{other}."),
        };
        Self { line, column, what }
    }
}

/// One institution as the website's file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The line its entry begins on; 0 for one that comes from no file.
    pub line: u64,
    /// Its name, with HTML entities resolved.
    pub name: String,
    /// Its website.
    pub website: Option<String>,
    /// Its kind of membership.
    pub membership: Membership,
    /// Its id in the Research Organization Registry. A file that states none says nothing about it.
    pub ror: Option<Ror>,
    /// All else the entry says (logo, new, and keys this program knows nothing of), in the file's order.
    pub other: Vec<(String, Value)>,
}

impl Entry {
    /// Whether both state the same, wherever in a file they stand and in whatever order.
    pub fn states_the_same(&self, other: &Self) -> bool {
        (&self.name, &self.website, self.membership, &self.ror)
            == (&other.name, &other.website, other.membership, &other.ror)
            && same_pairs(&self.other, &other.other)
    }
}

/// Whether both lists hold the same keys with the same values, in whatever order.
pub fn same_pairs(one: &[(String, Value)], other: &[(String, Value)]) -> bool {
    one.len() == other.len() && one.iter().all(|pair| other.contains(pair))
}

/// Where an entry stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line it begins on.
    pub line: u64,
    /// Which of [`File::entries`] it became or was joined with.
    pub entry: usize,
}

/// A file as read.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its institutions in the file's order, each name once.
    pub entries: Vec<Entry>,
    /// Every entry as it stands in the file, a name that is there twice too.
    pub places: Vec<Place>,
    /// What a person should look at, though it hinders nothing.
    pub remarks: Vec<String>,
}

/// Reads the text of an `institutions.yml`.
///
/// # Errors
/// The first fault with its line and column: what is no YAML, an entry without a name, an unknown `iiifc`.
pub fn read(text: &str) -> Result<File, Unreadable> {
    // The byte order mark that some editors leave is no part of the first name.
    let text = text.trim_start_matches('\u{feff}');
    let raw: Option<Vec<Spanned<RawEntry>>> = serde_saphyr::from_str(text).map_err(|error| Unreadable::from(&error))?;
    let mut file = File { entries: Vec::new(), places: Vec::new(), remarks: Vec::new() };
    let mut places = HashMap::new();
    for raw in raw.unwrap_or_default() {
        add(&mut file, &mut places, entry(raw)?);
    }
    Ok(file)
}

/// A name may stand in a file twice. The stronger membership counts, and a person is told.
fn add(file: &mut File, places: &mut HashMap<String, usize>, entry: Entry) {
    let place = *places.entry(name_key(&entry.name)).or_insert(file.entries.len());
    file.places.push(Place { line: entry.line, entry: place });
    let Some(first) = file.entries.get_mut(place) else {
        file.entries.push(entry);
        return;
    };
    file.remarks.push(format!(
        "{} is on line {} and again on line {}; the stronger membership counts.",
        first.name, first.line, entry.line
    ));
    let ror = first.ror.take().or_else(|| entry.ror.clone());
    if entry.membership < first.membership {
        *first = entry;
    }
    first.ror = ror;
}

fn entry(raw: Spanned<RawEntry>) -> Result<Entry, Unreadable> {
    let line = raw.referenced.line();
    let nameless = Unreadable::at(&raw, "this entry has no name. Every entry needs a line `name:`.");
    let roster = Unreadable::at(&raw, "this is the committee’s roster. It is imported on the committee’s page.");
    let (mut name, mut website, mut ror, mut membership, mut core) = (None, None, None, Membership::Community, false);
    let mut other = Vec::new();
    for (key, value) in raw.value.0 {
        match key.as_str() {
            "name" => name = text(&value)?,
            "uri" | "link" => website = text(&value)?.or(website),
            "ror" => ror = registered(&value)?,
            "iiifc" => membership = kind(&value)?,
            "original" => core = flag(&value)?,
            _ => other.push((key, value.value)),
        }
    }
    if core {
        membership = Membership::CoreFounding;
    }
    if ["start", "term", "members"].iter().all(|key| other.iter().any(|(known, _)| known == key)) {
        return Err(roster);
    }
    let name = name.map(|name| resolved(&name)).ok_or(nameless)?;
    Ok(Entry { line, name, website, membership, ror, other })
}

/// A text without the spaces around it; `None` when nothing is left. A name may look like a number.
fn text(value: &Spanned<Value>) -> Result<Option<String>, Unreadable> {
    let text = match &value.value {
        Value::Null => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(Unreadable::at(value, "a text is expected here.")),
    };
    Ok(Some(text).filter(|text| !text.is_empty()))
}

fn registered(value: &Spanned<Value>) -> Result<Option<Ror>, Unreadable> {
    let read = text(value)?.map(|typed| typed.parse()).transpose();
    read.map_err(|flaw: NoRor| Unreadable::at(value, flaw.to_string()))
}

fn kind(value: &Spanned<Value>) -> Result<Membership, Unreadable> {
    match text(value)?.as_deref() {
        None => Ok(Membership::Community),
        Some("1") => Ok(Membership::CoreFounding),
        Some("2") => Ok(Membership::Founding),
        Some("3") => Ok(Membership::Full),
        Some("4") => Ok(Membership::Associate),
        Some(other) => Err(Unreadable::at(
            value,
            format!(
                "iiifc is {other:?}. It is 1 (core founding), 2 (founding), 3 (full), 4 (associate) or empty (community)."
            ),
        )),
    }
}

fn flag(value: &Spanned<Value>) -> Result<bool, Unreadable> {
    match &value.value {
        Value::Null => Ok(false),
        Value::Bool(flag) => Ok(*flag),
        _ => Err(Unreadable::at(value, "original is true or false.")),
    }
}

/// The name with its HTML entities resolved. The website writes the file's text into its pages as it is.
fn resolved(name: &str) -> String {
    let mut rest = name;
    let mut text = String::with_capacity(name.len());
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        match after.split_once(';').and_then(|(entity, tail)| letter(entity).map(|letter| (letter, tail))) {
            Some((letter, tail)) => {
                text.push(letter);
                rest = tail;
            }
            None => {
                text.push('&');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

fn letter(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| !letter.is_control())
        }
    }
}

/// The website's number for a kind of membership; none for the community.
pub const fn number(kind: Membership) -> Option<u8> {
    match kind {
        Membership::CoreFounding => Some(1),
        Membership::Founding => Some(2),
        Membership::Full => Some(3),
        Membership::Associate => Some(4),
        Membership::Community => None,
    }
}

/// An entry's keys and values in the file's order, each value with its place.
struct RawEntry(Vec<(String, Spanned<Value>)>);

impl<'de> Deserialize<'de> for RawEntry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(RawEntryVisitor)
    }
}

struct RawEntryVisitor;

impl<'de> Visitor<'de> for RawEntryVisitor {
    type Value = RawEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an institution with its name, uri and iiifc")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawEntry, A::Error> {
        let mut pairs = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if pairs.iter().any(|(earlier, _)| *earlier == key) {
                return Err(de::Error::custom(format!("{key} is given twice in one entry")));
            }
            pairs.push((key, map.next_value()?));
        }
        Ok(RawEntry(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every shape the website's file has had, in one: comments, trailing spaces, empty and missing keys, entities.
    const SHAPES: &str = "\
# - name: Full Name
#   uri: URL
- name: First Library \n  uri:  https://first.example/
  iiifc: 1
  logo: assets/first.svg
  original: true \n- name: Tools &amp; Makers
  link: https://tools.example
  iiifc: 4
  new: true
#- name: Taken Out
# uri: http://out.example
#  iiifc:
- name: Archive &#8220;Ö&#x22;, no site
  uri: \n  iiifc: \n- name: \"Quoted: University\"
  uri: https://quoted.example/a?b=c&d=e
- name: Museum – 博物館
  iiifc: 2
  colour: green
- name: 1914
  iiifc: '3'
";

    fn facts(file: &File) -> Vec<(&str, Option<&str>, Membership)> {
        file.entries.iter().map(|entry| (entry.name.as_str(), entry.website.as_deref(), entry.membership)).collect()
    }

    #[test]
    fn every_shape_the_file_has_had_is_read() {
        let file = read(SHAPES).unwrap();
        assert_eq!(
            facts(&file),
            [
                ("First Library", Some("https://first.example/"), Membership::CoreFounding),
                ("Tools & Makers", Some("https://tools.example"), Membership::Associate),
                ("Archive “Ö\", no site", None, Membership::Community),
                ("Quoted: University", Some("https://quoted.example/a?b=c&d=e"), Membership::Community),
                ("Museum – 博物館", None, Membership::Founding),
                ("1914", None, Membership::Full),
            ]
        );
        assert!(file.remarks.is_empty());
        assert_eq!(file.entries[0].line, 3);
        assert_eq!(file.entries[4].other, [("colour".to_owned(), Value::from("green"))]);
    }

    #[test]
    fn a_name_given_twice_keeps_the_stronger_membership_and_is_remarked() {
        let file = read("- name: Twice\n- name: The TWICE\n  iiifc: 2\n- name: Twice\n  iiifc: 4\n").unwrap();
        assert_eq!(facts(&file), [("The TWICE", None, Membership::Founding)]);
        assert_eq!(file.remarks.len(), 2);
        assert_eq!(
            file.places.iter().map(|place| (place.line, place.entry)).collect::<Vec<_>>(),
            [(1, 0), (2, 0), (4, 0)]
        );
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_place() {
        for (text, line, column, says) in [
            ("- name: A\n  iiifc: 7\n", 2, 10, "iiifc is \"7\""),
            ("- name: A\n- uri: https://b.example\n", 2, 3, "no name"),
            ("- name: A\n- name:\n    - B\n", 3, 5, "a text is expected"),
            ("- name: A\n- just words\n", 2, 3, "expected mapping"),
            ("- name: A\n  ror: 02mhbdp95\n", 2, 8, "its last two digits do not fit"),
            ("- name: A\n  ror: 12345\n", 2, 8, "as https://ror.org/"),
            ("name: A\n", 1, 1, "no list"),
            ("- name: Batch A\n  start: 2021\n  term: 3\n  members: [A]\n", 1, 3, "the committee’s roster"),
            ("- name: [A\n", 1, 9, "unclosed bracket"),
            ("- name: A\n  name: B\n", 2, 3, "duplicate mapping key"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.what.contains(says), "{text:?}: {error}");
            assert_eq!((error.line, error.column), (line, column), "{text:?}: {error}");
            assert!(!error.what.contains(" at line "), "{error}");
        }
    }

    #[test]
    fn an_empty_file_has_no_institutions() {
        assert_eq!(read("# nothing yet\n").unwrap().entries, []);
    }
}
