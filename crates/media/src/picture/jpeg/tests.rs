use super::*;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

const PROGRESSIVE: &[u8] = include_bytes!("../../../../../tests/media/progressive.jpg");
const RESTARTS: &[u8] = include_bytes!("../../../../../tests/media/restarts.jpg");
const CMYK: &[u8] = include_bytes!("../../../../../tests/media/cmyk.jpg");

/// Bytes that follow from one another as if by chance, none of which begins a marker.
fn noise(seed: u32, count: usize) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let bytes = std::iter::repeat_with(next).filter(|byte| *byte != 0xff);
    bytes.take(count).collect()
}

/// A picture of noise, `colours` a pixel, whose sides are no multiples of a block's.
fn encoded(colours: ExtendedColorType) -> Vec<u8> {
    let (wide, high) = (61, 45);
    let pixels = noise(
        1,
        (wide * high) as usize * usize::from(colours.channel_count()),
    );
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 60);
    encoder.write_image(&pixels, wide, high, colours).unwrap();
    bytes
}

fn pictures() -> [(&'static str, Vec<u8>); 4] {
    [
        ("progressive", PROGRESSIVE.to_vec()),
        ("restarts", RESTARTS.to_vec()),
        ("baseline", encoded(ExtendedColorType::Rgb8)),
        ("grey", encoded(ExtendedColorType::L8)),
    ]
}

/// Where the first scan's data begins.
fn start_of_data(bytes: &[u8]) -> usize {
    let scan = bytes.windows(2).position(|pair| pair == [0xff, SCAN]);
    scan.unwrap() + 14
}

#[test]
fn whole_pictures_of_every_process_are_whole() {
    for (name, bytes) in pictures() {
        assert_eq!(check(&bytes), Ok(()), "{name}");
    }
    assert_eq!(check(CMYK), Ok(()));
}

#[test]
fn a_mark_of_the_end_behind_half_a_picture_makes_no_whole_of_it() {
    for (name, bytes) in pictures() {
        let start = start_of_data(&bytes);
        for tenth in 1..10 {
            let cut = start + (bytes.len() - start) * tenth / 10;
            let half = [&bytes[..cut], &[0xff, END]].concat();
            assert!(check(&half).is_err(), "{name}, {tenth} tenths");
        }
    }
}

#[test]
fn what_stands_in_the_place_of_a_pictures_data_is_found_out() {
    for (name, bytes) in pictures() {
        let start = start_of_data(&bytes);
        let end = bytes.len() - 2;
        for part in 2..5 {
            let from = start + (end - start) / part;
            for (kind, other) in [
                ("zeros", vec![0; end - from]),
                ("noise", noise(part as u32, end - from)),
            ] {
                let mut damaged = bytes.clone();
                damaged[from..end].copy_from_slice(&other);
                assert!(check(&damaged).is_err(), "{name}: {kind} from 1/{part}");
            }
            let mut short = bytes.clone();
            short.drain(from..from + (end - from) / 2);
            assert!(check(&short).is_err(), "{name}: a gap from 1/{part}");
        }
    }
}

#[test]
fn a_progressive_picture_of_which_later_scans_are_missing_is_truncated() {
    let scans: Vec<usize> = (0..PROGRESSIVE.len() - 1)
        .filter(|at| PROGRESSIVE[*at..at + 2] == [0xff, SCAN])
        .collect();
    assert!(scans.len() > 3);
    for scan in &scans[1..] {
        // The tables before the scan are no loss.
        let half = [&PROGRESSIVE[..*scan], &[0xff, END]].concat();
        assert_eq!(check(&half), Err(Fault::Truncated));
    }
}

#[test]
fn nothing_is_too_broken_to_be_looked_at() {
    for (_, bytes) in pictures() {
        for seed in 0..200 {
            let mut broken = bytes.clone();
            for pair in noise(seed, 24).chunks_exact(3) {
                let at = usize::from(pair[0]) * 256 + usize::from(pair[1]);
                let at = at % broken.len();
                broken[at] = pair[2];
            }
            let _ = check(&broken);
        }
    }
}
