//! HTML that the source itself contains. A small list of plain elements passes, written anew from what was read;
//! anything else is an error for the editor. So no page gets a script, a style, a form or an unclosed element.

use super::links::Links;
use super::render::Shown;

/// Elements that may appear in a source, all of them without any power of their own.
const PLAIN: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "kbd",
    "li",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
const VOID: &[&str] = &["br", "hr"];
const KEPT: &[&str] = &["href", "id", "lang", "title"];
/// Harmless on the website and without meaning here.
const DROPPED: &[&str] = &["class", "target", "rel"];

/// What is open while a page is made: elements of the source's HTML and of its Markdown, one inside the other.
#[derive(Debug, Default)]
pub struct Open(Vec<Option<String>>);

impl Open {
    /// Markdown opens an element.
    pub fn markdown(&mut self) {
        self.0.push(None);
    }

    /// Markdown closes its element.
    ///
    /// # Errors
    /// When HTML opened inside it is still open.
    pub fn end_markdown(&mut self) -> Result<(), Shown> {
        match self.0.pop().flatten() {
            None => Ok(()),
            Some(name) => Err(never_closed(&name)),
        }
    }

    /// The page is over.
    ///
    /// # Errors
    /// When an element is still open.
    pub fn end(mut self) -> Result<(), Shown> {
        match self.0.pop().flatten() {
            None => Ok(()),
            Some(name) => Err(never_closed(&name)),
        }
    }

    /// A question begins: the page is cut here, so no element may go over the cut.
    ///
    /// # Errors
    /// When an element of HTML is open.
    pub fn no_html_before_a_question(&self) -> Result<(), Shown> {
        match self.0.iter().flatten().next() {
            None => Ok(()),
            Some(name) => Err(Shown::at(format!("<{name}"), format!("a question cannot begin inside <{name}>."))),
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Shown> {
        match self.0.pop().flatten() {
            Some(open) if open == name => Ok(()),
            Some(open) => Err(never_closed(&open)),
            None => Err(Shown::at(format!("</{name}"), format!("</{name}> closes nothing that is open here."))),
        }
    }
}

fn never_closed(name: &str) -> Shown {
    Shown::at(format!("<{name}"), format!("<{name}> is never closed, or not where it was opened."))
}

/// Reads a piece of the source's HTML and writes it anew.
///
/// # Errors
/// An element or attribute that is not on the list, or one that closes nothing.
pub fn checked(piece: &str, open: &mut Open, links: &Links) -> Result<String, Shown> {
    let mut safe = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some((text, tag)) = rest.split_once('<') {
        push_text(text, &mut safe);
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = cut_tag(tag) else {
            return Err(Shown::at(
                format!("<{}", first_word(tag)),
                "a < begins no element here. Write &lt; for the sign.",
            ));
        };
        element(tag, &mut safe, open, links)?;
        rest = after;
    }
    push_text(rest, &mut safe);
    Ok(safe)
}

/// The inside of a tag and what follows its ">". A ">" within quotes is part of a value.
fn cut_tag(tag: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '>') => return Some((tag.get(..at)?, tag.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default()
}

fn element(tag: &str, safe: &mut String, open: &mut Open, links: &Links) -> Result<(), Shown> {
    if let Some(name) = tag.strip_prefix('/') {
        let name = name.trim().to_ascii_lowercase();
        open.close(&name)?;
        safe.push_str(&format!("</{name}>"));
        return Ok(());
    }
    let written = first_word(tag);
    let name = written.to_ascii_lowercase();
    if !PLAIN.contains(&name.as_str()) {
        return Err(Shown::at(format!("<{written}"), format!("<{written}> is not allowed on this page.")));
    }
    let attributes = tag.get(written.len()..).unwrap_or_default().trim_end().trim_end_matches('/');
    safe.push('<');
    safe.push_str(&name);
    push_attributes(attributes, &name, safe, links)?;
    safe.push('>');
    if !VOID.contains(&name.as_str()) {
        open.0.push(Some(name));
    }
    Ok(())
}

fn push_attributes(attributes: &str, element: &str, safe: &mut String, links: &Links) -> Result<(), Shown> {
    let refused = |what: String| Shown::at(format!("<{element}"), what);
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let name = name.to_ascii_lowercase();
        let quoted = after.trim_start().strip_prefix('=').map(str::trim_start).and_then(|value| {
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            value.get(1..)?.split_once(quote)
        });
        let Some((value, after)) = quoted else {
            return Err(refused(format!("the attribute {name} of <{element}> needs a value in quotes.")));
        };
        match name.as_str() {
            "href" if element == "a" && value.trim().is_empty() => {}
            "href" if element == "a" => {
                let address = links.address(&plain(value)).map_err(|what| refused(what.what))?;
                safe.push_str(" href=\"");
                push_escaped(&address, safe);
                safe.push('"');
            }
            kept if KEPT.contains(&kept) && kept != "href" => {
                safe.push_str(&format!(" {kept}=\""));
                push_escaped(&plain(value), safe);
                safe.push('"');
            }
            dropped if DROPPED.contains(&dropped) => {}
            _ => return Err(refused(format!("the attribute {name} of <{element}> is not allowed on this page."))),
        }
        rest = after.trim_start();
    }
    Ok(())
}

/// Text between elements: references are resolved, and whatever could be markup is escaped.
fn push_text(text: &str, safe: &mut String) {
    push_escaped(&plain(text), safe);
}

fn push_escaped(text: &str, safe: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
}

/// HTML text with its character references resolved, by the Markdown reader's own table.
fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = after.split_once(';').filter(|(entity, _)| is_reference(entity));
        match entity {
            Some((entity, tail)) => {
                plain.push_str(&resolved(entity));
                rest = tail;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn is_reference(entity: &str) -> bool {
    let name = entity.strip_prefix('#').unwrap_or(entity);
    !name.is_empty() && name.len() <= 32 && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}

fn resolved(entity: &str) -> String {
    let reference = format!("&{entity};");
    pulldown_cmark::Parser::new(&reference)
        .filter_map(|event| if let pulldown_cmark::Event::Text(text) = event { Some(text.into_string()) } else { None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(piece: &str) -> Result<String, Shown> {
        let mut open = Open::default();
        let safe = checked(piece, &mut open, &Links::default())?;
        open.end()?;
        Ok(safe)
    }

    #[test]
    fn plain_elements_pass_and_are_written_anew() {
        for (piece, safe) in [
            ("<UL>\n<li>one</LI></ul>", "<ul>\n<li>one</li></ul>"),
            (
                "<a href='https://a.example/?x=1&amp;y=2' class=\"big\">A &#38; B</a>",
                "<a href=\"https://a.example/?x=1&amp;y=2\">A &amp; B</a>",
            ),
            ("one<br/>two<br>", "one<br>two<br>"),
            ("<!-- gone --><p title=\"a > b\">\"text\"</p>", "<p title=\"a &gt; b\">&quot;text&quot;</p>"),
        ] {
            assert_eq!(check(piece).unwrap(), safe);
        }
    }

    #[test]
    fn everything_with_power_of_its_own_is_an_error() {
        for piece in [
            "<script>alert(1)</script>",
            "<ScRiPt src=//evil.example>",
            "<p onclick=\"alert(1)\">x</p>",
            "<p style=\"position:fixed\">x</p>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\"java&#10;script:alert(1)\">x</a>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<a href=//evil.example>x</a>",
            "<a href=\"//evil.example\">x</a>",
            "<iframe></iframe>",
            "<form action=\"/sign-in\"></form>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<p",
            "<>",
            "<?php ?>",
        ] {
            assert!(check(piece).is_err(), "{piece} passed as {:?}", check(piece));
        }
    }

    #[test]
    fn what_is_opened_must_be_closed_and_in_order() {
        for piece in ["<ul><li>one</ul>", "<div>", "</div>", "<b><i>x</b></i>"] {
            assert!(check(piece).is_err(), "{piece}");
        }
    }

    #[test]
    fn a_member_name_that_looks_like_markup_stays_text() {
        assert_eq!(
            check("<li>&#60;script&#62;alert&#40;1&#41;&#60;&#47;script&#62;</li>").unwrap(),
            "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>"
        );
    }
}
