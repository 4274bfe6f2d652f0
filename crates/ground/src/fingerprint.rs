//! Short fingerprints of texts, by which a form notices that what its page showed has been changed since.

use sha2::{Digest, Sha256};

/// The fingerprint of these texts in this order: 16 hexadecimal digits.
pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        // Its length goes first, so that no other cut of the same letters has the same fingerprint.
        hasher.update(text.len().to_be_bytes());
        hasher.update(text);
    }
    hasher.finalize().iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_another_order_and_another_cut_are_told_apart() {
        let all = [of(["ab", "c"]), of(["a", "bc"]), of(["c", "ab"]), of(["ab", "d"]), of(["abc"]), of([])];
        assert!(all.iter().enumerate().all(|(place, one)| one.len() == 16 && !all[..place].contains(one)), "{all:?}");
        assert_eq!(of(["ab", "c"]), of(["ab", "c"]));
    }
}
