//! The first step from source to page: front matter off, Liquid filled in with the members. Markdown comes after, as
//! in Jekyll. A member's name cannot make markup: it is put in as character references.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use chrono::NaiveDate;
use liquid::model::{Array, Object, Value};
use serde::Deserialize;

use super::render::Faulty;
use crate::members::institution::Institution;
use crate::members::yaml;

/// An institution as the website's data shows it to the source: `site.data.institutions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `name`.
    pub name: String,
    /// `uri`.
    pub website: Option<String>,
    /// `iiifc`: 1 to 4 for a member, nothing for the community.
    pub number: Option<u8>,
}

/// The list as it stands on `day`, in the order people look for names. Who has left by then is not in it.
pub fn listed(institutions: &[Institution], day: NaiveDate) -> Vec<Listed> {
    let mut present: Vec<(String, Listed)> = institutions
        .iter()
        .filter_map(|one| {
            let number = yaml::number(one.membership_on(day)?);
            Some((one.sort_key(), Listed { name: one.name.clone(), website: one.website.clone(), number }))
        })
        .collect();
    present.sort_by(|(key, one), (other_key, other)| (key, &one.name).cmp(&(other_key, &other.name)));
    present.into_iter().map(|(_, listed)| listed).collect()
}

/// A source with its Liquid filled in.
#[derive(Debug)]
pub struct Filled {
    /// The title in the front matter, if there is one.
    pub title: Option<String>,
    /// The Markdown.
    pub markdown: String,
    /// Where the page's links lead, as far as the front matter says.
    pub links: Leads,
}

/// What the front matter says of links. The website's Jekyll passes over it.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
pub struct Leads {
    /// The address in front of paths that this service does not have.
    pub website: Option<String>,
    /// Paths of the website with the path or address that takes their place here.
    #[serde(default)]
    pub links: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct FrontMatter {
    title: Option<String>,
    #[serde(flatten)]
    leads: Leads,
}

/// Fills in a source.
///
/// # Errors
/// The first fault with its line: front matter that is no YAML, a tag or filter that is unknown, a block left open.
pub fn fill(source: &str, members: &[Listed]) -> Result<Filled, Faulty> {
    let (front, body, skipped) = split(source);
    let front: Option<FrontMatter> = serde_saphyr::from_str(front).map_err(|error| {
        let line = error.location().and_then(|at| usize::try_from(at.line()).ok());
        Faulty { line: line.map(|line| line + 1), what: "the front matter is not YAML.".to_owned() }
    })?;
    let FrontMatter { title, leads } = front.unwrap_or_default();
    check_tags(body).map_err(|fault| fault.moved(skipped))?;
    let template = parser()?.parse(body).map_err(|error| told(&error, body).moved(skipped))?;
    let page = Object::from_iter([("title".into(), Value::scalar(title.clone().unwrap_or_default()))]);
    let data = Object::from_iter([("institutions".into(), Value::Array(array(members)))]);
    let site = Object::from_iter([("data".into(), Value::Object(data))]);
    let globals = Object::from_iter([("site".into(), Value::Object(site)), ("page".into(), Value::Object(page))]);
    let markdown = template.render(&globals).map_err(|error| told(&error, body).moved(skipped))?;
    Ok(Filled { title, markdown, links: leads })
}

/// The parser knows no table of its own, so one serves every page.
fn parser() -> Result<&'static liquid::Parser, Faulty> {
    static PARSER: LazyLock<Option<liquid::Parser>> =
        LazyLock::new(|| liquid::ParserBuilder::with_stdlib().build().ok());
    PARSER.as_ref().ok_or_else(|| Faulty { line: None, what: "Liquid cannot be started.".to_owned() })
}

/// Front matter, body, and how many lines come before the body.
fn split(source: &str) -> (&str, &str, usize) {
    let opened = source.strip_prefix("---\n").or_else(|| source.strip_prefix("---\r\n"));
    let Some(opened) = opened else { return ("", source, 0) };
    let mut at = 0;
    for (number, line) in opened.split_inclusive('\n').enumerate() {
        let after = at + line.len();
        if line.trim_end() == "---" {
            let (front, body) = (opened.get(..at), opened.get(after..));
            return (front.unwrap_or_default(), body.unwrap_or_default(), number + 2);
        }
        at = after;
    }
    ("", source, 0)
}

fn array(members: &[Listed]) -> Array {
    members.iter().map(|member| Value::Object(object(member))).collect()
}

fn object(member: &Listed) -> Object {
    let text = |text: &str| Value::scalar(harmless(text));
    let number = member.number.map_or(Value::Nil, |number| Value::scalar(i64::from(number)));
    Object::from_iter([
        ("name".into(), text(&member.name)),
        ("uri".into(), member.website.as_deref().filter(|address| is_web(address)).map_or(Value::Nil, text)),
        ("iiifc".into(), number),
        // The website's entries may carry these too; here they are always empty.
        ("logo".into(), Value::Nil),
        ("new".into(), Value::Nil),
        ("original".into(), if member.number == Some(1) { Value::scalar(true) } else { Value::Nil }),
    ])
}

/// A member's website is data: whatever is no web address is left out instead of spoiling the page.
fn is_web(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.starts_with("https://") || address.starts_with("http://")
}

/// `text` with every ASCII mark as a character reference. Neither Markdown nor HTML reads a reference as markup, so
/// the text appears literally in a heading, a list, a link and an attribute alike.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            mark if mark.is_ascii_punctuation() => {
                // Writing to a String cannot fail.
                let _ = write!(safe, "&#{};", u32::from(mark));
            }
            space if space.is_whitespace() || space.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

const BLOCKS: &[&str] = &["for", "if", "unless", "case", "capture", "comment", "raw", "tablerow", "ifchanged"];
const INSIDE: &[&str] = &["else", "elsif", "when", "break", "continue", "cycle", "assign", "increment", "decrement"];

/// Refuses tags this page cannot have, with their line. Jekyll's own (`include`, `link`, `highlight`) need the
/// website's files, which are not here.
fn check_tags(body: &str) -> Result<(), Faulty> {
    let mut verbatim: Option<&str> = None;
    for (number, line) in body.lines().enumerate() {
        for piece in line.split("{%").skip(1) {
            let word = piece.trim_start_matches('-').trim_start();
            let word = word.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
            match verbatim {
                Some(block) if word.strip_prefix("end") == Some(block) => verbatim = None,
                Some(_) => {}
                None if matches!(word, "raw" | "comment") => verbatim = Some(word),
                None => {
                    let known = word.strip_prefix("end").is_some_and(|word| BLOCKS.contains(&word));
                    if !known && !BLOCKS.contains(&word) && !INSIDE.contains(&word) {
                        let what = format!("the tag {{% {word} %}} is not known here.");
                        return Err(Faulty { line: Some(number + 1), what });
                    }
                }
            }
        }
    }
    Ok(())
}

/// Liquid's message in one sentence. It tells the place as " --> line:column", or names what it looked for.
fn told(error: &liquid::Error, body: &str) -> Faulty {
    let text = error.to_string();
    let place = text.split_once("--> ").and_then(|(_, rest)| rest.split_once(':')).map(|(line, _)| line);
    let sought = ["requested variable=", "requested index=", "requested filter="];
    let sought = sought.iter().find_map(|key| text.split_once(key)).map(|(_, rest)| rest.lines().next().unwrap_or(""));
    let found = || sought.and_then(|word| super::render::line_of(body, word.rsplit('.').next()?.trim()));
    let place = place.and_then(|line| line.trim().parse::<usize>().ok());
    // What ends too early is reported on the line after the last.
    let line = place.map(|line| line.min(body.lines().count())).or_else(found);
    // With a picture of the place the reason comes last, after "= "; else it comes first.
    let reason = text.rsplit_once("\n  = ").or_else(|| text.rsplit_once("\n   = ")).map(|(_, reason)| reason);
    let reason = reason.or_else(|| text.split_once("liquid: ").map(|(_, rest)| rest)).unwrap_or(&text);
    let reason = reason.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    let sought = sought.map(|word| format!(" ({word})")).unwrap_or_default();
    Faulty { line, what: format!("{reason}{sought}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members() -> Vec<Listed> {
        vec![
            Listed {
                name: "First & Second".into(),
                website: Some("https://first.example/?a=b".into()),
                number: Some(1),
            },
            Listed { name: "Third".into(), website: None, number: None },
        ]
    }

    #[test]
    fn front_matter_comes_off_and_its_title_is_kept() {
        let filled = fill("---\ntitle: Questions\nlayout: spec\n---\n# {{ page.title }}\n", &[]).unwrap();
        assert_eq!((filled.title.as_deref(), filled.markdown.as_str()), (Some("Questions"), "# Questions\n"));
    }

    #[test]
    fn a_source_without_front_matter_is_all_body() {
        assert_eq!(fill("---\nno end\n", &[]).unwrap().markdown, "---\nno end\n");
        assert_eq!(fill("plain\n", &[]).unwrap().title, None);
    }

    #[test]
    fn members_are_put_in_and_their_marks_are_references() {
        let source = "{% for i in site.data.institutions %}{% if i.iiifc %}{{ i.name }}{% if i.uri %} {{ i.uri }}{% endif %}{% endif %}{% endfor %}";
        assert_eq!(
            fill(source, &members()).unwrap().markdown,
            "First &#38; Second https&#58;&#47;&#47;first&#46;example&#47;&#63;a&#61;b"
        );
    }

    #[test]
    fn a_tag_that_is_unknown_is_an_error_with_its_line_in_the_whole_source() {
        for (source, line, says) in [
            ("---\ntitle: A\n---\none\n\n{% include nav.html %}\n", 6, "{% include %}"),
            ("one\n{%- link other.md -%}\n", 2, "{% link %}"),
            ("{% raw %}{% anything %}{% endraw %}\n{% nothing %}\n", 2, "{% nothing %}"),
        ] {
            let fault = fill(source, &[]).unwrap_err();
            assert_eq!(fault.line, Some(line), "{fault}");
            assert!(fault.what.contains(says), "{fault}");
        }
    }

    #[test]
    fn what_liquid_refuses_is_an_error_with_its_line() {
        for (source, line) in [
            ("---\ntitle: A\n---\n{{ page.title | shout }}\n", 4),
            ("one\n{{ page.title | \n", 2),
            ("one\ntwo {{ site.data.events }}\n", 2),
            ("---\ntitle: [A\n---\n", 2),
        ] {
            let fault = fill(source, &[]).unwrap_err();
            assert_eq!(fault.line, Some(line), "{source}: {fault}");
        }
        let open = fill("one\n{% if page.title %}\n", &[]).unwrap_err();
        assert!(!open.what.is_empty(), "{open}");
    }
}
