//! OSCQuery (the proposal of Vidvox): which OSC addresses there are, what they take and where they stand, as JSON over HTTP;
//! and, to whoever listens to a path, each change of it over a WebSocket.
//!
//! What is told here is moved by OSC itself, at another port: nothing of this changes anything.

mod listening;
mod node;
mod served;
mod tree;

use crate::connection::{Answer, Site};
use crate::request::Request;
use crate::response::Response;
use crate::server::{MayTalk, Server};
use crate::stage::Stage;
use crate::told::Telling;
pub use node::Address;
use node::Node;
use served::{Served, TOLD_EVERY};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tree::Tree;

/// A stage's tree of addresses, served.
pub struct OscQuery(Arc<Served>);

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
