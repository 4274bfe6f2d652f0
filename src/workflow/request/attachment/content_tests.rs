//! What is taken as an attachment, and what is refused in which words.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::*;

/// A PDF of these objects, numbered from 1; the first one is its root.
fn pdf(objects: &[&[u8]]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes().chain(object.iter().copied()).chain(*b"\nendobj\n"));
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    places.iter().for_each(|place| file.extend(format!("{place:010} 00000 n \n").bytes()));
    let trailer = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n", places.len() + 1);
    file.extend(trailer.bytes());
    file
}

/// A PDF with this in its root.
fn with(entry: &str) -> Vec<u8> {
    pdf(&[format!("<</Type/Catalog/Pages 2 0 R{entry}>>").as_bytes(), b"<</Type/Pages/Kids[]/Count 0>>"])
}

/// A stream with this in its dictionary.
fn stream(entry: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<<{entry}/Length {}>>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

fn packed(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A PDF whose object stream holds these bytes, of which the first `first` are its list.
fn with_objects(entry: &str, first: usize, data: &[u8]) -> Vec<u8> {
    let objects = stream(&format!("{entry}/N 1/First {first}/Filter/FlateDecode"), &packed(data));
    pdf(&[b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", &objects])
}

fn refused(file: &[u8]) -> String {
    look(file).expect_err(&String::from_utf8_lossy(file))
}

#[test]
fn a_plain_pdf_is_taken_also_one_that_opens_at_a_page() {
    let action: &[u8] = b"<</S/GoTo/D[2 0 R/Fit]>>";
    let root: &[u8] = b"<</Type/Catalog/Pages 2 0 R/OpenAction 3 0 R>>";
    let pages: &[u8] = b"<</Type/Pages/Kids[]/Count 0>>";
    for file in [
        with(""),
        with("/OpenAction[2 0 R/Fit]"),
        with("/OpenAction<</S/GoTo/D[2 0 R/Fit]>>"),
        with("/Note(see https://example.org/JS/Launch and \\) 5 objects)"),
        with("/Lang<656e>/Fine true/Nothing null/Number -.5"),
        pdf(&[root, pages, action]),
        pdf(&[root, pages, b"[2 0 R/XYZ null null 0]"]),
        pdf(&[root, pages, action, &stream("", b"q /JS gs obj endobj Q")]),
        with_objects("/Type/ObjStm", 4, b"5 0 <</S/GoTo/D[2 0 R/Fit]>>"),
        [with("").trim_ascii_end(), b"\r\n\0\0"].concat(),
    ] {
        assert_eq!(look(&file), Ok(Format::Pdf), "{}", String::from_utf8_lossy(&file));
    }
}

#[test]
fn what_acts_in_a_pdf_is_refused_wherever_it_stands() {
    let root: &[u8] = b"<</Type/Catalog/Pages 2 0 R/OpenAction 3 0 R>>";
    let pages: &[u8] = b"<</Type/Pages/Kids[]/Count 0>>";
    for (file, what) in [
        (with("/Names<</JavaScript 3 0 R>>"), "JavaScript"),
        (with("/AA<</O<</S/JavaScript/JS(app.alert(1))>>>>"), "JavaScript"),
        (with("/A<</S/Java#53cript>>"), "JavaScript"),
        (with("/A<</#4a#53 (x)>>"), "JavaScript"),
        (with("/A<</S/La#75nch/F(cmd.exe)>>"), "starts a program"),
        (with("/Names<</EmbeddedFiles 3 0 R>>"), "another file"),
        (pdf(&[b"<</Type/Catalog>>", &stream("/Type/EmbeddedFile", b"x")]), "another file"),
        (with("/AcroForm<</XFA 3 0 R>>"), "XFA"),
        (with("/Annots[<</Subtype/RichMedia>>]"), "a film"),
        (with("/A<</S/SubmitForm/F(https://example.org)>>"), "sends or fetches"),
        (with("/OpenAction<</S/URI/URI(https://example.org)>>"), "by itself"),
        (with("/OpenAction<</S/Named/N/Print>>"), "by itself"),
        (with("/Open#41ction 9 0 R"), "by itself"),
        (pdf(&[root, pages, b"<</S/URI/URI(https://example.org)>>"]), "by itself"),
        (pdf(&[root, pages, b"4 0 R", b"<</S/GoTo>>"]), "by itself"),
        (with_objects("/Type/ObjStm", 4, b"5 0 <</S/JavaScript/JS(x)>>"), "JavaScript"),
        // A reader does not need to be told that a stream holds objects.
        (with_objects("", 4, b"5 0 <</S/#4aavaScript>>"), "JavaScript"),
        (with_objects("/Type/ObjStm", 4, b"5 0 <</OpenAction<</S/URI>>>>"), "by itself"),
    ] {
        let why = refused(&file);
        assert!(
            why.contains(what) && why.contains("print it to PDF again"),
            "{why}\n{}",
            String::from_utf8_lossy(&file)
        );
    }
}

#[test]
fn an_object_cannot_hide_in_a_text_a_comment_or_a_stream() {
    let hidden = "7 0 obj <</S/JavaScript/JS(x)>> endobj";
    for file in [
        with("/Note(7 0 obj <</S/J>> endobj)"),
        with("/A 1 % 7 0 obj <</S/J>>\n"),
        pdf(&[b"<</Type/Catalog>>", &stream("", hidden.as_bytes())]),
        pdf(&[b"<</Type/Catalog>>", &stream("", b"7%\n0 % a\r\nobj<</S/J>>")]),
        pdf(&[b"<</Type/Catalog>>", &stream("", b"7 0obj <</S/J>>")]),
        // The list of an object stream leads into a text.
        with_objects("/Type/ObjStm", 4, b"5 2 (<</S/J>>)"),
        with_objects("/Type/ObjStm", 4, b"5 9 <</S/GoTo>>"),
    ] {
        assert!(refused(&file).contains("broken"), "{}", String::from_utf8_lossy(&file));
    }
}

#[test]
fn a_pdf_that_cannot_be_looked_into_is_refused() {
    let objects = |entry: &str, data: &[u8]| {
        pdf(&[b"<</Type/Catalog>>", &stream(&format!("/Type/ObjStm/N 1/First 4{entry}"), data)])
    };
    for file in [
        objects("/Filter/LZWDecode", b"x"),
        objects("/Filter[/ASCIIHexDecode/FlateDecode]", b"x"),
        objects("/Filter 9 0 R", b"x"),
        objects("/Filter/FlateDecode", b"no deflate"),
        objects("/Filter/FlateDecode/DecodeParms<</Predictor 12>>", &packed(b"5 0 <<>>")),
        b"%PDF-1.7\nHello\n%%EOF".to_vec(),
        b"junk %PDF-1.7".to_vec(),
        [with("").as_slice(), b"PK\x03\x04"].concat(),
        [b"\n", with("").as_slice()].concat(),
    ] {
        assert!(refused(&file).contains("broken"), "{}", String::from_utf8_lossy(&file));
    }
    let whole = with("");
    for end in 8..whole.len() - 2 {
        assert!(look(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn a_locked_pdf_is_told_from_a_broken_one() {
    let file = String::from_utf8_lossy(&with("")).replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<</Filter/Standard>>");
    let file = file.replace("\u{fffd}", "");
    for file in [file.clone(), file.replace("Encrypt", "#45ncrypt"), file.replace("endobj", "end")] {
        assert!(refused(file.as_bytes()).contains("locked"), "{file}");
    }
}

#[test]
fn what_a_pdf_unpacks_to_is_bounded() {
    let bomb = with_objects("/Type/ObjStm", 4, &[b"5 0 ".as_slice(), &vec![b' '; 51 << 20]].concat());
    assert!(bomb.len() < 1 << 20 && refused(&bomb).contains("unusual"));
    let deep = with(&format!("/A{}{}", "[".repeat(200_000), "]".repeat(200_000)));
    assert!(refused(&deep).contains("broken"));
}

struct Entry<'e> {
    name: &'e str,
    data: &'e [u8],
    is_packed: bool,
    /// How large the entry says it is unpacked.
    declared: Option<u32>,
}

fn entry<'e>(name: &'e str, data: &'e [u8]) -> Entry<'e> {
    Entry { name, data, is_packed: true, declared: None }
}

/// A ZIP of these entries (APPNOTE 6.3.10, 4.3).
fn zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for entry in entries {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(entry.data).unwrap();
        let (method, data) =
            if entry.is_packed { (8_u16, encoder.finish().unwrap()) } else { (0, entry.data.to_vec()) };
        let place = u32::try_from(file.len()).unwrap();
        let unpacked = entry.declared.unwrap_or(u32::try_from(entry.data.len()).unwrap());
        let mut about = Vec::new();
        about.extend([20_u16, 0, method, 0, 33].iter().flat_map(|word| word.to_le_bytes()));
        about.extend([0, u32::try_from(data.len()).unwrap(), unpacked].iter().flat_map(|word| word.to_le_bytes()));
        about.extend([u16::try_from(entry.name.len()).unwrap(), 0].iter().flat_map(|word| word.to_le_bytes()));
        file.extend([b"PK\x03\x04", about.as_slice(), entry.name.as_bytes(), &data].concat());
        list.extend(
            [b"PK\x01\x02\x14\0", about.as_slice(), &[0; 10], &place.to_le_bytes(), entry.name.as_bytes()].concat(),
        );
    }
    let (place, count) = (u32::try_from(file.len()).unwrap(), u16::try_from(entries.len()).unwrap());
    let length = u32::try_from(list.len()).unwrap();
    let counts = [count, count].iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
    let end = [b"PK\x05\x06\0\0\0\0", counts.as_slice(), &length.to_le_bytes(), &place.to_le_bytes(), b"\0\0"].concat();
    [file, list, end].concat()
}

const TYPES: &[u8] = b"<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-\
    officedocument.wordprocessingml.document.main+xml\"/></Types>";

fn docx(more: &[Entry<'_>]) -> Vec<u8> {
    let own = [entry("[Content_Types].xml", TYPES), entry("word/document.xml", b"<w:document/>")];
    zip(&own.into_iter().chain(more.iter().map(|one| Entry { ..*one })).collect::<Vec<_>>())
}

#[test]
fn a_word_document_is_taken_as_programs_write_it() {
    assert_eq!(look(&docx(&[])), Ok(Format::Docx));
    assert_eq!(
        look(&docx(&[Entry { is_packed: false, ..entry("word/media/image1.png", b"\x89PNG") }])),
        Ok(Format::Docx)
    );
    let numbered = [entry("[Content_Types].xml", TYPES), entry("word/document2.xml", b"<w:document/>")];
    assert_eq!(look(&zip(&numbered)), Ok(Format::Docx));
}

#[test]
fn macros_other_archives_and_bombs_are_refused() {
    let macros = [
        entry("[Content_Types].xml", b"application/vnd.ms-word.document.macroEnabled.main+xml"),
        entry("word/document.xml", b"x"),
    ];
    let sheet = [entry("[Content_Types].xml", b"spreadsheetml.sheet.main+xml"), entry("xl/workbook.xml", b"x")];
    let many: Vec<String> = (0..5_001).map(|n| format!("word/{n}.xml")).collect();
    let many: Vec<Entry<'_>> = many.iter().map(|name| entry(name, b"")).collect();
    let huge = Entry { declared: Some(60 << 20), ..entry("word/huge.xml", b"x") };
    let long = vec![b'x'; 3 << 20];
    let liar = Entry { declared: Some(3), ..entry("[Content_Types].xml", &long) };
    for (file, says) in [
        (docx(&[entry("word/vbaProject.bin", b"x")]), "macros"),
        (docx(&[entry("Word/VBAPROJECT.bin", b"x")]), "macros"),
        (docx(&[entry("word/activeX/activeX1.xml", b"x")]), "macros"),
        (zip(&macros), "macros"),
        (zip(&sheet), "neither"),
        (zip(&[entry("word/document.xml", b"x")]), "neither"),
        (docx(&many), "unpacks"),
        (docx(&[huge]), "unpacks"),
        (zip(&[liar, entry("word/document.xml", b"x")]), "neither"),
        (docx(&[entry("../../etc/passwd", b"x")]), "broken"),
        ([docx(&[]).as_slice(), b"%PDF-1.7"].concat(), "broken"),
        (docx(&[])[..100].to_vec(), "broken"),
    ] {
        let why = refused(&file);
        assert!(why.contains(says), "{says}: {why}");
    }
}

#[test]
fn text_is_taken_in_utf_8_and_without_control_characters() {
    for text in ["Call for proposals\r\n\tDeadline: 1 May\u{c}", "\u{feff}Appel à projets", "日本語", "<html>"] {
        assert_eq!(look(text.as_bytes()), Ok(Format::Txt), "{text}");
    }
    for (bytes, says) in [
        (b"".as_slice(), "is empty"),
        (b" \n\t ", "empty but for spaces"),
        (b"\xef\xbb\xbf", "empty but for spaces"),
        (b"Bj\xf6rk", "not in UTF-8"),
        (b"\xff\xfeh\0i\0", "UTF-16"),
        (b"a\0b", "neither"),
        (b"\x7fELF\x02", "neither"),
        (b"\x89PNG\r\n\x1a\n", "neither"),
        (b"{\\rtf1 x}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC"),
        (&[b'a'; MOST_BYTES + 1], "larger than 10 MB"),
    ] {
        let why = refused(bytes);
        assert!(why.contains(says), "{why}");
    }
}

/// Any spelling of a name with some of its letters escaped.
fn spelled(name: &'static str) -> impl Strategy<Value = String> {
    prop::collection::vec(0..3_u8, name.len()).prop_map(move |how| {
        let letter = |(letter, how): (char, u8)| match how {
            0 => letter.to_string(),
            1 => format!("#{:02x}", u32::from(letter)),
            _ => format!("#{:02X}", u32::from(letter)),
        };
        name.chars().zip(how).map(letter).collect()
    })
}

proptest! {
    #[test]
    fn no_bytes_whatever_make_it_fall_over_or_take_what_it_should_not(
        bytes in prop::collection::vec(any::<u8>(), 0..2_000),
        text in "[ -~\n]{0,400}",
    ) {
        let taken = look(&bytes);
        prop_assert!(taken.is_err() || std::str::from_utf8(&bytes).is_ok());
        for start in [&b"%PDF-1.7\n"[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0"] {
            prop_assert!(look(&[start, &bytes].concat()).is_err());
            prop_assert!(look(&[start, text.as_bytes()].concat()).is_err());
        }
        // Inside of a file that is fine otherwise.
        let _ = look(&pdf(&[b"<</Type/Catalog>>", &stream("/Type/ObjStm/First 4", &bytes)]));
        let _ = look(&pdf(&[b"<</Type/Catalog>>", text.as_bytes()]));
        let _ = look(&pdf(&[b"<</Type/Catalog>>", &stream("/Filter/FlateDecode/First 4", &packed(text.as_bytes()))]));
        let _ = look(&[docx(&[]).as_slice(), &bytes].concat());
    }

    #[test]
    fn no_spelling_of_a_name_gets_past(
        script in spelled("JavaScript"), launch in spelled("Launch"), file in spelled("EmbeddedFile"), open in spelled("OpenAction"),
    ) {
        for name in [&script, &launch, &file] {
            prop_assert!(look(&with(&format!("/A<</S/{name}>>"))).is_err(), "{name}");
            let object = format!("5 0 <</S/{name}>>");
            prop_assert!(look(&with_objects("/Type/ObjStm", 4, object.as_bytes())).is_err(), "{name}");
        }
        prop_assert!(look(&with(&format!("/{open}<</S/URI>>"))).is_err(), "{open}");
    }

    #[test]
    fn a_file_with_one_byte_changed_is_taken_or_refused_and_never_breaks_anything(place in 0_usize..10_000, byte in any::<u8>()) {
        for mut file in [with("/OpenAction[2 0 R/Fit]"), docx(&[]), with_objects("/Type/ObjStm", 4, b"5 0 <</S/GoTo>>")] {
            let length = file.len();
            file[place % length] = byte;
            let _ = look(&file);
        }
    }
}
