//! Small pictures of what each model paints, for the menus that models are chosen from.

use crate::gan::{Catalog, CpuGenerator, CpuOptions, FamilyLook, Generator, Image, Latent};
use crate::motion::LatentPath;
use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Width and height of a thumbnail, points: a picture of each of [`MOODS`] beside the others.
pub const SIZE: [f32; 2] = [
    MOODS.len() as f32 * SIDE + (MOODS.len() - 1) as f32 * GAP,
    SIDE,
];
const SIDE: f32 = 40.0;
const GAP: f32 = 2.0;

/// Pixels that a point is made of: enough for a dense screen.
const POINT: usize = 2;

/// Sad and calm, tense, joyful.
const MOODS: [[f32; 2]; 3] = [[-0.6, -0.5], [-0.5, 0.6], [0.7, 0.4]];

/// Where the journey begins that they are taken from.
const SEED: u64 = 7;

/// Those that were painted in this process, by the model's name; none where it cannot paint.
static PAINTED: Mutex<BTreeMap<String, Option<Arc<ColorImage>>>> = Mutex::new(BTreeMap::new());

/// Held while some are painted: another editor's wait, and find them.
static PAINTING: Mutex<()> = Mutex::new(());

/// Has thumbnails painted, one model after another, and keeps them as textures.
#[derive(Default)]
pub struct Thumbnails {
    painting: Option<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    textures: BTreeMap<String, TextureHandle>,
}

impl Thumbnails {
    /// The thumbnail of the model of this name, as soon as it is painted; `names` are those that are
    /// to be seen beside it.
    pub fn of(
        &mut self,
        context: &Context,
        name: &str,
        names: &Arc<[String]>,
    ) -> Option<&TextureHandle> {
        if !self.textures.contains_key(name) {
            match PAINTED.lock().get(name) {
                Some(painted) => {
                    let image = Arc::clone(painted.as_ref()?);
                    let texture = context.load_texture(name, image, TextureOptions::LINEAR);
                    self.textures.insert(name.to_owned(), texture);
                }
                None => self.paint(Arc::clone(names)),
            }
        }
        self.textures.get(name)
    }

    /// Waits until none is painted any more.
    #[cfg(test)]
    pub fn finish(&mut self) {
        if let Some(painting) = self.painting.take() {
            painting.join().unwrap();
        }
    }

    fn paint(&mut self, names: Arc<[String]>) {
        if self
            .painting
            .as_ref()
            .is_some_and(|painting| !painting.is_finished())
        {
            return;
        }
        let stop = Arc::clone(&self.stop);
        let thread = std::thread::Builder::new().name("synopsia-thumbs".to_owned());
        // A system without a thread to give leaves the names, which say enough.
        self.painting = thread.spawn(move || paint_all(&names, &stop)).ok();
    }
}

impl Drop for Thumbnails {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // A large model of the user's may take seconds for a picture, and this is the host's thread: where
        // the library stays in memory (`build.rs`) the thread ends by itself.
        if let Some(painting) = self.painting.take()
            && !cfg!(target_os = "linux")
        {
            let _ = painting.join();
        }
    }
}

/// Paints those of `names` that are not painted yet.
fn paint_all(names: &[String], stop: &AtomicBool) {
    crate::worker::step_back();
    let _painting = PAINTING.lock();
    let catalog = Catalog::default();
    // The looks of a family are painted by one network.
    let mut last: Option<(FamilyLook, CpuGenerator)> = None;
    for name in names {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        // Noted before it is tried: nobody tries again if it panics.
        match PAINTED.lock().entry(name.clone()) {
            Entry::Occupied(_) => continue,
            Entry::Vacant(new) => new.insert(None),
        };
        let look = catalog.look(name);
        let load = || {
            let model = catalog.find(name).ok()?;
            Some(CpuGenerator::new(&model, CpuOptions::default()))
        };
        let painted = match (&look, &mut last) {
            (Some(look), Some((kin, generator))) if look.is_kin(kin) => {
                generator.choose(&look.shares);
                thumbnail(generator, stop)
            }
            _ => load().and_then(|mut generator| {
                let painted = thumbnail(&mut generator, stop);
                last = look.map(|look| (look, generator));
                painted
            }),
        };
        if stop.load(Ordering::Relaxed) && painted.is_none() {
            PAINTED.lock().remove(name);
            return;
        }
        PAINTED.lock().insert(name.clone(), painted.map(Arc::new));
    }
}

/// Pictures of all moods from one place in the latent space; none where it is to stop.
fn thumbnail(generator: &mut CpuGenerator, stop: &AtomicBool) -> Option<ColorImage> {
    let side = SIDE as usize * POINT;
    let [width, height] = SIZE.map(|points| points as usize * POINT);
    let mut all = ColorImage::filled([width, height], Color32::TRANSPARENT);
    let mut image = Image::default();
    for (place, mood) in MOODS.into_iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let latent = Latent {
            z: LatentPath::new(SEED, 0).keyframe(0),
            mood,
            truncation: 0.7,
        };
        generator.sample(&latent, &mut image).ok()?;
        let left = place * (side + GAP as usize * POINT);
        for (at, colour) in smaller(image.pixels().ok()?, image.side(), side)
            .into_iter()
            .enumerate()
        {
            all[(left + at % side, at / side)] = colour;
        }
    }
    Some(all)
}

/// A picture of `from` by `from` colours, each from 0 to 1, as one of `side` by `side`, rows first:
/// each pixel is the mean of what it covers.
fn smaller(pixels: &[f32], from: usize, side: usize) -> Vec<Color32> {
    let covers = |at: usize| {
        let first = at * from / side;
        first..((at + 1) * from / side).max(first + 1)
    };
    let mean = |x: usize, y: usize| {
        let mut sum = [0.0; 3];
        for row in covers(y) {
            for column in covers(x) {
                let pixel = &pixels[3 * (row * from + column)..][..3];
                sum.iter_mut()
                    .zip(pixel)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
        let count = (covers(x).len() * covers(y).len()) as f32;
        let [r, g, b] = sum.map(|sum| (255.0 * sum / count).round() as u8);
        Color32::from_rgb(r, g, b)
    };
    let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    places.map(|(x, y)| mean(x, y)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_picture_has_the_colours_of_the_larger_one() {
        let halves: Vec<f32> = (0..64)
            .flat_map(|i| [f32::from(u8::from(i % 8 < 4)), 0.5, 0.0])
            .collect();
        let small = smaller(&halves, 8, 2);
        let (left, right) = (Color32::from_rgb(255, 128, 0), Color32::from_rgb(0, 128, 0));
        assert_eq!(small, [left, right, left, right]);
        // One that is larger than what is painted repeats pixels.
        assert_eq!(smaller(&halves, 8, 16).len(), 256);
    }

    #[test]
    fn what_is_no_model_is_tried_once_and_what_is_stopped_again() {
        let name = "a model that there is not".to_owned();
        let paint = |stop| paint_all(std::slice::from_ref(&name), &AtomicBool::new(stop));
        paint(true);
        assert_eq!(PAINTED.lock().get(&name), None);
        paint(false);
        assert_eq!(PAINTED.lock().get(&name), Some(&None));
    }
}
