//! The website's file as it was last imported, as a row.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::InstitutionId;
use crate::members::website::LastFile;
use crate::refusal::Outcome;
use crate::store::schema::member_files;
use crate::store::{Tx, View, impossible};

/// The one file there is.
const NAME: &str = "institutions.yml";

/// The file last imported; `None` before the first import.
///
/// # Errors
/// A fault of the database.
pub fn last(view: &mut View<'_>) -> Outcome<Option<LastFile>> {
    let columns = (member_files::text, member_files::owners);
    let row: Option<(String, String)> =
        member_files::table.find(NAME).select(columns).first(view.connection()).optional()?;
    let Some((text, owners)) = row else { return Ok(None) };
    let owners = serde_json::from_str(&owners).map_err(|error| impossible("member_files", NAME, error))?;
    Ok(Some(LastFile { text, owners }))
}

fn json_of(owners: &[Option<InstitutionId>]) -> String {
    serde_json::Value::from_iter(owners.iter().map(|id| id.map(|id| id.to_string()))).to_string()
}

/// Says anew whose the entries of the file are; it is the same file.
pub(in crate::members) fn set_owners(tx: &mut Tx<'_>, owners: &[Option<InstitutionId>]) -> Outcome<()> {
    diesel::update(member_files::table.find(NAME))
        .set(member_files::owners.eq(json_of(owners)))
        .execute(tx.connection())?;
    Ok(())
}

/// Keeps a file in the place of the one before.
pub(in crate::members) fn keep(tx: &mut Tx<'_>, file: &LastFile, now: Instant) -> Outcome<()> {
    let owners = json_of(&file.owners);
    let row = (
        member_files::name.eq(NAME),
        member_files::text.eq(&file.text),
        member_files::owners.eq(owners),
        member_files::taken_at.eq(now.naive_utc()),
    );
    diesel::delete(member_files::table.find(NAME)).execute(tx.connection())?;
    diesel::insert_into(member_files::table).values(row).execute(tx.connection())?;
    Ok(())
}
