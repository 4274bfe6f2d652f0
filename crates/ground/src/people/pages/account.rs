//! One's own account: the name, the browsers that are signed in, signing out.

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use askama::Template;

use super::guarded;
use super::sign_in::with_cookies;
use crate::people::access::{Capacity, Office, Role, Visitor};
use crate::people::commands;
use crate::people::session::in_words;
use crate::people::store::sessions::{self, WebSession};
use crate::refusal::{Failure, Refusal};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Tone};
use crate::web::page::{Page, see_other, show, show_again};
use crate::web::post::Post;
use crate::web::problem::Problem;
use crate::web::session::signed_out_cookie;
use crate::web::shell::Shell;

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    frame: Frame,
    view: FormView,
    address: String,
    powers: Vec<String>,
    sessions: Vec<ShownSession>,
}

struct ShownSession {
    id: String,
    browser: String,
    began: String,
    used: String,
    is_this: bool,
}

/// The account of whoever is signed in.
pub async fn show_account(shell: Shell) -> Page {
    let visitor = shell.visitor()?;
    let view = FormView::filled([("name", visitor.given_name())]);
    let frame = shell.frame("Your account");
    show(&account_page(&shell, frame, visitor, view).await?).map(guarded)
}

async fn account_page(shell: &Shell, frame: Frame, visitor: &Visitor, view: FormView) -> Result<AccountPage, Problem> {
    let (person, now) = (visitor.person(), shell.service.clock.now());
    let open = shell.service.store.read(move |view| sessions::of(view, person, now)).await?;
    let shown = |session: &WebSession| ShownSession {
        id: session.id.to_string(),
        browser: session.browser_family.clone(),
        began: in_words(session.times().created_at),
        used: in_words(session.times().last_seen_at),
        is_this: session.id == visitor.session(),
    };
    let sessions = open.iter().map(shown).collect();
    Ok(AccountPage { frame, view, address: visitor.address().to_owned(), powers: powers(visitor), sessions })
}

/// What the person can do here, in words.
fn powers(visitor: &Visitor) -> Vec<String> {
    let mut powers = Vec::new();
    if visitor.has_role(Role::Staff) {
        powers.push("You are staff of the Consortium.".to_owned());
    }
    let offices = Office::ALL.iter().filter(|office| visitor.holds(**office));
    powers.extend(
        offices.map(|office| format!("You are the {} of the Executive Committee.", office.label().to_lowercase())),
    );
    powers.extend(visitor.seats().iter().map(|held| match held.capacity {
        Capacity::Representative => format!("You represent {} on the Executive Committee.", held.institution_name),
        Capacity::Alternate => {
            format!("You are the alternate for {} on the Executive Committee.", held.institution_name)
        }
    }));
    powers
}

/// Saves the name.
pub async fn rename(shell: Shell, post: Post) -> Page {
    let visitor = shell.visitor()?.clone();
    let (moment, name, acting) = (shell.service.moment(), post.fields.get("name").to_owned(), visitor.clone());
    match shell.service.store.write(move |tx| commands::rename(tx, &moment, &acting, &name)).await {
        Ok(()) => Ok(see_other_saying(&shell.service, "/account", Tone::Good, "Your name is saved.")),
        Err(Failure::Fields(errors)) => {
            let view = FormView::filled([("name", post.fields.get("name"))]).failing(errors);
            let frame = shell.frame("Your account").failed_if(true);
            show_again(&account_page(&shell, frame, &visitor, view).await?).map(guarded)
        }
        Err(other) => Err(other.into()),
    }
}

/// Signs another browser out.
pub async fn end_session(shell: Shell, post: Post) -> Page {
    let visitor = shell.visitor()?.clone();
    let moment = shell.service.moment();
    let session = post.fields.get("session").parse().map_err(|_| {
        Refusal::not_found("no-web-session", "This browser is signed out already.").onward("Your account", "/account")
    })?;
    shell.service.store.write(move |tx| commands::end_session(tx, &moment, &visitor, session)).await?;
    Ok(see_other_saying(&shell.service, "/account", Tone::Good, "That browser is signed out."))
}

/// Signs all other browsers out.
pub async fn end_other_sessions(shell: Shell, _post: Post) -> Page {
    let visitor = shell.visitor()?.clone();
    let moment = shell.service.moment();
    shell.service.store.write(move |tx| commands::end_other_sessions(tx, &moment, &visitor)).await?;
    Ok(see_other_saying(&shell.service, "/account", Tone::Good, "All other browsers are signed out."))
}

/// Signs this browser out, and asks it to forget what it has kept of us. Signing out twice is no fault.
pub async fn sign_out(shell: Shell, _post: Post) -> Page {
    if let Some(visitor) = shell.visitor.clone() {
        let moment = shell.service.moment();
        shell.service.store.write(move |tx| commands::sign_out(tx, &moment, &visitor)).await?;
    }
    let answer = with_cookies(see_other("/"), [signed_out_cookie(&shell.service)])?;
    Ok(forgetting(answer))
}

fn forgetting(mut answer: HttpResponse) -> HttpResponse {
    let everything = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    answer.headers_mut().insert(HeaderName::from_static("clear-site-data"), everything);
    answer
}
