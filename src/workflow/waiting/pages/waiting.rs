//! What waits for a member of the committee, the most urgent first, and where else they want to hear of it.

use askama::Template;

use super::super::commands::{self, duties};
use super::super::duty::Waits;
use crate::moment::Moment;
use crate::people::access::Member;
use crate::refusal::Outcome;
use crate::store::{Tx, View, once};
use crate::web::flash::see_other_saying;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workday::day_in_words;

#[derive(Template)]
#[template(path = "waiting/page.html")]
struct WaitingPage {
    frame: Frame,
    waits: Vec<Waits>,
    calendar: Option<String>,
    daily_mail: bool,
}

/// The last day to do a thing on.
fn words(waits: &Waits) -> String {
    day_in_words(waits.day)
}

/// What waits for the person who asks.
///
/// # Errors
/// A refusal for whoever is not a member of the committee; a fault of the database.
pub async fn page(shell: Shell) -> Page {
    let visitor = shell.visitor()?;
    visitor.member()?;
    let onlooker = visitor.onlooker();
    let (now, person) = (shell.service.clock.now(), visitor.person());
    let read =
        move |view: &mut View<'_>| Ok((duties::of_person(view, &onlooker, now)?, commands::choices(view, person)?));
    let (waits, chosen) = shell.service.store.read(read).await?;
    let address = |feed| shell.service.site.link(&commands::calendar_path(&shell.service.key, feed));
    show(&WaitingPage {
        frame: shell.frame("Waiting for me").within(Section::Waiting),
        waits,
        calendar: chosen.feed.as_ref().map(address),
        daily_mail: chosen.daily_mail,
    })
}

/// Does `act` once for this form, and says so on the page it leads back to.
async fn done(
    shell: Shell,
    post: Post,
    (part, said): (&'static str, &str),
    act: impl FnOnce(&mut Tx<'_>, &Moment, &Member) -> Outcome<()> + Send + 'static,
) -> Page {
    let (member, moment) = (shell.visitor()?.member()?, shell.service.moment());
    let write = move |tx: &mut Tx<'_>| {
        once(tx, &post.once, moment.now, |tx| act(tx, &moment, &member).map(|()| format!("/waiting#{part}")))
    };
    let target = shell.service.store.write(write).await?;
    Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
}

/// Makes or replaces the address of one's calendar.
///
/// # Errors
/// A refusal for whoever is not a member of the committee; a fault of the database.
pub async fn make_calendar(shell: Shell, post: Post) -> Page {
    done(shell, post, ("calendar", "Your calendar has a new address."), commands::make_calendar).await
}

/// Ends one's calendar.
///
/// # Errors
/// A refusal for whoever is not a member of the committee; a fault of the database.
pub async fn end_calendar(shell: Shell, post: Post) -> Page {
    done(shell, post, ("calendar", "The address of your calendar has ended."), commands::end_calendar).await
}

/// Takes on or drops the daily mail.
///
/// # Errors
/// A refusal for whoever is not a member of the committee; a fault of the database.
pub async fn choose_daily_mail(shell: Shell, post: Post) -> Page {
    let wanted = post.fields.get("wanted") == "yes";
    let said = if wanted { "We write to you once a day when something waits." } else { "The daily mail has ended." };
    done(shell, post, ("daily", said), move |tx, moment, member| {
        commands::choose_daily_mail(tx, moment, member, wanted)
    })
    .await
}
