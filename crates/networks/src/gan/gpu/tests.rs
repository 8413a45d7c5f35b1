//! Every way to cut a layer makes the same picture, and every step of choosing one keeps limits.

use std::sync::Arc;

use super::plan::Plan;
use super::tiling::candidates;
use super::tuning::Tuned;
use super::{GpuGenerator, GpuOptions, Storage};
use crate::gan::{Catalog, Generator, Image, LATENT_DIM, Latent, Model};
use crate::gpu::{GpuContext, Preference};

fn model() -> Model {
    let built_in = Catalog {
        folders: Vec::new(),
    };
    built_in.find(Catalog::default_name()).unwrap()
}

const LATENT: Latent = Latent {
    z: [0.7; LATENT_DIM],
    mood: [0.2, -0.3],
    truncation: 0.9,
};

#[test]
fn every_tiling_makes_the_same_picture() {
    let gpu = GpuContext::new(Preference::Software).unwrap();
    let limits = gpu.device.limits();
    let options = GpuOptions {
        storage: Storage::Single,
        pictures: 1,
    };
    let mut generator = GpuGenerator::with_options(Arc::clone(&gpu), &model(), options).unwrap();
    let mut image = Image::default();
    generator.sample(&LATENT, &mut image).unwrap();
    let first = image.clone();
    // One of each kind: the most different ones among hundreds.
    for nth in [23, 71] {
        for i in 0..generator.passes.len() {
            let all = candidates(&generator.card.plan.layers[i], &limits, 1);
            let tiling = all[nth * all.len() / 100];
            generator.take(Tuned {
                layer: i,
                tiling,
                pipeline: generator.card.pipeline(i, &tiling),
            });
        }
        generator.sample(&LATENT, &mut image).unwrap();
        let pairs = image.pixels().unwrap().iter().zip(first.pixels().unwrap());
        let off = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let tilings = generator.tilings();
        assert!(off < 1e-4, "{off} off with {tilings:?}");
    }
}

#[test]
fn the_least_that_webgpu_grants_cuts_every_layer() {
    let limits = wgpu::Limits::downlevel_defaults();
    assert!(limits.max_storage_buffers_per_shader_stage >= 4);
    for pictures in [1, 8] {
        let plan = Plan::new(&model(), Storage::Half, pictures, &limits);
        for layer in &plan.layers {
            let candidates = candidates(layer, &limits, pictures);
            assert!(!candidates.is_empty());
            assert!(candidates.iter().all(|tiling| tiling.fits(layer, &limits)));
        }
        assert!(plan.layers.last().unwrap().finishes);
    }
}
