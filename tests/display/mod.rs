//! A display for tests that open windows: an X server in memory (Xvfb), one for each test process.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, WindowClass};

/// Width and height of the display, pixels.
pub const SIZE: [u32; 2] = [1280, 1024];

/// How long a program may take to be up.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server with its name, `:99`.
struct Display {
    name: String,
    /// The server ends when this process does, however that ends: its guard waits for the end of
    /// an input whose other side only this process holds.
    _guard: Child,
}

static DISPLAY: OnceLock<Display> = OnceLock::new();

/// Starts the display on the first call, makes it this process's, and gives its name. Call it
/// first in each test. A desktop that the tests are run from is left alone.
pub fn ensure() -> &'static str {
    let display = DISPLAY.get_or_init(|| {
        let display = start();
        // SAFETY: every test of a binary waits here before it does anything, so no other thread
        // reads the environment meanwhile.
        unsafe {
            std::env::set_var("DISPLAY", &display.name);
            std::env::remove_var("WAYLAND_DISPLAY");
        }
        display
    });
    &display.name
}

fn start() -> Display {
    let [width, height] = SIZE;
    // The server picks a free number and writes it to its output; without -noreset it would turn
    // clients away for a moment each time the last one has left. The shell's own input is handed
    // to `cat` by name, since a command in the background is given an empty one.
    let script = format!(
        "exec 3<&0; \
         Xvfb -displayfd 1 -screen 0 {width}x{height}x24 -nolisten tcp -noreset 2>/dev/null 3<&- & \
         server=$!; \
         exec >/dev/null; \
         cat <&3 >/dev/null; \
         kill $server"
    );
    let mut guard = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sh runs");
    let mut number = String::new();
    let output = guard.stdout.take().expect("the output is a pipe");
    let read = BufReader::new(output).read_line(&mut number);
    assert!(
        read.is_ok() && !number.trim().is_empty(),
        "Xvfb does not run. Install xvfb (Debian, Ubuntu) to test windows"
    );
    Display {
        name: format!(":{}", number.trim()),
        _guard: guard,
    }
}

/// A program that runs for as long as the value lives.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A window manager (openbox), without which no window becomes full screen; it manages the display
/// when this returns.
pub fn window_manager() -> Running {
    let child = Command::new("openbox")
        .arg("--sm-disable")
        .env("DISPLAY", ensure())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{error}. Install openbox (Debian, Ubuntu) to test full screen")
        });
    let running = Running(child);
    wait_until_managed().expect("the display answers");
    running
}

/// Maps a window of its own until a manager takes care of it: while it starts, openbox announces
/// itself already and forgets the windows that come.
fn wait_until_managed() -> Result<(), ReplyOrIdError> {
    let (connection, screen) = x11rb::connect(None).expect("the display answers");
    let root = connection.setup().roots[screen].root;
    let managed = connection.intern_atom(false, b"WM_STATE")?.reply()?.atom;
    let window = connection.generate_id()?;
    connection.create_window(
        COPY_DEPTH_FROM_PARENT,
        window,
        root,
        0,
        0,
        1,
        1,
        0,
        WindowClass::INPUT_OUTPUT,
        0,
        &CreateWindowAux::new(),
    )?;
    let start = Instant::now();
    loop {
        connection.map_window(window)?.check()?;
        thread::sleep(Duration::from_millis(20));
        let state = connection.get_property(false, window, managed, AtomEnum::ANY, 0, 1)?;
        if state.reply()?.value_len > 0 {
            break;
        }
        connection.unmap_window(window)?.check()?;
        assert!(start.elapsed() < PATIENCE, "openbox does not start");
    }
    connection.destroy_window(window)?.check()?;
    Ok(())
}
