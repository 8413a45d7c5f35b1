//! Draws bars from the network.

use super::form::{PHRASE, returns};
use super::grammar::Limits;
use super::manner::Manner;
use super::network::{FACTS, Network, State, TOLD};
use super::tokens::{A_END, Bar, M_END, M_LENGTH, M_PITCH, MELODY_LOW, TOKENS, classes};
use crate::chance::Chance;

/// Below 1 what is likely becomes likelier.
const TEMPERATURE: f32 = 0.9;
/// What is less likely than the likeliest by this factor is not drawn.
const UNLIKELY: f32 = 0.02;
/// Tokens of a bar, at most; the grammar ends it sooner.
const LONGEST: usize = 160;

/// What the network is told of a bar.
fn facts(manner: &Manner, number: usize) -> [f32; FACTS + 2] {
    let mut facts = [0.0; FACTS + 2];
    facts[0] = f32::from(u8::from(manner.minor));
    facts[2] = (manner.tempo / 100.0).log2();
    facts[3] = manner.density;
    facts[4] = manner.register;
    facts[5] = manner.busy;
    facts[6] = manner.thick;
    facts[8 + number % 4] = 1.0;
    facts[12] = (number / 4 % 2) as f32;
    facts[13] = (number / 8 % 2) as f32;
    facts[FACTS..].copy_from_slice(&manner.felt);
    facts
}

/// Draws a token of those that may follow.
fn draw(logits: &[f32], may: &[bool; TOKENS], chance: &mut Chance) -> usize {
    let allowed = || (0..TOKENS).filter(|&token| may[token]);
    let most = allowed()
        .map(|token| logits[token])
        .fold(f32::MIN, f32::max);
    let likely = |token: usize| {
        let share = ((logits[token] - most) / TEMPERATURE).exp();
        if share < UNLIKELY { 0.0 } else { share }
    };
    let total: f32 = allowed().map(likely).sum();
    let mut left = chance.next() * total;
    let drawn = allowed().find(|&token| {
        left -= likely(token);
        left < 0.0
    });
    drawn
        .or_else(|| allowed().max_by(|&a, &b| logits[a].total_cmp(&logits[b])))
        .unwrap_or(A_END)
}

/// Draws bars; a manner for each phrase.
pub struct Sampler<'a> {
    pub network: &'a Network,
    pub chance: Chance,
}

impl Sampler<'_> {
    /// So many bars, of which each phrase is of its manner. What returns has the chords and the melody that it had, but for
    /// its close; what accompanies is drawn anew.
    pub fn bars(&mut self, bars: usize, manners: &[Manner]) -> Vec<Bar> {
        let earlier = returns(manners.len(), &mut self.chance);
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let (mut state, mut token, mut before) = (State::default(), A_END, None);
        for number in 0..bars {
            let (phrase, place) = (number / PHRASE, number % PHRASE);
            let last = number + 1 == bars;
            let manner = &manners[phrase];
            let given = earlier[phrase].filter(|_| place + 1 < PHRASE && !last);
            let given = given.and_then(|phrase| rows.get(phrase * PHRASE + place));
            let given = given.map_or(Vec::new(), |row| {
                let end = row.iter().position(|&t| t == M_END).unwrap_or(1);
                row[..=end].to_vec()
            });
            let [notes, begins] = match last {
                true => [(1, 2), (1, 1)],
                false => manner.counts(),
            };
            let limits = Limits {
                minor: manner.minor,
                before,
                notes,
                begins,
                last,
            };
            let row = self.bar(
                &facts(manner, number),
                &limits,
                &given,
                (&mut state, &mut token),
            );
            let pitch = row.iter().rev().find(|t| (M_PITCH..M_LENGTH).contains(*t));
            before = pitch.map(|t| t - M_PITCH + MELODY_LOW).or(before);
            rows.push(row);
        }
        rows.iter().map(|row| Bar::of(row)).collect()
    }

    /// The tokens of a bar that begins as given.
    fn bar(
        &mut self,
        facts: &[f32; FACTS + 2],
        limits: &Limits,
        given: &[usize],
        (state, token): (&mut State, &mut usize),
    ) -> Vec<usize> {
        let mut row = Vec::new();
        let mut told = [0.0; TOLD];
        told[..FACTS + 2].copy_from_slice(facts);
        while row.last() != Some(&A_END) && row.len() < LONGEST {
            let logits = self.network.step(*token, &told, state);
            *token = match given.get(row.len()) {
                Some(&token) => token,
                None => draw(&logits, &limits.allowed(&row), &mut self.chance),
            };
            if row.len() < 2 {
                let at = FACTS + 2 + 12 * row.len();
                for (slot, has) in told[at..at + 12].iter_mut().zip(classes(*token)) {
                    *slot = f32::from(u8::from(has));
                }
            }
            row.push(*token);
        }
        row
    }
}
