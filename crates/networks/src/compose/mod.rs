//! What music a picture asks for.
//!
//! A picture's mood and its course from left to right are what is [`Asked`]. A regression on cues (mode, tempo, register,
//! density, dynamics, articulation, who plays) says how music is made that should be heard so; a recurrent network draws bars of
//! that manner, token by token, within a grammar and a form in which phrases return; and an ear hears each take as it is
//! played, so that the nearest can be kept. `training/compose` made the network, `models/compose.md` says how good it is.

mod asked;
mod error;
mod form;
mod grammar;
mod heard;
mod instruments;
mod manner;
mod midi;
mod network;
mod sampler;
mod score;
mod takes;
mod tokens;

use crate::chance::Chance;
use crate::dense::File;
use crate::weights::{COMPOSE, Papers, WeightsFault};
pub use asked::Asked;
pub use error::ComposeError;
pub use heard::Heard;
pub use instruments::{Instruments, SAMPLE_RATE};
use manner::Cues;
pub use manner::{CUES, ENSEMBLES, Ensemble, Held, Manner};
pub use midi::ended;
use network::Network;
use sampler::Sampler;
use score::Player;
pub use score::{Note, Part, QUARTER, Score};
pub use takes::{Choice, Kept};

/// The weights that come with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/compose.safetensors");

/// What the file of these weights says of them.
///
/// # Errors
/// When the file that was built in is damaged, which a test rules out.
pub fn papers() -> Result<Papers, WeightsFault> {
    Papers::of(&COMPOSE, BUILT_IN)
}

/// What is wished of a piece, whatever its mood.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    /// At least 1.
    pub bars: usize,
    /// The tonic's pitch class, 0 to 11; `None` is left to chance.
    pub tonic: Option<u8>,
    pub held: Held,
    pub seed: u64,
}

/// Composes.
pub struct Composer {
    network: Network,
    cues: Cues,
}

impl Composer {
    /// The one that comes with Synopsia.
    ///
    /// # Errors
    /// When the program's own weights are damaged.
    pub fn built_in() -> Result<Self, ComposeError> {
        let file = File::new(&COMPOSE, BUILT_IN)?;
        Ok(Self {
            network: Network::read(&file)?,
            cues: Cues::read(&file)?,
        })
    }

    /// One of many takes of a piece that should be heard as it is asked. The same arguments give the same take.
    pub fn take(&self, asked: &Asked, wishes: &Wishes, number: usize) -> Score {
        // Another picture is other music, also where nobody chose a seed.
        let [valence, arousal] = asked.whole.map(|x| u64::from(x.to_bits()));
        let seed = wishes.seed ^ valence.rotate_left(32) ^ arousal;
        let wishes = &Wishes { seed, ..*wishes };
        let mut chance = Chance(seed_of(seed, number));
        let piece = self.cues.toward(asked.whole, wishes.held, &mut chance);
        let phrase = |mood: &[f32; 2]| self.cues.phrase(*mood, &piece, &mut chance);
        let manners: Vec<Manner> = asked.course.iter().map(phrase).collect();
        self.played(&manners, wishes, chance)
    }

    /// A piece of this manner throughout, whatever it will be heard as.
    pub fn in_manner(&self, manner: &Manner, wishes: &Wishes) -> Score {
        let manners = vec![*manner; form::phrases(wishes.bars)];
        self.played(&manners, wishes, Chance(seed_of(wishes.seed, 0)))
    }

    /// A manner by chance.
    pub fn any_manner(seed: u64) -> Manner {
        Manner::any(&mut Chance(seed_of(seed, 0)))
    }

    fn played(&self, manners: &[Manner], wishes: &Wishes, chance: Chance) -> Score {
        // All takes of a piece are in one key.
        let tonic = Chance(seed_of(wishes.seed, 0)).below(12) as u8;
        let mut sampler = Sampler {
            network: &self.network,
            chance,
        };
        let bars = sampler.bars(wishes.bars, manners);
        let mut player = Player {
            bars: &bars,
            manners,
            tonic: wishes.tonic.unwrap_or(tonic) % 12,
            chance: sampler.chance,
        };
        player.score()
    }
}

fn seed_of(seed: u64, number: usize) -> u64 {
    seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ (number as u64).wrapping_mul(0x9e6c_63d0_876a_68ee)
}

#[cfg(test)]
mod tests;
