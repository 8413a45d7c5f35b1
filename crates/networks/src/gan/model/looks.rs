//! The looks of a family: one network that paints several, and blends of them.
//!
//! A vector tells such a network which look to paint. It reaches the network in two places only, the
//! first layer of the mapping and the first map, and adds to their biases; the mean towards which
//! truncation pulls is stored for each look. So each look becomes two biases and a mean ([`Look`])
//! when a file is read, a blend becomes the weighted mean of those, and a sampler has no more to do
//! than for a network of one look.

use std::fmt;
use std::str::FromStr;

use super::Fault;
use super::layers::{Dense, Mapping};

/// Length of the vector of a look.
pub(super) const LOOK_DIM: usize = 8;
/// Most looks of a family.
const MOST_LOOKS: usize = 64;
/// What a look's name cannot hold, as blends and paths are written with it.
const RESERVED: [char; 5] = ['+', ':', '@', '/', '\\'];

/// The looks that a header lists, with commas between; none where they cannot be told apart, or
/// not be asked for.
pub(super) fn listed(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    let sound = |name: &String| !name.is_empty() && !name.contains(RESERVED);
    let alike = |i: usize| {
        let lower = names[i].to_lowercase();
        names[..i].iter().any(|name| name.to_lowercase() == lower)
    };
    let fits = names.len() <= MOST_LOOKS && names.iter().all(sound);
    (fits && !(0..names.len()).any(alike)).then_some(names)
}

/// What a network is when it paints one look: all that its vector reaches.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::gan) struct Look {
    /// Bias of the mapping's first layer, `[w_dim]`.
    pub mapping: Vec<f32>,
    /// Bias of the first map, `[channels, 4, 4]`.
    pub start: Vec<f32>,
    /// `[arousal, valence, w_dim]`, as [`Mapping::w_mean`].
    pub w_mean: Vec<f32>,
}

impl Look {
    /// The looks of the `vectors`, `[n, 8]`, whose inputs come last in the first layer of `mapping`
    /// and in `start` and are taken off both; `w_mean` of `mapping` is that of one after the other.
    pub(super) fn split_off(
        vectors: &[f32],
        mapping: &mut Mapping,
        start: &mut Dense,
    ) -> Vec<Self> {
        let count = vectors.len() / LOOK_DIM;
        let first = mapping.layers.first_mut();
        let biases = first.map_or(Vec::new(), |first| told(first, vectors));
        let means = std::mem::take(&mut mapping.w_mean);
        let means = means.chunks_exact((means.len() / count.max(1)).max(1));
        let biases = biases.into_iter().zip(told(start, vectors));
        biases
            .zip(means)
            .map(|((mapping, start), w_mean)| Self {
                mapping,
                start,
                w_mean: w_mean.to_vec(),
            })
            .collect()
    }
}

/// Takes the last inputs, those of the vector, off a layer, and gives its bias under each vector.
fn told(layer: &mut Dense, vectors: &[f32]) -> Vec<Vec<f32>> {
    let (all, kept) = (layer.inputs, layer.inputs - LOOK_DIM);
    let rows = layer.weight.chunks_exact(all).zip(&layer.bias);
    let bias = |vector: &[f32]| {
        let told = rows.clone().map(|(row, bias)| {
            let pairs = row[kept..].iter().zip(vector);
            bias + pairs.map(|(weight, value)| weight * value).sum::<f32>()
        });
        told.collect()
    };
    let biases = vectors.chunks_exact(LOOK_DIM).map(bias).collect();
    let rows = layer.weight.chunks_exact(all);
    layer.weight = rows.flat_map(|row| &row[..kept]).copied().collect();
    layer.inputs = kept;
    biases
}

/// The mean of `of` all looks by their `shares`, into `out`.
pub(in crate::gan) fn mix(
    looks: &[Look],
    shares: &[f32],
    of: impl Fn(&Look) -> &[f32],
    out: &mut [f32],
) {
    out.fill(0.0);
    for (look, share) in looks.iter().zip(shares) {
        for (out, value) in out.iter_mut().zip(of(look)) {
            *out += share * value;
        }
    }
}

/// Looks of one family in parts, as a person writes them: `ink`, `ink+flames` in equal parts,
/// `ink:3+flames:1`.
#[derive(Clone, Debug, PartialEq)]
pub struct Blend {
    /// At least one. Parts are finite and not negative, and not all zero.
    parts: Vec<(String, f64)>,
}

impl FromStr for Blend {
    type Err = Fault;

    /// Reads a blend.
    ///
    /// # Errors
    /// When a name is missing, a part is no number from 0 up, or all parts are 0.
    fn from_str(text: &str) -> Result<Self, Fault> {
        let part = |text: &str| {
            let (name, part) = match text.split_once(':') {
                Some((name, part)) => (name.trim(), part.trim()),
                None => (text.trim(), "1"),
            };
            if name.is_empty() {
                return Err(Fault::NoBlend("a look's name is missing".to_owned()));
            }
            let value = part.parse::<f64>().ok();
            let value = value.filter(|value| value.is_finite() && *value >= 0.0);
            let value = value.ok_or_else(|| {
                let reason = format!("the part of {name} is {part:?}, not a number from 0 up");
                Fault::NoBlend(reason)
            })?;
            Ok((name.to_owned(), value))
        };
        let parts: Vec<_> = text.split('+').map(part).collect::<Result<_, _>>()?;
        if parts.iter().all(|(_, part)| *part == 0.0) {
            return Err(Fault::NoBlend("all its parts are 0".to_owned()));
        }
        Ok(Self { parts })
    }
}

impl Blend {
    /// One look by itself.
    pub fn only(look: &str) -> Self {
        let parts = vec![(look.to_owned(), 1.0)];
        Self { parts }
    }

    /// The share of each of `looks`; their sum is 1.
    ///
    /// # Errors
    /// When a look is not among them.
    pub fn shares(&self, looks: &[String]) -> Result<Vec<f32>, Fault> {
        // Relative to the largest, since the sum of two finite numbers need not be finite.
        let largest = self.parts.iter().map(|(_, part)| *part).fold(0.0, f64::max);
        let sum: f64 = self.parts.iter().map(|(_, part)| part / largest).sum();
        let mut shares = vec![0.0; looks.len()];
        for (name, part) in &self.parts {
            let place = looks.iter().position(|look| look == name);
            let place = place.ok_or_else(|| Fault::NoLook {
                look: name.clone(),
                known: looks.to_vec(),
            })?;
            shares[place] += part / largest / sum;
        }
        Ok(shares.into_iter().map(|share| share as f32).collect())
    }
}

impl fmt::Display for Blend {
    /// As it is written; equal parts are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let equal = self.parts.iter().all(|(_, part)| *part == self.parts[0].1);
        for (i, (name, part)) in self.parts.iter().enumerate() {
            let plus = if i > 0 { "+" } else { "" };
            write!(f, "{plus}{name}")?;
            if !equal {
                write!(f, ":{part}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(text: &str) -> Result<Vec<f32>, Fault> {
        let looks = ["ink", "flames", "glass"].map(str::to_owned);
        text.parse::<Blend>()?.shares(&looks)
    }

    #[test]
    fn parts_become_shares_whose_sum_is_one() {
        for (text, expected) in [
            ("flames", [0.0, 1.0, 0.0]),
            ("ink+glass", [0.5, 0.0, 0.5]),
            (" ink : 3 + flames:1 ", [0.75, 0.25, 0.0]),
            ("ink:0+flames:1e-300", [0.0, 1.0, 0.0]),
            ("ink:1e308+flames:1e308", [0.5, 0.5, 0.0]),
            ("ink+flames+ink+ink", [0.75, 0.25, 0.0]),
        ] {
            assert_eq!(shares(text).unwrap(), expected, "{text}");
            let blend: Blend = text.parse().unwrap();
            assert_eq!(
                blend
                    .to_string()
                    .parse::<Blend>()
                    .unwrap()
                    .shares(&["ink", "flames", "glass"].map(str::to_owned))
                    .unwrap(),
                expected,
                "{blend}"
            );
        }
        let written = |text: &str| text.parse::<Blend>().unwrap().to_string();
        assert_eq!(written("ink:2 + flames:2"), "ink+flames");
        assert_eq!(written("ink:0.5+flames"), "ink:0.5+flames:1");
    }

    #[test]
    fn what_is_no_blend_says_why() {
        for text in ["", "+", "ink+", "ink++flames", ":3"] {
            let why = Fault::NoBlend("a look's name is missing".to_owned());
            assert_eq!(shares(text), Err(why), "{text}");
        }
        for part in ["-1", "nan", "inf", "", "three", "1:2"] {
            let reason = format!("the part of ink is {part:?}, not a number from 0 up");
            assert_eq!(
                shares(&format!("ink:{part}+flames")),
                Err(Fault::NoBlend(reason))
            );
        }
        let why = Fault::NoBlend("all its parts are 0".to_owned());
        assert_eq!(shares("ink:0+flames:-0"), Err(why));
        let known = ["ink", "flames", "glass"].map(str::to_owned).to_vec();
        let look = "cubist".to_owned();
        assert_eq!(shares("ink+cubist"), Err(Fault::NoLook { look, known }));
    }
}
