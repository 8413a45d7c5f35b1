//! The way from a look to a preset in a time that the music counts.

use super::control_source::ControlSource;
use super::status::SharedStatus;
use crate::control::{Control, Preset, Setting, Snapshot, preset_number};
use crate::signal::SongTime;
use parking_lot::Mutex;
use std::sync::Arc;

/// How far the knob may be from where it was put before somebody else must have moved it.
const NEAR: f32 = 0.02;

/// On the way to a preset, which goes on while nobody else moves the knob.
struct Under {
    preset: Preset,
    number: u16,
    bars: f64,
    /// The beat on which it was moved last.
    beat: Option<f64>,
    /// How far it has got, 0 to 1.
    share: f64,
}

/// The way that is gone now, if one is.
#[derive(Clone, Default)]
pub(super) struct Glide(Arc<Mutex<Option<Under>>>);

impl Glide {
    /// Sets out for a preset, to be there in so many bars; at once where it is 0 or nothing plays.
    pub(super) fn begin(&self, preset: Preset, bars: f64) {
        let number = preset_number(&preset.name);
        *self.0.lock() = Some(Under {
            number: number.unwrap_or(0),
            // One more than there are numbers for is there at once.
            bars: number.map_or(0.0, |_| bars),
            preset,
            beat: None,
            share: 0.0,
        });
    }

    /// The name of the preset that it is on the way to.
    pub(super) fn goal(&self) -> Option<String> {
        let under = self.0.lock();
        under.as_ref().map(|under| under.preset.name.clone())
    }

    /// What is to be set at that time of the song, of controls that stand so.
    fn step(&self, now: &Snapshot, time: Option<SongTime>) -> Vec<Setting> {
        let mut guard = self.0.lock();
        let Some(under) = guard.as_mut() else {
            return Vec::new();
        };
        let (settings, goes_on) = match under.beat {
            None => (under.set_out(now), true),
            Some(_) if !under.has_the_knob(now) => (Vec::new(), false),
            Some(_) => (Vec::new(), true),
        };
        let Some(more) = under.moved(time).filter(|_| goes_on) else {
            let arrived = under.preset.settings();
            *guard = None;
            return if goes_on { arrived } else { settings };
        };
        settings.into_iter().chain([more]).collect()
    }
}

fn set(control: Control, plain: f32) -> Setting {
    Setting { control, plain }
}

impl Under {
    /// Has the knobs stand where they are seen, and the way to the preset lie before them.
    fn set_out(&self, now: &Snapshot) -> Vec<Setting> {
        let mut seen = Snapshot::from(now.look());
        let painting = now.painting();
        (seen.model, seen.blend_with, seen.blend) =
            (painting.model, painting.blend_with, painting.blend);
        let painter = [Control::Model, Control::BlendWith, Control::BlendAmount];
        let look = Control::ALL.into_iter().filter(|c| c.is_of_a_look());
        let knobs = look.chain(painter);
        let knobs = knobs.map(|control| set(control, control.get(&seen)));
        let way = [
            set(Control::PresetPosition, 0.0),
            set(Control::Morph, 0.0),
            set(Control::MorphTo, self.number.into()),
        ];
        knobs.chain(way).collect()
    }

    fn has_the_knob(&self, now: &Snapshot) -> bool {
        now.morph_to == self.number && (now.morph - self.share as f32).abs() < NEAR
    }

    /// Goes on to that time; none where it has arrived.
    fn moved(&mut self, time: Option<SongTime>) -> Option<Setting> {
        let time = time.filter(|_| self.bars > 0.0)?;
        let per_bar = time.beats_per_bar.max(1.0);
        let passed = time.beats - self.beat.unwrap_or(time.beats);
        self.beat = Some(time.beats);
        // A song that jumps, there or back, has not played what it passed over.
        if (0.0..=per_bar).contains(&passed) {
            self.share += passed / (self.bars * per_bar);
        }
        (self.share < 1.0).then(|| set(Control::Morph, self.share as f32))
    }
}

/// Moves the controls of an instance whose time is told in `status`.
pub(super) struct Gliding {
    pub glide: Glide,
    pub status: Arc<SharedStatus>,
}

impl ControlSource for Gliding {
    fn moves(&mut self, now: &Snapshot) -> Vec<Setting> {
        if self.glide.0.lock().is_none() {
            return Vec::new();
        }
        let time = self.status.now().map(|now| now.time);
        self.glide.step(now, time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::preset_called;

    fn at(beats: f64) -> Option<SongTime> {
        Some(SongTime {
            beats,
            beats_per_bar: 4.0,
            ..SongTime::default()
        })
    }

    fn preset(name: &str) -> Preset {
        preset_called(name).unwrap()
    }

    /// Steps a glide, and sets what it says.
    fn step(glide: &Glide, now: &mut Snapshot, time: Option<SongTime>) {
        let settings = glide.step(now, time);
        settings.iter().for_each(|setting| setting.apply(now));
    }

    #[test]
    fn a_glide_arrives_after_its_bars_in_even_steps_and_leaves_the_presets_look_in_the_knobs() {
        let (glide, mut now) = (Glide::default(), Snapshot::default());
        glide.begin(preset("Club"), 2.0);
        let goal = preset("Club").look;
        let begun = now.look().trails;
        for beat in 0..8 {
            assert_eq!(glide.goal().as_deref(), Some("Club"));
            step(&glide, &mut now, at(100.0 + f64::from(beat)));
            let expected = begun + (goal.trails - begun) * beat as f32 / 8.0;
            assert!(
                (now.look().trails - expected).abs() < 2e-3,
                "on beat {beat}"
            );
        }
        step(&glide, &mut now, at(108.0));
        assert_eq!(glide.goal(), None);
        assert_eq!((now.controls, now.morph), (goal, 0.0));
    }

    #[test]
    fn a_song_that_jumps_moves_nothing_and_another_hand_ends_it() {
        let (glide, mut now) = (Glide::default(), Snapshot::default());
        glide.begin(preset("Club"), 4.0);
        for beat in [0.0, 4.0, 300.0, 20.0, 24.0] {
            step(&glide, &mut now, at(beat));
        }
        assert!((now.morph - 0.5).abs() < 1e-3, "{}", now.morph);
        now.morph = 0.9;
        step(&glide, &mut now, at(25.0));
        assert_eq!((glide.goal(), now.morph), (None, 0.9));
    }

    #[test]
    fn without_music_or_bars_it_is_there_at_once_and_a_second_one_begins_where_the_first_is_seen() {
        let (glide, mut now) = (Glide::default(), Snapshot::default());
        glide.begin(preset("Embers"), 4.0);
        step(&glide, &mut now, None);
        assert_eq!(now.controls, preset("Embers").look);
        glide.begin(preset("Club"), 0.0);
        step(&glide, &mut now, at(3.0));
        assert_eq!(now.controls, preset("Club").look);
        glide.begin(preset("Electric web"), 4.0);
        for beat in [0.0, 4.0, 8.0] {
            step(&glide, &mut now, at(beat));
        }
        let seen = (now.look(), now.painting());
        glide.begin(preset("Slow water"), 4.0);
        step(&glide, &mut now, at(8.0));
        assert_eq!((now.look(), now.painting()), seen);
        assert_eq!(glide.goal().as_deref(), Some("Slow water"));
    }
}
