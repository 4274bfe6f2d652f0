//! A form as it was sent: its fields as typed, and the key under which the same sending is done only once.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use sha2::{Digest, Sha256};

use super::guard::browser_name;
use super::problem::Problem;
use super::service::Service;
use crate::audit::entry::hex;
use crate::people::token::TokenKey;
use crate::refusal::{Fault, FieldErrors, Refusal};

/// The hidden field that every form carries.
const TOKEN_FIELD: &str = "form_token";
/// How large a form may be, in bytes. Fields have limits of their own; this bounds what is read at all.
pub(super) const LARGEST_FORM: usize = 1 << 20;

/// The fields of a form in the order sent, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// What was typed into `name`; empty when the form did not have it.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether the form had the field `name` at all: a button that was pressed, a box that was ticked.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every value of `name`, for check boxes.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Name and value of every field.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// A form that was sent from one of our own pages.
#[derive(Debug)]
pub struct Post {
    /// Its fields.
    pub fields: Fields,
    /// The same form with the same content has the same key; for `store::once`.
    pub once: String,
}

/// The token that a page's forms carry: it belongs to one showing of the page in one browser.
pub(super) fn form_token(key: &TokenKey, browser: &str, fresh: &str) -> String {
    format!("{fresh}.{}", key.fingerprint("form", &format!("{browser}|{fresh}")))
}

fn token_fits(key: &TokenKey, browser: &str, token: &str) -> bool {
    // Both sides are derived from the secret key, and the comparison is of their digests.
    token
        .split_once('.')
        .is_some_and(|(fresh, _)| Sha256::digest(form_token(key, browser, fresh)) == Sha256::digest(token))
}

impl FromRequest for Post {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = body.await.map_err(|_| too_large())?;
            Ok(read(&request, &body)?)
        })
    }
}

fn read(request: &HttpRequest, body: &[u8]) -> Result<Post, Problem> {
    if body.len() > LARGEST_FORM {
        return Err(too_large());
    }
    let fields: Vec<(String, String)> =
        web::Query::<Vec<(String, String)>>::from_query(std::str::from_utf8(body).map_err(|_| not_text())?)
            .map_err(|_| not_text())?
            .into_inner();
    let mut hasher = Sha256::new();
    hasher.update(body);
    accepted(request, Fields(fields), hasher)
}

/// Refuses a form that was not sent from one of our own pages.
pub(super) fn must_be_ours(request: &HttpRequest, fields: &Fields) -> Result<(), Problem> {
    let Some(service) = request.app_data::<web::Data<Service>>() else {
        return Err(Fault::new("the service is not there").into());
    };
    if !token_fits(&service.key, &browser_name(request), fields.get(TOKEN_FIELD)) {
        let refusal = Refusal::forbidden(
            "old-form",
            "This page was open too long, or your browser does not keep cookies. Go back, reload the page, and send it again; your browser keeps what you typed.",
        );
        return Err(refusal.into());
    }
    Ok(())
}

/// The form, if it was sent from one of our own pages. `content` has taken in all that was sent.
pub(super) fn accepted(request: &HttpRequest, fields: Fields, content: Sha256) -> Result<Post, Problem> {
    must_be_ours(request, &fields)?;
    let mut hasher = Sha256::new();
    hasher.update(request.path());
    hasher.update([0]);
    hasher.update(content.finalize());
    Ok(Post { once: hex(&hasher.finalize()), fields })
}

pub(super) fn too_large() -> Problem {
    FieldErrors::one(
        "",
        "What you sent is too large: a form may have one megabyte in all. Shorten it and send it again.",
    )
    .into()
}

pub(super) fn not_text() -> Problem {
    FieldErrors::one("", "What was sent is not a form this page knows.").into()
}
