//! The staff's editor of the FAQ: its source, a preview, earlier versions.

use actix_web::web;
use askama::Template;
use serde::Deserialize;

use crate::faq::BUNDLED;
use crate::faq::commands::{preview, save};
use crate::faq::render::Page as Rendered;
use crate::faq::store;
use crate::refusal::{Failure, FieldErrors, Refusal};
use crate::store::{Tx, View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again, show_conflict};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::written::Version;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// An earlier version to begin with; 0 for the one that the program brings along.
    version: Option<i64>,
}

#[derive(Template)]
#[template(path = "faq/edit.html")]
struct EditPage {
    frame: Frame,
    form: FormView,
    /// The version in force.
    number: i64,
    versions: Vec<Version>,
    preview: Option<Rendered>,
}

async fn edit_page(shell: &Shell, form: FormView, preview: Option<Rendered>) -> Result<EditPage, Failure> {
    let read = |view: &mut View<'_>| Ok((store::number(view)?, store::versions(view)?));
    let (number, versions) = shell.service.store.read(read).await?;
    let frame = shell.frame("Change the questions").within(Section::Faq).failed_if(form.has_errors());
    Ok(EditPage { frame, form, number, versions, preview })
}

/// The editor with the source in force, or an earlier one.
///
/// # Errors
/// Refused for everybody but staff, and for a version that does not exist.
pub async fn form(shell: Shell, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let wanted = asked.version;
    let read = move |view: &mut View<'_>| {
        Ok(match wanted {
            None => store::latest(view)?.map_or_else(|| Some(BUNDLED.to_owned()), |(_, text)| Some(text)),
            Some(0) => Some(BUNDLED.to_owned()),
            Some(number) => store::text(view, number)?,
        })
    };
    let Some(text) = shell.service.store.read(read).await? else {
        let refusal = Refusal::not_found("no-such-version", "The page has no such version.");
        return Err(refusal.onward("The version in force", "/faq/edit").into());
    };
    show(&edit_page(&shell, FormView::filled([("source", text)]), None).await?)
}

/// Shows a source as the page it would make, or with the button "Save" puts it in force.
///
/// # Errors
/// Refused for everybody but staff; a source with a fault comes back with the line of it.
pub async fn take(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let Post { fields, once: key } = post;
    let (text, seen) = (fields.get("source").to_owned(), fields.get("number").parse().ok());
    let form = FormView::filled([("source", text.as_str())]);
    let mut is_old = FieldErrors::default();
    if fields.has("save") {
        let text = text.clone();
        let write = move |tx: &mut Tx<'_>| {
            once(tx, &key, now, |tx| save(tx, &text, seen, Some(staff), now).map(|_| "/faq".to_owned()))
        };
        match shell.service.store.write(write).await {
            Ok(path) => return Ok(see_other_saying(&shell.service, &path, Tone::Good, "Saved. This is the page now.")),
            Err(Failure::Refusal(refusal)) if refusal.code == "faq-changed" => is_old.add("source", refusal.sentence),
            Err(Failure::Fields(errors)) => {
                return show_again(&edit_page(&shell, form.failing(errors), None).await?);
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    match shell.service.store.read(move |view| preview(view, &text, now)).await {
        Ok(page) if is_old.is_empty() => show(&edit_page(&shell, form, Some(page)).await?),
        Ok(page) => show_conflict(&edit_page(&shell, form.failing(is_old), Some(page)).await?),
        Err(Failure::Fields(errors)) => show_again(&edit_page(&shell, form.failing(errors), None).await?),
        Err(failure) => Err(failure.into()),
    }
}
