//! The way through the latent space.

use super::board::Pulled;
use super::{Controls, Show, rest};
use crate::motion::{Direction, Drive, LatentPath, Led, Moment, slerp};
use crate::signal::SongTime;

/// Share of the way to the dancing path at full excitement, and to the push's direction at a full
/// push.
const DANCE_SHARE: f32 = 0.34;
const PUSH_SHARE: f32 = 0.35;

/// Keyframes a bar of the dancing path.
const DANCE_PER_BAR: f64 = 2.0;

/// Bars from one direction of a push to the next.
const BARS_PER_PUSH: f64 = 1.0;

impl Show {
    /// Where pictures and words lead a walk at a moment.
    pub(super) fn led(
        &self,
        at: SongTime,
        walk: &Direction,
        pulled: Option<Pulled>,
        controls: &Controls,
    ) -> Led {
        let words = self.libretto.toward(at.song, controls.words_imagery);
        Led {
            walk: std::array::from_fn(|k| walk[k]),
            by: [pulled.map(|pulled| pulled.toward), words],
        }
    }

    /// A slow walk, and where that leads: excitement mixes in a faster one, and onsets push aside.
    pub(super) fn latent(
        &self,
        at: Moment,
        drive: Drive,
        rest: f32,
        controls: &Controls,
    ) -> [Direction; 2] {
        let pace = f64::from(controls.bars_per_keyframe);
        let path = self.walk.among(controls.places);
        let walk = rest::slowed(pace, rest, |pace| self.on(&path, at, pace, controls));
        let dance = self.on(&self.dance, at, DANCE_PER_BAR.recip(), controls);
        let push = self.on(&self.push, at, BARS_PER_PUSH, controls);
        let danced = slerp(&walk, &dance, DANCE_SHARE * drive.excitement);
        let pushed = PUSH_SHARE * controls.onset_push * drive.onset;
        [walk, slerp(&danced, &push, pushed)]
    }

    /// Where a path is at a moment, at so many bars a keyframe: at home in its section, on a way that never comes
    /// back where there is to be no homecoming, and in a loop on the loop's own.
    fn on(&self, path: &LatentPath, at: Moment, pace: f64, controls: &Controls) -> Direction {
        let homecoming = match at.round() {
            Some(_) => 0.0,
            None => controls.chorus,
        };
        let home = || self.home.on(path, at, pace);
        let away = || path.after(at.bars(), pace, at.round());
        match homecoming {
            0.0 => away(),
            1.0 => home(),
            share => slerp(&away(), &home(), share),
        }
    }
}
