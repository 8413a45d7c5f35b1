//! `synopsia controls`: what can be turned.

use super::terminal::{Failure, print};
use crate::control::{Control, Curve, Group, Mix, Row, Setting, Values};
use clap::builder::{PossibleValue, TypedValueParser};
use serde_json::{Value, json};
use std::ffi::OsStr;

/// List the controls.
///
/// `synopsia render --set NAME=VALUE` sets one for a film, hosts automate them, and a script may read
/// them with --json.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// As JSON, with plain values.
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// As the page docs/controls.md.
    #[arg(long, hide = true)]
    markdown: bool,
}

/// Lists the controls as `options` say.
pub fn run(options: &Options) -> Result<(), Failure> {
    print(match options {
        Options { json: true, .. } => format!("{:#}\n", list()),
        Options { markdown: true, .. } => page(),
        _ => table(),
    });
    Ok(())
}

/// What a control's values are called.
fn unit(row: &Row) -> &'static str {
    row.words.unit().trim()
}

/// Cells in columns as wide as the widest of each; the last is not filled up.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(widths);
        let line: Vec<String> = cells.map(|(cell, wide)| format!("{cell:wide$}")).collect();
        line.join("  ").trim_end().to_owned() + "\n"
    });
    lines.collect()
}

fn table() -> String {
    let heads = [
        "id",
        "name",
        "group",
        "unit",
        "default",
        "what it does",
        "values",
    ];
    let rows = Control::ALL.map(|control| {
        let row = control.row();
        [
            row.id,
            row.name,
            row.group.name(),
            unit(row),
            &row.written(control.usual()),
            row.hint,
            &row.range_in_words(),
        ]
        .map(str::to_owned)
    });
    let rows: Vec<_> = [heads.map(str::to_owned)].into_iter().chain(rows).collect();
    columns(&rows)
        + "\nA number without a unit is the plain value: trails=0.6 is trails=60%, and rotation=45 is \
           rotation=45°.\n"
}

fn list() -> Value {
    let controls = Control::ALL.map(|control| {
        let row = control.row();
        let [min, max] = row.values.range();
        let choices = row.choices();
        let (kind, step, curve) = match row.values {
            Values::Numbers { step, curve, .. } => ("number", rounded(step), Some(curve)),
            Values::Whole { .. } if choices.is_empty() => ("whole", json!(1), None),
            Values::Whole { .. } | Values::Named { .. } => ("choice", json!(1), None),
            Values::Switch => ("switch", json!(1), None),
        };
        let curve = curve.map(|curve| match curve {
            Curve::Linear => "linear",
            Curve::FineAtStart => "fine-at-start",
        });
        let choices = choices.into_iter();
        let choices = choices.map(|(value, name)| json!({"value": value, "name": name}));
        json!({
            "id": row.id,
            "name": row.name,
            "group": row.group.name(),
            "kind": kind,
            "min": rounded(min),
            "max": rounded(max),
            "default": rounded(control.usual()),
            "step": step,
            "curve": curve,
            "unit": unit(row),
            "choices": choices.collect::<Vec<_>>(),
            "between-presets": mix(row.mix),
            "hint": row.hint,
        })
    });
    json!(controls.to_vec())
}

/// A number without the digits that binary fractions bring.
fn rounded(value: f32) -> Value {
    json!((f64::from(value) * 1e4).round() / 1e4)
}

fn mix(mix: Mix) -> &'static str {
    match mix {
        Mix::Between => "between",
        Mix::Nearer => "nearer",
        Mix::Own => "own",
    }
}

fn page() -> String {
    let mut text = "\
# Controls

Everything that can be turned, automated and set. Hosts show the name; projects, scripts and
`synopsia render --set ID=VALUE` use the id. Values are written as a host shows them (`60%`, `45°`,
`ember`); a number without a unit is the plain value (`trails=0.6` is `60 %`).

Between two presets a control lies *between* both, is as in the *nearer* one, or stays your *own*,
since no preset says anything of it.

This page is written by `cargo run -- controls --markdown > docs/controls.md`, from
`crates/scene/src/control/table.rs`; a test says when it is stale.
"
    .to_owned();
    for group in [
        Group::Emotion,
        Group::Model,
        Group::Motion,
        Group::Form,
        Group::Picture,
        Group::Words,
        Group::Stage,
    ] {
        text += &format!("\n## {}\n\n", group.name());
        text += "| id | name | values | default | between presets | what it does |\n";
        text += "|---|---|---|---|---|---|\n";
        for control in group.controls() {
            let row = control.row();
            let default = match control {
                // Which models there are is the machine's matter.
                Control::Model => "the first".to_owned(),
                Control::BlendWith => "the second".to_owned(),
                _ => row.written(control.usual()),
            };
            let (id, name, values) = (row.id, row.name, row.range_in_words());
            let (mix, hint) = (mix(row.mix), row.hint);
            text += &format!("| `{id}` | {name} | {values} | {default} | {mix} | {hint} |\n");
        }
    }
    text
}

/// Reads a [`Setting`], and knows the controls' names for shells that complete them.
#[derive(Clone, Copy, Debug)]
pub struct SettingParser;

impl TypedValueParser for SettingParser {
    type Value = Setting;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Setting, clap::Error> {
        let read = |text: &str| text.parse::<Setting>();
        read.parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let named = |control: Control| {
            let row = control.row();
            PossibleValue::new(row.id).help(row.hint)
        };
        Some(Box::new(Control::ALL.into_iter().map(named)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_all_of_every_control() {
        let Value::Array(controls) = list() else {
            panic!("no list");
        };
        assert_eq!(controls.len(), Control::ALL.len());
        for control in &controls {
            for field in [
                "id", "name", "group", "unit", "hint", "min", "max", "default",
            ] {
                assert!(!control[field].is_null(), "{control}: {field}");
            }
        }
        assert_eq!(controls[Control::Trails as usize]["default"], 0.35);
    }

    #[test]
    fn columns_stand_under_each_other() {
        let cells = [["a", "wide", "x"], ["long", "b", "y"]];
        let cells = cells.map(|row| row.map(str::to_owned));
        assert_eq!(columns(&cells), "a     wide  x\nlong  b     y\n");
    }
}
