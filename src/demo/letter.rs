//! What becomes of a letter in the fictional year: written, passed on, issued, taken, replaced, revoked.

use super::life::Life;
use crate::moment::Moment;
use crate::refusal::Outcome;
use crate::workflow::letter::commands::{self as letters, Setting};
use crate::workflow::letter::language::Language;

impl Life<'_> {
    /// Staff write the first draft.
    pub(super) fn draft_letter(&self, at: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        self.world.write(move |tx| letters::draft(tx, &moment, staff, id, Language::default()))
    }

    /// One person goes through the checklist and passes the letter on, as it is set here.
    pub(super) fn pass_on(&self, at: &Moment) -> Outcome<Setting> {
        let held = self.world.hold(self.id, at)?;
        let setting = self.world.print(self.id, at)?;
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        self.world.write(move |tx| {
            if let Some(held) = &held {
                letters::call::confirm(tx, &moment, staff, id, held)?;
            }
            letters::pass_on(tx, &moment, staff, id, &setting)?;
            Ok(setting)
        })
    }

    /// One person passes the letter on, and a second issues it.
    pub(super) fn issue(&self, at: &Moment) -> Outcome<()> {
        let setting = self.pass_on(at)?;
        let sealed = self.world.sign(&setting, at)?;
        let (moment, colleague, id) = (at.clone(), self.company.colleague, self.id);
        self.world
            .write(move |tx| letters::issue(tx, &moment, colleague, id, &setting.approved, sealed.as_ref()).map(drop))
    }

    /// The applicant takes the letter's file.
    pub(super) fn download(&self, at: &Moment) -> Outcome<()> {
        let (moment, applicant, id) = (at.clone(), self.applicant, self.id);
        let reader = letters::Reader::Applicant(applicant);
        self.world.write(move |tx| letters::download(tx, &moment, reader, id, letters::Rendition::Flat))
    }

    /// A new version takes the letter's place.
    pub(super) fn replace(&self, at: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        let reason = "The funder renamed the addressee\u{2019}s office.";
        self.world.write(move |tx| letters::begin_version(tx, &moment, staff, id, reason))?;
        self.issue(at)?;
        self.download(at)
    }

    /// Two people take the letter back.
    pub(super) fn revoke(&self, at: &Moment) -> Outcome<()> {
        let (moment, company, id) = (at.clone(), (self.company.staff, self.company.colleague), self.id);
        let reason = "The proposal was handed in with another lead institution than the one the committee endorsed.";
        self.world.write(move |tx| {
            letters::propose_revocation(tx, &moment, company.0, id, reason)?;
            letters::revoke(tx, &moment, company.1, id)
        })
    }
}
