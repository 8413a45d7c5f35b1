//! A process of ffmpeg's, and whether it is getting anywhere.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use crate::ffmpeg::listen;

/// Blocks that it may be ahead.
const AHEAD: usize = 8;

/// Bytes in a block, about.
const BLOCK: usize = 1 << 16;

/// How long nothing may come from a process that is idle, and from one that is at work: on a busy
/// machine it waits for its turn.
const IDLE: Duration = Duration::from_secs(10);
const AT_WORK: Duration = Duration::from_secs(60);

/// How often it is looked at meanwhile.
const LOOK: Duration = Duration::from_millis(500);

/// A running process, and what comes from it.
pub(super) struct Running {
    child: Child,
    blocks: Receiver<Vec<u8>>,
    complaints: Option<JoinHandle<String>>,
    stuck: bool,
}

impl Running {
    /// Starts `command`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(mut command: Command) -> io::Result<Self> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (sender, blocks) = bounded(AHEAD);
        let output = child.stdout.take();
        std::thread::spawn(move || {
            let Some(mut output) = output else { return };
            loop {
                let mut block = Vec::with_capacity(BLOCK);
                match output.by_ref().take(BLOCK as u64).read_to_end(&mut block) {
                    Ok(read) if read > 0 && sender.send(block).is_ok() => {}
                    _ => break,
                }
            }
        });
        let complaints = child.stderr.take().map(listen);
        Ok(Self {
            child,
            blocks,
            complaints,
            stuck: false,
        })
    }

    /// Waits for the next block; `None` at the end.
    ///
    /// # Errors
    /// When it is stuck, and was ended.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let begun = Instant::now();
        let (mut idle_since, mut progress) = (begun, None);
        loop {
            match self.blocks.recv_timeout(LOOK) {
                Ok(block) => return Ok(Some(block)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
            match work(self.child.id()) {
                Work::Idle { read } if progress == Some(read) => {}
                Work::Idle { read } => (progress, idle_since) = (Some(read), Instant::now()),
                Work::Busy => idle_since = Instant::now(),
            }
            if idle_since.elapsed() >= IDLE || begun.elapsed() >= AT_WORK {
                self.stuck = true;
                self.kill();
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }

    /// Waits until it has ended; whether it had nothing to complain of.
    ///
    /// # Errors
    /// When the system does not say.
    pub(super) fn succeeds(&mut self) -> io::Result<bool> {
        Ok(self.child.wait()?.success())
    }

    /// Ends it, and returns what it has said.
    pub(super) fn said(&mut self) -> String {
        self.kill();
        if self.stuck {
            let seconds = IDLE.as_secs();
            return format!("nothing came from it for {seconds} seconds, and it was ended");
        }
        let listener = self.complaints.take();
        listener
            .and_then(|listener| listener.join().ok())
            .unwrap_or_default()
    }

    /// Ends it, with whatever it has started itself.
    fn kill(&mut self) {
        // One that has ended cannot be killed, and its number may be another's.
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        #[cfg(unix)]
        // SAFETY: a plain call; the group is the child's own, which has not been waited for.
        unsafe {
            libc::kill(-(self.child.id() as libc::pid_t), libc::SIGKILL);
        }
        let _ = self.child.kill();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What is no longer wanted need not be done.
        self.kill();
        let _ = self.child.wait();
    }
}

/// What a process does.
enum Work {
    /// It sleeps, and has read so many bytes.
    Idle { read: u64 },
    /// It runs, or would if it had its turn, or if the disk were faster.
    Busy,
}

#[cfg(target_os = "linux")]
fn work(process: u32) -> Work {
    let of = |file: &str| std::fs::read_to_string(format!("/proc/{process}/{file}"));
    // The state stands behind the name, which is in brackets and may hold anything.
    let stat = of("stat").unwrap_or_default();
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    let io = of("io").unwrap_or_default();
    let read = io.lines().find_map(|line| line.strip_prefix("rchar: "));
    match (state, read.and_then(|read| read.parse().ok())) {
        (Some('R' | 'D'), _) | (_, None) => Work::Busy,
        (_, Some(read)) => Work::Idle { read },
    }
}

#[cfg(not(target_os = "linux"))]
fn work(_: u32) -> Work {
    Work::Busy
}
