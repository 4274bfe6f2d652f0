//! A press of a button of staff about a letter: done once for each form, said, or shown again with what is wrong.

use actix_web::HttpResponse;

use super::request_id;
use crate::ids::RequestId;
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::{Failure, Outcome};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::Tone;
use crate::web::post::{Fields, Post};
use crate::web::shell::Shell;
use crate::workflow::request::store::recused::recused;

/// A command of staff about the letter of a request, with what was typed for it.
pub(super) type Act = fn(&mut Tx<'_>, &Moment, Staff, RequestId, &Fields) -> Outcome<()>;

/// Does `act` once for this form and goes `onward` with what is then `said`; or the form again, with its faults.
pub(super) async fn done(
    shell: &Shell,
    path: &str,
    post: Post,
    (onward, said): (fn(RequestId) -> String, &str),
    act: Act,
) -> Outcome<Result<HttpResponse, (RequestId, FormView)>> {
    let id = request_id(path)?;
    let (staff, moment) = (shell.staff_on(id, recused).await?, shell.service.moment());
    let form = FormView::filled(post.fields.iter());
    let outcome = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| act(tx, &moment, staff, id, &post.fields).map(|()| onward(id)))
        })
        .await;
    match outcome {
        Ok(target) => Ok(Ok(see_other_saying(&shell.service, &target, Tone::Good, said))),
        Err(Failure::Fields(errors)) => Ok(Err((id, form.failing(errors)))),
        Err(failure) => Err(failure),
    }
}
