//! The whole route table: method, path, handler.

use actix_web::web::{self, ServiceConfig, get, post};

use crate::web::{assets, problem};

/// Every route of the service.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(assets::ASSETS_ROUTE, get().to(assets::serve))
        .route("/", get().to(crate::home::page))
        .route("/healthz", get().to(crate::health::healthz))
        .route("/styleguide", get().to(crate::styleguide::page))
        .route("/styleguide", post().to(crate::styleguide::back))
        .default_service(web::to(problem::nowhere));
}
