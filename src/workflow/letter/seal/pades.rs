//! The signed original as a PDF: the flat file, byte for byte, and after it an update that holds the signature (PAdES,
//! ETSI EN 319 142-1). The signature's field is invisible but part of the tagged tree, so that the file stays PDF/A-2u
//! and PDF/UA-1. It is not locked: no permissions are set.

use std::collections::BTreeMap;

use ring::digest::{Context, SHA256};

use super::file::{File, Unreadable, Value};
use crate::clock::Instant;

/// Stands for the byte range until it is known; as long as the longest.
const LATER: &str = "[0 9999999999 9999999999 9999999999]";

/// A file with a hole for the signature of everything around it.
pub(super) struct Prepared {
    bytes: Vec<u8>,
    /// Where the hole is, with the angle brackets around it.
    hole: (usize, usize),
}

impl Prepared {
    /// The file with an update that has room for a signature of `room` bytes. `name` is whose it is.
    pub(super) fn of(flat: &[u8], room: usize, name: &str, at: Instant) -> Result<Self, Unreadable> {
        let file = File::read(flat)?;
        let bytes = file.updated(&update(&file, room, name, at)?);
        let missing = || Unreadable("the update has no place for the signature".to_owned());
        let within = |wanted: &[u8]| {
            let place = bytes.get(flat.len()..)?.windows(wanted.len()).position(|window| window == wanted)?;
            Some(flat.len() + place)
        };
        let from = within(b"/Contents <0").ok_or_else(missing)? + "/Contents ".len();
        let range = within(LATER.as_bytes()).ok_or_else(missing)?;
        let mut prepared = Self { hole: (from, from + 2 * room + 2), bytes };
        prepared.set_range(range);
        Ok(prepared)
    }

    /// Writes where the signed parts are, in as many characters as were kept for it.
    fn set_range(&mut self, place: usize) {
        let (from, to) = self.hole;
        let range = format!("[0 {from} {to} {}]", self.bytes.len() - to);
        if let Some(target) = self.bytes.get_mut(place..place + LATER.len()) {
            target.fill(b' ');
            target.iter_mut().zip(range.bytes()).for_each(|(to, byte)| *to = byte);
        }
    }

    /// The SHA-256 of what is signed.
    pub(super) fn digest(&self) -> Vec<u8> {
        digest(&self.bytes, self.hole)
    }

    /// Fills the hole; nothing when the signature is too long for it.
    pub(super) fn fill(mut self, signature: &[u8]) -> Option<Vec<u8>> {
        let (from, to) = self.hole;
        let digits = self.bytes.get_mut(from + 1..to - 1)?;
        if signature.len() * 2 > digits.len() {
            return None;
        }
        let written = signature.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let written = written.map(|digit| b"0123456789abcdef".get(usize::from(digit)).copied().unwrap_or(b'0'));
        digits.fill(b'0');
        digits.iter_mut().zip(written).for_each(|(to, digit)| *to = digit);
        Some(self.bytes)
    }
}

/// A signature in a file, and the SHA-256 of what it signs.
pub(super) struct Found {
    /// The signature.
    pub(super) signature: Vec<u8>,
    /// The SHA-256 of everything around it.
    pub(super) digest: Vec<u8>,
}

/// The signature at the end of a file, which must cover all of it: from the first byte to the last but for the hole that
/// it stands in, and the hole must hold it in the form that [`Prepared::fill`] writes.
pub(super) fn find_signature(file: &[u8]) -> Option<Found> {
    let mark = b"/ByteRange [";
    let at = file.windows(mark.len()).rposition(|window| window == mark)?;
    let text = std::str::from_utf8(file.get(at + mark.len()..at + mark.len() + 48)?).ok()?;
    let numbers: Vec<usize> = text.split_once(']')?.0.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let &[0, from, to, rest] = numbers.as_slice() else { return None };
    let is_whole = from > at && to.checked_add(rest) == Some(file.len()) && file.get(..from)?.ends_with(b"/Contents ");
    let [b'<', digits @ .., b'>'] = file.get(from..to)? else { return None };
    if !is_whole || digits.len() % 2 != 0 {
        return None;
    }
    let value = |digit: &u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().try_fold(0, |byte, digit| Some((byte << 4) | value(digit)?)))
        .collect::<Option<_>>()?;
    let length = whole_length(&bytes)?;
    let (signature, padding) = bytes.split_at_checked(length)?;
    padding
        .iter()
        .all(|byte| *byte == 0)
        .then(|| Found { signature: signature.to_vec(), digest: digest(file, (from, to)) })
}

/// How long the first element of `bytes` is, with its tag and length.
fn whole_length(bytes: &[u8]) -> Option<usize> {
    super::der::all_of(bytes, |reader| {
        let length = reader.any()?.whole.len();
        reader.skip();
        Ok(length)
    })
    .ok()
}

fn digest(bytes: &[u8], (from, to): (usize, usize)) -> Vec<u8> {
    let mut hash = Context::new(&SHA256);
    hash.update(bytes.get(..from).unwrap_or_default());
    hash.update(bytes.get(to..).unwrap_or_default());
    hash.finish().as_ref().to_vec()
}

/// The update: the signature's dictionary, its field on the first page, and the field's place in the tagged tree.
fn update(file: &File<'_>, room: usize, name: &str, at: Instant) -> Result<BTreeMap<u32, Value>, Unreadable> {
    let root = linked(&file.trailer, "Root")?;
    let mut catalog = file.object(root)?;
    let page = first_page(file, &catalog)?;
    let mut sheet = file.object(page)?;
    let tree = linked(&catalog, "StructTreeRoot")?;
    let mut tagged = file.object(tree)?;
    let Some(Value::Reference(top)) = list(file, tagged.get("K"))?.first().cloned() else { return missing("K") };
    let mut document = file.object(top)?;
    let Some(key) = tagged.get("ParentTreeNextKey").and_then(Value::number) else {
        return missing("ParentTreeNextKey");
    };
    let Some(parents) = tagged.get("ParentTree") else { return missing("ParentTree") };
    let mut parents = file.follow(parents)?;
    if parents.get("Nums").is_none() || catalog.get("AcroForm").is_some() {
        return missing("ParentTree in one piece, or it has a form");
    }
    let mut numbers = list(file, parents.get("Nums"))?;
    let mut annotations = list(file, sheet.get("Annots"))?;
    let mut children = list(file, document.get("K"))?;

    let signature = file.next_number();
    let (field, form) = (signature + 1, signature + 2);
    annotations.push(Value::Reference(field));
    sheet.set("Annots", Value::Array(annotations));
    sheet.set("Tabs", Value::plain("/S"));
    children.push(Value::Reference(form));
    document.set("K", Value::Array(children));
    numbers.extend([Value::plain(key.to_string()), Value::Reference(form)]);
    parents.set("Nums", Value::Array(numbers));
    tagged.set("ParentTree", parents);
    tagged.set("ParentTreeNextKey", Value::plain((key + 1).to_string()));
    let fields = Value::Array(vec![Value::Reference(field)]);
    catalog.set("AcroForm", Value::dictionary([("Fields", fields), ("SigFlags", Value::plain("3"))]));
    let place = [("Type", Value::plain("/OBJR")), ("Obj", Value::Reference(field)), ("Pg", Value::Reference(page))];
    let element = Value::dictionary([
        ("Type", Value::plain("/StructElem")),
        ("S", Value::plain("/Form")),
        ("P", Value::Reference(top)),
        ("K", Value::dictionary(place)),
    ]);
    Ok(BTreeMap::from([
        (root, catalog),
        (page, sheet),
        (tree, tagged),
        (top, document),
        (signature, signature_of(room, name, at)),
        (field, widget(signature, page, key)),
        (form, element),
    ]))
}

/// The signature's dictionary, with room for it.
fn signature_of(room: usize, name: &str, at: Instant) -> Value {
    Value::dictionary([
        ("Type", Value::plain("/Sig")),
        ("Filter", Value::plain("/Adobe.PPKLite")),
        ("SubFilter", Value::plain("/ETSI.CAdES.detached")),
        ("ByteRange", Value::plain(LATER)),
        ("Contents", Value::plain(format!("<{}>", "00".repeat(room)))),
        ("Name", text(name)),
        ("M", Value::plain(at.format("(D:%Y%m%d%H%M%SZ)").to_string())),
    ])
}

/// The signature's field: outside the page and without size, so that it needs no appearance; printed (PDF/A wants it)
/// and kept in its place.
fn widget(signature: u32, page: u32, key: u32) -> Value {
    let label = || text("Digital signature of the IIIF Consortium");
    Value::dictionary([
        ("Type", Value::plain("/Annot")),
        ("Subtype", Value::plain("/Widget")),
        ("FT", Value::plain("/Sig")),
        ("T", text("Signature")),
        ("TU", label()),
        ("Contents", label()),
        ("F", Value::plain("132")),
        ("Rect", Value::plain("[-1 -1 -1 -1]")),
        ("V", Value::Reference(signature)),
        ("P", Value::Reference(page)),
        ("StructParent", Value::plain(key.to_string())),
    ])
}

/// A text in UTF-16 (ISO 32000-1, 7.9.2.2).
fn text(words: &str) -> Value {
    let digits = words.encode_utf16().map(|unit| format!("{unit:04X}"));
    Value::plain(format!("<FEFF{}>", digits.collect::<String>()))
}

/// The first page below the catalog.
fn first_page(file: &File<'_>, catalog: &Value) -> Result<u32, Unreadable> {
    let mut node = linked(catalog, "Pages")?;
    // A tree of pages is a few levels deep; a ring of them has no end.
    for _ in 0..16 {
        let object = file.object(node)?;
        if object.get("Type") == Some(&Value::plain("/Page")) {
            return Ok(node);
        }
        let Some(Value::Reference(kid)) = list(file, object.get("Kids"))?.first().cloned() else { break };
        node = kid;
    }
    missing("page")
}

/// The number of the object under this name.
fn linked(dictionary: &Value, name: &str) -> Result<u32, Unreadable> {
    match dictionary.get(name) {
        Some(Value::Reference(number)) => Ok(*number),
        _ => missing(name),
    }
}

fn missing<T>(what: &str) -> Result<T, Unreadable> {
    Err(Unreadable(format!("it has no {what}")))
}

/// What is in an array, here or elsewhere in the file; one value alone is an array of one.
fn list(file: &File<'_>, value: Option<&Value>) -> Result<Vec<Value>, Unreadable> {
    let Some(value) = value else { return Ok(Vec::new()) };
    Ok(match file.follow(value)? {
        Value::Array(values) => values,
        _ => vec![value.clone()],
    })
}
