//! Three questions before the form: open to everybody, kept nowhere, and bookmarkable.

use actix_web::web;
use askama::Template;

use crate::funders::bundled::funders;
use crate::policy;
use crate::web::form::{Choice, FormView};
use crate::web::frame::Frame;
use crate::web::page::{Page, show, show_again};
use crate::web::shell::Shell;
use crate::workflow::request::fields::Field;
use crate::workflow::request::funder;
use crate::workflow::request::raw::RawForm;
use crate::workflow::request::suitability::{Advice, Carried, Judged, Relation, Wanted, fields, judge, read};

#[derive(Template)]
#[template(path = "request/suitability.html")]
struct Suitability {
    frame: Frame,
    form: FormView,
    relations: Vec<Choice>,
    kinds: Vec<Choice>,
    /// What a request would begin with.
    carried: Carried,
    /// The advice; none before the questions are answered.
    judged: Option<Judged>,
    /// What is known of the funder, if one was named.
    about: Option<funder::About>,
    contact: String,
}

impl Suitability {
    /// How the advice is headed, and its tone.
    fn heading(advice: &Advice) -> (&'static str, &'static str) {
        match advice {
            Advice::GoAhead => ("good", "Go ahead"),
            Advice::TalkFirst => ("warn", "Talk to us first"),
            Advice::NotOurs => ("bad", "This is not something we can support"),
        }
    }
}

/// `GET /suitability`: the questions, and with answers in the address the advice.
///
/// # Errors
/// Every question that was not answered, once one was.
pub async fn page(shell: Shell, answers: web::Query<Vec<(String, String)>>) -> Page {
    let now = shell.service.clock.now();
    let policy = shell.service.store.read(move |view| policy::store::in_force(view, now)).await?;
    let form = FormView::filled(answers.into_inner());
    let mut typed = RawForm::default();
    typed.set(Field::Funder, form.value(fields::FUNDER));
    typed.set(Field::LetterKind, form.value(fields::WANTED));
    let today = policy.today(now);
    let (asked, read) = (form.has(fields::DEADLINE), read(|name| form.value(name)));
    let verdict = funder::verdict(&typed, funders()?, today);
    let mut page = Suitability {
        frame: shell.frame("Is a letter the right thing?"),
        relations: Relation::ALL.iter().map(|one| Choice::new(one.as_str(), one.label())).collect(),
        kinds: Wanted::ALL.iter().map(|one| Choice::new(one.as_str(), one.label()).hint(one.hint())).collect(),
        carried: Carried::of(|name| form.value(name)),
        judged: None,
        about: funder::about(&typed, funders()?, today),
        contact: shell.service.site.contact.clone(),
        form,
    };
    match read {
        Ok(answers) => page.judged = Some(judge(answers, verdict, &policy, today)),
        Err(errors) if asked => {
            page.frame = shell.frame("Is a letter the right thing?").failed_if(true);
            page.form = page.form.failing(errors);
            return show_again(&page);
        }
        Err(_) => {}
    }
    show(&page)
}
