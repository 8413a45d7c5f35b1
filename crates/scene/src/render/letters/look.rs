//! How a mask is brought into the picture. `shaders/words.wgsl` does the same sums.
//!
//! Letters are made of the colours that are there: light ones of the ground's own hue, on a ground that is
//! darkened about them as far as it is bright, so that they are read on any picture.

use rayon::prelude::*;

use super::mask::Mask;
use super::numbers::{CHAR, EDGE, GLOW, INK, Letters, SHADE, STRAY, TURN};
use crate::control::Lettering;
use crate::motion::luma;
use crate::render::Pixels;
use crate::render::noise::{noise2, smoothstep};

/// What of the mask is at a point.
#[derive(Clone, Copy, Default)]
struct Touch {
    cover: f32,
    near: f32,
    halo: f32,
    when: f32,
}

fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + share * (b - a)
}

fn mixed(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    [0, 1, 2].map(|k| mix(a[k], b[k], share))
}

/// The sums for one picture.
struct Work<'a> {
    letters: &'a Letters,
    mask: &'a Mask,
}

impl Work<'_> {
    fn texel(&self, x: i32, y: i32) -> Touch {
        let [width, height] = self.letters.mask.map(|side| side as i32);
        if x < 0 || y < 0 || x >= width || y >= height {
            return Touch::default();
        }
        let [first, when] = self.mask.texels[(y * width + x) as usize];
        let byte = |shift: u32| (first >> shift & 255) as f32 / 255.0;
        Touch {
            cover: byte(0),
            near: byte(8),
            halo: byte(16),
            when: when as f32 / 65535.0,
        }
    }

    /// The mask under a point that lies so far from the middle, in pixels of the picture.
    fn touch(&self, away: [f32; 2]) -> Touch {
        let [x, y] = [0, 1].map(|k| self.letters.middle[k] + away[k] * self.letters.scale - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let at = |i: i32, j: i32| self.texel(left as i32 + i, top as i32 + j);
        let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
        let blend = |of: fn(&Touch) -> f32| {
            mix(
                mix(of(&a), of(&b), across),
                mix(of(&c), of(&d), across),
                down,
            )
        };
        Touch {
            cover: blend(|t| t.cover),
            near: blend(|t| t.near),
            halo: blend(|t| t.halo),
            when: blend(|t| t.when),
        }
    }

    /// How much of what lies at this place in the text has been sung.
    fn sung(&self, when: f32) -> f32 {
        ((self.letters.through * (1.0 + TURN) - when) / TURN).clamp(0.0, 1.0)
    }

    /// A colour under words; `ground` is the picture's about it.
    fn over(&self, own: [f32; 3], ground: [f32; 3], away: [f32; 2]) -> [f32; 3] {
        let letters = self.letters;
        let place = away.map(|x| x / letters.line);
        if letters.style == Lettering::Brushed as u32 {
            self.brushed(own, ground, away, place)
        } else if letters.style == Lettering::Burned as u32 {
            self.burned(own, ground, away, place)
        } else {
            self.plain(own, ground, away)
        }
    }

    /// The ground about words, darkened as far as it is bright.
    fn shaded(&self, own: [f32; 3], ground: [f32; 3], halo: f32) -> [f32; 3] {
        let dark = mix(SHADE[1], SHADE[0], smoothstep(0.15, 0.65, luma(ground)));
        own.map(|x| x * (1.0 - dark * halo))
    }

    /// Light paint of the ground's own hue.
    fn ink(&self, ground: [f32; 3], sung: f32, colour: f32) -> [f32; 3] {
        let light = mix(INK[1], INK[0], sung);
        let y = luma(ground);
        ground.map(|x| (light + colour * (x - y)).clamp(0.0, 1.0))
    }

    fn plain(&self, own: [f32; 3], ground: [f32; 3], away: [f32; 2]) -> [f32; 3] {
        let letters = self.letters;
        let touch = self.touch(away);
        let seen = letters.rise * (1.0 - letters.fall);
        let ground_under = self.shaded(own, ground, seen * touch.halo);
        let ink = self.ink(ground, self.sung(touch.when), 0.25);
        mixed(ground_under, ink, seen * touch.cover)
    }

    fn brushed(
        &self,
        own: [f32; 3],
        ground: [f32; 3],
        away: [f32; 2],
        place: [f32; 2],
    ) -> [f32; 3] {
        let letters = self.letters;
        let [x, y] = place;
        let stray = STRAY[0] * letters.line;
        let wave = |k: f32| noise2(x * 2.3 + k, y * 5.1 - k, letters.seed) - 0.5;
        let moved = [away[0] + stray * wave(0.0), away[1] + stray * wave(17.0)];
        let touch = self.touch(moved);
        // Bristles run along the line, and wander a little.
        let along = y + 0.10 * noise2(x * 0.9, y * 1.3, letters.seed ^ 5);
        let bristle = 0.6 * noise2(x * 0.8, along * 17.0, letters.seed ^ 9)
            + 0.4 * noise2(x * 2.2, along * 41.0, letters.seed ^ 11);
        // Painted in the order in which it is sung, and worn off bristle by bristle.
        let come = letters.rise * 1.45 - touch.when - 0.3 * bristle;
        let come = smoothstep(0.0, 0.15, come);
        let worn = smoothstep(letters.fall * 1.3 - 0.3, letters.fall * 1.3, bristle + 1e-3);
        let seen = come * worn;
        let load = mix(0.72, 1.0, smoothstep(0.22, 0.5, bristle));
        let paint = (touch.cover * load * seen).clamp(0.0, 1.0);
        let step = 0.022 * letters.line;
        let lit = self.touch([moved[0] + step, moved[1] + step]).near
            - self.touch([moved[0] - step, moved[1] - step]).near;
        let ridge = lit + 0.5 * (bristle - 0.5);
        let ink = self.ink(ground, self.sung(touch.when), 0.75);
        let ink =
            ink.map(|x| (x * (0.97 + 0.2 * (bristle - 0.5)) + EDGE * 0.4 * ridge).clamp(0.0, 1.0));
        let under = self.shaded(own, ground, seen * touch.halo);
        // Thick paint throws a shadow down to the right.
        let cast = (-lit).max(0.0) * EDGE * seen;
        mixed(under.map(|x| x * (1.0 - cast)), ink, paint)
    }

    fn burned(&self, own: [f32; 3], ground: [f32; 3], away: [f32; 2], place: [f32; 2]) -> [f32; 3] {
        let letters = self.letters;
        let [x, y] = place;
        let rough = 0.6 * noise2(x * 3.1, y * 3.1, letters.seed)
            + 0.4 * noise2(x * 9.7, y * 9.7, letters.seed ^ 3);
        let stray = STRAY[1] * letters.line * (2.0 * rough - 1.0);
        let touch = self.touch([away[0] + stray, away[1] - stray]);
        // Fire eats its way through the line, and goes out where it has least to eat.
        let front = letters.rise * 1.7 - 0.7 * touch.when - 0.6 * rough;
        let burnt = smoothstep(0.0, 0.3, front);
        let fresh = burnt * (1.0 - smoothstep(0.2, 0.7, front));
        let alive = smoothstep(letters.fall * 1.4 - 0.4, letters.fall * 1.4, rough + 1e-3);
        let gone = 1.0 - letters.fall;
        let shimmer = noise2(x * 4.0, y * 4.0 - 0.11 * letters.tick, letters.seed ^ 7);
        let heat = alive * burnt * (0.62 + 0.3 * letters.energy + 0.36 * shimmer);
        let scorched = self.shaded(own, ground, burnt * gone * touch.halo);
        // Embers light the ground about them, where it is darker than they are.
        let dim = 1.0 - smoothstep(0.3, 0.8, luma(ground));
        let around = GLOW * touch.halo * heat * dim;
        let ember = [letters.ember[0], letters.ember[1], letters.ember[2]];
        let lit = [0, 1, 2].map(|k| mix(scorched[k], 1.0, around * ember[k] * ember[k]));
        // Crust over what glows: the more, the less it has been sung.
        let sung = self.sung(touch.when);
        let crust = mix(0.86, 0.28 * smoothstep(0.45, 0.65, rough), sung);
        let rim = 4.0 * touch.near * (1.0 - touch.near);
        let glow = (heat * mix(1.0 - crust, 1.0, 0.65 * rim * rim) + 0.5 * fresh).clamp(0.0, 1.2);
        // Hotter is whiter.
        let hot =
            [0, 1, 2].map(|k| (glow * (ember[k] + 0.75 * glow * glow * (1.0 - ember[k]))).min(1.0));
        let letter = [0, 1, 2].map(|k| (own[k] * CHAR + hot[k]).min(1.0));
        mixed(lit, letter, touch.cover * burnt * gone)
    }
}

/// Brings words into pixels. `room` is reused from picture to picture.
pub fn lay(pixels: &mut Pixels, mask: &Mask, letters: &Letters, room: &mut Vec<[f32; 3]>) {
    let size = [pixels.width, pixels.height];
    let [left, top, right, bottom] = letters.bounds(size);
    if left >= right || top >= bottom {
        return;
    }
    let ground = Ground::of(pixels, letters.lattice, [left, top, right, bottom], room);
    let work = Work { letters, mask };
    pixels.rgba[top * size[0] * 4..bottom * size[0] * 4]
        .par_chunks_mut(size[0] * 4)
        .enumerate()
        .for_each(|(row, line)| {
            let y = (top + row) as f32 + 0.5;
            for x in left..right {
                let at = [x as f32 + 0.5, y];
                let pixel = &mut line[4 * x..4 * x + 3];
                let own = [0, 1, 2].map(|k| f32::from(pixel[k]) / 255.0);
                let away = [at[0] - letters.place[0], at[1] - letters.place[1]];
                let colour = work.over(own, ground.at(at), away);
                for (byte, value) in pixel.iter_mut().zip(colour) {
                    *byte = (value * 255.0 + 0.5) as u8;
                }
            }
        });
}

/// The picture's colours about words, at places a lattice apart.
struct Ground<'a> {
    lattice: f32,
    /// The first place, across and down.
    first: [usize; 2],
    columns: usize,
    colours: &'a [[f32; 3]],
}

impl<'a> Ground<'a> {
    fn of(
        pixels: &Pixels,
        lattice: f32,
        [left, top, right, bottom]: [usize; 4],
        room: &'a mut Vec<[f32; 3]>,
    ) -> Self {
        let low = |x: usize| (x as f32 / lattice) as usize;
        let high = |x: usize| (x as f32 / lattice) as usize + 3;
        let first = [low(left), low(top)];
        let (columns, rows) = (high(right) - first[0], high(bottom) - first[1]);
        room.clear();
        room.extend((0..columns * rows).map(|i| {
            let place = [first[0] + i % columns, first[1] + i / columns];
            looked(pixels, place.map(|at| at as f32 * lattice), 0.5 * lattice)
        }));
        Self {
            lattice,
            first,
            columns,
            colours: room,
        }
    }

    fn at(&self, pixel: [f32; 2]) -> [f32; 3] {
        let [x, y] = pixel.map(|at| at / self.lattice);
        let (left, top) = (x as usize, y as usize);
        let (across, down) = (x - left as f32, y - top as f32);
        let at = |i: usize, j: usize| {
            self.colours[(top + j - self.first[1]) * self.columns + left + i - self.first[0]]
        };
        let upper = mixed(at(0, 0), at(1, 0), across);
        mixed(upper, mixed(at(0, 1), at(1, 1), across), down)
    }
}

/// The mean of a few pixels about a place.
fn looked(pixels: &Pixels, [x, y]: [f32; 2], half: f32) -> [f32; 3] {
    let last = [pixels.width - 1, pixels.height - 1];
    let mut sum = [0.0; 3];
    for [across, down] in TAPS {
        let at = |value: f32, last: usize| value.clamp(0.0, last as f32) as usize;
        let (x, y) = (at(x + across * half, last[0]), at(y + down * half, last[1]));
        let pixel = &pixels.rgba[4 * (y * pixels.width + x)..];
        for k in 0..3 {
            sum[k] += f32::from(pixel[k]) / (255.0 * TAPS.len() as f32);
        }
    }
    sum
}

/// Where about a place its ground is looked at.
const TAPS: [[f32; 2]; 5] = [
    [0.0, 0.0],
    [-1.0, -1.0],
    [1.0, -1.0],
    [-1.0, 1.0],
    [1.0, 1.0],
];
