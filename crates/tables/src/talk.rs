//! The tables of what is said about a request: questions to the applicant, the answers they change, and posts.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

diesel::table! {
    questions (id) {
        id -> Text,
        request_id -> Text,
        seat_id -> Nullable<Text>,
        asked_by -> Text,
        question -> Text,
        asked_at -> Timestamp,
        reply_by -> Date,
        answer -> Nullable<Text>,
        answered_at -> Nullable<Timestamp>,
        reopens -> Text,
        withdrawn_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    section_changes (request_id, section) {
        request_id -> Text,
        section -> Text,
        form -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    request_versions (request_id, number) {
        request_id -> Text,
        number -> Integer,
        form -> Text,
        replaced_at -> Timestamp,
        replaced_by -> Text,
        question_id -> Nullable<Text>,
    }
}

diesel::table! {
    posts (id) {
        id -> Text,
        request_id -> Text,
        person_id -> Text,
        author -> Text,
        seat_id -> Nullable<Text>,
        institution -> Text,
        audience -> Text,
        body -> Text,
        posted_at -> Timestamp,
        taken_back_at -> Nullable<Timestamp>,
    }
}
