//! Musical time.

use super::frame::{AudioFrame, Beat};

/// A position in the song: the only time that `motion` and `show` know.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SongTime {
    /// Seconds from the start of the song.
    pub seconds: f64,
    /// Beats from the start of the song, with fraction.
    pub beats: f64,
    /// Beats a bar.
    pub beats_per_bar: f64,
    /// Beats per minute.
    pub tempo: f64,
}

impl SongTime {
    /// Position in bars, with fraction.
    pub fn bars(&self) -> f64 {
        self.beats / self.beats_per_bar.max(1.0)
    }
}

/// Where a host's song is at one sample, while it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transport {
    /// Beats (quarter notes) from the start of the song, counted so that bars begin on multiples
    /// of [`beats_per_bar`](Self::beats_per_bar). Finite; negative in a count-in.
    pub beats: f64,
    /// Beats per minute; finite and above 0.
    pub tempo: f64,
    /// Beats a bar; finite and above 0.
    pub beats_per_bar: f64,
}

/// Beats this near to a bar line are on it.
const ON_THE_LINE: f64 = 1e-6;

/// A straight stretch of song time.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Sample position where it begins.
    from: u64,
    /// Beats there.
    beats: f64,
    /// Beats a sample.
    speed: f64,
    beats_per_bar: f64,
}

impl Line {
    fn at(&self, position: u64) -> f64 {
        self.beats + self.speed * (position as f64 - self.from as f64)
    }
}

/// Gives the song's time at any sample position.
///
/// Frames come once a hop, pictures at any time between; the clock draws straight lines. Each
/// frame begins a line where the last one has got to, aimed at where the tracker will be a hop
/// later, so that beats are continuous and never go backwards for anyone who asks no further than
/// a hop ahead of the last frame (further ahead it is a forecast, which the next frame may bend).
///
/// Bars begin on the tracker's downbeat. When its guess moves, the clock runs at double speed from
/// one beat on until it agrees, so that it passes no bar unseen and stays on the beat. When it finds bars
/// of another length, the clock goes over to them on a bar line, and its beats are counted anew, as if all
/// bars had been so long: bars go on without a jump.
///
/// While a host's transport plays, it draws the lines instead: where it is, and how fast it goes.
/// It may jump. When it stops, the tracker goes on from where it stood.
#[derive(Clone, Debug)]
pub struct SongClock {
    sample_rate: f64,
    /// The last frame's position and tracked beats.
    heard: Option<(u64, f64)>,
    tempo: f64,
    /// Beats by which the clock is ahead of the tracker...
    ahead: f64,
    /// ...and by which it has to be for bars to begin on the downbeat.
    ahead_goal: f64,
    before: Line,
    now: Line,
}

impl SongClock {
    /// A clock at the start of a song at `sample_rate` Hz, at a resting tempo.
    pub fn new(sample_rate: f64) -> Self {
        let line = Line {
            from: 0,
            beats: 0.0,
            speed: Beat::RESTING_TEMPO / 60.0 / sample_rate,
            beats_per_bar: f64::from(Beat::default().per_bar),
        };
        Self {
            sample_rate,
            heard: None,
            tempo: Beat::RESTING_TEMPO,
            ahead: 0.0,
            ahead_goal: 0.0,
            before: line,
            now: line,
        }
    }

    /// Takes the next frame, and where the host's song is at its position if it plays; without,
    /// the frame's tracked beat counts. A frame that lies before the last begins the song anew.
    pub fn hear(&mut self, frame: &AudioFrame, transport: Option<Transport>) {
        let (position, tracked) = (frame.position, frame.beat.beats);
        if self.heard.is_some_and(|(last, _)| position <= last) {
            *self = Self::new(self.sample_rate);
        }
        if self.heard.is_none() {
            self.now.beats_per_bar = frame.beat.per_bar.into();
        }
        let (last, last_tracked) = self.heard.unwrap_or_default();
        self.heard = Some((position, tracked));
        if let Some(transport) = transport {
            self.follow(position, tracked, transport);
            return;
        }
        let hop = (position - last).max(1) as f64;
        let step = (tracked - last_tracked).max(0.0);
        self.align_bars(frame, last_tracked, step);

        let beats = self.now.at(position);
        let aim = tracked + step + self.ahead;
        self.before = self.now;
        self.now = Line {
            from: position,
            beats,
            speed: ((aim - beats) / hop).max(0.0),
            ..self.now
        };
        self.tempo = f64::from(frame.beat.tempo);
    }

    /// Draws the line that the host's song follows from `position` on.
    fn follow(&mut self, position: u64, tracked: f64, transport: Transport) {
        self.before = self.now;
        self.now = Line {
            from: position,
            beats: transport.beats,
            speed: transport.tempo / 60.0 / self.sample_rate,
            beats_per_bar: transport.beats_per_bar,
        };
        self.tempo = transport.tempo;
        self.ahead = transport.beats - tracked;
        self.ahead_goal = self.ahead;
    }

    /// Moves bars towards the downbeat by one hop in which the tracker went `step` beats.
    fn align_bars(&mut self, frame: &AudioFrame, last_tracked: f64, step: f64) {
        let beat = frame.beat.beats.floor();
        if self.ahead < self.ahead_goal {
            self.ahead = (self.ahead + step).min(self.ahead_goal);
        } else if beat > last_tracked.floor() {
            let (bar, heard_bar) = (self.now.beats_per_bar, f64::from(frame.beat.per_bar));
            let counted = (beat + self.ahead).rem_euclid(bar);
            let to_line = (bar - counted) % bar;
            let heard_to_line = (heard_bar - f64::from(frame.beat.in_bar)) % heard_bar;
            let together = heard_to_line == 0.0 && to_line.min(counted) < ON_THE_LINE;
            if together && bar != heard_bar {
                self.change_bars(((beat + self.ahead) / bar).round(), heard_bar);
            } else if !together {
                // As many beats more as let both reach a line together, soon enough to go them by then.
                let lines = (0..=bar as u32).map(|n| heard_to_line + heard_bar * f64::from(n));
                let mut more = lines.map(|within| ((to_line - within).rem_euclid(bar), within));
                let soonest = more.find(|(more, within)| more <= within);
                self.ahead_goal = self.ahead + soonest.map_or(0.0, |(more, _)| more);
            }
        }
    }

    /// From the line after `bars` bars on they have so many beats.
    fn change_bars(&mut self, bars: f64, beats_per_bar: f64) {
        let more = bars * (beats_per_bar - self.now.beats_per_bar);
        self.ahead += more;
        self.ahead_goal = self.ahead;
        self.now.beats += more;
        self.now.beats_per_bar = beats_per_bar;
    }

    /// The song's time at a sample position, not earlier than a hop before the last frame.
    pub fn at(&self, position: u64) -> SongTime {
        let line = if position < self.now.from {
            self.before
        } else {
            self.now
        };
        SongTime {
            seconds: position as f64 / self.sample_rate,
            beats: line.at(position).max(0.0),
            beats_per_bar: line.beats_per_bar,
            tempo: self.tempo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::Beat;
    use super::*;

    const RATE: f64 = 48_000.0;
    const HOP: u64 = 565;

    /// Frames of a tracker at 120 beats per minute whose speed sways by a third, on a downbeat
    /// guess that moves by two beats half-way.
    fn frames() -> impl Iterator<Item = AudioFrame> {
        let mut beats = 0.0;
        (1..2000u64).map(move |n| {
            beats += (2.0 + 0.6 * (n as f64 * 0.05).sin()) * HOP as f64 / RATE;
            let moved = if n < 1000 { 0 } else { 2 };
            AudioFrame {
                position: n * HOP,
                beat: Beat {
                    tempo: 120.0,
                    beats,
                    in_bar: ((beats as u64 + moved) % 4) as u8,
                    per_bar: 4,
                    confidence: 1.0,
                },
                ..AudioFrame::default()
            }
        })
    }

    #[test]
    fn beats_are_continuous_and_never_go_backwards() {
        let mut clock = SongClock::new(RATE);
        let mut last = clock.at(0).beats;
        for frame in frames() {
            for position in (frame.position - HOP..frame.position).step_by(100) {
                let beats = clock.at(position).beats;
                assert!(beats >= last, "{last} then {beats}");
                // Double time and the sway together make 6 beats a second at most.
                assert!(beats - last <= 6.0 * 100.0 / RATE, "{last} then {beats}");
                last = beats;
            }
            clock.hear(&frame, None);
        }
    }

    #[test]
    fn a_frame_does_not_change_the_time_before_it() {
        let mut clock = SongClock::new(RATE);
        for frame in frames() {
            let middle = frame.position - HOP / 2;
            let before = clock.at(middle);
            clock.hear(&frame, None);
            assert!((clock.at(middle).beats - before.beats).abs() < 1e-9);
        }
    }

    #[test]
    fn bars_begin_on_the_guessed_downbeat_and_beats_on_the_beat() {
        let mut clock = SongClock::new(RATE);
        for (n, frame) in frames().enumerate() {
            clock.hear(&frame, None);
            let settled = (20..990).contains(&n) || n > 1200;
            let middle_of_beat = (0.2..0.8).contains(&frame.beat.phase());
            if settled && middle_of_beat {
                let time = clock.at(frame.position);
                assert_eq!(time.beats as u64 % 4, u64::from(frame.beat.in_bar));
                assert!((time.beats.fract() - frame.beat.beats.fract()).abs() < 0.02);
            }
        }
    }

    #[test]
    fn bars_go_on_without_a_jump_where_their_length_changes() {
        for (first, then) in [(4u64, 7u64), (7, 3), (3, 4), (4, 5), (6, 2)] {
            let mut clock = SongClock::new(RATE);
            let (mut last, mut together) = (0.0, 0);
            for (n, mut frame) in frames().enumerate() {
                let (beat, per_bar) = match n {
                    0..700 => (frame.beat.beats as u64, first),
                    _ => (frame.beat.beats as u64 + 1, then),
                };
                frame.beat.per_bar = per_bar as u8;
                frame.beat.in_bar = (beat % per_bar) as u8;
                clock.hear(&frame, None);
                for later in [0, HOP / 2] {
                    let bars = clock.at(frame.position + later).bars();
                    // Double speed in bars of two or more.
                    let most = 6.0 / first.min(then) as f64 * HOP as f64 / RATE;
                    assert!((0.0..most).contains(&(bars - last)), "{last} then {bars}");
                    last = bars;
                }
                let settled = (400..700).contains(&n) || n > 1200;
                if settled && (0.2..0.8).contains(&frame.beat.phase()) {
                    let time = clock.at(frame.position);
                    assert_eq!(time.beats_per_bar, per_bar as f64);
                    let in_bar = time.beats.rem_euclid(time.beats_per_bar) as u8;
                    assert_eq!(in_bar, frame.beat.in_bar, "{first} to {then}");
                    together += 1;
                }
            }
            assert!(together > 500);
        }
    }

    #[test]
    fn a_frame_from_the_past_begins_the_song_anew() {
        let mut clock = SongClock::new(RATE);
        for frame in frames() {
            clock.hear(&frame, None);
        }
        let first = frames().next().unwrap_or_default();
        clock.hear(&first, None);
        assert!(clock.at(first.position).beats < 0.1);
    }

    /// A host's song at `beats` beats, at 100 beats per minute in bars of three.
    fn host(beats: f64) -> Option<Transport> {
        Some(Transport {
            beats,
            tempo: 100.0,
            beats_per_bar: 3.0,
        })
    }

    #[test]
    fn a_playing_host_sets_the_time_and_may_jump() {
        let mut clock = SongClock::new(RATE);
        let per_sample = 100.0 / 60.0 / RATE;
        for frame in frames().take(100) {
            let jump = if frame.position > 50 * HOP { 64.0 } else { 0.0 };
            let beats = frame.position as f64 * per_sample - jump;
            clock.hear(&frame, host(beats));
            let later = clock.at(frame.position + 300);
            let expected = (beats + 300.0 * per_sample).max(0.0);
            assert!((later.beats - expected).abs() < 1e-9);
            assert_eq!((later.tempo, later.beats_per_bar), (100.0, 3.0));
        }
    }

    #[test]
    fn the_tracker_goes_on_where_a_host_stops() {
        let mut clock = SongClock::new(RATE);
        let mut last = 0.0;
        for (n, frame) in frames().take(200).enumerate() {
            let playing = host(40.0 + n as f64 * 0.02).filter(|_| n < 100);
            clock.hear(&frame, playing);
            let beats = clock.at(frame.position).beats;
            if n > 0 {
                assert!((0.0..0.08).contains(&(beats - last)), "{last} then {beats}");
            }
            last = beats;
        }
    }
}
