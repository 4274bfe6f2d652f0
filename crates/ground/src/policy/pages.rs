//! The policy in force, for everybody; and where staff change one of its values.

use actix_web::web::Path;
use askama::Template;

use super::change::{SINCE, VALUE};
use super::expectations::Expectation;
use super::kind::Kind;
use super::settings::{DatedSetting, Setting};
use super::{commands, store, words};
use crate::plain;
use crate::refusal::{Failure, Outcome, Refusal};
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;

struct Value {
    setting: Setting,
    meaning: &'static str,
    value: String,
    /// The values that are to come, each with its first day.
    coming: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "policy/page.html")]
struct PolicyPage {
    frame: Frame,
    day: String,
    minimum: String,
    normal: String,
    bands: Vec<words::Band>,
    decision: Vec<String>,
    values: Vec<Value>,
    is_staff: bool,
    expectations: &'static [Expectation],
}

/// The policy in force.
///
/// # Errors
/// A fault of the database.
pub async fn page(shell: Shell) -> Page {
    let now = shell.service.clock.now();
    let read = shell.service.store.read(move |view| Ok((store::in_force(view, now)?, store::all(view)?)));
    let (policy, known) = read.await?;
    let today = policy.today(now);
    let value = |setting: &Setting| {
        let is_to_come = |one: &&DatedSetting| one.setting == *setting && one.since > today;
        let coming = known.iter().filter(is_to_come);
        Value {
            setting: *setting,
            meaning: setting.meaning(),
            value: setting.in_words(&policy.value(*setting)),
            coming: coming.map(|one| (setting.in_words(&one.value), plain::day(one.since).to_string())).collect(),
        }
    };
    show(&PolicyPage {
        frame: shell.frame("Policy for letters of support").within(Section::Policy),
        day: plain::day(policy.today(now)).to_string(),
        minimum: words::days(policy.minimum_lead_days),
        normal: words::days(policy.normal_lead_days),
        bands: words::lead_times(&policy),
        decision: words::decision(&policy),
        values: Setting::ALL.iter().map(value).collect(),
        is_staff: shell.visitor.as_ref().is_some_and(|visitor| visitor.staff().is_ok()),
        expectations: Expectation::ALL,
    })
}

/// A value that staff have set.
struct Line {
    since: String,
    value: String,
    by: String,
}

#[derive(Template)]
#[template(path = "policy/setting.html")]
struct SettingPage {
    frame: Frame,
    setting: Setting,
    today: String,
    kind: Kind,
    choices: Vec<Choice>,
    hint: String,
    lines: Vec<Line>,
    form: FormView,
}

async fn setting_page(shell: &Shell, setting: Setting, form: Option<FormView>) -> Outcome<SettingPage> {
    let now = shell.service.clock.now();
    let read =
        move |view: &mut crate::store::View<'_>| Ok((store::in_force(view, now)?, store::history(view, setting)?));
    let (policy, history) = shell.service.store.read(read).await?;
    let value = policy.value(setting);
    let form = form.unwrap_or_else(|| FormView::new().with(VALUE, value.as_str()));
    let (choices, hint) = match setting.kind() {
        Kind::Number(least, most) => (vec![], format!("A whole number from {least} to {most}.")),
        Kind::YesOrNo => (vec![Choice::new("yes", "Yes"), Choice::new("no", "No")], String::new()),
        Kind::Words(words) => {
            (words.iter().map(|(word, meaning)| Choice::new(*word, *meaning)).collect(), String::new())
        }
        Kind::Zone => (vec![], "Its IANA name, for example Europe/London.".to_owned()),
    };
    let line = |(since, value, name, address): store::Said| Line {
        since: plain::day(since).to_string(),
        value: setting.in_words(&value),
        by: name.filter(|name| !name.is_empty()).or(address).unwrap_or_default(),
    };
    Ok(SettingPage {
        frame: shell.frame(setting.meaning()).within(Section::Policy).failed_if(form.has_errors()),
        setting,
        today: setting.in_words(&value),
        kind: setting.kind(),
        choices,
        hint,
        lines: history.into_iter().map(line).collect(),
        form,
    })
}

fn setting_of(path: &str) -> Result<Setting, Refusal> {
    let sentence = "The policy has no such value.";
    path.parse().map_err(|_| Refusal::not_found("no-such-setting", sentence).onward("The policy", "/policy"))
}

/// `GET /policy/{setting}`: one value of the policy, as it was and will be, and the form to change it.
///
/// # Errors
/// Staff only; a refusal when there is no such value; a fault of the database.
pub async fn setting(shell: Shell, path: Path<String>) -> Page {
    shell.staff()?;
    show(&setting_page(&shell, setting_of(&path)?, None).await?)
}

/// `POST /policy/{setting}`: lets it take a value from a day on.
///
/// # Errors
/// Staff only; a form with errors comes back; a fault of the database.
pub async fn set(shell: Shell, path: Path<String>, post: Post) -> Page {
    let (staff, setting) = (shell.staff()?, setting_of(&path)?);
    let now = shell.service.clock.now();
    let form = FormView::filled(post.fields.iter());
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, now, |tx| {
                let typed = (post.fields.get(VALUE), post.fields.get(SINCE));
                commands::set(tx, setting, typed, staff, now).map(|()| format!("/policy/{setting}"))
            })
        })
        .await;
    match outcome {
        Ok(path) => {
            let said = "The change is saved. Requests that were sent keep the values they were sent under.";
            Ok(see_other_saying(&shell.service, &path, Tone::Good, said))
        }
        Err(Failure::Fields(errors)) => show_again(&setting_page(&shell, setting, Some(form.failing(errors))).await?),
        Err(failure) => Err(failure.into()),
    }
}
