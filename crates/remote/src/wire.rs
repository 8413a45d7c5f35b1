//! What the page and the stage say to each other: JSON objects.
//!
//! The page says `set` (shares of the range) and `plain` (plain values) by the ids of controls, `pad` (a point, or null when it
//! is let go), `press`, `preset`, and `ack` for the last number that it was told. It is told `hello` once; then objects with
//! a number `n` and what is new; `presets`, where others are there; and `no`, a sentence, where something was wished in vain.

use crate::stage::{Amount, Button, ControlInfo, Heard, PresetInfo, Stage, Wish, Worded};
use serde_json::{Map, Value, json};

/// What a page says in one message.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    pub wishes: Vec<Wish>,
    /// The pad is held at a point, or let go.
    pub pad: Option<Option<[f32; 2]>>,
    /// The number of what it has been told.
    pub ack: Option<u64>,
}

/// Reads what a page says; in a sentence what makes no sense.
pub(crate) fn read(text: &str, controls: &[ControlInfo]) -> Result<Said, String> {
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return Err("what was sent is no JSON object".to_owned());
    };
    let mut said = Said::default();
    for (key, value) in object {
        match key.as_str() {
            "set" => said
                .wishes
                .extend(amounts(&value, controls, Amount::Share)?),
            "plain" => said
                .wishes
                .extend(amounts(&value, controls, Amount::Plain)?),
            "pad" => said.pad = Some(point(&value)?),
            "press" => {
                let called = |button: &Button| value.as_str() == Some(button.word());
                let button = Button::ALL.into_iter().find(called);
                said.wishes
                    .push(Wish::Press(button.ok_or("there is no such button")?));
            }
            "preset" => {
                let name = value.as_str().ok_or("a preset is loaded by its name")?;
                said.wishes.push(Wish::Preset(name.to_owned()));
            }
            "ack" => said.ack = value.as_u64(),
            // What a newer page says beside that.
            _ => {}
        }
    }
    Ok(said)
}

fn amounts(
    value: &Value,
    controls: &[ControlInfo],
    amount: fn(f32) -> Amount,
) -> Result<Vec<Wish>, String> {
    let pairs = value.as_object().ok_or("controls are set by their ids")?;
    let wish = |(id, value): (&String, &Value)| {
        let control = controls.iter().position(|control| control.id == *id);
        let control = control.ok_or_else(|| format!("there is no control “{id}”"))?;
        let value = number(value).ok_or_else(|| format!("{id} takes a number"))?;
        Ok(Wish::Set(control, amount(value)))
    };
    pairs.iter().map(wish).collect()
}

fn number(value: &Value) -> Option<f32> {
    let number = value.as_f64()? as f32;
    number.is_finite().then_some(number)
}

fn point(value: &Value) -> Result<Option<[f32; 2]>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let numbers: Vec<_> = value.as_array().into_iter().flatten().map(number).collect();
    match numbers.as_slice() {
        [Some(valence), Some(arousal)] => Ok(Some([*valence, *arousal])),
        _ => Err("the pad is held at a valence and an arousal".to_owned()),
    }
}

/// With as many digits as are seen.
fn short(value: f32) -> Value {
    json!((f64::from(value) * 1e4).round() / 1e4)
}

fn shorts(values: &[f32]) -> Value {
    values.iter().copied().map(short).collect()
}

/// What is told first.
pub(crate) fn hello(stage: &dyn Stage, controls: &[ControlInfo]) -> Value {
    let control = |info: &ControlInfo| {
        let choices = info.choices.iter();
        json!({
            "id": info.id,
            "name": info.name,
            "group": info.group,
            "hint": info.hint,
            "kind": info.kind.word(),
            "min": short(info.min),
            "max": short(info.max),
            "default": short(info.default),
            "choices": choices.map(|(plain, name)| json!([short(*plain), name])).collect::<Value>(),
            "favourite": info.is_favourite,
        })
    };
    let classes = stage.classes().into_iter();
    let class = |(name, at): (String, [f32; 2])| json!([name, short(at[0]), short(at[1])]);
    json!({
        "hello": stage.name(),
        "controls": controls.iter().map(control).collect::<Value>(),
        "classes": classes.map(class).collect::<Value>(),
    })
}

/// Which presets there are.
pub(crate) fn presets(presets: &[PresetInfo]) -> Value {
    let preset = |preset: &PresetInfo| json!([preset.name, preset.tags]);
    json!({ "presets": presets.iter().map(preset).collect::<Value>() })
}

/// What is new: controls that have been moved, and what is heard.
pub(crate) fn news(
    number: u64,
    moved: impl Iterator<Item = (String, f32, Worded)>,
    heard: Option<&Heard>,
    guests: usize,
) -> Value {
    let moved = moved
        .map(|(id, plain, worded)| (id, json!([short(worded.share), worded.text, short(plain)])));
    let moved: Map<_, _> = moved.collect();
    json!({
        "n": number,
        "set": moved,
        "heard": heard.map(told),
        "guests": guests,
    })
}

fn told(heard: &Heard) -> Value {
    json!({
        "mood": shorts(&heard.heard),
        "shown": shorts(&heard.shown),
        "certainty": short(heard.certainty),
        "classes": shorts(&heard.classes),
        "tempo": (heard.tempo * 10.0).round() / 10.0,
        "from": heard.tempo_from,
        "beat": heard.beat,
        "bands": shorts(&heard.bands),
        "section": heard.section,
        "held": heard.flashes_held,
        "problem": heard.problem,
    })
}

/// That something was wished in vain.
pub(crate) fn no(why: &str) -> Value {
    json!({ "no": why })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::Kind;

    fn controls() -> Vec<ControlInfo> {
        let control = |id: &str| ControlInfo {
            id: id.to_owned(),
            name: String::new(),
            group: String::new(),
            hint: String::new(),
            in_words: String::new(),
            kind: Kind::Number,
            min: 0.0,
            max: 1.0,
            default: 0.5,
            choices: Vec::new(),
            is_favourite: false,
        };
        vec![control("trails"), control("palette")]
    }

    #[test]
    fn a_message_may_say_several_things() {
        let text = r#"{"set":{"trails":0.25},"plain":{"palette":3},"pad":[0.5,-1],"press":"tap",
                       "preset":"Club","ack":7,"what a newer page says":[]}"#;
        let said = read(text, &controls()).unwrap();
        for wish in [
            Wish::Set(0, Amount::Share(0.25)),
            Wish::Set(1, Amount::Plain(3.0)),
            Wish::Press(Button::Tap),
            Wish::Preset("Club".to_owned()),
        ] {
            assert!(said.wishes.contains(&wish), "{wish:?}");
        }
        assert_eq!(said.pad, Some(Some([0.5, -1.0])));
        assert_eq!(said.ack, Some(7));
        let let_go = read(r#"{"pad":null}"#, &controls()).unwrap();
        assert_eq!(let_go.pad, Some(None));
        assert_eq!(read("{}", &controls()), Ok(Said::default()));
    }

    #[test]
    fn what_makes_no_sense_is_said_in_a_sentence() {
        let deep = format!("{}1{}", "[".repeat(2000), "]".repeat(2000));
        for text in [
            "",
            "[]",
            "{",
            &deep,
            r#"{"set":{"trials":0.5}}"#,
            r#"{"set":{"trails":"0.5"}}"#,
            r#"{"set":{"trails":1e300}}"#,
            r#"{"set":[1]}"#,
            r#"{"pad":[1]}"#,
            r#"{"pad":[1,2,3]}"#,
            r#"{"pad":"held"}"#,
            r#"{"press":"everything"}"#,
            r#"{"preset":5}"#,
        ] {
            assert!(read(text, &controls()).is_err(), "{text}");
        }
    }
}
