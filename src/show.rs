//! What is on stage at this moment.
//!
//! A [`Show`] hears audio frames, feels emotions and answers with a [`Scene`] for any song time.
//! It has no thread, no GPU and no clock of its own.

use crate::emotion::Emotion;
use crate::gan::{LATENT_DIM, Latent};
use crate::motion::{
    Camera, Drive, Grade, LatentPath, Warp, camera_at, gather_on_beat, grade_of, slerp, warp_at,
};
use crate::signal::{AudioFrame, SongTime};

mod stage;

pub use crate::control::{Controls, EmotionSource, Steering};
pub use stage::{Cue, Stage};

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

/// Share of the manual emotion, 0 to 1.
fn manual_share(steering: &Steering) -> f32 {
    match steering.source {
        EmotionSource::Heard => 0.0,
        EmotionSource::Manual => 1.0,
        EmotionSource::Blend => steering.blend,
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
    /// Where the performer's knobs are, for effects that take theirs as it stands.
    pub controls: Controls,
    /// Pictures that a film projector would have shown of the song, [`PROJECTOR`] a second.
    pub tick: u32,
}

/// Pictures a second of a film projector.
pub const PROJECTOR: f64 = 24.0;

const WALK_STREAM: u64 = 0;
const DANCE_STREAM: u64 = 1;
const PUSH_STREAM: u64 = 2;

/// Seconds until a push by an onset, or by bass, has halved.
const ONSET_HALF_LIFE: f64 = 0.16;
const BASS_HALF_LIFE: f64 = 0.12;

/// Seconds in which the picture's loudness follows the music's (time constant).
const LOUDNESS_SECONDS: f64 = 0.8;

/// Seconds in which the picture follows the performer's hand (time constant): nine tenths of the
/// way in a tenth of a second, which feels immediate and does not jump.
const HAND_SECONDS: f64 = 0.04;

/// How near the performer's point counts as there.
const HAND_REST: f32 = 1e-4;

/// Added light at full brightness, in full scales: beyond it the shadows turn to fog.
const BRIGHTNESS: f32 = 0.3;

/// Loudness, in LUFS, that counts as silence and as full.
const QUIET_LUFS: f32 = -40.0;
const LOUD_LUFS: f32 = -10.0;

/// Confidence from which on the picture takes the whole of what was felt: below that of nearly all
/// rated music, and above silence, noise and a window that is still filling.
const TRUSTED_CONFIDENCE: f32 = 0.25;

/// Middle and spread of usual music, for valence and arousal: people keep near the middle of the
/// scale, and most music pleases. A painter's mood is a percentile, so what is usual for music
/// becomes usual for pictures. Both are those of the network's judgements of unheard tracks
/// (`training/emotion/logs/predictions.csv`: means 0.20 and 0.01, deviations 0.10 and 0.20).
const USUAL_MOOD: [f32; 2] = [0.20, 0.01];
const MOOD_SPREAD: [f32; 2] = [0.10, 0.20];

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

/// Share of a flash that the calmest music keeps, so that whoever hears an onset sees one: with the
/// knobs at rest a full one then lights middle grey by three of 255 levels, some five per cent more
/// light, which an eye sees where a whole picture does it.
const CALM_FLASH: f32 = 0.4;

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

/// `from` a share of the way to `target`, and all of it when that is near.
fn approach(from: f32, target: f32, share: f32) -> f32 {
    let next = from + share * (target - from);
    if (target - next).abs() < HAND_REST {
        target
    } else {
        next
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
    /// What was felt last, and what is heard of it: its confidence and its smoothed point on the
    /// circumplex.
    felt: Emotion,
    confidence: f32,
    mood: [f32; 2],
    steering: Steering,
    /// The performer's point and share, as far as the picture has followed.
    manual: [f32; 2],
    manual_share: f32,
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
            confidence: 0.0,
            mood: USUAL_MOOD,
            steering: Steering::default(),
            manual: [0.0; 2],
            manual_share: 0.0,
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
        let follow = |seconds: f64| 1.0 - (-dt / seconds).exp() as f32;
        let loudness = (frame.loudness - QUIET_LUFS) / (LOUD_LUFS - QUIET_LUFS);
        self.loudness += follow(LOUDNESS_SECONDS) * (loudness.clamp(0.0, 1.0) - self.loudness);
        let hand = follow(HAND_SECONDS);
        for (manual, target) in self.manual.iter_mut().zip(self.steering.manual) {
            *manual = approach(*manual, target, hand);
        }
        let share = manual_share(&self.steering);
        self.manual_share = approach(self.manual_share, share, hand);
        if self.steering.hold {
            return;
        }
        self.confidence = self.felt.confidence;
        // What was felt with no certainty at all leaves the mood where music usually is.
        let share = (self.felt.confidence / TRUSTED_CONFIDENCE).min(1.0);
        let felt = [self.felt.valence, self.felt.arousal];
        let step = follow((f64::from(self.steering.smoothing) * 1e3).round() / 1e3);
        for ((mood, felt), usual) in self.mood.iter_mut().zip(felt).zip(USUAL_MOOD) {
            *mood += step * (usual + share * (felt - usual) - *mood);
        }
    }

    /// Takes in what the music feels like from here on.
    pub fn feel(&mut self, emotion: Emotion) {
        self.felt = emotion;
    }

    /// Takes in how the performer steers from here on. Before anything was heard there is nothing
    /// to glide from, so the performer's point is taken at once.
    pub fn steer(&mut self, steering: &Steering) {
        self.steering = steering.clamped();
        if self.heard == 0.0 {
            self.manual = self.steering.manual;
            self.manual_share = manual_share(&self.steering);
        }
    }

    /// The smoothed emotion of the music alone, spread over the whole circumplex.
    pub fn heard_mood(&self) -> Emotion {
        let [valence, arousal] = self.heard_point();
        Emotion::at(valence, arousal, self.confidence)
    }

    fn heard_point(&self) -> [f32; 2] {
        [0, 1].map(|i| ((self.mood[i] - USUAL_MOOD[i]) / MOOD_SPREAD[i]).tanh())
    }

    /// The emotion that the picture shows: the music's, the performer's, or a mixture.
    pub fn mood(&self) -> Emotion {
        let manual = self.manual_share;
        let mix = |heard: f32, own: f32| (1.0 - manual) * heard + manual * own;
        let heard = self.heard_point();
        let [valence, arousal] = [0, 1].map(|i| mix(heard[i], self.manual[i]));
        // A performer is certain.
        Emotion::at(valence, arousal, mix(self.confidence, 1.0))
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
        let camera = camera_at(self.seed, at, drive, controls.bass_motion);
        let grade = grade_of(&mood, strength, controls.palette);
        Scene {
            latent: Latent {
                z: self.latent(at, drive, &controls),
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
            warp: warp_at(at, drive),
            grade: Grade {
                brightness: grade.brightness + BRIGHTNESS * controls.brightness,
                ..grade.coloured(controls.saturation)
            },
            // Calm music smears, wild music cuts.
            trails: controls.trails * (LONGEST_TRAIL - TRAIL_CUT * drive.excitement),
            brush: controls.brush,
            flash: FLASH * controls.onset_push * onset * lights * controls.flash,
            controls,
            tick: (at.seconds * PROJECTOR) as u32,
        }
    }

    /// A slow walk, gathered on the beat; excitement mixes in a faster one, and onsets push aside.
    fn latent(&self, at: SongTime, drive: Drive, controls: &Controls) -> [f32; LATENT_DIM] {
        let gathered = gather_on_beat(at.beats, controls.beat_strength.into());
        let bars = gathered / at.beats_per_bar.max(1.0);
        let walk = self.walk.at(bars / f64::from(controls.bars_per_keyframe));
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
    use crate::motion::Palette;

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
    fn an_onset_flashes_in_calm_music_too_and_in_wild_music_more() {
        let controls = Controls::default();
        let flash = |arousal, loudness| {
            let mut show = show(8.0, Emotion::at(0.0, arousal, 1.0));
            let after = |i: usize| 8.0 + i as f64 / 80.0;
            for i in 0..800 {
                show.hear(&AudioFrame {
                    loudness,
                    ..frame(after(i))
                });
            }
            let onset = AudioFrame {
                onset: 1.0,
                loudness,
                ..frame(after(800))
            };
            show.hear(&onset);
            show.scene(time(after(800)), &controls).flash
        };
        let [calm, wild] = [-1.0, 1.0].map(|arousal| flash(arousal, -14.0));
        // Three of 255 levels of middle grey, as the picture's grading has it.
        let middle = 0.5 * 0.55 + 0.10;
        assert!(calm * middle * 255.0 > 2.5, "{calm}");
        assert!(wild > 2.0 * calm, "{wild} and {calm}");
        assert!(flash(-1.0, -30.0) < 0.7 * calm);
        assert!(flash(1.0, -200.0) < 1e-3);
    }

    #[test]
    fn no_flash_is_seen_where_none_is_wanted_and_nothing_else_changes() {
        let mut show = show(4.0, Emotion::at(0.0, 0.8, 1.0));
        show.hear(&AudioFrame {
            onset: 1.0,
            ..frame(4.0)
        });
        let scene = |flash| {
            let controls = Controls {
                flash,
                ..Controls::default()
            };
            show.scene(time(4.0), &controls)
        };
        let (none, half, all) = (scene(0.0), scene(0.5), scene(1.0));
        assert_eq!(none.flash, 0.0);
        assert!(all.flash > 0.0 && (half.flash - 0.5 * all.flash).abs() < 1e-6);
        let (flash, controls) = (all.flash, all.controls);
        let lit = Scene {
            flash,
            controls,
            ..none
        };
        assert_eq!(lit, all);
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

    fn manual(valence: f32, arousal: f32) -> Steering {
        Steering {
            source: EmotionSource::Manual,
            manual: [valence, arousal],
            ..Steering::default()
        }
    }

    fn hear(show: &mut Show, from: f64, seconds: f64) {
        for i in 1..=(seconds * 80.0) as usize {
            show.hear(&frame(from + i as f64 / 80.0));
        }
    }

    #[test]
    fn steering_by_default_changes_nothing() {
        let mut steered = Show::new(1, RATE);
        let mut alone = Show::new(1, RATE);
        for i in 0..400 {
            let emotion = Emotion::at((i as f32 * 0.1).sin(), (i as f32 * 0.07).cos(), 0.6);
            let frame = frame(f64::from(i) / 80.0);
            steered.steer(&Controls::default().steering);
            for show in [&mut steered, &mut alone] {
                show.feel(emotion);
                show.hear(&frame);
            }
            assert_eq!(steered.mood(), alone.mood());
            assert_eq!(steered.mood(), steered.heard_mood());
        }
        let controls = Controls::default();
        let scene = steered.scene(time(5.0), &controls);
        assert_eq!(scene, alone.scene(time(5.0), &controls));
    }

    #[test]
    fn knobs_at_rest_leave_camera_and_grade_as_they_come() {
        let show = show(4.0, Emotion::at(0.3, 0.4, 1.0));
        let controls = Controls::default();
        let scene = show.scene(time(3.3), &controls);
        let grade = grade_of(&show.mood(), 1.0, Palette::Mood);
        assert_eq!(scene.grade, grade);
        assert_eq!(scene.camera.symmetry, 1);
        let turned = Controls {
            zoom: 2.0,
            rotation: 90.0,
            symmetry: 6,
            ..controls
        };
        let turned = show.scene(time(3.3), &turned).camera;
        assert_eq!(turned.zoom, 2.0 * scene.camera.zoom);
        let quarter = turned.rotation - scene.camera.rotation;
        assert!((quarter - std::f32::consts::FRAC_PI_2).abs() < 1e-6);
        assert_eq!((turned.symmetry, turned.shift), (6, scene.camera.shift));
    }

    #[test]
    fn manual_shows_the_performers_point_soon_and_then_exactly() {
        let mut show = show(4.0, Emotion::at(0.6, 0.6, 1.0));
        let heard = show.heard_mood();
        show.steer(&manual(-0.7, -0.35));
        let first = show.mood();
        assert_eq!(first, heard, "nothing jumps");
        hear(&mut show, 4.0, 0.1);
        assert!((show.mood().valence + 0.7).abs() < 0.2);
        hear(&mut show, 4.1, 1.0);
        assert_eq!(show.mood(), Emotion::at(-0.7, -0.35, 1.0));
        assert!((show.heard_mood().valence - heard.valence).abs() < 0.05);
        show.steer(&Steering::default());
        hear(&mut show, 5.1, 1.0);
        assert_eq!(show.mood(), show.heard_mood());
    }

    #[test]
    fn a_point_set_before_the_song_begins_is_shown_from_its_first_moment() {
        let mut show = Show::new(1, RATE);
        show.steer(&manual(0.2, 0.9));
        assert_eq!(show.mood(), Emotion::at(0.2, 0.9, 1.0));
        show.hear(&frame(0.0));
        assert_eq!(show.mood(), Emotion::at(0.2, 0.9, 1.0));
    }

    #[test]
    fn half_a_blend_is_halfway() {
        let mut show = show(4.0, Emotion::at(0.6, 0.6, 1.0));
        show.steer(&Steering {
            source: EmotionSource::Blend,
            blend: 0.5,
            ..manual(-0.8, -0.2)
        });
        hear(&mut show, 4.0, 1.0);
        let (heard, mood) = (show.heard_mood(), show.mood());
        assert!((mood.valence - 0.5 * (heard.valence - 0.8)).abs() < 1e-6);
        assert!((mood.arousal - 0.5 * (heard.arousal - 0.2)).abs() < 1e-6);
    }

    #[test]
    fn hold_keeps_the_heard_mood_through_a_change_of_music() {
        let mut show = show(4.0, Emotion::at(0.6, 0.6, 1.0));
        let heard = show.heard_mood();
        let held = Steering {
            hold: true,
            ..Steering::default()
        };
        show.steer(&held);
        show.feel(Emotion::at(-0.6, -0.4, 0.4));
        hear(&mut show, 4.0, 4.0);
        assert_eq!(show.heard_mood(), heard);
        assert_eq!(show.mood(), heard);
        show.steer(&Steering::default());
        hear(&mut show, 8.0, 8.0);
        assert!(show.heard_mood().valence < -0.9);
    }

    #[test]
    fn a_longer_smoothing_follows_later() {
        let valence = |smoothing| {
            let mut show = show(4.0, Emotion::at(0.6, 0.6, 1.0));
            show.steer(&Steering {
                smoothing,
                ..Steering::default()
            });
            show.feel(Emotion::at(-0.6, -0.4, 1.0));
            hear(&mut show, 4.0, 1.0);
            show.heard_mood().valence
        };
        assert!(valence(0.1) < -0.9);
        assert!(valence(10.0) > 0.9);
    }

    #[test]
    fn broken_controls_give_a_whole_scene() {
        for broken in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30] {
            let controls = Controls {
                steering: Steering {
                    source: EmotionSource::Blend,
                    blend: broken,
                    manual: [broken; 2],
                    hold: false,
                    smoothing: broken,
                },
                bars_per_keyframe: broken,
                beat_strength: broken,
                onset_push: broken,
                bass_motion: broken,
                grain: broken,
                truncation: broken,
                mood_strength: broken,
                trails: broken,
                brush: broken,
                palette: Palette::Neon,
                saturation: broken,
                brightness: broken,
                zoom: broken,
                rotation: broken,
                symmetry: 200,
                flash: broken,
            };
            let mut show = show(1.0, Emotion::at(0.6, 0.6, 1.0));
            show.steer(&controls.steering);
            hear(&mut show, 1.0, 1.0);
            let mood = show.mood();
            assert!(mood.valence.abs() <= 1.0 && mood.arousal.abs() <= 1.0);
            assert!(mood.classes.iter().all(|weight| weight.is_finite()));
            let scene = show.scene(time(2.0), &controls);
            let grade = scene.grade;
            let numbers = [
                scene.camera.zoom,
                scene.camera.rotation,
                scene.camera.shift[0],
                scene.warp.amount,
                grade.tint,
                grade.saturation,
                grade.brightness,
                scene.latent.truncation,
                scene.latent.mood[0],
                scene.trails,
                scene.brush,
                scene.flash,
                controls.longest_trail(),
            ];
            let numbers = numbers.iter().chain(grade.palette.as_flattened());
            assert!(numbers.chain(&scene.latent.z).all(|x| x.is_finite()));
            assert_eq!(scene.camera.symmetry, 12);
            let clamped = controls.clamped();
            assert_eq!(clamped, clamped.clamped());
        }
        assert_eq!(Controls::default().clamped(), Controls::default());
    }
}
