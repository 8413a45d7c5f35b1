//! What one phone and the stage say to each other while the page is open.

use crate::connection::{Said, Talk};
use crate::played::{Guest, Played, TOLD_EVERY};
use crate::told::Told;
use crate::wire;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tungstenite::Message;

/// How many tellings may be on their way: a slow network gets fewer, and never old ones.
const ON_THE_WAY: u64 = 2;

/// A page that says nothing for so long has gone, whatever the network says.
const SILENCE: Duration = Duration::from_secs(3);

/// From one complaint to the next.
const COMPLAINT: Duration = Duration::from_millis(500);

struct Session<'a> {
    played: &'a Played,
    client: u64,
    told: Option<Arc<Told>>,
    told_at: Instant,
    /// The number of what was told last, and of what is known to have arrived.
    sent: u64,
    arrived: u64,
    complained: Option<Instant>,
}

/// Talks with a phone until one of both ends it.
pub(crate) fn talk(played: &Played, mut talk: Talk<'_>) {
    let guest = Guest::new(played);
    let begin = Instant::now();
    let mut session = Session {
        played,
        client: guest.number,
        told: None,
        told_at: begin,
        sent: 0,
        arrived: 0,
        complained: None,
    };
    let hello = wire::hello(&*played.stage, &played.controls);
    let mut goes_on = say(&mut talk, &hello);
    let mut heard = begin;
    while goes_on {
        let said = talk.hear();
        let now = Instant::now();
        match said {
            Said::End => break,
            Said::Text(text) => {
                heard = now;
                goes_on = session.take(&text, now, &mut talk);
            }
            Said::Nothing => {}
        }
        played.steer(|pad| pad.forget(now));
        goes_on &= now.duration_since(heard) < SILENCE && session.tell(now, &mut talk);
    }
}

fn say(talk: &mut Talk<'_>, value: &Value) -> bool {
    talk.say(Message::text(value.to_string()))
}

impl Session<'_> {
    /// Does what a page says; false where it cannot be answered any more.
    fn take(&mut self, text: &str, now: Instant, talk: &mut Talk<'_>) -> bool {
        let (played, client) = (self.played, self.client);
        let said = match wire::read(text, &played.controls) {
            Ok(said) => said,
            Err(why) => return self.complain(&why, now, talk),
        };
        self.arrived = self.arrived.max(said.ack.unwrap_or(0)).min(self.sent);
        match said.pad {
            Some(Some(point)) => played.steer(|pad| pad.hold(client, point, now)),
            Some(None) => played.steer(|pad| pad.release(client)),
            None => {}
        }
        if said.wishes.is_empty() {
            return true;
        }
        match played.stage.wish(&said.wishes) {
            Ok(()) => true,
            Err(why) => self.complain(&why, now, talk),
        }
    }

    fn complain(&mut self, why: &str, now: Instant, talk: &mut Talk<'_>) -> bool {
        let is_due = |at: Instant| now.duration_since(at) >= COMPLAINT;
        if !self.complained.is_none_or(is_due) {
            return true;
        }
        self.complained = Some(now);
        say(talk, &wire::no(why))
    }

    /// Tells what is new, where that is due; false where it cannot be told any more.
    fn tell(&mut self, now: Instant, talk: &mut Talk<'_>) -> bool {
        let is_due = self.told.is_none() || now.duration_since(self.told_at) >= TOLD_EVERY;
        if !is_due || self.sent - self.arrived >= ON_THE_WAY {
            return true;
        }
        let told = self.played.telling.at(now);
        let before = self.told.replace(Arc::clone(&told));
        self.told_at = now;
        let others = before.as_ref().map(|before| &before.presets) != Some(&told.presets);
        if others && !say(talk, &wire::presets(&told.presets)) {
            return false;
        }
        self.sent += 1;
        let stood = |at: usize| before.as_ref().and_then(|told| told.values.get(at));
        let values = told.values.iter().copied().enumerate();
        let moved =
            values.filter(|(at, plain)| stood(*at).map(|x| x.to_bits()) != Some(plain.to_bits()));
        let moved = moved.filter_map(|(at, plain)| {
            let info = self.played.controls.get(at)?;
            Some((info.id.clone(), plain, self.played.stage.worded(at, plain)))
        });
        let guests = self.played.guests();
        let news = wire::news(self.sent, moved, told.heard.as_ref(), guests);
        say(talk, &news)
    }
}
