//! Ogg without its damage: only pages whose checksum is right (RFC 3533, 6).
//!
//! symphonia finds no way past some damaged pages. What is left out of a stream, the times of the
//! pages behind it tell.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use symphonia::core::io::MediaSource;

const CAPTURE: &[u8] = b"OggS";

/// A page's header without its table, bytes.
const HEADER: usize = 27;

/// Where its checksum lies.
const CHECKSUM: Range<usize> = 22..26;

/// How much is read at once in search of a page, bytes.
const WINDOW: usize = 1 << 16;

/// The sound pages of a file, as if they were the file.
pub(super) struct Pages {
    file: File,
    /// Where pages lie in the file, and where each piece begins here.
    pieces: Vec<Range<u64>>,
    starts: Vec<u64>,
    length: u64,
    at: u64,
    /// Whether something was left out.
    pub(super) damaged: bool,
}

impl Pages {
    /// Looks for the pages in `range` of the file at `path`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn open(path: &Path, range: Range<u64>) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(WINDOW, File::open(path)?);
        let (mut pieces, mut damaged) = (Vec::<Range<u64>>::new(), false);
        let mut at = range.start;
        while let Some(start) = find(&mut file, at, range.end)? {
            damaged |= start > at;
            at = start;
            match page(&mut file, start, range.end)? {
                Some(size) => {
                    at += size;
                    match pieces.last_mut() {
                        Some(last) if last.end == start => last.end = at,
                        _ => pieces.push(start..at),
                    }
                }
                None => {
                    damaged = true;
                    at += 1;
                }
            }
        }
        let mut length = 0;
        let starts = pieces.iter().map(|piece| {
            let start = length;
            length += piece.end - piece.start;
            start
        });
        Ok(Self {
            file: File::open(path)?,
            starts: starts.collect(),
            length,
            pieces,
            at: 0,
            damaged,
        })
    }
}

/// Where the next page may begin, from `at` on.
fn find(file: &mut BufReader<File>, mut at: u64, end: u64) -> io::Result<Option<u64>> {
    while at + HEADER as u64 <= end {
        let window = bytes(file, at, WINDOW.min((end - at) as usize))?;
        if let Some(found) = window.windows(4).position(|four| four == CAPTURE) {
            return Ok(Some(at + found as u64));
        }
        at += window.len().max(4) as u64 - 3;
    }
    Ok(None)
}

/// The size of the page at `at`, if its checksum is right.
fn page(file: &mut BufReader<File>, at: u64, end: u64) -> io::Result<Option<u64>> {
    let head = bytes(file, at, HEADER)?;
    let Some(&segments) = head.get(HEADER - 1) else {
        return Ok(None);
    };
    let whole = HEADER + usize::from(segments);
    let table = bytes(file, at, whole)?;
    let body: usize = table[HEADER.min(table.len())..]
        .iter()
        .map(|&size| usize::from(size))
        .sum();
    let size = whole + body;
    if at + size as u64 > end {
        return Ok(None);
    }
    let mut page = bytes(file, at, size)?;
    let Some(stated) = page.get(CHECKSUM).and_then(|four| four.try_into().ok()) else {
        return Ok(None);
    };
    let stated = u32::from_le_bytes(stated);
    page[CHECKSUM].fill(0);
    let right = page.iter().fold(0, |crc, &byte| crc32(crc, byte)) == stated;
    Ok((right && page.len() == size).then_some(size as u64))
}

fn bytes(file: &mut BufReader<File>, at: u64, count: usize) -> io::Result<Vec<u8>> {
    // Stays within the buffer where it can.
    let here = file.stream_position()?;
    file.seek_relative(at as i64 - here as i64)?;
    let mut bytes = Vec::with_capacity(count);
    file.take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

const CRC32: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc >> 31 == 0 {
                crc << 1
            } else {
                crc << 1 ^ 0x04c1_1db7
            };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

/// One byte more of a page's checksum.
fn crc32(crc: u32, byte: u8) -> u32 {
    crc << 8 ^ CRC32[usize::from((crc >> 24) as u8 ^ byte)]
}

impl Read for Pages {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let next = self.starts.partition_point(|&start| start <= self.at);
        let Some(piece) = next.checked_sub(1) else {
            return Ok(0);
        };
        let Range { start, end } = self.pieces[piece];
        let from = start + (self.at - self.starts[piece]);
        let most = out.len().min((end - from) as usize);
        self.file.seek(SeekFrom::Start(from))?;
        let read = self.file.read(&mut out[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Pages {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?.min(self.length);
        Ok(self.at)
    }
}

impl MediaSource for Pages {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}
