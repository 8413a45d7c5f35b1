use super::*;
use std::time::{Duration, Instant};

fn reader() -> &'static WordReader {
    WordReader::built_in().expect("the network that ships is whole")
}

fn mood_of(line: &str) -> WordMood {
    reader().moods(&[line])[0]
}

fn words(line: &str) -> Vec<String> {
    spelling::words_of(line)
}

/// Bytes of tests/reference/words.safetensors.
fn reference(name: &str) -> Vec<u8> {
    let bytes = include_bytes!("../../../../tests/reference/words.safetensors");
    let file = safetensors::SafeTensors::deserialize(bytes).unwrap();
    file.tensor(name).unwrap().data().to_vec()
}

fn numbers(name: &str) -> Vec<f32> {
    let bytes = reference(name);
    let numbers = bytes.as_chunks().0.iter();
    numbers.map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

#[test]
fn the_network_tells_what_pytorch_tells() {
    let lines = String::from_utf8(reference("lines")).unwrap();
    let (answers, evidence) = (numbers("answers"), numbers("language"));
    let near = |told: &[f32], expected: &[f32], line: &str| {
        for (told, expected) in told.iter().zip(expected) {
            assert!((told - expected).abs() < 1e-3, "{line}: {told} {expected}");
        }
    };
    assert_eq!(answers.len(), 11 * lines.lines().count());
    for (k, line) in lines.lines().enumerate() {
        let read = reader().read(&words(line)).unwrap();
        let told: Vec<_> = [read.valence, read.arousal]
            .into_iter()
            .chain(read.classes)
            .collect();
        near(&told, &answers[11 * k..], line);
        let languages = &reader().languages;
        let said = languages.evidence(&words(line));
        let told: Vec<_> = said
            .iter()
            .zip(languages.bias())
            .map(|(a, b)| a + b)
            .collect();
        near(&told, &evidence[3 * k..], line);
    }
}

#[test]
fn sorry_lines_lie_below_glad_ones_in_both_languages() {
    for (glad, sorry) in [
        (
            "I'm so happy to be alive today",
            "I'm so sad and lonely tonight",
        ),
        (
            "we dance and laugh until the morning",
            "they cried at his grave in the rain",
        ),
        (
            "I love you with all my heart",
            "I hate you, you broke my heart",
        ),
        (
            "qué alegría bailar contigo, mi amor",
            "qué tristeza vivir sin tu amor",
        ),
        ("hoy estoy feliz y contento", "hoy estoy triste y solo"),
        ("gracias por tu cariño", "te odio por tus mentiras"),
    ] {
        let (up, down) = (mood_of(glad).valence, mood_of(sorry).valence);
        assert!(up > down + 0.3, "{glad}: {up}; {sorry}: {down}");
    }
}

#[test]
fn wild_lines_are_more_excited_than_calm_ones() {
    let wild = [
        "turn it up, jump, scream, we're on fire tonight",
        "I'm so angry I could explode",
    ];
    let calm = [
        "sleep softly in the quiet night",
        "a lazy afternoon, the river is slow and still",
    ];
    for (wild, calm) in wild.iter().flat_map(|wild| calm.map(|calm| (wild, calm))) {
        let (up, down) = (mood_of(wild).arousal, mood_of(calm).arousal);
        assert!(up > down + 0.05, "{wild}: {up}; {calm}: {down}");
    }
}

#[test]
fn a_negation_turns_a_line_over() {
    for (plain, turned) in [
        ("I am happy", "I am not happy"),
        ("it's a beautiful day", "it's not a beautiful day"),
        ("I feel good", "I don't feel good"),
    ] {
        let (up, down) = (mood_of(plain).valence, mood_of(turned).valence);
        assert!(
            up > down + 0.3 && down < 0.0,
            "{plain}: {up}; {turned}: {down}"
        );
    }
    for (plain, turned) in [
        ("all this pain", "no more pain"),
        ("I am lonely", "never lonely again"),
    ] {
        let (down, up) = (mood_of(plain).valence, mood_of(turned).valence);
        assert!(up > down + 0.3, "{plain}: {down}; {turned}: {up}");
    }
}

#[test]
fn case_and_punctuation_hardly_matter() {
    for line in [
        "I walked alone through the empty town",
        "you light up my life, my love",
        "me duele el corazón sin ti",
    ] {
        let plain = mood_of(line);
        for other in [
            line.to_uppercase(),
            format!("\"{line}...\""),
            format!("  {line} ♪,"),
        ] {
            let told = mood_of(&other);
            assert!((told.valence - plain.valence).abs() < 0.02, "{other}");
            assert!((told.arousal - plain.arousal).abs() < 0.02, "{other}");
        }
    }
}

#[test]
fn other_languages_are_said_to_be_unknown_and_stay_silent() {
    let mut silent = 0;
    for song in [
        "die Nacht ist so still und ich bin allein\nich warte auf dich und du kommst nicht heim",
        "je ne veux pas travailler, je ne veux pas déjeuner\nje veux seulement oublier",
        "você é a luz da minha vida, meu bem\neu não sei viver sem o teu coração",
        "volare nel cielo infinito, felice di stare lassù\ne il mondo pian piano spariva lontano laggiù",
        "jag är så ensam utan dig i natt\nmen jag väntar här på dig",
        "сердце моё не знает покоя\nя люблю тебя",
        "夜の海を見ている\n君がいない",
    ] {
        let lines: Vec<_> = song.lines().collect();
        for (mood, line) in reader().moods(&lines).iter().zip(lines) {
            // Some words are English, too: "die", "so", "still", "bin".
            assert!(mood.confidence < 0.1, "{line}: {mood:?}");
            if mood.language == Language::Unknown {
                assert_eq!(*mood, WordMood::silent(Language::Unknown), "{line}");
                silent += 1;
            }
        }
    }
    assert!(silent >= 12, "{silent} of 14 lines");
    assert_eq!(
        mood_of("I never knew that love could hurt").language,
        Language::English
    );
    assert_eq!(
        mood_of("nunca supe que el amor podía doler").language,
        Language::Spanish
    );
}

#[test]
fn a_line_that_says_little_is_meant_as_its_neighbours_are() {
    let sad = [
        "I cried all night, my love is gone",
        "oh oh",
        "my heart is broken and I'm lonely",
    ];
    let glad = [
        "what a beautiful happy day",
        "oh oh",
        "I love the way you smile at me",
    ];
    let between = |song: &[&str]| reader().moods(song)[1];
    let (down, up) = (between(&sad), between(&glad));
    assert!(up.valence > down.valence + 0.3, "{up:?} {down:?}");
    assert!(up.confidence > mood_of("oh oh").confidence);
}

#[test]
fn whatever_comes_the_answers_are_in_range() {
    let long = "a".repeat(10_000_000);
    let many = "love ".repeat(2_000_000);
    let lines = [
        "",
        " ",
        "\0\0\0",
        "♪♫",
        "😀😭👩‍👩‍👧",
        "…",
        "!!!???",
        "'",
        "''''",
        "____",
        "\u{301}\u{301}",
        "\u{202e}abc",
        "ﬁﬂ ǅ İ ß",
        "0123456789",
        &long,
        &many,
        "ñ",
        "मैं तुमसे प्यार करता हूँ",
        "\u{FFFD}",
        "a\u{0}b",
    ];
    let begun = Instant::now();
    let moods = reader().moods(&lines);
    assert_eq!(moods.len(), lines.len());
    for (mood, line) in moods.iter().zip(lines) {
        let line: String = line.chars().take(20).collect();
        assert!((-1.0..=1.0).contains(&mood.valence), "{line}");
        assert!((-1.0..=1.0).contains(&mood.arousal), "{line}");
        assert!((0.0..=1.0).contains(&mood.confidence), "{line}");
        assert!(
            (mood.classes.iter().sum::<f32>() - 1.0).abs() < 1e-3,
            "{line}"
        );
    }
    assert_eq!(moods[0], WordMood::silent(Language::Unknown));
    assert!(reader().moods::<&str>(&[]).is_empty());
    // What is looked at is bounded, so it is quick even where nothing is optimised.
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn ten_megabytes_of_lines_are_read() {
    let line = "I will always love you and I will never let you go\n";
    let text = line.repeat(200_000);
    let lines: Vec<_> = text.lines().take(20_000).collect();
    let moods = reader().moods(&lines);
    assert_eq!(moods.len(), lines.len());
    // A chorus is the same each time it is sung.
    assert_eq!(moods[10], moods[10_000]);
}

#[test]
fn a_file_that_is_cut_or_of_another_kind_is_refused() {
    for length in [0, 9, 1000, BUILT_IN.len() / 2, BUILT_IN.len() - 1] {
        assert!(WordReader::new(&BUILT_IN[..length]).is_err(), "{length}");
    }
    let other = include_bytes!("../../../../models/beat.safetensors");
    assert!(WordReader::new(other).is_err());
}

#[test]
fn a_line_in_another_script_is_silent_whatever_stands_beside_it() {
    let song = [
        "I love this happy sunny day",
        "一つの歌を歌おう",
        "I cry alone",
        "Дождь идёт, yeah",
    ];
    let moods = reader().moods(&song);
    let languages = moods.iter().map(|mood| mood.language);
    let known: Vec<bool> = languages.map(|l| l == Language::English).collect();
    assert_eq!(known, [true, false, true, false]);
    assert_eq!(moods[1].confidence, 0.0);
}
