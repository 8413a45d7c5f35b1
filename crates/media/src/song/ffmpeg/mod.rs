//! The second decoder: ffmpeg, where it is installed, for what Synopsia does not decode by itself.

mod child;
mod command;
mod probe;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::path::Path;

use symphonia::core::errors::{Error, Result};
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::{self, Timestamp};

use self::child::Running;
use self::command::command;
pub(super) use self::probe::probe;
use super::chunks::{Fields, bytes_at};
use super::demuxed::{Demuxed, Packets, TRACK};
use super::error::SongError;
use super::layout;
use super::pcm::{Coding, Sample, channels};

/// How much of ffmpeg's last words is passed on, bytes.
const LAST_WORDS: usize = 300;

/// Opens the song at `path`, a `container` in ffmpeg's names, coded as `codec`, a name for people.
///
/// # Errors
/// When ffmpeg is not there, or finds no sound.
pub(super) fn open(
    path: &Path,
    container: &str,
    codec: &str,
) -> std::result::Result<Box<dyn FormatReader>, SongError> {
    let mut command = command(path, container, &[]);
    command
        .args(["-c:a", "pcm_f32le", "-bitexact"])
        .args(["-f", "wav", "pipe:1"]);
    let running = Running::start(command).map_err(|error| {
        let path = path.to_path_buf();
        let codec = codec.to_string();
        match error.kind() {
            io::ErrorKind::NotFound => SongError::NeedsFfmpeg { path, codec },
            _ => SongError::Ffmpeg {
                path,
                codec,
                said: error.to_string(),
            },
        }
    })?;
    let mut packets = FfmpegPackets {
        running,
        left: Vec::new(),
        frame_bytes: 4,
        played: 0,
    };
    let failed = |packets: &mut FfmpegPackets| SongError::Ffmpeg {
        path: path.to_path_buf(),
        codec: codec.to_string(),
        said: packets.last_words(),
    };
    let Some((rate, count, mask)) = packets.header() else {
        return Err(failed(&mut packets));
    };
    let sample = Sample {
        coding: Coding::Float,
        bytes: 4,
        big_endian: false,
    };
    packets.frame_bytes = 4 * usize::from(count);
    let field = File::open(path)
        .and_then(|mut file| bytes_at(&mut file, 0, 64))
        .ok()
        .and_then(|start| layout::of_ogg_opus(&start, count));
    match sample.params(rate, field.unwrap_or_else(|| channels(count, mask))) {
        Some(params) if count > 0 => Ok(Demuxed::boxed(params, None, packets)),
        _ => Err(failed(&mut packets)),
    }
}

struct FfmpegPackets {
    running: Running,
    /// Bytes of which no packet was made yet.
    left: Vec<u8>,
    frame_bytes: usize,
    played: u64,
}

impl FfmpegPackets {
    /// Waits for more bytes; `false` when there are none.
    fn more(&mut self) -> io::Result<bool> {
        let block = self.running.next()?;
        self.left.extend(block.iter().flatten());
        Ok(block.is_some())
    }

    /// Reads the WAV's header: rate, channels, speakers.
    fn header(&mut self) -> Option<(u32, u16, u32)> {
        let mut at = 12;
        let mut format = None;
        loop {
            while self.left.len() < at + 64 {
                if !self.more().ok()? {
                    break;
                }
            }
            let fields = Fields(&self.left);
            let (name, size) = (fields.name(at)?, fields.le32(at + 4)? as usize);
            let body = at + 8;
            match &name {
                b"fmt " => {
                    let mask = if size >= 40 {
                        fields.le32(body + 20)?
                    } else {
                        0
                    };
                    format = Some((fields.le32(body + 4)?, fields.le16(body + 2)?, mask));
                }
                b"data" => {
                    self.left.drain(..body);
                    return format;
                }
                _ => {}
            }
            at = body.checked_add(size)?;
        }
    }

    /// The end of what ffmpeg said, on one line.
    fn last_words(&mut self) -> String {
        let said = self.running.said();
        let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
        let last = last.unwrap_or("it found no sound");
        let end = (0..=LAST_WORDS.min(last.len())).rfind(|&at| last.is_char_boundary(at));
        last[..end.unwrap_or(0)].to_string()
    }
}

impl Packets for FfmpegPackets {
    fn next(&mut self) -> Result<Option<Packet>> {
        while self.left.len() < self.frame_bytes {
            if !self.more()? {
                return match self.running.succeeds()? {
                    true => Ok(None),
                    false => Err(Error::DecodeError("ffmpeg broke off")),
                };
            }
        }
        let frames = self.left.len() / self.frame_bytes;
        let rest = self.left.split_off(frames * self.frame_bytes);
        let data = std::mem::replace(&mut self.left, rest);
        let at = Timestamp::new(self.played as i64);
        self.played += frames as u64;
        let duration = units::Duration::new(frames as u64);
        Ok(Some(Packet::new(TRACK, at, duration, data)))
    }
}
