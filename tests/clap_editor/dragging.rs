//! Files that are dropped onto the editor, and one that is dragged out of it.

use super::keys::drag;
use super::{PATIENCE, Parent, close, eventually, open, take_turn, while_playing};
use crate::host::Host;
use image::{Rgb, RgbImage};
use std::path::Path;
use std::time::{Duration, Instant};
use synopsia::live::{FilmSetup, Setup};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;

/// Places in an editor of 1040 by 680: the left and the right half of the preview, the part about pictures and in it the
/// row about music.
const BOARD: [i16; 2] = [150, 200];
const MUSIC: [i16; 2] = [600, 200];
const PICTURES: [i16; 2] = [978, 546];
const PIECE: [i16; 2] = [820, 615];

/// A place in the window beside it.
const BESIDE: [i16; 2] = [1075, 40];

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        XdndActionCopy,
        XdndAware,
        XdndDrop,
        XdndEnter,
        XdndFinished,
        XdndPosition,
        XdndSelection,
        XdndStatus,
        UriList: b"text/uri-list",
    }
}

/// Another program, as its windows speak of files that are dragged.
struct Other<'a> {
    parent: &'a Parent,
    atoms: Atoms,
    window: u32,
}

impl<'a> Other<'a> {
    /// A window beside the editor that takes what is dragged onto it.
    fn new(parent: &'a Parent) -> Self {
        let connection = &parent.connection;
        let atoms = Atoms::new(connection).unwrap().reply().unwrap();
        let window = connection.generate_id().unwrap();
        let look = CreateWindowAux::new()
            .override_redirect(1)
            .background_pixel(0);
        let kind = WindowClass::INPUT_OUTPUT;
        let root = parent.root;
        connection
            .create_window(0, window, root, 1045, 10, 60, 60, 0, kind, 0, &look)
            .unwrap();
        let (mode, aware) = (PropMode::REPLACE, atoms.XdndAware);
        connection
            .change_property32(mode, window, aware, AtomEnum::ATOM, &[5])
            .unwrap();
        connection.map_window(window).unwrap();
        parent.sync();
        Self {
            parent,
            atoms,
            window,
        }
    }

    fn send(&self, to: u32, kind: u32, data: [u32; 4]) {
        let [a, b, c, d] = data;
        let message = ClientMessageEvent::new(32, to, kind, [self.window, a, b, c, d]);
        let connection = &self.parent.connection;
        connection
            .send_event(false, to, EventMask::NO_EVENT, message)
            .unwrap();
        connection.flush().unwrap();
    }

    /// The next message of that kind; meanwhile it hands `uri` over to whoever asks.
    fn wait_for(&self, kind: u32, uri: &[u8]) -> [u32; 5] {
        let connection = &self.parent.connection;
        let mut heard = None;
        eventually("the other side answers", || {
            while let Some(event) = connection.poll_for_event().unwrap() {
                match event {
                    Event::ClientMessage(message) if message.type_ == kind => {
                        heard = Some(message.data.as_data32());
                        return true;
                    }
                    Event::SelectionRequest(asked) => {
                        let (mode, list) = (PropMode::REPLACE, self.atoms.UriList);
                        assert_eq!(asked.target, list);
                        connection
                            .change_property8(mode, asked.requestor, asked.property, list, uri)
                            .unwrap();
                        let answer = SelectionNotifyEvent {
                            response_type: SELECTION_NOTIFY_EVENT,
                            sequence: 0,
                            time: asked.time,
                            requestor: asked.requestor,
                            selection: asked.selection,
                            target: asked.target,
                            property: asked.property,
                        };
                        connection
                            .send_event(false, asked.requestor, EventMask::NO_EVENT, answer)
                            .unwrap();
                        connection.flush().unwrap();
                    }
                    event => drop(self.welcomes(&event)),
                }
            }
            false
        });
        heard.expect("an answer")
    }

    /// Drops a file there onto the editor.
    fn drop_onto(&self, editor: u32, file: &Path, [x, y]: [i16; 2]) {
        let uri = format!("file://{}\r\n", file.display());
        let atoms = &self.atoms;
        let (selection, now) = (atoms.XdndSelection, x11rb::CURRENT_TIME);
        let connection = &self.parent.connection;
        connection
            .set_selection_owner(self.window, selection, now)
            .unwrap();
        self.send(editor, atoms.XdndEnter, [5 << 24, atoms.UriList, 0, 0]);
        let at = (x as u32) << 16 | y as u32;
        let position = [0, at, now, atoms.XdndActionCopy];
        self.send(editor, atoms.XdndPosition, position);
        let [_, accepts, ..] = self.wait_for(atoms.XdndStatus, uri.as_bytes());
        assert_eq!(accepts & 1, 1, "files can be dropped");
        self.send(editor, atoms.XdndDrop, [0, now, 0, 0]);
        self.wait_for(atoms.XdndFinished, uri.as_bytes());
    }

    /// Whether a file is held over this window; says that it is welcome.
    fn hears_of_a_file(&self) -> bool {
        let mut heard = false;
        while let Some(event) = self.parent.connection.poll_for_event().unwrap() {
            heard |= self.welcomes(&event);
        }
        heard
    }

    /// Says of a file that is held over this window that it is welcome, if that is what `event` is about.
    fn welcomes(&self, event: &Event) -> bool {
        let Event::ClientMessage(message) = event else {
            return false;
        };
        let is_held = message.type_ == self.atoms.XdndPosition;
        if is_held {
            let [source, ..] = message.data.as_data32();
            let accepted = [1, 0, 0, self.atoms.XdndActionCopy];
            self.send(source, self.atoms.XdndStatus, accepted);
        }
        is_held
    }

    /// Takes what is dragged onto this window; answers its address.
    fn take(&self) -> Vec<u8> {
        let atoms = &self.atoms;
        let connection = &self.parent.connection;
        let [source, _, time, ..] = self.wait_for(atoms.XdndDrop, &[]);
        let (selection, list) = (atoms.XdndSelection, atoms.UriList);
        connection
            .convert_selection(self.window, selection, list, list, time)
            .unwrap();
        connection.flush().unwrap();
        let mut uri = Vec::new();
        eventually("the file's address comes", || {
            let asked = connection.get_property(true, self.window, list, list, 0, 1024);
            uri = asked.unwrap().reply().unwrap().value;
            !uri.is_empty()
        });
        self.send(source, atoms.XdndFinished, [1, atoms.XdndActionCopy, 0, 0]);
        uri
    }
}

/// The editor's own window.
fn editor_in(parent: &Parent) -> u32 {
    let mut found = 0;
    eventually("the editor takes files", || {
        let children = parent.children();
        found = children.first().copied().unwrap_or_default();
        found != 0 && parent.colours() > 20
    });
    found
}

#[test]
fn pictures_that_are_dropped_hang_or_become_music_that_is_dragged_out() {
    let _turn = take_turn();
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("sea at noon.png");
    let plain = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 3) as u8, 60, (y * 4) as u8]));
    plain.save(&picture).unwrap();
    let mut host = Host::new();
    let live = host.live();
    live.set_setup(Setup {
        film: FilmSetup {
            folder: Some(folder.path().join("films")),
            ..FilmSetup::default()
        },
        ..Setup::default()
    });
    while_playing(&mut host, |host| {
        let parent = open(host);
        let editor = editor_in(&parent);
        let other = Other::new(&parent);
        other.drop_onto(editor, &picture, BOARD);
        eventually("the picture hangs on the mood board", || {
            live.board().pictures().count() == 1
        });
        assert_eq!(live.setup().moodboard, std::slice::from_ref(&picture));
        assert_eq!(live.status().problem, None);

        other.drop_onto(editor, &picture, MUSIC);
        let piece = folder.path().join("films/sea at noon.mid");
        let begun = Instant::now();
        while !piece.is_file() {
            assert!(
                begun.elapsed() < 3 * PATIENCE,
                "{:?}",
                live.status().problem
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        parent.click(PICTURES);
        let address = format!("file://{}\r\n", piece.display()).replace(' ', "%20");
        drag(
            &parent,
            PIECE,
            BESIDE,
            "a file over the other window",
            || other.hears_of_a_file(),
        );
        assert_eq!(other.take(), address.as_bytes());
        close(host);
    });
}
