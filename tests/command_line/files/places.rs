//! What is there is replaced only if it is a file, and a film that is done is never lost.

use super::{ended, fifo, made, names, refused, short_song, smallest, synopsia_in};
use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use synopsia::media::song::SongReader;
use synopsia::output::{Codec, EncodeError, Film, FilmError, FilmSpec, Fps, Sound};
use synopsia::render::{Picture, Pixels};

#[test]
fn force_writes_to_what_a_link_leads_to_and_keeps_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    short_song(folder.path(), "song.wav");
    fs::create_dir(at("far")).unwrap();
    fs::write(at("far/old.csv"), "old").unwrap();
    symlink("far/old.csv", at("link.csv")).unwrap();
    symlink("far/new.csv", at("dangling.csv")).unwrap();
    symlink("circle.csv", at("circle.csv")).unwrap();
    let analyze = |table: &str, force: &[&str]| {
        let args = [&["analyze", "-q", "song.wav", "-o", table], force].concat();
        synopsia_in(folder.path(), &args).output().unwrap()
    };
    refused(&analyze("link.csv", &[]), "exists already");
    assert_eq!(fs::read(at("far/old.csv")).unwrap(), b"old");
    refused(&analyze("circle.csv", &["--force"]), "circle.csv");
    for link in ["link.csv", "dangling.csv"] {
        made(&analyze(link, &["--force"]));
        assert!(at(link).symlink_metadata().unwrap().is_symlink(), "{link}");
        assert!(fs::read(at(link)).unwrap().starts_with(b"time,"), "{link}");
    }
    assert_eq!(names(&at("far")), ["new.csv", "old.csv"]);
}

fn grey() -> Picture {
    let pixels = Pixels {
        width: 64,
        height: 36,
        rgba: vec![90; 64 * 36 * 4],
    };
    pixels.into()
}

#[test]
fn a_film_whose_folder_is_removed_or_renamed_is_kept_above_it_whoever_codes_it() {
    let folder = tempfile::tempdir().unwrap();
    let song = short_song(folder.path(), "song.wav");
    let disk = folder.path().join("disk");
    let gone = disk.join("films");
    let moved = folder.path().join("moved");
    // Of numbered pictures, each is at its place at once.
    let codecs = Codec::ALL.into_iter().filter(|&codec| codec != Codec::Png);
    for (number, codec) in codecs.enumerate() {
        for renamed in [false, true] {
            // Each way to end meets each kind of film.
            let with_sound = number.is_multiple_of(2) != renamed;
            let force = (number / 2).is_multiple_of(2) != renamed;
            let case = format!("{codec} force {force} renamed {renamed} with sound {with_sound}");
            fs::create_dir_all(&gone).unwrap();
            let name = format!("film.{}", codec.extensions()[0]);
            fs::write(folder.path().join(&name), "another").unwrap();
            let path = gone.join(&name);
            let fps = Fps::new(2, 1).unwrap();
            let spec = FilmSpec {
                force,
                ..FilmSpec::new(path, 64, 36, fps, codec)
            };
            let sound = with_sound
                .then(|| Sound::new(SongReader::open(&song).unwrap(), 0.0, None).unwrap());
            let mut film = match Film::create(&spec, sound) {
                Ok(film) => film,
                Err(FilmError::Encode(
                    EncodeError::NoFfmpeg(_) | EncodeError::NoEncoder { .. },
                )) => continue,
                Err(error) => panic!("{case}: {error}"),
            };
            film.picture(&grey()).unwrap();
            if renamed {
                fs::rename(&disk, &moved).unwrap();
            } else {
                fs::remove_dir_all(&disk).unwrap();
            }
            film.picture(&grey()).unwrap();
            let kept = match film.finish() {
                Err(FilmError::Kept { draft, .. }) => draft,
                other => panic!("{case}: {:?}", other.map(|summary| summary.path)),
            };
            // What is there already is another film.
            let second = name.replace("film", "film-2");
            assert_eq!(kept, folder.path().join(second), "{case}");
            let (_, seconds, pictures) = crate::common::probe(&kept);
            assert_eq!(pictures, 2, "{case}");
            // Matroska says nothing of a single stream's length.
            let stated = with_sound && kept.extension().is_some_and(|end| end != "mkv");
            assert_eq!(seconds > 0.9, stated, "{case}");
            fs::remove_file(kept).unwrap();
            if renamed {
                assert_eq!(names(&moved.join("films")), [""; 0], "{case}");
                fs::remove_dir_all(&moved).unwrap();
            }
            assert_eq!(names(folder.path()), [name.as_str(), "song.wav"], "{case}");
            fs::remove_file(folder.path().join(&name)).unwrap();
        }
    }
}

#[test]
fn what_is_no_file_is_written_to_or_refused_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let is_pipe = |name: &str| at(name).symlink_metadata().unwrap().file_type().is_fifo();
    short_song(folder.path(), "song.wav");
    for name in ["p.mp4", "p.png", "p.csv"] {
        fifo(&at(name));
    }
    // A film cannot be written from front to back.
    let film = smallest(folder.path(), &["song.wav", "-o", "p.mp4", "--force"]);
    refused(&ended(film), "p.mp4 is a pipe, not a place for a file");
    // Nobody reads.
    let plot = synopsia_in(folder.path(), &["analyze", "song.wav", "--plot", "p.png"]);
    refused(&ended(plot), "nobody reads");
    let reader = std::thread::spawn({
        let pipe = at("p.csv");
        move || fs::read_to_string(pipe).unwrap()
    });
    let table = ["analyze", "-q", "song.wav", "-o", "p.csv", "--force"];
    made(&ended(synopsia_in(folder.path(), &table)));
    assert!(reader.join().unwrap().starts_with("time,"));
    assert!(["p.mp4", "p.png", "p.csv"].into_iter().all(is_pipe));

    // A film's hashes to standard output, and to nowhere: as root that node could be replaced.
    symlink("/dev/null", at("null")).unwrap();
    let list = ["song.wav", "-q", "--force", "-o", "film.mp4", "--hashes"];
    let hashed = |to| smallest(folder.path(), &[&list[..], &[to]].concat()).output();
    let hashed = |to| hashed(to).unwrap();
    made(&hashed("null"));
    assert!(at("null").symlink_metadata().unwrap().is_symlink());
    assert!(
        Path::new("/dev/null")
            .metadata()
            .unwrap()
            .file_type()
            .is_char_device()
    );
    let printed = hashed("/dev/stdout");
    made(&printed);
    assert_eq!(String::from_utf8_lossy(&printed.stdout).lines().count(), 2);
}

#[test]
fn a_film_that_cannot_take_its_place_is_kept_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.mp4");
    let spec = FilmSpec {
        force: true,
        ..FilmSpec::new(&path, 64, 36, Fps::new(2, 1).unwrap(), Codec::H264)
    };
    let mut film = Film::create(&spec, None).unwrap();
    film.picture(&grey()).unwrap();
    // What no file can replace.
    fs::create_dir(&path).unwrap();
    let error = film.finish().err().unwrap();
    let FilmError::Kept { draft, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(error.to_string().contains(&draft.display().to_string()));
    assert_eq!(crate::common::probe(draft).2, 1);
}

#[test]
fn a_folder_that_takes_no_files_is_known_before_any_work() {
    let folder = tempfile::tempdir().unwrap();
    short_song(folder.path(), "song.wav");
    for place in ["no/such/t.csv", "song.wav/t.csv", "/proc/t.csv", "."] {
        let args = ["analyze", "song.wav", "--force", "-o", place];
        let output = synopsia_in(folder.path(), &args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{place}");
        assert!(output.stdout.is_empty(), "{place}: it was analyzed first");
    }
    assert_eq!(names(folder.path()), ["song.wav"]);
}

/// Disks that lack what others have, made by refusing system calls.
#[cfg(target_os = "linux")]
mod lacking {
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    /// What a disk cannot do.
    #[derive(Clone, Copy)]
    enum Lacks {
        /// Neither hard links nor a renaming that replaces nothing, as exFAT and many network drives.
        LinksAndNoReplace,
        /// Any renaming.
        Renames,
    }

    /// Answers of a filter, and what it looks at.
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const IS: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const ANSWER: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    /// Where in what the filter sees the fifth argument is: the flags of `renameat2`.
    const FIFTH: u32 = 16 + 4 * 8;

    fn step(code: u16, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
        libc::sock_filter { code, jt, jf, k }
    }

    fn filter(lacks: Lacks) -> Vec<libc::sock_filter> {
        let refuse = |errno: i32| step(ANSWER, 0, 0, libc::SECCOMP_RET_ERRNO | errno as u32);
        let call = |number: libc::c_long| step(IS, 0, 1, number as u32);
        let mut steps = vec![step(LOAD, 0, 0, 0)];
        steps.extend([call(libc::SYS_linkat), refuse(libc::EPERM)]);
        #[cfg(target_arch = "x86_64")]
        steps.extend([call(libc::SYS_link), refuse(libc::EPERM)]);
        match lacks {
            Lacks::LinksAndNoReplace => steps.extend([
                step(IS, 0, 3, libc::SYS_renameat2 as u32),
                step(LOAD, 0, 0, FIFTH),
                step(IS, 1, 0, 0),
                refuse(libc::EINVAL),
            ]),
            Lacks::Renames => {
                steps.extend([call(libc::SYS_renameat2), refuse(libc::EIO)]);
                steps.extend([call(libc::SYS_renameat), refuse(libc::EIO)]);
                #[cfg(target_arch = "x86_64")]
                steps.extend([call(libc::SYS_rename), refuse(libc::EIO)]);
            }
        }
        steps.push(step(ANSWER, 0, 0, libc::SECCOMP_RET_ALLOW));
        steps
    }

    /// Has `command` run where disks lack something.
    fn on_a_disk_that(lacks: Lacks, mut command: Command) -> Command {
        let mut steps = filter(lacks);
        let install = move || {
            let program = libc::sock_fprog {
                len: steps.len() as u16,
                filter: steps.as_mut_ptr(),
            };
            let mode = libc::c_ulong::from(libc::SECCOMP_MODE_FILTER);
            // SAFETY: the filter outlives the call, which copies it.
            let set = unsafe {
                libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
                    && libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program) == 0
            };
            if set {
                Ok(())
            } else {
                Err(std::io::Error::last_os_error())
            }
        };
        // SAFETY: two system calls, and no allocation.
        unsafe { command.pre_exec(install) };
        command
    }

    #[test]
    fn a_disk_without_links_and_guarded_renames_keeps_films() {
        let folder = tempfile::tempdir().unwrap();
        short_song(folder.path(), "song.wav");
        let lacks = Lacks::LinksAndNoReplace;
        let film = smallest(folder.path(), &["song.wav", "-o", "film.mp4"]);
        made(&on_a_disk_that(lacks, film).output().unwrap());
        let film = folder.path().join("film.mp4");
        assert_eq!(crate::common::probe(&film).2, 2);
        assert_eq!(names(folder.path()), ["film.mp4", "song.wav"]);
        for (args, refusal) in [(&[][..], true), (&["--force"], false)] {
            let args = [&["analyze", "-q", "song.wav", "-o", "t.csv"], args].concat();
            let table = folder.path().join("t.csv");
            fs::write(&table, "old").unwrap();
            let output = on_a_disk_that(lacks, synopsia_in(folder.path(), &args)).output();
            assert_eq!(output.unwrap().status.success(), !refusal);
            assert_eq!(fs::read(&table).unwrap() == b"old", refusal);
        }
        assert_eq!(names(folder.path()), ["film.mp4", "song.wav", "t.csv"]);
    }

    #[test]
    fn a_disk_that_renames_nothing_is_known_before_any_work() {
        let folder = tempfile::tempdir().unwrap();
        short_song(folder.path(), "song.wav");
        for args in [
            &["render", "song.wav"][..],
            &["analyze", "song.wav", "-o", "t.csv"],
        ] {
            let command = on_a_disk_that(Lacks::Renames, synopsia_in(folder.path(), args));
            let output = { command }.output().unwrap();
            refused(&output, "choose a folder on another disk");
            assert!(output.stdout.is_empty(), "{args:?}: it began");
        }
        assert_eq!(names(folder.path()), ["song.wav"]);
    }
}
