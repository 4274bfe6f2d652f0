//! Every version of the house of the letter there ever was, and what staff are changing of it. No version is ever
//! changed or deleted.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::{LetterId, PersonId};
use crate::refusal::Outcome;
use crate::store::schema::{house_drafts, houses, letters, persons, proofs};
use crate::store::{Tx, View, impossible, next_number};
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::house::{House, Pictures};
use crate::written::Version;

/// The counter that numbers the versions.
pub(in super::super) const NUMBER: &str = "house";

/// What somebody is changing of the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The house as it would be; its number is that of the version that was in force when they began.
    pub house: House,
    /// When they last saved it.
    pub at: Instant,
}

type Row = (i64, String, Option<Vec<u8>>, Option<Vec<u8>>);

fn read((number, settings, logo, signature): Row) -> Outcome<House> {
    let broken = |why: String| impossible("houses", number, why);
    let picture = |bytes: Option<Vec<u8>>| bytes.map(|bytes| Picture::read(&bytes, bytes.len())).transpose();
    Ok(House {
        number,
        settings: serde_json::from_str(&settings).map_err(|error| broken(error.to_string()))?,
        pictures: Pictures { logo: picture(logo).map_err(broken)?, signature: picture(signature).map_err(broken)? },
    })
}

/// The number of the version in force; 0 while it is what the program brings along.
///
/// # Errors
/// A fault of the database.
pub fn number(view: &mut View<'_>) -> Outcome<i64> {
    let last: Option<i64> = houses::table.select(diesel::dsl::max(houses::number)).first(view.connection())?;
    Ok(last.unwrap_or(0))
}

/// One version, or `bundled` where it is the one that the program brings along; `None` when there is none such.
///
/// # Errors
/// A fault of the database.
pub fn version(view: &mut View<'_>, number: i64, bundled: &House) -> Outcome<Option<House>> {
    if number == bundled.number {
        return Ok(Some(bundled.clone()));
    }
    let columns = (houses::number, houses::settings, houses::logo, houses::signature);
    let row: Option<Row> = houses::table.find(number).select(columns).first(view.connection()).optional()?;
    row.map(read).transpose()
}

/// The version in force.
///
/// # Errors
/// A fault of the database.
pub fn in_force(view: &mut View<'_>, bundled: &House) -> Outcome<House> {
    let columns = (houses::number, houses::settings, houses::logo, houses::signature);
    let row: Option<Row> =
        houses::table.order(houses::number.desc()).select(columns).first(view.connection()).optional()?;
    row.map_or_else(|| Ok(bundled.clone()), read)
}

/// The last hundred versions, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn versions(view: &mut View<'_>) -> Outcome<Vec<Version>> {
    let rows: Vec<(i64, NaiveDateTime, Option<String>)> = houses::table
        .inner_join(persons::table.on(persons::id.eq(houses::written_by)))
        .order(houses::number.desc())
        .limit(100)
        .select((houses::number, houses::written_at, persons::name.nullable()))
        .load(view.connection())?;
    Ok(rows.into_iter().map(Version::from).collect())
}

/// What `person` is changing, if they are.
///
/// # Errors
/// A fault of the database.
pub fn change_of(view: &mut View<'_>, person: PersonId) -> Outcome<Option<Change>> {
    let columns = (
        (house_drafts::began_with, house_drafts::settings, house_drafts::logo, house_drafts::signature),
        house_drafts::saved_at,
    );
    let row: Option<(Row, NaiveDateTime)> =
        house_drafts::table.find(person).select(columns).first(view.connection()).optional()?;
    row.map(|(row, at)| Ok(Change { house: read(row)?, at: at.and_utc() })).transpose()
}

/// Letters, issued or waiting to be, that show a version which never was; how many there are that show one which was.
///
/// # Errors
/// A fault that names the first such letter; a fault of the database.
pub fn check(view: &mut View<'_>) -> Outcome<usize> {
    let known: Vec<i64> = houses::table.select(houses::number).load(view.connection())?;
    let issued = letters::table.filter(letters::issued_at.is_not_null());
    let mut shown: Vec<(LetterId, Option<i64>)> =
        issued.select((letters::id, letters::house)).load(view.connection())?;
    let waiting: Vec<(LetterId, Option<i64>)> =
        proofs::table.select((proofs::letter_id, proofs::house.nullable())).load(view.connection())?;
    shown.extend(waiting);
    let is_known = |number: &Option<i64>| number.is_some_and(|number| number == 0 || known.contains(&number));
    match shown.iter().find(|(_, house)| !is_known(house)) {
        Some((letter, house)) => Err(impossible("letters", letter, format!("it shows the house {house:?}"))),
        None => Ok(shown.len()),
    }
}

/// Takes hold of the house for a change and gives the number of the version to come.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn touch(tx: &mut Tx<'_>) -> Outcome<i64> {
    next_number(tx, NUMBER)
}

/// Adds a version.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn add(tx: &mut Tx<'_>, house: &House, by: PersonId, now: Instant) -> Outcome<()> {
    let (logo, signature) = pictures(house);
    let row = (
        houses::number.eq(house.number),
        houses::settings.eq(settings(house)?),
        (houses::logo.eq(logo), houses::signature.eq(signature)),
        houses::written_by.eq(by),
        houses::written_at.eq(now.naive_utc()),
    );
    diesel::insert_into(houses::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Keeps what `person` is changing, in the place of what they kept before.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn keep(tx: &mut Tx<'_>, house: &House, person: PersonId, now: Instant) -> Outcome<()> {
    drop_of(tx, person)?;
    let (logo, signature) = pictures(house);
    let row = (
        (house_drafts::person_id.eq(person), house_drafts::began_with.eq(house.number)),
        house_drafts::settings.eq(settings(house)?),
        (house_drafts::logo.eq(logo), house_drafts::signature.eq(signature)),
        house_drafts::saved_at.eq(now.naive_utc()),
    );
    diesel::insert_into(house_drafts::table).values(row).execute(tx.connection())?;
    Ok(())
}

/// Throws away what `person` was changing; whether there was something.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn drop_of(tx: &mut Tx<'_>, person: PersonId) -> Outcome<bool> {
    Ok(diesel::delete(house_drafts::table.find(person)).execute(tx.connection())? > 0)
}

fn settings(house: &House) -> Outcome<String> {
    serde_json::to_string(&house.settings).map_err(|error| impossible("houses", house.number, error))
}

fn pictures(house: &House) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let bytes = |picture: &Option<Picture>| picture.as_ref().map(|picture| picture.bytes.to_vec());
    (bytes(&house.pictures.logo), bytes(&house.pictures.signature))
}
