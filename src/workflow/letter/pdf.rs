//! From [`LetterText`] to the bytes of a PDF: PDF/A-2u and PDF/UA-1 at once, fonts embedded, equal text equal bytes.
//! The only place that names Typst. It reads no clock and no chance, and no file but fonts.
//! Typst has no time limit of its own: callers bound what goes in and how many letters are set at once.

pub mod escape;
mod fonts;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use askama::Template;
use chrono::{Datelike, NaiveDate};
use fast_qr::convert::{Builder as _, svg::SvgBuilder};
use fast_qr::{ECL, QRBuilder};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::{Abs, Frame, FrameItem, Point};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::refusal::{Failure, Fault, Refusal};
use crate::workflow::letter::language::Fixed;
use crate::workflow::letter::pdf::escape::filters;
use crate::workflow::letter::pdf::fonts::FAMILIES;
use crate::workflow::letter::text::LetterText;

/// The most pages a letter may have: funders take two sides at most.
pub const MOST_PAGES: usize = 2;
/// A last paragraph up to this many bytes stays with the signature; a longer one would not fit on a page with it.
const KEEPS_WITH_SIGNATURE: usize = 1_200;
/// How many missing characters a message names.
const NAMED_AT_MOST: usize = 12;
/// After how many letters Typst may forget what it has cached. Without a limit memory grows with every letter.
const CACHED_LETTERS: usize = 10;

/// A letter that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a letter cannot be set as it is.
#[derive(Debug, thiserror::Error)]
pub enum Unprintable {
    /// No font of the letter has these characters.
    #[error("The letter\u{2019}s fonts have no glyph for {}. Write these characters in another way, for example in Latin letters; or whoever runs the service adds a font that has them (FONTS_FOLDER).", named(.0))]
    MissingGlyphs(Vec<char>),
    /// It has more pages than [`MOST_PAGES`].
    #[error("The letter has {0} pages; a letter has {MOST_PAGES} at most. Shorten its paragraphs.")]
    TooLong(usize),
    /// A word without a break is wider than the page.
    #[error("\u{201c}{0}\u{201d} runs off the page. Divide it by a space or a line break.")]
    OffThePage(String),
    /// Something of ours broke.
    #[error("setting the letter failed")]
    Fault(#[source] Fault),
}

impl From<Unprintable> for Failure {
    fn from(why: Unprintable) -> Self {
        match why {
            Unprintable::Fault(fault) => fault.into(),
            other => Refusal::conflict("letter-unprintable", other.to_string()).into(),
        }
    }
}

/// Fonts and library, loaded once. It sets any number of letters, from any thread.
pub struct Press {
    fonts: FontStore,
    library: LazyHash<Library>,
    standards: PdfStandards,
    main: FileId,
    check: FileId,
}

impl Press {
    /// Loads the fonts inside the program, a few milliseconds, and finds those in `folder`.
    ///
    /// # Errors
    /// A fault when the folder cannot be read, or Typst does not take our file names or standards.
    pub fn new(folder: Option<&Path>) -> Result<Self, Fault> {
        let standards = PdfStandards::new(&[PdfStandard::A_2u, PdfStandard::Ua_1])
            .map_err(|error| Fault::new(format!("the letter's PDF standards: {}", error.message())))?;
        Ok(Self {
            fonts: fonts::load(folder)?,
            library: LazyHash::new(Library::default()),
            standards,
            main: file_id("letter.typ")?,
            check: file_id("check.svg")?,
        })
    }

    /// Sets a letter.
    ///
    /// # Errors
    /// Why the letter cannot be set as it is; a panic of the typesetter is a fault and harms no later letter.
    pub fn print(&self, text: &LetterText) -> Result<Printed, Unprintable> {
        let printed = contained(|| self.set(&text.clone().tidied()));
        typst::comemo::evict(CACHED_LETTERS);
        printed
    }

    fn set(&self, text: &LetterText) -> Result<Printed, Unprintable> {
        let document = self.fitted(text)?;
        let pages = document.pages().len();
        if pages > MOST_PAGES {
            return Err(Unprintable::TooLong(pages));
        }
        inspect(&document)?;
        let options = PdfOptions {
            ident: Smart::Custom(text.verification.code.to_string()),
            creator: Smart::Custom(Some(text.letterhead.name.clone())),
            timestamp: noon(text.date),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| fault(told(&errors)))?;
        Ok(Printed { bytes, pages })
    }

    /// The letter with room to breathe, or a little closer when that saves its second page. A letter of several pages says
    /// on each which letter it is and how to check it; finding that out for a letter of one page would cost its half again.
    fn fitted(&self, text: &LetterText) -> Result<PagedDocument, Unprintable> {
        let square = square(&text.verification.link())?;
        let roomy = self.compile(Sheet::of(text, &ROOMY).render().map_err(template_fault)?, square.clone())?;
        if roomy.pages().len() == 1 {
            return Ok(roomy);
        }
        let snug = self.compile(Sheet::of(text, &SNUG).render().map_err(template_fault)?, square.clone())?;
        if snug.pages().len() == 1 {
            return Ok(snug);
        }
        self.compile(Sheet::of(text, &PAGED).render().map_err(template_fault)?, square)
    }

    fn compile(&self, sheet: String, square: String) -> Result<PagedDocument, Unprintable> {
        let desk = Desk { press: self, sheet: Source::new(self.main, sheet), square: Bytes::from_string(square) };
        typst::compile(&desk).output.map_err(|errors| fault(told(&errors)))
    }
}

impl std::fmt::Debug for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Press")
    }
}

/// What Typst may see while it sets one letter: its source, its QR code, our fonts. Everything else is denied.
struct Desk<'a> {
    press: &'a Press,
    sheet: Source,
    square: Bytes,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.press.fonts.book()
    }

    fn main(&self) -> FileId {
        self.press.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.main { Ok(self.sheet.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.press.check { Ok(self.square.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
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
    body: &'a [String],
    last: Option<&'a String>,
    families: [&'static str; FAMILIES.len()],
}

impl<'a> Sheet<'a> {
    fn of(text: &'a LetterText, measure: &'static Measure) -> Self {
        let (body, last) = match text.paragraphs.split_last() {
            Some((last, body)) if last.len() <= KEEPS_WITH_SIGNATURE => (body, Some(last)),
            _ => (text.paragraphs.as_slice(), None),
        };
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
}

/// A name in Typst's own table of files. The table only grows, so names are fixed and never made per letter.
fn file_id(name: &str) -> Result<FileId, Fault> {
    let path = VirtualPath::new(name).map_err(|error| Fault::new(format!("file name {name}: {error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn noon(date: NaiveDate) -> Option<Timestamp> {
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    Datetime::from_ymd_hms(date.year(), month, day, 12, 0, 0).map(Timestamp::new_utc)
}

/// The QR code of `link` as SVG.
fn square(link: &str) -> Result<String, Unprintable> {
    let code = QRBuilder::new(link).ecl(ECL::M).build().map_err(|error| fault(format!("QR code: {error:?}")))?;
    Ok(SvgBuilder::default().margin(0).to_str(&code))
}

/// Looks at every glyph that was set: none may be missing, none may leave the page.
fn inspect(document: &PagedDocument) -> Result<(), Unprintable> {
    let mut missing = Vec::new();
    for page in document.pages() {
        let edge = page.frame.width();
        walk(&page.frame, Point::zero(), &mut |text, at| {
            for glyph in text.glyphs.iter().filter(|glyph| glyph.id == 0) {
                missing.extend(text.text.get(glyph.range()).unwrap_or_default().chars());
            }
            if at.x + text.width() > edge - Abs::mm(5.0) {
                return Err(Unprintable::OffThePage(text.text.chars().take(40).collect()));
            }
            Ok(())
        })?;
    }
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() { Ok(()) } else { Err(Unprintable::MissingGlyphs(missing)) }
}

/// Calls `look` for every run of text in `frame`, in reading order, with its place on the page.
fn walk<E>(
    frame: &Frame,
    origin: Point,
    look: &mut impl FnMut(&typst::text::TextItem, Point) -> Result<(), E>,
) -> Result<(), E> {
    for (place, item) in frame.items() {
        let at = origin + *place;
        match item {
            FrameItem::Text(text) => look(text, at)?,
            FrameItem::Group(group) => {
                walk(&group.frame, at + Point::new(group.transform.tx, group.transform.ty), look)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The characters by name; a text in a script without a font would name hundreds.
fn named(missing: &[char]) -> String {
    let name = |letter: &char| format!("{letter} (U+{:04X})", u32::from(*letter));
    let names: Vec<String> = missing.iter().take(NAMED_AT_MOST).map(name).collect();
    match missing.len().checked_sub(NAMED_AT_MOST) {
        None | Some(0) => names.join(", "),
        Some(others) => format!("{} and {others} more", names.join(", ")),
    }
}

fn template_fault(error: askama::Error) -> Unprintable {
    Unprintable::Fault(Fault::because("the letter\u{2019}s template", error))
}

fn told(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

fn fault(what: impl Into<String>) -> Unprintable {
    Unprintable::Fault(Fault::new(what))
}

/// Runs the typesetter; a panic in it becomes a fault.
fn contained<T>(work: impl FnOnce() -> Result<T, Unprintable>) -> Result<T, Unprintable> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(fault(format!("the typesetter gave up: {}", panic_text(panic.as_ref())))))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given")
}

#[cfg(test)]
mod pdf_tests;
