//! A stage at rest: what a performer reaches for when all is too much.

use crate::control::Controls;
use crate::motion::{Direction, slerp};

/// Bars from one keyframe to the next, at rest.
const PACE: f64 = 16.0;

/// What is left of the camera's motion with the bass.
const BASS: f32 = 0.15;

/// Controls as they are where the stage is so far at rest, 0 to 1.
pub(super) fn resting(controls: &Controls, rest: f32) -> Controls {
    let less = |value: f32, left: f32| value * (1.0 - rest * (1.0 - left));
    Controls {
        flash: less(controls.flash, 0.0),
        onset_push: less(controls.onset_push, 0.0),
        beat_strength: less(controls.beat_strength, 0.0),
        bass_motion: less(controls.bass_motion, BASS),
        fill: less(controls.fill, 0.0),
        drop: less(controls.drop, 0.0),
        ..*controls
    }
}

/// Where a walk is, so far at rest, that has so many bars from one keyframe to the next: `at` says where it is at any pace.
pub(super) fn slowed(pace: f64, rest: f32, at: impl Fn(f64) -> Direction) -> Direction {
    let walk = at(pace);
    match rest > 0.0 {
        true => slerp(&walk, &at(PACE.max(pace)), rest),
        false => walk,
    }
}
