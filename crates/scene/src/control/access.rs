//! How controls are found, read and set.

use super::table::{Control, Controls, Mix, ROWS, Row, Snapshot, Steering};
use super::values::Values;

/// A control and a plain value that it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    pub control: Control,
    pub plain: f32,
}

impl Setting {
    /// Sets it.
    pub fn apply(&self, all: &mut Snapshot) {
        self.control.set(all, self.plain);
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
