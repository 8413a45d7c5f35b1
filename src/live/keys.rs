//! Keys of the output window.

use super::control_source::ControlSource;
use crate::control::{Control, Setting, Snapshot};
use crate::output::window::Key;
use crossbeam_channel::{Receiver, Sender};

/// What a key asks for that is no control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyCommand {
    NewSeed,
    KeepStill,
    Beat(BeatWish),
}

/// What somebody wants of the beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeatWish {
    /// It is now.
    Tap,
    /// Beats are heard again, or led by the clock that is chosen, as they are.
    Release,
    /// Twice as many.
    Double,
    /// Half as many.
    Halve,
    /// A hundredth of a second earlier, or later.
    Earlier,
    Later,
}

/// The switches that keys turn over.
const SWITCHES: [(&str, Control); 3] = [
    ("Space", Control::Freeze),
    ("b", Control::Blackout),
    ("p", Control::Panic),
];

/// What else they ask for.
const COMMANDS: [(&str, KeyCommand); 8] = [
    ("n", KeyCommand::NewSeed),
    ("s", KeyCommand::KeepStill),
    ("t", KeyCommand::Beat(BeatWish::Tap)),
    ("Backspace", KeyCommand::Beat(BeatWish::Release)),
    ("d", KeyCommand::Beat(BeatWish::Double)),
    ("h", KeyCommand::Beat(BeatWish::Halve)),
    (",", KeyCommand::Beat(BeatWish::Earlier)),
    (".", KeyCommand::Beat(BeatWish::Later)),
];

/// The keys of one window, as a source of controls.
pub(super) struct Keys {
    pub(super) pressed: Receiver<Key>,
    /// Where the rest goes.
    pub(super) commands: Sender<KeyCommand>,
    pub(super) is_open: Box<dyn Fn() -> bool + Send>,
}

impl ControlSource for Keys {
    fn moves(&mut self, now: &Snapshot) -> Vec<Setting> {
        let mut moved = *now;
        let mut moves = Vec::new();
        for key in self.pressed.try_iter() {
            let named = |(name, _): &&(&str, _)| *name == key.name;
            if let Some((_, control)) = SWITCHES.iter().find(named) {
                let plain = if control.get(&moved) < 0.5 { 1.0 } else { 0.0 };
                let setting = Setting {
                    control: *control,
                    plain,
                };
                setting.apply(&mut moved);
                moves.push(setting);
            }
            let named = |(name, _): &&(&str, _)| *name == key.name;
            if let Some((_, command)) = COMMANDS.iter().find(named) {
                // Nobody is there any more whom it could be told.
                let _ = self.commands.try_send(*command);
            }
        }
        moves
    }

    fn is_open(&self) -> bool {
        (self.is_open)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::control_source::Sources;
    use crossbeam_channel::unbounded;
    use parking_lot::Mutex;

    #[test]
    fn a_key_turns_over_what_the_host_has_whoever_moved_it_last() {
        let (press, pressed) = unbounded();
        let (commands, asked) = unbounded();
        let mut sources = Sources::default();
        sources.add(Keys {
            pressed,
            commands,
            is_open: Box::new(|| true),
        });
        let host = Mutex::new(Snapshot::default());
        let mut press = |names: &[&str]| {
            for name in names {
                press.send(Key::alone(name)).unwrap();
            }
            sources.serve(&|| *host.lock(), &|setting| setting.apply(&mut host.lock()));
            let now = *host.lock();
            (now.freeze, now.blackout)
        };
        assert_eq!(press(&["Space"]), (true, false));
        assert_eq!(press(&["b"]), (true, true));
        assert_eq!(press(&["s"]), (true, true));
        assert_eq!(press(&["Space"]), (false, true));
        // The host blacks out what is black already; one key ends it.
        host.lock().blackout = true;
        assert_eq!(press(&["b"]), (false, false));
        host.lock().blackout = true;
        assert_eq!(press(&["n", "b"]), (false, false));
        // Keys that came at once are each heard.
        assert_eq!(press(&["b", "b", "b"]), (false, true));
        let asked: Vec<KeyCommand> = asked.try_iter().collect();
        assert_eq!(asked, [KeyCommand::KeepStill, KeyCommand::NewSeed]);
    }
}
