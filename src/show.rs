//! What is on stage at this moment.
//!
//! A [`Show`] hears audio frames, feels emotions and answers with a [`Scene`] for any song time.
//! It has no thread, no GPU and no clock of its own.

use crate::emotion::Emotion;
use crate::gan::{Latent, Z_DIM};
use crate::motion::{
    Camera, Drive, Grade, LatentPath, Warp, camera_at, gather_on_beat, grade_of, slerp, warp_at,
};
use crate::signal::{AudioFrame, SongTime};

mod stage;

pub use stage::{Cue, Stage};

/// Where the performer's knobs are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controls {
    /// Bars from one keyframe to the next.
    pub bars_per_keyframe: f32,
    /// How strongly movement gathers on the beat: 0 even, 1 all at once.
    pub beat_strength: f32,
    /// How far an onset pushes the picture, 0 to 1.
    pub onset_push: f32,
    /// How strongly bass zooms and shakes, 0 to 1.
    pub bass_motion: f32,
    /// Largest truncation, 0 to 1.
    pub truncation: f32,
    /// How strongly emotion steers mood and palette, 0 to 1.
    pub mood_strength: f32,
    /// Trails, 0 (none) to 1.
    pub trails: f32,
    /// Brush strokes, 0 (none) to 1.
    pub brush: f32,
}

/// Half-life of trails at full strength in calm music, and how much of it excitement takes away;
/// seconds.
const LONGEST_TRAIL: f32 = 0.45;
const TRAIL_CUT: f32 = 0.25;

impl Controls {
    /// The longest half-life that trails can have with these controls, seconds. Together with the
    /// frame rate it says how many frames must warm up the trails.
    pub fn longest_trail(&self) -> f32 {
        self.trails * LONGEST_TRAIL
    }
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            bars_per_keyframe: 2.0,
            beat_strength: 0.6,
            onset_push: 0.5,
            bass_motion: 0.5,
            truncation: 1.0,
            mood_strength: 1.0,
            trails: 0.35,
            brush: 0.6,
        }
    }
}

/// Everything a renderer needs to know of one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    /// What the generator paints.
    pub latent: Latent,
    /// How it is framed.
    pub camera: Camera,
    /// How it is bent.
    pub warp: Warp,
    /// How it is coloured.
    pub grade: Grade,
    /// Trails: seconds until the light that a past picture left has halved; 0 for none.
    pub trails: f32,
    /// Strength of the brush strokes, 0 to 1.
    pub brush: f32,
    /// A moment of added light on a strong beat, 0 to 1.
    pub flash: f32,
}

const WALK_STREAM: u64 = 0;
const DANCE_STREAM: u64 = 1;
const PUSH_STREAM: u64 = 2;

/// Seconds until a push by an onset, or by bass, has halved.
const ONSET_HALF_LIFE: f64 = 0.16;
const BASS_HALF_LIFE: f64 = 0.12;

/// Seconds in which the picture's loudness and mood follow the music's (time constants).
const LOUDNESS_SECONDS: f64 = 0.8;
const MOOD_SECONDS: f64 = 1.2;

/// Loudness, in LUFS, that counts as silence and as full.
const QUIET_LUFS: f32 = -40.0;
const LOUD_LUFS: f32 = -10.0;

/// Confidence from which on the picture takes the whole of what was felt. Chosen so that only
/// silence and a window that is still filling count for less: confidence is not calibrated.
const TRUSTED_CONFIDENCE: f32 = 0.25;

/// Middle and spread of usual music, for valence and arousal: people keep near the middle of the
/// scale, and most music pleases. A painter's mood is a percentile, so what is usual for music
/// becomes usual for pictures. The middle is the mean of the network's judgements of unheard tracks
/// (`training/emotion/logs/predictions.csv`: 0.19 and 0.01). Their deviations are 0.06 and 0.15; the
/// spread was set wider by eye, so that the picture is not thrown from one extreme to the other.
const USUAL_MOOD: [f32; 2] = [0.19, 0.0];
const MOOD_SPREAD: [f32; 2] = [0.08, 0.18];

/// Truncation in silence, as a share of the performer's: quiet music keeps near the mean picture.
const QUIET_TRUNCATION: f32 = 0.6;

/// Share of the way to the dancing path at full excitement, and to the push's direction at a full
/// push.
const DANCE_SHARE: f32 = 0.30;
const PUSH_SHARE: f32 = 0.35;

/// Keyframes a bar of the dancing path.
const DANCE_PER_BAR: f64 = 2.0;

/// Added light on a full onset at full excitement.
const FLASH: f32 = 0.16;

/// A value that jumps up at once and halves with time.
#[derive(Clone, Copy, Debug, Default)]
struct Envelope {
    value: f32,
    since: f64,
}

impl Envelope {
    fn at(&self, seconds: f64, half_life: f64) -> f32 {
        self.value * (-(seconds - self.since).max(0.0) / half_life).exp2() as f32
    }

    fn strike(&mut self, strength: f32, seconds: f64, half_life: f64) {
        let left = self.at(seconds, half_life);
        *self = Self {
            value: left.max(strength),
            since: seconds,
        };
    }
}

/// The stage: hears, feels, and says what is to be seen.
#[derive(Clone, Debug)]
pub struct Show {
    seed: u64,
    sample_rate: f64,
    walk: LatentPath,
    dance: LatentPath,
    push: LatentPath,
    onset: Envelope,
    bass: Envelope,
    /// 0 (silence) to 1 (full), smoothed.
    loudness: f32,
    /// What was felt last, and its smoothed point on the circumplex.
    felt: Emotion,
    mood: [f32; 2],
    /// Seconds of the last frame heard.
    heard: f64,
}

impl Show {
    /// A show of `seed` over audio at `sample_rate` Hz.
    pub fn new(seed: u64, sample_rate: f64) -> Self {
        Self {
            seed,
            sample_rate,
            walk: LatentPath::new(seed, WALK_STREAM),
            dance: LatentPath::new(seed, DANCE_STREAM),
            push: LatentPath::new(seed, PUSH_STREAM),
            onset: Envelope::default(),
            bass: Envelope::default(),
            loudness: 0.0,
            felt: Emotion::neutral(),
            mood: USUAL_MOOD,
            heard: 0.0,
        }
    }

    /// Takes in the next frame; frames come in the order of their positions.
    pub fn hear(&mut self, frame: &AudioFrame) {
        let seconds = frame.position as f64 / self.sample_rate;
        let dt = (seconds - self.heard).max(0.0);
        self.heard = seconds;
        self.onset
            .strike(frame.onset.clamp(0.0, 1.0), seconds, ONSET_HALF_LIFE);
        // Bass moves the picture where it hits harder than it usually does.
        let hit = frame.bass.level * (0.5 * (frame.bass.ratio - 0.8)).clamp(0.0, 1.0);
        self.bass
            .strike(hit.clamp(0.0, 1.0), seconds, BASS_HALF_LIFE);
        let follow = |seconds: f64| 1.0 - (-dt / seconds).exp() as f32;
        let loudness = (frame.loudness - QUIET_LUFS) / (LOUD_LUFS - QUIET_LUFS);
        self.loudness += follow(LOUDNESS_SECONDS) * (loudness.clamp(0.0, 1.0) - self.loudness);
        // What was felt with no certainty at all leaves the mood where music usually is.
        let share = (self.felt.confidence / TRUSTED_CONFIDENCE).min(1.0);
        let felt = [self.felt.valence, self.felt.arousal];
        for ((mood, felt), usual) in self.mood.iter_mut().zip(felt).zip(USUAL_MOOD) {
            *mood += follow(MOOD_SECONDS) * (usual + share * (felt - usual) - *mood);
        }
    }

    /// Takes in what the music feels like from here on.
    pub fn feel(&mut self, emotion: Emotion) {
        self.felt = emotion;
    }

    /// The smoothed emotion that the picture shows, spread over the whole circumplex.
    pub fn mood(&self) -> Emotion {
        let spread = |i: usize| ((self.mood[i] - USUAL_MOOD[i]) / MOOD_SPREAD[i]).tanh();
        Emotion::at(spread(0), spread(1), self.felt.confidence)
    }

    /// What is to be seen at `at`.
    pub fn scene(&self, at: SongTime, controls: &Controls) -> Scene {
        let mood = self.mood();
        let onset = self.onset.at(at.seconds, ONSET_HALF_LIFE);
        let drive = Drive {
            bass: self.bass.at(at.seconds, BASS_HALF_LIFE),
            onset,
            loudness: self.loudness,
            excitement: (0.5 + 0.5 * controls.mood_strength * mood.arousal) * self.loudness.sqrt(),
        };
        let strength = controls.mood_strength.clamp(0.0, 1.0);
        Scene {
            latent: Latent {
                z: self.latent(at, drive, controls),
                mood: [strength * mood.valence, strength * mood.arousal],
                truncation: controls.truncation
                    * (QUIET_TRUNCATION + (1.0 - QUIET_TRUNCATION) * drive.loudness),
            },
            camera: camera_at(self.seed, at, drive, controls.bass_motion),
            warp: warp_at(at, drive),
            grade: grade_of(&mood, strength),
            // Calm music smears, wild music cuts.
            trails: controls.trails * (LONGEST_TRAIL - TRAIL_CUT * drive.excitement),
            brush: controls.brush,
            flash: FLASH * controls.onset_push * onset * drive.excitement,
        }
    }

    /// A slow walk, gathered on the beat; excitement mixes in a faster one, and onsets push aside.
    fn latent(&self, at: SongTime, drive: Drive, controls: &Controls) -> [f32; Z_DIM] {
        let gathered = gather_on_beat(at.beats, controls.beat_strength.into());
        let bars = gathered / at.beats_per_bar.max(1.0);
        let walk = self
            .walk
            .at(bars / f64::from(controls.bars_per_keyframe.max(0.125)));
        let dance = self.dance.at(bars * DANCE_PER_BAR);
        let push = self.push.at(at.bars());
        let danced = slerp(&walk, &dance, DANCE_SHARE * drive.excitement);
        slerp(
            &danced,
            &push,
            PUSH_SHARE * controls.onset_push * drive.onset,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 48_000.0;

    fn time(seconds: f64) -> SongTime {
        SongTime {
            seconds,
            beats: seconds * 2.0,
            beats_per_bar: 4.0,
            tempo: 120.0,
        }
    }

    fn frame(seconds: f64) -> AudioFrame {
        AudioFrame {
            position: (seconds * RATE) as u64,
            loudness: -14.0,
            ..AudioFrame::default()
        }
    }

    /// A show that has heard `seconds` of even music in one mood.
    fn show(seconds: f64, emotion: Emotion) -> Show {
        let mut show = Show::new(1, RATE);
        show.feel(emotion);
        for i in 0..(seconds * 80.0) as usize {
            show.hear(&frame(i as f64 / 80.0));
        }
        show
    }

    fn distance(a: &Scene, b: &Scene) -> f32 {
        a.latent
            .z
            .iter()
            .zip(b.latent.z)
            .map(|(a, b)| (a - b).powi(2))
            .sum::<f32>()
            .sqrt()
    }

    #[test]
    fn scrubbing_back_returns_the_same_scene() {
        let show = show(4.0, Emotion::at(0.3, 0.4, 1.0));
        let controls = Controls::default();
        let first = show.scene(time(3.21), &controls);
        show.scene(time(90.0), &controls);
        assert_eq!(show.scene(time(3.21), &controls), first);
    }

    #[test]
    fn an_onset_pushes_the_picture_and_lets_it_fall_back() {
        let controls = Controls::default();
        let calm = show(4.0, Emotion::neutral());
        let mut pushed = calm.clone();
        pushed.hear(&AudioFrame {
            onset: 1.0,
            ..frame(4.0)
        });
        let push = |seconds| {
            distance(
                &pushed.scene(time(seconds), &controls),
                &calm.scene(time(seconds), &controls),
            )
        };
        assert!(push(4.0) > 0.1);
        assert!(push(5.5) < 0.01);
    }

    #[test]
    fn bass_zooms_in() {
        let controls = Controls::default();
        let mut show = show(4.0, Emotion::at(0.0, 0.5, 1.0));
        let before = show.scene(time(4.0), &controls).camera.zoom;
        let bass = crate::signal::Level {
            level: 0.9,
            ratio: 2.0,
        };
        show.hear(&AudioFrame { bass, ..frame(4.0) });
        assert!(show.scene(time(4.0), &controls).camera.zoom > before + 0.02);
    }

    #[test]
    fn loudness_widens_and_mood_follows_the_emotion() {
        let controls = Controls::default();
        let happy = show(8.0, Emotion::at(0.6, 0.6, 1.0)).scene(time(8.0), &controls);
        let sad = show(8.0, Emotion::at(-0.6, -0.4, 1.0)).scene(time(8.0), &controls);
        assert!(happy.latent.mood[0] > 0.9 && sad.latent.mood[0] < -0.9);
        assert!(happy.grade.saturation > sad.grade.saturation);
        let silence = Show::new(1, RATE).scene(time(8.0), &controls);
        assert!(silence.latent.truncation < happy.latent.truncation);
    }

    #[test]
    fn excitement_moves_the_picture_further_in_the_same_time() {
        let controls = Controls::default();
        let way = |emotion| {
            let show = show(8.0, emotion);
            (0..100)
                .map(|i| {
                    let seconds = 8.0 + f64::from(i) / 30.0;
                    let next = show.scene(time(seconds + 1.0 / 30.0), &controls);
                    distance(&show.scene(time(seconds), &controls), &next)
                })
                .sum::<f32>()
        };
        assert!(way(Emotion::at(0.0, 0.7, 1.0)) > 1.15 * way(Emotion::at(0.0, -0.7, 1.0)));
    }
}
