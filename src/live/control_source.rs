//! Where controls are moved from beside the host, and who wins.

use crate::control::{Control, Snapshot};

/// Somebody who moves controls: keys in a window, a MIDI device, a message from the net. Nothing here
/// may wait: it is asked between two pictures.
pub(super) trait ControlSource: Send {
    /// What was moved since it was last asked: each control and the plain value that it was moved to.
    /// `now` is where all of them stand, for whoever turns a switch over.
    fn moves(&mut self, now: &Snapshot) -> Vec<(Control, f32)>;

    /// Whether it is still there. What one that is not has moved stays where it is.
    fn is_open(&self) -> bool {
        true
    }
}

/// Says where each control stands: where the last hand left it. What a source has moved stays there
/// until another source or the host moves the same control, and no other control is touched by that.
#[derive(Default)]
pub(super) struct LastHand {
    sources: Vec<Box<dyn ControlSource>>,
    held: Vec<Held>,
}

/// A control that a source was the last to move.
struct Held {
    control: Control,
    value: f32,
    /// Where the host had it then. Once that is another, the host is the last hand.
    host: f32,
}

impl LastHand {
    /// Has a source move controls, too, from now on.
    pub(super) fn add(&mut self, source: impl ControlSource + 'static) {
        self.sources.push(Box::new(source));
    }

    /// Where controls stand that the `host` has like this.
    pub(super) fn apply(&mut self, host: Snapshot) -> Snapshot {
        self.held
            .retain(|held| held.control.get(&host) == held.host);
        let mut now = host;
        for held in &self.held {
            held.control.set(&mut now, held.value);
        }
        for source in &mut self.sources {
            for (control, value) in source.moves(&now) {
                control.set(&mut now, value);
                self.held.retain(|held| held.control != control);
                self.held.push(Held {
                    control,
                    value: control.get(&now),
                    host: control.get(&host),
                });
            }
        }
        self.sources.retain(|source| source.is_open());
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::{Receiver, Sender, unbounded};

    struct Script(Receiver<(Control, f32)>);

    impl ControlSource for Script {
        fn moves(&mut self, _: &Snapshot) -> Vec<(Control, f32)> {
            self.0.try_iter().collect()
        }
    }

    fn script(hand: &mut LastHand) -> Sender<(Control, f32)> {
        let (moves, moved) = unbounded();
        hand.add(Script(moved));
        moves
    }

    #[test]
    fn whoever_moved_a_control_last_has_it_and_nothing_else_jumps() {
        let mut hand = LastHand::default();
        let (one, two) = (script(&mut hand), script(&mut hand));
        let mut host = Snapshot::default();
        assert_eq!(hand.apply(host), host);

        one.send((Control::Blackout, 1.0)).unwrap();
        assert!(hand.apply(host).blackout);
        // It stays while the host moves others,
        host.freeze = true;
        let now = hand.apply(host);
        assert!(now.blackout && now.freeze);
        // until another source moves it, or the host.
        two.send((Control::Blackout, 0.0)).unwrap();
        assert!(!hand.apply(host).blackout);
        one.send((Control::Blackout, 1.0)).unwrap();
        assert!(hand.apply(host).blackout);
        host.blackout = true;
        assert!(hand.apply(host).blackout);
        host.blackout = false;
        assert_eq!(hand.apply(host), host);
    }

    #[test]
    fn what_is_out_of_range_is_held_within_it() {
        let mut hand = LastHand::default();
        let source = script(&mut hand);
        source.send((Control::Trails, 1e9)).unwrap();
        let now = hand.apply(Snapshot::default());
        assert_eq!(
            now,
            Snapshot {
                controls: now.controls,
                ..Snapshot::default()
            }
        );
        let trails = Control::Trails.get(&now);
        assert!(trails.is_finite() && trails < 1e3, "{trails}");
        assert_eq!(hand.apply(Snapshot::default()), now);
    }
}
