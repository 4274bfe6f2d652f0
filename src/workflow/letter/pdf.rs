//! From [`LetterText`] to the bytes of a PDF: the sheets that a typesetter is handed, and its QR code.
//! It reads no clock and no chance.

use std::sync::Arc;

use askama::Template;
use fast_qr::{ECL, QRBuilder};
use sheets::escape::filters;
pub use sheets::{FAMILIES, Job, Pictures, Printed, Typesetter, Unprintable};

use crate::refusal::{Failure, Fault, Refusal};
use crate::workflow::letter::house::picture::Picture;
use crate::workflow::letter::language::Fixed;
use crate::workflow::letter::prose::{Block, Span};
use crate::workflow::letter::text::LetterText;

/// The most pages a letter may have: funders take two sides at most.
pub const MOST_PAGES: usize = 2;
/// A last paragraph up to this many bytes stays with the signature; a longer one would not fit on a page with it.
const KEEPS_WITH_SIGNATURE: usize = 1_200;

/// A letter that cannot be set, as what a page answers: a fault when the typesetter is broken, otherwise a refusal that
/// says what to change.
pub fn failure(why: Unprintable) -> Failure {
    match why {
        Unprintable::Broken(_) => Fault::because("setting a letter", why).into(),
        other => Refusal::conflict("letter-unprintable", other.to_string()).into(),
    }
}

/// Sets any number of letters, from any thread.
#[derive(Debug, Clone)]
pub struct Press {
    typesetter: Arc<dyn Typesetter>,
}

impl Press {
    /// A press that has its letters set by `typesetter`.
    pub fn new(typesetter: Arc<dyn Typesetter>) -> Self {
        Self { typesetter }
    }

    /// Sets a letter with room to breathe, or a little closer when that saves its second page. A letter of several pages
    /// says on each which letter it is and how to check it; finding that out for a letter of one page would cost its half
    /// again.
    ///
    /// # Errors
    /// Why the letter cannot be set as it is.
    pub fn print(&self, text: &LetterText) -> Result<Printed, Unprintable> {
        let text = text.clone().tidied();
        let sheet =
            |measure| Sheet::of(&text, measure).render().map_err(|error| Unprintable::Broken(error.to_string()));
        let mut job = Job {
            sheet: sheet(&ROOMY)?,
            pictures: Pictures {
                check: square(&text.verification.link())?,
                logo: bytes(text.letterhead.logo.as_ref()),
                signature: bytes(text.signed_by.signature.as_ref()),
            },
            ident: text.verification.code.to_string(),
            creator: text.letterhead.name.clone(),
            date: text.date,
            most_pages: 1,
        };
        for (measure, most_pages) in [(&SNUG, 1), (&PAGED, MOST_PAGES)] {
            match self.typesetter.set(&job) {
                Err(Unprintable::TooLong { .. }) => job = Job { sheet: sheet(measure)?, most_pages, ..job },
                set => return set,
            }
        }
        self.typesetter.set(&job)
    }
}

/// The widest and the highest a logo may be, in millimetres.
const LOGO: (f64, f64) = (44.0, 13.0);
/// The widest a picture of the signature may be, in millimetres.
const SIGNATURE: f64 = 60.0;
/// How much higher it may be than the room to sign by hand, in millimetres.
const SIGNATURE_RISES: f64 = 2.0;

fn bytes(picture: Option<&Picture>) -> Vec<u8> {
    picture.map(|picture| picture.bytes.to_vec()).unwrap_or_default()
}

/// How closely a letter is set. The type stays at 11 points, the least that funders take.
struct Measure {
    /// Above and below the text, in millimetres.
    margins: (&'static str, &'static str),
    /// Left and right of the text, in millimetres.
    sides: &'static str,
    /// Between lines and between paragraphs, in widths of the letter M.
    leading: (&'static str, &'static str),
    /// For the signature, in millimetres.
    signature: &'static str,
    /// Whether each page says which letter it belongs to.
    is_paged: bool,
}

const ROOMY: Measure =
    Measure { margins: ("17", "15"), sides: "25", leading: ("0.6", "1.05"), signature: "12", is_paged: false };
const SNUG: Measure =
    Measure { margins: ("14", "12"), sides: "22", leading: ("0.53", "0.92"), signature: "11", is_paged: false };
const PAGED: Measure = Measure { margins: ("17", "27"), is_paged: true, ..ROOMY };

#[derive(Template)]
#[template(path = "letter/letter.typ")]
struct Sheet<'a> {
    text: &'a LetterText,
    measure: &'static Measure,
    title: String,
    description: String,
    date: String,
    code: String,
    fixed: &'static Fixed,
    body: Vec<Vec<Block>>,
    last: Option<Vec<Block>>,
    families: [&'static str; FAMILIES.len()],
}

impl<'a> Sheet<'a> {
    fn of(text: &'a LetterText, measure: &'static Measure) -> Self {
        let mut body = text.body();
        let is_short = text.paragraphs.last().is_some_and(|last| last.len() <= KEEPS_WITH_SIGNATURE);
        let last = if is_short { body.pop() } else { None };
        Self {
            text,
            measure,
            title: text.title(),
            description: format!("{}, {}", text.number, text.language.day(text.date)),
            date: text.language.day(text.date),
            code: text.verification.code.to_string(),
            fixed: text.language.fixed(),
            body,
            last,
            families: FAMILIES,
        }
    }

    /// How high the logo is, in millimetres.
    #[allow(clippy::unused_self, reason = "templates call functions as methods")]
    fn logo_height(&self, logo: &Picture) -> String {
        let (width, height) = LOGO;
        format!("{:.2}", logo.height_within(width, height))
    }

    /// How high the picture of the signature is, in millimetres.
    fn signature_height(&self, signature: &Picture) -> String {
        let room: f64 = self.measure.signature.parse().unwrap_or_default();
        format!("{:.2}", signature.height_within(SIGNATURE, room + SIGNATURE_RISES))
    }
}

/// The QR code of `link` as SVG: one bar for all modules that touch in a row, which no printer leaves a gap between.
fn square(link: &str) -> Result<String, Unprintable> {
    let code =
        QRBuilder::new(link).ecl(ECL::M).build().map_err(|error| Unprintable::Broken(format!("QR code: {error:?}")))?;
    let size = code.size;
    let mut bars = String::new();
    for (row, modules) in code.data.chunks(size).take(size).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|one, next| one.value() == next.value()) {
            let length = run.len();
            if run.first().is_some_and(|module| module.value()) {
                bars += &format!("M{column} {row}h{length}v1h-{length}z");
            }
            column += length;
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path d=\"{bars}\"/></svg>"
    ))
}

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod pdf_tests;
