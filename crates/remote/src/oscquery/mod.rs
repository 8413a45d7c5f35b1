//! OSCQuery (the proposal of Vidvox): which OSC addresses there are, what they take and where they stand, as JSON over HTTP;
//! and, to whoever listens to a path, each change of it over a WebSocket.
//!
//! What is told here is moved by OSC itself, at another port: nothing of this changes anything.

mod listening;
mod tree;

use crate::connection::{Answer, Site};
use crate::request::Request;
use crate::response::Response;
use crate::server::{MayTalk, Server};
use crate::stage::Stage;
use crate::told::Telling;
use listening::TOLD_EVERY;
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;
pub use tree::Address;
use tree::{Attribute, Node, Tree};

/// A stage's tree of addresses, served.
pub struct OscQuery(Arc<Served>);

pub(crate) struct Served {
    tree: Tree,
    telling: Telling,
    name: String,
    osc: SocketAddr,
}

impl OscQuery {
    /// Serves it at an address (port 0: any), to whoever may talk. `osc` is where OSC is listened to.
    ///
    /// # Errors
    /// When the address cannot be listened to, in a sentence.
    pub fn serve(
        stage: Arc<dyn Stage>,
        osc: SocketAddr,
        listen: SocketAddr,
        may_talk: MayTalk,
    ) -> Result<Server, String> {
        let served = Served {
            tree: Tree::of(&*stage),
            name: stage.name(),
            telling: Telling::new(stage, TOLD_EVERY),
            osc,
        };
        Server::start(Arc::new(Self(Arc::new(served))), listen, may_talk)
    }
}

/// The addresses of a stage's tree, for whoever obeys them.
pub fn addresses(stage: &dyn Stage) -> Vec<Address> {
    let tree = Tree::of(stage);
    tree.nodes().iter().map(Node::address).collect()
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

    fn answer(&self, request: &Request) -> Response {
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

impl Site for OscQuery {
    fn answer(&self, request: &Request, _: IpAddr) -> Answer {
        if request.has_word("upgrade", "websocket") {
            let served = Arc::clone(&self.0);
            return Answer::Talk {
                protocol: None,
                stays: true,
                talk: Box::new(move |talk| listening::talk(&served, talk)),
            };
        }
        Answer::Once(match request.method.as_str() {
            "GET" | "HEAD" => self.0.answer(request),
            _ => Response::empty(405).with("Allow", "GET"),
        })
    }
}
