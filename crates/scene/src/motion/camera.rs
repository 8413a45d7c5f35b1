//! How the picture is framed and bent.

use super::hash::Hash;
use super::moment::Moment;

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
    /// Sectors of a kaleidoscope around the middle of the screen, each mirrored in itself, up to
    /// [`MOST_SECTORS`]; 0 and 1 for none.
    pub symmetry: u8,
}

/// The most sectors that a kaleidoscope has: thinner ones show too little of the picture.
pub const MOST_SECTORS: u8 = 12;

impl Default for Camera {
    fn default() -> Self {
        Self {
            zoom: 1.0,
            rotation: 0.0,
            shift: [0.0; 2],
            symmetry: 1,
        }
    }
}

/// A slow, liquid bending of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Warp {
    /// Largest displacement, in picture heights (0 to about 0.05).
    pub amount: f32,
    /// Where the waves are, in radians; grows with the song, and in a loop swings.
    pub phase: f32,
    /// A ripple that leaves the centre with an onset: its strength (picture heights)...
    pub ripple: f32,
    /// ...and its radius so far, in picture heights.
    pub ripple_radius: f32,
}

/// What drives the camera at one moment; all 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Drive {
    /// How hard the bass hits just now.
    pub bass: f32,
    /// How fresh and strong the last onset is.
    pub onset: f32,
    /// How loud the music is.
    pub loudness: f32,
    /// How excited the music is.
    pub excitement: f32,
    /// How strongly the picture moves on each beat.
    pub pulse: f32,
    /// How much more on a bar's first.
    pub accent: f32,
}

const CAMERA_STREAM: u64 = 0xCA;

/// Bars that one slow turn back and forth takes.
const SWAY_BARS: f64 = 16.0;

/// Zoom on a beat of full pulse: at a picture's edge some sixteen of 720 lines.
const PULSE_ZOOM: f32 = 0.045;

/// Share of it that the calmest music keeps.
const CALM_PULSE: f32 = 0.1;

/// The camera at a moment: a slow sway, a zoom that bass and beats pump, a shake that dies within the beat.
pub fn camera_at(seed: u64, at: Moment, drive: Drive, bass_motion: f32) -> Camera {
    let sway = std::f64::consts::TAU * at.drift_bars() / SWAY_BARS;
    let phase = at.phase() as f32;
    let angle = std::f64::consts::TAU * Hash::new(seed, CAMERA_STREAM, at.beat()).uniform();
    // Two swings within the beat, gone before the next one chooses another direction.
    let swing = (phase * 2.0 * std::f32::consts::TAU).sin() * (1.0 - phase).powi(4);
    let shake = 0.03 * bass_motion * drive.bass * drive.excitement * swing;
    let drift = 0.03 + 0.03 * drive.excitement;
    let accent = 1.0 + 2.5 * drive.accent * f32::from(at.is_downbeat());
    let strength = drive.pulse * (CALM_PULSE + (1.0 - CALM_PULSE) * drive.excitement);
    let pulse = PULSE_ZOOM * strength * accent * (1.0 - phase).powi(3);
    Camera {
        zoom: 1.05
            + pulse
            + 0.04 * (sway * 0.5).sin() as f32
            + bass_motion * (0.02 + 0.10 * drive.excitement) * drive.bass,
        rotation: (0.03 + 0.05 * drive.excitement) * sway.sin() as f32,
        shift: [
            drift * (sway * 0.75).cos() as f32 + shake * angle.cos() as f32,
            drift * (sway * 1.25).sin() as f32 + shake * angle.sin() as f32,
        ],
        symmetry: 1,
    }
}

/// The bending at a moment: liquid waves that excitement deepens, and a ripple from each beat.
pub fn warp_at(at: Moment, drive: Drive) -> Warp {
    let phase = at.phase() as f32;
    Warp {
        amount: 0.006 + 0.016 * drive.excitement * (0.4 + 0.6 * drive.loudness),
        phase: (std::f64::consts::TAU * at.drift() / 16.0) as f32,
        ripple: 0.02 * drive.onset * drive.excitement * (1.0 - phase).powi(2),
        ripple_radius: 1.2 * phase,
    }
}
