//! What is on stage at this moment.
//!
//! A [`Show`] hears audio frames, feels emotions and answers with a [`Scene`] for any song time.
//! It has no thread, no GPU and no clock of its own.

use crate::gan::Latent;

/// Where the performer's knobs are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controls {
    /// Bars from one keyframe to the next.
    pub bars_per_keyframe: f32,
    /// How strongly movement gathers on the beat: 0 even, 1 all at once.
    pub beat_strength: f32,
    /// How far an onset pushes the picture, 0 to 1.
    pub onset_push: f32,
    /// How strongly bass zooms and shakes, 0 to 1.
    pub bass_motion: f32,
    /// Largest truncation, 0 to 1.
    pub truncation: f32,
    /// How strongly emotion steers mood and palette, 0 to 1.
    pub mood_strength: f32,
    /// Trails, 0 (none) to 1.
    pub trails: f32,
    /// Brush strokes, 0 (none) to 1.
    pub brush: f32,
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            bars_per_keyframe: 2.0,
            beat_strength: 0.6,
            onset_push: 0.5,
            bass_motion: 0.5,
            truncation: 1.0,
            mood_strength: 1.0,
            trails: 0.35,
            brush: 0.6,
        }
    }
}

/// How the picture is framed. The identity shows the generator's square, cropped to the output's
/// aspect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Magnification; at least 1 keeps the edges out of sight when nothing else moves.
    pub zoom: f32,
    /// Turn, radians, counter-clockwise.
    pub rotation: f32,
    /// Shift of the view's centre, in picture heights, right and down.
    pub shift: [f32; 2],
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            rotation: 0.0,
            shift: [0.0; 2],
        }
    }
}

/// A slow, liquid bending of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Warp {
    /// Largest displacement, in picture heights (0 to about 0.05).
    pub amount: f32,
    /// Where the waves are, in radians; grows with the song.
    pub phase: f32,
    /// A ripple that leaves the centre with an onset: its strength (picture heights)...
    pub ripple: f32,
    /// ...and its radius so far, in picture heights.
    pub ripple_radius: f32,
}

/// The colours of a mood, and how they are laid on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grade {
    /// sRGB-encoded tints of the shadows, middle tones and lights.
    pub palette: [[f32; 3]; 3],
    /// How far colours move to the palette, 0 to 1.
    pub tint: f32,
    /// 0 grey, 1 as painted.
    pub saturation: f32,
    /// Added light, about -0.3 to 0.3.
    pub brightness: f32,
    /// 1 as painted.
    pub contrast: f32,
    /// Darkening of the corners, 0 to 1.
    pub vignette: f32,
}

impl Default for Grade {
    fn default() -> Self {
        Self {
            palette: [[0.0; 3], [0.5; 3], [1.0; 3]],
            tint: 0.0,
            saturation: 1.0,
            brightness: 0.0,
            contrast: 1.0,
            vignette: 0.0,
        }
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
}
