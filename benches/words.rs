//! What it costs to read words: `cargo bench --bench words`.

use std::time::Instant;
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
        let mut times: Vec<f64> = (0..41)
            .map(|_| {
                let begun = Instant::now();
                std::hint::black_box(reader.moods(&song));
                1e3 * begun.elapsed().as_secs_f64() / song.len() as f64
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let (best, median) = (times[0], times[times.len() / 2]);
        println!("a line of {words:2} words  {median:8.3} ms, at best {best:.3}");
    }
}
