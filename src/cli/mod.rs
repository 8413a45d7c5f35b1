//! How a person reaches it: the command line.
//!
//! [`main`] reads the arguments and runs one command; each command has a file of its own. A
//! command that fails says so in one sentence on standard error. Exit codes: 0 done, 1 failed,
//! 2 wrong usage, 130 interrupted (what was made so far is kept).

mod analyze;
mod board;
mod compose;
mod controls;
mod ear;
mod endings;
mod hear;
mod input;
mod lane;
mod live;
mod lyrics;
mod matching;
mod models;
mod mood;
mod pipeline;
pub(crate) mod plot;
mod presets;
mod progress;
mod render;
mod signals;
mod sonify;
mod terminal;
mod timeline;
mod words;

use clap::{CommandFactory, Parser, Subcommand};
use std::io::{self, Write};
use std::process::ExitCode;
use terminal::{Failure, note, print, printed, tell};

const EXAMPLES: &str = "\
Examples:
  synopsia render song.mp3                      a film of the song: song.mp4
  synopsia render song.flac --model paintings --size 1920x1080 --fps 60
  cat song.mp3 | synopsia render - -o film.mp4  from a pipe
  synopsia render song.wav --from 1:00 --to 1:30 -o chorus.mov --codec prores
  synopsia live                                 paint what an audio input hears
  synopsia analyze song.mp3 --plot mood.png     what Synopsia hears in it
  synopsia mood picture.jpg                     what a picture feels like
  synopsia match cover.jpg songs/               which song fits the picture best
  synopsia sonify picture.jpg -o sound.wav      what a picture sounds like
  synopsia sonify --stage song.mp3 -o back.wav  what is painted for a song, as sound
  synopsia compose picture.jpg -o song.mid      what music it asks for
  synopsia models                               what it can paint and hear with
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
    Live(Box<live::Options>),
    Analyze(analyze::Options),
    Mood(mood::Options),
    Match(matching::Options),
    Sonify(sonify::Options),
    Compose(compose::Options),
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
        Command::Match(options) => matching::run(&options, cli.quiet),
        Command::Sonify(options) => sonify::run(&options, cli.quiet),
        Command::Compose(options) => compose::run(&options, cli.quiet),
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

/// Mesa's device-select layer asks the desktop session which card it uses, and where there is no
/// session complains on standard error. It is left out there.
fn quieten_vulkan() {
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: no other thread has been started yet that could read the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
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
