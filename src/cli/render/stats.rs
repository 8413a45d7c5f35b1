//! What a film cost.

use super::super::hear::Report;
use super::super::pipeline::{Made, Pipeline};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What each stage cost, as a table.
pub(super) fn stats(report: &Report, pipeline: &Pipeline, made: &Made, wall: Duration) -> String {
    let nanos = |total: &AtomicU64| Duration::from_nanos(total.load(Ordering::Relaxed));
    let stages = [
        ("analysis", report.analysis),
        ("emotion", report.emotion),
        ("painting", nanos(&pipeline.work.painting)),
        ("passes", nanos(&pipeline.work.rendering)),
        ("encoding", nanos(&pipeline.encoding)),
    ];
    let total: f64 = stages.iter().map(|(_, time)| time.as_secs_f64()).sum();
    let frames = made.summary.pictures.max(1) as f64;
    let mut table = format!(
        "{:<10} {:>9} {:>11} {:>7}\n",
        "stage", "seconds", "ms a frame", "share"
    );
    for (name, time) in stages {
        let seconds = time.as_secs_f64();
        let (each, share) = (1e3 * seconds / frames, 100.0 * seconds / total.max(1e-9));
        table += &format!("{name:<10} {seconds:>9.2} {each:>11.2} {share:>6.1}%\n");
    }
    let (wall, film) = (wall.as_secs_f64(), made.summary.seconds);
    let (times, rate) = (wall / film.max(1e-9), frames / wall.max(1e-9));
    table
        + &format!(
            "{wall:.1} s for {film:.1} s of film: {times:.2} times its length, {rate:.1} frames/s\n"
        )
}
