//! Ableton Link, by a helper program: Link's licence is the GPL, so it is a process of its own (docs/link.md).

use super::Clocks;
use super::session::State;
use crate::live::shared::Shared;
use parking_lot::Mutex;
use rosc::{OscMessage, OscPacket, encoder};
use std::env;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// The program, and where it listens if nobody says otherwise.
const PROGRAM: &str = "synopsia-link";
const PORT: u16 = 20_909;

/// It is told so often that somebody listens.
const HELLO: Duration = Duration::from_millis(700);

/// How long is waited for what it says, and after it could not be started.
const WAIT: Duration = Duration::from_millis(50);
const TRY_AGAIN: Duration = Duration::from_secs(5);

/// How long a helper has to leave its session.
const FAREWELL: Duration = Duration::from_millis(400);

/// The helper, as far as it is ours.
#[derive(Default)]
struct Helper {
    child: Option<Child>,
    tried: Option<Instant>,
}

impl Helper {
    /// Starts it where none runs; in a sentence why it cannot be.
    fn start(&mut self) -> Result<(), String> {
        if let Some(child) = &mut self.child
            && matches!(child.try_wait(), Ok(None))
        {
            return Ok(());
        }
        self.child = None;
        if self.tried.is_some_and(|at| at.elapsed() < TRY_AGAIN) {
            return Ok(());
        }
        self.tried = Some(Instant::now());
        let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
        let beside = env::current_exe().ok().map(|own| own.with_file_name(&name));
        let program = beside
            .filter(|path| path.is_file())
            .unwrap_or(PathBuf::from(name));
        let started = Command::new(program)
            .args(["--with-parent", "--port", &PORT.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Ok(child) => self.child = Some(child),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(format!(
                    "Ableton Link needs the program {PROGRAM} beside Synopsia or on the PATH (docs/link.md)"
                ));
            }
            Err(error) => return Err(format!("{PROGRAM} cannot be started: {error}")),
        }
        Ok(())
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It ends as its standard input does, and says farewell to others; whoever does not is ended.
            drop(child.stdin.take());
            let begun = Instant::now();
            while begun.elapsed() < FAREWELL && matches!(child.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(10));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Where the helper listens.
pub(in crate::live) fn usual() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, PORT))
}

/// Listens to a helper until told to stop; one is started where none answers at its usual place.
pub(in crate::live) fn listen(helper_at: SocketAddr, shared: &Shared, stop: &AtomicBool) {
    let socket = match open(helper_at) {
        Ok(socket) => socket,
        Err(error) => {
            shared
                .status
                .report(format!("Ableton Link cannot be heard: {error}"));
            while !stop.load(Ordering::Relaxed) {
                std::thread::park_timeout(TRY_AGAIN);
            }
            return;
        }
    };
    let mut helper = Helper::default();
    let (mut greeted, mut heard): (Option<Instant>, Instant) = (None, Instant::now());
    let mut datagram = [0; 1024];
    while !stop.load(Ordering::Relaxed) {
        if greeted.is_none_or(|at| at.elapsed() >= HELLO) {
            greeted = Some(Instant::now());
            say(&socket, "hello");
        }
        // An error says that nobody is there.
        if let Ok(length) = socket.recv(&mut datagram) {
            let (now, system) = (Instant::now(), SystemTime::now());
            if let Some(state) = State::read(&datagram[..length], now, system) {
                heard = now;
                take(&shared.clocks, state);
            }
        } else {
            std::thread::park_timeout(WAIT);
        }
        if heard.elapsed() > 2 * HELLO
            && helper_at == usual()
            && let Err(problem) = helper.start()
        {
            shared.status.report_once(problem);
        }
    }
    say(&socket, "bye");
    shared.clocks.lock().link = None;
}

/// Keeps what is newer than what is known.
fn take(clocks: &Mutex<Clocks>, state: State) {
    let link = &mut clocks.lock().link;
    if link.is_none_or(|last| last.at <= state.at) {
        *link = Some(state);
    }
}

fn open(helper: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.connect(helper)?;
    socket.set_read_timeout(Some(WAIT))?;
    Ok(socket)
}

/// Says a word to the helper.
fn say(socket: &UdpSocket, word: &str) {
    let message = OscPacket::Message(OscMessage {
        addr: format!("/synopsia/link/{word}"),
        args: Vec::new(),
    });
    if let Ok(bytes) = encoder::encode(&message) {
        // Nobody may be there yet.
        let _ = socket.send(&bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::clocks::session::told;
    use crate::live::osc::packet;
    use crate::live::{Clock, Live, Snapshot, TempoSource};

    #[test]
    fn a_helper_is_greeted_and_leads_while_others_are_there() {
        let helper = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        helper
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let live = Live::new(Snapshot::default);
        live.follow_link(helper.local_addr().unwrap()).unwrap();
        assert_eq!(live.clock(), Clock::Link);
        let mut datagram = [0; 1024];
        let (length, listener) = helper.recv_from(&mut datagram).unwrap();
        let hello = packet::read(&datagram[..length]).unwrap();
        assert_eq!(hello[0].1.addr, "/synopsia/link/hello");
        let led = || live.shared.clocks.lock().led(Instant::now(), 0, 48_000.0);
        let until = |peers: i32, is_so: &dyn Fn() -> bool| {
            let begun = Instant::now();
            while !is_so() {
                assert!(begun.elapsed() < Duration::from_secs(20));
                let sent = told(Duration::ZERO, [90.0, 0.0, 2.0, 3.0], peers);
                helper.send_to(&sent, listener).unwrap();
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        until(2, &|| led().is_some());
        let (led_by, source) = led().unwrap_or_else(|| {
            until(2, &|| led().is_some());
            led().expect("a moment ago it led")
        });
        assert_eq!(source, TempoSource::Link(2));
        assert_eq!((led_by.period, led_by.per_bar), (32_000.0, Some(3)));
        // Alone, its tempo is nobody's.
        until(0, &|| {
            live.clock_problem()
                .is_some_and(|said| said.contains("nobody"))
        });
        assert_eq!(led(), None);
        live.follow(Clock::Heard).unwrap();
        assert_eq!(live.shared.clocks.lock().link, None);
    }
}
