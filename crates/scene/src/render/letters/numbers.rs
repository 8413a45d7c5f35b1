//! Words, as both renderers are told of them.

use super::mask::Mask;
use crate::render::wgsl::shared;
use crate::show::{Scene, Sung};

shared! {
    /// Words, as both renderers are told of them.
    pub struct Letters {
        /// Their middle, in pixels of the picture.
        pub place: [f32; 2],
        /// The mask's middle, in its pixels.
        pub middle: [f32; 2],
        /// The mask's pixels across and down.
        pub mask: [u32; 2],
        /// Pixels of the mask to one of the picture.
        pub scale: f32,
        /// Height of a line, in pixels of the picture.
        pub line: f32,
        /// Which of [`Lettering`]'s ways.
        pub style: u32,
        /// What their roughness is drawn from.
        pub seed: u32,
        /// How far they have come, 0 to 1.
        pub rise: f32,
        /// How far they have gone, 0 to 1.
        pub fall: f32,
        /// The share of them that has been sung, 0 to 1.
        pub through: f32,
        /// How much the music moves them, 0 to 1.
        pub energy: f32,
        /// Pixels of the picture from one place to the next at which its ground is looked at.
        pub lattice: f32,
        /// Pictures of a projector since the song began.
        pub tick: f32,
        /// What burns, sRGB-encoded; and nothing.
        pub ember: [f32; 4],
    }
}

/// Pixels between two looks at the ground, in heights of the picture.
pub const LATTICE: f32 = 0.035;
/// How much larger the music makes words at most.
pub const SWELL: f32 = 0.04;
/// How far a brush and a flame stray from the letters, in heights of a line.
pub const STRAY: [f32; 2] = [0.045, 0.02];
/// Share of a text over which what has been sung turns into what has not.
pub const TURN: f32 = 0.025;
/// Lightness of paint, and of letters that have not been sung.
pub const INK: [f32; 2] = [0.94, 0.52];
/// How dark the ground becomes about words where it is bright, and where it is dark.
pub const SHADE: [f32; 2] = [0.80, 0.34];
/// How strongly the edges of paint catch the light.
pub const EDGE: f32 = 0.55;
/// What fire leaves of a ground's light.
pub const CHAR: f32 = 0.10;
/// How strongly embers light what is around them.
pub const GLOW: f32 = 0.42;

/// What fire is like where nothing else is said, sRGB-encoded.
const FIRE: [f32; 3] = [1.0, 0.60, 0.22];
/// Share of the picture's own light in it.
const OWN_FIRE: f32 = 0.35;

impl Letters {
    /// What is sung in a scene of `height` pixels, whose mask stands with its middle at `place`, with
    /// `fineness` of its pixels to one of the picture.
    pub fn of(
        scene: &Scene,
        sung: &Sung,
        mask: &Mask,
        place: [f32; 2],
        fineness: f32,
        height: f32,
    ) -> Self {
        let light = scene.grade.palette[2].map(|x| {
            if x.is_finite() {
                x.clamp(0.0, 1.0)
            } else {
                0.5
            }
        });
        let ember = [0, 1, 2].map(|k| FIRE[k] + OWN_FIRE * (light[k] - FIRE[k]));
        let share = |x: f32| {
            if x.is_finite() {
                x.clamp(0.0, 1.0)
            } else {
                0.0
            }
        };
        Self {
            place,
            middle: mask.size.map(|side| 0.5 * side as f32),
            mask: mask.size.map(|side| side as u32),
            scale: fineness / (1.0 + SWELL * share(sung.energy)),
            line: mask.line / fineness,
            style: scene.controls.words as u32,
            seed: sung.number,
            rise: share(sung.rise),
            fall: share(sung.fall),
            through: share(sung.through),
            energy: share(sung.energy),
            lattice: (LATTICE * height).max(1.0),
            tick: scene.tick as f32,
            ember: [ember[0], ember[1], ember[2], 0.0],
        }
    }

    /// The pixels of the picture that they may change: left, top (inside), right, bottom (outside).
    pub(super) fn bounds(&self, size: [usize; 2]) -> [usize; 4] {
        let reach = |k: usize| self.middle[k] / self.scale + STRAY[0] * self.line;
        let low = |k: usize| {
            (self.place[k] - reach(k))
                .floor()
                .clamp(0.0, size[k] as f32) as usize
        };
        let high = |k: usize| (self.place[k] + reach(k)).ceil().clamp(0.0, size[k] as f32) as usize;
        [low(0), low(1), high(0), high(1)]
    }
}
