//! The staff's import of the website's file: paste it, look at what it would change, say who was renamed, tick what is
//! to be taken over, apply it.

use std::collections::HashSet;

use askama::Template;

use super::members;
use crate::clock::Instant;
use crate::ids::InstitutionId;
use crate::members::commands::import::{Wish, difference, import};
use crate::members::difference::{Changed, Difference, How, Offer, Row, Said};
use crate::members::example::next_file;
use crate::members::store;
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::store::{Tx, View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again, show_conflict};
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;

/// What stands in a select for a name that is nobody's new name.
const NEW: &str = "new";

/// The fields with the rows that are ticked.
const GROUPS: [&str; 3] = ["added", "changed", "gone"];

/// A name that may be somebody's new one, with a select for whose.
struct Question {
    /// The fields that carry the name and the answer.
    name_field: String,
    field: String,
    name: String,
    answers: Vec<Choice>,
}

/// Rows of one kind, each with its box.
struct Group {
    name: &'static str,
    title: &'static str,
    hint: &'static str,
    rows: Vec<Choice>,
}

/// What the page shows of a difference.
struct Shown {
    questions: Vec<Question>,
    groups: Vec<Group>,
    remarks: Vec<String>,
    counts: String,
    /// Every row's name, so that a row nobody has seen yet is told from one without a tick.
    rows: String,
    version: i64,
    is_empty: bool,
}

#[derive(Template)]
#[template(path = "members/import.html")]
struct ImportPage {
    frame: Frame,
    form: FormView,
    shown: Option<Shown>,
}

fn page(shell: &Shell, form: FormView, shown: Option<Shown>) -> ImportPage {
    let frame = shell.frame("Import members").within(Section::Members).failed_if(form.has_errors());
    ImportPage { frame, form, shown }
}

/// What was chosen on the page, and the fields with something that is none of the choices.
fn wish(fields: &Fields) -> (Wish, FieldErrors) {
    let (mut said, mut errors) = (Said::default(), FieldErrors::default());
    for (number, name) in fields.iter().filter_map(|(field, name)| Some((field.strip_prefix("name-")?, name))) {
        let field = format!("is-{number}");
        match (fields.get(&field), fields.get(&field).parse()) {
            (NEW, _) => said.new.push(name.to_owned()),
            (_, Ok(id)) => said.same.push((name.to_owned(), id)),
            (_, Err(_)) => errors.add(field, format!("Choose whose new name “{name}” is.")),
        }
    }
    let shown: HashSet<&str> = fields.get("shown").split_whitespace().collect();
    let mut ticked: HashSet<&str> = HashSet::new();
    for group in GROUPS {
        if fields.all(group).any(|row| !shown.contains(row)) {
            errors.add(group, "Tick rows of this list.");
        }
        ticked.extend(fields.all(group));
    }
    let left_out = shown.iter().filter(|row| !ticked.contains(*row)).filter_map(|row| row.parse().ok()).collect();
    (Wish { said, left_out, from: None, seen: fields.get("version").parse().ok() }, errors)
}

/// The difference as the page shows it, and the form with all that was chosen so far.
fn shown(view: &mut View<'_>, text: &str, wish: &Wish, now: Instant) -> Outcome<(Shown, FormView)> {
    let version = store::version(view)?;
    let whole = difference(view, text, wish, now)?;
    let names = store::names(view)?;
    let mut form = FormView::new().with("file", text);
    let questions = questions(&whole, &wish.said, |id| {
        names.iter().find(|(known, _)| *known == id).map_or("", |(_, name)| name.as_str()).to_owned()
    });
    let questions: Vec<Question> = questions
        .into_iter()
        .enumerate()
        .map(|(at, (name, answers, answer))| {
            let field = format!("is-{}", at + 1);
            form = std::mem::take(&mut form).with(&field, answer);
            Question { name_field: format!("name-{}", at + 1), field, name, answers }
        })
        .collect();
    let groups = groups(&whole);
    for (name, row) in groups.iter().flat_map(|group| group.rows.iter().map(|row| (group.name, row))) {
        if row.value.parse().is_ok_and(|row: Row| !wish.left_out.contains(&row)) {
            form = form.with(name, &row.value);
        }
    }
    let rows: Vec<&str> = groups.iter().flat_map(|group| &group.rows).map(|row| row.value.as_str()).collect();
    let rows = rows.join(" ");
    let Difference { added, changed, gone, unchanged, .. } = &whole;
    let (added, changed, gone) = (added.len(), changed.len(), gone.len());
    let counts = format!("{added} added, {changed} changed, {gone} gone, {unchanged} unchanged.");
    let (remarks, is_empty) = (whole.remarks.clone(), whole.is_empty());
    Ok((Shown { questions, groups, remarks, counts, rows, version, is_empty }, form))
}

/// Each name that may be a new one with the answers there are, and the one that holds.
fn questions(
    difference: &Difference,
    said: &Said,
    name_of: impl Fn(InstitutionId) -> String,
) -> Vec<(String, Vec<Choice>, String)> {
    let choice = |offer: &Offer| {
        let why = if offer.same_website { " (same website)" } else { "" };
        Choice::new(offer.id.to_string(), format!("The new name of {}{why}", offer.name))
    };
    let recognised = difference.changed.iter().filter(|changed| changed.how != How::Name).map(|changed: &Changed| {
        let offer = Offer { id: changed.id, name: name_of(changed.id), same_website: changed.how == How::Website };
        let mut choice = choice(&offer);
        if changed.how == How::Ror {
            choice.label.push_str(" (same ROR id)");
        }
        (changed.entry.name.clone(), vec![choice], changed.id.to_string())
    });
    let declined = |name: &str| said.new.iter().any(|new| new == name);
    let open = difference.added.iter().filter(|added| !added.perhaps.is_empty() || declined(&added.entry.name));
    let open = open.map(|added| (added.entry.name.clone(), added.perhaps.iter().map(choice).collect(), NEW.to_owned()));
    recognised
        .chain(open)
        .map(|(name, mut answers, answer): (String, Vec<Choice>, String)| {
            answers.insert(0, Choice::new(NEW, "An institution that is new in the list"));
            (name, answers, answer)
        })
        .collect()
}

fn groups(difference: &Difference) -> Vec<Group> {
    let added = difference.added.iter().map(|added| {
        let website = added.entry.website.as_deref().unwrap_or("no website");
        Choice::new(added.row.to_string(), &added.entry.name)
            .hint(format!("{}, {website}", added.entry.membership.label()))
    });
    let changed = difference.changed.iter().map(|changed| {
        let none = |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
        let fields = changed.fields.iter();
        let fields = fields.map(|one| format!("{}: {} → {}", one.field, none(&one.before), none(&one.after)));
        Choice::new(changed.row.to_string(), &changed.name).hint(fields.collect::<Vec<_>>().join("; "))
    });
    let gone = difference.gone.iter();
    let gone = gone.map(|gone| Choice::new(Row::Gone(gone.id).to_string(), &gone.name).hint(gone.was.label()));
    let group = |name, title, hint, rows: Vec<Choice>| Group { name, title, hint, rows };
    let [in_added, in_changed, in_gone] = GROUPS;
    [
        group(in_added, "New in the list", "They join today.", added.collect()),
        group(
            in_changed,
            "Changed",
            "A new membership holds from today on; the old name stays as another name.",
            changed.collect(),
        ),
        group(
            in_gone,
            "No longer in the file",
            "They count as having left yesterday. Nothing is deleted.",
            gone.collect(),
        ),
    ]
    .into_iter()
    .filter(|group| !group.rows.is_empty())
    .collect()
}

/// The form to paste a file into; in the demonstration there is one already.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn blank(shell: Shell) -> Page {
    shell.staff()?;
    let mut form = FormView::new();
    if shell.service.config.demo {
        let read = members(&shell.service).await?;
        let day = shell.service.clock.now().date_naive();
        form = form.with("file", next_file(&read.all, read.file.as_ref(), day));
    }
    show(&page(&shell, form, None))
}

/// Shows what a file would change, and with the button "Apply" changes it.
///
/// # Errors
/// Refused for everybody but staff; a form with errors comes back.
pub async fn take(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let Post { fields, once: key } = post;
    let text = fields.get("file").to_owned();
    let (wish, mut errors) = wish(&fields);
    let typed = FormView::filled([("file", text.as_str())]);
    let mut is_old = false;
    if fields.has("apply") && errors.is_empty() {
        let (text, wish) = (text.clone(), wish.clone());
        let write = move |tx: &mut Tx<'_>| {
            once(tx, &key, now, |tx| import(tx, &text, &wish, Some(staff), now).map(|_| "/members".to_owned()))
        };
        match shell.service.store.write(write).await {
            Ok(path) => {
                let said = "The file is imported. Lists, forms and the FAQ show it from now on.";
                return Ok(see_other_saying(&shell.service, &path, Tone::Good, said));
            }
            Err(Failure::Fields(wrong)) => errors = wrong,
            Err(Failure::Refusal(refusal)) if refusal.code == "list-changed" => {
                is_old = true;
                errors.add("", refusal.sentence);
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    match shell.service.store.read(move |view| shown(view, &text, &wish, now)).await {
        Ok((shown, form)) => {
            let has_errors = !errors.is_empty();
            let page = page(&shell, form.failing(errors), Some(shown));
            match (is_old, has_errors) {
                (true, _) => show_conflict(&page),
                (false, true) => show_again(&page),
                (false, false) => show(&page),
            }
        }
        Err(Failure::Fields(wrong)) => show_again(&page(&shell, typed.failing(wrong), None)),
        Err(failure) => Err(failure.into()),
    }
}
