//! Hearing the beat allocates nothing once the listener is made.

use crate::host::allocations::allocations;
use synopsia::beat::BeatListener;
use synopsia::signal::{Analyser, AudioFrame};

#[test]
fn hearing_the_beat_allocates_nothing_once_made() {
    for rate in [8_000.0, 44_100.0, 384_000.0] {
        let mut analyser = Analyser::new(rate, 1).unwrap();
        let samples: Vec<f32> = (0..8 * rate as usize)
            .map(|i| {
                let t = i as f64 / rate;
                ((-20.0 * (t % 0.5)).exp() * (700.0 * t).sin()) as f32
            })
            .collect();
        let mut frames: Vec<AudioFrame> = Vec::new();
        analyser.process_interleaved(&samples, |frame| frames.push(*frame));
        // Some are lost, and then the song begins anew.
        frames.drain(300..350);
        let again = frames.clone();
        let mut listener = BeatListener::new(rate).unwrap();
        let allocated = allocations(|| {
            frames.iter_mut().for_each(|frame| listener.hear(frame));
            listener.reset();
            frames.iter_mut().for_each(|frame| listener.hear(frame));
        });
        assert_eq!(allocated, 0, "{rate} Hz");
        let beats = |frames: &[AudioFrame]| frames.iter().any(|frame| frame.beat.beats > 8.0);
        assert!(beats(&frames) && !beats(&again));
    }
}
