//! The colours of an emotion.

use crate::emotion::{CLASSES, Emotion};

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

/// How one class colours the picture.
struct ClassColours {
    /// sRGB shadows, middle tones and lights.
    palette: [[f32; 3]; 3],
    saturation: f32,
    brightness: f32,
    contrast: f32,
}

/// In the order of [`crate::emotion::CLASS_NAMES`]. Chosen by eye, after common
/// associations: warm and bright for pleasant excitement, green and blue for rest, red and
/// black for anger, violet for fear, sour green for disgust, blue-grey for sadness.
const COLOURS: [ClassColours; CLASSES] = [
    // amusement: sunny, playful
    ClassColours {
        palette: [[0.30, 0.10, 0.26], [0.96, 0.56, 0.24], [1.00, 0.93, 0.62]],
        saturation: 1.12,
        brightness: 0.05,
        contrast: 1.02,
    },
    // contentment: meadow and morning
    ClassColours {
        palette: [[0.07, 0.22, 0.27], [0.45, 0.68, 0.47], [0.98, 0.95, 0.80]],
        saturation: 0.95,
        brightness: 0.05,
        contrast: 0.92,
    },
    // awe: deep blue under gold
    ClassColours {
        palette: [[0.04, 0.05, 0.25], [0.36, 0.36, 0.80], [1.00, 0.90, 0.66]],
        saturation: 1.10,
        brightness: 0.02,
        contrast: 1.06,
    },
    // excitement: hot and electric
    ClassColours {
        palette: [[0.24, 0.02, 0.30], [0.96, 0.24, 0.36], [1.00, 0.86, 0.36]],
        saturation: 1.16,
        brightness: 0.04,
        contrast: 1.06,
    },
    // anger: red on black
    ClassColours {
        palette: [[0.07, 0.01, 0.03], [0.72, 0.08, 0.06], [1.00, 0.62, 0.30]],
        saturation: 1.12,
        brightness: -0.05,
        contrast: 1.06,
    },
    // disgust: sour green
    ClassColours {
        palette: [[0.10, 0.09, 0.05], [0.42, 0.46, 0.14], [0.86, 0.84, 0.48]],
        saturation: 0.92,
        brightness: -0.04,
        contrast: 1.08,
    },
    // fear: violet dark, cold light
    ClassColours {
        palette: [[0.04, 0.02, 0.10], [0.30, 0.18, 0.48], [0.72, 0.86, 0.94]],
        saturation: 0.85,
        brightness: -0.05,
        contrast: 1.10,
    },
    // sadness: rain
    ClassColours {
        palette: [[0.05, 0.09, 0.17], [0.29, 0.41, 0.55], [0.78, 0.83, 0.88]],
        saturation: 0.68,
        brightness: -0.05,
        contrast: 0.95,
    },
];

/// How far the strongest mood moves the colours towards its palette.
const LARGEST_TINT: f32 = 0.45;

/// The grade of an emotion: its classes' colours mixed by weight. `strength` 0 leaves colours as
/// painted.
pub fn grade_of(emotion: &Emotion, strength: f32) -> Grade {
    let mut mixed = Grade {
        palette: [[0.0; 3]; 3],
        tint: 0.0,
        saturation: 0.0,
        brightness: 0.0,
        contrast: 0.0,
        vignette: 0.0,
    };
    for (weight, colours) in emotion.classes.iter().zip(&COLOURS) {
        for (tone, colour) in mixed.palette.iter_mut().zip(colours.palette) {
            for (mixed, channel) in tone.iter_mut().zip(colour) {
                *mixed += weight * channel;
            }
        }
        mixed.saturation += weight * colours.saturation;
        mixed.brightness += weight * colours.brightness;
        mixed.contrast += weight * colours.contrast;
    }
    let towards = |value: f32, neutral: f32| neutral + strength * (value - neutral);
    // A music that feels like nothing in particular leaves the painter's colours alone.
    let intensity = emotion.valence.hypot(emotion.arousal).min(1.0);
    Grade {
        palette: mixed.palette,
        tint: strength * LARGEST_TINT * (0.25 + 0.75 * intensity),
        saturation: towards(mixed.saturation, 1.0),
        brightness: towards(mixed.brightness, 0.0),
        contrast: towards(mixed.contrast, 1.0),
        vignette: 0.25 + 0.20 * strength * (0.5 - 0.5 * emotion.valence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_strength_leaves_the_painters_colours() {
        let grade = grade_of(&Emotion::at(-0.8, 0.8, 1.0), 0.0);
        assert_eq!(
            (
                grade.tint,
                grade.saturation,
                grade.brightness,
                grade.contrast
            ),
            (0.0, 1.0, 0.0, 1.0)
        );
    }

    #[test]
    fn opposite_moods_have_far_palettes() {
        let difference = |a: &Grade, b: &Grade| {
            let (a, b) = (a.palette.as_flattened(), b.palette.as_flattened());
            a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>() / 9.0
        };
        let happy = grade_of(&Emotion::at(0.7, 0.7, 1.0), 1.0);
        let sad = grade_of(&Emotion::at(-0.8, -0.4, 1.0), 1.0);
        let calm = grade_of(&Emotion::at(0.8, -0.5, 1.0), 1.0);
        let angry = grade_of(&Emotion::at(-0.5, 0.8, 1.0), 1.0);
        assert!(difference(&happy, &sad) > 0.15);
        assert!(difference(&calm, &angry) > 0.15);
        assert!(happy.saturation > sad.saturation + 0.2);
    }
}
