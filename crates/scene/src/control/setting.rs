//! What is set, as a person writes it: `trails=0.6`, `rotation=45°`,
//! `palette=ember`.

use super::access::Setting;
use super::words::{PLAIN, Words};
use super::{Control, Row, Values, presets, with_positions};
use std::str::FromStr;

/// From how alike on two names are taken for the same word in a hurry (Jaro-Winkler, 0 to 1).
const ALIKE: f64 = 0.75;

/// A name without what people write in more than one way.
fn bare(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The one of `names` that is most like `name`; none where none is.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = bare(name);
    let likeness = |other: &&str| strsim::jaro_winkler(&name, &bare(other));
    names
        .map(|other| (likeness(&other), other))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other)
}

impl FromStr for Setting {
    type Err = String;

    /// Reads `name=value`.
    ///
    /// # Errors
    /// In a sentence, where there is no such control or it takes no such value.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or("write a control's name and its value, as trails=0.6")?;
        let control = Control::called(name)?;
        let plain = control.row().value_of(value)?;
        Ok(Self { control, plain })
    }
}

impl Control {
    /// The control with this id or name, in any case, with or without hyphens.
    ///
    /// # Errors
    /// In a sentence that names the nearest one there is.
    pub fn called(name: &str) -> Result<Self, String> {
        let wanted = bare(name);
        let is_called = |control: &Self| {
            let row = control.row();
            bare(row.id) == wanted || bare(row.name) == wanted
        };
        if let Some(found) = Self::ALL.into_iter().find(is_called) {
            return Ok(found);
        }
        let rows = Self::ALL.into_iter().map(Self::row);
        let by_name = rows.clone().map(|row| (row.name, row.id));
        let names: Vec<(&str, &str)> = rows.map(|row| (row.id, row.id)).chain(by_name).collect();
        let near = nearest(name, names.iter().map(|(name, _)| *name));
        let near = near.and_then(|near| names.iter().find(|(name, _)| *name == near));
        let hint = match near {
            Some((_, id)) => format!("did you mean {id}?"),
            None => "`synopsia controls` lists them".to_owned(),
        };
        Err(format!("there is no control “{}”; {hint}", name.trim()))
    }
}

impl Row {
    /// The greatest plain value that means something now: where hosts are promised room for more,
    /// less than the range's end.
    pub fn end(&self) -> f32 {
        match self.words {
            Words::Presets => with_positions(&presets()).len() as f32,
            _ => self.values.range()[1],
        }
    }

    /// The values that have names, where it is names that one chooses from.
    pub fn choices(&self) -> Vec<(f32, String)> {
        if matches!(self.words, Words::Count(_) | Words::Number(_)) {
            return Vec::new();
        }
        let whole = 0..=self.end() as u16;
        let named = whole.map(f32::from).map(|at| (at, self.words.text(at)));
        // What has no name says that it is none, and by which number.
        let empty = |text: &str| text.starts_with("no ");
        named.filter(|(_, text)| !empty(text)).collect()
    }

    /// The plain value that a text says, exactly. A number without a unit is a plain value: `0.6` is
    /// `60 %`.
    pub(super) fn value_of(&self, text: &str) -> Result<f32, String> {
        let spaced = text.replace(['-', '_'], " ");
        let plain = match self.words {
            Words::Number(_) => Words::Number(PLAIN).read(text),
            _ => None,
        };
        let read = plain.or_else(|| self.words.read(text));
        let choices = self.choices();
        let known = |plain: &f32| {
            let counted = !matches!(self.values, Values::Numbers { .. });
            !counted || choices.is_empty() || choices.iter().any(|(at, _)| at == plain)
        };
        let read = read.or_else(|| self.words.read(&spaced)).filter(known);
        let text = text.trim();
        let Some(read) = read else {
            let names = choices.iter().map(|(_, name)| name.as_str());
            let hint = match nearest(text, names) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("it is {}", self.range_in_words()),
            };
            return Err(format!("“{text}” is no value of {}; {hint}", self.id));
        };
        let [min, _] = self.values.range();
        if (min..=self.end()).contains(&read) {
            return Ok(read);
        }
        Err(format!(
            "{} is {}, not {text}",
            self.id,
            self.range_in_words()
        ))
    }

    /// A plain value as it is written by hand, with its unit and without zeros that say nothing.
    pub fn written(&self, plain: f32) -> String {
        self.short(plain) + self.words.unit()
    }

    /// The same without the unit.
    fn short(&self, plain: f32) -> String {
        let text = self.words.text(plain);
        match self.words {
            Words::Number(_) if text.contains('.') => {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            _ => text,
        }
    }

    /// Its values in words: `0 to 1 (0 to 100 %)`, `Heard, Manual or Blend`.
    pub fn range_in_words(&self) -> String {
        let [min, max] = [self.values.range()[0], self.end()];
        match self.words {
            Words::Number(unit) => {
                let shown = format!("{} to {}", self.short(min), self.written(max));
                match unit.scale {
                    1.0 => shown,
                    _ => format!("{min} to {max} ({shown})"),
                }
            }
            Words::Count(counted) => {
                let (none, word) = counted.none;
                format!("{word}, or {} to {max} {}", none + 1, counted.many)
            }
            Words::Models => "a model that `synopsia models` lists".to_owned(),
            Words::PresetNames => "Nothing, or a preset's name".to_owned(),
            Words::Presets => "Own look, a preset's name, or a place between two".to_owned(),
            Words::Switch | Words::Names { .. } => {
                let choices = self.choices().into_iter();
                let mut names: Vec<String> = choices.map(|(_, name)| name).collect();
                let last = names.pop().unwrap_or_default();
                format!("{} or {last}", names.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, words: &str) {
        let said = text.parse::<Setting>().unwrap_err();
        assert!(said.contains(words), "{text}: {said}");
    }

    #[test]
    fn a_control_is_set_by_its_name_and_a_value_as_people_write_them() {
        for (text, control, plain) in [
            ("trails=0.6", Control::Trails, 0.6),
            ("trails=60%", Control::Trails, 0.6),
            ("Trails = 60,0 %", Control::Trails, 0.6),
            ("saturation=1", Control::Saturation, 1.0),
            ("rotation=45°", Control::Rotation, 45.0),
            ("rotation=\u{2212}45", Control::Rotation, -45.0),
            ("latent-speed=4 bars", Control::LatentSpeed, 4.0),
            ("Latent speed=4", Control::LatentSpeed, 4.0),
            ("latent_speed=0.25", Control::LatentSpeed, 0.25),
            ("palette=ember", Control::Palette, 2.0),
            ("palette=as-painted", Control::Palette, 1.0),
            ("symmetry=6", Control::Symmetry, 6.0),
            ("symmetry=none", Control::Symmetry, 1.0),
            ("loop=8 bars", Control::Loop, 8.0),
            ("loop=1 bar", Control::Loop, 1.0),
            ("loop=12", Control::Loop, 12.0),
            ("loop=off", Control::Loop, 0.0),
            ("places=new", Control::Places, 0.0),
            ("Places=6 places", Control::Places, 6.0),
            ("emotion-source=manual", Control::EmotionSource, 1.0),
            ("emotion-hold=on", Control::HoldEmotion, 1.0),
            ("preset-position=club", Control::PresetPosition, 5.0),
            ("model=1", Control::Model, 0.0),
            ("morph-to=club", Control::MorphTo, 5.0),
            ("morph-to=nothing", Control::MorphTo, 0.0),
        ] {
            assert_eq!(text.parse(), Ok(Setting { control, plain }), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_a_sentence_that_names_the_nearest_right_one() {
        refused("trials=0.6", "no control “trials”; did you mean trails?");
        refused("Latent sped=2", "did you mean latent-speed?");
        refused("variety=1", "`synopsia controls` lists them");
        refused("trails", "as trails=0.6");
        refused("trails=2", "trails is 0 to 1 (0 to 100 %), not 2");
        refused("trails=60", "not 60");
        refused("trails=loud", "“loud” is no value of trails; it is 0 to 1");
        refused("trails=NaN", "no value of trails");
        refused("rotation=270°", "rotation is -180 to 180 deg, not 270°");
        refused("palette=embr", "did you mean Ember?");
        refused("palette=14", "no value of palette");
        refused(
            "symmetry=13",
            "symmetry is none, or 2 to 12 sectors, not 13",
        );
        refused("loop=33", "loop is off, or 1 to 32 bars, not 33");
        refused("loop=-1", "loop is off, or 1 to 32 bars, not -1");
        refused("loop=1.5", "no value of loop; it is off, or 1 to 32 bars");
        refused("places=17", "places is new, or 1 to 16 places, not 17");
        refused("emotion-hold=perhaps", "it is Off or On");
        refused("model=a model that nobody has", "`synopsia models`");
        refused("preset-position=12", "not 12");
        refused("morph-to=Clubb", "did you mean Club?");
        refused("=1", "no control");
    }

    #[test]
    fn every_value_is_read_back_as_it_is_written() {
        for control in Control::ALL {
            let row = control.row();
            for step in 0..=40 {
                let plain = row.values.plain(step as f32 / 40.0);
                if plain > row.end() || row.words.text(plain).starts_with("no ") {
                    continue;
                }
                let text = format!("{}={}", row.id, row.written(plain));
                let read: Setting = text.parse().unwrap();
                assert_eq!(row.written(read.plain), row.written(plain), "{text}");
            }
        }
    }
}
