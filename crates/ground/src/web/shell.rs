//! What a handler is given of the person who asks and of the page around its own content.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::flash;
use super::frame::{Frame, Notice, Tone, Visitor as Shown};
use super::guard::{FlashShown, browser_name};
use super::post::form_token;
use super::problem::Problem;
use super::service::Service;
use super::session;
use crate::ids::{RequestId, nonce};
use crate::people::access::{Recused, Role, Staff, Visitor};
use crate::people::next::Next;
use crate::people::token::cookie_text;
use crate::refusal::{Fault, Outcome, Refusal};
use crate::store::View;

/// The person who asks and the page around the content.
pub struct Shell {
    /// What every page is handed.
    pub service: web::Data<Service>,
    /// Who is signed in.
    pub visitor: Option<Visitor>,
    waiting: usize,
    request: HttpRequest,
}

impl Shell {
    /// The signed-in person.
    ///
    /// # Errors
    /// Whoever is not signed in is sent to do so, and comes back here after.
    pub fn visitor(&self) -> Result<&Visitor, Refusal> {
        self.visitor.as_ref().ok_or_else(|| {
            let (path, query) = (self.request.path(), self.request.query_string());
            // An address with a query does not fit into another one's as it is: then its key travels.
            let page = || Next::asked(&format!("{path}?{query}")).to_string();
            let next = if query.is_empty() { path.to_owned() } else { page() };
            Refusal::sign_in().onward("Sign in", format!("/sign-in?next={next}"))
        })
    }

    /// The permission to act as staff.
    ///
    /// # Errors
    /// Refused for everybody else; whoever is not signed in is sent to do so.
    pub fn staff(&self) -> Result<Staff, Refusal> {
        self.visitor()?.staff()
    }

    /// The permission to act as staff on one request. `recused` reads who is out of it; given by the page, since only a
    /// step knows.
    ///
    /// # Errors
    /// Refused for everybody else, and for staff who are out of it; a fault of the database.
    pub async fn staff_on(
        &self,
        request: RequestId,
        recused: fn(&mut View<'_>, RequestId) -> Outcome<Recused>,
    ) -> Outcome<Staff> {
        let visitor = self.visitor()?;
        visitor.staff()?;
        let recused = self.service.store.read(move |view| recused(view, request)).await?;
        Ok(visitor.staff_on(&recused)?)
    }

    /// The frame of a page called `title`.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let mut frame = Frame::new(title);
        frame.visitor = self.visitor.as_ref().map(|visitor| Shown {
            name: visitor.name().to_owned(),
            is_staff: visitor.has_role(Role::Staff),
            is_member: !visitor.seats().is_empty(),
            waiting_count: self.waiting,
        });
        frame.token = form_token(&self.service.key, &browser_name(&self.request), &cookie_text(nonce()));
        frame.help.clone_from(&self.service.site.contact);
        frame.notices = self.notices();
        frame.flash = flash::waiting(&self.request, &self.service);
        if frame.flash.is_some() {
            self.request.extensions_mut().insert(FlashShown);
        }
        frame
    }

    /// What was asked.
    pub(super) fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// Whether a page around nobody's own content is the same as for all who are not signed in.
    pub(super) fn is_like_all_others(&self) -> bool {
        self.visitor.is_none() && flash::waiting(&self.request, &self.service).is_none()
    }

    fn notices(&self) -> Vec<Notice> {
        let config = &self.service.config;
        let mut notices = Vec::new();
        if config.demo {
            notices.push(Notice {
                tone: Tone::Info,
                text: "This is a demonstration. People, requests and letters in it are made up.".to_owned(),
                link: None,
            });
        }
        if config.smtp.is_none() {
            notices.push(Notice {
                tone: Tone::Warn,
                text: "No mail leaves this service: no mail server is set up.".to_owned(),
                link: Some(("Read the mail here".to_owned(), "/mailbox".to_owned())),
            });
        }
        notices
    }
}

impl FromRequest for Shell {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(load(request).await.map_err(Problem::from)?) })
    }
}

async fn load(request: HttpRequest) -> Outcome<Shell> {
    let Some(service) = request.app_data::<web::Data<Service>>().cloned() else {
        return Err(Fault::new("the service is not there").into());
    };
    let visitor = session::visitor(&request, &service).await?;
    let member = visitor.as_ref().map(Visitor::onlooker).filter(|onlooker| !onlooker.seats.is_empty());
    let count = service.count_duties;
    let waiting = match member {
        Some(onlooker) => service.store.read(move |view| count(view, &onlooker)).await?,
        None => 0,
    };
    Ok(Shell { service, visitor, waiting, request })
}
