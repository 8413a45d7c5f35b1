//! What is on stage at this moment.
//!
//! A [`Show`] hears audio frames, feels emotions and answers with a [`Scene`] for any song time.
//! It has no thread, no GPU and no clock of its own.

use crate::emotion::Emotion;
use crate::gan::{LATENT_DIM, Latent};
use crate::motion::{
    Camera, Drive, Grade, LatentPath, Moment, camera_at, grade_of, slerp, warp_at,
};
use crate::signal::{AudioFrame, SongTime};
use envelope::{Envelope, follow};
use mood::MoodFollower;

mod envelope;
mod mood;
mod scene;
mod timeline;

pub use crate::control::{Controls, EmotionSource, Steering};
pub use scene::{PROJECTOR, Scene};
pub use timeline::{Cue, Timeline};

/// Half-life of trails at full strength in calm music, and how much of it excitement takes away;
/// seconds.
const LONGEST_TRAIL: f32 = 0.45;
const TRAIL_CUT: f32 = 0.25;

impl Controls {
    /// The longest half-life that trails can have with these controls, seconds. Together with the
    /// frame rate it says how many frames must warm up the trails.
    pub fn longest_trail(&self) -> f32 {
        self.clamped().trails * LONGEST_TRAIL
    }
}

const WALK_STREAM: u64 = 0;
const DANCE_STREAM: u64 = 1;
const PUSH_STREAM: u64 = 2;

/// Seconds until a push by an onset, or by bass, has halved.
const ONSET_HALF_LIFE: f64 = 0.16;
const BASS_HALF_LIFE: f64 = 0.12;

/// Seconds in which the picture's loudness follows the music's (time constant).
const LOUDNESS_SECONDS: f64 = 0.8;

/// Added light at full brightness, in full scales: beyond it the shadows turn to fog.
const BRIGHTNESS: f32 = 0.3;

/// Loudness, in LUFS, that counts as silence and as full.
const QUIET_LUFS: f32 = -40.0;
const LOUD_LUFS: f32 = -10.0;

/// Truncation in silence, as a share of the performer's: quiet music keeps near the mean picture.
const QUIET_TRUNCATION: f32 = 0.6;

/// Share of the way to the dancing path at full excitement, and to the push's direction at a full
/// push.
const DANCE_SHARE: f32 = 0.30;
const PUSH_SHARE: f32 = 0.35;

/// Keyframes a bar of the dancing path.
const DANCE_PER_BAR: f64 = 2.0;

/// Bars from one direction of a push to the next.
const BARS_PER_PUSH: f64 = 1.0;

/// Added light on a full onset at full excitement.
const FLASH: f32 = 0.16;

/// Share of a flash that the calmest music keeps, so that whoever hears an onset sees one: with the
/// knobs at rest a full one then lights middle grey by three of 255 levels, some five per cent more
/// light, which an eye sees where a whole picture does it.
const CALM_FLASH: f32 = 0.4;

/// Hears, feels, and says what is to be seen.
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
    mood: MoodFollower,
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
            mood: MoodFollower::new(),
            heard: 0.0,
        }
    }

    /// Goes on with another seed: what was heard and felt stays.
    pub fn set_seed(&mut self, seed: u64) {
        if seed != self.seed {
            self.seed = seed;
            self.walk = LatentPath::new(seed, WALK_STREAM);
            self.dance = LatentPath::new(seed, DANCE_STREAM);
            self.push = LatentPath::new(seed, PUSH_STREAM);
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
        let loudness = (frame.loudness - QUIET_LUFS) / (LOUD_LUFS - QUIET_LUFS);
        self.loudness += follow(dt, LOUDNESS_SECONDS) * (loudness.clamp(0.0, 1.0) - self.loudness);
        self.mood.advance(dt);
    }

    /// Takes in what the music feels like from here on.
    pub fn feel(&mut self, emotion: Emotion) {
        self.mood.feel(emotion);
    }

    /// Takes in how the performer steers from here on. Before anything was heard there is nothing
    /// to glide from, so the performer's point is taken at once.
    pub fn steer(&mut self, steering: &Steering) {
        self.mood.steer(steering);
        if self.heard == 0.0 {
            self.mood.arrive();
        }
    }

    /// The smoothed emotion of the music alone, spread over the whole circumplex.
    pub fn heard_mood(&self) -> Emotion {
        self.mood.heard()
    }

    /// The emotion that the picture shows: the music's, the performer's, or a mixture.
    pub fn mood(&self) -> Emotion {
        self.mood.shown()
    }

    /// What is to be seen at `at`.
    pub fn scene(&self, at: SongTime, controls: &Controls) -> Scene {
        let controls = controls.clamped();
        let mood = self.mood();
        let onset = self.onset.at(at.seconds, ONSET_HALF_LIFE);
        let drive = Drive {
            bass: self.bass.at(at.seconds, BASS_HALF_LIFE),
            onset,
            loudness: self.loudness,
            excitement: (0.5 + 0.5 * controls.mood_strength * mood.arousal) * self.loudness.sqrt(),
        };
        let lights = CALM_FLASH * self.loudness.sqrt() + (1.0 - CALM_FLASH) * drive.excitement;
        let strength = controls.mood_strength;
        let moment = Moment::of(at, controls.loop_bars);
        let camera = camera_at(self.seed, moment, drive, controls.bass_motion);
        let grade = grade_of(&mood, strength, controls.palette);
        Scene {
            latent: Latent {
                z: self.latent(moment, drive, &controls),
                mood: [strength * mood.valence, strength * mood.arousal],
                truncation: controls.truncation
                    * (QUIET_TRUNCATION + (1.0 - QUIET_TRUNCATION) * drive.loudness),
            },
            camera: Camera {
                zoom: camera.zoom * controls.zoom,
                rotation: camera.rotation + controls.rotation.to_radians(),
                symmetry: controls.symmetry,
                ..camera
            },
            warp: warp_at(moment, drive),
            grade: Grade {
                brightness: grade.brightness + BRIGHTNESS * controls.brightness,
                ..grade.coloured(controls.saturation)
            },
            // Calm music smears, wild music cuts.
            trails: controls.trails * (LONGEST_TRAIL - TRAIL_CUT * drive.excitement),
            brush: controls.brush,
            flash: FLASH * controls.onset_push * onset * lights * controls.flash,
            controls,
            tick: (moment.seconds() * PROJECTOR) as u32,
        }
    }

    /// A slow walk, gathered on the beat; excitement mixes in a faster one, and onsets push aside.
    fn latent(&self, at: Moment, drive: Drive, controls: &Controls) -> [f32; LATENT_DIM] {
        let bars = at.gathered_bars(controls.beat_strength.into());
        let pace = f64::from(controls.bars_per_keyframe);
        let walk = self.walk.among(controls.places);
        let walk = walk.after(bars, pace, at.round());
        let dance = self.dance.after(bars, DANCE_PER_BAR.recip(), at.round());
        let push = self.push.after(at.bars(), BARS_PER_PUSH, at.round());
        let danced = slerp(&walk, &dance, DANCE_SHARE * drive.excitement);
        slerp(
            &danced,
            &push,
            PUSH_SHARE * controls.onset_push * drive.onset,
        )
    }
}

#[cfg(test)]
mod tests;
