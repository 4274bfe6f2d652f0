//! The applicant's page on which they tell what became of the proposal.

use actix_web::web;
use askama::Template;

use super::rules::{self, ANSWER, Answer, REMARK};
use super::{commands, store};
use crate::ids::RequestId;
use crate::people::access::{Applicant, no_such_request};
use crate::plain;
use crate::refusal::Outcome;
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::store::{self as requests, Request, co_applicants};

#[derive(Template)]
#[template(path = "outcome/page.html")]
struct OutcomePage {
    frame: Frame,
    form: FormView,
    request: Request,
    answers: Vec<Choice>,
    /// When the applicant told what stands in the form; empty when they have not.
    told_on: String,
}

/// `GET /requests/{id}/outcome`: three answers, and room for a sentence.
///
/// # Errors
/// To anyone but the applicant there is no such request; refused without a letter in force.
pub async fn form(shell: Shell, path: web::Path<String>) -> Page {
    let (request, _) = own(&shell, &path).await?;
    let id = request.id;
    let known = shell.service.store.read(move |view| store::one(view, id)).await?;
    let form = match &known.told {
        Some((told, _)) => FormView::filled([(ANSWER, told.answer.as_str()), (REMARK, told.remark.as_str())]),
        None => FormView::new(),
    };
    let told_on = known.told.map(|(_, at)| plain::day(at.date_naive()).to_string()).unwrap_or_default();
    show(&page(&shell, request, form, told_on))
}

/// `POST /requests/{id}/outcome`: keeps the answer.
///
/// # Errors
/// As for the page, and every field that is wrong.
pub async fn tell(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let (request, applicant) = own(&shell, &path).await?;
    let told = match rules::read(post.fields.get(ANSWER), post.fields.get(REMARK)) {
        Ok(told) => told,
        Err(errors) => {
            let form = FormView::filled(post.fields.iter()).failing(errors);
            return show_again(&page(&shell, request, form, String::new()));
        }
    };
    let (moment, target) = (shell.service.moment(), format!("/requests/{}", request.id));
    let write = move |tx: &mut crate::store::Tx<'_>| {
        once(tx, &post.once, moment.now, |tx| commands::tell(tx, &moment, &applicant, &told).map(|()| target))
    };
    let target = shell.service.store.write(write).await?;
    Ok(see_other_saying(&shell.service, &target, Tone::Good, "Thank you. You can change the answer at any time."))
}

fn page(shell: &Shell, request: Request, form: FormView, told_on: String) -> OutcomePage {
    OutcomePage {
        frame: shell.frame("What became of your proposal?").within(Section::Requests).failed_if(form.has_errors()),
        form,
        request,
        answers: Answer::ALL.iter().map(|answer| Choice::new(answer.as_str(), answer.label())).collect(),
        told_on,
    }
}

/// The applicant's own request, with a letter in force.
async fn own(shell: &Shell, path: &str) -> Outcome<(Request, Applicant)> {
    let visitor = shell.visitor()?;
    let id: RequestId = path.parse().map_err(|_| no_such_request())?;
    let person = visitor.person();
    let read = shell.service.store.read(move |view| {
        let request = requests::find(view, id)?.ok_or_else(no_such_request)?;
        let share = co_applicants::share(view, &request, person)?;
        Ok((request, share))
    });
    let (request, share) = read.await?;
    let applicant = visitor.applicant(id, share)?;
    rules::may_tell(request.stage).map_err(|refusal| refusal.onward("Your request", format!("/requests/{id}")))?;
    Ok((request, applicant))
}
