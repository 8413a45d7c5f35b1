//! A model that was loaded.

use super::models;
use crate::gan::{Catalog, FamilyLook, Model, Version};

/// The weights that are painted with, kept since their file may go meanwhile.
pub(super) struct Source {
    /// The number of the look that paints; none where it was not chosen by one.
    pub(super) number: Option<u16>,
    pub(super) model: Model,
    /// Which look of its family it is, where it is of one.
    pub(super) look: Option<FamilyLook>,
}

impl Source {
    /// Loads the model with this number.
    ///
    /// # Errors
    /// When there is none, or it cannot be read, in a sentence.
    pub(super) fn load(number: u16) -> Result<Self, String> {
        let name =
            named(number).ok_or_else(|| format!("there is no model number {}", number + 1))?;
        let catalog = Catalog::default();
        // Asked first: a file that changes while it is read is another one afterwards.
        let look = catalog.look(&name);
        Ok(Self {
            number: Some(number),
            model: catalog.find(&name).map_err(|e| e.to_string())?,
            look,
        })
    }

    /// Makes it the look with this number, without loading anything; false where that is of another
    /// network, or of none that is listed.
    pub(super) fn choose(&mut self, number: u16) -> bool {
        let look = look(number);
        let kin = self.look.as_ref().zip(look.as_ref());
        let kin = kin.is_some_and(|(now, then)| now.is_kin(then));
        match look.filter(|_| kin) {
            Some(look) if self.model.choose(&look.blend).is_ok() => {
                (self.number, self.look) = (Some(number), Some(look));
                true
            }
            _ => false,
        }
    }
}

/// What the model with this number is called.
pub(super) fn named(number: u16) -> Option<String> {
    models::model_name(number.into())
}

/// Which look of which family the model with this number is.
pub(super) fn look(number: u16) -> Option<FamilyLook> {
    Catalog::default().look(&named(number)?)
}

/// The file of the model with this number, as it is now.
pub(super) fn version(number: u16) -> Option<Version> {
    Catalog::default().version(&named(number)?)
}
