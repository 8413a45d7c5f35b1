//! The best way to cut each layer, found by measurement.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::cache::Cache;
use super::card::{Card, Pass};
use super::tiling::{Tiling, candidates};
use super::timing::Stopwatch;

/// Candidates that are measured for a layer, beside the one in use.
const MEASURED: usize = 8;
/// Dispatches of a measurement, and measurements of a candidate after one that warms it up.
const DISPATCHES: usize = 4;
const ROUNDS: usize = 3;

/// The best way to cut a layer, compiled.
pub(super) struct Tuned {
    pub layer: usize,
    pub tiling: Tiling,
    pub pipeline: wgpu::ComputePipeline,
}

/// Measures candidates for every layer that the cache does not know, hands the best for each layer
/// to `found`, and keeps them in the cache. Ends early, after the candidate at hand, when the budget
/// is spent or `stopped` says so; a layer that was not measured to its end stays as it is.
///
/// # Errors
/// When the device is lost.
pub(super) fn tune(
    card: &Card,
    current: &[Tiling],
    budget: Duration,
    stopped: &dyn Fn() -> bool,
    mut found: impl FnMut(Tuned),
) -> Result<(), String> {
    let end = Instant::now() + budget;
    let over = || stopped() || Instant::now() >= end;
    let gpu = &card.gpu;
    let plan = &card.plan;
    let limits = gpu.device.limits();
    let mut cache = Cache::open(&gpu.info);
    let stopwatch = Stopwatch::new(gpu);
    // Written to in place of the buffers of the generator, which may be painting.
    let canvas = gpu.watched(|| card.canvas())?;

    'layers: for (i, layer) in plan.layers.iter().enumerate() {
        let key = layer.key(plan.storage, plan.pictures);
        // Known from another run, or of another layer of the same sizes.
        if let Some(tiling) = cache.get(&key).filter(|t| t.fits(layer, &limits)) {
            if tiling != current[i] {
                let pipeline = gpu.watched(|| card.pipeline(i, &tiling))?;
                found(Tuned {
                    layer: i,
                    tiling,
                    pipeline,
                });
            }
            continue;
        }
        let mut waiting = candidates(layer, &limits, plan.pictures);
        waiting.retain(|tiling| *tiling != current[i]);
        waiting.truncate(MEASURED);
        waiting.reverse();
        waiting.push(current[i]);
        let mut tried = Vec::new();
        let mut best: Option<(f64, Tuned)> = None;
        while let Some(tiling) = waiting.pop() {
            if over() {
                break 'layers;
            }
            tried.push(tiling);
            // What this driver refuses is no candidate.
            let pass = gpu.watched(|| Pass {
                pipeline: card.pipeline(i, &tiling),
                bindings: card.bindings(i, &canvas),
                workgroups: tiling.workgroups(layer),
            });
            if let Ok(pass) = pass {
                let seconds = time(&stopwatch, card, &pass)?;
                if best.as_ref().is_none_or(|(least, _)| seconds < *least) {
                    let tuned = Tuned {
                        layer: i,
                        tiling,
                        pipeline: pass.pipeline,
                    };
                    best = Some((seconds, tuned));
                }
            }
            // The guess of depth and slices is the least certain: around the best of the
            // candidates they are measured, too.
            if waiting.is_empty()
                && let Some((_, best)) = &best
            {
                let near = best.tiling.neighbours().into_iter();
                waiting.extend(near.filter(|t| t.fits(layer, &limits) && !tried.contains(t)));
            }
        }
        if let Some((_, tuned)) = best {
            cache.set(key, tuned.tiling);
            found(tuned);
        }
    }
    cache.save();
    Ok(())
}

/// The least seconds that a pass takes.
fn time(stopwatch: &Stopwatch, card: &Card, pass: &Pass) -> Result<f64, String> {
    let record = |compute: &mut wgpu::ComputePass| {
        for _ in 0..DISPATCHES {
            pass.record(compute, card.plan.pictures);
        }
    };
    let mut least = f64::INFINITY;
    stopwatch.time(&card.gpu, record)?;
    for _ in 0..ROUNDS {
        least = least.min(stopwatch.time(&card.gpu, record)?);
    }
    Ok(least)
}

/// A thread that tunes while its generator paints. Dropped, it stops.
pub(super) struct Tuner {
    stop: Arc<AtomicBool>,
    found: mpsc::Receiver<Tuned>,
    thread: Option<JoinHandle<()>>,
}

impl Tuner {
    /// `None` where the system grants no thread; the layers then stay as they are.
    pub fn start(card: Arc<Card>, current: Vec<Tiling>, budget: Duration) -> Option<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (send, found) = mpsc::channel();
        let stopped = Arc::clone(&stop);
        let work = move || {
            let stopped = || stopped.load(Ordering::Relaxed);
            // A lost device is noticed by whoever paints. The generator may be gone.
            let _ = tune(&card, &current, budget, &stopped, |tuned| {
                let _ = send.send(tuned);
            });
        };
        let thread = std::thread::Builder::new().name("synopsia tuner".to_owned());
        Some(Self {
            thread: Some(thread.spawn(work).ok()?),
            stop,
            found,
        })
    }

    pub fn is_running(&self) -> bool {
        let thread = self.thread.as_ref();
        thread.is_some_and(|thread| !thread.is_finished())
    }

    /// What was found since the last call.
    pub fn found(&self) -> impl Iterator<Item = Tuned> {
        self.found.try_iter()
    }
}

impl Drop for Tuner {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic was printed by itself; there is nothing to save.
            let _ = thread.join();
        }
    }
}
