//! What it is in a picture's sound that is heard as its mood: `cargo run --release --example sonify_parts -- MODEL SECONDS PICTURE...`. A
//! row a picture and part: the picture's valence and arousal, then what the default and the free ear hear, all beside what is
//! usual. Then Pearson's r of each part. The parts: all; the mood that the network is told alone (tempo, mode and chords are those of
//! a usual grey picture); the rules alone (the network is told of a usual mood); neither, which is lightness alone.

use std::error::Error;
use synopsia::emotion::{Ear, Emotion, Listener, PictureMood};
use synopsia::sonify::{Moods, SAMPLE_RATE, Sonifier};

const PARTS: [(&str, bool, bool); 4] = [
    ("all", true, true),
    ("network", true, false),
    ("rules", false, true),
    ("neither", false, false),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let model = std::fs::read(given.next().ok_or("MODEL is missing")?)?;
    let seconds: f64 = given.next().ok_or("SECONDS is missing")?.parse()?;
    let (eye, sonifier) = (PictureMood::built_in()?, Sonifier::read(&model)?);
    let usual = Emotion::at(0.0, 0.0, 1.0);
    let mut rows: [Vec<[f32; 6]>; PARTS.len()] = Default::default();
    for (seed, path) in given.enumerate() {
        let picture = image::open(&path)?.to_rgb8();
        let mood = eye.of(&picture)?.among_pictures();
        let grey = image::DynamicImage::from(picture.clone())
            .grayscale()
            .to_rgb8();
        for ((name, texture, rules), rows) in PARTS.iter().zip(&mut rows) {
            let moods = Moods {
                texture: if *texture { mood } else { usual },
                rules: if *rules { mood } else { usual },
            };
            let seen = if *rules { &picture } else { &grey };
            let sound = sonifier.sound(seen, &moods, (seconds, seed as u64), |_| ())?;
            let [a, b] = [Ear::default(), "free".parse()?].map(|ear| heard(ear, &sound));
            let (a, b) = (a?, b?);
            let row = [mood.valence, mood.arousal, a[0], a[1], b[0], b[1]];
            println!("{path},{name},{}", row.map(|x| format!("{x:.3}")).join(","));
            rows.push(row);
        }
    }
    println!("part,default valence,default arousal,free valence,free arousal");
    for ((name, ..), rows) in PARTS.iter().zip(&rows) {
        let r = [(0, 2), (1, 3), (0, 4), (1, 5)].map(|(of, heard)| r(rows, of, heard));
        println!("{name},{}", r.map(|r| format!("{r:.2}")).join(","));
    }
    Ok(())
}

/// Valence and arousal that an ear hears on the whole, beside usual music.
fn heard(ear: Ear, sound: &[f32]) -> Result<[f32; 2], Box<dyn Error>> {
    let mut listener = Listener::of(ear, SAMPLE_RATE)?;
    let (mut sums, mut count) = ([0.0; 3], 0.0f32);
    listener.listen(sound, |_, emotion| {
        let more = [emotion.valence, emotion.arousal, emotion.confidence];
        sums.iter_mut().zip(more).for_each(|(sum, x)| *sum += x);
        count += 1.0;
    })?;
    let [valence, arousal, confidence] = sums.map(|sum| sum / count.max(1.0));
    let among = Emotion::at(valence, arousal, confidence).among_music();
    Ok([among.valence, among.arousal])
}

/// Pearson's correlation of two columns.
fn r(rows: &[[f32; 6]], a: usize, b: usize) -> f32 {
    let count = rows.len() as f32;
    let mean = |k: usize| rows.iter().map(|row| row[k]).sum::<f32>() / count;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for row in rows {
        let (x, y) = (row[a] - ma, row[b] - mb);
        (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
    }
    ab / (aa * bb).sqrt()
}
