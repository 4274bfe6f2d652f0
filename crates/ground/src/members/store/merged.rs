//! Institutions that were merged with another one, as rows: where their old ids lead.

use diesel::prelude::*;

use crate::clock::Instant;
use crate::ids::InstitutionId;
use crate::members::institution::Institution;
use crate::refusal::Outcome;
use crate::store::schema::merged_institutions;
use crate::store::{Tx, View};

/// The institution that another one with this id was merged with.
///
/// # Errors
/// A fault of the database.
pub fn into(view: &mut View<'_>, id: InstitutionId) -> Outcome<Option<InstitutionId>> {
    let row = merged_institutions::table.find(id).select(merged_institutions::into_id);
    Ok(row.first(view.connection()).optional()?)
}

/// Keeps that an institution was merged with another one; whoever was merged with it before leads there too.
pub(in crate::members) fn keep(tx: &mut Tx<'_>, goes: &Institution, stays: InstitutionId, now: Instant) -> Outcome<()> {
    diesel::update(merged_institutions::table)
        .filter(merged_institutions::into_id.eq(goes.id))
        .set(merged_institutions::into_id.eq(stays))
        .execute(tx.connection())?;
    diesel::insert_into(merged_institutions::table)
        .values((
            merged_institutions::id.eq(goes.id),
            merged_institutions::name.eq(&goes.name),
            merged_institutions::into_id.eq(stays),
            merged_institutions::merged_at.eq(now.naive_utc()),
        ))
        .execute(tx.connection())?;
    Ok(())
}
