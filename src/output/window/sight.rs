//! Whether an X11 window can be seen.
//!
//! No window is told of all that hides it: a host hides the window around an editor, a window
//! manager the one around that, and another desktop says nothing at all. So the server is asked,
//! on a connection of its own: nobody who draws waits for the answer.

use std::cell::RefCell;

use x11rb::connection::Connection;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

x11rb::atom_manager! {
    /// What window managers write on windows.
    Atoms: AtomsCookie {
        WM_STATE,
        _NET_WM_STATE,
        _NET_WM_STATE_HIDDEN,
        _NET_WM_DESKTOP,
        _NET_CURRENT_DESKTOP,
    }
}

/// `WM_STATE` of a window that its manager has put away (ICCCM 4.1.3.1).
const ICONIC: u32 = 3;

/// `_NET_WM_DESKTOP` of a window that is on all of them.
const ALL_DESKTOPS: u32 = u32::MAX;

/// An eye on windows.
pub struct Sight {
    connection: RustConnection,
    root: Window,
    atoms: Atoms,
    /// Windows whose changes are told.
    followed: Vec<Window>,
}

impl Sight {
    /// None where no X server answers.
    pub fn open() -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let atoms = Atoms::new(&connection).ok()?.reply().ok()?;
        Some(Self {
            connection,
            root,
            atoms,
            followed: Vec::new(),
        })
    }

    pub fn connection(&self) -> &RustConnection {
        &self.connection
    }

    /// Whether `window` can be seen: mapped with all its parents, neither minimised nor on another
    /// desktop. Whether other windows cover it, it is told itself.
    ///
    /// # Errors
    /// When the window, one above it or the server is gone ([`is_final`](Self::is_final)).
    pub fn sees(&self, window: Window) -> Result<bool, ReplyOrIdError> {
        let attributes = self.connection.get_window_attributes(window)?.reply()?;
        if attributes.map_state != MapState::VIEWABLE {
            return Ok(false);
        }
        let current = self.numbers(self.root, self.atoms._NET_CURRENT_DESKTOP)?;
        for window in self.line(window)? {
            let state = self.numbers(window, self.atoms._NET_WM_STATE)?;
            let iconic = self.numbers(window, self.atoms.WM_STATE)?.first() == Some(&ICONIC);
            let desktop = self.numbers(window, self.atoms._NET_WM_DESKTOP)?;
            let elsewhere = match (desktop.first(), current.first()) {
                (Some(&ALL_DESKTOPS), _) | (None, _) | (_, None) => false,
                (there, here) => there != here,
            };
            if iconic || elsewhere || state.contains(&self.atoms._NET_WM_STATE_HIDDEN) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Width and height of what `window` and its parent leave to be seen, pixels.
    ///
    /// # Errors
    /// As of [`sees`](Self::sees).
    pub fn room(&self, window: Window) -> Result<[u32; 2], ReplyOrIdError> {
        let size = |window| -> Result<[u32; 2], ReplyOrIdError> {
            let shape = self.connection.get_geometry(window)?.reply()?;
            Ok([shape.width.into(), shape.height.into()])
        };
        let own = size(window)?;
        let parent = self.connection.query_tree(window)?.reply()?.parent;
        if parent == self.root || parent == x11rb::NONE {
            return Ok(own);
        }
        let parent = size(parent)?;
        Ok([own[0].min(parent[0]), own[1].min(parent[1])])
    }

    /// Whether `error`, of a question about `window`, will be the answer to every other question,
    /// too: the window or the server is gone. A window above it goes whenever its manager, or its
    /// host, puts it into another: who asks then asks again.
    pub fn is_final(error: &ReplyOrIdError, window: Window) -> bool {
        match error {
            ReplyOrIdError::X11Error(error) => error.bad_value == window,
            _ => true,
        }
    }

    /// Has events come for whatever may hide or show `window`.
    ///
    /// # Errors
    /// As of [`sees`](Self::sees).
    pub fn follow(&mut self, window: Window) -> Result<(), ReplyOrIdError> {
        let line = self.line(window)?;
        for &above in line.iter().filter(|above| !self.followed.contains(above)) {
            let mask = match above == window {
                true => EventMask::STRUCTURE_NOTIFY | EventMask::VISIBILITY_CHANGE,
                false => EventMask::STRUCTURE_NOTIFY | EventMask::PROPERTY_CHANGE,
            };
            let mask = ChangeWindowAttributesAux::new().event_mask(mask);
            // A parent that is gone meanwhile has nothing to tell.
            self.connection
                .change_window_attributes(above, &mask)?
                .ignore_error();
        }
        self.followed = line;
        self.connection.flush()?;
        Ok(())
    }

    /// A window, its parent and so on, without the root.
    fn line(&self, window: Window) -> Result<Vec<Window>, ReplyOrIdError> {
        let mut line = Vec::new();
        let mut next = window;
        while next != self.root && next != x11rb::NONE {
            line.push(next);
            next = self.connection.query_tree(next)?.reply()?.parent;
        }
        Ok(line)
    }

    /// A property's numbers; none where it is not there.
    fn numbers(&self, window: Window, name: u32) -> Result<Vec<u32>, ReplyOrIdError> {
        let (whole, any) = (64, AtomEnum::ANY);
        let property = self
            .connection
            .get_property(false, window, name, any, 0, whole)?
            .reply()?;
        Ok(property.value32().into_iter().flatten().collect())
    }
}

/// Whether a window of this thread's can be seen, as far as an X server tells.
pub(super) fn can_be_seen(window: Window) -> bool {
    thread_local! {
        static SIGHT: RefCell<Option<Sight>> = const { RefCell::new(None) };
    }
    SIGHT.with_borrow_mut(|sight| {
        if sight.is_none() {
            *sight = Sight::open();
        }
        let seen = sight.as_ref().and_then(|sight| sight.sees(window).ok());
        // A server that has gone is sought again.
        if seen.is_none() {
            *sight = None;
        }
        seen.unwrap_or(true)
    })
}
