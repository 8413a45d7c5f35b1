//! MP4 (ISO/IEC 14496-12 and -14), as far as one picture track and one sound track need it.
//!
//! ```text
//! ftyp   what this file is
//! free   room for the index, kept at the front so that a film can start while it loads
//! mdat   about a second of pictures, a second of sound, and so on
//! ```
//!
//! [`finish`](Mp4Writer::finish) writes the index (`moov`) into the room at the front, so that it
//! succeeds even when the disk is full; only a film longer than was said gets its index at the
//! end. Every write is whole or undone: what is in the index is on the disk.
//!
//! The sound's edit list skips the encoder's run-up, so the first sample heard is the first of
//! the song.

mod boxes;
mod entry;
mod index;
mod tables;
mod track;

use std::io::{self, Read, Seek, SeekFrom, Write};

use self::boxes::{FREE_HEAD, boxed, free_head};
use self::index::Index;
use self::track::Samples;
pub(super) use self::track::{ParameterSets, PictureTrack, SoundTrack};

/// Sound is gathered to chunks of this many seconds between the pictures.
const CHUNK_SECONDS: f64 = 1.0;

/// Bytes of index per picture, per keyframe or chunk, per AAC frame, and at least.
const INDEX_PER_PICTURE: f64 = 4.0;
const INDEX_PER_CHUNK: f64 = 24.0;
const INDEX_PER_SOUND_FRAME: f64 = 4.0;
const INDEX_LEAST: u64 = 4096;

/// Room is kept for the index of a film of up to this many seconds: some files claim a song of a
/// century.
const INDEX_LONGEST: f64 = 6.0 * 3600.0;

/// Writes one film.
pub(super) struct Mp4Writer<W> {
    to: W,
    pictures: PictureTrack,
    sound: Option<SoundTrack>,
    /// Where the room for the index starts, and its bytes.
    room: (u64, u64),
    /// Where `mdat` starts, and the end of what is safely written.
    mdat: u64,
    end: u64,
    video: Samples,
    audio: Samples,
    /// Sound that waits for its chunk, and its frames' sizes.
    waiting: Vec<u8>,
    waiting_sizes: Vec<u32>,
}

impl<W: Write + Seek> Mp4Writer<W> {
    /// Starts a film of about `seconds`, which decides the room that is kept for the index.
    ///
    /// # Errors
    /// When `to` cannot be written.
    pub(super) fn new(
        mut to: W,
        pictures: PictureTrack,
        sound: Option<SoundTrack>,
        seconds: f64,
    ) -> io::Result<Self> {
        let start = boxed(b"ftyp", |b| {
            b.extend(b"isom");
            b.extend(512u32.to_be_bytes());
            b.extend(b"isomiso2avc1mp41");
        });
        let fps = f64::from(pictures.timescale) / f64::from(pictures.ticks);
        let sound_hz = sound
            .as_ref()
            .map_or(0.0, |s| f64::from(s.rate) / f64::from(s.frame));
        let per_second = fps * INDEX_PER_PICTURE
            + sound_hz * INDEX_PER_SOUND_FRAME
            + 2.0 * INDEX_PER_CHUNK / CHUNK_SECONDS;
        let seconds = seconds.clamp(0.0, INDEX_LONGEST);
        let room = INDEX_LEAST + (seconds * per_second * 1.05) as u64;
        let room_start = start.len() as u64;
        let mdat = room_start + room;
        to.write_all(&start)?;
        to.write_all(&free_head(room))?;
        io::copy(&mut io::repeat(0).take(room - FREE_HEAD), &mut to)?;
        // The 64-bit form; its size is set at the end.
        let mut head = 1u32.to_be_bytes().to_vec();
        head.extend(b"mdat");
        head.extend(16u64.to_be_bytes());
        to.write_all(&head)?;
        Ok(Self {
            to,
            pictures,
            sound,
            room: (room_start, room),
            mdat,
            end: mdat + head.len() as u64,
            video: Samples::default(),
            audio: Samples::default(),
            waiting: Vec::new(),
            waiting_sizes: Vec::new(),
        })
    }

    /// Adds one coded picture, in MP4's form: each NAL unit behind its length.
    ///
    /// # Errors
    /// When it cannot be written; the film then ends before this picture.
    pub(super) fn picture(&mut self, coded: &[u8], key: bool) -> io::Result<()> {
        let offset = self.append(coded)?;
        let joined = self.audio.chunks.last().is_none_or(|last| {
            self.video
                .chunks
                .last()
                .is_some_and(|video| video.0 > last.0)
        });
        self.video.add(offset, &[coded.len() as u32], joined);
        if key {
            self.video.keys.push(self.video.count());
        }
        Ok(())
    }

    /// Adds one frame of AAC.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn sound(&mut self, coded: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(coded);
        self.waiting_sizes.push(coded.len() as u32);
        let Some(track) = &self.sound else {
            return Ok(());
        };
        let seconds =
            self.waiting_sizes.len() as f64 * f64::from(track.frame) / f64::from(track.rate);
        if seconds >= CHUNK_SECONDS {
            self.flush_sound()?;
        }
        Ok(())
    }

    fn flush_sound(&mut self) -> io::Result<()> {
        if self.waiting_sizes.is_empty() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        let written = self.append(&waiting);
        self.waiting = waiting;
        let offset = written?;
        self.audio.add(offset, &self.waiting_sizes, false);
        self.waiting.clear();
        self.waiting_sizes.clear();
        Ok(())
    }

    /// Writes `bytes` behind all others and returns where they are. After an error the next
    /// write overwrites what was left of them.
    fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let offset = self.end;
        if let Err(error) = self.to.write_all(bytes) {
            self.to.seek(SeekFrom::Start(offset))?;
            return Err(error);
        }
        self.end += bytes.len() as u64;
        Ok(offset)
    }

    /// Pictures written so far.
    pub(super) fn pictures(&self) -> u64 {
        self.video.count().into()
    }

    /// Writes the index, for a film that ends with its last picture. What sound there is beyond
    /// is not played. Returns what was written to, and the file's length in bytes: what lies
    /// behind it, left by a failed write, is to be cut off.
    ///
    /// Returns whether the last of the sound could still be written, too.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub(super) fn finish(mut self, sets: &ParameterSets) -> io::Result<(W, u64, io::Result<()>)> {
        let last_sound = self.flush_sound();
        let moov = Index {
            pictures: &self.pictures,
            sound: self.sound.as_ref(),
            video: &self.video,
            audio: &self.audio,
            sets,
        }
        .moov();
        let (room_start, room) = self.room;
        let length = moov.len() as u64;
        let mdat_size = self.end - self.mdat;
        if length == room || length + FREE_HEAD <= room {
            self.to.seek(SeekFrom::Start(room_start))?;
            self.to.write_all(&moov)?;
            if length < room {
                self.to.write_all(&free_head(room - length))?;
            }
        } else {
            self.to.seek(SeekFrom::Start(self.end))?;
            self.to.write_all(&moov)?;
            self.end += length;
        }
        self.to.seek(SeekFrom::Start(self.mdat + 8))?;
        self.to.write_all(&mdat_size.to_be_bytes())?;
        self.to.flush()?;
        Ok((self.to, self.end, last_sound))
    }
}
