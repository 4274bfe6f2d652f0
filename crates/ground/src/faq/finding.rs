//! Words found in the answers, and the answers as data for search engines.

use serde_json::json;

use super::render::{Page, Question};
use crate::members::institution::folded;

/// Whether the question or its answer holds all `words`, without regard to accents, case and order.
pub fn holds(question: &Question, words: &str) -> bool {
    let text = folded(&format!("{} {}", question.text, text_of(&question.answer)));
    folded(words).split(' ').all(|word| text.contains(word))
}

/// What a person reads of safe HTML: its tags off, its references resolved.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for piece in html.split('<') {
        // Before the first "<" stands text alone; an element of its own parts words.
        let read = piece.split_once('>').map_or(piece, |(_, after)| after);
        text.push(' ');
        text.push_str(read);
    }
    text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'")
}

/// The page as a `FAQPage` of schema.org, safe to stand inside a script element: it has no "<".
pub fn json_ld(page: &Page) -> String {
    let questions = page.questions.iter().map(|question| {
        let answer = json!({ "@type": "Answer", "text": question.answer });
        json!({ "@type": "Question", "name": question.text, "acceptedAnswer": answer })
    });
    let data = json!({
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": questions.collect::<Vec<_>>(),
    });
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question {
            anchor: "who".to_owned(),
            text: "Who is in it?".to_owned(),
            answer: "<ul><li><a href=\"https://a.example/?b\">Göttingen &amp; Co</a></li><li>Yale</li></ul>".to_owned(),
        }
    }

    #[test]
    fn words_are_found_in_question_and_answer_and_never_in_markup() {
        for words in ["", "gottingen and co", "YALE who", "who is in it?"] {
            assert!(holds(&question(), words), "{words}");
        }
        for words in ["href", "example", "coyale", "zebra"] {
            assert!(!holds(&question(), words), "{words}");
        }
    }

    #[test]
    fn the_data_is_the_answers_and_cannot_end_the_script() {
        let page = Page { title: None, opening: String::new(), questions: vec![question()] };
        let text = json_ld(&page);
        assert!(!text.contains(['<', '>', '&']), "{text}");
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(data["mainEntity"][0]["acceptedAnswer"]["text"], question().answer);
    }
}
