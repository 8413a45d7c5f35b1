//! What a message asks for: its address says of what, its value says how much.

use crate::control::{Control, Setting, Snapshot, preset_called};
use crate::live::BeatWish;
use rosc::address::{Matcher, OscAddress};
use rosc::{OscMessage, OscType};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// A control is to stand there.
    Set(Setting),
    /// Whoever sent it wants to know where a control stands.
    Tell(Control),
    Beat(BeatWish),
    NewSeed,
    Seed(u64),
    KeepStill,
}

/// The end of an address under which a control's value lies between 0 and 1.
const NORMALISED: &str = "normalised";

/// Longer addresses are none of ours.
const LONGEST: usize = 256;

/// The address of a control of the instance of that number.
pub(super) fn address(number: u32, control: Control) -> String {
    format!("{}{}", prefix(number), control.row().id)
}

/// What begins the addresses of an instance.
pub(super) fn prefix(number: u32) -> String {
    format!("/synopsia/{number}/")
}

/// What `message` asks of the instance of that number; in a sentence what it says that makes no sense. What is addressed to
/// somebody else asks for nothing.
pub(super) fn of(message: &OscMessage, number: u32) -> Result<Vec<Wish>, String> {
    let address = message.addr.as_str();
    if address.len() > LONGEST {
        return Err("an address is too long".to_owned());
    }
    if address.contains(['*', '?', '[', ']', '{', '}']) {
        return by_pattern(message, number);
    }
    let Some(rest) = address.strip_prefix(&*prefix(number)) else {
        return Ok(Vec::new());
    };
    match rest {
        "tap" => Ok(only_if_pressed(message, Wish::Beat(BeatWish::Tap))),
        "untap" => Ok(only_if_pressed(message, Wish::Beat(BeatWish::Release))),
        "double" => Ok(only_if_pressed(message, Wish::Beat(BeatWish::Double))),
        "halve" => Ok(only_if_pressed(message, Wish::Beat(BeatWish::Halve))),
        "earlier" => Ok(only_if_pressed(message, Wish::Beat(BeatWish::Earlier))),
        "later" => Ok(only_if_pressed(message, Wish::Beat(BeatWish::Later))),
        "still" => Ok(only_if_pressed(message, Wish::KeepStill)),
        "mood" => mood(message),
        "seed" => seed(message),
        "preset" => preset(message),
        rest => {
            let (id, normalised) = match rest.split_once('/') {
                None => (rest, false),
                Some((id, NORMALISED)) => (id, true),
                Some(_) => return Err(format!("{address} is nobody's address")),
            };
            let control = Control::by_id(id);
            let control = control.ok_or_else(|| format!("{address} is nobody's address"))?;
            of_control(message, control, normalised).map(|wish| vec![wish])
        }
    }
}

/// What a pattern asks of every control whose address it fits.
fn by_pattern(message: &OscMessage, number: u32) -> Result<Vec<Wish>, String> {
    let no_pattern = |_| "an address is no pattern that can be understood".to_owned();
    let matcher = Matcher::new(&message.addr).map_err(no_pattern)?;
    let fits = |address: String| {
        let address = OscAddress::new(address);
        address.is_ok_and(|address| matcher.match_address(&address))
    };
    let mut wishes = Vec::new();
    for control in Control::ALL {
        let plain = address(number, control);
        let normalised = format!("{plain}/{NORMALISED}");
        for (address, normalised) in [(plain, false), (normalised, true)] {
            // Asked by a pattern, a control answers once.
            if fits(address) && !(normalised && message.args.is_empty()) {
                wishes.push(of_control(message, control, normalised)?);
            }
        }
    }
    Ok(wishes)
}

fn of_control(message: &OscMessage, control: Control, normalised: bool) -> Result<Wish, String> {
    let no_value = || format!("{} takes one number, or a word", message.addr);
    let number = match message.args.as_slice() {
        [] => return Ok(Wish::Tell(control)),
        [OscType::String(text)] => {
            let setting = format!("{}={text}", control.row().id).parse()?;
            return Ok(Wish::Set(setting));
        }
        [one] => number_of(one).ok_or_else(no_value)?,
        _ => return Err(no_value()),
    };
    let mut all = Snapshot::default();
    if normalised {
        control.set_normalised(&mut all, number.clamp(0.0, 1.0));
    } else {
        control.set(&mut all, number);
    }
    let plain = control.get(&all);
    Ok(Wish::Set(Setting { control, plain }))
}

/// A finite number.
fn number_of(argument: &OscType) -> Option<f32> {
    let number = match argument {
        OscType::Float(x) => *x,
        OscType::Double(x) => *x as f32,
        OscType::Int(x) => *x as f32,
        OscType::Long(x) => *x as f32,
        OscType::Bool(on) => f32::from(*on),
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A button sends 1 when it is pressed and 0 when it is let go; who sends nothing presses.
fn only_if_pressed(message: &OscMessage, wish: Wish) -> Vec<Wish> {
    match message.args.first().map(number_of) {
        Some(Some(0.0)) => Vec::new(),
        _ => vec![wish],
    }
}

/// The performer's own mood as one point, as a pad sends it.
fn mood(message: &OscMessage) -> Result<Vec<Wish>, String> {
    let numbers: Vec<_> = message.args.iter().filter_map(number_of).collect();
    let (2, [valence, arousal]) = (message.args.len(), numbers.as_slice()) else {
        return Err(format!("{} takes valence and arousal", message.addr));
    };
    let pair = [(Control::Valence, *valence), (Control::Arousal, *arousal)];
    let settings = pair.map(|(control, plain)| Setting { control, plain });
    Ok(settings.map(Wish::Set).to_vec())
}

fn seed(message: &OscMessage) -> Result<Vec<Wish>, String> {
    let seed = match message.args.as_slice() {
        // As surfaces send what is pressed and has no value.
        [] | [OscType::Inf] => return Ok(vec![Wish::NewSeed]),
        [OscType::Int(seed)] => u64::try_from(*seed).ok(),
        [OscType::Long(seed)] => u64::try_from(*seed).ok(),
        [one] => number_of(one)
            .filter(|seed| *seed >= 0.0)
            .map(|seed| seed as u64),
        _ => None,
    };
    let seed = seed.ok_or_else(|| format!("{} takes a whole number", message.addr))?;
    Ok(vec![Wish::Seed(seed)])
}

fn preset(message: &OscMessage) -> Result<Vec<Wish>, String> {
    let [OscType::String(name)] = message.args.as_slice() else {
        return Err(format!("{} takes a preset's name", message.addr));
    };
    let preset = preset_called(name).ok_or_else(|| format!("there is no preset “{name}”"))?;
    Ok(preset.settings().into_iter().map(Wish::Set).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::presets;

    fn wish(address: &str, args: Vec<OscType>) -> Result<Vec<Wish>, String> {
        let addr = address.to_owned();
        of(&OscMessage { addr, args }, 1)
    }

    fn set(control: Control, plain: f32) -> Vec<Wish> {
        vec![Wish::Set(Setting { control, plain })]
    }

    #[test]
    fn a_control_takes_numbers_of_every_kind_words_and_shares_of_its_range() {
        let trails = "/synopsia/1/trails";
        for half in [
            OscType::Float(0.5),
            OscType::Double(0.5),
            "50 %".to_owned().into(),
        ] {
            assert_eq!(wish(trails, vec![half]), Ok(set(Control::Trails, 0.5)));
        }
        let over = wish(trails, vec![OscType::Float(7.0)]);
        assert_eq!(over, Ok(set(Control::Trails, 1.0)), "within its range");
        let blackout = "/synopsia/1/blackout";
        for on in [OscType::Bool(true), OscType::Int(1), OscType::Long(1)] {
            assert_eq!(wish(blackout, vec![on]), Ok(set(Control::Blackout, 1.0)));
        }
        let rotation = wish(
            "/synopsia/1/rotation/normalised",
            vec![OscType::Float(0.75)],
        );
        assert_eq!(rotation, Ok(set(Control::Rotation, 90.0)));
        let palette = wish("/synopsia/1/palette", vec!["ember".to_owned().into()]);
        assert!(matches!(palette.as_deref(), Ok([Wish::Set(_)])));
        assert_eq!(wish(trails, vec![]), Ok(vec![Wish::Tell(Control::Trails)]));
    }

    #[test]
    fn what_makes_no_sense_is_told_and_what_is_somebody_else_s_is_left() {
        let float = |x: f32| vec![OscType::Float(x)];
        for (address, args) in [
            ("/synopsia/1/trials", float(0.5)),
            ("/synopsia/1/trails", float(f32::NAN)),
            ("/synopsia/1/trails", [float(0.1), float(0.2)].concat()),
            ("/synopsia/1/trails/below", float(0.5)),
            (
                "/synopsia/1/palette",
                vec!["no such palette".to_owned().into()],
            ),
            ("/synopsia/1/seed", float(-3.0)),
            ("/synopsia/1/preset", float(3.0)),
            ("/synopsia/1/[", float(3.0)),
        ] {
            let said = wish(address, args.clone());
            assert!(said.is_err(), "{address} {args:?}: {said:?}");
        }
        for address in [
            "/synopsia/2/trails",
            "/other/1/trails",
            "/synopsia/11/trails",
            "/",
        ] {
            assert_eq!(wish(address, float(0.5)), Ok(vec![]), "{address}");
        }
    }

    #[test]
    fn a_pattern_reaches_every_control_that_it_fits_and_presses_no_button() {
        let all = wish("/synopsia/*/*", vec![]).unwrap();
        assert_eq!(all.len(), Control::ALL.into_iter().count());
        assert!(all.iter().all(|wish| matches!(wish, Wish::Tell(_))));
        let some = wish("/synopsia/1/{trails,brush}", vec![OscType::Float(0.25)]);
        let expected = [set(Control::Trails, 0.25), set(Control::Brush, 0.25)].concat();
        assert_eq!(some, Ok(expected));
    }

    #[test]
    fn buttons_count_when_they_are_pressed_and_presets_are_their_controls() {
        let point = vec![OscType::Float(-0.5), OscType::Float(0.25)];
        let mood = [set(Control::Valence, -0.5), set(Control::Arousal, 0.25)].concat();
        assert_eq!(wish("/synopsia/1/mood", point), Ok(mood));
        assert!(wish("/synopsia/1/mood", vec![OscType::Float(0.5)]).is_err());
        assert_eq!(
            wish("/synopsia/1/tap", vec![]),
            Ok(vec![Wish::Beat(BeatWish::Tap)])
        );
        let tap = |x: f32| wish("/synopsia/1/tap", vec![OscType::Float(x)]);
        assert_eq!(
            [tap(1.0), tap(0.0)],
            [Ok(vec![Wish::Beat(BeatWish::Tap)]), Ok(vec![])]
        );
        let seed = wish("/synopsia/1/seed", vec![OscType::Int(7)]);
        assert_eq!(seed, Ok(vec![Wish::Seed(7)]));
        let preset = &presets()[1];
        let wishes = wish("/synopsia/1/preset", vec![preset.name.clone().into()]).unwrap();
        let mut all = Snapshot::default();
        for wish in wishes {
            let Wish::Set(setting) = wish else {
                panic!("{wish:?}");
            };
            setting.apply(&mut all);
        }
        assert_eq!(all.look(), preset.look);
    }
}
