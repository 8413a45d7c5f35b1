use super::super::model::Layer;
use super::super::model::tests::reference;
use super::*;
use crate::weights::WeightsFault;
use candle_core::Tensor;

/// Knuth's MMIX generator; the upper bits are the good ones.
fn random(state: &mut u64) -> u32 {
    *state = (state.wrapping_mul(6364136223846793005)).wrapping_add(1442695040888963407);
    (*state >> 40) as u32
}

fn noise(count: usize, state: &mut u64) -> Vec<f32> {
    (0..count)
        .map(|_| random(state) as f32 / (1 << 24) as f32 - 0.5)
        .collect()
}

fn tensor(shape: &[usize], size: f32, state: &mut u64) -> Tensor {
    let values = noise(shape.iter().product(), state);
    let values: Vec<f32> = values.into_iter().map(|x| x * size).collect();
    Tensor::from_vec(values, shape, &candle_core::Device::Cpu).unwrap()
}

/// A model whose sizes fit nothing well.
fn odd(state: &mut u64) -> Model {
    let conv = |shape: &[usize], stride, state: &mut u64| Layer::Conv {
        weight: tensor(shape, 0.3, state),
        bias: tensor(&shape[..1], 0.3, state),
        stride,
    };
    let linear = |shape: &[usize], state: &mut u64| Layer::Linear {
        weight: tensor(shape, 0.3, state),
        bias: tensor(&shape[..1], 0.3, state),
    };
    let layers = vec![
        conv(&[168, 1, 160], 16, state),
        Layer::Square,
        Layer::Log(1e-3),
        Layer::Tonal {
            profiles: tensor(&[24, 12], 3.0, state),
            first: 5,
            octaves: 3,
            sharpness: 2.5,
        },
        conv(&[23, 168, 2], 2, state),
        Layer::Relu,
        conv(&[17, 23, 3], 1, state),
        Layer::Relu,
        conv(&[5, 17, 1], 1, state),
        Layer::MeanStd(1e-5),
        linear(&[33, 42], state),
        Layer::Relu,
        linear(&[4, 33], state),
        Layer::Outputs,
    ];
    Model {
        layers,
        sample_rate: 16_000,
        window: 3000,
        hop: 320,
    }
}

fn numbers(estimate: Estimate) -> [f32; 4] {
    [
        estimate.valence,
        estimate.arousal,
        estimate.sigma_valence,
        estimate.sigma_arousal,
    ]
}

fn frames_in_pieces(network: &Network, samples: &[f32], most: u32, seed: u64) -> Vec<f32> {
    let (mut stream, mut frames, mut state) = (network.stream(), Vec::new(), seed);
    let mut rest = samples;
    while !rest.is_empty() {
        let piece = (random(&mut state) % most) as usize;
        let (now, later) = rest.split_at(piece.min(rest.len()));
        network.hear(&mut stream, now, |frame| frames.extend_from_slice(frame));
        rest = later;
    }
    frames
}

#[test]
fn any_cut_and_any_machine_give_what_candle_gives_for_the_whole() {
    let mut state = 7;
    let [usual, free] = Ear::ALL.map(|ear| Model::of(ear).unwrap());
    for model in [usual, free, odd(&mut state)] {
        let mut network = Network::new(&model).unwrap();
        let samples = noise(network.window + 123, &mut state);
        let expected = reference(&model, &samples).unwrap();
        for isa in Isa::available() {
            network.isa = isa;
            let whole = numbers(network.estimate(&samples).unwrap());
            for (found, expected) in whole.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-4, "{whole:?}, {expected}");
            }
            let frames = frames_in_pieces(&network, &samples, 9000, 1);
            assert!(!frames.is_empty());
            for (most, seed) in [(2, 2), (80, 3), (1000, 4), (100_000, 5)] {
                let again = frames_in_pieces(&network, &samples, most, seed);
                assert!(again == frames, "cut into up to {most} on {isa:?}");
            }
            let judged = network.judge(&mut network.stream(), &frames);
            assert_eq!(numbers(judged.unwrap()), whole);
        }
    }
}

#[test]
fn a_cleared_stream_begins_anew() {
    let network = Network::of(Ear::default()).unwrap();
    let samples = noise(network.frame_length + network.hop, &mut 3);
    let mut stream = network.stream();
    let mut runs = [Vec::new(), Vec::new()];
    for run in &mut runs {
        network.hear(&mut stream, &samples, |frame| run.extend_from_slice(frame));
        stream.clear();
    }
    assert!(!runs[0].is_empty());
    assert_eq!(runs[0], runs[1]);
    assert!(network.estimate(&samples[..100]).is_none());
}

#[test]
fn keys_are_heard_in_bands_that_are_there() {
    let mut state = 1;
    for (from, count) in [(0, 3), (5, 0), (132, 3), (usize::MAX, 1), (5, usize::MAX)] {
        let mut model = odd(&mut state);
        if let Layer::Tonal { first, octaves, .. } = &mut model.layers[3] {
            (*first, *octaves) = (from, count);
        }
        let error = Network::new(&model).err().unwrap().to_string();
        assert!(error.contains("bands"), "{from}, {count}: {error}");
    }
}

#[test]
fn layers_that_do_not_fit_are_refused() {
    let mut state = 1;
    // A second look at the keys, and one after the logarithms were changed.
    for (from, to) in [(3, 4), (3, 10), (5, 4)] {
        let mut model = odd(&mut state);
        let moved = odd(&mut state).layers.swap_remove(from);
        model.layers.insert(to, moved);
        let error = Network::new(&model).err().unwrap();
        assert!(
            matches!(error, NetworkError::File(WeightsFault::Header(_))),
            "{from}: {error}"
        );
    }
    for gone in [0, 2, 3, 4, 9, 10, 13] {
        let mut model = odd(&mut state);
        model.layers.remove(gone);
        let error = Network::new(&model).err().unwrap();
        assert!(
            matches!(error, NetworkError::File(WeightsFault::Header(_))),
            "{gone}: {error}"
        );
    }
}
