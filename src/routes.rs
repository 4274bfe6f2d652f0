//! The whole route table: method, path, handler.

use actix_web::web::{self, ServiceConfig, get};

use crate::web::{assets, problem};

/// Every route of the service.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route(assets::ASSETS_ROUTE, get().to(assets::serve))
        .route("/healthz", get().to(crate::health::healthz))
        .default_service(web::to(problem::nowhere));
}
