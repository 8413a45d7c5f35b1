//! The painting thread.

use super::blending::Blending;
use super::desk::Desk;
use super::instance::{Shared, Shown};
use super::loading::{self, Loaded, Loading, threads};
use super::playhead::Playhead;
use super::status::{HeardNow, TempoSource};
use super::tap::{Ears, Hop, SoundSwitch};
use crate::emotion::Emotion;
use crate::faults::{self, Part};
use crate::frame::{device, models};
use crate::gan::{self, Generator, Image, Painter};
use crate::gpu::GpuContext;
use crate::render::{self, Picture, Pixels, Renderer, trails};
use crate::show::{Cue, Scene, Stage};
use crossbeam_channel::Receiver;
use rtrb::Consumer;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Pictures a second where a graphics card makes them, and where the processor does.
const CARD_FPS: f64 = 60.0;
const PROCESSOR_FPS: f64 = 30.0;

/// Size of pictures, where nobody has chosen one: on a graphics card, and on the processor.
const CARD_SIZE: [usize; 2] = [1280, 720];
const PROCESSOR_SIZE: [usize; 2] = [640, 360];

/// Pause between two looks into the rings while nobody looks at the picture.
const RESTING_PAUSE: Duration = Duration::from_millis(50);

/// Pause before a lost device is asked for again.
const DEVICE_PAUSE: Duration = Duration::from_millis(500);

/// How often the model folders are looked into.
const FOLDER_PAUSE: Duration = Duration::from_secs(3);

/// Without a new hop for this long the knobs are read directly: nothing plays that could carry
/// them.
const STALE: Duration = Duration::from_millis(150);

/// What the painting thread hears, from one activation to the next.
pub(super) struct Hearing {
    hops: Consumer<Hop>,
    felt: Receiver<(u64, Emotion)>,
    stage: Stage,
    playhead: Playhead,
    /// The newest hop, and when it came.
    newest: Option<(Hop, Instant)>,
    pub(super) sample_rate: f64,
    /// Where a recording asks for the sound.
    pub(super) sound: SoundSwitch,
}

impl Hearing {
    pub(super) fn new(ears: Ears, felt: Receiver<(u64, Emotion)>, seed: u64) -> Self {
        Self {
            hops: ears.hops,
            felt,
            stage: Stage::new(seed, ears.sample_rate),
            playhead: Playhead::new(ears.sample_rate),
            newest: None,
            sample_rate: ears.sample_rate,
            sound: ears.sound,
        }
    }

    /// Takes in what has come.
    fn hear(&mut self, now: Instant) {
        while let Ok((position, emotion)) = self.felt.try_recv() {
            self.stage.feel(position, emotion);
        }
        while let Ok(hop) = self.hops.pop() {
            self.stage.hear(Cue {
                frame: hop.frame,
                transport: hop.transport,
                controls: hop.desk.look(),
            });
            self.newest = Some((hop, now));
        }
    }

    /// Position of the newest sample heard.
    fn heard(&self) -> u64 {
        self.newest.map_or(0, |(hop, _)| hop.frame.position)
    }
}

/// What makes the pictures, as long as model, size and device stay the same.
struct Studio {
    /// Kept so that the process's device lives as long as somebody paints with it. A software
    /// adapter, with which nobody paints, is let go.
    card: Option<Arc<GpuContext>>,
    painter: Painter,
    renderer: Box<dyn Renderer>,
    /// Kept, since its file may go while it paints.
    source: gan::Model,
    /// The number that was asked for.
    model: u16,
    /// What is mixed into the model that paints.
    blending: Blending,
    /// The model that is asked for now, if it is another, or the card's painter on its way.
    loading: Option<Loading>,
    size: [usize; 2],
    on_card: bool,
    /// Whether a picture failed, so that all but the model is made anew.
    broken: bool,
    /// Pictures of the same scene that it has made in a row.
    same: usize,
}

impl Studio {
    /// Whether another picture of `scene`, which it has painted at up to `fps` pictures a second,
    /// would be the same again: the trails of what was before have faded.
    fn is_settled(&self, scene: &Scene, fps: f32) -> bool {
        self.same > trails::memory_frames(scene.trails, fps)
    }
}

/// Paints until told to stop.
pub(super) fn paint(shared: &Shared, stop: &AtomicBool) {
    let mut studio: Option<Studio> = None;
    let mut image = Image::default();
    let mut spare: VecDeque<Arc<Picture>> = VecDeque::new();
    let mut painted: Option<Arc<Shown>> = None;
    let mut pace = Pace::new();
    let mut number = 0;
    let mut folders_read = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        faults::check(Part::Painting);
        let now = Instant::now();
        let mut guard = shared.hearing.lock();
        let hearing = &mut *guard;
        if let Some(hearing) = hearing {
            hearing.stage.set_seed(shared.setup().seed);
            hearing.hear(now);
        }
        shared.serve_window();
        let resting = !shared.is_watched(now);
        shared.resting.store(resting, Ordering::Relaxed);
        if resting {
            if let Some(hearing) = hearing {
                let heard = hearing.heard();
                hearing.stage.advance(heard);
                tell(shared, hearing, heard);
            }
            drop(guard);
            shared.board.write(|status| status.fps = 0.0);
            pace.rest();
            std::thread::park_timeout(RESTING_PAUSE);
            continue;
        }
        let desk = shared.switched(current_desk(shared, hearing.as_ref(), now));
        let look = desk.look();
        let (position, scene) = match hearing {
            Some(hearing) => {
                let position = hearing.playhead.at(now, hearing.heard());
                hearing.stage.advance(position);
                tell(shared, hearing, position);
                (position, hearing.stage.scene(position, &look))
            }
            None => (0, Stage::new(shared.setup().seed, 48_000.0).scene(0, &look)),
        };
        drop(guard);

        if folders_read.elapsed() > FOLDER_PAUSE {
            folders_read = now;
            models::refresh_names();
        }
        if !prepare(shared, &mut studio, &desk) {
            std::thread::park_timeout(DEVICE_PAUSE);
            continue;
        }
        let Some(ready) = &mut studio else { continue };
        let told = |problem| shared.board.report(problem);
        if ready.blending.follow(&mut ready.painter, &desk, told) {
            ready.same = 0;
        }
        pace.set(if ready.on_card {
            CARD_FPS
        } else {
            PROCESSOR_FPS
        });
        let last = shared.shown();
        // A still is a picture that was painted, and has the size that is wanted now. Where nothing
        // plays and nobody moves a knob, the picture becomes one.
        let still = painted.as_ref().filter(|shown| {
            let size = shown.picture.size();
            let settled = ready.is_settled(&scene, pace.fastest()) && !desk.blackout;
            let settled = settled && shown.scene == scene;
            (desk.is_still() || settled) && size == ready.size
        });
        let shown = if let Some(still) = still {
            Arc::clone(still)
        } else {
            number += 1;
            let mut picture = recycled(&mut spare);
            if desk.blackout {
                black(&mut picture, ready.size);
            } else if let Err(problem) = make(ready, &scene, pace.dt(), &mut image, &mut picture) {
                // The last picture stays up while everything is made anew.
                shared.board.report(problem);
                ready.broken = true;
                continue;
            }
            let shown = Arc::new(Shown {
                picture: Arc::new(picture),
                number,
                position,
                heard: now,
                scene,
            });
            if !desk.blackout {
                let before = painted.replace(Arc::clone(&shown));
                let same = before.is_some_and(|before| before.scene == shown.scene);
                ready.same = if same { ready.same + 1 } else { 0 };
            }
            shown
        };
        shared.board.write(|status| {
            status.picture_ms = now.elapsed().as_secs_f32() * 1e3;
            status.fps = pace.fps();
            status.blackout = desk.blackout;
            status.freeze = desk.freeze;
            status.dropped.pictures = pace.late;
        });
        shared.publish(&shown, position);
        // The pictures of a still are one.
        if let Some(last) = last.filter(|last| !Arc::ptr_eq(last, &shown)) {
            spare.push_back(Arc::clone(&last.picture));
            spare.truncate(4);
        }
        pace.wait();
    }
}

/// The knobs: as the newest hop carried them, or, where nothing plays, as they are.
fn current_desk(shared: &Shared, hearing: Option<&Hearing>, now: Instant) -> Desk {
    match hearing.and_then(|hearing| hearing.newest) {
        Some((hop, at)) if now - at < STALE => hop.desk,
        _ => (shared.desk)(),
    }
}

/// Tells what is heard and felt.
fn tell(shared: &Shared, hearing: &Hearing, position: u64) {
    let Some((hop, _)) = hearing.newest else {
        return;
    };
    let show = hearing.stage.show();
    let now = HeardNow {
        frame: hop.frame,
        time: hearing.stage.time(position),
        tempo: match hop.transport {
            Some(_) => TempoSource::Host,
            None => TempoSource::Heard,
        },
        heard: show.heard_mood(),
        shown: show.mood(),
    };
    shared.board.write(|status| status.now = Some(now));
}

/// Sees that painter and renderer are those that are wanted; false where there are none.
fn prepare(shared: &Shared, studio: &mut Option<Studio>, desk: &Desk) -> bool {
    let wanted_size =
        |on_card| shared.wanted_size(if on_card { CARD_SIZE } else { PROCESSOR_SIZE });
    let mut old = studio.take();
    let lost = old.as_ref().and_then(|old| old.card.as_ref()?.lost());
    if let Some(why) = &lost {
        let sentence = format!("the graphics device is made anew: {why}");
        shared.board.report(sentence);
    }
    let lasts =
        |old: &Studio| lost.is_none() && !old.broken && old.size == wanted_size(old.on_card);
    if let Some(mut ready) = old.take_if(|old| lasts(old)) {
        follow(shared, &mut ready, desk.model);
        *studio = Some(ready);
        return true;
    }
    let (source, model, base, kept) = match old {
        // Its file may have gone meanwhile. If another one is wanted, that is loaded as this paints.
        Some(old) => {
            let kept = lost.is_none() && !old.broken;
            let base = old.blending.base();
            let kept = kept.then_some((old.painter, old.blending, old.loading));
            (old.source, old.model, base, kept)
        }
        None => match first(shared, desk.model) {
            Some((source, base)) => (source, desk.model, base, None),
            None => return false,
        },
    };
    let gpu = device::shared();
    let adapter = match &gpu {
        Ok(gpu) => gpu.info.name.clone(),
        Err(error) => error.to_string(),
    };
    let gpu = gpu.ok();
    let card = gpu.clone().filter(device::is_card);
    shared.window_draws_with(card.as_ref());
    let anew = || Blending::of(base);
    let (painter, blending, loading, who_paints) = match (kept, &card) {
        (Some((painter, blending, loading)), _) => (painter, blending, loading, None),
        // Until a card has compiled all passes, a show must not be dark.
        (None, Some(card)) => {
            let (painter, who_paints) = loading::engage_for_now(&source, card);
            let loading = Loading::painter_for(model, base, source.clone());
            let loading = loading.map_err(|problem| shared.board.report(problem));
            (painter, anew(), loading.ok(), Some(who_paints))
        }
        (None, None) => {
            let (painter, who_paints) = loading::engage(&source, gpu.as_ref());
            (painter, anew(), None, Some(who_paints))
        }
    };
    let on_card = card.is_some();
    let size = wanted_size(on_card);
    let prefer = device::preference();
    let opened = render::open(prefer, gpu.as_ref(), size[0], size[1], threads());
    let (renderer, who_renders) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            shared.board.report(error.to_string());
            return false;
        }
    };
    shared.board.write(|status| {
        status.adapter = adapter;
        if let Some(who_paints) = who_paints {
            status.painter = who_paints;
            status.loading = None;
        }
        status.renderer = who_renders;
        status.model = source.info.name.clone();
        status.picture = size;
    });
    *studio = Some(Studio {
        card,
        painter,
        renderer,
        source,
        model,
        blending,
        loading,
        size,
        on_card,
        broken: false,
        same: 0,
    });
    true
}

/// The model to begin with and its number: the one that is wanted or, with a sentence, the first one.
fn first(shared: &Shared, number: u16) -> Option<(gan::Model, u16)> {
    let problem = match loading::load(number) {
        Ok(source) => return Some((source, number)),
        Err(problem) => problem,
    };
    let source = loading::load(0).ok();
    shared.board.report(match &source {
        Some(source) => format!("{problem}; {} paints", source.info.name),
        None => problem,
    });
    Some((source?, 0))
}

/// Has the model with this number loaded while the one before paints on, and puts it in its place
/// once it is ready, as it does with the card's painter. What cannot be loaded is reported once.
fn follow(shared: &Shared, studio: &mut Studio, number: u16) {
    let come = studio.loading.take_if(|loading| loading.is_finished());
    let come = come.map(|loading| (loading.number, loading.finish()));
    if come.is_some() {
        shared.board.write(|status| status.loading = None);
    }
    // It is the model that is wanted, or a better painter for the one that paints.
    let come = come.filter(|(loaded, _)| *loaded == number || *loaded == studio.model);
    let come = match come {
        Some(come) => Some(come),
        // Nothing has come, or what nobody wants any more.
        None if studio.model == number || studio.loading.is_some() => None,
        None => match Loading::start(number) {
            Ok(loading) => {
                let name = models::model_name(number.into());
                shared.board.write(|status| status.loading = name);
                studio.loading = Some(loading);
                None
            }
            Err(problem) => Some((number, Err(problem))),
        },
    };
    let Some((number, come)) = come else { return };
    match come {
        Ok(Loaded {
            base,
            source,
            painter,
            who_paints,
        }) => {
            shared.board.write(|status| {
                status.painter = who_paints;
                status.model = source.info.name.clone();
            });
            (studio.source, studio.painter, studio.same) = (source, painter, 0);
            studio.blending = Blending::of(base);
        }
        Err(problem) => {
            let sentence = format!("{problem}; {} paints", studio.source.info.name);
            shared.board.report(sentence);
        }
    }
    studio.model = number;
}

/// Paints and renders one picture.
fn make(
    studio: &mut Studio,
    scene: &Scene,
    dt: f32,
    image: &mut Image,
    picture: &mut Picture,
) -> Result<(), String> {
    let painted = studio.painter.sample(&scene.latent, image);
    painted.map_err(|error| format!("a picture could not be painted: {error}"))?;
    let rendered = studio.renderer.render(scene, image, dt, picture);
    rendered.map_err(|error| error.to_string())
}

pub(super) fn black(picture: &mut Picture, [width, height]: [usize; 2]) {
    *picture = Pixels::black([width, height]).into();
}

/// A picture that nobody holds any more, or a new one.
pub(super) fn recycled(spare: &mut VecDeque<Arc<Picture>>) -> Picture {
    let free = spare
        .iter()
        .position(|picture| Arc::strong_count(picture) == 1);
    free.and_then(|index| spare.remove(index))
        .and_then(|picture| Arc::try_unwrap(picture).ok())
        .unwrap_or_default()
}

/// When the next picture is due.
struct Pace {
    every: Duration,
    due: Instant,
    last: Option<Instant>,
    dt: f32,
    fps: f32,
    late: u64,
}

impl Pace {
    fn new() -> Self {
        Self {
            every: Duration::from_secs_f64(1.0 / PROCESSOR_FPS),
            due: Instant::now(),
            last: None,
            dt: 1.0 / PROCESSOR_FPS as f32,
            fps: 0.0,
            late: 0,
        }
    }

    fn set(&mut self, fps: f64) {
        self.every = Duration::from_secs_f64(1.0 / fps);
    }

    /// Seconds since the last picture.
    fn dt(&self) -> f32 {
        self.dt
    }

    /// More pictures a second than there are, whatever [`dt`](Self::dt) was.
    fn fastest(&self) -> f32 {
        2.0 / self.every.as_secs_f32()
    }

    fn fps(&self) -> f32 {
        self.fps
    }

    /// No picture is made for now.
    fn rest(&mut self) {
        self.last = None;
        self.fps = 0.0;
    }

    /// Waits until the next picture is due, and clocks the one that was made.
    fn wait(&mut self) {
        self.due += self.every;
        let now = Instant::now();
        if self.due > now {
            std::thread::park_timeout(self.due - now);
        } else {
            if self.last.is_some() {
                self.late += 1;
            }
            self.due = now;
        }
        let now = Instant::now();
        let even = self.every.as_secs_f32();
        let passed = self.last.map_or(even, |last| (now - last).as_secs_f32());
        self.last = Some(now);
        self.dt = passed.clamp(0.5 * even, 0.25);
        let fps = 1.0 / passed.max(1e-3);
        self.fps = if self.fps == 0.0 {
            fps
        } else {
            self.fps + 0.1 * (fps - self.fps)
        };
    }
}
