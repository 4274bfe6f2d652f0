//! Two institutions of the list become one. What refers to the one that goes has been moved by then.

use serde_json::json;

use super::{no_such, note};
use crate::clock::Instant;
use crate::ids::InstitutionId;
use crate::members::institution::Institution;
use crate::members::merge::{Clash, Memberships, merged};
use crate::members::store;
use crate::members::website::LastFile;
use crate::people::access::Staff;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::Tx;

/// The two institutions of a merge as they stand, after taking hold of the list. `seen` is the version of the list that
/// the person looked at.
///
/// # Errors
/// Refused when one of them does not exist or the list has changed since; a fault of the database.
pub fn hold_both(
    tx: &mut Tx<'_>,
    (stays, goes): (InstitutionId, InstitutionId),
    seen: i64,
) -> Outcome<(Institution, Institution)> {
    store::touch(tx)?;
    if store::version(tx)? != seen + 1 {
        let sentence = "Somebody changed the list while you were looking. Nothing was merged; look at it again.";
        let again = format!("/members/{stays}/merge?with={goes}");
        return Err(Refusal::conflict("list-changed", sentence).onward("Look again", again).into());
    }
    let stays = store::institution(tx, stays)?.ok_or_else(no_such)?;
    Ok((stays, store::institution(tx, goes)?.ok_or_else(no_such)?))
}

/// Merges `goes` into `stays`: its names become other names, its memberships and facts fill the gaps, its old address
/// leads to the other. The list is held, and nothing but the list itself refers to `goes` any more.
///
/// # Errors
/// A field error for `memberships` where they contradict each other and nobody said whose hold; refused when each has a
/// ROR id of its own; a fault of the database.
pub fn merge(
    tx: &mut Tx<'_>,
    (stays, goes): (&Institution, &Institution),
    said: Option<Memberships>,
    by: Staff,
    now: Instant,
) -> Outcome<()> {
    let merged = merged(stays, goes, said).map_err(|clash| match clash {
        Clash::Ror => crate::refusal::Failure::from(two_by_ror(stays, goes)),
        Clash::Memberships => FieldErrors::one("memberships", "Say whose memberships hold.").into(),
    })?;
    store::merged::keep(tx, goes, stays.id, now)?;
    store::remove(tx, goes.id)?;
    store::replace(tx, &merged)?;
    if let Some(file) = store::file::last(tx)? {
        store::file::set_owners(tx, &moved(file, stays.id, goes.id).owners)?;
    }
    note(tx, Some(by), now, "institutions-merged", json!({ "stays": stays.id, "goes": goes.id, "name": goes.name }))
}

/// The answer for two that the registry tells apart.
pub fn two_by_ror(stays: &Institution, goes: &Institution) -> Refusal {
    let ror = |one: &Institution| one.ror.as_ref().map(ToString::to_string).unwrap_or_default();
    let sentence = format!(
        "By the ROR registry they are two: {} is {} and {} is {}. If one of the ids is wrong, take it off first.",
        stays.name,
        ror(stays),
        goes.name,
        ror(goes)
    );
    Refusal::conflict("two-ror-ids", sentence).onward("Change it", format!("/members/{}/edit", goes.id))
}

/// The last file's entries, those of the one that goes now the other's. An institution has one entry: where the other
/// has its own, theirs is nobody's and is left out of the export.
fn moved(mut file: LastFile, stays: InstitutionId, goes: InstitutionId) -> LastFile {
    let heir = Some(stays).filter(|_| !file.owners.contains(&Some(stays)));
    for owner in file.owners.iter_mut().filter(|owner| **owner == Some(goes)) {
        *owner = heir;
    }
    file
}
