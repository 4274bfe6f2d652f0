//! Small pieces of sentences that the rules' explanations share: lists and counted things.

/// "A", "A and B", "A, B and C"; empty for nothing.
pub fn and_list<T: AsRef<str>>(things: &[T]) -> String {
    match things {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// "1 seat", "2 seats": for words whose plural takes an s.
pub fn counted(count: u32, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(and_list::<&str>(&[]), "");
        assert_eq!(and_list(&["Oxford"]), "Oxford");
        assert_eq!(and_list(&["Oxford", "Yale"]), "Oxford and Yale");
        assert_eq!(and_list(&["Oxford", "Yale", "Getty"]), "Oxford, Yale and Getty");
    }

    #[test]
    fn one_thing_has_no_plural() {
        assert_eq!(counted(1, "seat"), "1 seat");
        assert_eq!(counted(0, "seat"), "0 seats");
    }
}
