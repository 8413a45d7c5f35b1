//! What words have one see, and where that lies in a painter's latent space.
//!
//! Some hundred places of each built-in look are known by what an image network sees there and by their colours. Words and
//! places lie in one space, in which a sentence embedding tells things apart; a line lies where its words draw it
//! ([`Imagery::evoked`]), and the place that is nearest to it, and near to its mood, shows it best ([`Imagery::nearest`]). A
//! picture has its place where the network sees what it sees in the picture, and where the colours are like ([`Imagery::like`]).
//! `training/imagery` made the bank, `models/imagery.md` says how good it is.

mod bank;
mod likeness;

pub use bank::{Place, USED};
pub use likeness::Likeness;

use std::sync::OnceLock;

use crate::dense::File;
use crate::weights::{IMAGERY, WeightsFault};
use crate::words::spelling;
use bank::{Bank, Vectors, WIDTH};
use likeness::{EYE, FEATURES};

/// The bank that comes with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/imagery.safetensors");

/// Words of a line that count.
const LONGEST_LINE: usize = 32;

/// What a line has one see: a direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Evoked([f32; WIDTH]);

/// What is known of words and of places.
pub struct Imagery {
    vectors: Vectors,
    /// What leads from an image network's features to directions in which places differ, a row each; and what is added.
    eye: (Vec<f32>, Vec<f32>),
    /// Of each look, in the family's order.
    looks: Vec<Bank>,
}

impl Imagery {
    /// The one that comes with Synopsia, read once.
    ///
    /// # Errors
    /// When the file that was built in is damaged, which a test rules out.
    pub fn built_in() -> Result<&'static Self, WeightsFault> {
        static IMAGERY: OnceLock<Result<Imagery, WeightsFault>> = OnceLock::new();
        let imagery = IMAGERY.get_or_init(|| Imagery::new(BUILT_IN));
        imagery.as_ref().map_err(Clone::clone)
    }

    fn new(bytes: &'static [u8]) -> Result<Self, WeightsFault> {
        let file = File::new(&IMAGERY, bytes)?;
        let looks = file.header.text("looks")?.split(',');
        let looks: Result<_, _> = looks.map(|look| Bank::read(&file, look)).collect();
        Ok(Self {
            vectors: Vectors::read(&file)?,
            eye: (
                file.read("eye", &[EYE, FEATURES])?,
                file.read("eye.offset", &[EYE])?,
            ),
            looks: looks?,
        })
    }

    /// How many looks have places.
    pub fn looks(&self) -> usize {
        self.looks.len()
    }

    /// What a line has one see; nothing where none of its words is known.
    pub fn evoked(&self, line: &str) -> Option<Evoked> {
        let mut sum = [0.0; WIDTH];
        for word in spelling::words_of(line).iter().take(LONGEST_LINE) {
            self.vectors.add(&spelling::plain(word), &mut sum);
        }
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        (length > 0.0).then(|| Evoked(sum.map(|x| x / length)))
    }

    /// The place of a look, by its number in the family, that shows best what a line evokes in a mood (valence and arousal, each
    /// -1 to 1); none where there is no such look.
    pub fn nearest(&self, look: usize, evoked: &Evoked, mood: [f32; 2]) -> Option<Place> {
        self.looks.get(look)?.nearest(&evoked.0, mood)
    }

    /// The place of a look, by its number in the family, that looks most like a picture; none where there is no such look.
    pub fn like(&self, look: usize, picture: &Likeness) -> Option<Place> {
        let (matrix, offset) = &self.eye;
        let seen = picture.seen(matrix, offset);
        self.looks.get(look)?.like(&seen, &picture.colours)
    }
}

#[cfg(test)]
mod tests;
