//! Which models there are, and where they are found.
//!
//! A model's name is its file's. The first found of a name wins: the folders in
//! `SYNOPSIA_MODELS`, the user's own folder, `models` beside the program, and last the ones that
//! are built in, so that a person can put a newer `surreal` in the place of ours.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::folders;
use super::model::{Fault, Model, ModelError, ModelInfo};

/// What a model file is called.
const EXTENSION: &str = "safetensors";

/// The models that every copy of the program carries. The first is the one to start with.
const BUILT_IN: [(&str, &[u8]); 2] = [
    (
        "surreal",
        include_bytes!("../../models/surreal.safetensors"),
    ),
    (
        "paintings",
        include_bytes!("../../models/paintings.safetensors"),
    ),
];

/// Where models are looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    /// Folders, first choice first; those that do not exist are passed over.
    pub folders: Vec<PathBuf>,
}

/// A model that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// What [`Catalog::find`] knows it by.
    pub name: String,
    /// Its file; `None` when it is built in.
    pub path: Option<PathBuf>,
    /// What its header says, or why it cannot be used.
    pub info: Result<ModelInfo, ModelError>,
}

impl Default for Catalog {
    /// The folders of this machine and user.
    fn default() -> Self {
        let listed = env::var_os("SYNOPSIA_MODELS");
        let listed = listed.iter().flat_map(env::split_paths);
        let beside = env::current_exe().ok();
        let beside = beside.and_then(|exe| Some(exe.parent()?.join("models")));
        Self {
            folders: listed.chain(Self::users_folder()).chain(beside).collect(),
        }
    }
}

impl Catalog {
    /// The user's own model folder, whether or not it exists: `synopsia/models` in the folder
    /// where the system keeps a user's data.
    pub fn users_folder() -> Option<PathBuf> {
        let data = folders::of_user(
            "XDG_DATA_HOME",
            "APPDATA",
            "Library/Application Support",
            ".local/share",
        );
        Some(data?.join("synopsia").join("models"))
    }

    /// Every model, by name, with its header checked. Two of one name: the first found.
    pub fn list(&self) -> Vec<Listed> {
        let mut seen = BTreeSet::new();
        let mut listed = Vec::new();
        for path in self.files() {
            let name = stem(&path);
            if seen.insert(name.clone()) {
                let info = ModelInfo::open(&path);
                listed.push(Listed {
                    name,
                    path: Some(path),
                    info,
                });
            }
        }
        for (name, bytes) in BUILT_IN {
            if seen.insert(name.to_owned()) {
                listed.push(Listed {
                    name: name.to_owned(),
                    path: None,
                    info: ModelInfo::from_bytes(name, bytes),
                });
            }
        }
        listed
    }

    /// The name of every model: the built-in ones first, then the others in alphabetical order.
    /// Their files are not read.
    pub fn names(&self) -> Vec<String> {
        let built_in = BUILT_IN.map(|(name, _)| name.to_owned());
        let found: BTreeSet<String> = self.files().map(|path| stem(&path)).collect();
        let others = found.into_iter().filter(|name| !built_in.contains(name));
        built_in.iter().cloned().chain(others).collect()
    }

    /// Loads the model of this name, or the file at this path. A name with a folder or with
    /// `.safetensors` in it is a path.
    ///
    /// # Errors
    /// When there is no such model, or [`Model::open`] refuses its file.
    pub fn find(&self, name: &str) -> Result<Model, ModelError> {
        let path = Path::new(name);
        if path.extension() == Some(OsStr::new(EXTENSION)) || path.components().count() > 1 {
            return Model::open(path);
        }
        if let Some(path) = self.files().find(|path| stem(path) == name) {
            return Model::open(&path);
        }
        match BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            Some((name, bytes)) => Model::from_bytes(name, bytes),
            None => Err(ModelError {
                file: name.to_owned(),
                fault: Fault::Unknown {
                    known: self.list().into_iter().map(|listed| listed.name).collect(),
                },
            }),
        }
    }

    /// Model files in the folders; within a folder in the order of their names.
    fn files(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.folders.iter().flat_map(|folder| {
            let entries = folder.read_dir().into_iter().flatten().flatten();
            let mut paths: Vec<_> = entries
                .map(|entry| entry.path())
                .filter(|path| path.extension() == Some(OsStr::new(EXTENSION)))
                // A pipe would keep who opens it waiting; what a dead link lacks is told.
                .filter(|path| path.metadata().map_or(true, |meta| meta.is_file()))
                .filter(|path| !is_hidden(path))
                .collect();
            paths.sort();
            paths
        })
    }
}

/// Whether a file is hidden, as those that macOS leaves on other disks (`._name`).
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}

/// A file's name without its extension.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}
