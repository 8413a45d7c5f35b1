//! The mood that a picture shows: what the music feels like, what the performer says, or a mixture,
//! each followed smoothly.

use super::envelope::follow;
use super::lane::MoodLane;
use super::sentiment::Felt;
use crate::control::{EmotionSource, Steering};
use crate::emotion::{Emotion, USUAL_MOOD, among_music, trusted};

/// Seconds in which the picture follows the performer's hand (time constant): nine tenths of the
/// way in a tenth of a second, which feels immediate and does not jump.
const HAND_SECONDS: f64 = 0.04;

/// Seconds in which a stage is brought to rest, and let go again.
const PANIC_SECONDS: f64 = 0.5;

/// Where it rests: at ease.
const REST: [f32; 2] = [0.3, -0.85];

/// How near the performer's point counts as there.
const HAND_REST: f32 = 1e-4;

/// Share of the manual emotion, 0 to 1.
fn manual_share(steering: &Steering) -> f32 {
    match steering.source {
        EmotionSource::Heard => 0.0,
        EmotionSource::Manual => 1.0,
        EmotionSource::Blend => steering.blend,
    }
}

/// `from` a share of the way to `target`, and all of it when that is near.
fn approach(from: f32, target: f32, share: f32) -> f32 {
    let next = from + share * (target - from);
    if (target - next).abs() < HAND_REST {
        target
    } else {
        next
    }
}

/// What is said of a song's mood beside what is heard, at one moment.
pub(super) struct Said<'a> {
    /// What the words feel like, and so large a share of the mood.
    pub words: Option<(Felt, f32)>,
    /// What was drawn.
    pub lane: &'a MoodLane,
    /// Seconds of the song.
    pub song: f64,
}

impl Said<'_> {
    /// A mood that is heard, as it is read and drawn.
    fn of(&self, heard: [f32; 2]) -> [f32; 2] {
        let read = self
            .words
            .map_or(heard, |(felt, share)| felt.draw(heard, share));
        self.lane.redrawn(read, self.song)
    }
}

/// Follows the music's emotion and the performer's point.
#[derive(Clone, Debug)]
pub(super) struct MoodFollower {
    /// What was felt last, and what is heard of it: its confidence and its smoothed point on the
    /// circumplex.
    felt: Emotion,
    confidence: f32,
    heard: [f32; 2],
    steering: Steering,
    /// The performer's point and share, as far as the picture has followed.
    manual: [f32; 2],
    manual_share: f32,
    /// How far the stage is at rest, 0 to 1.
    rest: f32,
}

impl MoodFollower {
    /// Before anything is heard.
    pub(super) fn new() -> Self {
        Self {
            felt: Emotion::neutral(),
            confidence: 0.0,
            heard: USUAL_MOOD,
            steering: Steering::default(),
            manual: [0.0; 2],
            manual_share: 0.0,
            rest: 0.0,
        }
    }

    /// Takes in what the music feels like from here on.
    pub(super) fn feel(&mut self, emotion: Emotion) {
        self.felt = emotion;
    }

    /// Takes in how the performer steers from here on.
    pub(super) fn steer(&mut self, steering: &Steering) {
        self.steering = steering.clamped();
    }

    /// Is at once where the performer steers to.
    pub(super) fn arrive(&mut self) {
        self.manual = self.steering.manual;
        self.manual_share = manual_share(&self.steering);
        self.rest = self.steering.panic.into();
    }

    /// How far the stage is at rest, whatever is played: 0 to 1, from one to the other in half a second.
    pub(super) fn rest(&self) -> f32 {
        // It sets off and arrives without a jerk.
        self.rest * self.rest * (3.0 - 2.0 * self.rest)
    }

    /// Follows for `dt` seconds.
    pub(super) fn advance(&mut self, dt: f64) {
        let hand = follow(dt, HAND_SECONDS);
        for (manual, target) in self.manual.iter_mut().zip(self.steering.manual) {
            *manual = approach(*manual, target, hand);
        }
        let share = manual_share(&self.steering);
        self.manual_share = approach(self.manual_share, share, hand);
        let step = (dt / PANIC_SECONDS) as f32;
        let rest = f32::from(self.steering.panic);
        self.rest += (rest - self.rest).clamp(-step, step);
        if self.steering.hold {
            return;
        }
        self.confidence = self.felt.confidence;
        let step = follow(dt, (f64::from(self.steering.smoothing) * 1e3).round() / 1e3);
        for (heard, felt) in self.heard.iter_mut().zip(trusted(&self.felt)) {
            *heard += step * (felt - *heard);
        }
    }

    /// The smoothed emotion of the music alone, on the scale of usual music.
    pub(super) fn heard(&self) -> Emotion {
        let [valence, arousal] = among_music(self.heard);
        Emotion::at(valence, arousal, self.confidence)
    }

    /// The emotion that the picture shows: the music's, or what else is `said` of it, the performer's, or a mixture.
    pub(super) fn shown(&self, said: Option<Said>) -> Emotion {
        let manual = self.manual_share;
        let mix = |heard: f32, own: f32| (1.0 - manual) * heard + manual * own;
        let heard = among_music(self.heard);
        let heard = said.as_ref().map_or(heard, |said| said.of(heard));
        let played = [0, 1].map(|i| mix(heard[i], self.manual[i]));
        let played = said.map_or(played, |said| said.lane.bounded(played, said.song));
        let rest = self.rest();
        let [valence, arousal] = [0, 1].map(|i| played[i] + rest * (REST[i] - played[i]));
        // A performer is certain.
        Emotion::at(valence, arousal, mix(self.confidence, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One that has followed `seconds` of music in one mood.
    fn follower(seconds: f64, emotion: Emotion) -> MoodFollower {
        let mut mood = MoodFollower::new();
        mood.feel(emotion);
        go_on(&mut mood, seconds);
        mood
    }

    fn go_on(mood: &mut MoodFollower, seconds: f64) {
        for _ in 0..(seconds * 80.0) as usize {
            mood.advance(1.0 / 80.0);
        }
    }

    fn manual(valence: f32, arousal: f32) -> Steering {
        Steering {
            source: EmotionSource::Manual,
            manual: [valence, arousal],
            ..Steering::default()
        }
    }

    #[test]
    fn manual_shows_the_performers_point_soon_and_then_exactly() {
        let mut mood = follower(4.0, Emotion::at(0.6, 0.6, 1.0));
        let heard = mood.heard();
        mood.steer(&manual(-0.7, -0.35));
        let first = mood.shown(None);
        assert_eq!(first, heard, "nothing jumps");
        go_on(&mut mood, 0.1);
        assert!((mood.shown(None).valence + 0.7).abs() < 0.2);
        go_on(&mut mood, 1.0);
        assert_eq!(mood.shown(None), Emotion::at(-0.7, -0.35, 1.0));
        assert!((mood.heard().valence - heard.valence).abs() < 0.05);
        mood.steer(&Steering::default());
        go_on(&mut mood, 1.0);
        assert_eq!(mood.shown(None), mood.heard());
    }

    #[test]
    fn half_a_blend_is_halfway() {
        let mut mood = follower(4.0, Emotion::at(0.6, 0.6, 1.0));
        mood.steer(&Steering {
            source: EmotionSource::Blend,
            blend: 0.5,
            ..manual(-0.8, -0.2)
        });
        go_on(&mut mood, 1.0);
        let (heard, shown) = (mood.heard(), mood.shown(None));
        assert!((shown.valence - 0.5 * (heard.valence - 0.8)).abs() < 1e-6);
        assert!((shown.arousal - 0.5 * (heard.arousal - 0.2)).abs() < 1e-6);
    }

    #[test]
    fn hold_keeps_the_heard_mood_through_a_change_of_music() {
        let mut mood = follower(4.0, Emotion::at(0.6, 0.6, 1.0));
        let heard = mood.heard();
        let held = Steering {
            hold: true,
            ..Steering::default()
        };
        mood.steer(&held);
        mood.feel(Emotion::at(-0.6, -0.4, 0.4));
        go_on(&mut mood, 4.0);
        assert_eq!(mood.heard(), heard);
        assert_eq!(mood.shown(None), heard);
        mood.steer(&Steering::default());
        go_on(&mut mood, 8.0);
        assert!(mood.heard().valence < -0.9);
    }

    #[test]
    fn a_longer_smoothing_follows_later() {
        let valence = |smoothing| {
            let mut mood = follower(4.0, Emotion::at(0.6, 0.6, 1.0));
            mood.steer(&Steering {
                smoothing,
                ..Steering::default()
            });
            mood.feel(Emotion::at(-0.6, -0.4, 1.0));
            go_on(&mut mood, 1.0);
            mood.heard().valence
        };
        assert!(valence(0.1) < -0.9);
        assert!(valence(10.0) > 0.9);
    }
}
