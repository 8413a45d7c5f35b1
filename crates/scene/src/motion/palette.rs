//! The colours of an emotion, or of the performer's choice.

use serde::{Deserialize, Serialize};

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

/// Luma weights of Rec. 709.
pub const LUMA: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Luma of a colour.
pub fn luma(colour: [f32; 3]) -> f32 {
    LUMA[0] * colour[0] + LUMA[1] * colour[1] + LUMA[2] * colour[2]
}

impl Grade {
    /// The same with `by` times the colour, in the painter's colours and in the palette's alike: 0
    /// is grey, 1 changes nothing.
    pub fn coloured(self, by: f32) -> Self {
        let palette = self.palette.map(|tone| {
            let own = luma(tone);
            tone.map(|channel| channel + (by - 1.0) * (channel - own))
        });
        Self {
            palette,
            saturation: by * self.saturation,
            ..self
        }
    }
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

/// Whose colours the picture takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Palette {
    /// Those of the emotion.
    #[default]
    Mood,
    /// The painter's own.
    AsPainted,
    /// Glowing coals.
    Ember,
    /// Deep water and foam.
    Ocean,
    /// Green light in a violet night.
    Aurora,
    /// Magenta and cyan tubes.
    Neon,
    /// The last light over purple hills.
    Dusk,
    /// Gold leaf on slate.
    Gold,
    /// Blue shade, white snow.
    Ice,
    /// Petals.
    Rose,
    /// Black and white.
    Mono,
}

/// A palette of its own: what it does to colours whatever the emotion.
struct Fixed {
    /// sRGB shadows, middle tones and lights.
    tones: [[f32; 3]; 3],
    /// How far colours move to the tones, 0 to 1.
    tint: f32,
    /// How much of the painter's own colour stays, before the tint takes its share.
    saturation: f32,
    /// Times the emotion's contrast: paintings keep to middle tones, where a palette shows one of
    /// its three colours only.
    contrast: f32,
}

impl Palette {
    /// All palettes, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Mood,
        Self::AsPainted,
        Self::Ember,
        Self::Ocean,
        Self::Aurora,
        Self::Neon,
        Self::Dusk,
        Self::Gold,
        Self::Ice,
        Self::Rose,
        Self::Mono,
    ];

    /// Its name, as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mood => "Mood",
            Self::AsPainted => "As painted",
            Self::Ember => "Ember",
            Self::Ocean => "Ocean",
            Self::Aurora => "Aurora",
            Self::Neon => "Neon",
            Self::Dusk => "Dusk",
            Self::Gold => "Gold",
            Self::Ice => "Ice",
            Self::Rose => "Rose",
            Self::Mono => "Mono",
        }
    }

    /// Its own colours; none for [`Palette::Mood`], which has the emotion's. Chosen by eye, on
    /// paintings of both models: a tint keeps lightness, so it is hue and chroma that count.
    fn fixed(self) -> Option<Fixed> {
        let fixed = |tint, saturation, contrast, tones| {
            Some(Fixed {
                tones,
                tint,
                saturation,
                contrast,
            })
        };
        let greys = [[0.0; 3], [0.5; 3], [1.0; 3]];
        match self {
            Self::Mood => None,
            Self::AsPainted => fixed(0.0, 1.0, 1.0, greys),
            Self::Ember => fixed(
                0.95,
                0.50,
                1.15,
                [[0.36, 0.00, 0.10], [0.92, 0.26, 0.04], [1.00, 0.85, 0.24]],
            ),
            Self::Ocean => fixed(
                0.95,
                0.50,
                1.12,
                [[0.00, 0.04, 0.50], [0.00, 0.47, 0.60], [0.52, 1.00, 0.82]],
            ),
            Self::Aurora => fixed(
                0.95,
                0.55,
                1.12,
                [[0.32, 0.00, 0.66], [0.00, 0.62, 0.52], [0.70, 1.00, 0.38]],
            ),
            Self::Neon => fixed(
                1.00,
                0.60,
                1.20,
                [[0.14, 0.00, 0.64], [1.00, 0.06, 0.64], [0.00, 1.00, 0.95]],
            ),
            Self::Dusk => fixed(
                0.95,
                0.50,
                1.12,
                [[0.10, 0.04, 0.56], [0.62, 0.22, 0.52], [1.00, 0.68, 0.24]],
            ),
            Self::Gold => fixed(
                0.95,
                0.35,
                1.20,
                [[0.08, 0.09, 0.26], [0.74, 0.46, 0.06], [1.00, 0.90, 0.44]],
            ),
            Self::Ice => fixed(
                0.90,
                0.25,
                1.18,
                [[0.04, 0.10, 0.38], [0.40, 0.62, 0.82], [0.92, 0.98, 1.00]],
            ),
            Self::Rose => fixed(
                0.90,
                0.45,
                1.10,
                [[0.42, 0.00, 0.38], [0.92, 0.30, 0.46], [1.00, 0.86, 0.80]],
            ),
            Self::Mono => fixed(1.0, 0.0, 1.30, greys),
        }
    }
}

/// How far the strongest mood moves the colours towards its palette.
const LARGEST_TINT: f32 = 0.45;

/// The grade of an emotion: its classes' light and colours mixed by weight, or its light and the
/// colours of a `palette` of the performer's choice. `strength` 0 leaves light, and the emotion's
/// colours, as painted.
pub fn grade_of(emotion: &Emotion, strength: f32, palette: Palette) -> Grade {
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
    let (tones, tint, saturation, contrast) = match palette.fixed() {
        None => (
            mixed.palette,
            strength * LARGEST_TINT * (0.25 + 0.75 * intensity),
            towards(mixed.saturation, 1.0),
            1.0,
        ),
        Some(own) => (own.tones, own.tint, own.saturation, own.contrast),
    };
    Grade {
        palette: tones,
        tint,
        saturation,
        brightness: towards(mixed.brightness, 0.0),
        contrast: contrast * towards(mixed.contrast, 1.0),
        vignette: 0.25 + 0.20 * strength * (0.5 - 0.5 * emotion.valence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_strength_leaves_the_painters_colours() {
        let grade = grade_of(&Emotion::at(-0.8, 0.8, 1.0), 0.0, Palette::Mood);
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
        let happy = grade_of(&Emotion::at(0.7, 0.7, 1.0), 1.0, Palette::Mood);
        let sad = grade_of(&Emotion::at(-0.8, -0.4, 1.0), 1.0, Palette::Mood);
        let calm = grade_of(&Emotion::at(0.8, -0.5, 1.0), 1.0, Palette::Mood);
        let angry = grade_of(&Emotion::at(-0.5, 0.8, 1.0), 1.0, Palette::Mood);
        assert!(difference(&happy, &sad) > 0.15);
        assert!(difference(&calm, &angry) > 0.15);
        assert!(happy.saturation > sad.saturation + 0.2);
    }

    #[test]
    fn palettes_have_names_and_colours_of_their_own() {
        let mood = Emotion::at(0.3, 0.3, 1.0);
        let grades = Palette::ALL.map(|palette| grade_of(&mood, 1.0, palette));
        for (i, a) in Palette::ALL.into_iter().enumerate() {
            for (j, b) in Palette::ALL.into_iter().enumerate().skip(i + 1) {
                assert_ne!(a.name(), b.name());
                assert_ne!(grades[i], grades[j], "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn a_chosen_palette_keeps_its_colours_in_every_mood_and_takes_its_light() {
        for palette in &Palette::ALL[1..] {
            let dark = grade_of(&Emotion::at(-0.8, -0.4, 1.0), 1.0, *palette);
            let bright = grade_of(&Emotion::at(0.7, 0.4, 1.0), 1.0, *palette);
            assert_eq!((dark.palette, dark.tint), (bright.palette, bright.tint));
            assert!(bright.brightness > dark.brightness);
        }
    }

    #[test]
    fn no_colour_is_grey_and_the_same_colour_is_the_same() {
        for palette in Palette::ALL {
            let grade = grade_of(&Emotion::at(0.5, -0.5, 1.0), 1.0, palette);
            assert_eq!(grade.coloured(1.0), grade);
            let grey = grade.coloured(0.0);
            assert_eq!(grey.saturation, 0.0);
            for tone in grey.palette {
                assert!(tone.iter().all(|channel| (channel - tone[0]).abs() < 1e-6));
            }
        }
    }
}
