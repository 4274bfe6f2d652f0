//! Who is asking, as far as the network tells.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;

use super::service::Service;

/// The address a request comes from. `X-Forwarded-For` counts only when the configured proxy says it.
pub fn address(request: &HttpRequest, service: &Service) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
    if service.config.trusted_proxy != Some(peer) {
        return peer;
    }
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    // The last entry is the one the proxy itself has written.
    forwarded.and_then(|list| list.rsplit(',').next()).and_then(|ip| ip.trim().parse().ok()).unwrap_or(peer)
}
