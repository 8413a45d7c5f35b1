//! Several takes of a piece, of which the one is kept that an ear hears nearest to what was asked.

use super::asked::Asked;
use super::error::ComposeError;
use super::heard::Heard;
use super::instruments::Instruments;
use super::score::Score;
use super::{Composer, Wishes};
use crate::emotion::Ear;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, available_parallelism};
use std::time::{Duration, Instant};

/// Takes that are made at once, at most.
const MOST_WORKERS: usize = 4;
/// After which no more takes are begun.
const PATIENCE: Duration = Duration::from_secs(60);

/// How a piece is chosen.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Among how many takes, at least 1.
    pub takes: usize,
    /// Whose judgement counts.
    pub ear: Ear,
}

/// The take that is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub score: Score,
    pub heard: Heard,
    /// Which it is, from 1 on, and of how many.
    pub number: usize,
    pub takes: usize,
}

impl Composer {
    /// The take that an ear hears nearest to what is asked. Takes are made side by side; which is kept does not depend on
    /// that, unless the time runs out: after a minute no more are begun. `tell` hears how many are made, and answers whether
    /// to go on.
    ///
    /// # Errors
    /// When the instruments or the ear fail, or before a first take was made nobody wants one.
    pub fn best(
        &self,
        asked: &Asked,
        wishes: &Wishes,
        instruments: &Instruments,
        choice: Choice,
        tell: impl Fn(usize) -> bool + Sync,
    ) -> Result<Kept, ComposeError> {
        let begun = Instant::now();
        let (next, made) = (AtomicUsize::new(1), Mutex::new(Vec::new()));
        let worker = || -> Result<(), ComposeError> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let late = number > 1 && begun.elapsed() > PATIENCE;
                if number > choice.takes || late {
                    return Ok(());
                }
                let score = self.take(asked, wishes, number);
                let heard = Heard::of(&score, instruments, choice.ear)?;
                let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
                made.push((heard.distance(asked), number, score, heard));
                if !tell(made.len()) {
                    return Ok(());
                }
            }
        };
        let workers = available_parallelism()
            .map_or(1, NonZero::get)
            .min(MOST_WORKERS);
        thread::scope(|scope| {
            let others: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
            let own = worker();
            let others = others
                .into_iter()
                .map(|other| other.join().unwrap_or(Ok(())));
            others.fold(own, Result::and)
        })?;
        let made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
        let takes = made.len();
        let nearest = made
            .into_iter()
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (_, number, score, heard) =
            nearest.ok_or_else(|| ComposeError::Midi("no take was made".into()))?;
        Ok(Kept {
            score,
            heard,
            number,
            takes,
        })
    }
}
