//! What hands do to a song's mood.

use crate::live::Course;
use crate::show::{Axis, MoodLane};

/// What the hand does to the lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Draws a line.
    #[default]
    Draw,
    /// Draws one that stays where it began.
    Hold,
    /// Sets what a mood is never above.
    Cap,
    /// Sets what it is never below.
    Floor,
    /// Takes away what is under it.
    Erase,
}

impl Tool {
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Draw, "Draw", "Draw the song's mood with the mouse."),
        (
            Self::Hold,
            "Hold",
            "Drag along: the mood stays where the drag began.",
        ),
        (
            Self::Cap,
            "Cap",
            "Drag along: the mood is never above that, whatever is heard, played or preset.",
        ),
        (
            Self::Floor,
            "Floor",
            "Drag along: the mood is never below that, whatever is heard, played or preset.",
        ),
        (
            Self::Erase,
            "Erase",
            "Drag along: what is drawn there is taken away, and bounds with it.",
        ),
    ];
}

/// What is open of it.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    pub open: bool,
    /// Whether arousal is drawn, and else valence.
    pub arousal: bool,
    pub tool: Tool,
    /// The hand's line, while it draws: seconds and values.
    pub hand: Vec<[f64; 2]>,
    pub course: Course,
    /// When that was asked for.
    pub asked: f64,
}

#[cfg(test)]
impl Lane {
    /// Opens it over a course that stays as it is.
    pub fn open_over(&mut self, course: Course) {
        (self.open, self.arousal) = (true, true);
        // No time is a quarter of a second after none.
        (self.course, self.asked) = (course, f64::NAN);
    }
}

/// What the hand's line makes of a lane.
pub fn stroke(lane: &mut MoodLane, axis: Axis, tool: Tool, hand: &[[f64; 2]]) {
    let (Some(first), Some(last)) = (hand.first(), hand.last()) else {
        return;
    };
    let ends = |axis: fn(f64, f64) -> f64| hand.iter().map(|[at, _]| *at).reduce(axis);
    let (from, to) = (
        ends(f64::min).unwrap_or(first[0]),
        ends(f64::max).unwrap_or(last[0]),
    );
    match tool {
        Tool::Draw => lane.draw(axis, hand),
        Tool::Hold => lane.draw(axis, &[[from, first[1]], [to, first[1]]]),
        Tool::Cap => lane.limit(axis, [from, to], first[1], true),
        Tool::Floor => lane.limit(axis, [from, to], first[1], false),
        Tool::Erase => {
            lane.erase(axis, from, to);
            for [at, _] in hand {
                lane.lift(axis, *at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_does_what_it_says_whichever_way_the_hand_goes() {
        let hand = [[30.0, 0.4], [20.0, -0.6], [10.0, 0.0]];
        let made = |tools: &[Tool]| {
            let mut lane = MoodLane::default();
            tools
                .iter()
                .for_each(|tool| stroke(&mut lane, Axis::Arousal, *tool, &hand));
            lane
        };
        assert_eq!(made(&[Tool::Draw]).drawn[0].at(20.0), -0.6);
        let held = made(&[Tool::Draw, Tool::Hold]);
        assert_eq!(
            (held.drawn[0].span(), held.drawn[0].at(20.0)),
            ([10.0, 30.0], 0.4)
        );
        let bounded = made(&[Tool::Cap, Tool::Floor]);
        let bounds: Vec<_> = bounded
            .limits
            .iter()
            .map(|limit| (limit.least, limit.most))
            .collect();
        assert_eq!(bounds, [(None, Some(0.4)), (Some(0.4), None)]);
        assert!(made(&[Tool::Draw, Tool::Cap, Tool::Floor, Tool::Erase]).is_empty());
    }
}
