//! The tables of the members beside the list itself, and of the FAQ.

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
