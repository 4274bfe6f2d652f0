//! A file to keep, or the part of it that a broken download still lacks (RFC 9110, 14).

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, ContentEncoding, ETAG, Header,
    IF_RANGE, Range,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

/// What of a file is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    which: Which,
    /// The file's strong tag, with its quotation marks.
    tag: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Whole,
    /// From the first byte to the last, both in it.
    Range(u64, u64),
    /// Nothing that the file has.
    Beyond,
}

/// What of a file of `length` bytes with this fingerprint the request asks for. More than one range at once, and a range
/// of a file that is no longer the same, are answered with the whole.
pub(super) fn asked(request: &HttpRequest, sha256: &str, length: usize) -> Part {
    let tag = format!("\"{sha256}\"");
    let is_same = request.headers().get(IF_RANGE).is_none_or(|known| known.as_bytes() == tag.as_bytes());
    let ranges = match Range::parse(request) {
        Ok(Range::Bytes(ranges)) if is_same => ranges,
        _ => vec![],
    };
    let which = match ranges.as_slice() {
        [range] => match range.to_satisfiable_range(length as u64) {
            Some((first, last)) => Which::Range(first, last),
            None => Which::Beyond,
        },
        _ => Which::Whole,
    };
    Part { which, tag }
}

impl Part {
    /// Whether the file's first byte is in it.
    pub(super) fn is_beginning(&self) -> bool {
        matches!(self.which, Which::Whole | Which::Range(0, _))
    }

    /// The answer. The name is plain ASCII, so the simple form says it all (RFC 6266, 4.3).
    pub(super) fn answer(&self, kind: &'static str, name: &str, bytes: Vec<u8>) -> HttpResponse {
        let (length, bytes) = (bytes.len(), Bytes::from(bytes));
        let mut answer = HttpResponse::Ok();
        answer
            .insert_header((CONTENT_TYPE, kind))
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((ACCEPT_RANGES, "bytes"))
            .insert_header((ETAG, self.tag.as_str()))
            .insert_header(ContentEncoding::Identity);
        match self.which {
            Which::Whole => answer.body(bytes),
            Which::Range(first, last) => {
                let end = usize::try_from(last).map_or(length, |last| last.saturating_add(1).min(length));
                let start = usize::try_from(first).unwrap_or(end).min(end);
                answer
                    .status(StatusCode::PARTIAL_CONTENT)
                    .insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{length}")))
                    .body(bytes.slice(start..end))
            }
            Which::Beyond => answer
                .status(StatusCode::RANGE_NOT_SATISFIABLE)
                .insert_header((CONTENT_RANGE, format!("bytes */{length}")))
                .finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn which(headers: &[(&'static str, &str)]) -> Which {
        let request = headers.iter().fold(TestRequest::get(), |request, header| request.insert_header(*header));
        asked(&request.to_http_request(), "abc", 100).which
    }

    #[test]
    fn one_range_of_the_same_file_is_answered_in_part() {
        assert_eq!(which(&[]), Which::Whole);
        assert_eq!(which(&[("range", "bytes=0-9")]), Which::Range(0, 9));
        assert_eq!(which(&[("range", "bytes=90-")]), Which::Range(90, 99));
        assert_eq!(which(&[("range", "bytes=-10")]), Which::Range(90, 99));
        assert_eq!(which(&[("range", "bytes=50-500")]), Which::Range(50, 99));
        assert_eq!(which(&[("range", "bytes=100-")]), Which::Beyond);
        assert_eq!(which(&[("range", "bytes=0-9"), ("if-range", "\"abc\"")]), Which::Range(0, 9));
        assert_eq!(which(&[("range", "bytes=0-9"), ("if-range", "\"other\"")]), Which::Whole);
        for odd in ["bytes=0-1,5-9", "lines=1-2", "bytes", "bytes=9-0"] {
            assert!(matches!(which(&[("range", odd)]), Which::Whole | Which::Beyond), "{odd}");
        }
    }
}
