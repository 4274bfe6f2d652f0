//! A sent request as a file to keep: for whoever asks, and for those who review it. Taking it away changes nothing.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::web::{Data, Path};
use sheets::{Typesetter, Unprintable};

use super::attachments::download::reader_of;
use crate::clock::InUtc;
use crate::ids::RequestId;
use crate::people::access::no_such_request;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::{Fault, Outcome, Refusal};
use crate::store::View;
use crate::web::page::{Page, download as file_to_keep};
use crate::web::shell::Shell;
use crate::workflow::request::attachment::file;
use crate::workflow::request::pdf::{self, Copied};
use crate::workflow::request::reading;
use crate::workflow::request::store::{self, Request, attachments, questions};

/// `GET /requests/{id}/request.pdf`: the request as it stands today; HEAD tells that there is one.
///
/// # Errors
/// To whoever may not read the request there is no such request, or a refusal that says why; not found before it is
/// sent.
pub async fn download(
    shell: Shell,
    request: HttpRequest,
    typesetter: Data<dyn Typesetter>,
    path: Path<String>,
) -> Page {
    let visitor = shell.visitor()?.clone();
    let id: RequestId = path.parse().map_err(|_| no_such_request())?;
    let now = shell.service.clock.now();
    let read = shell.service.store.read(move |view| {
        let request = store::find(view, id)?.ok_or_else(no_such_request)?;
        reader_of(view, &request, &visitor)?;
        let policy = request.frozen_policy()?.ok_or_else(|| not_sent(id))?;
        let day = policy.today(now);
        Ok((copied(view, &request, &policy, plain::day(day).to_string())?, day))
    });
    let (copy, day) = read.await?;
    let mut answer = file_to_keep("application/pdf", &pdf::file_name(&copy.reference));
    if request.method() == Method::HEAD {
        return Ok(answer.finish());
    }
    let typesetter = typesetter.into_inner();
    let set = move || set(&typesetter, &copy, day);
    Ok(answer.body(shell.service.turns.take(set).await??))
}

/// The bytes of the document. Characters that no font has are replaced, so that nobody is left without their copy.
pub(super) fn set(typesetter: &Arc<dyn Typesetter>, copy: &Copied, day: chrono::NaiveDate) -> Outcome<Vec<u8>> {
    let printed = match typesetter.set(&pdf::job(copy, &[], day)?) {
        Err(Unprintable::MissingGlyphs(missing)) => typesetter.set(&pdf::job(copy, &missing, day)?),
        printed => printed,
    };
    Ok(printed.map_err(|why| Fault::because("setting a request", why))?.bytes)
}

fn not_sent(id: RequestId) -> Refusal {
    let sentence = "The request is not sent yet. There is a copy to keep as soon as it is.";
    Refusal::not_found("not-sent", sentence).onward("Your request", format!("/requests/{id}"))
}

/// What the document says, as of the day `as_of`.
pub(super) fn copied(view: &mut View<'_>, request: &Request, policy: &Policy, as_of: String) -> Outcome<Copied> {
    let typed = request.typed()?;
    let files = file::sent(&attachments::of(view, request.id)?, request.submitted_at);
    let replied =
        questions::of(view, request.id)?.into_iter().filter_map(|asked| Some((asked.text, asked.reply?.text)));
    let deadline =
        [request.deadline_words.clone(), request.deadline_at.map(|at| InUtc::from(at).words).unwrap_or_default()];
    let facts = [
        ("Reference", request.name().to_owned()),
        ("Sent", request.submitted_at.map(|at| plain::day(policy.today(at)).to_string()).unwrap_or_default()),
        ("Funder’s deadline", deadline.join(", that is ")),
    ];
    Ok(Copied {
        reference: request.name().to_owned(),
        title: request.title.clone(),
        asked_by: request.applicant_name.clone(),
        as_of,
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        parts: reading::sent(&typed, &request.institution()),
        files: files
            .into_iter()
            .filter(|one| one.is_there)
            .map(|one| (one.kind, format!("{} ({})", one.name, one.about)))
            .collect(),
        asked: replied.collect(),
    })
}
