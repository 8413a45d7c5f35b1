//! What words have one see, and where that lies in a painter's latent space.
//!
//! Some hundred places of each built-in look are known by what an image network sees there and by their colours. Words and
//! places lie in one space, in which a sentence embedding tells things apart; a line lies where its words draw it
//! ([`Imagery::evoked`]), and the place that is nearest to it, and near to its mood, shows it best ([`Imagery::nearest`]). A
//! picture has its place between where the network sees what it sees in the picture ([`Imagery::like`]) and where an encoder leads that
//! learned from what the painter painted ([`Imagery::encoded`]); who has a moment has some of them painted and looked at
//! ([`Imagery::refined`], [`Easel`]).
//! `training/imagery` made the bank, `models/imagery.md` says how good it is.

mod bank;
mod easel;
mod encoder;
mod likeness;

pub use bank::{Place, USED};
pub use easel::Easel;
pub use likeness::Likeness;

use std::sync::OnceLock;

use crate::dense::File;
use crate::weights::{IMAGERY, Papers, WeightsFault};
use crate::words::spelling;
use bank::{Bank, Vectors, WIDTH, unit};
use encoder::Encoder;
use likeness::{EYE, FEATURES};

/// The bank that comes with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/imagery.safetensors");

/// What the file of these weights says of them.
///
/// # Errors
/// When the file that was built in is damaged, which a test rules out.
pub fn papers() -> Result<Papers, WeightsFault> {
    Papers::of(&IMAGERY, BUILT_IN)
}

/// Words of a line that count.
const LONGEST_LINE: usize = 32;

/// Known places that are painted to find one that is like a picture.
const TRIED: usize = 8;

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
    encoder: Encoder,
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
        let named: Vec<_> = file.header.text("looks")?.split(',').collect();
        let looks = named.iter().map(|look| Bank::read(&file, look));
        let looks: Result<_, _> = looks.collect();
        Ok(Self {
            vectors: Vectors::read(&file)?,
            eye: (
                file.read("eye", &[EYE, FEATURES])?,
                file.read("eye.offset", &[EYE])?,
            ),
            looks: looks?,
            encoder: Encoder::read(&file, &named)?,
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

    /// The known place of a look, by its number in the family, that looks most like a picture; none where there is no such look.
    pub fn like(&self, look: usize, picture: &Likeness) -> Option<Place> {
        self.known(look, picture, 1)?.pop()
    }

    /// So many known places of a look that are most like a picture, the nearest first.
    fn known(&self, look: usize, picture: &Likeness, count: usize) -> Option<Vec<Place>> {
        let (matrix, offset) = &self.eye;
        let seen = picture.seen(matrix, offset);
        let look = self.looks.get(look)?;
        Some(look.like(&seen, &picture.colours, count))
    }

    /// Where the painter of a look, by its number in the family, would paint the like of a picture in a mood (valence and arousal,
    /// each -1 to 1), as an encoder says and the nearest known place: a direction of length 1. None where there is no such look.
    pub fn encoded(&self, look: usize, picture: &Likeness, mood: [f32; 2]) -> Option<[f32; USED]> {
        let encoded = self.encoder.place(look, picture, mood)?;
        let known = self.like(look, picture)?.z;
        Some(unit(std::array::from_fn(|k| encoded[k] + known[k])))
    }

    /// As [`encoded`](Self::encoded), but of some places that could be meant the one whose picture is most like: `paint` says what is
    /// painted at a place in that mood, and is asked ten times.
    pub fn refined(
        &self,
        look: usize,
        picture: &Likeness,
        mood: [f32; 2],
        mut paint: impl FnMut(&[f32; USED]) -> Option<Likeness>,
    ) -> Option<[f32; USED]> {
        let between = self.encoded(look, picture, mood)?;
        let known = self.known(look, picture, TRIED)?.into_iter();
        let tried = [between, self.encoder.place(look, picture, mood)?];
        let mut best = (f32::NEG_INFINITY, between);
        for z in tried.into_iter().chain(known.map(|place| place.z)) {
            let painted = paint(&z);
            let alike = painted.and_then(|painted| self.encoder.alike(look, picture, &painted));
            if let Some(alike) = alike.filter(|alike| *alike > best.0) {
                best = (alike, z);
            }
        }
        Some(best.1)
    }
}

#[cfg(test)]
mod tests;
