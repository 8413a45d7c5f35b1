//! Prints the mood of each line of a text: `cargo run --release --example words -- TEXT`, or from standard input. A row a
//! line: valence, arousal, certainty, the class that is felt most, the language; on standard error what it took.

use std::error::Error;
use std::time::Instant;
use synopsia::emotion::CLASS_NAMES;
use synopsia::words::{Language, WordReader};

fn main() -> Result<(), Box<dyn Error>> {
    let text = match std::env::args_os().nth(1) {
        Some(path) => std::fs::read(path)?,
        None => {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin(), &mut text)?;
            text
        }
    };
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    let begun = Instant::now();
    let reader = WordReader::built_in()?;
    let ready = begun.elapsed();
    let moods = reader.moods(&lines);
    let took = (begun.elapsed() - ready).as_secs_f64() * 1e3;
    println!("valence arousal certain class       language");
    for (mood, line) in moods.iter().zip(&lines) {
        let (class, language) = match mood.language {
            Language::Unknown => ("", "unknown"),
            Language::English => (strongest(&mood.classes), "English"),
            Language::Spanish => (strongest(&mood.classes), "Spanish"),
        };
        let (valence, arousal, certain) = (mood.valence, mood.arousal, mood.confidence);
        println!("{valence:7.2} {arousal:7.2} {certain:7.2} {class:11} {language:8} {line}");
    }
    let per_line = took / lines.len().max(1) as f64;
    eprintln!("read the network in {ready:.1?}, {per_line:.3} ms a line");
    Ok(())
}

fn strongest(classes: &[f32]) -> &'static str {
    let most = (0..classes.len()).max_by(|a, b| classes[*a].total_cmp(&classes[*b]));
    most.map_or("", |class| CLASS_NAMES[class])
}
