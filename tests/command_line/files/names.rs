//! Films get the names of their songs, whatever those are.

use super::{made, names, refused, short_song, smallest, synopsia_in};
use crate::common::complaint;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Stdio;
use synopsia::output::{Codec, Film, FilmError, FilmSpec, Fps};
use synopsia::render::Pixels;

/// Names may have this many bytes.
const LONGEST: usize = 255;

fn spec(path: &Path, codec: Codec) -> FilmSpec {
    FilmSpec::new(path, 64, 36, Fps::new(2, 1).unwrap(), codec)
}

fn paint(film: &mut Film) {
    let picture = Pixels {
        width: 64,
        height: 36,
        rgba: vec![90; 64 * 36 * 4],
    };
    film.picture(&picture.into()).unwrap();
}

#[test]
fn a_films_name_is_its_songs_but_for_a_known_ending() {
    let folder = tempfile::tempdir().unwrap();
    short_song(folder.path(), "Song No. 1.wav");
    made(
        &smallest(folder.path(), &["Song No. 1.wav"])
            .output()
            .unwrap(),
    );
    assert_eq!(names(folder.path()), ["Song No. 1.mp4", "Song No. 1.wav"]);
    // A name that has no ending that says how to write it.
    let mut odd = smallest(folder.path(), &["Song No. 1.wav", "-o", "St. Anger"]);
    refused(&odd.output().unwrap(), "St. Anger does not say");
}

#[test]
fn names_may_be_as_long_as_the_file_system_allows() {
    let folder = tempfile::tempdir().unwrap();
    let long = "é".repeat((LONGEST - 4) / 2);
    for name in [format!("{long}x.wav"), format!("-{long}")] {
        let song = short_song(folder.path(), &name);
        let mut command = synopsia_in(folder.path(), &["analyze", "-o"]);
        let table = format!("{}.csv", &long[2..]);
        command.arg(&table).arg("--force").arg("--").arg(&song);
        made(&command.output().unwrap());
    }
    for codec in [Codec::H264, Codec::Png] {
        let end = format!(".{}", codec.extensions()[0]);
        // Pictures add their numbers to it.
        let room = LONGEST - if codec == Codec::Png { 11 } else { 4 };
        let path = folder.path().join("y".repeat(room) + &end);
        let mut film = Film::create(&spec(&path, codec), None).unwrap();
        paint(&mut film);
        let made = film.finish().unwrap();
        assert!(made.path.is_file());
        let longer = folder.path().join("y".repeat(room + 1) + &end);
        let error = Film::create(&spec(&longer, codec), None).err().unwrap();
        assert!(error.to_string().contains("no name as long"), "{error}");
    }
}

#[test]
fn a_film_whose_long_or_odd_name_is_taken_meanwhile_gets_another() {
    let folder = tempfile::tempdir().unwrap();
    let long = "z".repeat(LONGEST - 4) + ".mp4";
    for name in [
        long.as_bytes(),
        b"no \xff UTF-8 \n.mp4",
        b"-o.mp4",
        b" . .mp4",
    ] {
        let path = folder.path().join(OsStr::from_bytes(name));
        let spec = spec(&path, Codec::H264);
        let mut films = [1, 2].map(|_| Film::create(&spec, None).unwrap());
        films.iter_mut().for_each(paint);
        let [first, second] = films.map(|film| film.finish().unwrap().path);
        assert_eq!(first, path);
        assert!(second.is_file() && second != first, "{second:?}");
        assert!(second.file_name().unwrap().len() <= LONGEST);
    }
    assert_eq!(names(folder.path()).len(), 8);
}

#[test]
fn two_films_of_pictures_at_once_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let spec = spec(&folder.path().join("film.png"), Codec::Png);
    let later = FilmSpec {
        first_picture: 2,
        ..spec.clone()
    };
    let mut films = [&spec, &spec, &later].map(|spec| Film::create(spec, None).unwrap());
    for _ in 0..2 {
        films.iter_mut().for_each(paint);
    }
    let [first, second, part] = films.map(|film| film.finish().unwrap().path);
    assert_eq!(first, folder.path().join("film_000000.png"));
    assert_eq!(second, folder.path().join("film-2_000000.png"));
    // Parts of one film join.
    assert_eq!(part, folder.path().join("film_000002.png"));
    assert_eq!(names(folder.path()).len(), 6, "{:?}", names(folder.path()));
    let error = Film::create(&spec, None).err().unwrap();
    assert!(matches!(error, FilmError::Exists(_)), "{error:?}");
    assert_eq!(names(folder.path()).len(), 6);
}

#[test]
fn the_song_itself_is_never_the_film() {
    let folder = tempfile::tempdir().unwrap();
    let song = short_song(folder.path(), "song.mp4");
    let before = std::fs::read(&song).unwrap();
    std::os::unix::fs::symlink("song.mp4", folder.path().join("link.mp4")).unwrap();
    for args in [
        &["song.mp4", "--force"][..],
        &["song.mp4", "-o", "link.mp4", "--force"],
        &["link.mp4", "-o", "song.mp4", "--force"],
    ] {
        let output = smallest(folder.path(), args).stdin(Stdio::null()).output();
        let output = output.unwrap();
        assert!(complaint(&output).contains("the song itself"), "{args:?}");
        assert_eq!(std::fs::read(&song).unwrap(), before);
    }
}
