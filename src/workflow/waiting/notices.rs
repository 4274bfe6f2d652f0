//! The one mail a day about what waits.

use askama::Template;

use super::daily::KIND;
use super::duty::Waits;
use crate::moment::Site;
use crate::refusal::Fault;
use crate::workday::day_in_words;
use crate::workflow::delivery::outbox::Message;
use crate::workflow::routing::about::greeting;
use crate::workflow::routing::rules::Reader;

#[derive(Template)]
#[template(path = "mail/waiting_daily.txt")]
struct DailyText<'a> {
    greeting: &'a str,
    lines: Vec<Line<'a>>,
    all: String,
}

struct Line<'a> {
    waits: &'a Waits,
    day: String,
    link: String,
}

/// Says what waits for a member, the most urgent first; a seat may know of a request as much before it has declared.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn daily(site: &Site, to: &Reader, waits: &[Waits]) -> Result<Message, Fault> {
    let link = |waits: &Waits| site.link(&format!("/requests/{}/review", waits.request));
    let text = DailyText {
        greeting: greeting(&to.name),
        lines: waits.iter().map(|one| Line { waits: one, day: day_in_words(one.day), link: link(one) }).collect(),
        all: site.link("/waiting"),
    };
    let broken = |error| Fault::because("a mail cannot be rendered", error);
    let first = waits.first().map(|first| format!(", the first by {}", day_in_words(first.day))).unwrap_or_default();
    Ok(Message {
        kind: KIND,
        request: None,
        attempt: None,
        co_signer: None,
        to_address: to.address.clone(),
        to_name: to.name.clone(),
        subject: format!("{} for you{first}", how_much(waits.len())),
        text: text.render().map_err(broken)?,
        expires_at: None,
    })
}

fn how_much(count: usize) -> String {
    if count == 1 { "1 thing waits".to_owned() } else { format!("{count} things wait") }
}
