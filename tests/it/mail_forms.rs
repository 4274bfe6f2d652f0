//! Both forms of a mail say the same, and nothing that anybody typed becomes markup in either. Every mail that any test
//! takes from its world is looked at here.

use askama::Template;
use letters::mail::html::{blocks, plain};
use letters::mail::outbox::frame;
use letters::workflow::delivery::guard;
use letters::workflow::delivery::message::{LINK_PLACE, OneLine, Outgoing};
use proptest::prelude::*;
use scraper::{Html, Selector};

/// What the frame is made of.
const TAGS: [&str; 23] = [
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "p",
    "br",
    "h1",
    "h2",
    "ul",
    "ol",
    "li",
    "dl",
    "div",
    "dt",
    "dd",
    "a",
    "strong",
    "span",
    "blockquote",
    "code",
];

/// The words of a text one by one; the signs of lists are drawn by the reader of HTML.
fn words(text: &str) -> Vec<String> {
    let is_sign = |word: &&str| {
        *word == "-" || word.strip_suffix('.').is_some_and(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_digit()))
    };
    text.split_whitespace().filter(|word| !is_sign(word)).map(str::to_owned).collect()
}

fn select(html: &Html, selector: &str) -> usize {
    html.select(&Selector::parse(selector).unwrap()).count()
}

/// What a reader of the HTML form reads.
fn read(html: &Html) -> String {
    html.select(&Selector::parse("body").unwrap()).next().unwrap().text().collect()
}

/// Both forms of a mail say the same, are whole, and lead to the same places; `own` begins the service's addresses.
pub fn agree(mail: &Outgoing, own: &str) {
    let html = mail.html.as_ref().unwrap_or_else(|| panic!("{:?} has no HTML form", mail.subject));
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">\n"), "{html}");
    let parsed = Html::parse_document(html);
    assert_eq!(words(&read(&parsed)), words(&mail.text), "{:?}", mail.subject);
    for mark in ['\u{fdd0}', '\u{fdd1}'] {
        assert!(
            ![mail.subject.as_str(), &mail.text, html].iter().any(|part| part.contains(mark)),
            "{:?}",
            mail.subject
        );
    }
    let places: Vec<&str> = mail.text.split_whitespace().filter(|word| word.starts_with(own)).collect();
    let links = Selector::parse("a[href]").unwrap();
    let links: Vec<&str> =
        parsed.select(&links).filter_map(|link| link.attr("href")).filter(|to| to.starts_with(own)).collect();
    assert_eq!(links, places, "{:?}:\n{}", mail.subject, mail.text);
    assert_eq!(select(&parsed, "script, img, table, [style], [onclick], link, iframe, form"), 0, "{html}");
}

#[derive(Template)]
#[template(
    source = "Dear {{ a }},\n\nabout\n\n  {{ b }}\n  to {{ a }}\n\nTitle: {{ b }}\nWhy:   {{ c }}\n\nWhy:\n\n{{ c }}\n\n\
              {{ b }}\n{{ c }}\n\nWhat to do\n- Read {{ a }}.\n- {{ b }}\n\nRead it here:\n\n  {{ link|safe }}\n\nIIIF Consortium",
    ext = "txt"
)]
struct Sample<'a> {
    a: &'a str,
    b: &'a str,
    c: &'a str,
    link: &'a str,
}

fn drawn(a: &str, b: &str, c: &str) -> (String, String) {
    let text = Sample { a, b, c, link: LINK_PLACE }.render().unwrap();
    let html = frame::html(&plain(b), &blocks(&text, &|_| true)).unwrap();
    (plain(&text), html)
}

/// What people type, from markup, addresses and the conventions of our mails.
fn typed() -> impl Strategy<Value = String> {
    let pieces = [
        "<script>alert(1)</script>",
        "</p>",
        "<a href=\"https://evil.example\">",
        "-->",
        "<!--",
        "</title>",
        "</style>",
        "&lt;",
        "&#60;b&#62;",
        "\"",
        "'",
        "<",
        ">",
        "&",
        "=",
        "https://evil.example/",
        "http://localhost:8080/x",
        LINK_PLACE,
        "\n",
        "\n\n",
        "\n- ",
        "\n1. ",
        "\nTitle: x",
        "\n    ",
        "  ",
        "<main>",
        "<b",
        "javascript:alert(1)",
        "{{ 7 }}",
        "\u{fdd0}",
        "\u{fdd1}",
        "写本",
        "e\u{301}",
        "word",
    ];
    prop::collection::vec(prop_oneof![prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), "\\PC{0,6}"], 0..9)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_typed_stays_words(a in typed(), b in typed(), c in typed()) {
        let (text, html) = drawn(&a, &b, &c);
        let parsed = Html::parse_document(&html);
        prop_assert_eq!(words(&read(&parsed)), words(&text), "{}", html);
        let calm = Html::parse_document(&drawn("Ada", "Scrolls", "So it is.").1);
        for tag in parsed.select(&Selector::parse("*").unwrap()).map(|element| element.value().name()) {
            prop_assert!(TAGS.contains(&tag), "<{}> in {}", tag, html);
            // What is typed may hold blank lines and line breaks, and be empty; nothing else comes of it.
            if !["p", "br", "blockquote", "dl", "div", "dt", "dd"].contains(&tag) {
                prop_assert_eq!(select(&parsed, tag), select(&calm, tag), "{}: {}", tag, html);
            }
        }
        let links: Vec<&str> = parsed.select(&Selector::parse("a").unwrap()).filter_map(|link| link.attr("href")).collect();
        prop_assert_eq!(links, [LINK_PLACE]);
        let inside = Selector::parse("body *").unwrap();
        let attributes = parsed.select(&inside).flat_map(|element| element.value().attrs());
        for (name, _) in attributes {
            prop_assert!(["class", "href"].contains(&name), "{}: {}", name, html);
        }
    }
}

#[test]
fn a_trial_mail_says_in_both_forms_that_it_is_one() {
    let (text, html) = drawn("Ada", "Scrolls <main>", "So.");
    let mail = Outgoing {
        id: letters::ids::MailId::fresh(),
        from: "letters@iiif.example".parse().unwrap(),
        to: "ada@uni.example".parse().unwrap(),
        subject: OneLine::new("Scrolls").unwrap(),
        text,
        html: Some(html),
        message_id: OneLine::new("<1@iiif.example>").unwrap(),
        thread: None,
        queued_at: "2026-03-02T09:00:00Z".parse().unwrap(),
    };
    let marked = guard::mark(mail).unwrap();
    assert_eq!(select(&Html::parse_document(marked.html.as_ref().unwrap()), "main > p:first-child"), 1);
    agree(&marked, "https://letters.example");
}

/// A link that a template fills in as it fills in words would lead nowhere in HTML; words filled in as links are could.
#[test]
fn every_template_of_a_mail_says_which_of_its_addresses_are_its_own() {
    const ADDRESSES: [&str; 9] =
        ["link", "about.link", "line.link", "posting.link", "site.link(\"/account\")", "all", "yes", "no", "abstain"];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/mail");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        for value in text.split("{{ ").skip(1).filter_map(|rest| rest.split(" }}").next()) {
            let own = value.strip_suffix("|safe");
            assert_eq!(own.is_some(), ADDRESSES.contains(&own.unwrap_or(value)), "{value} in {}", file.display());
            count += usize::from(own.is_some());
        }
    }
    assert!(count > 40, "{count}");
}
