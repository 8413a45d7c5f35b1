//! What is asked of the tree, and answered.

use super::node::Attribute;
use super::tree::Tree;
use crate::request::Request;
use crate::response::Response;
use crate::told::Telling;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// From one look at what has changed to the next.
pub(super) const TOLD_EVERY: Duration = Duration::from_millis(20);

/// A stage's tree, and where its values come from.
pub(super) struct Served {
    pub tree: Tree,
    pub telling: Telling,
    pub name: String,
    pub osc: SocketAddr,
}

impl Served {
    fn host_info(&self) -> Value {
        let mut info = json!({
            "NAME": self.name,
            "OSC_PORT": self.osc.port(),
            "OSC_TRANSPORT": "UDP",
            "EXTENSIONS": {
                "ACCESS": true,
                "VALUE": true,
                "RANGE": true,
                "DESCRIPTION": true,
                "CLIPMODE": true,
                "LISTEN": true,
            },
        });
        // Where it is listened everywhere, it is where this was asked.
        if !self.osc.ip().is_unspecified() {
            info["OSC_IP"] = json!(self.osc.ip().to_string());
        }
        info
    }

    pub(super) fn answer(&self, request: &Request) -> Response {
        let query = request.query.as_deref().unwrap_or_default();
        // An attribute may be followed by an equals sign, as forms of browsers have it.
        let query = query.trim_end_matches('=');
        if query == "HOST_INFO" {
            return Response::json(200, &self.host_info());
        }
        let path = match request.path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        if !self.tree.has(path) {
            return Response::empty(404);
        }
        let told = self.telling.at(Instant::now());
        if query.is_empty() {
            return Response::json(200, &self.tree.json(path, &told));
        }
        let Some(attribute) = Attribute::called(query) else {
            return Response::empty(400);
        };
        match self.tree.attribute(path, attribute, &told) {
            Some(value) => Response::json(200, &json!({ query: value })),
            None => Response::empty(204),
        }
    }
}
