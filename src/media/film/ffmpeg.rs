//! Films through ffmpeg, for what no crate codes well.
//!
//! ffmpeg gets raw pictures through a pipe and codes them, while the sound gathers in a raw file. At
//! the end both are joined, pictures copied as they are; so the sound is exactly as long as the
//! pictures, however early a film ends. Every file is open here and lent to ffmpeg: a film is
//! completed though its folder has gone.

use std::io::{self, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::JoinHandle;

use super::aac;
use super::encoder::{Encoded, FilmEncoder, FilmFormat};
use super::lent::{OpenFile, Scratch};
use super::sound::{Accepts, Feed};
use super::{Codec, Container, EncodeError, Fps, Sound};
use crate::media::song::ffmpeg::program;

/// Lossless sound in QuickTime: any rate, and any channels that it can name.
const LOSSLESS: Accepts = Accepts {
    rates: &[],
    channels: usize::MAX,
    nameless: true,
};

/// FLAC in Matroska.
const FLAC: Accepts = Accepts {
    rates: &[],
    channels: 8,
    nameless: false,
};

/// How much of ffmpeg's last words is passed on, bytes.
const LAST_WORDS: usize = 600;

/// How ffmpeg codes one of our codecs.
struct Recipe {
    encoder: &'static str,
    options: &'static [&'static str],
}

/// BT.709 in limited range. The filter tags the pictures, for encoders that believe nothing else;
/// the options tag the container.
const VIDEO_COLOURS: &[&str] = &[
    "-vf",
    "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,\
     setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv",
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-color_range",
    "tv",
];

/// sRGB as it is, for codecs that keep RGB.
const RGB_COLOURS: &[&str] = &[
    "-vf",
    "setparams=colorspace=gbr:color_primaries=bt709:color_trc=iec61966-2-1:range=pc",
    "-colorspace",
    "rgb",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "iec61966-2-1",
    "-color_range",
    "pc",
];

fn recipe(codec: Codec) -> Option<Recipe> {
    let (encoder, options): (_, &[_]) = match codec {
        Codec::X264 => ("libx264", &["-pix_fmt", "yuv420p", "-preset", "medium"]),
        Codec::H265 => (
            "libx265",
            &[
                "-pix_fmt",
                "yuv420p10le",
                "-preset",
                "medium",
                "-tag:v",
                "hvc1",
                "-x265-params",
                "log-level=error",
            ],
        ),
        Codec::ProRes => (
            "prores_ks",
            &[
                "-profile:v",
                "4444",
                "-pix_fmt",
                "yuva444p10le",
                "-vendor",
                "apl0",
            ],
        ),
        Codec::Hap => ("hap", &["-format", "hap_q"]),
        Codec::Ffv1 => (
            "ffv1",
            &[
                "-pix_fmt",
                "bgr0",
                "-level",
                "3",
                "-slices",
                "4",
                "-slicecrc",
                "1",
                "-g",
                "1",
            ],
        ),
        Codec::H264 | Codec::Png => return None,
    };
    Some(Recipe { encoder, options })
}

/// A film being written by ffmpeg.
pub(super) struct FfmpegFilm {
    pictures: Pipe,
    sound: Option<Sounding>,
    film: OpenFile,
    codec: Codec,
    container: Container,
    fps: Fps,
    taken: u64,
    samples: Vec<f32>,
}

/// What a film with sound is joined from.
struct Sounding {
    feed: Feed,
    raw: BufWriter<Scratch>,
    silent: Scratch,
}

/// ffmpeg, its input, and who listens to its complaints.
struct Pipe {
    child: Child,
    input: Option<ChildStdin>,
    complaints: Option<JoinHandle<String>>,
    /// How it went, once it has ended.
    outcome: Option<Result<(), String>>,
}

impl FfmpegFilm {
    /// # Errors
    /// When ffmpeg or its encoder is missing, or there is no room.
    pub(super) fn new(
        film: OpenFile,
        format: &FilmFormat,
        sound: Option<Sound>,
    ) -> Result<Self, EncodeError> {
        let (codec, container) = (format.codec, format.container);
        let Some(recipe) = recipe(codec) else {
            return Err(EncodeError::NoFfmpeg(codec));
        };
        check_encoder(codec, recipe.encoder)?;
        let sound = match sound {
            Some(sound) => {
                let accepts = match container {
                    Container::Mp4 => aac::ACCEPTS,
                    Container::Matroska => FLAC,
                    Container::QuickTime => LOSSLESS,
                };
                Some(Sounding {
                    feed: Feed::new(sound, accepts)?,
                    raw: BufWriter::new(film.scratch()?),
                    silent: film.scratch()?,
                })
            }
            None => None,
        };
        let mut command = ffmpeg();
        command
            .args(["-f", "rawvideo", "-pix_fmt", "rgba", "-video_size"])
            .arg(format!("{}x{}", format.width, format.height))
            .arg("-framerate")
            .arg(format!("{}/{}", format.fps.num(), format.fps.den()))
            .args(["-i", "-", "-an", "-c:v", recipe.encoder])
            .args(recipe.options);
        if matches!(codec, Codec::X264 | Codec::H265) {
            // x264's and x265's scale sits a little below the plain quantiser.
            let factor = format.quality.quantiser().saturating_sub(4);
            command.args(["-crf", &factor.to_string()]);
        }
        command.args(match codec {
            Codec::Hap | Codec::Ffv1 => RGB_COLOURS,
            _ => VIDEO_COLOURS,
        });
        if container != Container::Matroska {
            command.args(["-movflags", "+write_colr"]);
        }
        let to = match &sound {
            Some(sound) => sound.silent.lend(&mut command)?,
            None => film.lend(&mut command)?,
        };
        command.args(["-f", container.muxer()]).arg(to);
        Ok(Self {
            pictures: Pipe::open(command, codec)?,
            sound,
            film,
            codec,
            container,
            fps: format.fps,
            taken: 0,
            samples: Vec::new(),
        })
    }

    /// Joins the silent film and its sound.
    fn join(&self, silent: &Scratch, sound: &Scratch, feed: &Feed) -> Result<(), EncodeError> {
        let sound_codec: &[&str] = match self.container {
            Container::Mp4 => &["aac", "-b:a", "256k"],
            Container::Matroska => &["flac"],
            Container::QuickTime => &["pcm_s24le"],
        };
        let mut command = ffmpeg();
        let silent = silent.lend(&mut command)?;
        let sound = sound.lend(&mut command)?;
        let film = self.film.lend(&mut command)?;
        command
            .arg("-i")
            .arg(silent)
            .args(["-f", "f32le", "-ar", &feed.rate().to_string()])
            .args(["-ac", &feed.channels().to_string()]);
        // By their number alone, ffmpeg would guess.
        if let Some(layout) = feed.layout().name() {
            command.args(["-channel_layout", &layout]);
        }
        command
            .arg("-i")
            .arg(sound)
            .args(["-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a"])
            .args(sound_codec);
        if self.codec == Codec::H265 {
            command.args(["-tag:v", "hvc1"]);
        }
        if self.container != Container::Matroska {
            command.args(["-movflags", "+faststart+write_colr"]);
        }
        command.args(["-f", self.container.muxer()]).arg(film);
        Pipe::open(command, self.codec)?.close()
    }
}

impl FilmEncoder for FfmpegFilm {
    fn picture(&mut self, rgba: &[u8]) -> Result<(), EncodeError> {
        self.pictures.write(rgba)?;
        self.taken += 1;
        if let Some(Sounding { feed, raw, .. }) = &mut self.sound {
            self.samples.clear();
            feed.up_to(self.fps.samples(self.taken, feed.rate()), &mut self.samples)?;
            for sample in &self.samples {
                raw.write_all(&sample.to_le_bytes())
                    .map_err(EncodeError::Write)?;
            }
        }
        Ok(())
    }

    fn sound_ahead(&self) -> u64 {
        self.sound.as_ref().map_or(0, |sound| sound.feed.ahead())
    }

    fn finish(mut self: Box<Self>) -> Result<Encoded, EncodeError> {
        if self.taken == 0 {
            return Err(EncodeError::NoPictures);
        }
        self.pictures.close()?;
        let mut warnings = Vec::new();
        if let Some(sound) = self.sound.take() {
            let Sounding { feed, raw, silent } = sound;
            warnings = feed.warnings();
            let raw = raw
                .into_inner()
                .map_err(|e| EncodeError::Write(e.into_error()))?;
            self.join(&silent, &raw, &feed)?;
        }
        let film = self.film.file().metadata().map_err(EncodeError::Write)?;
        Ok(Encoded {
            pictures: self.taken,
            bytes: film.len(),
            warnings,
            cut: None,
        })
    }
}

impl Pipe {
    fn open(mut command: Command, codec: Codec) -> Result<Self, EncodeError> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| not_started(e, codec))?;
        let complaints = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut said = Vec::new();
                // What was said before a failure is still worth telling.
                let _ = stderr.read_to_end(&mut said);
                String::from_utf8_lossy(&said).into_owned()
            })
        });
        Ok(Self {
            input: child.stdin.take(),
            child,
            complaints,
            outcome: None,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
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
    fn close(&mut self) -> Result<(), EncodeError> {
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
fn ffmpeg() -> Command {
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
fn check_encoder(codec: Codec, encoder: &'static str) -> Result<(), EncodeError> {
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::media::film::Quality;

    #[test]
    fn a_terminals_interrupt_does_not_reach_ffmpeg() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("film.mkv");
        let file = OpenFile::new(File::create(&path).unwrap(), path);
        let format = FilmFormat {
            width: 32,
            height: 32,
            fps: Fps::new(30, 1).unwrap(),
            codec: Codec::Ffv1,
            container: Container::Matroska,
            quality: Quality::default(),
            seconds: None,
        };
        let film = match FfmpegFilm::new(file, &format, None) {
            Ok(film) => film,
            Err(EncodeError::NoFfmpeg(_) | EncodeError::NoEncoder { .. }) => return,
            Err(error) => panic!("{error}"),
        };
        // A terminal interrupts the group that is in the foreground: ours.
        let process = film.pictures.child.id();
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        // After the command in parentheses: state, parent, group.
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        let group = fields.split(' ').nth(2).unwrap();
        assert_eq!(group, process.to_string());
    }
}
