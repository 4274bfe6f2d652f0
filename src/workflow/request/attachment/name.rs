//! The name of an attachment: the applicant's, cleaned. It is shown and offered for downloads, and never used on a disk.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

use super::file::Format;
use crate::plain;

/// The longest name without its ending, in characters.
const STEM_MOST: usize = 100;

/// The name for a file that somebody called `given`: without a path, without what cannot be seen or reorders what can,
/// and with the ending of its format.
pub fn clean(given: &str, format: Format) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.nfc().filter(|c| !plain::is_hidden(*c) && !plain::is_invisible(*c)).collect();
    let plain: String = seen.chars().map(|c| if "<>:\"|?*".contains(c) { '_' } else { c }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = without_ending(&words, format);
    let cut: String = bare.chars().take(STEM_MOST).collect();
    let stem = cut.trim_matches(|c: char| c == '.' || c.is_whitespace());
    format!("{}.{format}", if stem.is_empty() { "attachment" } else { stem })
}

fn without_ending(name: &str, format: Format) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if ending.eq_ignore_ascii_case(format.as_str()) => stem,
        _ => name,
    }
}

/// The header that offers a download under `name`, in both forms of RFC 6266 (4.3): plain ASCII for old programs, and
/// the whole name.
pub fn disposition(name: &str) -> String {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' }).collect();
    let mut header = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        // RFC 8187, attr-char.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            header.push(char::from(byte));
        } else {
            let _ = write!(header, "%{byte:02X}");
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_loses_its_path_and_what_misleads_and_gets_the_ending_of_its_format() {
        for (given, cleaned) in [
            ("Proposal v3.pdf", "Proposal v3.pdf"),
            ("C:\\Users\\marie\\Proposal.PDF", "Proposal.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("invoice.exe", "invoice.exe.pdf"),
            ("cod\u{202e}fdp.exe", "codfdp.exe.pdf"),
            ("a\0b\r\nSet-Cookie: x\".pdf", "abSet-Cookie_ x_.pdf"),
            ("  .pdf", "attachment.pdf"),
            ("", "attachment.pdf"),
            ("\u{200b}\u{feff}", "attachment.pdf"),
            ("Lettre d’appui é.pdf", "Lettre d’appui é.pdf"),
            ("申請書.pdf", "申請書.pdf"),
        ] {
            assert_eq!(clean(given, Format::Pdf), cleaned, "{given:?}");
        }
        assert_eq!(clean(&"a".repeat(400), Format::Txt).len(), STEM_MOST + 4);
    }

    #[test]
    fn a_download_has_its_name_in_both_forms() {
        assert_eq!(
            disposition("Bericht \"é\".pdf"),
            "attachment; filename=\"Bericht ___.pdf\"; filename*=UTF-8''Bericht%20%22%C3%A9%22.pdf"
        );
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_a_folder_or_a_header(given in "\\PC{0,300}|[\\x00-\\x20./\\\\\"%;\u{202a}-\u{202e}]{0,40}") {
            for format in Format::ALL {
                let name = clean(&given, *format);
                let ending = format!(".{format}");
                prop_assert!(name.ends_with(&ending) && name.chars().count() <= STEM_MOST + 5);
                prop_assert!(!name.contains(['/', '\\', '\0', '\r', '\n', '"']) && !name.starts_with('.'));
                prop_assert!(!name.chars().any(plain::is_hidden), "{name:?}");
                prop_assert_eq!(clean(&name, *format), name.clone(), "cleaning twice changes nothing");
                let header = disposition(&name);
                prop_assert!(header.is_ascii() && header.matches('"').count() == 2, "{header}");
                prop_assert!(!header.contains(['\r', '\n', '\\']), "{header}");
            }
        }
    }
}
