//! The committee as data for others, on a day or in a year: CSV for spreadsheets, JSON for programs, JSON-LD for search
//! engines. Who acts for a seat is not in it.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;

use super::rules::Seat;
use super::span::Span;
use crate::ids::InstitutionId;
use crate::members::institution::{Institution, Membership};
use crate::refusal::Fault;
use crate::table::no_formula;

#[derive(Serialize)]
struct Out<'a> {
    seat: &'a str,
    /// Nothing while the seat is vacant.
    institution: Option<&'a str>,
    institution_id: Option<&'a str>,
    membership: Option<Membership>,
    election: &'a str,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// Seats and the institutions that hold them, ready to be written.
pub struct Seated<'a> {
    seats: &'a [Seat],
    institutions: HashMap<InstitutionId, &'a Institution>,
    span: Span,
}

impl<'a> Seated<'a> {
    /// The seats in office in `span`, in the order of `seats`.
    pub fn new(seats: &'a [Seat], institutions: &'a [Institution], span: Span) -> Self {
        Self { seats, institutions: institutions.iter().map(|one| (one.id, one)).collect(), span }
    }

    fn rows(&self) -> impl Iterator<Item = Out<'_>> {
        self.seats.iter().filter(|seat| self.span.has(seat)).map(|seat| {
            let institution = seat.institution.and_then(|id| self.institutions.get(&id));
            let day = self.span.first().max(seat.first_day);
            Out {
                seat: seat.id.as_str(),
                institution: institution.map(|one| one.name.as_str()),
                institution_id: institution.map(|one| one.id.as_str()),
                membership: institution.and_then(|one| one.membership_on(day)),
                election: &seat.batch,
                first_day: seat.first_day,
                last_day: seat.last_day,
            }
        })
    }

    /// As JSON: `{"from": "2026-01-01", "to": "2026-12-31", "seats": [{"seat": .., "institution": ..}]}`.
    ///
    /// # Errors
    /// A fault when it cannot be written, which no text causes.
    pub fn json(&self) -> Result<String, Fault> {
        let rows: Vec<Out<'_>> = self.rows().collect();
        written(&json!({ "from": self.span.first(), "to": self.span.last(), "seats": rows }))
    }

    /// As linked data: an `Organization` of schema.org whose members are roles with their first and last day. A vacant
    /// seat is nobody's role and not in it.
    ///
    /// # Errors
    /// A fault when it cannot be written, which no text causes.
    pub fn json_ld(&self) -> Result<String, Fault> {
        let roles = self.rows().filter_map(|row| {
            let member =
                json!({ "@type": "Organization", "identifier": row.institution_id?, "name": row.institution? });
            let (start, end) = (row.first_day, row.last_day);
            Some(json!({
                "@type": "OrganizationRole", "roleName": "Seat", "startDate": start, "endDate": end, "member": member
            }))
        });
        written(&json!({
            "@context": "https://schema.org",
            "@type": "Organization",
            "name": "Executive Committee of the IIIF Consortium",
            "parentOrganization": { "@type": "Organization", "name": "IIIF Consortium", "url": "https://iiif.io/" },
            "member": roles.collect::<Vec<_>>(),
        }))
    }

    /// As CSV with a line of headings, in UTF-8. A spreadsheet takes no cell for a formula.
    ///
    /// # Errors
    /// A fault when it cannot be written, which no text causes.
    pub fn csv(&self) -> Result<Vec<u8>, Fault> {
        let fault = |error: csv::Error| Fault::because("the committee cannot be written as CSV", error);
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["institution", "membership", "election", "first_day", "last_day", "institution_id", "seat"])
            .map_err(fault)?;
        for row in self.rows() {
            let (first, last) = (row.first_day.to_string(), row.last_day.to_string());
            let kind = row.membership.map_or("", |kind| kind.as_str());
            let (name, id) = (row.institution.unwrap_or_default(), row.institution_id.unwrap_or_default());
            out.write_record([name, kind, row.election, &first, &last, id, row.seat].map(no_formula)).map_err(fault)?;
        }
        out.into_inner().map_err(|error| Fault::because("the committee cannot be written as CSV", error.into_error()))
    }
}

fn written(value: &serde_json::Value) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::because("the committee cannot be written as JSON", error))
}

#[cfg(test)]
mod tests {
    use super::super::bundled;
    use super::*;
    use crate::members;

    #[test]
    fn every_seat_in_office_is_there_once_and_a_vacant_one_has_no_institution() {
        let (mut seats, institutions) = (bundled::seats().unwrap(), members::bundled::institutions().unwrap());
        let span = Span::Day("2026-11-22".parse().unwrap());
        seats.iter_mut().find(|seat| span.has(seat)).unwrap().institution = None;
        seats.iter_mut().rfind(|seat| span.has(seat)).unwrap().batch = "=1+1".to_owned();
        let seated = Seated::new(&seats, &institutions, span);
        let json: serde_json::Value = serde_json::from_str(&seated.json().unwrap()).unwrap();
        let rows = json["seats"].as_array().unwrap();
        let in_office = seats.iter().filter(|seat| span.has(seat)).count();
        let vacant = rows.iter().filter(|row| row["institution"].is_null()).count();
        assert_eq!(rows.len(), in_office);
        let csv = String::from_utf8(seated.csv().unwrap()).unwrap();
        assert_eq!(csv.lines().count(), in_office + 1);
        assert!(csv.contains(",'=1+1,"), "{csv}");
        let linked: serde_json::Value = serde_json::from_str(&seated.json_ld().unwrap()).unwrap();
        assert_eq!(linked["member"].as_array().unwrap().len(), in_office - vacant);
        assert!(vacant > 0);
    }
}
