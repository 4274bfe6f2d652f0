//! The form of a mail, read from its text, so that every mail has both forms and says its words once. The text keeps to a
//! few conventions:
//!
//! - a blank line ends a paragraph; a line break stays one
//! - `- ` and `1. ` at the beginning of lines make a list; a short line before one is its heading
//! - `Deadline: 1 May` on two or more lines following each other: a list of what is what
//! - two spaces before a line set it apart: what the mail is about; four make it a code to be typed
//! - an address alone on its line is where the mail leads; the sentence before it, ended by a colon, says what it is for
//! - words of a person alone in a paragraph, after one that ends with a colon, are quoted
//! - a short last line is the signature
//!
//! None of this is read from what is filled into a template, which may be anybody's words: `Filled`, the escaper of the
//! templates, marks every value. Links alone are filled in with `|safe` and so count as the template's own.

use super::message::LINK_PLACE;

/// Begins what was filled in. This and the next are no characters (Unicode, 23.7), and never stand in a value.
pub(super) const BEGIN: char = '\u{fdd0}';
/// Ends what was filled in.
pub(super) const END: char = '\u{fdd1}';

/// The longest heading and the longest signature, in characters.
const SHORT: usize = 40;
/// The longest name of what is in a list of what is what, in characters.
const NAME: usize = 20;
/// The longest sentence that a link bears, in characters. A longer one stands before it.
const SENTENCE: usize = 110;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Words(String),
    /// A line break.
    Break,
    /// An address that leads there.
    Link(String),
}

/// What stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Text(Vec<Span>),
    /// The heading of the list that follows.
    Heading {
        /// Whether no other stands before it.
        is_first: bool,
        /// Its words.
        words: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether its items are numbered.
        is_numbered: bool,
        /// Its items.
        items: Vec<Vec<Span>>,
    },
    /// What is what: names, and what they stand for.
    Pairs(Vec<(Vec<Span>, Vec<Span>)>),
    /// What the mail is about.
    Apart(Vec<Span>),
    /// Words of a person, paragraph by paragraph.
    Quote(Vec<Vec<Span>>),
    /// A code to be typed.
    Code(Vec<Span>),
    /// Where the mail leads.
    Link {
        /// What it is for; may be empty.
        label: Vec<Span>,
        /// The address.
        address: String,
    },
    /// Whoever writes.
    Signature(Vec<Span>),
}

/// The text without the marks of what was filled in.
pub fn plain(text: &str) -> String {
    text.replace([BEGIN, END], "")
}

/// The form of a text. Addresses lead somewhere only if they are the template's own, and `may_lead` lets them.
pub fn blocks(text: &str, may_lead: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let mut draft = Vec::new();
    for group in lines(text).split(|line| line.iter().all(|letter| letter.is.is_whitespace())) {
        // Two groups are never of one piece, but for a numbered list with blank lines between its items.
        let from = draft.len();
        for line in group {
            take(&mut draft, from, line, may_lead);
        }
    }
    joined(draft, may_lead)
}

/// The addresses that a text leads to, as they stand on lines of their own.
pub fn addresses(text: &str) -> Vec<String> {
    let leads = blocks(text, &|_| true).into_iter();
    leads.filter_map(|block| if let Block::Link { address, .. } = block { Some(address) } else { None }).collect()
}

/// A mail in HTML with a sentence before everything else.
pub fn with_sentence(html: &str, sentence: &str) -> String {
    // Nothing that is filled in can spell this tag.
    html.replacen("<main>", &format!("<main>\n<p>{sentence}</p>"), 1)
}

/// A character, and whether it was filled into the template.
#[derive(Debug, Clone, Copy)]
struct Letter {
    is: char,
    filled: bool,
}

type Line = Vec<Letter>;

/// The lines of the template; what is filled in stays on its line, whatever it holds.
fn lines(text: &str) -> Vec<Line> {
    let (mut lines, mut line, mut filled) = (Vec::new(), Line::new(), false);
    for is in text.chars() {
        match is {
            BEGIN => filled = true,
            END => filled = false,
            '\r' => {}
            '\n' if !filled => lines.push(std::mem::take(&mut line)),
            is => line.push(Letter { is, filled }),
        }
    }
    lines.push(line);
    lines
}

/// A block before its neighbours are known.
enum Draft {
    Text(Line),
    Item { is_numbered: bool, items: Vec<Line> },
    Pairs(Vec<(Line, Line)>),
    Apart(Line),
    Code(Line),
    Link(String),
}

/// Takes a line into the block before it, or begins the next one. Blocks before `from` are of another group.
fn take(draft: &mut Vec<Draft>, from: usize, line: &Line, may_lead: &dyn Fn(&str) -> bool) {
    let joins = draft.len() > from;
    let last = draft.last_mut();
    let next = drafted(line, may_lead);
    match (last, next) {
        (Some(Draft::Text(text)), Draft::Text(more)) if joins => continued(text, more),
        (Some(Draft::Apart(text)), Draft::Apart(more)) if joins => continued(text, more),
        (Some(Draft::Code(text)), Draft::Code(more)) if joins => continued(text, more),
        (Some(Draft::Pairs(pairs)), Draft::Pairs(more)) if joins => pairs.extend(more),
        (Some(Draft::Item { is_numbered, items }), Draft::Item { is_numbered: also, items: more })
            if *is_numbered == also && (joins || also) =>
        {
            items.extend(more);
        }
        (_, next) => draft.push(next),
    }
}

/// `more` on the next line.
fn continued(text: &mut Line, more: Line) {
    text.push(Letter { is: '\n', filled: false });
    text.extend(more);
}

/// What a line alone would be.
fn drafted(line: &Line, may_lead: &dyn Fn(&str) -> bool) -> Draft {
    let own = |from: usize, text: &str| {
        text.chars().enumerate().all(|(at, is)| line.get(from + at).is_some_and(|one| one.is == is && !one.filled))
    };
    let rest = |from: usize| line.get(from..).unwrap_or_default().to_vec();
    if let Some(address) = lead(line).filter(|address| may_lead(address)) {
        return Draft::Link(address);
    }
    if own(0, "    ") {
        return Draft::Code(rest(4));
    }
    if own(0, "  ") {
        return Draft::Apart(rest(2));
    }
    if own(0, "- ") {
        return Draft::Item { is_numbered: false, items: vec![rest(2)] };
    }
    let digits = line.iter().take_while(|letter| letter.is.is_ascii_digit()).count();
    if digits > 0 && own(digits, ". ") {
        return Draft::Item { is_numbered: true, items: vec![rest(digits + 2)] };
    }
    match pair(line) {
        Some(pair) => Draft::Pairs(vec![pair]),
        None => Draft::Text(line.clone()),
    }
}

/// The address that stands alone on a line and is the template's own.
fn lead(line: &Line) -> Option<String> {
    let text = string(line);
    let text = text.trim();
    let is_own = line.iter().all(|letter| !letter.filled);
    (is_own && (text == LINK_PLACE || is_address(text))).then(|| text.to_owned())
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(|c: char| c.is_whitespace() || "<>\"".contains(c))
}

/// A name, with its colon, and what it stands for.
fn pair(line: &Line) -> Option<(Line, Line)> {
    let at = line.iter().position(|letter| letter.is == ':')?;
    let (name, value) = line.split_at_checked(at + 1)?;
    let of_words = name.iter().take(at).all(|letter| letter.is.is_alphabetic() || letter.is == ' ');
    let is_name = name.iter().all(|letter| !letter.filled) && of_words && at <= NAME;
    let begins = name.first().is_some_and(|letter| letter.is.is_uppercase());
    let stands_apart = value.first().is_some_and(|letter| letter.is == ' ' && !letter.filled);
    let says = value.iter().any(|letter| !letter.is.is_whitespace());
    (is_name && begins && stands_apart && says).then(|| (name.to_vec(), value.to_vec()))
}

/// The blocks, each knowing its neighbours.
fn joined(draft: Vec<Draft>, may_lead: &dyn Fn(&str) -> bool) -> Vec<Block> {
    let spans = |line: &[Letter]| spans(line, may_lead);
    let mut blocks: Vec<Block> = Vec::new();
    // Whether the text just before announces what follows.
    let mut announced = false;
    let mut has_heading = false;
    let mut draft = draft.into_iter().peekable();
    while let Some(one) = draft.next() {
        let is_quoted = |line: &Line| announced && line.iter().all(|letter| letter.filled || letter.is.is_whitespace());
        let mut announces = false;
        match one {
            Draft::Text(line) | Draft::Apart(line) if is_quoted(&line) => {
                blocks.push(Block::Quote(paragraphs(&line).iter().map(|line| spans(line)).collect()));
            }
            Draft::Text(line) if is_short(&line) && matches!(draft.peek(), Some(Draft::Item { .. })) => {
                blocks.push(Block::Heading { is_first: !has_heading, words: spans(&line) });
                has_heading = true;
            }
            Draft::Text(line) if is_short(&line) && draft.peek().is_none() && !blocks.is_empty() => {
                blocks.push(Block::Signature(spans(&line)));
            }
            Draft::Text(line) => {
                announces = string(&line).trim_end().ends_with(':');
                let (text, label) = match draft.peek() {
                    Some(Draft::Link(_)) if announces => split(&line),
                    _ => (line.as_slice(), None),
                };
                blocks.extend(paragraphs(text).iter().map(|line| Block::Text(spans(line))));
                if let (Some(label), Some(Draft::Link(address))) = (label, draft.peek()) {
                    // A link within a link leads nowhere.
                    blocks.push(Block::Link { label: self::spans(label, &|_| false), address: address.clone() });
                    draft.next();
                    announces = false;
                }
            }
            Draft::Item { is_numbered, items } => {
                blocks.push(Block::List { is_numbered, items: items.iter().map(|line| spans(line)).collect() });
            }
            Draft::Pairs(pairs) => match pairs.as_slice() {
                // A single one is a sentence with a colon in it.
                [(name, value)] => blocks.push(Block::Text(spans(&[name.as_slice(), value].concat()))),
                _ => {
                    let pair = |(name, value): &(Line, Line)| (spans(name), spans(value));
                    blocks.push(Block::Pairs(pairs.iter().map(pair).collect()));
                }
            },
            Draft::Apart(line) => blocks.push(Block::Apart(spans(&line))),
            Draft::Code(line) => blocks.push(Block::Code(spans(&line))),
            Draft::Link(address) => blocks.push(Block::Link { label: vec![], address }),
        }
        announced = announces;
    }
    blocks
}

/// Whether a line is the template's own, and no sentence.
fn is_short(line: &Line) -> bool {
    let text = string(line);
    let text = text.trim();
    line.iter().all(|letter| !letter.filled)
        && text.chars().count() <= SHORT
        && text.starts_with(char::is_uppercase)
        && text.ends_with(char::is_alphanumeric)
        && !text.contains('\n')
}

/// The last sentence of a text, if a link can bear it, and what stands before it.
fn split(text: &Line) -> (&[Letter], Option<&[Letter]>) {
    let ends = |pair: &[Letter]| match pair {
        [end, after] => !end.filled && (end.is == '\n' || (".?!".contains(end.is) && after.is.is_whitespace())),
        _ => false,
    };
    let from = text.windows(2).rposition(ends).map_or(0, |at| at + 1);
    match text.split_at_checked(from) {
        Some((before, label)) if label.len() <= SENTENCE => (before, Some(label)),
        _ => (text, None),
    }
}

/// A text cut at blank lines in what was filled in; paragraphs without words are left out.
fn paragraphs(text: &[Letter]) -> Vec<Line> {
    let mut paragraphs = vec![Line::new()];
    for line in text.split_inclusive(|letter| letter.is == '\n') {
        let is_blank = line.iter().all(|letter| letter.is.is_whitespace());
        match paragraphs.last_mut() {
            Some(last) if !is_blank => last.extend(line),
            _ => paragraphs.push(Line::new()),
        }
    }
    paragraphs.retain(|line| !line.is_empty());
    paragraphs
}

fn string(line: &[Letter]) -> String {
    line.iter().map(|letter| letter.is).collect()
}

/// The pieces of a text, without spaces at its ends.
fn spans(line: &[Letter], may_lead: &dyn Fn(&str) -> bool) -> Vec<Span> {
    let is_space = |letter: &Letter| letter.is.is_whitespace();
    let from = line.iter().position(|letter| !is_space(letter)).unwrap_or(line.len());
    let to = line.iter().rposition(|letter| !is_space(letter)).map_or(from, |at| at + 1);
    let mut rest = line.get(from..to).unwrap_or_default();
    let (mut spans, mut words) = (Vec::new(), String::new());
    let mut put = |words: &mut String, span: Option<Span>| {
        if !words.is_empty() {
            spans.push(Span::Words(std::mem::take(words)));
        }
        spans.extend(span);
    };
    while let Some((letter, after)) = rest.split_first() {
        let address = if words.ends_with(char::is_alphanumeric) { None } else { address_at(rest) };
        if let Some(address) = address.filter(|address| may_lead(address)) {
            rest = rest.get(address.chars().count()..).unwrap_or_default();
            put(&mut words, Some(Span::Link(address)));
            continue;
        }
        match letter.is {
            '\n' => put(&mut words, Some(Span::Break)),
            is => words.push(is),
        }
        rest = after;
    }
    put(&mut words, None);
    spans
}

/// The address that a text begins with, if it is the template's own.
fn address_at(text: &[Letter]) -> Option<String> {
    if text.first().is_none_or(|letter| letter.is != 'h' || letter.filled) {
        return None;
    }
    let word = text.split(|letter| letter.is.is_whitespace()).next().unwrap_or_default();
    if word.iter().any(|letter| letter.filled) {
        return None;
    }
    let word = string(word);
    let address = word.trim_end_matches(|c: char| ".,;:!?)”".contains(c));
    is_address(address).then(|| address.to_owned())
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
