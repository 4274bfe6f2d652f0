//! Whether a file is taken, told by its content alone: neither its name nor what a browser says of it counts.

use super::docx;
use super::file::Format;
use super::pdf_scan;
use super::rules::MOST_BYTES;

/// What is asked of whoever attaches something that is not taken as it is.
const PRINT_AGAIN: &str = "Open it, print it to PDF again, and attach the new file";

/// What a file is.
///
/// # Errors
/// Why it is not taken and what to do about it, in plain words.
pub fn look(bytes: &[u8]) -> Result<Format, String> {
    const OLD_WORD: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    if bytes.is_empty() {
        return Err("This file is empty. Choose the file that you mean.".to_owned());
    }
    if bytes.starts_with(b"%PDF-") {
        return pdf_scan::check(bytes).map(|()| Format::Pdf).map_err(of_pdf);
    }
    if bytes.starts_with(docx::BEGINNING) {
        return docx::check(bytes).map(|()| Format::Docx).map_err(|flaw| of_docx(flaw).to_owned());
    }
    if bytes.starts_with(OLD_WORD) {
        return Err("This is a Word document of the old kind (DOC), or one with a password. Save it as PDF or DOCX, \
                    without a password, and attach that."
            .to_owned());
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err("This is an RTF document. Save it as PDF or DOCX, and attach that.".to_owned());
    }
    if bytes.get(..bytes.len().min(1_024)).is_some_and(|start| start.windows(5).any(|window| window == b"%PDF-")) {
        return Err(of_pdf(pdf_scan::Flaw::Broken));
    }
    plain_text(bytes).map(|()| Format::Txt)
}

/// What is said of a file that is too large, also before all of it has arrived.
pub fn too_large() -> String {
    format!(
        "This file is larger than {} MB. Save its pictures smaller, or attach only the pages that matter.",
        MOST_BYTES >> 20
    )
}

fn of_pdf(flaw: pdf_scan::Flaw) -> String {
    match flaw {
        pdf_scan::Flaw::Broken => {
            format!("This PDF is broken, cut off, or put together in an unusual way. {PRINT_AGAIN}.")
        }
        pdf_scan::Flaw::Locked => {
            format!("This PDF is locked with a password or against copying. {PRINT_AGAIN}: that leaves the lock out.")
        }
        pdf_scan::Flaw::Active(what) => format!(
            "This PDF holds {what}, which is not taken for the safety of those who read it. {PRINT_AGAIN}: that leaves \
             such things out."
        ),
    }
}

const fn of_docx(flaw: docx::Flaw) -> &'static str {
    match flaw {
        docx::Flaw::Broken => {
            "This document is broken, cut off or locked. Save it again as DOCX or PDF, and attach that."
        }
        docx::Flaw::Foreign => {
            "This is neither a PDF, a Word document (DOCX) nor plain text (TXT). Save it as PDF, and attach that."
        }
        docx::Flaw::Huge => "This document unpacks to far more than 10 MB. Save it as PDF, and attach that.",
        docx::Flaw::Active => {
            "This Word document holds macros or controls, which are not taken for the safety of those who read it. Save \
             it as PDF, and attach that."
        }
    }
}

/// Text in UTF-8 with something to read in it and without control characters but tabs, line breaks and page breaks.
fn plain_text(bytes: &[u8]) -> Result<(), String> {
    let foreign = || of_docx(docx::Flaw::Foreign).to_owned();
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("This text is in UTF-16. Save it in UTF-8, or as PDF, and attach that.".to_owned());
    }
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().any(is_control) => Err(foreign()),
        Ok(text) if crate::plain::is_blank(text.trim_start_matches('\u{feff}')) => {
            Err("This file is empty but for spaces. Choose the file that you mean.".to_owned())
        }
        Ok(_) => Ok(()),
        // Text from an old program is the likely case where nothing but some letters is wrong.
        Err(_) if !bytes.iter().any(|byte| is_control(char::from(*byte)) && *byte < 0x80) => Err(
            "This text is not in UTF-8, so that some letters would be lost. Save it in UTF-8, or as PDF, and attach \
                 that."
                .to_owned(),
        ),
        Err(_) => Err(foreign()),
    }
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
