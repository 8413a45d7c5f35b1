//! Windows on a real display: what they show, read back from the X server; how they open, close,
//! answer keys and fill the screen.

#[path = "common/alone.rs"]
mod alone;
mod display;
#[path = "common/turns.rs"]
mod turns;

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use alone::alone;
use synopsia::gan::Image;
use synopsia::gpu::{GpuContext, Prefer, Preference};
use synopsia::motion::Grade;
use synopsia::output::window::{DrawnBy, Key, OutputWindow, WindowError, WindowOptions, monitors};
use synopsia::output::{PictureSink, Preview};
use synopsia::render::{GpuRenderer, Picture, Pixels, Quality, Renderer};
use synopsia::show::{Controls, Scene, Timeline};
use turns::take_turn;
use x11rb::connection::Connection;
use x11rb::protocol::screensaver::ConnectionExt as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, GetImageReply, ImageFormat,
    InputFocus,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

/// How long a display may take for anything.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a finger holds a key before it, or another, does the next thing. Modifiers travel to
/// programs apart from keys, and need their time.
const HELD: Duration = Duration::from_millis(30);

fn options(title: &str, size: [u32; 2]) -> WindowOptions {
    WindowOptions {
        title: title.to_owned(),
        size,
        fullscreen_on: None,
    }
}

fn open(title: &str, size: [u32; 2]) -> OutputWindow {
    OutputWindow::open(options(title, size), None).expect("a window opens")
}

#[track_caller]
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(
            start.elapsed() < PATIENCE,
            "not within {PATIENCE:?}: {what}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// The test's own connection to the display.
struct Server {
    connection: RustConnection,
    root: u32,
}

impl Server {
    fn new() -> Self {
        let (connection, screen) = x11rb::connect(None).expect("the display answers");
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    fn atom(&self, name: &str) -> u32 {
        let cookie = self.connection.intern_atom(false, name.as_bytes()).unwrap();
        cookie.reply().unwrap().atom
    }

    fn title(&self, window: u32) -> String {
        let connection = &self.connection;
        let title = connection
            .get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)
            .unwrap();
        title.reply().map_or(String::new(), |title| {
            String::from_utf8_lossy(&title.value).into_owned()
        })
    }

    /// The window of that title, wherever a window manager put it.
    fn find(&self, title: &str) -> Option<u32> {
        let mut left = vec![self.root];
        while let Some(window) = left.pop() {
            if self.title(window) == title {
                return Some(window);
            }
            if let Ok(tree) = self.connection.query_tree(window).unwrap().reply() {
                left.extend(tree.children);
            }
        }
        None
    }

    fn wait_for(&self, title: &str) -> u32 {
        eventually("the window is on the display", || {
            self.find(title).is_some()
        });
        self.find(title).unwrap()
    }

    /// What a window shows: its size, and its pixels as 0x00RRGGBB.
    fn pixels(&self, window: u32) -> ([u32; 2], Vec<u32>) {
        // A window that is being mapped or resized between the two questions has no such image.
        let mut answer = None;
        eventually("the window's pixels can be read", || {
            answer = self.try_image(window);
            answer.is_some()
        });
        let (shape, image) = answer.unwrap();
        let bytes = image.data.chunks_exact(4);
        let pixels = bytes.map(|b| u32::from_le_bytes([b[0], b[1], b[2], 0]));
        (shape.map(u32::from), pixels.collect())
    }

    fn try_image(&self, window: u32) -> Option<([u16; 2], GetImageReply)> {
        let connection = &self.connection;
        let shape = connection.get_geometry(window).ok()?.reply().ok()?;
        let (width, height) = (shape.width, shape.height);
        let format = ImageFormat::Z_PIXMAP;
        let image = connection.get_image(format, window, 0, 0, width, height, u32::MAX);
        Some(([width, height], image.ok()?.reply().ok()?))
    }

    /// Gives `window` the keyboard.
    fn focus(&self, window: u32) {
        let connection = &self.connection;
        eventually("the window takes the keyboard", || {
            let focus = connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
            focus.unwrap().check().is_ok()
                && connection.get_input_focus().unwrap().reply().unwrap().focus == window
        });
    }

    /// Presses and releases the keys with these X names' symbols, held together.
    fn press(&self, symbols: &[u32]) {
        let codes: Vec<u8> = symbols.iter().map(|&symbol| self.code(symbol)).collect();
        let fake = |kind: u8, code: u8| {
            let sent = self
                .connection
                .xtest_fake_input(kind, code, 0, self.root, 0, 0, 0);
            sent.unwrap().check().unwrap();
        };
        for &code in &codes {
            fake(KEY_PRESS, code);
            thread::sleep(HELD);
        }
        codes.iter().rev().for_each(|&code| fake(KEY_RELEASE, code));
    }

    fn code(&self, symbol: u32) -> u8 {
        let setup = self.connection.setup();
        let [first, last] = [setup.min_keycode, setup.max_keycode];
        let map = self
            .connection
            .get_keyboard_mapping(first, last - first + 1)
            .unwrap()
            .reply()
            .unwrap();
        let each = usize::from(map.keysyms_per_keycode);
        let index = map.keysyms.chunks(each).position(|of| of[0] == symbol);
        first + index.expect("the keyboard has the key") as u8
    }

    /// Clicks twice a little inside the left upper corner of `window`.
    fn double_click(&self, window: u32) {
        let place = self
            .connection
            .translate_coordinates(window, self.root, 40, 40);
        let place = place.unwrap().reply().unwrap();
        let [x, y] = [place.dst_x, place.dst_y];
        let fake = |kind: u8, detail: u8| {
            let sent = self
                .connection
                .xtest_fake_input(kind, detail, 0, self.root, x, y, 0);
            sent.unwrap().check().unwrap();
        };
        fake(MOTION, 0);
        for _ in 0..2 {
            thread::sleep(HELD);
            fake(BUTTON_PRESS, 1);
            thread::sleep(HELD);
            fake(BUTTON_RELEASE, 1);
        }
    }
}

// Event codes and key symbols of the X protocol.
const KEY_PRESS: u8 = 2;
const KEY_RELEASE: u8 = 3;
const BUTTON_PRESS: u8 = 4;
const BUTTON_RELEASE: u8 = 5;
const MOTION: u8 = 6;
const F: u32 = 'f' as u32;
const B: u32 = 'b' as u32;
const W: u32 = 'w' as u32;
const ONE: u32 = '1' as u32;
const NINE: u32 = '9' as u32;
const SPACE: u32 = ' ' as u32;
const ESCAPE: u32 = 0xff1b;
const ENTER: u32 = 0xff0d;
const F11: u32 = 0xffc8;
const CONTROL: u32 = 0xffe3;
const ALT: u32 = 0xffe9;

/// Left half one colour, right half another.
fn halves(width: usize, height: usize, left: u32, right: u32) -> Arc<Picture> {
    let mut rgba = Vec::new();
    for _ in 0..height {
        for x in 0..width {
            let [_, r, g, b] = if x < width / 2 { left } else { right }.to_be_bytes();
            rgba.extend([r, g, b, 255]);
        }
    }
    let pixels = Pixels {
        width,
        height,
        rgba,
    };
    Arc::new(pixels.into())
}

const RED: u32 = 0x00d2_1408;
const BLUE: u32 = 0x0010_40e6;

fn show(window: &OutputWindow, picture: Arc<Picture>) {
    let before = window.presented().pictures;
    window.show(picture);
    eventually("the picture is shown", || {
        window.presented().pictures > before
    });
}

/// Waits until the window shows a picture of two halves, sixteen to nine, with black bars around.
fn expect_halves(server: &Server, window: u32, left: u32, right: u32) {
    let close = |a: u32, b: u32| {
        let [a, b] = [a, b].map(u32::to_be_bytes);
        a.iter().zip(b).all(|(&a, b)| a.abs_diff(b) <= 1)
    };
    let wrong = |[width, height]: [u32; 2], pixels: &[u32]| {
        let shown_height = (width * 9 / 16).min(height);
        let shown_width = (height * 16 / 9).min(width);
        let [bar, side] = [(height - shown_height) / 2, (width - shown_width) / 2];
        (0..width * height).find(|index| {
            let [x, y] = [index % width, index / width];
            // Where halves and edges meet, filters may blend.
            let near = |x: u32, edge: u32| x.abs_diff(edge) <= 12;
            if near(x, width / 2)
                || (bar > 0 && (near(y, bar) || near(y, height - bar)))
                || (side > 0 && (near(x, side) || near(x, width - side)))
            {
                return false;
            }
            let inside = (bar..height - bar).contains(&y) && (side..width - side).contains(&x);
            let wanted = match (inside, x < width / 2) {
                (false, _) => 0,
                (true, true) => left,
                (true, false) => right,
            };
            !close(pixels[*index as usize], wanted)
        })
    };
    let start = Instant::now();
    loop {
        let (size, pixels) = server.pixels(window);
        let Some(index) = wrong(size, &pixels) else {
            return;
        };
        let [x, y] = [index % size[0], index / size[0]];
        let colour = pixels[index as usize];
        assert!(
            start.elapsed() < PATIENCE,
            "{colour:06x} at ({x}, {y}) of {size:?}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

fn software_card() -> Arc<GpuContext> {
    GpuContext::new(Preference::Software).unwrap_or_else(|error| {
        panic!("{error}. Install mesa-vulkan-drivers (Debian, Ubuntu) to test surfaces")
    })
}

fn shows_what_it_is_given(window: &OutputWindow, title: &str) {
    let server = Server::new();
    let on_display = server.wait_for(title);
    eventually("it is visible", || window.is_visible());
    assert_eq!(window.pixels(), [640, 480]);
    show(window, halves(160, 90, RED, BLUE));
    expect_halves(&server, on_display, RED, BLUE);
    // Resized: the same picture, in its shape, without a new one.
    for size in [[900, 400], [320, 600]] {
        let wish = x11rb::protocol::xproto::ConfigureWindowAux::new()
            .width(size[0])
            .height(size[1]);
        let sent = server.connection.configure_window(on_display, &wish);
        sent.unwrap().check().unwrap();
        eventually("it has the new size", || window.pixels() == size);
        expect_halves(&server, on_display, RED, BLUE);
    }
    show(window, halves(320, 180, BLUE, RED));
    expect_halves(&server, on_display, BLUE, RED);
    assert_eq!(window.presented().pictures, 2);
    assert!(window.presented().last.is_some());
    assert_eq!(window.trouble(), None);
}

#[test]
fn the_processor_shows_a_picture_in_its_colours_and_shape() {
    let _turn = take_turn();
    let window = open("by the processor", [640, 480]);
    shows_what_it_is_given(&window, "by the processor");
    assert_eq!(window.drawn_by(), DrawnBy::Processor);
}

#[test]
fn a_card_shows_the_same() {
    let _turn = take_turn();
    let options = options("by a card", [640, 480]);
    let window = OutputWindow::open_with(options, Some(software_card()), Prefer::Gpu);
    let window = window.expect("a window opens");
    shows_what_it_is_given(&window, "by a card");
    assert_eq!(window.drawn_by(), DrawnBy::Card);
}

#[test]
fn a_picture_that_a_card_made_leaves_it_for_an_editor_alone_and_once() {
    let _turn = take_turn();
    let gpu = software_card();
    let options = options("on the card", [320, 180]);
    let window = OutputWindow::open_with(options, Some(Arc::clone(&gpu)), Prefer::Gpu).unwrap();
    let server = Server::new();
    let on_display = server.wait_for("on the card");
    let mut renderer = GpuRenderer::new(Arc::clone(&gpu), 160, 90, Quality::Light).unwrap();
    let scene = Timeline::new(1, 48_000.0).scene(0, &Controls::default());
    let scene = Scene {
        brush: 0.0,
        grade: Grade::default(),
        ..scene
    };
    // A generator's image would be there already; this one is brought from memory, once.
    let colour = [0.8, 0.1, 0.3].repeat(8 * 8);
    let mut preview = Preview::default();
    let mut make = || {
        let mut picture = Picture::default();
        let image = Image::new(8, colour.clone());
        renderer.render(&scene, &image, 0.1, &mut picture).unwrap();
        let picture = Arc::new(picture);
        preview.show(&picture, 0);
        show(&window, Arc::clone(&picture));
        (picture, preview.clone())
    };
    for _ in 0..3 {
        make();
    }
    let copies = gpu.copies();
    assert_eq!((copies.uploads, copies.readbacks), (3, 0));
    // An editor that is looked at asks for each picture as often as it draws.
    make().1.look();
    for _ in 0..3 {
        let (picture, preview) = make();
        preview.look();
        eventually("the preview has its pixels", || {
            picture.fetch();
            picture.fetched().is_some()
        });
    }
    let copies = gpu.copies();
    assert_eq!((copies.uploads, copies.readbacks), (7, 3));
    assert_eq!(window.drawn_by(), DrawnBy::Card);
    eventually("its colour is on the display", || {
        let (size, pixels) = server.pixels(on_display);
        let middle = pixels[(size[1] / 2 * size[0] + size[0] / 2) as usize];
        let [_, r, g, b] = middle.to_be_bytes();
        r > 180 && g < 60 && (50..110).contains(&b)
    });
}

#[test]
fn a_software_adapter_is_left_to_the_painter() {
    let _turn = take_turn();
    let window = OutputWindow::open(WindowOptions::default(), Some(software_card())).unwrap();
    show(&window, halves(160, 90, RED, BLUE));
    assert_eq!(window.drawn_by(), DrawnBy::Processor);
    assert_eq!(window.trouble(), None);
}

#[test]
fn when_the_device_is_lost_the_last_picture_stays_up_and_the_reason_is_said() {
    let _turn = take_turn();
    let gpu = software_card();
    let options = options("lost", [640, 480]);
    let window = OutputWindow::open_with(options, Some(Arc::clone(&gpu)), Prefer::Gpu).unwrap();
    let server = Server::new();
    let on_display = server.wait_for("lost");
    show(&window, halves(160, 90, RED, BLUE));
    assert_eq!(window.drawn_by(), DrawnBy::Card);
    gpu.device.destroy();
    let _ = gpu.device.poll(wgpu::PollType::wait_indefinitely());
    server
        .connection
        .clear_area(true, on_display, 0, 0, 0, 0)
        .unwrap();
    server.connection.flush().unwrap();
    eventually("the processor draws", || {
        window.drawn_by() == DrawnBy::Processor
    });
    // It may be another window now, where a system wants one.
    let on_display = server.wait_for("lost");
    expect_halves(&server, on_display, RED, BLUE);
    assert!(window.trouble().is_some_and(|said| said.contains("card")));
    show(&window, halves(160, 90, BLUE, RED));
    expect_halves(&server, on_display, BLUE, RED);
}

#[test]
fn a_window_is_black_before_its_first_picture_and_keeps_the_last_whole_one() {
    let _turn = take_turn();
    let window = open("black", [320, 180]);
    let server = Server::new();
    let on_display = server.wait_for("black");
    expect_halves(&server, on_display, 0, 0);
    assert_eq!(window.presented().pictures, 0);
    show(&window, halves(160, 90, RED, BLUE));
    let mut broken = halves(160, 90, BLUE, RED).pixels().unwrap().clone();
    broken.rgba.truncate(7);
    window.show(Arc::new(broken.into()));
    window.show(Arc::new(Picture::default()));
    eventually("the broken picture is refused", || {
        window.trouble().is_some()
    });
    expect_halves(&server, on_display, RED, BLUE);
    assert_eq!(window.presented().pictures, 1);
}

#[test]
fn thirty_two_windows_open_show_and_close() {
    let _turn = take_turn();
    let server = Server::new();
    for _ in 0..2 {
        let windows: Vec<OutputWindow> = (0..32)
            .map(|n| open(&format!("window {n}"), [160, 90]))
            .collect();
        let found: HashSet<u32> = (0..32)
            .map(|n| server.wait_for(&format!("window {n}")))
            .collect();
        assert_eq!(found.len(), 32);
        let picture = halves(160, 90, RED, BLUE);
        // The topmost is seen, and the others say that they are not.
        windows
            .iter()
            .for_each(|window| window.show(Arc::clone(&picture)));
        eventually("the topmost shows its picture", || {
            windows[31].presented().pictures == 1
        });
        eventually("the covered ones rest", || {
            windows[..31].iter().all(|window| !window.is_visible())
        });
        drop(windows);
        eventually("all are gone", || {
            (0..32).all(|n| server.find(&format!("window {n}")).is_none())
        });
    }
}

#[test]
fn the_close_button_closes_and_the_owner_learns_it() {
    let _turn = take_turn();
    let window = open("close me", [320, 180]);
    let server = Server::new();
    let on_display = server.wait_for("close me");
    assert!(window.is_open());
    let delete = server.atom("WM_DELETE_WINDOW");
    let message = ClientMessageEvent::new(
        32,
        on_display,
        server.atom("WM_PROTOCOLS"),
        [delete, x11rb::CURRENT_TIME, 0, 0, 0],
    );
    let sent = server
        .connection
        .send_event(false, on_display, EventMask::NO_EVENT, message);
    sent.unwrap().check().unwrap();
    eventually("it is closed", || !window.is_open());
    assert!(!window.is_visible() && !window.is_fullscreen());
    eventually("it is gone", || server.find("close me").is_none());
    // A closed window takes anything, and does nothing.
    window.show(halves(160, 90, RED, BLUE));
    window.set_fullscreen(None);
    window.close();
}

#[test]
fn keys_toggle_full_screen_and_the_others_reach_the_owner() {
    let _turn = take_turn();
    let _manager = display::window_manager();
    let server = Server::new();
    let window = open("keys", [640, 360]);
    let on_display = server.wait_for("keys");
    show(&window, halves(160, 90, RED, BLUE));
    server.focus(on_display);
    let fills_screen = |fills: bool| {
        eventually(
            if fills {
                "it fills the screen"
            } else {
                "it has its frame"
            },
            || window.is_fullscreen() == fills && (window.pixels() == display::SIZE) == fills,
        );
        expect_halves(&server, on_display, RED, BLUE);
    };
    for toggle in [&[F][..], &[F11], &[ALT, ENTER]] {
        server.press(toggle);
        fills_screen(true);
        server.press(toggle);
        fills_screen(false);
    }
    server.press(&[ONE]);
    fills_screen(true);
    server.press(&[ESCAPE]);
    fills_screen(false);
    server.double_click(on_display);
    fills_screen(true);
    server.double_click(on_display);
    fills_screen(false);
    window.set_fullscreen(None);
    fills_screen(true);
    window.leave_fullscreen();
    fills_screen(false);

    server.press(&[ESCAPE]);
    server.press(&[NINE]);
    server.press(&[SPACE]);
    server.press(&[CONTROL, B]);
    let names = [0; 2].map(|_| window.keys().recv_timeout(PATIENCE).unwrap());
    let key = |name: &str, control| Key {
        name: name.to_owned(),
        shift: false,
        control,
        alt: false,
        command: false,
    };
    assert_eq!(names, [key("Space", false), key("b", true)]);
    assert!(window.is_open(), "Escape closed a show");
    assert_eq!(window.trouble().as_deref(), Some("there is no monitor 9"));
    server.press(&[CONTROL, W]);
    eventually("it is closed", || !window.is_open());
}

#[test]
fn nothing_is_drawn_while_a_window_is_minimised_or_on_another_desktop() {
    let _turn = take_turn();
    let _manager = display::window_manager();
    let server = Server::new();
    let window = open("elsewhere", [320, 180]);
    let on_display = server.wait_for("elsewhere");
    show(&window, halves(160, 90, RED, BLUE));
    let ask = |name: &str, of: u32, what: [u32; 5]| {
        let message = ClientMessageEvent::new(32, of, server.atom(name), what);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        let sent = server
            .connection
            .send_event(false, server.root, mask, message);
        sent.unwrap().check().unwrap();
    };
    let desktop = |number| ask("_NET_CURRENT_DESKTOP", server.root, [number, 0, 0, 0, 0]);
    let iconic = 3;
    let minimise = || ask("WM_CHANGE_STATE", on_display, [iconic, 0, 0, 0, 0]);
    let raise = || ask("_NET_ACTIVE_WINDOW", on_display, [2, 0, 0, 0, 0]);
    let hiding: [&dyn Fn(); 2] = [&|| desktop(1), &minimise];
    let bringing_back: [&dyn Fn(); 2] = [&|| desktop(0), &raise];
    for (hide, bring_back) in hiding.into_iter().zip(bringing_back) {
        hide();
        eventually("it is not visible", || {
            // As whoever paints does.
            window.show(halves(160, 90, BLUE, RED));
            !window.is_visible()
        });
        let before = window.presented().pictures;
        window.show(halves(160, 90, RED, BLUE));
        thread::sleep(Duration::from_millis(150));
        assert_eq!(window.presented().pictures, before);
        bring_back();
        eventually("the newest picture is shown", || {
            window.is_visible() && window.presented().pictures == before + 1
        });
        expect_halves(&server, on_display, RED, BLUE);
    }
}

#[test]
fn a_window_opens_on_the_monitor_that_is_named_and_says_when_there_is_none() {
    let _turn = take_turn();
    let _manager = display::window_manager();
    let monitors = monitors().unwrap();
    assert_eq!(monitors.len(), 1);
    assert_eq!(monitors[0].size, display::SIZE);
    assert_eq!(monitors[0].position, [0, 0]);
    for (name, known) in [(monitors[0].name.as_str(), true), ("Beamer", false)] {
        let window = OutputWindow::open(
            WindowOptions {
                fullscreen_on: Some(name.to_owned()),
                ..WindowOptions::default()
            },
            None,
        )
        .unwrap();
        eventually("it fills the screen", || {
            window.is_fullscreen() && window.pixels() == display::SIZE
        });
        assert_eq!(window.trouble().is_none(), known);
        assert!(known || window.trouble().is_some_and(|said| said.contains("Beamer")));
    }
}

#[test]
fn show_never_waits_and_the_newest_picture_wins_whoever_sends() {
    let _turn = take_turn();
    let window = open("many hands", [320, 180]);
    let server = Server::new();
    let on_display = server.wait_for("many hands");
    let other = halves(320, 180, BLUE, BLUE);
    let slowest = thread::scope(|scope| {
        let hands: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let times = (0..500).map(|_| {
                        let start = Instant::now();
                        window.show(Arc::clone(&other));
                        start.elapsed()
                    });
                    times.max().unwrap()
                })
            })
            .collect();
        let slowest = hands.into_iter().map(|hand| hand.join().unwrap());
        slowest.max().unwrap()
    });
    assert!(slowest < Duration::from_millis(500), "{slowest:?}");
    let sent = 8 * 500;
    show(&window, halves(160, 90, RED, BLUE));
    expect_halves(&server, on_display, RED, BLUE);
    assert!(window.presented().pictures <= sent + 1);
}

#[test]
fn a_display_may_come_late_and_until_then_there_is_a_sentence() {
    let _turn = take_turn();
    if !alone(
        "a_display_may_come_late_and_until_then_there_is_a_sentence",
        &[],
    ) {
        return;
    }
    let try_open = || OutputWindow::open(WindowOptions::default(), None);
    let name = std::env::var("DISPLAY").unwrap();
    for dead in [None, Some(""), Some(":63210"), Some("nonsense")] {
        // SAFETY: this process runs this test alone, and reads the environment in no other thread
        // meanwhile.
        unsafe {
            match dead {
                Some(dead) => std::env::set_var("DISPLAY", dead),
                None => std::env::remove_var("DISPLAY"),
            }
        }
        assert_eq!(try_open().err(), Some(WindowError::NoDisplay));
        assert_eq!(monitors(), Err(WindowError::NoDisplay));
    }
    // SAFETY: as above.
    unsafe { std::env::set_var("DISPLAY", name) };
    assert!(try_open().is_ok_and(|window| window.is_open()));
}

#[test]
fn a_full_screen_window_keeps_the_screen_lit() {
    let _turn = take_turn();
    if !alone("a_full_screen_window_keeps_the_screen_lit", &[]) {
        return;
    }
    let server = Server::new();
    let idle = || {
        let info = server.connection.screensaver_query_info(server.root);
        Duration::from_millis(info.unwrap().reply().unwrap().ms_since_user_input.into())
    };
    let window = open("lit", [320, 180]);
    let long = Duration::from_millis(500);
    eventually("nobody has touched the keyboard for a while", || {
        idle() > long
    });
    window.set_fullscreen(None);
    eventually("the screen's clock starts again", || idle() < long);
}
