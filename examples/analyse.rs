//! Prints when a song's beats are and what it feels like: `cargo run --example analyse -- SONG`.

use std::error::Error;
use std::process::ExitCode;

use synopsia::beat::BeatListener;
use synopsia::emotion::{CLASS_NAMES, Emotion, Listener};
use synopsia::media::song::SongReader;
use synopsia::signal::{Analyser, Beat, Mixdown};

/// A line for each beat: when it is, how fast the pulse, and how certain.
fn print_beat(seconds: f64, beat: &Beat) {
    let (tempo, certain) = (beat.tempo, 100.0 * beat.confidence);
    println!(
        "{seconds:8.2} s  beat {}  {tempo:5.1} a minute  {certain:3.0} % certain",
        beat.in_bar + 1
    );
}

/// A line for each estimate of the mood.
fn print_mood(seconds: f64, mood: &Emotion) {
    let (valence, arousal) = (mood.valence, mood.arousal);
    let name = CLASS_NAMES[mood.strongest()];
    println!("{seconds:8.2} s  valence {valence:+.2}, arousal {arousal:+.2}: {name}");
}

fn analyse(path: &std::ffi::OsStr) -> Result<(), Box<dyn Error>> {
    let mut song = SongReader::open(path)?;
    let (rate, layout) = (song.rate(), song.layout());
    let seconds = |position: u64| position as f64 / f64::from(rate);
    // Beats are found in all channels, the mood in what an ear hears of them.
    let mut analyser = Analyser::with_layout(rate.into(), layout)?;
    let mut beats_heard = BeatListener::new(rate.into())?;
    let mut mixdown = Mixdown::new(rate.into(), layout);
    let mut listener = Listener::new(rate)?;
    let (mut block, mut mono) = (Vec::new(), Vec::new());
    let mut beats = 0.0;
    while song.read(&mut block)? > 0 {
        analyser.process_interleaved(&block, |frame| {
            let mut frame = *frame;
            beats_heard.hear(&mut frame);
            if frame.beat.beats.floor() > beats {
                beats = frame.beat.beats.floor();
                print_beat(seconds(frame.position), &frame.beat);
            }
        });
        mixdown.mix_interleaved(&block, |sample| mono.push(sample));
        listener.listen(&mono, |at, mood| print_mood(seconds(at), &mood))?;
        block.clear();
        mono.clear();
    }
    for warning in song.warnings() {
        eprintln!("{warning}");
    }
    Ok(())
}

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: analyse SONG");
        return ExitCode::FAILURE;
    };
    match analyse(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
