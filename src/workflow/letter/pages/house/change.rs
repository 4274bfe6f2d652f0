//! Changing letterhead and signatory: the form, the look at a letter with the change, and putting it in force.

use actix_web::web;
use askama::Template;

use super::{Asked, no_such_version};
use crate::refusal::{Failure, FieldErrors, Outcome};
use crate::store::{Tx, View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again, show_conflict};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::web::upload::Upload;
use crate::workflow::letter::commands::house::{self as commands, CHANGE_PATH, HOUSE_PATH};
use crate::workflow::letter::house::form::{self, Chosen, ChosenPictures, blame, fields};
use crate::workflow::letter::house::picture::{LONGEST_SIDE, MOST_BYTES};
use crate::workflow::letter::house::{Change, House};
use crate::workflow::letter::pages::edit::with_preview;
use crate::workflow::letter::pages::printing::Printing;
use crate::workflow::letter::pages::{bundled, place};
use crate::workflow::letter::pdf;
use crate::workflow::letter::store::house as store;

/// The version that the form began with: its pictures stay where nothing else is chosen.
const BEGAN_WITH: &str = "began_with";
/// The version that was in force when the page was shown.
const SEEN: &str = "seen";
/// What tells the house that was looked at from every other.
const LOOKED: &str = "looked";
/// The value of `BEGAN_WITH` for what somebody is changing already.
const OWN: &str = "change";

#[derive(Template)]
#[template(path = "letter/house_edit.html")]
struct EditPage {
    frame: Frame,
    form: FormView,
    /// Where the pictures come from: a version's number, or `change`.
    from: String,
    before: House,
    /// The version that was in force when the form was opened.
    seen: i64,
    most_kb: usize,
    longest_side: u32,
}

#[derive(Template)]
#[template(path = "letter/house_change.html")]
struct ChangePage {
    frame: Frame,
    form: FormView,
    house: House,
    changes: Vec<Change>,
    /// The version in force.
    in_force: i64,
    looked: String,
    /// Who put another version in force since the change was begun; empty when nobody did.
    meanwhile: String,
}

fn edit_page(shell: &Shell, form: FormView, (from, seen): (String, i64), before: House) -> EditPage {
    let frame = shell.frame("Change letterhead and signatory").within(Section::Queue).failed_if(form.has_errors());
    EditPage { frame, form, from, before, seen, most_kb: MOST_BYTES / 1_000, longest_side: LONGEST_SIDE }
}

/// `GET /letters/house/edit`: the form, with what who asks is changing already, or the version in force or asked for.
///
/// # Errors
/// Refused for everybody but staff, and for a version that does not exist.
pub async fn edit(shell: Shell, asked: web::Query<Asked>) -> Page {
    let person = shell.staff()?.person();
    let (bundled, wanted) = (bundled(&shell.service), asked.version);
    let read = shell.service.store.read(move |view| {
        let in_force = store::number(view)?;
        let own = store::change_of(view, person)?.map(|change| change.house).filter(|_| wanted.is_none());
        let from = if own.is_some() { OWN.to_owned() } else { wanted.unwrap_or(in_force).to_string() };
        let version = |view: &mut View<'_>| store::version(view, wanted.unwrap_or(in_force), &bundled);
        let before = own.map_or_else(|| version(view), |own| Ok(Some(own)))?;
        Ok(((from, in_force), before.ok_or_else(no_such_version)?))
    });
    let (from, before) = read.await?;
    show(&edit_page(&shell, FormView::filled(form::values(&before.settings)), from, before))
}

/// `POST /letters/house/edit`: keeps the change for who sent it, to be looked at. A letter must be settable with it.
///
/// # Errors
/// Refused for everybody but staff; every field that is wrong.
pub async fn save(shell: Shell, printing: web::Data<Printing>, sent: Upload) -> Page {
    let staff = shell.staff()?;
    let (bundled, from) = (bundled(&shell.service), sent.post.fields.get(BEGAN_WITH).to_owned());
    let number: i64 = from.parse().unwrap_or_default();
    let is_own = from == OWN;
    let before = shell
        .service
        .store
        .read(move |view| {
            let own = if is_own { store::change_of(view, staff.person())?.map(|change| change.house) } else { None };
            let before = own.map_or_else(|| store::version(view, number, &bundled), |own| Ok(Some(own)))?;
            Ok(before.ok_or_else(no_such_version)?)
        })
        .await?;
    // An earlier version that is to come back replaces the one that was in force when the form was opened.
    let seen = sent.post.fields.get(SEEN).parse().unwrap_or(before.number);
    let get = |name: &str| sent.post.fields.get(name);
    let chosen = |file: &str, none: &str| match sent.file(file) {
        Some(file) => Chosen::File(&file.bytes, file.size),
        None if sent.post.fields.has(none) => Chosen::None,
        None => Chosen::Nothing,
    };
    let pictures = ChosenPictures {
        logo: chosen(fields::LOGO, fields::NO_LOGO),
        signature: chosen(fields::SIGNATURE, fields::NO_SIGNATURE),
    };
    let judged = match form::read(get, pictures, &before) {
        Ok(house) => settable(&shell, &printing, house).await?,
        Err(errors) => Err(errors),
    };
    let house = match judged {
        Ok(house) => House { number: if is_own { before.number } else { seen }, ..house },
        Err(errors) => {
            let form = FormView::filled(sent.post.fields.iter()).failing(errors);
            return show_again(&edit_page(&shell, form, (from, seen), before));
        }
    };
    let (key, now) = (sent.post.once, shell.service.clock.now());
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &key, now, |tx| commands::try_out(tx, now, staff, &house).map(|()| CHANGE_PATH.to_owned()))
    };
    let path = shell.service.store.write(write).await?;
    Ok(see_other_saying(
        &shell.service,
        &path,
        Tone::Info,
        "Kept for you. Nothing is in force yet: look at the letter.",
    ))
}

/// The house, if a letter can be set with it; else the fields that are to blame.
async fn settable(shell: &Shell, printing: &Printing, house: House) -> Outcome<Result<House, FieldErrors>> {
    let text = commands::sample(&house, &place(&shell.service), shell.service.clock.now().date_naive())?;
    match printing.print(text).await? {
        Ok(_) => Ok(Ok(house)),
        Err(why) => match blame(&house, &why) {
            Some(errors) => Ok(Err(errors)),
            None => Err(pdf::failure(why)),
        },
    }
}

/// `GET /letters/house/change`: what who asks is changing, beside what is in force, with a made-up letter.
///
/// # Errors
/// Refused for everybody but staff, and for whoever is changing nothing.
pub async fn look(shell: Shell) -> Page {
    shell.staff()?;
    with_preview(show(&change_page(&shell, FormView::new()).await?))
}

async fn change_page(shell: &Shell, form: FormView) -> Outcome<ChangePage> {
    let person = shell.staff()?.person();
    let bundled = bundled(&shell.service);
    let (change, in_force, versions) = shell
        .service
        .store
        .read(move |view| {
            Ok((store::change_of(view, person)?, store::in_force(view, &bundled)?, store::versions(view)?))
        })
        .await?;
    let nothing = || commands::nothing_changed().onward("See what is in force", HOUSE_PATH);
    let house = change.ok_or_else(nothing)?.house;
    let meanwhile = match versions.first() {
        Some(version) if house.number != in_force.number => version.to_string(),
        _ => String::new(),
    };
    Ok(ChangePage {
        frame: shell.frame("Look at the change").within(Section::Queue).failed_if(form.has_errors()),
        form,
        changes: house.changes(&in_force),
        in_force: in_force.number,
        looked: commands::mark(&house)?,
        meanwhile,
        house,
    })
}

/// `POST /letters/house/change`: puts in force what who asks has looked at.
///
/// # Errors
/// Refused for everybody but staff, and when somebody else put another version in force meanwhile.
pub async fn put_in_force(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let (now, bundled) = (shell.service.clock.now(), bundled(&shell.service));
    let Post { fields, once: key } = post;
    let (seen, looked) = (fields.get(SEEN).parse().unwrap_or(-1), fields.get(LOOKED).to_owned());
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &key, now, |tx| {
            commands::put_in_force(tx, now, staff, &bundled, (seen, &looked)).map(|_| HOUSE_PATH.to_owned())
        })
    };
    match shell.service.store.write(write).await {
        Ok(path) => {
            let said = "In force. Letters that are passed on from now on show it; those that wait to be issued stay as \
                        they were passed on.";
            Ok(see_other_saying(&shell.service, &path, Tone::Good, said))
        }
        Err(Failure::Refusal(refusal)) if refusal.code == "house-changed" => {
            let form = FormView::new().failing(FieldErrors::one("", refusal.sentence));
            with_preview(show_conflict(&change_page(&shell, form).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /letters/house/change/drop`: throws away what who asks is changing.
///
/// # Errors
/// Refused for everybody but staff.
pub async fn drop_change(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let now = shell.service.clock.now();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &post.once, now, |tx| commands::drop_change(tx, staff).map(|()| HOUSE_PATH.to_owned()))
    };
    let path = shell.service.store.write(write).await?;
    Ok(see_other_saying(&shell.service, &path, Tone::Info, "Thrown away. What is in force stays."))
}
