//! Painting allocates nothing after the first picture, on any thread of the painter.

use crate::alone::alone;
use synopsia::gan::{Catalog, CpuGenerator, CpuOptions, Generator, Image, Isa, LATENT_DIM, Latent};

#[test]
fn painting_allocates_nothing_after_the_first_picture() {
    // Every allocation of the process counts.
    let name = "painter::painting_allocates_nothing_after_the_first_picture";
    if !alone(name, &[]) {
        return;
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference");
    let file = |name: &str| format!("{folder}/{name}.model.safetensors");
    let catalog = Catalog {
        folders: Vec::new(),
    };
    let names = [
        Catalog::default_name(),
        &file("stylegan2"),
        &file("dcgan-mood"),
    ];
    let mut latent = Latent {
        z: [0.5; LATENT_DIM],
        mood: [0.1, -0.2],
        truncation: 0.7,
    };
    for name in names {
        let model = catalog.find(name).unwrap();
        for (isa, threads) in Isa::available()
            .into_iter()
            .flat_map(|isa| [(isa, 1), (isa, 2)])
        {
            let isa = Some(isa);
            let mut generator = CpuGenerator::new(&model, CpuOptions { threads, isa });
            let mut image = Image::default();
            generator.sample(&latent, &mut image).unwrap();
            let (calls, _) = crate::host::allocations::of_all_threads(|| {
                for _ in 0..3 {
                    latent.z[0] += 0.5;
                    generator.sample(&latent, &mut image).unwrap();
                }
            });
            assert_eq!(calls, 0, "{name}, {isa:?}, {threads} threads");
        }
    }
}
