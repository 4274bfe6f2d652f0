//! The website's `institutions.yml` given back: the text last imported, with nothing different but what has changed
//! since. Comments, order, spelling and unknown keys stay as they were. How the file is read is `yaml`.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::institution::{Institution, Membership};
use super::scalar::{pair, written};
use super::yaml::{self, Entry, Place, number, same_pairs};
use crate::ids::InstitutionId;

/// The file last imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastFile {
    /// Its text.
    pub text: String,
    /// For each entry as it stands in the file the institution it states; `None` for one that was not taken over.
    pub owners: Vec<Option<InstitutionId>>,
}

/// What the website's file states of an institution.
pub fn stated(institution: &Institution, membership: Membership) -> Entry {
    Entry {
        line: 0,
        name: institution.name.clone(),
        website: institution.website.clone(),
        membership,
        ror: institution.ror.clone(),
        other: institution.other.clone(),
    }
}

/// The file for the list as it stands on `day`. `all` is in the order people look for names. Whoever the last file does
/// not have is put in after the one they follow by name.
pub fn file(all: &[Institution], last: Option<&LastFile>, day: NaiveDate) -> String {
    let listed = all.iter().filter_map(|one| Some((one, stated(one, one.membership_on(day)?))));
    let listed: Vec<(&Institution, Entry)> = listed.collect();
    let updated = last.and_then(|last| updated(&listed, last));
    updated.unwrap_or_else(|| match listed.as_slice() {
        [] => "[]\n".to_owned(),
        some => some.iter().map(|(_, entry)| written(entry, "")).collect(),
    })
}

/// The last file's text brought up to date; `None` when its layout is not one this program can change line by line.
fn updated(listed: &[(&Institution, Entry)], last: &LastFile) -> Option<String> {
    let file = yaml::read(&last.text).ok()?;
    let pieces = pieces(&last.text, &file.places)?;
    if file.places.len() != last.owners.len() {
        return None;
    }
    let listed = &stated_as_before(listed, &file, last);
    let now: HashMap<InstitutionId, &Entry> = listed.iter().map(|(one, entry)| (one.id, entry)).collect();
    let (mut text, mut added) = (String::with_capacity(last.text.len()), added(listed, &pieces, last));
    let indent = pieces.iter().find(|piece| piece.place.is_some()).map_or("", |piece| indent_of(piece.text));
    for (at, piece) in pieces.iter().enumerate() {
        let Some(place) = piece.place else {
            push(&mut text, piece.text);
            continue;
        };
        for entry in added.remove(&None).unwrap_or_default() {
            push(&mut text, &written(entry, indent));
        }
        let owner = last.owners.get(place).copied().flatten();
        if let Some(entry) = owner.and_then(|id| now.get(&id)) {
            let was = file.entries.get(file.places.get(place)?.entry)?;
            push(&mut text, &changed(piece.text, was, entry).unwrap_or_else(|| written(entry, indent)));
        }
        for entry in added.remove(&Some(at)).unwrap_or_default() {
            push(&mut text, &written(entry, indent));
        }
    }
    for entry in added.into_values().flatten() {
        push(&mut text, &written(entry, indent));
    }
    reads_as(&text, listed).then_some(text)
}

/// What there is to state, without the ROR id of whoever the last file states without one: staff know it from elsewhere,
/// and a file that was taken over comes back as it was.
fn stated_as_before<'a>(
    listed: &[(&'a Institution, Entry)],
    file: &yaml::File,
    last: &LastFile,
) -> Vec<(&'a Institution, Entry)> {
    let owned = file.places.iter().zip(&last.owners);
    let without = owned.filter(|(place, _)| file.entries.get(place.entry).is_some_and(|entry| entry.ror.is_none()));
    let without: HashSet<InstitutionId> = without.filter_map(|(_, owner)| *owner).collect();
    let stated = |(one, entry): &(&'a Institution, Entry)| {
        let ror = entry.ror.clone().filter(|_| !without.contains(&one.id));
        (*one, Entry { ror, ..entry.clone() })
    };
    listed.iter().map(stated).collect()
}

fn push(text: &mut String, more: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(more);
}

/// Whether the text states exactly these entries.
fn reads_as(text: &str, listed: &[(&Institution, Entry)]) -> bool {
    let Ok(file) = yaml::read(text) else { return false };
    let entries: HashMap<&str, &Entry> = file.entries.iter().map(|entry| (entry.name.as_str(), entry)).collect();
    file.entries.len() == listed.len()
        && listed.iter().all(|(_, entry)| entries.get(entry.name.as_str()).is_some_and(|is| is.states_the_same(entry)))
}

/// A part of a file: an entry, or what stands between entries.
struct Piece<'t> {
    text: &'t str,
    /// Which entry it is.
    place: Option<usize>,
}

/// Cuts a text into its entries and what stands between them; `None` when entries do not begin on lines of their own.
fn pieces<'t>(text: &'t str, places: &[Place]) -> Option<Vec<Piece<'t>>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut starts = Vec::with_capacity(places.len());
    for place in places {
        let line = usize::try_from(place.line).ok()?.checked_sub(1)?;
        // The dash may stand alone on the line before.
        let from = starts.last().map_or(0, |last| last + 1);
        let start = (from..=line).rev().find(|at| lines.get(*at).is_some_and(|line| is_dash(line)))?;
        starts.push(start);
    }
    let mut offsets = vec![0];
    offsets.extend(lines.iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    }));
    let cut = |from: usize, to: usize| text.get(*offsets.get(from)?..*offsets.get(to)?);
    let first = starts.first().copied().unwrap_or(lines.len());
    let mut pieces = vec![Piece { text: cut(0, first)?, place: None }];
    for (place, start) in starts.iter().enumerate() {
        let next = starts.get(place + 1).copied().unwrap_or(lines.len());
        // Comments and empty lines at its end belong to nobody.
        let own = |at: &usize| lines.get(*at).is_some_and(|line| !is_remark(line));
        let end = (*start..next).rev().find(own).map_or(next, |last| last + 1);
        pieces.push(Piece { text: cut(*start, end)?, place: Some(place) });
        pieces.push(Piece { text: cut(end, next)?, place: None });
    }
    Some(pieces)
}

fn is_dash(line: &str) -> bool {
    line.trim_start_matches(' ')
        .strip_prefix('-')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\n', '\r']))
}

fn is_remark(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line == "..."
}

fn indent_of(text: &str) -> &str {
    text.get(..text.len() - text.trim_start_matches(' ').len()).unwrap_or_default()
}

/// Whom the last file does not have, by the piece they come after; `None`: before every entry.
fn added<'a>(
    listed: &'a [(&Institution, Entry)],
    pieces: &[Piece<'_>],
    last: &LastFile,
) -> BTreeMap<Option<usize>, Vec<&'a Entry>> {
    let keys: HashMap<InstitutionId, String> = listed.iter().map(|(one, _)| (one.id, one.sort_key())).collect();
    let owned = pieces.iter().enumerate().filter_map(|(at, piece)| {
        let key = keys.get(&last.owners.get(piece.place?).copied().flatten()?)?;
        Some((key.as_str(), at))
    });
    let mut owned: Vec<(&str, usize)> = owned.collect();
    owned.sort_unstable();
    let mut added: BTreeMap<Option<usize>, Vec<&Entry>> = BTreeMap::new();
    let present: HashSet<InstitutionId> = last.owners.iter().flatten().copied().collect();
    for (one, entry) in listed.iter().filter(|(one, _)| !present.contains(&one.id)) {
        let key = keys.get(&one.id).map_or("", String::as_str);
        let before = owned.partition_point(|(owned, _)| *owned <= key);
        let after = before.checked_sub(1).and_then(|at| owned.get(at)).map(|(_, at)| *at);
        added.entry(after).or_default().push(entry);
    }
    added
}

/// The entry's text with nothing changed but what `is` states otherwise than `was`; `None` when its layout is not one
/// key a line.
fn changed(text: &str, was: &Entry, is: &Entry) -> Option<String> {
    if was.states_the_same(is) {
        return Some(text.to_owned());
    }
    let mut block = Block::read(text)?;
    if was.name != is.name {
        block.set("name", Some(pair("name", &escaped(&is.name).into())), &[]);
    }
    if was.website != is.website {
        let key = if block.has("link") && !block.has("uri") { "link" } else { "uri" };
        let other = if key == "uri" { "link" } else { "uri" };
        block.set(other, None, &[]);
        block.set(key, is.website.as_deref().map(|website| pair(key, &website.into())), &["name"]);
    }
    if was.ror != is.ror {
        block.set("ror", is.ror.as_ref().map(|ror| pair("ror", &ror.as_str().into())), &["name", "uri", "link"]);
    }
    if was.membership != is.membership {
        let number = number(is.membership).map(|number| pair("iiifc", &number.into()));
        let empty = block.has("iiifc").then(|| "iiifc:".to_owned());
        block.set("iiifc", number.or(empty), &["name", "uri", "link"]);
        block.set("original", None, &[]);
    }
    if !same_pairs(&was.other, &is.other) {
        for (key, _) in was.other.iter().filter(|(key, _)| !is.other.iter().any(|(kept, _)| kept == key)) {
            block.set(key, None, &[]);
        }
        for (key, value) in is.other.iter().filter(|pair| !was.other.contains(pair)) {
            block.set(key, Some(pair(key, value)), &[]);
        }
    }
    Some(block.text())
}

/// The name as the website needs it: its pages take the file's text for HTML.
pub(super) fn escaped(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An entry as lines of keys.
struct Block<'t> {
    /// What stands before the first key: spaces, the dash, spaces.
    lead: &'t str,
    /// Each key with its lines, without the spaces before the first of them.
    keys: Vec<(String, String)>,
}

impl<'t> Block<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let after_dash = text.trim_start_matches(' ').strip_prefix('-')?;
        let body = after_dash.trim_start_matches(' ');
        let lead = text.get(..text.len() - body.len())?;
        let mut keys: Vec<(String, String)> = Vec::new();
        for (number, line) in body.split_inclusive('\n').enumerate() {
            let content = if number == 0 { line } else { line.trim_start_matches(' ') };
            let column = if number == 0 { lead.len() } else { line.len() - content.len() };
            match key_of(content) {
                Some(key) if column == lead.len() => keys.push((key.to_owned(), content.to_owned())),
                _ if column > lead.len() || is_remark(content) => keys.last_mut()?.1.push_str(line),
                _ => return None,
            }
        }
        Some(Self { lead, keys })
    }

    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|(known, _)| known == key)
    }

    /// Gives `key` the line `line`, or takes it out. A new one comes after the last of `after` that is there, else last.
    fn set(&mut self, key: &str, line: Option<String>, after: &[&str]) {
        let Some(line) = line else {
            self.keys.retain(|(known, _)| known != key);
            return;
        };
        let line = format!("{line}\n");
        match self.keys.iter_mut().find(|(known, _)| known == key) {
            Some((_, lines)) => *lines = line,
            None => {
                let last = self.keys.iter().rposition(|(known, _)| after.contains(&known.as_str()));
                let at = last.map_or(self.keys.len(), |last| last + 1);
                self.keys.insert(at, (key.to_owned(), line));
            }
        }
    }

    fn text(&self) -> String {
        let mut text = self.lead.to_owned();
        for (number, (_, lines)) in self.keys.iter().enumerate() {
            if number > 0 {
                if !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str(&" ".repeat(self.lead.len()));
            }
            text.push_str(lines);
        }
        text
    }
}

fn key_of(content: &str) -> Option<&str> {
    let (key, rest) = content.split_once(':')?;
    let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
    (is_key && (rest.is_empty() || rest.starts_with([' ', '\n', '\r', '\t']))).then_some(key)
}

#[cfg(test)]
#[path = "website_tests.rs"]
mod website_tests;
