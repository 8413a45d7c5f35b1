//! A sink of one's own: what a song looks like, in the terminal, as it would be played now (without
//! its sound). `cargo run --release --example sink -- SONG`, in a terminal with 24-bit colours.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use synopsia::control::Snapshot;
use synopsia::live::Live;
use synopsia::media::song::SongReader;
use synopsia::output::PictureSink;
use synopsia::render::Picture;
use synopsia::signal::StereoDownmix;

/// Characters across and down; each is two dots, one above the other.
const CHARACTERS: [usize; 2] = [96, 27];

/// Samples from one look at the music to the next.
const BLOCK: usize = 512;

/// Draws pictures as text.
struct Terminal {
    text: String,
}

impl PictureSink for Terminal {
    fn wanted_size(&self) -> Option<[usize; 2]> {
        let [across, down] = CHARACTERS;
        Some([across, 2 * down])
    }

    fn is_watching(&self, _: Instant) -> bool {
        true
    }

    fn show(&mut self, picture: &Arc<Picture>, _: u64) {
        // A card that is lost has no picture for now; the next one comes from another.
        let Ok(pixels) = picture.pixels() else { return };
        let colour = |x: usize, y: usize| {
            let at = 4 * (y * pixels.width + x);
            let [r, g, b] = [0, 1, 2].map(|k| pixels.rgba[at + k]);
            format!("2;{r};{g};{b}")
        };
        // From the upper left corner on: colours of the upper and of the lower dot.
        self.text.clear();
        self.text.push_str("\x1b[H");
        for row in 0..pixels.height / 2 {
            for x in 0..pixels.width {
                let (upper, lower) = (colour(x, 2 * row), colour(x, 2 * row + 1));
                let _ = write!(self.text, "\x1b[38;{upper}m\x1b[48;{lower}m▀");
            }
            self.text.push_str("\x1b[0m\n");
        }
        let mut terminal = std::io::stdout().lock();
        let _ = terminal.write_all(self.text.as_bytes());
        let _ = terminal.flush();
    }
}

fn play(path: &std::ffi::OsStr) -> Result<(), Box<dyn Error>> {
    let mut song = SongReader::open(path)?;
    let rate = f64::from(song.rate());
    let downmix = StereoDownmix::new(song.layout());

    // An instance has knobs, ears, and sinks.
    let controls = Snapshot::default();
    let live = Live::new(move || controls);
    let text = String::new();
    live.add_sink(Terminal { text });
    let mut tap = live.connect(rate, 2, false)?;

    print!("\x1b[2J");
    let (began, mut played) = (Instant::now(), 0.0);
    let (mut samples, mut stereo) = (Vec::new(), Vec::new());
    while song.read(&mut samples)? > 0 {
        downmix.mix_interleaved(&samples, &mut stereo);
        for block in stereo.chunks(2 * BLOCK) {
            let side = |side| -> Vec<f32> {
                let samples = block.iter().skip(side).step_by(2);
                samples.copied().collect()
            };
            let (left, right) = (side(0), side(1));
            let both: [&[f32]; 2] = [&left, &right];
            tap.hear(&both, &both, None, &controls);
            played += left.len() as f64 / rate;
            let due = began + Duration::from_secs_f64(played);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        samples.clear();
        stereo.clear();
    }
    live.finish();
    Ok(())
}

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: sink SONG");
        return ExitCode::FAILURE;
    };
    match play(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
