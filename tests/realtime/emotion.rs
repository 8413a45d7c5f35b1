//! Listening allocates nothing once the listener is made, at any rate and block size.

use crate::host::allocations::allocations;
use synopsia::emotion::Listener;

#[test]
fn listening_allocates_nothing_once_made() {
    for rate in [8_000u32, 16_000, 44_100, 48_000, 384_000] {
        for block in [1, 64, 1000, 50_000] {
            let mut listener = Listener::new(rate).unwrap();
            let samples: Vec<f32> = (0..3 * rate)
                .map(|i| {
                    // Silence at first, and a pause later.
                    let loud = i > rate / 2 && i % rate > rate / 10;
                    0.3 * f32::from(loud) * (i as f32 * 900.0 / rate as f32).sin()
                })
                .collect();
            let mut count = 0;
            let allocated = allocations(|| {
                for block in samples.chunks(block) {
                    listener.listen(block, |_, _| count += 1).unwrap();
                }
            });
            assert!(count > 5, "{count} estimates");
            assert_eq!(allocated, 0, "{rate} Hz in blocks of {block}");
        }
    }
}
