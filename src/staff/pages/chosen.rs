//! What staff do with the requests that they choose from the queue, and the page of what came of each.

use askama::Template;

use super::asked::Asked;
use super::page;
use crate::ids::RequestId;
use crate::refusal::{Failure, Onward, Outcome, Refusal};
use crate::staff::chosen::{self, ACT, Act, Chosen, REQUEST, may_take, not_there, seen_field};
use crate::staff::commands::chosen::{Acting, act};
use crate::store::{Tx, once};
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section};
use crate::web::page::{Page, see_other, show, show_again};
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;
use crate::workflow::request::store::Request;

/// What came of one request.
struct Line {
    id: RequestId,
    /// Empty where it is not there for whoever asks.
    reference: String,
    title: String,
    is_done: bool,
    result: &'static str,
    said: String,
    onward: Vec<Onward>,
}

#[derive(Template)]
#[template(path = "staff/chosen.html")]
struct ChosenPage {
    frame: Frame,
    /// The list that was chosen from.
    back: String,
    how_many: String,
    /// The file with those that can be taken, if that was asked for.
    file: Option<String>,
    lines: Vec<Line>,
}

/// What was done with one request, or why it was not.
type Came = (RequestId, Result<String, Refusal>);

/// `POST /queue/chosen`: does what was pressed with each of the chosen requests, and says what came of it. The same form
/// sent twice does nothing twice, and is answered as the first.
///
/// # Errors
/// Staff only; when nothing is chosen the list comes back.
pub async fn take(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let acting = Acting { staff, onlooker: shell.visitor()?.onlooker() };
    let asked = Asked::typed(&post.fields);
    let chosen = match chosen::read(post.fields.all(REQUEST), post.fields.get(ACT)) {
        Ok(chosen) => chosen,
        Err(errors) => {
            let ticked = FormView::filled(post.fields.all(REQUEST).map(|id| (REQUEST, id)));
            return show_again(&page(&shell, &asked, ticked, errors).await?);
        }
    };
    let came = match chosen.act {
        Act::Requests | Act::Letters => taken(&shell, &acting, &chosen).await?,
        Act::Print | Act::Write => done(&shell, &acting, &chosen, post).await?,
    };
    let can: Vec<RequestId> = came.iter().filter(|(_, came)| came.is_ok()).map(|(id, _)| *id).collect();
    let file = chosen.act.file(&can).filter(|_| !can.is_empty());
    if let Some(file) = file.as_deref().filter(|_| can.len() == came.len()) {
        return Ok(see_other(file));
    }
    let there = shell.service.store.read(move |view| acting.sees(view, &chosen.ids)).await?;
    show(&ChosenPage {
        frame: shell.frame(chosen.act.heading()).within(Section::Queue),
        back: asked.address("/queue", asked.after()),
        how_many: chosen::how_many(chosen.act, can.len(), came.len()),
        file,
        lines: came.into_iter().map(|came| line(came, chosen.act, &there)).collect(),
    })
}

/// `GET /queue/chosen`: nothing is chosen yet, so the queue.
///
/// # Errors
/// Staff only.
pub async fn back(shell: Shell) -> Page {
    shell.staff()?;
    Ok(see_other("/queue"))
}

/// Does it with one request after the other.
async fn done(shell: &Shell, acting: &Acting, chosen: &Chosen, post: Post) -> Outcome<Vec<Came>> {
    let Post { fields, once: key } = post;
    let mut came = Vec::with_capacity(chosen.ids.len());
    for id in chosen.ids.iter().copied() {
        let (moment, acting, what) = (shell.service.moment(), acting.clone(), chosen.act);
        let (key, seen) = (format!("{key} {id}"), seen(&fields, id));
        let write =
            move |tx: &mut Tx<'_>| once(tx, &key, moment.now, |tx| act(tx, &moment, &acting, (id, what), &seen));
        match shell.service.store.write(write).await {
            Ok(said) => came.push((id, Ok(said))),
            Err(Failure::Refusal(refusal)) => came.push((id, Err(refusal))),
            Err(failure) => return Err(failure),
        }
    }
    Ok(came)
}

fn seen(fields: &Fields, id: RequestId) -> String {
    fields.get(&seen_field(id)).to_owned()
}

/// Which of them are in the file.
async fn taken(shell: &Shell, acting: &Acting, chosen: &Chosen) -> Outcome<Vec<Came>> {
    let (acting, ids, what) = (acting.clone(), chosen.ids.clone(), chosen.act);
    let there = shell.service.store.read(move |view| acting.sees(view, &ids)).await?;
    let one = |id: &RequestId| {
        let found = there.iter().find(|request| request.id == *id);
        (*id, found.ok_or_else(not_there).and_then(|request| may_take(what, request.stage)))
    };
    Ok(chosen.ids.iter().map(one).collect())
}

fn line((id, came): Came, act: Act, there: &[Request]) -> Line {
    let request = there.iter().find(|request| request.id == id);
    let (is_done, said, onward) = match came {
        Ok(said) => (true, said, vec![]),
        Err(refusal) => (false, refusal.sentence, refusal.onward),
    };
    let next = Onward { label: "Say when it is posted".to_owned(), href: format!("/requests/{id}/posting") };
    Line {
        id,
        reference: request.map(|request| request.name().to_owned()).unwrap_or_default(),
        title: request.map(|request| request.title.clone()).unwrap_or_default(),
        is_done,
        result: act.result(is_done),
        said,
        onward: if is_done && act == Act::Print { vec![next] } else { onward },
    }
}
