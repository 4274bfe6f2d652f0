//! The plain text that staff type into a letter, and the little that is read into it: `*emphasis*`, rows that begin with
//! `- ` or are numbered from `1. `, and web addresses. A `\` before a `*` or a `\` makes it an ordinary character.
//! Everything else stands in the letter as it was typed.

/// One part of a paragraph as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text; line breaks are kept.
    Text(Vec<Span>),
    /// A list, each item one row.
    List {
        /// Whether its items are numbered, from 1.
        is_numbered: bool,
        /// What they say.
        items: Vec<Vec<Span>>,
    },
}

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Ordinary words.
    Plain(String),
    /// Emphasised words.
    Emphasis(String),
    /// A web address, which begins with `https://` or `http://`. It is always shown in full: no link hides where it leads.
    Address(String),
}

impl Span {
    /// Its words.
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Emphasis(text) | Self::Address(text) => text,
        }
    }
}

/// Reads one paragraph.
pub fn read(paragraph: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for row in paragraph.lines() {
        match (marked(row), blocks.last_mut()) {
            (Some((Marker::Dash, rest)), Some(Block::List { is_numbered: false, items })) => items.push(spans(rest)),
            (Some((Marker::Number(n), rest)), Some(Block::List { is_numbered: true, items }))
                if n == items.len() + 1 =>
            {
                items.push(spans(rest));
            }
            (Some((Marker::Dash, rest)), _) => {
                blocks.push(Block::List { is_numbered: false, items: vec![spans(rest)] })
            }
            (Some((Marker::Number(1), rest)), _) => {
                blocks.push(Block::List { is_numbered: true, items: vec![spans(rest)] });
            }
            (_, Some(Block::Text(text))) => {
                push(text, Span::Plain("\n".to_owned()));
                spans(row).into_iter().for_each(|span| push(text, span));
            }
            _ => blocks.push(Block::Text(spans(row))),
        }
    }
    blocks
}

/// The words of a paragraph as a reader of the letter sees them, without list markers.
pub fn plain(paragraph: &str) -> String {
    let text = |spans: &[Span]| spans.iter().map(Span::text).collect::<String>();
    let of = |block: &Block| match block {
        Block::Text(spans) => text(spans),
        Block::List { items, .. } => items.iter().map(|item| text(item)).collect::<Vec<_>>().join("\n"),
    };
    read(paragraph).iter().map(of).collect::<Vec<_>>().join("\n")
}

/// `text` so that it stands in a paragraph as it is, whatever stars it has.
pub fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('*', "\\*")
}

/// The web addresses of a paragraph.
pub fn addresses(paragraph: &str) -> usize {
    let count = |spans: &Vec<Span>| spans.iter().filter(|span| matches!(span, Span::Address(_))).count();
    let of = |block: &Block| match block {
        Block::Text(spans) => count(spans),
        Block::List { items, .. } => items.iter().map(count).sum(),
    };
    read(paragraph).iter().map(of).sum()
}

/// What a row of a list begins with.
#[derive(Clone, Copy)]
enum Marker {
    Dash,
    Number(usize),
}

/// The marker of a row and what comes after it, if it has one.
fn marked(row: &str) -> Option<(Marker, &str)> {
    if let Some(rest) = row.strip_prefix("- ").or_else(|| row.strip_prefix("\u{2022} ")) {
        return Some((Marker::Dash, rest));
    }
    let (number, rest) = row.split_once(". ")?;
    // Two digits at most: "2027. That year …" begins no list.
    let number = (number.len() <= 2).then(|| number.parse().ok()).flatten()?;
    Some((Marker::Number(number), rest))
}

/// A character, and whether it stands for nothing but itself.
type Letter = (char, bool);

fn spans(row: &str) -> Vec<Span> {
    let letters = letters(row);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = letters.get(at..).filter(|rest| !rest.is_empty()) {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        if let Some(length) = address(before, rest) {
            found.push(Span::Address(text(rest.iter().take(length))));
            at += length;
        } else if let Some(length) = emphasis(before, rest) {
            found.push(Span::Emphasis(text(rest.iter().skip(1).take(length))));
            at += length + 2;
        } else {
            push(&mut found, Span::Plain(text(rest.iter().take(1))));
            at += 1;
        }
    }
    found
}

/// Adds a span; plain words go on with the plain words before them.
fn push(spans: &mut Vec<Span>, span: Span) {
    match (spans.last_mut(), span) {
        (Some(Span::Plain(open)), Span::Plain(text)) => open.push_str(&text),
        (_, span) => spans.push(span),
    }
}

fn text<'l>(letters: impl Iterator<Item = &'l Letter>) -> String {
    letters.map(|(letter, _)| letter).collect()
}

fn letters(row: &str) -> Vec<Letter> {
    let mut found = Vec::with_capacity(row.len());
    let mut rest = row.chars().peekable();
    while let Some(letter) = rest.next() {
        match rest.next_if(|next| letter == '\\' && matches!(next, '*' | '\\')) {
            Some(escaped) => found.push((escaped, true)),
            None => found.push((letter, false)),
        }
    }
    found
}

/// How long the emphasised words are that begin at `rest`, between two stars. Stars between the letters or digits of a word,
/// as in "5*3*2", and stars beside stars are none.
fn emphasis(before: Option<&Letter>, rest: &[Letter]) -> Option<usize> {
    const STAR: Letter = ('*', false);
    let (first, inside) = rest.split_first()?;
    if *first != STAR || before.is_some_and(|before| is_word(before.0) || *before == STAR) {
        return None;
    }
    let length = inside.iter().position(|letter| *letter == STAR)?;
    let (words, after) = inside.split_at(length);
    let is_tight = !words.first()?.0.is_whitespace() && !words.last()?.0.is_whitespace();
    let ends = after.get(1).is_none_or(|next| !is_word(next.0) && *next != STAR);
    (is_tight && ends).then_some(length)
}

/// Whether a star beside it is inside a word. Chinese, Japanese and Korean have no blanks between words.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() && letter < '\u{2e80}'
}

/// How long the web address is that begins at `rest`. What ends the sentence around it is no part of it.
fn address(before: Option<&Letter>, rest: &[Letter]) -> Option<usize> {
    let starts = |scheme: &str| rest.iter().map(|(letter, _)| *letter).take(scheme.len()).eq(scheme.chars());
    let scheme = ["https://", "http://"].into_iter().find(|scheme| starts(scheme))?.len();
    if before.is_some_and(|before| is_word(before.0)) {
        return None;
    }
    let belongs = |letter: &&Letter| {
        letter.0.is_ascii_graphic() && !matches!(letter.0, '<' | '>' | '"') && **letter != ('*', false)
    };
    let whole = text(rest.iter().take_while(belongs));
    let mut address = whole.as_str();
    loop {
        let closes = address.ends_with(')') && !address.contains('(');
        match address.strip_suffix(['.', ',', ';', ':', '!', '?', '\'']) {
            Some(shorter) => address = shorter,
            None if closes => address = address.strip_suffix(')').unwrap_or(address),
            None => break,
        }
    }
    (address.len() > scheme).then_some(address.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Span {
        Span::Plain(text.to_owned())
    }

    fn strong(text: &str) -> Span {
        Span::Emphasis(text.to_owned())
    }

    fn one_text(paragraph: &str) -> Vec<Span> {
        match read(paragraph).as_slice() {
            [Block::Text(spans)] => spans.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn words_between_two_stars_are_emphasised_and_other_stars_are_stars() {
        assert_eq!(one_text("We *gladly* agree."), [words("We "), strong("gladly"), words(" agree.")]);
        assert_eq!(one_text("(*both of us*)"), [words("("), strong("both of us"), words(")")]);
        assert_eq!(one_text("\u{3053}\u{308c}\u{306f}*\u{91cd}\u{8981}*\u{3067}\u{3059}").len(), 3);
        for literal in ["5*3*2", "* alone", "a * b * c", "*open", "**two**", "* blank*", "*blank *", "\\*no\\*"] {
            assert_eq!(one_text(literal), [words(&literal.replace('\\', ""))], "{literal}");
        }
        assert_eq!(one_text("C:\\maps and \\\\"), [words("C:\\maps and \\")]);
    }

    #[test]
    fn a_web_address_is_one_without_the_sentence_around_it() {
        let address = |text: &str| Span::Address(text.to_owned());
        assert_eq!(
            one_text("See https://iiif.io/a_b?c=1."),
            [words("See "), address("https://iiif.io/a_b?c=1"), words(".")]
        );
        assert_eq!(one_text("(http://a.example)"), [words("("), address("http://a.example"), words(")")]);
        assert_eq!(one_text("https://a.example/(b)"), [address("https://a.example/(b)")]);
        assert_eq!(one_text("https://a.example\u{3092}")[0], address("https://a.example"));
        for none in ["https://", "xhttps://a", "javascript:alert(1)", "ftp://a.example"] {
            assert_eq!(one_text(none), [words(none)]);
        }
    }

    #[test]
    fn rows_with_dashes_and_rows_numbered_from_one_are_lists() {
        let blocks = read("We will:\n- advise\n- *review*\n1. first\n2. second\nThen more.\n2. none");
        let list = |is_numbered, items: &[Span]| Block::List {
            is_numbered,
            items: items.iter().map(|item| vec![item.clone()]).collect(),
        };
        assert_eq!(
            blocks,
            [
                Block::Text(vec![words("We will:")]),
                list(false, &[words("advise"), strong("review")]),
                list(true, &[words("first"), words("second")]),
                Block::Text(vec![words("Then more.\n2. none")]),
            ]
        );
        assert_eq!(plain("- a\n- *b*\nEnd"), "a\nb\nEnd");
        assert_eq!(addresses("- https://a.example\n- b\nhttps://c.example"), 2);
    }

    proptest! {
        #[test]
        fn what_is_made_literal_is_read_as_it_was(text in "[ab *\\\\.1-9(/:ht]{0,40}") {
            let row = format!("x{text}");
            prop_assert_eq!(plain(&literal(&row)), row);
        }

        #[test]
        fn nothing_but_markers_is_ever_lost(text in "[a *\\\\\\-1.é日\n]{0,40}") {
            let bare = |text: &str| text.chars().filter(|letter| !" *\\-1.\n".contains(*letter)).collect::<String>();
            prop_assert_eq!(bare(&plain(&text)), bare(&text));
        }
    }
}
