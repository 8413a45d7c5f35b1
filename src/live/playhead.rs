//! Where the music is between two blocks of audio.

use std::time::Instant;

/// Seconds by which the playhead may be off before it jumps instead of leaning.
const JUMP_SECONDS: f64 = 0.1;

/// Seconds over which it is seen how far the playhead could be ahead.
const WINDOW_SECONDS: f64 = 0.5;

/// Share of that slack that the playhead takes up with each picture.
const LEAN: f64 = 0.05;

/// Audio comes in blocks, at times that jitter; pictures need the position between them. The
/// playhead runs at the sample rate, as far ahead as the latest block of the last half second
/// lets it, never beyond what was heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Playhead {
    sample_rate: f64,
    /// Samples.
    position: f64,
    moved: Option<Instant>,
    /// Least distance to what was heard in this window, and how much of it since when.
    least: f64,
    window: f64,
    /// Samples that the playhead may move ahead of its pace.
    slack: f64,
}

impl Playhead {
    pub(super) fn new(sample_rate: f64) -> Self {
        Self {
            sample_rate,
            position: 0.0,
            moved: None,
            least: f64::INFINITY,
            window: 0.0,
            slack: 0.0,
        }
    }

    /// The position at `now`, when audio up to `heard` is known.
    pub(super) fn at(&mut self, now: Instant, heard: u64) -> u64 {
        let heard = heard as f64;
        let passed = self.moved.map_or(0.0, |last| (now - last).as_secs_f64());
        self.moved = Some(now);
        let lean = LEAN * self.slack;
        self.slack -= lean;
        let free = self.position + passed * self.sample_rate + lean;
        let distance = heard - free;
        if distance.abs() > JUMP_SECONDS * self.sample_rate || distance < 0.0 {
            // It jumps with the music, and waits where nothing more is heard.
            self.position = heard;
            (self.slack, self.least, self.window) = (0.0, f64::INFINITY, 0.0);
            return heard as u64;
        }
        self.position = free;
        self.least = self.least.min(distance);
        self.window += passed;
        if self.window > WINDOW_SECONDS {
            self.slack = self.least;
            (self.least, self.window) = (f64::INFINITY, 0.0);
        }
        free as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const RATE: f64 = 48_000.0;

    #[test]
    fn it_moves_evenly_through_blocks_that_come_in_bursts() {
        let mut playhead = Playhead::new(RATE);
        let start = Instant::now();
        let mut last = None;
        for picture in 0..600u64 {
            let now = start + Duration::from_micros(picture * 16_667);
            let played = picture as f64 / 60.0 * RATE;
            let heard = (played / 2048.0).floor() as u64 * 2048 + 2048;
            let position = playhead.at(now, heard);
            assert!(position <= heard);
            assert!(heard - position < (0.06 * RATE) as u64);
            if let Some(last) = last.filter(|_| picture > 120) {
                let step = (position - last) as f64 / RATE;
                assert!((0.014..0.019).contains(&step), "{step}");
            }
            last = Some(position);
        }
    }

    #[test]
    fn it_waits_where_the_music_stops_and_jumps_where_it_jumps() {
        let mut playhead = Playhead::new(RATE);
        let start = Instant::now();
        playhead.at(start, 48_000);
        assert_eq!(playhead.at(start + Duration::from_secs(9), 48_000), 48_000);
        assert_eq!(
            playhead.at(start + Duration::from_secs(10), 4_800_000),
            4_800_000
        );
        assert_eq!(playhead.at(start + Duration::from_secs(11), 100), 100);
    }
}
