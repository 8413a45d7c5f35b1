//! How controls are put together where there is room for a few at a time.

use super::group::Group;
use super::table::Control;

impl Group {
    /// Its controls, in the order of the table.
    pub fn controls(self) -> impl Iterator<Item = Control> {
        Control::ALL
            .into_iter()
            .filter(move |control| control.row().group == self)
    }
}

/// Controls for the eight knobs of a controller.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub section: &'static str,
    pub name: &'static str,
    /// Those named, and then a group's.
    named: &'static [Control],
    group: Option<Group>,
}

impl Page {
    /// Its controls.
    pub fn controls(&self) -> impl Iterator<Item = Control> {
        let group = self.group.into_iter().flat_map(Group::controls);
        self.named.iter().copied().chain(group)
    }
}

/// The pages, those of a section one after the other. Hands remember them: what is on one stays
/// where it is.
pub const PAGES: [Page; 6] = [
    Page {
        section: "Play",
        name: "Emotion",
        named: &[
            Control::EmotionSource,
            Control::EmotionBlend,
            Control::Valence,
            Control::Arousal,
            Control::HoldEmotion,
            Control::EmotionSmoothing,
            Control::MoodStrength,
            Control::Blackout,
        ],
        group: None,
    },
    Page {
        section: "Play",
        name: "Stage",
        named: &[
            Control::Blackout,
            Control::Freeze,
            Control::Model,
            Control::PresetPosition,
            Control::BlendWith,
            Control::BlendAmount,
            Control::Palette,
            Control::Symmetry,
        ],
        group: None,
    },
    Page {
        section: "Look",
        name: "Motion",
        named: &[],
        group: Some(Group::Motion),
    },
    Page {
        section: "Look",
        name: "Picture",
        named: &[],
        group: Some(Group::Picture),
    },
    Page {
        section: "Look",
        name: "Form",
        named: &[],
        group: Some(Group::Form),
    },
    Page {
        section: "Look",
        name: "Words",
        named: &[],
        group: Some(Group::Words),
    },
];
