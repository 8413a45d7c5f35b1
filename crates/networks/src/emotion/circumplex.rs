//! Russell's circumplex, with the eight classes of ArtEmis placed on it.

/// Number of emotion classes.
pub const CLASSES: usize = 8;

/// The classes of ArtEmis (Achlioptas et al. 2021), positive ones first.
pub const CLASS_NAMES: [&str; CLASSES] = [
    "amusement",
    "contentment",
    "awe",
    "excitement",
    "anger",
    "disgust",
    "fear",
    "sadness",
];

/// Where each class lies, as (valence, arousal); after Table 3.4 of the *creativeAI* thesis.
pub const CLASS_POINTS: [[f32; 2]; CLASSES] = [
    [0.55, 0.20],
    [0.82, -0.56],
    [0.42, 0.89],
    [0.70, 0.72],
    [-0.42, 0.78],
    [-0.67, 0.49],
    [-0.11, 0.78],
    [-0.82, -0.40],
];

/// Width of a class on the plane: about the distance between neighbouring classes, so that a point
/// between two belongs to both.
const CLASS_WIDTH: f32 = 0.35;

/// Steps that [`point_of`] takes; its tests hold it to a hundredth.
const STEPS: usize = 1000;

/// What the music feels like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emotion {
    /// Unpleasant (-1) to pleasant (1).
    pub valence: f32,
    /// Calm (-1) to excited (1).
    pub arousal: f32,
    /// Weight of each class of [`CLASS_NAMES`]; they sum to 1.
    pub classes: [f32; CLASSES],
    /// 0 (a guess) to 1 (certain).
    pub confidence: f32,
}

impl Emotion {
    /// The emotion at a point of the circumplex. Coordinates are clamped to -1..1; one that is not
    /// a number counts as 0.
    pub fn at(valence: f32, arousal: f32, confidence: f32) -> Self {
        let [valence, arousal] = clamp_point([valence, arousal]);
        let confidence = if confidence.is_nan() {
            0.0
        } else {
            confidence.clamp(0.0, 1.0)
        };
        Self {
            valence,
            arousal,
            classes: classes_at([valence, arousal]),
            confidence,
        }
    }

    /// No feeling at all, and no certainty.
    pub fn neutral() -> Self {
        Self::at(0.0, 0.0, 0.0)
    }

    /// The class with the largest weight, as an index into [`CLASS_NAMES`].
    pub fn strongest(&self) -> usize {
        (1..CLASSES).fold(0, |best, i| {
            if self.classes[i] > self.classes[best] {
                i
            } else {
                best
            }
        })
    }
}

impl Default for Emotion {
    fn default() -> Self {
        Self::neutral()
    }
}

fn clamp_point(point: [f32; 2]) -> [f32; 2] {
    point.map(|x| if x.is_nan() { 0.0 } else { x.clamp(-1.0, 1.0) })
}

/// Class weights at a point: a softmax over squared distances, so they are positive and sum to 1.
pub fn classes_at(point: [f32; 2]) -> [f32; CLASSES] {
    let logits = CLASS_POINTS.map(|class| {
        let (dv, da) = (point[0] - class[0], point[1] - class[1]);
        -(dv * dv + da * da) / (2.0 * CLASS_WIDTH * CLASS_WIDTH)
    });
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let weights = logits.map(|x| (x - largest).exp());
    let sum: f32 = weights.iter().sum();
    weights.map(|w| w / sum)
}

/// The point whose class weights come nearest to `classes` (in Kullback–Leibler divergence); exact
/// for weights that [`classes_at`] made. Negative weights count as 0; all zero gives the origin.
pub fn point_of(classes: &[f32; CLASSES]) -> [f32; 2] {
    let weights = classes.map(|w| if w.is_finite() { w.max(0.0) } else { 0.0 });
    let sum: f32 = weights.iter().sum();
    if sum <= 0.0 {
        return [0.0; 2];
    }
    let target = mean_point(&weights.map(|w| w / sum));
    // The weights are an exponential family in the point, so the divergence is convex, its gradient
    // is the difference of the mean class points and its curvature their covariance: projected
    // gradient descent, each step as long as the largest curvature allows.
    let mut point = [0.0f32; 2];
    for _ in 0..STEPS {
        let weights = classes_at(point);
        let mean = mean_point(&weights);
        let spread: f32 = (weights.iter().zip(CLASS_POINTS))
            .map(|(w, class)| w * ((class[0] - mean[0]).powi(2) + (class[1] - mean[1]).powi(2)))
            .sum();
        let stride = CLASS_WIDTH * CLASS_WIDTH / spread.max(1e-3);
        point = clamp_point([
            point[0] + stride * (target[0] - mean[0]),
            point[1] + stride * (target[1] - mean[1]),
        ]);
    }
    point
}

fn mean_point(weights: &[f32; CLASSES]) -> [f32; 2] {
    let mut mean = [0.0; 2];
    for (weight, class) in weights.iter().zip(CLASS_POINTS) {
        mean[0] += weight * class[0];
        mean[1] += weight * class[1];
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_strongest_at_its_own_place() {
        for (i, [valence, arousal]) in CLASS_POINTS.into_iter().enumerate() {
            assert_eq!(
                Emotion::at(valence, arousal, 1.0).strongest(),
                i,
                "{}",
                CLASS_NAMES[i]
            );
        }
    }

    #[test]
    fn weights_are_positive_and_sum_to_one_everywhere() {
        for v in -10..=10 {
            for a in -10..=10 {
                let classes = classes_at([v as f32 / 10.0, a as f32 / 10.0]);
                assert!(classes.iter().all(|w| *w > 0.0));
                assert!((classes.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn going_to_classes_and_back_returns_the_point() {
        for v in -9..=9 {
            for a in -9..=9 {
                let point = [v as f32 / 10.0, a as f32 / 10.0];
                let back = point_of(&classes_at(point));
                let error = (back[0] - point[0]).hypot(back[1] - point[1]);
                assert!(error < 3e-2, "{point:?} came back as {back:?}");
            }
        }
    }

    #[test]
    fn a_single_class_lands_where_that_class_is_strongest() {
        for i in 0..CLASSES {
            let mut classes = [0.0; CLASSES];
            classes[i] = 1.0;
            let [valence, arousal] = point_of(&classes);
            assert_eq!(
                Emotion::at(valence, arousal, 1.0).strongest(),
                i,
                "{}",
                CLASS_NAMES[i]
            );
        }
    }

    #[test]
    fn what_is_not_a_number_is_neutral() {
        let emotion = Emotion::at(f32::NAN, f32::INFINITY, f32::NAN);
        assert_eq!(
            (emotion.valence, emotion.arousal, emotion.confidence),
            (0.0, 1.0, 0.0)
        );
        assert_eq!(point_of(&[f32::NAN; CLASSES]), [0.0; 2]);
    }
}
