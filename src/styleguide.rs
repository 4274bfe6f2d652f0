//! Every part of the pages in every state, on one page, for those who build the service. Not shown to anybody else.

use actix_web::HttpResponse;
use askama::Template;
use chrono::{DateTime, TimeDelta};

use crate::clock::InUtc;
use crate::refusal::FieldErrors;
use crate::staff::plot::{Bars, Columns, Ranges, bars, columns, ranges};
use crate::staff::year::Stand;
use crate::web::form::{Choice, FormView};
use crate::web::frame::Frame;
use crate::web::page::{Page, show};
use crate::web::problem;
use crate::web::shell::Shell;
use crate::workflow::letter::prose::{Block, Span, read};
use crate::workflow::stage::StageName;

#[derive(Template)]
#[template(path = "styleguide.html")]
struct Guide {
    frame: Frame,
    stages: &'static [StageName],
    zones: Vec<Choice>,
    institutions: [&'static str; 2],
    happened: [InUtc; 2],
    members: Vec<Choice>,
    kinds: Vec<Choice>,
    yesno: Vec<Choice>,
    letter: Vec<Block>,
    columns: Columns,
    bars: Bars,
    stands: Vec<&'static str>,
    ranges: Ranges,
    empty: FormView,
    filled: FormView,
    wrong: FormView,
}

/// `GET /styleguide`: in a development build and in the demonstration; elsewhere there is no such page.
pub async fn page(shell: Shell) -> Page {
    if !cfg!(debug_assertions) && !shell.service.config.demo {
        return problem::nowhere().await;
    }
    show(&Guide {
        frame: shell.frame("Every part in every state"),
        stages: StageName::ALL,
        zones: vec![Choice::new("UTC", "UTC"), Choice::new("America/New_York", "New York")],
        happened: [57, 0].map(|days| InUtc::from(DateTime::UNIX_EPOCH + TimeDelta::days(days))),
        institutions: ["Yale University", "Bibliothèque nationale de France"],
        members: vec![
            Choice::new("bnf", "La Bibliothèque nationale de France").found_by("bnf french national library"),
            Choice::new("yale", "Yale University"),
        ],
        kinds: vec![
            Choice::new("support", "Letter of support").hint("It says why the project matters to the IIIF community."),
            Choice::new("commitment", "Letter of commitment"),
            Choice::new("other", "Something else"),
        ],
        yesno: vec![Choice::new("yes", "Yes"), Choice::new("no", "No")],
        letter: read("The Consortium supports *Open maps*:\n\n1. the *Image API*\n2. the *Presentation API*"),
        columns: columns(&[("Jan", vec![2, 1, 0, 1, 1, 2]), ("Feb", vec![0, 3, 1, 0, 2, 0])]),
        bars: bars(&[("Yale University".to_owned(), vec![3, 0, 1]), ("Vacant".to_owned(), vec![])]),
        stands: Stand::ALL.iter().map(|stand| stand.as_str()).collect(),
        ranges: ranges(&[("Review".to_owned(), Some([4, 9, 21])), ("Letter".to_owned(), None)], (14, 28)),
        empty: FormView::new(),
        filled: FormView::filled([
            ("f-title", "مخطوطات مفتوحة"),
            ("f-date", "2027-03-01"),
            ("f-member", "yale"),
            ("f-summary", "We bring the maps of one small museum into the open at last."),
            ("f-kind", "support"),
            ("f-parts", "commitment"),
            ("f-parts", "other"),
            ("f-risk", "yes"),
        ]),
        wrong: form_that_came_back(),
    })
}

/// `POST /styleguide`: its forms lead back to it.
pub async fn back() -> HttpResponse {
    crate::web::page::see_other("/styleguide")
}

fn form_that_came_back() -> FormView {
    let mut errors = FieldErrors::default();
    errors.add("w-title", "Enter the title of the project");
    errors.add("w-mail", "Enter the address as name@institution.org");
    errors.add("w-amount", "Enter the amount with its currency");
    errors.add("w-date", "The deadline must be in the future: 1 March 2024 has passed");
    errors.add("w-time", "Enter the time, for example 17:00");
    errors.add("w-zone", "Choose the time zone of the deadline");
    errors.add("w-member", "Choose the member from the list");
    errors.add("w-institution", "Enter the name of the institution");
    errors.add("w-summary", "Shorten the summary to 10 words: it has 13");
    errors.add("w-kind", "Choose the kind of letter");
    errors.add("w-parts", "Choose what the letter should mention");
    errors.add("w-risk", "Confirm that you understand the risk");
    errors.add("w-file", "The file is no PDF. Save it as a PDF and choose it again");
    errors.add("w-code", "The code is not the one we mailed. Check it, or ask for another");
    let summary = "We bring the maps of one small museum into the open at last.";
    FormView::filled([("w-date", "2024-03-01"), ("w-summary", summary)]).failing(errors)
}
