//! The file: vectors of words, and the places of each look.

use super::likeness::{COLOURS, EYE};
use crate::dense::File;
use crate::emotion::lab;
use crate::weights::WeightsFault;

/// Numbers of the space in which words and places lie.
pub(super) const WIDTH: usize = 48;

/// Numbers of a latent vector that the built-in looks use.
pub const USED: usize = 128;

/// What a whole unit of distance between moods weighs beside a similarity of 1.
const MOOD: f32 = 0.1;

/// What a squared distance of colours weighs beside a similarity of 1, in CIE Lab whose lightness goes to 1.
const COLOUR: f32 = 0.8;

/// Most words, places of a look, and bytes of a text in a file.
const MOST_WORDS: usize = 100_000;
const MOST_PLACES: usize = 10_000;
const LONGEST_TEXT: usize = 1 << 22;

/// Where each word draws a line.
pub(super) struct Vectors {
    /// In the order of their bytes.
    words: Vec<&'static str>,
    rows: &'static [u8],
    /// What a step of each row is worth.
    steps: Vec<f32>,
}

/// The places of a look.
pub(super) struct Bank {
    /// What each place shows, [`WIDTH`] numbers of length 1 each.
    pub about: Vec<[f32; WIDTH]>,
    /// The mood in which it was seen, in steps of 1/127.
    moods: &'static [u8],
    latents: &'static [u8],
    seen: Vec<&'static str>,
    /// What an image network sees there, a direction each.
    views: Vec<[f32; EYE]>,
    /// CIE Lab of the fields of each place's picture.
    colours: Vec<[[f32; 3]; COLOURS]>,
}

/// A place of a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its number among those of its look.
    pub number: usize,
    /// The direction there, of length 1.
    pub z: [f32; USED],
    /// Valence and arousal in which it was seen.
    pub mood: [f32; 2],
    /// What is seen there more than elsewhere: `fountain, carousel; green`.
    pub seen: &'static str,
    /// How near what it shows is to what was evoked, -1 to 1.
    pub similarity: f32,
}

/// Bytes are signed numbers.
fn signed(byte: u8) -> f32 {
    f32::from(byte.cast_signed())
}

fn dot<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(super) fn unit<const N: usize>(x: [f32; N]) -> [f32; N] {
    let length = x.iter().map(|x| x * x).sum::<f32>().sqrt();
    x.map(|x| x / length.max(f32::MIN_POSITIVE))
}

/// A text of the file, a line each.
fn lines(
    file: &File<'static>,
    name: &str,
    length: &str,
    count: usize,
) -> Result<Vec<&'static str>, WeightsFault> {
    let fault = || WeightsFault::Header(format!("its {name} is not the list that it promises"));
    let length = file.header.number(length, LONGEST_TEXT)?;
    let text = std::str::from_utf8(file.bytes(name, &[length])?).map_err(|_| fault())?;
    let lines: Vec<_> = text.split('\n').collect();
    if lines.len() == count {
        Ok(lines)
    } else {
        Err(fault())
    }
}

impl Vectors {
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'static>) -> Result<Self, WeightsFault> {
        let count = file.header.number("words", MOST_WORDS)?;
        let words = lines(file, "words", "list", count)?;
        if !words.is_sorted() {
            let fault = "its list of words is not in order";
            return Err(WeightsFault::Header(fault.to_owned()));
        }
        Ok(Self {
            words,
            rows: file.bytes("vectors", &[count, WIDTH])?,
            steps: file.read("steps", &[count])?,
        })
    }

    /// Adds the vector of a word, where it is known.
    pub fn add(&self, word: &str, sum: &mut [f32; WIDTH]) {
        if let Ok(row) = self.words.binary_search(&word) {
            let bytes = &self.rows[row * WIDTH..][..WIDTH];
            for (sum, byte) in sum.iter_mut().zip(bytes) {
                *sum += self.steps[row] * signed(*byte);
            }
        }
    }
}

impl Bank {
    /// # Errors
    /// When the file contradicts itself.
    pub fn read(file: &File<'static>, look: &str) -> Result<Self, WeightsFault> {
        let count = file.header.number("places", MOST_PLACES)?;
        let of = |what: &str, width| file.bytes(&format!("{what}.{look}"), &[count, width]);
        let rows = of("about", WIDTH)?.as_chunks::<WIDTH>().0;
        let seen = format!("seen.{look}");
        let views = of("eye", EYE)?.as_chunks::<EYE>().0;
        let (fields, _) = of("colours", 3 * COLOURS)?.as_chunks::<3>();
        let colours = fields.as_chunks::<COLOURS>().0.iter();
        let srgb = |colour: [u8; 3]| lab(colour.map(|x| f32::from(x) / 255.0));
        Ok(Self {
            about: rows.iter().map(|row| unit(row.map(signed))).collect(),
            moods: of("mood", 2)?,
            latents: of("z", USED)?,
            seen: lines(file, &seen, &seen, count)?,
            views: views.iter().map(|row| unit(row.map(signed))).collect(),
            colours: colours.map(|fields| fields.map(srgb)).collect(),
        })
    }

    /// The place that shows best what lies at `evoked`, in a mood.
    pub fn nearest(&self, evoked: &[f32; WIDTH], mood: [f32; 2]) -> Option<Place> {
        self.ranked(1, |number| {
            let similarity = dot(&self.about[number], evoked);
            let [valence, arousal] = self.mood(number);
            let far = (valence - mood[0]).hypot(arousal - mood[1]);
            (similarity, similarity - MOOD * far)
        })
        .pop()
    }

    /// So many places at which an image network sees most nearly what it sees in a picture of these colours, the nearest first.
    pub fn like(
        &self,
        seen: &[f32; EYE],
        colours: &[[f32; 3]; COLOURS],
        count: usize,
    ) -> Vec<Place> {
        self.ranked(count, |number| {
            let similarity = dot(&self.views[number], seen);
            let pairs = self.colours[number]
                .as_flattened()
                .iter()
                .zip(colours.as_flattened());
            let far = pairs.map(|(a, b)| (a - b).powi(2)).sum::<f32>() / COLOURS as f32;
            (similarity, similarity - COLOUR * far)
        })
    }

    /// So many places of the best scores, the best first; beside each score, how near the place is.
    fn ranked(&self, count: usize, score: impl Fn(usize) -> (f32, f32)) -> Vec<Place> {
        let scored = (0..self.about.len()).map(|number| (number, score(number)));
        let mut scored: Vec<_> = scored.collect();
        scored.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
        scored.truncate(count);
        let place = |(number, (similarity, _)): (usize, _)| Place {
            number,
            z: unit(self.latents.as_chunks::<USED>().0[number].map(signed)),
            mood: self.mood(number),
            seen: self.seen[number],
            similarity,
        };
        scored.into_iter().map(place).collect()
    }

    fn mood(&self, number: usize) -> [f32; 2] {
        self.moods.as_chunks::<2>().0[number].map(|byte| signed(byte) / 127.0)
    }
}
