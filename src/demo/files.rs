//! Files that applicants of the fictional year attach.

use super::life::Life;
use crate::moment::Moment;
use crate::refusal::{Fault, Outcome};
use crate::workflow::request::attachment::file::Kind;
use crate::workflow::request::attachment::{content, name};
use crate::workflow::request::commands::attachments::{New, attach};

/// A page that stands for any draft.
const PROPOSAL: &[u8] = include_bytes!("../../content/demo-proposal.pdf");

const CALL: &str = "Call for proposals (made up for the demonstration)\n\n\
    Letters of support: at most two, each on one page, on letterhead and signed. They say what the writer's organisation \
    contributes and why the project matters to it.\n";

impl Life<'_> {
    /// Attaches a draft of the proposal and the text of the call.
    pub(super) fn attach_files(&self, at: &Moment) -> Outcome<()> {
        self.attach(at, Kind::Proposal, "Draft proposal", PROPOSAL)?;
        self.attach(at, Kind::Call, "Text of the call", CALL.as_bytes())
    }

    fn attach(&self, at: &Moment, kind: Kind, called: &str, bytes: &[u8]) -> Outcome<()> {
        let format = content::look(bytes).map_err(Fault::new)?;
        let depot = &self.world.depot;
        let mut arriving = depot.begin()?;
        arriving.write(bytes)?;
        let arrived = arriving.finish();
        let (size, sha256) = (arrived.size, arrived.sha256.clone());
        let new = New { kind, name: name::clean(called, format), format, size, sha256 };
        let busy = depot.busy()?;
        depot.keep(&busy, arrived, at.now)?;
        let (moment, applicant) = (at.clone(), self.applicant);
        self.world.write(move |tx| attach(tx, &moment, &applicant, new).map(drop))
    }
}
