//! A song's course, as it is drawn, as a MIDI file: controller curves for a track of a DAW.

use super::course::Course;
use crate::compose::ended;
use crate::show::MoodLane;
use midly::num::{u4, u7, u15, u24};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};

/// Ticks of a beat.
const BEAT: f64 = 960.0;

/// The controllers of valence and arousal, as `synopsia analyze` has them.
const AXES: [(u8, &str); 2] = [(20, "valence"), (21, "arousal")];

/// How often a curve is looked at, seconds.
const STEP: f64 = 0.25;

/// Beats a minute that a file can say.
const TEMPOS: [f64; 2] = [4.0, 6000.0];

impl Course {
    /// The bytes of a file in which the song goes at one tempo, beats a minute: what was heard, and what is drawn of it.
    ///
    /// # Errors
    /// Where nothing was heard or drawn, in a sentence.
    pub fn midi(&self, lane: &MoodLane, tempo: f64) -> Result<Vec<u8>, String> {
        let drawn = lane.drawn.iter().map(|stretch| stretch.span()[1]);
        let seconds = drawn.fold(self.seconds(), f64::max);
        if seconds <= 0.0 {
            return Err("nothing of the song's mood was heard or drawn yet".to_owned());
        }
        let tempo = tempo.clamp(TEMPOS[0], TEMPOS[1]);
        let tick = |seconds: f64| (seconds * tempo / 60.0 * BEAT).round() as u32;
        let timing = Timing::Metrical(u15::new(BEAT as u16));
        let mut smf = Smf::new(Header::new(Format::Parallel, timing));
        let micros = u24::new((60e6 / tempo).round() as u32);
        let head = [
            MetaMessage::TrackName(b"Synopsia"),
            MetaMessage::Tempo(micros),
        ];
        let head = head.map(|meta| (0, TrackEventKind::Meta(meta))).to_vec();
        smf.tracks.push(ended(head, tick(seconds)));
        for (axis, (number, name)) in AXES.into_iter().enumerate() {
            let name = MetaMessage::TrackName(name.as_bytes());
            let mut events = vec![(0, TrackEventKind::Meta(name))];
            let (mut heard, mut last) = ([0.0; 2], None);
            for n in 0..(seconds / STEP).ceil() as u32 {
                let at = f64::from(n) * STEP;
                heard = self.at(at).map_or(heard, |cell| cell.mood);
                let value = (63.5 * (lane.over(heard, at)[axis] + 1.0)).round();
                let value = value.clamp(0.0, 127.0) as u8;
                if last.replace(value) != Some(value) {
                    let (controller, value) = (u7::new(number), u7::new(value));
                    let message = MidiMessage::Controller { controller, value };
                    let channel = u4::new(0);
                    events.push((tick(at), TrackEventKind::Midi { channel, message }));
                }
            }
            smf.tracks.push(ended(events, tick(seconds)));
        }
        let mut file = Vec::new();
        let written = smf.write_std(&mut file);
        written.map_err(|error| format!("the mood could not be written as MIDI: {error}"))?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::Axis;

    #[test]
    fn a_file_has_what_was_heard_and_drawn_at_its_ticks() {
        let mut course = Course::default();
        for n in 0..80 {
            course.hear(f64::from(n) * 0.25, 0.5, [0.5, -1.0]);
        }
        let mut lane = MoodLane::default();
        lane.draw(Axis::Arousal, &[[5.0, 1.0], [30.0, 1.0]]);
        let file = course.midi(&lane, 90.0).unwrap();
        let smf = Smf::parse(&file).unwrap();
        let values = |track: usize| {
            let mut now = 0;
            let mut values = Vec::new();
            for event in &smf.tracks[track] {
                now += event.delta.as_int();
                if let TrackEventKind::Midi {
                    message: MidiMessage::Controller { controller, value },
                    ..
                } = event.kind
                {
                    values.push((now, controller.as_int(), value.as_int()));
                }
            }
            values
        };
        assert_eq!(values(1), [(0, 20, 95)]);
        // 5 s at 90 a minute are 7.5 beats; half a second before it comes.
        let arousal = values(2);
        assert_eq!(arousal.first(), Some(&(0, 21, 0)));
        assert_eq!(arousal.last(), Some(&(7200, 21, 127)));
        let end: u32 = smf.tracks[0].iter().map(|event| event.delta.as_int()).sum();
        assert_eq!(end, 43_200);
        assert!(Course::default().midi(&MoodLane::default(), 120.0).is_err());
        for tempo in [0.0, f64::NAN, f64::INFINITY, 1e9] {
            let file = course.midi(&lane, tempo).unwrap();
            assert!(Smf::parse(&file).is_ok(), "{tempo}");
        }
    }
}
