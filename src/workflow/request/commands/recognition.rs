//! Staff say which institution a request comes from: whose applicant typed a name, or whose institution turned out to be
//! another one of the list.

use serde_json::json;

use super::entry;
use crate::audit::entry::Actor;
use crate::audit::store::record;
use crate::ids::{InstitutionId, RequestId};
use crate::members;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::store::Tx;
use crate::workflow::request::recognition::{may_recognise, typed_name};
use crate::workflow::request::store::{self, Request, lists};

/// What staff say of a typed institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised {
    /// Which one it is; nothing when none was chosen.
    pub institution: Option<InstitutionId>,
    /// Whether the typed name is another name of it from now on.
    pub remember: bool,
}

/// Ties the request to an institution, and remembers the name as it was typed if staff say so. The same again changes
/// nothing. What follows for the seats is for the review to see to. Gives the request as it is then.
///
/// # Errors
/// A field error for `institution` without one and for `remember` when the name is another's; a refusal when the
/// institution was chosen from the list or a letter has named it; a fault of the database.
pub fn recognise(tx: &mut Tx<'_>, moment: &Moment, staff: &Staff, id: RequestId, said: Recognised) -> Outcome<Request> {
    let mut request = store::touch(tx, id)?;
    let typed = request.typed()?;
    may_recognise(request.stage, &typed)?;
    // Nobody merges it with another in the meantime.
    members::commands::hold(tx)?;
    let known = said.institution.map(|institution| members::store::institution(tx, institution)).transpose()?.flatten();
    let missing = || FieldErrors::one("institution", "Choose which institution it is.");
    let institution = known.ok_or_else(missing)?.id;
    let name = typed_name(&typed).unwrap_or_default();
    let is_known = members::store::find_institution(tx, name)?.exact() == Some(institution);
    let remember = said.remember && !is_known;
    if request.institution == Some(institution) && !remember {
        return Ok(request);
    }
    if remember {
        members::commands::remember_alias(tx, institution, name, Some(*staff), moment.now).map_err(at_its_box)?;
    }
    store::keep_institution(tx, id, institution, moment.now)?;
    let detail = json!({ "institution": institution, "before": request.institution, "remembered": remember });
    record(tx, &entry(id, moment, Actor::Staff(staff.person()), "institution-recognised", detail))?;
    request.institution = Some(institution);
    Ok(request)
}

/// Takes hold of every request of these institutions.
///
/// # Errors
/// A fault of the database.
pub fn hold_all_of(tx: &mut Tx<'_>, institutions: &[InstitutionId]) -> Outcome<Vec<Request>> {
    lists::of_institutions(tx, institutions)?.into_iter().map(|id| store::touch(tx, id)).collect()
}

/// Says of a held request of `from` that it comes from `to`, because the two are one institution. What a letter says
/// stays as it is. Gives the request as it is then.
///
/// # Errors
/// A fault of the database.
pub fn move_institution(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: &Staff,
    request: &Request,
    (from, to): (InstitutionId, InstitutionId),
) -> Outcome<Request> {
    if request.institution != Some(from) {
        return Ok(request.clone());
    }
    store::move_institution(tx, request, (from, to), moment.now)?;
    let detail = json!({ "from": from, "to": to });
    record(tx, &entry(request.id, moment, Actor::Staff(staff.person()), "institution-merged", detail))?;
    Ok(Request { institution: Some(to), ..request.clone() })
}

/// A name that is another institution's is told at the box that would have remembered it.
fn at_its_box(failure: Failure) -> Failure {
    match failure {
        Failure::Fields(errors) => {
            let what = errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ");
            FieldErrors::one("remember", what).into()
        }
        other => other,
    }
}
