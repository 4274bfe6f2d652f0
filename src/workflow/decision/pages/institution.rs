//! Which institution it may be that an applicant typed, as staff are asked.

use crate::ids::InstitutionId;
use crate::members::matching::{Found, Matcher};
use crate::members::store as members;
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::form::Choice;
use crate::workflow::request::recognition::{may_recognise, typed_name};
use crate::workflow::request::store::Request;

/// The section of the page.
#[derive(Debug, Clone)]
pub(super) struct Recognition {
    /// The name as it was typed.
    pub typed: String,
    /// The institution that it is, once that is known.
    pub known: Option<String>,
    /// Whether staff can say it now.
    pub is_open: bool,
    /// The institutions with the nearest names, the likeliest first.
    pub nearest: Vec<(InstitutionId, String)>,
    /// All of them.
    pub all: Vec<Choice>,
}

impl Recognition {
    /// The section for a request; nothing when its institution was chosen from the list. A constant number of queries.
    pub(super) fn read(view: &mut View<'_>, request: &Request) -> Outcome<Option<Self>> {
        let form = request.typed()?;
        let Some(typed) = typed_name(&form) else { return Ok(None) };
        let is_open = may_recognise(request.stage, &form).is_ok();
        if !is_open && request.institution.is_none() {
            return Ok(None);
        }
        let all = members::all(view)?;
        let of = |id: InstitutionId| all.iter().find(|one| one.id == id).map(|one| (id, one.name.clone()));
        let nearest = match Matcher::new(&all).find(typed) {
            Found::Exact(id) => of(id).into_iter().collect(),
            Found::Nearest(some) => some.into_iter().map(|one| (one.id, one.name)).collect::<Vec<_>>(),
        };
        Ok(Some(Self {
            typed: typed.to_owned(),
            known: request.institution.and_then(of).map(|(_, name)| name),
            is_open,
            nearest: nearest.into_iter().filter(|(id, _)| Some(*id) != request.institution).collect(),
            all: all.iter().map(|one| Choice::new(one.id.as_str(), &one.name).found_by(one.search_text())).collect(),
        }))
    }
}
