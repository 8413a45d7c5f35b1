//! Films through ffmpeg, for what no crate codes well.
//!
//! ffmpeg gets raw pictures through a pipe and codes them, while the sound gathers in a raw file. At
//! the end both are joined, pictures copied as they are; so the sound is exactly as long as the
//! pictures, however early a film ends. Every file is open here and lent to ffmpeg: a film is
//! completed though its folder has gone.

mod lent;
mod process;
mod recipe;

use std::io::{BufWriter, Write};

pub use self::lent::OpenFile;
use self::lent::Scratch;
use self::process::{Pipe, check_encoder, ffmpeg};
use self::recipe::{colours, recipe};
use super::aac;
use super::encoder::{Encoded, FilmEncoder, FilmFormat};
use super::sound::{Accepts, Feed};
use super::{Codec, Container, EncodeError, Fps, Sound};

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
        command.args(colours(codec));
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::film::FilmQuality;

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
            quality: FilmQuality::default(),
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
