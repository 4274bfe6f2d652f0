//! From source and members to the page: one question per second-level heading, each with a lasting anchor.
//! A source with a fault gives an error with its line and no page; whoever shows pages keeps the last good one.

use std::fmt;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::anchor::Anchors;
use super::fill::{Filled, Listed, fill};
use super::html::{Open, checked};
use super::links::Links;

/// What is wrong with a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faulty {
    /// The line, from 1, where it could be told.
    pub line: Option<usize>,
    /// What is wrong, in plain words.
    pub what: String,
}

impl Faulty {
    /// The same fault `lines` further down.
    #[must_use]
    pub fn moved(self, lines: usize) -> Self {
        Self { line: self.line.map(|line| line + lines), ..self }
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for Faulty {}

/// A fault found after Liquid was filled in, with the text by which its line is found in the source.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    /// What the source has at the place.
    pub text: String,
    /// What is wrong.
    pub what: String,
}

impl Shown {
    /// A fault at the place where the source has `text`.
    pub fn at(text: impl Into<String>, what: impl Into<String>) -> Self {
        Self { text: text.into(), what: what.into() }
    }
}

/// The first line, from 1, of `source` with `text` in it.
pub(super) fn line_of(source: &str, text: &str) -> Option<usize> {
    source.lines().position(|line| line.contains(text)).map(|at| at + 1)
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The anchor, without "#".
    pub anchor: String,
    /// The question as plain text.
    pub text: String,
    /// The answer as safe HTML.
    pub answer: String,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The title in the source's front matter.
    pub title: Option<String>,
    /// What comes before the first question, as safe HTML.
    pub opening: String,
    /// The questions in the source's order.
    pub questions: Vec<Question>,
}

/// Makes the page. `members` is the list as the source's loop sees it.
///
/// # Errors
/// The first fault of the source, with its line where it can be told.
pub fn render(source: &str, members: &[Listed], links: &Links) -> Result<Page, Faulty> {
    let source = source.replace("\r\n", "\n");
    let Filled { title, markdown, links: leads } = fill(&source, members)?;
    let links = &links.led(&leads).map_err(|Shown { text, what }| Faulty { line: line_of(&source, &text), what })?;
    let markdown = joined_html(&markdown);
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_SMART_PUNCTUATION;
    let parser = Parser::new_ext(&markdown, options);
    let events = safe(parser, links).map_err(|Shown { text, what }| Faulty { line: line_of(&source, &text), what })?;
    let (opening, questions) = questions(with_anchors(events));
    Ok(Page { title, opening, questions })
}

/// Liquid leaves blank lines and indentation inside a list written in HTML. In CommonMark a blank line ends the HTML
/// and an indented line is code, so the lines of such a stretch are drawn together: it is HTML from its first tag to
/// the closing one, as on the website.
fn joined_html(markdown: &str) -> String {
    let mut joined = String::with_capacity(markdown.len());
    let (mut depth, mut name, mut fence) = (0_usize, String::new(), None);
    for line in markdown.lines() {
        let bare = line.trim();
        if depth == 0 {
            let ticks = ["```", "~~~"].into_iter().find(|ticks| bare.starts_with(ticks));
            match (fence, ticks) {
                (None, Some(opened)) => fence = Some(opened),
                (Some(open), Some(closed)) if open == closed => fence = None,
                _ => {}
            }
            let opens = fence.is_none() && line.starts_with('<');
            name = if opens { element_name(bare) } else { String::new() };
        }
        if !name.is_empty() {
            depth = (depth + count(bare, &format!("<{name}"))).saturating_sub(count(bare, &format!("</{name}")));
        }
        if name.is_empty() || depth == 0 {
            joined.push_str(line);
            joined.push('\n');
        } else if !bare.is_empty() {
            joined.push_str(bare);
            joined.push('\n');
        }
    }
    joined
}

/// The name of the block element a line opens with: one of those that stretch over lines.
fn element_name(line: &str) -> String {
    const STRETCHES: &[&str] = &["ul", "ol", "dl", "table", "div", "blockquote", "p"];
    let name: String = line.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
    if STRETCHES.contains(&name.as_str()) { name } else { String::new() }
}

/// How often `tag` stands in `line` as a whole name.
fn count(line: &str, tag: &str) -> usize {
    let follows = |rest: &str| !rest.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    line.split(tag).skip(1).filter(|rest| follows(rest)).count()
}

/// The events with every piece of HTML and every link checked.
fn safe<'a>(parser: Parser<'a>, links: &Links) -> Result<Vec<Event<'a>>, Shown> {
    let mut open = Open::default();
    let mut events = Vec::new();
    let mut block = String::new();
    for event in parser {
        match event {
            // A block of HTML comes line by line; an element may stretch over several.
            Event::Html(line) => block.push_str(&line),
            Event::Start(Tag::HtmlBlock) => {}
            Event::End(TagEnd::HtmlBlock) => {
                events.push(Event::Html(checked(&std::mem::take(&mut block), &mut open, links)?.into()));
            }
            Event::InlineHtml(piece) => events.push(Event::InlineHtml(checked(&piece, &mut open, links)?.into())),
            Event::Start(tag) => {
                if matches!(tag, Tag::Heading { level: HeadingLevel::H2, .. }) {
                    open.no_html_before_a_question()?;
                }
                open.markdown();
                events.push(Event::Start(linked(tag, links)?));
            }
            Event::End(tag) => {
                open.end_markdown()?;
                events.push(Event::End(tag));
            }
            other => events.push(other),
        }
    }
    open.end()?;
    Ok(events)
}

fn linked<'a>(tag: Tag<'a>, links: &Links) -> Result<Tag<'a>, Shown> {
    match tag {
        Tag::Link { link_type, dest_url, title, id } => {
            let dest_url = match link_type {
                pulldown_cmark::LinkType::Email => format!("mailto:{dest_url}"),
                _ => links.address(&dest_url)?,
            };
            // The address is complete now, so the writer must not add "mailto:" again.
            Ok(Tag::Link { link_type: pulldown_cmark::LinkType::Inline, dest_url: dest_url.into(), title, id })
        }
        Tag::Image { dest_url, .. } => Err(Shown::at(&*dest_url, "this page shows no images.")),
        other => Ok(other),
    }
}

/// The events with an anchor on every heading: the one the source asks for (`{#name}`), else from its text.
fn with_anchors(mut events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut anchors = Anchors::default();
    for at in 0..events.len() {
        if !matches!(events.get(at), Some(Event::Start(Tag::Heading { .. }))) {
            continue;
        }
        let text = heading_text(events.get(at + 1..).unwrap_or_default());
        if let Some(Event::Start(Tag::Heading { id, .. })) = events.get_mut(at) {
            let anchor = match id.take() {
                Some(asked) => anchors.take(asked.to_string()),
                None => anchors.for_heading(&text),
            };
            *id = Some(anchor.into());
        }
    }
    events
}

fn heading_text(events: &[Event<'_>]) -> String {
    let inside = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    inside
        .filter_map(|event| if let Event::Text(text) | Event::Code(text) = event { Some(&**text) } else { None })
        .collect()
}

/// Cuts the page at its second-level headings. A heading inside a list or a quotation cuts nothing.
fn questions(events: Vec<Event<'_>>) -> (String, Vec<Question>) {
    let mut opening = Vec::new();
    let mut parts: Vec<(String, String, Vec<Event<'_>>)> = Vec::new();
    let mut depth = 0_usize;
    let mut events = events.into_iter();
    while let Some(event) = events.next() {
        if let Event::Start(Tag::Heading { level: HeadingLevel::H2, id, .. }) = &event
            && depth == 0
        {
            let anchor = id.as_ref().map(ToString::to_string).unwrap_or_default();
            let heading: Vec<Event<'_>> =
                events.by_ref().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_)))).collect();
            parts.push((anchor, heading_text(&heading), Vec::new()));
            continue;
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        parts.last_mut().map_or(&mut opening, |(_, _, answer)| answer).push(event);
    }
    let question = |(anchor, text, answer)| Question { anchor, text, answer: written(answer) };
    (written(opening), parts.into_iter().map(question).collect())
}

fn written(events: Vec<Event<'_>>) -> String {
    let mut text = String::new();
    html::push_html(&mut text, events.into_iter());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shapes a source of the website has: front matter, nested lists, reference links, raw HTML around a loop
    /// whose entries come with and without a link.
    const SOURCE: &str = r#"---
title: Questions of a Test
id: test
layout: spec
---

Some words [before][home].

## Why a test?

 * One: a [reference][home], *stress* and `code`.

 * Two, with more under it:
     * Two and a half
     * Three quarters, see [the policy][policy]

## Who is in it?

<ul>
{% for i in site.data.institutions %}
    {% if i.iiifc %}
  <li>
      {% if i.uri %}<a href="{{ i.uri }}">{% endif %}
        {{ i.name }}
      {% if i.uri %}</a>{% endif %}
  </li>
    {% endif %}
{% endfor %}
</ul>

## Why a test?

Again, and `{{ page.title }}`.

[home]: /community/test/
[policy]: /community/policy/support/
[unused]: https://unused.example/
"#;

    fn listed(name: &str, website: Option<&str>, number: Option<u8>) -> Listed {
        Listed { name: name.to_owned(), website: website.map(str::to_owned), number }
    }

    fn members() -> Vec<Listed> {
        vec![
            listed("Archive & *Museum* of _All_", Some("https://archive.example/?a=1&b=\"2\""), Some(1)),
            listed("<script>alert(1)</script> {{ x }} {% y %}", None, Some(4)),
            listed("In the community only", Some("https://community.example"), None),
            listed("Évil", Some("javascript:alert(1)"), None),
        ]
    }

    fn page(source: &str) -> Result<Page, Faulty> {
        render(source, &members(), &Links::default())
    }

    #[test]
    fn every_second_level_heading_is_a_question_with_its_own_anchor() {
        let page = page(SOURCE).unwrap();
        let questions: Vec<_> = page.questions.iter().map(|one| (one.anchor.as_str(), one.text.as_str())).collect();
        assert_eq!(
            questions,
            [("why-a-test", "Why a test?"), ("who-is-in-it", "Who is in it?"), ("why-a-test-1", "Why a test?")]
        );
        assert_eq!(page.title.as_deref(), Some("Questions of a Test"));
        assert_eq!(page.opening, "<p>Some words <a href=\"https://iiif.io/community/test/\">before</a>.</p>\n");
    }

    #[test]
    fn nested_lists_and_reference_links_are_rendered() {
        let page = page(SOURCE).unwrap();
        let answer = &page.questions[0].answer;
        assert!(answer.contains("<ul>\n<li>Two and a half</li>"), "{answer}");
        assert!(answer.contains("<a href=\"/policy\">the policy</a>"), "{answer}");
    }

    #[test]
    fn the_loop_lists_members_with_and_without_a_link_and_nobody_else() {
        let page = page(SOURCE).unwrap();
        assert_eq!(
            page.questions[1].answer.trim(),
            "<ul>\n\
             <li>\n\
             <a href=\"https://archive.example/?a=1&amp;b=&quot;2&quot;\">\nArchive &amp; *Museum* of _All_\n</a>\n\
             </li>\n\
             <li>\n&lt;script&gt;alert(1)&lt;/script&gt; {{ x }} {% y %}\n</li>\n\
             </ul>"
        );
    }

    #[test]
    fn a_member_name_stays_text_in_markdown_too() {
        let page = page("{% for i in site.data.institutions %}* [{{ i.name }}](/members)\n{% endfor %}").unwrap();
        assert!(page.opening.contains("<a href=\"/members\">Archive &amp; *Museum* of _All_</a>"), "{}", page.opening);
        assert!(page.opening.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", page.opening);
    }

    #[test]
    fn a_member_without_a_web_address_is_listed_without_a_link() {
        let source = "{% for i in site.data.institutions %}<a href=\"{{ i.uri }}\">{{ i.name }}</a>\n{% endfor %}";
        let page = page(source).unwrap();
        assert!(page.opening.contains("<a>Évil</a>") && !page.opening.contains("javascript"), "{}", page.opening);
    }

    #[test]
    fn no_liquid_is_left_over() {
        let page = page(SOURCE).unwrap();
        assert_eq!(page.questions[2].answer, "<p>Again, and <code>Questions of a Test</code>.</p>\n");
    }

    #[test]
    fn what_could_harm_the_page_is_an_error_with_its_line() {
        for (extra, says) in [
            ("text <script>alert(1)</script>", "<script>"),
            ("<div>\n\nnever closed", "never closed"),
            ("a [link](javascript:alert(1))", "javascript"),
            ("![](https://tracker.example/pixel.png)", "no images"),
            ("* <b>crossed\n\nover</b>", "never closed"),
            ("<span>\n\n## A question inside\n\n</span>", "inside"),
        ] {
            let fault = page(&format!("---\ntitle: A\n---\n\n{extra}\n")).unwrap_err();
            assert!(fault.what.contains(says), "{extra}: {fault}");
            assert_eq!(fault.line, Some(5), "{extra}: {fault}");
        }
    }

    #[test]
    fn html_in_code_is_text() {
        let page = page("```\n<script>\n\n<ul>\n```\nand `<b>`\n").unwrap();
        assert_eq!(
            page.opening,
            "<pre><code>&lt;script&gt;\n\n&lt;ul&gt;\n</code></pre>\n<p>and <code>&lt;b&gt;</code></p>\n"
        );
    }

    #[test]
    fn windows_line_ends_make_no_difference() {
        assert_eq!(page(&SOURCE.replace('\n', "\r\n")), page(SOURCE));
    }
}
