//! How a host reaches it: Synopsia as a CLAP and VST3 plugin.
//!
//! [`Synopsia`] passes audio through and lets a [`Tap`](crate::live::Tap) listen; everything else happens on the
//! threads of its [`Live`](crate::live::Live) instance. [`SynopsiaParams`] is what a host
//! automates, [`Project`] what it saves, the editor what a person sees.

mod editor;
mod params;
mod process;
mod project;
mod standalone;

pub use editor::{SynopsiaEditor, SynopsiaEditorHandle};
pub use params::{
    EmotionParams, ModelParams, MotionParams, PictureParams, Source, StageParams, SynopsiaParams,
};
pub use process::Synopsia;
pub use project::{EditorSetup, Project};
pub use standalone::Standalone;

use nice_plug::prelude::*;

impl ClapPlugin for Synopsia {
    const CLAP_ID: &'static str = "org.synopsia.synopsia";
    const CLAP_DESCRIPTION: Option<&'static str> =
        Some("A visualizer that listens, feels and paints");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Analyzer,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        let params = self.params();
        let (emotion, motion) = (&params.emotion, &params.motion);
        let (model, picture, stage) = (&params.model, &params.picture, &params.stage);
        context.add_section("Play", |section| {
            section.add_page("Emotion", |page| {
                page.add_param(&emotion.source);
                page.add_param(&emotion.blend);
                page.add_param(&emotion.valence);
                page.add_param(&emotion.arousal);
                page.add_param(&emotion.hold);
                page.add_param(&emotion.smoothing);
                page.add_param(&emotion.strength);
                page.add_param(&stage.blackout);
            });
            section.add_page("Stage", |page| {
                page.add_param(&stage.blackout);
                page.add_param(&stage.freeze);
                page.add_param(&model.model);
                page.add_param(&model.preset);
                page.add_param(&model.blend_with);
                page.add_param(&model.blend);
                page.add_param(&picture.palette);
                page.add_param(&picture.symmetry);
            });
        });
        context.add_section("Look", |section| {
            section.add_page("Motion", |page| {
                page.add_param(&motion.bars_per_keyframe);
                page.add_param(&motion.beat_strength);
                page.add_param(&motion.onset_push);
                page.add_param(&motion.bass_motion);
                page.add_param(&motion.truncation);
            });
            section.add_page("Picture", |page| {
                page.add_param(&picture.palette);
                page.add_param(&picture.saturation);
                page.add_param(&picture.brightness);
                page.add_param(&picture.trails);
                page.add_param(&picture.brush);
                page.add_param(&picture.zoom);
                page.add_param(&picture.rotation);
                page.add_param(&picture.symmetry);
            });
        });
    }
}

impl Vst3Plugin for Synopsia {
    const VST3_CLASS_ID: [u8; 16] = *b"SynopsiaPaintsIt";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Analyzer];
}

nice_export_clap!(Synopsia);
nice_export_vst3!(Synopsia);
