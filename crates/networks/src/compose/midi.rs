//! A score as a MIDI file.

use midly::num::{u4, u7, u15, u24, u28};
use midly::{
    Format, Header, MetaMessage, MidiMessage, Smf, Timing, Track, TrackEvent, TrackEventKind,
};

use super::error::ComposeError;
use super::score::{BEATS, Part, QUARTER, STEP, Score};
use super::tokens::PLACES;

/// Sharps of the major keys from C on; flats count below 0.
const SHARPS: [i8; 12] = [0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5];
/// Controllers: the loudness of a channel, and where it is.
const VOLUME: u8 = 7;
const PAN: u8 = 10;

impl Score {
    /// Microseconds of a quarter, as MIDI files say the tempo.
    pub(super) fn quarter(&self) -> u32 {
        (60e6 / f64::from(self.tempo)).round() as u32
    }

    /// It as a standard MIDI file of kind 1: tempo, metre and key, then a track for each part.
    ///
    /// # Errors
    /// When the file would be too large for MIDI.
    pub fn midi(&self) -> Result<Vec<u8>, ComposeError> {
        let end = (self.bars * PLACES) as u32 * STEP;
        let timing = Timing::Metrical(u15::new(QUARTER as u16));
        let mut smf = Smf::new(Header::new(Format::Parallel, timing));
        smf.tracks.push(self.first(end));
        smf.tracks
            .extend(self.parts.iter().map(|part| track(part, end)));
        let mut file = Vec::new();
        let written = smf.write_std(&mut file);
        written.map_err(|error| ComposeError::Midi(error.to_string()))?;
        Ok(file)
    }

    fn first(&self, end: u32) -> Track<'static> {
        let major = if self.minor {
            self.tonic + 3
        } else {
            self.tonic
        };
        let sharps = SHARPS[usize::from(major % 12)];
        let metas = [
            MetaMessage::TrackName(b"Synopsia"),
            MetaMessage::TimeSignature(BEATS as u8, 2, 24, 8),
            MetaMessage::KeySignature(sharps, self.minor),
            MetaMessage::Tempo(u24::new(self.quarter())),
        ];
        let events = metas.map(|meta| (0, TrackEventKind::Meta(meta)));
        ended(events.into(), end)
    }
}

fn track(part: &Part, end: u32) -> Track<'static> {
    let midi = |message| TrackEventKind::Midi {
        channel: u4::new(part.channel),
        message,
    };
    let set = |controller, value| {
        let (controller, value) = (u7::new(controller), u7::new(value));
        midi(MidiMessage::Controller { controller, value })
    };
    let program = u7::new(part.program);
    let mut events = vec![
        (
            0,
            TrackEventKind::Meta(MetaMessage::TrackName(part.name.as_bytes())),
        ),
        (0, midi(MidiMessage::ProgramChange { program })),
        (0, set(VOLUME, part.volume)),
        (0, set(PAN, part.pan)),
    ];
    for event in part.events() {
        let (key, vel) = (u7::new(event.key), u7::new(event.velocity));
        let message = match event.velocity {
            0 => MidiMessage::NoteOff { key, vel },
            _ => MidiMessage::NoteOn { key, vel },
        };
        events.push((event.at, midi(message)));
    }
    ended(events, end)
}

/// Events at ticks, which are in order, as a track that ends there, or with the last of them.
pub fn ended(events: Vec<(u32, TrackEventKind<'_>)>, end: u32) -> Track<'_> {
    let last = events.last().map_or(0, |(at, _)| *at);
    let end = (end.max(last), TrackEventKind::Meta(MetaMessage::EndOfTrack));
    let mut now = 0;
    let event = |(at, kind)| {
        let delta = u28::new(at - now);
        now = at;
        TrackEvent { delta, kind }
    };
    events.into_iter().chain([end]).map(event).collect()
}

/// A note that begins, or ends where the velocity is 0.
pub(super) struct Event {
    /// Ticks.
    pub at: u32,
    pub key: u8,
    pub velocity: u8,
}

impl Part {
    /// Begins and ends of its notes, in order; what ends at a tick does so before what begins.
    pub(super) fn events(&self) -> Vec<Event> {
        let event = |at, key, velocity| Event { at, key, velocity };
        let both = |note: &super::score::Note| {
            [
                event(note.begin, note.key, note.velocity),
                event(note.end, note.key, 0),
            ]
        };
        let mut events: Vec<Event> = self.notes.iter().flat_map(both).collect();
        events.sort_by_key(|event| (event.at, event.velocity > 0, event.key));
        events
    }

    /// What sets its channel up, as controllers and their values.
    pub(super) fn controllers(&self) -> [(u8, u8); 2] {
        [(VOLUME, self.volume), (PAN, self.pan)]
    }
}
