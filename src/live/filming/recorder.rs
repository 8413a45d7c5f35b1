//! The film of what is seen live.
//!
//! The sound that passes sets its length. A picture is taken when the music has reached it: the
//! newest one that the painting thread has shown for that position or one before it. Where none
//! comes in time the last one is repeated, so the film never gets longer or shorter than its music.

use super::finish::finish;
use super::job::{Job, run_once};
use super::sound::{CHANNELS, interleave};
use crate::faults::{self, Part};
use crate::live::hearing::Hearing;
use crate::live::recording::{Order, Recording, RecordingSink, Seen};
use crate::live::rings::{StereoChunk, TapReceiver};
use crate::live::shared::Shared;
use crate::live::status::Filming;
use crate::output::{Film, Fps, Sound};
use crate::render::{Picture, Pixels};
use crossbeam_channel::{Receiver, Sender, unbounded};
use rtrb::Consumer;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Seconds of sound that may wait for it.
const SOUND_SECONDS: f64 = 10.0;

/// Seconds of music after which a picture that has not come is not waited for.
const PATIENCE: f64 = 2.0;

/// Pause before the recorder looks again.
const PAUSE: Duration = Duration::from_millis(5);

/// Begins a recording: where its film will be, and the body of the thread that makes it.
///
/// # Errors
/// When nothing plays, something is filmed already, or there is no place for a film.
pub(in crate::live) fn record(
    shared: &Arc<Shared>,
) -> Result<(PathBuf, impl Fn(&AtomicBool) + Send + 'static), String> {
    if shared.status.read().filming != Filming::Idle {
        return Err("a film is being made already: it has to end first".to_owned());
    }
    let spec = shared.setup().film.next_film()?;
    let nothing = || "nothing passes through Synopsia that could be recorded".to_owned();
    let hears_at = |hearing: &Hearing| hearing.sample_rate;
    let sample_rate = shared.hearing.lock().as_ref().map(hears_at);
    let sample_rate = sample_rate.ok_or_else(nothing)?;
    // The painting thread waits for none of this: a disk may be slow.
    faults::wait_while_films_are_held();
    let (sound, arriving) = unbounded();
    let sound_of_film = Sound::arriving(sample_rate.round() as u32, CHANNELS, arriving);
    let film = Film::create(&spec, Some(sound_of_film)).map_err(|e| e.to_string())?;
    let passed = {
        let mut hearing = shared.hearing.lock();
        let hearing = hearing.as_mut().ok_or_else(nothing)?;
        if hearing.sample_rate != sample_rate {
            return Err("the sample rate changed just now, so nothing is recorded".to_owned());
        }
        hearing.sound.start(SOUND_SECONDS).ok_or_else(nothing)?
    };
    let (sink, seen) = RecordingSink::new([spec.width, spec.height]);
    let (orders, ordered) = unbounded();
    *shared.recording.lock() = Some(Recording {
        sample_rate,
        orders,
        sink: shared.sinks.add(sink),
    });
    shared.status.write(|status| {
        status.filming = Filming::Recording {
            path: spec.path.clone(),
            seconds: 0.0,
        };
    });
    let path = spec.path.clone();
    let recorder = Recorder {
        ahead: film.sound_ahead(),
        film,
        path: spec.path,
        size: [spec.width, spec.height],
        fps: spec.fps,
        rate: sample_rate.round() as u32,
        passed,
        sound,
        seen,
        ordered,
        stretch: Stretch::default(),
        pictures: 0,
        current: None,
        next: None,
        ended: None,
        broken: false,
        air: OnAir(Arc::clone(shared)),
    };
    Ok((path, run_once(recorder)))
}

/// Ends the recording, if there is one; `why` is told where nobody asked for it.
pub(in crate::live) fn stop(shared: &Shared, why: Option<String>) {
    let recording = shared.recording.lock().take();
    if let Some(recording) = recording {
        shared.sinks.remove(recording.sink);
        if let Some(hearing) = shared.hearing.lock().as_mut() {
            hearing.sound.stop();
        }
        // A recorder that has ended by itself needs no order.
        let _ = recording.orders.send(Order::End(why));
    }
}

/// Lets the recording go on with a new tap, or ends it where that cannot be.
pub(in crate::live) fn reconnect(shared: &Shared, receiver: &mut TapReceiver, offline: bool) {
    let why = {
        let recording = shared.recording.lock();
        let Some(recording) = recording.as_ref() else {
            return;
        };
        let (old, new) = (recording.sample_rate, receiver.sample_rate);
        if offline {
            "the recording ended, because the host began to bounce".to_owned()
        } else if old != new {
            format!("the recording ended, because the sample rate changed from {old} to {new} Hz")
        } else if let Some(passed) = receiver.sound.start(SOUND_SECONDS) {
            // A recorder that has ended by itself needs no sound.
            let _ = recording.orders.send(Order::Sound(passed));
            return;
        } else {
            "the recording ended, because nothing passes any more".to_owned()
        }
    };
    stop(shared, Some(why));
}

/// Where in the music a film's sound is.
#[derive(Default)]
struct Stretch {
    /// Position in the music of the film's first sample. It moves where positions begin anew.
    origin: Option<i64>,
    /// Samples that the film has got.
    end: u64,
}

impl Stretch {
    /// Appends `passed` to `out`, after silence for what was lost on the way. False where the
    /// music's positions have begun anew: the film goes on.
    fn take(&mut self, passed: &StereoChunk, out: &mut Vec<f32>) -> bool {
        let position = passed.position as i64;
        let origin = self.origin.get_or_insert(position);
        let missing = position - *origin - self.end as i64;
        if missing < 0 {
            *origin = position - self.end as i64;
        } else {
            out.resize(out.len() + CHANNELS * missing as usize, 0.0);
            self.end += missing as u64;
        }
        interleave(passed, out);
        self.end += passed.len as u64;
        missing >= 0
    }
}

/// Says that a film is being made, until it is dropped.
struct OnAir(Arc<Shared>);

impl Drop for OnAir {
    fn drop(&mut self) {
        stop(&self.0, None);
        self.0.status.write(|status| status.filming = Filming::Idle);
    }
}

struct Recorder {
    film: Film,
    path: PathBuf,
    size: [usize; 2],
    fps: Fps,
    /// Samples a second.
    rate: u32,
    passed: Consumer<StereoChunk>,
    /// Where the film gets its sound from.
    sound: Sender<Vec<f32>>,
    seen: Receiver<Seen>,
    ordered: Receiver<Order>,
    stretch: Stretch,
    /// Pictures that it has got.
    pictures: u64,
    /// What is seen at the next picture's position, and what after it.
    current: Option<Arc<Picture>>,
    next: Option<Seen>,
    /// Whether the music has ended, and why where nobody asked for that.
    ended: Option<Option<String>>,
    /// Samples that the film wants beyond a picture's end.
    ahead: u64,
    /// Whether the film takes no more.
    broken: bool,
    air: OnAir,
}

impl Job for Recorder {
    fn work(&mut self, stop: &AtomicBool) {
        while !self.broken && self.ended.is_none() {
            faults::check(Part::Recording);
            if stop.load(Ordering::Relaxed) {
                return;
            }
            self.hear();
            self.take_orders();
            let filmed = self.film_what_is_due();
            if !filmed {
                std::thread::park_timeout(PAUSE);
            }
        }
    }

    fn complete(mut self, panicked: bool) {
        // What has passed until now belongs to it.
        self.hear();
        let air = &self.air.0;
        stop(air, None);
        air.status.write(|status| {
            status.filming = Filming::Finishing {
                path: self.path.clone(),
            };
        });
        while !panicked && !self.broken && self.position() < self.stretch.end {
            self.film();
        }
        if let Some(Some(why)) = &self.ended {
            self.air.0.status.report(why.clone());
        }
        drop(self.sound);
        if self.pictures == 0 {
            let sentence = "nothing was played during the recording, so there is no film";
            self.air.0.status.report(sentence);
        } else {
            finish(&self.air.0, self.film);
        }
    }
}

impl Recorder {
    fn take_orders(&mut self) {
        while let Ok(order) = self.ordered.try_recv() {
            match order {
                Order::Sound(passed) => {
                    self.hear();
                    self.passed = passed;
                }
                Order::End(why) => {
                    self.hear();
                    self.ended = Some(why);
                }
            }
        }
    }

    /// Takes in the sound that has passed.
    fn hear(&mut self) {
        while let Ok(passed) = self.passed.pop() {
            let mut samples = Vec::new();
            if !self.stretch.take(&passed, &mut samples) {
                // These pictures were made for other positions.
                self.next = None;
                self.seen.try_iter().for_each(drop);
            }
            // A film that is broken says so with its next picture.
            let _ = self.sound.send(samples);
        }
    }

    /// Position in the film of its next picture, samples.
    fn position(&self) -> u64 {
        self.fps.samples(self.pictures, self.rate)
    }

    /// Films the next picture if it and its sound are there; false when they are not.
    fn film_what_is_due(&mut self) -> bool {
        let has_next = self.look();
        let sound = self.fps.samples(self.pictures + 1, self.rate) + self.ahead;
        let end = self.stretch.end;
        let due = end >= sound && (has_next || end > self.position() + self.patience());
        if due {
            self.film();
        }
        due
    }

    /// Samples after which a picture is not waited for.
    fn patience(&self) -> u64 {
        (PATIENCE * f64::from(self.rate)) as u64
    }

    /// Finds what is seen at the next picture's position; whether anything is known to come later.
    fn look(&mut self) -> bool {
        let Some(origin) = self.stretch.origin else {
            return false;
        };
        let position = origin + self.position() as i64;
        // No picture is so far ahead of its sound, but for one from before positions began anew.
        let latest = origin + (self.stretch.end + self.patience()) as i64;
        loop {
            self.next = self.next.take().or_else(|| self.seen.try_recv().ok());
            match &self.next {
                Some((at, _)) if *at as i64 > latest => self.next = None,
                Some((at, _)) if *at as i64 > position => return true,
                Some((_, picture)) => {
                    self.current = Some(Arc::clone(picture));
                    self.next = None;
                }
                None => return false,
            }
        }
    }

    /// Adds the next picture.
    fn film(&mut self) {
        self.look();
        // Before the first picture was painted, the film shows it already.
        let next = self.next.as_ref().map(|(_, picture)| picture);
        let taken = match self.current.as_ref().or(next) {
            Some(picture) => self.film.picture(picture),
            None => {
                let black = Pixels::black(self.size);
                self.film.picture(&black.into())
            }
        };
        // Why it takes no more is told when it is finished.
        self.broken = taken.is_err();
        self.pictures += 1;
        let seconds = self.fps.seconds(self.pictures);
        self.air.0.status.write(|status| {
            if let Filming::Recording { seconds: shown, .. } = &mut status.filming {
                *shown = seconds;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::rings::CHUNK;

    fn passed(position: u64, value: f32) -> StereoChunk {
        StereoChunk {
            position,
            len: CHUNK,
            after_run_up: false,
            samples: [[value; 2]; CHUNK],
        }
    }

    #[test]
    fn what_was_lost_is_silence_and_positions_that_begin_anew_go_on() {
        let (mut stretch, mut sound) = (Stretch::default(), Vec::new());
        assert!(stretch.take(&passed(1000, 0.1), &mut sound));
        assert!(stretch.take(&passed(1000 + 3 * CHUNK as u64, 0.2), &mut sound));
        assert!(!stretch.take(&passed(0, 0.3), &mut sound));
        assert!(stretch.take(&passed(CHUNK as u64, f32::NAN), &mut sound));
        let chunks: Vec<f32> = sound
            .chunks_exact(2 * CHUNK)
            .map(|chunk| chunk[0])
            .collect();
        assert_eq!(chunks, [0.1, 0.0, 0.0, 0.2, 0.3, 0.0]);
        assert_eq!(stretch.end as usize, sound.len() / CHANNELS);
    }
}
