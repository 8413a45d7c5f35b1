//! What is said to the person at the keyboard: on standard output what was asked for, on standard error
//! the rest.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::OnceLock;

/// How a command ended when it did not simply succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// A sentence for the person at the keyboard.
    Failed(String),
    /// Stopped with Ctrl-C; what was made so far is kept, as the sentence says.
    Interrupted(String),
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Why standard output could not be written, the first time that it could not.
static UNPRINTED: OnceLock<io::Error> = OnceLock::new();

/// Writes to standard output.
pub(super) fn print(text: impl AsRef<[u8]>) {
    let mut stdout = io::stdout();
    let written = stdout.write_all(text.as_ref());
    note(written.and_then(|()| stdout.flush()));
}

/// Notes how writing to standard output went. A reader that has seen enough (`| head`) is no failure,
/// and any other must not cost a film or a table: [`printed`] tells of it when the command is done.
pub(super) fn note(written: io::Result<()>) {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            // Only the first is told.
            let _ = UNPRINTED.set(error);
        }
        _ => {}
    }
}

/// Whether all that was printed has arrived.
pub(super) fn printed() -> Result<(), Failure> {
    match UNPRINTED.get() {
        Some(error) => Err(Failure::Failed(format!(
            "standard output cannot be written: {error}"
        ))),
        None => Ok(()),
    }
}

/// Writes a line to standard error. Where nobody listens any more (a closed terminal, a pipe whose
/// reader has gone) the work goes on.
pub(super) fn tell(sentence: &dyn Display) {
    let line = in_one_line(&sentence.to_string()) + "\n";
    let _ = io::stderr().write_all(line.as_bytes());
}

/// How it went when some things were `refused`, each for a reason: a line each.
pub(super) fn all_but(mut refused: Vec<String>) -> Result<(), Failure> {
    let Some(last) = refused.pop() else {
        return Ok(());
    };
    for sentence in refused {
        tell(&format!("synopsia: {sentence}"));
    }
    Err(Failure::Failed(last))
}

/// The same text where it is to be one line: names of files may hold anything, also what breaks lines
/// and what terminals take for commands.
pub(super) fn in_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Unicode's own breaks, and what turns the direction of writing.
            '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => line.extend(c.escape_unicode()),
            _ if c.is_control() => line.extend(c.escape_default()),
            _ => line.push(c),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_line_whatever_files_are_called() {
        let said = in_one_line("a\nb\t\u{1b}[31m\u{202e}é “x” is not a song");
        assert_eq!(said, "a\\nb\\t\\u{1b}[31m\\u{202e}é “x” is not a song");
    }
}
