//! Ableton Link for Synopsia.
//!
//! Joins the Link session of the network and tells, over OSC on this machine alone, where its beat is. It is a program
//! of its own since Link's licence is the GPL; `docs/link.md` has the protocol.

mod listeners;
mod message;
mod session;

use clap::Parser;
use listeners::Listeners;
use message::Wish;
use session::Session;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How often the session is looked at. A tempo that changes is a beat that is wrong until then: at most by 1 ms.
const LOOK: Duration = Duration::from_millis(1);

/// While nobody listens.
const REST: Duration = Duration::from_millis(20);

/// What has not changed is told again after this long.
const AGAIN: Duration = Duration::from_millis(10);

/// Wishes that wait to be done. More than these are dropped: whoever sends so many is not one of ours.
const WAITING: usize = 64;

/// Longer datagrams are none of ours, and bundles within bundles end here, too.
const LONGEST: usize = 512;

/// Joins the Ableton Link session of this network, and tells Synopsia where its beat is (OSC, on this machine only).
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// UDP port of 127.0.0.1 that is listened to; 0 takes a free one.
    #[arg(long, default_value_t = 20909)]
    port: u16,
    /// Beats a minute until others are met, whose tempo counts.
    #[arg(long, default_value_t = 120.0, value_parser = message::tempo)]
    tempo: f64,
    /// Beats of a bar, by which bars of all peers begin together.
    #[arg(long, default_value_t = 4.0, value_parser = message::quantum)]
    quantum: f64,
    /// Let Synopsia propose a tempo to all peers. Without this it is never changed for others.
    #[arg(long)]
    allow_tempo: bool,
    /// End when the standard input does, as it does with the program that started this one.
    #[arg(long)]
    with_parent: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, options.port)).map_err(|error| {
        let port = options.port;
        format!("UDP port {port} of this machine cannot be listened to ({error}): another synopsia-link may be running, which does for all, or choose one with --port.")
    })?;
    let port = socket
        .local_addr()
        .map_err(|error| error.to_string())?
        .port();
    let ends = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&ends);
    ctrlc::set_handler(move || end.store(true, Ordering::Relaxed))
        .map_err(|error| format!("signals cannot be waited for: {error}"))?;
    if options.with_parent {
        end_with_input(&ends);
    }
    let listeners = Arc::new(Mutex::new(Listeners::default()));
    let (ask, wishes) = sync_channel(WAITING);
    let reader = socket.try_clone().map_err(|error| error.to_string())?;
    let heard = Arc::clone(&listeners);
    thread::spawn(move || read(&reader, &heard, &ask));
    println!("synopsia-link listens on 127.0.0.1:{port}");
    // A parent that has gone is told by the end of its pipe, not by what is written to it.
    _ = std::io::stdout().flush();
    tell(options, &socket, &listeners, &wishes, &ends);
    Ok(())
}

/// Sets `ends` once the standard input has ended.
fn end_with_input(ends: &Arc<AtomicBool>) {
    let ends = Arc::clone(ends);
    thread::spawn(move || {
        let mut rubbish = [0; 256];
        while matches!(std::io::stdin().read(&mut rubbish), Ok(1..)) {}
        ends.store(true, Ordering::Relaxed);
    });
}

/// Reads what listeners send, for as long as the process runs.
fn read(socket: &UdpSocket, listeners: &Mutex<Listeners>, ask: &SyncSender<(Wish, SocketAddr)>) {
    let mut datagram = [0; LONGEST];
    loop {
        // A listener that has gone makes the next read fail on some systems: that is no reason to end.
        let Ok((length, from)) = socket.recv_from(&mut datagram) else {
            thread::sleep(LOOK);
            continue;
        };
        for wish in message::read(&datagram[..length]) {
            let mut listeners = listeners.lock().expect("no thread fails with it");
            match wish {
                Wish::Hello => listeners.hello(from, Instant::now()),
                Wish::Bye => listeners.bye(from),
                Wish::Tempo(_) | Wish::Quantum(_) | Wish::Unclear(_) => {
                    _ = ask.try_send((wish, from))
                }
            }
        }
    }
}

/// Tells all listeners where the session is, until `ends`.
fn tell(
    options: &Options,
    socket: &UdpSocket,
    listeners: &Mutex<Listeners>,
    wishes: &Receiver<(Wish, SocketAddr)>,
    ends: &AtomicBool,
) {
    let mut session = Session::join(options.tempo, options.quantum);
    let mut told = None;
    let mut due = Instant::now();
    while !ends.load(Ordering::Relaxed) {
        while let Ok((wish, from)) = wishes.try_recv() {
            if let Err(sentence) = session.grant(wish, options.allow_tempo) {
                _ = socket.send_to(&message::refusal(sentence), from);
            }
        }
        let now = Instant::now();
        let to = listeners
            .lock()
            .expect("no thread fails with it")
            .present(now);
        if to.is_empty() {
            thread::sleep(REST);
            continue;
        }
        let (state, at) = session.look();
        let is_new = told.as_ref().is_none_or(|last| state.differs_from(last));
        if is_new || now >= due {
            let datagram = message::state(&state, at);
            for listener in to {
                // One that has gone is forgotten when it has not said hello for a while.
                _ = socket.send_to(&datagram, listener);
            }
            told = Some(state);
            due = now + AGAIN;
        }
        thread::sleep(LOOK);
    }
}
