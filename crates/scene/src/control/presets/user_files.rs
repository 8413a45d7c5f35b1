//! How files of the user's are written and read, and where they go that are deleted or written over, so that nothing is lost.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder beside a file of the user's in which its former selves are kept.
const BIN: &str = "bin";

/// What the picture of a preset's file ends with.
pub(super) const PICTURE: &str = "jpg";

/// Larger files are no small pictures, bytes.
const LARGEST_PICTURE: u64 = 1 << 20;

/// An empty file in the bin of `path`, under a name that no other has.
fn reserved(path: &Path) -> io::Result<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(".")).join(BIN);
    fs::create_dir_all(&folder)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default();
    let mut number = 1;
    loop {
        let name = match number {
            1 => stem.to_string(),
            number => format!("{stem} {number}"),
        };
        let place = folder.join(name).with_added_extension(ending);
        match File::create_new(&place) {
            Ok(_) => return Ok(place),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Has `put` fill a place in the bin of `path`.
fn put(path: &Path, put: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<PathBuf> {
    let place = reserved(path)?;
    if let Err(error) = put(&place) {
        let _ = fs::remove_file(&place);
        return Err(error);
    }
    Ok(place)
}

/// Moves a file into the bin; answers where it is now.
pub(super) fn moved(path: &Path) -> io::Result<PathBuf> {
    put(path, |place| fs::rename(path, place))
}

/// Copies a file into the bin.
pub(super) fn copied(path: &Path) -> io::Result<PathBuf> {
    put(path, |place| fs::copy(path, place).map(drop))
}

/// The picture beside a preset's file.
pub(super) fn read_picture(path: &Path) -> Option<Vec<u8>> {
    let path = path.with_extension(PICTURE);
    let about = path.metadata().ok()?;
    let fits = about.is_file() && about.len() <= LARGEST_PICTURE;
    fits.then(|| fs::read(path).ok()).flatten()
}

/// Writes a file that is whole at any moment, as any that a user makes, and not for this user alone.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut draft = builder.tempfile_in(folder)?;
    draft.write_all(bytes)?;
    draft.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_lie_side_by_side_in_the_bin() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Dusk.1.json");
        let mut places = Vec::new();
        for text in ["one", "two", "three"] {
            fs::write(&path, text).unwrap();
            let place = if text == "two" {
                copied(&path)
            } else {
                moved(&path)
            };
            let place = place.unwrap();
            assert_eq!(fs::read_to_string(&place).unwrap(), text);
            assert_eq!(path.exists(), text == "two");
            places.push(place);
        }
        places.dedup();
        assert_eq!(places.len(), 3);
        assert_eq!(folder.path().join(BIN).read_dir().unwrap().count(), 3);
        // What cannot be put there leaves no empty file behind.
        assert!(moved(&folder.path().join("gone.json")).is_err());
        assert_eq!(folder.path().join(BIN).read_dir().unwrap().count(), 3);
    }
}
