//! Where a knob's message puts a control.

use super::map::{Binding, How, Takeover};
use super::message::{Knob, Message};
use crate::control::{Control, Snapshot};

/// How near a knob has to come to where a control stands to take it over, of the whole range.
const NEAR: f32 = 1.5 / 127.0;

/// A step of an encoder, of the whole range.
const STEP: f32 = 1.0 / 127.0;

/// What is known of a knob.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct State {
    /// Where it stood, 0 to 1.
    stood: Option<f32>,
    /// Where it put the control, 0 to 1.
    pub put: Option<f32>,
    /// The coarse half of a fine value.
    coarse: u16,
}

/// How a controller's values are meant that sent these two, one after the other; none where they are of two controllers.
pub(super) fn kind_of(first: &Message, second: &Message) -> Option<How> {
    let (Knob::Controller(one), Knob::Controller(other)) = (first.knob, second.knob) else {
        return None;
    };
    if first.channel != second.channel {
        return None;
    }
    if one < 32 && other == one + 32 {
        return Some(How::Fine);
    }
    if one != other {
        return None;
    }
    // A knob that stands somewhere never sends the same twice; an encoder's steps are alike.
    let how = match (first.value, second.value) {
        (a, b) if a != b => How::Absolute,
        (1..=7 | 121..=127, _) => How::TwosComplement,
        (57..=63 | 65..=71, _) => How::Offset,
        _ => How::Absolute,
    };
    Some(how)
}

/// Where a message puts a control, if anywhere.
pub(super) fn moved(
    control: Control,
    binding: &Binding,
    takeover: Takeover,
    state: &mut State,
    message: &Message,
    now: &Snapshot,
) -> Option<f32> {
    let values = &control.row().values;
    let stands = values.normalised(control.get(now));
    if !control.is_number() && values.places().count() == 2 {
        let down = f32::from(message.value) > 0.5 * message.knob.most();
        let was_down = state.stood.replace(f32::from(down)) == Some(1.0);
        return match binding.how {
            How::Hold => Some(f32::from(down)),
            _ if down && !was_down => Some(1.0 - stands.round()),
            _ => None,
        };
    }
    let value = i32::from(message.value);
    let by = match binding.how {
        How::TwosComplement => Some(if value < 64 { value } else { value - 128 }),
        How::Offset => Some(value - 64),
        How::SignMagnitude => Some(if value < 64 { value } else { 64 - value }),
        _ => None,
    };
    if let Some(by) = by {
        // Steps that are smaller than the control's own would lead nowhere.
        let least = match values.places().count() {
            0 | 1 => STEP,
            places => (1.0 / (places - 1) as f32).max(STEP),
        };
        return Some(values.plain((stands + by as f32 * least).clamp(0.0, 1.0)));
    }
    let place = match (binding.how, message.knob) {
        (How::Fine, knob) if knob == binding.knob => {
            state.coarse = message.value;
            f32::from(message.value << 7) / 16_383.0
        }
        (How::Fine, _) => f32::from(state.coarse << 7 | message.value) / 16_383.0,
        _ => f32::from(message.value) / message.knob.most(),
    };
    let before = state.stood.replace(place);
    let holds = state.put.is_some_and(|put| (put - stands).abs() < 1e-3);
    let came_past = before.is_some_and(|before| (before - stands) * (place - stands) <= 0.0);
    let to = match takeover {
        Takeover::Jump => place,
        _ if came_past || (place - stands).abs() <= NEAR => place,
        Takeover::PickUp if holds => place,
        Takeover::PickUp => return None,
        Takeover::Scaled => {
            let before = before?;
            let share = match place > before {
                true => (1.0 - stands) / (1.0 - before).max(1e-6),
                false => stands / before.max(1e-6),
            };
            (stands + share * (place - before)).clamp(0.0, 1.0)
        }
    };
    let plain = values.plain(to);
    state.put = Some(values.normalised(plain));
    Some(plain)
}
