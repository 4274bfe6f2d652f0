//! What a file of members would change: added, changed field by field, renamed, gone. Nothing is changed here.
//! The same file again gives an empty difference.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::Value;

use super::institution::{Institution, Membership, name_key, site};
use super::matching::{Found, Matcher};
use super::ror::Ror;
use super::yaml::{Entry, same_pairs};
use crate::ids::InstitutionId;
use crate::worded;

worded! {
    /// A field that a file can change.
    pub enum Field {
        /// The listed name. The old one stays as another name.
        Name = "name",
        /// The website.
        Website = "website",
        /// The id in the Research Organization Registry. A file that states none changes nothing about it.
        Ror = "ROR id",
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

/// What a person said of names in a file: which of them are new names of whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// A name in the file and the institution whose new name it is.
    pub same: Vec<(String, InstitutionId)>,
    /// Names in the file that are nobody's new name.
    pub new: Vec<String>,
}

impl Said {
    fn same(&self, name: &str) -> Option<InstitutionId> {
        self.same.iter().find(|(said, _)| name_key(said) == name_key(name)).map(|(_, id)| *id)
    }

    fn is_new(&self, name: &str) -> bool {
        self.new.iter().any(|said| name_key(said) == name_key(name))
    }
}

/// One row of a difference, which a person can leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Row {
    /// What an entry of the file changes or adds, by its place in `File::entries`.
    Entry(usize),
    /// That an institution has left.
    Gone(InstitutionId),
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(place) => write!(f, "entry-{place}"),
            Self::Gone(id) => write!(f, "gone-{id}"),
        }
    }
}

/// No row is called so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRow;

impl FromStr for Row {
    type Err = NoRow;

    fn from_str(text: &str) -> Result<Self, NoRow> {
        match text.split_once('-') {
            Some(("entry", place)) => place.parse().map(Self::Entry).map_err(|_| NoRow),
            Some(("gone", id)) => id.parse().map(Self::Gone).map_err(|_| NoRow),
            _ => Err(NoRow),
        }
    }
}

/// How an entry of the file found its institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By its name or another name.
    Name,
    /// By its ROR id, because its name is new.
    Ror,
    /// By its website alone, because its name is new. A person should look.
    Website,
    /// Because a person said so.
    Said,
}

/// An institution that an entry with a new name may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The institution.
    pub id: InstitutionId,
    /// Its listed name.
    pub name: String,
    /// Whether it has the entry's website; else the names resemble each other.
    pub same_website: bool,
}

/// An institution that the file states differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The row.
    pub row: Row,
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
    /// How it was recognised.
    pub how: How,
}

/// An entry of the file that is no institution of ours yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// The row.
    pub row: Row,
    /// What the file says.
    pub entry: Entry,
    /// Institutions missing from the file that resemble it: perhaps one of them was renamed, which a person can say.
    pub perhaps: Vec<Offer>,
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
    /// For each entry of the file its institution; `None` for one that is added.
    pub owners: Vec<Option<InstitutionId>>,
    /// What a person should look at in the file, though it hinders nothing.
    pub remarks: Vec<String>,
}

impl Difference {
    /// Whether the file changes nothing.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }

    /// The difference without these rows.
    #[must_use]
    pub fn without(mut self, rows: &HashSet<Row>) -> Self {
        self.added.retain(|added| !rows.contains(&added.row));
        self.changed.retain(|changed| !rows.contains(&changed.row));
        self.gone.retain(|gone| !rows.contains(&Row::Gone(gone.id)));
        self
    }
}

/// Compares our institutions as they stand on `day` with a file's entries.
///
/// An entry belongs to the institution that a person said; else to the one that has its name or other name; else to the
/// one with its ROR id or the only one at its website that the file does not name otherwise, unless a person said that it
/// is new; else it is new.
pub fn compare(ours: &[Institution], entries: &[Entry], said: &Said, day: NaiveDate) -> Difference {
    let by_id: HashMap<InstitutionId, &Institution> = ours.iter().map(|one| (one.id, one)).collect();
    let matched = matched(ours, entries, said);
    let mut difference = Difference::default();
    for (place, (entry, found)) in entries.iter().zip(&matched).enumerate() {
        let row = Row::Entry(place);
        match found.and_then(|found| by_id.get(&found.id).map(|institution| (*institution, found.how))) {
            None => difference.added.push(Added { row, entry: entry.clone(), perhaps: Vec::new() }),
            Some((institution, how)) => match changed(institution, entry, day) {
                fields if fields.is_empty() => difference.unchanged += 1,
                fields => difference.changed.push(Changed {
                    row,
                    id: institution.id,
                    name: institution.name.clone(),
                    entry: entry.clone(),
                    was: institution.membership_on(day),
                    fields,
                    how,
                }),
            },
        }
    }
    difference.owners = matched.iter().map(|found| found.map(|found| found.id)).collect();
    let present: HashSet<InstitutionId> = difference.owners.iter().flatten().copied().collect();
    let missing = ours.iter().filter(|one| !present.contains(&one.id));
    let missing: Vec<(&Institution, Membership)> =
        missing.filter_map(|one| one.membership_on(day).map(|was| (one, was))).collect();
    offer(&mut difference.added, &missing);
    difference.gone = missing.into_iter().map(|(one, was)| Gone { id: one.id, name: one.name.clone(), was }).collect();
    difference
}

/// From this many pairs of new and missing names on nothing is offered: no person would read it.
const MOST_PAIRS: usize = 100_000;

/// Says for each new entry whose new name it may be.
fn offer(added: &mut [Added], missing: &[(&Institution, Membership)]) {
    if missing.is_empty() || added.len() * missing.len() > MOST_PAIRS {
        return;
    }
    let matcher = Matcher::new(missing.iter().map(|(one, _)| *one));
    let sites = only_ones(missing.iter().filter_map(|(one, _)| Some((site(one.website.as_deref()?), *one))));
    for added in added {
        let neighbour = added.entry.website.as_deref().and_then(|address| sites.get(&site(address)));
        let neighbour = neighbour.map(|one| Offer { id: one.id, name: one.name.clone(), same_website: true });
        let similar = match matcher.find(&added.entry.name) {
            Found::Nearest(candidates) => candidates,
            Found::Exact(_) => Vec::new(),
        };
        let similar = similar.into_iter().filter(|one| neighbour.as_ref().is_none_or(|other| other.id != one.id));
        let similar = similar.map(|one| Offer { id: one.id, name: one.name, same_website: false });
        added.perhaps = neighbour.iter().cloned().chain(similar).collect();
    }
}

#[derive(Clone, Copy)]
struct Matched {
    id: InstitutionId,
    how: How,
}

/// A way from an entry to its institution.
type Find<'f> = &'f dyn Fn(&Entry) -> Option<InstitutionId>;

/// For each entry its institution. Two entries never share one: what a person said goes first, then the one with its
/// listed name.
fn matched(ours: &[Institution], entries: &[Entry], said: &Said) -> Vec<Option<Matched>> {
    let matcher = Matcher::new(ours);
    let known: HashSet<InstitutionId> = ours.iter().map(|one| one.id).collect();
    let mut taken = HashSet::new();
    let mut matched: Vec<Option<Matched>> = vec![None; entries.len()];
    let as_said = |entry: &Entry| said.same(&entry.name).filter(|id| known.contains(id));
    let listed = |entry: &Entry| matcher.find_listed(&entry.name);
    let exact = |entry: &Entry| matcher.find_exact(&entry.name);
    let rors: HashMap<&Ror, InstitutionId> = ours.iter().filter_map(|one| Some((one.ror.as_ref()?, one.id))).collect();
    let registered = |entry: &Entry| {
        let ror = entry.ror.as_ref().filter(|_| !said.is_new(&entry.name));
        ror.and_then(|ror| rors.get(ror)).copied()
    };
    let ways: [(Find<'_>, How); 4] =
        [(&as_said, How::Said), (&listed, How::Name), (&exact, How::Name), (&registered, How::Ror)];
    for (find, how) in ways {
        for (entry, found) in entries.iter().zip(&mut matched).filter(|(_, found)| found.is_none()) {
            *found = find(entry).filter(|id| taken.insert(*id)).map(|id| Matched { id, how });
        }
    }
    let free = ours.iter().filter(|one| !taken.contains(&one.id));
    let sites = only_ones(free.filter_map(|one| Some((site(one.website.as_deref()?), one.id))));
    let new = entries.iter().enumerate().zip(&matched).filter(|(_, found)| found.is_none());
    let new = only_ones(new.filter_map(|((at, entry), _)| Some((site(entry.website.as_deref()?), at))));
    for (site, at) in new {
        let is_new = entries.get(at).is_none_or(|entry| said.is_new(&entry.name));
        if let (false, Some(id), Some(found)) = (is_new, sites.get(&site), matched.get_mut(at)) {
            *found = Some(Matched { id: *id, how: How::Website });
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

fn changed(institution: &Institution, entry: &Entry, day: NaiveDate) -> Vec<FieldChange> {
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
    if let Some(ror) = &entry.ror {
        compare(Field::Ror, institution.ror.as_ref().map_or("", Ror::as_str), ror.as_str());
    }
    compare(Field::Membership, was.map_or("", |kind| kind.label()), entry.membership.label());
    if !same_pairs(&institution.other, &entry.other) {
        compare(Field::Other, &in_words(&institution.other), &in_words(&entry.other));
    }
    fields
}

/// The difference as lines for a terminal.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for added in &self.added {
            writeln!(f, "+ {} ({})", added.entry.name, added.entry.membership.label())?;
            for offer in &added.perhaps {
                let why = if offer.same_website { " (same website)" } else { "" };
                writeln!(f, "    perhaps the new name of {}{why}", offer.name)?;
            }
        }
        for changed in &self.changed {
            let how = match changed.how {
                How::Website => " (recognised by its website)",
                How::Ror => " (recognised by its ROR id)",
                How::Name | How::Said => "",
            };
            writeln!(f, "~ {}{how}", changed.name)?;
            for FieldChange { field, before, after } in &changed.fields {
                writeln!(f, "    {field}: {} -> {}", or_none(before), or_none(after))?;
            }
        }
        for gone in &self.gone {
            writeln!(f, "- {} ({}) has left", gone.name, gone.was.label())?;
        }
        for remark in &self.remarks {
            writeln!(f, "! {remark}")?;
        }
        let Self { added, changed, gone, unchanged, .. } = self;
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
#[path = "difference_tests.rs"]
mod tests;
