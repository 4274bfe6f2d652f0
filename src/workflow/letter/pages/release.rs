//! The last look before a letter goes out, and letting it go: one person passes the bytes on, a second one issues them.

use actix_web::web;
use askama::Template;

use super::call::{Beside, beside};
use super::edit::{inline_pdf, letter_path};
use super::printing::Printing;
use super::{as_issued, bundled, load, request_id};
use crate::clock::Instant;
use crate::ids::{LetterId, RequestId};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::plain;
use crate::refusal::{FieldErrors, Outcome, Refusal};
use crate::store::{Tx, once};
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, show, show_again};
use crate::web::post::Post;
use crate::web::service::Service;
use crate::web::shell::Shell;
use crate::workflow::letter::co_signers;
use crate::workflow::letter::commands::co_signers::standing_of;
use crate::workflow::letter::commands::{self, Setting, colleagues, corrected_since};
use crate::workflow::letter::form::fields;
use crate::workflow::letter::life::{DATE_STANDS, Proof, date_stands, is_second};
use crate::workflow::letter::pdf::{self, Printed, Unprintable};
use crate::workflow::letter::rules::{self, Check, Register};
use crate::workflow::letter::seal::certificate::Certificate;
use crate::workflow::letter::seal::stamp::NoStamp;
use crate::workflow::letter::seal::{self, NotSealed, Sealed, Sealer};
use crate::workflow::letter::store::{self, Open, call, proofs};
use crate::workflow::letter::text::LetterText;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::store::{Request, lists};

#[derive(Template)]
#[template(path = "letter/check.html")]
pub(super) struct Checklist {
    frame: Frame,
    request: Request,
    form: FormView,
    revision: i64,
    checks: Vec<Check>,
    /// Why the letter cannot be set; empty when it can.
    unprintable: String,
    fingerprint: String,
    /// The proof that waits, with the day of its check; none while nobody has passed the letter on.
    proof: Option<(Proof, String)>,
    /// Whether who looks is the second person, and may issue.
    is_second: bool,
    /// Whether others are to sign it beside the Consortium.
    has_co_signers: bool,
    /// Who else of staff could issue it, by name.
    others: Vec<String>,
    applicant: (String, String),
    /// The SHA-256 of the certificate that will sign; empty without one.
    certificate: String,
    /// Whether it can be issued without the time stamp that the service did not give.
    unstamped: bool,
    /// How many days the date on the letter stands.
    date_stands: u64,
    /// The letter beside its funder's rules, when they are known.
    beside: Option<Beside>,
}

impl Checklist {
    fn is_ready(&self) -> bool {
        self.unprintable.is_empty() && self.checks.iter().all(|check| check.wrong.is_empty()) && self.is_held()
    }

    /// Whether the letter was held against the call, where its funder's rules are known.
    fn is_held(&self) -> bool {
        self.beside.as_ref().is_none_or(Beside::is_confirmed)
    }

    /// Where the PDF is that the page speaks of.
    fn pdf(&self) -> &'static str {
        if self.proof.is_some() { "proof.pdf" } else { "preview.pdf" }
    }
}

/// `GET /requests/{id}/letter/check`: everything there is to look at, with the PDF.
///
/// # Errors
/// Refused for everybody but staff, and when the request can have no letter.
pub async fn check(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    show(&checklist(&shell, &printing, id, FormView::new()).await?.0)
}

/// `GET /requests/{id}/letter/proof.pdf`: the bytes that wait to be issued, shown in the browser.
///
/// # Errors
/// Refused for everybody but staff, and when no proof waits.
pub async fn proof(shell: Shell, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    let kept = shell
        .service
        .store
        .read(move |view| {
            let Some(open) = store::open(view, id)? else { return Ok(None) };
            let Some(proof) = proofs::of(view, open.id)? else { return Ok(None) };
            Ok(Some((proof, proofs::bytes(view, open.id)?)))
        })
        .await?;
    let (proof, bytes) = kept.ok_or_else(commands::no_letter)?;
    Ok(inline_pdf(&rules::file_name(&proof.register.number), bytes))
}

/// `POST /requests/{id}/letter/pass-on`: keeps what was looked at as the proof, for a second person to issue.
///
/// # Errors
/// Refused for everybody but staff, when the letter is not the one that was looked at, and when the request can have no
/// letter.
pub async fn pass_on(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>, post: Post) -> Page {
    let said = "Passed on. A colleague looks at this very file and issues it.";
    let way = Way { onward: commands::check_path, said, signs: false };
    send(&shell, &printing, &path, post, way, |tx, moment, staff, id, looked| {
        let missing = || rules::not_what_was_checked().onward("See the letter", letter_path(id));
        commands::pass_on(tx, moment, staff, id, looked.setting.as_ref().ok_or_else(missing)?)
    })
    .await
}

/// `POST /requests/{id}/letter/issue`: a second person lets the letter go.
///
/// # Errors
/// Refused for everybody but staff, for whoever wrote the words, when the letter is not the one that was looked at, and
/// when the request can have no letter.
pub async fn issue(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>, post: Post) -> Page {
    let said = "The letter is issued. The applicant has mail.";
    let way = Way { onward: letter_path, said, signs: true };
    send(&shell, &printing, &path, post, way, |tx, moment, staff, id, looked| {
        if let Some(setting) = &looked.setting {
            commands::pass_on(tx, moment, staff, id, setting)?;
        }
        commands::issue(tx, moment, staff, id, &looked.approved, looked.sealed.as_ref()).map(drop)
    })
    .await
}

/// A letter that was looked at.
struct Looked {
    /// The fingerprint that was looked at.
    approved: String,
    /// The letter as it is now; none when its proof waits already.
    setting: Option<Setting>,
    /// The signed original of what was looked at.
    sealed: Option<Sealed>,
}

/// What is done with it.
type Act = fn(&mut Tx<'_>, &Moment, Staff, RequestId, &Looked) -> Outcome<()>;

/// How it goes on from the checklist.
struct Way {
    onward: fn(RequestId) -> String,
    said: &'static str,
    /// Whether the letter is signed.
    signs: bool,
}

/// The box that lets a letter go without a time stamp.
const UNSTAMPED: &str = "unstamped";

/// Reads the checklist; when all of it is ticked, does `act` once and goes where it leads.
async fn send(shell: &Shell, printing: &Printing, path: &str, post: Post, way: Way, act: Act) -> Page {
    let id = request_id(path)?;
    let staff = shell.staff_on(id, recused).await?;
    let approved = post.fields.get(fields::FINGERPRINT).to_owned();
    let open = shell.service.store.read(move |view| store::open(view, id)).await?;
    // Without a draft the command says why there is none: most often the letter has just been issued.
    let mut looked = Looked { approved, setting: None, sealed: None };
    if let Some(open) = open {
        let form = FormView::filled(post.fields.iter());
        let (page, setting) = checklist(shell, printing, id, form.clone()).await?;
        if let Err(errors) = rules::must_be_ticked(&page.checks, |field| post.fields.has(field)) {
            let frame = shell.frame("Check the letter").within(Section::Queue).failed_if(true);
            return show_again(&Checklist { form: form.failing(errors), frame, ..page });
        }
        let revision = post.fields.get(fields::REVISION).parse().unwrap_or_default();
        looked.setting = setting.map(|setting| Setting { revision, approved: looked.approved.clone(), ..setting });
        if way.signs {
            match sign(shell, printing, (id, open.id), &looked, !post.fields.has(UNSTAMPED)).await? {
                Ok(sealed) => looked.sealed = sealed,
                Err(no_stamp) => {
                    let sentence = format!(
                        "{no_stamp} Nothing was issued. Try again in a few minutes, or tick this box: the letter is \
                         then signed without a time stamp."
                    );
                    let form = form.failing(FieldErrors::one(UNSTAMPED, sentence));
                    let frame = shell.frame("Check the letter").within(Section::Queue).failed_if(true);
                    return show_again(&Checklist { form, frame, unstamped: true, ..page });
                }
            }
        }
    }
    let moment = shell.service.moment();
    let target = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                act(tx, &moment, staff, id, &looked)?;
                Ok((way.onward)(id))
            })
        })
        .await?;
    Ok(see_other_saying(&shell.service, &target, Tone::Good, way.said))
}

/// The signed original of what was looked at, none without a key; or why there is no time stamp. What is not (any more)
/// what was looked at is not signed.
async fn sign(
    shell: &Shell,
    printing: &Printing,
    (id, letter): (RequestId, LetterId),
    looked: &Looked,
    stamped: bool,
) -> Outcome<Result<Option<Sealed>, NoStamp>> {
    let flat = match &looked.setting {
        Some(setting) => setting.pdf.clone(),
        None => {
            let read = shell
                .service
                .store
                .read(move |view| proofs::of(view, letter)?.map(|_| proofs::bytes(view, letter)).transpose());
            read.await?.unwrap_or_default()
        }
    };
    if rules::fingerprint(&flat) != looked.approved {
        return match printing.sealer() {
            Some(_) => {
                Err(rules::not_what_was_checked().onward("Look at the letter again", commands::check_path(id)).into())
            }
            None => Ok(Ok(None)),
        };
    }
    match printing.seal(flat, shell.service.clock.now(), stamped).await? {
        Ok(sealed) => Ok(Ok(sealed)),
        Err(NotSealed::NoStamp(why)) => Ok(Err(why)),
        Err(NotSealed::Certificate(why)) => Err(Refusal::conflict("certificate", why).into()),
        Err(NotSealed::Fault(fault)) => Err(fault.into()),
    }
}

/// The letter of a request as it stands, without anybody having looked: for the made-up letters of the demonstration.
///
/// # Errors
/// A refusal when there is no draft, a fault when it cannot be set.
pub async fn set_unseen(service: &Service, printing: &Printing, id: RequestId, now: Instant) -> Outcome<Setting> {
    let (request, open) = service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(|| rules::no_draft(request.stage))?;
    let text = as_issued(service, &request, &open, now).await?;
    let printed = printing.print(text.clone()).await?.map_err(pdf::failure)?;
    Ok(setting(&text, &request, &open, printed))
}

fn setting(text: &LetterText, request: &Request, open: &Open, printed: Printed) -> Setting {
    Setting {
        revision: open.revision,
        approved: rules::fingerprint(&printed.bytes),
        co_signed: text.co_signed.len(),
        house: text.house,
        register: register(text, request, printed.pages),
        pdf: printed.bytes,
    }
}

fn register(text: &LetterText, request: &Request, pages: usize) -> Register {
    Register {
        issuer: text.letterhead.name.clone(),
        number: text.number.clone(),
        date: text.date,
        applicant: text.subject.applicant().to_owned(),
        funder: request.funder.clone(),
        programme: request.programme.clone(),
        title: text.subject.title.clone(),
        signed_as: text.signed_by.capacity.clone(),
        pages,
    }
}

/// The page, and the letter as it would be passed on now; none when its proof waits already or it cannot be set.
pub(super) async fn checklist(
    shell: &Shell,
    printing: &Printing,
    id: RequestId,
    form: FormView,
) -> Outcome<(Checklist, Option<Setting>)> {
    let (person, moment) = (shell.visitor()?.person(), shell.service.moment());
    let now = moment.now;
    let bundled = bundled(&shell.service);
    let (request, open, proof, motion, (others, applicant), (held, house), corrected) = shell
        .service
        .store
        .read(move |view| {
            let (request, open) = load(view, id)?;
            // A proof bears the date of its check; what it shows is what is issued, as long as that date stands.
            let today = commands::today(&request, moment.now)?;
            let proof = open.as_ref().map(|open| proofs::of(view, open.id)).transpose()?.flatten();
            let proof = proof.filter(|proof| date_stands(proof.register.date, today));
            let corrected = open.as_ref().map(|open| corrected_since(view, &request, open)).transpose()?.flatten();
            let is_left = |proof: &Proof| corrected.as_ref().is_none_or(|corrected| corrected.leaves(proof.checked_at));
            let proof = proof.filter(is_left);
            let motion = store::carried_motion(view, id)?;
            let others = match &open {
                Some(_) => colleagues(view, &moment, &request, person)?,
                None => vec![],
            };
            let applicant = lists::mailbox(view, request.applicant)?;
            let waits = proof.as_ref().zip(open.as_ref());
            let size = waits.map(|(_, open)| proofs::bytes(view, open.id)).transpose()?.map(|bytes| bytes.len());
            let kept = open.as_ref().map(|open| call::of(view, open.id)).transpose()?.flatten();
            // What waits to be issued shows the house of its proof, whatever came into force since.
            let house = match &proof {
                Some(proof) => store::house::version(view, proof.house, &bundled)?,
                None => None,
            };
            let house = house.map_or_else(|| store::house::in_force(view, &bundled), Ok)?;
            Ok((
                request,
                open,
                proof,
                motion,
                (others, applicant),
                ((size.unwrap_or_default(), kept), house),
                corrected,
            ))
        })
        .await?;
    let motion = rules::may_draft(request.stage, motion)?;
    let open = open.ok_or_else(|| rules::no_draft(request.stage).onward("See the letter", letter_path(id)))?;
    rules::must_rest_on(open.motion, motion).map_err(|refusal| refusal.onward("Open the text", letter_path(id)))?;
    let today = commands::today(&request, now)?;
    let dated = proof.as_ref().map_or(today, |proof| proof.register.date);
    let text = super::dated(&shell.service, &request, &open, (&house, dated))?;
    let mut page = Checklist {
        frame: shell.frame("Check the letter").within(Section::Queue).failed_if(form.has_errors()),
        revision: open.revision,
        checks: vec![],
        unprintable: String::new(),
        fingerprint: proof.as_ref().map(|proof| proof.sha256.clone()).unwrap_or_default(),
        is_second: is_second(open.editor, person),
        has_co_signers: !open.co_signers.is_empty(),
        others: others.into_iter().map(|one| if one.name.is_empty() { one.address } else { one.name }).collect(),
        proof: None,
        certificate: printing.sealer().and_then(Sealer::certificate).map(Certificate::fingerprint).unwrap_or_default(),
        unstamped: false,
        date_stands: DATE_STANDS,
        beside: None,
        request,
        form,
        applicant,
    };
    let (size, kept) = held;
    let set = match proof {
        Some(proof) => {
            page.beside = beside(&page.request, &open, &text, Some((proof.register.pages, size)), kept)?;
            page.checks = rules::checks(&text, proof.register.pages);
            let day = plain::day(commands::today(&page.request, proof.checked_at)?).to_string();
            page.proof = Some((proof, day));
            None
        }
        None => match printing.print(text.clone()).await? {
            Ok(printed) => {
                let printed_size = Some((printed.pages, printed.bytes.len()));
                page.beside = beside(&page.request, &open, &text, printed_size, kept)?;
                page.checks = rules::checks(&text, printed.pages);
                let set = setting(&text, &page.request, &open, printed);
                page.fingerprint.clone_from(&set.approved);
                Some(set)
            }
            Err(why @ Unprintable::Broken(_)) => return Err(pdf::failure(why)),
            Err(why) => {
                page.beside = beside(&page.request, &open, &text, None, kept)?;
                page.checks = rules::checks(&text, 0);
                page.unprintable = why.to_string();
                None
            }
        },
    };
    if page.beside.is_none() {
        page.checks.push(rules::call_check(&page.request.funder));
    }
    if let Some(corrected) = corrected {
        let day = plain::day(commands::today(&page.request, corrected.at)?).to_string();
        page.checks.push(corrected.check(&day));
    }
    let standing = standing_of(&page.request, &open, now)?;
    page.checks.extend(co_signers::check(&standing, &text.co_signed));
    page.checks.push(seal::check(printing.sealer(), now));
    let set = set.filter(|_| page.is_ready());
    Ok((page, set))
}
