//! What merging two institutions moves, and the merge: all of it in one transaction or nothing.

use chrono::NaiveDate;

use crate::committee;
use crate::committee::rules::held_at_once;
use crate::ids::InstitutionId;
use crate::members;
use crate::members::commands::merge as list;
use crate::members::institution::Institution;
use crate::members::merge::{Clash, Memberships, merged};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workflow::request::commands as requests;
use crate::workflow::request::store::lists;
use crate::workflow::review::commands::motion::settle;
use crate::workflow::review::commands::recognition::see_to_own;
use crate::workflow::stage::StageName;

/// What a merge would do.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The one that stays.
    pub stays: Institution,
    /// The one that goes.
    pub goes: Institution,
    /// What the one that stays becomes; nothing while the question about memberships is open.
    pub becomes: Option<Institution>,
    /// Whether it has to be said whose memberships hold.
    pub asks: bool,
    /// How many seats move, past ones too.
    pub seats: usize,
    /// How many requests move, drafts too.
    pub requests: usize,
    /// Why the two cannot be merged as they are.
    pub refused: Option<Refusal>,
    /// The version of the list.
    pub version: i64,
}

/// What merging `goes` into `stays` would do `today`.
///
/// # Errors
/// A field error for `with` when the two are the same or `goes` is none; a fault of the database.
pub fn preview(
    view: &mut View<'_>,
    stays: &Institution,
    goes: Option<InstitutionId>,
    today: NaiveDate,
) -> Outcome<Preview> {
    let missing = || FieldErrors::one("with", "Choose another institution.");
    let goes = goes.filter(|id| *id != stays.id).ok_or_else(missing)?;
    let goes = members::store::institution(view, goes)?.ok_or_else(missing)?;
    let seats = committee::store::seats(view)?;
    let becomes = merged(stays, &goes, None);
    let twice = held_at_once(&seats, (stays.id, goes.id), today).map(committee::commands::seated_twice);
    let by_ror = (becomes == Err(Clash::Ror)).then(|| list::two_by_ror(stays, &goes));
    Ok(Preview {
        asks: becomes == Err(Clash::Memberships),
        becomes: becomes.ok(),
        seats: seats.iter().filter(|seat| seat.institution == Some(goes.id)).count(),
        requests: lists::of_institutions(view, &[goes.id])?.len(),
        refused: twice.or(by_ror),
        version: members::store::version(view)?,
        stays: stays.clone(),
        goes,
    })
}

/// Merges `goes` into `stays`: its seats, requests, names and memberships are the other's, and a seat that turns out to
/// decide about a request of its own institution is out of it at once. Letters stay as they were issued. `said`: whose
/// memberships hold where they contradict each other; `seen`: the version of the list that the person looked at.
///
/// # Errors
/// A field error for `memberships` where it has to be said and was not; refused when they are the same, when both hold a
/// seat on some day, when each has a ROR id, when the list has changed since; a fault of the database. Then nothing is
/// changed.
pub fn merge(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    (stays, goes): (InstitutionId, InstitutionId),
    said: Option<Memberships>,
    seen: i64,
) -> Outcome<()> {
    if stays == goes {
        return Err(FieldErrors::one("with", "Choose another institution.").into());
    }
    // Whoever changes a request takes hold of it before the list: so does this.
    let held = requests::hold_all_of(tx, &[stays, goes])?;
    let may_decide = |stage: StageName| stage.is_with_committee() || stage == StageName::Decided;
    for request in held.iter().filter(|request| may_decide(request.stage.name())) {
        settle(tx, moment, request)?;
    }
    committee::commands::hand_over(tx, goes, stays, *staff, moment.now)?;
    let (stays, goes) = list::hold_both(tx, (stays, goes), seen)?;
    let mut moved = Vec::with_capacity(held.len());
    for request in &held {
        moved.push(requests::move_institution(tx, moment, staff, request, (goes.id, stays.id))?);
    }
    list::merge(tx, (&stays, &goes), said, *staff, moment.now)?;
    for request in moved.iter().filter(|request| may_decide(request.stage.name())) {
        see_to_own(tx, moment, staff, request)?;
    }
    Ok(())
}
