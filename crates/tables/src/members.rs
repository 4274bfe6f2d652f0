//! The tables of the members beside the list itself.

diesel::table! {
    member_files (name) {
        name -> Text,
        text -> Text,
        owners -> Text,
        taken_at -> Timestamp,
    }
}
