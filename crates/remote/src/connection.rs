//! One connection: a request and its answer, or a WebSocket for as long as it is open.

use crate::browsers::{is_our_host, is_our_origin};
use crate::bucket::Bucket;
use crate::gate::Pass;
use crate::request::{Refused, Request};
use crate::response::Response;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

/// How long is waited for a message before it is looked what is to be told.
const WAIT: Duration = Duration::from_millis(10);

/// How long somebody may take to take a message in.
const PATIENCE: Duration = Duration::from_secs(1);

/// Bytes of a message.
const LONGEST: usize = 4096;

/// Bytes and messages a second that are read, and how many at once. More wait in the network, not here.
const BYTES: (f64, f64) = (64e3, 128e3);
const MESSAGES: (f64, f64) = (200.0, 400.0);

/// What is served at a port.
pub(crate) trait Site: Send + Sync + 'static {
    /// What somebody at an address is answered.
    fn answer(&self, request: &Request, from: IpAddr) -> Answer;
}

/// What is answered.
pub(crate) enum Answer {
    Once(Response),
    /// A WebSocket of that subprotocol, whether whoever opens it may stay, and what is said over it.
    Talk {
        protocol: Option<&'static str>,
        stays: bool,
        talk: Box<dyn FnOnce(Talk<'_>)>,
    },
}

/// Serves one connection to its end.
pub(crate) fn serve(
    site: &dyn Site,
    stream: TcpStream,
    from: IpAddr,
    mut pass: Pass,
    stop: &AtomicBool,
) {
    let mut stream = stream;
    let _ = stream.set_nodelay(true);
    let refuse = |stream: &mut TcpStream, status| Response::empty(status).send(stream, false);
    let request = match Request::read(&mut stream) {
        Ok(request) => request,
        Err(Refused::Gone) => return,
        Err(Refused::With(status)) => return leave(refuse(&mut stream, status), &mut stream),
    };
    let host = request.header("host").unwrap_or_default();
    if !is_our_host(host) {
        return leave(refuse(&mut stream, 421), &mut stream);
    }
    if !is_our_origin(request.header("origin"), host) {
        return leave(refuse(&mut stream, 403), &mut stream);
    }
    match site.answer(&request, from) {
        Answer::Once(response) => {
            let sent = response.send(&mut stream, request.method == "HEAD");
            leave(sent, &mut stream);
        }
        Answer::Talk {
            protocol,
            stays,
            talk,
        } => {
            let Some(accepted) = accepted(&request, protocol) else {
                let upgrade = Response::empty(426).with("Upgrade", "websocket");
                return leave(upgrade.send(&mut stream, false), &mut stream);
            };
            if stays && !pass.sit() {
                return leave(refuse(&mut stream, 503), &mut stream);
            }
            if accepted.send(&mut stream, true).is_ok()
                && let Ok(socket) = Talk::open(stream, request.rest, stop)
            {
                talk(socket);
            }
        }
    }
}

/// What is read at most of what somebody who has been answered still sends.
const LEFT: usize = 64 << 10;

/// Ends a connection so that its answer arrives: what is closed with something unread in it is cut off.
fn leave(sent: io::Result<()>, stream: &mut TcpStream) {
    if sent.is_err() || stream.shutdown(std::net::Shutdown::Write).is_err() {
        return;
    }
    let until = Instant::now() + PATIENCE;
    let (mut buffer, mut left) = ([0; 1024], LEFT);
    while left > 0 && Instant::now() < until {
        let _ = stream.set_read_timeout(Some(WAIT * 10));
        match stream.read(&mut buffer) {
            Ok(read) if read > 0 => left = left.saturating_sub(read),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            _ => return,
        }
    }
}

/// The head by which a WebSocket is opened; none where nobody asks for one.
fn accepted(request: &Request, protocol: Option<&'static str>) -> Option<Response> {
    let key = request.header("sec-websocket-key")?;
    let is_asked = request.method == "GET"
        && request.has_word("upgrade", "websocket")
        && request.has_word("connection", "upgrade")
        && request.header("sec-websocket-version") == Some("13")
        && key.len() == 24;
    let head = Response::empty(101)
        .with("Upgrade", "websocket")
        .with("Connection", "Upgrade")
        .with("Sec-WebSocket-Accept", derive_accept_key(key.as_bytes()));
    is_asked.then(|| match protocol {
        Some(protocol) => head.with("Sec-WebSocket-Protocol", protocol),
        None => head,
    })
}

/// A stream of which no more than so much is read in a time.
struct Slowed {
    stream: TcpStream,
    bytes: Bucket,
}

impl Read for Slowed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.left(Instant::now()) as usize;
        if left == 0 {
            std::thread::sleep(WAIT);
            return Err(ErrorKind::WouldBlock.into());
        }
        let room = left.min(buffer.len());
        let read = self.stream.read(&mut buffer[..room])?;
        self.bytes.take(read as f64, Instant::now());
        Ok(read)
    }
}

impl Write for Slowed {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// An open WebSocket.
pub(crate) struct Talk<'a> {
    socket: WebSocket<Slowed>,
    messages: Bucket,
    stop: &'a AtomicBool,
}

/// What came.
pub(crate) enum Said {
    Text(String),
    /// Nothing within a short time, or nothing to be looked at.
    Nothing,
    /// It is over.
    End,
}

impl<'a> Talk<'a> {
    fn open(stream: TcpStream, rest: Vec<u8>, stop: &'a AtomicBool) -> io::Result<Self> {
        stream.set_read_timeout(Some(WAIT))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST))
            .max_frame_size(Some(LONGEST))
            .read_buffer_size(LONGEST)
            .write_buffer_size(0);
        let now = Instant::now();
        let bytes = Bucket::new(BYTES.0, BYTES.1, now);
        let slowed = Slowed { stream, bytes };
        Ok(Self {
            socket: WebSocket::from_partially_read(slowed, rest, Role::Server, Some(config)),
            messages: Bucket::new(MESSAGES.0, MESSAGES.1, now),
            stop,
        })
    }

    /// Waits a short while for a message.
    pub(crate) fn hear(&mut self) -> Said {
        if self.stop.load(Ordering::Relaxed) {
            self.end(CloseCode::Away, "");
            return Said::End;
        }
        if self.messages.left(Instant::now()) < 1.0 {
            std::thread::sleep(WAIT);
            return Said::Nothing;
        }
        let read = self.socket.read();
        if read.is_ok() {
            self.messages.take(1.0, Instant::now());
        }
        match read {
            Ok(Message::Text(text)) => Said::Text(text.to_string()),
            Ok(Message::Close(_)) => Said::End,
            Ok(_) => Said::Nothing,
            Err(Error::Io(error)) if is_a_pause(&error) => Said::Nothing,
            Err(Error::Capacity(_)) => {
                self.end(CloseCode::Size, "too long");
                Said::End
            }
            Err(_) => Said::End,
        }
    }

    /// Sends a message; says whether it went.
    pub(crate) fn say(&mut self, message: Message) -> bool {
        self.socket.send(message).is_ok()
    }

    /// Ends it, and says why.
    pub(crate) fn end(&mut self, code: CloseCode, reason: &'static str) {
        let reason = reason.into();
        let _ = self.socket.close(Some(CloseFrame { code, reason }));
        let _ = self.socket.flush();
    }
}

fn is_a_pause(error: &io::Error) -> bool {
    let kind = error.kind();
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
