//! What is asked of the queue: the fields of its form, in an address.

use crate::clock::Instant;
use crate::funders::bundled::funders;
use crate::funders::matching::find;
use crate::ids::SeatId;
use crate::members::institution::folded;
use crate::policy::store::in_force;
use crate::refusal::{FieldErrors, Outcome};
use crate::staff::pile::{self, Pile};
use crate::staff::search::{self, Search};
use crate::store::View;
use crate::web::form::FormView;
use crate::web::post::Fields;
use crate::workflow::post::store::Waiting;
use crate::workflow::request::rules::Band;
use crate::workflow::request::store::queue::{Order, Place, Wanted};
use crate::workflow::routing::store::{SeatInOffice, seats_in_office};

/// The field that is searched with.
pub(super) const WORDS: &str = "words";

/// What is asked of the queue, as typed into its form.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    words: String,
    stage: String,
    band: String,
    funder: String,
    after: String,
}

impl Default for Asked {
    fn default() -> Self {
        let empty = String::new;
        Self { words: empty(), stage: Pile::Open.to_string(), band: empty(), funder: empty(), after: empty() }
    }
}

/// What is asked, read: a part of the queue and a search in it.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) pile: Pile,
    search: Search,
    band: Option<Band>,
    funder: Option<String>,
    pub(super) place: Option<Place>,
}

impl Asked {
    /// What is asked.
    ///
    /// # Errors
    /// The search words that are none.
    pub(super) fn question(&self, now: Instant) -> Result<Question, FieldErrors> {
        let search = search::read(&self.words, now).map_err(|faults| FieldErrors::one(WORDS, faults.join(" ")))?;
        Ok(Question {
            pile: search.stage.unwrap_or_else(|| self.pile()),
            band: search.lead.or_else(|| self.band.parse().ok()),
            funder: Some(self.funder.clone()).filter(|funder| !funder.is_empty()),
            place: pile::read_place(&self.after),
            search,
        })
    }

    /// The part of the queue that is chosen from the list.
    pub(super) fn pile(&self) -> Pile {
        self.stage.parse().unwrap_or(Pile::Open)
    }

    /// As it was typed into other fields.
    pub(super) fn typed(fields: &Fields) -> Self {
        let get = |name| fields.get(name).to_owned();
        Self { words: get(WORDS), stage: get("stage"), band: get("band"), funder: get("funder"), after: get("after") }
    }

    /// The fields with what is in them.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let values = [(WORDS, &self.words), ("stage", &self.stage), ("band", &self.band), ("funder", &self.funder)];
        values.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
    }

    /// From where on the list was read; empty for its beginning.
    pub(super) fn after(&self) -> &str {
        &self.after
    }

    /// `form` with what is in the fields.
    pub(super) fn form_with(&self, form: FormView) -> FormView {
        self.fields().into_iter().fold(form.with("stage", self.pile().as_str()), |form, (name, value)| match name {
            "stage" => form,
            _ => form.with(name, value),
        })
    }

    /// The address of the same question, at `path`, from `after` on.
    pub(super) fn address(&self, path: &str, after: &str) -> String {
        let after = Some(("after", after.to_owned())).filter(|(_, after)| !after.is_empty());
        let given: Vec<String> = self
            .fields()
            .into_iter()
            .chain(after)
            .map(|(name, value)| format!("{name}={}", percent_encoded(&value)))
            .collect();
        format!("{path}?{}", given.join("&"))
    }
}

impl Question {
    /// The order of the answer.
    pub(super) const fn order(&self) -> Order {
        if self.pile.is_open() { Order::NearestFirst } else { Order::LatestFirst }
    }

    /// The same in the terms of the database; `funders` are all there are, `copies` the physical copies that wait.
    ///
    /// # Errors
    /// A fault of the database.
    pub(super) fn wanted(
        &self,
        view: &mut View<'_>,
        (funders, copies): (&[String], &[Waiting]),
        now: Instant,
    ) -> Outcome<Wanted> {
        let search = &self.search;
        let copies = copies.iter().filter(|_| self.pile.takes_copies());
        Ok(Wanted {
            stages: self.pile.stages().to_vec(),
            also: copies.map(|one| one.request).collect(),
            held: self.pile.held(),
            declined: self.pile.declined(),
            asked: self.pile == Pile::Waiting || search.has_question,
            band: self.band.map(|band| band.to_string()),
            funders: self.funders(funders)?,
            patterns: search.words.iter().map(|word| pile::like_pattern(word)).collect(),
            due: search.due,
            needed: search.needed,
            kind: search.kind,
            owing: if search.waiting.is_empty() { None } else { Some(self.owing(view, now)?) },
            conflict: search.has_conflict,
        })
    }

    /// The seats in office with all the words in their names.
    fn owing(&self, view: &mut View<'_>, now: Instant) -> Outcome<Vec<SeatId>> {
        let today = in_force(view, now)?.today(now);
        let is_meant = |seat: &SeatInOffice| {
            let name = folded(&seat.name);
            self.search.waiting.iter().all(|part| name.contains(part))
        };
        Ok(seats_in_office(view, today)?.into_iter().filter(is_meant).map(|seat| seat.seat).collect())
    }

    /// Of all funders, those that are asked for; `None` when none is.
    fn funders(&self, all: &[String]) -> Outcome<Option<Vec<String>>> {
        let parts = &self.search.funder;
        if self.funder.is_none() && parts.is_empty() {
            return Ok(None);
        }
        let known = funders()?;
        let is_called = |name: &str, part: &str| {
            let profile = find(known, name, "").profile();
            let names = profile.into_iter().flat_map(|profile| profile.other_names.iter().chain([&profile.name]));
            folded(name).contains(part) || names.into_iter().any(|other| folded(other).contains(part))
        };
        let is_chosen = |name: &&String| self.funder.as_ref().is_none_or(|chosen| chosen == *name);
        let is_meant = |name: &&String| parts.iter().all(|part| is_called(name, part));
        Ok(Some(all.iter().filter(is_chosen).filter(is_meant).cloned().collect()))
    }
}

/// A text as a value in an address (RFC 3986, section 2).
fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut address, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
        address
    })
}

#[cfg(test)]
mod tests {
    use actix_web::web;

    use super::*;

    #[test]
    fn the_address_of_the_next_page_asks_the_same_question() {
        let asked = Asked { words: "50% & more".to_owned(), funder: "Éditions+".to_owned(), ..Asked::default() };
        let address = asked.address("/queue", "~x");
        assert_eq!(address, "/queue?words=50%25%20%26%20more&stage=open&funder=%C3%89ditions%2B&after=~x");
        let read = web::Query::<Asked>::from_query(address.split_once('?').unwrap().1).unwrap();
        assert_eq!((read.words.as_str(), read.funder.as_str()), ("50% & more", "Éditions+"));
    }

    #[test]
    fn a_funder_is_found_by_a_part_of_its_name_or_by_an_abbreviation() {
        let all = ["National Endowment for the Humanities", "Mellon Foundation", "Nordic Culture Fund"];
        let all: Vec<String> = all.map(str::to_owned).to_vec();
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let found = |words: &str, funder: &str| {
            let asked = Asked { words: words.to_owned(), funder: funder.to_owned(), ..Asked::default() };
            asked.question(now).unwrap().funders(&all).unwrap()
        };
        assert_eq!(found("maps", ""), None);
        assert_eq!(found("funder:neh", "").unwrap(), all[..1]);
        assert_eq!(found("funder:culture", "").unwrap(), all[2..]);
        assert_eq!(found("", "Mellon Foundation").unwrap(), all[1..2]);
        assert!(found("funder:culture", "Mellon Foundation").unwrap().is_empty());
    }
}
