//! The keyboard is the host's, except while somebody types into a text field.

use super::{PATIENCE, Parent, close, eventually, open, take_turn, while_playing};
use crate::host::Host;
use std::time::{Duration, Instant};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, InputFocus, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;

/// X11's numbers of keys.
const SPACE: u32 = 0x20;
const B: u32 = 0x62;
const Z: u32 = 0x7a;
const RETURN: u32 = 0xff0d;
const LEFT: u32 = 0xff51;
const F5: u32 = 0xffc2;
const CONTROL: u32 = 0xffe3;
const ALT: u32 = 0xffe9;

/// Places in an editor of 1040 by 680: the preview, the field of the seed, the knob of the speed.
const PREVIEW: [i16; 2] = [300, 200];
const SEED: [i16; 2] = [790, 189];
const SPEED: [i16; 2] = [827, 283];

impl Parent {
    fn fake(&self, kind: u8, detail: u8, [x, y]: [i16; 2]) {
        let faked = self
            .connection
            .xtest_fake_input(kind, detail, 0, self.root, x, y, 0);
        faked.expect("the display takes input");
        self.sync();
    }

    fn point(&self, at: [i16; 2]) {
        self.fake(MOTION_NOTIFY_EVENT, 0, at);
        // The editor sees where the pointer is in its next frame.
        std::thread::sleep(Duration::from_millis(80));
    }

    pub fn click(&self, at: [i16; 2]) {
        self.point(at);
        for kind in [BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT] {
            self.fake(kind, 1, [0, 0]);
            std::thread::sleep(Duration::from_millis(80));
        }
    }

    fn code(&self, symbol: u32) -> u8 {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let asked = self
            .connection
            .get_keyboard_mapping(first, last - first + 1);
        let map = asked.expect("the display answers").reply().expect("keys");
        let columns = usize::from(map.keysyms_per_keycode);
        let found = map.keysyms.iter().position(|other| *other == symbol);
        first + (found.expect("the keyboard has the key") / columns) as u8
    }

    /// Presses keys together.
    fn press(&self, symbols: &[u32]) {
        for symbol in symbols {
            self.fake(KEY_PRESS_EVENT, self.code(*symbol), [0, 0]);
        }
        for symbol in symbols.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, self.code(*symbol), [0, 0]);
        }
    }

    /// How often the host has heard of a key since it was asked last, and of others.
    fn heard(&self, symbol: u32) -> [usize; 2] {
        self.sync();
        let code = self.code(symbol);
        let mut heard = [0; 2];
        while let Some(event) = self
            .connection
            .poll_for_event()
            .expect("the display answers")
        {
            if let Event::KeyPress(event) = event {
                heard[usize::from(event.detail != code)] += 1;
            }
        }
        heard
    }

    /// Gives the keyboard to the host's window.
    fn focus(&self) {
        let given =
            self.connection
                .set_input_focus(InputFocus::PARENT, self.top, x11rb::CURRENT_TIME);
        given.expect("the display answers");
        self.sync();
    }

    fn has_focus(&self) -> bool {
        let asked = self.connection.get_input_focus();
        let answer = asked.expect("the display answers").reply();
        answer.expect("the display answers").focus == self.top
    }
}

/// Drags with the left button, until that has done what it is to do, each time with more of a pause
/// before the hand moves: on a busy machine the editor's next frame may come after that, and finds
/// the pointer where it does not take hold of anything.
pub fn drag(
    parent: &Parent,
    from: [i16; 2],
    to: [i16; 2],
    what: &str,
    mut is_done: impl FnMut() -> bool,
) {
    let mut pause = Duration::from_millis(100);
    eventually(what, || {
        parent.point(from);
        std::thread::sleep(pause);
        parent.fake(BUTTON_PRESS_EVENT, 1, [0, 0]);
        std::thread::sleep(pause);
        pause *= 4;
        for step in 1..=5 {
            let at = |i: usize| from[i] + (to[i] - from[i]) * step / 5;
            parent.point([at(0), at(1)]);
        }
        let start = std::time::Instant::now();
        let mut done = is_done();
        while !done && start.elapsed() < PATIENCE / 5 {
            std::thread::sleep(Duration::from_millis(10));
            done = is_done();
        }
        parent.fake(BUTTON_RELEASE_EVENT, 1, [0, 0]);
        done
    });
}

#[track_caller]
fn reaches_the_host(parent: &Parent, symbol: u32) {
    parent.press(&[symbol]);
    assert_eq!(parent.heard(symbol), [1, 0], "key {symbol:#x}");
}

/// Clicks into the field of the seed until it has the keyboard: a click that a busy machine draws out is none.
fn into_the_field(parent: &Parent) {
    eventually("the keyboard at the field", || {
        parent.click(SEED);
        let clicked = Instant::now();
        while parent.has_focus() && clicked.elapsed() < Duration::from_secs(3) {
            std::thread::sleep(Duration::from_millis(5));
        }
        !parent.has_focus()
    });
}

#[test]
fn keys_are_the_hosts_except_while_somebody_types() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    eventually("the editor's pixels", || parent.colours() > 60);
    parent.focus();
    for at in [PREVIEW, SPEED] {
        parent.click(at);
        for symbol in [SPACE, B, Z, LEFT, F5, RETURN] {
            reaches_the_host(&parent, symbol);
        }
        parent.press(&[CONTROL, Z]);
        assert_eq!(parent.heard(Z), [1, 1], "Ctrl+Z is the host's");
    }
    assert!(!host.status().blackout);

    // Typing takes the keyboard, and gives it back.
    for seed in [42, 17] {
        into_the_field(&parent);
        for digit in seed.to_string().bytes() {
            parent.press(&[u32::from(digit)]);
        }
        parent.press(&[RETURN]);
        eventually("the keyboard at the host", || parent.has_focus());
        assert_eq!(
            parent.heard(RETURN),
            [0, 0],
            "what is typed is not the host's"
        );
        eventually("the typed seed", || host.live().setup().seed == seed);
        reaches_the_host(&parent, SPACE);
    }

    // A field that is left without the host's asking, and a closed editor.
    into_the_field(&parent);
    close(&mut host);
    eventually("the keyboard at the host", || parent.has_focus());
    reaches_the_host(&parent, SPACE);
}

#[test]
fn the_host_may_take_the_keyboard_from_a_field() {
    let _turn = take_turn();
    let mut host = Host::new();
    let parent = open(&mut host);
    eventually("the editor's pixels", || parent.colours() > 60);
    parent.focus();
    into_the_field(&parent);
    parent.press(&[0x39]);
    parent.focus();
    eventually("the typed seed", || host.live().setup().seed == 9);
    assert!(parent.has_focus());
    reaches_the_host(&parent, B);
    close(&mut host);
}

#[test]
fn shortcuts_with_their_modifiers_are_the_editors_while_the_pointer_is_in_it() {
    let _turn = take_turn();
    let mut host = Host::new();
    let blackout = host.param("Blackout");
    while_playing(&mut host, |host| {
        let parent = open(host);
        eventually("the editor's pixels", || parent.colours() > 60);
        parent.focus();
        parent.point(PREVIEW);
        for black in [1.0, 0.0] {
            parent.press(&[CONTROL, ALT, B]);
            eventually("blackout", || host.value(&blackout) == black);
            assert_eq!(parent.heard(B)[0], 0, "the host does not hear of it");
        }
        close(host);
    });
}

#[test]
fn the_mouse_turns_knobs_without_the_keyboard() {
    let _turn = take_turn();
    let mut host = Host::new();
    let param = host.param("Latent speed");
    while_playing(&mut host, |host| {
        let parent = open(host);
        eventually("the editor's pixels", || parent.colours() > 60);
        parent.focus();
        let before = host.value(&param);
        let to = [SPEED[0] + 60, SPEED[1]];
        drag(&parent, SPEED, to, "another value", || {
            host.value(&param) != before
        });
        parent.point(to);
        let dragged = host.value(&param);
        parent.fake(BUTTON_PRESS_EVENT, 4, [0, 0]);
        parent.fake(BUTTON_RELEASE_EVENT, 4, [0, 0]);
        eventually("a step of the wheel", || host.value(&param) != dragged);
        assert!(parent.has_focus());
        close(host);
    });
}
