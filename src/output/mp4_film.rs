//! H.264 and AAC in MP4, with nothing installed.

use std::fs::File;
use std::io::{self, Seek, Write};

use super::aac::{self, Aac};
use super::draft::Draft;
use super::error::plain;
use super::film::{Sink, Written};
use super::h264::H264;
use super::mp4::{Mp4Writer, PictureTrack};
use super::sound::Feed;
use super::{FilmError, FilmSpec, Fps, Sound};

/// The index gets room for a film of this length when nobody knows better, seconds.
const LENGTH_UNKNOWN: f64 = 600.0;

/// Ticks per second are at least this, so that no player rounds a picture away.
const FINEST_TICKS: u32 = 10_000;

/// A film on its way to a file.
pub(super) struct Mp4Film {
    draft: Draft,
    reel: Reel<File>,
}

impl Mp4Film {
    pub(super) fn create(spec: &FilmSpec, sound: Option<Sound>) -> Result<Self, FilmError> {
        let mut draft = Draft::create(&spec.path, spec.force)?;
        let file = draft.file().try_clone().map_err(FilmError::Write)?;
        let reel = Reel::new(file, spec, sound)?;
        Ok(Self { draft, reel })
    }
}

impl Sink for Mp4Film {
    fn picture(&mut self, rgba: &[u8]) -> Result<(), FilmError> {
        self.reel.picture(rgba)
    }

    fn finish(mut self: Box<Self>) -> Result<Written, FilmError> {
        let warnings = self.reel.warnings();
        let (_, end) = self.reel.finish()?;
        let file = self.draft.file();
        file.set_len(end.bytes).map_err(FilmError::Write)?;
        Ok(Written {
            path: self.draft.finish()?,
            pictures: end.pictures,
            bytes: end.bytes,
            warnings,
            cut: end.cut,
        })
    }
}

/// Coded pictures and sound on their way to anything that can be written.
struct Reel<W> {
    video: H264,
    audio: Option<(Feed, Aac)>,
    mp4: Mp4Writer<W>,
    fps: Fps,
    /// Scratch: a coded picture, and samples.
    coded: Vec<u8>,
    samples: Vec<f32>,
}

/// How a reel ended.
struct End {
    pictures: u64,
    bytes: u64,
    /// Why its last sound is missing, if it is.
    cut: Option<String>,
}

impl<W: Write + Seek> Reel<W> {
    fn new(to: W, spec: &FilmSpec, sound: Option<Sound>) -> Result<Self, FilmError> {
        let fps = spec.fps;
        let video = H264::new(spec.width, spec.height, fps, spec.quality)?;
        let mut audio = None;
        let mut seconds = spec.seconds;
        if let Some(sound) = sound {
            let feed = Feed::new(sound, aac::ACCEPTS)?;
            let aac = Aac::new(feed.rate(), feed.channels())?;
            seconds = seconds.or(feed.seconds());
            audio = Some((feed, aac));
        }
        let finer = FINEST_TICKS.div_ceil(fps.num());
        let pictures = PictureTrack {
            width: spec.width as u16,
            height: spec.height as u16,
            timescale: fps.num() * finer,
            ticks: fps.den() * finer,
        };
        let track = audio.as_ref().map(|(_, aac)| aac.track().clone());
        let seconds = seconds.unwrap_or(LENGTH_UNKNOWN);
        let mp4 = Mp4Writer::new(to, pictures, track, seconds).map_err(FilmError::Write)?;
        Ok(Self {
            video,
            audio,
            mp4,
            fps,
            coded: Vec::new(),
            samples: Vec::new(),
        })
    }

    fn picture(&mut self, rgba: &[u8]) -> Result<(), FilmError> {
        let key = self.video.encode(rgba, &mut self.coded)?;
        self.mp4
            .picture(&self.coded, key)
            .map_err(FilmError::Write)?;
        if let Some((feed, aac)) = &mut self.audio {
            self.samples.clear();
            let end = self.fps.samples(self.mp4.pictures(), feed.rate());
            feed.up_to(end, &mut self.samples)?;
            aac.encode(&self.samples, |frame| self.mp4.sound(frame))?;
        }
        Ok(())
    }

    fn warnings(&self) -> Vec<String> {
        self.audio
            .as_ref()
            .map_or_else(Vec::new, |(feed, _)| feed.warnings())
    }

    fn finish(mut self) -> Result<(W, End), FilmError> {
        let pictures = self.mp4.pictures();
        if pictures == 0 {
            return Err(FilmError::NoPictures);
        }
        let mut cut = None;
        if let Some((_, aac)) = &mut self.audio
            && let Err(error) = aac.finish(|frame| self.mp4.sound(frame))
        {
            match error {
                FilmError::Write(source) => cut = Some(plain(&source)),
                other => return Err(other),
            }
        }
        let (to, bytes, last_sound) = self
            .mp4
            .finish(self.video.parameter_sets())
            .map_err(FilmError::Write)?;
        let lost = |e: io::Error| plain(&e);
        let end = End {
            pictures,
            bytes,
            cut: cut.or(last_sound.err().map(lost)),
        };
        Ok((to, end))
    }
}
