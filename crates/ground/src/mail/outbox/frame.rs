//! What the templates of mails are drawn with: the escaper that marks what is filled into them, and the frame in which
//! their words become HTML.

use std::fmt::{self, Write};

use askama::Template;
use askama::filters::Escaper;

use crate::mail::html::{BEGIN, Block, END, Span};
use crate::refusal::Fault;

/// The escaper of every template of plain text: it marks a value as filled in, so that nothing in it is read as anything
/// but words. The text stays what it was once `html::plain` has taken the marks away.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filled;

impl Escaper for Filled {
    fn write_escaped_str<W: Write>(&self, mut to: W, value: &str) -> fmt::Result {
        // A value may come in several pieces; each is marked.
        to.write_char(BEGIN)?;
        for piece in value.split([BEGIN, END]) {
            to.write_str(piece)?;
        }
        to.write_char(END)
    }
}

#[derive(Template)]
#[template(path = "mail/frame.html")]
struct Frame<'m> {
    subject: &'m str,
    blocks: &'m [Block],
}

/// A mail in HTML.
///
/// # Errors
/// A fault when the template cannot be rendered.
pub fn html(subject: &str, blocks: &[Block]) -> Result<String, Fault> {
    let broken = |error| Fault::because("the HTML form of a mail could not be written", error);
    Frame { subject, blocks }.render().map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::html;

    #[derive(Template)]
    #[template(source = "Dear {{ name }},\n{{ link|safe }}", ext = "txt")]
    struct Sample<'a> {
        name: &'a str,
        link: &'a str,
    }

    #[test]
    fn what_is_filled_in_is_marked_and_can_neither_end_nor_begin_a_mark() {
        let name = "A\u{fdd1}nne\u{fdd0}";
        let text = Sample { name, link: "https://letters.example/x" }.render().unwrap();
        assert_eq!(text, "Dear \u{fdd0}Anne\u{fdd1},\nhttps://letters.example/x");
        assert_eq!(html::plain(&text), "Dear Anne,\nhttps://letters.example/x");
    }
}
