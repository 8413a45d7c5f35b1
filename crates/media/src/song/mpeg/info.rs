//! What an encoder says of its stream in a frame before the sound: Info, Xing or VBRI.

use super::super::chunks::Fields;
use super::frame::{Header, Kind};

/// The delay of the decoder itself, which encoders count on: frames.
const DECODER_DELAY: u32 = 529;

/// What the encoder says of its stream in the first frame.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Info {
    /// Frames of run-up, the decoder's own among them.
    pub(super) delay: u32,
    /// Frames of padding at the end, less the decoder's delay.
    pub(super) padding: u32,
    /// Frames in all, with both.
    pub(super) all: Option<u64>,
    /// Bytes of the stream.
    pub(super) bytes: Option<u64>,
}

impl Info {
    /// Reads an Info, Xing or VBRI frame; `None` where it is a frame of sound.
    pub(super) fn read(header: &Header, frame: &[u8]) -> Option<Self> {
        let Kind::Mpeg { version, layer: 3 } = header.kind else {
            return None;
        };
        let sound = u64::from(header.sound);
        if frame.get(36..40) == Some(b"VBRI") {
            let count = Fields(frame).be32(50)?;
            return Some(Self {
                all: Some(u64::from(count) * sound),
                ..Self::default()
            });
        }
        let side = match (version, header.channels) {
            (1, 1) => 17,
            (1, _) => 32,
            (_, 1) => 9,
            _ => 17,
        };
        let at = 4 + side;
        if !matches!(frame.get(at..at + 4), Some(b"Xing" | b"Info")) {
            return None;
        }
        let fields = Fields(frame);
        let flags = fields.be32(at + 4)?;
        let mut next = at + 8;
        let mut count = None;
        if flags & 1 != 0 {
            count = fields.be32(next);
            next += 4;
        }
        let mut bytes = None;
        if flags & 2 != 0 {
            bytes = fields.be32(next).map(u64::from).filter(|&bytes| bytes > 0);
            next += 4;
        }
        next += if flags & 4 != 0 { 100 } else { 0 };
        next += if flags & 8 != 0 { 4 } else { 0 };
        // LAME's extension: a name of nine bytes, then twelve of other matters, then delay and padding.
        let lame = frame
            .get(next..next + 4)
            .is_some_and(|name| name.starts_with(b"LA") || name == b"Lavf" || name == b"Lavc");
        let gap = Fields(frame).be32(next + 21).filter(|_| lame).unwrap_or(0) >> 8;
        let (delay, padding) = (gap >> 12, gap & 0xfff);
        let (delay, padding) = match gap {
            0 => (0, 0),
            _ => (delay + DECODER_DELAY, padding.saturating_sub(DECODER_DELAY)),
        };
        Some(Self {
            delay,
            padding,
            all: count
                .filter(|&count| count > 0)
                .map(|count| u64::from(count) * sound),
            bytes,
        })
    }

    /// Frames of sound.
    pub(super) fn length(&self) -> Option<u64> {
        let around = u64::from(self.delay) + u64::from(self.padding);
        self.all.map(|all| all.saturating_sub(around))
    }
}
