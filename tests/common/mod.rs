//! What the tests of the program share: songs made by formula, and the program itself.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, on the processor, so that results do not depend on the machine's adapter.
pub fn synopsia(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_synopsia"));
    command.args(args);
    with_usual_signals(&mut command);
    command
}

/// Has `command` start with no signal ignored, whatever these tests were started by: a shell has what
/// it runs in the background ignore Ctrl-C, and the program takes that as its user's will.
pub fn with_usual_signals(command: &mut Command) {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let usual = || {
            use libc::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
            for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU] {
                // SAFETY: what the system does by itself runs no code of ours.
                unsafe { libc::signal(signal, libc::SIG_DFL) };
            }
            Ok(())
        };
        // SAFETY: between fork and exec nothing but signals is set.
        unsafe { command.pre_exec(usual) };
    }
    #[cfg(not(unix))]
    let _ = command;
}

/// Renders `song` small and fast into `film` with more `args`.
pub fn render(song: &Path, film: &Path, args: &[&str]) -> Output {
    let mut command = synopsia(&[
        "render",
        "--size",
        "160x90",
        "--fps",
        "10",
        "--painter",
        "cpu",
    ]);
    command.arg(song).arg("-o").arg(film).args(args);
    command.output().unwrap()
}

/// A network of our own kind with which a film takes a tenth of the processor time: for what is
/// true whatever the weights.
pub const SMALL_NETWORK: [&str; 2] = [
    "--model",
    concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/modulated.model.safetensors"
    ),
];

/// Standard error as text.
pub fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A 32-bit float WAV with samples as they come, interleaved.
pub fn write_wav(path: &Path, rate: u32, channels: u16, samples: &[f32]) {
    let bytes = 4 * samples.len() as u32;
    let frame = 4 * u32::from(channels);
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16u32.to_le_bytes());
    wav.extend(3u16.to_le_bytes());
    wav.extend(channels.to_le_bytes());
    wav.extend(rate.to_le_bytes());
    wav.extend((rate * frame).to_le_bytes());
    wav.extend((frame as u16).to_le_bytes());
    wav.extend(32u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    samples.iter().for_each(|x| wav.extend(x.to_le_bytes()));
    std::fs::write(path, wav).unwrap();
}

/// Slow, soft chords: calm music.
pub fn calm(rate: u32, seconds: f32) -> Vec<f32> {
    (0..(rate as f32 * seconds) as usize)
        .map(|i| {
            let t = i as f32 / rate as f32;
            let chord = if ((t / 4.0) as u32).is_multiple_of(2) {
                [220.0, 277.2, 329.6]
            } else {
                [196.0, 246.9, 293.7]
            };
            let swell = 0.5 - 0.5 * (TAU * t / 4.0).cos();
            0.05 * swell * chord.map(|f| (TAU * f * t).sin()).iter().sum::<f32>()
        })
        .collect()
}

/// Fast, loud drums over a distorted bass: wild music at 160 beats a minute.
pub fn wild(rate: u32, seconds: f32) -> Vec<f32> {
    let mut noise = 0x2545_F491u32;
    (0..(rate as f32 * seconds) as usize)
        .map(|i| {
            let t = i as f32 / rate as f32;
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let hiss = noise as f32 / u32::MAX as f32 - 0.5;
            let (beat, half) = (t % 0.375, (t + 0.1875) % 0.375);
            let kick =
                (-18.0 * beat).exp() * (TAU * (50.0 + 90.0 * (-40.0 * beat).exp()) * beat).sin();
            let snare = (-22.0 * half).exp() * hiss;
            let bass = (6.0 * (TAU * 55.0 * t).sin()).tanh() * 0.3;
            let lead = (4.0 * (TAU * 466.0 * t).sin()).tanh() * 0.15;
            (0.8 * kick + 0.9 * snare + bass + lead + 0.1 * hiss).clamp(-1.0, 1.0)
        })
        .collect()
}

/// A WAV of `samples` (mono) in `folder`.
pub fn song(folder: &Path, name: &str, rate: u32, samples: &[f32]) -> PathBuf {
    let path = folder.join(name);
    write_wav(&path, rate, 1, samples);
    path
}

/// A minute of calm music in `folder`: more than is painted before a test ends the film.
pub fn long_song(folder: &Path, name: &str, rate: u32) -> PathBuf {
    song(folder, name, rate, &calm(rate, 8.0).repeat(8))
}

/// What ffprobe says of a film: seconds of picture, seconds of sound, frames that decode.
pub fn probe(film: &Path) -> (f64, f64, u64) {
    let ask = |stream: &str, what: &str| {
        let output = Command::new("ffprobe")
            .args(["-v", "error", "-select_streams", stream, "-count_frames"])
            .args(["-show_entries", &format!("stream={what}"), "-of", "csv=p=0"])
            .arg(film)
            .output()
            .expect("ffprobe is installed by scripts/setup.sh test");
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .trim_end_matches(',')
            .to_string()
    };
    let seconds = |stream| ask(stream, "duration").parse().unwrap_or(0.0);
    (
        seconds("v:0"),
        seconds("a:0"),
        ask("v:0", "nb_read_frames").parse().unwrap_or(0),
    )
}
