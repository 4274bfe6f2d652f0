//! The letter beside its funder's rules: what fits, what does not, what a person looks at; and the confirmation that it
//! was held against the text of the call.

use actix_web::web;

use super::edit::letter_path;
use super::printing::Printing;
use super::{as_issued, load, release, request_id};
use crate::clock::Instant;
use crate::funders::profile::Profile;
use crate::ids::RequestId;
use crate::refusal::{Outcome, Refusal};
use crate::store::once;
use crate::web::flash::see_other_saying;
use crate::web::form::FormView;
use crate::web::frame::Tone;
use crate::web::page::{Page, show_again};
use crate::web::post::Post;
use crate::web::service::Service;
use crate::web::shell::Shell;
use crate::workflow::letter::commands::call::{confirm as keep, is_current, profile_of};
use crate::workflow::letter::commands::{self, check_path};
use crate::workflow::letter::fitting::{self, Check, Fit, Letter, Typed, fields};
use crate::workflow::letter::form::fields::REVISION;
use crate::workflow::letter::pdf::{self, Printed};
use crate::workflow::letter::rules;
use crate::workflow::letter::store::Open;
use crate::workflow::letter::store::call::{Held, Kept};
use crate::workflow::letter::text::LetterText;
use crate::workflow::request::answers::LetterKind;
use crate::workflow::request::fields::Field;
use crate::workflow::request::store::Request;
use crate::workflow::request::store::recused::recused;
use crate::workflow::request::{form, funder};

/// A letter beside the rules of its funder.
pub(super) struct Beside {
    pub(super) profile: &'static Profile,
    checks: Vec<Check>,
    file_name: String,
    /// The confirmation, if there is one of this very text by these very rules.
    pub(super) kept: Option<Kept>,
    /// Whether there is one of an earlier text or by earlier rules.
    pub(super) is_outdated: bool,
}

impl Beside {
    /// Whether the letter may go out as far as the funder's rules are concerned.
    pub(super) const fn is_confirmed(&self) -> bool {
        self.kept.is_some()
    }

    /// The rules that are known, those that need attention first.
    pub(super) fn known(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.fit != Fit::Unknown)
    }

    fn misfits(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.fit == Fit::Misfit)
    }

    /// Whether it needs a reason to go on.
    pub(super) fn has_misfits(&self) -> bool {
        self.misfits().next().is_some()
    }

    /// How many rules there are of each fit, in words.
    pub(super) fn summary(&self) -> String {
        let count = |fit| self.checks.iter().filter(|check| check.fit == fit).count();
        let misfits = match count(Fit::Misfit) {
            0 => "Nothing is known not to fit.".to_owned(),
            1 => "One of the known rules does not fit.".to_owned(),
            misfits => format!("{misfits} of the known rules do not fit."),
        };
        match count(Fit::Look) {
            0 => misfits,
            look => format!("{misfits} Look at {look} yourself."),
        }
    }

    /// What is to be kept once staff confirm.
    fn held(&self, revision: i64, reason: String) -> Held {
        let misfits: Vec<String> =
            self.misfits().map(|check| format!("{}: {}; {}", check.what, check.known, check.has)).collect();
        let file_name = self.file_name.clone();
        Held { revision, profile: self.profile.clone(), misfits: misfits.join("\n"), reason, file_name }
    }
}

/// The letter beside its funder's rules; nothing when they are not known.
pub(super) fn beside(
    request: &Request,
    open: &Open,
    text: &LetterText,
    printed: Option<(usize, usize)>,
    kept: Option<Kept>,
) -> Outcome<Option<Beside>> {
    let Some(profile) = profile_of(request)? else { return Ok(None) };
    let typed = request.typed()?;
    let investigator = typed.get(Field::PiName).trim();
    let file_name = fitting::file_name(Some(profile), investigator, rules::file_name(&text.number));
    let letter = Letter {
        text,
        pages: printed.map(|(pages, _)| pages),
        bytes: printed.map_or(0, |(_, bytes)| bytes),
        kind: request.letter_kind.parse::<LetterKind>().ok().map(funder::kind_of),
        investigator,
        deadline: form::deadline(&typed).map(|deadline| deadline.date()),
        file_name: &file_name,
    };
    let checks = fitting::checks(profile, &letter);
    let is_current = |kept: &Kept| is_current(&kept.held, open.revision, profile);
    let is_outdated = kept.as_ref().is_some_and(|kept| !is_current(kept));
    let kept = kept.filter(is_current);
    Ok(Some(Beside { profile, checks, file_name, kept, is_outdated }))
}

/// `POST /requests/{id}/letter/call`: keeps that staff held the letter against the call, with the reason to go on where
/// something does not fit.
///
/// # Errors
/// Refused for everybody but staff, when the text was changed meanwhile, and when the funder's rules are not known.
pub async fn confirm(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>, post: Post) -> Page {
    let id = request_id(&path)?;
    let staff = shell.staff_on(id, recused).await?;
    let (request, open) = shell.service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(|| rules::no_draft(request.stage).onward("See the letter", letter_path(id)))?;
    let revision: i64 = post.fields.get(REVISION).parse().unwrap_or_default();
    if revision != open.revision {
        return Err(rules::changed_meanwhile().onward("Look at the letter again", check_path(id)).into());
    }
    let text = as_issued(&shell.service, &request, &open, shell.service.clock.now()).await?;
    let Printed { bytes, pages } = printing.print(text.clone()).await?.map_err(pdf::failure)?;
    let beside = beside(&request, &open, &text, Some((pages, bytes.len())), None)?.ok_or_else(|| no_rules(id))?;
    let typed = Typed { ticked: post.fields.has(fields::CALL_CHECKED), reason: post.fields.get(fields::REASON) };
    let held = match fitting::read(&beside.checks, typed) {
        Ok(reason) => beside.held(revision, reason),
        Err(errors) => {
            let form = FormView::filled(post.fields.iter()).failing(errors);
            return show_again(&release::checklist(&shell, &printing, id, form).await?.0);
        }
    };
    let moment = shell.service.moment();
    let target = shell
        .service
        .store
        .write(move |tx| {
            once(tx, &post.once, moment.now, |tx| {
                keep(tx, &moment, staff, id, &held)?;
                Ok(check_path(id))
            })
        })
        .await?;
    let said = "Kept: this text was held against the call. If the text changes, it is to be held against it again.";
    Ok(see_other_saying(&shell.service, &target, Tone::Good, said))
}

/// What the confirmation of a letter as it stands would keep, with this reason, without anybody having looked: for the
/// made-up letters of the demonstration. Nothing when the funder's rules are not known.
///
/// # Errors
/// A refusal when there is no draft, a fault when it cannot be set.
pub async fn hold_unseen(
    service: &Service,
    printing: &Printing,
    id: RequestId,
    now: Instant,
    reason: &str,
) -> Outcome<Option<Held>> {
    let (request, open) = service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(commands::no_letter)?;
    let text = as_issued(service, &request, &open, now).await?;
    let Printed { bytes, pages } = printing.print(text.clone()).await?.map_err(pdf::failure)?;
    let Some(beside) = beside(&request, &open, &text, Some((pages, bytes.len())), None)? else { return Ok(None) };
    let reason = fitting::read(&beside.checks, Typed { ticked: true, reason })?;
    Ok(Some(beside.held(open.revision, reason)))
}

fn no_rules(id: RequestId) -> Refusal {
    let sentence = "We do not know this funder’s rules for letters, so there is nothing to confirm here. Read the call, \
                    then issue the letter.";
    Refusal::conflict("no-rules-known", sentence).onward("Look at the letter", check_path(id))
}
