//! Films of what passes through the plugin.

use crate::host::{Buffers, Handlers, Host, With, change, same_bits, song};
use clack_extensions::render::{PluginRender, RenderMode};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::process::StartedPluginAudioProcessor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use synopsia::live::{FilmSetup, Setup};
use synopsia::media::song::SongReader;

const RATE: usize = 48_000;
const SIZE: [usize; 2] = [160, 90];
const FPS: u32 = 10;

/// A host whose films go to `folder`.
fn host(folder: &Path) -> Host {
    let host = Host::new();
    host.live().set_setup(Setup {
        film: FilmSetup {
            folder: Some(folder.to_owned()),
            size: SIZE,
            fps: FPS,
        },
        ..Setup::default()
    });
    host
}

/// The next host's bounce of this instance is filmed.
fn arm(host: &mut Host) {
    host.live().set_bounce_armed(true);
    let handle = host.instance.plugin_handle();
    let render: PluginRender = handle.get_extension().expect("render modes");
    render
        .set(&handle, RenderMode::Offline)
        .expect("the mode is known");
}

/// Music: a note, beaten four times a second.
fn sample(position: usize) -> f32 {
    let t = position as f64 / RATE as f64;
    let beat = 1.0 - (4.0 * t).fract();
    (0.5 * beat * (std::f64::consts::TAU * 440.0 * t).sin()) as f32
}

/// Plays the music's block from `position` on, which has to come out as it went in.
fn play(
    buffers: &mut Buffers,
    processor: &mut StartedPluginAudioProcessor<Handlers>,
    position: usize,
    events: &[ParamValueEvent],
) {
    let frames = buffers.input[0].len();
    for channel in &mut buffers.input {
        let at = position..position + frames;
        channel
            .iter_mut()
            .zip(at)
            .for_each(|(x, at)| *x = sample(at));
    }
    let with = With {
        events,
        ..With::default()
    };
    buffers.process(processor, frames, with);
    assert!(same_bits(&buffers.input[0], &buffers.output[0]));
}

/// The film, when it is at its place.
fn film(host: &Host) -> PathBuf {
    let status = host.wait_until(|status| status.last_film.is_some());
    assert_eq!(status.problem, None);
    status.last_film.unwrap()
}

/// The brightness of each dot of each picture.
fn pictures(film: &Path) -> Vec<Vec<u8>> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(film);
    ffmpeg.args(["-map", "0:v", "-fps_mode", "passthrough"]);
    ffmpeg.args(["-pix_fmt", "gray", "-f", "rawvideo", "-"]);
    let output = ffmpeg.output().expect("ffmpeg looks into films");
    assert!(output.status.success() && output.stderr.is_empty());
    let pictures = output.stdout.chunks_exact(SIZE[0] * SIZE[1]);
    pictures.map(<[u8]>::to_vec).collect()
}

/// How far two pictures are apart, of 255 on average.
fn apart(one: &[u8], other: &[u8]) -> f64 {
    let off = one.iter().zip(other).map(|(a, b)| a.abs_diff(*b));
    off.map(f64::from).sum::<f64>() / one.len() as f64
}

/// The left channel of a film's sound.
fn heard(film: &Path) -> Vec<f32> {
    let mut reader = SongReader::open(film).expect("a film has sound");
    let mut samples = Vec::new();
    while reader.read(&mut samples).expect("sound") > 0 {}
    samples.into_iter().step_by(reader.channels()).collect()
}

/// How far a film's sound is from the music at its worst, of the music's loudest.
fn distance(heard: &[f32], from: usize) -> f32 {
    let off = heard
        .iter()
        .zip(from..)
        .map(|(x, at)| (x - sample(at)).abs());
    off.fold(0.0, f32::max) / 0.5
}

#[test]
fn a_bounce_that_is_armed_is_filmed_from_its_first_sample_to_its_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = host(folder.path());
    arm(&mut host);
    let mut buffers = Buffers::new(2, 1024, false);
    let mut processor = host.start(RATE as f64, 1024);
    // 90 blocks of 1,024 samples are 1.92 s: twenty pictures.
    for block in 0..90 {
        play(&mut buffers, &mut processor, 1024 * block, &[]);
    }
    host.stop(processor);
    let film = film(&host);
    assert!(film.starts_with(folder.path()), "{}", film.display());
    assert_eq!(pictures(&film).len(), 20);
}

#[test]
fn what_passes_before_the_song_plays_is_not_in_the_film_of_a_bounce() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = host(folder.path());
    arm(&mut host);
    let mut buffers = Buffers::new(2, 1024, false);
    let mut processor = host.start(RATE as f64, 1024);
    for _ in 0..40 {
        buffers.process(&mut processor, 1024, With::default());
    }
    for block in 0..90 {
        let at = 1024 * block..1024 * (block + 1);
        for channel in &mut buffers.input {
            let music = channel.iter_mut().zip(at.clone());
            music.for_each(|(x, at)| *x = sample(at));
        }
        let playing = song(at.start as f64 / RATE as f64 * 2.0, 120.0);
        let with = With {
            transport: Some(&playing),
            may_allocate: true,
            ..With::default()
        };
        buffers.process(&mut processor, 1024, with);
    }
    host.stop(processor);
    let film = film(&host);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert_eq!(pictures(&film).len(), 20);
    assert!(distance(&heard(&film)[..90 * 1024 - 2048], 0) < 0.1);
}

#[test]
fn while_a_bounce_is_bypassed_its_sound_goes_on_and_the_picture_stands_still() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = host(folder.path());
    arm(&mut host);
    let bypass = host.param("Bypass");
    let mut buffers = Buffers::new(2, 1024, false);
    let mut processor = host.start(RATE as f64, 1024);
    // From 0.65 s to 1.29 s.
    for block in 0..90 {
        let events = match block {
            30 => vec![change(512, &bypass, 1.0)],
            60 => vec![change(512, &bypass, 0.0)],
            _ => Vec::new(),
        };
        play(&mut buffers, &mut processor, 1024 * block, &events);
    }
    host.stop(processor);
    let film = film(&host);
    let pictures = pictures(&film);
    assert_eq!(pictures.len(), 20);
    let moves: Vec<f64> = pictures
        .windows(2)
        .map(|pair| apart(&pair[0], &pair[1]))
        .collect();
    let (before, rest) = moves.split_at(6);
    let (still, after) = rest.split_at(6);
    let moving = before.iter().chain(after).copied().fold(f64::MAX, f64::min);
    // The film's codec refines a picture that is shown again.
    let still = still.iter().copied().fold(0.0, f64::max);
    assert!(still < 0.5 * moving, "{moves:?}");
    let sound = heard(&film);
    assert_eq!(sound.len(), 20 * RATE / FPS as usize);
    assert!(distance(&sound[..90 * 1024 - 2048], 0) < 0.1);
}

#[test]
fn a_recording_that_begins_bypassed_has_all_its_sound() {
    let folder = tempfile::tempdir().unwrap();
    let mut host = host(folder.path());
    let bypass = host.param("Bypass");
    let mut buffers = Buffers::new(2, 480, false);
    let mut processor = host.start(RATE as f64, 480);
    let on = [change(0, &bypass, 1.0)];
    play(&mut buffers, &mut processor, 0, &on);
    host.live().start_recording().expect("a recording");
    let off = [change(240, &bypass, 0.0)];
    let start = Instant::now();
    for block in 1..=200 {
        let events: &[_] = if block == 100 { &off } else { &[] };
        play(&mut buffers, &mut processor, 480 * block, events);
        let due = Duration::from_millis(10 * block as u64);
        std::thread::sleep(due.saturating_sub(start.elapsed()));
    }
    host.live().stop_recording();
    let film = film(&host);
    assert_eq!(pictures(&film).len(), 20);
    let sound = heard(&film);
    assert_eq!(sound.len(), 20 * RATE / FPS as usize);
    // The last chunk that is not full is not yet handed on.
    assert!(distance(&sound[..2 * RATE - 2048], 480) < 0.1);
    host.stop(processor);
}
