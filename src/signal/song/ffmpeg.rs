//! The second decoder: ffmpeg, where it is installed, for what Synopsia does not decode by itself.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use symphonia::core::errors::{Error, Result};
use symphonia::core::formats::FormatReader;
use symphonia::core::packet::Packet;
use symphonia::core::units::{self, Timestamp};

use super::chunks::{Fields, bytes_at};
use super::demuxed::{Demuxed, Packets, TRACK};
use super::error::SongError;
use super::layout;
use super::pcm::{Coding, Sample, channels};

/// Blocks that ffmpeg may be ahead.
const AHEAD: usize = 8;

/// Bytes in a block, about.
const BLOCK: usize = 1 << 16;

/// ffmpeg is given up when nothing has come for so long.
const PATIENCE: Duration = Duration::from_secs(60);

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
    let mut child = command(path, container).spawn().map_err(|error| {
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
    let (sender, blocks) = bounded(AHEAD);
    let output = child.stdout.take();
    std::thread::spawn(move || {
        let Some(mut output) = output else { return };
        loop {
            let mut block = Vec::with_capacity(BLOCK);
            match output.by_ref().take(BLOCK as u64).read_to_end(&mut block) {
                Ok(read) if read > 0 && sender.send(block).is_ok() => {}
                _ => break,
            }
        }
    });
    let complaints = child.stderr.take().map(|stderr| {
        std::thread::spawn(move || {
            let mut said = Vec::new();
            // What was said before a failure is still worth telling.
            let _ = stderr.take(1 << 16).read_to_end(&mut said);
            String::from_utf8_lossy(&said).into_owned()
        })
    });
    let mut packets = FfmpegPackets {
        child,
        blocks,
        complaints,
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

/// ffmpeg, decoding one file of one kind to a WAV of floats; it reads nothing else, whatever the
/// file says.
fn command(path: &Path, container: &str) -> Command {
    let mut input = std::ffi::OsString::from("file:");
    input.push(path);
    let mut command = Command::new("ffmpeg");
    command
        .args(["-nostdin", "-hide_banner", "-nostats", "-loglevel", "error"])
        .args(["-protocol_whitelist", "file,pipe"])
        .args(["-format_whitelist", container])
        .arg("-i")
        .arg(input)
        .args(["-vn", "-sn", "-dn", "-c:a", "pcm_f32le", "-bitexact"])
        .args(["-f", "wav", "pipe:1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    {
        // A terminal's Ctrl-C is meant for us, who finish what was begun.
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    command
}

struct FfmpegPackets {
    child: Child,
    blocks: Receiver<Vec<u8>>,
    complaints: Option<JoinHandle<String>>,
    /// Bytes of which no packet was made yet.
    left: Vec<u8>,
    frame_bytes: usize,
    played: u64,
}

impl FfmpegPackets {
    /// Waits for more bytes; `false` when there are none.
    fn more(&mut self) -> io::Result<bool> {
        match self.blocks.recv_timeout(PATIENCE) {
            Ok(block) => {
                self.left.extend(block);
                Ok(true)
            }
            Err(RecvTimeoutError::Disconnected) => Ok(false),
            Err(RecvTimeoutError::Timeout) => {
                // It may still be killed: what came so far is used.
                let _ = self.child.kill();
                Err(io::ErrorKind::TimedOut.into())
            }
        }
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
        let _ = self.child.kill();
        let said = self
            .complaints
            .take()
            .and_then(|listener| listener.join().ok());
        let said = said.unwrap_or_default();
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
                let status = self.child.wait()?;
                if status.success() {
                    return Ok(None);
                }
                return Err(Error::DecodeError("ffmpeg broke off"));
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

impl Drop for FfmpegPackets {
    fn drop(&mut self) {
        // A song that is no longer wanted need not be decoded; one that has ended cannot be killed.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
