//! The emotion network against PyTorch, on the weights that ship.

use safetensors::SafeTensors;
use synopsia::emotion::Network;

fn floats(tensors: &SafeTensors, name: &str) -> (Vec<usize>, Vec<f32>) {
    let view = tensors.tensor(name).unwrap();
    let values = view
        .data()
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes(b.try_into().unwrap()));
    (view.shape().to_vec(), values.collect())
}

#[test]
fn the_network_equals_pytorch_on_reference_signals() {
    let bytes = std::fs::read("tests/reference/emotion.safetensors").unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let (shape, input) = floats(&tensors, "input");
    let (_, expected) = floats(&tensors, "output");
    let network = Network::built_in().unwrap();
    assert_eq!(shape[1], network.window);
    for (window, expected) in input.chunks(network.window).zip(expected.chunks(4)) {
        let found = network.estimate(window).unwrap();
        let found = [
            found.valence,
            found.arousal,
            found.sigma_valence,
            found.sigma_arousal,
        ];
        for (found, expected) in found.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-3,
                "{found} instead of {expected}"
            );
        }
    }
}
