//! The words of a PDF outside of its streams (ISO 32000-1, 7.2 and 7.3): tokens, and the values that they make up.
//! What they mean is left to `pdf_scan`.

use std::borrow::Cow;

/// How deep lists and dictionaries may lie in each other.
const DEPTH_MOST: usize = 100;
/// How many values one object may hold.
const VALUES_MOST: usize = 500_000;

/// What cannot be read as a PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// The smallest pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<<`
    Open,
    /// `>>`
    Close,
    /// `[`
    ListOpen,
    /// `]`
    ListClose,
    /// A name without its slash; `#4a` is read as `J`.
    Name(Cow<'a, [u8]>),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number,
    /// A text in parentheses, as it stands there.
    Text(&'a [u8]),
    /// A text in hexadecimal.
    Hexadecimal,
    /// From a percent sign to the end of its line.
    Comment(&'a [u8]),
    /// Anything else: `obj`, `R`, `true`.
    Word(&'a [u8]),
}

/// White space (ISO 32000-1, table 1).
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Neither white space nor a delimiter (ISO 32000-1, table 2).
const fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Reads tokens one after the other.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The tokens of `bytes` from the place `at` on.
    pub(super) const fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the next token is looked for.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Goes on at another place.
    pub(super) const fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The bytes from here on for as long as they are of a kind.
    fn run(&mut self, is_in: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_in(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// The next token and where it begins.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Token<'a>)>, Broken> {
        self.run(is_space);
        let at = self.at;
        let token = match self.rest() {
            [] => return Ok(None),
            [b'<', b'<', ..] => self.past(2, Token::Open),
            [b'>', b'>', ..] => self.past(2, Token::Close),
            [b'[', ..] => self.past(1, Token::ListOpen),
            [b']', ..] => self.past(1, Token::ListClose),
            [b'<', ..] => {
                self.at += 1;
                self.run(|byte| byte.is_ascii_hexdigit() || is_space(byte));
                if self.rest().first() != Some(&b'>') {
                    return Err(Broken);
                }
                self.past(1, Token::Hexadecimal)
            }
            [b'(', ..] => Token::Text(self.text()?),
            [b'/', ..] => {
                self.at += 1;
                Token::Name(plain_name(self.run(is_regular)))
            }
            [b'%', ..] => Token::Comment(self.run(|byte| !matches!(byte, b'\n' | b'\r'))),
            [b')' | b'>' | b'{' | b'}', ..] => return Err(Broken),
            _ => number_or_word(self.run(is_regular)),
        };
        Ok(Some((at, token)))
    }

    const fn past(&mut self, length: usize, token: Token<'a>) -> Token<'a> {
        self.at += length;
        token
    }

    fn text(&mut self) -> Result<&'a [u8], Broken> {
        let rest = self.rest();
        let (mut depth, mut is_escaped) = (0_usize, false);
        for (place, byte) in rest.iter().enumerate() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'(' => depth += 1,
                b')' if depth == 1 => {
                    self.at += place + 1;
                    return rest.get(1..place).ok_or(Broken);
                }
                b')' => depth -= 1,
                _ => {}
            }
        }
        Err(Broken)
    }
}

fn number_or_word(run: &[u8]) -> Token<'_> {
    if !run.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.')) {
        return Token::Word(run);
    }
    std::str::from_utf8(run).ok().and_then(|text| text.parse().ok()).map_or(Token::Number, Token::Integer)
}

/// A name with its `#xx` read (ISO 32000-1, 7.3.5).
fn plain_name(written: &[u8]) -> Cow<'_, [u8]> {
    if !written.contains(&b'#') {
        return Cow::Borrowed(written);
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (mut name, mut rest) = (Vec::with_capacity(written.len()), written);
    while let [first, after @ ..] = rest {
        let escaped = match rest {
            [b'#', high, low, ..] => digit(high).zip(digit(low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        name.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { rest.get(3..).unwrap_or_default() } else { after };
    }
    Cow::Owned(name)
}

/// A value, as far as anybody needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A name.
    Name(Vec<u8>),
    /// A whole number.
    Integer(i64),
    /// Another object, by its number.
    Reference(i64),
    /// Keys and their values.
    Dictionary(Vec<(Vec<u8>, Value)>),
    /// A list.
    List(Vec<Value>),
    /// Any other value.
    Other,
}

impl Value {
    /// The value of a key; `None` where this is no dictionary, or one without it.
    pub(super) fn get(&self, key: &[u8]) -> Option<&Self> {
        let Self::Dictionary(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Whether it is this name.
    pub(super) fn is(&self, name: &[u8]) -> bool {
        matches!(self, Self::Name(own) if own == name)
    }
}

/// Puts tokens together to values.
#[derive(Debug, Default)]
pub(super) struct Values {
    open: Vec<Container>,
    count: usize,
}

#[derive(Debug)]
struct Container {
    at: usize,
    is_dictionary: bool,
    items: Vec<Value>,
}

impl Values {
    /// Whether a list or a dictionary is still open.
    pub(super) const fn is_inside(&self) -> bool {
        !self.open.is_empty()
    }

    /// Takes the next token; a value that is complete and lies in no other, with the place at which it begins.
    pub(super) fn take(&mut self, at: usize, token: &Token<'_>) -> Result<Option<(usize, Value)>, Broken> {
        let value = match token {
            Token::Open | Token::ListOpen => {
                if self.open.len() == DEPTH_MOST {
                    return Err(Broken);
                }
                self.open.push(Container { at, is_dictionary: *token == Token::Open, items: Vec::new() });
                return Ok(None);
            }
            Token::Close | Token::ListClose => {
                let container = self.open.pop().ok_or(Broken)?;
                if container.is_dictionary != (*token == Token::Close) {
                    return Err(Broken);
                }
                let begun = container.at;
                return Ok(self.keep(begun, container.close()?));
            }
            Token::Comment(_) => return Ok(None),
            Token::Word(b"R") => self.reference()?,
            Token::Word(b"true" | b"false" | b"null") => Value::Other,
            Token::Word(_) => return Err(Broken),
            Token::Name(name) => Value::Name(name.to_vec()),
            Token::Integer(integer) => Value::Integer(*integer),
            Token::Number | Token::Text(_) | Token::Hexadecimal => Value::Other,
        };
        self.count += 1;
        if self.count > VALUES_MOST {
            return Err(Broken);
        }
        Ok(self.keep(at, value))
    }

    fn keep(&mut self, at: usize, value: Value) -> Option<(usize, Value)> {
        let Some(container) = self.open.last_mut() else {
            self.count = 0;
            return Some((at, value));
        };
        container.items.push(value);
        None
    }

    /// Takes the two numbers back that stand before an `R`.
    fn reference(&mut self) -> Result<Value, Broken> {
        let items = &mut self.open.last_mut().ok_or(Broken)?.items;
        match (items.pop(), items.pop()) {
            (Some(Value::Integer(_)), Some(Value::Integer(number))) => Ok(Value::Reference(number)),
            _ => Err(Broken),
        }
    }
}

impl Container {
    fn close(self) -> Result<Value, Broken> {
        if !self.is_dictionary {
            return Ok(Value::List(self.items));
        }
        let mut entries = Vec::with_capacity(self.items.len() / 2);
        let mut items = self.items.into_iter();
        while let Some(key) = items.next() {
            match (key, items.next()) {
                (Value::Name(key), Some(value)) => entries.push((key, value)),
                _ => return Err(Broken),
            }
        }
        Ok(Value::Dictionary(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Result<Value, Broken> {
        let (mut tokens, mut values) = (Tokens::new(text.as_bytes(), 0), Values::default());
        while let Some((at, token)) = tokens.next()? {
            if let Some((_, value)) = values.take(at, &token)? {
                return Ok(value);
            }
        }
        Err(Broken)
    }

    #[test]
    fn names_are_read_with_their_escapes() {
        for (written, name) in
            [("/J#61va#53cript", "JavaScript"), ("/#4a#53", "JS"), ("/a#zz", "a#zz"), ("/a#4", "a#4")]
        {
            assert_eq!(value(written), Ok(Value::Name(name.into())), "{written}");
        }
    }

    #[test]
    fn dictionaries_lists_and_references_are_told_apart() {
        let read = value("<</A[1 0 R(a(b)\\)c)<4a>]% c\n/B -2.5/C<</D null>>>>").unwrap();
        assert_eq!(read.get(b"A"), Some(&Value::List(vec![Value::Reference(1), Value::Other, Value::Other])));
        assert_eq!(read.get(b"C").and_then(|c| c.get(b"D")), Some(&Value::Other));
    }

    #[test]
    fn what_does_not_close_or_lies_too_deep_is_broken() {
        let deep = "[".repeat(101);
        for text in ["<</A>>", "<</A 1]", "(a", "<4g>", "{", "]", "<</A R>>", "<<1 2>>", "[what]", &deep] {
            assert_eq!(value(text), Err(Broken), "{text}");
        }
    }
}
