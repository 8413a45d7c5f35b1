//! The painting thread.

use super::hearing::Hearing;
use super::kept::Patience;
use super::pace::{PROCESSOR_FPS, Pace, Retry};
use super::shared::{Shared, Shown};
use super::status::{HeardNow, TempoSource};
use crate::control::{BrokenPresets, Snapshot};
use crate::faults::{self, Part};
use crate::frame::{Pipeline, Plan, Wanted, refresh_names};
use crate::gpu::GpuContext;
use crate::show::{Scene, Timeline};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Pictures a second where a graphics card makes them.
const CARD_FPS: f64 = 60.0;

/// Pause between two looks into the rings while nobody looks at the picture.
const RESTING_PAUSE: Duration = Duration::from_millis(50);

/// How often the model folders are looked into.
const FOLDER_PAUSE: Duration = Duration::from_secs(3);

/// Without a new hop for this long the knobs are read directly: nothing plays that could carry
/// them.
const STALE: Duration = Duration::from_millis(150);

/// Paints until told to stop.
pub(super) fn paint(shared: &Shared, stop: &AtomicBool) {
    let mut pipeline = Pipeline::new(Plan::show());
    let mut painted: Option<Arc<Shown>> = None;
    let mut card: Option<Arc<GpuContext>> = None;
    let mut pace = Pace::new();
    let mut retry = Retry::default();
    let mut number = shared.shown().map_or(0, |shown| shown.number);
    let mut folders = Folders::new();
    while !stop.load(Ordering::Relaxed) {
        faults::check(Part::Painting);
        let now = Instant::now();
        shared.serve_sinks();
        shared.serve_sources();
        let resting = !shared.is_watched(now);
        shared.resting.store(resting, Ordering::Relaxed);
        let Some(moment) = hear(shared, now, resting) else {
            shared.status.write(|status| status.fps = 0.0);
            pace.rest();
            std::thread::park_timeout(RESTING_PAUSE);
            continue;
        };
        folders.look(shared, now);
        let Moment {
            snapshot,
            position,
            scene,
        } = moment;
        let wanted = Wanted::of(&snapshot, shared.wanted_size(), pace.fastest());
        let made = pipeline.picture(&scene, &wanted, pace.dt());
        tell_news(shared, &mut pipeline, &mut card);
        pace.set(match pipeline.about().on_card {
            true => CARD_FPS,
            false => PROCESSOR_FPS,
        });
        let picture = match made {
            Ok(picture) => picture,
            Err(problem) => {
                // The last picture stays up.
                shared.status.report(problem);
                std::thread::park_timeout(retry.pause());
                continue;
            }
        };
        retry = Retry::default();
        let still = painted
            .as_ref()
            .filter(|shown| Arc::ptr_eq(&shown.picture, &picture));
        let shown = still.cloned().unwrap_or_else(|| {
            number += 1;
            Arc::new(Shown {
                picture,
                number,
                position,
                heard: now,
                scene,
            })
        });
        if !snapshot.blackout {
            painted = Some(Arc::clone(&shown));
        }
        tell_pace(shared, &pace, now, &snapshot);
        let held = pipeline.holds_back();
        shared.status.write(|status| status.flashes_held = held);
        shared.publish(&shown, position);
        pace.wait();
    }
}

/// The folders of models and presets.
struct Folders {
    read: Instant,
    /// What was told of.
    broken: BrokenPresets,
}

impl Folders {
    fn new() -> Self {
        Self {
            read: Instant::now(),
            broken: BrokenPresets::default(),
        }
    }

    /// Has what has come or gone be known, every few seconds.
    fn look(&mut self, shared: &Shared, now: Instant) {
        if now.duration_since(self.read) <= FOLDER_PAUSE {
            return;
        }
        self.read = now;
        refresh_names();
        for problem in self.broken.refresh() {
            shared.status.report(problem);
        }
    }
}

/// Tells how fast a picture was made that was `begun` then.
fn tell_pace(shared: &Shared, pace: &Pace, begun: Instant, snapshot: &Snapshot) {
    shared.status.write(|status| {
        status.picture_ms = begun.elapsed().as_secs_f32() * 1e3;
        status.fps = pace.fps();
        status.blackout = snapshot.blackout;
        status.freeze = snapshot.freeze;
        status.dropped.pictures = pace.late;
    });
}

/// What the next picture is of.
struct Moment {
    snapshot: Snapshot,
    position: u64,
    scene: Scene,
}

/// Takes in what has come, and says what is to be seen now; nothing while the thread is `resting`.
fn hear(shared: &Shared, now: Instant, resting: bool) -> Option<Moment> {
    let mut guard = shared.hearing.lock();
    let hearing = &mut *guard;
    let (seed, drawn) = {
        let setup = shared.setup.lock();
        (setup.seed, Arc::clone(&setup.drawn))
    };
    if let Some(hearing) = hearing {
        hearing.timeline.set_seed(seed);
        hearing.timeline.sing(shared.libretto(Patience::GoOn));
        hearing.timeline.hang(shared.board(Patience::GoOn));
        hearing.timeline.draw(drawn);
        hearing.hear(now, &shared.clocks);
    }
    let snapshot = current_snapshot(shared, hearing.as_ref(), now);
    if resting {
        if let Some(hearing) = hearing {
            let heard = hearing.heard();
            hearing.timeline.advance(heard);
            tell(shared, hearing, heard);
        }
        return None;
    }
    let look = snapshot.look();
    let (position, scene) = match hearing {
        Some(hearing) => {
            let position = hearing.playhead.at(now, hearing.heard());
            hearing.timeline.advance(position);
            tell(shared, hearing, position);
            (position, hearing.timeline.scene(position, &look))
        }
        None => {
            let mut timeline = Timeline::new(seed, 48_000.0);
            timeline.hang(shared.board(Patience::GoOn));
            (0, timeline.scene(0, &look))
        }
    };
    Some(Moment {
        snapshot,
        position,
        scene,
    })
}

/// Tells who makes the pictures and what went wrong, and has sinks draw with another `card`.
fn tell_news(shared: &Shared, pipeline: &mut Pipeline, card: &mut Option<Arc<GpuContext>>) {
    let news = pipeline.take_news();
    for problem in news.problems {
        shared.status.report(problem);
    }
    let Some(about) = news.about else { return };
    shared.status.write(|status| {
        status.adapter = about.adapter;
        status.painter = about.painter;
        status.renderer = about.renderer;
        status.model = about.model;
        status.loading = about.loading;
        status.picture = about.size;
    });
    let draws = pipeline.card();
    if card.as_ref().map(Arc::as_ptr) != draws.map(Arc::as_ptr) {
        *card = draws.cloned();
        shared.sinks.draw_with(draws);
    }
}

/// The knobs: as the newest hop carried them, or, where nothing plays, as they are.
fn current_snapshot(shared: &Shared, hearing: Option<&Hearing>, now: Instant) -> Snapshot {
    match hearing.and_then(|hearing| hearing.newest) {
        Some((hop, at)) if now - at < STALE => hop.snapshot,
        _ => (shared.snapshot)(),
    }
}

/// Tells what is heard and felt.
fn tell(shared: &Shared, hearing: &Hearing, position: u64) {
    let Some((hop, _)) = hearing.newest else {
        return;
    };
    let show = hearing.timeline.show();
    let time = hearing.timeline.time(position);
    let now = HeardNow {
        frame: hop.frame,
        time,
        tempo: match hop.transport {
            Some(_) => TempoSource::Host,
            None => hearing.led_by,
        },
        heard: show.heard_mood(),
        shown: show.mood(time, &hop.snapshot.look()),
        words: show.felt(time),
    };
    shared.status.write(|status| status.now = Some(now));
    let mood = [now.heard.valence, now.heard.arousal];
    let level = now.frame.bands.iter().copied().fold(0.0, f32::max);
    shared.course.lock().hear(time.song, level, mood);
}
