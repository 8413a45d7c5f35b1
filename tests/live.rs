//! An instance while music plays: who looks sees, who does not costs nothing.

#[path = "common/alone.rs"]
mod alone;

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alone::alone;
use parking_lot::Mutex;
use synopsia::gpu::{GpuContext, Preference};
use synopsia::live::{
    FilmSetup, HeardNow, Live, Part, Setup, Shown, Snapshot, Status, Tap, TempoSource,
    fail_pictures, failed_pictures, hold_films, hold_loading, lose_device, model_index,
    model_names, panic_next, take_software_for_a_card,
};
use synopsia::signal::Transport;

const RATE: f64 = 48_000.0;
const BLOCK: usize = 480;

/// An instance, its audio thread's end, and its knobs. Pictures are small, for speed.
struct Stand {
    live: Arc<Live>,
    tap: Tap,
    snapshot: Arc<Mutex<Snapshot>>,
    played: u64,
}

impl Stand {
    fn new() -> Self {
        let snapshot = Arc::new(Mutex::new(Snapshot::default()));
        let knobs = Arc::clone(&snapshot);
        let live = Live::new(move || *knobs.lock());
        live.set_setup(Setup {
            size: Some([128, 72]),
            ..Setup::default()
        });
        let tap = live.connect(RATE, 2, false).unwrap();
        Self {
            live,
            tap,
            snapshot,
            played: 0,
        }
    }

    /// Plays `seconds` of a beating tone in real time; looks meanwhile if `looking`.
    fn play(&mut self, seconds: f64, looking: bool, transport: Option<Transport>) {
        let start = Instant::now();
        let blocks = (seconds * RATE / BLOCK as f64) as u32;
        for block in 0..blocks {
            let tone: Vec<f32> = (0..BLOCK as u64)
                .map(|i| {
                    let t = (self.played + i) as f64 / RATE;
                    let beat = (-(t * 2.0).fract() * 8.0).exp();
                    (0.5 * beat * (t * 110.0 * std::f64::consts::TAU).sin()) as f32
                })
                .collect();
            let both: [&[f32]; 2] = [&tone, &tone];
            let since = f64::from(block) * BLOCK as f64 / RATE;
            let transport = transport.map(|t| Transport {
                beats: t.beats + since * t.tempo / 60.0,
                ..t
            });
            let snapshot = *self.snapshot.lock();
            self.tap.hear(&both, &both, transport, &snapshot);
            self.played += BLOCK as u64;
            if looking {
                self.live.look();
            }
            let due = start + Duration::from_secs_f64(since + BLOCK as f64 / RATE);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }

    /// Plays until a picture fits, half a minute at most.
    fn see(&mut self, what: &str, fits: impl Fn(&Shown) -> bool) -> Arc<Shown> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(30) {
            self.play(0.05, true, None);
            if let Some(shown) = self.live.shown().filter(|shown| fits(shown)) {
                return shown;
            }
        }
        panic!("no picture {what}; {:?}", self.live.status());
    }

    /// Plays until the status fits, a minute at most: a model comes when it is loaded.
    fn until(&mut self, what: &str, fits: impl Fn(&Status) -> bool) -> Status {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            self.play(0.05, true, None);
            let status = self.live.status();
            if fits(&status) {
                return status;
            }
        }
        panic!("not {what}; {:?}", self.live.status());
    }

    /// Waits until what the show knows fits, a minute at most: the thread that listens may get
    /// its turn late.
    fn hears(&self, fits: impl Fn(&HeardNow) -> bool) {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            if self.live.status().now.as_ref().is_some_and(&fits) {
                return;
            }
            self.live.look();
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the show does not hear it; {:?}", self.live.status());
    }
}

/// The folder for models that a test has which was run alone.
fn models_folder() -> std::path::PathBuf {
    let folder = std::env::var_os("SYNOPSIA_MODELS");
    folder.expect("the folder that the parent has made").into()
}

/// A network of tests, by the name that it has.
fn reference(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference");
    format!("{folder}/{name}.model.safetensors")
}

/// Puts a network of tests into the models' folder, under this name; its number.
fn add_model(network: &str, name: &str) -> u16 {
    let file = models_folder().join(name).with_extension("safetensors");
    std::fs::copy(reference(network), file).unwrap();
    model_index(name).expect("the file is found") as u16
}

/// A look of the built-in family, by its number.
fn ours(number: usize) -> &'static str {
    &synopsia::gan::Catalog::built_in()[number]
}

/// The bytes of a picture.
fn bytes(shown: &Shown) -> &[u8] {
    &shown.picture.pixels().unwrap().rgba
}

#[test]
fn who_looks_sees_pictures_and_nothing_is_painted_for_nobody() {
    let mut stand = Stand::new();
    stand.play(0.5, false, None);
    assert_eq!(stand.live.shown(), None);
    let first = stand.see("comes", |_| true);
    assert_eq!(first.picture.size(), [128, 72]);
    let bright = first.picture.pixels().unwrap().rgba.iter().max();
    assert!(bright > Some(&40), "{bright:?}");
    stand.see("follows", |shown| shown.position > first.position);
    // Half a second after the last look it rests, as soon as the picture at hand is done.
    let number = || stand.live.shown().unwrap().number;
    let mut rested = number();
    loop {
        std::thread::sleep(Duration::from_millis(800));
        let since = std::mem::replace(&mut rested, number());
        if since == rested {
            break;
        }
    }
    stand.play(0.5, false, None);
    assert_eq!(stand.live.shown().unwrap().number, rested);
}

#[test]
fn blackout_is_black_and_freeze_keeps_the_picture() {
    let mut stand = Stand::new();
    let black = |shown: &Shown| bytes(shown).chunks(4).all(|p| p == [0, 0, 0, 255]);
    let lit = stand.see("with light", |shown| !black(shown));
    stand.snapshot.lock().blackout = true;
    stand.see("is black", |shown| {
        shown.number > lit.number && black(shown)
    });
    stand.snapshot.lock().blackout = false;
    stand.see("with light again", |shown| !black(shown));
    stand.snapshot.lock().freeze = true;
    stand.until("frozen", |status| status.freeze);
    stand.play(0.2, true, None);
    let frozen = stand.live.shown().unwrap();
    stand.play(0.4, true, None);
    assert_eq!(stand.live.shown().unwrap().picture, frozen.picture);
    stand.snapshot.lock().blackout = true;
    stand.see("is black", |shown| black(shown));
    stand.snapshot.lock().blackout = false;
    stand.see("is the frozen one again", |shown| {
        shown.picture == frozen.picture
    });
    stand.snapshot.lock().freeze = false;
    stand.see("moves on", |shown| shown.picture != frozen.picture);
}

#[test]
fn a_hosts_tempo_and_place_reach_the_show() {
    let mut stand = Stand::new();
    let transport = Transport {
        beats: 64.0,
        tempo: 174.0,
        beats_per_bar: 3.0,
    };
    stand.play(1.0, true, Some(transport));
    let expected = 64.0 + 174.0 / 60.0;
    stand.hears(|now| {
        now.tempo == TempoSource::Host
            && (now.time.tempo, now.time.beats_per_bar) == (174.0, 3.0)
            && (now.time.beats - expected).abs() < 1.0
    });
    stand.play(1.0, true, None);
    stand.hears(|now| now.tempo == TempoSource::Heard);
}

#[test]
fn a_model_that_is_not_there_is_reported_and_painting_goes_on() {
    let mut stand = Stand::new();
    stand.see("comes", |_| true);
    stand.snapshot.lock().model = 31;
    stand.until("reported", |status| status.problem.is_some());
    let before = stand.live.shown().unwrap().number;
    stand.see("goes on", |shown| shown.number > before + 2);
    let status = stand.live.status();
    assert_eq!(
        status.problem.as_deref(),
        Some(&*format!("there is no model number 32; {} paints", ours(0)))
    );
    assert_eq!((status.problems, status.model.as_str()), (1, ours(0)));
}

#[test]
fn a_blend_of_looks_is_a_model_like_any_other() {
    let blend = format!("{}:3+{}:1", ours(1), ours(0));
    let number = model_index(&blend).expect("any blend has a number") as u16;
    assert_eq!(model_index(&blend), Some(number.into()));
    assert_eq!(model_index(&format!("{}+cubist", ours(0))), None);
    let mut stand = Stand::new();
    stand.snapshot.lock().model = number;
    stand.see("comes", |_| true);
    let status = stand.live.status();
    assert_eq!((status.model, status.problem), (blend, None));
}

#[test]
fn a_model_that_takes_long_to_load_does_not_hold_the_picture_up() {
    let folder = tempfile::tempdir().unwrap();
    let test = "a_model_that_takes_long_to_load_does_not_hold_the_picture_up";
    if !alone(test, &[("SYNOPSIA_MODELS", folder.path().as_os_str())]) {
        return;
    }
    // Of another family than what paints: that is loaded.
    let slow = add_model("modulated", "slow");
    let mut stand = Stand::new();
    stand.see("comes", |_| true);
    // A card, where there is one, would be held up, too.
    stand.until("painted by who stays", |status| {
        !status.painter.ends_with("gets ready")
    });
    hold_loading(true);
    stand.snapshot.lock().model = slow;
    let before = stand.live.shown().unwrap().number;
    stand.see("goes on", |shown| shown.number > before + 5);
    let status = stand.live.status();
    let told = (status.model.as_str(), status.loading.as_deref());
    assert_eq!(told, (ours(0), Some("slow")));
    // Another wish meanwhile takes its turn, and back again.
    stand.snapshot.lock().model = 31;
    stand.play(0.2, true, None);
    stand.snapshot.lock().model = slow;
    stand.play(0.2, true, None);
    let before = stand.live.shown().unwrap().number;
    hold_loading(false);
    let status = stand.until("loaded", |status| status.model == "modulated");
    assert_eq!((status.problem, status.loading), (None, None));
    // The wish is taken back before it is fulfilled, and another size is wanted at the same time.
    hold_loading(true);
    stand.snapshot.lock().model = 0;
    stand.see("goes on", |shown| shown.number > before + 2);
    stand.snapshot.lock().model = slow;
    stand.play(0.2, true, None);
    hold_loading(false);
    stand.live.set_setup(Setup {
        size: Some([96, 64]),
        ..Setup::default()
    });
    stand.snapshot.lock().model = 0;
    stand.until("loaded", |status| status.model == ours(0));
    stand.see("of another size", |shown| shown.picture.size()[0] == 96);
    // One that fails is told once, and the one before paints on.
    panic_next(Part::Loading);
    stand.snapshot.lock().model = slow;
    let status = stand.until("told", |status| status.problem.is_some());
    let said = format!(
        "slow could not be loaded: a panic that a test asked for; {} paints",
        ours(0)
    );
    assert_eq!(status.problem, Some(said));
    let before = stand.live.shown().unwrap().number;
    stand.see("goes on", |shown| shown.number > before + 2);
    let status = stand.live.status();
    assert_eq!((status.model.as_str(), status.problems), (ours(0), 1));
    assert_eq!(status.loading, None);
    stand.snapshot.lock().model = 0;
    let before = stand.live.shown().unwrap().number;
    stand.see("of the first again", |shown| shown.number > before + 2);
    // A show that ends while something is loaded does not wait for it: this may be the host's thread.
    hold_loading(true);
    stand.snapshot.lock().model = slow;
    stand.until("being loaded", |status| status.loading.is_some());
    let (ended, has_ended) = std::sync::mpsc::channel();
    let show = std::thread::spawn(move || {
        drop(stand);
        ended.send(()).unwrap();
    });
    let waited = has_ended.recv_timeout(Duration::from_secs(20));
    hold_loading(false);
    show.join().unwrap();
    assert_eq!(waited, Ok(()), "the show waited for the model");
}

#[test]
fn a_look_of_the_family_that_paints_is_chosen_without_loading_anything() {
    let test = "a_look_of_the_family_that_paints_is_chosen_without_loading_anything";
    if !alone(test, &[("SYNOPSIA_MODELS", OsStr::new("/nowhere"))]) {
        return;
    }
    hold_loading(true);
    let mut stand = Stand::new();
    stand.snapshot.lock().controls.trails = 0.0;
    stand.see("comes", |_| true);
    let blend = format!("{}:3+{}:1", ours(1), ours(0));
    for name in [ours(1), &blend, ours(0)] {
        let before = stand.live.shown().unwrap();
        stand.snapshot.lock().model = model_index(name).expect("any blend has a number") as u16;
        let status = stand.until("chosen", |status| status.model == name);
        assert_eq!((status.loading, status.problem), (None, None));
        stand.see("of it comes", |shown| {
            shown.number > before.number + 1 && shown.picture != before.picture
        });
    }
    hold_loading(false);
}

#[test]
fn what_could_not_be_had_is_tried_again_when_it_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let test = "what_could_not_be_had_is_tried_again_when_it_has_come";
    if !alone(test, &[("SYNOPSIA_MODELS", folder.path().as_os_str())]) {
        return;
    }
    let file = models_folder().join("late.safetensors");
    let whole = std::fs::read(reference("modulated")).unwrap();
    // As it is while it is being copied.
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let mut stand = Stand::new();
    stand.see("comes", |_| true);
    stand.snapshot.lock().model = model_index("late").expect("the file is found") as u16;
    stand.until("told", |status| status.problem.is_some());
    std::fs::write(&file, &whole).unwrap();
    let status = stand.until("loaded", |status| status.model == "modulated");
    assert_eq!(status.problems, 1);

    // A look to blend with, too.
    stand.snapshot.lock().model = 0;
    stand.until("loaded", |status| status.model == ours(0));
    let number = model_names().len() as u16;
    {
        let mut snapshot = stand.snapshot.lock();
        snapshot.controls.trails = 0.0;
        (snapshot.blend_with, snapshot.blend) = (number, 1.0);
    }
    let said = format!("there is no model number {} to blend with", number + 1);
    stand.until("told", |status| status.problem.as_ref() == Some(&said));
    let live = Arc::clone(&stand.live);
    // Nothing plays, so that pictures change by the knobs alone.
    let still = settled(&live);
    let blend = format!("{}:1+{}:2", ours(0), ours(1));
    assert_eq!(model_index(&blend), Some(number.into()));
    let start = Instant::now();
    while live.shown().unwrap().picture == still.picture {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "it is not blended"
        );
        live.look();
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(live.status().problems, 2);
}

/// Waits until the picture has come to rest: a second without one, though many are due.
fn settled(live: &Live) -> Arc<Shown> {
    let start = Instant::now();
    let (mut last, mut since) = (None, Instant::now());
    while last.is_none() || since.elapsed() < Duration::from_secs(1) {
        assert!(start.elapsed() < Duration::from_secs(60), "{last:?}");
        live.look();
        std::thread::sleep(Duration::from_millis(20));
        let now = live.shown().map(|shown| shown.number);
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    live.shown().unwrap()
}

#[test]
fn a_picture_that_fails_is_not_tried_again_without_a_pause() {
    let test = "a_picture_that_fails_is_not_tried_again_without_a_pause";
    if !alone(test, &[("SYNOPSIA_MODELS", OsStr::new("/nowhere"))]) {
        return;
    }
    let mut stand = Stand::new();
    let last = stand.see("comes", |_| true);
    fail_pictures(true);
    stand.until("told", |status| status.problem.is_some());
    stand.play(3.0, true, None);
    let failed = failed_pictures();
    assert!((2..8).contains(&failed), "{failed} pictures were tried");
    let status = stand.live.status();
    assert!(status.problems < 8, "{status:?}");
    assert_eq!(
        status.problem.as_deref(),
        Some("a picture that a test lets fail")
    );
    let shown = stand.live.shown().expect("the last picture stays up");
    fail_pictures(false);
    assert!(shown.number < last.number + 40);
    stand.see("comes again", |next| next.number > shown.number + 2);
}

#[test]
fn a_recording_that_is_slow_to_begin_holds_up_neither_pictures_nor_who_looks() {
    let folder = tempfile::tempdir().unwrap();
    let test = "a_recording_that_is_slow_to_begin_holds_up_neither_pictures_nor_who_looks";
    if !alone(test, &[("SYNOPSIA_MODELS", folder.path().as_os_str())]) {
        return;
    }
    let mut stand = Stand::new();
    let mut setup = stand.live.setup();
    setup.film = FilmSetup {
        folder: Some(models_folder()),
        size: [128, 72],
        fps: 10,
    };
    stand.live.set_setup(setup);
    let before = stand.see("comes", |_| true);
    hold_films(true);
    let live = Arc::clone(&stand.live);
    let begun = std::thread::spawn(move || live.start_recording());
    stand.see("goes on", |shown| shown.number > before.number + 3);
    assert!(!begun.is_finished());
    let other = stand.live.start_recording().unwrap_err();
    assert!(other.contains("a film is being made already"), "{other}");
    hold_films(false);
    let path = begun.join().unwrap().expect("a recording");
    stand.play(0.5, true, None);
    stand.live.stop_recording();
    stand.until("filmed", |status| status.last_film.as_ref() == Some(&path));
    assert_eq!(stand.live.status().problem, None);
}

#[test]
fn the_knobs_reach_the_picture_where_nothing_plays() {
    let snapshot = Arc::new(Mutex::new(Snapshot::default()));
    let knobs = Arc::clone(&snapshot);
    let live = Live::new(move || *knobs.lock());
    let wait_for = |what: &str, fits: &dyn Fn(&Shown) -> bool| {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            live.look();
            if live.shown().is_some_and(|shown| fits(&shown)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("no picture {what}");
    };
    wait_for("comes without music", &|shown| bytes(shown)[0] > 0);
    snapshot.lock().blackout = true;
    wait_for("is black", &|shown| {
        bytes(shown).chunks(4).all(|p| p[..3] == [0; 3])
    });
}

#[test]
fn where_nothing_plays_the_picture_settles_until_a_knob_or_music_moves_it() {
    let mut stand = Stand::new();
    // Trails would make the wait a long one.
    stand.snapshot.lock().controls.trails = 0.0;
    stand.see("comes", |_| true);
    let live = Arc::clone(&stand.live);
    let number = || {
        live.look();
        live.shown().unwrap().number
    };
    let settles = || {
        let start = Instant::now();
        let (mut last, mut since) = (number(), Instant::now());
        // Three seconds without a picture, though thirty a second are due.
        while since.elapsed() < Duration::from_secs(3) {
            assert!(start.elapsed() < Duration::from_secs(60), "{last}");
            std::thread::sleep(Duration::from_millis(20));
            let now = number();
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        live.shown().unwrap()
    };
    let moves = |still: Arc<Shown>| {
        let start = Instant::now();
        while number() == still.number {
            assert!(start.elapsed() < Duration::from_secs(30), "{still:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_ne!(live.shown().unwrap().picture, still.picture);
    };
    let still = settles();
    stand.snapshot.lock().controls.zoom = 2.0;
    moves(still);
    let still = settles();
    stand.play(0.5, true, None);
    moves(still);
}

#[test]
fn a_model_whose_file_is_deleted_paints_on_and_the_next_instance_has_another() {
    let variable = "SYNOPSIA_MODELS";
    let folder = tempfile::tempdir().unwrap();
    let test = "a_model_whose_file_is_deleted_paints_on_and_the_next_instance_has_another";
    if !alone(test, &[(variable, folder.path().as_os_str())]) {
        return;
    }
    let folder = std::env::var_os(variable).expect("the folder that the parent has made");
    let folder = std::path::PathBuf::from(folder);
    let network = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/modulated.model.safetensors"
    );
    let [first, second] = ["first", "second"].map(|name| {
        let file = folder.join(name).with_extension("safetensors");
        std::fs::copy(network, &file).unwrap();
        file
    });
    let number = |name| model_index(name).map(|number| number as u16);
    let snapshot = Snapshot {
        model: number("first").expect("the file is found"),
        ..Snapshot::default()
    };
    let mut stand = Stand::new();
    *stand.snapshot.lock() = snapshot;
    stand.see("comes", |_| true);
    assert_eq!(stand.live.status().model, "modulated");
    let numbers = [number("first"), number("second")];

    std::fs::remove_file(&first).unwrap();
    // Longer than it takes until the folders are looked into again; another size, too.
    stand.play(3.5, true, None);
    stand.live.set_setup(Setup {
        size: Some([96, 64]),
        ..Setup::default()
    });
    stand.see("of another size", |shown| shown.picture.size()[0] == 96);
    let status = stand.live.status();
    assert_eq!((status.model.as_str(), status.problem), ("modulated", None));
    // No knob chooses another model because a file has gone.
    assert_eq!([number("first"), number("second")], numbers);

    let mut again = Stand::new();
    *again.snapshot.lock() = snapshot;
    again.see("comes", |_| true);
    let status = again.live.status();
    assert_eq!((status.model.as_str(), status.problems), (ours(0), 1));
    let said = status.problem.expect("a sentence");
    let begins = "there is no model named first; there are ";
    assert!(said.starts_with(begins), "{said}");
    assert!(said.ends_with(&format!("; {} paints", ours(0))), "{said}");

    // Where something paints already, that goes on.
    again.snapshot.lock().model = numbers[1].expect("the file is found");
    again.until("modulated", |status| status.model == "modulated");
    std::fs::remove_file(&second).unwrap();
    again.snapshot.lock().model = 0;
    again.until(ours(0), |status| status.model == ours(0));
    again.snapshot.lock().model = snapshot.model;
    again.until("reported", |status| status.problems == 2);
    let number = again.live.shown().unwrap().number;
    again.see("goes on", |shown| shown.number > number + 3);
    let status = again.live.status();
    assert_eq!((status.model.as_str(), status.problems), (ours(0), 2));
}

#[test]
fn a_model_dropped_into_the_folder_paints_without_a_restart_and_a_broken_one_is_told() {
    let variable = "SYNOPSIA_MODELS";
    let folder = tempfile::tempdir().unwrap();
    let test = "a_model_dropped_into_the_folder_paints_without_a_restart_and_a_broken_one_is_told";
    if !alone(test, &[(variable, folder.path().as_os_str())]) {
        return;
    }
    let folder = std::env::var_os(variable).expect("the folder that the parent has made");
    let folder = std::path::PathBuf::from(folder);
    let mut stand = Stand::new();
    stand.see("comes", |_| true);
    let choose = |stand: &mut Stand, name: &str| {
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < Duration::from_secs(60), "{name}");
            stand.play(0.05, true, None);
            if let Some(number) = model_index(name) {
                stand.snapshot.lock().model = number as u16;
                return;
            }
        }
    };
    let network = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/stylegan2.model.safetensors"
    );
    std::fs::copy(network, folder.join("dropped.safetensors")).unwrap();
    choose(&mut stand, "dropped");
    let status = stand.until("loaded", |status| status.model == "stylegan2");
    assert_eq!(status.problem, None);

    let half = std::fs::read(network).unwrap();
    std::fs::write(folder.join("broken.safetensors"), &half[..half.len() / 2]).unwrap();
    choose(&mut stand, "broken");
    stand.until("told", |status| status.problem.is_some());
    let number = stand.live.shown().unwrap().number;
    stand.see("goes on", |shown| shown.number > number + 3);
    let status = stand.live.status();
    assert_eq!((status.model.as_str(), status.problems), ("stylegan2", 1));
    let said = status.problem.expect("a sentence");
    assert!(said.contains("broken.safetensors is truncated: "), "{said}");
    assert!(said.ends_with("; stylegan2 paints"), "{said}");
}

#[test]
fn a_lost_device_leaves_the_last_picture_up_and_painting_goes_on() {
    let test = "a_lost_device_leaves_the_last_picture_up_and_painting_goes_on";
    let [adapters, vulkan] = ["WGPU_BACKEND", "vulkan"];
    if !alone(test, &[(adapters, vulkan.as_ref())]) {
        return;
    }
    let on_card = std::env::var_os("SYNOPSIA_TEST_GPU").is_some();
    let device = if on_card {
        Preference::Fastest
    } else {
        take_software_for_a_card();
        Preference::Software
    };
    match GpuContext::new(device) {
        Ok(gpu) => eprintln!("on {}", gpu.info.name),
        Err(error) if on_card => panic!("{error}"),
        Err(error) => {
            eprintln!("there is no device that could be lost: {error}");
            return;
        }
    }
    let mut stand = Stand::new();
    let lit = |shown: &Shown| bytes(shown).iter().max() > Some(&40);
    let paints_itself = |status: &Status| status.painter.starts_with("The CPU paints");
    // The first pictures do not wait for the card.
    hold_loading(true);
    stand.see("comes", lit);
    let status = stand.live.status();
    assert!(paints_itself(&status), "{status:?}");
    assert!(status.painter.ends_with("gets ready"), "{status:?}");
    // Nor do those of another size; another model comes after the card.
    stand.live.set_setup(Setup {
        size: Some([96, 64]),
        ..Setup::default()
    });
    stand.snapshot.lock().model = model_index(ours(1)).expect("it is shipped") as u16;
    stand.see("of another size", |shown| shown.picture.size()[0] == 96);
    hold_loading(false);
    let status = stand.until("taken over", |status| !paints_itself(status));
    assert_eq!(status.problem, None);
    stand.until("loaded", |status| status.model == ours(1));

    for for_good in [false, false, true] {
        let before = stand.live.shown().unwrap().number;
        let problems = stand.live.status().problems;
        assert!(lose_device(for_good));
        let start = Instant::now();
        loop {
            stand.play(0.02, true, None);
            let shown = stand.live.shown().expect("the last picture stays up");
            assert!(lit(&shown));
            let status = stand.live.status();
            let said = status.problem.as_deref().unwrap_or_default();
            // A picture that was being made is told of before.
            let told = status.problems > problems
                && said.starts_with("the graphics device is made anew: ")
                && paints_itself(&status) == for_good;
            if told && shown.number > before + 3 {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{status:?}");
        }
    }
    let adapter = stand.live.status().adapter;
    assert!(adapter.contains("no graphics adapter"), "{adapter}");
}
