//! What is true of every control.

use super::*;
use serde_json::Value;
use std::collections::HashSet;

/// A plain value of a control that is not its default.
fn other(control: Control) -> f32 {
    let [min, max] = control.row().values.range();
    let next = if control.is_number() { max } else { min + 1.0 };
    if control.usual() == min { next } else { min }
}

#[test]
fn every_control_says_what_it_is_and_what_it_does() {
    let rows = Control::ALL.map(Control::row);
    for row in rows {
        let id = row.id;
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(!id.is_empty() && id.chars().all(kebab), "“{id}”");
        assert!(row.name.starts_with(char::is_uppercase), "{id}");
        assert!(row.hint.ends_with('.') && row.hint.len() > 15, "{id}");
        let unit = row.words.unit();
        assert!(
            unit.is_empty() || unit.len() > 1 && unit.starts_with(' '),
            "{id}"
        );
    }
    assert_eq!(
        rows.map(|row| row.id).iter().collect::<HashSet<_>>().len(),
        rows.len()
    );
    assert_eq!(
        rows.map(|row| row.name)
            .iter()
            .collect::<HashSet<_>>()
            .len(),
        rows.len()
    );
    assert_eq!(Control::ALL.last(), Some(&Control::Bypass));
}

#[test]
fn every_control_is_found_by_its_id() {
    for control in Control::ALL {
        assert_eq!(Control::by_id(control.row().id), Some(control));
    }
    assert_eq!(Control::by_id("no-such-control"), None);
}

#[test]
fn every_default_is_within_its_range_and_so_is_whatever_is_set() {
    for control in Control::ALL {
        let id = control.row().id;
        let [min, max] = control.row().values.range();
        assert!(min < max && (min..=max).contains(&control.usual()), "{id}");
        assert!(
            (min..=max).contains(&control.row().neutral) || min > 0.0,
            "{id}"
        );
        for wild in [f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, -0.0] {
            let mut all = Snapshot::default();
            control.set(&mut all, wild);
            assert!((min..=max).contains(&control.get(&all)), "{id}: {wild}");
        }
        let mut all = Snapshot::default();
        control.set(&mut all, other(control));
        control.set(&mut all, f32::NAN);
        assert_eq!(all, Snapshot::default(), "{id}: not a number");
    }
}

#[test]
fn each_control_sets_what_it_reads_and_nothing_else() {
    for control in Control::ALL {
        for at in [0.0, 0.25, 0.6, 1.0] {
            let mut all = Snapshot::default();
            control.set_normalised(&mut all, at);
            let plain = control.row().values.plain(at);
            // A palette that is not there yet is the mood's, and such a way of words is none.
            let there = match control {
                Control::Palette => 11.0,
                Control::Words => Lettering::ALL.len() as f32,
                _ => f32::INFINITY,
            };
            if plain < there {
                assert_eq!(control.get(&all), plain, "{}", control.row().id);
            }
            let others = Control::ALL.into_iter().filter(|other| *other != control);
            for other in others {
                assert_eq!(other.get(&all), other.usual(), "{}", other.row().id);
            }
        }
    }
}

#[test]
fn every_text_is_read_back_as_its_value() {
    for control in Control::ALL {
        let row = control.row();
        for step in 0..=200 {
            let plain = row.values.plain(step as f32 / 200.0);
            let text = control.text(plain);
            let read = row.words.read(&text);
            let read = read.unwrap_or_else(|| panic!("{}: {text} is not understood", row.id));
            assert_eq!(control.text(row.values.clamp(read)), text, "{}", row.id);
        }
        assert_eq!(row.words.read("perhaps not"), None, "{}", row.id);
    }
}

#[test]
fn no_field_of_a_look_is_without_a_control() {
    /// The values at the ends of a tree.
    fn leaves(value: &Value, path: &str, found: &mut Vec<(String, Value)>) {
        match value {
            Value::Object(fields) => {
                let fields = fields.iter();
                fields.for_each(|(name, field)| leaves(field, &format!("{path}.{name}"), found));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                items.for_each(|(i, item)| leaves(item, &format!("{path}[{i}]"), found));
            }
            leaf => found.push((path.to_owned(), leaf.clone())),
        }
    }
    let leaves_of = |all: &Snapshot| {
        let mut found = Vec::new();
        leaves(&serde_json::to_value(all.controls).unwrap(), "", &mut found);
        found
    };
    let mut moved = Snapshot::default();
    for control in Control::ALL {
        control.set(&mut moved, other(control));
    }
    let pairs = leaves_of(&Snapshot::default())
        .into_iter()
        .zip(leaves_of(&moved));
    for ((field, usual), (_, moved)) in pairs {
        assert_ne!(usual, moved, "no control moves {field}");
    }
}

#[test]
fn what_is_out_of_range_is_clamped_and_what_is_in_range_stays() {
    let mut wild = Snapshot::default();
    wild.controls.zoom = 9.0;
    wild.controls.trails = f32::NAN;
    wild.controls.steering.manual = [-3.0, 0.125];
    wild.model = 999;
    let clamped = wild.clamped();
    assert_eq!(clamped.controls.zoom, 4.0);
    assert_eq!(clamped.controls.trails, Controls::default().trails);
    assert_eq!(clamped.controls.steering.manual, [-1.0, 0.125]);
    assert_eq!(usize::from(clamped.model), MODELS - 1);
    assert_eq!(clamped, clamped.clamped());
}

#[test]
fn between_two_presets_numbers_lie_between_and_choices_are_the_nearer() {
    let own = Snapshot::default();
    for control in Control::ALL {
        let at = |position: f32| {
            let moved = Snapshot {
                preset: position,
                ..own
            };
            control.get(&Snapshot::from(moved.look()))
        };
        let (a, b) = (at(1.0), at(2.0));
        match control.row().mix {
            Mix::Between => assert!((at(1.25) - (a + 0.25 * (b - a))).abs() < 1e-6),
            Mix::Nearer => assert_eq!([at(1.4), at(1.6)], [a, b], "{}", control.row().id),
            Mix::Own => assert_eq!(at(1.3), control.usual(), "{}", control.row().id),
        }
    }
}

#[test]
fn no_page_of_a_controller_has_more_than_its_eight_knobs() {
    for page in PAGES {
        let count = page.controls().count();
        assert!((1..=8).contains(&count), "{} has {count}", page.name);
    }
}
