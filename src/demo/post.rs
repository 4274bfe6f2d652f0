//! Physical copies in the fictional year: one is asked for, one is in the post.

use super::cast::Paper;
use super::life::Life;
use crate::moment::Moment;
use crate::refusal::Outcome;
use crate::workflow::post::address::{Recipient, fields};
use crate::workflow::post::commands::{self as posting, Seen};
use crate::workflow::post::store;
use crate::workflow::request::store as requests;
use crate::workflow::routing::commands::policy_of;

impl Life<'_> {
    /// The applicant asks for a physical copy, and staff print and post it, as far as that has come.
    pub(super) fn on_paper(&self, asked: &Moment, posted: &Moment) -> Outcome<()> {
        let Some(paper) = self.project.copy else { return Ok(()) };
        let to = Recipient {
            name: format!("{}, Applications", self.project.funder),
            lines: ["12 Example Street", "Springfield 01234", "United States of America"].map(str::to_owned).to_vec(),
        };
        let (moment, applicant) = (asked.clone(), self.applicant);
        self.world.write(move |tx| posting::ask(tx, &moment, &applicant, &to))?;
        if paper == Paper::Asked {
            return Ok(());
        }
        let (moment, staff, id) = (posted.clone(), self.company.staff, self.id);
        self.world.write(move |tx| {
            let request = requests::touch(tx, id)?;
            let day = policy_of(&request)?.today(moment.now).to_string();
            let copies = store::of(tx, id, request.stage)?;
            let letter = copies.letters.in_force.map(|letter| letter.to_string()).unwrap_or_default();
            let copy = copies.last().map(|copy| copy.number.to_string()).unwrap_or_default();
            posting::printed(tx, &moment, staff, id, &Seen { copy: copy.clone(), letter })?;
            let typed = |field: &str| match field {
                fields::COPY => copy.as_str(),
                fields::POSTED_ON => day.as_str(),
                fields::CARRIER => "Example Post",
                fields::TRACKING => "EX 123 456 789",
                fields::LINK => "https://post.example/follow",
                _ => "",
            };
            posting::posted(tx, &moment, staff, id, typed)
        })
    }
}
