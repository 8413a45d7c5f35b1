//! What was heard between two beats, and on the second.

use super::super::input::{INPUTS as HEARD, PARTS_OF_INPUTS as PARTS, RISES_OF_INPUTS as RISES};
use synopsia_signal::CHROMA;

/// Parts of a beat.
const SLOTS: usize = 4;

/// Hops on either side of a beat that are on it.
const AROUND: usize = 2;

/// What is told of a part: its bands, and their rises.
const SPOT: usize = RISES.end;

/// What comes behind bands and rises: pitch classes, onsets, harmonic share.
const REST: usize = HEARD - SPOT;

/// Numbers of a beat.
pub(super) const INPUTS: usize = SPOT * (1 + SLOTS) + CHROMA + REST;

/// Bands on average, and their largest rises.
#[derive(Clone, Copy)]
struct Spot {
    sums: [f32; SPOT],
    hops: f32,
}

impl Spot {
    const NEW: Self = Self {
        sums: [0.0; SPOT],
        hops: 0.0,
    };

    fn hear(&mut self, heard: &[f32; HEARD]) {
        for (sum, now) in self.sums[PARTS].iter_mut().zip(&heard[PARTS]) {
            *sum += now;
        }
        for (most, now) in self.sums[RISES].iter_mut().zip(&heard[RISES]) {
            *most = most.max(*now);
        }
        self.hops += 1.0;
    }

    /// Zeros where nothing was heard.
    fn write(&self, out: &mut [f32]) {
        out.copy_from_slice(&self.sums);
        out[PARTS]
            .iter_mut()
            .for_each(|sum| *sum /= self.hops.max(1.0));
    }
}

/// Gathers what is heard from beat to beat.
pub(super) struct BarInput {
    slots: [Spot; SLOTS],
    chroma: [f32; CHROMA],
    /// The last hops, oldest first.
    past: [[f32; HEARD]; AROUND],
    /// The beat that is being gathered, and how many hops of it are lacking.
    numbers: [f32; INPUTS],
    on: Spot,
    rest: [f32; REST],
    lacking: usize,
}

impl BarInput {
    pub const NEW: Self = Self {
        slots: [Spot::NEW; SLOTS],
        chroma: [0.0; CHROMA],
        past: [[0.0; HEARD]; AROUND],
        numbers: [0.0; INPUTS],
        on: Spot::NEW,
        rest: [0.0; REST],
        lacking: 0,
    };

    /// Takes in a hop that tells of `phase` (0 to 1) of a beat, the first of it where it `is_beat`. Gives the numbers
    /// of a beat with the last hop that is on it.
    pub fn hear(
        &mut self,
        heard: &[f32; HEARD],
        phase: f64,
        is_beat: bool,
    ) -> Option<&[f32; INPUTS]> {
        if is_beat {
            self.close();
        }
        let slot = (phase * SLOTS as f64) as usize;
        self.slots[slot.min(SLOTS - 1)].hear(heard);
        for (sum, now) in self.chroma.iter_mut().zip(&heard[SPOT..]) {
            *sum += now;
        }
        let complete = self.lacking == 1;
        if self.lacking > 0 {
            self.lacking -= 1;
            self.gather(heard);
        }
        self.past.rotate_left(1);
        self.past[AROUND - 1] = *heard;
        complete.then(|| self.numbers())
    }

    /// Begins a beat: what was between is over.
    fn close(&mut self) {
        let (_, between) = self.numbers.split_at_mut(SPOT);
        for (slot, out) in self.slots.iter().zip(between.chunks_mut(SPOT)) {
            slot.write(out);
        }
        let hops: f32 = self.slots.iter().map(|slot| slot.hops).sum();
        let chroma = &mut between[SPOT * SLOTS..][..CHROMA];
        for (out, sum) in chroma.iter_mut().zip(self.chroma) {
            *out = sum / hops.max(1.0);
        }
        self.slots = [Spot::NEW; SLOTS];
        self.chroma = [0.0; CHROMA];
        self.on = Spot::NEW;
        self.rest = [0.0; REST];
        self.lacking = AROUND + 1;
        for heard in self.past {
            self.gather(&heard);
        }
    }

    /// Takes in a hop that is on the beat.
    fn gather(&mut self, heard: &[f32; HEARD]) {
        self.on.hear(heard);
        let (chroma, most) = self.rest.split_at_mut(CHROMA);
        let (pitches, others) = heard[SPOT..].split_at(CHROMA);
        chroma.iter_mut().zip(pitches).for_each(|(c, p)| *c += p);
        for (most, now) in most.iter_mut().zip(others) {
            *most = most.max(*now);
        }
    }

    fn numbers(&mut self) -> &[f32; INPUTS] {
        self.on.write(&mut self.numbers[..SPOT]);
        let rest = &mut self.numbers[INPUTS - REST..];
        rest.copy_from_slice(&self.rest);
        rest[..CHROMA]
            .iter_mut()
            .for_each(|sum| *sum /= self.on.hops);
        &self.numbers
    }
}
