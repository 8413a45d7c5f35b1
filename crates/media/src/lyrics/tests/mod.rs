//! What lyrics owe whoever shows them, whatever the file.

use std::path::{Path, PathBuf};

use synopsia_signal::{Break, Mark, Section, Structure};

use super::*;

mod odd;
mod songs;

fn fit(text: &str) -> Lyrics {
    Sheet::of_text(text).fit(&Song {
        seconds: Some(200.0),
        sung: &[],
    })
}

/// Lines as beginning, end and text.
fn lines(lyrics: &Lyrics) -> Vec<(f64, f64, &str)> {
    let line = |line: &Line| {
        (
            (line.from * 1e3).round() / 1e3,
            (line.to * 1e3).round() / 1e3,
        )
    };
    let all = lyrics.lines.iter();
    all.map(|l| (line(l).0, line(l).1, l.text.as_str()))
        .collect()
}

fn words(line: &Line) -> Vec<(f64, f64, &str)> {
    let round = |x: f64| (x * 1e3).round() / 1e3;
    let all = line.words.iter();
    all.map(|w| (round(w.from), round(w.to), w.text.as_str()))
        .collect()
}

fn media(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/media")
        .join(name)
}

/// That every time is finite and in order, and every line holds its words.
fn check(lyrics: &Lyrics) {
    assert!(lyrics.lines.is_sorted_by(|a, b| a.from <= b.from));
    for line in &lyrics.lines {
        assert!(
            line.from >= 0.0 && line.to > line.from && line.to.is_finite(),
            "{line:?}"
        );
        assert!(
            !line.text.is_empty() && line.text == line.text.trim(),
            "{line:?}"
        );
        let (mut at, mut end) = (line.from, 0);
        for word in &line.words {
            assert!(
                at <= word.from && word.from <= word.to && word.to <= line.to,
                "{line:?}"
            );
            assert!(
                word.end > end && line.text.is_char_boundary(word.end),
                "{line:?}"
            );
            assert!(line.text[end..word.end].ends_with(&word.text), "{line:?}");
            (at, end) = (word.from, word.end);
        }
    }
}

#[test]
fn a_line_ends_where_the_next_begins_but_not_behind_a_solo() {
    let lyrics =
        fit("[ti:A song]\n[00:10.00]One\n[00:14.5]Two\n\n[01:40]After the solo, a longer line\n");
    let expected = [
        (10.0, 14.5, "One"),
        (14.5, 17.5, "Two"),
        (100.0, 104.35, "After the solo, a longer line"),
    ];
    assert_eq!(lines(&lyrics), expected);
    assert_eq!((lyrics.timing, lyrics.warnings.len()), (Timing::Given, 0));
    check(&lyrics);
}

#[test]
fn a_time_without_text_ends_what_is_sung() {
    let lyrics = fit("[00:10]One\n[00:12]\n[00:14]Two");
    assert_eq!(lines(&lyrics), [(10.0, 12.0, "One"), (14.0, 17.0, "Two")]);
}

#[test]
fn a_positive_offset_brings_the_words_up_earlier_wherever_it_stands() {
    for text in ["[offset:+500]\n[00:10]One", "[00:10]One\n[offset:500]"] {
        assert_eq!(fit(text).lines[0].from, 9.5);
    }
    assert_eq!(fit("[offset: -500]\n[00:10]One").lines[0].from, 10.5);
    let odd = fit("[offset:soon]\n[00:10]One");
    assert_eq!((odd.lines[0].from, odd.warnings.len()), (10.0, 1));
}

#[test]
fn a_refrain_is_written_once_with_all_its_times() {
    let lyrics =
        fit("[00:10][01:10.00]Again\n[00:12]<00:12>and <00:13>more\n[01:12][02:02]<01:12>back");
    let expected = [
        (10.0, 12.0, "Again"),
        (12.0, 16.3, "and more"),
        (70.0, 72.0, "Again"),
        (72.0, 75.3, "back"),
        (122.0, 125.3, "back"),
    ];
    assert_eq!(lines(&lyrics), expected);
    assert_eq!(
        words(&lyrics.lines[4])[0].0,
        122.0,
        "words move with their line"
    );
    assert!(lyrics.warnings.is_empty(), "{:?}", lyrics.warnings);
}

#[test]
fn words_have_times_where_the_file_says_them() {
    let whole = [
        (10.0, 11.0, "When"),
        (11.0, 11.5, "the"),
        (11.5, 13.25, "truth is"),
    ];
    for text in [
        "[00:10.00] <00:10.00> When <00:11.00> the <00:11.50> truth  is <00:13.25>\n[00:20]Next",
        "[00:10.00]When [00:11.00]the [00:11.50]truth is[00:13.25]\n[00:20]Next",
        "WEBVTT\n\n00:10.000 --> 00:13.250 line:0\n<v Ann>When <00:00:11.000><c>the</c> <00:11.500>truth is",
    ] {
        let lyrics = fit(text);
        assert_eq!(words(&lyrics.lines[0]), whole, "{text}");
        assert_eq!(lyrics.lines[0].text, "When the truth is");
        assert_eq!(lyrics.lines[0].to, 13.25);
        check(&lyrics);
    }
}

#[test]
fn unsorted_negative_and_stray_times_are_put_right_and_told() {
    let lyrics =
        fit("[00:20]Late\n[-00:03.50]Early\n[00:10]<00:09>Mid <00:50>word\n[length:03:20]");
    assert_eq!(
        lyrics.lines[0],
        Line {
            from: 0.0,
            to: 3.0,
            text: "Early".into(),
            words: vec![]
        }
    );
    let told = lyrics.warnings.join("\n");
    for part in [
        "out of order",
        "before the song does",
        "outside of their lines'",
    ] {
        assert!(told.contains(part), "{told}");
    }
    check(&lyrics);
}

#[test]
fn srt_loses_its_markup_and_keeps_its_ends_and_overlaps() {
    let text = "1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>Tom</i> &amp; Jerry\r\n{\\an8}second row\r\n2\r\n\
        00:00:02,500 --> 00:00:03,000\r\nover it\r\n\r\n3\r\n00:00:09,000 --> 00:00:08,000\r\n<3 backwards\r\n\r\n\
        4\r\nsoon --> later\r\nlost\r\n\r\n5\r\n00:00:20,000 --> 00:00:21,000\r\n\r\n";
    let lyrics = fit(&text.replace("\r\n", "\n"));
    let expected = [
        (1.0, 4.0, "Tom & Jerry\nsecond row"),
        (2.5, 3.0, "over it"),
        (9.0, 12.0, "<3 backwards"),
    ];
    assert_eq!(lines(&lyrics), expected);
    assert_eq!(lyrics.warnings.len(), 2, "{:?}", lyrics.warnings);
    check(&lyrics);
}

#[test]
fn webvtts_notes_styles_and_settings_are_no_lyrics() {
    let text = "WEBVTT - A song\n\nSTYLE\n::cue { color: red }\n\nNOTE one --> two\n00:01.000 --> 00:02.000\nno\n\n\
        verse 1\n00:03.000 --> 00:05.000 position:10% align:start\nsung\n\n1:00:00.500 --> 1:00:02.500\nfar away\n";
    let expected = [(3.0, 5.0, "sung"), (3600.5, 3602.5, "far away")];
    assert_eq!(lines(&fit(text)), expected);
}

#[test]
fn a_file_is_read_in_the_encoding_that_its_bytes_are_in() {
    let text = "[00:10]Ärger – “naïve” 東京\n[00:12]Ende";
    let utf16 =
        |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    for bytes in [
        text.as_bytes().to_vec(),
        marked(b"\xef\xbb\xbf", text.as_bytes()),
        marked(b"\xff\xfe", &little),
        marked(b"\xfe\xff", &big),
        little,
        big,
    ] {
        let read = Sheet::of(&bytes).unwrap();
        assert_eq!(read, Sheet::of_text(text));
    }
    let windows = Sheet::of(b"[00:10]\xc4rger \x96 \x93na\xefve\x94\r\n[00:12]Ende\r").unwrap();
    assert_eq!(
        windows,
        Sheet::of_text("[00:10]Ärger – “naïve”\n[00:12]Ende")
    );
}

#[test]
fn what_is_no_text_or_nothing_or_too_much_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("song.lrc");
    let write = |bytes: &[u8]| std::fs::write(&path, bytes).unwrap();
    assert!(matches!(read(&path), Err(LyricsError::NotFound(_))));
    assert!(matches!(read(folder.path()), Err(LyricsError::Folder(_))));
    for nothing in [
        "",
        "\n \n",
        "[ti:Only a title]\n",
        "[00:10]\n[00:12] \n",
        "WEBVTT\n\n0:01.0 --> 0:02.0\n",
    ] {
        write(nothing.as_bytes());
        assert!(
            matches!(read(&path), Err(LyricsError::Empty(_))),
            "{nothing:?}"
        );
    }
    let binary: Vec<u8> = (0..4000u32).map(|i| (i * i * 7 % 29) as u8).collect();
    write(&binary);
    assert!(matches!(read(&path), Err(LyricsError::NotText(_))));
    write("[00:10]la la\n".repeat(800_000).as_bytes());
    let sheet = read(&path).unwrap();
    let lyrics = sheet.fit(&Song::default());
    assert_eq!(
        lyrics.warnings,
        ["the lyrics are longer than 2 MB: what lies beyond is left out"]
    );
    assert!(lyrics.lines.len() > 100_000);
}

#[test]
fn lines_of_one_time_stay_together_in_the_order_of_the_file() {
    let lyrics = fit("[00:10]Sous le ciel\n[00:10]Under the sky\n[00:13]Next");
    let expected = [
        (10.0, 13.0, "Sous le ciel"),
        (10.0, 13.0, "Under the sky"),
        (13.0, 16.0, "Next"),
    ];
    assert_eq!(lines(&lyrics), expected);
    assert!(lyrics.warnings.is_empty());
}

#[test]
fn lines_without_a_time_among_those_with_come_with_the_line_before() {
    let lyrics = fit("written by nobody\n[00:10]One\nand more\n[Chorus]\n[00:13]Two");
    assert_eq!(
        lines(&lyrics),
        [(10.0, 13.0, "One\nand more"), (13.0, 16.0, "Two")]
    );
    assert_eq!(lyrics.warnings.len(), 1);
}

#[test]
fn another_songs_lyrics_are_told_from_this_ones() {
    let told = |text: &str| fit(text).warnings.join("\n");
    assert!(told("[length:05:10]\n[00:10]One").contains("may be another's"));
    assert!(!told("[length:03:25]\n[00:10]One").contains("another"));
    assert!(told("[03:30]One\n[03:40]Two").contains("all lines"));
    assert!(told("[00:30]One\n[03:40]Two").contains("one line"));
}

#[test]
fn text_without_times_is_spread_over_what_may_be_sung_and_called_a_guess() {
    let text = "[Verse]\nThe first line\nA second one, longer than it\n\nThe last\n";
    let sung = [10.0..20.0, 60.0..100.0];
    let song = Song {
        seconds: Some(120.0),
        sung: &sung,
    };
    let lyrics = Sheet::of_text(text).fit(&song);
    check(&lyrics);
    assert_eq!((lyrics.timing, lyrics.lines.len()), (Timing::Guessed, 3));
    let within = |line: &Line| {
        sung.iter()
            .any(|part| part.start <= line.from && line.to <= part.end)
    };
    assert!(lyrics.lines.iter().all(within), "{lyrics:?}");
    assert_eq!(lyrics.lines[0].from, 10.0);
    let nowhere = Sheet::of_text(text).fit(&Song::default());
    assert!(nowhere.lines.is_empty() && nowhere.warnings.len() == 1);
}

#[test]
fn intro_outro_quiet_and_breaks_are_not_taken_for_sung() {
    let at = |seconds| Mark {
        seconds,
        ..Mark::default()
    };
    let section = |begin, end, energy| Section {
        begin: at(begin),
        end: at(end),
        energy,
        ..Section::default()
    };
    let structure = Structure {
        sections: vec![
            section(0.0, 10.0, 0.9),
            section(10.0, 40.0, 0.8),
            section(40.0, 60.0, 0.2),
            section(60.0, 95.0, 1.0),
            section(95.0, 100.0, 0.9),
        ],
        breaks: vec![Break {
            begin: at(70.0),
            end: at(80.0),
        }],
        ..Structure::default()
    };
    assert_eq!(sung_parts(&structure), [10.0..40.0, 60.0..70.0, 80.0..95.0]);
    assert!(sung_parts(&Structure::default()).is_empty());
}

#[test]
fn lyrics_beside_a_song_bear_its_name_and_plain_text_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let song = folder.path().join("a.song.mp3");
    let put = |name: &str| std::fs::write(folder.path().join(name), "x").unwrap();
    put("a.song.txt");
    put("a.lrc");
    assert_eq!(beside(&song), None);
    for name in ["a.song.VTT", "a.song.srt", "a.song.lrc"] {
        put(name);
        assert_eq!(beside(&song), Some(folder.path().join(name)));
    }
}
