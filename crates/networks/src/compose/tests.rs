use super::form::{PHRASE, phrases, returns};
use super::grammar::Limits;
use super::network::{State, TOLD};
use super::tokens::{A_END, Bar, PLACES, SHAPES, TOKENS, classes};
use super::*;
use crate::emotion::{Ear, PictureMood};
use image::{Rgb, RgbImage};
use midly::{MetaMessage, MidiMessage, Smf, TrackEventKind};
use safetensors::SafeTensors;
use std::io::Write;

fn wishes(bars: usize, seed: u64) -> Wishes {
    Wishes {
        bars,
        tonic: Some(0),
        held: Held::default(),
        seed,
    }
}

fn take(mood: [f32; 2], bars: usize, seed: u64) -> Score {
    let composer = Composer::built_in().unwrap();
    composer.take(&Asked::steady(mood, bars), &wishes(bars, seed), 1)
}

#[test]
fn the_network_agrees_with_pytorch() {
    let bytes = include_bytes!("../../../../tests/reference/compose.safetensors");
    let reference = SafeTensors::deserialize(bytes).unwrap();
    let floats = |name| {
        let data = reference.tensor(name).unwrap().data().as_chunks().0.iter();
        data.map(|b| f32::from_le_bytes(*b)).collect::<Vec<_>>()
    };
    let (tokens, told, right) = (floats("tokens"), floats("told"), floats("y"));
    let network = Composer::built_in().unwrap().network;
    let mut state = State::default();
    assert!(tokens.len() > 30);
    for (k, token) in tokens.iter().enumerate() {
        let told: &[f32; TOLD] = told[k * TOLD..][..TOLD].try_into().unwrap();
        let logits = network.step(*token as usize, told, &mut state);
        for (ours, right) in logits.iter().zip(&right[k * TOKENS..]) {
            assert!((ours - right).abs() < 1e-3, "{ours} {right} after {k}");
        }
    }
}

#[test]
fn whatever_the_grammar_allows_ends_as_a_bar_whose_notes_fit_its_chords() {
    let mut chance = Chance(1);
    for round in 0..300 {
        let limits = Limits {
            minor: round % 2 == 0,
            before: (round % 3 > 0).then_some(60 + round % 20),
            notes: (round % 4, 4 + round % 5),
            begins: (1, 1 + round % 7),
            last: round % 10 == 0,
        };
        let mut row = Vec::new();
        while row.last() != Some(&A_END) {
            let may = limits.allowed(&row);
            let allowed: Vec<usize> = (0..TOKENS).filter(|&t| may[t]).collect();
            assert!(!allowed.is_empty(), "nothing follows {row:?}");
            row.push(allowed[chance.below(allowed.len())]);
            assert!(row.len() < 160);
        }
        let bar = Bar::of(&row);
        let tokens = 4 + 3 * bar.melody.len();
        let begins = row.len() - tokens - bar.accompaniment.len();
        assert!(bar.melody.len() <= limits.notes.1 && begins <= limits.begins.1);
        assert!(
            limits.last
                || bar.melody.len() >= limits.notes.0.min(4)
                || bar.melody.iter().any(|n| n.place == PLACES - 1)
        );
        let mut before = limits.before;
        for (k, note) in bar.melody.iter().enumerate() {
            assert!(k == 0 || note.place > bar.melody[k - 1].place);
            assert!(before.is_none_or(|before| before.abs_diff(note.pitch) <= 12));
            before = Some(note.pitch);
        }
        let fits = |place: usize, pitch: usize| {
            let natural = if limits.minor {
                [0, 2, 3, 5, 7, 8, 10]
            } else {
                [0, 2, 4, 5, 7, 9, 11]
            };
            let chord = classes(bar.chords[place * 2 / PLACES]);
            chord[pitch % 12] || !limits.last && natural.contains(&(pitch % 12))
        };
        let sung = bar.melody.iter().map(|note| (note.place, note.pitch));
        for (place, pitch) in sung.chain(bar.accompaniment.iter().copied()) {
            assert!(fits(place, pitch), "{pitch} at {place} in {bar:?}");
        }
    }
}

#[test]
fn a_phrase_that_returns_has_its_melody_again_and_another_accompaniment() {
    let composer = Composer::built_in().unwrap();
    let (mut again, mut other) = (0, 0);
    for seed in 0..6 {
        let manners = vec![Composer::any_manner(seed); 4];
        let mut sampler = Sampler {
            network: &composer.network,
            chance: Chance(seed),
        };
        let bars = sampler.bars(16, &manners);
        let earlier = returns(4, &mut Chance(seed));
        for (phrase, earlier) in earlier.iter().enumerate() {
            let Some(earlier) = earlier else { continue };
            for place in 0..PHRASE - 1 {
                let (a, b) = (
                    &bars[phrase * PHRASE + place],
                    &bars[earlier * PHRASE + place],
                );
                assert_eq!((a.chords, &a.melody), (b.chords, &b.melody));
                again += usize::from(!a.melody.is_empty());
                other += usize::from(a.accompaniment != b.accompaniment);
            }
        }
    }
    assert!(again > 20 && other > 20, "{again} {other}");
}

#[test]
fn every_form_returns_to_earlier_phrases_only() {
    for seed in 0..50 {
        for count in 1..20 {
            let earlier = returns(count, &mut Chance(seed));
            assert_eq!(earlier.len(), count);
            assert!(
                earlier
                    .iter()
                    .enumerate()
                    .all(|(k, e)| e.is_none_or(|e| e < k))
            );
            assert!(count < 2 || earlier.iter().any(Option::is_some));
        }
    }
    assert_eq!([1, 4, 5, 128].map(phrases), [1, 1, 2, 32]);
}

#[test]
fn a_piece_has_the_asked_bars_and_ends_on_its_tonic() {
    for (bars, mood, seed) in [
        (1, [0.0, 0.0], 1),
        (7, [-0.8, 0.9], 2),
        (16, [0.9, 0.9], 3),
        (9, [f32::NAN, -9.0], 4),
    ] {
        let score = take(mood, bars, seed);
        let end = (bars as u32) * 4 * QUARTER;
        for part in &score.parts {
            for note in &part.notes {
                assert!(
                    note.begin < note.end && note.end <= end,
                    "{note:?} of {}",
                    part.name
                );
                assert!((1..=127).contains(&note.velocity) && note.key < 128);
            }
            for (k, a) in part.notes.iter().enumerate() {
                let overlaps = |b: &&Note| b.key == a.key && b.begin < a.end && a.begin < b.end;
                assert!(
                    part.channel == 9 || part.notes[k + 1..].iter().find(overlaps).is_none(),
                    "{}",
                    part.name
                );
            }
        }
        let triad = [0, if score.minor { 3 } else { 4 }, 7];
        let last = score.parts.iter().filter(|part| part.channel != 9);
        let last: Vec<&Note> = last
            .flat_map(|part| &part.notes)
            .filter(|note| note.begin >= end - 4 * QUARTER)
            .collect();
        assert!(!last.is_empty());
        assert!(
            last.iter().all(|note| triad.contains(&(note.key % 12))),
            "{last:?}"
        );
    }
}

#[test]
fn the_same_seed_is_the_same_music_and_another_take_or_seed_is_another() {
    let composer = Composer::built_in().unwrap();
    let asked = Asked::steady([0.3, -0.2], 4);
    let take = |seed, number| composer.take(&asked, &wishes(4, seed), number);
    assert_eq!(take(5, 1), take(5, 1));
    assert_ne!(take(5, 1), take(5, 2));
    assert_ne!(take(5, 1), take(6, 1));
}

#[test]
fn a_key_moves_all_that_is_not_drums_and_what_is_held_is_kept() {
    let composer = Composer::built_in().unwrap();
    let asked = Asked::steady([-0.9, 0.9], 4);
    let held = Held {
        minor: Some(false),
        tempo: Some(123.0),
    };
    let of = |tonic| {
        let wishes = Wishes {
            tonic: Some(tonic),
            held,
            ..wishes(4, 9)
        };
        composer.take(&asked, &wishes, 1)
    };
    let (c, d) = (of(0), of(2));
    assert!(!c.minor && c.tempo == 123.0 && (c.tonic, d.tonic) == (0, 2));
    for (c, d) in c.parts.iter().zip(&d.parts) {
        for (a, b) in c.notes.iter().zip(&d.notes) {
            let moved = (i32::from(b.key) - i32::from(a.key)).rem_euclid(12);
            assert_eq!(moved, if c.channel == 9 { 0 } else { 2 });
        }
    }
}

#[test]
fn a_midi_file_says_name_tempo_metre_key_programs_and_every_note() {
    let composer = Composer::built_in().unwrap();
    let manner = Manner {
        minor: true,
        ensemble: ENSEMBLES.len() - 1,
        tempo: 90.0,
        ..Composer::any_manner(3)
    };
    let wishes = Wishes {
        tonic: Some(4),
        ..wishes(8, 3)
    };
    let score = composer.in_manner(&manner, &wishes);
    let bytes = score.midi().unwrap();
    let smf = Smf::parse(&bytes).unwrap();
    assert_eq!(smf.tracks.len(), 5);
    let first: Vec<_> = smf.tracks[0].iter().map(|event| event.kind).collect();
    // E minor has a sharp; 90 quarters a minute have two thirds of a second each.
    assert!(first.contains(&TrackEventKind::Meta(MetaMessage::KeySignature(1, true))));
    assert!(first.contains(&TrackEventKind::Meta(MetaMessage::Tempo(666_667.into()))));
    assert!(
        first.contains(&TrackEventKind::Meta(MetaMessage::TimeSignature(
            4, 2, 24, 8
        )))
    );
    for (track, part) in smf.tracks[1..].iter().zip(&score.parts) {
        let name = TrackEventKind::Meta(MetaMessage::TrackName(part.name.as_bytes()));
        assert_eq!(track[0].kind, name);
        let (mut on, mut off, mut ticks, mut program) = (0, 0, 0, None);
        for event in track {
            ticks += event.delta.as_int();
            if let TrackEventKind::Midi { channel, message } = event.kind {
                assert_eq!(channel, part.channel);
                match message {
                    MidiMessage::NoteOn { .. } => on += 1,
                    MidiMessage::NoteOff { .. } => off += 1,
                    MidiMessage::ProgramChange { program: p } => program = Some(p.as_int()),
                    _ => {}
                }
            }
        }
        assert_eq!((on, off), (part.notes.len(), part.notes.len()));
        assert_eq!((ticks, program), (8 * 4 * QUARTER, Some(part.program)));
    }
}

#[test]
fn it_sounds_as_long_as_it_is_and_never_beyond_full_scale() {
    let instruments = Instruments::built_in().unwrap();
    let score = take([0.9, 1.0], 2, 1);
    let (mut count, mut most, mut power) = (0u64, 0.0f32, 0.0f32);
    let played = instruments.play(&score, |samples| {
        count += samples.len() as u64 / 2;
        most = samples.iter().fold(most, |most, x| most.max(x.abs()));
        power += samples.iter().map(|x| x * x).sum::<f32>();
        Ok(())
    });
    played.unwrap();
    assert_eq!(count, score.samples());
    assert!(
        most <= 1.0 && (power / count as f32).sqrt() > 0.01,
        "{most}"
    );
}

#[test]
fn what_is_asked_is_heard_in_its_order() {
    let composer = Composer::built_in().unwrap();
    let instruments = Instruments::built_in().unwrap();
    let heard = |mood| {
        let takes = (1..=2).map(|number| {
            let score = composer.take(&Asked::steady(mood, 4), &wishes(4, 2), number);
            Heard::of(&score, &instruments, Ear::Default).unwrap().whole
        });
        takes.fold([0.0; 2], |sum, mood| {
            [sum[0] + mood[0] / 2.0, sum[1] + mood[1] / 2.0]
        })
    };
    let [calm, wild] = [[0.0, -0.8], [0.0, 0.8]].map(heard);
    assert!(wild[1] > calm[1] + 0.4, "{calm:?} {wild:?}");
    let [sad, glad] = [[-0.8, 0.0], [0.8, 0.0]].map(heard);
    assert!(glad[0] > sad[0] + 0.4, "{sad:?} {glad:?}");
}

#[test]
fn a_picture_asks_part_by_part_and_any_size_asks_something() {
    let judge = PictureMood::built_in().unwrap();
    let mut picture = RgbImage::from_pixel(64, 32, Rgb([250, 200, 60]));
    for x in 32..64 {
        (0..32).for_each(|y| picture.put_pixel(x, y, Rgb([10, 10, 14])));
    }
    let asked = Asked::of(&picture, &judge, 8).unwrap();
    assert_eq!(asked.course.len(), 2);
    assert!(asked.course[0][0] > asked.course[1][0], "{asked:?}");
    let tiny = Asked::of(&RgbImage::new(1, 1), &judge, 128).unwrap();
    assert_eq!(tiny.course.len(), 32);
    let numbers = tiny.course.iter().flatten();
    assert!(numbers.chain(&tiny.whole).all(|x| (-1.0..=1.0).contains(x)));
}

#[test]
fn a_broken_sound_font_is_refused_or_plays_and_never_panics() {
    let whole = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../plugin-assets/instruments/synopsia.sf2"
    ))
    .unwrap();
    let score = take([0.0, 0.5], 1, 1);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut refused = 0;
    let mut chance = Chance(4);
    let mut attempt = |bytes: &[u8]| {
        file.as_file_mut().set_len(0).unwrap();
        std::io::Seek::rewind(file.as_file_mut()).unwrap();
        file.write_all(bytes).unwrap();
        let played = Instruments::open(file.path()).and_then(|font| font.play(&score, |_| Ok(())));
        refused += usize::from(played.is_err());
    };
    for bytes in [0, 3, 12, 40, 400, whole.len() / 2, whole.len() - 2] {
        attempt(&whole[..bytes]);
    }
    // What describes the samples stands at the end.
    let described = whole.len() - 4000;
    for round in 0..12 {
        let mut bytes = whole.clone();
        for _ in 0..=round {
            let at = described + chance.below(4000);
            bytes[at] = (256.0 * chance.next()) as u8;
        }
        attempt(&bytes);
    }
    assert!(refused >= 7, "{refused}");
    assert!(Instruments::open(std::path::Path::new("/")).is_err());
}

#[test]
fn every_chord_has_its_root() {
    for chord in 0..12 * SHAPES.len() {
        let classes = classes(chord);
        assert!(classes[chord % 12]);
        assert_eq!(
            classes.iter().filter(|&&has| has).count(),
            SHAPES[chord / 12].len()
        );
    }
}
