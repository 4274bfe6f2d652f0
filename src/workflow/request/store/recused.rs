//! Who is out of a request, said once: the seats of every institution with a conflict of interest, those of the
//! institution that asks where the policy of the request says so, and whoever asks for the letter.
//!
//! A conflict is declared for a seat, and is its institution's: it outlives the term, so the institution's next seat is
//! out as well, and so is one that the institution is given after the request was routed.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::ids::{InstitutionId, PersonId, RequestId, SeatId};
use crate::people::access::{Onlooker, Recused};
use crate::policy::settings::{OwnInstitution, Policy};
use crate::refusal::Outcome;
use crate::store::schema::{co_applicants, conflicts, requests, seats};
use crate::store::{View, impossible};

/// Who is out of one request.
///
/// # Errors
/// A fault of the database.
pub fn recused(view: &mut View<'_>, request: RequestId) -> Outcome<Recused> {
    let seats = seats_out(view, &[request])?.into_iter().map(|(_, seat)| seat).collect();
    let applicants = applicants_of(view, &[request])?.into_iter().map(|(_, person)| person).collect();
    Ok(Recused { seats, applicants })
}

/// The seats, of whatever term, that are out of each of these requests. A constant number of queries.
///
/// # Errors
/// A fault of the database.
pub fn seats_out(view: &mut View<'_>, of: &[RequestId]) -> Outcome<HashSet<(RequestId, SeatId)>> {
    let declared: Vec<(RequestId, SeatId, Option<InstitutionId>)> = conflicts::table
        .inner_join(seats::table.on(seats::id.eq(conflicts::seat_id)))
        .filter(conflicts::conflicted.eq(true).and(conflicts::request_id.eq_any(of)))
        .select((conflicts::request_id, conflicts::seat_id, seats::institution_id))
        .load(view.connection())?;
    let asking: Vec<(RequestId, Option<InstitutionId>, Option<String>)> = requests::table
        .filter(requests::id.eq_any(of).and(requests::institution_id.is_not_null()))
        .select((requests::id, requests::institution_id, requests::policy))
        .load(view.connection())?;
    let mut institutions: Vec<(RequestId, InstitutionId)> =
        declared.iter().filter_map(|(request, _, institution)| Some((*request, (*institution)?))).collect();
    for (request, institution, policy) in asking {
        if keeps_out_its_own(request, policy.as_deref())? {
            institutions.extend(institution.map(|institution| (request, institution)));
        }
    }
    let named: Vec<InstitutionId> = institutions.iter().map(|(_, institution)| *institution).collect();
    let held: Vec<(SeatId, Option<InstitutionId>)> = seats::table
        .filter(seats::institution_id.eq_any(named))
        .select((seats::id, seats::institution_id))
        .load(view.connection())?;
    let mut out: HashSet<_> = declared.into_iter().map(|(request, seat, _)| (request, seat)).collect();
    for (request, institution) in institutions {
        out.extend(held.iter().filter(|(_, of)| *of == Some(institution)).map(|(seat, _)| (request, *seat)));
    }
    Ok(out)
}

/// The requests that are closed to somebody: by a conflict of a seat they act for, or because they ask for the letter
/// themselves. A constant number of queries.
///
/// # Errors
/// A fault of the database.
pub fn closed_to(view: &mut View<'_>, onlooker: &Onlooker) -> Outcome<Vec<RequestId>> {
    let own = requests::table.filter(requests::applicant_id.eq(onlooker.person)).select(requests::id);
    let mut closed: Vec<RequestId> = own.load(view.connection())?;
    let shared = co_applicants::person_id.eq(onlooker.person).and(co_applicants::removed_at.is_null());
    let shared = co_applicants::table.filter(shared).select(co_applicants::request_id);
    closed.extend(shared.load::<RequestId>(view.connection())?);
    if onlooker.seats.is_empty() {
        return Ok(closed);
    }
    let (held, institutions): (Vec<SeatId>, Vec<InstitutionId>) = onlooker.seats.iter().copied().unzip();
    let of_theirs = seats::id.eq_any(held).or(seats::institution_id.eq_any(institutions.clone()));
    let declared = conflicts::table
        .inner_join(seats::table.on(seats::id.eq(conflicts::seat_id)))
        .filter(conflicts::conflicted.eq(true).and(of_theirs))
        .select(conflicts::request_id);
    closed.extend(declared.load::<RequestId>(view.connection())?);
    let asking: Vec<(RequestId, Option<String>)> = requests::table
        .filter(requests::institution_id.eq_any(institutions).and(requests::policy.is_not_null()))
        .select((requests::id, requests::policy))
        .load(view.connection())?;
    for (request, policy) in asking {
        if keeps_out_its_own(request, policy.as_deref())? {
            closed.push(request);
        }
    }
    closed.sort_unstable();
    closed.dedup();
    Ok(closed)
}

/// Whoever asks for the letters of these requests: the applicant, and everybody it is shared with.
///
/// # Errors
/// A fault of the database.
pub fn applicants_of(view: &mut View<'_>, of: &[RequestId]) -> Outcome<Vec<(RequestId, PersonId)>> {
    let mut found: Vec<(RequestId, PersonId)> = requests::table
        .filter(requests::id.eq_any(of))
        .select((requests::id, requests::applicant_id))
        .load(view.connection())?;
    let shared = co_applicants::request_id.eq_any(of).and(co_applicants::removed_at.is_null());
    let others = co_applicants::table.filter(shared).select((co_applicants::request_id, co_applicants::person_id));
    found.extend(others.load::<(RequestId, PersonId)>(view.connection())?);
    Ok(found)
}

/// Whether the policy that a request was sent under keeps the seats of the institution that asks out of it; a draft has
/// no policy yet, and is nobody's to see.
fn keeps_out_its_own(request: RequestId, policy: Option<&str>) -> Outcome<bool> {
    let Some(policy) = policy else { return Ok(false) };
    let policy: Policy = serde_json::from_str(policy).map_err(|error| impossible("requests", request, error))?;
    Ok(policy.own_institution == OwnInstitution::Recuse)
}
