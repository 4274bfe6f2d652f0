//! What form a text has, convention by convention; and that what is filled in never has any.

use super::*;

/// A text as a template writes it: what stands in braces is filled in.
fn marked(text: &str) -> String {
    text.replace('{', &BEGIN.to_string()).replace('}', &END.to_string())
}

fn read(text: &str) -> Vec<Block> {
    blocks(&marked(text), &|_| true)
}

fn words(text: &str) -> Vec<Span> {
    vec![Span::Words(text.to_owned())]
}

fn text(text: &str) -> Block {
    Block::Text(words(text))
}

fn link(label: &str, address: &str) -> Block {
    let label = if label.is_empty() { vec![] } else { words(label) };
    Block::Link { label, address: address.to_owned() }
}

const HERE: &str = "https://letters.example/requests/1";

#[test]
fn paragraphs_end_at_blank_lines_and_a_line_break_stays_one() {
    let lines = vec![Span::Words("there is mail.".into()), Span::Break, Span::Words("Read it.".into())];
    assert_eq!(read("Dear {Ada},\n\nthere is mail.\nRead it.\n"), [text("Dear Ada,"), Block::Text(lines)]);
}

#[test]
fn an_address_on_its_own_line_bears_the_sentence_that_announces_it() {
    assert_eq!(
        read(&format!("It is there. Read it here:\n\n  {HERE}\n")),
        [text("It is there."), link("Read it here:", HERE)]
    );
    assert_eq!(read(&format!("Read it here:\n{HERE}")), [link("Read it here:", HERE)]);
    assert_eq!(read(&format!("It is closed.\n{HERE}")), [text("It is closed."), link("", HERE)]);
    assert_eq!(read(&format!("Open it:\n\n{LINK_PLACE}")), [link("Open it:", LINK_PLACE)]);
    let long = format!("{}:", "so ".repeat(50).trim_end());
    assert_eq!(read(&format!("{long}\n{HERE}")), [text(&long), link("", HERE)]);
}

#[test]
fn an_address_within_a_line_leads_there_too_without_the_full_stop_after_it() {
    let spans = vec![Span::Words("All of it: ".into()), Span::Link(HERE.into()), Span::Words(".".into())];
    assert_eq!(read(&format!("All of it: {HERE}.")), [Block::Text(spans)]);
    assert_eq!(addresses(&format!("Either {HERE}\nor\n\n  {HERE}/x\n")), [format!("{HERE}/x")]);
}

#[test]
fn a_short_line_before_a_list_is_its_heading() {
    let heading = |is_first, text| Block::Heading { is_first, words: words(text) };
    let list =
        |is_numbered, items: &[&str]| Block::List { is_numbered, items: items.iter().map(|one| words(one)).collect() };
    assert_eq!(
        read("What to do now\n- Read {it}.\n- Send it.\n\nWhat happens next\n\n1. We read.\n\n2. We answer.\n\nBye."),
        [
            heading(true, "What to do now"),
            list(false, &["Read it.", "Send it."]),
            heading(false, "What happens next"),
            list(true, &["We read.", "We answer."]),
            text("Bye."),
        ]
    );
}

#[test]
fn names_and_what_they_stand_for_make_a_list_of_two_or_more() {
    let pairs = vec![(words("Title:"), words("Scrolls: a & b")), (words("Why:"), words("So."))];
    assert_eq!(read("Title:     {Scrolls: a & b}\nWhy: {So.}"), [Block::Pairs(pairs)]);
    assert_eq!(read("Questions: {help@iiif.example}"), [text("Questions: help@iiif.example")]);
}

#[test]
fn what_is_set_apart_quoted_or_to_be_typed_is_told_by_its_place() {
    let two = vec![Span::Words("Scrolls".into()), Span::Break, Span::Words("to the Fund".into())];
    assert_eq!(read("the letter for:\n\n  {Scrolls}\n  to {the Fund}"), [text("the letter for:"), Block::Apart(two)]);
    let quote = Block::Quote(vec![words("One."), words("Two.")]);
    // What a link was announced with announces nothing more.
    assert_eq!(read(&format!("Read it:\n{HERE}\n\n{{One.}}")), [link("Read it:", HERE), text("One.")]);
    assert_eq!(read("Why:\n\n{One.\n\nTwo.}\n\nBye."), [text("Why:"), quote.clone(), text("Bye.")]);
    assert_eq!(read("Why:\n\n  {One.\n\nTwo.}\n\nBye."), [text("Why:"), quote, text("Bye.")]);
    assert_eq!(
        read("We agree.\n\n{One.\n\nTwo.}\n\nBye."),
        [text("We agree."), text("One."), text("Two."), text("Bye.")]
    );
    assert_eq!(
        read("Type this:\n\n    {ABCD-1234}\n\nOnce."),
        [text("Type this:"), Block::Code(words("ABCD-1234")), text("Once.")]
    );
    assert_eq!(read("Bye.\n\nIIIF Consortium\n"), [text("Bye."), Block::Signature(words("IIIF Consortium"))]);
}

#[test]
fn nothing_that_is_filled_in_has_a_form() {
    for typed in [HERE, LINK_PLACE, "- one", "1. one", "Title: x", "    code", "Buy now"] {
        let typed = typed.trim();
        let lines = vec![
            Span::Words("for".into()),
            Span::Break,
            Span::Words(typed.into()),
            Span::Break,
            Span::Words(typed.into()),
            Span::Break,
            Span::Words(typed.into()),
        ];
        assert_eq!(read(&format!("for\n{{{typed}\n{typed}}}\n{{{typed}}}")), [Block::Text(lines)], "{typed}");
        assert_eq!(
            read(&format!("Dear you,\n\n  {{{typed}}}")),
            [text("Dear you,"), Block::Apart(words(typed))],
            "{typed}"
        );
    }
    assert_eq!(addresses(&marked(&format!("{{{HERE}}}\n\n  {{{HERE}}}\nSee {{{HERE}}}"))), [""; 0]);
    // An address that goes on with what is filled in is none.
    assert_eq!(read("See https://letters.example/{x}"), [text("See https://letters.example/x")]);
}

#[test]
fn only_addresses_that_may_lead_somewhere_do() {
    let foreign = "https://evil.example/";
    let form = blocks(&format!("A\n{foreign}\n{HERE}\nB {foreign}"), &|address| address == HERE);
    let lines = vec![Span::Words("A".into()), Span::Break, Span::Words(foreign.into())];
    assert_eq!(form, [Block::Text(lines), link("", HERE), text(&format!("B {foreign}"))]);
}
