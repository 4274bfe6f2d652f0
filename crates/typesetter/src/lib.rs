//! Sets sheets with Typst, in process: no network, no file but fonts, no clock and no chance.
//! Typst has no time limit of its own: callers bound what goes in and how many documents are set at once.

mod fonts;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use sheets::{Job, Pictures, Printed, Typesetter, Unprintable};
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

/// After how many documents Typst may forget what it has cached. Without a limit memory grows with every document.
const CACHED_DOCUMENTS: usize = 10;

/// Fonts and library, loaded once.
pub struct Typst {
    fonts: FontStore,
    library: LazyHash<Library>,
    standards: PdfStandards,
    main: FileId,
    check: FileId,
    logo: FileId,
    signature: FileId,
}

impl Typst {
    /// Loads the fonts inside the program, a few milliseconds, and finds those in `folder`.
    ///
    /// # Errors
    /// What is wrong, when the folder cannot be read or Typst does not take our file names or standards.
    pub fn new(folder: Option<&Path>) -> Result<Self, String> {
        let standards = PdfStandards::new(&[PdfStandard::A_2u, PdfStandard::Ua_1])
            .map_err(|error| format!("the letter's PDF standards: {}", error.message()))?;
        Ok(Self {
            fonts: fonts::load(folder)?,
            library: LazyHash::new(Library::default()),
            standards,
            main: file_id("letter.typ")?,
            check: file_id("check.svg")?,
            logo: file_id("logo")?,
            signature: file_id("signature")?,
        })
    }

    fn print(&self, job: &Job) -> Result<Printed, Unprintable> {
        let document = self.compile(job.sheet.clone(), &job.pictures)?;
        let pages = document.pages().len();
        if pages > job.most_pages {
            return Err(Unprintable::TooLong { pages, most: job.most_pages });
        }
        inspect(&document)?;
        let options = PdfOptions {
            ident: Smart::Custom(job.ident.clone()),
            creator: Smart::Custom(Some(job.creator.clone())),
            timestamp: noon(job.date),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors))?;
        Ok(Printed { bytes, pages })
    }

    fn compile(&self, sheet: String, pictures: &Pictures) -> Result<PagedDocument, Unprintable> {
        let desk = Desk { typst: self, sheet: Source::new(self.main, sheet), pictures };
        typst::compile(&desk).output.map_err(|errors| told(&errors))
    }
}

impl Typesetter for Typst {
    /// A panic of Typst harms no later document.
    fn set(&self, job: &Job) -> Result<Printed, Unprintable> {
        let printed = contained(|| self.print(job));
        comemo::evict(CACHED_DOCUMENTS);
        printed
    }
}

impl std::fmt::Debug for Typst {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typst")
    }
}

/// What Typst may see while it sets one document: its source, its pictures, our fonts. Everything else is denied.
struct Desk<'a> {
    typst: &'a Typst,
    sheet: Source,
    pictures: &'a Pictures,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.typst.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.typst.fonts.book()
    }

    fn main(&self) -> FileId {
        self.typst.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.typst.main { Ok(self.sheet.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let Pictures { check, logo, signature } = self.pictures;
        match id {
            _ if id == self.typst.check => Ok(Bytes::from_string(check.clone())),
            _ if id == self.typst.logo => Ok(Bytes::new(logo.clone())),
            _ if id == self.typst.signature => Ok(Bytes::new(signature.clone())),
            _ => Err(FileError::AccessDenied),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.typst.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A name in Typst's own table of files. The table only grows, so names are fixed and never made per document.
fn file_id(name: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(name).map_err(|error| format!("file name {name}: {error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn noon(date: NaiveDate) -> Option<Timestamp> {
    let month = u8::try_from(date.month()).ok()?;
    let day = u8::try_from(date.day()).ok()?;
    Datetime::from_ymd_hms(date.year(), month, day, 12, 0, 0).map(Timestamp::new_utc)
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

fn told(errors: &[SourceDiagnostic]) -> Unprintable {
    Unprintable::Broken(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; "))
}

/// Runs the typesetter; a panic in it becomes an error.
fn contained<T>(work: impl FnOnce() -> Result<T, Unprintable>) -> Result<T, Unprintable> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        Err(Unprintable::Broken(format!("the typesetter gave up: {}", panic_text(panic.as_ref()))))
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests;
