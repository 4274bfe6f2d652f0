//! What the typesetter promises: no value is ever read as markup or code, nothing outside the sheet can be read.

use std::convert::Infallible;
use std::sync::LazyLock;

use askama::Template;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sheets::escape::filters;
use typst::syntax::ast::{Expr, Markup};

use super::*;

static TYPST: LazyLock<Typst> = LazyLock::new(|| Typst::new(None).unwrap());

/// All text of a document as it was set, in reading order.
fn text_of(document: &PagedDocument) -> String {
    let mut all = String::new();
    for page in document.pages() {
        let Ok(()) = walk(&page.frame, Point::zero(), &mut |run, _| {
            all.push_str(&run.text);
            Ok::<(), Infallible>(())
        });
    }
    all
}

#[derive(Template)]
#[template(
    source = "#set page(width: auto, height: auto)\n#set text(fallback: false)\n#set par(linebreaks: \"simple\")\n{% for value in values %}#let x = {{ value|lit }}\n⟦{{ value }}⟧⟦#x⟧ \\ \n{% endfor %}",
    ext = "typ"
)]
struct Many<'a> {
    values: &'a [String],
}

/// Pieces that Typst, Askama or HTML would take for markup, between ordinary letters.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[ -~]",
        2 => "[a-zà-ÿΑ-ωа-я]{1,4}",
        1 => Just("#".to_owned()),
        2 => proptest::sample::select(vec![
            "#read(\"/etc/passwd\")", "#{", "#let x = 1", "$x$", "```", "/*", "*/", "//", "https://a.example", "<b>", "</par>",
            "{{ x }}", "{% if %}", "{# c #}", "\\u{41}", "\\", "\"", "];", "\";", ");", "#par[", "= H", "- ", "+ ", "1. ", "/ a: b", "@ref",
            "<label>", "~", "--", "---", "...", "*b*", "_i_", "'", "&amp;", "&#x41;", "#!", ".x", "(1)", "[y]", "\u{a0}", "é", "ﬁ",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
}

/// Runs `check` on `cases` batches of 250 hostile values.
fn with_hostile_values(cases: u32, check: impl Fn(Vec<String>) -> Result<(), TestCaseError>) {
    let config = Config { cases, ..Config::default() };
    let batch = proptest::collection::vec(
        hostile().prop_map(|value: String| value.split_whitespace().collect::<Vec<_>>().join(" ")),
        250,
    );
    TestRunner::new(config).run(&batch, check).unwrap();
}

#[derive(Template)]
#[template(source = "a{{ value }}(1)[b].c#let x = {{ value|lit }}", ext = "typ")]
struct Embedded<'a> {
    value: &'a str,
}

#[test]
fn ten_thousand_hostile_values_are_one_string_each_to_typst() {
    with_hostile_values(40, |values| {
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            let source = Source::detached(Embedded { value: &value }.render().unwrap());
            prop_assert!(source.root().errors_and_warnings().0.is_empty(), "{}", source.text());
            let markup = source.root().cast::<Markup<'_>>().unwrap();
            let read: Vec<String> = markup
                .exprs()
                .map(|part| match part {
                    Expr::Text(text) => text.get().to_string(),
                    Expr::Str(string) => string.get().to_string(),
                    Expr::LetBinding(binding) => match binding.init() {
                        Some(Expr::Str(string)) => string.get().to_string(),
                        other => format!("{other:?}"),
                    },
                    other => format!("{other:?}"),
                })
                .collect();
            prop_assert_eq!(read, ["a", &value, "(1)", "[", "b", "]", ".c", &value]);
        }
        Ok(())
    });
}

#[test]
fn five_hundred_hostile_values_are_set_literally() {
    with_hostile_values(2, |values| {
        let sheet = Many { values: &values }.render().unwrap();
        let document = TYPST.compile(sheet, &Pictures::default());
        comemo::evict(0);
        let set = text_of(&document.map_err(|error| TestCaseError::fail(format!("{error:?}")))?);
        let found: Vec<&str> = set.split_terminator('⟧').filter_map(|value| value.strip_prefix('⟦')).collect();
        prop_assert_eq!(found, values.iter().flat_map(|value| [value.as_str(); 2]).collect::<Vec<_>>());
        Ok(())
    });
}

#[test]
fn a_panic_of_the_typesetter_is_a_fault_and_the_next_letter_is_set() {
    let tower: String = std::iter::once('a').chain(std::iter::repeat_n('\u{30a}', 70_000)).collect();
    let sheet = Many { values: &[tower] }.render().unwrap();
    let panicked = contained(|| TYPST.compile(sheet, &Pictures::default()));
    assert!(matches!(panicked, Err(Unprintable::Broken(_))));
    assert!(TYPST.compile("A letter.".into(), &Pictures::default()).is_ok());
}

#[test]
fn nothing_outside_the_letter_can_be_read() {
    for source in
        ["#read(\"/etc/passwd\")", "#include \"other.typ\"", "#import \"@preview/cetz:0.3.0\"", "#image(\"../x.png\")"]
    {
        assert!(TYPST.compile(source.into(), &Pictures::default()).is_err(), "{source}");
    }
}
