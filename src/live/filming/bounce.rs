//! The film of a bounce: each picture at its place in the sample clock, as exact as a film of a
//! song file.
//!
//! One thread takes hops, samples and sound in the order of their positions, whatever blocks the
//! host makes, and paints each picture when all that it shows is known; where the host says nothing of its
//! song, that is once what follows tells where in the beat it is. Meanwhile the audio thread
//! waits, so nothing is missed and the same bounce gives the same film.

use super::super::kept::Patience;
use super::beats::Beats;
use super::encoder::Encoder;
use super::finish::finish;
use super::job::{Job, run_once};
use super::sound::{CHANNELS, interleave};
use crate::control::Snapshot;
use crate::emotion::Listener;
use crate::faults::{self, Part};
use crate::frame::{Pipeline, Plan, Wanted};
use crate::live::rings::{Hop, MonoChunk, StereoChunk, TapReceiver};
use crate::live::shared::{Shared, Shown};
use crate::live::status::Filming;
use crate::output::{Film, Fps, Sound};
use crate::show::{Cue, Timeline};
use crossbeam_channel::{Sender, unbounded};
use rtrb::Consumer;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Pause before the rings are looked into again.
const PAUSE: Duration = Duration::from_millis(2);

/// What comes from the tap of a bounce.
pub struct BounceInput {
    sample_rate: f64,
    hops: Consumer<Hop>,
    heard: Consumer<MonoChunk>,
    passed: Consumer<StereoChunk>,
}

impl BounceInput {
    pub(in crate::live) fn new(receiver: TapReceiver, passed: Consumer<StereoChunk>) -> Self {
        Self {
            sample_rate: receiver.sample_rate,
            hops: receiver.hops,
            heard: receiver.heard,
            passed,
        }
    }
}

/// The body of the thread that films what is `heard`; `done` is set when its film is at its place.
pub(in crate::live) fn bounce(
    shared: Arc<Shared>,
    heard: BounceInput,
    done: Arc<AtomicBool>,
) -> impl Fn(&AtomicBool) + Send + 'static {
    run_once(Bounce {
        pipeline: None,
        heard,
        came: Came::default(),
        take: None,
        air: OnAir {
            shared,
            done,
            counted: false,
        },
    })
}

/// Says that a film is being made, until it is dropped.
struct OnAir {
    shared: Arc<Shared>,
    done: Arc<AtomicBool>,
    /// Whether it counts among those that are.
    counted: bool,
}

impl OnAir {
    fn begin(&mut self) {
        if !self.counted {
            self.counted = true;
            self.shared.bouncing.fetch_add(1, Ordering::AcqRel);
        }
    }
}

impl Drop for OnAir {
    fn drop(&mut self) {
        // The next bounce may have begun while this one's last pictures were painted.
        if self.counted && self.shared.bouncing.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.shared
                .status
                .write(|status| status.filming = Filming::Idle);
        }
        self.done.store(true, Ordering::Release);
    }
}

/// What came from the rings and is not in the film yet.
#[derive(Default)]
struct Came {
    hops: VecDeque<Hop>,
    heard: VecDeque<MonoChunk>,
    passed: VecDeque<StereoChunk>,
}

struct Bounce {
    heard: BounceInput,
    came: Came,
    take: Option<Take>,
    pipeline: Option<Pipeline>,
    air: OnAir,
}

/// One film, from the bounce's first sample to its last.
struct Take {
    film: Encoder,
    path: PathBuf,
    size: [usize; 2],
    fps: Fps,
    /// Samples a second.
    rate: u32,
    /// Where the film gets its sound from; gone when all of it has come.
    sound: Option<Sender<Vec<f32>>>,
    timeline: Timeline,
    listener: Listener,
    beats: Beats,
    /// Where the knobs were at each hop that is not yet behind.
    snapshots: VecDeque<(u64, Snapshot)>,
    /// Samples heard.
    end: u64,
    /// Position of the newest hop.
    newest: u64,
    /// Pictures painted.
    pictures: u64,
    /// Samples that the film wants beyond a picture's end.
    ahead: u64,
    /// Whether the film takes no more, and says why when it is finished.
    broken: bool,
}

impl Job for Bounce {
    fn work(&mut self, stop: &AtomicBool) {
        loop {
            faults::check(Part::Bounce);
            let stopped = stop.load(Ordering::Relaxed);
            let last = stopped || self.heard.passed.is_abandoned();
            self.drain();
            if let Err(problem) = self.film() {
                if self.take.as_ref().is_none_or(|take| !take.broken) {
                    self.air.shared.status.report(problem);
                }
                break;
            }
            if last {
                break;
            }
            std::thread::park_timeout(PAUSE);
        }
    }

    fn complete(self, panicked: bool) {
        // From here on the host waits no more.
        drop(self.heard);
        let mut pipeline = self.pipeline.filter(|_| !panicked);
        if let Some(take) = self.take {
            take.complete(&self.air.shared, pipeline.as_mut());
        }
    }
}

impl Bounce {
    /// Takes what is in the rings, in the opposite order to the tap's, so that whatever belongs to
    /// a stretch of sound is there when the sound is.
    fn drain(&mut self) {
        let (heard, came) = (&mut self.heard, &mut self.came);
        came.passed
            .extend(std::iter::from_fn(|| heard.passed.pop().ok()));
        came.heard
            .extend(std::iter::from_fn(|| heard.heard.pop().ok()));
        came.hops
            .extend(std::iter::from_fn(|| heard.hops.pop().ok()));
    }

    /// Films all that has come.
    fn film(&mut self) -> Result<(), String> {
        let shared = Arc::clone(&self.air.shared);
        while let Some(passed) = self.came.passed.pop_front() {
            let anew = self
                .take
                .as_ref()
                .is_some_and(|take| take.end != passed.position);
            if anew && let Some(take) = self.take.take() {
                if passed.after_run_up {
                    take.give_up();
                } else {
                    take.complete(&shared, self.pipeline.as_mut());
                }
                self.pipeline = None;
            }
            let take = match &mut self.take {
                Some(take) => take,
                none => {
                    self.air.begin();
                    none.insert(Take::begin(&shared, self.heard.sample_rate)?)
                }
            };
            take.hear(&mut self.came, &passed)?;
            let pipeline = self
                .pipeline
                .get_or_insert_with(|| Pipeline::new(Plan::film()));
            while let Some(at) = take.due() {
                take.picture(at, &shared, pipeline)?;
            }
        }
        Ok(())
    }
}

impl Take {
    fn begin(shared: &Arc<Shared>, sample_rate: f64) -> Result<Self, String> {
        let setup = shared.setup();
        let rate = sample_rate.round() as u32;
        let spec = setup.film.next_film()?;
        let (sound, arriving) = unbounded();
        let listener = Listener::of(setup.ear, rate);
        let mut timeline = Timeline::new(setup.seed, sample_rate);
        timeline.sing(shared.libretto(Patience::Wait));
        timeline.hang(shared.board(Patience::Wait));
        timeline.draw(Arc::clone(&setup.drawn));
        let beats = Beats::new(sample_rate);
        shared.status.write(|status| status.ear = Some(setup.ear));
        let sound_of_film = Sound::arriving(rate, CHANNELS, arriving);
        let film = Film::create(&spec, Some(sound_of_film)).map_err(|e| e.to_string())?;
        Ok(Self {
            ahead: film.sound_ahead(),
            film: Encoder::start(film).map_err(|e| format!("the system gives no thread: {e}"))?,
            path: spec.path,
            size: [spec.width, spec.height],
            fps: spec.fps,
            rate,
            sound: Some(sound),
            timeline,
            listener: listener.map_err(|e| format!("no emotion is heard: {e}"))?,
            beats: beats.map_err(|e| format!("no beat is heard: {e}"))?,
            snapshots: VecDeque::new(),
            end: 0,
            newest: 0,
            pictures: 0,
            broken: false,
        })
    }

    /// Takes in the next chunk of sound, and what was heard in it.
    fn hear(&mut self, came: &mut Came, passed: &StereoChunk) -> Result<(), String> {
        let start = self.end;
        self.end += passed.len as u64;
        if let Some(sound) = &self.sound {
            let mut samples = Vec::with_capacity(CHANNELS * passed.len);
            interleave(passed, &mut samples);
            // A film that is broken says so with its next picture.
            let _ = sound.send(samples);
        }
        if let Some(heard) = came.heard.pop_front() {
            let timeline = &mut self.timeline;
            let felt = |at: u64, emotion| timeline.feel(at.max(start), emotion);
            let listened = self.listener.listen(&heard.samples[..heard.len], felt);
            listened.map_err(|e| format!("an emotion could not be estimated: {e}"))?;
        }
        // Those after a reset, whose positions begin anew, wait.
        let end = self.end;
        while let Some(hop) = came.hops.pop_front_if(|hop| {
            let position = hop.frame.position;
            position <= end && position > self.newest
        }) {
            self.newest = hop.frame.position;
            let hand_on = onto(&mut self.timeline, &mut self.snapshots);
            self.beats.hear(hop, hand_on);
        }
        Ok(())
    }

    /// The position of the next picture, when all that it shows is known.
    fn due(&self) -> Option<u64> {
        let at = self.fps.samples(self.pictures, self.rate);
        let sound = self.fps.samples(self.pictures + 1, self.rate) + self.ahead;
        let known = self.beats.waits_at().map_or(self.end, |first| first - 1);
        (self.end >= sound && known >= self.timeline.must_hear(at)).then_some(at)
    }

    fn picture(
        &mut self,
        at: u64,
        shared: &Arc<Shared>,
        pipeline: &mut Pipeline,
    ) -> Result<(), String> {
        self.timeline.advance(at);
        // A hop carries the knobs as they are at its last sample, so the first that ends after the
        // picture's position knows best.
        while self.snapshots.len() > 1 && self.snapshots[0].0 <= at {
            self.snapshots.pop_front();
        }
        let snapshot = self
            .snapshots
            .front()
            .map_or_else(Snapshot::default, |(_, snapshot)| *snapshot);
        let scene = self.timeline.scene(at, &snapshot.look());
        let dt = self.fps.seconds(1) as f32;
        let wanted = Wanted::of(&snapshot, Some(self.size), self.fps.hz() as f32);
        let picture = pipeline.picture(&scene, &wanted, dt);
        for problem in pipeline.take_news().problems {
            shared.status.report_once(problem);
        }
        let picture = picture?;
        if !self.film.picture(&picture) {
            self.broken = true;
            return Err("the film takes no more".to_owned());
        }
        self.pictures += 1;
        let number = shared.shown().map_or(0, |last| last.number) + 1;
        let shown = Shown {
            picture,
            number,
            position: at,
            heard: Instant::now(),
            scene,
        };
        shared.publish(&Arc::new(shown), at);
        let seconds = self.fps.seconds(self.pictures);
        let held = pipeline.holds_back();
        shared.status.write(|status| {
            status.flashes_held = held;
            status.blackout = snapshot.blackout;
            status.freeze = snapshot.freeze;
            status.filming = Filming::Bouncing {
                path: self.path.clone(),
                seconds,
            };
        });
        Ok(())
    }

    /// Leaves no film.
    fn give_up(mut self) {
        self.sound = None;
        drop(self.film.end());
    }

    /// Paints what is left, and puts the film at its place.
    fn complete(mut self, shared: &Arc<Shared>, pipeline: Option<&mut Pipeline>) {
        self.sound = None;
        shared.status.write(|status| {
            status.filming = Filming::Finishing {
                path: self.path.clone(),
            };
        });
        let hand_on = onto(&mut self.timeline, &mut self.snapshots);
        self.beats.end(hand_on);
        if let Some(pipeline) = pipeline {
            loop {
                let at = self.fps.samples(self.pictures, self.rate);
                if at >= self.end || self.picture(at, shared, pipeline).is_err() {
                    break;
                }
            }
        }
        match self.film.end() {
            Some(film) => finish(shared, film),
            None => shared
                .status
                .report("the film of the bounce could not be encoded, and there is none"),
        }
    }
}

/// Hands on hops whose beat is decided.
fn onto(timeline: &mut Timeline, snapshots: &mut VecDeque<(u64, Snapshot)>) -> impl FnMut(Hop) {
    move |hop: Hop| {
        snapshots.push_back((hop.frame.position, hop.snapshot));
        timeline.hear(Cue {
            frame: hop.frame,
            transport: hop.transport,
            place: hop.place,
            controls: hop.snapshot.look(),
        });
    }
}
