//! Songs and pictures by how far they lie apart.

use crate::cli::terminal::in_one_line;
use crate::emotion::{CLASS_NAMES, Emotion};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Of each of several songs so many pictures are listed.
const LISTED: usize = 3;

/// A song or a picture.
pub(super) struct Thing {
    pub path: PathBuf,
    /// Among its kind.
    pub mood: Emotion,
}

impl Thing {
    fn name(&self) -> String {
        in_one_line(&self.path.display().to_string())
    }

    /// How it is listed, so far from another.
    fn row(&self, distance: f32) -> String {
        let mood = &self.mood;
        format!(
            "{distance:8.2}  {:+7.2}  {:+7.2}  {:11}  {}\n",
            mood.valence,
            mood.arousal,
            CLASS_NAMES[mood.strongest()],
            self.name()
        )
    }

    fn distance(&self, other: &Self) -> f32 {
        let (one, other) = (&self.mood, &other.mood);
        (one.valence - other.valence).hypot(one.arousal - other.arousal)
    }

    /// Those that fit it best, nearest first.
    fn nearest<'a>(&self, others: &'a [Self]) -> Vec<(f32, &'a Self)> {
        let distances = others.iter().map(|other| (self.distance(other), other));
        let mut nearest: Vec<_> = distances.collect();
        nearest.sort_by(|a, b| a.0.total_cmp(&b.0));
        nearest
    }
}

/// Songs and pictures, at least one of each.
pub(super) struct Pairs {
    songs: Vec<Thing>,
    pictures: Vec<Thing>,
}

impl Pairs {
    pub fn of(songs: Vec<Thing>, pictures: Vec<Thing>) -> Self {
        Self { songs, pictures }
    }

    /// What fits what, to be read.
    pub fn spell(&self) -> String {
        let head = |kind: &str| format!("distance  valence  arousal  mood         {kind}\n");
        let list = |one: &Thing, others: &[Thing], most: usize| -> String {
            let nearest = one.nearest(others).into_iter().take(most);
            nearest
                .map(|(distance, other)| other.row(distance))
                .collect()
        };
        let title = |one: &Thing| {
            let class = CLASS_NAMES[one.mood.strongest()];
            let (valence, arousal) = (one.mood.valence, one.mood.arousal);
            format!("{}: {class} ({valence:+.2}, {arousal:+.2})\n", one.name())
        };
        match (&*self.songs, &*self.pictures) {
            (songs, [picture]) if songs.len() > 1 => {
                title(picture) + &head("song") + &list(picture, songs, songs.len())
            }
            ([song], pictures) => {
                title(song) + &head("picture") + &list(song, pictures, pictures.len())
            }
            (songs, pictures) => {
                let lists = songs
                    .iter()
                    .map(|song| title(song) + &head("picture") + &list(song, pictures, LISTED));
                lists.collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// All pairs, by song and then nearest first.
    fn all(&self) -> impl Iterator<Item = (&Thing, &Thing, f32)> {
        self.songs.iter().flat_map(|song| {
            let nearest = song.nearest(&self.pictures).into_iter();
            nearest.map(move |(distance, picture)| (song, picture, distance))
        })
    }

    pub fn csv(&self) -> String {
        let quoted = |thing: &Thing| {
            format!(
                "\"{}\"",
                thing.path.display().to_string().replace('"', "\"\"")
            )
        };
        let mut text = String::from(
            "song,picture,distance,song_valence,song_arousal,picture_valence,picture_arousal\n",
        );
        for (song, picture, distance) in self.all() {
            let (heard, seen) = (&song.mood, &picture.mood);
            text += &format!(
                "{},{},{distance:.4},{:.4},{:.4},{:.4},{:.4}\n",
                quoted(song),
                quoted(picture),
                heard.valence,
                heard.arousal,
                seen.valence,
                seen.arousal
            );
        }
        text
    }

    pub fn json(&self) -> String {
        let things = |things: &[Thing]| -> Vec<Value> {
            let thing = |thing: &Thing| {
                json!({
                    "file": thing.path.to_string_lossy(),
                    "valence": thing.mood.valence,
                    "arousal": thing.mood.arousal,
                    "classes": thing.mood.classes,
                })
            };
            things.iter().map(thing).collect()
        };
        let pair = |(song, picture, distance): (&Thing, &Thing, f32)| {
            json!({
                "song": song.path.to_string_lossy(),
                "picture": picture.path.to_string_lossy(),
                "distance": distance,
            })
        };
        let pairs: Vec<Value> = self.all().map(pair).collect();
        let whole = json!({
            "class_names": CLASS_NAMES,
            "songs": things(&self.songs),
            "pictures": things(&self.pictures),
            "pairs": pairs,
        });
        whole.to_string() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(name: &str, valence: f32, arousal: f32) -> Thing {
        Thing {
            path: name.into(),
            mood: Emotion::at(valence, arousal, 1.0),
        }
    }

    #[test]
    fn what_feels_alike_comes_first() {
        let storm = thing("storm.mp3", -0.6, 0.8);
        let pictures = vec![
            thing("meadow.png", 0.8, -0.5),
            thing("waves.png", -0.5, 0.7),
            thing("fog.png", -0.6, -0.6),
        ];
        let nearest = storm.nearest(&pictures);
        let names = nearest.iter().map(|(_, picture)| picture.name());
        let names: Vec<String> = names.collect();
        assert_eq!(names, ["waves.png", "fog.png", "meadow.png"]);
        assert!((nearest[0].0 - 0.1f32.hypot(0.1)).abs() < 1e-6);
        let spelled = Pairs::of(vec![storm], pictures).spell();
        let rows: Vec<&str> = spelled.lines().collect();
        assert_eq!(rows.len(), 5, "{spelled}");
        assert!(rows[0].starts_with("storm.mp3: "), "{spelled}");
        assert!(rows[2].ends_with("waves.png"), "{spelled}");
    }

    #[test]
    fn a_picture_ranks_songs_and_many_of_both_are_listed_by_song() {
        let songs = || vec![thing("a.mp3", 0.1, 0.1), thing("b.mp3", 0.5, 0.5)];
        let one = Pairs::of(songs(), vec![thing("p.png", 0.5, 0.4)]).spell();
        assert!(one.starts_with("p.png: ") && one.contains("b.mp3"), "{one}");
        assert!(one.find("b.mp3") < one.find("a.mp3"), "{one}");
        let pictures: Vec<Thing> = (0..5)
            .map(|i| thing("p\"q.png", 0.1 * i as f32, 0.0))
            .collect();
        let both = Pairs::of(songs(), pictures);
        assert_eq!(both.spell().lines().count(), 2 * (2 + LISTED) + 1);
        let csv = both.csv();
        assert_eq!(csv.lines().count(), 1 + 2 * 5);
        assert!(csv.contains("\"p\"\"q.png\""), "{csv}");
        let json: Value = serde_json::from_str(&both.json()).unwrap();
        assert_eq!(json["pairs"].as_array().unwrap().len(), 10);
    }
}
