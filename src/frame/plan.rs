//! How a pipeline goes about its work.

use crate::faults;
use crate::gan::CpuOptions;
use crate::gpu::{Prefer, shaders};

/// What the pictures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For eyes that look now: a picture must not wait for a model that is read or a card that gets
    /// ready, and one that fails is left out.
    Show,
    /// For a film: each picture is made, by the model that is wanted, however long it takes.
    Film,
}

/// Who makes the pictures, and how much of the machine is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub purpose: Purpose,
    pub prefer: Prefer,
    /// Threads of the processor that paint, and that render.
    pub painting: usize,
    pub rendering: usize,
}

impl Plan {
    /// Pictures that are looked at now, on never all of the machine's cores, since music plays.
    pub fn show() -> Self {
        let threads = (cores() / 2).clamp(1, 4);
        Self {
            purpose: Purpose::Show,
            prefer: match faults::software_is_a_card() || shaders::are_read() {
                true => Prefer::Gpu,
                false => Prefer::Fastest,
            },
            painting: threads,
            rendering: threads,
        }
    }

    /// A film whose pictures are painted and rendered in turn: by the adapter and never by a
    /// measurement, so that the same film paints the same.
    pub fn film() -> Self {
        Self {
            purpose: Purpose::Film,
            prefer: Prefer::Auto,
            painting: cores(),
            rendering: cores(),
        }
    }

    /// A film of which one picture is painted while the one before is rendered and the one before that
    /// encoded: on two cores, the renderer and the encoder need the other one.
    pub fn overlapped_film(prefer: Prefer) -> Self {
        let painting = if cores() >= 4 { 2 } else { 1 };
        Self {
            purpose: Purpose::Film,
            prefer,
            painting,
            rendering: cores().saturating_sub(painting + 1).max(1),
        }
    }

    /// How the processor paints.
    pub(super) fn cpu(&self) -> CpuOptions {
        CpuOptions {
            threads: self.painting,
            ..CpuOptions::default()
        }
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
