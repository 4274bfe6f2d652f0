//! DER (ITU-T X.690), as far as certificates, signatures and time stamps need it: written in one way only, and read
//! strictly: one-byte tags, definite lengths in their shortest form, nothing left over.

use chrono::{DateTime, NaiveDateTime};
use const_oid::ObjectIdentifier;

use crate::clock::Instant;

/// The tags in use (X.690, 8; context tags in brackets).
pub(super) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTETS: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8: u8 = 0x0c;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// `[number]`, holding other elements.
    pub(crate) const fn context(number: u8) -> u8 {
        0xa0 | number
    }
}

/// Bytes that are not DER, or not of the form that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the expected DER")]
pub struct Malformed;

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// What it is.
    pub(super) tag: u8,
    /// What it holds.
    pub(super) content: &'a [u8],
    /// The element with tag and length, as it stood.
    pub(super) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// Reads what the element holds, to its end.
    pub(super) fn inside<T>(self, read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>) -> Result<T, Malformed> {
        all_of(self.content, read)
    }

    /// Its object identifier.
    pub(super) fn oid(self) -> Result<ObjectIdentifier, Malformed> {
        if self.tag != tag::OID {
            return Err(Malformed);
        }
        ObjectIdentifier::from_bytes(self.content).map_err(|_| Malformed)
    }
}

/// Reads elements one after the other.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a>(&'a [u8]);

/// Reads all of `bytes`; anything left over is an error.
pub(super) fn all_of<'a, T>(
    bytes: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
) -> Result<T, Malformed> {
    let mut reader = Reader(bytes);
    let value = read(&mut reader)?;
    if reader.0.is_empty() { Ok(value) } else { Err(Malformed) }
}

impl<'a> Reader<'a> {
    /// The next element, whatever it is.
    pub(super) fn any(&mut self) -> Result<Element<'a>, Malformed> {
        let (&tag, rest) = self.0.split_first().ok_or(Malformed)?;
        let (length, rest) = length(rest)?;
        if tag & 0x1f == 0x1f || rest.len() < length {
            return Err(Malformed);
        }
        let (content, after) = rest.split_at(length);
        let whole = self.0.get(..self.0.len() - after.len()).ok_or(Malformed)?;
        self.0 = after;
        Ok(Element { tag, content, whole })
    }

    /// The next element, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<Element<'a>, Malformed> {
        self.optional(tag)?.ok_or(Malformed)
    }

    /// The next element if it has this tag.
    pub(super) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Malformed> {
        if self.0.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// The next element's object identifier.
    pub(super) fn oid(&mut self) -> Result<ObjectIdentifier, Malformed> {
        self.expect(tag::OID)?.oid()
    }

    /// The next element as a whole number that is not negative and has no more than eight bytes.
    pub(super) fn number(&mut self) -> Result<u64, Malformed> {
        let content = self.expect(tag::INTEGER)?.content;
        let digits = content.strip_prefix(&[0]).unwrap_or(content);
        if content.first().is_none_or(|first| *first >= 0x80) || digits.len() > 8 {
            return Err(Malformed);
        }
        Ok(digits.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    /// The next element as a moment in UTC: two or four digits for the year, seconds and `Z`; fractions are cut off.
    pub(super) fn time(&mut self) -> Result<Instant, Malformed> {
        let element = self.any()?;
        let text = std::str::from_utf8(element.content).map_err(|_| Malformed)?;
        let digits = text.strip_suffix('Z').ok_or(Malformed)?;
        let digits = digits.split_once('.').map_or(digits, |(seconds, _)| seconds);
        let full = match element.tag {
            // X.509 reads two digits as 1950 to 2049 (RFC 5280, 4.1.2.5.1).
            tag::UTC_TIME if digits < "50" => format!("20{digits}"),
            tag::UTC_TIME => format!("19{digits}"),
            tag::TIME => digits.to_owned(),
            _ => return Err(Malformed),
        };
        NaiveDateTime::parse_from_str(&full, "%Y%m%d%H%M%S").map(|at| at.and_utc()).map_err(|_| Malformed)
    }

    /// Passes over what is left.
    pub(super) fn skip(&mut self) {
        self.0 = &[];
    }

    /// The remaining elements.
    pub(super) fn rest(&mut self) -> Result<Vec<Element<'a>>, Malformed> {
        let mut elements = Vec::new();
        while !self.0.is_empty() {
            elements.push(self.any()?);
        }
        Ok(elements)
    }
}

/// A length in its shortest form, at most four bytes long, and what follows it.
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let (&first, rest) = bytes.split_first().ok_or(Malformed)?;
    if first < 0x80 {
        return Ok((usize::from(first), rest));
    }
    let size = usize::from(first & 0x7f);
    if !(1..=4).contains(&size) || rest.len() < size {
        return Err(Malformed);
    }
    let (digits, rest) = rest.split_at(size);
    let length = digits.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte));
    if length < 0x80 || digits.first() == Some(&0) { Err(Malformed) } else { Ok((length, rest)) }
}

/// One element that holds these parts, one after the other.
pub(super) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut bytes = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
            bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            bytes.extend(digits);
        }
    }
    bytes.extend(parts.concat());
    bytes
}

/// A sequence.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tag::SEQUENCE, parts)
}

/// What a set holds, in the order that DER wants (X.690, 11.6).
pub(super) fn sorted(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut parts = parts.to_vec();
    parts.sort();
    parts.concat()
}

/// An object identifier.
pub(super) fn oid(id: ObjectIdentifier) -> Vec<u8> {
    element(tag::OID, &[id.as_bytes()])
}

/// A whole number from its bytes, the highest first, without a sign.
pub(super) fn integer(digits: &[u8]) -> Vec<u8> {
    let kept: Vec<u8> = digits.iter().copied().skip_while(|digit| *digit == 0).collect();
    let sign: &[u8] = if kept.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
    element(tag::INTEGER, &[sign, &kept])
}

/// Bytes.
pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    element(tag::OCTETS, &[bytes])
}

/// A string of whole bytes as bits.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], bytes])
}

/// A moment as certificates write it (RFC 5280, 4.1.2.5).
pub(super) fn time(at: Instant) -> Vec<u8> {
    let (tag, format) = if at < Y2050 { (tag::UTC_TIME, "%y%m%d%H%M%SZ") } else { (tag::TIME, "%Y%m%d%H%M%SZ") };
    element(tag, &[at.format(format).to_string().as_bytes()])
}

/// Since when certificates write the year with four digits.
const Y2050: Instant = match DateTime::from_timestamp(2_524_608_000, 0) {
    Some(at) => at,
    None => DateTime::UNIX_EPOCH,
};

/// An algorithm without parameters.
pub(super) fn algorithm(id: ObjectIdentifier) -> Vec<u8> {
    sequence(&[&oid(id)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_have_one_form() {
        for (size, head) in
            [(0, vec![4, 0]), (127, vec![4, 127]), (128, vec![4, 0x81, 128]), (300, vec![4, 0x82, 1, 44])]
        {
            let written = octets(&vec![7; size]);
            assert_eq!(written[..head.len()], head);
            assert_eq!(Reader(&written).any().unwrap().content.len(), size);
        }
        for wrong in [&[4, 0x80][..], &[4, 0x81, 1, 0], &[4, 0x82, 0, 1, 0], &[4, 2, 0], &[0x1f, 0], &[4], &[]] {
            assert_eq!(Reader(wrong).any(), Err(Malformed), "{wrong:?}");
        }
        assert_eq!(all_of(&[5, 0, 5, 0], |reader| reader.any()), Err(Malformed));
    }

    #[test]
    fn numbers_and_times_are_read_as_they_are_written() {
        for (digits, written) in [(&[0, 0][..], &[2, 1, 0][..]), (&[0, 5], &[2, 1, 5]), (&[200], &[2, 2, 0, 200])] {
            assert_eq!(integer(digits), written);
        }
        assert_eq!(all_of(&integer(&[1, 0]), Reader::number), Ok(256));
        for at in ["2026-03-02T09:00:00Z", "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z"] {
            let at: Instant = at.parse().unwrap();
            assert_eq!(all_of(&time(at), Reader::time), Ok(at));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(element) = Reader(&bytes).any() {
                prop_assert_eq!(super::element(element.tag, &[element.content]), element.whole);
            }
            let _ = (all_of(&bytes, Reader::time), all_of(&bytes, Reader::number), all_of(&bytes, Reader::rest));
        }
    }
}
