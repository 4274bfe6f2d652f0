//! Tables as diesel sees them; kept in step with `migrations/` by a test.

#![allow(missing_docs, reason = "diesel's macro makes items that cannot carry any; the migrations explain the columns")]

mod co_signing;
mod files;
mod house;
mod mails;
mod members;
mod outcome;
mod people;
mod post;
mod talk;

pub use co_signing::{co_signers, co_signings};
pub use files::attachments;
pub use house::{house_drafts, houses, wordings};
pub use mails::{held_kinds, outbox};
pub use members::{faq_versions, former_names, member_files, merged_institutions};
pub use outcome::outcomes;
pub use people::{budgets, co_applicants, invites, persons, roles, saved_views, sign_in_attempts, web_sessions};
pub use post::copies;
pub use talk::{posts, questions, request_versions, section_changes};

diesel::table! {
    counters (name) {
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    submit_tokens (token) {
        token -> Text,
        target -> Text,
        used_at -> Timestamp,
    }
}

diesel::table! {
    done_once (what) {
        what -> Text,
        done_at -> Timestamp,
    }
}

diesel::table! {
    audit_entries (id) {
        id -> Text,
        subject -> Text,
        seq -> BigInt,
        at -> Timestamp,
        actor_id -> Nullable<Text>,
        actor -> Text,
        what -> Text,
        detail -> Text,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    institutions (id) {
        id -> Text,
        name -> Text,
        sort_key -> Text,
        search_text -> Text,
        website -> Nullable<Text>,
        country -> Nullable<Text>,
        commercial -> Bool,
        extra -> Text,
        created_at -> Timestamp,
        ror -> Nullable<Text>,
    }
}

diesel::table! {
    memberships (id) {
        id -> Text,
        institution_id -> Text,
        tier -> Text,
        since -> Nullable<Date>,
        until -> Nullable<Date>,
    }
}

diesel::table! {
    institution_aliases (folded) {
        folded -> Text,
        alias -> Text,
        institution_id -> Text,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    seats (id) {
        id -> Text,
        institution_id -> Nullable<Text>,
        batch -> Text,
        first_day -> Date,
        last_day -> Date,
    }
}

diesel::table! {
    seat_holders (id) {
        id -> Text,
        seat_id -> Text,
        person_id -> Text,
        capacity -> Text,
        since -> Date,
        until -> Nullable<Date>,
    }
}

diesel::table! {
    officers (id) {
        id -> Text,
        office -> Text,
        person_id -> Text,
        since -> Date,
        until -> Nullable<Date>,
    }
}

diesel::table! {
    settings (name, since) {
        name -> Text,
        since -> Date,
        value -> Text,
        set_by -> Nullable<Text>,
        set_at -> Timestamp,
    }
}

diesel::table! {
    stages (name) {
        name -> Text,
    }
}

diesel::table! {
    requests (id) {
        id -> Text,
        revision -> BigInt,
        reference -> Nullable<Text>,
        applicant_id -> Text,
        stage -> Text,
        form -> Text,
        policy -> Nullable<Text>,
        title -> Text,
        applicant_name -> Text,
        institution_id -> Nullable<Text>,
        institution_name -> Text,
        funder -> Text,
        programme -> Text,
        letter_kind -> Text,
        deadline_at -> Nullable<Timestamp>,
        deadline_words -> Text,
        needed_on -> Nullable<Date>,
        lead_band -> Nullable<Text>,
        search_text -> Text,
        created_at -> Timestamp,
        changed_at -> Timestamp,
        submitted_at -> Nullable<Timestamp>,
        held -> Bool,
        routed_at -> Nullable<Timestamp>,
        review_began_at -> Nullable<Timestamp>,
        answer -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        letter_id -> Nullable<Text>,
        issued_at -> Nullable<Timestamp>,
        delivered_at -> Nullable<Timestamp>,
        withdrawn_at -> Nullable<Timestamp>,
        withdrawn_why -> Nullable<Text>,
    }
}

diesel::table! {
    assignments (id) {
        id -> Text,
        request_id -> Text,
        seat_id -> Text,
        place -> Integer,
        why -> Text,
        assigned_at -> Timestamp,
        due_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        ended_why -> Nullable<Text>,
    }
}

diesel::table! {
    conflicts (id) {
        id -> Text,
        request_id -> Text,
        seat_id -> Text,
        person_id -> Nullable<Text>,
        conflicted -> Bool,
        source -> Text,
        reason -> Text,
        declared_at -> Timestamp,
    }
}

diesel::table! {
    conflict_dismissals (request_id, seat_id, ground, matter) {
        request_id -> Text,
        seat_id -> Text,
        ground -> Text,
        matter -> Text,
        person_id -> Text,
        dismissed_at -> Timestamp,
    }
}

diesel::table! {
    motions (id) {
        id -> Text,
        request_id -> Text,
        number -> Integer,
        state -> Text,
        opened_at -> Timestamp,
        frozen -> Text,
        consensus_until -> Timestamp,
        reviews_due_at -> Timestamp,
        tally_called_by -> Nullable<Text>,
        tally_called_at -> Nullable<Timestamp>,
        tally_closes_at -> Nullable<Timestamp>,
        closed_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
        explanation -> Nullable<Text>,
        reopened_why -> Nullable<Text>,
    }
}

diesel::table! {
    reviews (id) {
        id -> Text,
        request_id -> Text,
        seat_id -> Text,
        person_id -> Text,
        recommendation -> Nullable<Text>,
        ratings -> Text,
        for_committee -> Text,
        for_applicant -> Text,
        saved_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        draft -> Nullable<Text>,
    }
}

diesel::table! {
    objections (id) {
        id -> Text,
        motion_id -> Text,
        seat_id -> Text,
        person_id -> Text,
        reason -> Text,
        raised_at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
        closed_by -> Nullable<Text>,
        close_reason -> Nullable<Text>,
        closed_as -> Nullable<Text>,
    }
}

diesel::table! {
    ballots (id) {
        id -> Text,
        motion_id -> Text,
        seat_id -> Text,
        person_id -> Text,
        capacity -> Text,
        choice -> Text,
        reason -> Text,
        cast_at -> Timestamp,
        superseded_at -> Nullable<Timestamp>,
        source -> Nullable<Text>,
        witness -> Nullable<Text>,
    }
}

diesel::table! {
    decisions (id) {
        id -> Text,
        request_id -> Text,
        motion_id -> Nullable<Text>,
        answer -> Text,
        explanation -> Text,
        reasons -> Text,
        what_would_change -> Text,
        prepared_at -> Timestamp,
        released_at -> Nullable<Timestamp>,
        released_by -> Nullable<Text>,
    }
}

diesel::table! {
    reopened_answers (id) {
        id -> Text,
        request_id -> Text,
        motion_id -> Nullable<Text>,
        answer -> Text,
        explanation -> Text,
        reasons -> Text,
        what_would_change -> Text,
        prepared_at -> Timestamp,
        released_at -> Nullable<Timestamp>,
        released_by -> Nullable<Text>,
        reopened_at -> Timestamp,
        reopened_by -> Text,
        reason -> Text,
    }
}

diesel::table! {
    letters (id) {
        id -> Text,
        request_id -> Text,
        version -> Integer,
        revision -> BigInt,
        state -> Text,
        motion_id -> Text,
        body -> Text,
        drafted_by -> Text,
        drafted_at -> Timestamp,
        number -> Nullable<Text>,
        code -> Nullable<Text>,
        facts -> Nullable<Text>,
        issued_at -> Nullable<Timestamp>,
        issued_by -> Nullable<Text>,
        sha256 -> Nullable<Text>,
        pdf -> Nullable<Binary>,
        edited_by -> Nullable<Text>,
        begun_why -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        house -> Nullable<BigInt>,
        wording -> Nullable<BigInt>,
    }
}

diesel::table! {
    proofs (letter_id) {
        letter_id -> Text,
        revision -> BigInt,
        facts -> Text,
        sha256 -> Text,
        pdf -> Binary,
        checked_by -> Text,
        checked_at -> Timestamp,
        house -> BigInt,
    }
}

diesel::table! {
    revocations (letter_id) {
        letter_id -> Text,
        reason -> Text,
        proposed_by -> Text,
        proposed_at -> Timestamp,
        confirmed_by -> Nullable<Text>,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    call_checks (letter_id) {
        letter_id -> Text,
        letter_revision -> BigInt,
        profile -> Text,
        profile_version -> Text,
        misfits -> Text,
        reason -> Text,
        file_name -> Text,
        checked_by -> Text,
        checked_at -> Timestamp,
    }
}

diesel::table! {
    seal_certificates (sha256) {
        sha256 -> Text,
        chain -> Text,
        first_used_at -> Timestamp,
    }
}

diesel::table! {
    seals (letter_id) {
        letter_id -> Text,
        certificate -> Text,
        sha256 -> Text,
        pdf -> Binary,
        sealed_at -> Timestamp,
        stamped_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    calendar_feeds (id) {
        id -> Text,
        person_id -> Text,
        nonce -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    daily_mails (person_id) {
        person_id -> Text,
        chosen_at -> Timestamp,
    }
}

// Set by set, as queries join them: a list of all tables would be compiled as every pair of them, several hundred.
diesel::allow_tables_to_appear_in_same_query!(persons, seat_holders, seats, institutions, assignments);
diesel::allow_tables_to_appear_in_same_query!(persons, settings);
diesel::allow_tables_to_appear_in_same_query!(persons, calendar_feeds);
diesel::allow_tables_to_appear_in_same_query!(persons, reopened_answers);
diesel::allow_tables_to_appear_in_same_query!(persons, officers);
diesel::allow_tables_to_appear_in_same_query!(persons, call_checks);
diesel::allow_tables_to_appear_in_same_query!(persons, objections);
diesel::allow_tables_to_appear_in_same_query!(persons, proofs);
diesel::allow_tables_to_appear_in_same_query!(persons, revocations);
diesel::allow_tables_to_appear_in_same_query!(requests, questions, conflicts, motions, ballots, decisions, outbox);
diesel::allow_tables_to_appear_in_same_query!(seats, conflicts);
diesel::allow_tables_to_appear_in_same_query!(letters, seals, seal_certificates);
diesel::allow_tables_to_appear_in_same_query!(letters, proofs);
