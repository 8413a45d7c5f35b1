//! Lyrics inside songs.

use super::*;

/// An ID3v2.4 tag of these frames.
pub(super) fn id3(frames: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let size = |n: usize| [21, 14, 7, 0].map(|shift| (n >> shift & 0x7f) as u8);
    let frame =
        |(name, body): &(&[u8; 4], Vec<u8>)| [&name[..], &size(body.len()), &[0, 0], body].concat();
    let frames: Vec<u8> = frames.iter().flat_map(frame).collect();
    [b"ID3\x04\0\0", &size(frames.len())[..], &frames].concat()
}

pub(super) fn song(tag: &[u8], rest: &[u8]) -> InTags {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("song");
    std::fs::write(&path, [tag, rest].concat()).unwrap();
    inside(&path)
}

fn text_of(tags: &InTags) -> Vec<String> {
    let lyrics = tags.sheet.as_ref().map(|sheet| {
        sheet.fit(&Song {
            seconds: Some(9.0),
            sung: &[],
        })
    });
    lyrics.map_or_else(Vec::new, |lyrics| {
        lyrics.lines.into_iter().map(|line| line.text).collect()
    })
}

#[test]
fn id3s_lyrics_are_read_and_those_with_times_win() {
    let mp3 = std::fs::read(media("tone.mp3")).unwrap();
    let uslt = (b"USLT", b"\x03eng\0plain words\nof a song".to_vec());
    let sylt = (
        b"SYLT",
        b"\0eng\x02\x01\0timed\0\0\0\x03\xe8words\0\0\0\x0f\xa0".to_vec(),
    );
    let in_frames = (b"SYLT", b"\0eng\x01\x01\0timed\0\0\0\x03\xe8".to_vec());
    assert_eq!(
        text_of(&song(&id3(std::slice::from_ref(&uslt)), &mp3)),
        ["plain words", "of a song"]
    );
    assert_eq!(
        text_of(&song(&id3(&[uslt.clone(), sylt]), &mp3)),
        ["timed", "words"]
    );
    let told = song(&id3(&[in_frames]), &mp3);
    assert!(told.sheet.is_none() && told.warnings.len() == 1, "{told:?}");
    assert_eq!(
        text_of(&song(
            &id3(&[(b"USLT", b"\x03eng\0[00:01]lrc inside".to_vec())]),
            &mp3
        )),
        ["lrc inside"]
    );
    assert_eq!(inside(&media("tone.mp3")), InTags::default());
    assert_eq!(inside(Path::new("nowhere")), InTags::default());
}

#[test]
fn vorbis_comments_hold_lyrics_under_three_names() {
    let flac = std::fs::read(media("tone.flac")).unwrap();
    for name in ["LYRICS", "UNSYNCEDLYRICS", "SyncedLyrics"] {
        let comment = format!("{name}=[00:01.00]sung");
        let le = |n: usize| (n as u32).to_le_bytes();
        let body = [&le(0)[..], &le(1), &le(comment.len()), comment.as_bytes()].concat();
        // Behind the stream's own information.
        let (head, rest) = flac.split_at(4 + 4 + 34);
        let mut file = head.to_vec();
        file[4] &= 0x7f;
        file.extend([4, 0, 0, body.len() as u8]);
        file.extend(body);
        file.extend(rest);
        assert_eq!(text_of(&song(&file, &[])), ["sung"], "{name}");
    }
}

#[test]
fn an_mp4s_lyrics_are_read() {
    let m4a = std::fs::read(media("tone.m4a")).unwrap();
    let made = |name: &[u8], body: &[u8]| {
        [&((body.len() + 8) as u32).to_be_bytes()[..], name, body].concat()
    };
    let data = made(
        b"data",
        &[&[0, 0, 0, 1, 0, 0, 0, 0], &b"sung words"[..]].concat(),
    );
    let ilst = made(b"ilst", &made(b"\xa9lyr", &data));
    let hdlr = made(b"hdlr", b"\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
    let meta = made(b"meta", &[&[0; 4], &hdlr[..], &ilst].concat());
    let udta = made(b"udta", &meta);
    let mut file = Vec::new();
    let mut rest = m4a.as_slice();
    while rest.len() >= 8 {
        let size = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let (whole, after) = rest.split_at(size);
        match &whole[4..8] {
            b"moov" => file.extend(made(
                b"moov",
                &[&without_udta(&whole[8..]), &udta[..]].concat(),
            )),
            _ => file.extend(whole),
        }
        rest = after;
    }
    assert_eq!(text_of(&song(&file, &[])), ["sung words"]);
}

/// Boxes without the one that holds tags.
fn without_udta(mut boxes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    while boxes.len() >= 8 {
        let size = u32::from_be_bytes(boxes[..4].try_into().unwrap()) as usize;
        let (whole, after) = boxes.split_at(size);
        if &whole[4..8] != b"udta" {
            kept.extend(whole);
        }
        boxes = after;
    }
    kept
}
