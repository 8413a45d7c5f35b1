//! One request, of a bounded size and within a bounded time.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a whole request may take, however it trickles in.
const PATIENCE: Duration = Duration::from_secs(3);

/// Bytes of its head and of its body, and headers.
const LONGEST_HEAD: usize = 8 << 10;
const LONGEST_BODY: usize = 512;
const MOST_HEADERS: usize = 64;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Request {
    pub method: String,
    /// Decoded, from the slash on.
    pub path: String,
    /// What follows the question mark, as it came.
    pub query: Option<String>,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// What came behind it.
    pub rest: Vec<u8>,
}

/// Why there is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It has gone, or took too long: nobody to answer to.
    Gone,
    /// To be answered with this status.
    With(u16),
}

impl Request {
    /// The value of a header, by its name in lower case; of several, the first.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether one of the words of a header, between commas, is `word`.
    pub(crate) fn has_word(&self, header: &str, word: &str) -> bool {
        let words = self.header(header).unwrap_or_default().split(',');
        let mut words = words.map(str::trim);
        words.any(|own| own.eq_ignore_ascii_case(word))
    }

    /// Reads one.
    pub(crate) fn read(stream: &mut TcpStream) -> Result<Self, Refused> {
        let until = Instant::now() + PATIENCE;
        let mut bytes = Vec::new();
        loop {
            if let Some((request, head)) = parse(&bytes)? {
                return request.with_body(bytes.split_off(head), stream, until);
            }
            if bytes.len() >= LONGEST_HEAD {
                return Err(Refused::With(431));
            }
            more(&mut bytes, LONGEST_HEAD, stream, until)?;
        }
    }

    fn with_body(
        mut self,
        mut behind: Vec<u8>,
        stream: &mut TcpStream,
        until: Instant,
    ) -> Result<Self, Refused> {
        if self.header("transfer-encoding").is_some() {
            return Err(Refused::With(411));
        }
        let length = self.header("content-length").unwrap_or("0").parse();
        let length: usize = length.map_err(|_| Refused::With(400))?;
        if length > LONGEST_BODY {
            return Err(Refused::With(413));
        }
        while behind.len() < length {
            more(&mut behind, length, stream, until)?;
        }
        self.rest = behind.split_off(length);
        self.body = behind;
        Ok(self)
    }
}

/// Takes in what comes, up to so many bytes in all.
fn more(
    bytes: &mut Vec<u8>,
    most: usize,
    stream: &mut TcpStream,
    until: Instant,
) -> Result<(), Refused> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(Refused::Gone);
    }
    let waits = stream.set_read_timeout(Some(left));
    waits.map_err(|_| Refused::Gone)?;
    let mut buffer = [0; 2048];
    let room = buffer.len().min(most - bytes.len());
    match stream.read(&mut buffer[..room]) {
        Ok(0) => Err(Refused::Gone),
        Ok(read) => {
            bytes.extend(&buffer[..read]);
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
        Err(_) => Err(Refused::Gone),
    }
}

/// The request that `bytes` begin with, and where it ends; none where it goes on.
fn parse(bytes: &[u8]) -> Result<Option<(Request, usize)>, Refused> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let head = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Refused::With(431)),
        Err(_) => return Err(Refused::With(400)),
    };
    let target = parsed.path.unwrap_or_default();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let path = decoded(path).filter(|path| path.starts_with('/'));
    let text = |value: &[u8]| String::from_utf8_lossy(value).trim().to_owned();
    let headers = parsed.headers.iter();
    let request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: path.ok_or(Refused::With(400))?,
        query,
        headers: headers
            .map(|header| (header.name.to_ascii_lowercase(), text(header.value)))
            .collect(),
        ..Request::default()
    };
    Ok(Some((request, head)))
}

/// A path without its percent signs; none where that is no text.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        let byte = match (first, others) {
            (b'%', [a, b, others @ ..]) => {
                rest = others;
                let digit = |byte: u8| char::from(byte).to_digit(16);
                (digit(*a)? * 16 + digit(*b)?) as u8
            }
            (b'%', _) => return None,
            (byte, _) => *byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_its_path_its_query_and_its_headers() {
        let text = b"GET /synopsia/1/a%20b?VALUE HTTP/1.1\r\nHost: box.local \r\nConnection: keep-alive, Upgrade\r\n\r\nrest";
        let (request, head) = parse(text).unwrap().unwrap();
        assert_eq!(request.path, "/synopsia/1/a b");
        assert_eq!(request.query.as_deref(), Some("VALUE"));
        assert_eq!(request.header("host"), Some("box.local"));
        assert!(request.has_word("connection", "upgrade"));
        assert!(!request.has_word("host", "box"));
        assert_eq!(&text[head..], b"rest");
        for end in 0..head {
            assert_eq!(parse(&text[..end]), Ok(None), "cut at {end}");
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let many = "x: y\r\n".repeat(MOST_HEADERS + 1);
        for (text, refused) in [
            ("GET index.html HTTP/1.1\r\n\r\n", 400),
            ("GET /%ff HTTP/1.1\r\n\r\n", 400),
            ("GET /%4 HTTP/1.1\r\n\r\n", 400),
            ("\x16\x03\x01\x02", 400),
            ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
            (&format!("GET / HTTP/1.1\r\n{many}\r\n"), 431),
        ] {
            assert_eq!(
                parse(text.as_bytes()),
                Err(Refused::With(refused)),
                "{text}"
            );
        }
    }
}
