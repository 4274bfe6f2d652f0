//! What becomes of a letter in the fictional year: written, passed on, issued, taken, replaced, revoked.

use chrono::TimeDelta;

use super::cast::address;
use super::life::Life;
use crate::moment::Moment;
use crate::refusal::Outcome;
use crate::workflow::letter::co_signers::form::fields;
use crate::workflow::letter::co_signers::{Signature, Way};
use crate::workflow::letter::commands::{self as letters, Setting, co_signers};
use crate::workflow::letter::store;
use crate::workflow::outcome::commands as outcome;
use crate::workflow::outcome::rules::{Answer, Told};

impl Life<'_> {
    /// Staff write the first draft.
    pub(super) fn draft_letter(&self, at: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (at.clone(), self.company.staff, self.id);
        let language = self.project.language.unwrap_or_default();
        self.world.write(move |tx| letters::draft(tx, &moment, staff, id, language))
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

    /// Three people are asked to sign beside the Consortium; one has signed.
    pub(super) fn have_co_signed(&self, asked: &Moment, signed: &Moment) -> Outcome<()> {
        let (moment, staff, id) = (asked.clone(), self.company.staff, self.id);
        let last_day = (self.world.ago(TimeDelta::days(-9)).now).date_naive().to_string();
        let people = [
            ("Dr Hanne Solberg", "Nordic Manuscript Network", false),
            ("Kofi Mensah", "Accra Digital Heritage Lab", false),
            ("Lucía Ferrer", "", true),
        ];
        let first = self.world.write(move |tx| {
            for (name, organisation, optional) in people {
                let address = address(name, "co-signer.example");
                let typed = |field: &str| match field {
                    fields::NAME => name,
                    fields::ADDRESS => address.as_str(),
                    fields::ORGANISATION => organisation,
                    fields::OPTIONAL if optional => "yes",
                    _ => "",
                };
                co_signers::add(tx, &moment, staff, id, typed)?;
            }
            co_signers::ask(tx, &moment, staff, id, (Way::Together.as_str(), &last_day))?;
            let open = store::open(tx, id)?;
            Ok(open.and_then(|open| Some((open.revision, open.co_signers.first()?.id))))
        })?;
        let Some((revision, signer)) = first else { return Ok(()) };
        let (moment, key) = (signed.clone(), self.world.service.key.clone());
        self.world.write(move |tx| {
            let path = co_signers::path_for_mail(tx, &key, signer)?.unwrap_or_default();
            let token = path.rsplit('/').next().unwrap_or_default();
            let signature = Signature { name: "Dr Hanne Solberg".to_owned(), capacity: "Coordinator".to_owned() };
            co_signers::answer(tx, &moment, &key, token, (revision, Ok(signature)))
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
        let reader = letters::Reader::Applicant(applicant.into());
        self.world.write(move |tx| letters::download(tx, &moment, reader, id, letters::Rendition::Flat))
    }

    /// The applicant is asked what became of the proposal, and tells it; nothing where that is still to come.
    pub(super) fn tell_outcome(&self, at: &Moment) -> Outcome<()> {
        if at.now > self.world.service.clock.now() {
            return Ok(());
        }
        let (moment, applicant) = (at.clone(), self.applicant);
        let told = if at.now.timestamp() / 86_400 % 3 == 0 {
            Told { answer: Answer::NotFunded, remark: String::new() }
        } else {
            Told { answer: Answer::Funded, remark: "The work begins in autumn.".to_owned() }
        };
        self.world.write(move |tx| {
            outcome::tick(tx, &moment)?;
            outcome::tell(tx, &moment, &applicant, &told)
        })
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
