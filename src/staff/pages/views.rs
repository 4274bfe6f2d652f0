//! Keeping a question to the queue under a name, and dropping it.

use super::asked::Asked;
use super::page;
use crate::refusal::Failure;
use crate::staff::commands::{NAME, drop_view, keep};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::Tone;
use crate::web::page::{Page, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;

/// `POST /queue/views`: keeps the question that is asked.
///
/// # Errors
/// Staff only; a name that is none comes back with what is wrong with it.
pub async fn keep_view(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let Post { fields, once: key } = post;
    let asked = Asked::typed(&fields);
    let target = asked.address("/queue", "");
    let (moment, name) = (shell.service.moment(), fields.get(NAME).to_owned());
    let write = {
        let (target, name) = (target.clone(), name.clone());
        move |tx: &mut Tx<'_>| {
            let query = target.split_once('?').map_or("", |(_, query)| query).to_owned();
            once(tx, &key, moment.now, |tx| keep(tx, &moment, &staff, &name, &query).map(|()| target))
        }
    };
    match shell.service.store.write(write).await {
        Ok(target) => Ok(see_other_saying(&shell.service, &target, Tone::Good, "The view is kept.")),
        Err(Failure::Fields(errors)) => {
            show_again(&page(&shell, &asked, FormView::filled([(NAME, name)]), errors).await?)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /queue/views/drop`: drops the view of a name.
///
/// # Errors
/// Staff only.
pub async fn drop_one(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let Post { fields, once: key } = post;
    let (moment, name) = (shell.service.moment(), fields.get(NAME).to_owned());
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &key, moment.now, |tx| drop_view(tx, &moment, &staff, &name).map(|()| "/queue".to_owned()))
    };
    let target = shell.service.store.write(write).await?;
    Ok(see_other_saying(&shell.service, &target, Tone::Good, "The view is dropped."))
}
