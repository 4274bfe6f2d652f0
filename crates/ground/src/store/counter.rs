//! Numbers that are given out once and in order.

use diesel::prelude::*;

use super::schema::counters;
use super::tx::Tx;
use crate::refusal::Outcome;

/// The next number of the counter `name`, beginning with 1. It is not given again unless the transaction fails.
///
/// # Errors
/// A fault of the database.
pub fn next_number(tx: &mut Tx<'_>, name: &str) -> Outcome<i64> {
    let bump = |tx: &mut Tx<'_>| {
        diesel::update(counters::table.find(name))
            .set(counters::value.eq(counters::value + 1))
            .returning(counters::value)
            .get_result::<i64>(tx.connection())
            .optional()
    };
    if let Some(number) = bump(tx)? {
        return Ok(number);
    }
    let first = (counters::name.eq(name), counters::value.eq(0_i64));
    tx.insert_unless_there(|c| diesel::insert_into(counters::table).values(first).execute(c))?;
    bump(tx)?.ok_or_else(|| super::impossible("counters", name, "the row vanished"))
}

/// Gives back the number that [`next_number`] gave to this same transaction.
///
/// # Errors
/// A fault of the database.
pub fn take_back_number(tx: &mut Tx<'_>, name: &str) -> Outcome<()> {
    diesel::update(counters::table.find(name)).set(counters::value.eq(counters::value - 1)).execute(tx.connection())?;
    Ok(())
}
