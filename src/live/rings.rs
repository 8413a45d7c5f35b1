//! What goes from the audio thread to the others, and the rings that it goes over.

use crate::control::Snapshot;
use crate::show::Place;
use crate::signal::{AudioFrame, Transport};
use rtrb::{Consumer, Producer, RingBuffer};
use std::time::Duration;

/// Samples by channel in one chunk of a ring.
pub const CHUNK: usize = 64;

/// One hop, as the painting thread takes it.
#[derive(Clone, Copy, Debug)]
pub struct Hop {
    pub frame: AudioFrame,
    pub transport: Option<Transport>,
    pub place: Place,
    pub snapshot: Snapshot,
}

/// Samples mixed down to one channel, as the emotion thread takes them.
#[derive(Clone, Copy, Debug)]
pub struct MonoChunk {
    /// Position of the first, samples since activation.
    pub position: u64,
    /// How many of `samples` count.
    pub len: usize,
    pub samples: [f32; CHUNK],
}

/// Samples that passed through, as a recording takes them.
#[derive(Clone, Copy, Debug)]
pub struct StereoChunk {
    /// Position of the first, samples since activation.
    pub position: u64,
    /// How many frames of `samples` count.
    pub len: usize,
    /// Whether what passed before it was the host's run-up, and belongs to no film.
    pub after_run_up: bool,
    /// Left and right in turn; mono is on both.
    pub samples: [[f32; 2]; CHUNK],
}

impl MonoChunk {
    pub(super) const EMPTY: Self = Self {
        position: 0,
        len: 0,
        samples: [0.0; CHUNK],
    };
}

impl StereoChunk {
    pub(super) const EMPTY: Self = Self {
        position: 0,
        len: 0,
        after_run_up: false,
        samples: [[0.0; 2]; CHUNK],
    };
}

/// The receiving ends of a tap's rings.
pub struct TapReceiver {
    /// Samples a second.
    pub sample_rate: f64,
    pub hops: Consumer<Hop>,
    pub heard: Consumer<MonoChunk>,
    pub sound: SoundSwitch,
    /// What passes, where it is [`Pass::Filmed`].
    pub passed: Option<Consumer<StereoChunk>>,
}

/// Where a recording asks the audio thread for the sound that passes.
pub struct SoundSwitch {
    pub(super) sample_rate: f64,
    pub(super) wanted: Producer<Option<Producer<StereoChunk>>>,
    pub(super) returned: Consumer<Producer<StereoChunk>>,
}

impl SoundSwitch {
    /// Asks for the sound from the next block on, `seconds` of which the ring holds. None when the
    /// audio thread has not yet answered what it was asked before.
    pub fn start(&mut self, seconds: f64) -> Option<Consumer<StereoChunk>> {
        while self.returned.pop().is_ok() {}
        let (producer, consumer) = ring(chunks(self.sample_rate, seconds));
        self.wanted.push(Some(producer)).ok()?;
        Some(consumer)
    }

    /// Ends the sound from the next block on.
    pub fn stop(&mut self) {
        while self.returned.pop().is_ok() {}
        // A full ring means that the audio thread does not run, and so sends no sound either.
        let _ = self.wanted.push(None);
    }
}

pub(super) fn chunks(sample_rate: f64, seconds: f64) -> usize {
    (sample_rate * seconds / CHUNK as f64).ceil() as usize + 1
}

/// A ring whose memory is there. The system finds a page when it is first written to, and that is
/// not to be while a host's audio thread waits.
pub(super) fn ring<T>(capacity: usize) -> (Producer<T>, Consumer<T>) {
    let (mut producer, consumer) = RingBuffer::new(capacity);
    if let Ok(mut free) = producer.write_chunk_uninit(capacity) {
        let (places, _) = free.as_mut_slices();
        // SAFETY: any bytes may be where nothing is yet, and nothing is said to be there after
        // this. They are no zeros, for which an allocator has pages that are not there either.
        unsafe { places.as_mut_ptr().write_bytes(1, places.len()) };
    }
    (producer, consumer)
}

/// Pushes `item`; false when the ring is full. A `lossless` push waits for room as long as
/// somebody is at the other end.
pub(super) fn push<T>(ring: &mut Producer<T>, mut item: T, lossless: bool) -> bool {
    loop {
        match ring.push(item) {
            Ok(()) => return true,
            Err(rtrb::PushError::Full(back)) if lossless && !ring.is_abandoned() => {
                item = back;
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_holds_what_was_asked_for_and_begins_empty() {
        let (mut producer, mut consumer) = ring(3);
        assert!(consumer.pop().is_err());
        for number in 0..3 {
            assert!(producer.push(number).is_ok());
        }
        assert!(producer.push(3).is_err());
        assert_eq!([0; 3].map(|_: i32| consumer.pop().unwrap()), [0, 1, 2]);
    }
}
