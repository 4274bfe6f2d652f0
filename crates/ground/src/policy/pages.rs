//! The policy in force, for everybody.

use askama::Template;

use super::expectations::Expectation;
use super::settings::{Policy, Setting};
use super::{store, words};
use crate::plain;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, show};
use crate::web::shell::Shell;

struct Value {
    meaning: &'static str,
    value: String,
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
    expectations: &'static [Expectation],
}

/// The policy in force.
///
/// # Errors
/// A fault of the database.
pub async fn page(shell: Shell) -> Page {
    let now = shell.service.clock.now();
    let policy: Policy = shell.service.store.read(move |view| store::in_force(view, now)).await?;
    let value =
        |setting: &Setting| Value { meaning: setting.meaning(), value: policy.value(*setting).replace('_', " ") };
    show(&PolicyPage {
        frame: shell.frame("Policy for letters of support").within(Section::Policy),
        day: plain::day(policy.today(now)).to_string(),
        minimum: words::days(policy.minimum_lead_days),
        normal: words::days(policy.normal_lead_days),
        bands: words::lead_times(&policy),
        decision: words::decision(&policy),
        values: Setting::ALL.iter().map(value).collect(),
        expectations: Expectation::ALL,
    })
}
