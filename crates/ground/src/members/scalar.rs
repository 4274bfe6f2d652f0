//! YAML of the website's file as it is written: only shapes that YAML 1.1 (Jekyll) and 1.2 read alike.

use std::fmt::Write as _;

use serde_json::Value;

use super::institution::Membership;
use super::website::escaped;
use super::yaml::{Entry, number};

/// Keys that are written from what the program knows itself.
const KNOWN: &[&str] = &["name", "uri", "link", "ror", "iiifc", "original"];

/// A whole entry, one key a line, each line behind `indent`.
pub fn written(entry: &Entry, indent: &str) -> String {
    let mut text = format!("{indent}- {}\n", pair("name", &escaped(&entry.name).into()));
    let mut line = |line: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{indent}  {line}");
    };
    if let Some(website) = &entry.website {
        line(pair("uri", &website.as_str().into()));
    }
    if let Some(ror) = &entry.ror {
        line(pair("ror", &ror.as_str().into()));
    }
    line(pair("iiifc", &number(entry.membership).map_or(Value::Null, Value::from)));
    for (key, value) in entry.other.iter().filter(|(key, _)| !KNOWN.contains(&key.as_str())) {
        line(pair(key, value));
    }
    if entry.membership == Membership::CoreFounding {
        line(pair("original", &true.into()));
    }
    text
}

/// A key with its value on one line.
pub fn pair(key: &str, value: &Value) -> String {
    let key = plain_or_quoted(key);
    match value {
        Value::Null => format!("{key}:"),
        Value::String(text) => format!("{key}: {}", plain_or_quoted(text)),
        // What is left of JSON is YAML as it stands.
        other => format!("{key}: {other}"),
    }
}

/// The text as it is, where no reader takes it for anything but this text; else in quotes.
pub fn plain_or_quoted(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { Value::from(text).to_string() }
}

/// Words that are no text in YAML 1.1 or 1.2.
const NO_TEXT: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil"];

fn is_plain(text: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || " -_.,;()/&'’–+?=%~@!*:#".contains(letter);
    text.starts_with(char::is_alphabetic)
        && text.chars().all(fits)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !NO_TEXT.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_a_reader_could_take_it_for_something_else() {
        for plain in
            ["British Library", "https://a.example/?b=c#d", "Texas A&amp;M", "国立国会図書館", "St. Mary's (UK), 2"]
        {
            assert_eq!(plain_or_quoted(plain), plain);
        }
        for quoted in
            ["", "No", "1914", "12:30", "a: b", "a #b", "- a", "*a", "“a”", "a\"b", "a\nb", "a ", "a:", "~", "[a]"]
        {
            assert_eq!(plain_or_quoted(quoted), Value::from(quoted).to_string());
        }
    }

    #[test]
    fn every_kind_of_value_stays_on_its_line() {
        for (value, line) in [
            (Value::Null, "key:"),
            (true.into(), "key: true"),
            (7.into(), "key: 7"),
            (serde_json::json!({ "a": [1, "b: c"] }), "key: {\"a\":[1,\"b: c\"]}"),
        ] {
            assert_eq!(pair("key", &value), line);
        }
    }
}
