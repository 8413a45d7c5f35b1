//! Which models there are, and where they are found.
//!
//! The built-in models are the looks of one family, each by its name. A user's model is a file; its
//! name is that of the file, and `FILE@LOOK` where the file holds a family. The first found of a name
//! wins: the folders in `SYNOPSIA_MODELS`, the user's own folder, `models` beside the program, and
//! last what is built in, so that a person can put a look of their own in the place of ours.
//!
//! Looks of one family also come in any mixture, which the lists do not have: see [`Blend`].

use crate::folders;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::SystemTime;

use parking_lot::Mutex;

use super::model::{Blend, Fault, Model, ModelError, ModelInfo};

/// What a model file is called.
const EXTENSION: &str = "safetensors";

/// The family that every copy of the program carries. The first of its looks is the one to start
/// with.
const BUILT_IN: &[u8] = include_bytes!("../../../../models/looks.safetensors");
/// What it is called in errors.
const FAMILY: &str = "the built-in family";

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

/// A look, or a blend of looks, of a family that is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilyLook {
    family: Version,
    /// What [`Model::choose`] takes.
    pub blend: Blend,
    /// The shares of the family's looks, in their order; their sum is 1.
    pub shares: Vec<f32>,
}

impl FamilyLook {
    /// Whether both are looks of one network, so that whoever paints one can paint the other.
    pub fn is_kin(&self, other: &Self) -> bool {
        self.family == other.family
    }
}

/// A model's file as it is now: it is another one when its length or time has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// `None` where it is built in.
    file: Option<(PathBuf, u64, Option<SystemTime>)>,
}

/// Where a model is, and which look or blend of it is meant; `None`: the file as it is.
struct Place<'a> {
    /// `None` where it is built in.
    file: Option<PathBuf>,
    look: Option<&'a str>,
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
        Some(folders::data()?.join("models"))
    }

    /// The names of the built-in models.
    pub fn built_in() -> &'static [String] {
        static LOOKS: LazyLock<Vec<String>> = LazyLock::new(|| {
            let info = ModelInfo::from_bytes(FAMILY, BUILT_IN);
            info.map(|info| info.looks).unwrap_or_default()
        });
        &LOOKS
    }

    /// The name of the model to begin with.
    pub fn default_name() -> &'static str {
        Self::built_in().first().map_or("", String::as_str)
    }

    /// Every model, by name, with its header checked. Two of one name: the first found.
    pub fn list(&self) -> Vec<Listed> {
        let mut seen = BTreeSet::new();
        let mut listed = Vec::new();
        for path in self.files() {
            let name = stem(&path);
            if seen.insert(name.clone()) {
                let info = ModelInfo::open(&path);
                listed.extend(looks_of(&name, Some(path), info));
            }
        }
        let built_in = looks_of("", None, ModelInfo::from_bytes(FAMILY, BUILT_IN));
        listed.extend(
            built_in
                .into_iter()
                .filter(|look| !seen.contains(&look.name)),
        );
        listed
    }

    /// The name of every model: the built-in ones first, then the others in alphabetical order.
    pub fn names(&self) -> Vec<String> {
        let mut found = BTreeMap::new();
        for path in self.files() {
            found.entry(stem(&path)).or_insert(path);
        }
        let of_file = |(stem, path): (String, PathBuf)| match looks_in(&path) {
            looks if looks.is_empty() => vec![stem],
            looks => looks.iter().map(|look| format!("{stem}@{look}")).collect(),
        };
        let built_in = Self::built_in();
        let others = found.into_iter().flat_map(of_file);
        let others = others.filter(|name| !built_in.contains(name));
        built_in.iter().cloned().chain(others).collect()
    }

    /// Whether this is a look, or a blend of looks, of a family that is listed.
    pub fn has_look(&self, name: &str) -> bool {
        self.look(name).is_some()
    }

    /// The shares of two looks or blends, by name, in the family that both are of; none where they are
    /// not of one family that is listed.
    pub fn shares(&self, name: &str, other: &str) -> Option<[Vec<f32>; 2]> {
        let (look, other) = (self.look(name)?, self.look(other)?);
        look.is_kin(&other).then_some([look.shares, other.shares])
    }

    /// The file that a name leads to, as it is now; none where it leads to none. What is in it is not
    /// looked at.
    pub fn version(&self, name: &str) -> Option<Version> {
        let file = self.place(name)?.file.map(|path| {
            let about = path.metadata().ok()?;
            Some((path, about.len(), about.modified().ok()))
        });
        match file {
            Some(None) => None,
            file => Some(Version {
                file: file.flatten(),
            }),
        }
    }

    /// Whether two names look as if they were of one family. No file is read.
    pub fn are_kin(name: &str, other: &str) -> bool {
        let family = |name| match apart(name) {
            Some((file, _)) => Some(file),
            None => Self::is_ours(name).then_some(""),
        };
        family(name).is_some_and(|file| family(other) == Some(file))
    }

    /// Whether a name without a file is that of looks of the built-in family.
    fn is_ours(name: &str) -> bool {
        Self::built_in().iter().any(|look| look == name) || name.contains(['+', ':'])
    }

    /// The look, or the blend of looks, of this name; none where it is not of a family that is listed.
    pub fn look(&self, name: &str) -> Option<FamilyLook> {
        let place = self.place(name).filter(|_| !is_path(name))?;
        let looks = match &place.file {
            Some(path) => looks_in(path),
            None => Self::built_in().to_vec(),
        };
        let blend = place.look?.parse::<Blend>().ok()?;
        Some(FamilyLook {
            family: self.version(name)?,
            shares: blend.shares(&looks).ok()?,
            blend,
        })
    }

    /// Loads the model of this name, or the file at this path. A name with a folder or with
    /// `.safetensors` in it is a path. Behind either, `@` and a look or a blend of looks may follow,
    /// where the file holds a family; those of the built-in family need no more than themselves.
    ///
    /// # Errors
    /// When there is no such model or look, when a blend cannot be read, or when [`Model::open`]
    /// refuses the file.
    pub fn find(&self, name: &str) -> Result<Model, ModelError> {
        let unknown = || ModelError {
            file: name.to_owned(),
            fault: Fault::Unknown {
                known: self.list().into_iter().map(|listed| listed.name).collect(),
            },
        };
        let place = self.place(name).ok_or_else(unknown)?;
        let file = match &place.file {
            Some(path) => path.display().to_string(),
            None => FAMILY.to_owned(),
        };
        let refuse = |fault| ModelError {
            file: match fault {
                Fault::NoBlend(_) => name.to_owned(),
                _ => file.clone(),
            },
            fault,
        };
        let blend = place.look.map(str::parse::<Blend>).transpose();
        let blend = blend.map_err(&refuse)?;
        let mut model = match &place.file {
            Some(path) => Model::open(path)?,
            None => Model::from_bytes(FAMILY, BUILT_IN)?,
        };
        model.is_built_in = place.file.is_none();
        if let Some(blend) = blend {
            model.choose(&blend).map_err(refuse)?;
        }
        Ok(model)
    }

    /// Where a name leads; `None` where there is nothing of this name. What is in the file there is
    /// not looked at.
    fn place<'a>(&self, name: &'a str) -> Option<Place<'a>> {
        let at = |file, look| Some(Place { file, look });
        let named = |name: &str| self.files().find(|path| stem(path) == name);
        if let Some(path) = named(name) {
            return at(Some(path), None);
        }
        if let Some((file, look)) = apart(name) {
            return if is_path(file) {
                at(Some(file.into()), Some(look))
            } else {
                named(file).and_then(|path| at(Some(path), Some(look)))
            };
        }
        if is_path(name) {
            return at(Some(name.into()), None);
        }
        Self::is_ours(name).then_some(Place {
            file: None,
            look: Some(name),
        })
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

/// A model for each look that a header names, under the name of its `file` where it has one.
fn looks_of(file: &str, path: Option<PathBuf>, info: Result<ModelInfo, ModelError>) -> Vec<Listed> {
    let looks = info.as_ref().map_or(&[][..], |info| &info.looks);
    if looks.is_empty() {
        let name = file.to_owned();
        return vec![Listed { name, path, info }];
    }
    let each = looks.iter().map(|look| Listed {
        name: match file {
            "" => look.clone(),
            file => format!("{file}@{look}"),
        },
        path: path.clone(),
        info: info.clone().map(|info| ModelInfo {
            name: look.clone(),
            ..info
        }),
    });
    each.collect()
}

/// The looks of the family in a file; none where it holds no family, or cannot be used. Its header
/// is read again only when the file has changed, as a show asks every few seconds.
fn looks_in(path: &Path) -> Vec<String> {
    type Known = HashMap<PathBuf, (u64, Option<SystemTime>, Vec<String>)>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let Ok(about) = path.metadata() else {
        return Vec::new();
    };
    let state = (about.len(), about.modified().ok());
    let mut known = KNOWN.lock();
    match known.get(path) {
        Some((length, modified, looks)) if (*length, *modified) == state => looks.clone(),
        _ => {
            let looks = ModelInfo::open(path).map_or(Vec::new(), |info| info.looks);
            known.insert(path.to_owned(), (state.0, state.1, looks.clone()));
            looks
        }
    }
}

/// Whether a name is that of a file somewhere.
fn is_path(name: &str) -> bool {
    let path = Path::new(name);
    path.extension() == Some(OsStr::new(EXTENSION)) || path.components().count() > 1
}

/// A file or its name, and the look behind its `@`; `None` where the whole is one or the other.
fn apart(name: &str) -> Option<(&str, &str)> {
    let (file, look) = name.rsplit_once('@')?;
    let whole = look.contains(['/', '\\']) || Path::new(name).exists();
    let whole = whole || Path::new(name).extension() == Some(OsStr::new(EXTENSION));
    (!whole).then_some((file, look))
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
