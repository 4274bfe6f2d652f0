//! The tables of the members beside the list itself, and of the FAQ.

use crate::persons;

diesel::table! {
    former_names (institution_id, until) {
        institution_id -> Text,
        until -> Date,
        name -> Text,
    }
}

diesel::table! {
    member_files (name) {
        name -> Text,
        text -> Text,
        owners -> Text,
        taken_at -> Timestamp,
    }
}

diesel::table! {
    faq_versions (number) {
        number -> BigInt,
        text -> Text,
        written_by -> Nullable<Text>,
        written_at -> Timestamp,
    }
}

diesel::table! {
    merged_institutions (id) {
        id -> Text,
        name -> Text,
        into_id -> Text,
        merged_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(persons, faq_versions);
