//! A co-signer's own page. They have no account: the address, which only their mail has, is what lets them in. Opening it
//! does nothing, so that programs which follow every link sign nothing.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web;
use askama::Template;

use super::as_issued;
use super::edit::inline_pdf;
use super::printing::Printing;
use crate::plain;
use crate::refusal::{Failure, FieldErrors, Outcome, Refusal};
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::letter::co_signers::form::{fields, read_reason, read_signature};
use crate::workflow::letter::co_signers::{Answer, Signature};
use crate::workflow::letter::commands::co_signers::{self as acts, Invited};
use crate::workflow::letter::form::fields::REVISION;
use crate::workflow::letter::pdf;
use crate::workflow::letter::prose::{Block, Span};
use crate::workflow::letter::rules::{self, LetterState};
use crate::workflow::letter::store::{self, Open};
use crate::workflow::letter::text::LetterText;

#[derive(Template)]
#[template(path = "letter/co_sign.html")]
struct CoSign {
    frame: Frame,
    form: FormView,
    token: String,
    title: String,
    institution: String,
    funder: String,
    organisation: String,
    /// The letter as it is to be signed; none once it is out, and while it is not being written.
    text: Option<LetterText>,
    revision: i64,
    last_day: String,
    /// Why nothing can be answered (any more); empty when it can.
    closed: String,
    /// What they signed with.
    signature: Option<Signature>,
    /// Whether a copy of the issued letter is there for them.
    has_copy: bool,
}

/// `GET /co-sign/{token}`: the letter, and the two answers.
///
/// # Errors
/// Refused at an address that is none of ours, or where nobody is asked any more.
pub async fn open(shell: Shell, token: web::Path<String>) -> Page {
    unlisted(show(&page(&shell, token.into_inner(), FormView::new()).await?))
}

/// `GET /co-sign/{token}/letter.pdf`: the letter as it is to be signed; once it is out, the copy of those who signed it.
///
/// # Errors
/// As for the page; refused once the letter is out to those who did not sign it.
pub async fn letter(shell: Shell, printing: web::Data<Printing>, token: web::Path<String>) -> Page {
    let (invited, open) = found(&shell, token.into_inner()).await?;
    if let Some(open) = open {
        let text = as_issued(&shell.service, &invited.request, &open, shell.service.clock.now()).await?;
        let name = rules::file_name(&text.number);
        let printed = printing.print(text).await?.map_err(pdf::failure)?;
        return unlisted(Ok(inline_pdf(&name, printed.bytes)));
    }
    if !has_copy(&invited) {
        let sentence = "This letter is not open to you any more. You can check it with the code at its foot.";
        return Err(Refusal::conflict("no-copy", sentence).onward("Check a letter", "/verify").into());
    }
    let id = invited.page.letter;
    let (name, bytes) = shell
        .service
        .store
        .read(move |view| {
            let issued = store::of(view, &[id])?.pop();
            let name = issued.map(|issued| rules::file_name(&issued.register.number)).unwrap_or_default();
            Ok((name, store::bytes(view, id)?))
        })
        .await?;
    unlisted(Ok(inline_pdf(&name, bytes)))
}

/// `POST /co-sign/{token}`: signs.
///
/// # Errors
/// Every field that is wrong; refused when the text was changed meanwhile or no answer is awaited.
pub async fn sign(shell: Shell, token: web::Path<String>, post: Post) -> Page {
    let read = read_signature(|name| post.fields.get(name)).map(Ok);
    answer(shell, token.into_inner(), post, read, "Thank you. You have signed.").await
}

/// `POST /co-sign/{token}/decline`: says no, and why.
///
/// # Errors
/// As for signing.
pub async fn decline(shell: Shell, token: web::Path<String>, post: Post) -> Page {
    let read = read_reason(post.fields.get(fields::REASON)).map(Err);
    answer(shell, token.into_inner(), post, read, "Thank you. The Consortium knows that you do not sign.").await
}

async fn answer(
    shell: Shell,
    token: String,
    post: Post,
    read: Result<Result<Signature, String>, FieldErrors>,
    said: &'static str,
) -> Page {
    let answer = match read {
        Ok(answer) => answer,
        Err(errors) => {
            let form = FormView::filled(post.fields.iter()).failing(errors);
            return unlisted(show_again(&page(&shell, token, form).await?));
        }
    };
    let (moment, key) = (shell.service.moment(), shell.service.key.clone());
    let revision = post.fields.get(REVISION).parse().unwrap_or_default();
    let target = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                acts::answer(tx, &moment, &key, &token, (revision, answer))?;
                Ok(format!("/co-sign/{token}"))
            })
        })
        .await?;
    Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
}

async fn found(shell: &Shell, token: String) -> Outcome<(Invited, Option<Open>)> {
    let key = shell.service.key.clone();
    let read = shell.service.store.read(move |view| {
        let invited = acts::invited(view, &key, &token)?;
        if invited.must_be_written().is_err() {
            return Ok((invited, None));
        }
        let open = store::open(view, invited.request.id)?.filter(|open| open.id == invited.page.letter);
        Ok((invited, open))
    });
    read.await
}

fn has_copy(invited: &Invited) -> bool {
    invited.page.state == LetterState::Issued && matches!(invited.signer.answer, Answer::Signed(..))
}

async fn page(shell: &Shell, token: String, form: FormView) -> Outcome<CoSign> {
    let (invited, open) = found(shell, token.clone()).await?;
    let moment = shell.service.moment();
    let closed = match acts::must_be_open(&invited, &moment) {
        Ok(()) => String::new(),
        Err(Failure::Refusal(refusal)) => refusal.sentence,
        Err(other) => return Err(other),
    };
    let text = match &open {
        Some(open) => Some(as_issued(&shell.service, &invited.request, open, moment.now).await?),
        None => None,
    };
    let has_copy = has_copy(&invited);
    let signer = invited.signer;
    // What a reader starts from is how staff know them; they sign as they type.
    let form = if form.has_errors() { form } else { form.with(fields::NAME, signer.name) };
    Ok(CoSign {
        frame: shell.frame("Co-sign a letter of support").failed_if(form.has_errors()),
        form,
        token,
        title: invited.request.title.clone(),
        institution: invited.request.institution_name.clone(),
        funder: invited.request.funder.clone(),
        organisation: signer.organisation,
        text,
        revision: invited.asking.map(|asking| asking.revision).unwrap_or_default(),
        last_day: invited.asking.map(|asking| plain::day(asking.last_day).to_string()).unwrap_or_default(),
        closed,
        signature: match signer.answer {
            Answer::Signed(signature, _) => Some(signature),
            _ => None,
        },
        has_copy,
    })
}

/// The address is a secret: no search engine keeps it.
fn unlisted(page: Page) -> Page {
    let mut page = page?;
    page.headers_mut().insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    Ok(page)
}
