//! Which picture is seen when: a song's parts, and of each the picture that fits its mood.

use crate::emotion::Emotion;
use crate::signal::Section;
use std::ops::Range;

/// Seconds that a picture is seen, about, and at least.
const LONG: f64 = 8.0;
const SHORT: f64 = 3.0;

/// A change moves so far to a downbeat, seconds.
const SNAP: f64 = 1.5;

/// How much further from the mood a picture counts for each time that it was seen.
const SEEN: f32 = 0.25;

/// What is known of a song.
pub(super) struct Song<'a> {
    pub seconds: f64,
    /// Its moods among music, by seconds.
    pub moods: &'a [(f64, Emotion)],
    pub sections: &'a [Section],
    /// Seconds of each bar's first beat.
    pub downbeats: &'a [f64],
}

/// A picture, by its number, from one moment of the song to another, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slide {
    pub time: Range<f64>,
    pub picture: usize,
}

/// The slides of a song, of pictures of these moods; none where there is no picture, or no song.
pub(super) fn slides(song: &Song<'_>, pictures: &[Emotion]) -> Vec<Slide> {
    let mut seen = vec![0u32; pictures.len()];
    let mut slides: Vec<Slide> = Vec::new();
    for time in parts(song) {
        let mood = song.mood(&time);
        let last = slides.last().map(|slide| slide.picture);
        let fits = pictures.iter().zip(&seen).enumerate();
        let fits = fits.filter(|(n, _)| pictures.len() == 1 || Some(*n) != last);
        let far = |(picture, seen): (&Emotion, &u32)| {
            let distance = (picture.valence - mood[0]).hypot(picture.arousal - mood[1]);
            distance + SEEN * *seen as f32
        };
        let nearest = fits.min_by(|a, b| far(a.1).total_cmp(&far(b.1)));
        if let Some((picture, _)) = nearest {
            seen[picture] += 1;
            slides.push(Slide { time, picture });
        }
    }
    slides
}

/// The times between two changes: at each section's beginning, and about every [`LONG`] seconds on a downbeat.
fn parts(song: &Song<'_>) -> Vec<Range<f64>> {
    let mut changes = vec![0.0];
    let begins = song.sections.iter().map(|section| section.begin.seconds);
    for end in begins.chain([song.seconds]) {
        let begin = changes[changes.len() - 1];
        if end - begin < SHORT && end < song.seconds {
            continue;
        }
        let count = ((end - begin) / LONG).round().max(1.0);
        for n in 1..count as usize {
            let at = song.on_a_downbeat(begin + (end - begin) * n as f64 / count);
            if at - changes[changes.len() - 1] >= SHORT && end - at >= SHORT {
                changes.push(at);
            }
        }
        if end < song.seconds {
            changes.push(end);
        }
    }
    // A last moment that is too short belongs to the part before.
    if changes.len() > 1 && song.seconds - changes[changes.len() - 1] < SHORT {
        changes.pop();
    }
    let ends = changes.iter().skip(1).copied().chain([song.seconds]);
    let parts = changes.iter().zip(ends);
    parts
        .map(|(from, to)| *from..to)
        .filter(|time| time.end > time.start)
        .collect()
}

impl Song<'_> {
    /// The downbeat nearest to a moment, or the moment where there is none near.
    fn on_a_downbeat(&self, at: f64) -> f64 {
        let near = self.downbeats.iter().copied();
        let near = near.min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()));
        near.filter(|near| (near - at).abs() <= SNAP).unwrap_or(at)
    }

    /// The mean of its moods in a time; the last before it where there is none in it.
    fn mood(&self, time: &Range<f64>) -> [f32; 2] {
        let point = |(_, mood): &(f64, Emotion)| [mood.valence, mood.arousal];
        let within = self.moods.iter().filter(|(at, _)| time.contains(at));
        let (count, sum) = within.map(point).fold((0.0, [0.0; 2]), |(count, sum), p| {
            (count + 1.0, [sum[0] + p[0], sum[1] + p[1]])
        });
        if count > 0.0 {
            return sum.map(|sum| sum / count);
        }
        let before = self.moods.iter().rev().find(|(at, _)| *at <= time.start);
        before.map_or([0.0; 2], point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Mark;

    fn section(begin: f64, end: f64) -> Section {
        let mark = |seconds| Mark {
            seconds,
            ..Mark::default()
        };
        Section {
            begin: mark(begin),
            end: mark(end),
            ..Section::default()
        }
    }

    #[test]
    fn pictures_change_with_the_sections_and_on_downbeats_and_fit_the_mood() {
        let moods: Vec<_> = (0..60)
            .map(|n| {
                (
                    f64::from(n),
                    Emotion::at(if n < 30 { -0.7 } else { 0.7 }, 0.0, 1.0),
                )
            })
            .collect();
        let downbeats: Vec<f64> = (0..30).map(|n| 2.0 * f64::from(n) + 0.5).collect();
        let song = Song {
            seconds: 60.0,
            moods: &moods,
            sections: &[section(0.0, 30.0), section(30.0, 58.5), section(58.5, 60.0)],
            downbeats: &downbeats,
        };
        let pictures = [-0.8, -0.6, 0.6, 0.8].map(|valence| Emotion::at(valence, 0.0, 1.0));
        let slides = slides(&song, &pictures);
        assert_eq!(
            (slides[0].time.start, slides[slides.len() - 1].time.end),
            (0.0, 60.0)
        );
        for (n, slide) in slides.iter().enumerate() {
            let (from, long) = (slide.time.start, slide.time.end - slide.time.start);
            assert!((SHORT..2.0 * LONG).contains(&long), "{slide:?}");
            assert_eq!(slide.picture < 2, from < 29.9, "{slide:?}");
            assert!(
                n == 0 || from == 30.0 || downbeats.contains(&from),
                "{slide:?}"
            );
            assert!(n == 0 || slides[n - 1].time.end == from);
            assert!(n == 0 || slides[n - 1].picture != slide.picture);
        }
    }

    #[test]
    fn any_song_and_any_pictures_give_slides_without_a_gap() {
        let one = [Emotion::neutral()];
        for seconds in [0.0, 0.5, 7.0, 100.0] {
            let song = Song {
                seconds,
                moods: &[],
                sections: &[],
                downbeats: &[],
            };
            let slides = slides(&song, &one);
            assert_eq!(slides.is_empty(), seconds == 0.0);
            assert_eq!(slides.last().map_or(0.0, |slide| slide.time.end), seconds);
            assert!(super::slides(&song, &[]).is_empty());
        }
    }
}
