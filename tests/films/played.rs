//! Films of what is played: exact, whole, and never a burden for the host.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use synopsia::emotion::Ear;
use synopsia::live::{FilmSetup, Filming, Live, Setup, Snapshot, Tap};
use synopsia::media::song::SongReader;

const RATE: usize = 48_000;
const SIZE: [usize; 2] = [128, 72];
const FPS: u32 = 10;

/// An instance whose films go to `folder`.
fn instance(folder: &Path) -> Arc<Live> {
    let live = Live::new(Snapshot::default);
    live.set_setup(Setup {
        film: FilmSetup {
            folder: Some(folder.to_owned()),
            size: SIZE,
            fps: FPS,
        },
        ..Setup::default()
    });
    live
}

/// Music: two notes, beaten four times a second.
fn sample(position: u64) -> f32 {
    let t = position as f64 / RATE as f64;
    let beat = 1.0 - (4.0 * t).fract();
    let note = |hz: f64| (std::f64::consts::TAU * hz * t).sin();
    (0.3 * beat * (note(220.0) + note(1318.5))) as f32
}

/// Plays `range` in blocks of `block`; blackout holds from `dark` on to its end. A block never
/// straddles a knob's move, as hosts that automate to the sample have it.
fn play(tap: &mut Tap, range: std::ops::Range<u64>, block: usize, dark: &std::ops::Range<u64>) {
    let mut at = range.start;
    while at < range.end {
        let moves = [dark.start, dark.end];
        let next = moves.into_iter().filter(|edge| *edge > at).min();
        let end = (at + block as u64)
            .min(range.end)
            .min(next.unwrap_or(u64::MAX));
        let samples: Vec<f32> = (at..end).map(sample).collect();
        let snapshot = Snapshot {
            blackout: dark.contains(&at),
            ..Snapshot::default()
        };
        tap.hear(
            &[&samples, &samples],
            &[&samples, &samples],
            None,
            &snapshot,
        );
        at = end;
    }
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Plays as [`play`] does, in real time.
fn perform(tap: &mut Tap, range: std::ops::Range<u64>, dark: &std::ops::Range<u64>) {
    let (begin, block) = (Instant::now(), RATE as u64 / 100);
    for at in range.clone().step_by(block as usize) {
        let due = Duration::from_secs_f64((at - range.start) as f64 / RATE as f64);
        std::thread::sleep(due.saturating_sub(begin.elapsed()));
        play(tap, at..range.end.min(at + block), block as usize, dark);
    }
}

/// Performs as [`perform`] does, but where the painting falls more than three pictures behind, the music
/// waits for it: how late a picture is depends on the program then, and not on what else the machine
/// does.
fn perform_seen(
    live: &Live,
    tap: &mut Tap,
    range: std::ops::Range<u64>,
    dark: &std::ops::Range<u64>,
) {
    let (block, late) = (RATE as u64 / 100, 3 * RATE as u64 / 25);
    for at in range.clone().step_by(block as usize) {
        let follows = || {
            live.shown()
                .is_some_and(|shown| shown.position + late >= at)
        };
        wait_until("the painting stands still", || at < late || follows());
        perform(tap, at..range.end.min(at + block), dark);
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What is in `folder`, hidden files too.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The film, when it is at its place.
fn film(live: &Live) -> PathBuf {
    let idle = || live.status().filming == Filming::Idle && live.status().last_film.is_some();
    wait_until("a film", idle);
    live.status().last_film.unwrap()
}

/// Bounces `length` samples into a film.
fn bounce(folder: &Path, length: u64, block: usize, dark: &std::ops::Range<u64>) -> PathBuf {
    let live = instance(folder);
    live.set_bounce_armed(true);
    let mut tap = live.connect(RATE as f64, 2, true).unwrap();
    play(&mut tap, 0..length, block, dark);
    drop(tap);
    let film = film(&live);
    assert_eq!(live.status().problem, None);
    assert_eq!(live.status().dropped.hops, 0);
    film
}

/// The brightness of each picture, 0 to 255.
fn brightness(film: &Path) -> Vec<f64> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(film);
    ffmpeg.args(["-map", "0:v", "-fps_mode", "passthrough"]);
    ffmpeg.args(["-pix_fmt", "gray", "-f", "rawvideo", "-"]);
    let output = ffmpeg.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    let pictures = output.stdout.chunks_exact(SIZE[0] * SIZE[1]);
    pictures
        .map(|luma| luma.iter().map(|&y| f64::from(y)).sum::<f64>() / luma.len() as f64)
        .collect()
}

/// The left channel of a film's sound.
fn heard(film: &Path) -> Vec<f32> {
    let mut reader = SongReader::open(film).unwrap();
    assert_eq!(reader.rate() as usize, RATE);
    let mut samples = Vec::new();
    while reader.read(&mut samples).unwrap() > 0 {}
    samples.into_iter().step_by(reader.channels()).collect()
}

/// How far a film's sound is from the music, of its loudest.
fn distance(heard: &[f32], from: u64) -> f32 {
    let off = heard
        .iter()
        .zip(from..)
        .map(|(x, at)| (x - sample(at)).abs());
    off.fold(0.0, f32::max) / 0.6
}

const NEVER: std::ops::Range<u64> = u64::MAX..u64::MAX;

#[test]
fn the_same_bounce_gives_the_same_film_whatever_the_blocks() {
    let folder = tempfile::tempdir().unwrap();
    // From picture 8 to picture 12.
    let dark = RATE as u64 * 8 / 10..RATE as u64 * 12 / 10;
    // A hundredth of a picture more than 2 seconds.
    let length = 2 * RATE as u64 + 48;
    let films = [512, 512, 61, 20_000].map(|block| bounce(folder.path(), length, block, &dark));
    let bytes = films.each_ref().map(|film| std::fs::read(film).unwrap());
    for other in &bytes[1..] {
        assert!(*other == bytes[0], "two bounces differ");
    }
    let bright = brightness(&films[0]);
    assert_eq!(bright.len(), 21);
    for (picture, luma) in bright.iter().enumerate() {
        let is_dark = *luma < 1.0;
        assert_eq!(
            is_dark,
            (8..12).contains(&picture),
            "picture {picture}: {luma}"
        );
    }
    let sound = heard(&films[0]);
    assert_eq!(sound.len(), 21 * RATE / 10);
    assert!(distance(&sound[..length as usize - 2048], 0) < 0.1);
    let rest = sound[length as usize + 2048..].iter();
    assert!(rest.fold(0.0, |most: f32, x| most.max(x.abs())) < 0.01);
}

#[test]
fn a_long_bounce_without_a_song_is_painted_while_it_is_played_some_seconds_behind() {
    let folder = tempfile::tempdir().unwrap();
    let seconds = 26;
    let films = [480, 100_000].map(|block| {
        let live = instance(folder.path());
        let mut setup = live.setup();
        setup.film.fps = 1;
        live.set_setup(setup);
        live.set_bounce_armed(true);
        let mut tap = live.connect(RATE as f64, 2, true).unwrap();
        play(&mut tap, 0..seconds * RATE as u64, block, &NEVER);
        wait_until(
            "nothing is painted before the end",
            || matches!(live.status().filming, Filming::Bouncing { seconds, .. } if seconds > 6.0),
        );
        drop(tap);
        let film = film(&live);
        assert_eq!(live.status().problem, None);
        film
    });
    let bytes = films.each_ref().map(|film| std::fs::read(film).unwrap());
    assert!(bytes[0] == bytes[1], "two bounces differ");
    assert_eq!(brightness(&films[0]).len() as u64, seconds);
}

#[test]
fn a_bounce_is_heard_by_the_ear_that_was_chosen_and_the_status_names_it() {
    let folder = tempfile::tempdir().unwrap();
    // Music that both are sure of.
    let mut song = SongReader::open("plugin-assets/demo/three-weathers.ogg").unwrap();
    let (rate, channels, mut samples) = (song.rate(), song.channels(), Vec::new());
    while samples.len() < 2 * channels * rate as usize && song.read(&mut samples).unwrap() > 0 {}
    let mono: Vec<f32> = samples
        .chunks_exact(channels)
        .map(|frame| frame[0])
        .collect();
    let films = Ear::ALL.map(|ear| {
        let live = instance(folder.path());
        live.set_setup(Setup {
            ear,
            ..live.setup()
        });
        live.set_bounce_armed(true);
        let mut tap = live.connect(f64::from(rate), 2, true).unwrap();
        for block in mono.chunks(4096) {
            tap.hear(&[block, block], &[block, block], None, &Snapshot::default());
        }
        drop(tap);
        let film = film(&live);
        assert_eq!(live.status().problem, None);
        assert_eq!(live.status().ear, Some(ear));
        std::fs::read(film).unwrap()
    });
    assert!(films[0] != films[1], "both ears gave one film");
}

#[test]
fn probing_leaves_no_file_and_a_reset_begins_another_film() {
    let folder = tempfile::tempdir().unwrap();
    let live = instance(folder.path());
    live.set_bounce_armed(true);
    for _ in 0..3 {
        let mut tap = live.connect(RATE as f64, 2, true).unwrap();
        tap.reset();
        play(&mut tap, 0..0, 512, &NEVER);
    }
    live.finish();
    assert_eq!(files(folder.path()), Vec::<String>::new());

    let mut tap = live.connect(RATE as f64, 2, true).unwrap();
    tap.reset();
    play(&mut tap, 0..RATE as u64 / 2, 512, &NEVER);
    tap.reset();
    play(&mut tap, 0..RATE as u64 * 7 / 10 + 1, 512, &NEVER);
    drop(tap);
    // Whoever closes the project loses nothing.
    drop(live);
    assert_eq!(
        files(folder.path()),
        ["synopsia-001.mp4", "synopsia-002.mp4"]
    );
    for (name, pictures) in [("synopsia-001.mp4", 5), ("synopsia-002.mp4", 8)] {
        let film = folder.path().join(name);
        assert_eq!(brightness(&film).len(), pictures);
        assert_eq!(heard(&film).len(), pictures * RATE / 10);
    }
}

#[test]
fn a_bounce_that_is_not_filmed_is_not_held_up_and_counts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let live = instance(folder.path());
    let mut tap = live.connect(RATE as f64, 2, true).unwrap();
    // More than the rings hold.
    play(&mut tap, 0..20 * RATE as u64, 4096, &NEVER);
    drop(tap);
    live.finish();
    let dropped = live.status().dropped;
    assert_eq!((dropped.hops, dropped.samples), (0, 0));
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn without_a_folder_one_sentence_says_so_and_the_bounce_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let live = instance(&file.join("films"));
    let nothing = live.start_recording().unwrap_err();
    live.set_bounce_armed(true);
    let mut tap = live.connect(RATE as f64, 2, true).unwrap();
    play(&mut tap, 0..10 * RATE as u64, 512, &NEVER);
    drop(tap);
    live.finish();
    let status = live.status();
    assert_eq!((status.filming, status.last_film), (Filming::Idle, None));
    assert_eq!(status.problems, 1);
    let said = status.problem.unwrap();
    let place = format!("films cannot go to {}", file.join("films").display());
    for sentence in [said, nothing] {
        assert!(sentence.starts_with(&place), "{sentence}");
    }
}

#[test]
fn a_recording_is_as_long_as_its_music_and_shows_each_thing_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let live = instance(folder.path());
    let mut setup = live.setup();
    setup.film.fps = 25;
    live.set_setup(setup);
    assert!(live.start_recording().is_err());
    let mut tap = live.connect(RATE as f64, 2, false).unwrap();
    let path = live.start_recording().unwrap();
    assert!(live.start_recording().is_err());
    // From picture 10 to picture 25.
    let dark = RATE as u64 * 2 / 5..RATE as u64;
    let length = RATE as u64 * 5 / 2;
    perform_seen(&live, &mut tap, 0..length / 2, &dark);
    // The host stops, and goes on.
    std::thread::sleep(Duration::from_millis(300));
    perform_seen(&live, &mut tap, length / 2..length, &dark);
    let Filming::Recording { seconds, .. } = live.status().filming else {
        panic!("{:?}", live.status());
    };
    assert!((1.0..=2.5).contains(&seconds), "{seconds}");
    live.stop_recording();
    assert_eq!(film(&live), path);
    assert_eq!(live.status().problem, None);

    let bright = brightness(&path);
    assert!(
        (62..=63).contains(&bright.len()),
        "{} pictures",
        bright.len()
    );
    let is_dark = |picture: &usize| bright[*picture] < 1.0;
    let from = (0..bright.len()).find(is_dark).unwrap();
    let to = (0..bright.len()).rfind(is_dark).unwrap() + 1;
    assert!((10..=14).contains(&from), "dark from picture {from}");
    assert!((25..=29).contains(&to), "dark to picture {to}");
    assert!((from..to).all(|picture| is_dark(&picture)));
    let sound = heard(&path);
    assert_eq!(sound.len(), bright.len() * RATE / 25);
    assert!(distance(&sound[..length as usize - 2048], 0) < 0.1);
}

#[test]
fn a_project_that_is_closed_while_recording_keeps_its_film() {
    let folder = tempfile::tempdir().unwrap();
    let live = instance(folder.path());
    let mut tap = live.connect(RATE as f64, 2, false).unwrap();
    let start = 8 * RATE as u64;
    play(&mut tap, 0..start, 480, &NEVER);
    wait_until("a picture", || {
        live.look();
        live.shown().is_some()
    });
    let path = live.start_recording().unwrap();
    perform_seen(&live, &mut tap, start..start + RATE as u64, &NEVER);
    // Another tap at the same rate, whose positions begin anew: the film goes on with it.
    drop(tap);
    let mut tap = live.connect(RATE as f64, 1, false).unwrap();
    let left = start + RATE as u64..start + 2 * RATE as u64;
    let left: Vec<f32> = left.map(sample).collect();
    let dark = Snapshot {
        blackout: true,
        ..Snapshot::default()
    };
    for (n, block) in left[..RATE / 2].chunks(480).enumerate() {
        tap.hear(&[block], &[block], None, &dark);
        match n {
            // Its first hop is there; a busy machine may take its time to paint what it says.
            5 => wait_until("the dark", || live.status().blackout),
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    drop(live);
    let bright = brightness(&path);
    assert_eq!(bright.len(), 15);
    assert!(bright[5] > 1.0 && bright[13] < 1.0, "{bright:?}");
    let sound = heard(&path);
    assert_eq!(sound.len(), bright.len() * RATE / 10);
    assert!(distance(&sound[..RATE * 3 / 2 - 2048], start) < 0.1);
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn another_sample_rate_ends_a_recording_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let live = instance(folder.path());
    let mut tap = live.connect(RATE as f64, 2, false).unwrap();
    let path = live.start_recording().unwrap();
    perform(&mut tap, 0..RATE as u64 / 2, &NEVER);
    drop(tap);
    let _tap = live.connect(96_000.0, 2, false).unwrap();
    assert_eq!(film(&live), path);
    let said = live.status().problem.unwrap();
    assert!(
        said.contains("the sample rate changed from 48000 to 96000 Hz"),
        "{said}"
    );
    assert_eq!(brightness(&path).len(), 5);

    // At a rate that has to be resampled, too, nothing is recorded where nothing plays.
    live.start_recording().unwrap();
    live.stop_recording();
    wait_until("an end", || live.status().filming == Filming::Idle);
    assert_eq!(files(folder.path()).len(), 1);
    let said = live.status().problem.unwrap();
    assert!(said.contains("nothing was played"), "{said}");
}

#[test]
fn a_bounce_at_a_rate_that_is_resampled_keeps_its_sound_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let live = instance(folder.path());
    live.set_bounce_armed(true);
    let mut tap = live.connect(96_000.0, 2, true).unwrap();
    // Played twice as fast as it sounds at this rate.
    play(&mut tap, 0..2 * RATE as u64, 512, &NEVER);
    drop(tap);
    let film = film(&live);
    assert_eq!(brightness(&film).len(), 10);
    let sound = heard(&film);
    assert_eq!(sound.len(), RATE);
    let half = sound[..RATE - 2048].iter().zip(0u64..);
    let off = half.map(|(x, at)| (x - sample(2 * at)).abs());
    // The beats' edges lose what is above half the rate.
    let mut off: Vec<f32> = off.collect();
    off.sort_by(f32::total_cmp);
    assert!(
        off[off.len() * 99 / 100] < 0.06,
        "{}",
        off[off.len() * 99 / 100]
    );
}

/// A folder that is soon full; none where that cannot be made.
#[cfg(target_os = "linux")]
struct SmallDisk(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=200k", "tmpfs"]);
        // Only root may make a small disk.
        let mounted = mount.arg(folder.path()).output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then_some(Self(folder))
    }

    /// Checks that the instance's film plays up to where the disk was full, and that it says so.
    fn check(&self, live: &Live) {
        let path = film(live);
        let status = live.status();
        assert_eq!(status.problems, 1, "{:?}", status.problem);
        let said = status.problem.unwrap();
        assert!(said.contains("the disk is full"), "{said}");
        assert!(said.contains("plays up to there"), "{said}");
        assert_eq!(files(self.0.path()), ["synopsia-001.mp4"]);
        assert!((10..300).contains(&brightness(&path).len()));
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0.path()).status();
        assert!(unmounted.unwrap().success() || std::thread::panicking());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_a_recording_and_the_next_one_can_begin() {
    let Some(disk) = SmallDisk::new() else { return };
    let live = instance(disk.0.path());
    let mut tap = live.connect(RATE as f64, 2, false).unwrap();
    live.start_recording().unwrap();
    for at in 0..60 {
        // Faster than music, but not than the recorder.
        play(
            &mut tap,
            at * RATE as u64 / 4..(at + 1) * RATE as u64 / 4,
            480,
            &NEVER,
        );
        std::thread::sleep(Duration::from_millis(25));
    }
    disk.check(&live);
    std::fs::remove_file(disk.0.path().join("synopsia-001.mp4")).unwrap();
    assert!(live.start_recording().is_ok());
    drop(live);
    assert_eq!(files(disk.0.path()), Vec::<String>::new());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_the_film_and_not_the_bounce() {
    let Some(disk) = SmallDisk::new() else { return };
    let live = instance(disk.0.path());
    live.set_bounce_armed(true);
    let mut tap = live.connect(RATE as f64, 2, true).unwrap();
    play(&mut tap, 0..30 * RATE as u64, 4096, &NEVER);
    drop(tap);
    disk.check(&live);
}
