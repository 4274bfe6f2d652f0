//! Asking others to sign a letter beside the Consortium: staff keep the list and ask, co-signers answer on a page of
//! their own, a changed text is asked about anew, and whoever is late is reminded.

use serde_json::json;

use super::{note, today};
use crate::audit::entry::Actor;
use crate::clock::Instant;
use crate::ids::{CoSignerId, MotionId, PersonId, RequestId, nonce};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::people::token::{PresentedLink, TokenKey, link_token};
use crate::refusal::{Outcome, Refusal};
use crate::store::{Tx, View};
use crate::workday::add_days;
use crate::workflow::delivery::outbox;
use crate::workflow::letter::co_signers::form::{read_asking, read_signer};
use crate::workflow::letter::co_signers::{
    Answer, Asking, CoSigner, REMINDED_BEFORE, Signature, Standing, Way, may_answer, not_on_the_list, signed, standing,
    to_ask, to_remind,
};
use crate::workflow::letter::notices::co_signers::{self as notices, Over};
use crate::workflow::letter::rules::{self, LetterState};
use crate::workflow::letter::store::co_signers::Page;
use crate::workflow::letter::store::{self, Issued, Open, co_signers, proofs};
use crate::workflow::request::store::{self as requests, Request};
use crate::workflow::routing::commands::{about, in_charge};
use crate::workflow::routing::rules::Reader;

/// Puts somebody on the list of the letter that is being written. Whoever is added after the others were asked is asked
/// with them, or in turn.
///
/// # Errors
/// Every field that is wrong; a refusal when no letter is being written; a fault of the database.
pub fn add<'f>(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    id: RequestId,
    typed: impl Fn(&str) -> &'f str,
) -> Outcome<()> {
    let (request, open) = being_written(tx, id)?;
    let signer = read_signer(typed, &open.co_signers)?;
    let added = co_signers::add(tx, open.id, &signer, &nonce())?;
    proofs::drop_of(tx, open.id)?;
    let detail = json!({ "letter": open.id, "co_signer": added, "needed": signer.needed });
    note(tx, moment, Actor::Staff(staff.person()), id, "co-signer-added", detail)?;
    ask_whose_turn_it_is(tx, moment, &request, &open, false)
}

/// Takes somebody off the list; whoever was asked is told. The next in turn is asked.
///
/// # Errors
/// A refusal when no letter is being written, or nobody like this is on its list; a fault of the database.
pub fn remove(tx: &mut Tx<'_>, moment: &Moment, staff: Staff, id: RequestId, signer: CoSignerId) -> Outcome<()> {
    let (request, open) = being_written(tx, id)?;
    let gone = open.co_signers.iter().find(|one| one.id == signer);
    let gone = gone.ok_or_else(not_on_the_list)?;
    co_signers::remove(tx, open.id, signer)?;
    proofs::drop_of(tx, open.id)?;
    let detail = json!({ "letter": open.id, "co_signer": signer });
    note(tx, moment, Actor::Staff(staff.person()), id, "co-signer-removed", detail)?;
    tell_that_it_is_over(tx, moment, &request, std::slice::from_ref(gone), Over::Removed)?;
    ask_whose_turn_it_is(tx, moment, &request, &open, false)
}

/// Asks the co-signers to sign the text as it stands, until a last day; or gives those who are being asked more time.
///
/// # Errors
/// Every field error in the order and the last day; a refusal when no letter is being written or its list is empty; a fault of the database.
pub fn ask(
    tx: &mut Tx<'_>,
    moment: &Moment,
    staff: Staff,
    id: RequestId,
    (way, last_day): (&str, &str),
) -> Outcome<()> {
    let (request, open) = being_written(tx, id)?;
    let (way, last_day) = read_asking(way, last_day, today(&request, moment.now)?)?;
    if open.co_signers.is_empty() {
        let sentence = "Nobody is on the list yet. Add a co-signer first.";
        return Err(Refusal::conflict("no-co-signers", sentence).into());
    }
    // More time is for the text they were asked about: until it says something else, that one counts.
    let revision = open.asking.map_or(open.revision, |before| before.revision);
    let asking = Asking { way, last_day, revision, asked_by: staff.person() };
    co_signers::keep(tx, open.id, &asking, moment.now)?;
    proofs::drop_of(tx, open.id)?;
    let detail = json!({ "letter": open.id, "way": way, "last_day": last_day, "revision": revision });
    note(tx, moment, Actor::Staff(staff.person()), id, "co-signers-asked", detail)?;
    if open.asking.is_some() {
        for one in open.co_signers.iter().filter(|one| one.is_asked()) {
            co_signers::asked(tx, one.id, moment.now)?;
            outbox::queue(tx, moment, &notices::more_time(&about(&request), one, &asking)?)?;
        }
    }
    ask_whose_turn_it_is(tx, moment, &request, &open, false)
}

/// The text of a letter was changed: what was signed no longer counts, and everybody is asked anew.
pub(super) fn ask_anew(tx: &mut Tx<'_>, moment: &Moment, request: &Request, open: &Open, staff: Staff) -> Outcome<()> {
    let Some(asking) = open.asking else { return Ok(()) };
    let revision = open.revision + 1;
    let last_day = asking.last_day.max(add_days(today(request, moment.now)?, REMINDED_BEFORE));
    co_signers::keep(tx, open.id, &Asking { revision, last_day, ..asking }, moment.now)?;
    let signers = &open.co_signers;
    co_signers::void(tx, open.id)?;
    let detail = json!({ "letter": open.id, "revision": revision, "signatures": signed(signers) });
    note(tx, moment, Actor::Staff(staff.person()), request.id, "co-signing-voided", detail)?;
    // In turn, only the first hears of it by being asked: those who signed and now wait again are told.
    if asking.way == Way::InTurn {
        for one in signers.iter().skip(1).filter(|one| one.answer != Answer::NotAsked) {
            outbox::queue(tx, moment, &notices::text_changed(&moment.site, &about(request), one)?)?;
        }
    }
    ask_whose_turn_it_is(tx, moment, request, open, true)
}

/// Asks whoever is next, if the letter's co-signers are being asked. `anew`: because the text has changed.
fn ask_whose_turn_it_is(tx: &mut Tx<'_>, moment: &Moment, request: &Request, open: &Open, anew: bool) -> Outcome<()> {
    let Some(asking) = co_signers::asking(tx, open.id)? else { return Ok(()) };
    let signers = co_signers::of(tx, open.id)?;
    let next = to_ask(asking.way, &signers);
    for one in signers.iter().filter(|one| next.contains(&one.id)) {
        co_signers::asked(tx, one.id, moment.now)?;
        outbox::queue(tx, moment, &notices::asked(&moment.site, &about(request), one, &asking, anew)?)?;
    }
    Ok(())
}

/// A co-signer, by the address of their page.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Who.
    pub signer: CoSigner,
    /// The letter their page is about.
    pub page: Page,
    /// The request.
    pub request: Request,
    /// How they are asked.
    pub asking: Option<Asking>,
    /// The carried motion that the letter rests on; none while the answer is reopened.
    motion: Option<MotionId>,
}

impl Invited {
    /// Whether the letter is one that can still be written, and signed.
    ///
    /// # Errors
    /// A refusal when it is out already, or its request can have no letter (any more, or at the moment).
    pub fn must_be_written(&self) -> Result<(), Refusal> {
        if self.page.state != LetterState::Draft {
            let sentence = "This letter is out already. Signatures can no longer be added.";
            return Err(Refusal::conflict("co-signing-closed", sentence));
        }
        rules::may_draft(self.request.stage, self.motion).map(drop).map_err(|_| {
            let sentence = "The Consortium does not write this letter at the moment. You have mail if it goes on.";
            Refusal::conflict("co-signing-closed", sentence)
        })
    }
}

/// Whose page it is that is opened with `token`.
///
/// # Errors
/// A refusal when the address is none of ours, or nobody is asked there any more; a fault of the database.
pub fn invited(view: &mut View<'_>, key: &TokenKey, token: &str) -> Outcome<Invited> {
    let over = || {
        let sentence = "There is nothing to sign at this address any more. Write to the Consortium\u{2019}s staff if you \
                        think that is wrong.";
        Refusal::not_found("no-co-signing", sentence)
    };
    let link = PresentedLink::<CoSignerId>::read(token).ok_or_else(over)?;
    let page = co_signers::page(view, link.id)?.filter(|page| link.fits(key, &page.nonce)).ok_or_else(over)?;
    let signer = co_signers::of(view, page.letter)?.into_iter().find(|one| one.id == link.id).ok_or_else(over)?;
    let request = requests::find(view, page.request)?.ok_or_else(over)?;
    let asking = co_signers::asking(view, page.letter)?;
    let motion = store::carried_motion(view, request.id)?;
    Ok(Invited { signer, page, request, asking, motion })
}

/// Whether a co-signer can answer now.
///
/// # Errors
/// A refusal that says why not; a fault when the policy of the request cannot be read.
pub fn must_be_open(invited: &Invited, moment: &Moment) -> Outcome<()> {
    invited.must_be_written()?;
    let today = today(&invited.request, moment.now)?;
    Ok(may_answer(invited.asking.as_ref(), &invited.signer, today)?)
}

/// Keeps what a co-signer answers to the revision they read: a signature, or why there is none. Whoever asked is told, and
/// the next in turn is asked.
///
/// # Errors
/// A refusal when the text was changed meanwhile, or no answer is awaited (any more); a fault of the database.
pub fn answer(
    tx: &mut Tx<'_>,
    moment: &Moment,
    key: &TokenKey,
    token: &str,
    (revision, answer): (i64, Result<Signature, String>),
) -> Outcome<()> {
    let request = invited(tx, key, token)?.page.request;
    let request = requests::touch(tx, request)?;
    // Read again: whoever changed the list a moment ago has finished now.
    let invited = invited(tx, key, token)?;
    must_be_open(&invited, moment)?;
    let open = store::open(tx, request.id)?.filter(|open| open.id == invited.page.letter);
    let is_read = invited.asking.is_some_and(|asking| asking.revision == revision);
    let open = open.filter(|_| is_read).ok_or_else(|| {
        let sentence = "The letter was changed after you opened this page. Read it again as it is now, then answer.";
        Refusal::conflict("changed-meanwhile", sentence).onward("Read the letter again", format!("/co-sign/{token}"))
    })?;
    co_signers::answer(tx, invited.signer.id, answer.as_ref().map_err(String::as_str), moment.now)?;
    proofs::drop_of(tx, open.id)?;
    let what = if answer.is_ok() { "co-signed" } else { "co-signing-declined" };
    let detail = json!({ "letter": open.id, "co_signer": invited.signer.id, "revision": revision });
    note(tx, moment, Actor::CoSigner, request.id, what, detail)?;
    ask_whose_turn_it_is(tx, moment, &request, &open, false)?;
    let signers = co_signers::of(tx, open.id)?;
    let now = standing(invited.asking.as_ref(), &signers, today(&request, moment.now)?);
    let Some(one) = signers.iter().find(|one| one.id == invited.signer.id) else { return Ok(()) };
    for reader in askers(tx, moment, &request, invited.asking.as_ref().map(|asking| asking.asked_by))? {
        let to = (reader.address.as_str(), reader.name.as_str());
        outbox::queue(tx, moment, &notices::answered(&moment.site, &about(&request), to, one, &now)?)?;
    }
    Ok(())
}

/// Who is told of answers: whoever asked, and all of staff when that person no longer has charge of the request.
fn askers(tx: &mut Tx<'_>, moment: &Moment, request: &Request, asked_by: Option<PersonId>) -> Outcome<Vec<Reader>> {
    let mut staff = in_charge(tx, moment, request)?;
    staff.retain(|reader| reader.seat.is_none());
    if staff.iter().any(|reader| Some(reader.person) == asked_by) {
        staff.retain(|reader| Some(reader.person) == asked_by);
    }
    Ok(staff)
}

/// How it stands with the co-signers of the letter that is being written.
///
/// # Errors
/// A fault when the policy of the request cannot be read.
pub fn standing_of(request: &Request, open: &Open, now: Instant) -> Outcome<Standing> {
    Ok(standing(open.asking.as_ref(), &open.co_signers, today(request, now)?))
}

/// Refuses to let a letter go on while answers are awaited.
pub(super) fn must_be_done(moment: &Moment, request: &Request, open: &Open) -> Outcome<()> {
    let onward = |refusal: Refusal| refusal.onward("The co-signers", co_signers_path(request.id));
    Ok(standing_of(request, open, moment.now)?.must_be_done().map_err(onward)?)
}

/// Everybody who signed a letter, or was asked to, hears that it is out.
pub(super) fn tell_that_it_is_out(tx: &mut Tx<'_>, moment: &Moment, request: &Request, open: &Open) -> Outcome<()> {
    for one in open.co_signers.iter().filter(|one| one.answer != Answer::NotAsked) {
        let is_signed = matches!(one.answer, Answer::Signed(..));
        outbox::queue(tx, moment, &notices::issued(&about(request), one, is_signed)?)?;
    }
    Ok(())
}

/// Those who signed a letter hear that it was revoked.
pub(super) fn tell_that_it_is_revoked(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    letter: &Issued,
) -> Outcome<()> {
    let mut signers = co_signers::of(tx, letter.id)?;
    signers.retain(|one| matches!(one.answer, Answer::Signed(..)));
    tell_that_it_is_over(tx, moment, request, &signers, Over::Revoked)
}

/// Those who were asked hear that the letter is thrown away.
pub(super) fn tell_that_it_is_dropped(tx: &mut Tx<'_>, moment: &Moment, request: &Request, open: &Open) -> Outcome<()> {
    tell_that_it_is_over(tx, moment, request, &open.co_signers, Over::Dropped)
}

fn tell_that_it_is_over(
    tx: &mut Tx<'_>,
    moment: &Moment,
    request: &Request,
    signers: &[CoSigner],
    over: Over,
) -> Outcome<()> {
    for one in signers.iter().filter(|one| one.answer != Answer::NotAsked) {
        outbox::queue(tx, moment, &notices::over(&moment.site, &about(request), one, over)?)?;
    }
    Ok(())
}

/// Reminds those who have not answered shortly before the last day, once.
///
/// # Errors
/// A fault of the database.
pub fn tick(tx: &mut Tx<'_>, moment: &Moment) -> Outcome<()> {
    // A day in any zone is at most one day away from the one in UTC.
    let day = moment.now.date_naive();
    let near = co_signers::ending(tx, day.pred_opt().unwrap_or(day), add_days(day, REMINDED_BEFORE + 1))?;
    for (id, letter) in near {
        let Some(asking) = co_signers::asking(tx, letter)? else { continue };
        let Some(request) = requests::find(tx, id)? else { continue };
        let today = today(&request, moment.now)?;
        let signers = co_signers::of(tx, letter)?;
        let motion = store::carried_motion(tx, id)?;
        if to_remind(&asking, &signers, today).is_empty() || rules::may_draft(request.stage, motion).is_err() {
            continue;
        }
        let request = requests::touch(tx, id)?;
        for one in to_remind(&asking, &signers, today) {
            co_signers::reminded(tx, one.id, moment.now)?;
            outbox::queue(tx, moment, &notices::reminder(&moment.site, &about(&request), one, &asking)?)?;
            let detail = json!({ "letter": letter, "co_signer": one.id });
            note(tx, moment, Actor::Service, id, "co-signer-reminded", detail)?;
        }
    }
    Ok(())
}

/// Where staff see who signs a request's letter beside the Consortium.
pub fn co_signers_path(request: RequestId) -> String {
    format!("/requests/{request}/letter/co-signers")
}

/// The path of a co-signer's page.
pub fn path(key: &TokenKey, id: CoSignerId, page: &Page) -> String {
    format!("/co-sign/{}", link_token(key, id, &page.nonce))
}

/// The link in a mail to a co-signer, if they still have a page.
///
/// # Errors
/// A fault of the database.
pub fn path_for_mail(view: &mut View<'_>, key: &TokenKey, id: CoSignerId) -> Outcome<Option<String>> {
    Ok(co_signers::page(view, id)?.map(|page| path(key, id, &page)))
}

/// The request and the letter that is being written for it.
fn being_written(tx: &mut Tx<'_>, id: RequestId) -> Outcome<(Request, Open)> {
    let request = requests::touch(tx, id)?;
    rules::may_draft(request.stage, store::carried_motion(tx, id)?)?;
    let open = store::open(tx, id)?.ok_or_else(super::no_letter)?;
    Ok((request, open))
}
