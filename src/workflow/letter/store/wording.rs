//! Every wording there ever was, for each kind and language. None is changed or deleted.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::PersonId;
use crate::refusal::Outcome;
use crate::store::schema::{persons, wordings};
use crate::store::{Tx, View, impossible, next_number};
use crate::workflow::letter::language::Language;
use crate::workflow::request::answers::LetterKind;
use crate::written::Version;

/// The counter that numbers all wordings, of whatever kind and language.
pub(in super::super) const NUMBER: &str = "wording";

/// For which letters a wording is.
pub type For = (LetterKind, Language);

/// A wording without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, when it came into force and who put it there.
    pub version: Version,
    /// For which letters it is.
    pub of: For,
    /// Whether it goes back to the words that the program brings along.
    pub is_bundled: bool,
}

/// The wording in force: its number, 0 before the first; and its text, none for the words that the program brings along.
///
/// # Errors
/// A fault of the database.
pub fn in_force(view: &mut View<'_>, (kind, language): For) -> Outcome<(i64, Option<String>)> {
    let row: Option<(i64, Option<String>)> = wordings::table
        .filter(wordings::kind.eq(kind.as_str()).and(wordings::language.eq(language.as_str())))
        .order(wordings::number.desc())
        .select((wordings::number, wordings::text))
        .first(view.connection())
        .optional()?;
    Ok(row.unwrap_or((0, None)))
}

/// The text of one wording, if there is such a one for these letters.
///
/// # Errors
/// A fault of the database.
pub fn text(view: &mut View<'_>, (kind, language): For, number: i64) -> Outcome<Option<Option<String>>> {
    let this = wordings::table.filter(wordings::number.eq(number).and(wordings::kind.eq(kind.as_str())));
    let this = this.filter(wordings::language.eq(language.as_str())).select(wordings::text);
    Ok(this.first(view.connection()).optional()?)
}

/// The last thousand wordings of every kind and language, the newest first.
///
/// # Errors
/// A fault of the database.
pub fn lines(view: &mut View<'_>) -> Outcome<Vec<Line>> {
    type Row = (i64, String, String, Option<String>, NaiveDateTime, Option<String>);
    let rows: Vec<Row> = wordings::table
        .inner_join(persons::table.on(persons::id.eq(wordings::written_by)))
        .order(wordings::number.desc())
        .limit(1_000)
        .select((
            wordings::number,
            wordings::kind,
            wordings::language,
            wordings::text,
            wordings::written_at,
            persons::name.nullable(),
        ))
        .load(view.connection())?;
    let line = |(number, kind, language, text, at, by): Row| {
        let broken = |error| impossible("wordings", number, error);
        let of = (kind.parse().map_err(broken)?, language.parse().map_err(broken)?);
        Ok(Line { version: Version::from((number, at, by)), of, is_bundled: text.is_none() })
    };
    rows.into_iter().map(line).collect()
}

/// Takes hold of the wordings for a change and gives the number of the one to come.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn touch(tx: &mut Tx<'_>) -> Outcome<i64> {
    next_number(tx, NUMBER)
}

/// Adds a wording; without a text it goes back to the words that the program brings along.
///
/// # Errors
/// A fault of the database.
pub(in super::super) fn add(
    tx: &mut Tx<'_>,
    number: i64,
    (kind, language): For,
    text: Option<&str>,
    (by, at): (PersonId, Instant),
) -> Outcome<()> {
    let row = (
        wordings::number.eq(number),
        (wordings::kind.eq(kind.as_str()), wordings::language.eq(language.as_str())),
        wordings::text.eq(text),
        wordings::written_by.eq(by),
        wordings::written_at.eq(at.naive_utc()),
    );
    diesel::insert_into(wordings::table).values(row).execute(tx.connection())?;
    Ok(())
}
