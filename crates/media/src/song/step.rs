//! One packet after another: what is decoded of it, and what stands in its place where it cannot be
//! decoded, is missing, or is of another format.

use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use super::decoder::Decoded;
use super::demuxed::Reader;
use super::layout::Arrangement;
use super::repairs::Stop;
use super::source::Source;
use super::{SongReader, Step, mpeg};

/// A packet that claims to be longer is not replaced by as much silence, seconds.
const LONGEST_GAP: f64 = 1.0;

/// The longest hole in a stream without a known length that is filled with silence, seconds.
const LONGEST_HOLE: u64 = 60;

impl SongReader {
    /// Decodes the next packet into `block`.
    pub(super) fn step(&mut self) -> Step {
        if let Some(packet) = self.waiting.take() {
            return self.decode(&packet);
        }
        let packet = match self.source.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Step::End(None),
            // A chained Ogg starts its next song.
            Err(Error::ResetRequired) => return self.next_in_chain(),
            // A stream that was piped to disk promises no length and ends where it ends. Ogg marks
            // its last page, and what is read here knows what is missing.
            Err(Error::IoError(e)) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                let marks_its_end =
                    self.source.reader() != Reader::Symphonia || self.source.tells_time();
                let missing = marks_its_end || self.length.is_some();
                return Step::End(missing.then_some(Stop::Truncated));
            }
            Err(Error::IoError(e)) if e.kind() == std::io::ErrorKind::TimedOut => {
                return Step::End(Some(Stop::Stuck));
            }
            Err(Error::Unsupported(mpeg::OTHER_CODEC)) => {
                return Step::End(Some(Stop::FormatChanges));
            }
            Err(Error::Unsupported(_)) => return self.format_changes(),
            Err(_) => return Step::End(Some(Stop::Damaged)),
        };
        if self.fill_hole(&packet) {
            self.waiting = Some(packet);
            return Step::Done;
        }
        self.decode(&packet)
    }

    /// Puts silence into the block where something is missing before `packet`, so that what
    /// follows stays in time; whether there was such a hole.
    fn fill_hole(&mut self, packet: &Packet) -> bool {
        let due = self.expected.filter(|_| self.rate != 0);
        self.expected = match self.source.tells_time() {
            true => packet.pts.checked_add(packet.block_dur()),
            false => None,
        };
        let missing = due.and_then(|due| packet.pts.duration_from(due));
        let missing = missing.map_or(0, |missing| missing.get());
        let most = match self.length {
            Some(length) => length.saturating_sub(self.position()),
            None => LONGEST_HOLE * u64::from(self.rate),
        };
        let frames = missing.min(most);
        if frames > 0 {
            self.repairs.lose(self.position());
            self.block.resize(frames as usize * self.channels, 0.0);
        }
        frames > 0
    }

    /// Puts silence before the first block where the container's first packets were left out.
    pub(super) fn fill_beginning(&mut self) {
        let late = self.first.filter(|_| self.source.tells_time());
        let late = late.map_or(0, |first| first.get().max(0) as usize);
        let late = late.min((LONGEST_HOLE * u64::from(self.rate)) as usize);
        if self.repairs.left_out && late > 0 {
            self.repairs.lose(self.position());
            let silence = vec![0.0; late * self.channels];
            self.block.splice(..0, silence);
        }
    }

    /// Decodes `packet` into the block.
    fn decode(&mut self, packet: &Packet) -> Step {
        let Some(decoded) = self.source.decode(packet, &mut self.block) else {
            self.lose(packet);
            return Step::Done;
        };
        self.repairs.sound_packets += 1;
        self.usual = decoded.frames;
        if self.rate == 0 && decoded.frames > 0 {
            self.begin(decoded, packet);
        }
        if self.rate != 0 && (decoded.rate, decoded.channels) != (self.rate, self.channels) {
            let empty = self.block.is_empty();
            self.block.clear();
            return match empty {
                true => Step::Done,
                false => self.format_changes(),
            };
        }
        self.repairs.silence(&mut self.block);
        self.arrangement.arrange(&mut self.block);
        Step::Done
    }

    /// Takes the song's rate and channels from what was decoded of its first `packet`.
    fn begin(&mut self, decoded: Decoded, packet: &Packet) {
        (self.rate, self.channels) = (decoded.rate, decoded.channels);
        self.arrangement = Arrangement::of(self.source.delivered());
        let end = packet.pts.checked_add(packet.block_dur());
        self.first = end.map(|end| Timestamp::new(end.get() - decoded.frames as i64));
    }

    /// Puts silence in the place of a packet that could not be decoded, so that what follows
    /// stays in time.
    fn lose(&mut self, packet: &Packet) {
        self.block.clear();
        if self.rate == 0 {
            // Nothing was heard yet: not a gap in the song but rubbish before it.
            self.repairs.rubbish += 1;
            return;
        }
        self.repairs.lose(self.position());
        let seconds = self.source.seconds(packet);
        let frames = match seconds > 0.0 || packet.data.is_empty() {
            true => (seconds.min(LONGEST_GAP) * f64::from(self.rate)).round() as usize,
            // Where packets do not say how long they are, this one is as long as the one before.
            false => self.usual,
        };
        self.block.resize(frames * self.channels, 0.0);
    }

    /// What follows has another rate or other channels: ffmpeg, where it is installed, converts it.
    fn format_changes(&mut self) -> Step {
        let source = match self.source.reader() {
            Reader::Ffmpeg => None,
            _ => Source::through_ffmpeg(&self.path, &self.container),
        };
        let Some(source) = source else {
            return Step::End(Some(Stop::FormatChanges));
        };
        self.source = source;
        self.seeks_exactly = false;
        (self.length, self.end, self.expected) = (None, None, None);
        self.drop += self.position();
        self.position = 0;
        Step::Done
    }

    /// Goes on with the next link of a chained stream, if it sounds like the one before.
    fn next_in_chain(&mut self) -> Step {
        match self.source.next_link() {
            Ok(()) => {}
            Err(Stop::FormatChanges) => return self.format_changes(),
            Err(stop) => return Step::End(Some(stop)),
        }
        if let Some(opus) = self.source.opus() {
            self.drop += u64::from(opus.pre_skip());
            self.position -= i64::from(opus.pre_skip());
            self.arrangement = Arrangement::of(opus.layout().clone());
        }
        // What the first link's header promised was its own length.
        (self.length, self.end) = (None, None);
        self.expected = None;
        Step::Done
    }
}
