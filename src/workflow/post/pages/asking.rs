//! The applicant's page of the physical copy: asking for it, changing where it goes, taking it back.

use actix_web::web::{Data, Path};
use askama::Template;
use sheets::Typesetter;

use super::{Shown, bundled, request_id, sender};
use crate::ids::RequestId;
use crate::people::access::{Applicant, no_such_request};
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::post::address::{Recipient, fields, read_recipient};
use crate::workflow::post::rules::{self, Act, Copies, State, may};
use crate::workflow::post::{commands, pdf, store};
use crate::workflow::request::store::{self as requests, Request, co_applicants};

#[derive(Template)]
#[template(path = "post/copy.html")]
struct CopyPage {
    frame: Frame,
    request: Request,
    form: FormView,
    state: Option<State>,
    /// The one asked for last.
    last: Option<Shown>,
    may_ask: bool,
    may_take_back: bool,
}

/// `GET /requests/{id}/copy`: where the physical copy goes, or how it stands.
///
/// # Errors
/// To anyone but the applicant there is no such request; refused without a letter and without a copy that was ever asked
/// for.
pub async fn form(shell: Shell, path: Path<String>) -> Page {
    let (request, _, copies) = own(&shell, &path).await?;
    let to = match copies.last() {
        Some(copy) => copy.to.clone(),
        None => Recipient::of(&request.typed()?),
    };
    let form = FormView::filled([(fields::NAME, to.name.clone()), (fields::ADDRESS, to.address())]);
    show(&page(&shell, request, &copies, form)?)
}

/// `POST /requests/{id}/copy`: asks for a physical copy, or for another address.
///
/// # Errors
/// As for the page; every field that is wrong, also an address that fits on no label.
pub async fn ask(shell: Shell, typesetter: Data<dyn Typesetter>, path: Path<String>, post: Post) -> Page {
    let (request, applicant, copies) = own(&shell, &path).await?;
    let target = format!("/requests/{}", request.id);
    rules::must_have_letter(request.stage).map_err(|refusal| refusal.onward("Your request", &target))?;
    let read = read_recipient(post.fields.get(fields::NAME), post.fields.get(fields::ADDRESS));
    let read = match read {
        Ok(to) => must_fit(&shell, &typesetter, &request, &to).await?.map(|()| to),
        Err(errors) => Err(errors),
    };
    let to = match read {
        Ok(to) => to,
        Err(errors) => {
            let form = FormView::filled(post.fields.iter()).failing(errors);
            return show_again(&page(&shell, request, &copies, form)?);
        }
    };
    let moment = shell.service.moment();
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &post.once, moment.now, |tx| commands::ask(tx, &moment, &applicant, &to).map(|()| target))
    };
    let target = shell.service.store.write(write).await?;
    let said = "Staff print the physical copy and post it. You get a mail when it is in the post.";
    Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
}

/// `POST /requests/{id}/copy/take-back`: the physical copy is no longer wanted.
///
/// # Errors
/// To anyone but the applicant there is no such request; refused once it is printed.
pub async fn take_back(shell: Shell, path: Path<String>, post: Post) -> Page {
    let (request, applicant, _) = own(&shell, &path).await?;
    let (moment, target) = (shell.service.moment(), format!("/requests/{}", request.id));
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &post.once, moment.now, |tx| commands::take_back(tx, &moment, &applicant).map(|()| target))
    };
    let target = shell.service.store.write(write).await?;
    let said = "No physical copy is posted. The letter stays as it is, and you can ask again.";
    Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
}

fn page(shell: &Shell, request: Request, copies: &Copies, form: FormView) -> Outcome<CopyPage> {
    let state = copies.state();
    let policy = request.frozen_policy()?.unwrap_or_default();
    Ok(CopyPage {
        frame: shell.frame("Physical copy of your letter").within(Section::Requests).failed_if(form.has_errors()),
        may_ask: rules::must_have_letter(request.stage).is_ok() && may(Act::Ask, state).is_ok(),
        may_take_back: may(Act::TakeBack, state).is_ok(),
        last: copies.last().map(|copy| Shown::of(copy, &policy)),
        state,
        request,
        form,
    })
}

/// Whether the address can be set on a label: the applicant is told at once, while they can still change it.
async fn must_fit(
    shell: &Shell,
    typesetter: &Data<dyn Typesetter>,
    request: &Request,
    to: &Recipient,
) -> Outcome<Result<(), FieldErrors>> {
    let bundled = bundled(&shell.service);
    let sender = shell.service.store.read(move |view| sender(view, &bundled)).await?;
    let labels = [(request.name().to_owned(), to.clone())];
    let job = pdf::job(&sender, &labels, shell.service.clock.now().date_naive())?;
    let typesetter = Data::clone(typesetter);
    match shell.service.turns.take(move || typesetter.set(&job)).await? {
        Ok(_) => Ok(Ok(())),
        Err(why) => Ok(Err(FieldErrors::one(fields::ADDRESS, pdf::flaw(why)?))),
    }
}

/// The applicant's own request, which has a letter or had a physical copy.
async fn own(shell: &Shell, path: &str) -> Outcome<(Request, Applicant, Copies)> {
    let visitor = shell.visitor()?;
    let (person, id): (_, RequestId) = (visitor.person(), request_id(path)?);
    let read = shell.service.store.read(move |view| {
        let request = requests::find(view, id)?.ok_or_else(no_such_request)?;
        let copies = store::of(view, id, request.stage)?;
        let share = co_applicants::share(view, &request, person)?;
        Ok((request, copies, share))
    });
    let (request, copies, share) = read.await?;
    let applicant = visitor.applicant(id, share)?;
    if copies.last().is_none() {
        let onward = |refusal: Refusal| refusal.onward("Your request", format!("/requests/{id}"));
        rules::must_have_letter(request.stage).map_err(onward)?;
    }
    Ok((request, applicant, copies))
}
