//! The page: its files, the pairing, and the way to the stage.

use crate::connection::{Answer, Site};
use crate::pairing::{PairingCode, Verdict};
use crate::played::Played;
use crate::request::Request;
use crate::response::Response;
use crate::server::{MayTalk, Server};
use crate::session;
use crate::stage::Stage;
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tungstenite::protocol::frame::coding::CloseCode;

/// The subprotocol of the page's WebSocket; the token comes as a second one, where pages of others cannot put it.
const PROTOCOL: &str = "synopsia.remote";

/// Tells a page that its token is not known.
const NOT_PAIRED: CloseCode = CloseCode::Library(4401);

/// From one report of wrong codes to the next.
const REPORTS: u64 = 25;

/// The files, by path: media type and content.
const FILES: [(&str, &str, &str); 9] = [
    (
        "/",
        "text/html; charset=utf-8",
        include_str!("../page/index.html"),
    ),
    (
        "/style.css",
        "text/css; charset=utf-8",
        include_str!("../page/style.css"),
    ),
    ("/app.js", SCRIPT, include_str!("../page/app.js")),
    ("/wire.js", SCRIPT, include_str!("../page/wire.js")),
    ("/pad.js", SCRIPT, include_str!("../page/pad.js")),
    ("/fader.js", SCRIPT, include_str!("../page/fader.js")),
    ("/lists.js", SCRIPT, include_str!("../page/lists.js")),
    (
        "/icon.svg",
        "image/svg+xml",
        include_str!("../page/icon.svg"),
    ),
    (
        "/manifest.webmanifest",
        "application/manifest+json",
        include_str!("../page/manifest.webmanifest"),
    ),
];
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The page of a stage.
pub struct Page(Arc<Played>);

impl Page {
    /// Serves it at an address (port 0: any), to whoever may talk and has the code.
    ///
    /// # Errors
    /// When the address cannot be listened to, in a sentence.
    pub fn serve(
        stage: Arc<dyn Stage>,
        code: PairingCode,
        listen: SocketAddr,
        may_talk: MayTalk,
    ) -> Result<Server, String> {
        let page = Self(Arc::new(Played::new(stage, code)));
        Server::start(Arc::new(page), listen, may_talk)
    }

    fn pair(&self, request: &Request, from: IpAddr) -> Response {
        let sent: Option<Value> = serde_json::from_slice(&request.body).ok();
        let code = sent.as_ref().and_then(|sent| sent["code"].as_str());
        let Some(code) = code else {
            return Response::empty(400);
        };
        let played = &self.0;
        let verdict = played.pairing.lock().hear(code, from, Instant::now());
        match verdict {
            Verdict::Paired(token) => Response::json(200, &json!({ "token": token })),
            Verdict::Wrong => {
                let wrong = played.wrong.fetch_add(1, Ordering::Relaxed) + 1;
                if wrong.is_multiple_of(REPORTS) {
                    played.stage.report(format!(
                        "{wrong} wrong codes for the remote page so far, the last from {from}: they are slowed"
                    ));
                }
                Response::json(403, &json!({ "wrong": true }))
            }
            Verdict::Wait(wait) => {
                let seconds = wait.as_secs() + 1;
                let answer = Response::json(429, &json!({ "wait": seconds }));
                answer.with("Retry-After", seconds)
            }
            Verdict::Failed(why) => {
                played.stage.report(why);
                Response::empty(500)
            }
        }
    }

    fn live(&self, request: &Request) -> Answer {
        let tokens = request.header("sec-websocket-protocol").unwrap_or_default();
        let mut tokens = tokens.split(',').map(str::trim);
        let is_paired = {
            let pairing = self.0.pairing.lock();
            tokens.any(|token| pairing.knows(token))
        };
        let played = Arc::clone(&self.0);
        Answer::Talk {
            protocol: Some(PROTOCOL),
            // Whoever may not stay takes nobody's seat.
            stays: is_paired,
            talk: Box::new(move |mut talk| {
                if !is_paired {
                    return talk.end(NOT_PAIRED, "pair first");
                }
                session::talk(&played, talk);
            }),
        }
    }
}

impl Site for Page {
    fn answer(&self, request: &Request, from: IpAddr) -> Answer {
        let file = FILES.iter().find(|(path, ..)| *path == request.path);
        let response = match (request.method.as_str(), request.path.as_str(), file) {
            ("GET" | "HEAD", _, Some((_, kind, body))) => Response::file(kind, body),
            ("POST", "/pair", _) => self.pair(request, from),
            ("GET", "/live", _) => return self.live(request),
            (_, "/pair", _) => Response::empty(405).with("Allow", "POST"),
            (_, "/live", _) | (_, _, Some(_)) => Response::empty(405).with("Allow", "GET"),
            _ => Response::empty(404),
        };
        Answer::Once(response)
    }
}
