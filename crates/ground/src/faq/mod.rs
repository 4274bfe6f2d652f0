//! The FAQ: a page made from a Markdown and Liquid source that the Consortium's Jekyll site reads as well, with the
//! live list of members in it.

pub mod anchor;
pub mod commands;
pub mod fill;
pub mod finding;
pub mod html;
pub mod links;
pub mod pages;
pub mod render;
pub mod store;

/// The source that the program brings along, in the project's own words.
pub const BUNDLED: &str = include_str!("../../../../content/faq.md");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::members::bundled;

    #[test]
    fn the_bundled_page_renders_with_every_member_in_it_and_no_markup_left_over() {
        let day = "2026-11-22".parse().unwrap();
        let members = fill::listed(&bundled::institutions().unwrap(), day);
        let page = render::render(BUNDLED, &members, &links::Links::default()).unwrap();
        assert!(page.questions.len() >= 15, "{}", page.questions.len());
        let list = page.questions.iter().find(|one| one.anchor == "which-institutions-are-members").unwrap();
        assert_eq!(list.answer.matches("<li>").count(), 71);
        assert!(list.answer.contains("there are 71:"), "{}", list.answer);
        let positions =
            ["Bayerische", "La Bibliothèque", "The J. Paul Getty", "Yale"].map(|name| list.answer.find(name));
        assert!(positions.is_sorted() && positions.iter().all(Option::is_some), "{positions:?}");
        for question in &page.questions {
            for left_over in ["{%", "{{", "](", "]["] {
                assert!(!question.answer.contains(left_over), "{left_over} in {}", question.text);
            }
        }
    }
}
