//! The languages that a letter can be asked for and written in.

use crate::worded;

worded! {
    /// The language of a letter, as its tag (BCP 47).
    #[derive(Default)]
    pub enum Language {
        /// English.
        #[default]
        English = "en",
        /// French.
        French = "fr",
        /// German.
        German = "de",
        /// Spanish.
        Spanish = "es",
        /// Italian.
        Italian = "it",
        /// Japanese.
        Japanese = "ja",
    }
}

impl Language {
    /// The language's name in English, as funders' rules have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "French",
            Self::German => "German",
            Self::Spanish => "Spanish",
            Self::Italian => "Italian",
            Self::Japanese => "Japanese",
        }
    }

    /// The language's own name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
            Self::German => "Deutsch",
            Self::Spanish => "Español",
            Self::Italian => "Italiano",
            Self::Japanese => "日本語",
        }
    }
}
