//! Where the walk is at home: each section of a song has a path of its own, which begins anew whenever the
//! section returns, so that a chorus looks as it did, coloured by how its mood differs this time.

use super::envelope::follow;
use crate::emotion::Emotion;
use crate::motion::{Direction, LatentPath, Moment, slerp};
use crate::signal::{FormPoint, SectionName, SongTime};

/// Keyframes from the first of one section's path to the first of the next one's: more than a section has.
const KEYFRAMES_APART: f64 = 4096.0;

/// Beats in which the picture goes from one section's path to another's.
const TURN_BEATS: f64 = 1.5;

/// A section that began less than this long ago has begun now, seconds: the hop that tells of it comes after
/// its beginning. One that is only known later is turned to when it is.
const JUST_NOW: f64 = 0.1;

/// How much more the mood of a section differs from the first of its name in the picture than in the music, in
/// differences; and seconds in which that follows (time constant).
const COLOURING: f32 = 1.0;
const COLOUR_SECONDS: f64 = 1.0;

/// Sections whose mood is remembered.
const REMEMBERED: usize = 64;

/// Where a path is: whose it is, and the bars that had passed where it began.
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    name: SectionName,
    bars: f64,
}

impl Start {
    /// Keyframes on the walk's path after so many bars.
    fn position(self, bars: f64, pace: f64) -> f64 {
        f64::from(self.name.0) * KEYFRAMES_APART + (bars - self.bars) / pace
    }
}

/// The mood of the first section of a name.
#[derive(Clone, Copy, Debug)]
struct Remembered {
    name: SectionName,
    mood: [f32; 2],
    /// Seconds of which it is the mean.
    seconds: f64,
}

/// Follows a song from section to section.
#[derive(Clone, Debug, Default)]
pub(super) struct Home {
    /// Name and occurrence of the section that was heard last; none where sections do not count.
    section: Option<(SectionName, u32)>,
    now: Start,
    before: Start,
    /// Bars at which the path turned from one to the other.
    turned: f64,
    /// Bars at the last hop, bars that the walk had stood still by then, and the share of them that it does now.
    bars: f64,
    held: f64,
    hold: f64,
    moods: Vec<Remembered>,
    difference: [f32; 2],
}

impl Home {
    /// Takes in where the song is at a hop, of which the walk holds back a share of the bars.
    pub(super) fn follow(&mut self, at: SongTime, form: &FormPoint, hold: f64) {
        let bars = at.bars();
        self.held += self.hold * (bars - self.bars).max(0.0);
        (self.bars, self.hold) = (bars, hold);
        let section = (form.name, form.occurrence);
        match self.section.replace(section) {
            // The first one begins with the song, and whoever comes from a host's song goes on where that was.
            None => {}
            Some(last) if last == section => {}
            Some(_) => self.turn(at, form),
        }
    }

    /// The host says where the song is, and its bars alone where the walk is: the same place of a song that is
    /// scrubbed through is the same picture, whatever was played before.
    pub(super) fn leave(&mut self) {
        let moods = std::mem::take(&mut self.moods);
        *self = Self {
            moods,
            ..Self::default()
        };
    }

    fn turn(&mut self, at: SongTime, form: &FormPoint) {
        let per_bar = at.beats_per_bar.max(1.0);
        let ago = (at.seconds - form.begin).max(0.0);
        // Sections begin on beats.
        let beats = (at.beats - ago * at.tempo / 60.0).round();
        self.before = Start {
            bars: self.now.bars + self.held,
            ..self.now
        };
        self.held = 0.0;
        self.now = Start {
            name: form.name,
            bars: beats / per_bar,
        };
        self.turned = if ago < JUST_NOW {
            self.now.bars
        } else {
            at.bars()
        };
    }

    /// Where a path is at a moment, at so many bars a keyframe.
    pub(super) fn on(&self, path: &LatentPath, at: Moment, pace: f64) -> Direction {
        let held = self.held + self.hold * (at.song_bars() - self.bars).max(0.0);
        let now = path.at(self.now.position(at.bars() - held, pace));
        let turned = (at.song_bars() - self.turned) * at.beats_per_bar() / TURN_BEATS;
        if self.now.same(self.before) || turned >= 1.0 {
            return now;
        }
        // Most of the way at once, as whatever falls on a beat.
        let share = 1.0 - (1.0 - turned.clamp(0.0, 1.0)).powi(3);
        let before = path.at(self.before.position(at.bars(), pace));
        slerp(&before, &now, share as f32)
    }

    /// Remembers how sections feel, for `dt` seconds in which the picture shows this mood.
    pub(super) fn feel(&mut self, mood: &Emotion, dt: f64) {
        let Some((name, occurrence)) = self.section else {
            self.difference = [0.0; 2];
            return;
        };
        let mood = [mood.valence, mood.arousal];
        let known = self.moods.iter_mut().find(|known| known.name == name);
        let difference = match known {
            Some(known) if occurrence == 0 => {
                known.seconds += dt;
                let share = (dt / known.seconds.max(1e-6)) as f32;
                for (mean, mood) in known.mood.iter_mut().zip(mood) {
                    *mean += share * (mood - *mean);
                }
                [0.0; 2]
            }
            Some(known) => [0, 1].map(|i| mood[i] - known.mood[i]),
            None => {
                if self.moods.len() < REMEMBERED {
                    let seconds = dt;
                    self.moods.push(Remembered {
                        name,
                        mood,
                        seconds,
                    });
                }
                [0.0; 2]
            }
        };
        let step = follow(dt, COLOUR_SECONDS);
        for (shown, wanted) in self.difference.iter_mut().zip(difference) {
            *shown += step * (wanted - *shown);
        }
    }

    /// A mood as the picture shows it, where `share` of what makes this section another than the first of its
    /// name counts.
    pub(super) fn coloured(&self, mood: Emotion, share: f32) -> Emotion {
        let more = self
            .difference
            .map(|difference| share * COLOURING * difference);
        if more == [0.0; 2] {
            return mood;
        }
        let [valence, arousal] = [mood.valence + more[0], mood.arousal + more[1]];
        Emotion::at(
            valence.clamp(-1.0, 1.0),
            arousal.clamp(-1.0, 1.0),
            mood.confidence,
        )
    }
}

impl Start {
    fn same(self, other: Self) -> bool {
        self.name == other.name && self.bars == other.bars
    }
}
