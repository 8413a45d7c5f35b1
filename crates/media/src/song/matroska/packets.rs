//! The packets of a track, out of the clusters of a file.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

use symphonia::core::errors::Result;
use symphonia::core::packet::{Packet, PacketBuilder};
use symphonia::core::units::{Duration, Timestamp};

use super::super::demuxed::{Packets, TRACK};
use super::elements::{Element, Elements, number, signed, size};
use super::segment::{CLUSTER, INFO, SEGMENT, TRACKS};

/// Elements of a cluster.
const TIMESTAMP: u32 = 0xe7;
const SIMPLE_BLOCK: u32 = 0xa3;
const GROUP: u32 = 0xa0;
const BLOCK: u32 = 0xa1;
const DISCARD_PADDING: u32 = 0x75a2;

/// Names of what may lie in a segment, a cluster or a group of blocks, and of what begins a file.
/// Anything else there is damage.
const KNOWN: [u32; 31] = [
    SEGMENT,
    CLUSTER,
    TIMESTAMP,
    SIMPLE_BLOCK,
    GROUP,
    BLOCK,
    DISCARD_PADDING,
    0x1a45_dfa3, // a header
    0x114d_9b74, // places
    INFO,
    TRACKS,
    0x1c53_bb6b, // cues
    0x1043_a770, // chapters
    0x1254_c367, // tags
    0x1941_a469, // attachments
    0xec,        // padding
    0xbf,        // a checksum
    0xa7,        // a cluster's place
    0xab,        // the size of the cluster before
    0x5854,      // silent tracks
    0xaf,        // an encrypted block
    0x9b,        // a block's length
    0x75a1,      // additions
    0xa2,        // a virtual block
    0xfa,        // a priority
    0xfb,        // a reference
    0xfd,        // a virtual reference
    0xa4,        // a codec's state
    0x8e,        // slices
    0xc8,        // a frame's reference
    0x1b53_8667, // signatures
];

/// Elements in a row that are believed to be no damage.
const BELIEVED: usize = 6;

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;

/// Silence for damage is no longer, seconds.
const LONGEST_HOLE: i128 = 60;

/// The last sound may end so much before its file says that it ends, nanoseconds: packets of Vorbis
/// are not of one length.
const SLACK: i128 = SECOND / 40;

/// What a file says of its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Nanoseconds in a tick.
    pub(super) scale: i128,
    /// When the last track ends, nanoseconds.
    pub(super) end: Option<i128>,
}

pub(super) struct MatroskaPackets {
    elements: Elements,
    track: u64,
    prefix: Vec<u8>,
    clock: Clock,
    rate: i128,
    /// When the cluster begins, ticks.
    cluster: i64,
    /// When the last block began and how much later than the one before, nanoseconds.
    last: Option<(i128, i128)>,
    /// Whether damage was passed over since then.
    damaged: bool,
    /// Up to where the file was read without doubt.
    sure: u64,
    /// Where the segment says that it ends.
    segment_end: u64,
    /// Packets that are ready; the last waits for what its group says of it.
    ready: VecDeque<Packet>,
    ended: bool,
    /// Whether the file ends within a block.
    cut_off: bool,
}

impl MatroskaPackets {
    /// The packets of `track` in `sound`, from the first cluster to the segment's end; the rate is in
    /// Hz.
    ///
    /// # Errors
    /// When the file cannot be opened again.
    pub(super) fn new(
        path: &Path,
        sound: Range<u64>,
        track: u64,
        prefix: &[u8],
        (clock, rate): (Clock, u32),
    ) -> io::Result<Self> {
        let mut elements = Elements::open(File::open(path)?)?;
        elements.go_to(sound.start);
        Ok(Self {
            elements,
            track,
            prefix: prefix.to_vec(),
            clock,
            rate: rate.into(),
            cluster: 0,
            last: None,
            damaged: false,
            sure: sound.start,
            segment_end: sound.end,
            ready: VecDeque::new(),
            ended: false,
            cut_off: false,
        })
    }

    /// Reads on in the file. `false` at its end.
    fn advance(&mut self) -> Result<bool> {
        if self.elements.at() >= self.elements.end {
            return Ok(false);
        }
        let here = self.elements.at();
        let Some(element) = self.elements.next()?.filter(|element| self.fits(element)) else {
            return self.pass_damage(here);
        };
        match element.id {
            SEGMENT | CLUSTER | GROUP => {
                self.sure = element.body;
                self.elements.enter(&element);
            }
            TIMESTAMP => self.cluster = number(&self.elements.body(&element)?) as i64,
            SIMPLE_BLOCK | BLOCK => {
                let body = self.elements.body(&element)?;
                self.sure = self.elements.at();
                self.block(&body);
            }
            DISCARD_PADDING => {
                let nanoseconds = signed(&self.elements.body(&element)?);
                self.discard(nanoseconds.into());
            }
            _ => {}
        }
        Ok(true)
    }

    /// Whether there may be such an element, and all of it.
    fn fits(&self, element: &Element) -> bool {
        let size = element.size.unwrap_or(0);
        // A segment or a cluster that is cut off holds what it holds.
        let holds = matches!(element.id, SEGMENT | CLUSTER);
        let whole = element.body.saturating_add(size) <= self.elements.end;
        let sized = element.size.is_some() || holds;
        KNOWN.contains(&element.id) && sized && (holds || whole)
    }

    /// Goes on where there are elements again behind damage.
    ///
    /// # Errors
    /// When there are none.
    fn pass_damage(&mut self, here: u64) -> Result<bool> {
        let mut at = self.sure;
        loop {
            let next = self.elements.search(
                &[CLUSTER.to_be_bytes()[0], SIMPLE_BLOCK as u8, GROUP as u8],
                at,
            )?;
            let Some(next) = next else {
                self.elements.go_to(self.elements.end);
                // Behind its segment, a file may hold what it likes, and behind all sound only places.
                if here >= self.segment_end || self.has_come_to_its_end() {
                    return Ok(false);
                }
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            };
            if self.believes(next)? {
                self.elements.go_to(next);
                self.damaged = true;
                return Ok(true);
            }
            at = next + 1;
        }
    }

    /// Whether the last block was the one with which the file says that it ends.
    fn has_come_to_its_end(&self) -> bool {
        let last = self.last.filter(|_| !self.damaged);
        let end = last.map(|(last, step)| last + step + SLACK);
        self.clock.end.is_some_and(|stated| end >= Some(stated))
    }

    /// Whether what is at `at` is a cluster or a block with more behind it.
    fn believes(&mut self, at: u64) -> io::Result<bool> {
        self.elements.go_to(at);
        let mut blocks = 0;
        for _ in 0..BELIEVED {
            let Some(element) = self.elements.next()? else {
                // The last block of a file has nothing behind it.
                return Ok(blocks > 0 && self.elements.at() >= self.elements.end);
            };
            if !self.fits(&element) {
                return Ok(false);
            }
            match element.id {
                CLUSTER | GROUP => self.elements.enter(&element),
                SIMPLE_BLOCK | BLOCK => {
                    // A track, a time, and flags, three of which are none.
                    let head = self.elements.bytes(element.body, 4)?;
                    match head[..] {
                        [track, _, _, flags] if track > 0x80 && flags & 0x70 == 0 => blocks += 1,
                        _ => return Ok(false),
                    }
                }
                _ => {}
            }
        }
        Ok(blocks > 0)
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
        let now = i128::from(tick) * self.clock.scale;
        self.last = match self.last {
            None => {
                self.damaged = false;
                Some((now, 0))
            }
            Some((last, _)) if !self.damaged => Some((now, now - last)),
            // The cluster that says when it is got lost: the next one tells what is missing.
            Some((last, step)) if now <= last => Some((last + step, step)),
            Some((last, step)) => {
                // An empty packet is one that cannot be decoded: its time passes in silence.
                let missing = (now - last - step).clamp(0, LONGEST_HOLE * SECOND);
                self.push(Vec::new(), (missing * self.rate / SECOND) as u64);
                self.damaged = false;
                Some((now, step))
            }
        };
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
