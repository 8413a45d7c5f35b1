//! Open Sound Control: controls are moved, and what is heard and felt is told, over UDP.
//!
//! `/synopsia/1/<control>` takes a plain value or a word, and with `/normalised` behind it a share of the range; without a
//! value it is answered. What comes is gathered for some milliseconds and set as all sources' moves are, so that a flood of
//! messages moves each control no oftener than that. A thread reads, decides and tells; the audio thread knows nothing of it.

mod allowed;
pub(super) mod packet;
mod telling;
mod wishes;

use super::control_source::ControlSource;
use super::shared::Shared;
use crate::control::{Control, Setting, Snapshot};
pub use allowed::Allowed;
use allowed::{THIS_MACHINE, may_send};
use parking_lot::Mutex;
use rosc::OscMessage;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};
use telling::Events;
use wishes::Wish;

/// How long is waited for a message before it is looked what is to be told.
const WAIT: Duration = Duration::from_millis(4);

/// Datagrams that are read before it is looked what is to be told.
const AT_A_TIME: usize = 512;

/// Messages that wait for their time, and how far ahead that may be.
const MOST_WAITING: usize = 4096;
const FARTHEST: Duration = Duration::from_secs(60);

/// From one complaint about what is sent to the next.
const COMPLAINT: Duration = Duration::from_secs(2);

/// The number of the instance, in addresses.
const NUMBER: u32 = 1;

/// Where messages come from, and where they go.
#[derive(Clone, Debug, PartialEq)]
pub struct OscSetup {
    /// Where messages are listened for; port 0 for any.
    pub listen: Option<SocketAddr>,
    /// Who may send beside this machine.
    pub allow: Vec<Allowed>,
    /// To whom it is told what is heard, and where controls stand.
    pub to: Vec<SocketAddr>,
    /// How often a second the mood is told, at most.
    pub rate: f64,
}

impl Default for OscSetup {
    fn default() -> Self {
        Self {
            listen: None,
            allow: Vec::new(),
            to: Vec::new(),
            rate: 30.0,
        }
    }
}

/// Moves that were not made yet, the newest of each control.
#[derive(Clone, Default)]
struct Pending {
    moves: Arc<Mutex<Vec<Setting>>>,
    closed: Arc<AtomicBool>,
}

impl Pending {
    fn push(&self, setting: Setting) {
        let mut moves = self.moves.lock();
        moves.retain(|other| other.control != setting.control);
        moves.push(setting);
    }

    /// Where controls stand, as soon as all has been set.
    fn over(&self, mut all: Snapshot) -> Snapshot {
        self.moves.lock().iter().for_each(|it| it.apply(&mut all));
        all
    }
}

impl ControlSource for Pending {
    fn moves(&mut self, _: &Snapshot) -> Vec<Setting> {
        std::mem::take(&mut *self.moves.lock())
    }

    fn is_open(&self) -> bool {
        !self.closed.load(Ordering::Relaxed)
    }
}

/// An open connection; it ends with the thread that serves it.
pub(super) struct Osc {
    socket: UdpSocket,
    setup: OscSetup,
    pending: Pending,
}

impl Drop for Osc {
    fn drop(&mut self) {
        self.pending.closed.store(true, Ordering::Relaxed);
    }
}

impl Osc {
    /// Opens it for an instance.
    ///
    /// # Errors
    /// In a sentence: when the port is taken, the address is not this machine's, or it can be reached by others and nobody was
    /// let in.
    pub(super) fn open(setup: OscSetup, shared: &Shared) -> Result<Self, String> {
        if let Some(at) = setup.listen
            && !at.ip().is_loopback()
            && setup.allow.is_empty()
        {
            return Err(format!(
                "OSC at {at} can be reached from other machines: name those that may send (an address, a net such as \
                 192.168.1.0/24, or any)"
            ));
        }
        let beyond = |to: &SocketAddr| !to.ip().is_loopback();
        let v6 = setup.to.iter().any(SocketAddr::is_ipv6);
        let any = match setup.to.iter().any(beyond) {
            _ if v6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
            true => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            false => THIS_MACHINE,
        };
        let at = setup.listen.unwrap_or(SocketAddr::new(any, 0));
        let cannot = |error| format!("OSC cannot use {at}: {error}");
        let socket = UdpSocket::bind(at).map_err(cannot)?;
        socket.set_read_timeout(Some(WAIT)).map_err(cannot)?;
        let pending = Pending::default();
        shared.add_source(pending.clone());
        Ok(Self {
            socket,
            setup,
            pending,
        })
    }

    /// Where messages are listened for.
    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.setup.listen?;
        self.socket.local_addr().ok()
    }

    /// Serves it until told to stop.
    pub(super) fn serve(&self, shared: &Shared, stop: &AtomicBool) {
        let mut server = Server {
            osc: self,
            shared,
            told: (shared.snapshot)(),
            events: Events::default(),
            mood_told: None,
            waiting: Vec::new(),
            complained: None,
        };
        let mut datagram = vec![0; 1 << 16];
        while !stop.load(Ordering::Relaxed) {
            server.read(&mut datagram);
            server.do_what_is_due();
            // Not with the next picture, which may be long in coming.
            shared.serve_sources();
            server.tell();
        }
    }

    fn send(&self, messages: Vec<OscMessage>, to: &[SocketAddr]) {
        if messages.is_empty() || to.is_empty() {
            return;
        }
        for datagram in telling::datagrams(messages) {
            for to in to {
                // Whoever is not there hears nothing.
                let _ = self.socket.send_to(&datagram, to);
            }
        }
    }
}

struct Server<'a> {
    osc: &'a Osc,
    shared: &'a Shared,
    /// Where controls stood when it was told last.
    told: Snapshot,
    events: Events,
    mood_told: Option<Instant>,
    waiting: Vec<(SystemTime, OscMessage)>,
    complained: Option<Instant>,
}

impl Server<'_> {
    /// Waits a while for what comes, and reads all that has come.
    fn read(&mut self, datagram: &mut [u8]) {
        let socket = &self.osc.socket;
        for n in 0..AT_A_TIME {
            // For the first one only. A socket that cannot be told so waits for each.
            let _ = (n == 1).then(|| socket.set_nonblocking(true));
            let (length, from) = match socket.recv_from(datagram) {
                Ok(read) => read,
                // Nothing more; or the system tells that an older message found nobody.
                Err(_) => break,
            };
            if self.osc.setup.listen.is_none() {
                continue;
            }
            if !may_send(from.ip(), &self.osc.setup.allow) {
                let who = from.ip();
                self.complain(format!(
                    "OSC from {who} is not listened to: nobody let it in"
                ));
                continue;
            }
            match packet::read(&datagram[..length]) {
                Ok(messages) => {
                    for (at, message) in messages {
                        self.take(at, message, from);
                    }
                }
                Err(fault) => {
                    let what = match fault {
                        packet::Malformed::NoOsc => "no OSC, or cut off",
                        packet::Malformed::Nested => "too deeply nested",
                    };
                    self.complain(format!("what {from} sends is {what}"));
                }
            }
        }
        let _ = socket.set_nonblocking(false);
    }

    /// Does what a message asks for, or has it wait for its time.
    fn take(&mut self, at: Option<SystemTime>, message: OscMessage, from: SocketAddr) {
        let ahead = at.and_then(|at| at.duration_since(SystemTime::now()).ok());
        match (at, ahead) {
            (Some(at), Some(ahead)) if ahead > Duration::ZERO => {
                if ahead > FARTHEST || self.waiting.len() >= MOST_WAITING {
                    let address = &message.addr;
                    self.complain(format!("{address} is to count too far ahead, and is left"));
                } else {
                    self.waiting.push((at, message));
                }
            }
            _ => self.obey(&message, Some(from)),
        }
    }

    fn do_what_is_due(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let now = SystemTime::now();
        let (mut due, waiting): (Vec<_>, Vec<_>) =
            self.waiting.drain(..).partition(|(at, _)| *at <= now);
        self.waiting = waiting;
        due.sort_by_key(|(at, _)| *at);
        for (_, message) in due {
            self.obey(&message, None);
        }
    }

    fn obey(&mut self, message: &OscMessage, from: Option<SocketAddr>) {
        let wishes = match wishes::of(message, NUMBER) {
            Ok(wishes) => wishes,
            Err(why) => return self.complain(format!("OSC: {why}")),
        };
        let mut answer = Vec::new();
        for wish in wishes {
            match wish {
                Wish::Set(setting) => self.osc.pending.push(setting),
                Wish::Tell(control) => {
                    let all = self.osc.pending.over((self.shared.snapshot)());
                    answer.push(telling::stand(NUMBER, control, &all));
                }
                Wish::Beat(wish) => self.shared.beat(wish),
                Wish::NewSeed => self.shared.new_seed(),
                Wish::Seed(seed) => self.shared.setup.lock().seed = seed,
                Wish::KeepStill => self.shared.keep_still(),
            }
        }
        if let Some(from) = from {
            self.osc.send(answer, &[from]);
        }
    }

    /// Tells where controls stand that have been moved, what has happened, and now and then how the music feels.
    fn tell(&mut self) {
        let to = &self.osc.setup.to;
        if to.is_empty() {
            return;
        }
        let all = (self.shared.snapshot)();
        let moved =
            |control: &Control| control.get(&all).to_bits() != control.get(&self.told).to_bits();
        let moved = Control::ALL.into_iter().filter(moved);
        let mut told: Vec<_> = moved
            .map(|control| telling::stand(NUMBER, control, &all))
            .collect();
        if all.controls.steering.manual != self.told.controls.steering.manual {
            told.push(telling::own_mood(NUMBER, &all));
        }
        self.told = all;
        if let Some(now) = self.shared.status.now() {
            told.extend(self.events.since(NUMBER, &now));
            let pause = Duration::from_secs_f64(1.0 / self.osc.setup.rate.max(0.1));
            if self.mood_told.is_none_or(|at| at.elapsed() >= pause) {
                self.mood_told = Some(Instant::now());
                told.extend(telling::mood(NUMBER, &now));
            }
        }
        self.osc.send(told, to);
    }

    fn complain(&mut self, what: String) {
        if self.complained.is_none_or(|at| at.elapsed() >= COMPLAINT) {
            self.complained = Some(Instant::now());
            self.shared.status.report_once(what);
        }
    }
}

#[cfg(test)]
mod tests;
