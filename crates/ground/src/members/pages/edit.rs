//! The staff's form for an institution.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::ids::InstitutionId;
use crate::members::commands::edit;
use crate::members::country;
use crate::members::form::Typed;
use crate::members::institution::Membership;
use crate::members::ror::Ror;
use crate::members::store;
use crate::refusal::Failure;
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::{Fields, Post};
use crate::web::problem::Problem;
use crate::web::shell::Shell;

#[derive(Template)]
#[template(path = "members/edit.html")]
struct EditPage {
    frame: Frame,
    form: FormView,
    kinds: Vec<Choice>,
    countries: Vec<Choice>,
    action: String,
    back: String,
}

impl EditPage {
    fn new(shell: &Shell, id: Option<InstitutionId>, form: FormView) -> Self {
        let (title, action) = match id {
            Some(id) => ("Change an institution", format!("/members/{id}/edit")),
            None => ("Add an institution", "/members/new".to_owned()),
        };
        let frame = shell.frame(title).within(Section::Members).failed_if(form.has_errors());
        let kinds = Membership::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind.label())).collect();
        let countries = country::all().iter().map(|one| Choice::new(&one.code, &one.name)).collect();
        let back = id.map_or_else(|| "/members".to_owned(), |id| format!("/members/{id}"));
        Self { frame, form, kinds, countries, action, back }
    }
}

/// The empty form for a new institution.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn blank(shell: Shell) -> Page {
    shell.staff()?;
    show(&EditPage::new(&shell, None, FormView::new()))
}

/// The form for an institution as it is today.
///
/// # Errors
/// Refused for everybody but staff, and for an institution that does not exist.
pub async fn form(shell: Shell, path: web::Path<InstitutionId>) -> Page {
    shell.staff()?;
    let id = path.into_inner();
    let found = shell.service.store.read(move |view| store::institution(view, id)).await?;
    let Some(institution) = found else { return super::one::moved(&shell.service, id, "/edit").await };
    let kind = institution.membership_on(shell.service.clock.now().date_naive());
    let aliases: Vec<String> = institution.aliases.iter().map(ToString::to_string).collect();
    let mut form = FormView::filled([
        ("name", institution.name.as_str()),
        ("other_names", &aliases.join("\n")),
        ("website", institution.website.as_deref().unwrap_or_default()),
        ("ror", institution.ror.as_ref().map_or("", Ror::as_str)),
        ("logo", institution.logo().unwrap_or_default()),
        ("country", institution.country.as_deref().unwrap_or_default()),
        ("membership", kind.map_or("", |kind| kind.as_str())),
    ]);
    if institution.commercial {
        form = form.with("commercial", "yes");
    }
    show(&EditPage::new(&shell, Some(id), form))
}

/// Takes the form of a new institution.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn create(shell: Shell, post: Post) -> Result<HttpResponse, Problem> {
    save(&shell, None, post).await
}

/// Takes the form of an institution that is there already.
///
/// # Errors
/// Refused for everybody but staff, and for an institution that does not exist.
pub async fn change(shell: Shell, path: web::Path<InstitutionId>, post: Post) -> Result<HttpResponse, Problem> {
    save(&shell, Some(path.into_inner()), post).await
}

fn typed(fields: &Fields) -> Typed {
    let text = |name| fields.get(name).to_owned();
    Typed {
        name: text("name"),
        other_names: text("other_names"),
        website: text("website"),
        ror: text("ror"),
        logo: text("logo"),
        country: text("country"),
        membership: text("membership"),
        commercial: fields.has("commercial"),
    }
}

async fn save(shell: &Shell, id: Option<InstitutionId>, post: Post) -> Result<HttpResponse, Problem> {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let Post { fields, once: key } = post;
    let outcome = match typed(&fields).judged() {
        Ok(facts) => {
            let work = move |tx: &mut crate::store::Tx<'_>| {
                once(tx, &key, now, |tx| edit(tx, id, &facts, staff, now).map(|id| format!("/members/{id}")))
            };
            shell.service.store.write(work).await
        }
        Err(errors) => Err(errors.into()),
    };
    match outcome {
        Ok(path) => {
            let text =
                "Saved. Lists, requests and the FAQ show it from now on; letters already issued stay as they are.";
            Ok(see_other_saying(&shell.service, &path, Tone::Good, text))
        }
        Err(Failure::Fields(errors)) => {
            show_again(&EditPage::new(shell, id, FormView::filled(fields.iter()).failing(errors)))
        }
        Err(failure) => Err(failure.into()),
    }
}
