//! The tables of what the Consortium puts on every letter.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

use crate::persons;

diesel::table! {
    houses (number) {
        number -> BigInt,
        settings -> Text,
        logo -> Nullable<Binary>,
        signature -> Nullable<Binary>,
        written_by -> Text,
        written_at -> Timestamp,
    }
}

diesel::table! {
    wordings (number) {
        number -> BigInt,
        kind -> Text,
        language -> Text,
        text -> Nullable<Text>,
        written_by -> Text,
        written_at -> Timestamp,
    }
}

diesel::table! {
    house_drafts (person_id) {
        person_id -> Text,
        began_with -> BigInt,
        settings -> Text,
        logo -> Nullable<Binary>,
        signature -> Nullable<Binary>,
        saved_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(persons, houses);
diesel::allow_tables_to_appear_in_same_query!(persons, wordings);
