//! The fictional year of the demonstration, which begins at whatever time somebody starts it.

use letters::demo;
use letters::ids::RequestId;
use letters::store::schema::requests;

use diesel::prelude::*;

use crate::harness::World;

/// Late in the evening it is tomorrow already where the Consortium is, for half of the year.
#[test]
fn the_year_is_told_at_a_time_when_the_day_is_another_elsewhere() {
    let world = World::new();
    world.wait("2026-11-23T23:30:00Z".parse::<letters::clock::Instant>().unwrap() - world.now());
    demo::fill(&world.app).unwrap();
    let told: Vec<RequestId> =
        world.store().read_now(|view| Ok(requests::table.select(requests::id).load(view.connection())?)).unwrap();
    assert!(told.len() > 20, "{}", told.len());
    world.check_records();
}
