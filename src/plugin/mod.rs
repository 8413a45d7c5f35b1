//! How a host reaches it: Synopsia as a CLAP and VST3 plugin.
//!
//! [`Synopsia`] passes audio through and lets a [`Tap`](crate::live::Tap) listen; everything else happens on the
//! threads of its [`Live`](crate::live::Live) instance. [`SynopsiaParams`] is what a host
//! automates, [`Project`] what it saves, the editor what a person sees.

mod editor;
mod fit;
mod gestures;
mod music;
mod params;
mod process;
mod project;
mod standalone;
mod transport;

pub use editor::{SynopsiaEditor, SynopsiaEditorHandle};
pub use music::{Music, Piece, TAKES};
pub use params::SynopsiaParams;
pub use process::Synopsia;
pub use project::{EditorSetup, Project};
pub use standalone::Standalone;

use crate::control::PAGES;
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
        for pages in PAGES.chunk_by(|a, b| a.section == b.section) {
            context.add_section(pages[0].section, |section| {
                for page in pages {
                    section.add_page(page.name, |slots| {
                        for control in page.controls() {
                            self.params().put_on_page(control, slots);
                        }
                    });
                }
            });
        }
    }
}

impl Vst3Plugin for Synopsia {
    const VST3_CLASS_ID: [u8; 16] = *b"SynopsiaPaintsIt";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Analyzer];
}

nice_export_clap!(Synopsia);
nice_export_vst3!(Synopsia);
