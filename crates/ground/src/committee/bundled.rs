//! The seats that the program brings along, for a first start without any file: `content/committee.toml`.

use serde::Deserialize;

use super::rules::{Seat, Term};
use crate::ids::{InstitutionId, SeatId};
use crate::refusal::Fault;

const COMMITTEE: &str = include_str!("../../../../content/committee.toml");

#[derive(Deserialize)]
struct File {
    seat: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: SeatId,
    institution: InstitutionId,
    elected: i32,
    years: u8,
}

/// The bundled seats.
///
/// # Errors
/// A fault when the bundled file is damaged, which a test rules out.
pub fn seats() -> Result<Vec<Seat>, Fault> {
    let file: File =
        toml::from_str(COMMITTEE).map_err(|error| Fault::because("the bundled seats cannot be read", error))?;
    Ok(file.seat.into_iter().map(seat).collect())
}

fn seat(Row { id, institution, elected, years }: Row) -> Seat {
    let term = Term { elected, years };
    Seat {
        id,
        institution: Some(institution),
        batch: format!("{elected} for {years} years"),
        first_day: term.first_day(),
        last_day: term.last_day(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::super::rules::{SEATS, seats_of_record, warnings};
    use super::*;
    use crate::members::bundled::institutions;

    #[test]
    fn thirteen_seats_of_members_are_in_office_in_2026_without_a_warning() {
        let day = "2026-11-22".parse().unwrap();
        let seats = seats().unwrap();
        assert_eq!(seats_of_record(&seats, day).len(), SEATS);
        let institutions: HashMap<_, _> = institutions().unwrap().into_iter().map(|one| (one.id, one)).collect();
        assert_eq!(warnings(&seats, &institutions, day), Vec::<String>::new());
        for seat in &seats {
            let holder = seat.institution.unwrap();
            assert!(institutions.contains_key(&holder), "{holder} is no bundled institution");
        }
    }

    #[test]
    fn every_seat_has_its_own_id() {
        let seats = seats().unwrap();
        assert_eq!(seats.iter().map(|seat| seat.id).collect::<HashSet<_>>().len(), seats.len());
    }
}
