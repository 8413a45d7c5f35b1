//! The one event loop of the process, on a thread of its own.
//!
//! winit makes one loop in the life of a process, and cannot try again when making it failed. So it
//! is looked for a display first, by connecting to it; only then the loop is made. It is never
//! ended: the thread waits, without any cost, while there are no windows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Instant;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use parking_lot::Mutex;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, ControlFlow, DeviceEvents, EventLoop, EventLoopProxy};
use winit::platform::run_on_demand::EventLoopExtRunOnDemand;
use winit::window::WindowId;

use super::awake::{Awake, Link};
use super::command::Command;
use super::pane::{Pane, Then};
use super::{WindowError, monitor};
use crate::gpu::Prefer;
use crate::worker;

/// By which handles reach the loop.
pub(super) type Proxy = EventLoopProxy<Command>;

/// Where the loop's life stands.
enum Life {
    /// There is none; it may be started.
    None,
    /// Its thread was started and will say how it went.
    Starting(Receiver<Result<Proxy, WindowError>>),
    Running(Proxy),
    /// It is gone, and there cannot be another.
    Over(String),
}

static LIFE: Mutex<Life> = Mutex::new(Life::None);

/// How often the loop is taken up again after a panic in winit's own code, in the life of the
/// process; a fault that comes back for ever must not spin.
const RESTARTS: u32 = 16;

/// The way to the running loop, which is started where there is none.
///
/// # Errors
/// When there is no display, or its system is silent until `deadline`.
pub(super) fn proxy(deadline: Instant) -> Result<Proxy, WindowError> {
    let mut life = LIFE.try_lock_until(deadline).ok_or(WindowError::NoAnswer)?;
    if matches!(*life, Life::None) {
        *life = Life::Starting(start()?);
    }
    let started = match &*life {
        Life::Running(proxy) => return Ok(proxy.clone()),
        Life::Starting(started) => started.recv_deadline(deadline),
        Life::Over(reason) => return Err(WindowError::LoopEnded(reason.clone())),
        Life::None => return Err(WindowError::NoDisplay),
    };
    match started {
        Ok(Ok(proxy)) => {
            *life = Life::Running(proxy.clone());
            Ok(proxy)
        }
        Ok(Err(error)) => {
            *life = match &error {
                WindowError::LoopEnded(reason) => Life::Over(reason.clone()),
                _ => Life::None,
            };
            Err(error)
        }
        Err(RecvTimeoutError::Timeout) => Err(WindowError::NoAnswer),
        Err(RecvTimeoutError::Disconnected) => {
            let reason = "the window system could not be started".to_owned();
            *life = Life::Over(reason.clone());
            Err(WindowError::LoopEnded(reason))
        }
    }
}

/// Asks the loop for something.
///
/// # Errors
/// When it is gone.
pub(super) fn send(proxy: &Proxy, command: Command) -> Result<(), WindowError> {
    proxy.send_event(command).map_err(|_| ended())
}

/// What the loop answers.
///
/// # Errors
/// When it does not until `deadline`.
pub(super) fn answer<T>(answer: &Receiver<T>, deadline: Instant) -> Result<T, WindowError> {
    answer.recv_deadline(deadline).map_err(|error| match error {
        RecvTimeoutError::Timeout => WindowError::NoAnswer,
        // A panic took the reply with it.
        RecvTimeoutError::Disconnected => {
            WindowError::Refused("of a fault on the thread of the windows".to_owned())
        }
    })
}

fn ended() -> WindowError {
    WindowError::LoopEnded("the thread of the windows has ended".to_owned())
}

/// Starts the loop's thread, which will answer with the way to it.
fn start() -> Result<Receiver<Result<Proxy, WindowError>>, WindowError> {
    let (reply, answer) = bounded(1);
    thread::Builder::new()
        .name("synopsia-window".to_owned())
        .spawn(move || {
            let made = catch_unwind(AssertUnwindSafe(make));
            match made.unwrap_or_else(|panic| {
                Err(WindowError::LoopEnded(worker::reason(&panic).to_owned()))
            }) {
                Ok((event_loop, link)) => {
                    let _ = reply.send(Ok(event_loop.create_proxy()));
                    let reason = run(event_loop, Awake::new(link));
                    *LIFE.lock() = Life::Over(reason);
                }
                Err(error) => {
                    let _ = reply.send(Err(error));
                }
            }
        })
        .map_err(|error| WindowError::Refused(error.to_string()))?;
    Ok(answer)
}

/// Serves windows until there is no window system any more; why there is none.
fn run(mut event_loop: EventLoop<Command>, awake: Awake) -> String {
    let mut windows = Windows {
        panes: Vec::new(),
        awake,
    };
    let mut reason = String::new();
    for _ in 0..=RESTARTS {
        let run = AssertUnwindSafe(|| event_loop.run_app_on_demand(&mut windows));
        match catch_unwind(run) {
            Ok(Ok(())) => return "the window system has ended".to_owned(),
            Ok(Err(error)) => return error.to_string(),
            Err(panic) => {
                reason = worker::reason(&panic).to_owned();
                windows.trouble(&reason);
            }
        }
    }
    reason
}

/// Makes the loop, on the thread that is to run it.
#[cfg(all(unix, not(target_os = "macos")))]
fn make() -> Result<(EventLoop<Command>, Link), WindowError> {
    use winit::platform::wayland::EventLoopBuilderExtWayland;
    use winit::platform::x11::EventLoopBuilderExtX11;

    let mut builder = EventLoop::with_user_event();
    EventLoopBuilderExtX11::with_any_thread(&mut builder, true);
    // X11 first, which a Wayland desktop serves too: there all desktops give windows a title bar to
    // move and close them by, while under Wayland proper some leave that to the program.
    let x11 = x11_connection();
    if x11.is_some() {
        builder.with_x11();
    } else if wayland_answers() {
        builder.with_wayland();
    } else {
        return Err(WindowError::NoDisplay);
    }
    // The connection is kept: a server whose last client leaves may turn away the next for a
    // moment.
    Ok((built(builder.build())?, x11))
}

/// A connection to the X server, where there is one that lets us in.
#[cfg(all(unix, not(target_os = "macos")))]
fn x11_connection() -> Option<x11rb::rust_connection::RustConnection> {
    std::env::var_os("DISPLAY").filter(|name| !name.is_empty())?;
    // A display's name of a number that no display can have makes the library panic.
    let (connection, _) = catch_unwind(|| x11rb::connect(None)).ok()?.ok()?;
    Some(connection)
}

/// Whether there is a Wayland compositor.
#[cfg(all(unix, not(target_os = "macos")))]
fn wayland_answers() -> bool {
    let Some(name) = std::env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty()) else {
        return false;
    };
    // An absolute name stands for itself.
    let folder = std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_default();
    let socket = std::path::PathBuf::from(folder).join(name);
    std::os::unix::net::UnixStream::connect(socket).is_ok()
}

#[cfg(windows)]
fn make() -> Result<(EventLoop<Command>, Link), WindowError> {
    use winit::platform::windows::EventLoopBuilderExtWindows;

    let mut builder = EventLoop::with_user_event();
    Ok((built(builder.with_any_thread(true).build())?, ()))
}

#[cfg(not(any(windows, all(unix, not(target_os = "macos")))))]
fn make() -> Result<(EventLoop<Command>, Link), WindowError> {
    Err(WindowError::MainThreadOnly)
}

#[cfg(any(windows, all(unix, not(target_os = "macos"))))]
fn built(
    made: Result<EventLoop<Command>, winit::error::EventLoopError>,
) -> Result<EventLoop<Command>, WindowError> {
    made.map_err(|error| WindowError::LoopEnded(error.to_string()))
}

/// All windows of the process.
struct Windows {
    panes: Vec<Pane>,
    awake: Awake,
}

impl Windows {
    fn command(&mut self, event_loop: &ActiveEventLoop, command: Command) {
        match command {
            Command::Open(order) => {
                let opened = Pane::open(event_loop, &order);
                let _ = order.reply.send(match opened {
                    Ok(pane) => {
                        self.panes.push(pane);
                        Ok(())
                    }
                    Err(reason) => Err(WindowError::Refused(reason)),
                });
            }
            Command::Wake(id) => self.with(id, Pane::wake),
            Command::Gpu(id, gpu) => self.with(id, |pane| {
                pane.choose(event_loop, gpu, Prefer::Auto);
            }),
            Command::Fullscreen(id, on) => self.with(id, |pane| match on {
                Some(name) => pane.fullscreen_on(event_loop, &name),
                None => pane.fullscreen_here(),
            }),
            Command::LeaveFullscreen(id) => self.with(id, Pane::leave_fullscreen),
            Command::Close(id) => self.panes.retain(|pane| pane.id != id),
            Command::Monitors(reply) => {
                let monitors = monitor::all(event_loop).into_iter();
                let _ = reply.send(monitors.map(|(monitor, _)| monitor).collect());
            }
        }
    }

    /// Does `what` to a window that may be closed already.
    fn with(&mut self, id: u64, what: impl FnOnce(&mut Pane)) {
        if let Some(pane) = self.panes.iter_mut().find(|pane| pane.id == id) {
            what(pane);
        }
    }

    fn trouble(&self, reason: &str) {
        for pane in &self.panes {
            pane.shared()
                .set_trouble(format!("the window system failed: {reason}"));
        }
    }

    /// Does `work`; a panic in it is written down, and the windows live on.
    fn guarded(&mut self, work: impl FnOnce(&mut Self)) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) {
            self.trouble(worker::reason(&panic));
        }
    }
}

impl ApplicationHandler<Command> for Windows {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        event_loop.listen_device_events(DeviceEvents::Never);
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, command: Command) {
        self.guarded(|windows| windows.command(event_loop, command));
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        self.guarded(|windows| {
            let Some(index) = windows.panes.iter().position(|pane| pane.is(id)) else {
                return;
            };
            if windows.panes[index].event(event_loop, event) == Then::Close {
                windows.panes.swap_remove(index);
            }
        });
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let mut next = None;
        self.guarded(|windows| {
            let now = Instant::now();
            let panes = windows.panes.iter_mut();
            let panes = panes.filter_map(|pane| pane.tick(event_loop, now)).min();
            let staged = windows.panes.iter().any(Pane::is_staged);
            let awake = staged.then(|| windows.awake.watched(now));
            next = panes.into_iter().chain(awake).min();
        });
        event_loop.set_control_flow(next.map_or(ControlFlow::Wait, ControlFlow::WaitUntil));
    }
}
