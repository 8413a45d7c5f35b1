//! What a command reads: a file, or what comes through a pipe.
//!
//! A song is read more than once and not only forwards, which a pipe does not allow. So what comes
//! through one is kept in a temporary file first.

use super::terminal::Failure;
use crate::media::song::SongReader;
use crate::output::kind;
use crate::output::target_of;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile, TempPath};

/// The most that is kept of what comes through a pipe, bytes: more than six hours in the quality of
/// a CD. Some pipes never end.
const MOST: u64 = 4 << 30;

/// What has not shown what it is after so many bytes is not read to its end.
const SHOWN_BY: u64 = 64 << 20;

/// Names of standard input.
const STANDARD: [&str; 4] = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/// A file to read, which may be the temporary one of a pipe. That one goes when this does.
pub struct Input {
    named: PathBuf,
    path: PathBuf,
    _kept: Option<(File, Option<TempPath>)>,
}

impl Input {
    /// What `named` leads to. A pipe is read to its end; `check` looks at the beginning of a long
    /// one, and refuses what is not wanted.
    ///
    /// # Errors
    /// When it is a device or a keyboard, nothing or no end comes, or the temporary file cannot be
    /// written. What is wrong with a file is found out by whoever reads it.
    pub fn open(
        named: &Path,
        check: impl Fn(&Path) -> Result<(), String>,
    ) -> Result<Self, Failure> {
        let failed = |sentence: String| Failure::Failed(sentence);
        let name = shown(named);
        if STANDARD.iter().any(|standard| named == Path::new(standard)) {
            if io::stdin().is_terminal() {
                return Err(failed(format!(
                    "{name} is the keyboard: name a file, or use a pipe"
                )));
            }
            return Self::kept(named, io::stdin().lock(), check).map_err(failed);
        }
        let file = match named.metadata() {
            Ok(meta) if !meta.is_file() && !meta.is_dir() => match kind(meta.file_type()) {
                "a pipe" => File::open(named),
                other => return Err(failed(format!("{name} is {other}, not a file to read"))),
            },
            _ => {
                return Ok(Self {
                    named: named.to_path_buf(),
                    path: named.to_path_buf(),
                    _kept: None,
                });
            }
        };
        let pipe = file.map_err(|e| failed(format!("{name} cannot be read: {e}")))?;
        Self::kept(named, pipe, check).map_err(failed)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is called; none where it has no name that means something.
    pub fn name(&self) -> Option<&Path> {
        let nameless = ["/dev", "/proc"]
            .iter()
            .any(|root| self.named.starts_with(root));
        let nameless = nameless || self.named == Path::new("-");
        (!nameless).then_some(&self.named)
    }

    /// The same sentence with what was asked for instead of the temporary file.
    pub fn say(&self, sentence: &str) -> String {
        if self.path == self.named {
            return sentence.to_owned();
        }
        sentence.replace(&self.path.display().to_string(), &shown(&self.named))
    }

    /// The same failure, told with what was asked for.
    pub fn explain(&self, failure: Failure) -> Failure {
        match failure {
            Failure::Failed(sentence) => Failure::Failed(self.say(&sentence)),
            Failure::Interrupted(sentence) => Failure::Interrupted(self.say(&sentence)),
        }
    }

    /// Keeps what comes from `pipe` in a temporary file.
    fn kept(
        named: &Path,
        mut pipe: impl Read,
        check: impl Fn(&Path) -> Result<(), String>,
    ) -> Result<Self, String> {
        let name = shown(named);
        let cannot = |e: io::Error| {
            let folder = std::env::temp_dir();
            let why = match e.kind() {
                ErrorKind::StorageFull => "the disk is full".to_owned(),
                _ => e.to_string(),
            };
            format!(
                "what comes from {name} cannot be kept in {}: {why} (TMPDIR names another folder)",
                folder.display()
            )
        };
        let kept = Builder::new().prefix("synopsia-").tempfile();
        let (path, (mut file, kept)) = hidden(kept.map_err(cannot)?);
        let mut block = vec![0; 1 << 20];
        let (mut total, mut start) = (0, [0; 12]);
        loop {
            let count = match pipe.read(&mut block) {
                Ok(0) => break,
                Ok(count) => count,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => return Err(format!("{name} cannot be read: {e}")),
            };
            if total == 0 {
                let first = count.min(start.len());
                start[..first].copy_from_slice(&block[..first]);
            }
            file.write_all(&block[..count]).map_err(cannot)?;
            let before = total;
            total += count as u64;
            if total > MOST {
                let most = MOST >> 30;
                return Err(format!(
                    "{name} gives more than {most} GiB, and may never end"
                ));
            }
            let shows = before < SHOWN_BY && total >= SHOWN_BY;
            if shows && !may_end_in_its_index(&start) {
                let checked = check(&path);
                checked.map_err(|said| said.replace(&path.display().to_string(), &name))?;
            }
        }
        if total == 0 {
            return Err(format!("nothing came from {name}"));
        }
        Ok(Self {
            named: named.to_path_buf(),
            path,
            _kept: Some((file, kept)),
        })
    }
}

/// Takes the temporary file's name away where it can be read without one, so that not even a program
/// that is killed leaves it behind.
fn hidden(kept: NamedTempFile) -> (PathBuf, (File, Option<TempPath>)) {
    let (file, path) = kept.into_parts();
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsRawFd;
        // Not `self`: ffmpeg may be asked to read it.
        let open = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        if Path::new(&open).exists() {
            return (open.into(), (file, None));
        }
    }
    (path.to_path_buf(), (file, Some(path)))
}

/// Whether a file that begins like this is of a kind whose index may come last.
fn may_end_in_its_index(start: &[u8; 12]) -> bool {
    let boxes: [&[u8]; 7] = [
        b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot",
    ];
    start.starts_with(b"caff") || boxes.contains(&&start[4..8])
}

/// What a person calls it.
fn shown(named: &Path) -> String {
    if named.as_os_str() == OsStr::new("-") {
        "standard input".to_owned()
    } else {
        named.display().to_string()
    }
}

/// Opens a song: a file, or what comes through a pipe.
pub(super) fn open_song(named: &Path) -> Result<Input, Failure> {
    let check = |path: &Path| SongReader::open(path).map(drop).map_err(|e| e.to_string());
    Input::open(named, check)
}

/// Refuses to write over the song that is read, or its lyrics, or to write two things to one place.
pub(super) fn keep_apart<'a>(
    song: &Path,
    lyrics: Option<&Path>,
    outputs: impl Iterator<Item = &'a Path>,
) -> Result<(), Failure> {
    // Where a path leads, also when nothing is there yet.
    let place = |path: &Path| {
        let path = target_of(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize();
        match (folder, path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => path.canonicalize().unwrap_or(path),
        }
    };
    let song = place(song);
    let lyrics = lyrics.map(place);
    let mut taken = Vec::new();
    for output in outputs {
        let (shown, output) = (output.display(), place(output));
        let read = match () {
            () if output == song => Some("is the song itself"),
            () if lyrics.as_ref() == Some(&output) => Some("holds the song's lyrics"),
            () => None,
        };
        if let Some(why) = read {
            return Err(Failure::Failed(format!(
                "{shown} {why}: choose another name to write to"
            )));
        }
        if taken.contains(&output) {
            return Err(Failure::Failed(format!(
                "{shown} would be written twice: choose different names"
            )));
        }
        taken.push(output);
    }
    Ok(())
}
