//! What is answered.

use serde_json::Value;
use std::borrow::Cow;
use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long somebody may take to take a part of it in.
const PATIENCE: Duration = Duration::from_secs(4);

/// A page of ours loads and speaks with nobody but us, and nobody shows it in a page of theirs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws:; \
                      manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Response {
    pub status: u16,
    kind: &'static str,
    body: Cow<'static, [u8]>,
    more: Vec<(&'static str, String)>,
}

impl Response {
    /// No more than that.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            kind: "",
            body: Cow::Borrowed(b""),
            more: Vec::new(),
        }
    }

    /// A file of the page, by its media type.
    pub(crate) fn file(kind: &'static str, body: &'static str) -> Self {
        Self {
            kind,
            body: Cow::Borrowed(body.as_bytes()),
            ..Self::empty(200)
        }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self {
            kind: "application/json",
            body: Cow::Owned(value.to_string().into_bytes()),
            ..Self::empty(status)
        }
    }

    pub(crate) fn with(mut self, header: &'static str, value: impl ToString) -> Self {
        self.more.push((header, value.to_string()));
        self
    }

    /// Sends it, or without its body where only the head was asked for.
    pub(crate) fn send(&self, stream: &mut TcpStream, only_head: bool) -> io::Result<()> {
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut bytes = format!("HTTP/1.1 {} {}\r\n", self.status, word(self.status)).into_bytes();
        let mut line =
            |name: &str, value: &str| bytes.extend(format!("{name}: {value}\r\n").bytes());
        for (name, value) in &self.more {
            line(name, value);
        }
        if self.status != 101 {
            line("Connection", "close");
            line("Cache-Control", "no-store");
            line("X-Content-Type-Options", "nosniff");
            line("X-Frame-Options", "DENY");
            line("Referrer-Policy", "no-referrer");
            line("Content-Security-Policy", POLICY);
            if self.status != 204 {
                line("Content-Length", &self.body.len().to_string());
            }
            if !self.kind.is_empty() {
                line("Content-Type", self.kind);
            }
        }
        bytes.extend(b"\r\n");
        if !only_head {
            bytes.extend(&*self.body);
        }
        stream.write_all(&bytes)
    }
}

fn word(status: u16) -> &'static str {
    match status {
        101 => "Switching Protocols",
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        411 => "Length Required",
        413 => "Content Too Large",
        421 => "Misdirected Request",
        426 => "Upgrade Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}
