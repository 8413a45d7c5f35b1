//! Words as pictures: text is set in fonts, drawn as a mask, and the mask is brought into the picture.
//!
//! Setting (which fonts, which direction, where lines break) is `parley`'s; outlines become coverage
//! here, once for each text, and both renderers go by the same mask. The font that comes with the program
//! is taken first, the system's for what it lacks.

mod look;
mod mask;
mod numbers;
#[cfg(test)]
mod tests;
mod typesetter;

pub use look::lay;
pub use mask::Mask;
pub use numbers::{CHAR, EDGE, GLOW, INK, Letters, SHADE, STRAY, TURN};

use std::collections::BTreeSet;
use std::sync::Arc;

use self::typesetter::Typesetter;
use crate::control::{Lettering, WordsPlace};
use crate::show::{Libretto, Scene};

/// What is left free at each edge of the picture, as a share of it.
const SAFE: f32 = 0.05;

/// The share of the picture's height that words may fill.
const TALLEST: f32 = 0.6;

/// Pixels across beyond which a mask is drawn more coarsely than the picture.
const FINEST: f32 = 2048.0;

/// The mask of what is to be seen now, kept for as long as that stays the same.
#[derive(Default)]
pub struct Stencil {
    /// Made when words are first wanted: it looks for the system's fonts.
    typesetter: Option<Typesetter>,
    /// What the mask shows.
    key: Option<Key>,
    mask: Mask,
    /// How often it has changed.
    changes: u64,
    /// Room for the sums of a picture's ground.
    pub ground: Vec<[f32; 3]>,
}

/// What a mask depends on.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    text: Arc<str>,
    size: [usize; 2],
    letters: f32,
}

impl Stencil {
    /// Sets what is to be seen in a scene of `size` pixels, unless that is what it shows. `None` where
    /// no words are to be seen. Allocates where the words change.
    pub fn set(&mut self, scene: &Scene, size: [usize; 2]) -> Option<Letters> {
        if scene.controls.words == Lettering::Off {
            return None;
        }
        // Before the first line, so that this one is not late for having to look for fonts.
        let typesetter = self.typesetter.get_or_insert_with(Typesetter::new);
        let sung = scene.sung.as_ref()?;
        let [width, height] = size.map(|side| side as f32);
        let letters = scene.controls.words_size.clamp(0.01, 1.0) * height;
        let fineness = (FINEST / width).min(1.0);
        let is_set = self.key.as_ref().is_some_and(|key| {
            Arc::ptr_eq(&key.text, &sung.text) && key.size == size && key.letters == letters
        });
        if !is_set {
            let room = [(1.0 - 2.0 * SAFE) * width, TALLEST * height];
            let room = room.map(|side| side * fineness);
            self.mask = typesetter.set(&sung.text, letters * fineness, room);
            self.key = Some(Key {
                text: Arc::clone(&sung.text),
                size,
                letters,
            });
            self.changes += 1;
        }
        if self.mask.is_empty() {
            return None;
        }
        let tall = self.mask.body[1] / fineness;
        let half = 0.5 * tall + SAFE * height;
        let middle = match scene.controls.words_place {
            WordsPlace::Bottom => height - half,
            WordsPlace::Middle => 0.5 * height,
            WordsPlace::Top => half,
        };
        let place = [0.5 * width, middle];
        Some(Letters::of(
            scene, sung, &self.mask, place, fineness, height,
        ))
    }

    /// Counts how often the mask has changed.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The mask that was set last.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }
}

/// Most characters that are named.
const MOST_NAMED: usize = 12;

/// What no font here can draw of the words that may stand on stage, in a sentence.
pub fn unwritable(libretto: &Libretto) -> Option<String> {
    let mut typesetter = Typesetter::new();
    let mut missing = BTreeSet::new();
    libretto
        .texts()
        .for_each(|text| typesetter.missing(text, &mut missing));
    let named = missing.iter().take(MOST_NAMED).map(char::to_string);
    let named: Vec<String> = named.collect();
    let more = match missing.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = named.join(" ");
    (!missing.is_empty()).then(|| {
        format!("no font here has letters for {named}{more}, which are left out of the words that are shown")
    })
}
