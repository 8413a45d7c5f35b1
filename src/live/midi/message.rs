//! What a MIDI device sends.

/// A message that somebody may have made with a hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// 1 to 16.
    pub channel: u8,
    pub knob: Knob,
    /// 0 to 127; of a pitch bend 0 to 16383. 0 for a note that ends.
    pub value: u16,
}

/// What was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Knob {
    /// A controller of this number.
    Controller(u8),
    /// A key or a pad of this note.
    Note(u8),
    /// The pitch wheel.
    Bend,
    /// How hard keys are held.
    Pressure,
    /// A program of this number.
    Program(u8),
}

impl Knob {
    /// The greatest value that it sends.
    pub fn most(self) -> f32 {
        match self {
            Self::Bend => 16_383.0,
            _ => 127.0,
        }
    }
}

/// Reads one whole message; none for clocks, sensing, system messages and what is no message.
pub(super) fn read(bytes: &[u8]) -> Option<Message> {
    let status = *bytes.first()?;
    let data = |n: usize| bytes.get(n).copied().filter(|byte| *byte < 0x80);
    let (knob, value) = match status & 0xf0 {
        0x80 => (Knob::Note(data(1)?), 0),
        0x90 => (Knob::Note(data(1)?), data(2)?.into()),
        0xb0 => (Knob::Controller(data(1)?), data(2)?.into()),
        0xc0 => (Knob::Program(data(1)?), 127),
        0xd0 => (Knob::Pressure, data(1)?.into()),
        0xe0 => (Knob::Bend, u16::from(data(1)?) | u16::from(data(2)?) << 7),
        _ => return None,
    };
    Some(Message {
        channel: (status & 0x0f) + 1,
        knob,
        value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_whatever_else_comes_is_none() {
        let is = |bytes: &[u8], channel, knob, value| {
            let message = Message {
                channel,
                knob,
                value,
            };
            assert_eq!(read(bytes), Some(message), "{bytes:x?}");
        };
        is(&[0xb0, 21, 64], 1, Knob::Controller(21), 64);
        is(&[0x9f, 36, 100], 16, Knob::Note(36), 100);
        is(&[0x90, 36, 0], 1, Knob::Note(36), 0);
        is(&[0x83, 36, 64], 4, Knob::Note(36), 0);
        is(&[0xe0, 0x7f, 0x7f], 1, Knob::Bend, 16_383);
        is(&[0xc2, 5], 3, Knob::Program(5), 127);
        is(&[0xd0, 90], 1, Knob::Pressure, 90);
        for bytes in [
            &[][..],
            &[0xb0],
            &[0xb0, 21],
            &[0xb0, 200, 1],
            &[0xfe],
            &[0xf8],
            &[64, 21],
            &[0xf0, 1, 0xf7],
        ] {
            assert_eq!(read(bytes), None, "{bytes:x?}");
        }
        for status in 0..=255u8 {
            for data in [0, 127, 128, 255] {
                let _ = read(&[status, data, data]);
            }
        }
    }
}
