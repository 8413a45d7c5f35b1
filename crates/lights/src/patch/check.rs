//! Whether lamps fit beside one another.

use super::lamps::{Patch, SLOTS};
use std::collections::HashMap;

/// More lamps are a mistake.
const MOST: usize = 4096;

impl Patch {
    /// # Errors
    /// In a sentence, when there is no lamp, one does not fit into its universe, or two have a channel in common.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.lamps.is_empty() {
            return Err("it has no lamps".to_owned());
        }
        if self.lamps.len() > MOST {
            return Err(format!(
                "it has {} lamps, more than {MOST}",
                self.lamps.len()
            ));
        }
        let mut taken: HashMap<(u16, usize), &str> = HashMap::new();
        for lamp in &self.lamps {
            let (name, universe, address) = (&lamp.name, lamp.universe, lamp.address);
            let count = lamp.channels.len();
            if lamp.end() > usize::from(SLOTS) {
                return Err(format!(
                    "{name}: its {count} channels from address {address} on would go to {}, and a universe ends at {SLOTS}",
                    lamp.end()
                ));
            }
            for slot in usize::from(address) - 1..lamp.end() {
                if let Some(other) = taken.insert((universe, slot), name) {
                    return Err(format!(
                        "{other} and {name} both have address {} of universe {universe}; {name} has {count} channels from {address} on",
                        slot + 1
                    ));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Part;
    use crate::patch::lamps::{Channel, Shows};

    /// A patch with one lamp that has `more` beside what each needs.
    fn one(more: &str) -> String {
        format!(
            r#"{{"lamps": [{{"universe": 1, "address": 1, "channels": "rgb", "shows": "left"{more}}}]}}"#
        )
    }

    fn fault(text: &str) -> String {
        let why = Patch::read(text, "tour.json").expect_err(text);
        let (start, why) = why.split_once(": ").unwrap();
        assert_eq!(start, "tour.json cannot be used as a patch");
        why.to_owned()
    }

    #[test]
    fn without_a_patch_there_are_four_lamps_of_three_channels() {
        let patch = Patch::usual().unwrap();
        let places = patch
            .lamps
            .iter()
            .map(|lamp| (lamp.universe, lamp.address, lamp.channels.len()));
        assert_eq!(
            places.collect::<Vec<_>>(),
            [(1, 1, 3), (1, 4, 3), (1, 7, 3), (1, 10, 3)]
        );
        assert_eq!(
            (patch.rate, patch.priority, patch.port(1)),
            (40.0, 100, Some(1))
        );
    }

    fn are_told(mistakes: &[(String, &str)]) {
        for (text, expected) in mistakes {
            let why = fault(text);
            assert!(
                why.contains(expected),
                "{text}\nsays: {why}\nnot: {expected}"
            );
        }
    }

    #[test]
    fn lamps_that_do_not_fit_are_told_by_name_with_the_addresses() {
        let par = |place: &str| {
            let wash = r#"{"name": "wash", "universe": 1, "address": 5, "channels": "rgbw", "shows": "mood"}"#;
            format!(
                r#"{{"lamps": [{wash}, {{"name": "par", {place}, "channels": "rgb", "shows": "beat"}}]}}"#
            )
        };
        are_told(&[
            (
                par(r#""universe": 1, "address": 8"#),
                "wash and par both have address 8 of universe 1; par has 3 channels from 8 on",
            ),
            (
                par(r#""universe": 1, "address": 3"#),
                "wash and par both have address 5",
            ),
            (
                par(r#""universe": 2, "address": 511"#),
                "par: its 3 channels from address 511 on would go to 513, and a universe ends at 512",
            ),
            (
                par(r#""universe": 2, "address": 513"#),
                "par: address 513 is none, they go from 1 to 512",
            ),
            (
                par(r#""universe": 2, "address": 0"#),
                "par: address 0 is none",
            ),
            (
                par(r#""universe": 0, "address": 1"#),
                "par: universe 0 is none, they go from 1 to 63999",
            ),
            (
                par(r#""universe": 64000, "address": 1"#),
                "par: universe 64000 is none",
            ),
            (
                par(r#""universe": -1, "address": 1"#),
                "par: universe -1 is none",
            ),
        ]);
    }

    #[test]
    fn words_that_nobody_knows_are_told_with_those_that_there_are() {
        let shows = |what: &str| one("").replace(r#""left""#, what);
        let channels = |what: &str| one("").replace(r#""rgb""#, what);
        are_told(&[
            (
                one(r#", "adress": 3"#),
                "unknown field `adress`, expected one of `name`, `universe`, `address`",
            ),
            (
                r#"{"lamps": [], "speed": 3}"#.to_owned(),
                "unknown field `speed`",
            ),
            (r#"{"lamps": []}"#.to_owned(), "it has no lamps"),
            ("[1, 2]".to_owned(), "invalid"),
            (
                shows(r#""sideways""#),
                "lamp 1: \"sideways\" is nothing that could be shown",
            ),
            (
                shows(r#"{"palette": 4}"#),
                "lamp 1: {\"palette\":4} is nothing that could be shown",
            ),
            (shows(r#"{"band": 0}"#), "is nothing that could be shown"),
            (
                shows(r#"{"region": [0.5, 0, 0.2, 1]}"#),
                "lamp 1: the region [0.5,0,0.2,1] is none",
            ),
            (
                shows(r#"{"region": [0, 0, 1]}"#),
                "the region [0,0,1] is none",
            ),
            (
                shows(r#""beat", "colour": "red""#),
                "\"red\" is no colour: \"#ff8000\" is orange",
            ),
            (
                one(r##", "colour": "#ff0000""##),
                "what it shows (\"left\") has a colour already",
            ),
            (
                channels(r#""rgx""#),
                "lamp 1: x in the channels \"rgx\" is none: they are r, g, b, w, a and d",
            ),
            (channels(r#""rgr""#), "its channel red is there twice"),
            (
                channels(r#""""#),
                "it has no channel that could show anything",
            ),
            (
                channels(r#"[0, 255]"#),
                "it has no channel that could show anything",
            ),
            (channels(r#"["red", 256]"#), "256 is no channel"),
            (channels(r#"["red", "strobe"]"#), "\"strobe\" is no channel"),
            (
                channels(r#"["red", "blue fine"]"#),
                "its channel \"blue fine\" needs one called \"blue\"",
            ),
        ]);
    }

    #[test]
    fn numbers_out_of_range_are_told_with_the_range() {
        let top = |what: &str| one("").replace("]}", &format!("], {what}}}"));
        are_told(&[
            (one(r#", "bits": 12"#), "bits are 8 or 16 a channel, not 12"),
            (
                one(r#", "gamma": 9"#),
                "lamp 1: its gamma is from 0.25 to 4, not 9",
            ),
            (
                one(r#", "range": [0, 1.5]"#),
                "its range is from 0 to 1, not 1.5",
            ),
            (
                one(r#", "release_ms": -3"#),
                "its release_ms is from 0 to 60000, not -3",
            ),
            (top(r#""rate": 100"#), "the rate is from 1 to 44, not 100"),
            (
                top(r#""priority": 201"#),
                "the priority is from 0 to 200, not 201",
            ),
            (top(r#""end": "bright""#), "\"bright\" is no end"),
            (top(r#""from": "here""#), "invalid IPv4"),
        ]);
    }

    #[test]
    fn files_cut_anywhere_are_told_in_a_sentence() {
        let whole = one(r#", "range": [0.1, 0.9]"#);
        for end in 0..whole.len() {
            fault(&whole[..end]);
        }
        fault(&"[".repeat(100_000));
        fault(&" ".repeat(2 << 20));
    }

    #[test]
    fn channels_are_letters_or_a_list_with_fixed_ones_and_second_bytes() {
        let channels = |written: &str, more: &str| {
            let text = one(more).replace(r#""rgb""#, written);
            Patch::read(&text, "it").unwrap().lamps.remove(0).channels
        };
        use Channel::{Coarse, Fine, Fixed};
        use Part::{Amber, Blue, Dimmer, Green, Red, White};
        assert_eq!(
            channels(r#""drgbaw""#, ""),
            [Dimmer, Red, Green, Blue, Amber, White].map(Coarse)
        );
        let wide = channels(r#""rw""#, r#", "bits": 16"#);
        assert_eq!(wide, [Coarse(Red), Fine(Red), Coarse(White), Fine(White)]);
        let list = channels(r#"["blue", 255, "dimmer", 0, "dimmer fine"]"#, "");
        assert_eq!(
            list,
            [
                Coarse(Blue),
                Fixed(255),
                Coarse(Dimmer),
                Fixed(0),
                Fine(Dimmer)
            ]
        );
    }

    #[test]
    fn what_all_lamps_share_is_said_once_and_the_lower_limit_counts() {
        let text = r#"{"attack_ms": 10, "max": 0.5, "gamma": 2.2, "lamps": [
            {"universe": 1, "address": 1, "channels": "d", "shows": {"band": 8}, "max": 0.8},
            {"universe": 1, "address": 512, "channels": "d", "shows": {"region": [0, 0, 0.5, 1]}, "attack_ms": 90, "max": 0.2}]}"#;
        let patch = Patch::read(text, "it").unwrap();
        let both = patch
            .lamps
            .iter()
            .map(|lamp| (lamp.attack, lamp.max, lamp.gamma));
        assert_eq!(
            both.collect::<Vec<_>>(),
            [(0.01, 0.5, 2.2), (0.09, 0.2, 2.2)]
        );
        assert_eq!(patch.lamps[1].shows, Shows::Region([0.0, 0.0, 0.5, 1.0]));
    }

    #[test]
    fn universes_that_art_net_does_not_have_have_no_port() {
        let with = |first: u16| Patch {
            first_port: first,
            ..Patch::usual().unwrap()
        };
        assert_eq!(
            [with(0).port(1), with(1).port(32_767)],
            [Some(0), Some(32_767)]
        );
        assert_eq!([with(1).port(32_768), with(0).port(63_999)], [None, None]);
        assert_eq!(with(32_767).port(63_999), None);
    }
}
