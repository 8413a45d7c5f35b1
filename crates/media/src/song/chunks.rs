//! Chunked files: RIFF and its large kin, AIFF, Core Audio, Sun.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// A header chunk that is read whole is no larger, bytes.
const LARGEST_HEADER: u64 = 1 << 16;

/// The size that those write who know none.
pub(super) const UNKNOWN: u64 = u32::MAX as u64;

/// A chunk: its name, and where its body lies in the file.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) name: [u8; 4],
    pub(super) body: Range<u64>,
    /// The size that its header states.
    pub(super) stated: u64,
}

/// How chunks follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Four bytes of name and four of size, little-endian, padded to an even number.
    Riff,
    /// The same, big-endian: AIFF, RIFX.
    Iff,
    /// Sixteen bytes of name, eight of size, which counts both, padded to eight: Wave64.
    Wave64,
    /// Four bytes of name and eight of size, big-endian: Core Audio.
    Caf,
}

/// Reads `count` bytes at `at`.
pub(super) fn bytes_at(file: &mut File, at: u64, count: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(count).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Chunk {
    /// The chunk whose header is at `at`; `None` at the end of the file.
    pub(super) fn at(file: &mut File, at: u64, style: Style) -> io::Result<Option<Self>> {
        let end = file.metadata()?.len();
        let header = match style {
            Style::Riff | Style::Iff => 8,
            Style::Wave64 => 24,
            Style::Caf => 12,
        };
        let head = bytes_at(file, at, header)?;
        if (head.len() as u64) < header {
            return Ok(None);
        }
        let four = |at: usize| [head[at], head[at + 1], head[at + 2], head[at + 3]];
        let eight = |at: usize| {
            [four(at), four(at + 4)]
                .concat()
                .try_into()
                .unwrap_or([0; 8])
        };
        let stated = match style {
            Style::Riff => u32::from_le_bytes(four(4)).into(),
            Style::Iff => u32::from_be_bytes(four(4)).into(),
            Style::Wave64 => u64::from_le_bytes(eight(16)).saturating_sub(header),
            Style::Caf => u64::from_be_bytes(eight(4)),
        };
        let start = at + header;
        Ok(Some(Self {
            name: four(0),
            body: start..start.saturating_add(stated).min(end),
            stated,
        }))
    }

    /// Where the next chunk begins. Some writers forget to pad.
    pub(super) fn next(&self, file: &mut File, style: Style) -> io::Result<u64> {
        let start = self.body.start.saturating_add(self.stated);
        Ok(match style {
            Style::Caf => start,
            Style::Wave64 => start.checked_next_multiple_of(8).unwrap_or(u64::MAX),
            Style::Riff | Style::Iff if self.stated.is_multiple_of(2) => start,
            Style::Riff | Style::Iff if start >= file.metadata()?.len() => start,
            Style::Riff | Style::Iff => {
                let next = bytes_at(file, start, 4)?;
                let named = next.iter().all(|c| c.is_ascii_graphic() || *c == b' ');
                start + u64::from(!named)
            }
        })
    }

    /// The body of a header chunk.
    pub(super) fn read(&self, file: &mut File) -> io::Result<Vec<u8>> {
        let count = self.body.end.saturating_sub(self.body.start);
        bytes_at(file, self.body.start, count.min(LARGEST_HEADER))
    }
}

/// Numbers in a header; `None` beyond its end.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl Fields<'_> {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    pub(super) fn name(&self, at: usize) -> Option<[u8; 4]> {
        self.array(at)
    }

    pub(super) fn u8(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(super) fn le16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub(super) fn le32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub(super) fn le64(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }

    pub(super) fn be16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    pub(super) fn be32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    pub(super) fn be64(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_be_bytes)
    }

    pub(super) fn be_f64(&self, at: usize) -> Option<f64> {
        self.array(at).map(f64::from_be_bytes)
    }
}
