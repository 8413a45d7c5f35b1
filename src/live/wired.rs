//! An instance that is played by wire: OSC and MIDI.

use super::clocks::{self, Clock};
use super::course::Course;
use super::instance::{Live, no_thread};
use super::keys::BeatWish;
use super::lane;
use super::midi::{self, Midi, MidiOutSetup};
use super::osc::{Osc, OscSetup};
use crate::faults::Part;
use crate::show::MoodLane;
use crate::worker::Worker;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

impl Live {
    /// Has controls be moved, and moods told, by OSC; answers where messages are listened for. What was open is closed.
    ///
    /// # Errors
    /// When the port cannot be used, or it is open to others and nobody was let in, in a sentence.
    pub fn open_osc(&self, setup: OscSetup) -> Result<Option<SocketAddr>, String> {
        // It may have the same port.
        self.threads.lock().osc = None;
        let osc = Osc::open(setup, &self.shared)?;
        let address = osc.address();
        let (shared, reporter) = (Arc::clone(&self.shared), self.shared.status.reporter());
        let serve = move |stop: &AtomicBool| osc.serve(&shared, stop);
        let worker = Worker::start(Part::Osc, reporter, serve).map_err(no_thread)?;
        let mut threads = self.threads.lock();
        threads.osc = Some(worker);
        self.start_painting(&mut threads);
        Ok(address)
    }

    /// Has controls be moved by MIDI, by the map at `path`, which is kept there; by all devices of the system, or by
    /// [`hear_midi`](Self::hear_midi) alone.
    ///
    /// # Errors
    /// When something else is there than a map, in a sentence.
    pub fn open_midi(&self, path: PathBuf, devices: bool) -> Result<(), String> {
        let opened = Midi::open(path, &self.shared)?;
        *self.midi.lock() = Some(Arc::clone(&opened));
        let mut threads = self.threads.lock();
        if devices {
            let (shared, reporter) = (Arc::clone(&self.shared), self.shared.status.reporter());
            let serve = move |stop: &AtomicBool| midi::listen(&opened, &shared, stop);
            let worker = Worker::start(Part::Midi, reporter, serve).map_err(no_thread)?;
            threads.midi = Some(worker);
        }
        self.start_painting(&mut threads);
        Ok(())
    }

    /// Has moods, beats and onsets be told by MIDI.
    ///
    /// # Errors
    /// When there is no thread for it, in a sentence.
    pub fn tell_midi(&self, setup: MidiOutSetup) -> Result<(), String> {
        let (shared, reporter) = (Arc::clone(&self.shared), self.shared.status.reporter());
        let tell = move |stop: &AtomicBool| midi::tell(&setup, &shared, stop);
        let worker = Worker::start(Part::Midi, reporter, tell).map_err(no_thread)?;
        let mut threads = self.threads.lock();
        threads.midi_out = Some(worker);
        self.start_painting(&mut threads);
        Ok(())
    }

    /// Has the mood of the song be as it is drawn in a lane, which is kept at `path` from now on, as it is drawn.
    ///
    /// # Errors
    /// When there is no thread for it, in a sentence.
    pub fn keep_lane(&self, path: PathBuf, lane: MoodLane) -> Result<(), String> {
        let there = Arc::new(lane);
        self.shared.setup.lock().drawn = Arc::clone(&there);
        let (shared, reporter) = (Arc::clone(&self.shared), self.shared.status.reporter());
        let keep = move |stop: &AtomicBool| lane::keep(&path, &there, &shared, stop);
        let worker = Worker::start(Part::Lane, reporter, keep).map_err(no_thread)?;
        self.threads.lock().lane = Some(worker);
        Ok(())
    }

    /// What was heard of the song so far.
    pub fn course(&self) -> Course {
        self.shared.course.lock().clone()
    }

    /// What is known of MIDI, where that was opened.
    pub fn midi(&self) -> Option<Arc<Midi>> {
        self.midi.lock().clone()
    }

    /// Takes one whole MIDI message of the device of that name.
    pub fn hear_midi(&self, device: &str, bytes: &[u8]) {
        if let Some(midi) = self.midi() {
            midi.hear(device, bytes, &self.shared);
        }
    }

    /// The clock by which beats are counted where no host's song plays.
    pub fn clock(&self) -> Clock {
        self.shared.clocks.lock().chosen()
    }

    /// Has beats be counted by that clock from now on, while it runs.
    ///
    /// # Errors
    /// When there is no thread for it, in a sentence.
    pub fn follow(&self, clock: Clock) -> Result<(), String> {
        if clock == Clock::Link {
            return self.follow_link(clocks::usual());
        }
        self.threads.lock().link = None;
        self.shared.clocks.lock().choose(clock);
        Ok(())
    }

    /// Has beats be counted by Ableton Link, as the helper at that address tells of it.
    pub(super) fn follow_link(&self, helper: SocketAddr) -> Result<(), String> {
        let mut threads = self.threads.lock();
        if threads.link.is_none() {
            let (shared, reporter) = (Arc::clone(&self.shared), self.shared.status.reporter());
            let serve = move |stop: &AtomicBool| clocks::listen(helper, &shared, stop);
            threads.link = Some(Worker::start(Part::Link, reporter, serve).map_err(no_thread)?);
        }
        self.shared.clocks.lock().choose(Clock::Link);
        Ok(())
    }

    /// Why the clock that is chosen does not lead, in a sentence.
    pub fn clock_problem(&self) -> Option<&'static str> {
        self.shared.clocks.lock().said(Instant::now())
    }

    /// Does what somebody wants of the beat.
    pub fn beat(&self, wish: BeatWish) {
        self.shared.beat(wish);
    }
}
