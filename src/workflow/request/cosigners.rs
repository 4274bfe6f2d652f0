//! Who signs the proposal besides the applicant: one person a line, the name and the institution with a comma between.

use crate::plain;

/// Somebody who signs the proposal besides the applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoSigner {
    /// Their name.
    pub name: String,
    /// Their institution, as typed.
    pub institution: String,
}

/// A line that is no name with an institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, counted from 1.
    pub line: usize,
}

impl BadLine {
    /// What is wrong, and how the line should look.
    pub fn sentence(self) -> String {
        let line = self.line;
        format!(
            "Write line {line} as a name, a comma and an institution, for example Grace Hopper, Example University."
        )
    }
}

/// Reads the lines of `typed`; empty ones are skipped. What follows the first comma is the institution, whose name may
/// hold further commas.
///
/// # Errors
/// The first line that lacks its name, its comma or its institution.
pub fn read(typed: &str) -> Result<Vec<CoSigner>, BadLine> {
    let lines = typed.lines().enumerate().filter(|(_, line)| !plain::is_blank(line));
    lines.map(|(at, line)| co_signer(line).ok_or(BadLine { line: at + 1 })).collect()
}

/// The co-signers of a request as far as they can be read, whatever the other lines hold.
pub fn readable(typed: &str) -> Vec<CoSigner> {
    typed.lines().filter_map(co_signer).collect()
}

fn co_signer(line: &str) -> Option<CoSigner> {
    let (name, institution) = line.split_once(',')?;
    if plain::is_blank(name) || plain::is_blank(institution) {
        return None;
    }
    Some(CoSigner { name: name.trim().to_owned(), institution: institution.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_line_is_a_name_with_an_institution() {
        let read = read("Grace Hopper, Example University\n\n  Bo Ek ,Museum of Art, Design and Craft \n").unwrap();
        let facts: Vec<_> = read.iter().map(|one| (one.name.as_str(), one.institution.as_str())).collect();
        assert_eq!(facts, [("Grace Hopper", "Example University"), ("Bo Ek", "Museum of Art, Design and Craft")]);
        assert_eq!(super::read("  \n"), Ok(vec![]));
    }

    #[test]
    fn a_line_with_half_of_it_is_told_by_its_number() {
        for typed in ["A, B\nGrace Hopper", "A, B\n, Example University", "A, B\nGrace Hopper, "] {
            assert_eq!(read(typed), Err(BadLine { line: 2 }), "{typed:?}");
            assert_eq!(readable(typed).len(), 1);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_down_reads_back(people in prop::collection::vec(("[A-Z][a-zé ]{0,8}[a-z]", "[A-Z][a-z, ]{0,12}[a-z]"), 0..6)) {
            let typed: String = people.iter().map(|(name, institution)| format!("{name}, {institution}\r\n")).collect();
            let back: Vec<_> = read(&typed).unwrap().into_iter().map(|one| (one.name, one.institution)).collect();
            prop_assert_eq!(back, people);
        }
    }
}
