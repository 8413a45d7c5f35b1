//! The parameters that a host automates.
//!
//! Identifiers, ranges and the order of choices are part of saved projects: they never change. New
//! parameters get new identifiers, new choices go to the end.

use crate::control::words as typed;
use crate::live::{Desk, MODELS, model_index, model_name};
use crate::motion::Palette;
use crate::show::{Controls, EmotionSource, Steering};
use nice_plug::formatters::v2s_f32_percentage;
use nice_plug::prelude::*;
use std::sync::Arc;

/// All parameters, by group.
#[derive(Params)]
pub struct SynopsiaParams {
    #[nested(group = "Emotion")]
    pub emotion: EmotionParams,
    #[nested(group = "Model")]
    pub model: ModelParams,
    #[nested(group = "Motion")]
    pub motion: MotionParams,
    #[nested(group = "Picture")]
    pub picture: PictureParams,
    #[nested(group = "Stage")]
    pub stage: StageParams,
}

/// Whose emotion is shown, and how strongly.
#[derive(Params)]
pub struct EmotionParams {
    /// Share of the manual emotion in a blend. It comes first because it has no steps: pluginval wants
    /// the first parameter back as it was set, and a step is farther off than it allows.
    #[id = "emotion-blend"]
    pub blend: FloatParam,
    /// Heard, manual or a blend of both.
    #[id = "emotion-source"]
    pub source: EnumParam<Source>,
    /// The manual emotion: unpleasant (-1) to pleasant (1), ...
    #[id = "valence"]
    pub valence: FloatParam,
    /// ... and calm (-1) to excited (1).
    #[id = "arousal"]
    pub arousal: FloatParam,
    /// Keeps what is heard as it is.
    #[id = "emotion-hold"]
    pub hold: BoolParam,
    /// Seconds in which the picture's mood follows the music's.
    #[id = "emotion-smoothing"]
    pub smoothing: FloatParam,
    /// How strongly emotion steers mood and colours.
    #[id = "mood-strength"]
    pub strength: FloatParam,
}

/// What paints, and which look it has.
#[derive(Params)]
pub struct ModelParams {
    /// The model's number.
    #[id = "model"]
    pub model: IntParam,
    /// 0 for the knobs' own look, 1 for the first preset's; between two, both mixed.
    #[id = "preset-position"]
    pub preset: FloatParam,
    /// The number of another look of the model's family, ...
    #[id = "blend-with"]
    pub blend_with: IntParam,
    /// ... and how much of it is in the picture.
    #[id = "blend"]
    pub blend: FloatParam,
}

/// How it moves.
#[derive(Params)]
pub struct MotionParams {
    /// Bars from one keyframe of the latent path to the next.
    #[id = "latent-speed"]
    pub bars_per_keyframe: FloatParam,
    #[id = "beat-strength"]
    pub beat_strength: FloatParam,
    #[id = "onset-push"]
    pub onset_push: FloatParam,
    #[id = "bass-motion"]
    pub bass_motion: FloatParam,
    #[id = "truncation"]
    pub truncation: FloatParam,
}

/// How it looks.
#[derive(Params)]
pub struct PictureParams {
    /// Number in [`Palette::ALL`].
    #[id = "palette"]
    pub palette: IntParam,
    #[id = "saturation"]
    pub saturation: FloatParam,
    #[id = "brightness"]
    pub brightness: FloatParam,
    #[id = "trails"]
    pub trails: FloatParam,
    #[id = "brush"]
    pub brush: FloatParam,
    #[id = "zoom"]
    pub zoom: FloatParam,
    /// Degrees.
    #[id = "rotation"]
    pub rotation: FloatParam,
    /// Sectors of the kaleidoscope.
    #[id = "symmetry"]
    pub symmetry: IntParam,
}

/// What a performer needs at once.
#[derive(Params)]
pub struct StageParams {
    #[id = "blackout"]
    pub blackout: BoolParam,
    #[id = "freeze"]
    pub freeze: BoolParam,
    #[id = "bypass"]
    pub bypass: BoolParam,
}

/// [`EmotionSource`] as hosts know it.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum Source {
    #[id = "heard"]
    Heard,
    #[id = "manual"]
    Manual,
    #[id = "blend"]
    Blend,
}

impl From<Source> for EmotionSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Heard => Self::Heard,
            Source::Manual => Self::Manual,
            Source::Blend => Self::Blend,
        }
    }
}

/// The last preset position that a host can set: room for presets to come.
const LAST_PRESET: f32 = 16.0;

/// The last palette that a host can set: room for palettes to come.
const LAST_PALETTE: i32 = 15;

/// Units as they are typed; hosts show the first of each.
const PERCENT: &[&str] = &["%", "percent"];
const SECONDS: &[&str] = &["seconds", "second", "sec", "s"];
const BARS: &[&str] = &["bars a keyframe", "bar a keyframe", "bars", "bar"];
const TIMES: &[&str] = &["x", "\u{d7}"];
const DEGREES: &[&str] = &["degrees", "degree", "deg", "\u{b0}", "\u{ba}"];

/// What a parameter reads from a typed text.
type Reading = Arc<dyn Fn(&str) -> Option<f32> + Send + Sync>;

/// A number, with or without its unit.
fn reads(units: &'static [&str]) -> Reading {
    Arc::new(move |text| typed::number(text, units))
}

/// A share, shown in percent.
fn percent(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    FloatParam::new(name, default, FloatRange::Linear { min, max })
        .with_step_size(0.001)
        .with_unit(" %")
        .with_value_to_string(v2s_f32_percentage(1))
        .with_string_to_value(Arc::new(|text| Some(typed::number(text, PERCENT)? / 100.0)))
}

/// A point on one axis of the circumplex.
fn axis(name: &str) -> FloatParam {
    let (min, max) = (-1.0, 1.0);
    FloatParam::new(name, 0.0, FloatRange::Linear { min, max })
        .with_step_size(0.001)
        .with_string_to_value(reads(&[]))
}

/// A number of some unit whose range is finer near its beginning.
fn skewed(name: &str, default: f32, [min, max]: [f32; 2], step: f32) -> FloatParam {
    let factor = FloatRange::skew_factor(-1.5);
    FloatParam::new(name, default, FloatRange::Skewed { min, max, factor }).with_step_size(step)
}

/// A choice of a `what` by number, shown by name; `number_of` knows names that no number has yet. `last` leaves room for names to come: the range
/// is part of saved projects.
fn choice(
    name: &str,
    what: &'static str,
    [usual, last]: [i32; 2],
    name_of: impl Fn(usize) -> Option<String> + Send + Sync + 'static,
    number_of: fn(&str) -> Option<usize>,
) -> IntParam {
    let name_of = Arc::new(name_of);
    let named = Arc::clone(&name_of);
    IntParam::new(name, usual, IntRange::Linear { min: 0, max: last })
        .with_value_to_string(Arc::new(move |number| {
            let number = number as usize;
            name_of(number).unwrap_or_else(|| typed::empty_place(what, number))
        }))
        .with_string_to_value(Arc::new(move |text| {
            let places = || (0..=last as usize).filter_map(|place| Some((place, named(place)?)));
            let exact = places().find(|(_, name)| name == text);
            let found = exact.or_else(|| places().find(|(_, name)| typed::is_named(text, name)));
            let place = found.map(|(place, _)| place);
            place
                .or_else(|| typed::place(text, what))
                .or_else(|| number_of(text.trim()))
                .map(|place| place as i32)
        }))
}

/// A choice of a model.
fn model(name: &str, usual: u16) -> IntParam {
    let places = [usual.into(), MODELS as i32 - 1];
    choice(name, "model", places, model_name, model_index)
}

impl Default for SynopsiaParams {
    fn default() -> Self {
        let desk = Desk::default();
        let controls = desk.controls;
        let on_or_off =
            |name: &str| BoolParam::new(name, false).with_string_to_value(Arc::new(typed::switch));
        Self {
            emotion: EmotionParams {
                source: EnumParam::new("Emotion source", Source::Heard),
                blend: percent("Emotion blend", controls.steering.blend, 0.0, 1.0),
                valence: axis("Valence"),
                arousal: axis("Arousal"),
                hold: on_or_off("Hold emotion"),
                smoothing: skewed(
                    "Emotion smoothing",
                    controls.steering.smoothing,
                    [0.1, 10.0],
                    0.01,
                )
                .with_unit(" s")
                .with_string_to_value(reads(SECONDS)),
                strength: percent("Mood strength", controls.mood_strength, 0.0, 1.0),
            },
            model: ModelParams {
                model: model("Model", desk.model),
                preset: FloatParam::new(
                    "Preset position",
                    0.0,
                    FloatRange::Linear {
                        min: 0.0,
                        max: LAST_PRESET,
                    },
                )
                .with_step_size(0.01)
                .with_value_to_string(Arc::new(typed::preset_text))
                .with_string_to_value(Arc::new(typed::preset_position)),
                blend_with: model("Blend with", desk.blend_with),
                blend: percent("Blend amount", desk.blend, 0.0, 1.0),
            },
            motion: MotionParams {
                bars_per_keyframe: skewed(
                    "Latent speed",
                    controls.bars_per_keyframe,
                    [0.25, 16.0],
                    0.05,
                )
                .with_unit(" bars a keyframe")
                .with_string_to_value(reads(BARS)),
                beat_strength: percent("Beat strength", controls.beat_strength, 0.0, 1.0),
                onset_push: percent("Onset push", controls.onset_push, 0.0, 1.0),
                bass_motion: percent("Bass motion", controls.bass_motion, 0.0, 1.0),
                truncation: percent("Truncation", controls.truncation, 0.0, 1.0),
            },
            picture: PictureParams {
                palette: choice(
                    "Palette",
                    "palette",
                    [0, LAST_PALETTE],
                    |number| Some(Palette::ALL.get(number)?.name().to_owned()),
                    |_| None,
                ),
                saturation: percent("Saturation", controls.saturation, 0.0, 2.0),
                brightness: percent("Brightness", controls.brightness, -1.0, 1.0),
                trails: percent("Trails", controls.trails, 0.0, 1.0),
                brush: percent("Brush", controls.brush, 0.0, 1.0),
                zoom: skewed("Zoom", controls.zoom, [0.5, 4.0], 0.01)
                    .with_unit(" x")
                    .with_string_to_value(reads(TIMES)),
                rotation: FloatParam::new(
                    "Rotation",
                    controls.rotation,
                    FloatRange::Linear {
                        min: -180.0,
                        max: 180.0,
                    },
                )
                .with_step_size(0.1)
                .with_unit(" deg")
                .with_string_to_value(reads(DEGREES)),
                symmetry: IntParam::new(
                    "Symmetry",
                    controls.symmetry.into(),
                    IntRange::Linear { min: 1, max: 12 },
                )
                .with_value_to_string(Arc::new(|sectors| match sectors {
                    1 => "none".to_owned(),
                    sectors => format!("{sectors} sectors"),
                }))
                .with_string_to_value(Arc::new(typed::sectors)),
            },
            stage: StageParams {
                blackout: on_or_off("Blackout"),
                freeze: on_or_off("Freeze"),
                bypass: on_or_off("Bypass").make_bypass(),
            },
        }
    }
}

impl SynopsiaParams {
    /// Where the knobs are. Reads atomics only: for the audio thread.
    pub fn desk(&self) -> Desk {
        let (emotion, motion, picture) = (&self.emotion, &self.motion, &self.picture);
        let palette = usize::try_from(picture.palette.value()).ok();
        let number = |model: &IntParam| model.value().clamp(0, MODELS as i32 - 1) as u16;
        Desk {
            controls: Controls {
                steering: Steering {
                    source: emotion.source.value().into(),
                    blend: emotion.blend.value(),
                    manual: [emotion.valence.value(), emotion.arousal.value()],
                    hold: emotion.hold.value(),
                    smoothing: emotion.smoothing.value(),
                },
                bars_per_keyframe: motion.bars_per_keyframe.value(),
                beat_strength: motion.beat_strength.value(),
                onset_push: motion.onset_push.value(),
                bass_motion: motion.bass_motion.value(),
                truncation: motion.truncation.value(),
                mood_strength: emotion.strength.value(),
                trails: picture.trails.value(),
                brush: picture.brush.value(),
                palette: palette
                    .and_then(|number| Palette::ALL.get(number).copied())
                    .unwrap_or_default(),
                saturation: picture.saturation.value(),
                brightness: picture.brightness.value(),
                zoom: picture.zoom.value(),
                rotation: picture.rotation.value(),
                symmetry: picture.symmetry.value().clamp(1, 12) as u8,
            },
            model: number(&self.model.model),
            blend_with: number(&self.model.blend_with),
            blend: self.model.blend.value(),
            preset: self.model.preset.value(),
            blackout: self.stage.blackout.value(),
            freeze: self.stage.freeze.value(),
            bypassed: self.stage.bypass.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_parameters_are_the_controls_that_films_have() {
        let desk = SynopsiaParams::default().desk();
        assert_eq!(desk, Desk::default());
        assert_eq!(desk.look(), Controls::default());
    }

    #[test]
    fn every_text_is_read_back_as_the_same_text() {
        let params = SynopsiaParams::default();
        for (id, param, _) in params.param_map() {
            for step in 0..=200 {
                let value = step as f32 / 200.0;
                // SAFETY: `params` outlives the pointers that it gave.
                let (text, read) = unsafe {
                    let text = param.normalized_value_to_string(value, true);
                    let back = param.string_to_normalized_value(&text);
                    let back = back.unwrap_or_else(|| panic!("{id}: {text} is not understood"));
                    (text, param.normalized_value_to_string(back, true))
                };
                assert_eq!(text, read, "{id}");
            }
        }
    }

    #[test]
    fn identifiers_are_those_of_saved_projects() {
        let params = SynopsiaParams::default();
        let ids: Vec<String> = params.param_map().into_iter().map(|(id, ..)| id).collect();
        assert_eq!(
            ids,
            [
                "emotion-blend",
                "emotion-source",
                "valence",
                "arousal",
                "emotion-hold",
                "emotion-smoothing",
                "mood-strength",
                "model",
                "preset-position",
                "blend-with",
                "blend",
                "latent-speed",
                "beat-strength",
                "onset-push",
                "bass-motion",
                "truncation",
                "palette",
                "saturation",
                "brightness",
                "trails",
                "brush",
                "zoom",
                "rotation",
                "symmetry",
                "blackout",
                "freeze",
                "bypass"
            ]
        );
    }
}
