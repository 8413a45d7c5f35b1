//! How a lane is drawn by hand.

use super::{Axis, FADE, Limit, MoodLane, Stretch};

/// How far a drawn line may be from the hand's.
const FINENESS: f64 = 0.01;

/// The shortest bound, seconds.
const SHORTEST: f64 = 0.05;

impl MoodLane {
    /// Draws the hand's line, in whatever order of seconds: it stands for what was drawn there before, and grows together
    /// with what it touches.
    pub fn draw(&mut self, axis: Axis, line: &[[f64; 2]]) {
        let mut line: Vec<_> = line
            .iter()
            .filter(|[at, value]| at.is_finite() && value.is_finite() && *at >= 0.0)
            .map(|[at, value]| [*at, value.clamp(-1.0, 1.0)])
            .collect();
        line.sort_by(|a, b| a[0].total_cmp(&b[0]));
        line.dedup_by(|later, first| {
            let same = later[0] - first[0] < 1e-6;
            if same {
                first[1] = later[1];
            }
            same
        });
        let [Some(first), Some(last)] = [line.first(), line.last()].map(|point| point.copied())
        else {
            return;
        };
        self.erase(axis, first[0], last[0]);
        let mut points = simplified(&line);
        let touches = |stretch: &Stretch| {
            let [from, to] = stretch.span();
            stretch.axis == axis && from - FADE <= last[0] && to + FADE >= first[0]
        };
        for touched in self.drawn.extract_if(.., |stretch| touches(stretch)) {
            points.extend(touched.points);
        }
        points.sort_by(|a, b| a[0].total_cmp(&b[0]));
        self.drawn.push(Stretch { axis, points });
    }

    /// Takes away what is drawn from a second to another.
    pub fn erase(&mut self, axis: Axis, from: f64, to: f64) {
        let mut kept = Vec::new();
        for stretch in std::mem::take(&mut self.drawn) {
            let [first, last] = stretch.span();
            if stretch.axis != axis || last < from || first > to {
                kept.push(stretch);
                continue;
            }
            let part = |keep: &dyn Fn(f64) -> bool, end: Option<f64>| {
                let mut points: Vec<_> = stretch
                    .points
                    .iter()
                    .copied()
                    .filter(|[at, _]| keep(*at))
                    .collect();
                points.extend(end.map(|end| [end, stretch.at(end)]));
                points.sort_by(|a, b| a[0].total_cmp(&b[0]));
                Stretch { axis, points }
            };
            // So far that the rest does not fade into what was taken away.
            let (before, after) = (from - FADE, to + FADE);
            if first < before {
                kept.push(part(&|at| at < before, Some(before)));
            }
            if last > after {
                kept.push(part(&|at| at > after, Some(after)));
            }
        }
        self.drawn = kept;
    }

    /// Sets a bound from a second to another, above which or below which it never is; one of its kind that lies within it
    /// gives way.
    pub fn limit(&mut self, axis: Axis, [from, to]: [f64; 2], value: f64, is_most: bool) {
        let (from, to) = (from.min(to).max(0.0), from.max(to));
        if !(to - from >= SHORTEST && value.is_finite()) {
            return;
        }
        let value = Some(value.clamp(-1.0, 1.0));
        self.limits.retain(|other| {
            let inside = other.from >= from - 1e-6 && other.to <= to + 1e-6;
            !(other.axis == axis && other.most.is_some() == is_most && inside)
        });
        let (least, most) = if is_most {
            (None, value)
        } else {
            (value, None)
        };
        self.limits.push(Limit {
            axis,
            from,
            to,
            least,
            most,
        });
    }

    /// Takes away the bounds that hold at a second.
    pub fn lift(&mut self, axis: Axis, at: f64) {
        self.limits
            .retain(|limit| limit.axis != axis || at < limit.from || at > limit.to);
    }
}

/// A line of fewer points that is nowhere far from it (Douglas and Peucker's way).
fn simplified(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut kept = vec![false; line.len()];
    let mut parts = vec![(0, line.len() - 1)];
    while let Some((from, to)) = parts.pop() {
        (kept[from], kept[to]) = (true, true);
        let [a, b] = [line[from], line[to]];
        let off = |point: [f64; 2]| {
            let share = (point[0] - a[0]) / (b[0] - a[0]).max(1e-9);
            (point[1] - a[1] - share * (b[1] - a[1])).abs()
        };
        let between = from + 1..to;
        if let Some(far) = between.max_by(|i, j| off(line[*i]).total_cmp(&off(line[*j])))
            && off(line[far]) > FINENESS
        {
            parts.extend([(from, far), (far, to)]);
        }
    }
    let points = line.iter().zip(kept);
    points
        .filter_map(|(point, kept)| kept.then_some(*point))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(lane: &MoodLane) -> Vec<[f64; 2]> {
        let mut spans: Vec<_> = lane.drawn.iter().map(Stretch::span).collect();
        spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
        spans
    }

    #[test]
    fn a_drawn_line_is_near_the_hands_with_few_points_in_any_order() {
        let hand: Vec<_> = (0..500)
            .map(|n| f64::from(n * 7 % 500) * 0.02)
            .map(|at| [at, (at * 0.6).sin() * 0.8])
            .collect();
        let mut lane = MoodLane::default();
        lane.draw(Axis::Valence, &hand);
        let [drawn] = &lane.drawn[..] else {
            panic!("one line");
        };
        assert!(drawn.points.len() < 60, "{}", drawn.points.len());
        for [at, value] in hand {
            assert!((drawn.at(at) - value).abs() < 2.0 * FINENESS);
        }
        let before = lane.clone();
        lane.draw(Axis::Valence, &[]);
        lane.draw(
            Axis::Valence,
            &[[f64::NAN, 0.0], [1.0, f64::INFINITY], [-3.0, 0.0]],
        );
        assert_eq!(lane, before);
    }

    #[test]
    fn what_is_drawn_anew_stands_for_what_was_there_and_grows_together() {
        let mut lane = MoodLane::default();
        lane.draw(Axis::Arousal, &[[10.0, 0.0], [40.0, 0.0]]);
        lane.draw(Axis::Arousal, &[[20.0, 1.0], [25.0, 1.0]]);
        assert_eq!(spans(&lane), [[10.0, 40.0]]);
        let at = |lane: &MoodLane, seconds| lane.redrawn([0.0, -1.0], seconds)[1];
        assert_eq!(
            [at(&lane, 22.0), at(&lane, 15.0), at(&lane, 35.0)],
            [1.0, 0.0, 0.0]
        );
        // Of the other axis it knows nothing.
        lane.draw(Axis::Valence, &[[0.0, 0.5], [60.0, 0.5]]);
        assert_eq!(at(&lane, 22.0), 1.0);
        lane.erase(Axis::Arousal, 18.0, 30.0);
        assert_eq!(spans(&lane), [[0.0, 60.0], [10.0, 17.5], [30.5, 40.0]]);
        assert_eq!(at(&lane, 18.5), -1.0, "it is heard there");
        lane.erase(Axis::Arousal, 0.0, 100.0);
        assert_eq!(spans(&lane), [[0.0, 60.0]]);
    }

    #[test]
    fn bounds_give_way_to_wider_ones_of_their_kind_and_are_lifted() {
        let mut lane = MoodLane::default();
        lane.limit(Axis::Arousal, [30.0, 10.0], 0.4, true);
        lane.limit(Axis::Arousal, [5.0, 35.0], 7.0, true);
        lane.limit(Axis::Arousal, [5.0, 35.0], -0.5, false);
        lane.limit(Axis::Arousal, [5.0, 5.01], 0.0, true);
        lane.limit(Axis::Valence, [0.0, f64::NAN], 0.0, true);
        assert_eq!(lane.limits.len(), 2);
        assert_eq!(
            (lane.limits[0].most, lane.limits[1].least),
            (Some(1.0), Some(-0.5))
        );
        lane.lift(Axis::Valence, 20.0);
        lane.lift(Axis::Arousal, 50.0);
        assert_eq!(lane.limits.len(), 2);
        lane.lift(Axis::Arousal, 20.0);
        assert!(lane.is_empty());
    }
}
