//! Every control, declared once: where it stands, its default, and its row. Long because every control
//! is here, a few lines each.
//!
//! A new control is a field with its default in one of the structs and a row at the end of the list,
//! before bypass. Hosts, the editor, the command line and `docs/controls.md` have it from here;
//! whoever uses the field is the only other place to touch. Identifiers, ranges and the order of
//! choices are part of saved projects: they never change, and new choices go to the end.

use super::group::Group;
use super::lettering::{Lettering, WordsPlace, WordsShown};
use super::models::MODELS;
use super::plain::Plain;
use super::source::EmotionSource;
use super::values::{Curve, Values};
use super::words::{
    BARS, DEGREES, LOOP, PERCENT, PLACES, PLAIN, SECONDS, SECTORS, TIMES, Unit, Words,
};
use crate::motion::{MOST_PLACES, MOST_SECTORS, Palette};
use serde::{Deserialize, Serialize};

with_defaults! {
    /// How the performer steers the emotion.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Steering {
        /// Whose emotion is shown.
        pub source: EmotionSource = EmotionSource::Heard,
        /// Share of the manual emotion when `source` is [`EmotionSource::Blend`]: 0 (heard) to 1
        /// (manual).
        pub blend: f32 = 0.5,
        /// The performer's own point of the circumplex: valence and arousal, -1 to 1.
        pub manual: [f32; 2] = [0.0; 2],
        /// Keeps what is heard as it is now.
        pub hold: bool = false,
        /// Seconds in which the heard mood follows the music (time constant), 0.1 to 10; counted in
        /// whole milliseconds.
        pub smoothing: f32 = 1.2,
        /// Whether the stage is calm and safe, whatever is played.
        pub panic: bool = false,
    }

    /// Where the performer's knobs are: what a scene is made with.
    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct Controls {
        /// How the emotion is steered; a show takes it in hop by hop.
        pub steering: Steering = Steering::default(),
        /// Bars from one keyframe to the next.
        pub bars_per_keyframe: f32 = 2.0,
        /// How strongly movement gathers on the beat: 0 even, 1 all at once.
        pub beat_strength: f32 = 0.85,
        /// How far an onset pushes the picture, 0 to 1.
        pub onset_push: f32 = 0.5,
        /// How strongly bass zooms and shakes, 0 to 1.
        pub bass_motion: f32 = 0.5,
        /// Largest truncation, 0 to 1.
        pub truncation: f32 = 1.0,
        /// How strongly emotion steers mood and palette, 0 to 1.
        pub mood_strength: f32 = 1.0,
        /// Trails, 0 (none) to 1.
        pub trails: f32 = 0.35,
        /// Brush strokes, 0 (none) to 1.
        pub brush: f32 = 0.6,
        /// Whose colours.
        pub palette: Palette = Palette::Mood,
        /// Colourfulness: 0 grey, 1 as graded, up to 2.
        pub saturation: f32 = 1.0,
        /// Light that is taken (down to -1) or added (up to 1); 0 as graded.
        pub brightness: f32 = 0.0,
        /// Magnifies what the camera shows, 0.5 to 4. Below 1 the picture goes on mirrored beyond its
        /// edges.
        pub zoom: f32 = 1.0,
        /// Turns what the camera shows, degrees counter-clockwise, -180 to 180.
        pub rotation: f32 = 0.0,
        /// Sectors of a kaleidoscope, each mirrored in itself, 2 to 12; 1 for none.
        pub symmetry: u8 = 1,
        /// Film grain, 0 (none) to 1.
        pub grain: f32 = 0.0,
        /// How much of an onset's flash of light is seen, 0 (none) to 1.
        pub flash: f32 = 1.0,
        /// Bars after which all motion is back at its beginning, up to 32; 0 for never.
        pub loop_bars: u8 = 0,
        /// How many places the walk comes back to, up to [`MOST_PLACES`]; 0 where it always goes on to
        /// new ones.
        pub places: u8 = 0,
        /// How much more of its way movement goes on a bar's first beat, 0 (as on any) to 1.
        pub downbeat: f32 = 0.6,
        /// How far a section that returns brings its pictures back, 0 (not at all) to 1.
        pub chorus: f32 = 1.0,
        /// How far a build-up narrows the picture, 0 to 1.
        pub build_up: f32 = 0.7,
        /// How far a drop opens it, 0 to 1.
        pub drop: f32 = 0.7,
        /// How still it is where the music holds its breath, 0 to 1.
        pub breath: f32 = 0.7,
        /// How restless a fill makes it, 0 to 1.
        pub fill: f32 = 0.5,
        /// How what is sung is brought into the picture, if at all.
        pub words: Lettering = Lettering::Off,
        /// How much of it is shown at once.
        pub words_shown: WordsShown = WordsShown::Karaoke,
        /// Height of its letters (from line to line), in heights of the picture, 0.03 to 0.3.
        pub words_size: f32 = 0.11,
        /// Where it stands.
        pub words_place: WordsPlace = WordsPlace::Bottom,
        /// How much of the mood is the words', as far as they are certain: 0 none, 1 all.
        pub words_mood: f32 = 0.5,
        /// How far words and music part in the picture where they feel differently: 0 both are mixed in all of it, 1 the music
        /// has what is painted and the words its colours.
        pub words_split: f32 = 0.0,
        /// How far words lead to places of the latent space that show what they tell of, and a mood board to its pictures: 0 not
        /// at all, 1 all the way.
        pub words_imagery: f32 = 0.7,
        /// Whether flashes are held back that are more than eyes should see.
        pub flash_limiter: bool = true,
    }

    /// Where every control stands at one moment of the music.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Snapshot {
        /// The knobs of the show.
        pub controls: Controls = Controls::default(),
        /// The model's place in [`model_names`](super::model_names).
        pub model: u16 = 0,
        /// The place of another look of the same family, which is mixed into the model's own: another
        /// than the model by default, so that the knob does something when it is first turned.
        pub blend_with: u16 = 1,
        /// How much of it: 0 the model's own look, 1 the other one.
        pub blend: f32 = 0.0,
        /// Whose look is shown: 0 the knobs' own, 1 the first preset's, and so on; between two, both
        /// mixed.
        pub preset: f32 = 0.0,
        /// The number of the preset that the look morphs to, as [`preset_number`](super::preset_number) counts; 0 for none.
        pub morph_to: u16 = 0,
        /// How far it has got: 0 not at all, 1 there.
        pub morph: f32 = 0.0,
        /// No light at all.
        pub blackout: bool = false,
        /// The picture stays as it is.
        pub freeze: bool = false,
        /// Seconds in which the light of a blackout goes and comes again, 0 (at once) to 4.
        pub stage_fade: f32 = 0.0,
        /// The host has switched the plugin off: the picture stays as it is until it is on again,
        /// whatever `freeze` says.
        pub bypassed: bool = false,
    }
}

/// All that is to be said of a control.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What projects, hosts, scripts and messages call it: it never changes.
    pub id: &'static str,
    /// What people call it, everywhere.
    pub name: &'static str,
    pub group: Group,
    /// What it does, in a sentence.
    pub hint: &'static str,
    /// Which values it takes.
    pub values: Values,
    /// How they are said and read.
    pub words: Words,
    /// The plain value from which a bar grows that shows how far it is turned.
    pub neutral: f32,
    /// What becomes of it between two presets.
    pub mix: Mix,
    /// Where it stands.
    pub(super) field: Field,
}

/// What becomes of a control between two presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// It lies between both.
    Between,
    /// It is as in the nearer one.
    Nearer,
    /// No preset says anything of it: it stays the performer's own.
    Own,
}

/// How a control is read and set, as a plain number.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(super) get: fn(&Snapshot) -> f32,
    pub(super) set: fn(&mut Snapshot, f32),
}

/// The last preset position and the last palette that a host can set: room for those to come.
const LAST_PRESET: f32 = 16.0;
const LAST_PALETTE: u16 = 15;
const LAST_LETTERING: u16 = 7;

/// The last number that a preset can have.
pub(super) const LAST_NUMBER: u16 = 255;

/// The bars of the longest loop: as many as a verse or a chorus has.
const LONGEST_LOOP: u16 = 32;

/// A row that says nothing yet.
const NUMBER: Row = numbers([0.0, 1.0], Curve::Linear, 0.001, PLAIN);
const SHARE: Row = numbers([0.0, 1.0], Curve::Linear, 0.001, PERCENT);

/// A number of some unit.
const fn numbers(range: [f32; 2], curve: Curve, step: f32, unit: Unit) -> Row {
    Row {
        id: "",
        name: "",
        group: Group::Stage,
        hint: "",
        values: Values::Numbers { range, curve, step },
        words: Words::Number(unit),
        neutral: 0.0,
        mix: Mix::Own,
        field: Field {
            get: |_| 0.0,
            set: |_, _| {},
        },
    }
}

const AXIS: Row = numbers([-1.0, 1.0], Curve::Linear, 0.001, PLAIN);

const SWITCH: Row = Row {
    values: Values::Switch,
    words: Words::Switch,
    ..NUMBER
};

const MODEL: Row = Row {
    values: Values::Whole {
        first: 0,
        last: MODELS as u16 - 1,
    },
    words: Words::Models,
    ..NUMBER
};

controls! {
    // First, because it has no steps: pluginval wants the first parameter back as it was set, and a
    // step is farther off than it allows.
    EmotionBlend => Row {
        id: "emotion-blend",
        name: "Emotion blend",
        group: Group::Emotion,
        hint: "Your share in the blend: 0 % is what is heard, 100 % what you set.",
        field: at!(controls.steering.blend),
        ..SHARE
    },
    EmotionSource => Row {
        id: "emotion-source",
        name: "Emotion source",
        group: Group::Emotion,
        hint: "Whose emotion the picture shows: the music's, yours, or a blend of both.",
        values: Values::Named { ids: &EmotionSource::IDS },
        words: Words::Names {
            what: "source",
            name_of: |place| EmotionSource::NAMES.get(place).copied(),
        },
        field: at!(controls.steering.source),
        ..NUMBER
    },
    Valence => Row {
        id: "valence",
        name: "Valence",
        group: Group::Emotion,
        hint: "Your own mood, from unpleasant (-1) to pleasant (1).",
        field: at!(controls.steering.manual[0]),
        ..AXIS
    },
    Arousal => Row {
        id: "arousal",
        name: "Arousal",
        group: Group::Emotion,
        hint: "Your own mood, from calm (-1) to excited (1).",
        field: at!(controls.steering.manual[1]),
        ..AXIS
    },
    HoldEmotion => Row {
        id: "emotion-hold",
        name: "Hold emotion",
        group: Group::Emotion,
        hint: "Keeps the heard mood as it is now.",
        field: at!(controls.steering.hold),
        ..SWITCH
    },
    EmotionSmoothing => Row {
        id: "emotion-smoothing",
        name: "Emotion smoothing",
        group: Group::Emotion,
        hint: "The seconds in which the picture's mood follows the music's.",
        field: at!(controls.steering.smoothing),
        ..numbers([0.1, 10.0], Curve::FineAtStart, 0.01, SECONDS)
    },
    MoodStrength => Row {
        id: "mood-strength",
        name: "Mood strength",
        group: Group::Emotion,
        hint: "How strongly the mood steers what is painted and its colours.",
        mix: Mix::Between,
        field: at!(controls.mood_strength),
        ..SHARE
    },
    Model => Row {
        id: "model",
        name: "Model",
        group: Group::Model,
        hint: "The painter: what it was shown is what it can paint.",
        field: at!(model),
        ..MODEL
    },
    PresetPosition => Row {
        id: "preset-position",
        name: "Preset position",
        group: Group::Model,
        hint: "Walks from the look of these knobs (0) through the presets, one after the other.",
        words: Words::Presets,
        field: at!(preset),
        ..numbers([0.0, LAST_PRESET], Curve::Linear, 0.01, PLAIN)
    },
    BlendWith => Row {
        id: "blend-with",
        name: "Blend with",
        group: Group::Model,
        hint: "Another look of the model's family, to be mixed into its own.",
        field: at!(blend_with),
        ..MODEL
    },
    BlendAmount => Row {
        id: "blend",
        name: "Blend amount",
        group: Group::Model,
        hint: "How much of the other look is in the picture: 0 % none, 100 % nothing else.",
        field: at!(blend),
        ..SHARE
    },
    LatentSpeed => Row {
        id: "latent-speed",
        name: "Latent speed",
        group: Group::Motion,
        hint: "How many bars the picture takes from one idea to the next.",
        // Between two speeds the place on the path would be neither's, and race to get there.
        mix: Mix::Nearer,
        field: at!(controls.bars_per_keyframe),
        ..numbers([0.25, 16.0], Curve::FineAtStart, 0.05, BARS)
    },
    BeatStrength => Row {
        id: "beat-strength",
        name: "Beat strength",
        group: Group::Motion,
        hint: "How strongly movement gathers on the beat.",
        mix: Mix::Between,
        field: at!(controls.beat_strength),
        ..SHARE
    },
    OnsetPush => Row {
        id: "onset-push",
        name: "Onset push",
        group: Group::Motion,
        hint: "How far each onset pushes the picture.",
        mix: Mix::Between,
        field: at!(controls.onset_push),
        ..SHARE
    },
    BassMotion => Row {
        id: "bass-motion",
        name: "Bass motion",
        group: Group::Motion,
        hint: "How strongly bass zooms and shakes.",
        mix: Mix::Between,
        field: at!(controls.bass_motion),
        ..SHARE
    },
    Truncation => Row {
        id: "truncation",
        name: "Truncation",
        group: Group::Motion,
        hint: "How far pictures may stray from the painter's mean: the more, the more varied.",
        mix: Mix::Between,
        field: at!(controls.truncation),
        ..SHARE
    },
    Palette => Row {
        id: "palette",
        name: "Palette",
        group: Group::Picture,
        hint: "Whose colours the picture has: the mood's, the painter's own, or a palette's.",
        values: Values::Whole { first: 0, last: LAST_PALETTE },
        words: Words::Names {
            what: "palette",
            name_of: |place| Palette::ALL.get(place).map(|palette| palette.name()),
        },
        mix: Mix::Nearer,
        field: at!(controls.palette),
        ..NUMBER
    },
    Saturation => Row {
        id: "saturation",
        name: "Saturation",
        group: Group::Picture,
        hint: "How colourful the picture is; 0 % is grey.",
        neutral: 1.0,
        mix: Mix::Between,
        field: at!(controls.saturation),
        ..numbers([0.0, 2.0], Curve::Linear, 0.001, PERCENT)
    },
    Brightness => Row {
        id: "brightness",
        name: "Brightness",
        group: Group::Picture,
        hint: "Light that is added or taken.",
        mix: Mix::Between,
        field: at!(controls.brightness),
        ..numbers([-1.0, 1.0], Curve::Linear, 0.001, PERCENT)
    },
    Trails => Row {
        id: "trails",
        name: "Trails",
        group: Group::Picture,
        hint: "How long past light stays in the picture.",
        mix: Mix::Between,
        field: at!(controls.trails),
        ..SHARE
    },
    Brush => Row {
        id: "brush",
        name: "Brush",
        group: Group::Picture,
        hint: "How strongly the picture is laid on in strokes.",
        mix: Mix::Between,
        field: at!(controls.brush),
        ..SHARE
    },
    Zoom => Row {
        id: "zoom",
        name: "Zoom",
        group: Group::Picture,
        hint: "Magnifies the picture; below 1 it goes on mirrored beyond its edges.",
        neutral: 1.0,
        mix: Mix::Between,
        field: at!(controls.zoom),
        ..numbers([0.5, 4.0], Curve::FineAtStart, 0.01, TIMES)
    },
    Rotation => Row {
        id: "rotation",
        name: "Rotation",
        group: Group::Picture,
        hint: "Turns the picture.",
        mix: Mix::Between,
        field: at!(controls.rotation),
        ..numbers([-180.0, 180.0], Curve::Linear, 0.1, DEGREES)
    },
    Symmetry => Row {
        id: "symmetry",
        name: "Symmetry",
        group: Group::Picture,
        hint: "A kaleidoscope: the sectors into which the picture is mirrored.",
        values: Values::Whole { first: 1, last: MOST_SECTORS as u16 },
        words: Words::Count(&SECTORS),
        mix: Mix::Nearer,
        field: at!(controls.symmetry),
        ..NUMBER
    },
    Blackout => Row {
        id: "blackout",
        name: "Blackout",
        group: Group::Stage,
        hint: "No light at all, until it is switched again.",
        field: at!(blackout),
        ..SWITCH
    },
    Freeze => Row {
        id: "freeze",
        name: "Freeze",
        group: Group::Stage,
        hint: "The picture stays as it is, until it is switched again.",
        field: at!(freeze),
        ..SWITCH
    },
    // No preset says anything of it: it is the hall's matter and not the look's.
    Flash => Row {
        id: "flash",
        name: "Flash",
        group: Group::Stage,
        hint: "How strongly onsets light the picture up; 0 % for an audience that must see no flashes.",
        field: at!(controls.flash),
        ..SHARE
    },
    Grain => Row {
        id: "grain",
        name: "Grain",
        group: Group::Stage,
        hint: "Film grain, as a projector shows it; 0 % for none.",
        field: at!(controls.grain),
        ..SHARE
    },
    Loop => Row {
        id: "loop",
        name: "Loop",
        group: Group::Motion,
        hint: "The bars after which all motion is back where it began, without a seam.",
        values: Values::Whole { first: 0, last: LONGEST_LOOP },
        words: Words::Count(&LOOP),
        mix: Mix::Nearer,
        field: at!(controls.loop_bars),
        ..NUMBER
    },
    Places => Row {
        id: "places",
        name: "Places",
        group: Group::Motion,
        hint: "How many places the walk comes back to; new: it never does. A loop has its own.",
        values: Values::Whole { first: 0, last: MOST_PLACES as u16 },
        words: Words::Count(&PLACES),
        mix: Mix::Nearer,
        field: at!(controls.places),
        ..NUMBER
    },
    Downbeat => Row {
        id: "downbeat",
        name: "Downbeat",
        group: Group::Motion,
        hint: "How much stronger the picture moves on the first beat of a bar.",
        mix: Mix::Between,
        field: at!(controls.downbeat),
        ..SHARE
    },
    Chorus => Row {
        id: "chorus",
        name: "Chorus",
        group: Group::Form,
        hint: "How far a chorus that returns brings its pictures back. With a host's song, its bars alone count.",
        mix: Mix::Between,
        field: at!(controls.chorus),
        ..SHARE
    },
    BuildUp => Row {
        id: "build-up",
        name: "Build-up",
        group: Group::Form,
        hint: "How far a build-up narrows the picture.",
        mix: Mix::Between,
        field: at!(controls.build_up),
        ..SHARE
    },
    Drop => Row {
        id: "drop",
        name: "Drop",
        group: Group::Form,
        hint: "How far a drop opens the picture.",
        mix: Mix::Between,
        field: at!(controls.drop),
        ..SHARE
    },
    Breath => Row {
        id: "breath",
        name: "Breath",
        group: Group::Form,
        hint: "How still the picture is where drums and bass fall silent.",
        mix: Mix::Between,
        field: at!(controls.breath),
        ..SHARE
    },
    Fill => Row {
        id: "fill",
        name: "Fill",
        group: Group::Form,
        hint: "How restless a drum fill makes the picture.",
        mix: Mix::Between,
        field: at!(controls.fill),
        ..SHARE
    },
    // What is sung is the show's matter and not the look's.
    Words => Row {
        id: "words",
        name: "Words",
        group: Group::Words,
        hint: "How what is sung is brought into the picture, where lyrics are known.",
        values: Values::Whole { first: 0, last: LAST_LETTERING },
        words: Words::Names {
            what: "way",
            name_of: |place| Lettering::ALL.get(place).map(|way| way.name()),
        },
        field: at!(controls.words),
        ..NUMBER
    },
    WordsShown => Row {
        id: "words-shown",
        name: "Shown",
        group: Group::Words,
        hint: "Lines in which what has been sung stands out, lines as they are, or single words.",
        values: Values::Whole { first: 0, last: WordsShown::ALL.len() as u16 - 1 },
        words: Words::Names {
            what: "choice",
            name_of: |place| WordsShown::ALL.get(place).map(|shown| shown.name()),
        },
        field: at!(controls.words_shown),
        ..NUMBER
    },
    WordsSize => Row {
        id: "words-size",
        name: "Letters",
        group: Group::Words,
        hint: "How large the letters of words are, in heights of the picture; what has no room is smaller.",
        field: at!(controls.words_size),
        ..numbers([0.0, 0.4], Curve::Linear, 0.001, PERCENT)
    },
    WordsPlace => Row {
        id: "words-place",
        name: "Position",
        group: Group::Words,
        hint: "Where in the picture words stand.",
        values: Values::Whole { first: 0, last: WordsPlace::ALL.len() as u16 - 1 },
        words: Words::Names {
            what: "place",
            name_of: |place| WordsPlace::ALL.get(place).map(|place| place.name()),
        },
        field: at!(controls.words_place),
        ..NUMBER
    },
    WordsMood => Row {
        id: "words-mood",
        name: "Sentiment",
        group: Group::Words,
        hint: "How much of the mood the words have, and the music loses, as far as they are understood.",
        field: at!(controls.words_mood),
        ..SHARE
    },
    WordsSplit => Row {
        id: "words-split",
        name: "Split",
        group: Group::Words,
        hint: "Where words and music feel differently: colours go with the words, what is painted with the music.",
        field: at!(controls.words_split),
        ..SHARE
    },
    WordsImagery => Row {
        id: "words-imagery",
        name: "Imagery",
        group: Group::Words,
        hint: "How far words lead to places that show what they tell of, and a mood board to its pictures, in the looks that come with Synopsia.",
        field: at!(controls.words_imagery),
        ..SHARE
    },
    // No preset switches it: who is in the hall does not depend on the look.
    FlashLimiter => Row {
        id: "flash-limiter",
        name: "Flash limiter",
        group: Group::Stage,
        hint: "Holds back flashes that come more often than three times a second, in all that is shown and filmed.",
        field: at!(controls.flash_limiter),
        ..SWITCH
    },
    Panic => Row {
        id: "panic",
        name: "Panic",
        group: Group::Stage,
        hint: "A calm and safe stage within half a second: no flashes, little motion, a quiet mood.",
        field: at!(controls.steering.panic),
        ..SWITCH
    },
    StageFade => Row {
        id: "stage-fade",
        name: "Fade",
        group: Group::Stage,
        hint: "How long the light of a blackout takes to go, and to come again.",
        field: at!(stage_fade),
        ..numbers([0.0, 4.0], Curve::Linear, 0.01, SECONDS)
    },
    Morph => Row {
        id: "morph",
        name: "Morph",
        group: Group::Model,
        hint: "How far the look has gone over to the preset that it morphs to, the painter too.",
        field: at!(morph),
        ..SHARE
    },
    MorphTo => Row {
        id: "morph-to",
        name: "Morph to",
        group: Group::Model,
        hint: "The preset that the look morphs to.",
        values: Values::Whole { first: 0, last: LAST_NUMBER },
        words: Words::PresetNames,
        field: at!(morph_to),
        ..NUMBER
    },
    // Last, as hosts and tests look for it there.
    Bypass => Row {
        id: "bypass",
        name: "Bypass",
        group: Group::Stage,
        hint: "The host's own switch: listens to nothing, and the picture stands still.",
        field: at!(bypassed),
        ..SWITCH
    },
}
