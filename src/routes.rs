//! The whole route table: method, path, handler.

use actix_web::web::{self, ServiceConfig, get, head, post};

use crate::people::pages::{account, invite, sign_in, walk_in};
use crate::staff::pages as queue;
use crate::verify;
use crate::web::{assets, problem};
use crate::workflow::decision::pages::{acts as decided, motion, record};
use crate::workflow::delivery::pages::{held, mailbox, outbox};
use crate::workflow::discussion::pages as discussion;
use crate::workflow::letter::pages as letter;
use crate::workflow::outcome::pages as outcome;
use crate::workflow::post::pages::{asking, label, posting};
use crate::workflow::request::pages::people as request_people;
use crate::workflow::request::pages::{
    archive, attachments, check, correction, draft, pdf, section, status, suitability, talk,
};
use crate::workflow::review::pages::{acts, participation, request as review};
use crate::workflow::waiting::pages::{calendar, waiting};
use crate::{committee, faq, funders, members, policy};

/// Every route of the service.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(assets::ASSETS_ROUTE, get().to(assets::serve))
        .route("/", get().to(crate::home::page))
        .route("/healthz", get().to(crate::health::healthz))
        .route("/styleguide", get().to(crate::styleguide::page))
        .route("/styleguide", post().to(crate::styleguide::back))
        .configure(people)
        .configure(consortium)
        .configure(requests)
        .configure(deciding)
        .configure(discussing)
        .configure(letters)
        .configure(on_paper)
        .configure(overview)
        .configure(delivery)
        .default_service(web::to(problem::nowhere));
}

/// Signing in and one's own account.
fn people(config: &mut ServiceConfig) {
    config
        .route("/sign-in", get().to(sign_in::form))
        .route("/sign-in", post().to(sign_in::ask))
        .route("/sign-in/wait", get().to(sign_in::wait))
        .route("/sign-in/resend", post().to(sign_in::resend))
        .route("/sign-in/code", post().to(sign_in::code))
        .route("/sign-in/confirm", get().to(sign_in::confirm_form))
        .route("/sign-in/confirm", post().to(sign_in::confirm))
        .route("/s/{token}", get().to(sign_in::open_link))
        .route("/s/{token}", head().to(sign_in::open_link))
        .route("/sign-out", post().to(account::sign_out))
        .route("/account", get().to(account::show_account))
        .route("/account/name", post().to(account::rename))
        .route("/account/sessions/end", post().to(account::end_session))
        .route("/account/sessions/end-others", post().to(account::end_other_sessions))
        .route("/demo", get().to(walk_in::form))
        .route("/demo/{who}", get().to(walk_in::form))
        .route("/demo/{who}", post().to(walk_in::walk_in))
        .route("/invite", get().to(invite::form))
        .route("/invite", post().to(invite::accept))
        .route("/invite/{token}", get().to(invite::open_link))
        .route("/invite/{token}", head().to(invite::open_link));
}

/// What the Consortium is: its members, committee, policy and answers to questions.
fn consortium(config: &mut ServiceConfig) {
    config
        .route("/members", get().to(members::pages::list))
        .route("/members/new", get().to(members::pages::edit::blank))
        .route("/members/new", post().to(members::pages::edit::create))
        .route("/members/import", get().to(members::pages::import::blank))
        .route("/members/import", post().to(members::pages::import::take))
        .route("/members/institutions.yml", get().to(members::pages::data::yml))
        .route("/members/institutions.yml", head().to(members::pages::data::yml))
        .route("/members/{institution}", get().to(members::pages::one::page))
        .route("/members/{institution}/merge", get().to(crate::merging::pages::form))
        .route("/members/{institution}/merge", post().to(crate::merging::pages::take))
        .route("/members/{institution}/edit", get().to(members::pages::edit::form))
        .route("/members/{institution}/edit", post().to(members::pages::edit::change))
        .route("/members.json", get().to(members::pages::data::json))
        .route("/members.json", head().to(members::pages::data::json))
        .route("/members.csv", get().to(members::pages::data::csv))
        .route("/members.csv", head().to(members::pages::data::csv))
        .route("/members.jsonld", get().to(members::pages::data::json_ld))
        .route("/members.jsonld", head().to(members::pages::data::json_ld))
        .route("/committee", get().to(committee::pages::list))
        .route("/committee/officers", get().to(committee::pages::officers::show_officers))
        .route("/committee/officers", post().to(committee::pages::officers::save))
        .route("/committee/officers/end", post().to(committee::pages::officers::finish))
        .route("/committee/roster", get().to(committee::pages::roster::blank))
        .route("/committee/roster", post().to(committee::pages::roster::take))
        .route("/committee/exec_terms.yml", get().to(committee::pages::data::yml))
        .route("/committee/exec_terms.yml", head().to(committee::pages::data::yml))
        .route("/committee/{seat}", get().to(committee::pages::seat::seat))
        .route("/committee/{seat}", post().to(committee::pages::seat::save))
        .route("/committee/{seat}/give-up", get().to(committee::pages::vacancy::give_up_form))
        .route("/committee/{seat}/give-up", post().to(committee::pages::vacancy::record_give_up))
        .route("/committee/{seat}/fill", get().to(committee::pages::vacancy::fill_form))
        .route("/committee/{seat}/fill", post().to(committee::pages::vacancy::record_fill))
        .route("/committee.json", get().to(committee::pages::data::json))
        .route("/committee.json", head().to(committee::pages::data::json))
        .route("/committee.csv", get().to(committee::pages::data::csv))
        .route("/committee.csv", head().to(committee::pages::data::csv))
        .route("/committee.jsonld", get().to(committee::pages::data::json_ld))
        .route("/committee.jsonld", head().to(committee::pages::data::json_ld))
        .route("/faq", get().to(faq::pages::page))
        .route("/faq.md", get().to(faq::pages::source))
        .route("/faq.md", head().to(faq::pages::source))
        .route("/faq/edit", get().to(faq::pages::edit::form))
        .route("/faq/edit", post().to(faq::pages::edit::take))
        .route("/policy", get().to(policy::pages::page))
        .route("/policy/{setting}", get().to(policy::pages::setting))
        .route("/policy/{setting}", post().to(policy::pages::set))
        .route("/funders", get().to(funders::pages::list));
}

/// Step 1: an applicant asks for a letter.
fn requests(config: &mut ServiceConfig) {
    config
        .route("/suitability", get().to(suitability::page))
        .route("/requests", get().to(draft::list))
        .route("/requests", post().to(draft::begin))
        .route("/requests/new", get().to(draft::new))
        .route("/requests.zip", get().to(archive::zip))
        .route("/requests/{id}", get().to(status::show_request))
        .route("/requests/{id}/edit/{section}", get().to(section::open))
        .route("/requests/{id}/edit/{section}", post().to(section::save))
        .route("/requests/{id}/attachments", get().to(attachments::page))
        .route("/requests/{id}/attachments", post().to(attachments::add))
        .route("/requests/{id}/attachments/{attachment}", get().to(attachments::download::download))
        .route("/requests/{id}/attachments/{attachment}", head().to(attachments::download::download))
        .route("/requests/{id}/attachments/{attachment}/take-off", post().to(attachments::take_off))
        .route("/requests/{id}/attachments/{attachment}/put-back", post().to(attachments::put_back))
        .route("/requests/{id}/check", get().to(check::check))
        .route("/requests/{id}/check", post().to(check::send))
        .route("/requests/{id}/sent", get().to(check::sent))
        .route("/requests/{id}/request.pdf", get().to(pdf::download))
        .route("/requests/{id}/request.pdf", head().to(pdf::download))
        .route("/requests/{id}/questions/{question}", get().to(talk::question))
        .route("/requests/{id}/questions/{question}", post().to(talk::answer))
        .route("/requests/{id}/outcome", get().to(outcome::form))
        .route("/requests/{id}/outcome", post().to(outcome::tell))
        .route("/requests/{id}/correct", get().to(correction::form))
        .route("/requests/{id}/correct", post().to(correction::take))
        .route("/requests/{id}/people", get().to(request_people::list))
        .route("/requests/{id}/people", post().to(request_people::invite))
        .route("/requests/{id}/people/remove", post().to(request_people::remove))
        .route("/requests/{id}/withdraw", get().to(talk::withdraw_form))
        .route("/requests/{id}/withdraw", post().to(talk::withdraw));
}

/// Steps 2 to 4: the committee reviews and decides, staff release the answer.
fn deciding(config: &mut ServiceConfig) {
    config
        .route("/waiting", get().to(waiting::page))
        .route("/waiting/calendar", post().to(waiting::make_calendar))
        .route("/waiting/calendar/end", post().to(waiting::end_calendar))
        .route("/waiting/daily", post().to(waiting::choose_daily_mail))
        .route("/calendar/{token}", get().to(calendar::feed))
        .route("/calendar/{token}", head().to(calendar::feed))
        .route("/participation", get().to(participation::page))
        .route("/participation.csv", get().to(participation::csv))
        .route("/requests/{id}/review", get().to(review::page))
        .route("/requests/{id}/review", post().to(acts::send_review))
        .route("/requests/{id}/conflict", post().to(acts::declare))
        .route("/requests/{id}/tally", post().to(acts::call_tally))
        .route("/requests/{id}/ballot", post().to(acts::cast))
        .route("/requests/{id}/objection", post().to(acts::close_objection))
        .route("/requests/{id}/question", post().to(acts::ask))
        .route("/requests/{id}/question/withdraw", post().to(acts::withdraw_question))
        .route("/requests/{id}/motion", get().to(motion::page))
        .route("/requests/{id}/record", get().to(record::page))
        .route("/requests/{id}/ask", post().to(decided::ask))
        .route("/requests/{id}/withdraw-question", post().to(decided::withdraw_question))
        .route("/requests/{id}/institution", post().to(decided::recognise))
        .route("/requests/{id}/admit", post().to(decided::admit))
        .route("/requests/{id}/reassign", post().to(decided::reassign))
        .route("/requests/{id}/record-conflict", post().to(decided::record_conflict))
        .route("/requests/{id}/dismiss-conflict", post().to(decided::dismiss_suggestion))
        .route("/requests/{id}/withdraw-conflict", post().to(decided::withdraw_conflict))
        .route("/requests/{id}/record-ballot", post().to(decided::record_ballot))
        .route("/requests/{id}/put-again", post().to(decided::put_again))
        .route("/requests/{id}/reopen", post().to(decided::reopen))
        .route("/requests/{id}/turn-down", post().to(decided::turn_down))
        .route("/requests/{id}/release", post().to(decided::release));
}

/// The discussion of a request, of the committee with staff and the applicant.
fn discussing(config: &mut ServiceConfig) {
    config
        .route("/requests/{id}/discussion", get().to(discussion::page))
        .route("/requests/{id}/discussion", post().to(discussion::write))
        .route("/requests/{id}/discussion/confirm", post().to(discussion::confirm))
        .route("/requests/{id}/discussion/take-back", post().to(discussion::take_back));
}

/// Step 5: the letter, and its check by whoever holds it.
fn letters(config: &mut ServiceConfig) {
    config
        .route("/requests/{id}/letter", get().to(letter::edit::show_letter))
        .route("/requests/{id}/letter", post().to(letter::edit::save))
        .route("/requests/{id}/letter/draft", post().to(letter::edit::begin))
        .route("/requests/{id}/letter/preview.pdf", get().to(letter::edit::preview))
        .route("/requests/{id}/letter/check", get().to(letter::release::check))
        .route("/requests/{id}/letter/proof.pdf", get().to(letter::release::proof))
        .route("/requests/{id}/letter/pass-on", post().to(letter::release::pass_on))
        .route("/requests/{id}/letter/call", post().to(letter::call::confirm))
        .route("/requests/{id}/letter/issue", post().to(letter::release::issue))
        .route("/requests/{id}/letter/co-signers", get().to(letter::co_signers::list))
        .route("/requests/{id}/letter/co-signers", post().to(letter::co_signers::add))
        .route("/requests/{id}/letter/co-signers/ask", post().to(letter::co_signers::ask))
        .route("/requests/{id}/letter/co-signers/remove", post().to(letter::co_signers::remove))
        .route("/co-sign/{token}", get().to(letter::co_sign::open))
        .route("/co-sign/{token}", head().to(letter::co_sign::open))
        .route("/co-sign/{token}", post().to(letter::co_sign::sign))
        .route("/co-sign/{token}/decline", post().to(letter::co_sign::decline))
        .route("/co-sign/{token}/letter.pdf", get().to(letter::co_sign::letter))
        .route("/requests/{id}/letter/versions", get().to(letter::life::versions))
        .route("/requests/{id}/letter/version", post().to(letter::life::begin_version))
        .route("/requests/{id}/letter/version/drop", post().to(letter::life::drop_version))
        .route("/requests/{id}/letter/revoke", post().to(letter::life::propose_revocation))
        .route("/requests/{id}/letter/revoke/confirm", post().to(letter::life::revoke))
        .route("/requests/{id}/letter/revoke/drop", post().to(letter::life::keep_in_force))
        .route("/requests/{id}/letter.pdf", get().to(letter::files::letter))
        .route("/requests/{id}/letter.pdf", head().to(letter::files::letter))
        .route("/requests/{id}/letter-signed.pdf", get().to(letter::files::signed))
        .route("/requests/{id}/letter-signed.pdf", head().to(letter::files::signed))
        .route("/letters", get().to(letter::files::list))
        .route("/letters.csv", get().to(letter::files::csv))
        .route("/letters.zip", get().to(letter::files::zip))
        .route("/letters/house", get().to(letter::house::page))
        .route("/letters/house/edit", get().to(letter::house::change::edit))
        .route("/letters/house/edit", post().to(letter::house::change::save))
        .route("/letters/house/change", get().to(letter::house::change::look))
        .route("/letters/house/change", post().to(letter::house::change::put_in_force))
        .route("/letters/house/change/drop", post().to(letter::house::change::drop_change))
        .route("/letters/wording", get().to(letter::house::wording::list))
        .route("/letters/wording/{kind}/{language}", get().to(letter::house::wording::form))
        .route("/letters/wording/{kind}/{language}", post().to(letter::house::wording::take))
        .route("/letters/house/{which}/letter.pdf", get().to(letter::house::pictures::letter))
        .route("/letters/house/{which}/{picture}", get().to(letter::house::pictures::picture))
        .route("/verify", get().to(verify::pages::verify))
        .route("/verify", post().to(verify::pages::verify_file))
        .route("/verify", head().to(verify::pages::verify))
        .route("/verify/certificate.pem", get().to(verify::pages::certificates::certificates));
}

/// After the letter: a physical copy of it.
fn on_paper(config: &mut ServiceConfig) {
    config
        .route("/requests/{id}/copy", get().to(asking::form))
        .route("/requests/{id}/copy", post().to(asking::ask))
        .route("/requests/{id}/copy/take-back", post().to(asking::take_back))
        .route("/requests/{id}/posting", get().to(posting::page))
        .route("/requests/{id}/posting/printed", post().to(posting::printed))
        .route("/requests/{id}/posting/posted", post().to(posting::posted))
        .route("/requests/{id}/posting/returned", post().to(posting::returned))
        .route("/requests/{id}/posting/again", post().to(posting::again))
        .route("/requests/{id}/posting/label.pdf", get().to(label::one))
        .route("/queue/labels.pdf", get().to(label::all));
}

/// All requests, as staff and the committee see them.
fn overview(config: &mut ServiceConfig) {
    config
        .route("/queue", get().to(queue::list))
        .route("/queue.csv", get().to(queue::csv))
        .route("/queue/chosen", get().to(queue::chosen::back))
        .route("/queue/chosen", post().to(queue::chosen::take))
        .route("/queue/views", post().to(queue::views::keep_view))
        .route("/queue/views/drop", post().to(queue::views::drop_one))
        .route("/year", get().to(queue::year::page))
        .route("/year.csv", get().to(queue::year::csv));
}

/// Step 6: mail, as staff see it and where nothing is really sent.
fn delivery(config: &mut ServiceConfig) {
    config
        .route("/outbox", get().to(outbox::list))
        .route("/outbox.csv", get().to(outbox::csv))
        .route("/outbox/{mail}", get().to(outbox::one))
        .route("/outbox/{mail}/html", get().to(outbox::html))
        .route("/outbox/{mail}/again", post().to(outbox::again))
        .route("/outbox/{mail}/send", post().to(held::send))
        .route("/outbox/{mail}/discard", post().to(held::discard))
        .route("/mails/held", get().to(held::kinds))
        .route("/mails/held", post().to(held::choose))
        .route("/mailbox", get().to(mailbox::list))
        .route("/mailbox/{mail}", get().to(mailbox::one))
        .route("/mailbox/{mail}/html", get().to(mailbox::html));
}
