//! Looks in a PDF for what acts: programs, files inside it, what happens when it is opened, passwords.
//!
//! Looked into is everything outside of streams, and the streams that hold objects, unpacked (ISO 32000-1, 7.5.7). Names
//! are read with their `#xx`. A reader finds objects by the places that a table names, not one after the other; so what
//! looks like the beginning of an object within a text, a comment or another stream is refused too.
//!
//! Not looked into are the streams that only draw or describe: pages, pictures, fonts, colours, metadata. A flaw of a
//! reader that one of them could use is not found; what is served is therefore always a download, never shown in a page.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::pdf_tokens::{Broken, Token, Tokens, Value, Values, is_space};

/// The most bytes that all streams of objects may unpack to.
const UNPACKED_MOST: usize = 50 << 20;

/// Why a PDF is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It cannot be read, or not to its end.
    Broken,
    /// It is locked with a password.
    Locked,
    /// It holds something that acts: what, as the rest of a sentence.
    Active(&'static str),
}

impl From<Broken> for Flaw {
    fn from(_: Broken) -> Self {
        Self::Broken
    }
}

/// Refuses a PDF that is broken, locked or active.
///
/// # Errors
/// Why it is not taken.
pub(super) fn check(file: &[u8]) -> Result<(), Flaw> {
    let mut scan = Scan { room: UNPACKED_MOST, ..Scan::default() };
    let read = scan.whole(file);
    if scan.is_locked || (read.is_err() && position(file, b"/Encrypt").is_some()) {
        return Err(Flaw::Locked);
    }
    if let Some(what) = scan.active {
        return Err(Flaw::Active(what));
    }
    read?;
    scan.openings()?;
    if scan.has_root && has_end(file) { Ok(()) } else { Err(Flaw::Broken) }
}

/// Whether the file ends as a PDF does: with the place of its table, which is there (ISO 32000-1, 7.5.5). What follows
/// the end belongs to some other kind of file.
fn has_end(file: &[u8]) -> bool {
    let end = file.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
    let Some(rest) = file.get(..end).and_then(|file| file.strip_suffix(b"%%EOF")) else { return false };
    let rest = rest.trim_ascii_end();
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, digits) = rest.split_at(rest.len() - digits);
    let place = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<usize>().ok());
    let table = place.and_then(|place| file.get(place..)).unwrap_or_default().trim_ascii_start();
    before.trim_ascii_end().ends_with(b"startxref")
        && (table.starts_with(b"xref") || table.first().is_some_and(u8::is_ascii_digit))
}

/// What has been found so far.
#[derive(Debug, Default)]
struct Scan {
    is_locked: bool,
    active: Option<&'static str>,
    has_root: bool,
    /// What is done when the file is opened.
    openings: Vec<Value>,
    /// Of objects that may be such an action: whether every one of this number only goes to a page.
    goes: HashMap<i64, bool>,
    /// How many more bytes may be unpacked.
    room: usize,
}

impl Scan {
    /// Notes what a name says.
    fn name(&mut self, name: &[u8]) {
        let what = match name {
            b"Root" => return self.has_root = true,
            b"Encrypt" => return self.is_locked = true,
            b"JavaScript" | b"JS" => "a program (JavaScript)",
            b"Launch" => "a command that starts a program",
            b"EmbeddedFile" | b"EmbeddedFiles" => "another file",
            b"XFA" => "an interactive form (XFA)",
            b"RichMedia" => "a film or a sound",
            b"SubmitForm" | b"ImportData" => "a form that sends or fetches data",
            _ => return,
        };
        self.active.get_or_insert(what);
    }

    /// Reads the whole file from object to object.
    fn whole(&mut self, file: &[u8]) -> Result<(), Flaw> {
        if !file.starts_with(b"%PDF-") {
            return Err(Flaw::Broken);
        }
        let (mut tokens, mut values) = (Tokens::new(file, 0), Values::default());
        // The two whole numbers before an `obj` are the object's number and generation.
        let (mut numbers, mut current, mut last) = ((0, 0), None, Value::Other);
        while let Some((at, token)) = tokens.next()? {
            self.look(&token)?;
            if let (Token::Word(word), false) = (&token, values.is_inside()) {
                match *word {
                    b"obj" => (current, last) = (Some(numbers.0), Value::Other),
                    b"endobj" => self.object(current.take(), &last),
                    b"stream" => {
                        let (data, after) = stream(file, tokens.at(), &last)?;
                        tokens.go_to(after);
                        self.stream(&last, data)?;
                    }
                    b"xref" | b"trailer" | b"startxref" | b"n" | b"f" | b"R" | b"true" | b"false" | b"null" => {}
                    _ => return Err(Flaw::Broken),
                }
                continue;
            }
            if let Some((_, value)) = values.take(at, &token)? {
                if let Value::Integer(number) = value {
                    numbers = (numbers.1, number);
                } else {
                    self.note_openings(&value);
                    last = value;
                }
            }
        }
        if values.is_inside() { Err(Flaw::Broken) } else { Ok(()) }
    }

    /// Looks at one token, wherever it stands.
    fn look(&mut self, token: &Token<'_>) -> Result<(), Flaw> {
        match token {
            Token::Name(name) => self.name(name),
            Token::Text(text) | Token::Comment(text) if hides_an_object(text) => return Err(Flaw::Broken),
            _ => {}
        }
        Ok(())
    }

    /// Notes of an object that is complete whether it could be an action that does more than to go to a page.
    fn object(&mut self, number: Option<i64>, value: &Value) {
        let Some(number) = number else { return };
        let goes = only_goes(value);
        self.goes.entry(number).and_modify(|all| *all &= goes).or_insert(goes);
    }

    /// Notes every `/OpenAction` in a value.
    fn note_openings(&mut self, value: &Value) {
        match value {
            Value::Dictionary(entries) => {
                for (key, value) in entries {
                    if key == b"OpenAction" {
                        self.openings.push(value.clone());
                    }
                    self.note_openings(value);
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.note_openings(item)),
            _ => {}
        }
    }

    /// Refuses anything that happens on opening but to go to a page.
    fn openings(&self) -> Result<(), Flaw> {
        let is_fine = |opening: &Value| match opening {
            Value::Reference(number) => self.goes.get(number).copied().unwrap_or(false),
            value => only_goes(value),
        };
        if self.openings.iter().all(is_fine) {
            return Ok(());
        }
        Err(Flaw::Active("something that happens by itself when it is opened"))
    }

    /// Looks into a stream that holds objects; of any other, only that none begins in it.
    fn stream(&mut self, about: &Value, data: &[u8]) -> Result<(), Flaw> {
        let holds_objects = about.get(b"Type").is_some_and(|kind| kind.is(b"ObjStm")) || about.get(b"First").is_some();
        if hides_an_object(data) {
            return Err(Flaw::Broken);
        }
        if !holds_objects {
            return Ok(());
        }
        let unpacked = self.unpack(about, data)?;
        self.packed_objects(about, &unpacked)
    }

    /// The bytes of a stream that is packed in the usual way, or not at all.
    fn unpack(&mut self, about: &Value, data: &[u8]) -> Result<Vec<u8>, Flaw> {
        let is_deflate = |filter: &Value| filter.is(b"FlateDecode") || filter.is(b"Fl");
        let is_packed = match about.get(b"Filter") {
            None => false,
            Some(Value::List(filters)) if filters.is_empty() => false,
            Some(Value::List(filters)) if matches!(filters.as_slice(), [one] if is_deflate(one)) => true,
            Some(filter) if is_deflate(filter) => true,
            Some(_) => return Err(Flaw::Broken),
        };
        if about.get(b"DecodeParms").or_else(|| about.get(b"DP")).is_some_and(|how| *how != Value::Other) {
            return Err(Flaw::Broken);
        }
        let mut unpacked = Vec::new();
        if is_packed {
            let mut reader = ZlibDecoder::new(data).take(self.room as u64 + 1);
            reader.read_to_end(&mut unpacked).map_err(|_| Flaw::Broken)?;
        } else {
            unpacked.extend_from_slice(data);
        }
        self.room = self.room.checked_sub(unpacked.len()).ok_or(Flaw::Broken)?;
        Ok(unpacked)
    }

    /// Reads the objects of an unpacked stream: pairs of a number and a place, then the objects one after the other.
    fn packed_objects(&mut self, about: &Value, bytes: &[u8]) -> Result<(), Flaw> {
        let first = match about.get(b"First") {
            Some(Value::Integer(first)) => usize::try_from(*first).map_err(|_| Flaw::Broken)?,
            _ => return Err(Flaw::Broken),
        };
        let header = bytes.get(..first).ok_or(Flaw::Broken)?;
        let (mut tokens, mut values) = (Tokens::new(bytes, first), Values::default());
        let mut starts = HashMap::new();
        while let Some((at, token)) = tokens.next()? {
            self.look(&token)?;
            if let Some((begun, value)) = values.take(at, &token)? {
                self.note_openings(&value);
                starts.insert(begun, only_goes(&value));
            }
        }
        if values.is_inside() {
            return Err(Flaw::Broken);
        }
        let mut header = Tokens::new(header, 0);
        while let Some((_, token)) = header.next()? {
            let (Token::Integer(number), Some((_, Token::Integer(place)))) = (token, header.next()?) else {
                return Err(Flaw::Broken);
            };
            // Each place is one where an object was found: none lies hidden within another.
            let place = usize::try_from(place).ok().and_then(|place| first.checked_add(place)).ok_or(Flaw::Broken)?;
            let spaces = bytes.get(place..).unwrap_or_default().iter().take_while(|byte| is_space(**byte)).count();
            let goes = *starts.get(&(place + spaces)).ok_or(Flaw::Broken)?;
            self.goes.entry(number).and_modify(|all| *all &= goes).or_insert(goes);
        }
        Ok(())
    }
}

/// Whether a value is a place in the document, or the action to go to one (ISO 32000-1, 12.6.4.2).
fn only_goes(value: &Value) -> bool {
    match value {
        Value::List(_) => true,
        Value::Dictionary(_) => value.get(b"S").is_some_and(|kind| kind.is(b"GoTo")),
        _ => false,
    }
}

/// The data of a stream whose keyword ends at `at`, and the place after its `endstream`. Its length is believed where the
/// end is there; else the next end counts.
fn stream<'f>(file: &'f [u8], at: usize, about: &Value) -> Result<(&'f [u8], usize), Flaw> {
    const END: &[u8] = b"endstream";
    let Value::Dictionary(_) = about else { return Err(Flaw::Broken) };
    let rest = file.get(at..).unwrap_or_default();
    let skip = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => return Err(Flaw::Broken),
    };
    let data = rest.get(skip..).unwrap_or_default();
    let length = match about.get(b"Length") {
        Some(Value::Integer(length)) => usize::try_from(*length).ok(),
        _ => None,
    };
    let ends = |length: &usize| {
        let after = data.get(*length..).unwrap_or_default();
        let spaces = after.iter().take_while(|byte| is_space(**byte)).count();
        after.get(spaces..).is_some_and(|after| after.starts_with(END)).then_some(*length + spaces)
    };
    let (length, end) = match length.and_then(|length| Some((length, ends(&length)?))) {
        Some(told) => told,
        None => position(data, END).map(|end| (end, end)).ok_or(Flaw::Broken)?,
    };
    Ok((data.get(..length).unwrap_or_default(), at + skip + end + END.len()))
}

fn position(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut from = 0;
    while let Some(found) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes.get(from + found..)?.starts_with(word) {
            return Some(from + found);
        }
        from += found + 1;
    }
    None
}

/// Whether an object begins in bytes that are none: two whole numbers and `obj`, with white space or comments between.
fn hides_an_object(bytes: &[u8]) -> bool {
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| position(rest, b"obj")) {
        let at = from + found;
        let follows = bytes.get(at + 3).is_none_or(|byte| is_space(*byte) || b"<[(/%".contains(byte));
        if follows && number_before(bytes, at).is_some_and(|number| has_number_before(bytes, number)) {
            return true;
        }
        from = at + 3;
    }
    false
}

/// Where the number begins that stands before `at`, apart from space and comments.
fn number_before(bytes: &[u8], at: usize) -> Option<usize> {
    let end = before_space(bytes, at);
    let digits = bytes.get(..end)?.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then_some(end - digits)
}

/// Whether a number stands before `at` with space between.
fn has_number_before(bytes: &[u8], at: usize) -> bool {
    before_space(bytes, at) < at && number_before(bytes, at).is_some()
}

/// The place before all space and comments that end at `at`.
fn before_space(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    loop {
        let before = bytes.get(..at).unwrap_or_default();
        let spaces = before.iter().rev().take_while(|byte| is_space(**byte)).count();
        let (kept, space) = before.split_at(at - spaces);
        at -= spaces;
        if !space.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return at;
        }
        // The line that ends here may be a comment from some place on.
        let line = kept.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
        match kept.get(line..).and_then(|line| line.iter().position(|byte| *byte == b'%')) {
            Some(comment) => at = line + comment,
            None => return at,
        }
    }
}
