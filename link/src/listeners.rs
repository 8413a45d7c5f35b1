//! Who is told where the session is: whoever said hello lately.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// One that has not said hello for so long has gone.
const PATIENCE: Duration = Duration::from_secs(3);

/// As many instances of Synopsia are told at once.
const MOST: usize = 32;

/// Those who are told, each with when it last said hello.
#[derive(Debug, Default)]
pub struct Listeners(Vec<(SocketAddr, Instant)>);

impl Listeners {
    /// Tells `from` from now on. Where all places are taken, it is not told.
    pub fn hello(&mut self, from: SocketAddr, now: Instant) {
        self.present(now);
        if let Some((_, last)) = self.0.iter_mut().find(|(other, _)| *other == from) {
            *last = now;
        } else if self.0.len() < MOST {
            self.0.push((from, now));
        }
    }

    /// Tells `from` no more.
    pub fn bye(&mut self, from: SocketAddr) {
        self.0.retain(|(other, _)| *other != from);
    }

    /// Those who are there; others are forgotten.
    pub fn present(&mut self, now: Instant) -> Vec<SocketAddr> {
        self.0
            .retain(|(_, last)| now.saturating_duration_since(*last) <= PATIENCE);
        self.0.iter().map(|(listener, _)| *listener).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn who_says_hello_is_told_until_it_says_bye_or_nothing() {
        let mut listeners = Listeners::default();
        let begun = Instant::now();
        let at = |seconds| begun + Duration::from_secs(seconds);
        listeners.hello(port(1), at(0));
        listeners.hello(port(2), at(0));
        listeners.hello(port(1), at(2));
        assert_eq!(listeners.present(at(3)), [port(1), port(2)]);
        assert_eq!(listeners.present(at(4)), [port(1)]);
        listeners.bye(port(1));
        assert_eq!(listeners.present(at(4)), []);
    }

    #[test]
    fn a_flood_of_hellos_takes_bounded_room_and_displaces_nobody() {
        let mut listeners = Listeners::default();
        let now = Instant::now();
        for number in 1..=u16::MAX {
            listeners.hello(port(number), now);
        }
        let expected: Vec<_> = (1..=MOST as u16).map(port).collect();
        assert_eq!(listeners.present(now), expected);
    }
}
