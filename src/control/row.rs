//! What a row of the table says, and what can be done with it.

use super::table::ROWS;
use super::values::Values;
use super::words::Words;
use super::{Control, Controls, EmotionSource, Group, Snapshot, Steering, presets};
use crate::motion::Palette;

/// All that is to be said of a control.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What projects, hosts, scripts and messages call it: it never changes.
    pub id: &'static str,
    /// What people call it, everywhere.
    pub name: &'static str,
    pub group: Group,
    /// What it does, in a sentence.
    pub hint: &'static str,
    /// Which values it takes.
    pub values: Values,
    /// How they are said and read.
    pub words: Words,
    /// The plain value from which a bar grows that shows how far it is turned.
    pub neutral: f32,
    /// What becomes of it between two presets.
    pub mix: Mix,
    /// Where it stands.
    pub(super) field: Field,
}

/// What becomes of a control between two presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// It lies between both.
    Between,
    /// It is as in the nearer one.
    Nearer,
    /// No preset says anything of it: it stays the performer's own.
    Own,
}

/// How a control is read and set, as a plain number.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub(super) get: fn(&Snapshot) -> f32,
    pub(super) set: fn(&mut Snapshot, f32),
}

/// What a field's value is as a plain number.
pub(super) trait Plain {
    fn plain(self) -> f32;
    fn of(plain: f32) -> Self;
}

impl Plain for f32 {
    fn plain(self) -> f32 {
        self
    }
    fn of(plain: f32) -> Self {
        plain
    }
}

impl Plain for bool {
    fn plain(self) -> f32 {
        self.into()
    }
    fn of(plain: f32) -> Self {
        plain > 0.5
    }
}

impl Plain for u8 {
    fn plain(self) -> f32 {
        self.into()
    }
    fn of(plain: f32) -> Self {
        plain as Self
    }
}

impl Plain for u16 {
    fn plain(self) -> f32 {
        self.into()
    }
    fn of(plain: f32) -> Self {
        plain as Self
    }
}

impl Plain for Palette {
    fn plain(self) -> f32 {
        let place = Self::ALL.iter().position(|palette| *palette == self);
        place.unwrap_or(0) as f32
    }
    // A place that has no palette yet is the mood's.
    fn of(plain: f32) -> Self {
        Self::ALL.get(plain as usize).copied().unwrap_or_default()
    }
}

impl Plain for EmotionSource {
    fn plain(self) -> f32 {
        self as usize as f32
    }
    fn of(plain: f32) -> Self {
        Self::ALL.get(plain as usize).copied().unwrap_or_default()
    }
}

impl Control {
    /// What the table says of it.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The control that projects, hosts and messages call so.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.row().id == id)
    }

    /// Its plain value as long as nobody has touched it.
    pub fn usual(self) -> f32 {
        self.get(&Snapshot::default())
    }

    /// Its plain value.
    pub fn get(self, all: &Snapshot) -> f32 {
        (self.row().field.get)(all)
    }

    /// Sets it to a plain value, or to the nearest one within range; what is not a number sets it to
    /// its default. Does not allocate.
    pub fn set(self, all: &mut Snapshot, plain: f32) {
        let row = self.row();
        let plain = if plain.is_nan() { self.usual() } else { plain };
        (row.field.set)(all, row.values.clamp(plain));
    }

    /// The same, by a value from 0 to 1.
    pub fn set_normalised(self, all: &mut Snapshot, normalised: f32) {
        self.set(all, self.row().values.plain(normalised));
    }

    /// A plain value in words, with its unit.
    pub fn text(self, plain: f32) -> String {
        let words = &self.row().words;
        words.text(plain) + words.unit()
    }

    /// Whether it is turned, and not switched or chosen.
    pub fn is_number(self) -> bool {
        matches!(self.row().values, Values::Numbers { .. })
    }

    /// Whether presets say something of it.
    pub fn is_of_a_look(self) -> bool {
        self.row().mix != Mix::Own
    }
}

impl Snapshot {
    /// Within range; what is not a number is as by default.
    pub fn clamped(mut self) -> Self {
        for control in Control::ALL {
            let plain = control.get(&self);
            control.set(&mut self, plain);
        }
        self
    }

    /// The knobs as the preset position sets them.
    pub fn look(&self) -> Controls {
        presets::look_at(&self.controls, self.preset)
    }
}

impl From<Controls> for Snapshot {
    fn from(controls: Controls) -> Self {
        Self {
            controls,
            ..Self::default()
        }
    }
}

impl Controls {
    /// Within range; what is not a number is as by default. A show clamps what it is given, so nobody
    /// else need.
    pub fn clamped(&self) -> Self {
        Snapshot::from(*self).clamped().controls
    }
}

impl Steering {
    /// Within range; what is not a number is as by default.
    pub fn clamped(&self) -> Self {
        let controls = Controls {
            steering: *self,
            ..Controls::default()
        };
        controls.clamped().steering
    }
}
