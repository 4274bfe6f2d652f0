//! Many sent requests in one ZIP for staff, each as its own file, written while it is sent: one is set at a time.

use std::io::Write;
use std::sync::Arc;

use actix_web::web::{Data, Query};
use sheets::Typesetter;
use tokio::runtime::Handle;

use super::pdf::{copied, set};
use crate::clock::Instant;
use crate::ids::RequestId;
use crate::people::access::Onlooker;
use crate::people::access::no_such_request;
use crate::plain;
use crate::refusal::{FieldErrors, Outcome};
use crate::store::View;
use crate::web::page::{Page, download};
use crate::web::pieces::in_pieces;
use crate::web::service::Service;
use crate::web::shell::Shell;
use crate::workflow::packing::Packing;
use crate::workflow::request::pdf;
use crate::workflow::request::store::{self, queue};

/// The most requests in one ZIP.
const MOST_IN_ZIP: usize = 50;

/// `GET /requests.zip?request=…`: the picked requests as they stand today, in one file. Taking it away changes nothing.
///
/// # Errors
/// Refused for everybody but staff, and for more than 50 requests; not found when none of them is there for whoever asks.
pub async fn zip(shell: Shell, typesetter: Data<dyn Typesetter>, query: Query<Vec<(String, String)>>) -> Page {
    shell.staff()?;
    let ids: Vec<RequestId> =
        query.iter().filter(|(name, _)| name == "request").filter_map(|(_, id)| id.parse().ok()).collect();
    if !(1..=MOST_IN_ZIP).contains(&ids.len()) {
        let sentence = format!("Pick at least one request and at most {MOST_IN_ZIP}.");
        return Err(FieldErrors::one("request", sentence).into());
    }
    let onlooker = shell.visitor()?.onlooker();
    let found = shell.service.store.read(move |view| within_sight(view, &onlooker, ids)).await?;
    if found.is_empty() {
        return Err(no_such_request().into());
    }
    let (service, typesetter, now) = (shell.service.clone(), typesetter.into_inner(), shell.service.clock.now());
    let (runtime, name) = (Handle::current(), format!("IIIF_requests_{}.zip", now.format("%Y-%m-%d")));
    let body = in_pieces("an archive of requests", move |to| write(&service, &runtime, &typesetter, (&found, now), to));
    Ok(download("application/zip", &name).body(body))
}

/// Those of the requests, each once, that were sent and that no conflict of interest closes to one of staff who acts for
/// `seats`.
fn within_sight(view: &mut View<'_>, onlooker: &Onlooker, ids: Vec<RequestId>) -> Outcome<Vec<RequestId>> {
    let sight = queue::sight(view, true, onlooker)?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let is_sent = store::find(view, id)?.is_some_and(|request| request.reference.is_some());
        if is_sent && !sight.hides(id) && !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn write(
    service: &Service,
    runtime: &Handle,
    typesetter: &Arc<dyn Typesetter>,
    (ids, now): (&[RequestId], Instant),
    to: impl Write,
) -> Outcome<()> {
    let mut archive = Packing::into(to);
    for id in ids {
        let read = service.store.read_now(|view| {
            let request = store::find(view, *id)?.ok_or_else(no_such_request)?;
            let policy = request.frozen_policy()?.unwrap_or_default();
            let day = policy.today(now);
            Ok((copied(view, &request, &policy, plain::day(day).to_string())?, day))
        });
        let (copy, day) = read?;
        let (name, typesetter) = (pdf::file_name(&copy.reference), Arc::clone(typesetter));
        // In turn with whoever waits for a single one.
        let bytes = runtime.block_on(service.turns.take(move || set(&typesetter, &copy, day)))??;
        archive.add(&name, &bytes)?;
    }
    Ok(archive.finish()?)
}
