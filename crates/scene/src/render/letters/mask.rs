//! A mask: what of a text covers which pixels, how near others are to it, and when in the text each lies.

use ab_glyph_rasterizer::{Point, Rasterizer};
use skrifa::outline::OutlinePen;

/// Radius of the narrow blur and of the wide one, in heights of a line.
const NEAR: f32 = 0.035;
const HALO: f32 = 0.2;

/// Share of a line's height that is left free around the text, for the halo.
const MARGIN: f32 = 0.75;

/// A text as pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mask {
    /// Across and down.
    pub size: [usize; 2],
    /// Pixels of the text itself, without the margin around it.
    pub body: [f32; 2],
    /// Height of a line, pixels.
    pub line: f32,
    /// Rows from the top, two words each: the first has coverage (low), narrow and wide blur in 8 bits
    /// each, the second the place in the text, 65535 for its end.
    pub texels: Vec<[u32; 2]>,
}

/// A text in the making.
pub struct Drawing {
    rasterizer: Rasterizer,
    size: [usize; 2],
    body: [f32; 2],
    margin: f32,
    line: f32,
    /// For each row of text where it begins and ends, and for each column when in the text it is.
    rows: Vec<([f32; 2], Vec<f32>)>,
}

impl Drawing {
    /// Room for a text of `body` pixels, in lines of `line` pixels.
    pub fn new(body: [f32; 2], line: f32) -> Self {
        let margin = (MARGIN * line).ceil();
        let size = body.map(|side| (side + 2.0 * margin).ceil().max(1.0) as usize);
        Self {
            rasterizer: Rasterizer::new(size[0], size[1]),
            size,
            body,
            margin,
            line,
            rows: Vec::new(),
        }
    }

    /// Begins a row of text between these heights.
    pub fn begin_row(&mut self, from: f32, to: f32) {
        let span = [from + self.margin, to + self.margin];
        self.rows.push((span, vec![-1.0; self.size[0]]));
    }

    /// Notes that from `left` to `right` of the row the text goes from the share `begin` to `end`.
    pub fn tell(&mut self, [left, right]: [f32; 2], [begin, end]: [f32; 2]) {
        let Some((_, columns)) = self.rows.last_mut() else {
            return;
        };
        let last = columns.len() as f32;
        let (left, right) = (left + self.margin, right + self.margin);
        let from = left.floor().clamp(0.0, last) as usize;
        let to = right.ceil().clamp(0.0, last) as usize;
        for (x, column) in columns.iter_mut().enumerate().take(to).skip(from) {
            let part = ((x as f32 + 0.5 - left) / (right - left).max(1e-3)).clamp(0.0, 1.0);
            *column = begin + part * (end - begin);
        }
    }

    /// A pen for a glyph whose origin is there.
    pub fn pen(&mut self, [x, y]: [f32; 2]) -> impl OutlinePen + '_ {
        Pen {
            origin: [x + self.margin, y + self.margin],
            most: self.size.map(|side| side as f32 - 1.0),
            first: [0.0; 2],
            last: [0.0; 2],
            rasterizer: &mut self.rasterizer,
        }
    }

    /// The mask.
    pub fn finish(mut self) -> Mask {
        let [width, height] = self.size;
        let mut coverage = vec![0.0f32; width * height];
        self.rasterizer
            .for_each_pixel(|i, alpha| coverage[i] = alpha.abs().min(1.0));
        let near = blurred(&coverage, self.size, NEAR * self.line, 2);
        let halo = blurred(&coverage, self.size, HALO * self.line, 3);
        for (_, columns) in &mut self.rows {
            fill(columns);
        }
        let byte = |x: f32| (x.clamp(0.0, 1.0) * 255.0 + 0.5) as u32;
        let mut texels = Vec::with_capacity(width * height);
        for y in 0..height {
            let columns = self.row_at(y as f32 + 0.5);
            for x in 0..width {
                let i = y * width + x;
                let when = columns.map_or(0.0, |columns| columns[x]);
                texels.push([
                    byte(coverage[i]) | byte(near[i]) << 8 | byte(SPREAD * halo[i]) << 16,
                    (when.clamp(0.0, 1.0) * 65535.0 + 0.5) as u32,
                ]);
            }
        }
        Mask {
            size: self.size,
            body: self.body,
            line: self.line,
            texels,
        }
    }

    /// What the row of text says that is nearest to a height.
    fn row_at(&self, y: f32) -> Option<&[f32]> {
        let distance = |span: &[f32; 2]| (span[0] - y).max(y - span[1]);
        let nearest = self
            .rows
            .iter()
            .min_by(|(a, _), (b, _)| distance(a).total_cmp(&distance(b)));
        nearest.map(|(_, columns)| columns.as_slice())
    }
}

/// A blurred text is mostly gaps: so much more of it is a halo.
const SPREAD: f32 = 3.0;

impl Mask {
    /// Whether nothing is to be seen of it.
    pub fn is_empty(&self) -> bool {
        self.texels.is_empty() || self.body[0] <= 0.0
    }
}

/// Gives columns that no word covers what their neighbours have.
fn fill(columns: &mut [f32]) {
    let mut last = columns.iter().copied().find(|&x| x >= 0.0).unwrap_or(0.0);
    for column in columns {
        if *column < 0.0 {
            *column = last;
        }
        last = *column;
    }
}

/// The mean over `2 radius` pixels both ways, so many times over.
fn blurred(plane: &[f32], [width, height]: [usize; 2], radius: f32, times: usize) -> Vec<f32> {
    let radius = (radius.round() as usize).max(1);
    let mut plane = plane.to_vec();
    let mut line = Vec::new();
    for _ in 0..times {
        for row in plane.chunks_exact_mut(width) {
            line.clear();
            line.extend_from_slice(row);
            mean(&line, radius, |x, value| row[x] = value);
        }
        for x in 0..width {
            line.clear();
            line.extend(plane[x..].iter().step_by(width));
            mean(&line, radius, |y, value| plane[y * width + x] = value);
        }
    }
    debug_assert_eq!(plane.len(), width * height);
    plane
}

/// The mean over `2 radius + 1` values about each; beyond the ends is nothing.
fn mean(line: &[f32], radius: usize, mut put: impl FnMut(usize, f32)) {
    let count = (2 * radius + 1) as f32;
    let mut sum: f32 = line.iter().take(radius).sum();
    for x in 0..line.len() {
        sum += line.get(x + radius).copied().unwrap_or(0.0);
        put(x, (sum / count).max(0.0));
        sum -= x.checked_sub(radius).map_or(0.0, |x| line[x]);
    }
}

/// Draws outlines upside down, as pictures are.
struct Pen<'a> {
    origin: [f32; 2],
    most: [f32; 2],
    first: [f32; 2],
    last: [f32; 2],
    rasterizer: &'a mut Rasterizer,
}

impl Pen<'_> {
    /// Within the mask: what a font draws beyond its line is cut.
    fn place(&self, x: f32, y: f32) -> [f32; 2] {
        let finite = |x: f32| if x.is_finite() { x } else { 0.0 };
        [
            (self.origin[0] + finite(x)).clamp(0.0, self.most[0]),
            (self.origin[1] - finite(y)).clamp(0.0, self.most[1]),
        ]
    }
}

fn point([x, y]: [f32; 2]) -> Point {
    ab_glyph_rasterizer::point(x, y)
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.first = self.place(x, y);
        self.last = self.first;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.rasterizer.draw_line(point(self.last), point(to));
        self.last = to;
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (by, to) = (self.place(cx, cy), self.place(x, y));
        self.rasterizer
            .draw_quad(point(self.last), point(by), point(to));
        self.last = to;
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (a, b, to) = (self.place(ax, ay), self.place(bx, by), self.place(x, y));
        self.rasterizer
            .draw_cubic(point(self.last), point(a), point(b), point(to));
        self.last = to;
    }

    fn close(&mut self) {
        if self.last != self.first {
            self.rasterizer
                .draw_line(point(self.last), point(self.first));
            self.last = self.first;
        }
    }
}
