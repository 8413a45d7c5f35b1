//! A file that is dragged out of the editor, to whoever takes it: the source's side of the X drag-and-drop protocol,
//! version 5 (<https://www.freedesktop.org/wiki/Specifications/XDND/>).
//!
//! The window that the drag begins in keeps the pointer until the button is let go, so where it is and over which window is
//! asked for, some hundred times a second, by a connection and a thread of their own: the editor goes on meanwhile.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::thread::Builder;
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, KeyButMask,
    PropMode, QueryPointerReply, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
    SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// The protocol's version that is spoken.
const VERSION: u32 = 5;

/// From one look at the pointer to the next, and how long whoever takes the file may be busy with it.
const LOOK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(10);

/// Windows within windows that are looked through.
const DEEPEST: usize = 32;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        TARGETS,
        XdndActionCopy,
        XdndAware,
        XdndDrop,
        XdndEnter,
        XdndFinished,
        XdndLeave,
        XdndPosition,
        XdndSelection,
        XdndStatus,
        UriList: b"text/uri-list",
    }
}

/// Begins to drag the file at `path`, where the left button is down. What goes wrong is told to `report`.
pub fn begin(path: PathBuf, report: impl FnOnce(String) + Send + 'static) {
    let thread = Builder::new().name("synopsia-drag".to_owned());
    let spawned = thread.spawn(move || {
        let name = path.display().to_string();
        if let Err(error) = Drag::begin(&path).and_then(Drag::follow) {
            report(format!("{name} could not be dragged: {error}"));
        }
    });
    // A system without threads has no drag either; a click still copies the file's place.
    drop(spawned);
}

/// Whom the pointer is over.
#[derive(Clone, Copy)]
struct Target {
    window: Window,
    version: u32,
    /// Whether it would take the file, as far as it has said.
    accepts: bool,
    /// Whether it has not answered yet where the pointer was last.
    asked: bool,
}

struct Drag {
    connection: RustConnection,
    root: Window,
    atoms: Atoms,
    /// The window that owns what is dragged.
    source: Window,
    /// When the drag began, by the server's clock.
    time: u32,
    uri: Vec<u8>,
    target: Option<Target>,
    told: Option<[i16; 2]>,
    /// Which version windows speak, if any.
    known: HashMap<Window, Option<u32>>,
}

impl Drag {
    fn begin(path: &Path) -> Result<Self, ReplyOrIdError> {
        let connected = x11rb::connect(None);
        let (connection, screen) =
            connected.map_err(|_| x11rb::errors::ConnectionError::UnknownError)?;
        let root = connection.setup().roots[screen].root;
        let atoms = Atoms::new(&connection)?.reply()?;
        let source = connection.generate_id()?;
        let look = CreateWindowAux::new()
            .override_redirect(1)
            .event_mask(EventMask::PROPERTY_CHANGE);
        let kind = WindowClass::INPUT_ONLY;
        connection.create_window(0, source, root, -1, -1, 1, 1, 0, kind, 0, &look)?;
        let mut drag = Self {
            connection,
            root,
            atoms,
            source,
            time: 0,
            uri: uri(path),
            target: None,
            told: None,
            known: HashMap::new(),
        };
        drag.time = drag.server_time()?;
        let (selection, time) = (drag.atoms.XdndSelection, drag.time);
        drag.connection
            .set_selection_owner(source, selection, time)?;
        let types = [drag.atoms.UriList];
        drag.connection.change_property32(
            PropMode::REPLACE,
            source,
            selection,
            AtomEnum::ATOM,
            &types,
        )?;
        Ok(drag)
    }

    /// What the server's clock shows.
    fn server_time(&self) -> Result<u32, ReplyOrIdError> {
        let (mode, property) = (PropMode::APPEND, self.atoms.XdndAware);
        let none: [u32; 0] = [];
        self.connection
            .change_property32(mode, self.source, property, AtomEnum::ATOM, &none)?;
        self.connection.flush()?;
        loop {
            if let Event::PropertyNotify(event) = self.connection.wait_for_event()? {
                return Ok(event.time);
            }
        }
    }

    /// Follows the pointer until the button is let go, and hands the file over.
    fn follow(mut self) -> Result<(), ReplyOrIdError> {
        loop {
            let pointer = self.connection.query_pointer(self.root)?.reply()?;
            if !pointer.mask.contains(KeyButMask::BUTTON1) {
                break;
            }
            self.move_to(&pointer)?;
            self.serve()?;
            std::thread::sleep(LOOK);
        }
        // It may not have said yet what it makes of it.
        let until = Instant::now() + Duration::from_millis(500);
        while self.target.is_some_and(|target| target.asked) && Instant::now() < until {
            self.serve()?;
            std::thread::sleep(LOOK);
        }
        let Some(target) = self.target.take() else {
            return Ok(());
        };
        if !target.accepts {
            return self.send(target, self.atoms.XdndLeave, [0; 4]);
        }
        self.send(target, self.atoms.XdndDrop, [0, self.time, 0, 0])?;
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && !self.serve()? {
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Tells whoever is under the pointer.
    fn move_to(&mut self, pointer: &QueryPointerReply) -> Result<(), ReplyOrIdError> {
        let at = [pointer.root_x, pointer.root_y];
        let under = self.under(pointer)?;
        if self.target.map(|target| target.window) != under.map(|(window, _)| window) {
            if let Some(left) = self.target.take() {
                self.send(left, self.atoms.XdndLeave, [0; 4])?;
            }
            self.told = None;
            if let Some((window, version)) = under {
                let target = Target {
                    window,
                    version: version.min(VERSION),
                    accepts: false,
                    asked: false,
                };
                let list = self.atoms.UriList;
                let first = target.version << 24;
                self.send(target, self.atoms.XdndEnter, [first, list, 0, 0])?;
                self.target = Some(target);
            }
        }
        let Some(target) = self.target.filter(|target| !target.asked) else {
            return Ok(());
        };
        if self.told != Some(at) {
            self.told = Some(at);
            let [x, y] = at.map(|side| u32::from(side as u16));
            let copy = self.atoms.XdndActionCopy;
            let data = [0, x << 16 | y, self.time, copy];
            self.send(target, self.atoms.XdndPosition, data)?;
            self.target = Some(Target {
                asked: true,
                ..target
            });
        }
        Ok(())
    }

    /// The outermost window under the pointer that takes what is dragged, and the version it speaks.
    fn under(
        &mut self,
        pointer: &QueryPointerReply,
    ) -> Result<Option<(Window, u32)>, ReplyOrIdError> {
        let mut window = pointer.child;
        for _ in 0..DEEPEST {
            if window == x11rb::NONE {
                return Ok(None);
            }
            if let Some(version) = self.version(window)? {
                return Ok(Some((window, version)));
            }
            let (x, y) = (pointer.root_x, pointer.root_y);
            let inside = self
                .connection
                .translate_coordinates(self.root, window, x, y)?;
            // It may have gone since.
            let Ok(inside) = inside.reply() else {
                return Ok(None);
            };
            window = inside.child;
        }
        Ok(None)
    }

    fn version(&mut self, window: Window) -> Result<Option<u32>, ReplyOrIdError> {
        if let Some(known) = self.known.get(&window) {
            return Ok(*known);
        }
        let (aware, kind) = (self.atoms.XdndAware, AtomEnum::ATOM);
        let asked = self
            .connection
            .get_property(false, window, aware, kind, 0, 1)?;
        let answer = asked.reply().ok();
        let version = answer.and_then(|answer| answer.value32()?.next());
        self.known.insert(window, version);
        Ok(version)
    }

    fn send(
        &self,
        target: Target,
        kind: Atom,
        [a, b, c, d]: [u32; 4],
    ) -> Result<(), ReplyOrIdError> {
        let data = [self.source, a, b, c, d];
        let message = ClientMessageEvent::new(32, target.window, kind, data);
        self.connection
            .send_event(false, target.window, EventMask::NO_EVENT, message)?;
        self.connection.flush()?;
        Ok(())
    }

    /// Hears what others say; answers whether the file was taken.
    fn serve(&mut self) -> Result<bool, ReplyOrIdError> {
        let mut finished = false;
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                Event::ClientMessage(message) if message.type_ == self.atoms.XdndStatus => {
                    let [window, flags, ..] = message.data.as_data32();
                    if let Some(target) = self.target.as_mut().filter(|it| it.window == window) {
                        (target.accepts, target.asked) = (flags & 1 == 1, false);
                    }
                }
                Event::ClientMessage(message) if message.type_ == self.atoms.XdndFinished => {
                    finished = true;
                }
                Event::SelectionRequest(request) => self.answer(request)?,
                _ => {}
            }
        }
        Ok(finished)
    }

    /// Hands over what is asked for.
    fn answer(&self, request: SelectionRequestEvent) -> Result<(), ReplyOrIdError> {
        let (window, list) = (request.requestor, self.atoms.UriList);
        // Old clients name no property.
        let property = match request.property {
            x11rb::NONE => request.target,
            property => property,
        };
        let mode = PropMode::REPLACE;
        let given = if request.target == list {
            self.connection
                .change_property8(mode, window, property, list, &self.uri)?;
            property
        } else if request.target == self.atoms.TARGETS {
            let targets = [self.atoms.TARGETS, list];
            self.connection
                .change_property32(mode, window, property, AtomEnum::ATOM, &targets)?;
            property
        } else {
            x11rb::NONE
        };
        let answer = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor: window,
            selection: request.selection,
            target: request.target,
            property: given,
        };
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, answer)?;
        self.connection.flush()?;
        Ok(())
    }
}

/// A file's address, and a line's end.
fn uri(path: &Path) -> Vec<u8> {
    let mut uri = b"file://".to_vec();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(*byte),
            byte if byte.is_ascii_alphanumeric() => uri.push(*byte),
            byte => uri.extend(format!("%{byte:02X}").bytes()),
        }
    }
    uri.extend(b"\r\n");
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_address_is_written_as_others_read_it() {
        let written = uri(Path::new("/home/zoë/sea 2.mid"));
        assert_eq!(written, b"file:///home/zo%C3%AB/sea%202.mid\r\n");
    }
}
