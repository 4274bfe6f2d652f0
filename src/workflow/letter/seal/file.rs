//! A PDF file as far as an update at its end needs it: its objects by number, read from the plain table of where they
//! are, changed and written again. A file of another make (streams of objects) is refused, never guessed at.

use std::collections::BTreeMap;

/// What a file is not that we can append to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the PDF cannot be read: {0}")]
pub(super) struct Unreadable(pub(super) String);

fn unreadable<T>(what: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable(what.into()))
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, name, string or word, as it is written.
    Plain(Vec<u8>),
    /// Another object.
    Reference(u32),
    /// Values in a row.
    Array(Vec<Value>),
    /// Values by name, in the file's order; names without their slash.
    Dictionary(Vec<(Vec<u8>, Value)>),
}

impl Value {
    /// A value that is written as `text`.
    pub(super) fn plain(text: impl Into<Vec<u8>>) -> Self {
        Self::Plain(text.into())
    }

    /// A dictionary of these values.
    pub(super) fn dictionary<const N: usize>(values: [(&str, Self); N]) -> Self {
        Self::Dictionary(values.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// The value of this name in a dictionary.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Dictionary(values) => {
                values.iter().find(|(known, _)| known == name.as_bytes()).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Puts a value under this name into a dictionary, in place of an earlier one.
    pub(super) fn set(&mut self, name: &str, value: Self) {
        if let Self::Dictionary(values) = self {
            values.retain(|(known, _)| known != name.as_bytes());
            values.push((name.into(), value));
        }
    }

    /// The whole number that it is.
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::Plain(text) => std::str::from_utf8(text).ok()?.parse().ok(),
            _ => None,
        }
    }

    /// Writes the value. Only one space at a time stands between two values.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        match self {
            Self::Plain(text) => into.extend(text),
            Self::Reference(number) => into.extend(format!("{number} 0 R").bytes()),
            Self::Array(values) => {
                into.push(b'[');
                for (place, value) in values.iter().enumerate() {
                    into.extend((place > 0).then_some(b' '));
                    value.write(into);
                }
                into.push(b']');
            }
            Self::Dictionary(values) => {
                into.extend(b"<<");
                for (name, value) in values {
                    into.push(b'/');
                    into.extend(name);
                    into.push(b' ');
                    value.write(into);
                }
                into.extend(b">>");
            }
        }
    }
}

/// A file and where its objects are.
pub(super) struct File<'f> {
    bytes: &'f [u8],
    places: BTreeMap<u32, usize>,
    /// The dictionary that leads to everything else.
    pub(super) trailer: Value,
    /// Where the table of objects begins.
    table: usize,
}

impl<'f> File<'f> {
    /// Reads a file that was written in one go.
    pub(super) fn read(bytes: &'f [u8]) -> Result<Self, Unreadable> {
        let end = bytes.windows(9).rposition(|word| word == b"startxref");
        let Some(end) = end else { return unreadable("no startxref") };
        let table = Scanner { bytes, at: end + 9 }.number()?;
        let mut scanner = Scanner { bytes, at: table };
        scanner.word("xref")?;
        let mut places = BTreeMap::new();
        while scanner.word("trailer").is_err() {
            let (first, count) = (scanner.number()?, scanner.number()?);
            for number in first..first.saturating_add(count) {
                let place = scanner.number()?;
                scanner.number()?;
                if scanner.word("n").is_ok() {
                    places.insert(u32::try_from(number).map_err(|_| Unreadable("object numbers".into()))?, place);
                } else {
                    scanner.word("f")?;
                }
            }
        }
        let trailer = scanner.value(0)?;
        if trailer.get("Prev").is_some() || trailer.get("Encrypt").is_some() {
            return unreadable("it was changed or encrypted since it was made");
        }
        Ok(Self { bytes, places, trailer, table })
    }

    /// An object by its number.
    pub(super) fn object(&self, number: u32) -> Result<Value, Unreadable> {
        let Some(at) = self.places.get(&number) else { return unreadable(format!("no object {number}")) };
        let mut scanner = Scanner { bytes: self.bytes, at: *at };
        if scanner.number()? != number as usize || scanner.number()? != 0 {
            return unreadable(format!("object {number} is not in its place"));
        }
        scanner.word("obj")?;
        scanner.value(0)
    }

    /// The value itself, where it is another object.
    pub(super) fn follow(&self, value: &Value) -> Result<Value, Unreadable> {
        match value {
            Value::Reference(number) => self.object(*number),
            value => Ok(value.clone()),
        }
    }

    /// The file, and after it these objects in place of earlier ones of the same number.
    pub(super) fn updated(&self, objects: &BTreeMap<u32, Value>) -> Vec<u8> {
        let mut bytes = self.bytes.to_vec();
        if bytes.last() != Some(&b'\n') {
            bytes.push(b'\n');
        }
        let mut entries = String::new();
        for (number, object) in objects {
            entries += &format!("{number} 1\n{:010} 00000 n \n", bytes.len());
            bytes.extend(format!("{number} 0 obj\n").bytes());
            object.write(&mut bytes);
            bytes.extend(b"\nendobj\n");
        }
        let mut trailer = self.trailer.clone();
        let size = objects.keys().chain(self.places.keys()).max().map_or(0, |most| most + 1);
        trailer.set("Size", Value::plain(size.to_string()));
        trailer.set("Prev", Value::plain(self.table.to_string()));
        let table = bytes.len();
        bytes.extend(b"xref\n");
        bytes.extend(entries.bytes());
        bytes.extend(b"trailer\n");
        trailer.write(&mut bytes);
        bytes.extend(format!("\nstartxref\n{table}\n%%EOF\n").bytes());
        bytes
    }

    /// The first number that no object has.
    pub(super) fn next_number(&self) -> u32 {
        self.places.keys().max().map_or(1, |most| most + 1)
    }
}

/// Reads values one after the other.
struct Scanner<'s> {
    bytes: &'s [u8],
    at: usize,
}

/// How deep values may lie in one another.
const DEEPEST: usize = 20;

impl<'s> Scanner<'s> {
    fn rest(&self) -> &'s [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at += self.rest().iter().take_while(|byte| b"\0\t\n\x0c\r ".contains(byte)).count();
    }

    /// Passes over `word`, which must come next.
    fn word(&mut self, word: &str) -> Result<(), Unreadable> {
        self.space();
        if !self.rest().starts_with(word.as_bytes()) {
            return unreadable(format!("no {word} at byte {}", self.at));
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<usize, Unreadable> {
        self.space();
        let digits = self.take(|byte| byte.is_ascii_digit());
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| Unreadable(format!("no number at byte {}", self.at)))
    }

    fn take(&mut self, belongs: impl Fn(&u8) -> bool) -> &'s [u8] {
        let rest = self.rest();
        let (taken, _) = rest.split_at(rest.iter().take_while(|byte| belongs(byte)).count());
        self.at += taken.len();
        taken
    }

    fn value(&mut self, depth: usize) -> Result<Value, Unreadable> {
        self.space();
        let from = self.at;
        match self.rest() {
            _ if depth > DEEPEST => unreadable("values too deep in one another"),
            [b'<', b'<', ..] => {
                self.at += 2;
                let mut values = Vec::new();
                while self.word(">>").is_err() {
                    self.word("/")?;
                    values.push((self.take(is_regular).to_vec(), self.value(depth + 1)?));
                }
                Ok(Value::Dictionary(values))
            }
            [b'[', ..] => {
                self.at += 1;
                let mut values = Vec::new();
                while self.word("]").is_err() {
                    values.push(self.value(depth + 1)?);
                }
                Ok(Value::Array(values))
            }
            [b'(', ..] => self.text().map(|()| self.plain_from(from)),
            [b'<', ..] => {
                self.take(|byte| *byte != b'>');
                self.at += 1;
                Ok(self.plain_from(from))
            }
            [b'/', ..] => {
                self.at += 1;
                self.take(is_regular);
                Ok(self.plain_from(from))
            }
            rest if rest.first().is_some_and(is_regular) => {
                if let Some((number, after)) = self.reference() {
                    self.at = after;
                    return Ok(Value::Reference(number));
                }
                self.take(is_regular);
                Ok(self.plain_from(from))
            }
            _ => unreadable(format!("no value at byte {from}")),
        }
    }

    fn plain_from(&self, from: usize) -> Value {
        Value::plain(self.bytes.get(from..self.at).unwrap_or_default())
    }

    /// Passes over a string in round brackets, which may hold brackets in pairs and others after a backslash.
    fn text(&mut self) -> Result<(), Unreadable> {
        let mut depth = 0_usize;
        let mut bytes = self.rest().iter().enumerate();
        while let Some((place, byte)) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                b'(' => depth += 1,
                b')' if depth == 1 => {
                    self.at += place + 1;
                    return Ok(());
                }
                b')' => depth -= 1,
                _ => {}
            }
        }
        unreadable("a string without an end")
    }

    /// The object that `number 0 R` leads to, and what follows.
    fn reference(&self) -> Option<(u32, usize)> {
        let mut ahead = Scanner { bytes: self.bytes, at: self.at };
        let number = u32::try_from(ahead.number().ok()?).ok()?;
        (ahead.number().ok()? == 0).then_some(())?;
        ahead.word("R").ok()?;
        (!ahead.rest().first().is_some_and(is_regular)).then_some((number, ahead.at))
    }
}

/// Whether a byte is part of a word: neither space nor one of the marks that end it (ISO 32000-1, 7.2.2).
fn is_regular(byte: &u8) -> bool {
    !b"\0\t\n\x0c\r ()<>[]{}/%".contains(byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> Result<Value, Unreadable> {
        Scanner { bytes: text.as_bytes(), at: 0 }.value(0)
    }

    #[test]
    fn a_value_is_written_as_it_was_read() {
        for text in [
            "<</A 1/B [1 0 R 2 -3.5 (a (b\\) c) /x>>) <FEFF>]/C <</D /E#20F>>/G true>>",
            "[0 7 0 R 1 0]",
            "[]",
            "(\\\\)",
            "<</T (\\()>>",
        ] {
            let mut written = Vec::new();
            value(text).unwrap().write(&mut written);
            let again = value(std::str::from_utf8(&written).unwrap());
            assert_eq!(again, value(text), "{text}");
        }
        let read = value("<</A 12 0 R/B 12>>").unwrap();
        assert_eq!((read.get("A"), read.get("B").and_then(Value::number)), (Some(&Value::Reference(12)), Some(12)));
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for text in ["", "<<", "<</A", "[1", "(a", ">>", "<</A 1 2>>", &"[".repeat(100)] {
            assert!(value(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fall(bytes in "[<>/\\[\\]()0-9R A%\\\\]{0,80}") {
            let _ = (value(&bytes), File::read(bytes.as_bytes()).map(|_| ()));
            let _ = File::read(format!("{bytes}\nstartxref\n0\n").as_bytes()).map(|_| ());
        }
    }
}
