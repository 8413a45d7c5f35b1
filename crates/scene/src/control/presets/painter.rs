//! Who paints a preset.

use crate::control::{Control, Setting, Snapshot, model_index, model_name};

/// A model, and another look of its family that is mixed into its own.
#[derive(Clone, Debug, PartialEq)]
pub struct PresetPainter {
    /// By its name, as `synopsia models` lists it.
    pub model: String,
    /// The other look's name, and how much of it: 0 none, 1 nothing else.
    pub with: Option<(String, f32)>,
}

impl PresetPainter {
    /// Who paints where controls stand so; none where a model has no name any more.
    pub fn of(all: &Snapshot) -> Option<Self> {
        let with = model_name(all.blend_with.into()).filter(|_| all.blend > 0.0);
        Some(Self {
            model: model_name(all.model.into())?,
            with: with.map(|name| (name, all.blend)),
        })
    }

    /// The controls that choose it; of a model that there is not none is set.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let place = |name: &str| model_index(name).map(|place| place as f32);
        let Some(model) = place(&self.model) else {
            return Vec::new();
        };
        let with = self.with.as_ref();
        let with = with.and_then(|(name, amount)| Some((place(name)?, *amount)));
        let amount = with.map_or(0.0, |(_, amount)| amount);
        let set = |control, plain| Setting { control, plain };
        let mut settings = vec![
            set(Control::Model, model),
            set(Control::BlendAmount, amount),
        ];
        settings.extend(with.map(|(place, _)| set(Control::BlendWith, place)));
        settings
    }

    /// The name of what is not among the models.
    pub(super) fn missing(&self) -> Option<&str> {
        let names = [Some(&self.model), self.with.as_ref().map(|(name, _)| name)];
        let mut names = names.into_iter().flatten();
        names
            .find(|name| model_index(name).is_none())
            .map(String::as_str)
    }

    /// What a film is painted with, as `--model` takes it: `ink`, `ink:60+aurora:40`.
    pub fn in_parts(&self) -> String {
        match &self.with {
            None => self.model.clone(),
            Some((with, amount)) => {
                let percent = (100.0 * amount).round() as u32;
                format!("{}:{}+{with}:{percent}", self.model, 100 - percent.min(100))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gan::Catalog;

    #[test]
    fn a_painter_is_set_and_read_back_and_one_that_is_missing_is_left_alone() {
        let [first, second] = [0, 1].map(|place| Catalog::built_in()[place].clone());
        let painter = PresetPainter {
            model: second.clone(),
            with: Some((first, 0.25)),
        };
        let mut all = Snapshot::default();
        painter
            .settings()
            .iter()
            .for_each(|set| set.apply(&mut all));
        assert_eq!(PresetPainter::of(&all), Some(painter.clone()));
        assert_eq!(painter.missing(), None);
        let gone = PresetPainter {
            model: "a model that nobody has".to_owned(),
            with: None,
        };
        assert_eq!(gone.settings(), []);
        assert_eq!(gone.missing(), Some("a model that nobody has"));
        // Without what is mixed in, the look is the model's own.
        let half = PresetPainter {
            with: Some((gone.model.clone(), 0.5)),
            ..painter
        };
        half.settings().iter().for_each(|set| set.apply(&mut all));
        let alone = PresetPainter {
            model: second,
            with: None,
        };
        assert_eq!(PresetPainter::of(&all), Some(alone));
        assert_eq!(half.missing(), gone.missing());
    }

    #[test]
    fn a_painter_is_said_in_parts_as_films_take_it() {
        let look = |with: Option<(&str, f32)>| PresetPainter {
            model: "ink".to_owned(),
            with: with.map(|(name, amount)| (name.to_owned(), amount)),
        };
        assert_eq!(look(None).in_parts(), "ink");
        for amount in [0.4, 1.0] {
            let parts = look(Some(("aurora", amount))).in_parts();
            assert!(Catalog::default().find(&parts).is_ok(), "{parts}");
        }
    }
}
