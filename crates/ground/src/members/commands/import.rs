//! The import of the website's file: what it would change, and the change.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde_json::json;

use super::{no_such, note};
use crate::clock::Instant;
use crate::ids::InstitutionId;
use crate::members::difference::{Added, Changed, Difference, Field, FieldChange, Row, Said, compare};
use crate::members::institution::{Institution, Period};
use crate::members::ror::Ror;
use crate::members::store;
use crate::members::website::LastFile;
use crate::members::yaml::{self, File};
use crate::people::access::Staff;
use crate::plain;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View};

/// How a file is to be imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whose the names are that are new.
    pub said: Said,
    /// Rows of the difference that are not to be applied.
    pub left_out: HashSet<Row>,
    /// From which day on the file holds; today without one. Never a day to come.
    pub from: Option<NaiveDate>,
    /// The version of the list that the person looked at, if they did.
    pub seen: Option<i64>,
}

/// The text with the line ends and without the byte order mark that browsers and editors put in.
fn tidied(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// What the text of an `institutions.yml` would change, all rows of it.
///
/// # Errors
/// A field error for `file` when there is none, or with line and column when it cannot be read, for `on` when the day is to come; a fault
/// of the database.
pub fn difference(view: &mut View<'_>, text: &str, wish: &Wish, now: Instant) -> Outcome<Difference> {
    judged(&store::all(view)?, &tidied(text), wish, now).map(|(_, difference, _)| difference)
}

fn judged(ours: &[Institution], text: &str, wish: &Wish, now: Instant) -> Outcome<(File, Difference, NaiveDate)> {
    let today = now.date_naive();
    let day = wish.from.unwrap_or(today);
    let mut errors = FieldErrors::default();
    if day > today {
        errors.add("on", format!("{day} is a day to come. A file holds from today or from an earlier day on."));
    }
    if plain::is_blank(text) {
        // An empty file is a list of nobody: everybody would have left.
        errors.add("file", "This is empty. It needs the whole text of the file.");
        return Err(errors.into());
    }
    let file = match yaml::read(text) {
        Ok(file) => file,
        Err(unreadable) => {
            errors.add("file", unreadable.sentence());
            return Err(errors.into());
        }
    };
    errors.unless_any(())?;
    let mut difference = compare(ours, &file.entries, &wish.said, day);
    difference.remarks.clone_from(&file.remarks);
    Ok((file, difference, day))
}

/// Applies what the text of an `institutions.yml` would change but for the rows left out, keeps the text for the export,
/// and tells what was applied. The same text again changes nothing. `by` nobody: the command line.
///
/// # Errors
/// As for `difference`; refused when the list is another than the one the person looked at; a field error for `changed` when
/// a name would be two institutions'. Then nothing is changed.
pub fn import(tx: &mut Tx<'_>, text: &str, wish: &Wish, by: Option<Staff>, now: Instant) -> Outcome<Difference> {
    store::touch(tx)?;
    let version = store::version(tx)?;
    if wish.seen.is_some_and(|seen| seen + 1 != version) {
        let sentence = "Somebody changed the list while you were looking. Nothing was imported; look at what is different \
                        now, and apply it again.";
        return Err(Refusal::conflict("list-changed", sentence).onward("Import", "/members/import").into());
    }
    let (text, ours) = (tidied(text), store::all(tx)?);
    let (file, difference, day) = judged(&ours, &text, wish, now)?;
    let difference = difference.without(&wish.left_out);
    nothing_twice(&ours, &difference)?;
    // Two institutions may swap names or ROR ids in one file.
    let takes_over = |one: &FieldChange| matches!(one.field, Field::Name | Field::Ror);
    for changed in difference.changed.iter().filter(|changed| changed.fields.iter().any(takes_over)) {
        store::free_name(tx, changed.id)?;
    }
    for gone in &difference.gone {
        store::set_membership(tx, gone.id, None, day)?;
    }
    let by_id: HashMap<InstitutionId, &Institution> = ours.iter().map(|one| (one.id, one)).collect();
    for changed in &difference.changed {
        apply(tx, &by_id, changed, day)?;
    }
    let mut owners = difference.owners.clone();
    for added in &difference.added {
        let institution = new(added, day);
        store::add(tx, &institution, now)?;
        if let (Row::Entry(place), id) = (added.row, institution.id)
            && let Some(owner) = owners.get_mut(place)
        {
            *owner = Some(id);
        }
    }
    let owners = file.places.iter().map(|place| owners.get(place.entry).copied().flatten()).collect();
    let file = LastFile { text, owners };
    let is_kept = store::file::last(tx)?.as_ref() == Some(&file);
    if is_kept && difference.is_empty() {
        store::untouch(tx)?;
        return Ok(difference);
    }
    store::file::keep(tx, &file, now)?;
    let Difference { added, changed, gone, .. } = &difference;
    let counts = json!({ "added": added.len(), "changed": changed.len(), "gone": gone.len(), "from": day });
    note(tx, by, now, "members-imported", counts)?;
    Ok(difference)
}

/// Refuses a choice of rows after which two institutions would be listed under one name or have one ROR id.
fn nothing_twice(ours: &[Institution], difference: &Difference) -> Outcome<()> {
    let mut names: HashMap<InstitutionId, &str> = ours.iter().map(|one| (one.id, one.name.as_str())).collect();
    names.extend(difference.changed.iter().map(|changed| (changed.id, changed.entry.name.as_str())));
    let mut seen = HashSet::new();
    let mut errors = FieldErrors::default();
    for name in names.into_values().chain(difference.added.iter().map(|added| added.entry.name.as_str())) {
        if !seen.insert(name) {
            errors.add(
                "changed",
                format!("“{name}” would be the name of two institutions. Tick the other one’s row too."),
            );
        }
    }
    let mut rors: HashMap<InstitutionId, &Ror> =
        ours.iter().filter_map(|one| Some((one.id, one.ror.as_ref()?))).collect();
    let changed = difference.changed.iter().filter_map(|changed| Some((changed.id, changed.entry.ror.as_ref()?)));
    rors.extend(changed);
    let mut seen = HashSet::new();
    for ror in rors.into_values().chain(difference.added.iter().filter_map(|added| added.entry.ror.as_ref())) {
        if !seen.insert(ror) {
            let has = ours.iter().find(|one| one.ror.as_ref() == Some(ror)).map(|one| format!(" {} has it.", one.name));
            let has = has.unwrap_or_default();
            errors.add("changed", format!("{ror} would be the ROR id of two institutions.{has}"));
        }
    }
    Ok(errors.unless_any(())?)
}

fn new(added: &Added, day: NaiveDate) -> Institution {
    let entry = &added.entry;
    Institution {
        website: entry.website.clone(),
        ror: entry.ror.clone(),
        other: entry.other.clone(),
        periods: vec![Period { kind: entry.membership, since: Some(day), until: None }],
        ..Institution::named(InstitutionId::fresh(), entry.name.clone())
    }
}

fn apply(
    tx: &mut Tx<'_>,
    ours: &HashMap<InstitutionId, &Institution>,
    changed: &Changed,
    day: NaiveDate,
) -> Outcome<()> {
    let Some(mut institution) = ours.get(&changed.id).map(|one| (*one).clone()) else { return Err(no_such().into()) };
    if changed.name != changed.entry.name {
        institution.rename(&changed.entry.name, day);
        store::set_former_names(tx, &institution)?;
    }
    institution.website.clone_from(&changed.entry.website);
    institution.other.clone_from(&changed.entry.other);
    if changed.entry.ror.is_some() {
        institution.ror.clone_from(&changed.entry.ror);
    }
    if changed.name != institution.name {
        store::remove_alias(tx, institution.id, &institution.name)?;
        store::add_alias(tx, institution.id, &changed.name.clone().into())?;
        institution.aliases.retain(|alias| alias.name != institution.name);
        institution.aliases.push(changed.name.clone().into());
    }
    store::change(tx, &institution)?;
    if changed.was != Some(changed.entry.membership) {
        store::set_membership(tx, institution.id, Some(changed.entry.membership), day)?;
    }
    Ok(())
}
