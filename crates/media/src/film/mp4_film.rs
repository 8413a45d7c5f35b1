//! H.264 and AAC in MP4, with nothing installed.

use std::io::{self, Seek, Write};

use super::aac::{self, Aac};
use super::encoder::{Encoded, FilmEncoder, FilmFormat};
use super::error::plain;
use super::h264::H264;
use super::mp4::{Mp4Writer, PictureTrack};
use super::sound::Feed;
use super::{EncodeError, Fps, Sound};

/// The index gets room for a film of this length when nobody knows better, seconds.
const LENGTH_UNKNOWN: f64 = 600.0;

/// Ticks per second are at least this, so that no player rounds a picture away.
const FINEST_TICKS: u32 = 10_000;

/// Coded pictures and sound on their way to anything that can be written.
pub(super) struct Mp4Film<W> {
    video: H264,
    audio: Option<(Feed, Aac)>,
    mp4: Mp4Writer<W>,
    fps: Fps,
    /// Scratch: a coded picture, and samples.
    coded: Vec<u8>,
    samples: Vec<f32>,
}

impl<W: Write + Seek> Mp4Film<W> {
    /// # Errors
    /// When the sound cannot be coded, or `to` not be written.
    pub(super) fn new(
        to: W,
        format: &FilmFormat,
        sound: Option<Sound>,
    ) -> Result<Self, EncodeError> {
        let fps = format.fps;
        let video = H264::new(format.width, format.height, fps, format.quality)?;
        let mut audio = None;
        let mut seconds = format.seconds;
        if let Some(sound) = sound {
            let feed = Feed::new(sound, aac::ACCEPTS)?;
            let aac = Aac::new(feed.rate(), feed.channels())?;
            seconds = seconds.or(feed.seconds());
            audio = Some((feed, aac));
        }
        let (timescale, ticks) = clock(fps);
        let pictures = PictureTrack {
            width: format.width as u16,
            height: format.height as u16,
            timescale,
            ticks,
        };
        let track = audio.as_ref().map(|(_, aac)| aac.track().clone());
        let seconds = seconds.unwrap_or(LENGTH_UNKNOWN);
        let mp4 = Mp4Writer::new(to, pictures, track, seconds).map_err(EncodeError::Write)?;
        Ok(Self {
            video,
            audio,
            mp4,
            fps,
            coded: Vec::new(),
            samples: Vec::new(),
        })
    }

    /// See [`FilmEncoder::picture`].
    fn add(&mut self, rgba: &[u8]) -> Result<(), EncodeError> {
        let key = self.video.encode(rgba, &mut self.coded)?;
        self.mp4
            .picture(&self.coded, key)
            .map_err(EncodeError::Write)?;
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

    /// See [`FilmEncoder::finish`]; gives back what was written to as well.
    fn end(mut self) -> Result<(W, Encoded), EncodeError> {
        let warnings = self.warnings();
        let pictures = self.mp4.pictures();
        if pictures == 0 {
            return Err(EncodeError::NoPictures);
        }
        let mut cut = None;
        if let Some((_, aac)) = &mut self.audio
            && let Err(error) = aac.finish(|frame| self.mp4.sound(frame))
        {
            match error {
                EncodeError::Write(source) => cut = Some(plain(&source)),
                other => return Err(other),
            }
        }
        let (to, bytes, last_sound) = self
            .mp4
            .finish(self.video.parameter_sets())
            .map_err(EncodeError::Write)?;
        let lost = |e: io::Error| plain(&e);
        let end = Encoded {
            pictures,
            bytes,
            warnings,
            cut: cut.or(last_sound.err().map(lost)),
        };
        Ok((to, end))
    }
}

impl<W: Write + Seek + Send> FilmEncoder for Mp4Film<W> {
    fn picture(&mut self, rgba: &[u8]) -> Result<(), EncodeError> {
        self.add(rgba)
    }

    fn sound_ahead(&self) -> u64 {
        self.audio.as_ref().map_or(0, |(feed, _)| feed.ahead())
    }

    fn finish(self: Box<Self>) -> Result<Encoded, EncodeError> {
        Ok(self.end()?.1)
    }
}

/// Ticks per second, and per picture. Both fit: a picture lasts at most ten seconds, so only a
/// fraction of small numbers is made finer.
fn clock(fps: Fps) -> (u32, u32) {
    let finer = FINEST_TICKS.div_ceil(fps.num());
    (fps.num() * finer, fps.den() * finer)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, SeekFrom};

    use super::*;
    use crate::film::{Codec, Container, FilmQuality};
    use crate::song::{SongError, SongReader};

    #[test]
    fn every_frame_rate_has_a_clock() {
        for num in (1..=FINEST_TICKS + 1).chain([u32::MAX / 10, u32::MAX]) {
            // The slowest rate, and one beside it that is not a whole fraction.
            let slowest = num.saturating_mul(10);
            for den in [slowest, slowest - 1] {
                let fps = Fps::new(num, den).unwrap();
                let (timescale, ticks) = clock(fps);
                assert!(timescale >= FINEST_TICKS);
                assert_eq!(
                    u64::from(timescale) * u64::from(fps.den()),
                    u64::from(ticks) * u64::from(fps.num())
                );
            }
        }
    }

    /// A disk that is full after so many bytes.
    struct SmallDisk {
        bytes: Cursor<Vec<u8>>,
        room: u64,
    }

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let left = self.room.saturating_sub(self.bytes.position()) as usize;
            if left == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.write(&bytes[..bytes.len().min(left)])
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for SmallDisk {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    /// A picture of 64 by 64 pixels that takes much room.
    fn noise(state: &mut u32) -> Vec<u8> {
        (0..64 * 64 * 4)
            .map(|_| {
                *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (*state >> 24) as u8
            })
            .collect()
    }

    #[test]
    fn a_film_that_fills_the_disk_plays_up_to_there() {
        let dir = tempfile::tempdir().unwrap();
        let song = dir.path().join("song.wav");
        let wav = super::super::wav::Wav::create(
            std::fs::File::create(&song).unwrap(),
            44_100,
            &synopsia_signal::Layout::usual(2),
        );
        let mut wav = wav.unwrap();
        wav.write(&vec![0.1; 44_100 * 2 * 4]).unwrap();
        wav.finish().unwrap();

        // From "not even the room for the index" to "room for all".
        let mut lengths = Vec::new();
        for room in (0..700_000).step_by(30_011) {
            let fps = Fps::new(30, 1).unwrap();
            let format = FilmFormat {
                width: 64,
                height: 64,
                fps,
                codec: Codec::H264,
                container: Container::Mp4,
                quality: FilmQuality::default(),
                seconds: None,
            };
            let sound = Sound::new(SongReader::open(&song).unwrap(), 0.0, None).unwrap();
            let disk = SmallDisk {
                bytes: Cursor::new(Vec::new()),
                room,
            };
            let Ok(mut film) = Mp4Film::new(disk, &format, Some(sound)) else {
                continue;
            };
            let mut state = 1u32;
            let mut taken = 0;
            while taken < 100 {
                if film.add(&noise(&mut state)).is_err() {
                    break;
                }
                taken += 1;
            }
            if taken == 0 {
                continue;
            }
            let (disk, end) = film.end().unwrap();
            // The picture whose sound did not fit is itself on the disk.
            assert!((taken..=taken + 1).contains(&end.pictures));
            assert!(end.bytes <= room);
            let film = dir.path().join(format!("{room}.mp4"));
            let mut bytes = disk.bytes.into_inner();
            bytes.truncate(end.bytes as usize);
            std::fs::write(&film, bytes).unwrap();
            let mut heard = match SongReader::open(&film) {
                Ok(heard) => heard,
                Err(SongError::NoAudioTrack(_)) => {
                    // Full before the first chunk of sound.
                    assert!(end.pictures < 35);
                    lengths.push(end.pictures);
                    continue;
                }
                Err(error) => panic!("{room}: {error}"),
            };
            let mut samples = Vec::new();
            while heard.read(&mut samples).unwrap() > 0 {}
            // What was still waiting for its chunk may be missing.
            let missing = fps.seconds(end.pictures) - samples.len() as f64 / 88_200.0;
            assert!((-1e-9..1.1).contains(&missing), "{room}: {missing}");
            assert_eq!(heard.warnings(), Vec::<String>::new());
            lengths.push(end.pictures);
        }
        assert!(lengths.is_sorted());
        assert!(lengths.len() > 10 && lengths[0] < 30);
        assert_eq!(lengths.last(), Some(&100));
    }
}
