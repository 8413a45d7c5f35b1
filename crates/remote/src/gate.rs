//! How many are let in at a time.
//!
//! Whoever has not shown yet that it may stay is a stranger: where there are too many, the one that waited longest is shown
//! out, the own ones of an address first. Whoever may stay takes one of the seats, which nobody else can take away.

use parking_lot::Mutex;
use std::net::{IpAddr, Shutdown, TcpStream};
use std::sync::Arc;

/// Strangers at a time, of one address and of all.
const OF_ONE: usize = 12;
const OF_ALL: usize = 48;

/// Those that may stay.
pub(crate) const SEATS: usize = 16;

struct Stranger {
    id: u64,
    from: IpAddr,
    /// By which it is shown out.
    stream: TcpStream,
}

#[derive(Default)]
struct Inside {
    next: u64,
    strangers: Vec<Stranger>,
    seated: usize,
}

#[derive(Default)]
pub(crate) struct Gate(Mutex<Inside>);

/// Somebody who is inside until this is dropped.
pub(crate) struct Pass {
    gate: Arc<Gate>,
    id: u64,
    is_seated: bool,
}

impl Gate {
    /// Lets somebody in, and shows others out for that where there are too many. None where the system has nothing left for it.
    pub(crate) fn enter(self: &Arc<Self>, stream: &TcpStream, from: IpAddr) -> Option<Pass> {
        let stream = stream.try_clone().ok()?;
        let mut inside = self.0.lock();
        let strangers = &mut inside.strangers;
        let own = |stranger: &Stranger| stranger.from == from;
        let of_one = strangers.iter().filter(|stranger| own(stranger)).count();
        let out = match (of_one >= OF_ONE, strangers.len() >= OF_ALL) {
            (true, _) => strangers.iter().position(own),
            (false, true) => Some(0),
            (false, false) => None,
        };
        if let Some(out) = out {
            let _ = strangers.remove(out).stream.shutdown(Shutdown::Both);
        }
        inside.next += 1;
        let id = inside.next;
        inside.strangers.push(Stranger { id, from, stream });
        Some(Pass {
            gate: Arc::clone(self),
            id,
            is_seated: false,
        })
    }

    /// How many may stay and are there.
    pub(crate) fn seated(&self) -> usize {
        self.0.lock().seated
    }

    /// Shows out whoever has not shown that it may stay.
    pub(crate) fn close(&self) {
        for stranger in self.0.lock().strangers.drain(..) {
            let _ = stranger.stream.shutdown(Shutdown::Both);
        }
    }
}

impl Pass {
    /// Takes a seat; says whether there was one.
    pub(crate) fn sit(&mut self) -> bool {
        let mut inside = self.gate.0.lock();
        if self.is_seated || inside.seated >= SEATS {
            return self.is_seated;
        }
        inside.seated += 1;
        inside.strangers.retain(|stranger| stranger.id != self.id);
        self.is_seated = true;
        true
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = self.gate.0.lock();
        inside.strangers.retain(|stranger| stranger.id != self.id);
        inside.seated -= usize::from(self.is_seated);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::TcpListener;

    fn stream(listener: &TcpListener) -> (TcpStream, TcpStream) {
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (client, listener.accept().unwrap().0)
    }

    #[test]
    fn whoever_waits_longest_is_shown_out_of_ones_own_first_and_nobody_from_a_seat() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let gate = Arc::new(Gate::default());
        let at = |n: usize| IpAddr::from([10, 0, 0, n as u8]);
        let enter = |from| {
            let (client, stream) = stream(&listener);
            (client, gate.enter(&stream, from).unwrap(), stream)
        };
        let (mut guest, mut seat, _guests) = enter(at(1));
        assert!(seat.sit() && seat.sit());
        let mut many: Vec<_> = (0..=OF_ONE).map(|_| enter(at(1))).collect();
        let mut byte = [0];
        // Its stream has ended, where the others' wait.
        assert_eq!(many[0].0.read(&mut byte).unwrap(), 0);
        let others: Vec<_> = (0..OF_ALL - OF_ONE).map(|n| enter(at(100 + n))).collect();
        many[1].0.set_nonblocking(true).unwrap();
        assert!(many[1].0.read(&mut byte).is_err());
        let last = enter(at(99));
        many[1].0.set_nonblocking(false).unwrap();
        assert_eq!(many[1].0.read(&mut byte).unwrap(), 0);
        assert_eq!(gate.0.lock().strangers.len(), OF_ALL);
        guest.set_nonblocking(true).unwrap();
        assert!(guest.read(&mut byte).is_err());
        assert_eq!(gate.seated(), 1);
        drop((many, others, last, seat));
        assert!(gate.0.lock().strangers.is_empty());
        assert_eq!(gate.seated(), 0);
    }
}
