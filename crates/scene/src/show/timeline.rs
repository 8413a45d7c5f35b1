//! What happens in a song and when, and a show that moves along it as it is heard, whoever hears it.

use super::place::Follower;
use super::{Board, Controls, Libretto, MoodLane, Place, Scene, Show};
use crate::emotion::Emotion;
use crate::signal::{
    AudioFrame, FormPoint, LiveStructure, SongClock, SongTime, Structure, Transport, WINDOW_SECONDS,
};
use std::collections::VecDeque;
use std::sync::Arc;

/// One hop of the song, as the timeline takes it in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cue {
    /// What is heard.
    pub frame: AudioFrame,
    /// Where the host's song is at the frame's position, while it plays.
    pub transport: Option<Transport>,
    /// Where the song is there by its own count.
    pub place: Place,
    /// Where the performer's knobs are.
    pub controls: Controls,
}

/// How the song's form is known.
#[derive(Clone, Debug)]
enum Form {
    /// All of it beforehand.
    Known(Arc<Structure>),
    /// As it is heard.
    Heard(Box<LiveStructure>),
}

impl Form {
    fn hear(&mut self, frame: &AudioFrame) {
        if let Self::Heard(structure) = self {
            structure.hear(frame);
        }
    }

    fn at(&self, seconds: f64) -> FormPoint {
        match self {
            Self::Known(structure) => structure.at(seconds),
            Self::Heard(structure) => structure.at(seconds),
        }
    }
}

/// What is heard, on the beat that leads: while a host's song plays, whatever is heard as a beat beside it does not
/// count.
fn led(cue: &Cue) -> AudioFrame {
    let mut frame = cue.frame;
    if let Some(host) = cue.transport {
        frame.beat.beats = host.beats.rem_euclid(host.beats_per_bar.max(1.0));
    }
    frame
}

/// The cues and emotions of a song, and a show and its clock, which move along them in the order of
/// their positions, whenever these become known. So the same song makes the same scenes, whatever the
/// threads do.
#[derive(Clone, Debug)]
pub struct Timeline {
    sample_rate: f64,
    show: Show,
    clock: SongClock,
    place: Follower,
    form: Form,
    controls: Controls,
    /// Known, but not yet reached by the show, or by the clock.
    ahead: VecDeque<Cue>,
    felt: VecDeque<(u64, Emotion)>,
    ticks: VecDeque<Cue>,
}

impl Timeline {
    /// The timeline of `seed` before a song at `sample_rate` Hz begins, of which nobody knows how it goes on.
    pub fn new(seed: u64, sample_rate: f64) -> Self {
        let form = Form::Heard(Box::new(LiveStructure::new(sample_rate)));
        Self::with_form(seed, sample_rate, form)
    }

    /// The same of a song whose structure is known.
    pub fn of(structure: Arc<Structure>, seed: u64, sample_rate: f64) -> Self {
        Self::with_form(seed, sample_rate, Form::Known(structure))
    }

    fn with_form(seed: u64, sample_rate: f64, form: Form) -> Self {
        Self {
            form,
            sample_rate,
            show: Show::new(seed, sample_rate),
            clock: SongClock::new(sample_rate),
            place: Follower::default(),
            controls: Controls::default(),
            ahead: VecDeque::new(),
            felt: VecDeque::new(),
            ticks: VecDeque::new(),
        }
    }

    /// Goes on with another seed.
    pub fn set_seed(&mut self, seed: u64) {
        self.show.set_seed(seed);
    }

    /// Takes in what is sung in the song.
    pub fn sing(&mut self, libretto: Arc<Libretto>) {
        self.show.sing(libretto);
    }

    /// Takes in the pictures among which it is to walk.
    pub fn hang(&mut self, board: Arc<Board>) {
        self.show.hang(board);
    }

    /// Takes in the song's mood as it is drawn.
    pub fn draw(&mut self, lane: Arc<MoodLane>) {
        self.show.draw(lane);
    }

    /// The sample position that must be heard before the scene at `position` is all there: a frame
    /// is known when its window has passed, and its middle is what it speaks of.
    pub fn must_hear(&self, position: u64) -> u64 {
        position + (0.5 * WINDOW_SECONDS * self.sample_rate).round() as u64
    }

    /// Takes in the next cue.
    pub fn hear(&mut self, cue: Cue) {
        if self.ticks.is_empty() {
            self.clock.expect(&cue.frame, cue.transport);
        }
        self.ahead.push_back(cue);
        self.ticks.push_back(cue);
    }

    /// Takes in the next emotion, and the sample position from which on it is known.
    pub fn feel(&mut self, position: u64, emotion: Emotion) {
        self.felt.push_back((position, emotion));
    }

    /// Moves on to a sample position, up to which the song was heard.
    pub fn advance(&mut self, position: u64) {
        // What the show knows at a hop is the same however far each step goes.
        while let Some(cue) = self
            .ticks
            .pop_front_if(|cue| cue.frame.position <= position)
        {
            self.show_up_to(cue.frame.position);
            let position = cue.frame.position;
            self.clock.hear(&cue.frame, cue.transport);
            self.place.follow(position, cue.place, self.sample_rate);
            let time = self.time(position);
            self.show.follow(time, &self.form.at(time.seconds), &cue);
        }
        self.show_up_to(position);
    }

    /// Lets the show hear all that a scene at a sample position needs.
    fn show_up_to(&mut self, position: u64) {
        let known = self.must_hear(position);
        while let Some(cue) = self.ahead.pop_front_if(|cue| cue.frame.position <= known) {
            let felt = |(at, _): &mut (u64, Emotion)| *at < cue.frame.position;
            while let Some((_, emotion)) = self.felt.pop_front_if(felt) {
                self.show.feel(emotion);
            }
            self.controls = cue.controls;
            self.show.steer(&cue.controls.steering);
            self.show.hear(&led(&cue));
            self.form.hear(&cue.frame);
        }
    }

    /// The song's time at a sample position, not later than where the timeline has got to.
    pub fn time(&self, position: u64) -> SongTime {
        SongTime {
            song: self.place.at(position, self.sample_rate),
            ..self.clock.at(position)
        }
    }

    /// Where in its form the song is at a sample position, not later than where the timeline has got to.
    pub fn form(&self, position: u64) -> FormPoint {
        self.form.at(self.time(position).seconds)
    }

    /// What is to be seen at a sample position, not later than where the timeline has got to.
    pub fn scene(&self, position: u64, controls: &Controls) -> Scene {
        self.show.scene(self.time(position), controls)
    }

    /// Where the performer's knobs were at the last cue that the show has reached.
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// The show itself.
    pub fn show(&self) -> &Show {
        &self.show
    }
}
