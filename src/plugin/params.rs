//! The parameters that a host automates: one for each control, made from its row.

use crate::control::{Control, Curve, EmotionSource, Snapshot, Values};
use nice_plug::params::internals::ParamPtr;
use nice_plug::prelude::*;
use std::sync::Arc;

/// All parameters.
pub struct SynopsiaParams {
    /// In the order of [`Control::ALL`]. They never leave their place in memory, which hosts' pointers
    /// lead to.
    params: Box<[HostParam]>,
}

/// A parameter, in one of the kinds that there are. A project saves each kind in its own way, so a
/// control keeps the one that it has.
enum HostParam {
    Float(FloatParam),
    Int(IntParam),
    Bool(BoolParam),
    Source(EnumParam<ByName>),
}

/// A source of emotion, as the framework wants what is saved by name.
#[derive(Clone, Copy, PartialEq)]
struct ByName(EmotionSource);

impl Enum for ByName {
    fn variants() -> &'static [&'static str] {
        &EmotionSource::NAMES
    }

    fn ids() -> Option<&'static [&'static str]> {
        Some(&EmotionSource::IDS)
    }

    fn to_index(self) -> usize {
        self.0 as usize
    }

    fn from_index(index: usize) -> Self {
        Self(EmotionSource::ALL.get(index).copied().unwrap_or_default())
    }
}

impl HostParam {
    fn new(control: Control) -> Self {
        let row = control.row();
        let usual = control.usual();
        let text = move |plain| row.words.text(plain);
        match row.values {
            Values::Numbers { range, curve, step } => Self::Float(
                FloatParam::new(row.name, usual, float_range(range, curve))
                    .with_step_size(step)
                    .with_unit(row.words.unit())
                    .with_value_to_string(Arc::new(text))
                    .with_string_to_value(Arc::new(|text| row.words.read(text))),
            ),
            Values::Whole { first, last } => {
                let (min, max) = (first.into(), last.into());
                let read = |text: &str| Some(row.values.clamp(row.words.read(text)?) as i32);
                Self::Int(
                    IntParam::new(row.name, usual as i32, IntRange::Linear { min, max })
                        .with_value_to_string(Arc::new(move |place| text(place as f32)))
                        .with_string_to_value(Arc::new(read)),
                )
            }
            Values::Named { .. } => {
                let usual = ByName::from_index(usual as usize);
                Self::Source(EnumParam::new(row.name, usual))
            }
            Values::Switch => {
                let read = |text: &str| Some(row.words.read(text)? > 0.5);
                let param = BoolParam::new(row.name, usual > 0.5);
                let param = param.with_string_to_value(Arc::new(read));
                Self::Bool(match control {
                    Control::Bypass => param.make_bypass(),
                    _ => param,
                })
            }
        }
    }

    /// Its plain value, with the host's modulation. Reads atomics only.
    fn plain(&self) -> f32 {
        match self {
            Self::Float(param) => param.value(),
            Self::Int(param) => param.value() as f32,
            Self::Bool(param) => param.value().into(),
            Self::Source(param) => param.value().to_index() as f32,
        }
    }

    fn pointer(&self) -> ParamPtr {
        match self {
            Self::Float(param) => param.as_ptr(),
            Self::Int(param) => param.as_ptr(),
            Self::Bool(param) => param.as_ptr(),
            Self::Source(param) => param.as_ptr(),
        }
    }
}

fn float_range([min, max]: [f32; 2], curve: Curve) -> FloatRange {
    match curve {
        Curve::Linear => FloatRange::Linear { min, max },
        Curve::FineAtStart => FloatRange::Skewed {
            min,
            max,
            factor: Curve::POWER,
        },
    }
}

impl Default for SynopsiaParams {
    fn default() -> Self {
        Self {
            params: Control::ALL.into_iter().map(HostParam::new).collect(),
        }
    }
}

// SAFETY: the pointers lead into the box, which lives as long as this does and is never replaced.
unsafe impl Params for SynopsiaParams {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        let rows = Control::ALL.map(Control::row);
        let params = rows.into_iter().zip(&self.params);
        params
            .map(|(row, param)| {
                let group = row.group.name().to_owned();
                (row.id.to_owned(), param.pointer(), group)
            })
            .collect()
    }
}

impl SynopsiaParams {
    /// Where the controls stand. Reads atomics only: for the audio thread.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for control in Control::ALL {
            control.set(&mut snapshot, self.plain(control));
        }
        snapshot
    }

    /// The plain value of one. Reads an atomic only.
    pub fn plain(&self, control: Control) -> f32 {
        self.params[control as usize].plain()
    }

    /// Whether a switch is on. Reads an atomic only.
    pub fn is_on(&self, control: Control) -> bool {
        self.plain(control) > 0.5
    }

    /// The parameter of a control; it leads nowhere once these parameters are gone.
    pub fn pointer(&self, control: Control) -> ParamPtr {
        self.params[control as usize].pointer()
    }

    /// The normalised value of one, without the host's modulation. Reads an atomic only.
    pub fn normalised(&self, control: Control) -> f32 {
        // SAFETY: the parameter is ours.
        unsafe { self.pointer(control).unmodulated_normalized_value() }
    }

    /// Sets one to a plain value, where no host does.
    pub fn set(&self, control: Control, plain: f32) {
        let normalised = control.row().values.normalised(plain);
        // SAFETY: the parameter is ours, and setting it is no more than storing numbers.
        unsafe {
            let param = self.pointer(control);
            param._internal_set_normalized_value(normalised);
        }
    }

    /// Adds a control to a page of a controller's.
    pub(super) fn put_on_page(&self, control: Control, page: &mut impl RemoteControlsPage) {
        match &self.params[control as usize] {
            HostParam::Float(param) => page.add_param(param),
            HostParam::Int(param) => page.add_param(param),
            HostParam::Bool(param) => page.add_param(param),
            HostParam::Source(param) => page.add_param(param),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::Controls;

    #[test]
    fn untouched_parameters_are_the_controls_that_films_have() {
        let snapshot = SynopsiaParams::default().snapshot();
        assert_eq!(snapshot, Snapshot::default());
        assert_eq!(snapshot.look(), Controls::default());
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
    fn a_host_and_the_table_mean_the_same_by_every_value_and_text() {
        let params = SynopsiaParams::default();
        for control in Control::ALL {
            let (row, param) = (control.row(), params.pointer(control));
            for step in 0..=400 {
                let at = step as f32 / 400.0;
                let plain = row.values.plain(at);
                // SAFETY: `params` outlives the pointers that it gave.
                let (host, text) = unsafe {
                    let text = param.normalized_value_to_string(at, true);
                    (param.preview_plain(at), text)
                };
                let host = row.values.clamp(host);
                assert_eq!(plain.to_bits(), host.to_bits(), "{} at {at}", row.id);
                assert_eq!(control.text(plain), text, "{} at {at}", row.id);
                // SAFETY: as above.
                let back = unsafe { param.preview_normalized(plain) };
                let own = row.values.normalised(plain);
                assert_eq!(own.to_bits(), back.to_bits(), "{} at {at}", row.id);
            }
        }
    }

    /// What a project relies on: identifier, group, name, unit, steps, default, and the plain values
    /// at a quarter and at three quarters.
    const SAVED: &str = "\
emotion-blend|Emotion|Emotion blend| %|none|0.50|0.25|0.75
emotion-source|Emotion|Emotion source||2|0.00|1.00|2.00
valence|Emotion|Valence||none|0.00|-0.50|0.50
arousal|Emotion|Arousal||none|0.00|-0.50|0.50
emotion-hold|Emotion|Hold emotion||1|0.00|0.25|0.75
emotion-smoothing|Emotion|Emotion smoothing| s|none|1.20|0.30|4.49
mood-strength|Emotion|Mood strength| %|none|1.00|0.25|0.75
model|Model|Model||31|0.00|8.00|23.00
preset-position|Model|Preset position||none|0.00|4.00|12.00
blend-with|Model|Blend with||31|1.00|8.00|23.00
blend|Model|Blend amount| %|none|0.00|0.25|0.75
latent-speed|Motion|Latent speed| bars a keyframe|none|2.00|0.55|7.25
beat-strength|Motion|Beat strength| %|none|0.85|0.25|0.75
onset-push|Motion|Onset push| %|none|0.50|0.25|0.75
bass-motion|Motion|Bass motion| %|none|0.50|0.25|0.75
truncation|Motion|Truncation| %|none|1.00|0.25|0.75
palette|Picture|Palette||15|0.00|4.00|11.00
saturation|Picture|Saturation| %|none|1.00|0.50|1.50
brightness|Picture|Brightness| %|none|0.00|-0.50|0.50
trails|Picture|Trails| %|none|0.35|0.25|0.75
brush|Picture|Brush| %|none|0.60|0.25|0.75
zoom|Picture|Zoom| x|none|1.00|0.57|2.05
rotation|Picture|Rotation| deg|none|0.00|-90.00|90.00
symmetry|Picture|Symmetry||11|1.00|4.00|9.00
blackout|Stage|Blackout||1|0.00|0.25|0.75
freeze|Stage|Freeze||1|0.00|0.25|0.75
flash|Stage|Flash| %|none|1.00|0.25|0.75
grain|Stage|Grain| %|none|0.00|0.25|0.75
loop|Motion|Loop||32|0.00|8.00|24.00
places|Motion|Places||16|0.00|4.00|12.00
downbeat|Motion|Downbeat| %|none|0.60|0.25|0.75
chorus|Form|Chorus| %|none|1.00|0.25|0.75
build-up|Form|Build-up| %|none|0.70|0.25|0.75
drop|Form|Drop| %|none|0.70|0.25|0.75
breath|Form|Breath| %|none|0.70|0.25|0.75
fill|Form|Fill| %|none|0.50|0.25|0.75
words|Words|Words||7|0.00|2.00|5.00
words-shown|Words|Shown||2|0.00|1.00|2.00
words-size|Words|Letters| %|none|0.11|0.10|0.30
words-place|Words|Position||2|0.00|1.00|2.00
words-mood|Words|Sentiment| %|none|0.50|0.25|0.75
words-split|Words|Split| %|none|0.00|0.25|0.75
words-imagery|Words|Imagery| %|none|0.70|0.25|0.75
flash-limiter|Stage|Flash limiter||1|1.00|0.25|0.75
panic|Stage|Panic||1|0.00|0.25|0.75
stage-fade|Stage|Fade| s|none|0.00|1.00|3.00
morph|Model|Morph| %|none|0.00|0.25|0.75
morph-to|Model|Morph to||255|0.00|64.00|191.00
bypass|Stage|Bypass||1|0.00|0.25|0.75
";

    #[test]
    fn parameters_are_those_of_saved_projects() {
        let params = SynopsiaParams::default();
        let lines = params.param_map().into_iter().map(|(id, param, group)| {
            // SAFETY: `params` outlives the pointers that it gave.
            unsafe {
                let (name, unit) = (param.name(), param.unit());
                let steps = param
                    .step_count()
                    .map_or("none".to_owned(), |n| n.to_string());
                let usual = param.default_plain_value();
                let [low, high] = [0.25, 0.75].map(|at| param.preview_plain(at));
                format!("{id}|{group}|{name}|{unit}|{steps}|{usual:.2}|{low:.2}|{high:.2}\n")
            }
        });
        assert_eq!(lines.collect::<String>(), SAVED);
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
                "flash",
                "grain",
                "loop",
                "places",
                "downbeat",
                "chorus",
                "build-up",
                "drop",
                "breath",
                "fill",
                "words",
                "words-shown",
                "words-size",
                "words-place",
                "words-mood",
                "words-split",
                "words-imagery",
                "flash-limiter",
                "panic",
                "stage-fade",
                "morph",
                "morph-to",
                "bypass"
            ]
        );
    }
}
