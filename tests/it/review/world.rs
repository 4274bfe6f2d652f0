//! A committee of thirteen seats with their people, staff, and requests as they stand after sending.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use diesel::prelude::*;
use letters::clock::Instant;
use letters::ids::{InstitutionId, MotionId, OfficerId, PersonId, RequestId, RoleId, SeatHolderId, SeatId, SessionId};
use letters::people::access::{Level, Visitor, VisitorFacts};
use letters::people::store::{offices_of, roles_of, seats_of};
use letters::policy::settings::Policy;
use letters::store::Tx;
use letters::store::schema::{
    assignments, ballots, institutions, letters as written, motions, officers, persons, requests, roles, seat_holders,
    seats,
};
use letters::workflow::stage::StageName;

use crate::harness::{Browser, Page, World};

pub const STAFF: &str = "staff@iiif.example";
pub const COLLEAGUE: &str = "colleague@iiif.example";
pub const APPLICANT: &str = "marie@uni.example";
/// The alternate of seat 1.
pub const ALTERNATE: &str = "alternate@seat01.example";

/// What most requests say: everything that is asked.
pub const PLAIN: &str = r#"{"title":"A fine project","summary":"A secret summary","applicant_name":"Marie","applicant_role":"Librarian",
    "contact_email":"marie@uni.example","pi_name":"Marie","pi_email":"marie@uni.example",
    "institution_name":"University of Example","funder":"A funder","programme":"A programme","call_url":"https://funder.example/call",
    "addressee_name":"Review panel","addressee_address":"1 Main Street",
    "deadline_date":"2026-12-01","deadline_time":"17:00","deadline_zone":"Europe/London","needed_by":"2026-11-20",
    "expectation_relevance":"We publish every map with the Image API.",
    "expectation_conformance":"We publish every map with the Image API.",
    "expectation_enrichment":"We publish every map with the Image API.",
    "expectation_participation":"We publish every map with the Image API.",
    "expectation_process":"We publish every map with the Image API.",
    "expectation_extensions":"We publish every map with the Image API.",
    "letter_kind":"support"}"#;

/// The address of the representative of seat `n`.
pub fn member(n: usize) -> String {
    format!("member@seat{n:02}.example")
}

/// A world with its committee.
pub struct Committee {
    pub world: World,
    seats: Vec<SeatId>,
    applicant: PersonId,
    /// Who signed in, and when.
    signed_in: Mutex<HashMap<String, (Arc<Browser>, Instant)>>,
}

fn person(tx: &mut Tx<'_>, address: &str) -> PersonId {
    let id = PersonId::fresh();
    let made: chrono::NaiveDateTime = "2026-01-01T00:00:00".parse().unwrap();
    let row =
        (persons::id.eq(id), persons::address.eq(address), persons::name.eq(address), persons::created_at.eq(made));
    diesel::insert_into(persons::table).values(row).execute(tx.connection()).unwrap();
    id
}

fn seat(tx: &mut Tx<'_>, n: usize) -> SeatId {
    let (id, institution) = (SeatId::fresh(), InstitutionId::fresh());
    let made: chrono::NaiveDateTime = "2026-01-01T00:00:00".parse().unwrap();
    let (first, last): (chrono::NaiveDate, chrono::NaiveDate) =
        ("2026-01-01".parse().unwrap(), "2027-12-31".parse().unwrap());
    let name = format!("Institution {n:02}");
    diesel::insert_into(institutions::table)
        .values((
            institutions::id.eq(institution),
            institutions::name.eq(&name),
            institutions::sort_key.eq(&name),
            institutions::search_text.eq(&name),
            institutions::commercial.eq(false),
            institutions::extra.eq("[]"),
            institutions::created_at.eq(made),
        ))
        .execute(tx.connection())
        .unwrap();
    diesel::insert_into(seats::table)
        .values((
            seats::id.eq(id),
            seats::institution_id.eq(institution),
            seats::batch.eq("test"),
            seats::first_day.eq(first),
            seats::last_day.eq(last),
        ))
        .execute(tx.connection())
        .unwrap();
    hold(tx, id, &member(n), "representative");
    id
}

fn hold(tx: &mut Tx<'_>, seat: SeatId, address: &str, capacity: &str) {
    let since: chrono::NaiveDate = "2026-01-01".parse().unwrap();
    let person = person(tx, address);
    diesel::insert_into(seat_holders::table)
        .values((
            seat_holders::id.eq(SeatHolderId::fresh()),
            seat_holders::seat_id.eq(seat),
            seat_holders::person_id.eq(person),
            seat_holders::capacity.eq(capacity),
            seat_holders::since.eq(since),
        ))
        .execute(tx.connection())
        .unwrap();
}

fn charge(tx: &mut Tx<'_>, person: PersonId, role: &str, since: chrono::NaiveDateTime) {
    let role = (roles::person_id.eq(person), roles::role.eq(role), roles::since.eq(since));
    diesel::insert_into(roles::table).values((roles::id.eq(RoleId::fresh()), role)).execute(tx.connection()).unwrap();
}

impl Drop for Committee {
    /// Whatever a test did, its records must hold.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.world.check_records();
        }
    }
}

impl Committee {
    pub fn new() -> Self {
        let world = World::new();
        let now = world.now().naive_utc();
        let (seats, applicant) = world
            .store()
            .write_now(move |tx| {
                // The seats that the program brings along make room for those of the test.
                diesel::update(seats::table)
                    .set(seats::last_day.eq(seats::first_day))
                    .execute(tx.connection())
                    .unwrap();
                let seats: Vec<SeatId> = (1..=13).map(|n| seat(tx, n)).collect();
                hold(tx, seats[0], ALTERNATE, "alternate");
                let staff = person(tx, STAFF);
                charge(tx, staff, "staff", now);
                let applicant = person(tx, APPLICANT);
                Ok((seats, applicant))
            })
            .unwrap();
        Self { world, seats, applicant, signed_in: Mutex::default() }
    }

    /// Makes a person who is known staff as well.
    pub fn make_staff(&self, address: &str) {
        self.give_role(address, "staff");
    }

    /// A second person of staff, signed in: who issues what [`STAFF`] wrote.
    pub fn colleague(&self) -> Arc<Browser> {
        let now = self.world.now().naive_utc();
        self.world
            .store()
            .write_now(move |tx| {
                let known = persons::table.filter(persons::address.eq(COLLEAGUE)).count();
                let known: i64 = known.get_result(tx.connection())?;
                if known == 0 {
                    let colleague = person(tx, COLLEAGUE);
                    charge(tx, colleague, "staff", now);
                }
                Ok(())
            })
            .unwrap();
        self.browser(COLLEAGUE)
    }

    /// Where the second person looks at a request's letter.
    pub fn second_look(&self, id: RequestId) -> Page {
        self.colleague().get(&format!("/requests/{id}/letter/check"))
    }

    /// Makes a person who is known the committee's chair.
    pub fn make_chair(&self, address: &str) {
        let address = address.to_owned();
        let since: chrono::NaiveDate = "2026-01-01".parse().unwrap();
        self.world
            .store()
            .write_now(move |tx| {
                let found = persons::table.filter(persons::address.eq(address)).select(persons::id);
                let person: PersonId = found.first(tx.connection())?;
                let time = (officers::person_id.eq(person), officers::office.eq("chair"), officers::since.eq(since));
                diesel::insert_into(officers::table)
                    .values((officers::id.eq(OfficerId::fresh()), time))
                    .execute(tx.connection())?;
                Ok(())
            })
            .unwrap();
    }

    fn give_role(&self, address: &str, role: &'static str) {
        let (address, now) = (address.to_owned(), self.world.now().naive_utc());
        self.world
            .store()
            .write_now(move |tx| {
                let found = persons::table.filter(persons::address.eq(address)).select(persons::id);
                let person: PersonId = found.first(tx.connection())?;
                charge(tx, person, role, now);
                Ok(())
            })
            .unwrap();
    }

    /// The browser of the person with this address, signed in. Signing in takes two minutes, as the service asks of
    /// people at one place; whoever signed in within the last hour still is.
    pub fn browser(&self, address: &str) -> Arc<Browser> {
        let mut signed_in = self.signed_in.lock().unwrap();
        if let Some((browser, since)) = signed_in.get(address)
            && self.world.now() - *since < TimeDelta::hours(1)
        {
            return Arc::clone(browser);
        }
        self.world.wait(TimeDelta::minutes(2));
        let browser = Arc::new(self.world.browser());
        self.world.sign_in(&browser, address);
        signed_in.insert(address.to_owned(), (Arc::clone(&browser), self.world.now()));
        browser
    }

    /// A request as it stands after sending, with ample time.
    pub fn request(&self) -> RequestId {
        self.sent(false, PLAIN, None)
    }

    /// A request with this form, as JSON, from the institution of a seat or from elsewhere.
    pub fn request_with(&self, form: &'static str, seat: Option<usize>) -> RequestId {
        self.sent(false, form, seat)
    }

    /// A late request, held for staff.
    pub fn held_request(&self) -> RequestId {
        self.sent(true, PLAIN, None)
    }

    fn sent(&self, held: bool, form: &'static str, from: Option<usize>) -> RequestId {
        let from = from.map(|n| self.seat(n));
        let (applicant, now) = (self.applicant, self.world.now().naive_utc());
        let id = RequestId::fresh();
        let needed = now.date() + chrono::Days::new(40);
        self.world
            .store()
            .write_now(move |tx| {
                let institution: Option<InstitutionId> = match from {
                    Some(seat) => seats::table.find(seat).select(seats::institution_id).first(tx.connection())?,
                    None => None,
                };
                let before: i64 = requests::table.count().get_result(tx.connection())?;
                diesel::insert_into(requests::table)
                    .values((
                        (
                            requests::id.eq(id),
                            requests::revision.eq(1_i64),
                            // Beyond the numbers that examples on pages show.
                            requests::reference.eq(format!("LOS-2026-{:04}", before + 7001)),
                            requests::applicant_id.eq(applicant),
                            requests::stage.eq(StageName::Submitted),
                            requests::form.eq(form),
                            requests::policy.eq(serde_json::to_string(&Policy::default()).unwrap()),
                            requests::title.eq("A fine project"),
                            requests::applicant_name.eq("Marie"),
                            requests::institution_id.eq(institution),
                            requests::institution_name.eq("University of Example"),
                        ),
                        (
                            requests::funder.eq("A funder"),
                            requests::programme.eq("A programme"),
                            requests::letter_kind.eq("support"),
                            requests::deadline_words.eq("1 May 2026"),
                            requests::needed_on.eq(needed),
                            requests::lead_band.eq("normal"),
                            requests::search_text.eq(""),
                            requests::created_at.eq(now),
                            requests::changed_at.eq(now),
                            requests::submitted_at.eq(now),
                            requests::held.eq(held),
                        ),
                    ))
                    .execute(tx.connection())?;
                Ok(())
            })
            .unwrap();
        id
    }

    /// The seat with this number.
    pub fn seat(&self, n: usize) -> SeatId {
        self.seats[n - 1]
    }

    /// Who acts under this address, as they would be signed in now.
    pub fn visitor(&self, address: &str) -> Visitor {
        let (address, now) = (address.to_owned(), self.world.now());
        let read = self.world.store().read_now(move |view| {
            let found = persons::table.filter(persons::address.eq(&address)).select(persons::id);
            let person: PersonId = found.first(view.connection())?;
            Ok(Visitor::new(VisitorFacts {
                person,
                name: address.clone(),
                address,
                session: SessionId::fresh(),
                level: Level::Email,
                roles: roles_of(view, person)?,
                seats: seats_of(view, person, now.date_naive())?,
                offices: offices_of(view, person, now.date_naive())?,
            }))
        });
        read.unwrap()
    }

    /// The numbers of the seats that are reviewers of the request at present.
    pub fn reviewers(&self, id: RequestId) -> Vec<usize> {
        let found: Vec<(SeatId, Option<String>)> = self
            .world
            .store()
            .read_now(|view| {
                Ok(assignments::table
                    .filter(assignments::request_id.eq(id))
                    .order((assignments::place, assignments::assigned_at))
                    .select((assignments::seat_id, assignments::ended_why))
                    .load(view.connection())?)
            })
            .unwrap();
        let present = found
            .into_iter()
            .filter(|(_, ended)| !matches!(ended.as_deref(), Some("conflict" | "silent" | "reassigned")));
        present.map(|(seat, _)| self.seats.iter().position(|known| *known == seat).unwrap() + 1).collect()
    }

    pub fn stage(&self, id: RequestId) -> StageName {
        let read = self
            .world
            .store()
            .read_now(|view| Ok(requests::table.find(id).select(requests::stage).first(view.connection())?));
        read.unwrap()
    }

    /// Every ballot cast, and whether it counts.
    pub fn ballots(&self, id: RequestId) -> Vec<(String, bool)> {
        let rows: Vec<(String, Option<chrono::NaiveDateTime>)> = self
            .world
            .store()
            .read_now(|view| {
                Ok(ballots::table
                    .inner_join(motions::table.on(motions::id.eq(ballots::motion_id)))
                    .filter(motions::request_id.eq(id))
                    .order((ballots::cast_at, ballots::id))
                    .select((ballots::choice, ballots::superseded_at))
                    .load(view.connection())?)
            })
            .unwrap();
        rows.into_iter().map(|(choice, superseded)| (choice, superseded.is_none())).collect()
    }

    /// Opens the request, declaring that there is no conflict where that is still asked.
    pub fn declare(&self, browser: &Browser, id: RequestId) -> Page {
        let page = browser.get(&format!("/requests/{id}/review"));
        if page.has_form("/conflict") { browser.submit(&page, "/conflict", &[("conflict", "none")]) } else { page }
    }

    pub fn call_tally(&self, id: RequestId, seat: usize) {
        let browser = self.browser(&member(seat));
        let page = self.declare(&browser, id);
        let page = browser.submit(&page, "/tally", &[]);
        assert!(page.text().contains("called a tallied vote"), "{}", page.text());
    }

    pub fn vote(&self, id: RequestId, address: &str, choice: &str, reason: &str) -> Page {
        let browser = self.browser(address);
        let page = self.declare(&browser, id);
        browser.submit(&page, "/ballot", &[("choice", choice), ("vote_reason", reason)])
    }

    /// The reference of a request; empty for a draft.
    pub fn reference(&self, id: RequestId) -> String {
        let read = self
            .world
            .store()
            .read_now(|view| Ok(requests::table.find(id).select(requests::reference).first(view.connection())?));
        read.map(|reference: Option<String>| reference.unwrap_or_default()).unwrap()
    }

    /// The number of the motion that the latest letter rests on.
    pub fn motion_of_letter(&self, id: RequestId) -> i32 {
        let latest = written::table.filter(written::request_id.eq(id)).order(written::version.desc());
        let read = self.world.store().read_now(|view| {
            let motion: MotionId = latest.select(written::motion_id).first(view.connection())?;
            Ok(motions::table.find(motion).select(motions::number).first(view.connection())?)
        });
        read.unwrap()
    }

    /// The term of a seat ended yesterday.
    pub fn end_term(&self, seat: usize) {
        let yesterday = self.world.now().date_naive() - chrono::Days::new(1);
        let change = diesel::update(seats::table.find(self.seat(seat))).set(seats::last_day.eq(yesterday));
        self.world.store().write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();
    }

    /// Changes the ballots of a seat in the database, past every rule.
    pub fn turn_ballot(&self, seat: usize, choice: &'static str) {
        let ballots = ballots::table.filter(ballots::seat_id.eq(self.seat(seat)));
        let change = diesel::update(ballots).set(ballots::choice.eq(choice));
        self.world.store().write_now(|tx| Ok(change.execute(tx.connection())?)).unwrap();
    }

    pub fn withdraw(&self, id: RequestId) {
        let now = self.world.now().naive_utc();
        self.world
            .store()
            .write_now(move |tx| {
                diesel::update(requests::table.find(id))
                    .set((requests::stage.eq(StageName::Withdrawn), requests::withdrawn_at.eq(now)))
                    .execute(tx.connection())?;
                Ok(())
            })
            .unwrap();
    }
}
