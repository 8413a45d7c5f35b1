//! What an MP4 is told of its tracks, and what it notes of their samples.

/// The picture track.
#[derive(Clone, Debug)]
pub(in crate::film) struct PictureTrack {
    pub(in crate::film) width: u16,
    pub(in crate::film) height: u16,
    /// Ticks per second and per picture.
    pub(in crate::film) timescale: u32,
    pub(in crate::film) ticks: u32,
}

/// The sound track: AAC.
#[derive(Clone, Debug)]
pub(in crate::film) struct SoundTrack {
    pub(in crate::film) rate: u32,
    pub(in crate::film) channels: u16,
    /// Samples per AAC frame.
    pub(in crate::film) frame: u32,
    /// Samples of encoder run-up before the first sample of the song.
    pub(in crate::film) priming: u32,
    /// `AudioSpecificConfig`.
    pub(in crate::film) config: Vec<u8>,
    /// Bits per second, as asked of the encoder.
    pub(in crate::film) bitrate: u32,
}

/// What the pictures' decoder needs to know first.
#[derive(Clone, Debug, Default)]
pub(in crate::film) struct ParameterSets {
    pub(in crate::film) sps: Vec<u8>,
    pub(in crate::film) pps: Vec<u8>,
}

/// A track's samples: their sizes, and the chunks they lie in.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) sizes: Vec<u32>,
    /// Numbers of the keyframes, from 1.
    pub(super) keys: Vec<u32>,
    /// Offset and sample count of each chunk.
    pub(super) chunks: Vec<(u64, u32)>,
}

impl Samples {
    /// Adds `sizes.len()` samples that lie at `offset`; `joined` says that they follow this
    /// track's last chunk directly.
    pub(super) fn add(&mut self, offset: u64, sizes: &[u32], joined: bool) {
        self.sizes.extend_from_slice(sizes);
        let count = sizes.len() as u32;
        match self.chunks.last_mut() {
            Some((_, samples)) if joined => *samples += count,
            _ => self.chunks.push((offset, count)),
        }
    }

    pub(super) fn count(&self) -> u32 {
        self.sizes.len() as u32
    }
}
