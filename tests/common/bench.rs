//! Songs to try, made by ffmpeg or by hand, and what is heard in them.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use synopsia::media::song::{SongError, SongReader};

/// A song that was read to its end.
pub struct Heard {
    pub rate: u32,
    pub channels: usize,
    pub duration: Option<f64>,
    pub samples: Vec<f32>,
    pub warnings: String,
}

pub fn hear(path: &Path) -> Result<Heard, SongError> {
    let mut song = SongReader::open(path)?;
    let mut samples = Vec::new();
    while song.read(&mut samples)? > 0 {}
    Ok(Heard {
        rate: song.rate(),
        channels: song.channels(),
        duration: song.duration(),
        samples,
        warnings: song.warnings().join("; "),
    })
}

pub fn media(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/media")
        .join(name)
}

/// A folder for one test, and ffmpeg in it.
pub struct Bench(tempfile::TempDir);

impl Bench {
    /// `None` where there is no ffmpeg.
    pub fn new() -> Option<Self> {
        let version = Command::new("ffmpeg").arg("-version").output();
        version.ok().map(|_| Self::without_ffmpeg())
    }

    pub fn without_ffmpeg() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn ffmpeg(&self, arguments: &str) {
        let made = Command::new("ffmpeg")
            .current_dir(&self.0)
            .args(["-nostdin", "-v", "error", "-y"])
            .args(arguments.split_whitespace())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{arguments}: {said}");
    }

    /// A float WAV with a tone and a sweep of its own on every channel.
    pub fn source(&self, channels: usize, rate: u32, seconds: f64) -> Vec<f32> {
        let tones: Vec<String> = (0..channels)
            .map(|c| {
                let hertz = 220 + 110 * c;
                format!(
                    "0.3*sin(2*PI*({hertz}*t+40*t*t))+0.05*sin(2*PI*{}*t)",
                    997 + 170 * c
                )
            })
            .collect();
        let tones = tones.join("|");
        self.ffmpeg(&format!(
            "-f lavfi -i aevalsrc='{tones}':s={rate}:d={seconds} -c:a pcm_f32le b.wav"
        ));
        self.decode("b.wav")
    }

    /// What ffmpeg hears.
    pub fn decode(&self, name: &str) -> Vec<f32> {
        let decoded = Command::new("ffmpeg")
            .current_dir(&self.0)
            .args(["-nostdin", "-v", "error", "-i", name, "-f", "f32le", "-"])
            .output()
            .unwrap();
        decoded
            .stdout
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes(four.try_into().unwrap()))
            .collect()
    }

    /// Asserts that the file is heard as ffmpeg hears it, up to `slack` samples at the end.
    pub fn same_as_ffmpeg(&self, name: &str, slack: usize) -> Heard {
        let heard = hear(&self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_close(name, &heard.samples, &self.decode(name), 1e-3, slack);
        heard
    }
}

pub fn assert_close(name: &str, ours: &[f32], theirs: &[f32], tolerance: f32, slack: usize) {
    let lengths = (ours.len(), theirs.len());
    assert!(
        ours.len().abs_diff(theirs.len()) <= slack,
        "{name}: {lengths:?}"
    );
    assert!(!ours.is_empty(), "{name} is empty");
    let worst = ours
        .iter()
        .zip(theirs)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(worst <= tolerance, "{name}: off by {worst}");
}
