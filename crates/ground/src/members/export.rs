//! The members as data for others: CSV for spreadsheets, JSON for programs, JSON-LD for search engines. The website's
//! own file is `website`.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use super::institution::{Institution, Membership};
use super::other_name::OtherName;
use super::ror::Ror;
use crate::refusal::Fault;
use crate::table::no_formula;

#[derive(Serialize)]
struct Out<'a> {
    id: &'a str,
    name: &'a str,
    other_names: Vec<&'a str>,
    #[serde(skip)]
    in_languages: &'a [OtherName],
    logo: Option<&'a str>,
    website: Option<&'a str>,
    country: Option<&'a str>,
    ror: Option<&'a str>,
    membership: Membership,
    founding: bool,
    since: Option<NaiveDate>,
}

#[derive(Serialize)]
struct List<'a> {
    on: NaiveDate,
    institutions: Vec<Out<'a>>,
}

fn listed<'a>(all: &'a [Institution], on: NaiveDate) -> impl Iterator<Item = Out<'a>> {
    all.iter().filter_map(move |one| {
        let period = one.periods.iter().find(|period| period.covers(on))?;
        Some(Out {
            id: one.id.as_str(),
            name: &one.name,
            other_names: one.names().skip(1).collect(),
            in_languages: &one.aliases,
            logo: one.logo(),
            website: one.website.as_deref(),
            country: one.country.as_deref(),
            ror: one.ror.as_ref().map(Ror::as_str),
            membership: period.kind,
            founding: period.kind.is_founding(),
            since: period.since,
        })
    })
}

/// The list on a day as JSON: `{"on": "2026-11-22", "institutions": [{"id": .., "name": ..}]}`.
///
/// # Errors
/// A fault when it cannot be written, which no text causes.
pub fn json(all: &[Institution], on: NaiveDate) -> Result<String, Fault> {
    let list = List { on, institutions: listed(all, on).collect() };
    serde_json::to_string(&list).map_err(|error| Fault::because("the members cannot be written as JSON", error))
}

/// The list on a day as CSV with a line of headings, in UTF-8. A spreadsheet takes no cell for a formula.
///
/// # Errors
/// A fault when it cannot be written, which no text causes.
pub fn csv(all: &[Institution], on: NaiveDate) -> Result<Vec<u8>, Fault> {
    let fault = |error: csv::Error| Fault::because("the members cannot be written as CSV", error);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["name", "membership", "since", "country", "website", "other_names", "id", "ror"])
        .map_err(fault)?;
    for one in listed(all, on) {
        let since = one.since.map(|day| day.to_string()).unwrap_or_default();
        let other_names = one.other_names.join(" | ");
        let [country, website, ror] = [one.country, one.website, one.ror].map(Option::unwrap_or_default);
        let cells = [one.name, one.membership.as_str(), &since, country, website, &other_names, one.id, ror];
        out.write_record(cells.map(no_formula)).map_err(fault)?;
    }
    out.into_inner().map_err(|error| Fault::because("the members cannot be written as CSV", error.into_error()))
}

/// The members of the Consortium on a day as linked data: an `Organization` of schema.org whose members are roles, each
/// with its kind and first day. The wider community is no member and not in it.
///
/// # Errors
/// A fault when it cannot be written, which no text causes.
pub fn json_ld(all: &[Institution], on: NaiveDate) -> Result<String, Fault> {
    let roles = listed(all, on).filter(|one| one.membership.is_member()).map(|one| {
        let mut organization = json!({ "@type": "Organization", "identifier": identifiers(&one), "name": one.name });
        let mut role = json!({ "@type": "OrganizationRole", "roleName": one.membership.label() });
        put(&mut organization, "url", one.website);
        put(&mut organization, "sameAs", one.ror);
        put(&mut organization, "logo", one.logo.filter(|logo| logo.starts_with("https://")));
        let names: Vec<Value> = one.in_languages.iter().map(linked).collect();
        put(&mut organization, "alternateName", Some(names).filter(|names| !names.is_empty()));
        put(&mut role, "startDate", one.since);
        put(&mut role, "member", Some(organization));
        role
    });
    let consortium = json!({
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": "IIIF Consortium",
        "url": "https://iiif.io/",
        "member": roles.collect::<Vec<_>>(),
    });
    serde_json::to_string(&consortium)
        .map_err(|error| Fault::because("the members cannot be written as JSON-LD", error))
}

/// Another name, with its language where it is known.
fn linked(other: &OtherName) -> Value {
    match &other.language {
        None => other.name.as_str().into(),
        Some(language) => json!({ "@value": other.name, "@language": language.as_str() }),
    }
}

/// Its id here, and in the Research Organization Registry if it is known there.
fn identifiers(one: &Out<'_>) -> Value {
    match one.ror {
        None => one.id.into(),
        Some(ror) => json!([one.id, { "@type": "PropertyValue", "propertyID": "ROR", "value": ror, "url": ror }]),
    }
}

/// Puts a value in where there is one.
fn put(object: &mut Value, key: &str, value: Option<impl Serialize>) {
    if let (Some(fields), Some(Ok(value))) = (object.as_object_mut(), value.map(serde_json::to_value)) {
        fields.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::bundled;
    use super::*;

    fn day() -> NaiveDate {
        "2026-11-22".parse().unwrap()
    }

    #[test]
    fn csv_and_json_hold_every_institution_of_the_day() {
        let all = bundled::institutions().unwrap();
        let text = csv(&all, day()).unwrap();
        assert_eq!(csv::Reader::from_reader(text.as_slice()).records().filter(Result::is_ok).count(), 146);
        let json: serde_json::Value = serde_json::from_str(&json(&all, day()).unwrap()).unwrap();
        assert_eq!(json["institutions"].as_array().unwrap().len(), 146);
        assert_eq!(json["institutions"][3]["membership"], "core_founding");
        assert_eq!(json["institutions"][3]["founding"], true);
    }

    #[test]
    fn no_cell_begins_a_formula() {
        let mut all = bundled::institutions().unwrap();
        all.truncate(1);
        all[0].name = "=HYPERLINK(\"https://evil.example\")".to_owned();
        all[0].aliases = vec!["@SUM(1)".into()];
        let text = String::from_utf8(csv(&all, day()).unwrap()).unwrap();
        assert!(text.contains("'=HYPERLINK") && text.contains("'@SUM"), "{text}");
    }

    #[test]
    fn linked_data_names_the_members_with_their_kind_and_nobody_else() {
        let all = bundled::institutions().unwrap();
        let data: Value = serde_json::from_str(&json_ld(&all, day()).unwrap()).unwrap();
        let roles = data["member"].as_array().unwrap();
        assert_eq!((roles.len(), &data["@type"]), (71, &Value::from("Organization")));
        let library = roles.iter().find(|role| role["member"]["name"] == "British Library").unwrap();
        assert_eq!(library["roleName"], "Core founding member");
        assert_eq!(library["member"]["url"], "https://www.bl.uk/");
        assert_eq!(library["member"].get("logo"), None, "nothing stands for what is not known");
    }

    #[test]
    fn a_ror_id_is_in_all_three_as_its_address() {
        let mut all = bundled::institutions().unwrap();
        all.truncate(4);
        let ror = "https://ror.org/02mhbdp94";
        all[3].ror = Some("02mhbdp94".parse().unwrap());
        let text = String::from_utf8(csv(&all, day()).unwrap()).unwrap();
        assert!(
            text.lines().next().unwrap().ends_with(",ror") && text.lines().last().unwrap().ends_with(ror),
            "{text}"
        );
        let list: Value = serde_json::from_str(&json(&all, day()).unwrap()).unwrap();
        assert_eq!(
            (&list["institutions"][3]["ror"], &list["institutions"][0]["ror"]),
            (&Value::from(ror), &Value::Null)
        );
        let data: Value = serde_json::from_str(&json_ld(&all, day()).unwrap()).unwrap();
        let roles = data["member"].as_array().unwrap();
        let known = roles.iter().find(|role| role["member"].get("sameAs").is_some()).unwrap();
        assert_eq!(known["member"]["sameAs"], ror);
        assert_eq!(known["member"]["identifier"][0], all[3].id.as_str());
        assert_eq!(known["member"]["identifier"][1]["value"], ror);
    }

    #[test]
    fn another_name_is_in_its_language_where_that_is_known() {
        let mut all = bundled::institutions().unwrap();
        all.retain(|one| one.name == "British Library");
        let welsh = OtherName { name: "Y Llyfrgell Brydeinig".to_owned(), language: Some("cy".parse().unwrap()) };
        all[0].aliases = vec!["BL".into(), welsh];
        let data: Value = serde_json::from_str(&json_ld(&all, day()).unwrap()).unwrap();
        let names = &data["member"][0]["member"]["alternateName"];
        assert_eq!(*names, json!(["BL", { "@value": "Y Llyfrgell Brydeinig", "@language": "cy" }]));
        assert!(json(&all, day()).unwrap().contains("\"other_names\":[\"BL\",\"Y Llyfrgell Brydeinig\"]"));
    }

    #[test]
    fn who_has_left_by_that_day_is_not_in_it() {
        let mut all = bundled::institutions().unwrap();
        all.truncate(2);
        all[0].periods[0].until = Some("2020-12-31".parse().unwrap());
        assert!(!json(&all, day()).unwrap().contains(&all[0].name));
        assert!(json(&all, "2020-12-31".parse().unwrap()).unwrap().contains(&all[0].name));
    }
}
