//! Lists as tables for a spreadsheet (RFC 4180). What people typed never becomes a formula there.

use crate::clock::Instant;
use crate::refusal::Fault;

/// The byte order mark by which spreadsheets know UTF-8.
const UTF8_MARK: &str = "\u{feff}";

/// A cell whose first character would make a spreadsheet compute something, with an apostrophe before it (OWASP, "CSV
/// Injection"). A whole number is what it is.
pub fn no_formula(cell: &str) -> String {
    if cell.parse::<i64>().is_err() && cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// An instant as a cell, in UTC.
pub fn instant(at: Instant) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

/// A table with a line of headings.
///
/// # Errors
/// A fault when a row has another number of cells than the headings.
pub fn csv<const N: usize>(headings: [&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>, Fault> {
    let broken = |error: csv::Error| Fault::because("the table could not be written", error);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::from(UTF8_MARK));
    writer.write_record(headings).map_err(broken)?;
    for row in rows {
        writer.write_record(row.map(|cell| no_formula(&cell))).map_err(broken)?;
    }
    writer.into_inner().map_err(|error| Fault::because("the table could not be written", error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_a_formula_and_every_cell_stays_one_cell() {
        let rows = [
            ["=HYPERLINK(\"http://evil.example\")".to_owned(), "a, \"b\"\nc".to_owned()],
            ["@SUM(1)".to_owned(), "-1+1".to_owned()],
            ["Étude".to_owned(), "-3".to_owned()],
        ];
        let bytes = csv(["One", "Two"], rows.into_iter()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("\u{feff}One,Two\r\n"));
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let cells: Vec<String> =
            reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
        assert_eq!(cells, ["'=HYPERLINK(\"http://evil.example\")", "a, \"b\"\nc", "'@SUM(1)", "'-1+1", "Étude", "-3"]);
    }
}
