//! The page of a request's discussion, for its applicant, for staff and for the seats that take part; and the second look
//! at what the applicant is about to read.

use actix_web::web::Path;
use askama::Template;

use super::audience::{Audience, Part, Typed, may_post};
use super::commands::{self, Author};
use super::store;
use super::thread::{Reader, TAKE_BACK_MINUTES, Thread};
use crate::ids::{PostId, RequestId};
use crate::people::access::{Role, Visitor, no_such_request};
use crate::refusal::{Failure, Outcome};
use crate::store::{View, once};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{self as requests, Request, co_applicants};
use crate::workflow::review::reader::{hidden_until, sees_others};
use crate::workflow::review::store::{motions, reviews};
use crate::workflow::routing::rules::undeclared;
use crate::workflow::routing::store as routes;
use crate::workflow::stage::StageName;

#[derive(Template)]
#[template(path = "discussion/page.html")]
struct DiscussionPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    title: String,
    /// The page of the request that this reader came from.
    back: String,
    is_applicant: bool,
    thread: Thread,
    form: FormView,
    /// For whom the reader can write now; the applicant has no choice.
    audiences: Vec<Choice>,
    /// Why nothing can be written; empty when something can.
    closed: String,
    take_back_minutes: i64,
}

#[derive(Template)]
#[template(path = "discussion/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    id: RequestId,
    reference: String,
    name: &'static str,
    applicant: String,
    body: String,
    take_back_minutes: i64,
}

/// A request with the part that a person has in its discussion.
struct Room {
    request: Request,
    author: Author,
    reader: Reader,
    /// From when the reader sees the posts that are kept back now, as the end of a sentence.
    until: &'static str,
}

/// The part that the person has: their own request is the applicant's; a seat's conflict of interest closes it, whatever
/// else the person is; a seat that has not declared yet reads nothing, unless the person is staff.
fn enter(view: &mut View<'_>, id: RequestId, visitor: &Visitor) -> Outcome<Room> {
    let request = requests::find(view, id)?.filter(|request| request.stage.name() != StageName::Draft);
    let request = request.filter(|request| request.reference.is_some()).ok_or_else(no_such_request)?;
    let author = author_of(view, &request, visitor)?;
    let mut reader = Reader { part: author.part(), person: author.person(), seat: author.seat(), sees_others: true };
    let mut until = "";
    if let Some(seat) = author.seat() {
        let sent = reviews::reviews_of(view, id)?.iter().any(|review| review.seat == seat && review.sent_at.is_some());
        let open = motions::latest(view, id)?.map(|kept| kept.motion.state).filter(|state| state.is_open());
        let rule = request.frozen_policy()?.unwrap_or_default().reviews_shown;
        reader.sees_others = sees_others(rule, sent, open.filter(|_| request.stage.name().is_with_committee()));
        until = hidden_until(rule);
    }
    Ok(Room { request, author, reader, until })
}

fn author_of(view: &mut View<'_>, request: &Request, visitor: &Visitor) -> Outcome<Author> {
    let id = request.id;
    if let Ok(insider) = visitor.insider(id, co_applicants::share(view, request, visitor.person())?) {
        return Ok(Author::Applicant(insider));
    }
    if visitor.seats().is_empty() && !visitor.has_role(Role::Staff) {
        return Err(no_such_request().into());
    }
    let declared = routes::declarations(view, id)?;
    let recused = recused(view, id)?;
    let routed = motions::latest(view, id)?.is_some();
    let mut undeclared_seat = false;
    for held in visitor.seats() {
        // Refused for a seat that is out, whichever of the person's seats it is.
        let voter = visitor.member_for(held.seat)?.voter(id, true, &recused)?;
        if routed && declared.iter().any(|one| one.seat == held.seat) {
            return Ok(Author::Seat(voter));
        }
        undeclared_seat = true;
    }
    if visitor.has_role(Role::Staff) {
        return Ok(Author::Staff(visitor.staff_on(&recused)?));
    }
    Err(if undeclared_seat && routed { undeclared(id) } else { no_such_request() }.into())
}

async fn room(shell: &Shell, path: &str) -> Outcome<Room> {
    let visitor = shell.visitor()?.clone();
    let id = path.parse().map_err(|_| no_such_request())?;
    shell.service.store.read(move |view| enter(view, id, &visitor)).await
}

/// The discussion, as far as the person may read it, and what they can write.
///
/// # Errors
/// A refusal for whoever has no part in it; a fault of the database.
pub async fn page(shell: Shell, path: Path<String>) -> Page {
    let room = room(&shell, &path).await?;
    show(&discussion_page(&shell, &room, FormView::new()).await?)
}

async fn discussion_page(shell: &Shell, room: &Room, form: FormView) -> Outcome<DiscussionPage> {
    let (request, part) = (&room.request, room.reader.part);
    let id = request.id;
    let posts = shell.service.store.read(move |view| store::of(view, id)).await?;
    let may_write = room.author.must_write();
    let possible = part.audiences().filter(|audience| may_write.is_ok() && may_post(request.stage, *audience).is_ok());
    let audiences: Vec<Choice> =
        possible.map(|audience| Choice::new(audience.as_str(), audience.label()).hint(audience.hint(part))).collect();
    let closed = may_post(request.stage, Audience::Applicant).and(may_write).err().filter(|_| audiences.is_empty());
    let (way, back) = match part {
        Part::Seat => (Section::Waiting, "/review"),
        Part::Staff => (Section::Queue, "/motion"),
        Part::Applicant => (Section::Requests, ""),
    };
    let is_applicant = part == Part::Applicant;
    let title = if is_applicant { "Messages" } else { "Discussion" };
    Ok(DiscussionPage {
        frame: shell.frame(format!("{title}, {}", request.name())).within(way).failed_if(form.has_errors()),
        id,
        reference: request.name().to_owned(),
        title: request.title.clone(),
        back: format!("/requests/{id}{back}"),
        is_applicant,
        thread: Thread::of(&posts, room.reader, shell.service.clock.now()).waiting_until(room.until),
        form,
        audiences,
        closed: closed.map(|refusal| refusal.sentence).unwrap_or_default(),
        take_back_minutes: TAKE_BACK_MINUTES,
    })
}

fn kept(post: &Post) -> FormView {
    FormView::filled(["audience", "body"].map(|name| (name, post.fields.get(name))))
}

/// Makes a post. One that the applicant will read is shown first as the applicant will read it, and not made yet.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn write(shell: Shell, path: Path<String>, post: Post) -> Page {
    let room = room(&shell, &path).await?;
    if post.fields.has("change") {
        return show(&discussion_page(&shell, &room, kept(&post)).await?);
    }
    let typed = Typed { body: post.fields.get("body"), audience: post.fields.get("audience") };
    match typed.read(room.reader.part) {
        Ok((body, Audience::Applicant)) if room.reader.part != Part::Applicant => {
            may_post(room.request.stage, Audience::Applicant)?;
            show(&ConfirmPage {
                frame: shell.frame("What the applicant will read").within(if room.reader.part == Part::Seat {
                    Section::Waiting
                } else {
                    Section::Queue
                }),
                id: room.request.id,
                reference: room.request.name().to_owned(),
                name: if room.reader.part == Part::Seat { "The committee" } else { "Staff" },
                applicant: room.request.applicant_name.clone(),
                body,
                take_back_minutes: TAKE_BACK_MINUTES,
            })
        }
        _ => make(&shell, room, post, None).await,
    }
}

/// Makes a post for the applicant, once its author has seen what the applicant will read.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn confirm(shell: Shell, path: Path<String>, post: Post) -> Page {
    let room = room(&shell, &path).await?;
    make(&shell, room, post, Some(Audience::Applicant)).await
}

async fn make(shell: &Shell, room: Room, post: Post, audience: Option<Audience>) -> Page {
    let (moment, id, author) = (shell.service.moment(), room.request.id, room.author.clone());
    let form = kept(&post);
    let outcome = shell.service.store.write(move |tx| {
        once(tx, &post.once, moment.now, |tx| {
            let audience = audience.map_or_else(|| post.fields.get("audience"), |audience| audience.as_str());
            let typed = Typed { body: post.fields.get("body"), audience };
            commands::post(tx, &moment, &author, id, &typed)
                .map(|post| format!("/requests/{id}/discussion#post-{post}"))
        })
    });
    match outcome.await {
        Ok(target) => Ok(see_other_saying(&shell.service, &target, Tone::Good, "Your post is there.")),
        Err(Failure::Fields(errors)) => show_again(&discussion_page(shell, &room, form.failing(errors)).await?),
        Err(failure) => Err(failure.into()),
    }
}

/// Its author takes a post back.
///
/// # Errors
/// Refusals of the command; a fault of the database.
pub async fn take_back(shell: Shell, path: Path<String>, post: Post) -> Page {
    let room = room(&shell, &path).await?;
    let (moment, id) = (shell.service.moment(), room.request.id);
    let taken: PostId = post.fields.get("post").parse().map_err(|_| no_such_request())?;
    let outcome = shell.service.store.write(move |tx| {
        once(tx, &post.once, moment.now, |tx| {
            commands::take_back(tx, &moment, &room.author, id, taken)?;
            Ok(format!("/requests/{id}/discussion"))
        })
    });
    Ok(see_other_saying(&shell.service, &outcome.await?, Tone::Good, "The post is taken back."))
}
