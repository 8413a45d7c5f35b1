//! Which values a control takes, and where on a host's scale from 0 to 1 each of them lies.

/// How plain values are spread over the normalised scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Evenly.
    Linear,
    /// Finer near the beginning, as the ear counts seconds: a share of the range is raised to the
    /// power of [`Curve::POWER`].
    FineAtStart,
}

impl Curve {
    /// What a share of the range is raised to under [`Curve::FineAtStart`]: 2^-1.5.
    pub const POWER: f32 = 0.5 * std::f32::consts::FRAC_1_SQRT_2;
}

/// The values that a control takes. Whatever they are, they are plain numbers to those who move
/// controls: a switch is 0 or 1, a choice its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Values {
    /// Numbers, from the first to the second; `step` is the least difference that counts.
    Numbers {
        range: [f32; 2],
        curve: Curve,
        step: f32,
    },
    /// Whole numbers: places in a list, or counts.
    Whole { first: u16, last: u16 },
    /// One of a few that a project saves by these ids and not by their places.
    Named { ids: &'static [&'static str] },
    /// Off or on.
    Switch,
}

impl Values {
    /// The least and the greatest.
    pub fn range(&self) -> [f32; 2] {
        match self {
            Self::Numbers { range, .. } => *range,
            Self::Whole { first, last } => [(*first).into(), (*last).into()],
            Self::Named { ids } => [0.0, ids.len().saturating_sub(1) as f32],
            Self::Switch => [0.0, 1.0],
        }
    }

    /// All of them, where they can be counted; none of numbers.
    pub fn places(&self) -> impl Iterator<Item = f32> {
        let [min, max] = self.range();
        let counted = !matches!(self, Self::Numbers { .. });
        (min as u16..=max as u16)
            .filter(move |_| counted)
            .map(f32::from)
    }

    /// The nearest value within range to a number.
    pub fn clamp(&self, value: f32) -> f32 {
        let [min, max] = self.range();
        match self {
            Self::Numbers { .. } => value.clamp(min, max),
            Self::Switch => f32::from(value > 0.5),
            _ => value.round().clamp(min, max),
        }
    }

    /// Where a plain value lies from 0 to 1.
    pub fn normalised(&self, plain: f32) -> f32 {
        let [min, max] = self.range();
        let share = (plain.clamp(min, max) - min) / (max - min);
        match self {
            Self::Numbers {
                curve: Curve::FineAtStart,
                ..
            } => share.powf(Curve::POWER),
            _ => share,
        }
    }

    /// The plain value at a place from 0 to 1, to its step.
    pub fn plain(&self, normalised: f32) -> f32 {
        let [min, max] = self.range();
        let share = normalised.clamp(0.0, 1.0);
        match self {
            Self::Numbers { curve, step, .. } => {
                let share = match curve {
                    Curve::Linear => share,
                    Curve::FineAtStart => share.powf(Curve::POWER.recip()),
                };
                let value = share * (max - min) + min;
                ((value / step).round() * step).clamp(min, max)
            }
            Self::Switch => f32::from(share > 0.5),
            _ => (share * (max - min)).round() + min,
        }
    }
}
