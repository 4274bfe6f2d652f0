//! Address labels for staff: of one physical copy, or of all that wait. Taking them away changes nothing.

use actix_web::web::{Data, Path};
use sheets::Typesetter;

use super::{bundled, request_id, sender};
use crate::people::access::no_such_request;
use crate::refusal::Refusal;
use crate::web::page::{Page, download};
use crate::web::shell::Shell;
use crate::workflow::post::commands::posting_path;
use crate::workflow::post::pdf::{self, Label, Sender};
use crate::workflow::post::rules::State;
use crate::workflow::post::store;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, queue};

/// The most labels in one file.
const MOST: usize = 100;

/// `GET /requests/{id}/posting/label.pdf`: the label of the physical copy that waits to be posted.
///
/// # Errors
/// Refused for everybody but staff, and when none waits.
pub async fn one(shell: Shell, typesetter: Data<dyn Typesetter>, path: Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    let bundled = bundled(&shell.service);
    let read = shell.service.store.read(move |view| {
        let request = requests::find(view, id)?.filter(|request| request.reference.is_some());
        let request = request.ok_or_else(no_such_request)?;
        let copies = store::of(view, id, request.stage)?;
        let waits = matches!(copies.state(), Some(State::Asked | State::Printed | State::Returned));
        let to = copies.last().filter(|_| waits).map(|copy| copy.to.clone());
        Ok((sender(view, &bundled)?, to.map(|to| (request.name().to_owned(), to))))
    });
    let (sender, label) = read.await?;
    let nothing = || {
        let sentence = "No physical copy of this letter waits to be posted, so there is no label to print.";
        Refusal::not_found("no-label", sentence).onward("The physical copy", posting_path(id))
    };
    let label = label.ok_or_else(nothing)?;
    let name = pdf::file_name(&label.0);
    file(&shell, &typesetter, (&sender, &[label]), &name).await
}

/// `GET /queue/labels.pdf`: the labels of all physical copies that wait for staff, by reference, one to a page.
///
/// # Errors
/// Refused for everybody but staff, and when none waits.
pub async fn all(shell: Shell, typesetter: Data<dyn Typesetter>) -> Page {
    shell.staff()?;
    let onlooker = shell.visitor()?.onlooker();
    let bundled = bundled(&shell.service);
    let read = shell.service.store.read(move |view| {
        let sight = queue::sight(view, true, &onlooker)?;
        let waiting = store::waiting(view)?.into_iter().filter(|one| !sight.hides(one.request)).take(MOST);
        Ok((sender(view, &bundled)?, waiting.map(|one| (one.reference, one.to)).collect::<Vec<Label>>()))
    });
    let (sender, labels) = read.await?;
    if labels.is_empty() {
        let sentence = "No physical copy waits to be posted, so there is no label to print.";
        return Err(Refusal::not_found("no-label", sentence).onward("All requests", "/queue").into());
    }
    let name = pdf::file_name_of_many(shell.service.clock.now().date_naive());
    file(&shell, &typesetter, (&sender, &labels), &name).await
}

/// The file with these labels, called `name`.
async fn file(
    shell: &Shell,
    typesetter: &Data<dyn Typesetter>,
    (sender, labels): (&Sender, &[Label]),
    name: &str,
) -> Page {
    let job = pdf::job(sender, labels, shell.service.clock.now().date_naive())?;
    let typesetter = Data::clone(typesetter);
    let printed = match shell.service.turns.take(move || typesetter.set(&job)).await? {
        Ok(printed) => printed,
        Err(why) => return Err(unfit(pdf::flaw(why)?).into()),
    };
    Ok(download("application/pdf", name).body(printed.bytes))
}

fn unfit(sentence: String) -> Refusal {
    Refusal::conflict("label-unprintable", sentence).onward("Copies to be posted", "/queue?stage=to_post")
}
