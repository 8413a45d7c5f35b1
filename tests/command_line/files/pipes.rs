//! Songs, pictures and models that come through pipes, or wait in them for ever.

use super::{ended, fifo, made, names, refused, short_song, smallest, synopsia_in};
use std::fs::{self, File};
use std::process::Stdio;

#[test]
fn a_song_from_a_pipe_is_the_song() {
    let folder = tempfile::tempdir().unwrap();
    let song = short_song(folder.path(), "song.wav");
    let table = |song: &str, stdin: Stdio| {
        let args = ["analyze", "-q", song, "-o", "t.csv", "--force"];
        let mut command = synopsia_in(folder.path(), &args);
        made(&command.stdin(stdin).output().unwrap());
        fs::read_to_string(folder.path().join("t.csv")).unwrap()
    };
    let expected = table("song.wav", Stdio::null());
    let bytes = fs::read(&song).unwrap();
    let piped = |name: &str| {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let bytes = bytes.clone();
        let writing = std::thread::spawn(move || std::io::Write::write_all(&mut writer, &bytes));
        let table = table(name, reader.into());
        writing.join().unwrap().unwrap();
        table
    };
    assert_eq!(piped("-"), expected);
    assert_eq!(piped("/dev/stdin"), expected);
    assert_eq!(table("-", File::open(&song).unwrap().into()), expected);
    fifo(&folder.path().join("pipe"));
    let writing = std::thread::spawn({
        let pipe = folder.path().join("pipe");
        move || fs::write(pipe, bytes)
    });
    assert_eq!(table("pipe", Stdio::null()), expected);
    writing.join().unwrap().unwrap();
}

#[test]
fn a_film_of_standard_input_has_a_name_and_all_its_frames() {
    let folder = tempfile::tempdir().unwrap();
    let song = short_song(folder.path(), "song.wav");
    let mut command = smallest(folder.path(), &["-"]);
    let output = command.stdin(File::open(song).unwrap()).output().unwrap();
    made(&output);
    assert_eq!(names(folder.path()), ["film.mp4", "song.wav"]);
    assert_eq!(crate::common::probe(&folder.path().join("film.mp4")).2, 2);
}

#[test]
fn what_never_ends_or_holds_nothing_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["analyze", "render", "mood"] {
        let command = synopsia_in(folder.path(), &[command, "/dev/zero"]);
        refused(&ended(command), "/dev/zero is a device");
    }
    for (input, words) in [
        ("/dev/null", "nothing came from standard input"),
        ("/dev/zero", "standard input is not audio"),
    ] {
        let mut command = synopsia_in(folder.path(), &["analyze", "-"]);
        command.stdin(File::open(input).unwrap());
        refused(&ended(command), words);
    }
    let socket = folder.path().join("socket.wav");
    let _socket = std::os::unix::net::UnixListener::bind(socket).unwrap();
    let command = synopsia_in(folder.path(), &["analyze", "socket.wav"]);
    refused(&ended(command), "socket.wav is a socket");
}

#[test]
fn a_picture_from_a_pipe_is_the_picture_and_pipes_in_folders_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let picture = image::RgbImage::from_fn(32, 32, |x, y| image::Rgb([8 * x as u8, 200, y as u8]));
    let path = folder.path().join("a.png");
    picture.save(&path).unwrap();
    let mood = |picture: &str, stdin: Stdio| {
        let mut command = synopsia_in(folder.path(), &["mood", picture]);
        let output = command.stdin(stdin).output().unwrap();
        made(&output);
        String::from_utf8(output.stdout).unwrap()
    };
    let expected = mood("a.png", Stdio::null());
    assert_eq!(mood("-", File::open(&path).unwrap().into()), expected);
    fifo(&folder.path().join("b.png"));
    fs::write(folder.path().join("._a.png"), "AppleDouble").unwrap();
    // A folder of one picture.
    assert_eq!(mood(".", Stdio::null()), expected);
}

#[test]
fn a_pipe_among_models_is_passed_over_and_none_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    fifo(&folder.path().join("pipe.safetensors"));
    fs::write(folder.path().join("._hidden.safetensors"), "AppleDouble").unwrap();
    let mut command = synopsia_in(folder.path(), &["models"]);
    command.env("SYNOPSIA_MODELS", folder.path());
    let output = ended(command);
    made(&output);
    let listed = String::from_utf8_lossy(&output.stdout);
    assert!(
        listed.contains(synopsia::gan::Catalog::default_name()) && !listed.contains(".safetensors"),
        "{listed}"
    );
    let command = synopsia_in(folder.path(), &["models", "pipe.safetensors"]);
    refused(&ended(command), "it is not a file");
}
