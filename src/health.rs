//! Whether the service is well, for whoever watches it.

use actix_web::{HttpResponse, web};

use crate::web::page::Page;
use crate::web::service::Service;

/// `ok` when the database answers.
pub async fn healthz(service: web::Data<Service>) -> Page {
    service.store.ping().await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"))
}
