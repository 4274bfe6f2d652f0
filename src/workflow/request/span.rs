//! A part of time, as lists of requests are narrowed down to it.

/// A part of time, without its ends; open where one is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<T> {
    /// Later than this.
    pub after: Option<T>,
    /// Earlier than this.
    pub before: Option<T>,
}

impl<T> Default for Span<T> {
    fn default() -> Self {
        Self { after: None, before: None }
    }
}

impl<T: Ord + Copy> Span<T> {
    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { after: self.after.max(other.after), before: [self.before, other.before].into_iter().flatten().min() }
    }
}
