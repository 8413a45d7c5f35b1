//! The likeliest way through a song from beat to beat.
//!
//! A Viterbi search over (hop of a beat, its length), in the terms of `pointer`: of each hop and each
//! length it is kept how likely the likeliest way is that has a beat of that length end there, and from which length it
//! came. Where the song is not over yet, beats that lie far enough behind are decided by the way that is the likeliest by
//! now: by then nearly all others have come the same way.

use super::network::{Heard, TEMPOS};
use super::periods::{PLACES, Period, REACH, periods, speaks};

/// Numbers by period of the last hops, as many as the longest beat has and one more.
struct Recent {
    rows: Vec<Box<[f64]>>,
}

impl Recent {
    fn new(hops: usize, periods: usize) -> Self {
        let rows = (0..hops).map(|_| vec![0.0; periods].into());
        Self {
            rows: rows.collect(),
        }
    }

    fn at(&self, hop: usize) -> &[f64] {
        &self.rows[hop % self.rows.len()]
    }

    fn at_mut(&mut self, hop: usize) -> &mut [f64] {
        let hop = hop % self.rows.len();
        &mut self.rows[hop]
    }
}

/// What speaks for beats about a hop, and what for tempos at it, until all of it is known.
#[derive(Clone, Copy)]
struct Waiting {
    on_beat: f64,
    tempos: Option<[f32; TEMPOS]>,
    attention: f32,
}

impl Waiting {
    const NEW: Self = Self {
        on_beat: 0.0,
        tempos: None,
        attention: 0.0,
    };
}

/// Which periods may lead to one, and the logarithms of how likely each does.
struct Before {
    first: usize,
    logs: Box<[f64]>,
}

impl Before {
    fn of(to: usize, periods: &[Period]) -> Self {
        let share = |period: &Period| {
            let next = to.checked_sub(period.next.start)?;
            period.shares.get(next).copied()
        };
        let leads = |period: &&Period| share(period).is_some();
        let logs = periods.iter().filter(leads).filter_map(share);
        Self {
            first: periods
                .iter()
                .position(|period| leads(&period))
                .unwrap_or(to),
            logs: logs.map(|share| f64::from(share).ln()).collect(),
        }
    }
}

/// Hops from one decision to the next.
const PAUSE: usize = 8;

/// Decided hops of which the ways are kept before they are forgotten together.
const KEPT: usize = 512;

/// The search, as far as it has come.
pub(super) struct Search {
    periods: Box<[Period]>,
    /// Of each period.
    before: Box<[Before]>,
    best: Recent,
    /// The sums of what speaks for each period, of all hops up to one.
    leans: Recent,
    /// From which period the likeliest way came, by hop and period, and the first hop of which that is kept.
    from: Vec<u8>,
    kept: usize,
    /// The last beat that was decided.
    decided: Option<usize>,
    /// Hops that have been gone through.
    hop: usize,
    /// Places of `waiting` that lie before the song.
    ahead: usize,
    /// Hops that were heard.
    heard: usize,
    /// The hops whose neighbours are not all known.
    waiting: [Waiting; PLACES],
}

impl Search {
    /// A search at the beginning of a song.
    pub fn new(hop_seconds: f64) -> Self {
        let periods = periods(hop_seconds);
        let longest = periods.last().map_or(0, |period| period.length);
        let before = |to: usize| Before::of(to, &periods);
        Self {
            before: (0..periods.len()).map(before).collect(),
            best: Recent::new(longest + 1, periods.len()),
            leans: Recent::new(longest + 1, periods.len()),
            periods,
            from: Vec::new(),
            kept: 0,
            decided: None,
            hop: 0,
            ahead: REACH,
            heard: 0,
            waiting: [Waiting::NEW; PLACES],
        }
    }

    /// Takes in the next hop, of which the network tells that, and how much it counts, 0 to 1.
    pub fn hear(&mut self, heard: &Heard, attention: f32) {
        for (waiting, speaks) in self.waiting.iter_mut().zip(speaks(heard.beat)) {
            waiting.on_beat += f64::from(attention * speaks);
        }
        self.waiting[REACH].tempos = Some(heard.tempos);
        self.waiting[REACH].attention = attention;
        self.heard += 1;
        self.shift();
    }

    /// Goes on by a hop where all of it is known.
    fn shift(&mut self) {
        let [first, ..] = self.waiting;
        self.waiting.rotate_left(1);
        self.waiting[PLACES - 1] = Waiting::NEW;
        match self.ahead {
            0 => self.go(&first),
            _ => self.ahead -= 1,
        }
    }

    fn go(&mut self, now: &Waiting) {
        let hop = self.hop;
        for (index, period) in self.periods.iter().enumerate() {
            let before = hop
                .checked_sub(1)
                .map_or(0.0, |before| self.leans.at(before)[index]);
            let lean = now
                .tempos
                .map_or(0.0, |tempos| now.attention * period.lean(&tempos));
            self.leans.at_mut(hop)[index] = before + f64::from(lean);
        }
        for (index, period) in self.periods.iter().enumerate() {
            let leans = self.leans.at(hop)[index];
            let (score, from) = match hop.checked_sub(period.length) {
                // The first beat, whose phase is free.
                None => {
                    let any = f64::from(period.prior) / period.length as f64;
                    (any.ln() + leans, index)
                }
                Some(start) => {
                    let (score, from) = self.likeliest_before(start, index);
                    (score + leans - self.leans.at(start)[index], from)
                }
            };
            self.best.at_mut(hop)[index] = score + now.on_beat;
            self.from.push(from as u8);
        }
        self.hop += 1;
    }

    /// The likeliest way to a beat at `start` after which one of that period comes.
    fn likeliest_before(&self, start: usize, index: usize) -> (f64, usize) {
        let Before { first, logs } = &self.before[index];
        let best = &self.best.at(start)[*first..];
        let ways = best.iter().zip(logs).map(|(best, log)| best + log);
        let ways = ways.zip(*first..);
        ways.fold(
            (f64::MIN, *first),
            |most, way| if way.0 > most.0 { way } else { most },
        )
    }

    /// The hops of the beats that lie `lag` hops back by now and have not been told: they stay as they are, whatever
    /// comes.
    pub fn decide(&mut self, lag: usize) -> Vec<usize> {
        let due = self.hop.is_multiple_of(PAUSE) && self.hop > lag;
        let Some(now) = self.hop.checked_sub(1).filter(|_| due) else {
            return Vec::new();
        };
        let longest = self.periods.last().map_or(0, |period| period.length);
        let (mut most, mut state) = (f64::MIN, (now, 0));
        for hop in (now + 1).saturating_sub(longest)..=now {
            let (best, leans) = (self.best.at(hop), self.leans.at(hop));
            for (of, period) in self.periods.iter().enumerate() {
                // What has passed of the beat that has begun there speaks for its length.
                let score = best[of] + self.leans.at(now)[of] - leans[of];
                if hop + period.length > now && score > most {
                    (most, state) = (score, (hop, of));
                }
            }
        }
        let mut beats = self.way_to(state);
        beats.retain(|&beat| beat + lag <= self.hop);
        self.decided = beats.last().copied().or(self.decided);
        let forget = self.decided.map_or(0, |beat| beat - self.kept);
        if forget > KEPT {
            self.from.drain(..forget * self.periods.len());
            self.kept += forget;
        }
        beats
    }

    /// The hops of the beats of the likeliest way that have not been told, and one at or after the end.
    pub fn end(mut self) -> Vec<usize> {
        let (mut most, mut state) = (f64::MIN, (0, 0));
        let longest = self.periods.last().map_or(0, |period| period.length);
        // What follows the end is silence, which says nothing.
        while self.hop < self.heard + longest {
            self.shift();
            let Some(now) = self.hop.checked_sub(1) else {
                continue;
            };
            for (of, period) in self.periods.iter().enumerate() {
                let within = (self.heard..self.heard + period.length).contains(&now);
                if within && self.best.at(now)[of] > most {
                    (most, state) = (self.best.at(now)[of], (now, of));
                }
            }
        }
        self.way_to(state)
    }

    /// Bytes that are kept of what was heard.
    #[cfg(test)]
    pub fn kept(&self) -> usize {
        self.from.capacity()
    }

    /// The hops of the beats on the likeliest way to one that has a period, from the first that was not told.
    fn way_to(&self, (mut hop, mut index): (usize, usize)) -> Vec<usize> {
        let mut beats = Vec::new();
        // A way that has not come by the last beat that was told joins it at the next that is not too near.
        while self
            .decided
            .is_none_or(|last| hop > last + self.periods[index].length / 2)
        {
            beats.push(hop);
            let Some(before) = hop.checked_sub(self.periods[index].length) else {
                break;
            };
            index = usize::from(self.from[(hop - self.kept) * self.periods.len() + index]);
            hop = before;
        }
        beats.reverse();
        beats
    }
}
