//! A song's mood as a MIDI file: controller curves, on the song's own tempo map, for a DAW to be steered by.

use super::analysis::Analysis;
use crate::cli::plot::{self, BeatMark};
use crate::compose::ended;
use crate::emotion::{CLASS_NAMES, Emotion};
use midly::num::{u4, u7, u15, u24};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, Track, TrackEventKind};

/// Ticks of a beat.
const BEAT: u32 = 960;

/// The first of the controllers that MIDI leaves undefined: valence, then arousal, certainty and the eight classes.
const FIRST: u8 = 20;

/// A beat where nobody hears any, seconds; and how short and long one may be, which is what tempos can say.
const USUAL: f64 = 0.5;
const SHORTEST: f64 = 0.01;
const LONGEST: f64 = 16.0;

/// Beats of a bar, at most, and where none is heard.
const LONGEST_BAR: usize = 16;
const USUAL_BAR: usize = 4;

/// A first beat that is nearer to the song's beginning is that.
const AT_ONCE: f64 = 0.005;

/// An event and its tick.
type Timed<'a> = (u32, TrackEventKind<'a>);

/// When each beat is, and where bars begin.
struct TempoMap {
    /// Seconds of each beat from the song's beginning on, and of one after its end.
    beats: Vec<f64>,
    /// The numbers of the beats at which bars begin, the first one at 0.
    bars: Vec<usize>,
}

impl TempoMap {
    fn of(heard: &[BeatMark], seconds: f64) -> Self {
        let mut beats = vec![0.0];
        let mut bars = vec![0];
        let usual = heard.windows(2).map(|two| two[1].seconds - two[0].seconds);
        let mut usual: Vec<f64> = usual.filter(|step| *step > SHORTEST).collect();
        usual.sort_by(f64::total_cmp);
        let usual = usual.get(usual.len() / 2).copied().unwrap_or(USUAL);
        let usual = usual.clamp(SHORTEST, LONGEST);
        for beat in heard {
            let last = beats[beats.len() - 1];
            if beat.seconds > last + AT_ONCE {
                go_on(&mut beats, beat.seconds, usual);
            }
            let number = beats.len() - 1;
            if beat.in_bar == 0 && bars.last() != Some(&number) {
                bars.push(number);
            }
        }
        while beats[beats.len() - 1] <= seconds {
            beats.push(beats[beats.len() - 1] + usual);
        }
        Self { beats, bars }
    }

    fn tick(&self, seconds: f64) -> u32 {
        let after = self.beats.partition_point(|beat| *beat <= seconds);
        let after = after.clamp(1, self.beats.len() - 1);
        let [from, to] = [self.beats[after - 1], self.beats[after]];
        let within = ((seconds - from) / (to - from)).clamp(0.0, 1.0);
        (after as u32 - 1) * BEAT + (within * f64::from(BEAT)).round() as u32
    }

    /// Tempos and metres.
    fn events(&self) -> Vec<Timed<'static>> {
        let mut events = Vec::new();
        let mut metre = 0;
        let last = self.beats.len() - 1;
        let ends = self.bars.iter().skip(1).copied().chain([last.max(1)]);
        for (mut bar, end) in self.bars.iter().copied().zip(ends) {
            while bar < end {
                // Where no bar is heard for long, there are usual ones up to the next.
                let beats = match end - bar {
                    long if long > LONGEST_BAR => USUAL_BAR,
                    beats => beats,
                };
                if beats != metre {
                    metre = beats;
                    let meta = MetaMessage::TimeSignature(beats as u8, 2, 24, 8);
                    events.push((bar as u32 * BEAT, TrackEventKind::Meta(meta)));
                }
                bar += beats;
            }
        }
        // What rounding leaves over goes to the next beat, so that nothing drifts.
        let mut now = 0;
        let mut last = 0;
        for (n, two) in self.beats.windows(2).enumerate() {
            let beat = ((two[1] * 1e6).round() as i64 - now).clamp(1, (1 << 24) - 1);
            now += beat;
            if beat != last {
                last = beat;
                let meta = MetaMessage::Tempo(u24::new(beat as u32));
                events.push((n as u32 * BEAT, TrackEventKind::Meta(meta)));
            }
        }
        events
    }
}

/// Adds the beat at `to`, and where it comes later than one does others before it.
fn go_on(beats: &mut Vec<f64>, to: f64, usual: f64) {
    let from = beats[beats.len() - 1];
    let count = ((to - from) / usual).round().max(1.0);
    let step = (to - from) / count;
    beats.extend((1..=count as usize).map(|n| match n as f64 {
        n if n == count => to,
        n => from + n * step,
    }));
}

impl Analysis {
    /// The bytes of a MIDI file of the song.
    ///
    /// # Errors
    /// When it would be too large for MIDI, in a sentence.
    pub(super) fn midi(&self) -> Result<Vec<u8>, String> {
        let beats = plot::beats(&self.frames, self.sample_rate);
        let map = TempoMap::of(&beats, self.seconds);
        let timing = Timing::Metrical(u15::new(BEAT as u16));
        let mut smf = Smf::new(Header::new(Format::Parallel, timing));
        let marks = self.marks();
        let mut first = map.events();
        let marker = |(seconds, name): &'_ (f64, String)| (map.tick(*seconds), name.clone());
        let marks: Vec<(u32, String)> = marks.iter().map(marker).collect();
        first.extend(marks.iter().map(|(tick, name)| {
            let meta = MetaMessage::Marker(name.as_bytes());
            (*tick, TrackEventKind::Meta(meta))
        }));
        let end = map.tick(self.seconds);
        smf.tracks.push(track(b"Synopsia", first, end));
        let scale = |x: f32| (63.5 * (x + 1.0)).round();
        let share = |x: f32| (127.0 * x).round();
        let mut curve = |name: &'static str, of: &dyn Fn(&Emotion) -> f32| {
            let controller = FIRST + smf.tracks.len() as u8 - 1;
            let curve = self.curve(&map, controller, of);
            smf.tracks.push(track(name.as_bytes(), curve, end));
        };
        curve("valence", &|mood| scale(mood.valence));
        curve("arousal", &|mood| scale(mood.arousal));
        curve("certainty", &|mood| share(mood.confidence));
        for (n, name) in CLASS_NAMES.into_iter().enumerate() {
            curve(name, &move |mood| share(mood.classes[n]));
        }
        let mut file = Vec::new();
        let written = smf.write_std(&mut file);
        written.map_err(|error| format!("the mood could not be written as MIDI: {error}"))?;
        Ok(file)
    }

    /// A controller's values, where they change.
    fn curve(
        &self,
        map: &TempoMap,
        controller: u8,
        of: &dyn Fn(&Emotion) -> f32,
    ) -> Vec<Timed<'static>> {
        let mut events: Vec<Timed> = Vec::new();
        let mut last = None;
        let usual = (0.0, Emotion::neutral());
        for (seconds, mood) in std::iter::once(&usual).chain(&self.emotions) {
            let value = of(mood).clamp(0.0, 127.0) as u8;
            if last.replace(value) == Some(value) {
                continue;
            }
            let (controller, value) = (u7::new(controller), u7::new(value));
            let message = MidiMessage::Controller { controller, value };
            let channel = u4::new(0);
            let kind = TrackEventKind::Midi { channel, message };
            events.push((map.tick(*seconds), kind));
        }
        events
    }

    /// Sections, build-ups and drops, by their seconds.
    fn marks(&self) -> Vec<(f64, String)> {
        let sections = self.structure.sections.iter();
        let sections = sections.map(|it| (it.begin.seconds, it.name.to_string()));
        let build_ups = self.structure.build_ups.iter();
        let build_ups = build_ups.map(|it| (it.begin.seconds, "build-up".to_owned()));
        let drops = self.structure.drops.iter();
        let drops = drops.map(|it| (it.at.seconds, "drop".to_owned()));
        sections.chain(build_ups).chain(drops).collect()
    }
}

/// A track of events at any ticks, that ends there.
fn track<'a>(name: &'a [u8], mut events: Vec<Timed<'a>>, end: u32) -> Track<'a> {
    events.sort_by_key(|(at, _)| *at);
    let name = (0, TrackEventKind::Meta(MetaMessage::TrackName(name)));
    ended([vec![name], events].concat(), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beat(seconds: f64, in_bar: u32) -> BeatMark {
        BeatMark {
            seconds,
            in_bar: in_bar as _,
            confidence: 1.0,
        }
    }

    /// Seconds of a tick by the tempos alone, as a DAW counts them.
    fn seconds_of(events: &[Timed], tick: u32) -> f64 {
        let (mut now, mut seconds, mut tempo) = (0, 0.0, 500_000.0);
        for (at, kind) in events {
            let TrackEventKind::Meta(MetaMessage::Tempo(next)) = kind else {
                continue;
            };
            let until = (*at).min(tick);
            seconds += f64::from(until - now) / f64::from(BEAT) * tempo / 1e6;
            (now, tempo) = (until, f64::from(next.as_int()));
        }
        seconds + f64::from(tick - now) / f64::from(BEAT) * tempo / 1e6
    }

    #[test]
    fn every_moment_is_where_the_tempo_map_has_it_whatever_the_beats_do() {
        // A pickup of two beats, a waltz that drags, a rest of four seconds, then four to a bar.
        let mut heard = vec![beat(0.31, 1), beat(0.83, 2)];
        let mut now = 1.35;
        for n in 0..60 {
            heard.push(beat(now, n % 3));
            now += 0.5 + 0.003 * f64::from(n);
        }
        now += 4.0;
        for n in 0..40 {
            heard.push(beat(now, n % 4));
            now += 0.47;
        }
        let map = TempoMap::of(&heard, now + 3.0);
        let events = map.events();
        for moment in (0..=400).map(|n| f64::from(n) / 400.0 * (now + 3.0)) {
            let there = seconds_of(&events, map.tick(moment));
            assert!((there - moment).abs() < 1e-3, "{moment} lies at {there}");
        }
        for downbeat in heard.iter().filter(|beat| beat.in_bar == 0) {
            let tick = map.tick(downbeat.seconds);
            assert_eq!(tick % BEAT, 0);
            assert!(map.bars.contains(&((tick / BEAT) as usize)));
        }
        let metres: Vec<u8> = events
            .iter()
            .filter_map(|(_, kind)| match kind {
                TrackEventKind::Meta(MetaMessage::TimeSignature(beats, ..)) => Some(*beats),
                _ => None,
            })
            .collect();
        assert_eq!(
            metres[0], 3,
            "a beat more than the pickup, from the song's beginning on"
        );
        assert!(metres.iter().all(|beats| (1..=16).contains(beats)));
        assert!(metres.contains(&4), "{metres:?}");
    }

    #[test]
    fn music_without_a_beat_has_a_usual_one() {
        let map = TempoMap::of(&[], 10.0);
        assert_eq!(map.tick(5.0), 10 * BEAT);
        assert_eq!(seconds_of(&map.events(), map.tick(7.3)), 7.3);
    }
}
