//! Musical time.

use super::frame::{AudioFrame, Beat};

/// A position in the song: the only time that `motion` and `show` know.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SongTime {
    /// Seconds that were heard of it.
    pub seconds: f64,
    /// Seconds from the song's own beginning, as whoever plays it counts them; below zero before it, and where
    /// nobody plays it. The seconds that were heard, where these are all of it.
    pub song: f64,
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

/// Parts of a beat in which time is told: a place that is reached in two ways, which differs in a sum's last digit, is
/// one place. At any tempo they are less than a sample.
const FINENESS: f64 = (1 << 20) as f64;

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
/// It may jump, and in a count-in it is below zero. When it stops, the tracker goes on from where it stood.
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
        self.expect(frame, transport);
        let before = self.heard.replace((position, tracked));
        if let Some(transport) = transport {
            self.follow(position, tracked, transport);
            return;
        }
        let Some((last, last_tracked)) = before else {
            return;
        };
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

    /// Before anything is heard: the song is where its first `frame` says, and before that where it came from.
    pub fn expect(&mut self, frame: &AudioFrame, transport: Option<Transport>) {
        if self.heard.is_some() {
            return;
        }
        let Beat {
            beats,
            tempo,
            per_bar,
            ..
        } = frame.beat;
        let at = transport.unwrap_or(Transport {
            beats,
            tempo: tempo.into(),
            beats_per_bar: per_bar.into(),
        });
        self.follow(frame.position, beats, at);
        self.before = self.now;
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
            song: position as f64 / self.sample_rate,
            beats: (line.at(position) * FINENESS).round() / FINENESS,
            beats_per_bar: line.beats_per_bar,
            tempo: self.tempo,
        }
    }
}

#[cfg(test)]
mod tests;
