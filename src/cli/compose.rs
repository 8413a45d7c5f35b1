//! `synopsia compose`: what music a picture asks for.

use super::ear::EarOption;
use super::endings::{has_extension, title};
use super::mood::open_picture;
use super::progress::Progress;
use super::terminal::{Failure, in_one_line, print, tell};
use super::words::spell_time;
use crate::compose::{
    Asked, Choice, ComposeError, Composer, Held, Instruments, Kept, SAMPLE_RATE, Score, Wishes,
};
use crate::emotion::PictureMood;
use crate::media::film::Wav;
use crate::output::Destination;
use crate::signal::Layout;
use std::fmt::Write;
use std::io::{self, Cursor};
use std::ops::RangeInclusive;
use std::panic::{set_hook, take_hook};
use std::path::{Path, PathBuf};

/// Turn a picture into music: a MIDI file, a sound, or both.
///
/// The picture's valence and arousal, and their course from left to right, are what is asked of the music. A network that was
/// trained on pop songs draws several takes in a manner that should be heard so, an ear hears each as it is played, and the
/// one is kept whose mood beside usual music is nearest to the picture's beside usual pictures. The same picture, seed and
/// instruments give the same music, unless the time runs out.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The picture: JPEG, PNG, WebP, GIF, TIFF or BMP; a pipe, or - for standard input.
    picture: PathBuf,

    /// What to write: .mid to be dragged into a DAW, .wav to be heard (44.1 kHz, stereo, 24 bits); may be given twice. If not
    /// given, a .mid of the picture's name, in the current folder.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,

    /// How many bars, 1 to 128; phrases have four.
    #[arg(long, default_value = "16", value_parser = bars)]
    bars: usize,

    /// The key, such as F#, "Bb major" or Am; of a tonic alone the picture chooses major or minor.
    #[arg(long, value_parser = key)]
    key: Option<Key>,

    /// Beats a minute, 40 to 220; if not given, the picture chooses.
    #[arg(long, value_name = "BPM", value_parser = tempo)]
    tempo: Option<f32>,

    /// Chooses the key and what is left to chance.
    #[arg(long, default_value_t = 0)]
    seed: u64,

    /// Among how many takes the nearest is chosen, 1 to 64; after a minute no more are begun.
    #[arg(long, default_value = "8", value_parser = takes)]
    takes: usize,

    /// Instruments of your own: a sound font in the order of General MIDI.
    #[arg(long, value_name = "FILE.sf2")]
    soundfont: Option<PathBuf>,

    #[command(flatten)]
    ear: EarOption,

    /// Replace files that exist.
    #[arg(long)]
    force: bool,
}

const BARS: RangeInclusive<usize> = 1..=128;
const TEMPO: RangeInclusive<f32> = 40.0..=220.0;
const TAKES: RangeInclusive<usize> = 1..=64;

fn within<T>(text: &str, range: &RangeInclusive<T>, what: &str) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("{what} {} to {}", range.start(), range.end()))
}

fn bars(text: &str) -> Result<usize, String> {
    within(text, &BARS, "a piece has bars from")
}

fn tempo(text: &str) -> Result<f32, String> {
    within(text, &TEMPO, "a tempo lies in")
}

fn takes(text: &str) -> Result<usize, String> {
    within(text, &TAKES, "takes are")
}

/// A tonic's pitch class, and whether it is minor, if that is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    tonic: u8,
    minor: Option<bool>,
}

/// Reads `C`, `F#m`, `Bb major`, `e minor`.
fn key(text: &str) -> Result<Key, String> {
    let refused = || format!("{text:?} is no key such as C, F#m or \"Bb major\"");
    let mut rest = text.trim().chars();
    let letter = rest.next().ok_or_else(refused)?.to_ascii_uppercase();
    let natural = match letter {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return Err(refused()),
    };
    let (shift, mode) = match rest.as_str() {
        rest if rest.starts_with(['#', '♯']) => (1, rest.trim_start_matches(['#', '♯'])),
        rest if rest.starts_with(['b', '♭']) => (11, rest.trim_start_matches(['b', '♭'])),
        rest => (0, rest),
    };
    let minor = match mode.trim() {
        "" => None,
        "m" | "min" | "minor" => Some(true),
        "M" | "maj" | "major" => Some(false),
        _ => return Err(refused()),
    };
    Ok(Key {
        tonic: (natural + shift) % 12,
        minor,
    })
}

/// What is written of a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Midi,
    Sound,
}

/// Turns the picture of `options` into music.
pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    let named = match options.output.as_slice() {
        [] => vec![PathBuf::from(title(&options.picture)).with_extension("mid")],
        named => named.to_vec(),
    };
    let mut outputs = Vec::new();
    for path in &named {
        outputs.push((kind_of(path)?, Destination::check(path, options.force)?));
    }
    let instruments = instruments(options.soundfont.as_deref())?;
    let (picture, doubt) = open_picture(&options.picture)?;
    if let Some(doubt) = doubt.filter(|_| !quiet) {
        tell(&format!("{}: {doubt}", options.picture.display()));
    }
    let judge = PictureMood::built_in()?;
    let asked = Asked::of(&picture, &judge, options.bars).map_err(|error| failed(&error))?;
    let kept = harmless(|| best(options, &asked, &instruments, quiet));
    let kept = kept.map_err(|error| of_font(options.soundfont.as_deref(), &error))?;
    // All is made before anything is written.
    let mut files = Vec::new();
    for (kind, destination) in outputs {
        let bytes = match kind {
            Kind::Midi => kept.score.midi(),
            Kind::Sound => harmless(|| wav(&kept.score, &instruments)),
        };
        let bytes = bytes.map_err(|error| of_font(options.soundfont.as_deref(), &error))?;
        files.push((destination, bytes));
    }
    let mut said = spell(&asked, &kept);
    for (destination, bytes) in files {
        let place = destination.write(&bytes)?;
        let _ = writeln!(said, "{}", in_one_line(&place.display().to_string()));
    }
    if !quiet {
        print(said);
    }
    Ok(())
}

fn kind_of(path: &Path) -> Result<Kind, Failure> {
    if has_extension(path, "mid") || has_extension(path, "midi") {
        return Ok(Kind::Midi);
    }
    if has_extension(path, "wav") {
        return Ok(Kind::Sound);
    }
    let name = in_one_line(&path.display().to_string());
    Err(Failure::Failed(format!(
        "{name} is not written: what is composed is a .mid or a .wav"
    )))
}

fn failed(error: &ComposeError) -> Failure {
    Failure::Failed(error.to_string())
}

/// A font's failure begins with its name.
fn of_font(font: Option<&Path>, error: &ComposeError) -> Failure {
    match (font, error) {
        (Some(font), ComposeError::Instruments(_)) => {
            Failure::Failed(in_one_line(&format!("{} {error}", font.display())))
        }
        _ => failed(error),
    }
}

fn instruments(font: Option<&Path>) -> Result<Instruments, Failure> {
    let opened = harmless(|| match font {
        Some(font) => Instruments::open(font),
        None => Instruments::built_in(),
    });
    opened.map_err(|error| of_font(font, &error))
}

/// Runs what may panic within a broken font, which is caught and told in a sentence, without the panic's own words.
fn harmless<T>(work: impl FnOnce() -> T) -> T {
    let hook = take_hook();
    set_hook(Box::new(|_| ()));
    let done = work();
    set_hook(hook);
    done
}

/// The take that an ear hears nearest to what is asked.
fn best(
    options: &Options,
    asked: &Asked,
    instruments: &Instruments,
    quiet: bool,
) -> Result<Kept, ComposeError> {
    let wishes = Wishes {
        bars: options.bars,
        tonic: options.key.map(|key| key.tonic),
        held: Held {
            minor: options.key.and_then(|key| key.minor),
            tempo: options.tempo,
        },
        seed: options.seed,
    };
    let choice = Choice {
        takes: options.takes,
        ear: options.ear.ear,
    };
    let progress = Progress::of_takes(options.takes as u64, quiet);
    let kept = Composer::built_in()?.best(asked, &wishes, instruments, choice, |made| {
        progress.set(made as u64);
        true
    });
    progress.finish();
    kept
}

/// A score as the instruments play it, as a WAV file.
fn wav(score: &Score, instruments: &Instruments) -> Result<Vec<u8>, ComposeError> {
    let unwritten = |error: io::Error| ComposeError::Sound(error.to_string());
    let mut file = Vec::new();
    let layout = Layout::usual(2);
    let mut wav = Wav::create(Cursor::new(&mut file), SAMPLE_RATE, &layout).map_err(unwritten)?;
    instruments.play(score, |samples| wav.write(samples).map_err(unwritten))?;
    wav.finish().map_err(unwritten)?;
    Ok(file)
}

const TONICS: [[&str; 12]; 2] = [
    [
        "C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B",
    ],
    [
        "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "Bb", "B",
    ],
];

/// What was asked and what is heard, and what the piece is.
fn spell(asked: &Asked, kept: &Kept) -> String {
    let mood =
        |[valence, arousal]: [f32; 2]| format!("valence {valence:+.2}, arousal {arousal:+.2}");
    let course = |moods: &[[f32; 2]]| {
        let moods = moods
            .iter()
            .map(|[valence, arousal]| format!("{valence:+.2} {arousal:+.2}"));
        moods.collect::<Vec<_>>().join(" | ")
    };
    let Kept {
        score,
        heard,
        number,
        takes,
    } = kept;
    let tonic = TONICS[usize::from(score.minor)][usize::from(score.tonic % 12)];
    let seconds = score.samples() as f64 / f64::from(SAMPLE_RATE);
    let mut text = format!("asked  {}\n", mood(asked.whole));
    let _ = writeln!(
        text,
        "heard  {} (take {number} of {takes})",
        mood(heard.whole)
    );
    if asked.course.len() > 1 {
        let _ = writeln!(text, "asked, phrase by phrase  {}", course(&asked.course));
        let _ = writeln!(text, "heard, phrase by phrase  {}", course(&heard.course));
    }
    let _ = writeln!(
        text,
        "{tonic} {}, {:.0} beats a minute, {}",
        if score.minor { "minor" } else { "major" },
        score.tempo,
        spell_time(seconds)
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_musicians_write_them() {
        let is = |text, tonic, minor| assert_eq!(key(text), Ok(Key { tonic, minor }), "{text}");
        is("C", 0, None);
        is("f#m", 6, Some(true));
        is("Bb major", 10, Some(false));
        is("b", 11, None);
        is("Cb", 11, None);
        is("E minor", 4, Some(true));
        is("A♭ maj", 8, Some(false));
        for text in ["", "H", "C##x", "C dorian", "7", "♭"] {
            assert!(key(text).is_err(), "{text}");
        }
    }
}
