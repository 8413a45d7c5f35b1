//! Song in, film out: what a film promises.

use crate::common::{SMALL_NETWORK, calm, complaint, probe, render, song, synopsia, wild};
use std::path::Path;
use synopsia::emotion::Ear;
use synopsia::gan::Catalog;

const RATE: u32 = 32_000;

fn hashes(song: &Path, folder: &Path, name: &str, args: &[&str]) -> Vec<String> {
    let list = folder.join(format!("{name}.txt"));
    let film = folder.join(format!("{name}.mp4"));
    let args = [&["--hashes", list.to_str().unwrap()], args].concat();
    let output = render(song, &film, &args);
    assert!(output.status.success(), "{}", complaint(&output));
    std::fs::read_to_string(list)
        .unwrap()
        .lines()
        .map(String::from)
        .collect()
}

#[test]
fn the_same_command_twice_gives_identical_frames_and_another_seed_others() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &wild(RATE, 1.2));
    let first = hashes(&song, folder.path(), "first", &[]);
    assert_eq!(first.len(), 12);
    assert_eq!(hashes(&song, folder.path(), "second", &[]), first);
    assert_ne!(
        hashes(&song, folder.path(), "seed", &["--seed", "2"]),
        first
    );
}

#[test]
fn parts_joined_equal_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &wild(RATE, 4.0));
    let painted = |name: &str, args: &[&str]| {
        let args = [&SMALL_NETWORK[..], args].concat();
        hashes(&song, folder.path(), name, &args)
    };
    let whole = painted("whole", &[]);
    let mut parts = painted("a", &["--frames", "0..13"]);
    parts.extend(painted("b", &["--frames", "13..29"]));
    parts.extend(painted("c", &["--frames", "29.."]));
    assert_eq!(parts, whole);
    assert_eq!(
        painted("t", &["--from", "1.3", "--to", "2.9"]),
        whole[13..29]
    );
}

#[test]
fn parts_of_a_song_with_sections_are_parts_of_its_whole_film() {
    let folder = tempfile::tempdir().unwrap();
    let (calm, wild) = (calm(RATE, 12.0), wild(RATE, 12.0));
    let samples = [&calm[..], &wild, &calm, &wild].concat();
    let song = song(folder.path(), "song.wav", RATE, &samples);
    let hashes = folder.path().join("hashes.txt");
    let film = folder.path().join("film.mp4");
    let painted = |args: &[&str]| {
        let paths = [&song, &hashes, &film].map(|path| path.to_str().unwrap());
        let fixed = [
            "render", paths[0], "--hashes", paths[1], "-o", paths[2], "--force",
        ];
        let small = ["--size", "160x90", "--fps", "2", "--painter", "cpu"];
        let output = synopsia(&[&fixed[..], &small, &SMALL_NETWORK, args].concat()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        let list = std::fs::read_to_string(&hashes).unwrap();
        Vec::from_iter(list.lines().map(String::from))
    };
    let whole = painted(&[]);
    let parts = ["0..23", "23..49", "49..60", "60.."].map(|part| painted(&["--frames", part]));
    assert_eq!(whole.len(), 96);
    assert_eq!(parts.concat(), whole);
    let without = painted(&["--set", "chorus=0"]);
    assert_ne!(without, whole, "there are sections to come home to");
}

#[test]
fn a_film_lasts_as_long_as_its_song_and_all_of_it_decodes() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 2.45));
    let film = folder.path().join("film.mp4");
    let output = render(&song, &film, &[]);
    assert!(output.status.success(), "{}", complaint(&output));
    let (picture, sound, frames) = probe(&film);
    assert_eq!(frames, 25);
    assert!((picture - 2.5).abs() < 0.01, "{picture} s of picture");
    assert!((sound - 2.45).abs() < 0.06, "{sound} s of sound");
}

#[test]
fn a_folder_gives_a_row_for_each_song_and_a_sentence_for_what_is_none() {
    let folder = tempfile::tempdir().unwrap();
    song(folder.path(), "b, wild.wav", RATE, &wild(RATE, 8.0));
    song(folder.path(), "a calm.wav", RATE, &calm(RATE, 8.0));
    std::fs::write(folder.path().join("cover.jpg"), b"no song").unwrap();
    let table = folder.path().join("table.csv");
    let analyze = |args: &[&str]| {
        let folder = folder.path().to_str().unwrap();
        synopsia(&[&["analyze", folder, "--force"], args].concat())
            .output()
            .unwrap()
    };
    let output = analyze(&["-o", table.to_str().unwrap()]);
    assert!(output.status.success(), "{}", complaint(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    let starts = |text: &str| -> Vec<String> {
        let rows = text.lines().skip(1);
        rows.map(|row| row.chars().take(6).collect()).collect()
    };
    assert_eq!(starts(&printed), ["a calm", "b, wil"], "{printed}");
    let rows = std::fs::read_to_string(&table).unwrap();
    assert_eq!(starts(&rows), ["\"a cal", "\"b, wi"], "{rows}");
    let arousal = |row: usize| -> f32 {
        let rest = rows.lines().nth(row).unwrap().rsplit('"').next().unwrap();
        rest.split(',').nth(3).unwrap().parse().unwrap()
    };
    assert!(arousal(2) > arousal(1) + 0.15, "{rows}");

    std::fs::write(folder.path().join("aa.mp3"), b"no song either").unwrap();
    let output = analyze(&["-o", table.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint(&output).contains("aa.mp3"),
        "{}",
        complaint(&output)
    );
    assert_eq!(std::fs::read_to_string(&table).unwrap(), rows);

    let output = analyze(&["--plot", folder.path().join("plot.png").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let empty = tempfile::tempdir().unwrap();
    let output = synopsia(&["analyze", empty.path().to_str().unwrap()]).output();
    assert!(complaint(&output.unwrap()).contains("there are no songs"));
}

#[test]
fn a_song_is_said_to_be_built_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (calm, wild) = (calm(RATE, 16.0), wild(RATE, 16.0));
    let samples = [&calm[..], &wild, &calm].concat();
    let song = song(folder.path(), "song.wav", RATE, &samples);
    let table = folder.path().join("table.json");
    let plot = folder.path().join("plot.png");
    let paths = [&song, &table, &plot].map(|path| path.to_str().unwrap());
    let args = ["analyze", paths[0], "-o", paths[1], "--plot", paths[2]];
    let output = synopsia(&args).output().unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    let table: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&table).unwrap()).unwrap();
    let sections = table["sections"].as_array().unwrap();
    let second = |of: &serde_json::Value, what: &str| of[what].as_f64().unwrap();
    assert_eq!(second(&sections[0], "begin"), 0.0);
    assert!((second(&sections[sections.len() - 1], "end") - 48.0).abs() < 0.1);
    let name = |at: f64| {
        let there = |s: &&serde_json::Value| second(s, "begin") <= at && at < second(s, "end");
        sections.iter().find(there).unwrap()["name"].clone()
    };
    assert_eq!(name(8.0), name(40.0), "{sections:?}");
    assert_ne!(name(8.0), name(24.0), "{sections:?}");
    for list in ["downbeats", "build_ups", "drops", "breaks"] {
        assert!(table[list].is_array(), "{list}");
    }
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("\nform      A"), "{printed}");
    assert!(printed.contains("\ndrops     "), "{printed}");
}

#[test]
fn the_ear_that_is_chosen_judges_the_song_and_is_named_in_what_it_made() {
    let folder = tempfile::tempdir().unwrap();
    // Music that both are sure of.
    let song = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin-assets/demo/three-weathers.ogg");
    let table = folder.path().join("table.json");
    let analyze = |args: &[&str]| {
        let paths = [song.to_str().unwrap(), "-o", table.to_str().unwrap()];
        let args = [&["analyze", "--force"], &paths[..], args].concat();
        let output = synopsia(&args).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        let table = std::fs::read_to_string(&table).unwrap();
        (
            printed,
            serde_json::from_str::<serde_json::Value>(&table).unwrap(),
        )
    };
    let (usual, free) = (analyze(&[]), analyze(&["--ear", "free"]));
    assert!(
        usual.0.ends_with("ear       default (research only)\n"),
        "{}",
        usual.0
    );
    assert!(
        free.0.ends_with("ear       free (free for any use)\n"),
        "{}",
        free.0
    );
    assert_eq!(
        (&usual.1["ear"], &free.1["ear"]),
        (&"default".into(), &"free".into())
    );
    let valences = |table: &serde_json::Value| -> Vec<f64> {
        let rows = table["rows"].as_array().unwrap();
        rows.iter()
            .map(|row| row["valence"].as_f64().unwrap())
            .collect()
    };
    let (one, other) = (valences(&usual.1), valences(&free.1));
    assert_eq!(one.len(), other.len());
    assert_ne!(one, other);

    let film = |name: &str, ear: &str| {
        let film = folder.path().join(name);
        let args = [&SMALL_NETWORK[..], &["--frames", "24..26", "--ear", ear]].concat();
        let output = render(&song, &film, &args);
        let said = complaint(&output);
        assert!(output.status.success(), "{said}");
        assert!(said.contains(&format!(", ear {ear}\n")), "{said}");
        std::fs::read(film).unwrap()
    };
    assert!(film("a.mp4", "default") != film("b.mp4", "free"));
}

#[test]
fn a_calm_half_and_a_wild_half_are_heard_and_seen() {
    let folder = tempfile::tempdir().unwrap();
    let samples = [calm(RATE, 8.0), wild(RATE, 8.0)].concat();
    let song = song(folder.path(), "song.wav", RATE, &samples);
    let table = folder.path().join("table.csv");
    let output = synopsia(&[
        "analyze",
        song.to_str().unwrap(),
        "-o",
        table.to_str().unwrap(),
    ])
    .output();
    assert!(output.unwrap().status.success());
    let table = std::fs::read_to_string(table).unwrap();
    let column = |name: &str| {
        let names = table.lines().next().unwrap();
        let index = names.split(',').position(|n| n == name).unwrap();
        let values: Vec<f32> = table
            .lines()
            .skip(1)
            .map(|row| row.split(',').nth(index).unwrap().parse().unwrap())
            .collect();
        let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
        (mean(&values[40..80]), mean(&values[120..160]))
    };
    let (calm_arousal, wild_arousal) = column("arousal");
    assert!(
        wild_arousal > calm_arousal + 0.15,
        "{calm_arousal} and then {wild_arousal}"
    );
    let (calm_loudness, wild_loudness) = column("loudness");
    assert!(wild_loudness > calm_loudness + 6.0);

    let pictures = folder.path().join("frames");
    std::fs::create_dir(&pictures).unwrap();
    let output = render(&song, &pictures.join("film.png"), &[]);
    assert!(output.status.success(), "{}", complaint(&output));
    let movement = |range: std::ops::Range<usize>| {
        let steps = range.len() as f32;
        range
            .map(|n| difference(&picture(&pictures, n), &picture(&pictures, n + 1)))
            .sum::<f32>()
            / steps
    };
    let (calm, wild) = (movement(40..78), movement(120..158));
    assert!(
        wild > 1.3 * calm,
        "pictures move by {calm} and then by {wild}"
    );
}

/// The pixels of picture `n` of a sequence.
fn picture(folder: &Path, n: usize) -> Vec<u8> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "png"));
    names.sort();
    let file = std::io::BufReader::new(std::fs::File::open(&names[n]).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

fn difference(a: &[u8], b: &[u8]) -> f32 {
    a.iter()
        .zip(b)
        .map(|(a, b)| f32::from(a.abs_diff(*b)))
        .sum::<f32>()
        / a.len() as f32
}

/// A family of three looks, `ink`, `flames` and `glass`, that paint next to nothing in no time.
const FAMILY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/reference/family.model.safetensors"
);

#[test]
fn a_film_is_painted_by_a_look_or_a_blend_of_looks() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 1.0));
    let painted = |name: &str, look: &str| {
        let model = format!("{FAMILY}{look}");
        hashes(&song, folder.path(), name, &["--model", &model])
    };
    let ink = painted("first", "");
    assert_eq!(painted("ink", "@ink"), ink);
    assert_eq!(painted("parts", "@ink:2+glass:0"), ink);
    let (glass, blend) = (painted("glass", "@glass"), painted("blend", "@ink+glass"));
    assert!(ink != glass && blend != ink && blend != glass);
}

#[test]
fn models_are_listed_by_their_looks_with_what_they_may_be_used_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(FAMILY, folder.path().join("mine.safetensors")).unwrap();
    let models = |args: &[&str]| {
        let mut command = synopsia(&[&["models"], args].concat());
        let output = command
            .env("SYNOPSIA_MODELS", folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let listed = models(&[]);
    let lines: Vec<&str> = listed.lines().collect();
    for look in Catalog::built_in() {
        let line = format!("{look} (built in): free for any use");
        assert!(lines.contains(&&*line), "{listed}");
    }
    let file = folder.path().join("mine.safetensors").display().to_string();
    for look in ["ink", "flames", "glass"] {
        let line = format!("mine@{look} ({file}): ask before commercial use");
        assert!(lines.contains(&&*line), "{listed}");
    }
    for ear in Ear::ALL {
        let terms = ear.papers().unwrap().terms();
        let line = format!("{ear} (built in): {terms}");
        assert!(lines.contains(&&*line), "{listed}");
    }
    let told = models(&[&file]);
    assert!(
        told.starts_with(&format!("{file}: ask before commercial use\n")),
        "{told}"
    );
    assert!(told.contains("ink, flames, glass"), "{told}");
}

#[test]
fn a_preset_is_a_file_that_is_found_by_its_name_and_a_broken_one_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 1.0));
    let own = folder.path().join("data/synopsia/presets");
    std::fs::create_dir_all(&own).unwrap();
    let presets = |args: &[&str]| {
        let mut command = synopsia(&[&["presets"], args].concat());
        command.env("XDG_DATA_HOME", folder.path().join("data"));
        command.env_remove("SYNOPSIA_PRESETS");
        command.output().unwrap()
    };
    let listed =
        |output: &std::process::Output| String::from_utf8_lossy(&output.stdout).into_owned();
    let dusk = own.join("dusk.json");
    std::fs::write(
        &dusk,
        r#"{"name": "Dusk", "tags": ["Dark"], "controls": {"palette": "Mono", "shine": 3}}"#,
    )
    .unwrap();
    let output = presets(&[]);
    assert!(output.status.success(), "{}", complaint(&output));
    assert!(listed(&output).starts_with("Oil and light: gentle, colourful, concert (built in)\n"));
    let line = format!("Dusk: dark ({})\n", dusk.display());
    assert!(listed(&output).contains(&line), "{}", listed(&output));
    let found = listed(&presets(&["--tag", "still", "--search", "paintings mus"]));
    assert!(found.starts_with("Museum at night: still") && found.lines().count() == 1);

    let by_file = hashes(
        &song,
        folder.path(),
        "dusk",
        &["--preset", dusk.to_str().unwrap()],
    );
    let by_hand = hashes(&song, folder.path(), "mono", &["--set", "palette=mono"]);
    assert_eq!(by_file, by_hand);

    let broken = own.join("broken.json");
    std::fs::write(&broken, r#"{"controls": {"palette": "gray"}}"#).unwrap();
    let output = presets(&[]);
    assert!(!output.status.success());
    assert!(listed(&output).contains(&line));
    let said = complaint(&output);
    let file = broken.display().to_string();
    assert!(said.contains(&file) && said.contains("gray"), "{said}");
    let film = folder.path().join("no.mp4");
    let output = render(&song, &film, &["--preset", &file]);
    assert!(!output.status.success() && !film.exists());
    assert!(
        complaint(&output).contains("gray"),
        "{}",
        complaint(&output)
    );
    let output = render(&song, &film, &["--preset", "Dawn"]);
    assert!(
        complaint(&output).contains("Rose window"),
        "{}",
        complaint(&output)
    );
}

#[test]
fn memory_stays_flat_however_long_the_song() {
    let folder = tempfile::tempdir().unwrap();
    let peak = |name: &str, seconds: f32| {
        let song = song(folder.path(), name, RATE, &calm(RATE, seconds));
        let film = folder.path().join(name).with_extension("mp4");
        let mut command = std::process::Command::new("/usr/bin/env");
        command.args(["sh", "-c", "\"$@\" & p=$!; m=0; while s=$(awk '/VmHWM/{print $2}' /proc/$p/status 2>/dev/null) && [ -n \"$s\" ]; do m=$s; sleep 0.05; done; wait $p || exit 1; echo $m", "sh"]);
        command.arg(env!("CARGO_BIN_EXE_synopsia"));
        command.args([
            "render",
            "--size",
            "64x36",
            "--fps",
            "1",
            "--painter",
            "cpu",
            "--quiet",
        ]);
        command.args(SMALL_NETWORK).arg("-o");
        let output = command.arg(film).arg(song).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .parse::<u64>()
            .unwrap()
    };
    let (short, long) = (peak("short.wav", 20.0), peak("long.wav", 120.0));
    assert!(
        long < short + 24 * 1024,
        "{short} KiB for 20 s, {long} KiB for 120 s"
    );
    assert!(long < 1024 * 1024, "{long} KiB");
}

#[test]
fn a_control_that_is_set_changes_the_film_and_one_at_its_default_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &wild(RATE, 1.2));
    let painted = |name: &str, args: &[&str]| {
        let args = [&SMALL_NETWORK[..], args].concat();
        hashes(&song, folder.path(), name, &args)
    };
    let plain = painted("plain", &[]);
    // The last one counts.
    let usual = ["--set", "zoom=3", "--set", "zoom=1", "--set", "trails=35%"];
    assert_eq!(painted("usual", &usual), plain);
    for (name, set) in [
        ("turned", "rotation=45°"),
        ("ember", "palette=ember"),
        ("position", "preset-position=Club"),
    ] {
        assert_ne!(painted(name, &["--set", set]), plain);
    }
    // The performer's emotion is steered in a film as it is on stage.
    let manual = ["--set", "emotion-source=manual", "--set", "arousal=1"];
    let calm = [&manual[..2], &["--set", "arousal=-1"]].concat();
    assert_ne!(painted("manual", &manual), painted("calm", &calm));
}

#[test]
fn a_control_that_there_is_not_or_a_value_that_it_does_not_take_is_said_before_a_film_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let song = song(folder.path(), "song.wav", RATE, &calm(RATE, 0.5));
    let film = folder.path().join("film.mp4");
    for (set, words) in [
        ("trials=0.6", "did you mean trails?"),
        ("trails=2", "trails is 0 to 1 (0 to 100 %), not 2"),
        ("palette=embr", "did you mean Ember?"),
        ("trails", "as trails=0.6"),
        ("blackout=on", "cannot be set for a film"),
        ("model=ink", "--model"),
    ] {
        let output = render(&song, &film, &["--set", set]);
        assert!(!output.status.success(), "{set}");
        let said = complaint(&output);
        assert!(said.contains(words), "{set}: {said}");
        assert!(!film.exists(), "{set}");
    }
}

#[test]
fn controls_are_listed_for_people_and_for_scripts_and_shells_complete_them() {
    let run = |args: &[&str]| {
        let output = synopsia(args).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let table = run(&["controls"]);
    let json: serde_json::Value = serde_json::from_str(&run(&["controls", "--json"])).unwrap();
    for control in json.as_array().unwrap() {
        let id = control["id"].as_str().unwrap();
        let mut lines = table.lines();
        let line = lines.find(|line| line.split(' ').next() == Some(id));
        let line = line.unwrap_or_else(|| panic!("no {id} in the table"));
        for field in ["name", "group", "unit", "hint"] {
            let value = control[field].as_str().unwrap();
            assert!(line.contains(value), "{id}: {line}");
        }
    }
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            run(&["completions", shell]).contains("latent-speed"),
            "{shell}"
        );
    }
}

#[test]
fn the_page_about_controls_is_what_the_program_says_of_them() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/controls.md");
    let page = std::fs::read_to_string(page).unwrap().replace("\r\n", "\n");
    let output = synopsia(&["controls", "--markdown"]).output().unwrap();
    let now = String::from_utf8(output.stdout).unwrap();
    assert!(
        page == now,
        "docs/controls.md is stale: write it with cargo run -- controls --markdown > docs/controls.md"
    );
}
