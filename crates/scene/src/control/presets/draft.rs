//! A preset before it is saved.

use super::painter::PresetPainter;
use crate::control::Controls;

/// A preset that is to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft<'a> {
    pub name: &'a str,
    pub look: Controls,
    pub painter: Option<PresetPainter>,
    /// Its tags; none for those that the file has, if any.
    pub tags: Vec<String>,
    /// A small picture of what it paints, JPEG; none for the one that is there, if any.
    pub picture: Option<Vec<u8>>,
}
