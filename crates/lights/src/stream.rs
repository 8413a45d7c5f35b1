//! When a universe is to be sent again, to one receiver.

use std::time::Duration;

/// What does not change is sent again after this long: E1.31 has 800 to 1,000 ms, and so has Art-Net 4.
const KEEP_ALIVE: Duration = Duration::from_millis(800);

/// How often what does not change any more is sent before it rests (E1.31, 6.6.2).
const REPEATS: u8 = 3;

/// A universe on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stream {
    last: Option<(Box<[u8; 512]>, Duration)>,
    repeated: u8,
    /// Of the last packet.
    pub sequence: u8,
}

impl Stream {
    /// Whether `slots` are to be sent at `now`.
    pub fn is_due(&self, slots: &[u8; 512], now: Duration) -> bool {
        self.last.as_ref().is_none_or(|(last, sent)| {
            **last != *slots || self.repeated < REPEATS || now.saturating_sub(*sent) >= KEEP_ALIVE
        })
    }

    /// They were sent.
    pub fn sent(&mut self, slots: &[u8; 512], now: Duration) {
        let same = self.last.as_ref().is_some_and(|(last, _)| **last == *slots);
        self.repeated = if same {
            self.repeated.saturating_add(1)
        } else {
            0
        };
        match &mut self.last {
            Some((last, sent)) => (**last, *sent) = (*slots, now),
            None => self.last = Some((Box::new(*slots), now)),
        }
    }

    /// What was sent last.
    pub fn last(&self) -> Option<&[u8; 512]> {
        self.last.as_ref().map(|(last, _)| &**last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_sent_at_once_and_what_rests_three_times_more_and_then_each_800_ms() {
        let mut stream = Stream::default();
        let mut sent = Vec::new();
        // Changes at 0 and at 10; 25 ms apart.
        for tick in 0..120_u32 {
            let (slots, now) = ([u8::from(tick >= 10); 512], 25 * tick);
            let time = Duration::from_millis(now.into());
            if stream.is_due(&slots, time) {
                stream.sent(&slots, time);
                sent.push(now);
            }
        }
        let expected = [0, 25, 50, 75, 250, 275, 300, 325, 1125, 1925, 2725];
        assert_eq!(sent, expected);
    }
}
