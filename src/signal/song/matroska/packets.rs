//! The packets of a track, out of the clusters of a file.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::Path;

use symphonia::core::errors::Result;
use symphonia::core::packet::{Packet, PacketBuilder};
use symphonia::core::units::{Duration, Timestamp};

use super::super::demuxed::{Packets, TRACK};
use super::elements::{Elements, number, signed, size};
use super::{CLUSTER, SEGMENT};

/// Elements of a cluster.
const TIMESTAMP: u32 = 0xe7;
const SIMPLE_BLOCK: u32 = 0xa3;
const GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const DISCARD_PADDING: u32 = 0x75a2;

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;

/// Silence for damage is no longer, seconds.
const LONGEST_HOLE: i128 = 60;

pub(super) struct MatroskaPackets {
    elements: Elements,
    track: u64,
    prefix: Vec<u8>,
    /// Nanoseconds in a tick.
    scale: i128,
    rate: i128,
    /// When the cluster begins, ticks.
    cluster: i64,
    /// When the last block began and how much later than the one before, nanoseconds.
    last: Option<(i128, i128)>,
    /// Whether damage was passed over since then.
    damaged: bool,
    /// Packets that are ready; the last waits for what its group says of it.
    ready: VecDeque<Packet>,
    ended: bool,
    /// Whether the file ends within a block.
    cut_off: bool,
}

impl MatroskaPackets {
    /// The packets of `track` from the cluster at `first` on; `scale` is in nanoseconds a tick, the
    /// rate in Hz.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub(super) fn new(
        path: &Path,
        first: u64,
        track: u64,
        prefix: &[u8],
        (scale, rate): (u64, u32),
    ) -> io::Result<Self> {
        let mut elements = Elements::open(File::open(path)?)?;
        elements.go_to(first);
        Ok(Self {
            elements,
            track,
            prefix: prefix.to_vec(),
            scale: scale.into(),
            rate: rate.into(),
            cluster: 0,
            last: None,
            damaged: false,
            ready: VecDeque::new(),
            ended: false,
            cut_off: false,
        })
    }

    /// Reads on in the file. `false` at its end.
    fn advance(&mut self) -> Result<bool> {
        let here = self.elements.at();
        let Some(element) = self.elements.next()? else {
            if here >= self.elements.end {
                return Ok(false);
            }
            // What is no element is damage, up to the next cluster.
            self.damaged = true;
            let next = self.elements.search(CLUSTER, here + 1)?;
            self.elements.go_to(next.unwrap_or(self.elements.end));
            return Ok(true);
        };
        match element.id {
            SEGMENT | CLUSTER | GROUP => self.elements.enter(&element),
            TIMESTAMP => self.cluster = number(&self.elements.body(&element)?) as i64,
            SIMPLE_BLOCK | BLOCK => {
                let body = self.elements.body(&element)?;
                if element.size.is_some_and(|size| (body.len() as u64) < size) {
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                self.block(&body);
            }
            DISCARD_PADDING => {
                let nanoseconds = signed(&self.elements.body(&element)?);
                self.discard(nanoseconds.into());
            }
            _ if element.size.is_none() => self.elements.enter(&element),
            _ => {}
        }
        Ok(true)
    }

    fn block(&mut self, block: &[u8]) {
        let Some((Some(track), header)) = size(block) else {
            return;
        };
        let Some([a, b, flags, rest @ ..]) = block.get(header..) else {
            return;
        };
        if track != self.track {
            return;
        }
        let tick = self
            .cluster
            .saturating_add(i16::from_be_bytes([*a, *b]).into());
        let now = i128::from(tick) * self.scale;
        if let Some((last, step)) = self.last {
            let missing = (now - last - step).min(LONGEST_HOLE * SECOND);
            if self.damaged && missing > 0 {
                // An empty packet is one that cannot be decoded: its time passes in silence.
                let frames = missing * self.rate / SECOND;
                self.push(Vec::new(), frames as u64);
            }
            if !self.damaged {
                self.last = Some((now, now - last));
            }
        }
        self.damaged = false;
        self.last = Some((now, self.last.map_or(0, |(_, step)| step)));
        for frame in laced(rest, flags >> 1 & 3).unwrap_or_default() {
            let data = [&self.prefix, frame].concat();
            self.push(data, 0);
        }
    }

    fn push(&mut self, data: Vec<u8>, frames: u64) {
        let packet = Packet::new(TRACK, Timestamp::new(0), Duration::new(frames), data);
        self.ready.push_back(packet);
    }

    /// Cuts the end (or, where negative, the start) of the last packet.
    fn discard(&mut self, nanoseconds: i128) {
        let frames = (nanoseconds.abs() * self.rate + SECOND / 2) / SECOND;
        let frames = Duration::new(u64::try_from(frames).unwrap_or(0));
        if let Some(packet) = self.ready.pop_back() {
            let cut = PacketBuilder::new()
                .track_id(TRACK)
                .pts(packet.pts)
                .dur(packet.dur);
            let cut = match nanoseconds {
                0.. => cut.trim_end(frames),
                _ => cut.trim_start(frames),
            };
            self.ready.push_back(cut.data(packet.data).build());
        }
    }
}

impl Packets for MatroskaPackets {
    fn next(&mut self) -> Result<Option<Packet>> {
        // The last packet waits for what follows its block in the group.
        while self.ready.len() < 2 && !self.ended {
            match self.advance() {
                Ok(more) => self.ended = !more,
                Err(error) if self.ready.is_empty() => return Err(error),
                Err(_) => {
                    self.ended = true;
                    self.cut_off = true;
                }
            }
        }
        match self.ready.pop_front() {
            None if self.cut_off => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            packet => Ok(packet),
        }
    }
}

/// The frames of a block, laced or not.
fn laced(body: &[u8], lacing: u8) -> Option<Vec<&[u8]>> {
    if lacing == 0 {
        return Some(vec![body]);
    }
    let (&more, mut rest) = body.split_first()?;
    let count = usize::from(more);
    let mut lengths = Vec::with_capacity(count);
    match lacing {
        1 => {
            for _ in 0..count {
                let mut length = 0;
                loop {
                    let (&byte, after) = rest.split_first()?;
                    rest = after;
                    length += usize::from(byte);
                    if byte < 255 {
                        break;
                    }
                }
                lengths.push(length);
            }
        }
        3 => {
            let mut length = 0i64;
            for frame in 0..count {
                let (value, own) = size(rest)?;
                // Later ones are differences: half of the range is below nought.
                let value = value? as i64;
                length = match frame {
                    0 => value,
                    _ => length + value - ((1 << (7 * own - 1)) - 1),
                };
                rest = rest.get(own..)?;
                lengths.push(usize::try_from(length).ok()?);
            }
        }
        _ => lengths = vec![rest.len() / (count + 1); count],
    }
    let mut frames = Vec::new();
    for length in lengths {
        frames.push(rest.get(..length)?);
        rest = rest.get(length..)?;
    }
    frames.push(rest);
    Some(frames)
}
