//! The six expectations of a proposal (policy.md), in the service's own words: what is expected, what the applicant is
//! asked, and what a good answer looks like. Judging the answers is left to the reviewers.

use crate::worded;

worded! {
    /// One of the six expectations that a proposal is measured against.
    pub enum Expectation {
        /// The proposal is about IIIF and serves its community.
        Relevance = "relevance",
        /// Its software will follow the specifications.
        Conformance = "conformance",
        /// It adds something that others can use.
        Enrichment = "enrichment",
        /// Its people take part in the community.
        Participation = "participation",
        /// It works through the community's processes.
        Process = "process",
        /// It discusses extensions with the community.
        Extensions = "extensions",
    }
}

impl Expectation {
    /// A title of one or two words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Relevance => "Relevance to IIIF",
            Self::Conformance => "Conforming software",
            Self::Enrichment => "Enriching IIIF",
            Self::Participation => "Taking part",
            Self::Process => "Community process",
            Self::Extensions => "Extensions",
        }
    }

    /// What is expected of a proposal.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Relevance => {
                "The proposal builds on IIIF specifications, software, content or community, and what it achieves serves \
                 the aims of the IIIF community."
            }
            Self::Conformance => {
                "The proposal states that any software it makes within the reach of the IIIF specifications will follow \
                 them as they are written. Open source is preferred but not required. Improving existing software counts."
            }
            Self::Enrichment => {
                "The proposal leaves IIIF richer: content published through IIIF, or open data, software or services that \
                 use IIIF content or make it more useful."
            }
            Self::Participation => {
                "The proposal makes clear how the people it funds will take part in the IIIF community."
            }
            Self::Process => {
                "The proposal commits to the community’s own ways of working: open discussion, writing or extending \
                 specifications together, and the community and technical groups that are open to all."
            }
            Self::Extensions => {
                "The proposal states that whatever it needs beyond today’s specifications will be discussed with the \
                 community where everyone can follow: the IIIF-Discuss list, Slack and the community calls."
            }
        }
    }

    /// What the applicant is asked.
    pub const fn question(self) -> &'static str {
        match self {
            Self::Relevance => "How does the project build on IIIF, and how does the IIIF community gain from it?",
            Self::Conformance => {
                "Which software will the project make or change, and how will it follow the IIIF specifications?"
            }
            Self::Enrichment => "What will be available through IIIF, or openly for IIIF, when the project is over?",
            Self::Participation => "Who from the project will take part in the IIIF community, and how?",
            Self::Process => "How will the project work with the community’s groups and processes?",
            Self::Extensions => "If the project needs something the specifications lack, where will it raise that?",
        }
    }

    /// An example of a good answer.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Relevance => {
                "“We publish 40,000 maps with the Image and Presentation APIs and write a guide that other map \
                 collections can follow.”"
            }
            Self::Conformance => {
                "“We extend an open-source viewer. Every release is tested with the Presentation API validator.” \
                 Or: “Not applicable because the project makes no software.”"
            }
            Self::Enrichment => {
                "“All manifests are public under CC0 from month 6, with the transcriptions as annotations.”"
            }
            Self::Participation => {
                "“Our developer joins the monthly community call, and we present the results at the annual conference.”"
            }
            Self::Process => {
                "“We bring our use cases to the Maps group before we build, and report there each quarter.”"
            }
            Self::Extensions => {
                "“We need none today. Should that change, we write to IIIF-Discuss before we design anything.”"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_six_and_each_asks_something_of_its_own() {
        let mut questions: Vec<&str> = Expectation::ALL.iter().map(|expectation| expectation.question()).collect();
        questions.sort_unstable();
        questions.dedup();
        assert_eq!(questions.len(), 6);
        assert!(questions.iter().all(|question| question.ends_with('?')));
    }
}
