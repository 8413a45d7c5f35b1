//! A song's analysis as one picture: what it felt like, where its beats were, what was heard, and
//! the path that it took on the circumplex.

mod canvas;
mod series;

pub use series::beats;

use canvas::{Align, Area, Canvas, Ink, Type, Weight};
use series::{BeatMark, Column};

use crate::emotion::{CLASS_NAMES, CLASS_POINTS, CLASSES, Emotion};
use crate::render::Pixels;
use crate::signal::{AudioFrame, BANDS};

/// Size of the picture, pixels.
const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1200;

const GROUND: Ink = Ink::hex(0x0c0e14);
const CARD: Ink = Ink::hex(0x12151e);
const GRID: Ink = Ink::hex(0x242938);
const FAINT: Ink = Ink::hex(0x7a8296);
const QUIET: Ink = Ink::hex(0xa7aec0);
const BRIGHT: Ink = Ink::hex(0xf2f4fa);

const VALENCE: Ink = Ink::hex(0x3fd6c0);
const AROUSAL: Ink = Ink::hex(0xff9a57);
const TEMPO: Ink = Ink::hex(0xb59cff);
const LOUDNESS: Ink = Ink::hex(0x6fa8ff);

/// Colours of the classes, in the order of [`CLASS_NAMES`].
const CLASS_INKS: [Ink; CLASSES] = [
    Ink::hex(0xf7c548),
    Ink::hex(0x7ecf8b),
    Ink::hex(0x58b7f5),
    Ink::hex(0xff7f9f),
    Ink::hex(0xe5484d),
    Ink::hex(0x98a33d),
    Ink::hex(0x9b72e8),
    Ink::hex(0x5582c9),
];

/// From the song's start to its end.
const TIME_SCALE: [Ink; 4] = [
    Ink::hex(0x4361ee),
    Ink::hex(0xb14bd8),
    Ink::hex(0xff6b6b),
    Ink::hex(0xffd166),
];

/// From silence to full level.
const HEAT_SCALE: [Ink; 6] = [
    Ink::hex(0x141824),
    Ink::hex(0x2b2a63),
    Ink::hex(0x6d3390),
    Ink::hex(0xc24576),
    Ink::hex(0xf58a4b),
    Ink::hex(0xffe9a8),
];

/// Left and right end of every panel over time.
const TIME_LEFT: f32 = 132.0;
const TIME_WIDTH: f32 = 1184.0;
/// Tops and heights of those panels.
const FEELING: Area = panel(172.0, 232.0);
const CLASS_FLOW: Area = panel(456.0, 218.0);
const PULSE: Area = panel(726.0, 106.0);
const SPECTRUM: Area = panel(884.0, 128.0);
const LEVEL: Area = panel(1064.0, 76.0);
/// The circumplex, and the shares of the classes below it.
const PLANE: Area = Area {
    left: 1384.0,
    top: FEELING.top,
    width: 480.0,
    height: 502.0,
};
const SHARES: Area = Area {
    top: PULSE.top,
    height: LEVEL.top + LEVEL.height - PULSE.top,
    ..PLANE
};
/// Distance of the circumplex' rim from its centre, pixels.
const PLANE_RADIUS: f32 = 194.0;

const fn panel(top: f32, height: f32) -> Area {
    Area {
        left: TIME_LEFT,
        top,
        width: TIME_WIDTH,
        height,
    }
}

/// Points of a curve or of the path; more could not be told apart.
const MOST_CURVE_POINTS: usize = TIME_WIDTH as usize / 2;
const MOST_PATH_POINTS: usize = 240;

/// Why a plot could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// The picture does not fit in memory.
    #[error("the plot could not be drawn, because its picture does not fit in memory")]
    Canvas,
    /// The type that the program carries is damaged.
    #[error("the plot could not be drawn, because the program's built-in type is damaged")]
    Type,
}

/// Draws the analysis of a song of `duration` seconds.
///
/// `emotions` are (seconds, emotion) in the order of time; `frames` count their positions in
/// samples at `sample_rate` (Hz). Either may be empty; values that are not numbers count as
/// nothing felt or heard. Long songs are averaged to what the picture can show.
///
/// # Errors
/// When the picture does not fit in memory.
pub fn draw(
    title: &str,
    duration: f64,
    emotions: &[(f64, Emotion)],
    frames: &[AudioFrame],
    sample_rate: f64,
) -> Result<Pixels, PlotError> {
    let duration = if duration.is_finite() {
        duration.max(0.05)
    } else {
        0.05
    };
    let columns = series::columns(frames, sample_rate, duration, TIME_WIDTH as usize);
    let curve = series::emotions(emotions, MOST_CURVE_POINTS);
    let shares = series::shares(emotions);

    let mut sheet = Sheet {
        canvas: Canvas::new(WIDTH, HEIGHT, GROUND)?,
        duration,
    };
    sheet.header(title, &summary(duration, &shares, &columns));
    sheet.time_axis();
    sheet.feeling(&curve);
    sheet.class_flow(&curve);
    sheet.pulse(&columns, &series::beats(frames, sample_rate));
    sheet.spectrum(&columns);
    sheet.level(&columns);
    sheet.circumplex(&series::emotions(emotions, MOST_PATH_POINTS));
    sheet.class_shares(&shares);
    Ok(sheet.canvas.into_picture())
}

/// `picture` as the bytes of a PNG file.
///
/// # Errors
/// When the picture does not fit in memory twice.
pub fn encode(picture: &Pixels) -> Result<Vec<u8>, PlotError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width as u32, picture.height as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|_| PlotError::Canvas)?;
    let written = writer.write_image_data(&picture.rgba);
    written.map_err(|_| PlotError::Canvas)?;
    drop(writer);
    Ok(bytes)
}

/// The line under the title.
fn summary(duration: f64, shares: &[f32; CLASSES], columns: &[Option<Column>]) -> String {
    let mut parts = vec![series::clock(
        duration,
        if duration < 10.0 { 0.1 } else { 1.0 },
    )];
    if let Some(tempo) = series::usual_tempo(columns) {
        parts.push(format!("about {tempo:.0} BPM"));
    }
    let strongest = (0..CLASSES).max_by(|&a, &b| shares[a].total_cmp(&shares[b]));
    if let Some(class) = strongest.filter(|&class| shares[class] > 0.0) {
        let share = shares[class] * 100.0;
        parts.push(format!("most of all {} ({share:.0}%)", CLASS_NAMES[class]));
    }
    parts.join("   ·   ")
}

/// Where a point of the circumplex lies.
fn place(valence: f32, arousal: f32) -> (f32, f32) {
    let (x, y) = (PLANE.left + PLANE.width / 2.0, PLANE.top + 232.0);
    (x + valence * PLANE_RADIUS, y - arousal * PLANE_RADIUS)
}

fn label(size: f32, ink: Ink, align: Align) -> Type {
    Type {
        size,
        weight: Weight::Regular,
        align,
        ink,
    }
}

fn bold(size: f32, ink: Ink, align: Align) -> Type {
    Type {
        weight: Weight::Bold,
        ..label(size, ink, align)
    }
}

/// `ink` as it would look on a card at this strength (0 to 1), yet opaque: where the segments of a
/// line overlap, a translucent ink would show beads.
fn faded(ink: Ink, strength: f32) -> Ink {
    Ink::along(&[CARD, ink], strength)
}

/// The picture in the making, and the time that its width stands for.
struct Sheet {
    canvas: Canvas,
    /// Seconds.
    duration: f64,
}

impl Sheet {
    /// Where a time lies across the panels.
    fn x(&self, seconds: f64) -> f32 {
        TIME_LEFT + TIME_WIDTH * (seconds / self.duration).clamp(0.0, 1.0) as f32
    }

    fn header(&mut self, title: &str, summary: &str) {
        let look = bold(38.0, BRIGHT, Align::Left);
        let title = title.replace(char::is_control, " ");
        let title = match title.trim() {
            "" => "Untitled",
            title => title,
        };
        let title = self.canvas.shortened(title, look, 1560.0);
        self.canvas.text(56.0, 74.0, &title, look);
        self.canvas
            .text(57.0, 108.0, summary, label(18.0, QUIET, Align::Left));
        let right = WIDTH as f32 - 56.0;
        self.canvas
            .text(right, 74.0, "Synopsia", bold(20.0, FAINT, Align::Right));
    }

    /// Ground, name and short explanation of a panel.
    fn ground(&mut self, area: Area, name: &str, note: &str) {
        self.canvas.card(area, 6.0, CARD);
        let baseline = area.top - 13.0;
        let width = self
            .canvas
            .text(area.left, baseline, name, bold(17.0, BRIGHT, Align::Left));
        let left = area.left + width + 14.0;
        self.canvas
            .text(left, baseline, note, label(15.0, FAINT, Align::Left));
    }

    fn nothing(&mut self, area: Area, sentence: &str) {
        let (x, y) = (area.left + area.width / 2.0, area.top + area.height / 2.0);
        self.haloed(x, y + 6.0, sentence, label(17.0, FAINT, Align::Centre));
    }

    /// A label at the left of a panel.
    fn tick(&mut self, y: f32, text: &str) {
        self.canvas.text(
            TIME_LEFT - 12.0,
            y + 5.0,
            text,
            label(14.0, FAINT, Align::Right),
        );
    }

    fn time_axis(&mut self) {
        let step = series::time_step(self.duration);
        let marks = (self.duration / step + 1e-6) as usize;
        for mark in 0..=marks {
            let seconds = mark as f64 * step;
            let (x, y) = (self.x(seconds), LEVEL.bottom());
            self.canvas
                .line((x, y + 6.0), (x, y + 12.0), 1.0, FAINT.at(0.6));
            let text = series::clock(seconds, step);
            self.canvas
                .text(x, y + 30.0, &text, label(15.0, QUIET, Align::Centre));
        }
    }

    /// Faint upright lines at the axis' times.
    fn grid(&mut self, area: Area) {
        let step = series::time_step(self.duration);
        for mark in 1..=(self.duration / step) as usize {
            let x = self.x(mark as f64 * step).round() + 0.5;
            if x < area.right() - 1.0 {
                self.canvas
                    .line((x, area.top), (x, area.bottom()), 1.0, GRID.at(0.7));
            }
        }
    }

    /// Valence and arousal, fainter where the network is less certain.
    fn feeling(&mut self, curve: &[(f64, Emotion)]) {
        self.ground(FEELING, "Feeling", "fainter where less certain");
        self.grid(FEELING);
        let mut right = FEELING.right();
        for (name, ink) in [("arousal", AROUSAL), ("valence", VALENCE)] {
            let look = bold(16.0, ink, Align::Right);
            let width = self.canvas.text(right, FEELING.top - 13.0, name, look);
            let dot = right - width - 12.0;
            self.canvas.dot(dot, FEELING.top - 18.0, 4.5, ink);
            right = dot - 24.0;
        }
        let y = |value: f32| FEELING.top + 10.0 + (FEELING.height - 20.0) * (1.0 - value) / 2.0;
        for (value, text) in [(1.0, "+1"), (0.5, ""), (0.0, "0"), (-0.5, ""), (-1.0, "−1")] {
            let strength = if value == 0.0 { 1.6 } else { 0.8 };
            self.canvas.line(
                (FEELING.left, y(value)),
                (FEELING.right(), y(value)),
                strength,
                GRID,
            );
            self.tick(y(value), text);
        }
        if curve.is_empty() {
            return self.nothing(FEELING, "nothing was felt");
        }
        let points = self.held(curve);
        for (ink, of) in [
            (
                AROUSAL,
                (|emotion: &Emotion| emotion.arousal) as fn(&Emotion) -> f32,
            ),
            (VALENCE, |emotion| emotion.valence),
        ] {
            let line: Vec<_> = points
                .iter()
                .map(|(x, emotion)| (*x, y(of(emotion))))
                .collect();
            let mut area = line.clone();
            area.push((line[line.len() - 1].0, y(0.0)));
            area.push((line[0].0, y(0.0)));
            self.canvas.polygon(&area, ink.at(0.07));
            for (pair, (_, emotion)) in line.windows(2).zip(&points) {
                let ink = faded(ink, 0.25 + 0.75 * emotion.confidence);
                self.canvas.polyline(pair, 2.6, ink);
            }
        }
    }

    /// A curve's points, the first held back to the song's start and the last on to its end, so
    /// that even one row draws a line.
    fn held(&self, curve: &[(f64, Emotion)]) -> Vec<(f32, Emotion)> {
        let mut points = Vec::with_capacity(curve.len() + 2);
        if let (Some((_, first)), Some((_, last))) = (curve.first(), curve.last()) {
            points.push((self.x(0.0), *first));
            points.extend(
                curve
                    .iter()
                    .map(|(time, emotion)| (self.x(*time), *emotion)),
            );
            points.push((self.x(self.duration), *last));
        }
        points
    }

    /// The weights of the classes, stacked.
    fn class_flow(&mut self, curve: &[(f64, Emotion)]) {
        self.ground(CLASS_FLOW, "Emotion", "share of each class");
        for (share, text) in [(1.0, "100%"), (0.5, "50%"), (0.0, "0%")] {
            let y = CLASS_FLOW.bottom() - share * (CLASS_FLOW.height - 12.0) - 6.0;
            self.tick(y, text);
        }
        if curve.is_empty() {
            return self.nothing(CLASS_FLOW, "nothing was felt");
        }
        let points = self.held(curve);
        // Heights of the boundaries above each class, from the top of the stack down.
        let stacks: Vec<[f32; CLASSES]> = points
            .iter()
            .map(|(_, emotion)| {
                let sum = emotion.classes.iter().sum::<f32>().max(1e-6);
                let mut above = 0.0;
                emotion.classes.map(|weight| {
                    let top = CLASS_FLOW.top + CLASS_FLOW.height * above / sum;
                    above += weight;
                    top
                })
            })
            .collect();
        // Each area reaches to the bottom and the next is laid over it: no seams.
        for class in 0..CLASSES {
            let mut area: Vec<_> = points
                .iter()
                .zip(&stacks)
                .map(|((x, _), stack)| (*x, stack[class]))
                .collect();
            area.push((CLASS_FLOW.right(), CLASS_FLOW.bottom()));
            area.push((CLASS_FLOW.left, CLASS_FLOW.bottom()));
            self.canvas.polygon(&area, CLASS_INKS[class].at(0.92));
            area.truncate(points.len());
            self.canvas.polyline(&area, 1.2, GROUND.at(0.5));
        }
        self.name_classes(&points, &stacks);
    }

    /// Writes a class' name where its area is high enough for it to be read.
    fn name_classes(&mut self, points: &[(f32, Emotion)], stacks: &[[f32; CLASSES]]) {
        for class in 0..CLASSES {
            let look = bold(15.0, GROUND, Align::Centre);
            let reach = self.canvas.width_of(CLASS_NAMES[class], look) / 2.0 + 8.0;
            // The band that is free from `x - reach` to `x + reach`.
            let free = |x: f32| {
                let mut band = (f32::MIN, f32::MAX);
                for pair in 0..points.len() - 1 {
                    if points[pair + 1].0 >= x - reach && points[pair].0 <= x + reach {
                        for stack in &stacks[pair..=pair + 1] {
                            let bottom = stack.get(class + 1).copied();
                            band.0 = band.0.max(stack[class]);
                            band.1 = band.1.min(bottom.unwrap_or(CLASS_FLOW.bottom()));
                        }
                    }
                }
                band
            };
            let best = (0..=40)
                .map(|step| CLASS_FLOW.left + CLASS_FLOW.width * step as f32 / 40.0)
                .map(|x| x.clamp(CLASS_FLOW.left + reach, CLASS_FLOW.right() - reach))
                .map(|x| (x, free(x)))
                .max_by(|(_, a), (_, b)| (a.1 - a.0).total_cmp(&(b.1 - b.0)));
            if let Some((x, (top, bottom))) = best.filter(|(_, band)| band.1 - band.0 > 20.0) {
                let y = (top + bottom) / 2.0 + 5.0;
                self.canvas.text(x, y, CLASS_NAMES[class], look);
            }
        }
    }

    /// The tempo as a curve; beats as ticks, downbeats as long ones.
    fn pulse(&mut self, columns: &[Option<Column>], beats: &[BeatMark]) {
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
        let floor = PULSE.bottom() - 34.0; // the ticks have the strip below
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

    /// The eight bands as a strip of heat, lowest at the bottom.
    fn spectrum(&mut self, columns: &[Option<Column>]) {
        self.ground(SPECTRUM, "Bands", "level of eight frequency bands");
        let row = SPECTRUM.height / BANDS as f32;
        self.tick(SPECTRUM.top + row / 2.0, "high");
        self.tick(SPECTRUM.bottom() - row / 2.0, "low");
        if columns.iter().all(Option::is_none) {
            return self.nothing(SPECTRUM, "nothing was heard");
        }
        for (index, column) in columns.iter().enumerate() {
            let Some(column) = column else { continue };
            for (band, &level) in column.bands.iter().enumerate() {
                let cell = Area {
                    left: SPECTRUM.left + index as f32,
                    top: SPECTRUM.bottom() - row * (band + 1) as f32,
                    width: 1.0,
                    height: row - 1.0,
                };
                self.canvas.rectangle(cell, Ink::along(&HEAT_SCALE, level));
            }
        }
    }

    /// Loudness as an area.
    fn level(&mut self, columns: &[Option<Column>]) {
        const QUIETEST: f32 = -50.0;
        self.ground(LEVEL, "Loudness", "momentary, LUFS");
        self.grid(LEVEL);
        let y = |lufs: f32| {
            LEVEL.top + 4.0 + (LEVEL.height - 4.0) * (lufs.clamp(QUIETEST, 0.0) / QUIETEST)
        };
        for lufs in [0.0, -20.0, -40.0] {
            self.canvas
                .line((LEVEL.left, y(lufs)), (LEVEL.right(), y(lufs)), 0.8, GRID);
            let sign = if lufs < 0.0 { "−" } else { "" };
            self.tick(y(lufs), &format!("{sign}{:.0}", lufs.abs()));
        }
        let line: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| {
                let loudness = column.map_or(QUIETEST, |column| column.loudness);
                (LEVEL.left + index as f32 + 0.5, y(loudness))
            })
            .collect();
        let mut area = line.clone();
        area.push((LEVEL.right(), LEVEL.bottom()));
        area.push((LEVEL.left, LEVEL.bottom()));
        let (top, bottom) = (LEVEL.top, LEVEL.bottom());
        self.canvas
            .shaded_polygon(&area, (top, LOUDNESS.at(0.7)), (bottom, LOUDNESS.at(0.08)));
        self.canvas.polyline(&line, 1.6, LOUDNESS);
    }

    /// The path on the circumplex, coloured by time.
    fn circumplex(&mut self, path: &[(f64, Emotion)]) {
        self.ground(PLANE, "Path", "on the circumplex of emotion");
        self.plane();
        let points: Vec<_> = path
            .iter()
            .map(|(time, emotion)| {
                let when = (time / self.duration) as f32;
                (when, place(emotion.valence, emotion.arousal))
            })
            .collect();
        for (width, strength) in [(7.0, 0.25), (2.6, 1.0)] {
            for pair in points.windows(2) {
                let ink = Ink::along(&TIME_SCALE, (pair[0].0 + pair[1].0) / 2.0);
                self.canvas
                    .line(pair[0].1, pair[1].1, width, faded(ink, strength));
            }
        }
        self.class_points();
        if let (Some(&(_, start)), Some(&(_, end))) = (points.first(), points.last()) {
            self.canvas.dot(start.0, start.1, 7.0, GROUND);
            self.canvas.ring(start.0, start.1, 7.0, 2.6, TIME_SCALE[0]);
            self.canvas.dot(end.0, end.1, 9.0, GROUND);
            self.canvas.dot(end.0, end.1, 7.0, TIME_SCALE[3]);
        }
        self.time_scale(PLANE.bottom() - 26.0);
    }

    /// Axes and circles, with what their ends mean.
    fn plane(&mut self) {
        for share in [0.5, 1.0] {
            let (x, y) = place(0.0, 0.0);
            self.canvas.ring(x, y, PLANE_RADIUS * share, 1.2, GRID);
        }
        let (west, east) = (place(-1.0, 0.0), place(1.0, 0.0));
        let (south, north) = (place(0.0, -1.0), place(0.0, 1.0));
        self.canvas.line(west, east, 1.2, GRID);
        self.canvas.line(south, north, 1.2, GRID);
        for (x, y, text, align) in [
            (north.0, north.1 - 12.0, "excited", Align::Centre),
            (south.0, south.1 + 22.0, "calm", Align::Centre),
            (west.0 + 8.0, west.1 - 8.0, "unpleasant", Align::Left),
            (east.0 - 8.0, east.1 - 8.0, "pleasant", Align::Right),
        ] {
            self.canvas.text(x, y, text, label(14.0, FAINT, align));
        }
    }

    /// Where the classes lie, each with its name on the side that has room.
    fn class_points(&mut self) {
        for class in 0..CLASSES {
            let [valence, arousal] = CLASS_POINTS[class];
            let (x, y) = place(valence, arousal);
            self.canvas.dot(x, y, 5.0, CLASS_INKS[class]);
            let leftwards = matches!(CLASS_NAMES[class], "contentment" | "anger" | "disgust");
            let (x, align) = if leftwards {
                (x - 11.0, Align::Right)
            } else {
                (x + 11.0, Align::Left)
            };
            let look = label(15.0, CLASS_INKS[class], align);
            self.haloed(x, y + 5.0, CLASS_NAMES[class], look);
        }
    }

    /// A text that stays readable on lines, because the card shines around it.
    fn haloed(&mut self, x: f32, y: f32, text: &str, look: Type) {
        let halo = Type {
            ink: CARD.at(0.7),
            ..look
        };
        for step in 0..8 {
            let (dy, dx) = (step as f32 * std::f32::consts::FRAC_PI_4).sin_cos();
            self.canvas.text(x + 2.2 * dx, y + 2.2 * dy, text, halo);
        }
        self.canvas.text(x, y, text, look);
    }

    /// What the path's colours mean.
    fn time_scale(&mut self, y: f32) {
        let (steps, left, width) = (88, place(0.0, 0.0).0 - 132.0, 3.0);
        for step in 0..steps {
            let ink = Ink::along(&TIME_SCALE, step as f32 / (steps - 1) as f32);
            let cell = Area {
                left: left + step as f32 * width,
                top: y - 3.0,
                width,
                height: 6.0,
            };
            self.canvas.rectangle(cell, ink);
        }
        let step = if self.duration < 10.0 { 0.1 } else { 1.0 };
        let end = series::clock(self.duration, step);
        let look = label(14.0, QUIET, Align::Right);
        self.canvas.dot(left - 14.0, y, 5.0, TIME_SCALE[0]);
        self.canvas.dot(left - 14.0, y, 2.6, CARD);
        self.canvas.text(left - 26.0, y + 5.0, "start", look);
        let right = left + steps as f32 * width;
        self.canvas.dot(right + 14.0, y, 5.0, TIME_SCALE[3]);
        let look = Type {
            align: Align::Left,
            ..look
        };
        self.canvas.text(right + 26.0, y + 5.0, &end, look);
    }

    /// How much of the song each class had, the largest first.
    fn class_shares(&mut self, shares: &[f32; CLASSES]) {
        let area = SHARES;
        self.ground(area, "Whole song", "mean share of each class");
        if shares.iter().all(|&share| share == 0.0) {
            return self.nothing(area, "nothing was felt");
        }
        let mut order: [usize; CLASSES] = std::array::from_fn(|class| class);
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
        let largest = shares[order[0]];
        let row = (area.height - 24.0) / CLASSES as f32;
        for (index, &class) in order.iter().enumerate() {
            let middle = area.top + 12.0 + row * (index as f32 + 0.5);
            let baseline = middle + 6.0;
            let name = label(17.0, BRIGHT, Align::Left);
            self.canvas
                .text(area.left + 24.0, baseline, CLASS_NAMES[class], name);
            let track = Area {
                left: area.left + 150.0,
                top: middle - 6.0,
                width: 246.0,
                height: 12.0,
            };
            self.canvas.card(track, 6.0, GRID);
            let filled = (track.width * shares[class] / largest).max(track.height);
            let bar = Area {
                width: filled,
                ..track
            };
            self.canvas.card(bar, 6.0, CLASS_INKS[class]);
            let percent = format!("{:.0}%", shares[class] * 100.0);
            let look = label(17.0, QUIET, Align::Right);
            self.canvas
                .text(area.right() - 24.0, baseline, &percent, look);
        }
    }
}

#[cfg(test)]
mod tests;
