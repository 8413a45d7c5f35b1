//! A served stage, and programs that ask it.

use crate::stage::MadeUp;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use synopsia_remote::{MayTalk, OscQuery, Page, PairingCode, Server};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

pub const CODE: &str = "271828";

/// How long something may take that takes a moment: only what fails waits for it.
pub const SOON: Duration = Duration::from_secs(5);

pub fn loopback() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

fn everybody() -> MayTalk {
    Arc::new(|_| true)
}

/// A stage and its page.
pub fn page() -> (Arc<MadeUp>, Server) {
    let stage = Arc::new(MadeUp::default());
    let code = PairingCode::of(CODE).unwrap();
    let server = Page::serve(stage.clone(), code, loopback(), everybody());
    (stage, server.unwrap())
}

/// A stage and its OSC addresses.
pub fn osc_query() -> (Arc<MadeUp>, Server) {
    let stage = Arc::new(MadeUp::default());
    let osc = "127.0.0.1:9000".parse().unwrap();
    let server = OscQuery::serve(stage.clone(), osc, loopback(), everybody());
    (stage, server.unwrap())
}

/// What is answered: status, head and body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }
}

/// Sends bytes and reads what is answered to the end; none where it is cut off.
pub fn send(at: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(at).ok()?;
    stream.set_read_timeout(Some(SOON)).unwrap();
    // Whoever does not want to hear all may close.
    let _ = stream.write_all(bytes);
    let mut text = Vec::new();
    let _ = stream.read_to_end(&mut text);
    let text = String::from_utf8(text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}

pub fn get(at: SocketAddr, path: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {at}\r\n\r\n");
    send(at, request.as_bytes()).expect(path)
}

pub fn pair(at: SocketAddr, code: &str) -> Answer {
    let body = format!("{{\"code\":\"{code}\"}}");
    let length = body.len();
    let request =
        format!("POST /pair HTTP/1.1\r\nHost: {at}\r\nContent-Length: {length}\r\n\r\n{body}");
    send(at, request.as_bytes()).expect("an answer")
}

pub fn token(at: SocketAddr) -> String {
    let answer = pair(at, CODE);
    answer.json()["token"].as_str().expect("a token").to_owned()
}

/// A program that is paired and talks.
pub struct Phone {
    pub socket: WebSocket<TcpStream>,
}

/// Opens a WebSocket with headers.
pub fn open(
    at: SocketAddr,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Result<Phone, tungstenite::Error> {
    let mut request = format!("ws://{at}{path}").into_client_request()?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(SOON))?;
    stream.set_nodelay(true)?;
    let opened = tungstenite::client(request, stream);
    let (socket, _) = opened.map_err(|error| match error {
        tungstenite::HandshakeError::Failure(error) => error,
        tungstenite::HandshakeError::Interrupted(_) => tungstenite::Error::AlreadyClosed,
    })?;
    Ok(Phone { socket })
}

/// Opens the page's WebSocket with a token.
pub fn join(at: SocketAddr, token: &str) -> Result<Phone, tungstenite::Error> {
    let protocols = format!("synopsia.remote, {token}");
    open(at, "/live", &[("Sec-WebSocket-Protocol", &protocols)])
}

impl Phone {
    /// One that is paired.
    pub fn paired(at: SocketAddr) -> Self {
        join(at, &token(at)).unwrap()
    }

    pub fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text.to_owned())).unwrap();
    }

    /// The next object that is told; what is told is acknowledged, as the page does.
    pub fn hear(&mut self) -> Value {
        loop {
            match self.socket.read().unwrap() {
                Message::Text(text) => {
                    let told: Value = serde_json::from_str(&text).unwrap();
                    if let Some(n) = told["n"].as_u64() {
                        self.say(&format!("{{\"ack\":{n}}}"));
                    }
                    return told;
                }
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// The first told object that is as wanted.
    pub fn hear_until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let told = self.hear();
            if wanted(&told) {
                return told;
            }
            assert!(begin.elapsed() < SOON, "never told");
        }
    }
}

/// Waits until something is so.
pub fn soon(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < SOON, "{what}: not within {SOON:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
