//! The files that pages refer to: style, script and pictures from `templates/assets`, inside the binary.
//! Their addresses carry a hash of their content, so browsers may keep them for good and still see every change.

use std::fmt::Write as _;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../templates/assets"]
struct Files;

/// The route under which `serve` answers.
pub const ASSETS_ROUTE: &str = "/assets/{hash}/{name}";

/// For good: the address changes with the content.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// An address with an old hash gets the present file, but must ask again.
const ASK_AGAIN: &str = "no-cache";

/// The address of the file `name`, with a hash of its content. A name without a file gets an address that is not found.
pub fn asset_url(name: &str) -> String {
    let hash = Files::get(name).map_or_else(|| "missing".to_owned(), |file| short_hash(&file));
    format!("/assets/{hash}/{name}")
}

/// Answers with one of the files, or 404.
pub async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    let (Some(file), Some(kind)) = (Files::get(&name), media_type(&name)) else {
        return HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("There is no such file.");
    };
    let present = short_hash(&file);
    let caching = if hash == present { FOR_GOOD } else { ASK_AGAIN };
    let tag = format!("\"{present}\"");
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|sent| holds_tag(sent.as_bytes(), &tag));
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, caching)).insert_header((ETAG, tag));
    if known { answer.finish() } else { answer.content_type(kind).body(file.data.into_owned()) }
}

/// The first 64 bits of the SHA-256 of a file, in hexadecimal: enough to tell the versions of one file apart.
fn short_hash(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash().iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The type of a file by its ending; a file of any other kind is not served.
fn media_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// Whether an `If-None-Match` header names `tag` (RFC 9110, 13.1.2: weak comparison).
fn holds_tag(header: &[u8], tag: &str) -> bool {
    std::str::from_utf8(header)
        .is_ok_and(|sent| sent.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag))
}

#[cfg(test)]
mod tests {
    use actix_web::{App, http::StatusCode, http::header::CONTENT_TYPE, test};

    use super::*;

    async fn ask(uri: &str, tag: Option<&str>) -> (StatusCode, String, String) {
        let app = test::init_service(App::new().route(ASSETS_ROUTE, web::get().to(serve))).await;
        let mut request = test::TestRequest::get().uri(uri);
        if let Some(tag) = tag {
            request = request.insert_header((IF_NONE_MATCH, tag));
        }
        let answer = test::call_service(&app, request.to_request()).await;
        let header = |name| answer.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        (answer.status(), header(CACHE_CONTROL), header(CONTENT_TYPE))
    }

    #[actix_web::test]
    async fn the_style_sheet_may_be_kept_for_good_at_its_hashed_address() {
        let (status, caching, kind) = ask(&asset_url("style.css"), None).await;
        assert_eq!((status, caching.as_str()), (StatusCode::OK, FOR_GOOD));
        assert_eq!(kind, "text/css; charset=utf-8");
    }

    #[actix_web::test]
    async fn an_old_address_still_answers_but_is_not_kept() {
        let (status, caching, _) = ask("/assets/0000000000000000/style.css", None).await;
        assert_eq!((status, caching.as_str()), (StatusCode::OK, ASK_AGAIN));
    }

    #[actix_web::test]
    async fn a_browser_that_has_the_file_is_not_sent_it_again() {
        let url = asset_url("style.css");
        let hash = url.split('/').nth(2).unwrap();
        assert_eq!(ask(&url, Some(&format!("W/\"{hash}\""))).await.0, StatusCode::NOT_MODIFIED);
        assert_eq!(ask(&url, Some("\"other\"")).await.0, StatusCode::OK);
    }

    #[actix_web::test]
    async fn nothing_outside_the_folder_is_served() {
        for uri in ["/assets/x/missing.css", "/assets/x/..%2fframe.html", "/assets/x/%2e%2e%2fframe.html"] {
            assert_eq!(ask(uri, None).await.0, StatusCode::NOT_FOUND, "{uri}");
        }
    }

    #[test]
    async fn the_style_and_the_script_stay_small() {
        let size = |name| Files::get(name).unwrap().data.len();
        assert!(size("style.css") < 30_000, "style.css has {} bytes", size("style.css"));
        assert!(size("page.js") < 20_000, "page.js has {} bytes", size("page.js"));
    }
}
