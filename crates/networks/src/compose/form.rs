//! Form: phrases of four bars, some of which return.

use crate::chance::Chance;

/// Bars of a phrase.
pub const PHRASE: usize = 4;
const OPENINGS: [&[u8; 4]; 4] = [b"AABA", b"ABAB", b"AABB", b"ABAC"];
const SEQUELS: [&[u8; 4]; 3] = [b"CBCA", b"CCBA", b"CDBA"];

/// How many phrases so many bars have.
pub fn phrases(bars: usize) -> usize {
    bars.div_ceil(PHRASE)
}

/// For each phrase, the earlier one that it repeats, if any.
pub fn returns(phrases: usize, chance: &mut Chance) -> Vec<Option<usize>> {
    let opening = OPENINGS[chance.below(OPENINGS.len())];
    let sequel = SEQUELS[chance.below(SEQUELS.len())];
    // Two phrases are a question and its answer, three have a middle.
    let letters: Vec<u8> = match phrases {
        ..=2 => b"AA".to_vec(),
        3 => b"ABA".to_vec(),
        _ => [*opening, *sequel].concat(),
    };
    let letter = |phrase: usize| letters[phrase % letters.len()];
    let earlier = |phrase: usize| (0..phrase).find(|&other| letter(other) == letter(phrase));
    (0..phrases).map(earlier).collect()
}
