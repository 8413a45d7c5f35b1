//! Which presets somebody looks for.

use super::preset::Preset;
use super::shelf::Shelf;

/// Among which presets is looked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Among {
    #[default]
    All,
    Favourites,
    /// Those that were used last, the last one first.
    Recent,
    /// The user's own.
    Own,
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Words that each are, or begin, or are part of, a word of a preset's name, tags or painter.
    pub text: String,
    /// The tag that it has; none for any.
    pub tag: Option<String>,
    pub among: Among,
}

/// Tags of how much moves, from none to all: these are told first.
pub(super) const MOTION: [&str; 4] = ["still", "gentle", "driving", "wild"];

/// How well a word fits a preset: 0 as a part of anything, up to 3 where its name begins so; none where not at all.
fn fit(word: &str, preset: &Preset) -> Option<u8> {
    let name = preset.name.to_lowercase();
    let painter = preset.painter.iter();
    let painter = painter.flat_map(|painter| {
        let with = painter.with.iter().map(|(name, _)| name);
        with.chain([&painter.model])
    });
    let begins = |text: &str| text.split_whitespace().any(|part| part.starts_with(word));
    if name.starts_with(word) {
        Some(3)
    } else if begins(&name) {
        Some(2)
    } else if preset.tags.iter().any(|tag| begins(tag)) {
        Some(1)
    } else {
        let mut words = preset.tags.iter().chain(painter);
        let part = name.contains(word) || words.any(|text| text.to_lowercase().contains(word));
        part.then_some(0)
    }
}

/// The places in `presets` of those that are looked for: the best first, and as they stand among equals.
pub fn search(presets: &[Preset], shelf: &Shelf, query: &Query) -> Vec<usize> {
    let all = || 0..presets.len();
    let places: Vec<usize> = match query.among {
        Among::All => all().collect(),
        Among::Own => all().filter(|i| presets[*i].path.is_some()).collect(),
        Among::Favourites => all()
            .filter(|i| shelf.favourites.contains(&presets[*i].name))
            .collect(),
        Among::Recent => {
            let place = |name: &String| all().find(|i| presets[*i].name == *name);
            shelf.recent.iter().filter_map(place).collect()
        }
    };
    let text = query.text.to_lowercase();
    let fit = |place: usize| {
        let preset = &presets[place];
        let has_tag = |tag| preset.tags.contains(tag);
        query.tag.as_ref().is_none_or(has_tag).then_some(())?;
        let words = text.split_whitespace();
        words.map(|word| fit(word, preset)).sum::<Option<u8>>()
    };
    let mut found: Vec<(usize, u8)> = places
        .into_iter()
        .filter_map(|place| Some((place, fit(place)?)))
        .collect();
    found.sort_by_key(|(_, fit)| std::cmp::Reverse(*fit));
    found.into_iter().map(|(place, _)| place).collect()
}

/// The tags of presets: those of how much moves, then the others, those of most presets first.
pub fn ranked_tags(presets: &[Preset]) -> Vec<String> {
    let mut counted: Vec<(&String, usize)> = Vec::new();
    for tag in presets.iter().flat_map(|preset| &preset.tags) {
        match counted.iter_mut().find(|(known, _)| *known == tag) {
            Some((_, count)) => *count += 1,
            None => counted.push((tag, 1)),
        }
    }
    let motion = |tag: &str| MOTION.iter().position(|known| *known == tag);
    counted.sort_by_key(|(tag, count)| {
        let place = motion(tag).unwrap_or(MOTION.len());
        (place, std::cmp::Reverse(*count), *tag)
    });
    counted.into_iter().map(|(tag, _)| tag.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn preset(name: &str, tags: &str, model: &str) -> Preset {
        let tags: Vec<&str> = tags.split_whitespace().collect();
        let text = serde_json::json!({"name": name, "tags": tags, "controls": {"model": model}});
        file::read(&text.to_string(), "").unwrap()
    }

    fn presets() -> Vec<Preset> {
        vec![
            preset("Candlelight", "still warm", "flames"),
            preset("Blue hour", "gentle cold", "ink"),
            preset("Night light", "still dark", "ink"),
            preset("Acid", "wild", "marbling"),
        ]
    }

    fn found(query: &Query, shelf: &Shelf) -> Vec<String> {
        let presets = presets();
        let found = search(&presets, shelf, query).into_iter();
        found.map(|place| presets[place].name.clone()).collect()
    }

    #[test]
    fn words_are_found_in_names_first_then_in_tags_and_painters_and_all_must_be() {
        for (text, names) in [
            ("", &["Candlelight", "Blue hour", "Night light", "Acid"][..]),
            ("LIGHT", &["Night light", "Candlelight"]),
            ("ligh can", &["Candlelight"]),
            ("still", &["Candlelight", "Night light"]),
            ("ink", &["Blue hour", "Night light"]),
            ("ink still", &["Night light"]),
            ("nothing", &[]),
        ] {
            let query = Query {
                text: text.to_owned(),
                ..Query::default()
            };
            assert_eq!(found(&query, &Shelf::default()), names, "{text}");
        }
    }

    #[test]
    fn a_tag_and_a_shelf_narrow_what_is_found_and_the_last_used_is_first() {
        let list = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let shelf = Shelf {
            favourites: list(&["Acid", "Blue hour", "gone"]),
            recent: list(&["Acid", "gone", "Candlelight"]),
        };
        let query = |among, tag: Option<&str>| Query {
            among,
            tag: tag.map(str::to_owned),
            ..Query::default()
        };
        let all = |among, tag| found(&query(among, tag), &shelf);
        assert_eq!(all(Among::Favourites, None), ["Blue hour", "Acid"]);
        assert_eq!(all(Among::Recent, None), ["Acid", "Candlelight"]);
        assert_eq!(all(Among::Recent, Some("still")), ["Candlelight"]);
        assert_eq!(all(Among::Own, None), Vec::<String>::new());
    }

    #[test]
    fn tags_of_how_much_moves_are_told_first_from_still_to_wild() {
        let tags = ranked_tags(&presets());
        assert_eq!(tags, ["still", "gentle", "wild", "cold", "dark", "warm"]);
    }
}
