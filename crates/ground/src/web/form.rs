//! A form as it is shown: what was typed and what is wrong with it, so that nobody types anything twice.
//! Reading and judging the fields is left to each concept's own `form.rs`.

use std::fmt::Write as _;

use crate::refusal::FieldErrors;

/// One choice of a select, of radios or of check boxes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// More about it, below the label; empty for none. Not shown in a select.
    pub hint: String,
    /// Words that it is found by besides its label, in small letters without accents; empty for none.
    pub words: String,
}

impl Choice {
    /// A choice without a hint.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new(), words: String::new() }
    }

    /// The same choice, found by further words.
    #[must_use]
    pub fn found_by(mut self, words: impl Into<String>) -> Self {
        self.words = words.into();
        self
    }

    /// The same choice with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A form as it is shown: the values as they were typed, and what is wrong with them.
/// `templates/parts/field.html` draws every input from one of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormView {
    values: Vec<(String, String)>,
    errors: FieldErrors,
}

impl FormView {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// A form filled with `values`: field name and value. A name may come more than once (check boxes).
    pub fn filled<N: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { values, errors: FieldErrors::default() }
    }

    /// The same form with one more value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((name.into(), value.into()));
        self
    }

    /// The same form with what is wrong with it.
    #[must_use]
    pub fn failing(mut self, errors: FieldErrors) -> Self {
        self.errors = errors;
        self
    }

    /// What was typed into `name`; empty when nothing was.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether the form came with a field `name`, empty or not.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    /// Whether `choice` was picked for `name`.
    pub fn picked(&self, name: &str, choice: &str) -> bool {
        self.values.iter().any(|(known, value)| known == name && value == choice)
    }

    /// What is wrong with `name`; empty when nothing is.
    pub fn error(&self, name: &str) -> &str {
        self.errors.of(name).unwrap_or_default()
    }

    /// Whether something is wrong with `name`.
    pub fn is_wrong(&self, name: &str) -> bool {
        self.errors.of(name).is_some()
    }

    /// Whether anything is wrong.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// All that is wrong, in the order of the fields.
    pub fn errors(&self) -> &FieldErrors {
        &self.errors
    }

    /// The ids of the texts that describe `name`, for `aria-describedby`: its hint, its error and its word count,
    /// as far as each is there and not empty.
    pub fn described_by(&self, name: &str, hint: &str, count: &str) -> String {
        let mut ids = String::new();
        for (text, kind) in [(hint, "hint"), (self.error(name), "error"), (count, "count")] {
            if !text.is_empty() {
                let space = if ids.is_empty() { "" } else { " " };
                let _ = write!(ids, "{space}{name}-{kind}");
            }
        }
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_that_comes_back_keeps_what_was_typed() {
        let form = FormView::filled([("title", "Maps  of \u{2603}"), ("kind", "a"), ("kind", "b")])
            .failing(FieldErrors::one("title", "Shorten the title"));
        assert_eq!(form.value("title"), "Maps  of \u{2603}");
        assert!(form.picked("kind", "b") && !form.picked("kind", "c"));
        assert_eq!(form.error("title"), "Shorten the title");
        assert_eq!(form.value("unknown"), "");
    }

    #[test]
    fn a_field_is_described_by_its_hint_its_error_and_its_count_when_it_has_them() {
        let form = FormView::new().failing(FieldErrors::one("summary", "Write a summary"));
        assert_eq!(form.described_by("summary", "In short", "200 words"), "summary-hint summary-error summary-count");
        assert_eq!(form.described_by("title", "As printed", ""), "title-hint");
        assert_eq!(form.described_by("title", "", ""), "");
    }
}
