//! Whatever comes in: one clear sentence, no panic, no ruined file.

use crate::common::{
    SMALL_NETWORK, calm, complaint, long_song, probe, render, song, synopsia, wild, write_wav,
};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use synopsia::gan::Catalog;

const RATE: u32 = 32_000;

/// That `output` failed with a sentence that holds `words`, and left nothing at `film`.
fn assert_refused(output: &Output, film: &Path, words: &str) {
    let said = complaint(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.to_lowercase().contains(&words.to_lowercase()),
        "{said:?} without {words:?}"
    );
    assert!(!said.contains("panicked"), "{said}");
    let last = said.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with("synopsia: "), "{said}");
    assert!(!film.exists(), "{} was left", film.display());
    let folder = film.parent().unwrap();
    if let Ok(left) = std::fs::read_dir(folder) {
        for entry in left {
            let name = entry.unwrap().file_name();
            assert!(
                !name.to_string_lossy().contains("part"),
                "{name:?} was left"
            );
        }
    }
}

fn assert_made(output: &Output, film: &Path) {
    assert!(output.status.success(), "{}", complaint(output));
    assert!(probe(film).2 > 0, "the film does not decode");
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/media")
        .join(name)
}

#[test]
fn files_that_hold_no_music_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.mp4");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let empty = write("empty.wav", b"");
    assert_refused(&render(&empty, &film, &[]), &film, "empty.wav");
    let text = write(
        "notes.mp3",
        &b"These are only words, not music. ".repeat(200),
    );
    assert_refused(&render(&text, &film, &[]), &film, "notes.mp3");
    let nowhere = folder.path().join("nowhere.mp3");
    assert_refused(&render(&nowhere, &film, &[]), &film, "nowhere.mp3");
    assert_refused(&render(folder.path(), &film, &[]), &film, "folder");
    let none = song(folder.path(), "none.wav", RATE, &[]);
    assert_refused(&render(&none, &film, &[]), &film, "none.wav");
}

#[test]
fn a_truncated_song_gives_a_film_up_to_there_and_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.mp4");
    let whole = std::fs::read(fixture("tone.mp3")).unwrap();
    let cut = folder.path().join("cut.mp3");
    std::fs::write(&cut, &whole[..whole.len() * 2 / 3]).unwrap();
    let output = render(&cut, &film, &[]);
    assert_made(&output, &film);
    let said = complaint(&output);
    assert!(
        said.contains("truncated") || said.contains("damaged"),
        "{said}"
    );
}

#[test]
fn strange_but_honest_sound_gives_a_film() {
    let folder = tempfile::tempdir().unwrap();
    let film = |name: &str| folder.path().join(name).with_extension("mp4");
    let try_song = |name: &str, rate: u32, channels: u16, samples: &[f32]| {
        let song = folder.path().join(name);
        write_wav(&song, rate, channels, samples);
        let output = render(&song, &film(name), &SMALL_NETWORK);
        assert_made(&output, &film(name));
    };
    try_song("one.wav", RATE, 1, &[0.5]);
    try_song("silence.wav", RATE, 2, &vec![0.0; RATE as usize]);
    try_song("8k.wav", 8_000, 1, &calm(8_000, 1.0));
    try_song("384k.wav", 384_000, 1, &wild(384_000, 1.0));
    let eight: Vec<f32> = wild(RATE, 1.0).iter().flat_map(|x| [*x; 8]).collect();
    try_song("eight.wav", RATE, 8, &eight);
    let mut broken = wild(RATE, 2.0);
    for (i, x) in broken.iter_mut().enumerate() {
        match i % 97 {
            0 => *x = f32::NAN,
            1 => *x = f32::INFINITY,
            2 => *x = 1e-42,
            _ => {}
        }
    }
    let song = folder.path().join("nan.wav");
    write_wav(&song, RATE, 1, &broken);
    let output = render(&song, &film("nan.wav"), &SMALL_NETWORK);
    assert_made(&output, &film("nan.wav"));
    let said = complaint(&output);
    assert_eq!(said.matches("not sound").count(), 1, "said once: {said}");
}

#[test]
fn outputs_that_cannot_be_written_are_refused_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 1.0));
    let film = folder.path().join("no/such/folder/film.mp4");
    assert_refused(&render(&song, &film, &[]), &film, "folder");
    let film = folder.path().join("film.xyz");
    assert_refused(&render(&song, &film, &[]), &film, "film.xyz");

    let film = folder.path().join("film.mp4");
    std::fs::write(&film, b"a film that someone loves").unwrap();
    let output = render(&song, &film, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint(&output).contains("--force"),
        "{}",
        complaint(&output)
    );
    assert_eq!(std::fs::read(&film).unwrap(), b"a film that someone loves");
    assert_made(&render(&song, &film, &["--force"]), &film);
}

#[test]
fn a_failed_render_keeps_the_film_that_was_there_even_with_force() {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.mp4");
    std::fs::write(&film, b"a film that someone loves").unwrap();
    let text = folder.path().join("text.mp3");
    std::fs::write(&text, b"no music").unwrap();
    assert_eq!(render(&text, &film, &["--force"]).status.code(), Some(1));
    assert_eq!(std::fs::read(&film).unwrap(), b"a film that someone loves");
}

#[test]
fn the_song_is_never_replaced_and_nothing_is_written_twice() {
    let folder = tempfile::tempdir().unwrap();
    let song = folder.path().join("song.m4a");
    std::fs::copy(fixture("tone.m4a"), &song).unwrap();
    let before = std::fs::read(&song).unwrap();
    let name = song.to_str().unwrap();
    let film = folder.path().join("film.mp4");
    let refused = |output: Output, words: &str| {
        assert_eq!(output.status.code(), Some(1));
        assert!(complaint(&output).contains(words), "{}", complaint(&output));
        assert_eq!(std::fs::read(&song).unwrap(), before);
    };
    let itself = "the song itself";
    refused(
        render(&song, &song, &["--force", "--codec", "h264"]),
        itself,
    );
    refused(render(&song, &film, &["--force", "--hashes", name]), itself);
    refused(
        render(&song, &film, &["--hashes", film.to_str().unwrap()]),
        "twice",
    );
    let analyze =
        |args: &[&str]| synopsia(&[&["analyze", name, "--force"], args].concat()).output();
    refused(analyze(&["-o", name]).unwrap(), itself);
    refused(analyze(&["--plot", name]).unwrap(), itself);

    // Numbered pictures come with a WAV, which could be the song.
    let wav = folder.path().join("song.wav");
    write_wav(&wav, RATE, 1, &calm(RATE, 1.0));
    let before = std::fs::read(&wav).unwrap();
    let output = render(&wav, &folder.path().join("song.png"), &["--force"]);
    assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
    assert_eq!(std::fs::read(&wav).unwrap(), before);
}

#[test]
fn tables_that_cannot_be_written_are_refused_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 1.0));
    let song = song.to_str().unwrap();
    let table = folder.path().join("table.csv");
    std::fs::write(&table, "loved").unwrap();
    let missing = folder.path().join("missing/table.csv");
    let odd = folder.path().join("plot.jpg");
    for (args, words) in [
        (["-o", table.to_str().unwrap()], "--force"),
        (["-o", missing.to_str().unwrap()], "does not exist"),
        (["-o", odd.to_str().unwrap()], ".csv, .json or .mid"),
        (["--plot", odd.to_str().unwrap()], ".png"),
    ] {
        let output = synopsia(&[&["analyze", song], &args[..]].concat())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(complaint(&output).contains(words), "{}", complaint(&output));
        assert!(output.stdout.is_empty(), "it was analyzed first");
    }
    assert_eq!(std::fs::read(&table).unwrap(), b"loved");
}

#[cfg(unix)]
#[test]
fn an_ear_that_there_is_not_is_refused_with_those_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 0.5));
    let song = song.to_str().unwrap();
    let film = folder.path().join("film.mp4");
    for command in [
        &["render", song, "-o", film.to_str().unwrap()][..],
        &["analyze", song],
        &["live", song],
    ] {
        for ear in ["golden", "", "default,free", "models/emotion.safetensors"] {
            let output = synopsia(&[command, &["--ear", ear]].concat()).output();
            let output = output.unwrap();
            let said = complaint(&output);
            assert_eq!(output.status.code(), Some(2), "{said}");
            let sentence = format!("there is no ear “{ear}”; there are: default, free");
            assert!(said.contains(&sentence), "{said}");
        }
    }
    assert!(!film.exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    for command in ["models", "completions bash", "--help"] {
        let program = env!("CARGO_BIN_EXE_synopsia");
        let script = format!("{program} {command} | true; exit ${{PIPESTATUS[0]}}");
        let output = std::process::Command::new("bash")
            .args(["-c", &script])
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {}", complaint(&output));
        assert!(!complaint(&output).contains("panicked"));
    }
}

#[test]
fn broken_models_are_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 1.0));
    let film = folder.path().join("film.mp4");
    let good =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/looks.safetensors"))
            .unwrap();
    let try_model = |name: &str, bytes: &[u8]| {
        let model = folder.path().join(name);
        std::fs::write(&model, bytes).unwrap();
        let output = render(&song, &film, &["--model", model.to_str().unwrap()]);
        assert_refused(&output, &film, name);
        let output = synopsia(&["models", model.to_str().unwrap()])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
    };
    try_model("truncated.safetensors", &good[..good.len() / 2]);
    try_model("text.safetensors", b"not a model at all");
    let mut nan = good.clone();
    let end = nan.len();
    nan[end - 2..].copy_from_slice(&[0x00, 0x7e]);
    try_model("nan.safetensors", &nan);
    let key = b"\"version\":\"";
    let at = good
        .windows(key.len())
        .position(|bytes| bytes == key)
        .unwrap()
        + key.len();
    let mut newer = good.clone();
    newer[at] = b'9';
    try_model("newer.safetensors", &newer);
    assert_refused(&render(&song, &film, &["--model", "monet"]), &film, "monet");

    let look = Catalog::default_name();
    for (blend, words) in [
        (format!("{look}+monet"), "has no look named monet"),
        (format!("{look}:nan+{look}"), "not a number from 0 up"),
        (format!("{look}:-1"), "not a number from 0 up"),
        (format!("{look}:0+{look}:0"), "all its parts are 0"),
        (format!("{look}+"), "a look's name is missing"),
        (format!("nobody@{look}"), "there is no model named nobody"),
    ] {
        let output = render(&song, &film, &["--model", &blend]);
        assert_refused(&output, &film, words);
    }
}

#[test]
fn no_gpu_and_no_vulkan_at_all_still_paints() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 1.0));
    let film = folder.path().join("film.mp4");
    let mut command = synopsia(&["render", "--size", "160x90", "--fps", "10"]);
    command
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("VK_ICD_FILENAMES", "/nonexistent");
    command
        .env("WGPU_BACKEND", "vulkan")
        .arg(&song)
        .arg("-o")
        .arg(&film);
    assert_made(&command.output().unwrap(), &film);

    let film = folder.path().join("gpu.mp4");
    let mut command = synopsia(&["render", "--painter", "gpu"]);
    command
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("VK_ICD_FILENAMES", "/nonexistent");
    command
        .env("WGPU_BACKEND", "vulkan")
        .arg(&song)
        .arg("-o")
        .arg(&film);
    assert_refused(&command.output().unwrap(), &film, "adapter");
}

/// Bytes in files without a name that a process has open: what ffmpeg encodes lies in one.
#[cfg(unix)]
fn unnamed(process: u32) -> u64 {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).into_iter();
    let paths = open.flatten().flatten().map(|open| open.path());
    let nameless = paths.filter(|path| {
        let leads_to = std::fs::read_link(path).unwrap_or_default();
        leads_to.to_string_lossy().ends_with(" (deleted)")
    });
    let sizes = nameless.map(|path| std::fs::metadata(path).map_or(0, |file| file.len()));
    sizes.sum()
}

/// Starts a render, waits until pictures have reached the film's draft, and interrupts it as a
/// terminal does: the program and all that it started.
#[cfg(unix)]
fn interrupted(song: &Path, film: &Path, args: &[&str]) -> Option<i32> {
    use std::os::unix::process::CommandExt;
    let mut command = synopsia(&["render", "--size", "320x180", "--painter", "cpu"]);
    command.args(args).arg(song).arg("-o").arg(film);
    let mut child = command
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let folder = film.parent().unwrap();
    let child_id = child.id();
    let drafted = || {
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap());
        let drafts = entries.filter(|e| e.file_name().to_string_lossy().contains(".part"));
        let named: u64 = drafts.map(|e| e.metadata().map_or(0, |m| m.len())).sum();
        named + unnamed(child_id)
    };
    let started = std::time::Instant::now();
    // An MP4 begins with room for its index; pictures come after it.
    let mut index = 0;
    while (index == 0 || drafted() < index + 20_000) && started.elapsed().as_secs() < 120 {
        std::thread::sleep(std::time::Duration::from_millis(50));
        index = if index == 0 { drafted() } else { index };
    }
    let group = format!("-{}", child.id());
    let killed = std::process::Command::new("kill")
        .args(["-INT", "--", &group])
        .status();
    assert!(killed.unwrap().success());
    child.wait().unwrap().code()
}

#[cfg(unix)]
#[test]
fn ctrl_c_in_the_middle_leaves_a_film_that_plays() {
    let folder = tempfile::tempdir().unwrap();
    let song = long_song(folder.path(), "song.wav", RATE);
    for (name, args) in [
        ("film.mp4", &[][..]),
        ("film.mkv", &["--codec", "ffv1"][..]),
    ] {
        let film = folder.path().join(name);
        assert_eq!(interrupted(&song, &film, args), Some(130), "{name}");
        let (_, _, frames) = probe(&film);
        assert!(frames > 0, "{name} has no pictures");
        let left = std::fs::read_dir(folder.path()).unwrap();
        assert!(
            left.flatten()
                .all(|e| !e.file_name().to_string_lossy().contains(".part"))
        );
    }
    let (picture, sound, _) = probe(&folder.path().join("film.mp4"));
    assert!(
        picture < 62.0 && (picture - sound).abs() < 0.1,
        "{picture} s with {sound} s of sound"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_in_a_sentence_and_no_ruined_file() {
    // Only the superuser can make a small file system; elsewhere a limit on the size of files
    // stands in for it.
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &wild(RATE, 20.0));
    let film = folder.path().join("film.mp4");
    let script = "ulimit -f 300; trap '' XFSZ; exec \"$@\"";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, "sh", env!("CARGO_BIN_EXE_synopsia"), "render"]);
    command.args(["--size", "640x360", "--fps", "10", "--painter", "cpu"]);
    let output = command.arg(&song).arg("-o").arg(&film).output().unwrap();
    let said = complaint(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(said.contains("film.mp4"), "{said}");
    assert!(probe(&film).2 > 0, "what was left does not play");
}
