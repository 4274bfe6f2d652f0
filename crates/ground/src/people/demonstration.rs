//! The permission to walk in as the made-up people of the demonstration; in real use nobody has it.

use crate::config::Config;
use crate::refusal::Refusal;

/// May sign in as the made-up people of the demonstration, without a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Demonstration(());

impl Demonstration {
    /// The permission, when the service is the demonstration and nothing in it is real.
    ///
    /// # Errors
    /// In real use there is nothing here.
    pub fn of(config: &Config) -> Result<Self, Refusal> {
        let nothing = || Refusal::not_found("no-demonstration", "This is not the demonstration.");
        config.demo.then_some(Self(())).ok_or_else(nothing)
    }
}
