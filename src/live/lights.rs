//! Lamps that follow the picture: a sink that makes it small, and tells [`Lights`] of it with the palette, the mood and what
//! is heard. A thread of its own sends.

use super::instance::{Live, no_thread};
use super::lit::Lit;
use super::shared::Shared;
use super::status::{HeardNow, TempoSource};
use crate::faults::{self, Part};
use crate::lights::{BANDS, Levels, Lights, Moment, Patch, SmallPicture, Target};
use crate::output::PictureSink;
use crate::render::{Picture, Pixels};
use crate::worker::Worker;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// Lamps take no more pictures; bringing one from a card has its price.
const PAUSE: Duration = Duration::from_millis(20);

/// What is as quiet as the first, in LUFS, is no level, and what is as loud as the second all of it.
const LOUDNESS: [f32; 2] = [-45.0, -6.0];

impl Live {
    /// Has lamps follow the picture, those of `patch`, where `targets` reach them; says which these are. Those that did are let
    /// go.
    ///
    /// # Errors
    /// When a target does not have the lamps' universes, or the system gives no thread, in a sentence.
    pub fn open_lights(&self, patch: Patch, targets: Vec<Target>) -> Result<String, String> {
        let lights = Arc::new(Lights::new(patch, targets)?);
        let mut threads = self.threads.lock();
        if let Some(before) = threads.lights.take() {
            self.remove_sink(before.sink);
        }
        let served = Arc::clone(&lights);
        let serve = move |stop: &AtomicBool| {
            faults::check(Part::Lights);
            served.serve(stop);
        };
        let reporter = self.shared.status.reporter();
        let worker = Worker::start(Part::Lights, reporter, serve).map_err(no_thread)?;
        let described = lights.description();
        let sink = self.shared.sinks.add(LampSink::new(lights, &self.shared));
        threads.lights = Some(Lit {
            _worker: worker,
            sink,
        });
        self.start_painting(&mut threads);
        Ok(described)
    }
}

/// Makes pictures small, and tells lamps of them.
struct LampSink {
    lights: Arc<Lights>,
    shared: Weak<Shared>,
    /// A picture that is on its way from a card.
    coming: Option<Arc<Picture>>,
    taken: Option<Instant>,
    /// What was told to be wrong.
    told: Option<String>,
}

impl LampSink {
    fn new(lights: Arc<Lights>, shared: &Arc<Shared>) -> Self {
        Self {
            lights,
            // It is among what is shared itself.
            shared: Arc::downgrade(shared),
            coming: None,
            taken: None,
            told: None,
        }
    }

    fn light(&self, pixels: &Pixels) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        let picture = SmallPicture::of(&pixels.rgba, pixels.width, pixels.height);
        let shown = shared.shown();
        let palette = shown.map(|shown| shown.scene.grade.palette);
        let palette = palette.unwrap_or_default();
        let now = shared.status.now();
        let knobs = (shared.snapshot)();
        let mood = now.map(|now| [now.shown.valence, now.shown.arousal]);
        // A stage at rest does not follow what is heard.
        let heard = now.filter(|_| !knobs.controls.steering.panic);
        self.lights.black_out(knobs.blackout);
        self.lights.show(Moment {
            picture,
            palette: palette.map(Moment::light_of),
            mood: mood.unwrap_or_default(),
            levels: heard.as_ref().map(levels).unwrap_or_default(),
        });
    }
}

impl PictureSink for LampSink {
    fn is_watching(&self, _: Instant) -> bool {
        true
    }

    fn show(&mut self, picture: &Arc<Picture>, _: u64) {
        if let Some(coming) = self.coming.take() {
            match coming.fetched() {
                Some(pixels) => self.light(pixels),
                None => self.coming = Some(coming),
            }
        }
        let now = Instant::now();
        if self.taken.is_some_and(|at| now - at < PAUSE) {
            return;
        }
        self.taken = Some(now);
        match picture.fetched() {
            Some(pixels) => self.light(pixels),
            None => {
                picture.fetch();
                self.coming = Some(Arc::clone(picture));
            }
        }
    }

    fn trouble(&mut self) -> Option<String> {
        let trouble = self.lights.trouble();
        if trouble == self.told {
            return None;
        }
        self.told.clone_from(&trouble);
        trouble
    }
}

/// How strong what is heard is. A beat is as strong as it is certain, and gone before the next.
fn levels(now: &HeardNow) -> Levels {
    let frame = &now.frame;
    let certain = match now.tempo {
        TempoSource::None => 0.0,
        TempoSource::Heard => frame.beat.confidence,
        // Whoever else leads is certain.
        _ => 1.0,
    };
    let left = 1.0 - now.time.beats.rem_euclid(1.0) as f32;
    let [quiet, loud] = LOUDNESS;
    Levels {
        bands: std::array::from_fn::<_, BANDS, _>(|n| frame.bands[n]),
        beat: certain * left * left,
        onset: frame.onset.min(1.0),
        loudness: ((frame.loudness - quiet) / (loud - quiet)).clamp(0.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Snapshot;
    use crate::emotion::Emotion;
    use crate::signal::{AudioFrame, SongTime};
    use parking_lot::Mutex;
    use std::net::UdpSocket;
    use std::sync::atomic::Ordering;

    const PATCH: &str = r#"{"attack_ms": 0, "release_ms": 0, "end_ms": 0, "lamps": [
        {"universe": 1, "address": 1, "channels": "rgb", "shows": "left"},
        {"universe": 1, "address": 4, "channels": "rgb", "shows": "right"},
        {"universe": 1, "address": 7, "channels": "d", "shows": {"band": 8}},
        {"universe": 1, "address": 8, "channels": "d", "shows": "beat"}]}"#;

    /// Red on the left, blue on the right.
    fn picture() -> Arc<Picture> {
        let row = [[255, 0, 0, 255].repeat(30), [0, 0, 255, 255].repeat(30)].concat();
        Arc::new(Picture::from(Pixels {
            width: 60,
            height: 20,
            rgba: row.repeat(20),
        }))
    }

    fn heard() -> HeardNow {
        let mut frame = AudioFrame::default();
        frame.bands[BANDS - 1] = 0.4;
        HeardNow {
            frame,
            time: SongTime {
                beats: 7.0,
                ..SongTime::default()
            },
            tempo: TempoSource::Host,
            heard: Emotion::default(),
            shown: Emotion::default(),
            words: None,
        }
    }

    /// The first slots that come by sACN until they are these.
    fn come(socket: &UdpSocket, expected: [u8; 8]) {
        let (begun, mut last) = (Instant::now(), [0; 8]);
        let mut packet = [0; 638];
        while begun.elapsed() < Duration::from_secs(5) {
            if let Ok(638) = socket.recv(&mut packet) {
                last.copy_from_slice(&packet[126..134]);
            }
            if last == expected {
                return;
            }
        }
        panic!("{last:?} and not {expected:?}");
    }

    #[test]
    fn lamps_show_the_picture_and_what_is_heard_until_a_panic_or_a_blackout() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket
            .set_read_timeout(Some(Duration::from_millis(100)))
            .unwrap();
        let to = socket.local_addr().unwrap().to_string();
        let patch = Patch::read(PATCH, "it").unwrap();
        let lights = Lights::new(patch, vec![Target::sacn(Some(&to)).unwrap()]);
        let lights = Arc::new(lights.unwrap());
        let knobs = Arc::new(Mutex::new(Snapshot::default()));
        let turned = Arc::clone(&knobs);
        let shared = Arc::new(Shared::new(move || *turned.lock()));
        shared.status.write(|status| status.now = Some(heard()));
        let mut sink = LampSink::new(Arc::clone(&lights), &shared);
        let stop = AtomicBool::new(false);
        let mut show = || {
            std::thread::sleep(PAUSE);
            sink.show(&picture(), 0);
        };
        std::thread::scope(|scope| {
            scope.spawn(|| lights.serve(&stop));
            show();
            come(&socket, [255, 0, 0, 0, 0, 255, 102, 255]);
            knobs.lock().controls.steering.panic = true;
            show();
            come(&socket, [255, 0, 0, 0, 0, 255, 0, 0]);
            knobs.lock().blackout = true;
            show();
            come(&socket, [0; 8]);
            stop.store(true, Ordering::Relaxed);
        });
        assert_eq!(sink.trouble(), None);
    }

    #[test]
    fn a_beat_counts_as_far_as_it_is_certain_and_fades_until_the_next() {
        let at = |beats: f64, tempo, confidence| {
            let mut now = heard();
            (now.time.beats, now.tempo, now.frame.beat.confidence) = (beats, tempo, confidence);
            levels(&now).beat
        };
        assert_eq!(at(-2.0, TempoSource::Tapped, 0.0), 1.0);
        assert_eq!(at(3.5, TempoSource::Host, 0.0), 0.25);
        assert_eq!(at(3.0, TempoSource::Heard, 0.5), 0.5);
        assert_eq!(at(3.0, TempoSource::None, 1.0), 0.0);
    }

    #[test]
    fn loudness_is_a_share_of_what_music_has() {
        let at = |lufs| {
            let mut now = heard();
            now.frame.loudness = lufs;
            levels(&now).loudness
        };
        assert_eq!(
            [at(-70.0), at(-45.0), at(-6.0), at(0.0)],
            [0.0, 0.0, 1.0, 1.0]
        );
        assert!(at(-14.0) > at(-30.0));
    }
}
