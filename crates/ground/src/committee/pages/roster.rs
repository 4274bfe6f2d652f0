//! The staff's import of the website's roster: paste it, look at what it would change, say whose the unknown names are,
//! apply it.

use askama::Template;

use crate::committee::commands::roster::{Answer, import, preview};
use crate::members;
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::store::{Tx, View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;

/// A name that is no institution's, with a select for whose it is.
struct Question {
    /// The fields that carry the name and the answer.
    name_field: String,
    field: String,
    name: String,
    /// The nearest institutions, in words.
    nearest: String,
}

/// What the page shows of a plan.
struct Shown {
    lines: Vec<String>,
    questions: Vec<Question>,
    unchanged: usize,
    is_empty: bool,
}

#[derive(Template)]
#[template(path = "committee/roster.html")]
struct RosterPage {
    frame: Frame,
    form: FormView,
    shown: Option<Shown>,
    institutions: Vec<Choice>,
}

fn page(shell: &Shell, form: FormView, shown: Option<(Shown, Vec<Choice>)>) -> RosterPage {
    let frame = shell.frame("Import the roster").within(Section::Committee).failed_if(form.has_errors());
    let (shown, institutions) = shown.unzip();
    RosterPage { frame, form, shown, institutions: institutions.unwrap_or_default() }
}

/// The answers that were chosen: for each name its institution's id.
fn answers(fields: &Fields) -> Vec<Answer> {
    let names = fields.iter().filter_map(|(field, name)| Some((field.strip_prefix("name-")?, name)));
    let answered = names.map(|(number, name)| (name.to_owned(), fields.get(&format!("same-{number}")).to_owned()));
    answered.filter(|(_, institution)| !institution.is_empty()).collect()
}

/// The plan as the page shows it, and the form with the answers so far; a name is asked about once, wherever it stands.
/// An answer that is none of the choices is asked for again.
fn shown(view: &mut View<'_>, text: &str, answers: &[Answer]) -> Outcome<(Shown, Vec<Choice>, FormView)> {
    let names = members::store::names(view)?;
    let is_known = |id: &str| names.iter().any(|(known, _)| known.as_str() == id);
    let (answers, strange): (Vec<_>, Vec<_>) = answers.iter().cloned().partition(|(_, id)| is_known(id));
    let plan = preview(view, text, &answers)?;
    let mut errors = FieldErrors::default();
    let institutions = names.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let mut form = FormView::new().with("file", text);
    let mut questions: Vec<Question> = Vec::new();
    let asked = plan.answered.iter().map(|(name, id)| (name.as_str(), Some(*id), [].as_slice()));
    let open = plan.unmatched.iter().map(|one| (one.line.name.as_str(), None, one.candidates.as_slice()));
    for (name, answer, candidates) in asked.chain(open) {
        if questions.iter().any(|known| known.name == name) {
            continue;
        }
        let number = questions.len() + 1;
        let nearest: Vec<&str> = candidates.iter().map(|candidate| candidate.name.as_str()).collect();
        let field = format!("same-{number}");
        form = form.with(&field, answer.map_or_else(String::new, |id| id.to_string()));
        if strange.iter().any(|(strange, _)| strange == name) {
            errors.add(&field, missing(name));
        }
        questions.push(Question {
            name_field: format!("name-{number}"),
            field,
            name: name.to_owned(),
            nearest: match nearest.as_slice() {
                _ if answer.is_some() => String::new(),
                [] => "Nothing on the list resembles it. If the institution is missing, add it to the members first."
                    .to_owned(),
                some => format!("The nearest: {}.", some.join("; ")),
            },
        });
    }
    let lines = plan.in_words(&names.into_iter().collect());
    let (unchanged, is_empty) = (plan.unchanged, plan.is_empty());
    Ok((Shown { lines, questions, unchanged, is_empty }, institutions, form.failing(errors)))
}

fn missing(name: &str) -> String {
    format!("Choose whose name “{name}” is.")
}

/// The form to paste a roster into.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn blank(shell: Shell) -> Page {
    shell.staff()?;
    show(&page(&shell, FormView::new(), None))
}

/// Shows what a roster would change, and with the button "Apply" changes it.
///
/// # Errors
/// Refused for everybody but staff; a form with errors comes back, and so does one with a name that nobody has claimed.
pub async fn take(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let (text, said) = (post.fields.get("file").to_owned(), answers(&post.fields));
    let typed = FormView::filled([("file", text.as_str())]);
    let applies = post.fields.has("apply");
    if applies {
        let (text, said) = (text.clone(), said.clone());
        let write = move |tx: &mut Tx<'_>| {
            once(tx, &post.once, now, |tx| import(tx, &text, &said, Some(staff), now).map(|_| "/committee".to_owned()))
        };
        match shell.service.store.write(write).await {
            Ok(path) => return Ok(see_other_saying(&shell.service, &path, Tone::Good, "The roster is imported.")),
            // The page shows below what is wrong, and asks whose the names are.
            Err(Failure::Fields(_)) => {}
            Err(Failure::Refusal(refusal)) if refusal.code == "names-unknown" => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    match shell.service.store.read(move |view| shown(view, &text, &said)).await {
        Ok((shown, institutions, form)) => {
            let mut errors = form.errors().clone();
            let is_open = |one: &&Question| form.value(&one.field).is_empty() && !form.is_wrong(&one.field);
            for question in shown.questions.iter().filter(|one| applies && is_open(one)) {
                errors.add(&question.field, missing(&question.name));
            }
            let is_wrong = applies || !errors.is_empty();
            let page = page(&shell, form.failing(errors), Some((shown, institutions)));
            if is_wrong { show_again(&page) } else { show(&page) }
        }
        Err(Failure::Fields(errors)) => show_again(&page(&shell, typed.failing(errors), None)),
        Err(failure) => Err(failure.into()),
    }
}
