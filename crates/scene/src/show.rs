//! What is on stage at this moment.
//!
//! A [`Show`] hears audio frames, feels emotions and answers with a [`Scene`] for any song time.
//! It has no thread, no GPU and no clock of its own.

use crate::emotion::Emotion;
use crate::gan::Latent;
use crate::motion::{Camera, Drive, Gather, LatentPath, Moment, camera_at, grade_of, warp_at};
use crate::signal::{AudioFrame, FormPoint, SongTime};
use board::graded;
use density::Density;
use envelope::{Strikes, follow};
use home::Home;
use mood::{MoodFollower, Said};
use shape::{FormFollower, Weights};
use std::sync::Arc;

mod board;
mod course;
mod density;
mod envelope;
mod home;
mod lane;
mod libretto;
mod mood;
mod place;
mod rest;
mod scene;
mod scenery;
mod sentiment;
mod shape;
mod timeline;
mod walking;

pub use crate::control::{Controls, EmotionSource, Lettering, Steering};
pub use board::{Board, OnBoard};
pub use lane::{Axis, LaneError, Limit, MoodLane, Stretch};
pub use libretto::{Libretto, Sung};
pub use place::Place;
pub use scene::{PROJECTOR, Scene};
pub use scenery::Sight;
pub use sentiment::Felt;
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
const ONSET_HALF_LIFE: f64 = 0.12;
const BASS_HALF_LIFE: f64 = 0.12;

/// Seconds in which the picture's loudness follows the music's (time constant).
const LOUDNESS_SECONDS: f64 = 0.8;

/// Loudness, in LUFS, that counts as silence and as full.
const QUIET_LUFS: f32 = -40.0;
const LOUD_LUFS: f32 = -10.0;

/// Truncation in silence, as a share of the performer's: quiet music keeps near the mean picture.
const QUIET_TRUNCATION: f32 = 0.6;

/// Ways of other beats that the first of a bar has more, at most.
const DOWNBEAT: f64 = 4.0;

/// What strikes on a bar's other beats lose where its first moves the picture most.
const OTHER_BEATS: f32 = 0.4;

/// Certainty from which on movement begins to gather on a beat that is heard, and from which on it does all it can;
/// and seconds in which it follows that (time constant). What nobody hears as a beat is not to be seen as one.
const CERTAIN: [f32; 2] = [0.28, 0.42];
const CERTAIN_SECONDS: f64 = 0.4;

/// Share of the walk that stands still where the music holds its breath.
const HOLD: f64 = 0.9;

/// Added light on a full onset at full excitement.
const FLASH: f32 = 0.16;

/// Share of a flash that the calmest music keeps, so that whoever hears an onset sees one: with the
/// knobs at rest a full one then lights middle grey by three of 255 levels, some five per cent more
/// light, which an eye sees where a whole picture does it.
const CALM_FLASH: f32 = 0.4;

/// Share of loudness in what moves words; the rest is onsets'.
const WORDS_LOUDNESS: f32 = 0.6;

/// Hears, feels, and says what is to be seen.
#[derive(Clone, Debug)]
pub struct Show {
    seed: u64,
    sample_rate: f64,
    walk: LatentPath,
    dance: LatentPath,
    push: LatentPath,
    onset: Strikes,
    bass: Strikes,
    /// 0 (silence) to 1 (full), smoothed.
    loudness: f32,
    mood: MoodFollower,
    density: Density,
    /// Seconds of the last frame heard.
    heard: f64,
    form: FormFollower,
    home: Home,
    /// Whether a host's song leads.
    led: bool,
    /// How certain there is a beat to move on, 0 to 1.
    certain: f32,
    /// Seconds of the last hop that was followed.
    followed: f64,
    /// What is sung.
    libretto: Arc<Libretto>,
    /// Pictures among which it walks.
    board: Arc<Board>,
    /// The mood as it is drawn.
    lane: Arc<MoodLane>,
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
            onset: Strikes::new(ONSET_HALF_LIFE),
            bass: Strikes::new(BASS_HALF_LIFE),
            loudness: 0.0,
            mood: MoodFollower::new(),
            density: Density::default(),
            heard: 0.0,
            form: FormFollower::default(),
            home: Home::default(),
            led: false,
            certain: 0.0,
            followed: 0.0,
            libretto: Arc::default(),
            board: Arc::default(),
            lane: Arc::default(),
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

    /// Takes in what is sung in the song, at the song's own times.
    pub fn sing(&mut self, libretto: Arc<Libretto>) {
        self.libretto = libretto;
    }

    /// Takes in the pictures among which it is to walk.
    pub fn hang(&mut self, board: Arc<Board>) {
        self.board = board;
    }

    /// Takes in the song's mood as it is drawn, at the song's own times.
    pub fn draw(&mut self, lane: Arc<MoodLane>) {
        self.lane = lane;
    }

    /// Takes in the next frame; frames come in the order of their positions.
    pub fn hear(&mut self, frame: &AudioFrame) {
        let seconds = frame.position as f64 / self.sample_rate;
        let dt = (seconds - self.heard).max(0.0);
        self.heard = seconds;
        let (onset, phase) = (frame.onset.clamp(0.0, 1.0), frame.beat.phase());
        self.onset.strike(onset, seconds, phase);
        self.density.hear(onset, dt);
        // Bass moves the picture where it hits harder than it usually does.
        let hit = frame.bass.level * (0.5 * (frame.bass.ratio - 0.8)).clamp(0.0, 1.0);
        self.bass.strike(hit.clamp(0.0, 1.0), seconds, phase);
        let loudness = (frame.loudness - QUIET_LUFS) / (LOUD_LUFS - QUIET_LUFS);
        self.loudness += follow(dt, LOUDNESS_SECONDS) * (loudness.clamp(0.0, 1.0) - self.loudness);
        self.mood.advance(dt);
    }

    /// Takes in where the song is at the next hop, on its beats and in its form.
    pub fn follow(&mut self, at: SongTime, form: &FormPoint, cue: &Cue) {
        let dt = (at.seconds - self.followed).max(0.0);
        self.followed = at.seconds;
        self.form.follow(at.seconds, form);
        let breath = cue.controls.clamped().breath * self.form.breath();
        self.led = cue.transport.is_some();
        if self.led {
            self.home.leave();
            self.certain = 1.0;
        } else {
            self.home.follow(at, form, HOLD * f64::from(breath));
            let [none, all] = CERTAIN;
            let certain = ((cue.frame.beat.confidence - none) / (all - none)).clamp(0.0, 1.0);
            self.certain += follow(dt, CERTAIN_SECONDS) * (certain - self.certain);
        }
        self.home.feel(&self.mood.shown(None), dt);
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

    /// What the words feel like at `at`, where any are understood.
    pub fn felt(&self, at: SongTime) -> Option<Felt> {
        self.libretto.felt(at.song)
    }

    /// The emotion that the picture shows at `at`: the music's and the words', the performer's, or a mixture.
    pub fn mood(&self, at: SongTime, controls: &Controls) -> Emotion {
        self.mood_with(at, controls.clamped().words_mood)
    }

    /// The same with so large a share of the words.
    fn mood_with(&self, at: SongTime, share: f32) -> Emotion {
        let felt = self.felt(at).filter(|_| share > 0.0);
        self.mood.shown(Some(Said {
            words: felt.map(|felt| (felt, share)),
            lane: &self.lane,
            song: at.song,
        }))
    }

    /// What is to be seen at `at`.
    pub fn scene(&self, at: SongTime, controls: &Controls) -> Scene {
        let rest = self.mood.rest();
        let controls = rest::resting(&controls.clamped(), rest);
        // Where words and music go different ways, what is painted goes the music's, and colours the words'.
        let (share, apart) = (controls.words_mood, controls.words_split);
        let [painted, mood] = [share * (1.0 - apart), share + apart * (1.0 - share)].map(|share| {
            self.home
                .coloured(self.mood_with(at, share), controls.chorus)
        });
        let gathering = self.gathering(&controls);
        let moment = Moment::of(at, controls.loop_bars).gathered(self.gather(&controls));
        let heavy = if moment.is_downbeat() {
            1.0
        } else {
            1.0 - OTHER_BEATS * controls.downbeat * gathering
        };
        let onset = heavy * self.onset.at(at.seconds, gathering);
        let drive = Drive {
            bass: heavy * self.bass.at(at.seconds, gathering),
            onset,
            loudness: self.loudness,
            excitement: (0.5 + 0.5 * controls.mood_strength * painted.arousal)
                * self.loudness.sqrt(),
            pulse: gathering * self.loudness.sqrt(),
            accent: controls.downbeat,
        };
        let shape = self.form.at(at.seconds, Weights::of(&controls));
        let lights = CALM_FLASH * self.loudness.sqrt() + (1.0 - CALM_FLASH) * drive.excitement;
        let strength = controls.mood_strength;
        let camera = shape.framed(camera_at(self.seed, moment, drive, controls.bass_motion));
        let point = [mood.valence, mood.arousal];
        let pulled = self.board.at(point, controls.words_imagery);
        let grade = graded(
            grade_of(&mood, strength, controls.palette),
            &shape,
            pulled.as_ref(),
            &controls,
        );
        let [walk, z] = self.latent(moment, drive, rest, &controls);
        let led = self.led(at, &walk, pulled, &controls);
        let truncation =
            controls.truncation * (QUIET_TRUNCATION + (1.0 - QUIET_TRUNCATION) * drive.loudness);
        Scene {
            latent: Latent {
                z,
                mood: [strength * painted.valence, strength * painted.arousal],
                truncation: shape.varied(truncation),
            },
            led,
            camera: Camera {
                zoom: camera.zoom * controls.zoom,
                rotation: camera.rotation + controls.rotation.to_radians(),
                symmetry: controls.symmetry,
                ..camera
            },
            warp: shape.bent(warp_at(moment, drive)),
            grade,
            // Calm music smears, wild music cuts.
            trails: controls.trails * (LONGEST_TRAIL - TRAIL_CUT * drive.excitement),
            brush: controls.brush,
            flash: FLASH * controls.onset_push * onset * lights * controls.flash,
            controls,
            tick: (moment.seconds() * PROJECTOR) as u32,
            sung: self.sung(at, drive, &controls),
        }
    }

    /// The words that are seen at a moment, where any are to be seen.
    fn sung(&self, at: SongTime, drive: Drive, controls: &Controls) -> Option<Sung> {
        if controls.words == Lettering::Off {
            return None;
        }
        let sung = self.libretto.at(at.song, controls.words_shown)?;
        let energy = WORDS_LOUDNESS * drive.loudness + (1.0 - WORDS_LOUDNESS) * drive.onset;
        Some(Sung {
            energy: energy.clamp(0.0, 1.0),
            ..sung
        })
    }

    /// How strongly movement gathers on the beat, 0 to 1.
    fn gathering(&self, controls: &Controls) -> f32 {
        let breath = if self.led { 0.0 } else { self.form.breath() };
        controls.beat_strength * self.certain * (1.0 - controls.breath * breath)
    }

    /// How movement is spread over a bar.
    fn gather(&self, controls: &Controls) -> Gather {
        let beat = f64::from(self.gathering(controls));
        Gather {
            beat,
            downbeat: DOWNBEAT * beat * f64::from(controls.downbeat),
            halves: f64::from(controls.fill * self.density.fill()),
        }
    }
}

#[cfg(test)]
mod tests;
