//! A fictional year: all seats with their people, and requests in every stage. Everything is done through the same
//! commands as in real use, at moments of the past, so that journals, mails and motions are as real ones.

mod cast;
mod files;
mod letter;
mod life;
mod members;
mod post;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use crate::app::App;
use crate::audit::entry::Actor;
use crate::clock::Instant;
use crate::committee;
use crate::committee::commands::officers::Typed;
use crate::committee::form::{Named, People};
use crate::config::SealSettings;
use crate::ids::{RequestId, SeatId, SessionId};
use crate::moment::Moment;
use crate::people;
use crate::people::access::{Level, Member, Office, Role, Staff, Visitor, VisitorFacts};
use crate::people::address::Address;
use crate::refusal::{Fault, Outcome};
use crate::store::{Secret, Tx, View, done_already, is_done};
use crate::web::service::Service;
use crate::workflow::decision::commands as deciding;
use crate::workflow::letter::commands::Setting;
use crate::workflow::letter::commands::house::put_unseen;
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::pages::bundled;
use crate::workflow::letter::pages::call::hold_unseen;
use crate::workflow::letter::pages::printing::Printing;
use crate::workflow::letter::pages::release::set_unseen;
use crate::workflow::letter::seal::{Sealed, password_file, write_new};
use crate::workflow::letter::store::call::Held;
use crate::workflow::request::store::depot::Depot;
use crate::workflow::routing::store as routes;

use cast::{Cast, address};
use life::Life;

/// What is noted once the whole year is told.
const TOLD: &str = "fictional year";
const STAFF: &str = "staff@demo.example";
const COLLEAGUE: &str = "colleague@demo.example";
/// How far back the fictional year begins, in days.
const YEAR: i64 = 345;

/// Fills the database of `app`, once.
///
/// # Errors
/// A fault when the fictional year cannot be told.
pub fn fill(app: &App) -> Outcome<()> {
    let world = World {
        service: app.service.clone().into_inner(),
        printing: app.printing.clone().into_inner(),
        depot: app.depot.clone().into_inner(),
        runtime: runtime()?,
    };
    if world.read(|view| is_done(view, TOLD))? {
        return Ok(());
    }
    if !world.read(|view| people::store::with_role(view, Role::Staff))?.is_empty() {
        let folder = world.service.config.data_folder.display();
        let what = format!("the fictional year was not told to its end; remove the folder {folder} and start again");
        return Err(Fault::new(what).into());
    }
    let cast = Cast::bundled()?;
    let company = Company::hire(&world, &cast)?;
    for project in &cast.requests {
        Life::live(&world, &company, project)?;
    }
    let now = world.service.clock.now();
    world.write(move |tx| done_already(tx, TOLD, now).map(drop))
}

/// What the letters of the fictional year are signed with: a key in the data folder, made at the first start.
///
/// # Errors
/// A fault when it cannot be made or read.
pub fn seal(folder: &Path, now: Instant) -> Result<SealSettings, Fault> {
    let file = folder.join("seal.p12");
    let unusable = |error: std::io::Error| Fault::because(format!("{} cannot be used", folder.display()), error);
    if !file.exists() {
        std::fs::create_dir_all(folder).map_err(unusable)?;
        write_new(&file, (now - TimeDelta::days(YEAR + 20), now + TimeDelta::days(YEAR)))?;
    }
    let password = std::fs::read_to_string(password_file(&file)).map_err(unusable)?;
    Ok(SealSettings { file, password: Secret::new(password.trim_end()), timestamp_url: None })
}

fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|error| Fault::because("the demonstration cannot start", error))
}

/// Where the fictional year takes place.
struct World {
    service: Arc<Service>,
    printing: Arc<Printing>,
    depot: Arc<Depot>,
    runtime: tokio::runtime::Runtime,
}

impl World {
    fn read<T>(&self, work: impl FnOnce(&mut View<'_>) -> Outcome<T>) -> Outcome<T> {
        self.service.store.read_now(work)
    }

    fn write<T: Send + 'static>(&self, work: impl FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static) -> Outcome<T> {
        self.service.store.write_now(work)
    }

    /// The moment that lies `time` before now.
    fn ago(&self, time: TimeDelta) -> Moment {
        let moment = self.service.moment();
        Moment { now: moment.now - time, ..moment }
    }

    /// Does what fell due by `at`.
    fn tick(&self, at: &Moment) -> Outcome<()> {
        let at = at.clone();
        self.write(move |tx| deciding::tick(tx, &at))
    }

    /// Sets the letter of a request as it stands, ready to be issued at `at`.
    fn print(&self, request: RequestId, at: &Moment) -> Outcome<Setting> {
        self.runtime.block_on(set_unseen(&self.service, &self.printing, request, at.now))
    }

    /// What staff keep once they held the letter of a request against its call; nothing without known rules.
    fn hold(&self, request: RequestId, at: &Moment) -> Outcome<Option<Held>> {
        let reason = "The programme officer wrote that such a letter is welcome; her mail is with the request.";
        self.runtime.block_on(hold_unseen(&self.service, &self.printing, request, at.now, reason))
    }

    /// Signs a letter that was set, at `at`.
    fn sign(&self, set: &Setting, at: &Moment) -> Outcome<Option<Sealed>> {
        let sealed = self.runtime.block_on(self.printing.seal(set.pdf.clone(), at.now, false))?;
        Ok(sealed.map_err(|why| Fault::because("the letter cannot be signed", why))?)
    }
}

/// Everybody who acts for the Consortium.
struct Company {
    staff: Staff,
    /// The second person, who issues what the first wrote.
    colleague: Staff,
    members: RefCell<HashMap<SeatId, Member>>,
}

impl Company {
    fn hire(world: &World, cast: &Cast) -> Outcome<Self> {
        let hired = world.ago(TimeDelta::days(YEAR));
        let staff = staff_member(world, "Robin Ashe", STAFF, &hired)?;
        let colleague = staff_member(world, "Jo Calder", COLLEAGUE, &hired)?;
        members::describe(world, staff, &hired)?;
        put_signature(world, staff, &hired)?;
        let seats = world.read(committee::store::seats)?;
        for (seat, (representative, alternate)) in
            seats.iter().map(|seat| seat.id).zip(cast.representatives.iter().zip(&cast.alternates))
        {
            let people = People { representative: Some(named(representative)?), alternate: Some(named(alternate)?) };
            let now = hired.now;
            world.write(move |tx| committee::commands::seat_people(tx, seat, &people, None, now))?;
        }
        // Whoever represents the first seat holds no office.
        let others = seats.iter().zip(&cast.representatives).skip(1);
        for (office, (seat, name)) in Office::ALL.iter().zip(others) {
            appoint(world, *office, name, hired.now.date_naive().max(seat.first_day), &hired)?;
        }
        Ok(Self { staff, colleague, members: RefCell::default() })
    }

    /// The seats in office at `at`, in a fixed order.
    fn seats(&self, world: &World, at: &Moment) -> Outcome<Vec<SeatId>> {
        let day = at.now.date_naive();
        let seats = world.read(move |view| routes::seats_in_office(view, day))?;
        Ok(seats.into_iter().map(|seat| seat.seat).collect())
    }

    /// The representative of `seat`, as a member.
    fn member(&self, world: &World, seat: SeatId, at: &Moment) -> Outcome<Member> {
        if let Some(member) = self.members.borrow().get(&seat) {
            return Ok(member.clone());
        }
        let day = at.now.date_naive();
        let reader =
            world.read(move |view| routes::who_acts(view, day))?.into_iter().find(|who| who.seat == Some(seat));
        let reader = reader.ok_or_else(|| Fault::new(format!("nobody acts for the seat {seat}")))?;
        let member = person(world, &reader.name, &reader.address, at)?.member_for(seat)?;
        self.members.borrow_mut().insert(seat, member.clone());
        Ok(member)
    }
}

/// The letters of the fictional year bear a picture of the signature.
fn put_signature(world: &World, staff: Staff, at: &Moment) -> Outcome<()> {
    let mut house = bundled(&world.service);
    let file = include_bytes!("../../content/demo-signature.png");
    let signature = Picture::read(file, file.len()).map_err(Fault::new)?;
    house.pictures.signature = Some(signature);
    let now = at.now;
    world.write(move |tx| put_unseen(tx, now, staff, house))
}

/// Gives an office to the person of this name, from the day `since` on.
fn appoint(world: &World, office: Office, name: &str, since: NaiveDate, at: &Moment) -> Outcome<()> {
    let holder = person(world, name, &address(name, "seat.example"), at)?.person().to_string();
    let (now, since) = (at.now, since.to_string());
    world.write(move |tx| {
        let typed = Typed { office: office.as_str(), person: &holder, since: &since, until: "" };
        committee::commands::officers::appoint(tx, &typed, None, now)
    })
}

fn named(name: &str) -> Outcome<Named> {
    Ok(Named { name: name.to_owned(), address: canonical(&address(name, "seat.example"))? })
}

fn canonical(text: &str) -> Result<Address, Fault> {
    text.parse().map_err(|_| Fault::new(format!("{text} is not an address")))
}

fn staff_member(world: &World, name: &str, address: &str, at: &Moment) -> Outcome<Staff> {
    person(world, name, address, at)?;
    let (moment, canonical) = (at.clone(), canonical(address)?);
    world.write(move |tx| {
        let person = people::commands::person_for(tx, &canonical, "", moment.now)?;
        people::commands::grant(tx, &moment, &person, Role::Staff, Actor::Service)
    })?;
    Ok(person(world, name, address, at)?.staff()?)
}

/// The person with this address as they would be signed in at `at`; made when they are not there yet.
fn person(world: &World, name: &str, address: &str, at: &Moment) -> Outcome<Visitor> {
    let (name, canonical, now) = (name.to_owned(), canonical(address)?, at.now);
    world.write(move |tx| {
        let person = people::commands::person_for(tx, &canonical, &name, now)?;
        Ok(Visitor::new(VisitorFacts {
            person: person.id,
            name: person.name,
            address: person.address,
            session: SessionId::fresh(),
            level: Level::Email,
            roles: people::store::roles_of(tx, person.id)?,
            seats: people::store::seats_of(tx, person.id, now.date_naive())?,
            offices: people::store::offices_of(tx, person.id, now.date_naive())?,
        }))
    })
}
