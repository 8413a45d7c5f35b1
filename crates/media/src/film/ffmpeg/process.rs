//! ffmpeg at work: pictures go in, complaints come out.

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::JoinHandle;

use crate::ffmpeg::{listen, program};
use crate::film::{Codec, EncodeError};

/// How much of ffmpeg's last words is passed on, bytes.
const LAST_WORDS: usize = 600;

/// ffmpeg, its input, and who listens to its complaints.
pub(super) struct Pipe {
    pub(super) child: Child,
    input: Option<ChildStdin>,
    complaints: Option<JoinHandle<String>>,
    /// How it went, once it has ended.
    outcome: Option<Result<(), String>>,
}

impl Pipe {
    pub(super) fn open(mut command: Command, codec: Codec) -> Result<Self, EncodeError> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| not_started(e, codec))?;
        let complaints = child.stderr.take().map(listen);
        Ok(Self {
            input: child.stdin.take(),
            child,
            complaints,
            outcome: None,
        })
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        let Some(input) = &mut self.input else {
            return Err(EncodeError::Ffmpeg("it has ended".to_string()));
        };
        match input.write_all(bytes) {
            Ok(()) => Ok(()),
            // It has closed its ears: it says why on its way out.
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => match self.close() {
                Err(why) => Err(why),
                Ok(()) => Err(EncodeError::Write(e)),
            },
            Err(e) => Err(EncodeError::Write(e)),
        }
    }

    /// Ends the input and waits until ffmpeg is done; says the same when asked again.
    pub(super) fn close(&mut self) -> Result<(), EncodeError> {
        self.input = None;
        let status = self.child.wait().map_err(EncodeError::Write)?;
        let complaints = self.complaints.take();
        let outcome = self.outcome.get_or_insert_with(|| {
            let said = complaints.and_then(|listener| listener.join().ok());
            if status.success() {
                Ok(())
            } else {
                Err(last_words(&said.unwrap_or_default(), &status.to_string()))
            }
        });
        outcome.clone().map_err(EncodeError::Ffmpeg)
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.input = None;
        // A film that was given up need not be finished; one that has ended cannot be killed.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// ffmpeg, quiet, and overwriting the drafts that are reserved for it.
pub(super) fn ffmpeg() -> Command {
    let mut command = program("ffmpeg");
    command.args(["-nostats", "-y"]);
    command
}

fn not_started(error: io::Error, codec: Codec) -> EncodeError {
    if error.kind() == io::ErrorKind::NotFound {
        EncodeError::NoFfmpeg(codec)
    } else {
        EncodeError::Ffmpeg(error.to_string())
    }
}

/// Asks ffmpeg whether it has this encoder.
pub(super) fn check_encoder(codec: Codec, encoder: &'static str) -> Result<(), EncodeError> {
    let answer = ffmpeg()
        .arg("-encoders")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| not_started(e, codec))?;
    let known = String::from_utf8_lossy(&answer.stdout)
        .lines()
        .any(|line| line.split_whitespace().nth(1) == Some(encoder));
    if known {
        Ok(())
    } else {
        Err(EncodeError::NoEncoder { codec, encoder })
    }
}

/// The end of what ffmpeg said, on one line.
fn last_words(said: &str, status: &str) -> String {
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    if lines.is_empty() {
        return status.to_string();
    }
    let mut words = lines[lines.len().saturating_sub(3)..].join("; ");
    if words.len() > LAST_WORDS {
        let cut = words.len() - LAST_WORDS;
        let cut = (cut..words.len()).find(|&at| words.is_char_boundary(at));
        words.drain(..cut.unwrap_or(0));
    }
    words
}
