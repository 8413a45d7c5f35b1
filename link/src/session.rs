//! The Link session of this network, as one of its peers sees it.

use crate::message::{State, Wish};
use rusty_link::{AblLink, SessionState};
use std::time::{Duration, SystemTime};

/// Reading two clocks takes less than this, unless something came between.
const CLOCKS_TOGETHER: Duration = Duration::from_micros(20);

/// How often the two clocks are read anew where something did.
const TRIES: usize = 5;

/// A session that was joined. It is left when this is dropped.
pub struct Session {
    link: AblLink,
    line: SessionState,
    quantum: f64,
    /// When playing began or ended as it was found on joining: before anybody said.
    unsaid: i64,
    playing_was_told: bool,
}

impl Session {
    /// Joins; `tempo` counts until others are met.
    pub fn join(tempo: f64, quantum: f64) -> Self {
        let link = AblLink::new(tempo);
        link.enable_start_stop_sync(true);
        let mut line = SessionState::new();
        link.capture_app_session_state(&mut line);
        let unsaid = line.time_for_is_playing();
        link.enable(true);
        Self {
            link,
            line,
            quantum,
            unsaid,
            playing_was_told: false,
        }
    }

    /// Does what is asked for.
    ///
    /// # Errors
    /// Where it is not done, with the sentence that says why.
    pub fn grant(&mut self, wish: Wish, may_set_tempo: bool) -> Result<(), String> {
        match wish {
            Wish::Quantum(quantum) => self.quantum = quantum,
            Wish::Tempo(_) if !may_set_tempo => {
                return Err("The tempo belongs to all peers, and synopsia-link was started without --allow-tempo.".to_owned());
            }
            Wish::Tempo(tempo) => {
                self.link.capture_app_session_state(&mut self.line);
                self.line.set_tempo(tempo, self.link.clock_micros());
                self.link.commit_app_session_state(&self.line);
            }
            Wish::Unclear(sentence) => return Err(sentence),
            Wish::Hello | Wish::Bye => {}
        }
        Ok(())
    }

    /// Where the session is, and at which moment that is.
    pub fn look(&mut self) -> (State, SystemTime) {
        self.link.capture_app_session_state(&mut self.line);
        let (now, at) = self.now();
        let line = &self.line;
        let changed = line.time_for_is_playing();
        self.playing_was_told |= line.is_playing() || changed != self.unsaid;
        // What is to begin later has not begun.
        let playing = line.is_playing() != (changed > now);
        let phase = line.phase_at_time(now, self.quantum);
        let state = State {
            tempo: line.tempo(),
            beat: line.beat_at_time(now, self.quantum),
            phase: if phase < self.quantum { phase } else { 0.0 },
            quantum: self.quantum,
            playing: self.playing_was_told.then_some(playing),
            peers: self.link.num_peers(),
            origin: line.time_at_beat(0.0, self.quantum),
        };
        (state, at)
    }

    /// The present moment by Link's clock, in microseconds, and by the system's.
    fn now(&self) -> (i64, SystemTime) {
        let mut closest: Option<(Duration, i64, SystemTime)> = None;
        for _ in 0..TRIES {
            let before = SystemTime::now();
            let now = self.link.clock_micros();
            // A clock that was set back between the two is no measure.
            let took = before.elapsed().unwrap_or(Duration::MAX);
            if closest.is_none_or(|(least, ..)| took < least) {
                closest = Some((took, now, before + took.min(CLOCKS_TOGETHER) / 2));
            }
            if took < CLOCKS_TOGETHER {
                break;
            }
        }
        let (_, now, at) = closest.expect("it was read once at least");
        (now, at)
    }
}
