//! How a person reaches it: the command line.
//!
//! [`main`] reads the arguments and runs one command; each command has a file of its own. A
//! command that fails says so in one sentence on standard error. Exit codes: 0 done, 1 failed,
//! 2 wrong usage, 130 interrupted (what was made so far is kept).

mod analyze;
mod controls;
mod endings;
mod hear;
mod input;
mod live;
mod models;
mod mood;
mod pipeline;
pub(crate) mod plot;
mod presets;
mod progress;
mod render;
mod signals;
mod stage;

use crate::emotion::{CLASS_NAMES, Emotion};
use crate::media::song::SongReader;
use crate::output::target_of;
use clap::{CommandFactory, Parser, Subcommand};
use input::Input;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

const EXAMPLES: &str = "\
Examples:
  synopsia render song.mp3                      a film of the song: song.mp4
  synopsia render song.flac --model paintings --size 1920x1080 --fps 60
  cat song.mp3 | synopsia render - -o film.mp4  from a pipe
  synopsia render song.wav --from 1:00 --to 1:30 -o chorus.mov --codec prores
  synopsia live                                 paint what an audio input hears
  synopsia analyze song.mp3 --plot mood.png     what Synopsia hears in it
  synopsia mood picture.jpg                     what a picture feels like
  synopsia models                               what it can paint with
  synopsia presets                              which looks have a name
  synopsia controls                             what can be set, as in render --set trails=0.6";

/// Listens to music, says what it feels, and paints it.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXAMPLES, propagate_version = true)]
struct Cli {
    /// Print only errors.
    #[arg(short, long, global = true)]
    quiet: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Render(render::Options),
    Live(live::Options),
    Analyze(analyze::Options),
    Mood(mood::Options),
    Models(models::Options),
    Presets(presets::Options),
    Controls(controls::Options),
    /// Print a completion script for your shell.
    ///
    /// For bash: synopsia completions bash > ~/.local/share/bash-completion/completions/synopsia
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// How a command ended when it did not simply succeed.
#[derive(Debug)]
enum Failure {
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

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    quieten_vulkan();
    signals::watch();
    let result = match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(wrong) if wrong.use_stderr() => wrong.exit(),
        Err(help) => {
            let printed = help.print();
            note(printed.and_then(|()| io::stdout().flush()));
            Ok(())
        }
    };
    match result.and_then(|()| printed()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Failed(sentence)) => {
            tell(&format!("synopsia: {sentence}"));
            ExitCode::FAILURE
        }
        Err(Failure::Interrupted(sentence)) => {
            tell(&format!("synopsia: {sentence}"));
            ExitCode::from(130)
        }
    }
}

/// Runs one command.
fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Render(options) => render::run(&options, cli.quiet),
        Command::Live(options) => live::run(&options, cli.quiet),
        Command::Analyze(options) => analyze::run(&options, cli.quiet),
        Command::Mood(options) => mood::run(&options, cli.quiet),
        Command::Models(options) => models::run(&options),
        Command::Presets(options) => presets::run(&options),
        Command::Controls(options) => controls::run(&options),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "synopsia", &mut script);
            print(&script);
            Ok(())
        }
    }
}

/// Why standard output could not be written, the first time that it could not.
static UNPRINTED: OnceLock<io::Error> = OnceLock::new();

/// Writes to standard output.
fn print(text: impl AsRef<[u8]>) {
    let mut stdout = io::stdout();
    let written = stdout.write_all(text.as_ref());
    note(written.and_then(|()| stdout.flush()));
}

/// Notes how writing to standard output went. A reader that has seen enough (`| head`) is no failure,
/// and any other must not cost a film or a table: [`printed`] tells of it when the command is done.
fn note(written: io::Result<()>) {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            // Only the first is told.
            let _ = UNPRINTED.set(error);
        }
        _ => {}
    }
}

/// Whether all that was printed has arrived.
fn printed() -> Result<(), Failure> {
    match UNPRINTED.get() {
        Some(error) => Err(Failure::Failed(format!(
            "standard output cannot be written: {error}"
        ))),
        None => Ok(()),
    }
}

/// Writes a line to standard error. Where nobody listens any more (a closed terminal, a pipe whose
/// reader has gone) the work goes on.
fn tell(sentence: &dyn Display) {
    let line = in_one_line(&sentence.to_string()) + "\n";
    let _ = io::stderr().write_all(line.as_bytes());
}

/// How it went when some things were `refused`, each for a reason: a line each.
fn all_but(mut refused: Vec<String>) -> Result<(), Failure> {
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
fn in_one_line(text: &str) -> String {
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

/// The three classes that an emotion is nearest to, with their shares.
fn spell_classes(emotion: &Emotion) -> String {
    let mut classes: Vec<usize> = (0..CLASS_NAMES.len()).collect();
    classes.sort_by(|a, b| emotion.classes[*b].total_cmp(&emotion.classes[*a]));
    let classes: Vec<String> = (classes.iter().take(3))
        .map(|i| format!("{} {:.0} %", CLASS_NAMES[*i], 100.0 * emotion.classes[*i]))
        .collect();
    classes.join(", ")
}

/// Opens a song: a file, or what comes through a pipe.
fn open_song(named: &Path) -> Result<Input, Failure> {
    let check = |path: &Path| SongReader::open(path).map(drop).map_err(|e| e.to_string());
    Input::open(named, check)
}

/// Refuses to write over the song that is read, or to write two things to one place.
fn keep_apart<'a>(song: &Path, outputs: impl Iterator<Item = &'a Path>) -> Result<(), Failure> {
    // Where a path leads, also when nothing is there yet.
    let place = |path: &Path| {
        let path = target_of(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize();
        match (folder, path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => path.canonicalize().unwrap_or(path),
        }
    };
    let song = place(song);
    let mut taken = Vec::new();
    for output in outputs {
        let (shown, output) = (output.display(), place(output));
        if output == song {
            return Err(Failure::Failed(format!(
                "{shown} is the song itself: choose another name to write to"
            )));
        }
        if taken.contains(&output) {
            return Err(Failure::Failed(format!(
                "{shown} would be written twice: choose different names"
            )));
        }
        taken.push(output);
    }
    Ok(())
}

/// Mesa's device-select layer asks the desktop session which card it uses, and where there is no
/// session complains on standard error. It is left out there.
fn quieten_vulkan() {
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: no other thread has been started yet that could read the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

/// A moment written as a person writes it: `90`, `1:30`, `1:02:03.5`, with or without fraction.
fn parse_time(text: &str) -> Result<f64, String> {
    let wrong = || format!("\"{text}\" is not a time; write seconds (90), 1:30 or 1:02:03.5");
    let mut seconds = 0.0;
    let parts: Vec<&str> = text.trim().trim_end_matches('s').split(':').collect();
    if parts.len() > 3 {
        return Err(wrong());
    }
    for (i, part) in parts.iter().enumerate() {
        let value: f64 = part.parse().map_err(|_| wrong())?;
        let sixty = i > 0 && value >= 60.0;
        let fraction = i + 1 < parts.len() && value.fract() != 0.0;
        if !value.is_finite() || value.is_sign_negative() || sixty || fraction {
            return Err(wrong());
        }
        seconds = seconds * 60.0 + value;
    }
    Ok(seconds)
}

/// From here on nobody reads a clock, seconds.
const LONGEST_CLOCK: f64 = 10_000.0 * 3600.0;

/// A duration as a person reads it: `0:07`, `3:05`, `1:02:03`.
fn spell_time(seconds: f64) -> String {
    if seconds >= LONGEST_CLOCK {
        return format!("{:.0} hours and more", LONGEST_CLOCK / 3600.0);
    }
    let whole = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::song::SongError;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("0", 0.0),
            ("90", 90.0),
            ("1.5", 1.5),
            ("1:30", 90.0),
            ("1:02:03.5", 3723.5),
        ] {
            assert_eq!(parse_time(text), Ok(seconds), "{text}");
        }
        for text in ["", "x", "-1", "1:60", "1:2:3:4", "inf", "nan", "1.5:00"] {
            assert!(parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_spelled_as_people_read_them() {
        assert_eq!(spell_time(7.2), "0:07");
        assert_eq!(spell_time(185.0), "3:05");
        assert_eq!(spell_time(3723.0), "1:02:03");
        assert_eq!(spell_time(1e300), "10000 hours and more");
    }

    #[test]
    fn a_sentence_is_one_line_whatever_files_are_called() {
        let said = in_one_line("a\nb\t\u{1b}[31m\u{202e}é “x” is not a song");
        assert_eq!(said, "a\\nb\\t\\u{1b}[31m\\u{202e}é “x” is not a song");
    }

    #[test]
    fn help_and_refusals_name_each_container_that_is_read_without_ffmpeg() {
        // What the page of formats calls them, and people.
        let names = [
            ("Core Audio", "CAF"),
            ("Sun (AU)", "AU"),
            ("QuickTime", "MOV"),
            ("Matroska", "MKV"),
            ("MPEG audio", "MP3"),
            ("ADTS", "AAC"),
            ("Wave64", "WAV"),
            ("Ogg", "Ogg Vorbis"),
            ("Ogg Opus", "Opus"),
        ];
        let refusal = SongError::NotAudio("a".into()).to_string();
        let command = Cli::command();
        let help = |command: &clap::Command, name: &str| {
            let command = command.find_subcommand(name).unwrap();
            let song = command
                .get_arguments()
                .find(|argument| argument.get_id() == "song");
            song.unwrap().get_help().unwrap().to_string()
        };
        let texts = [refusal, help(&command, "render"), help(&command, "analyze")];
        let page = include_str!("../../docs/formats.md");
        let rows = page.lines().filter(|row| row.contains("| Synopsia |"));
        let mut containers: Vec<&str> = rows
            .filter_map(|row| row.split(['|', ',']).nth(1).map(str::trim))
            .collect();
        containers.dedup();
        assert!(containers.len() > 12, "{containers:?}");
        for container in containers {
            let known = names.iter().find(|(written, _)| *written == container);
            let name = known.map_or(container, |(_, name)| name);
            for text in &texts {
                assert!(text.contains(name), "{name} is missing in: {text}");
            }
        }
    }
}
