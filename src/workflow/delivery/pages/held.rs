//! Mails that staff look at before they go out: which kinds, and one such mail as its reader will see it, to be changed, sent
//! or discarded.

use actix_web::web;
use askama::Template;

use super::outbox::{self, readable};
use super::reader;
use crate::clock::InUtc;
use crate::ids::{MailId, RequestId};
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again, show_conflict};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::delivery::commands::{self, held as acts};
use crate::workflow::delivery::held::{KINDS, REASON, SUBJECT, TEXT, Words};
use crate::workflow::delivery::kinds::{self, Kind};
use crate::workflow::delivery::store::{Kept, held as held_mails};
use crate::workflow::request::store::recused::closed_to;

/// Where staff choose the kinds.
const PATH: &str = "/mails/held";
/// The revision of the mail that was shown.
const SEEN: &str = "seen";

#[derive(Template)]
#[template(path = "delivery/held_kinds.html")]
struct KindsPage {
    frame: Frame,
    form: FormView,
    kinds: Vec<Choice>,
    /// How many mails wait.
    waiting: i64,
}

#[derive(Template)]
#[template(path = "delivery/held_mail.html")]
pub(super) struct HeldPage {
    frame: Frame,
    mail: Kept,
    kind: String,
    to: String,
    request: Option<RequestId>,
    queued: InUtc,
    expires: Option<InUtc>,
    form: FormView,
}

/// `GET /mails/held`: which kinds of mail to applicants staff look at first.
///
/// # Errors
/// Staff only.
pub async fn kinds(shell: Shell) -> Page {
    shell.staff()?;
    show(&kinds_page(&shell, None).await?)
}

/// The kinds, ticked as they are held or as they were typed.
async fn kinds_page(shell: &Shell, typed: Option<FormView>) -> Outcome<KindsPage> {
    let onlooker = shell.visitor()?.onlooker();
    let read = shell.service.store.read(move |view| {
        let closed = closed_to(view, &onlooker)?;
        Ok((held_mails::kinds(view)?, held_mails::count(view, &closed)?))
    });
    let (held, waiting) = read.await?;
    let choice =
        |kind: &Kind| Choice::new(kind.name, kind.says).hint(format!("Filled in: {}.", kind.filled_in().join(", ")));
    let form = typed.unwrap_or_else(|| FormView::filled(held.into_iter().map(|name| (KINDS, name))));
    Ok(KindsPage {
        frame: shell.frame("Mails to look at first").within(Section::Outbox).failed_if(form.has_errors()),
        form,
        kinds: kinds::holdable().map(choice).collect(),
        waiting,
    })
}

/// `POST /mails/held`: holds the kinds that are ticked.
///
/// # Errors
/// Staff only; a name that is no kind comes back with what is wrong with it.
pub async fn choose(shell: Shell, post: Post) -> Page {
    let staff = shell.staff()?;
    let Post { fields, once: key } = post;
    let moment = shell.service.moment();
    let names: Vec<String> = fields.all(KINDS).map(str::to_owned).collect();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &key, moment.now, |tx| acts::hold_kinds(tx, &moment, &staff, &names).map(|()| PATH.to_owned()))
    };
    let said = "Saved. It counts for mails written from now on; what waits already goes on waiting.";
    match shell.service.store.write(write).await {
        Ok(path) => Ok(see_other_saying(&shell.service, &path, Tone::Good, said)),
        Err(Failure::Fields(errors)) => {
            let form = FormView::filled(fields.iter()).failing(errors);
            show_again(&kinds_page(&shell, Some(form)).await?)
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The page of a held mail, with what was typed or the words that stand.
pub(super) fn page(shell: &Shell, mail: Kept, form: Option<FormView>) -> HeldPage {
    let form = form.unwrap_or_else(|| {
        let Words { subject, text } = Words { subject: mail.subject.clone(), text: mail.text.clone() }.as_typed();
        FormView::filled([(SUBJECT, subject), (TEXT, text)])
    });
    HeldPage {
        frame: shell
            .frame(format!("To look at: {}", mail.subject))
            .within(Section::Outbox)
            .failed_if(form.has_errors()),
        kind: kinds::named(&mail.kind).map_or_else(|| mail.kind.clone(), |kind| kind.says.to_owned()),
        to: reader(&mail.to_name, &mail.to_address),
        request: mail.request,
        queued: mail.queued_at.into(),
        expires: mail.expires_at.map(InUtc::from),
        form,
        mail,
    }
}

/// What comes of a form about a held mail: the way onward, or the page again with what is wrong.
async fn answer(shell: &Shell, id: MailId, form: FormView, done: Outcome<String>, said: &str) -> Page {
    let again = |mail: Kept, errors: FieldErrors| page(shell, mail, Some(form.failing(errors)));
    match done {
        Ok(path) => Ok(see_other_saying(&shell.service, &path, Tone::Good, said)),
        Err(Failure::Fields(errors)) => show_again(&again(outbox::find(shell, id).await?, errors)),
        Err(Failure::Refusal(Refusal { code: "mail-changed", sentence, .. })) => {
            show_conflict(&again(outbox::find(shell, id).await?, FieldErrors::one(TEXT, sentence)))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// `POST /outbox/{mail}/send`: sends a held mail with the words as typed, or with the button "Save" keeps them.
///
/// # Errors
/// Staff only; words with faults come back with each of them; refused when a colleague was faster.
pub async fn send(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let id: MailId = path.parse().map_err(|_| commands::no_such_mail())?;
    let (staff, _) = readable(&shell, id).await?;
    let Post { fields, once: key } = post;
    let [subject, text] = [SUBJECT, TEXT].map(|name| fields.get(name).to_owned());
    let form = FormView::filled([(SUBJECT, subject.clone()), (TEXT, text.clone())]);
    let (seen, only_saves) = (fields.get(SEEN).parse().unwrap_or(-1), fields.has("save"));
    let moment = shell.service.moment();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &key, moment.now, |tx| {
            let act = if only_saves { acts::change } else { acts::send };
            act(tx, &moment, &staff, (id, seen), (&subject, &text)).map(|()| format!("/outbox/{id}"))
        })
    };
    let done = shell.service.store.write(write).await;
    let said = if only_saves { "Saved. The mail is not sent yet." } else { "The mail is on its way." };
    answer(&shell, id, form, done, said).await
}

/// `POST /outbox/{mail}/discard`: discards a held mail.
///
/// # Errors
/// Staff only; a field error without a reason; refused when a colleague was faster.
pub async fn discard(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let id: MailId = path.parse().map_err(|_| commands::no_such_mail())?;
    let (staff, mail) = readable(&shell, id).await?;
    let Post { fields, once: key } = post;
    let reason = fields.get(REASON).to_owned();
    let Words { subject, text } = Words { subject: mail.subject, text: mail.text }.as_typed();
    let form = FormView::filled([(SUBJECT, subject), (TEXT, text), (REASON, reason.clone())]);
    let moment = shell.service.moment();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &key, moment.now, |tx| {
            acts::discard(tx, &moment, &staff, id, &reason).map(|()| format!("/outbox/{id}"))
        })
    };
    let done = shell.service.store.write(write).await;
    answer(&shell, id, form, done, "The mail is discarded. The applicant does not get it.").await
}
