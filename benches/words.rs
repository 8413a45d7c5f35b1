//! What it costs to read words, and to find their places: `cargo bench --bench words`.

use std::time::Instant;
use synopsia::imagery::Imagery;
use synopsia::words::WordReader;

/// A song of that many lines, each another one and of that many words.
fn song(lines: usize, words: usize) -> Vec<String> {
    const WORDS: [&str; 12] = [
        "love",
        "never",
        "night",
        "dancing",
        "tears",
        "xylophagous",
        "you",
        "the",
        "corazón",
        "burning",
        "oh",
        "alone",
    ];
    let line = |k: usize| {
        let word = |n: usize| WORDS[(k * k + 7 * n + n * n * k) % WORDS.len()];
        (0..words).map(word).collect::<Vec<_>>().join(" ")
    };
    (0..lines).map(|k| format!("line{k} {}", line(k))).collect()
}

fn main() {
    let begun = Instant::now();
    let reader = WordReader::built_in().expect("the built-in network is whole");
    let read = 1e3 * begun.elapsed().as_secs_f64();
    println!("reading the network {read:8.3} ms");
    for words in [4, 8, 16, 31] {
        let song = song(50, words - 1);
        let (best, median) = times(&song, |song| {
            std::hint::black_box(reader.moods(song));
        });
        println!("a line of {words:2} words  {median:8.3} ms, at best {best:.3}");
    }
    let begun = Instant::now();
    let imagery = Imagery::built_in().expect("the built-in bank is whole");
    let read = 1e3 * begun.elapsed().as_secs_f64();
    println!("reading the bank of places {read:.3} ms");
    let (best, median) = times(&song(50, 8), |song| {
        for line in song {
            let evoked = imagery.evoked(line).expect("a word that is known");
            for look in 0..imagery.looks() {
                std::hint::black_box(imagery.nearest(look, &evoked, [0.2, -0.1]));
            }
        }
    });
    println!("a line's places in all looks {median:.3} ms, at best {best:.3}");
}

/// Milliseconds a line: the least and the median of 41.
fn times(song: &[String], work: impl Fn(&[String])) -> (f64, f64) {
    let mut times: Vec<f64> = (0..41)
        .map(|_| {
            let begun = Instant::now();
            work(song);
            1e3 * begun.elapsed().as_secs_f64() / song.len() as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}
