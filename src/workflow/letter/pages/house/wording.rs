//! The words that new letters begin with, for staff: a table of kinds and languages, and an editor with a preview.

use actix_web::web;
use askama::Template;

use super::Asked;
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again, show_conflict};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::letter::commands::wording::{TEXT, preview, save, words};
use crate::workflow::letter::house::wording::Placeholder;
use crate::workflow::letter::language::Language;
use crate::workflow::letter::prose::{self, Block, Span};
use crate::workflow::letter::store::wording::{self as store, For, Line};
use crate::workflow::request::answers::LetterKind;

/// Where the table is.
const WORDING_PATH: &str = "/letters/wording";
/// The wording that was in force when the page was opened.
const SEEN: &str = "seen";

/// A kind with its wording in each language.
struct Row {
    kind: LetterKind,
    cells: Vec<Cell>,
}

struct Cell {
    language: Language,
    about: String,
}

#[derive(Template)]
#[template(path = "letter/wording_list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "letter/wording.html")]
struct Editor {
    frame: Frame,
    form: FormView,
    kind: LetterKind,
    language: Language,
    /// The wording in force; 0 before the first.
    in_force: i64,
    versions: Vec<Line>,
    limitation: &'static str,
    /// The paragraphs of a made-up letter, when they were asked for.
    preview: Vec<Vec<Block>>,
}

/// `GET /letters/wording`: every kind and language, and since when its words are what they are.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn list(shell: Shell) -> Page {
    shell.staff()?;
    let lines = shell.service.store.read(store::lines).await?;
    let cell = |kind: LetterKind, language: Language| {
        let line = lines.iter().find(|line| line.of == (kind, language));
        Cell { language, about: line.map_or_else(|| "As it came".to_owned(), about) }
    };
    let row = |kind: &LetterKind| Row {
        kind: *kind,
        cells: Language::ALL.iter().map(|language| cell(*kind, *language)).collect(),
    };
    let frame = shell.frame("Words of a new letter").within(Section::Queue);
    show(&List { frame, rows: LetterKind::ALL.iter().map(row).collect() })
}

/// What a wording is, since when and by whom.
fn about(line: &Line) -> String {
    let what = if line.is_bundled { "As it came, again" } else { "Your own words" };
    format!("{what} since {}", line.version)
}

fn path_of((kind, language): For) -> String {
    format!("{WORDING_PATH}/{kind}/{language}")
}

fn named((kind, language): (String, String)) -> Result<For, Refusal> {
    let none = || {
        let sentence = "There are no letters of this kind or in this language.";
        Refusal::not_found("no-such-wording", sentence).onward("The words of new letters", WORDING_PATH)
    };
    Ok((kind.parse().map_err(|_| none())?, language.parse().map_err(|_| none())?))
}

/// `GET /letters/wording/{kind}/{language}`: the editor, with the words in force or earlier ones.
///
/// # Errors
/// Refused for everybody but staff, and for words that do not exist.
pub async fn form(shell: Shell, path: web::Path<(String, String)>, asked: web::Query<Asked>) -> Page {
    shell.staff()?;
    let of = named(path.into_inner())?;
    let wanted = asked.version;
    let text = shell.service.store.read(move |view| words(view, of, wanted)).await?;
    let Some(text) = text else {
        let refusal = Refusal::not_found("no-such-wording", "There is no such version of these words.");
        return Err(refusal.onward("The words in force", path_of(of)).into());
    };
    show(&editor(&shell, of, FormView::filled([(TEXT, text)]), vec![]).await?)
}

async fn editor(shell: &Shell, of: For, form: FormView, preview: Vec<String>) -> Outcome<Editor> {
    let (in_force, lines) =
        shell.service.store.read(move |view| Ok((store::in_force(view, of)?.0, store::lines(view)?))).await?;
    let (kind, language) = of;
    let title = format!("{} in {}", kind.label(), language.label());
    Ok(Editor {
        frame: shell.frame(title).within(Section::Queue).failed_if(form.has_errors()),
        form,
        kind,
        language,
        in_force,
        versions: lines.into_iter().filter(|line| line.of == of).collect(),
        limitation: language.fixed().limitation.1,
        preview: preview.iter().map(|paragraph| prose::read(paragraph)).collect(),
    })
}

/// `POST /letters/wording/{kind}/{language}`: shows what a letter would say, or with the button "Save" puts it in force.
///
/// # Errors
/// Refused for everybody but staff; a text with faults comes back with each of them.
pub async fn take(shell: Shell, path: web::Path<(String, String)>, post: Post) -> Page {
    let staff = shell.staff()?;
    let of = named(path.into_inner())?;
    let now = shell.service.clock.now();
    let Post { fields, once: key } = post;
    let (text, seen) = (fields.get(TEXT).to_owned(), fields.get(SEEN).parse().unwrap_or(-1));
    let form = FormView::filled([(TEXT, text.as_str())]);
    let mut is_old = FieldErrors::default();
    if fields.has("save") {
        let typed = text.clone();
        let write = move |tx: &mut Tx<'_>| {
            once(tx, &key, now, |tx| save(tx, now, staff, of, (&typed, seen)).map(|_| WORDING_PATH.to_owned()))
        };
        match shell.service.store.write(write).await {
            Ok(path) => {
                let said =
                    "Saved. Letters that are begun from now on start with these words; those begun already stay.";
                return Ok(see_other_saying(&shell.service, &path, Tone::Good, said));
            }
            Err(Failure::Refusal(refusal)) if refusal.code == "wording-changed" => is_old.add(TEXT, refusal.sentence),
            Err(Failure::Fields(errors)) => {
                return show_again(&editor(&shell, of, form.failing(errors), vec![]).await?);
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    match preview(of, &text) {
        Ok(paragraphs) if is_old.is_empty() => show(&editor(&shell, of, form, paragraphs).await?),
        Ok(paragraphs) => show_conflict(&editor(&shell, of, form.failing(is_old), paragraphs).await?),
        Err(Failure::Fields(errors)) => show_again(&editor(&shell, of, form.failing(errors), vec![]).await?),
        Err(failure) => Err(failure.into()),
    }
}
