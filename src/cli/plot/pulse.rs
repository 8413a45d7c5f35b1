//! Tempo and beats over time.

use super::canvas::Area;
use super::layout::{PULSE, TIME_LEFT, TIME_WIDTH};
use super::series::{BeatMark, Column};
use super::sheet::Sheet;
use super::style::{BRIGHT, QUIET, TEMPO, faded};

impl Sheet {
    /// The tempo as a curve; beats as ticks, downbeats as long ones.
    pub(super) fn pulse(&mut self, columns: &[Option<Column>], beats: &[BeatMark]) {
        // Ticks nearer than this melt into a grey bar.
        const LEAST_SPACING: f32 = 4.5;
        let spacing = |count: usize| TIME_WIDTH / count.max(1) as f32;
        let bars = beats.iter().filter(|beat| beat.in_bar == 0).count();
        let (every_beat, every_bar) = (
            spacing(beats.len()) >= LEAST_SPACING,
            spacing(bars) >= LEAST_SPACING,
        );
        let note = match (every_beat, every_bar) {
            (true, _) => "tempo, beats and downbeats; fainter where less certain",
            (false, true) => "tempo and downbeats; fainter where less certain",
            (false, false) => "tempo; fainter where less certain",
        };
        self.ground(PULSE, "Pulse", note);
        self.grid(PULSE);
        self.beat_ticks(beats, every_beat, every_bar);
        self.tempo_curve(columns);
    }

    /// Beats as ticks in the strip below the tempo, of all beats or of every bar.
    fn beat_ticks(&mut self, beats: &[BeatMark], every_beat: bool, every_bar: bool) {
        for beat in beats {
            let x = self.x(beat.seconds);
            if beat.in_bar == 0 && every_bar {
                let ink = BRIGHT.at(0.15 + 0.75 * beat.confidence);
                self.canvas.line(
                    (x, PULSE.bottom() - 28.0),
                    (x, PULSE.bottom() - 6.0),
                    2.0,
                    ink,
                );
            } else if beat.in_bar != 0 && every_beat {
                let ink = QUIET.at(0.1 + 0.5 * beat.confidence);
                self.canvas.line(
                    (x, PULSE.bottom() - 18.0),
                    (x, PULSE.bottom() - 6.0),
                    1.3,
                    ink,
                );
            }
        }
    }

    /// The tempo as a curve, above the ticks.
    fn tempo_curve(&mut self, columns: &[Option<Column>]) {
        let floor = PULSE.bottom() - 34.0; // the ticks have the strip below
        let tempi = columns.iter().flatten().map(|column| column.tempo);
        let (slowest, fastest) = tempi
            .filter(|&tempo| tempo > 0.0)
            .fold((f32::MAX, 0.0_f32), |(low, high), tempo| {
                (low.min(tempo), high.max(tempo))
            });
        if fastest == 0.0 {
            let upper = Area {
                height: floor - PULSE.top,
                ..PULSE
            };
            return self.nothing(upper, "no pulse was heard");
        }
        // Whole tens around what was heard, at least twenty apart.
        let middle = (slowest + fastest) / 2.0;
        let low = ((slowest.min(middle - 8.0) / 10.0).floor() * 10.0).max(0.0);
        let high = (fastest.max(middle + 8.0) / 10.0).ceil() * 10.0;
        let y = |tempo: f32| {
            PULSE.top + 12.0 + (floor - PULSE.top - 20.0) * (high - tempo) / (high - low)
        };
        self.tick(y(high), &format!("{high:.0}"));
        self.tick(y(low), &format!("{low:.0} BPM"));
        for (index, pair) in columns.windows(2).enumerate() {
            if let [Some(a), Some(b)] = pair
                && a.tempo > 0.0
                && b.tempo > 0.0
            {
                let x = TIME_LEFT + index as f32 + 0.5;
                let ink = faded(TEMPO, 0.15 + 0.85 * b.beat_confidence);
                self.canvas
                    .line((x, y(a.tempo)), (x + 1.0, y(b.tempo)), 2.4, ink);
            }
        }
    }
}
