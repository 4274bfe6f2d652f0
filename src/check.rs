//! What an operator asks before trusting the service: is the database current, does every journal hold together, do the
//! recorded outcomes follow from the ballots, are the issued letters still the bytes that were signed off?

use crate::app::App;
use crate::audit;
use crate::refusal::{Failure, Outcome};
use crate::store;
use crate::store::{Store, View};
use crate::workflow::letter;
use crate::workflow::request::commands;
use crate::workflow::request::store::depot::Depot;
use crate::workflow::review::recount::recount;
use crate::workflow::review::store::motions;

/// One thing that was looked at.
#[derive(Debug)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    /// What is wrong with it; nothing when it is as it should be.
    pub wrong: Option<String>,
}

/// Looks at everything.
pub fn run(app: &App) -> Vec<Finding> {
    let config = &app.service.config;
    let migrated = store::is_current(&config.database).map_err(Failure::from).and_then(|current| {
        if current {
            Ok("the database has every migration".to_owned())
        } else {
            Err(wrong("migrations are missing; run `letters migrate`"))
        }
    });
    let mut findings = vec![
        finding("database", migrated),
        finding("signatory", signatory(app)),
        finding("digital signature", digital_signature(app)),
    ];
    findings.extend(records(&app.service.store, &app.depot));
    findings
}

/// Looks at what must be true of the records, whoever did what in which order: every journal's chain holds, every
/// closed motion follows from its journal, every issued letter is the bytes that were issued, every attachment's file is
/// there and unchanged.
pub fn records(store: &Store, depot: &Depot) -> Vec<Finding> {
    vec![
        finding("journals", store.read_now(journals)),
        finding("motions", store.read_now(motions)),
        finding("letters", store.read_now(letters)),
        finding("letterhead and signatory", store.read_now(houses)),
        finding("signed originals", store.read_now(signed_originals)),
        finding("attachments", store.read_now(|view| attachments(view, depot))),
    ]
}

fn wrong(what: &str) -> Failure {
    crate::refusal::Fault::new(what).into()
}

fn finding(name: &str, outcome: Outcome<String>) -> Finding {
    match outcome {
        Ok(what) => Finding { what, wrong: None },
        Err(Failure::Fault(fault)) => Finding { what: name.to_owned(), wrong: Some(fault.to_string()) },
        Err(Failure::Refusal(refusal)) => Finding { what: name.to_owned(), wrong: Some(refusal.sentence) },
        Err(Failure::Fields(errors)) => Finding { what: name.to_owned(), wrong: Some(format!("{errors:?}")) },
    }
}

/// Whether somebody is named who signs.
fn signatory(app: &App) -> Outcome<String> {
    let bundled = letter::pages::bundled(&app.service);
    let house = app.service.store.read_now(|view| letter::store::house::in_force(view, &bundled))?;
    let (number, settings) = (house.number, house.settings);
    if settings.signatory.is_empty() {
        return Err(wrong(letter::rules::NOBODY_SIGNS));
    }
    Ok(format!("letters are signed by {}, {} (version {number})", settings.signatory, settings.capacity))
}

/// Holds every letter against the versions of letterhead and signatory.
fn houses(view: &mut View<'_>) -> Outcome<String> {
    let count = letter::store::house::check(view)?;
    Ok(format!("{count} letters show a letterhead and signatory that are kept"))
}

/// What letters are signed with, and whether it is valid now.
fn digital_signature(app: &App) -> Outcome<String> {
    let sealer = app.printing.sealer();
    let Some((sealer, certificate)) = sealer.and_then(|sealer| Some((sealer, sealer.certificate()?))) else {
        return Ok("letters are issued without a digital signature: SEAL_FILE is not set".to_owned());
    };
    if let Some(why) = sealer.wrong_at(app.service.clock.now()) {
        return Err(wrong(&why));
    }
    let (subject, vouched, validity) = (&certificate.subject, certificate.vouched(), certificate.validity());
    Ok(format!("letters are digitally signed by \u{201c}{subject}\u{201d}, {vouched}, valid {validity}"))
}

/// Walks the hash chain of every journal; one that is broken does not keep the others from being looked at.
fn journals(view: &mut View<'_>) -> Outcome<String> {
    let subjects = audit::store::subjects(view)?;
    let (mut entries, mut broken) = (0, Vec::new());
    for subject in &subjects {
        match audit::store::check_chain(view, subject)? {
            Ok(length) => entries += length,
            Err(why) => broken.push(why),
        }
    }
    all_well(&broken, format!("{} journals hold together, {entries} entries in all", subjects.len()))
}

/// Counts every closed motion again from its journal.
fn motions(view: &mut View<'_>) -> Outcome<String> {
    let (mut count, mut broken) = (0, Vec::new());
    for request in motions::ever_opened(view)? {
        let kept = motions::all_of(view, request)?;
        let recorded: Vec<_> = kept.iter().map(|kept| (kept.number, &kept.motion)).collect();
        let journal = audit::store::history(view, request.as_str())?;
        let entries = journal.iter().map(|entry| (entry.what.as_str(), entry.detail.as_str()));
        match recount(entries, &recorded) {
            Ok(counted) => count += counted,
            Err(why) => broken.push(format!("request {request}: {why}")),
        }
    }
    all_well(&broken, format!("{count} closed motions count again as they were counted"))
}

fn all_well(broken: &[String], well: String) -> Outcome<String> {
    if broken.is_empty() { Ok(well) } else { Err(wrong(&broken.join("; "))) }
}

/// Hashes every issued letter again.
fn letters(view: &mut View<'_>) -> Outcome<String> {
    let count = letter::store::check_hashes(view)?;
    Ok(format!("{count} issued letters are the bytes that were issued"))
}

/// Checks every signed original again.
fn signed_originals(view: &mut View<'_>) -> Outcome<String> {
    let count = letter::store::seals::check(view)?;
    Ok(format!("{count} signed originals hold: bytes, cover and signature"))
}

/// Hashes every attachment's file again.
fn attachments(view: &mut View<'_>, depot: &Depot) -> Outcome<String> {
    let (count, broken) = commands::attachments::check(view, depot)?;
    all_well(&broken, format!("{count} files of attachments are there and as they were attached"))
}
