//! Keys of the output window.

use super::control_source::ControlSource;
use crate::control::{Control, Snapshot};
use crate::output::window::Key;
use crossbeam_channel::{Receiver, Sender};

/// What a key asks for that is no control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyCommand {
    NewSeed,
    KeepStill,
}

/// The switches that keys turn over.
const SWITCHES: [(&str, Control); 2] = [("Space", Control::Freeze), ("b", Control::Blackout)];

/// What else they ask for.
const COMMANDS: [(&str, KeyCommand); 2] =
    [("n", KeyCommand::NewSeed), ("s", KeyCommand::KeepStill)];

/// The keys of one window, as a source of controls.
pub(super) struct Keys {
    pub(super) pressed: Receiver<Key>,
    /// Where the rest goes.
    pub(super) commands: Sender<KeyCommand>,
    pub(super) is_open: Box<dyn Fn() -> bool + Send>,
}

impl ControlSource for Keys {
    fn moves(&mut self, now: &Snapshot) -> Vec<(Control, f32)> {
        let mut moved = *now;
        let mut moves = Vec::new();
        for key in self.pressed.try_iter() {
            let named = |(name, _): &&(&str, _)| *name == key.name;
            if let Some((_, control)) = SWITCHES.iter().find(named) {
                let value = if control.get(&moved) < 0.5 { 1.0 } else { 0.0 };
                control.set(&mut moved, value);
                moves.push((*control, value));
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
    use crate::live::control_source::LastHand;
    use crossbeam_channel::unbounded;

    #[test]
    fn a_key_turns_over_what_is_seen_and_not_what_the_host_says() {
        let (press, pressed) = unbounded();
        let (commands, asked) = unbounded();
        let mut hand = LastHand::default();
        hand.add(Keys {
            pressed,
            commands,
            is_open: Box::new(|| true),
        });
        let mut press = |name: &str, host: Snapshot| {
            let key = Key {
                name: name.to_owned(),
                shift: false,
                control: false,
                alt: false,
                command: false,
            };
            press.send(key).unwrap();
            let now = hand.apply(host);
            (now.freeze, now.blackout)
        };
        let mut host = Snapshot::default();
        assert_eq!(press("Space", host), (true, false));
        assert_eq!(press("b", host), (true, true));
        assert_eq!(press("s", host), (true, true));
        assert_eq!(press("Space", host), (false, true));
        // The host blacks out what is black already; one key ends it.
        host.blackout = true;
        assert_eq!(press("b", host), (false, false));
        assert_eq!(press("n", host), (false, false));
        let asked: Vec<KeyCommand> = asked.try_iter().collect();
        assert_eq!(asked, [KeyCommand::KeepStill, KeyCommand::NewSeed]);
    }
}
