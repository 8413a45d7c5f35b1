//! Who holds the pad. The newest hand steers; where it lets go, or is heard of no more, the one before it does, and where
//! nobody holds it, it is let go.

use std::time::{Duration, Instant};

/// Who says nothing for so long holds nothing any more: a page that holds the pad says so several times a second.
pub(crate) const FORGOTTEN: Duration = Duration::from_millis(1500);

/// What becomes of the stage's mood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Steer {
    To([f32; 2]),
    LetGo,
}

struct Hand {
    client: u64,
    point: [f32; 2],
    felt: Instant,
}

/// The hands on the pad, oldest first.
#[derive(Default)]
pub(crate) struct Pad(Vec<Hand>);

impl Pad {
    /// A client holds it at `point`.
    pub(crate) fn hold(&mut self, client: u64, point: [f32; 2], now: Instant) -> Option<Steer> {
        let point = point.map(|x| x.clamp(-1.0, 1.0));
        let before = self.steering();
        match self.0.iter_mut().find(|hand| hand.client == client) {
            Some(hand) => (hand.point, hand.felt) = (point, now),
            None => self.0.push(Hand {
                client,
                point,
                felt: now,
            }),
        }
        self.changed(before)
    }

    /// A client lets go of it, or has gone.
    pub(crate) fn release(&mut self, client: u64) -> Option<Steer> {
        let before = self.steering();
        self.0.retain(|hand| hand.client != client);
        self.changed(before)
    }

    /// Takes the hands off that nothing was heard of.
    pub(crate) fn forget(&mut self, now: Instant) -> Option<Steer> {
        let before = self.steering();
        self.0
            .retain(|hand| now.saturating_duration_since(hand.felt) < FORGOTTEN);
        self.changed(before)
    }

    fn steering(&self) -> Option<[f32; 2]> {
        self.0.last().map(|hand| hand.point)
    }

    fn changed(&self, before: Option<[f32; 2]>) -> Option<Steer> {
        match (before, self.steering()) {
            (before, now) if before == now => None,
            (_, Some(point)) => Some(Steer::To(point)),
            (_, None) => Some(Steer::LetGo),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_hand_steers_and_the_one_before_it_when_it_lets_go() {
        let now = Instant::now();
        let mut pad = Pad::default();
        assert_eq!(pad.hold(1, [0.5, 0.5], now), Some(Steer::To([0.5, 0.5])));
        assert_eq!(pad.hold(2, [-1.0, 9.0], now), Some(Steer::To([-1.0, 1.0])));
        // A hand that waits moves nothing.
        assert_eq!(pad.hold(1, [0.25, 0.0], now), None);
        assert_eq!(pad.release(3), None);
        assert_eq!(pad.release(2), Some(Steer::To([0.25, 0.0])));
        assert_eq!(pad.release(1), Some(Steer::LetGo));
        assert_eq!(pad.release(1), None);
    }

    #[test]
    fn a_hand_of_which_nothing_is_heard_lets_go() {
        let begin = Instant::now();
        let mut pad = Pad::default();
        pad.hold(1, [0.5, 0.5], begin);
        let later = begin + FORGOTTEN / 2;
        assert_eq!(pad.forget(later), None);
        pad.hold(1, [0.5, 0.5], later);
        assert_eq!(pad.forget(begin + FORGOTTEN), None, "it was felt again");
        assert_eq!(pad.forget(later + FORGOTTEN), Some(Steer::LetGo));
        assert_eq!(pad.forget(later + FORGOTTEN), None);
    }
}
