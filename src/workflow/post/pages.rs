//! The applicant asks for a physical copy; staff print it, post it and say so; labels for it.

pub mod asking;
pub mod label;
pub mod posting;

use crate::clock::Instant;
use crate::config::Signatory;
use crate::ids::RequestId;
use crate::people::access::no_such_request;
use crate::plain;
use crate::policy::settings::Policy;
use crate::refusal::Outcome;
use crate::store::View;
use crate::web::service::Service;
use crate::workflow::letter::house::House;
use crate::workflow::letter::store::house;
use crate::workflow::post::pdf::Sender;
use crate::workflow::post::rules::PhysicalCopy;

/// The id in a path; what is no id leads to no request.
fn request_id(path: &str) -> Outcome<RequestId> {
    path.parse().map_err(|_| no_such_request().into())
}

/// The house that the program and its configuration bring along.
fn bundled(service: &Service) -> House {
    let Signatory { name, capacity } = &service.config.signatory;
    House::bundled(name, capacity, &service.site.contact)
}

/// Who sends, by the letterhead in force.
fn sender(view: &mut View<'_>, bundled: &House) -> Outcome<Sender> {
    let settings = house::in_force(view, bundled)?.settings;
    Ok(Sender::of(&settings.name, &settings.lines))
}

/// A physical copy as pages show it: the days as the Consortium counts them, empty for what has not happened.
struct Shown {
    number: i32,
    to: String,
    asked: String,
    printed: String,
    posted: String,
    /// The page on which it is followed; empty for none.
    link: String,
    returned: String,
    remark: String,
}

impl Shown {
    fn of(copy: &PhysicalCopy, policy: &Policy) -> Self {
        let day = |at: Instant| plain::day(policy.today(at)).to_string();
        let posted = copy.posted.as_ref().map(|(posting, _)| posting);
        Self {
            number: copy.number,
            to: copy.to.in_words(),
            asked: day(copy.asked_at),
            printed: copy.printed.map(|(_, at)| day(at)).unwrap_or_default(),
            posted: posted.map(|posting| format!("{}{}", plain::day(posting.day), posting.way())).unwrap_or_default(),
            link: posted.map(|posting| posting.link.clone()).unwrap_or_default(),
            returned: copy.returned.as_ref().map(|(at, _)| day(*at)).unwrap_or_default(),
            remark: copy.returned.as_ref().map(|(_, remark)| remark.clone()).unwrap_or_default(),
        }
    }
}
