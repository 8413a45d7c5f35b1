//! Painting allocates nothing after the first picture, on any thread of the painter.
//!
//! Alone in its program, because it counts every allocation of the process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use synopsia::gan::{Catalog, CpuGenerator, CpuOptions, Generator, Image, Isa, LATENT_DIM, Latent};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: the system's allocator, and a counter.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn painting_allocates_nothing_after_the_first_picture() {
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
            let before = ALLOCATIONS.load(Ordering::Relaxed);
            for _ in 0..3 {
                latent.z[0] += 0.5;
                generator.sample(&latent, &mut image).unwrap();
            }
            let after = ALLOCATIONS.load(Ordering::Relaxed);
            assert_eq!(after - before, 0, "{name}, {isa:?}, {threads} threads");
        }
    }
}
