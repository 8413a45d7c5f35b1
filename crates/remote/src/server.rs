//! A port, and a thread for each connection to it.

use crate::connection::{self, Site};
use crate::gate::Gate;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long is slept where nobody connects.
const PAUSE: Duration = Duration::from_millis(10);

/// How long the end waits for those that are still talked with.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Whether somebody at that address is talked with.
pub type MayTalk = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// What serves a port; it ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    gate: Arc<Gate>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(
        site: Arc<dyn Site>,
        listen: SocketAddr,
        may_talk: MayTalk,
    ) -> Result<Self, String> {
        let cannot = |error| format!("{listen} cannot be listened to: {error}");
        let listener = TcpListener::bind(listen).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let (stop, gate) = (Arc::new(AtomicBool::new(false)), Arc::new(Gate::default()));
        let (stopped, inside) = (Arc::clone(&stop), Arc::clone(&gate));
        let accept = move || {
            while !stopped.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((stream, from)) if may_talk(from.ip()) => {
                        receive(&site, stream, from.ip(), &inside, &stopped);
                    }
                    // Nobody answers a stranger.
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // Nobody is there, or the system has no more to give just now.
                    Err(_) => thread::sleep(PAUSE),
                }
            }
        };
        let builder = thread::Builder::new().name("synopsia-http".into());
        let thread = builder.spawn(accept).map_err(cannot)?;
        Ok(Self {
            address,
            stop,
            gate,
            thread: Some(thread),
        })
    }

    /// Where it is listened.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many talk with it at this moment.
    pub fn guests(&self) -> usize {
        self.gate.seated()
    }
}

/// Has a thread of its own serve a connection; where there is none, it is closed.
fn receive(
    site: &Arc<dyn Site>,
    stream: TcpStream,
    from: IpAddr,
    gate: &Arc<Gate>,
    stop: &Arc<AtomicBool>,
) {
    // What is accepted is not to be as the listener is, which it is on some systems.
    if stream.set_nonblocking(false).is_err() {
        return;
    }
    let Some(pass) = gate.enter(&stream, from) else {
        return;
    };
    let (site, stop) = (Arc::clone(site), Arc::clone(stop));
    let serve = move || connection::serve(&*site, stream, from, pass, &stop);
    let builder = thread::Builder::new().name("synopsia-guest".into());
    let _ = builder.stack_size(256 << 10).spawn(serve);
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.gate.close();
        // Whoever is talked with is told within a moment.
        let mut left = LAST_WORDS;
        while self.gate.seated() > 0 && !left.is_zero() {
            thread::sleep(PAUSE);
            left = left.saturating_sub(PAUSE);
        }
    }
}
