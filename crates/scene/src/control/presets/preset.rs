//! A look with a name.

use super::painter::PresetPainter;
use super::user_files::read_picture;
use crate::control::{Control, Controls, Setting, Snapshot};
use std::borrow::Cow;
use std::path::PathBuf;

/// A look: where the knobs of motion and picture stand, and who paints. It leaves the emotion's steering alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    pub name: String,
    pub look: Controls,
    /// Who paints; none where it leaves that alone, too.
    pub painter: Option<PresetPainter>,
    /// What it is like and good for, a word or two each, in small letters.
    pub tags: Vec<String>,
    /// Its file; none where it came with the program.
    pub path: Option<PathBuf>,
    /// Whether it has a [position](Control::PresetPosition): the first that came with the program do. Their
    /// order is part of saved projects; others come and go.
    pub has_position: bool,
    /// Whether its file is of a newer version, of which this one may not know all.
    pub is_newer: bool,
    /// A small picture of what it paints (JPEG) that came with the program.
    pub(super) picture: &'static [u8],
}

impl Preset {
    /// The controls that it sets, so that it is what is seen, and nothing else. A painter that there is not is left out.
    pub fn settings(&self) -> Vec<Setting> {
        let look = Snapshot::from(self.look);
        let said = Control::ALL.into_iter().filter(|c| c.is_of_a_look());
        let said = said.map(|control| Setting {
            control,
            plain: control.get(&look),
        });
        let painter = self.painter.iter().flat_map(PresetPainter::settings);
        let seen = [Control::PresetPosition, Control::Morph];
        let seen = seen.map(|control| Setting {
            control,
            plain: 0.0,
        });
        said.chain(painter).chain(seen).collect()
    }

    /// What of it cannot be had here, in a sentence.
    pub fn complaint(&self) -> Option<String> {
        let name = &self.name;
        if let Some(missing) = self.painter.as_ref().and_then(PresetPainter::missing) {
            return Some(format!(
                "the preset “{name}” is painted by “{missing}”, which is not among the models here; the rest of it is set"
            ));
        }
        self.is_newer.then(|| {
            format!(
                "the preset “{name}” was saved by a newer version: what this one does not know is left out, and stays in its file"
            )
        })
    }

    /// A small picture of what it paints, as a file's bytes; none where nobody has made one.
    pub fn picture(&self) -> Option<Cow<'static, [u8]>> {
        match &self.path {
            Some(path) => read_picture(path).map(Cow::Owned),
            None => (!self.picture.is_empty()).then_some(Cow::Borrowed(self.picture)),
        }
    }
}
