//! What messages make of controls, by a map; and the learning of one.

use super::map::{Action, Binding, How, MidiMap, Target};
use super::message::{Knob, Message};
use super::moved::{State, kind_of, moved};
use crate::control::{Control, Setting, Snapshot, preset_called};

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    Set(Setting),
    Do(Action),
}

/// A control that waits for a knob, and what has been heard for it.
#[derive(Clone, Debug, PartialEq)]
struct Learning {
    control: Control,
    heard: Option<Message>,
}

/// A map at work.
#[derive(Debug, Default)]
pub(super) struct Hands {
    pub map: MidiMap,
    states: Vec<State>,
    learning: Option<Learning>,
}

impl Hands {
    pub fn new(map: MidiMap) -> Self {
        Self {
            states: vec![State::default(); map.bindings.len()],
            map,
            learning: None,
        }
    }

    /// Has the next knob that is moved move this control from then on; none for no more.
    pub fn learn(&mut self, control: Option<Control>) {
        self.learning = control.map(|control| Learning {
            control,
            heard: None,
        });
    }

    /// The control that waits for a knob.
    pub fn learning(&self) -> Option<Control> {
        self.learning.as_ref().map(|learning| learning.control)
    }

    /// Takes away what moves a control; whether anything did.
    pub fn forget(&mut self, control: Control) -> bool {
        let before = self.map.bindings.len();
        let target = Target::Control(control);
        self.map.bindings.retain(|binding| binding.target != target);
        self.states = vec![State::default(); self.map.bindings.len()];
        self.map.bindings.len() < before
    }

    /// Whether the knob of a line has put its control there itself, 0 to 1.
    pub fn has_put(&self, line: usize, place: f32) -> bool {
        let put = self.states.get(line).and_then(|state| state.put);
        put.is_some_and(|put| (put - place).abs() < 1e-3)
    }

    /// Learns from a message; whether the map has changed.
    pub fn is_taught_by(&mut self, message: &Message) -> bool {
        let Some(learning) = &mut self.learning else {
            return false;
        };
        let control = learning.control;
        let (knob, how) = match (message.knob, learning.heard) {
            // What ends is no press.
            (Knob::Note(_), _) if message.value == 0 => return false,
            (Knob::Controller(_), None) => {
                // What it is is known when it has moved once more.
                learning.heard = Some(*message);
                return false;
            }
            (Knob::Controller(number), Some(first)) => match kind_of(&first, message) {
                Some(how) => (first.knob, how),
                None => {
                    learning.heard = Some(Message {
                        knob: Knob::Controller(number),
                        ..*message
                    });
                    return false;
                }
            },
            (knob, _) => (knob, How::Absolute),
        };
        self.map.bind(Binding {
            knob,
            channel: Some(message.channel),
            target: Target::Control(control),
            how,
        });
        self.states = vec![State::default(); self.map.bindings.len()];
        self.learning = None;
        true
    }

    /// What a message asks for, of controls that stand so.
    pub fn hear(&mut self, message: &Message, now: &Snapshot) -> Vec<Act> {
        let mut acts = Vec::new();
        for (binding, state) in self.map.bindings.iter().zip(&mut self.states) {
            if !binding.hears(message) {
                continue;
            }
            let pressed = message.value > 0;
            match &binding.target {
                Target::Control(control) => {
                    let plain = moved(*control, binding, self.map.takeover, state, message, now);
                    let control = *control;
                    acts.extend(plain.map(|plain| Act::Set(Setting { control, plain })));
                }
                Target::Action(action) if pressed => acts.push(Act::Do(*action)),
                Target::Preset(name) if pressed => {
                    let settings = preset_called(name).map(|preset| preset.settings());
                    acts.extend(settings.into_iter().flatten().map(Act::Set));
                }
                Target::Action(_) | Target::Preset(_) => {}
            }
        }
        acts
    }
}

#[cfg(test)]
mod tests {
    use super::super::map::Takeover;
    use super::*;

    fn controller(number: u8, value: u16) -> Message {
        Message {
            channel: 1,
            knob: Knob::Controller(number),
            value,
        }
    }

    fn hands(knob: Knob, control: Control, how: How) -> Hands {
        let mut map = MidiMap::default();
        map.bind(Binding {
            knob,
            channel: None,
            target: Target::Control(control),
            how,
        });
        Hands::new(map)
    }

    /// Has messages move controls; where the one stands then.
    fn play(hands: &mut Hands, now: &mut Snapshot, control: Control, messages: &[Message]) -> f32 {
        for message in messages {
            for act in hands.hear(message, now) {
                let Act::Set(setting) = act else { continue };
                setting.apply(now);
            }
        }
        control.get(now)
    }

    #[test]
    fn a_knob_takes_a_control_over_when_it_comes_past_it_and_again_after_another_hand() {
        let trails = Control::Trails;
        let mut hands = hands(Knob::Controller(21), trails, How::Absolute);
        let mut now = Snapshot::default();
        let usual = trails.get(&now);
        let mut at =
            |now: &mut Snapshot, value| play(&mut hands, now, trails, &[controller(21, value)]);
        for far in [127, 100, 80] {
            assert_eq!(at(&mut now, far), usual, "no jump");
        }
        let taken = at(&mut now, 20);
        assert!((taken - 20.0 / 127.0).abs() < 2e-3, "{taken}");
        assert!((at(&mut now, 90) - 90.0 / 127.0).abs() < 2e-3);
        trails.set(&mut now, 0.1);
        assert_eq!(
            at(&mut now, 91),
            0.1_f32.max(trails.get(&now)),
            "the other hand has it"
        );
        assert!(at(&mut now, 5) < 0.05, "until the knob comes past");
    }

    #[test]
    fn other_takeovers_jump_or_reach_the_ends_together() {
        let trails = Control::Trails;
        let mut now = Snapshot::default();
        trails.set(&mut now, 0.5);
        let mut jumps = hands(Knob::Controller(21), trails, How::Absolute);
        jumps.map.takeover = Takeover::Jump;
        assert_eq!(
            play(&mut jumps, &mut now, trails, &[controller(21, 127)]),
            1.0
        );
        trails.set(&mut now, 0.5);
        let mut scaled = hands(Knob::Controller(21), trails, How::Absolute);
        scaled.map.takeover = Takeover::Scaled;
        let mut last = 0.5;
        for value in (0..=100).map(|n| 27 + n) {
            let stands = play(&mut scaled, &mut now, trails, &[controller(21, value)]);
            assert!(
                (stands - last).abs() < 0.02,
                "{last} to {stands} at {value}"
            );
            last = stands;
        }
        assert!(last > 0.99, "{last}");
    }

    #[test]
    fn encoders_step_and_fine_knobs_have_fourteen_bits() {
        let rotation = Control::Rotation;
        let range = rotation.row().values.range();
        for (how, up, down) in [
            (How::TwosComplement, 1, 127),
            (How::Offset, 65, 63),
            (How::SignMagnitude, 1, 65),
        ] {
            let mut encoder = hands(Knob::Controller(7), rotation, how);
            let mut now = Snapshot::default();
            let begun = rotation.get(&now);
            let higher = play(&mut encoder, &mut now, rotation, &[controller(7, up); 5]);
            assert!(higher > begun, "{how:?}");
            let lower = play(&mut encoder, &mut now, rotation, &[controller(7, down); 10]);
            assert!(lower < begun, "{how:?}");
            let end = play(&mut encoder, &mut now, rotation, &[controller(7, up); 300]);
            assert_eq!(end, range[1], "{how:?}");
        }
        let mut fine = hands(Knob::Controller(7), rotation, How::Fine);
        fine.map.takeover = Takeover::Jump;
        let mut now = Snapshot::default();
        let one = play(
            &mut fine,
            &mut now,
            rotation,
            &[controller(7, 64), controller(39, 0)],
        );
        let next = play(
            &mut fine,
            &mut now,
            rotation,
            &[controller(7, 64), controller(39, 40)],
        );
        let step = (range[1] - range[0]) / 127.0;
        assert!(next > one && next - one < 0.5 * step, "{one} {next}");
    }

    #[test]
    fn a_pad_turns_a_switch_over_and_one_that_is_held_holds_it() {
        let blackout = Control::Blackout;
        let note = |value| Message {
            channel: 10,
            knob: Knob::Note(36),
            value,
        };
        let mut now = Snapshot::default();
        let mut pad = hands(Knob::Note(36), blackout, How::Absolute);
        let press = [note(100), note(0)];
        assert_eq!(play(&mut pad, &mut now, blackout, &press), 1.0);
        assert_eq!(play(&mut pad, &mut now, blackout, &press), 0.0);
        // Whoever switched it on, one press switches it off.
        now.blackout = true;
        assert_eq!(play(&mut pad, &mut now, blackout, &press), 0.0);
        let mut held = hands(Knob::Note(36), blackout, How::Hold);
        assert_eq!(play(&mut held, &mut now, blackout, &[note(100)]), 1.0);
        assert_eq!(play(&mut held, &mut now, blackout, &[note(0)]), 0.0);
    }

    #[test]
    fn what_is_learned_is_the_knob_that_moved_as_it_is_made() {
        let learned = |messages: &[Message]| {
            let mut hands = Hands::default();
            hands.learn(Some(Control::Trails));
            let taught = messages.iter().filter(|it| hands.is_taught_by(it)).count();
            (
                taught,
                hands.map.bindings.first().map(|it| (it.knob, it.how)),
                hands.learning(),
            )
        };
        let knob = Knob::Controller(21);
        let two = |a, b| [controller(21, a), controller(21, b)];
        assert_eq!(
            learned(&two(50, 52)),
            (1, Some((knob, How::Absolute)), None)
        );
        assert_eq!(
            learned(&two(1, 1)),
            (1, Some((knob, How::TwosComplement)), None)
        );
        assert_eq!(learned(&two(63, 63)), (1, Some((knob, How::Offset)), None));
        let fine = [controller(21, 50), controller(53, 3)];
        assert_eq!(learned(&fine), (1, Some((knob, How::Fine)), None));
        let other = [controller(3, 50), controller(21, 9), controller(21, 10)];
        assert_eq!(learned(&other), (1, Some((knob, How::Absolute)), None));
        let pad = Message {
            channel: 1,
            knob: Knob::Note(36),
            value: 90,
        };
        let up = Message { value: 0, ..pad };
        assert_eq!(
            learned(&[up, pad]),
            (1, Some((pad.knob, How::Absolute)), None)
        );
        assert_eq!(learned(&[up]).2, Some(Control::Trails), "still waits");
    }
}
