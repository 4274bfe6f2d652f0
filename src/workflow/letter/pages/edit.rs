//! The letter's draft: begun from the request, edited as plain text, looked at as the real PDF.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentEncoding, HeaderValue,
    X_FRAME_OPTIONS,
};
use actix_web::{HttpResponse, web};
use askama::Template;

use super::call::{Beside, beside};
use super::printing::Printing;
use super::{as_issued, house_in_force, life, load, request_id};
use crate::ids::RequestId;
use crate::refusal::{Failure, Outcome};
use crate::web::flash::see_other_saying;
use crate::web::form::{Choice, FormView};
use crate::web::frame::{Frame, Section, Tone};
use crate::web::page::{Page, see_other, show, show_again};
use crate::web::post::Post;
use crate::web::shell::Shell;
use crate::workday::day_in_words;
use crate::workflow::letter::commands::co_signers::standing_of;
use crate::workflow::letter::form::{fields, read_language};
use crate::workflow::letter::house::Settings;
use crate::workflow::letter::language::Language;
use crate::workflow::letter::store::{self, Open};
use crate::workflow::letter::text::Paper;
use crate::workflow::letter::{commands, pdf, rules};
use crate::workflow::request::fields::Field;
use crate::workflow::request::store::Request;
use crate::workflow::request::store::recused::recused;

/// Pages of the editor may show our own PDF inside themselves; nothing else changes.
const WITH_PREVIEW: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'self'; frame-src 'self'";
/// The PDF may be shown inside our own pages; browsers draw it with styles of their own.
const AS_PREVIEW: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";

#[derive(Template)]
#[template(path = "letter/none.html")]
struct NoneYet {
    frame: Frame,
    request: Request,
    form: FormView,
    languages: Vec<Choice>,
    /// The language that the applicant asks for.
    asked_for: &'static str,
}

#[derive(Template)]
#[template(path = "letter/edit.html")]
struct Edit {
    frame: Frame,
    request: Request,
    form: FormView,
    revision: i64,
    languages: Vec<Choice>,
    papers: Vec<Choice>,
    points: String,
    /// When the committee decided anew, if the text was written for an earlier answer.
    decided_anew: Option<String>,
    /// What the applicant corrected the addressee to, and on which day, unless the letter says it.
    corrected: Option<(String, String)>,
    signatory: Settings,
    limitation: &'static str,
    /// The number of the letter whose place this version takes, if one is out.
    replaces: Option<String>,
    /// How it stands with those who sign beside the Consortium.
    co_signers: String,
    /// The letter as last saved, beside its funder's rules, when they are known.
    beside: Option<Beside>,
}

/// `GET /requests/{id}/letter`: the draft, the issued letter, or the button that begins one.
///
/// # Errors
/// Refused for everybody but staff, and when the request can have no letter.
pub async fn show_letter(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    let (request, open, issued, motion) = shell
        .service
        .store
        .read(move |view| {
            let (request, open) = load(view, id)?;
            Ok((request, open, store::last_issued(view, id)?, store::carried_motion(view, id)?))
        })
        .await?;
    if open.is_none() && issued.is_some() {
        return show(&life::page(&shell, id, FormView::new()).await?);
    }
    let motion = rules::may_draft(request.stage, motion)?;
    match open {
        Some(open) => {
            let form = FormView::filled(open.draft.values());
            let mut page = editor(&shell, request, &open, form).await?;
            page.beside = beside_of(&shell, &printing, &page.request, &open).await?;
            page.replaces = issued.map(|issued| issued.register.number);
            if rules::must_rest_on(open.motion, motion).is_err() {
                page.decided_anew =
                    page.request.decided_at.map(|at| commands::today(&page.request, at)).transpose()?.map(day_in_words);
            }
            with_preview(show(&page))
        }
        None => show(&none_yet(&shell, request, None)?),
    }
}

/// The button that begins a letter, with the language as it was typed or as the applicant asks for it.
fn none_yet(shell: &Shell, request: Request, typed: Option<FormView>) -> Outcome<NoneYet> {
    let asked_for: Language = request.typed()?.get(Field::LetterLanguage).parse().unwrap_or_default();
    let form = typed.unwrap_or_else(|| FormView::new().with(fields::LANGUAGE, asked_for.as_str()));
    let frame = shell.frame("Begin the letter").within(Section::Queue).failed_if(form.has_errors());
    Ok(NoneYet { frame, request, form, languages: languages(), asked_for: asked_for.label() })
}

/// `POST /requests/{id}/letter/draft`: writes the first draft.
///
/// # Errors
/// Refused for everybody but staff, and when the request can have no letter; a language that is none comes back.
pub async fn begin(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let id = request_id(&path)?;
    let staff = shell.staff_on(id, recused).await?;
    let moment = shell.service.moment();
    let language = match read_language(post.fields.get(fields::LANGUAGE)) {
        Ok(language) => language,
        Err(errors) => {
            let (request, _) = shell.service.store.read(move |view| load(view, id)).await?;
            let form = FormView::filled(post.fields.iter()).failing(errors);
            return show_again(&none_yet(&shell, request, Some(form))?);
        }
    };
    shell.service.store.write(move |tx| commands::draft(tx, &moment, staff, id, language)).await?;
    Ok(see_other(&letter_path(id)))
}

/// `POST /requests/{id}/letter`: keeps the draft; then back to it, or on to the checklist.
///
/// # Errors
/// Refused for everybody but staff, and when somebody else changed the draft meanwhile.
pub async fn save(shell: Shell, path: web::Path<String>, post: Post) -> Page {
    let id = request_id(&path)?;
    let staff = shell.staff_on(id, recused).await?;
    let (request, open) = shell.service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(rules::changed_meanwhile)?;
    let draft = match open.draft.edited(|name| post.fields.get(name)) {
        Ok(draft) => draft,
        Err(errors) => {
            let form = FormView::filled(post.fields.iter()).failing(errors);
            let mut page = editor(&shell, request, &open, form).await?;
            page.revision = typed_revision(&post);
            return with_preview(show_again(&page));
        }
    };
    let moment = shell.service.moment();
    let revision = typed_revision(&post);
    shell.service.store.write(move |tx| commands::save(tx, &moment, staff, id, (revision, &draft))).await?;
    if post.fields.has("check") {
        return Ok(see_other(&commands::check_path(id)));
    }
    Ok(see_other_saying(
        &shell.service,
        &letter_path(id),
        Tone::Good,
        "Saved. The preview shows the letter as it is now.",
    ))
}

/// `GET /requests/{id}/letter/preview.pdf`: the draft as the real PDF, shown in the browser.
///
/// # Errors
/// Refused for everybody but staff, without a draft, and when the letter cannot be set as it is.
pub async fn preview(shell: Shell, printing: web::Data<Printing>, path: web::Path<String>) -> Page {
    let id = request_id(&path)?;
    shell.staff_on(id, recused).await?;
    let (request, open) = shell.service.store.read(move |view| load(view, id)).await?;
    let open = open.ok_or_else(commands::no_letter)?;
    let text = as_issued(&shell.service, &request, &open, shell.service.clock.now()).await?;
    let name = rules::file_name(&text.number);
    let printed = printing.print(text).await?.map_err(pdf::failure)?;
    Ok(inline_pdf(&name, printed.bytes))
}

/// A PDF that is not issued yet, to be shown inside our own pages.
pub(super) fn inline_pdf(name: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"draft-{name}\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, AS_PREVIEW))
        .insert_header((X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header(ContentEncoding::Identity)
        .body(bytes)
}

async fn editor(shell: &Shell, request: Request, open: &Open, form: FormView) -> Outcome<Edit> {
    let co_signers = standing_of(&request, open, shell.service.clock.now())?.in_words();
    let (asked, written) = (request.clone(), open.clone());
    let corrected = shell.service.store.read(move |view| commands::corrected_since(view, &asked, &written)).await?.map(
        |corrected| Ok::<_, Failure>((corrected.in_a_line(), day_in_words(commands::today(&request, corrected.at)?))),
    );
    let points = request.typed().unwrap_or_default().get(Field::Points).to_owned();
    Ok(Edit {
        frame: shell.frame("Write the letter").within(Section::Queue).failed_if(form.has_errors()),
        request,
        form,
        revision: open.revision,
        papers: Paper::ALL.iter().map(|paper| Choice::new(paper.as_str(), paper.label())).collect(),
        points,
        decided_anew: None,
        corrected: corrected.transpose()?,
        signatory: house_in_force(&shell.service).await?.settings,
        limitation: open.draft.language.fixed().limitation.1,
        languages: languages(),
        replaces: None,
        co_signers,
        beside: None,
    })
}

/// The letter as last saved, beside its funder's rules.
async fn beside_of(shell: &Shell, printing: &Printing, request: &Request, open: &Open) -> Outcome<Option<Beside>> {
    if commands::call::profile_of(request)?.is_none() {
        return Ok(None);
    }
    let text = as_issued(&shell.service, request, open, shell.service.clock.now()).await?;
    let printed = printing.print(text.clone()).await?.ok().map(|printed| (printed.pages, printed.bytes.len()));
    beside(request, open, &text, printed, None)
}

/// The languages to choose from, each by its own name.
fn languages() -> Vec<Choice> {
    Language::ALL.iter().map(|language| Choice::new(language.as_str(), language.label())).collect()
}

fn typed_revision(post: &Post) -> i64 {
    post.fields.get(fields::REVISION).parse().unwrap_or_default()
}

/// Where a request's letter is written.
pub(super) fn letter_path(id: RequestId) -> String {
    format!("/requests/{id}/letter")
}

/// A page that may show our own PDF inside itself.
pub(super) fn with_preview(page: Page) -> Page {
    let mut page = page?;
    let policy = HeaderValue::from_static(WITH_PREVIEW);
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(page)
}
