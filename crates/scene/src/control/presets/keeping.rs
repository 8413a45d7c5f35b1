//! How the user's presets are saved, renamed, deleted and brought back. Whatever was in a file that is written over or
//! deleted is in the bin beside it.

use super::draft::Draft;
use super::library::{self, Library};
use super::preset::Preset;
use super::user_files::{PICTURE, copied, moved, write_whole};
use super::{file, shelf};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where a preset was saved, and what its user should know of that.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    pub path: PathBuf,
    pub note: Option<String>,
}

/// A preset that was deleted, to be brought back.
#[derive(Clone, Debug, PartialEq)]
pub struct Deleted {
    pub name: String,
    /// Where its files were, and where in the bin they are.
    files: Vec<[PathBuf; 2]>,
}

/// Saves a preset: over the user's that is called so, or as a new file in the user's folder.
///
/// # Errors
/// In a sentence; what was there is as it was then.
pub fn save_preset(draft: &Draft) -> Result<Saved, String> {
    library::change(|library, folders| library.save(folders, library::users_presets(), draft))
}

/// Gives the user's preset another name.
///
/// # Errors
/// In a sentence; all is as it was then.
pub fn rename_preset(old: &str, new: &str) -> Result<PathBuf, String> {
    let path = library::change(|library, folders| library.rename(folders, old, new))?;
    // Nothing is lost where that fails but a star.
    let _ = shelf::rename(old, new);
    Ok(path)
}

/// Gives the user's preset these tags and no others.
///
/// # Errors
/// In a sentence; all is as it was then.
pub fn tag_preset(name: &str, tags: &[String]) -> Result<(), String> {
    library::change(|library, folders| library.tag(folders, name, tags))
}

/// Moves the user's preset into the bin.
///
/// # Errors
/// In a sentence; it is still there then.
pub fn delete_preset(name: &str) -> Result<Deleted, String> {
    library::change(|library, folders| library.delete(folders, name))
}

/// Brings a preset back that was deleted.
///
/// # Errors
/// In a sentence; it is still in the bin then.
pub fn restore_preset(deleted: &Deleted) -> Result<(), String> {
    library::change(|library, folders| library.restore(folders, deleted))
}

/// Writes a preset's file; what was in it before is in the bin then.
fn write_over(path: &Path, text: &str, before: Option<&str>) -> Result<(), String> {
    let failed = |error: io::Error| format!("{} cannot be written: {error}", path.display());
    if before.is_some_and(|before| before != text) {
        copied(path).map_err(failed)?;
    }
    write_whole(path, text.as_bytes()).map_err(failed)
}

/// Where a new preset of this name goes in `folder`.
fn new_path(folder: &Path, name: &str) -> Result<PathBuf, String> {
    file::check_name(name)
        .map_err(|words| format!("a preset {}", words.replacen("has", "cannot have", 1)))?;
    let path = folder.join(name).with_added_extension(library::EXTENSION);
    match path.try_exists() {
        Ok(true) => Err(format!(
            "{} is there and is not the preset “{name}”: choose another name",
            path.display()
        )),
        _ => Ok(path),
    }
}

impl Library {
    /// The user's preset of this name, with its file.
    fn own(&mut self, folders: &[PathBuf], name: &str) -> Result<(Preset, PathBuf), String> {
        self.read(folders);
        let found = self.presets.iter().find(|preset| preset.name == name);
        match found.map(|preset| (preset, preset.path.clone())) {
            Some((preset, Some(path))) => Ok((preset.clone(), path)),
            Some((_, None)) => Err(format!(
                "“{name}” comes with Synopsia and stays as it is: save it under a name of your own"
            )),
            None => Err(format!("there is no preset “{name}” any more")),
        }
    }

    /// Saves a preset where the one of this name is in `folders`, or else in the folder `own`.
    fn save(
        &mut self,
        folders: &[PathBuf],
        own: Option<PathBuf>,
        draft: &Draft,
    ) -> Result<Saved, String> {
        let name = draft.name;
        let known = self.presets.iter().find(|preset| preset.name == name);
        let known = known.and_then(|preset| preset.path.clone());
        let was_seen = known.as_ref().is_none_or(|path| self.is_as_seen(path));
        let path = match self.own(folders, name) {
            Ok((_, path)) => path,
            Err(_) => {
                let own = own.ok_or("the system names no folder for your presets")?;
                new_path(&own, name)?
            }
        };
        let before = fs::read_to_string(&path).ok();
        write_over(
            &path,
            &file::written(draft, before.as_deref()),
            before.as_deref(),
        )?;
        if let Some(picture) = &draft.picture {
            // A preset without a picture is one all the same.
            let _ = write_whole(&path.with_extension(PICTURE), picture);
        }
        self.read(folders);
        let note = (!was_seen && before.is_some()).then(|| {
            format!(
                "another program has saved “{name}” as well: yours is kept, and what it held is in the bin beside it"
            )
        });
        Ok(Saved { path, note })
    }

    fn rename(&mut self, folders: &[PathBuf], old: &str, new: &str) -> Result<PathBuf, String> {
        let (_, path) = self.own(folders, old)?;
        if self.presets.iter().any(|preset| preset.name == new) {
            return Err(format!("there is a preset “{new}”: choose another name"));
        }
        let target = new_path(path.parent().unwrap_or(Path::new(".")), new)?;
        let failed = |error: io::Error| format!("{} cannot be written: {error}", target.display());
        let before = fs::read_to_string(&path).map_err(failed)?;
        let text = file::changed(&before, Some(new), None);
        write_whole(&target, text.as_bytes()).map_err(failed)?;
        // The picture first: a preset may be without, a picture not.
        let pictures = [&path, &target].map(|path| path.with_extension(PICTURE));
        let _ = fs::rename(&pictures[0], &pictures[1]);
        moved(&path).map_err(failed)?;
        self.read(folders);
        Ok(target)
    }

    fn tag(&mut self, folders: &[PathBuf], name: &str, tags: &[String]) -> Result<(), String> {
        let (_, path) = self.own(folders, name)?;
        file::check_tags(tags)
            .map_err(|words| format!("a preset cannot be tagged so: it {words}"))?;
        let before = fs::read_to_string(&path)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let text = file::changed(&before, None, Some(tags));
        write_over(&path, &text, Some(&before))?;
        self.read(folders);
        Ok(())
    }

    fn delete(&mut self, folders: &[PathBuf], name: &str) -> Result<Deleted, String> {
        let (_, path) = self.own(folders, name)?;
        let binned = moved(&path)
            .map_err(|error| format!("{} cannot be moved into the bin: {error}", path.display()))?;
        let picture = path.with_extension(PICTURE);
        let picture = moved(&picture).ok().map(|binned| [picture, binned]);
        self.read(folders);
        Ok(Deleted {
            name: name.to_owned(),
            files: [[path, binned]].into_iter().chain(picture).collect(),
        })
    }

    fn restore(&mut self, folders: &[PathBuf], deleted: &Deleted) -> Result<(), String> {
        let name = &deleted.name;
        for [path, binned] in &deleted.files {
            let is_picture = path.extension().is_some_and(|ending| ending == PICTURE);
            if path.exists() && !is_picture {
                let path = path.display();
                return Err(format!(
                    "“{name}” stays in the bin, as {path} is another one by now"
                ));
            }
            if let Err(error) = fs::rename(binned, path)
                && !is_picture
            {
                return Err(format!("“{name}” cannot be brought back: {error}"));
            }
        }
        self.read(folders);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
