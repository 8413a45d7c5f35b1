//! Where controls are moved from beside the host, and who wins.
//!
//! The last hand wins, without jumps: a source sets the control itself, where the host and the editor
//! have it, too. Nothing is held back beside it, so whoever moves it next finds it where it is seen.

use crate::control::{Setting, Snapshot};

/// Somebody who moves controls: keys in a window, a MIDI device, a message from the net. Nothing here
/// may wait: it is asked between two pictures.
pub(super) trait ControlSource: Send {
    /// What was moved since it was last asked, in the order in which it was moved. `now` is where all
    /// controls stand, for whoever turns a switch over.
    fn moves(&mut self, now: &Snapshot) -> Vec<Setting>;

    /// Whether it is still there. What one that is not has moved stays where it is.
    fn is_open(&self) -> bool {
        true
    }
}

/// The sources of an instance.
#[derive(Default)]
pub(super) struct Sources(Vec<Box<dyn ControlSource>>);

impl Sources {
    /// Has a source move controls, too, from now on.
    pub(super) fn add(&mut self, source: impl ControlSource + 'static) {
        self.0.push(Box::new(source));
    }

    /// Sets by `set` what the sources have moved since the last time, of controls that stand where
    /// `snapshot` says; what is out of range is brought back into it. One that has closed is asked a last time.
    pub(super) fn serve(&mut self, snapshot: &dyn Fn() -> Snapshot, set: &dyn Fn(Setting)) {
        self.0.retain_mut(|source| {
            let is_open = source.is_open();
            let mut now = snapshot();
            for Setting { control, plain } in source.moves(&now) {
                control.set(&mut now, plain);
                let plain = control.get(&now);
                set(Setting { control, plain });
            }
            is_open
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Control;
    use crossbeam_channel::{Receiver, Sender, unbounded};
    use parking_lot::Mutex;

    struct Script(Receiver<Setting>);

    impl ControlSource for Script {
        fn moves(&mut self, _: &Snapshot) -> Vec<Setting> {
            self.0.try_iter().collect()
        }
    }

    fn script(sources: &mut Sources) -> Sender<Setting> {
        let (moves, moved) = unbounded();
        sources.add(Script(moved));
        moves
    }

    #[test]
    fn whoever_moved_a_control_last_has_it_and_nothing_else_jumps() {
        let mut sources = Sources::default();
        let (one, two) = (script(&mut sources), script(&mut sources));
        let host = Mutex::new(Snapshot::default());
        let mut serve = || {
            sources.serve(&|| *host.lock(), &|setting| setting.apply(&mut host.lock()));
            *host.lock()
        };
        let blackout = |plain| Setting {
            control: Control::Blackout,
            plain,
        };
        assert_eq!(serve(), Snapshot::default());

        one.send(blackout(1.0)).unwrap();
        assert!(serve().blackout);
        // It stays while the host moves others,
        host.lock().freeze = true;
        let now = serve();
        assert!(now.blackout && now.freeze);
        // until another source moves it, or the host.
        two.send(blackout(0.0)).unwrap();
        assert!(!serve().blackout);
        one.send(blackout(1.0)).unwrap();
        assert!(serve().blackout);
        host.lock().blackout = true;
        assert!(serve().blackout);
        host.lock().blackout = false;
        assert!(!serve().blackout);
    }

    #[test]
    fn what_is_out_of_range_is_held_within_it() {
        let mut sources = Sources::default();
        let source = script(&mut sources);
        let [_, most] = Control::Trails.row().values.range();
        for (plain, expected) in [(1e9, most), (f32::NAN, Control::Trails.usual())] {
            let control = Control::Trails;
            source.send(Setting { control, plain }).unwrap();
            let set = Mutex::new(Vec::new());
            sources.serve(&Snapshot::default, &|setting| {
                set.lock().push(setting.plain)
            });
            assert_eq!(*set.lock(), [expected]);
        }
    }
}
