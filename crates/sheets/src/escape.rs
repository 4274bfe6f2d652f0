//! Values inside Typst templates. Every value becomes a string literal, so Typst never reads it as markup or code;
//! wherever it stands, it appears literally or the template does not compile.

use std::fmt::{self, Write};

use askama::Values;
use askama::filters::{Escaper, Safe};

/// The escaper of every `.typ` template: a value in markup becomes `#"…";`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typst;

impl Escaper for Typst {
    fn write_escaped_str<W: Write>(&self, mut to: W, value: &str) -> fmt::Result {
        // A value may come in several pieces; each is complete in itself.
        if value.is_empty() {
            return Ok(());
        }
        to.write_char('#')?;
        literal(&mut to, value)?;
        to.write_char(';')
    }
}

/// Template filters for Typst; `use` this module as `filters` beside the template.
#[allow(missing_docs, reason = "`filter_fn` makes an undocumented struct beside each filter")]
pub mod filters {
    use super::{Safe, Values, fmt, literal};

    /// A value in code: `paper: {{ paper|lit }}` becomes a complete quoted string.
    #[askama::filter_fn]
    pub fn lit<T: fmt::Display>(value: T, _: &dyn Values) -> askama::Result<Safe<String>> {
        let mut quoted = String::new();
        literal(&mut quoted, &value.to_string())?;
        Ok(Safe(quoted))
    }
}

/// Writes `"…"` with every ASCII character but letters, digits and the space as `\u{..}`:
/// nothing is left that could end a string, a bracket, a raw block or a comment.
fn literal(to: &mut impl Write, value: &str) -> fmt::Result {
    to.write_char('"')?;
    for letter in value.chars() {
        if letter.is_ascii() && !letter.is_ascii_alphanumeric() && letter != ' ' {
            write!(to, "\\u{{{:x}}}", u32::from(letter))?;
        } else {
            to.write_char(letter)?;
        }
    }
    to.write_char('"')
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(source = "[{{ value }}] #let x = {{ value|lit }}", ext = "typ")]
    struct Sample<'a> {
        value: &'a str,
    }

    #[test]
    fn a_value_becomes_a_literal_in_markup_and_in_code() {
        let page = Sample { value: "a\"#\\é" }.render().unwrap();
        assert_eq!(page, r##"[#"a\u{22}\u{23}\u{5c}é";] #let x = "a\u{22}\u{23}\u{5c}é""##);
    }

    #[test]
    fn an_empty_value_leaves_nothing_in_markup_and_an_empty_string_in_code() {
        assert_eq!(Sample { value: "" }.render().unwrap(), r#"[] #let x = """#);
    }
}
