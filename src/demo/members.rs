//! What staff of the fictional year say of institutions beyond the list: an id in the ROR registry, a name in another
//! language.

use super::World;
use crate::members;
use crate::members::form::Facts;
use crate::members::other_name::{Language, OtherName};
use crate::moment::Moment;
use crate::people::access::Staff;
use crate::refusal::Outcome;

/// Listed name, ROR id, and another name with its language.
const SAID: &[(&str, &str, (&str, &str))] = &[
    ("Cornell University", "05bnh6r87", ("Université Cornell", "fr")),
    ("Yale University", "03v76x132", ("イェール大学", "ja")),
];

/// Staff change what is said of some institutions.
pub(super) fn describe(world: &World, staff: Staff, at: &Moment) -> Outcome<()> {
    for (name, ror, (other, language)) in SAID {
        let now = at.now;
        world.write(move |tx| {
            let id = members::store::called(tx, name)?;
            let Some(known) = members::store::institution(tx, id)? else { return Ok(()) };
            let mut facts = Facts {
                name: known.name.clone(),
                aliases: known.aliases.clone(),
                website: known.website.clone(),
                ror: ror.parse().ok(),
                logo: known.logo().map(str::to_owned),
                country: known.country.clone(),
                membership: known.membership_on(now.date_naive()),
                commercial: known.commercial,
            };
            let language = language.parse::<Language>().ok();
            facts.aliases.push(OtherName { name: (*other).to_owned(), language });
            members::commands::edit(tx, Some(id), &facts, staff, now).map(drop)
        })?;
    }
    Ok(())
}
