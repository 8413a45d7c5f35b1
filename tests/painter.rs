//! The painter against PyTorch, its samplers against each other, and files that are no models.

#[path = "common/alone.rs"]
mod alone;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alone::alone;
use half::f16;
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use serde_json::Value;
use synopsia::gan::{
    Catalog, CpuGenerator, CpuOptions, Fault, Generator, GpuGenerator, GpuOptions, Image, Isa,
    LATENT_DIM, Latent, Model, Storage, open,
};
use synopsia::gpu::{GpuContext, Prefer, Preference};
use synopsia::weights::WeightsFault;

/// How far a colour of a picture may be from that of PyTorch's, which is rounded to bytes, of 255.
const TOLERANCE: f32 = 1.0;

/// The same where features are stored in 16 bits.
const HALF_TOLERANCE: f32 = 2.0;

/// The same for the shipped family, where contours are steep: a few of 196,608 colours are further off
/// than [`HALF_TOLERANCE`]. (PyTorch's own pictures, by `generator.half()`, may be up to 5.6 off.)
const STEEP_TOLERANCE: f32 = 4.0;

/// The largest share of colours that may be further off than [`HALF_TOLERANCE`].
const BEYOND: f32 = 2e-4;

/// How far they may be off on average; rounding to bytes alone makes 0.25.
const MEAN_TOLERANCE: f32 = 0.5;

fn model_path(name: &str) -> PathBuf {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    models.join(format!("{name}.safetensors"))
}

fn model(name: &str) -> Model {
    Model::open(&model_path(name)).unwrap()
}

fn cpu(model: &Model, isa: Isa, threads: usize) -> CpuGenerator {
    let isa = Some(isa);
    CpuGenerator::new(model, CpuOptions { threads, isa })
}

/// A software device, which `make test` installs everywhere.
fn software() -> Arc<GpuContext> {
    GpuContext::new(Preference::Software).unwrap_or_else(|error| {
        panic!("{error}. Shaders need lavapipe to be tested: install mesa-vulkan-drivers")
    })
}

/// The same, or with `SYNOPSIA_TEST_GPU` set the fastest device there is.
fn gpu() -> Arc<GpuContext> {
    if std::env::var_os("SYNOPSIA_TEST_GPU").is_none() {
        return software();
    }
    let gpu = GpuContext::new(Preference::Fastest).unwrap();
    eprintln!("on {}", gpu.info.name);
    gpu
}

fn latent(seed: u64) -> Latent {
    let mut state = seed;
    let mut next = || {
        // Knuth's MMIX generator; the upper bits are the good ones.
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    Latent {
        z: std::array::from_fn(|_| next()),
        mood: [next(), next()],
        truncation: 0.8,
    }
}

fn paint(generator: &mut dyn Generator, latent: &Latent) -> Image {
    let mut image = Image::default();
    generator.sample(latent, &mut image).unwrap();
    image
}

/// The largest difference between two pictures, of 1.
fn distance(a: &Image, b: &Image) -> f32 {
    let (first, second) = (a.pixels().unwrap(), b.pixels().unwrap());
    assert_eq!((a.side(), first.len()), (b.side(), second.len()));
    let pairs = first.iter().zip(second);
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// What PyTorch painted with a model: latents and pictures, and which of a family's looks in which
/// shares.
fn references(name: &str) -> Vec<(Latent, Image, Vec<f32>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    let bytes = std::fs::read(folder.join(format!("{name}.safetensors"))).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let floats = |name: &str| -> Vec<f32> {
        let tensor = file.tensor(name).unwrap();
        assert_eq!(tensor.dtype(), Dtype::F32);
        let numbers = tensor.data().chunks_exact(4);
        numbers
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect()
    };
    let (z, mood, psi) = (floats("z"), floats("mood"), floats("psi"));
    let shares = file.tensor("shares").map(|_| floats("shares"));
    let shares = shares.unwrap_or_default();
    let pictures = file.tensor("image").unwrap();
    let &[count, side, _, 3] = pictures.shape() else {
        panic!("pictures are [n, side, side, 3]");
    };
    assert!(count > 0 && count == psi.len());
    let pictures = pictures.data().chunks_exact(side * side * 3);
    let z_dim = z.len() / count;
    let latents = z.chunks_exact(z_dim).zip(mood.chunks_exact(2)).zip(psi);
    latents
        .zip(pictures)
        .enumerate()
        .map(|(i, (((z, mood), truncation), bytes))| {
            let looks = shares.len() / count;
            let latent = Latent {
                // What a model does not use must not matter.
                z: std::array::from_fn(|i| z.get(i).copied().unwrap_or(i as f32)),
                mood: [mood[0], mood[1]],
                truncation,
            };
            let pixels = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
            let shares = shares[i * looks..][..looks].to_vec();
            (latent, Image::new(side, pixels), shares)
        })
        .collect()
}

/// The family of looks that is shipped.
const SHIPPED: &str = "looks";

/// Small networks with random weights: ours, a family of ours, and others that
/// `training/painter/convert.py` converted.
const SMALL: [&str; 6] = [
    "modulated",
    "family",
    "stylegan2",
    "stylegan2-mood",
    "dcgan",
    "dcgan-mood",
];

fn small_path(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    folder.join(format!("{name}.model.safetensors"))
}

fn small(name: &str) -> Model {
    Model::open(&small_path(name)).unwrap()
}

/// A sampler whose looks can be chosen while it paints.
trait Chooses: Generator {
    fn choose(&mut self, shares: &[f32]);
}

impl Chooses for CpuGenerator {
    fn choose(&mut self, shares: &[f32]) {
        Self::choose(self, shares);
    }
}

impl Chooses for GpuGenerator {
    fn choose(&mut self, shares: &[f32]) {
        Self::choose(self, shares);
    }
}

/// Models, painted by the sampler that `make` makes, beside PyTorch's pictures.
fn matches_pytorch<G: Chooses>(
    names: &[&str],
    tolerance: f32,
    model: impl Fn(&str) -> Model,
    make: impl Fn(&Model) -> G,
) {
    for name in names {
        let model = model(name);
        let mut generator = make(&model);
        for (i, (latent, expected, shares)) in references(name).iter().enumerate() {
            assert_eq!(shares.len(), model.info.looks.len());
            if !shares.is_empty() {
                generator.choose(shares);
            }
            let picture = paint(&mut generator, latent);
            let off = distance(&picture, expected) * 255.0;
            assert!(off <= tolerance, "{name}, picture {i}: {off} of 255 off");
            let pairs = picture
                .pixels()
                .unwrap()
                .iter()
                .zip(expected.pixels().unwrap());
            let offs: Vec<f32> = pairs.map(|(a, b)| (a - b).abs() * 255.0).collect();
            let count = offs.len() as f32;
            let beyond = offs.iter().filter(|&&off| off > HALF_TOLERANCE).count() as f32 / count;
            assert!(beyond <= BEYOND, "{name}, picture {i}: {beyond} beyond");
            let mean = offs.iter().sum::<f32>() / count;
            assert!(
                mean <= MEAN_TOLERANCE,
                "{name}, picture {i}: {mean} off on average"
            );
        }
    }
}

#[test]
fn cpu_matches_pytorch_on_every_instruction_set() {
    for isa in Isa::available() {
        matches_pytorch(&[SHIPPED], TOLERANCE, model, |model| cpu(model, isa, 1));
    }
}

#[test]
fn small_networks_match_pytorch_on_every_instruction_set() {
    for isa in Isa::available() {
        for threads in [1, 3] {
            matches_pytorch(&SMALL, TOLERANCE, small, |model| cpu(model, isa, threads));
        }
    }
}

#[test]
fn shares_that_are_chosen_while_painting_paint_as_those_of_a_model() {
    let (family, gpu) = (small("family"), gpu());
    let blend: Vec<f32> = vec![0.5, 0.25, 0.25];
    assert_eq!(blend.len(), family.info.looks.len());
    let looks = family.info.looks.join("+").replacen('+', ":2+", 1);
    let mut chosen = family.clone();
    chosen.choose(&looks.parse().unwrap()).unwrap();
    let latent = &references("family")[0].0;

    let isa = Isa::available()[0];
    let (mut moved, mut fixed) = (cpu(&family, isa, 1), cpu(&chosen, isa, 1));
    let before = paint(&mut moved, latent);
    moved.choose(&blend);
    assert_eq!(paint(&mut moved, latent), paint(&mut fixed, latent));
    moved.choose(&[1.0, 0.0, 0.0]);
    assert_eq!(paint(&mut moved, latent), before);
    moved.choose(&[1.0]); // not as many as there are looks
    assert_eq!(paint(&mut moved, latent), before);

    let on_card = |model: &Model| card(&gpu, model, Storage::Single, 1);
    let (mut moved, mut fixed) = (on_card(&family), on_card(&chosen));
    let before = paint(&mut moved, latent);
    moved.choose(&blend);
    assert_eq!(paint(&mut moved, latent), paint(&mut fixed, latent));
    moved.choose(&[1.0, 0.0, 0.0]);
    assert_eq!(paint(&mut moved, latent), before);
}

#[test]
fn wgsl_matches_pytorch() {
    let gpu = gpu();
    for (storage, tolerance, steep) in [
        (Storage::Single, TOLERANCE, TOLERANCE),
        (Storage::Half, HALF_TOLERANCE, STEEP_TOLERANCE),
    ] {
        let make = |model: &Model| card(&gpu, model, storage, 1);
        matches_pytorch(&[SHIPPED], steep, model, make);
        matches_pytorch(&SMALL, tolerance, small, make);
    }
}

#[test]
fn any_number_of_threads_paints_the_same_bits() {
    let isa = Isa::available()[0];
    for model in [model(SHIPPED), small("stylegan2"), small("dcgan")] {
        let alone = paint(&mut cpu(&model, isa, 1), &latent(1));
        for threads in [2, 3, 5] {
            let mut team = cpu(&model, isa, threads);
            assert_eq!(team.threads(), threads);
            for _ in 0..3 {
                assert!(paint(&mut team, &latent(1)) == alone, "{threads} threads");
            }
        }
    }
}

#[test]
fn every_instruction_set_paints_the_same_picture() {
    for model in [model(SHIPPED), small("stylegan2"), small("dcgan")] {
        let plain = paint(&mut cpu(&model, Isa::Portable, 1), &latent(2));
        for isa in Isa::available() {
            let off = distance(&paint(&mut cpu(&model, isa, 1), &latent(2)), &plain);
            let name = &model.info.name;
            assert!(off < 1e-3, "{name} on {isa:?} is {off} off");
        }
    }
}

#[test]
fn truncation_zero_ignores_z_and_follows_mood() {
    for (model, has_mood) in [
        (model(SHIPPED), true),
        (small("stylegan2-mood"), true),
        (small("dcgan-mood"), true),
        (small("stylegan2"), false),
        (small("dcgan"), false),
    ] {
        let name = &model.info.name;
        let mut generator = cpu(&model, Isa::available()[0], 1);
        let (mut a, mut b) = (latent(3), latent(4));
        (a.truncation, b.truncation) = (0.0, 0.0);
        b.mood = a.mood;
        let mean = paint(&mut generator, &a);
        assert!(paint(&mut generator, &b) == mean, "{name}");
        b.mood = a.mood.map(|axis| -axis);
        let moved = distance(&paint(&mut generator, &b), &mean);
        assert_eq!(moved > 0.0, has_mood, "{name}");
        assert_eq!(model.info.mood.starts_with("valence,arousal"), has_mood);
    }
}

#[test]
fn a_picture_depends_on_nothing_painted_before() {
    let mut generator = cpu(&model(SHIPPED), Isa::available()[0], 2);
    let first = paint(&mut generator, &latent(5));
    assert!(distance(&paint(&mut generator, &latent(6)), &first) > 0.0);
    assert!(paint(&mut generator, &latent(5)) == first);
}

#[test]
fn a_latent_full_of_nan_paints_a_picture() {
    let broken = Latent {
        z: [f32::NAN; LATENT_DIM],
        mood: [f32::INFINITY, f32::NAN],
        truncation: f32::NAN,
    };
    for model in [model(SHIPPED), small("stylegan2"), small("dcgan")] {
        let image = paint(&mut cpu(&model, Isa::available()[0], 1), &broken);
        assert!(
            image
                .pixels()
                .unwrap()
                .iter()
                .all(|value| (0.0..=1.0).contains(value))
        );
    }
}

/// A model of any shape, with weights that no training made.
fn synthetic(channels: &[usize]) -> Vec<u8> {
    let c_in = |i: usize| channels[i.saturating_sub(1)];
    let mut shapes = vec![
        ("mapping.0.weight".to_owned(), vec![128, 130]),
        ("mapping.0.bias".to_owned(), vec![128]),
        ("mapping.1.weight".to_owned(), vec![128, 128]),
        ("mapping.1.bias".to_owned(), vec![128]),
        ("w_mean".to_owned(), vec![5, 5, 128]),
        ("start.weight".to_owned(), vec![16 * channels[0], 128]),
        ("start.bias".to_owned(), vec![16 * channels[0]]),
    ];
    for (i, &c_out) in channels.iter().enumerate() {
        for (name, shape) in [
            ("conv.weight", vec![c_out, c_in(i), 3, 3]),
            ("conv.bias", vec![c_out]),
            ("style.weight", vec![c_in(i), 128]),
            ("style.bias", vec![c_in(i)]),
            ("rgb.weight", vec![3, c_out]),
            ("rgb.bias", vec![3]),
        ] {
            shapes.push((format!("blocks.{i}.{name}"), shape));
        }
    }
    let tensors: Vec<_> = shapes
        .into_iter()
        .zip(0u64..)
        .map(|((name, shape), seed)| {
            let count: usize = shape.iter().product();
            // Of about unit gain, so that the picture has contrast and does not saturate.
            let scale = 1.7 / (count as f32 / shape[0] as f32).sqrt().min(3.0);
            let numbers = (0..count.div_ceil(LATENT_DIM) as u64)
                .flat_map(|block| latent(1000 * seed + block).z)
                .take(count)
                .flat_map(|value| f16::from_f32(value * scale).to_le_bytes());
            (name, shape, numbers.collect::<Vec<u8>>())
        })
        .collect();
    let views = tensors.iter().map(|(name, shape, data)| {
        let view = TensorView::new(Dtype::F16, shape.clone(), data).unwrap();
        (name.clone(), view)
    });
    let listed: Vec<_> = channels.iter().map(ToString::to_string).collect();
    let said = [
        ("format", "synopsia.painter"),
        ("version", "1"),
        ("architecture", "modulated-bilinear"),
        ("name", "synthetic"),
        ("resolution", &(2usize << channels.len()).to_string()),
        ("channels", &listed.join(",")),
        ("z_dim", "128"),
        ("w_dim", "128"),
        ("mood", "valence,arousal"),
        ("trained_on", "nothing"),
        ("licence", "CC0-1.0"),
        ("steps", "0"),
    ];
    let said: HashMap<_, _> = said.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    serialize(views, Some(said)).unwrap()
}

/// A sampler on `gpu` that stores numbers as asked.
fn card(gpu: &Arc<GpuContext>, model: &Model, storage: Storage, pictures: usize) -> GpuGenerator {
    let options = GpuOptions { storage, pictures };
    GpuGenerator::with_options(Arc::clone(gpu), model, options).unwrap()
}

#[test]
fn both_samplers_agree_on_models_of_other_sizes() {
    let gpu = gpu();
    for channels in [&[24, 20, 7, 40][..], &[33], &[16, 48, 64, 3, 5], &[16, 160]] {
        let model = Model::from_bytes("synthetic", &synthetic(channels)).unwrap();
        let plain = paint(&mut cpu(&model, Isa::Portable, 1), &latent(7));
        assert_eq!(plain.side(), 2 << channels.len());
        let (low, high) = (
            plain.pixels().unwrap().iter().copied().fold(1.0, f32::min),
            plain.pixels().unwrap().iter().copied().fold(0.0, f32::max),
        );
        assert!(
            high - low > 0.05,
            "{channels:?} paints only {low} to {high}"
        );
        for isa in Isa::available() {
            let off = distance(&paint(&mut cpu(&model, isa, 1), &latent(7)), &plain);
            assert!(off < 1e-3, "{channels:?} on {isa:?} is {off} off");
        }
        for (storage, tolerance) in [
            (Storage::Single, 1e-3),
            (Storage::Half, HALF_TOLERANCE / 255.0),
        ] {
            let mut card = card(&gpu, &model, storage, 1);
            let off = distance(&paint(&mut card, &latent(7)), &plain);
            assert!(off < tolerance, "{channels:?} in {storage:?} is {off} off");
        }
    }
}

#[test]
fn pictures_of_one_submission_are_those_painted_alone() {
    let model = Model::from_bytes("synthetic", &synthetic(&[32, 24, 16])).unwrap();
    let mut card = card(&gpu(), &model, Storage::Half, 3);
    let latents: Vec<_> = (0..5).map(latent).collect();
    let mut together = Vec::new();
    card.sample_many(&latents, &mut together).unwrap();
    for (i, latent) in latents.iter().enumerate() {
        assert!(paint(&mut card, latent) == together[i], "picture {i}");
    }
    assert!(distance(&together[0], &together[1]) > 0.0);
}

#[test]
fn a_model_that_does_not_fit_the_adapter_is_refused_with_the_bytes_it_needs() {
    let model = model(SHIPPED);
    let gpu = software();
    let limits = &gpu.limits;
    let layers = limits.max_texture_array_layers as usize;
    let allowed = limits.max_storage_buffer_binding_size;
    assert!(
        (layers * 128 * 128 * 16) as u64 > allowed,
        "this adapter binds buffers of any size"
    );
    let refused = |pictures| {
        let options = GpuOptions {
            pictures,
            ..Default::default()
        };
        let refused = GpuGenerator::with_options(Arc::clone(&gpu), &model, options);
        refused.err().unwrap().0
    };
    let sentence = refused(layers);
    let end = format!(" bytes, and the adapter allows {allowed}");
    assert!(
        sentence.starts_with("it needs a buffer of ") && sentence.ends_with(&end),
        "{sentence}"
    );
    let sentence = refused(usize::MAX);
    assert!(
        sentence.ends_with("are more than the adapter's textures hold"),
        "{sentence}"
    );
    assert_eq!(gpu.lost(), None);
}

/// Runs in a process of its own, because the cache's folder is the process's.
#[test]
fn tuning_changes_no_picture_and_is_remembered() {
    let name = "tuning_changes_no_picture_and_is_remembered";
    let folder = tempfile::tempdir().unwrap();
    let cache = ("SYNOPSIA_CACHE", folder.path().as_os_str());
    if !alone(name, &[cache]) {
        return;
    }
    let gpu = gpu();
    let model = Model::from_bytes("synthetic", &synthetic(&[16])).unwrap();
    let long = std::time::Duration::from_secs(60);
    let near = |a: &Image, b: &Image| distance(a, b) < HALF_TOLERANCE / 255.0;

    let mut first = card(&gpu, &model, Storage::Half, 1);
    let guessed = paint(&mut first, &latent(10));
    assert_eq!(first.tune(std::time::Duration::ZERO).unwrap(), 0);
    assert_eq!(first.tune(long).unwrap(), 1);
    let tuned = paint(&mut first, &latent(10));
    assert!(near(&tuned, &guessed));
    assert_eq!(first.tune(long).unwrap(), 0, "all layers are known");
    let mut second = card(&gpu, &model, Storage::Half, 1);
    assert_eq!(second.tilings(), first.tilings());
    assert!(paint(&mut second, &latent(10)) == tuned);

    // A batch is cut in its own way, here while it paints.
    let mut batch = card(&gpu, &model, Storage::Half, 2);
    batch.tune_in_background(long);
    while batch.is_tuning() {
        assert!(near(&paint(&mut batch, &latent(10)), &guessed));
    }
    assert!(near(&paint(&mut batch, &latent(10)), &guessed));
    let again = card(&gpu, &model, Storage::Half, 2);
    assert_eq!(again.tilings(), batch.tilings());
}

#[test]
fn a_lost_device_is_an_error_and_not_a_crash() {
    let gpu = gpu();
    let model = Model::from_bytes("synthetic", &synthetic(&[16, 16, 16])).unwrap();
    let mut card = GpuGenerator::new(Arc::clone(&gpu), &model).unwrap();
    paint(&mut card, &latent(8));
    gpu.device.destroy();
    // Who paints need not wait for the card: then the picture's numbers are asked for in vain.
    let mut image = Image::default();
    let painted = card.sample(&latent(8), &mut image);
    let sentence = match painted.and_then(|()| image.pixels().map(drop)) {
        Ok(()) => panic!("a lost card has painted"),
        Err(error) => error.to_string(),
    };
    assert!(
        sentence.starts_with("the graphics device was lost"),
        "{sentence}"
    );
}

#[test]
fn a_software_adapter_leaves_the_painting_to_the_cpu_and_says_so() {
    let gpu = software();
    let model = Model::from_bytes("synthetic", &synthetic(&[16, 16, 16])).unwrap();
    let options = CpuOptions::default();
    for (prefer, gpu, expected) in [
        (Prefer::Auto, Some(&gpu), "is a software adapter"),
        (Prefer::Auto, None, "there is no graphics adapter"),
        (Prefer::Gpu, None, "there is no graphics adapter"),
        (Prefer::Cpu, Some(&gpu), "The CPU paints"),
    ] {
        let (mut painter, why) = open(&model, prefer, gpu, options);
        assert!(
            why.starts_with("The CPU paints") && why.contains(expected),
            "{why}"
        );
        assert_eq!(paint(&mut painter, &latent(9)).side(), 16);
    }
    let (_, why) = open(&model, Prefer::Gpu, Some(&gpu), options);
    assert_eq!(why, format!("{} paints", gpu.info.name));
}

/// A small model's bytes with its header edited.
fn edited(edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    edited_of(&synthetic(&[16, 16]), edit)
}

fn edited_of(bytes: &[u8], edit: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut header: Value = serde_json::from_slice(&bytes[8..8 + length_of(bytes)]).unwrap();
    edit(&mut header);
    let header = header.to_string();
    let length = (header.len() as u64).to_le_bytes();
    [&length, header.as_bytes(), &bytes[8 + length_of(bytes)..]].concat()
}

fn length_of(bytes: &[u8]) -> usize {
    u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize
}

fn with_metadata(key: &str, value: &str) -> Vec<u8> {
    edited(|header| header["__metadata__"][key] = value.into())
}

#[test]
#[allow(
    clippy::too_many_lines,
    reason = "a list of files, each with its sentence"
)]
fn every_bad_model_file_is_refused_in_its_sentence() {
    let good = synthetic(&[16, 16]);
    let mut nan = good.clone();
    nan.truncate(good.len() - 2);
    nan.extend(f16::NAN.to_le_bytes());
    let newer = "m was made for a newer Synopsia (format 4; this one reads 3)";
    for (bytes, sentence) in [
        (Vec::new(), "m is not a painter model: it is too short"),
        (
            b"once upon a time there was a text".to_vec(),
            "m is not a painter model: it does not start like a safetensors file",
        ),
        (
            [&2u64.to_le_bytes()[..], b"{}"].concat(),
            "m is not a painter model: its header has no format",
        ),
        (
            [&8u64.to_le_bytes()[..], b"{\"a\": 1}"].concat(),
            "m is not a painter model: its header is not that of a safetensors file",
        ),
        (
            good[..100].to_vec(),
            &format!(
                "m is truncated: it has 100 of the {} bytes its header promises",
                8 + length_of(&good)
            ),
        ),
        (
            good[..good.len() - 1].to_vec(),
            &format!(
                "m is truncated: it has {} of the {} bytes its header promises",
                good.len() - 1,
                good.len()
            ),
        ),
        (with_metadata("version", "4"), newer),
        (
            with_metadata("format", "synopsia.emotion"),
            "m is not a painter model: its format is \"synopsia.emotion\", not \"synopsia.painter\"",
        ),
        (
            with_metadata("resolution", "16"),
            "m does not fit its own header: 2 blocks do not lead from side 4 to 16",
        ),
        (
            with_metadata("resolution", "99999999999"),
            "m does not fit its own header: its resolution is \"99999999999\", which is not a \
             number from 1 to 1024",
        ),
        (
            with_metadata("channels", "16,17"),
            "m does not fit its own header: blocks.1.conv.weight is [16, 16, 3, 3], not [17, 16, 3, 3]",
        ),
        (
            with_metadata("channels", "16,,16"),
            "m does not fit its own header: its channels are \"16,,16\"",
        ),
        (
            edited(|header| {
                let table = header.as_object_mut().unwrap();
                let tensor = table.remove("w_mean").unwrap();
                table.insert("w_mode".to_owned(), tensor);
            }),
            "m does not fit its own header: w_mean is missing",
        ),
        (
            edited(|header| header["w_mean"]["dtype"] = "BF16".into()),
            "m does not fit its own header: w_mean is BF16, not F16",
        ),
        (
            nan,
            "m is damaged: w_mean holds a weight that is not a number",
        ),
    ] {
        let refused = Model::from_bytes("m", &bytes).unwrap_err();
        assert_eq!(refused.to_string(), sentence);
    }
    assert!(Model::from_bytes("m", &good).is_ok());
}

#[test]
fn a_family_whose_header_is_wrong_is_refused_in_its_sentence() {
    let bytes = std::fs::read(small_path("family")).unwrap();
    let no_fit = "m does not fit its own header:";
    let mut tried = vec![
        (
            "version",
            "2",
            format!("{no_fit} its looks need version 3, and it has 2"),
        ),
        (
            "looks",
            "a,b",
            format!("{no_fit} w_mean is [3, 5, 5, 128], not [2, 5, 5, 128]"),
        ),
        (
            "architecture",
            "dcgan",
            format!("{no_fit} dcgan has no looks"),
        ),
    ];
    let many: Vec<String> = (0..65).map(|number| number.to_string()).collect();
    let many = many.join(",");
    for names in [
        "",
        "ink,,glass",
        "ink,flames,Ink",
        "ink,a+b,glass",
        "a:1,b,c",
        "a@b,c,d",
        &many,
    ] {
        tried.push(("looks", names, format!("{no_fit} its looks are {names:?}")));
    }
    for (key, value, sentence) in tried {
        let edit = |header: &mut Value| header["__metadata__"][key] = value.into();
        let refused = Model::from_bytes("m", &edited_of(&bytes, edit)).unwrap_err();
        assert_eq!(refused.to_string(), sentence);
    }
    let alone = edited_of(&bytes, |header| {
        header["__metadata__"]
            .as_object_mut()
            .unwrap()
            .remove("looks");
    });
    let said = Model::from_bytes("m", &alone).unwrap_err().to_string();
    assert_eq!(
        said,
        format!("{no_fit} mapping.0.weight is [128, 138], not [128, 130]")
    );
    // A file of the newest version may still be one look by itself.
    assert!(Model::from_bytes("m", &with_metadata("version", "3")).is_ok());
}

#[test]
fn a_small_file_that_does_not_fit_its_header_is_refused() {
    let bytes = |name| std::fs::read(small_path(name)).unwrap();
    let no_fit = "m does not fit its own header:";
    for (name, key, value, sentence) in [
        (
            "dcgan",
            "architecture",
            "stylegan9",
            "m is not a painter model: its architecture is \"stylegan9\", not one of \
             modulated-bilinear, stylegan2, dcgan"
                .to_owned(),
        ),
        (
            "stylegan2",
            "mapping_layers",
            "7",
            format!("{no_fit} it holds tensors that a painter does not have"),
        ),
        (
            "stylegan2",
            "mapping_layers",
            "99",
            format!("{no_fit} its mapping_layers is \"99\", which is not a number from 1 to 16"),
        ),
        (
            "stylegan2",
            "z_dim",
            "513",
            format!("{no_fit} its z_dim is \"513\", which is not a number from 1 to 512"),
        ),
        (
            "stylegan2",
            "w_dim",
            "49",
            format!("{no_fit} mapping.0.weight is [48, 64], not [49, 64]"),
        ),
        (
            "stylegan2",
            "channels",
            "32,40,24,20,17",
            format!("{no_fit} blocks.4.0.conv.weight is [16, 20, 3, 3], not [17, 20, 3, 3]"),
        ),
        (
            "dcgan",
            "channels",
            "40,24,20",
            format!("{no_fit} 3 blocks do not lead from side 4 to 64"),
        ),
        (
            "dcgan",
            "z_dim",
            "99",
            format!("{no_fit} start.weight is [640, 100], not [640, 99]"),
        ),
    ] {
        let edit = |header: &mut Value| header["__metadata__"][key] = value.into();
        let refused = Model::from_bytes("m", &edited_of(&bytes(name), edit)).unwrap_err();
        assert_eq!(refused.to_string(), sentence);
    }
    // So large that no memory would do, refused before any is taken.
    let huge = edited_of(&bytes("stylegan2"), |header| {
        header["__metadata__"]["resolution"] = "1024".into();
        header["__metadata__"]["channels"] = "8,8,8,8,8,8,8,8,1024".into();
    });
    assert_eq!(
        Model::from_bytes("m", &huge).unwrap_err().to_string(),
        format!("{no_fit} 1024 channels of 1024x1024 are more than fit into memory")
    );
}

#[test]
fn every_tensor_of_a_small_file_is_checked() {
    for name in SMALL {
        let bytes = std::fs::read(small_path(name)).unwrap();
        let header: Value = serde_json::from_slice(&bytes[8..8 + length_of(&bytes)]).unwrap();
        let tensors = header.as_object().unwrap().keys();
        for tensor in tensors.filter(|key| *key != "__metadata__") {
            let renamed = edited_of(&bytes, |header| {
                let table = header.as_object_mut().unwrap();
                let taken = table.remove(tensor).unwrap();
                table.insert("else".to_owned(), taken);
            });
            let said = Model::from_bytes("m", &renamed).unwrap_err().to_string();
            // A model may do without noise and moods, but not hold what is none of its.
            let missing = format!("m does not fit its own header: {tensor} is missing");
            let strange =
                "m does not fit its own header: it holds tensors that a painter does not have";
            let optional = tensor.contains("noise") || tensor.contains("mood");
            assert_eq!(said, if optional { strange } else { &missing });

            let start = 8 + length_of(&bytes);
            let at = header[tensor]["data_offsets"][0].as_u64().unwrap() as usize;
            let mut damaged = bytes.clone();
            damaged[start + at..][..2].copy_from_slice(&f16::INFINITY.to_le_bytes());
            let said = Model::from_bytes("m", &damaged).unwrap_err().to_string();
            let sentence = format!("m is damaged: {tensor} holds a weight that is not a number");
            assert_eq!(said, sentence);
        }
        for length in (9..bytes.len()).step_by(bytes.len() / 50) {
            let said = Model::from_bytes("m", &bytes[..length]).unwrap_err();
            assert!(
                matches!(said.fault, Fault::File(WeightsFault::Truncated { .. })),
                "{said}"
            );
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_or_is_huge_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.safetensors");
    let sentence = Model::open(&missing).unwrap_err().to_string();
    assert!(
        sentence.contains("missing.safetensors could not be read"),
        "{sentence}"
    );

    let sentence = Model::open(folder.path()).unwrap_err().to_string();
    assert!(
        sentence.ends_with("is not a painter model: it is not a file"),
        "{sentence}"
    );

    // Sparse: its size is all that is read of it.
    let huge = folder.path().join("huge.safetensors");
    std::fs::File::create(&huge)
        .unwrap()
        .set_len(300 << 20)
        .unwrap();
    let sentence = Model::open(&huge).unwrap_err().to_string();
    assert!(
        sentence.ends_with("too large for a painter model: 300 MB, and at most 256 MB are read"),
        "{sentence}"
    );
}

/// A catalogue of the built-in models and of a folder with these files.
fn catalog(files: &[(&str, &[u8])]) -> (Catalog, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let catalog = Catalog {
        folders: vec![folder.path().join("none"), folder.path().to_owned()],
    };
    (catalog, folder)
}

fn listed(catalog: &Catalog) -> Vec<String> {
    let listed = catalog.list().into_iter();
    listed.map(|listed| listed.name).collect()
}

#[test]
fn the_built_in_models_are_the_looks_of_the_shipped_family() {
    let (none, _folder) = catalog(&[]);
    let looks = model(SHIPPED).info.looks;
    assert!(looks.len() > 1);
    assert_eq!(
        (none.names(), listed(&none)),
        (looks.clone(), looks.clone())
    );
    assert_eq!(Catalog::built_in(), looks);
    assert_eq!(Catalog::default_name(), looks[0]);
    for look in &looks {
        assert_eq!(none.find(look).unwrap().info.name, *look);
        assert!(none.has_look(look));
    }
    let (one, other) = (&looks[0], &looks[1]);
    let blend = format!("{one}:3+{other}:1");
    assert_eq!(none.find(&blend).unwrap().info.name, blend);
    assert!(none.has_look(&blend) && !none.has_look("cubist"));
    for (name, sentence) in [
        (
            "cubist".to_owned(),
            format!(
                "there is no model named cubist; there are {}",
                looks.join(", ")
            ),
        ),
        (
            format!("{one}+cubist"),
            format!(
                "the built-in family has no look named cubist; it has {}",
                looks.join(", ")
            ),
        ),
        (
            format!("{one}:-1+{other}"),
            format!(
                "{one}:-1+{other} is no blend of looks: the part of {one} is \"-1\", not a number from 0 up"
            ),
        ),
        (
            format!("{one}:0"),
            format!("{one}:0 is no blend of looks: all its parts are 0"),
        ),
    ] {
        assert_eq!(none.find(&name).unwrap_err().to_string(), sentence);
        assert!(!none.has_look(&name));
    }
}

#[test]
fn a_blend_of_one_look_is_that_look_and_a_blend_of_two_is_neither() {
    let mut family = small("family");
    let mut painted = |name: &str| {
        family.choose(&name.parse().unwrap()).unwrap();
        paint(&mut cpu(&family, Isa::available()[0], 1), &latent(8))
    };
    let (ink, flames) = (painted("ink"), painted("flames"));
    assert!(painted("ink:2+flames:0") == ink);
    let between = painted("ink+flames");
    for look in [&ink, &flames] {
        assert!(distance(&between, look) > 0.01);
    }
    assert!(painted("flames+ink") == between);
    // A sampler finds the same blend by itself.
    family.choose(&"glass".parse().unwrap()).unwrap();
    let mut sampler = cpu(&family, Isa::available()[0], 1);
    sampler.choose(&[0.5, 0.5, 0.0]);
    assert!(paint(&mut sampler, &latent(8)) == between);
    sampler.choose(&[0.5, 0.5]);
    assert!(paint(&mut sampler, &latent(8)) == between);
    family.choose(&"flames+ink".parse().unwrap()).unwrap();
    // A refused wish changes nothing.
    assert!(family.choose(&"ink+cubist".parse().unwrap()).is_err());
    assert_eq!(family.info.name, "flames+ink");
    let mut again = cpu(&family, Isa::available()[0], 1);
    assert!(paint(&mut again, &latent(8)) == between);
}

#[test]
fn a_users_model_is_listed_and_replaces_the_built_in_one_of_its_name() {
    let ours = Catalog::default_name();
    let small = synthetic(&[16, 16]);
    let file = format!("{ours}.safetensors");
    let (catalog, _folder) = catalog(&[(&file, &small), ("broken.safetensors", b"not a model")]);
    let mut expected = vec!["broken".to_owned(), ours.to_owned()];
    expected.sort();
    expected.extend(Catalog::built_in()[1..].to_vec());
    assert_eq!(listed(&catalog), expected);
    let built_in = Catalog::built_in().to_vec();
    assert_eq!(
        catalog.names(),
        [built_in, vec!["broken".to_owned()]].concat()
    );
    let broken = catalog
        .list()
        .into_iter()
        .find(|listed| listed.name == "broken");
    assert!(broken.unwrap().info.is_err());
    assert_eq!(catalog.find(ours).unwrap().info.resolution, 8);
    // A blend is one of the built-in family all the same.
    let blend = format!("{ours}:1");
    assert_eq!(catalog.find(&blend).unwrap().info.resolution, 256);
    let path = model_path(SHIPPED);
    let path = path.to_str().unwrap();
    assert_eq!(catalog.find(path).unwrap().info.resolution, 256);

    let error = catalog.find("cubist").unwrap_err().to_string();
    let said = format!(
        "there is no model named cubist; there are {}",
        expected.join(", ")
    );
    assert_eq!(error, said);
    let error = catalog
        .find(&format!("{ours}@ink"))
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(" is one look by itself and has none named ink"),
        "{error}"
    );
}

#[test]
fn a_users_family_has_its_looks_behind_its_name() {
    let family = std::fs::read(small_path("family")).unwrap();
    let small = synthetic(&[16, 16]);
    let (catalog, folder) = catalog(&[("mine.safetensors", &family), ("a@b.safetensors", &small)]);
    let names = ["a@b", "mine@ink", "mine@flames", "mine@glass"];
    let all = [&names.map(str::to_owned)[..], Catalog::built_in()].concat();
    assert_eq!(listed(&catalog), all);
    assert_eq!(catalog.names()[Catalog::built_in().len()..], names);
    let path = folder.path().join("mine.safetensors");
    let path = path.to_str().unwrap();
    for (name, painted) in [
        ("a@b".to_owned(), "synthetic"),
        ("mine".to_owned(), "ink"),
        ("mine@glass".to_owned(), "glass"),
        ("mine@ink:3+glass:1".to_owned(), "ink:3+glass:1"),
        (path.to_owned(), "ink"),
        (format!("{path}@flames"), "flames"),
        (format!("{path}@flames+ink"), "flames+ink"),
    ] {
        assert_eq!(catalog.find(&name).unwrap().info.name, painted, "{name}");
    }
    for (name, sentence) in [
        (
            "mine@cubist".to_owned(),
            format!("{path} has no look named cubist; it has ink, flames, glass"),
        ),
        (
            format!("{path}@ink+cubist"),
            format!("{path} has no look named cubist; it has ink, flames, glass"),
        ),
        (
            "mine@".to_owned(),
            "mine@ is no blend of looks: a look's name is missing".to_owned(),
        ),
        (
            "yours@ink".to_owned(),
            format!(
                "there is no model named yours@ink; there are {}",
                all.join(", ")
            ),
        ),
    ] {
        assert_eq!(catalog.find(&name).unwrap_err().to_string(), sentence);
        assert!(!catalog.has_look(&name));
    }
    let shares = catalog.shares("mine@ink", "mine@ink+glass");
    assert_eq!(shares, Some([vec![1.0, 0.0, 0.0], vec![0.5, 0.0, 0.5]]));
    let ours = Catalog::default_name();
    assert_eq!(catalog.shares("mine@ink", ours), None);
    assert_eq!(catalog.shares(ours, "a@b"), None);
    assert!(Catalog::are_kin("mine@ink", "mine@glass"));
    assert!(!Catalog::are_kin("mine@ink", ours) && !Catalog::are_kin("some", "other"));
    assert!(catalog.has_look("mine@ink+glass") && !catalog.has_look(&format!("{path}@ink")));
    // Another file takes its place.
    std::fs::write(path, small).unwrap();
    assert_eq!(
        catalog.names()[Catalog::built_in().len()..],
        ["a@b", "mine"]
    );
}

#[test]
fn the_header_alone_says_what_a_model_is() {
    let bytes = synthetic(&[16, 32]);
    let info = Model::from_bytes("m", &bytes).unwrap().info;
    assert_eq!(info.channels, [16, 32]);
    assert_eq!(info.resolution, 8);
    assert_eq!(
        (info.mood.as_str(), info.licence.as_str()),
        ("valence,arousal", "CC0-1.0")
    );
    // Two bytes a weight, and nothing else behind the header.
    assert_eq!(info.weights * 2, bytes.len() - 8 - length_of(&bytes));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(synopsia::gan::ModelInfo::open(&path).unwrap(), info);
}
