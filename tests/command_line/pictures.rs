//! `synopsia mood`: pictures of every kind, and files that are none.

use crate::common::{calm, complaint, synopsia, wild, write_wav};
use image::codecs::gif::GifEncoder;
use image::{
    DynamicImage, Frame, GrayImage, ImageBuffer, ImageEncoder, Luma, Rgb, RgbImage, Rgba, RgbaImage,
};
use serde_json::Value;
use std::path::Path;

/// Warm and bright in the middle, dark at the edges.
fn painting(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (
            x as f32 / width as f32 - 0.5,
            y as f32 / height as f32 - 0.5,
        );
        let light = (1.0 - 2.0 * x.hypot(y)).max(0.0);
        Rgb([light, 0.6 * light, 0.2 * (12.0 * x).sin().abs()].map(|c| (c * 255.0) as u8))
    })
}

/// Valence and arousal that the program estimates for one picture.
fn mood(path: &Path) -> [f32; 2] {
    let output = synopsia(&["mood", path.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", complaint(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    let estimate = printed.lines().find(|line| line.starts_with("estimate"));
    let words: Vec<&str> = estimate.unwrap().split([' ', ',']).collect();
    ["valence", "arousal"].map(|axis| {
        let at = words.iter().position(|&word| word == axis).unwrap();
        let value: f32 = words[at + 1].parse().unwrap();
        assert!((-1.0..=1.0).contains(&value));
        value
    })
}

fn near(a: [f32; 2], b: [f32; 2]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 0.04)
}

#[test]
fn one_picture_in_every_kind_of_file_has_one_mood() {
    let folder = tempfile::tempdir().unwrap();
    let picture = DynamicImage::from(painting(320, 200));
    let plain = folder.path().join("plain.png");
    picture.save(&plain).unwrap();
    let expected = mood(&plain);
    let save = |name: &str, picture: DynamicImage| {
        let path = folder.path().join(name);
        picture.save(&path).unwrap();
        path
    };
    let webp = save("lossless.webp", picture.clone());
    let tiff = save("scan.tiff", picture.clone());
    let bmp = save("old.bmp", picture.clone());
    let deep = save("deep.png", DynamicImage::from(picture.to_rgb16()));
    let opaque = save("opaque.png", DynamicImage::from(picture.to_rgba8()));
    for path in [webp, tiff, bmp, deep, opaque] {
        assert!(near(mood(&path), expected), "{}", path.display());
    }
    let photo = mood(&save("photo.jpg", picture.clone()));
    assert!(
        (photo[0] - expected[0]).abs() < 0.15,
        "compression changes little: {photo:?}, {expected:?}"
    );
    let moving = folder.path().join("moving.gif");
    let frames = [
        picture.to_rgba8(),
        RgbaImage::from_pixel(320, 200, Rgba([0, 0, 99, 255])),
    ];
    let mut encoder = GifEncoder::new(std::fs::File::create(&moving).unwrap());
    encoder.encode_frames(frames.map(Frame::new)).unwrap();
    drop(encoder);
    let first = mood(&moving);
    assert!(
        (first[0] - expected[0]).abs() < 0.15,
        "256 colours, and the first picture counts"
    );
}

#[test]
fn grey_clear_wide_and_printed_pictures_have_a_mood_too() {
    let folder = tempfile::tempdir().unwrap();
    let save = |name: &str, picture: DynamicImage| {
        let path = folder.path().join(name);
        picture.save(&path).unwrap();
        path
    };
    let grey = GrayImage::from_fn(300, 300, |x, _| Luma([(x * 255 / 300) as u8]));
    let as_rgb = save(
        "grey as rgb.png",
        DynamicImage::from(DynamicImage::from(grey.clone()).to_rgb8()),
    );
    let grey = save("grey.png", DynamicImage::from(grey));
    assert!(near(mood(&grey), mood(&as_rgb)));
    let deep: ImageBuffer<Luma<u16>, _> =
        ImageBuffer::from_fn(300, 300, |x, _| Luma([(x * 65535 / 300) as u16]));
    assert!(near(
        mood(&save("deep grey.png", DynamicImage::from(deep))),
        mood(&as_rgb)
    ));

    let clear = save(
        "clear.png",
        DynamicImage::from(RgbaImage::from_pixel(64, 64, Rgba([200, 0, 0, 0]))),
    );
    let white = save(
        "white.png",
        DynamicImage::from(RgbImage::from_pixel(64, 64, Rgb([255; 3]))),
    );
    assert!(
        near(mood(&clear), mood(&white)),
        "what is transparent lies on white"
    );

    let wide = mood(&save("wide.png", DynamicImage::from(painting(10_000, 300))));
    assert!(near(
        wide,
        mood(&save("narrow.png", DynamicImage::from(painting(500, 300))))
    ));

    // Orange ink (0, 160, 255, 0); what an encoder for print writes, with inverted values.
    let printed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media/cmyk.jpg");
    let orange = save(
        "orange.png",
        DynamicImage::from(RgbImage::from_pixel(48, 32, Rgb([255, 95, 0]))),
    );
    assert!(near(mood(&printed), mood(&orange)));
}

#[test]
fn what_is_no_picture_costs_a_sentence_and_not_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    painting(64, 64).save(at("good.png")).unwrap();
    std::fs::write(at("song.mp3"), b"ID3 and no picture").unwrap();
    std::fs::write(at("empty.png"), b"").unwrap();
    let bytes = std::fs::read(at("good.png")).unwrap();
    std::fs::write(at("cut.png"), &bytes[..bytes.len() / 2]).unwrap();
    // A header that promises 60,000 x 60,000 pixels.
    let mut bomb = bytes.clone();
    bomb[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    let checksum = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    std::fs::write(at("huge.png"), bomb).unwrap();

    let table = at("table.csv");
    let names = ["song.mp3", "empty.png", "cut.png", "huge.png", "none.png"];
    let bad: Vec<String> = names.iter().map(|name| at(name)).collect();
    let good = at("good.png");
    let mut args = vec!["mood", &good, "-o", &table];
    args.extend(bad.iter().map(String::as_str));
    let output = synopsia(&args).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = complaint(&output);
    assert_eq!(
        said.trim().lines().count(),
        names.len(),
        "a sentence each: {said}"
    );
    for name in names {
        assert!(said.contains(name), "{name} in {said}");
    }
    assert!(said.contains("too large"), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("good.png"));
    assert_eq!(std::fs::read_to_string(&table).unwrap().lines().count(), 2);

    let refused = synopsia(&["mood", &good, "-o", &table]).output().unwrap();
    assert!(
        !refused.status.success(),
        "a table is not written over unasked"
    );
    let empty = tempfile::tempdir().unwrap();
    let none = synopsia(&["mood", empty.path().to_str().unwrap()])
        .output()
        .unwrap();
    assert!(complaint(&none).contains("holds no pictures"));
}

#[test]
fn a_truncated_photograph_is_told_and_one_in_another_space_is_seen_in_its_colours() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    painting(320, 200).save(at("whole.jpg")).unwrap();
    let bytes = std::fs::read(at("whole.jpg")).unwrap();
    std::fs::write(at("cut.jpg"), &bytes[..bytes.len() / 2]).unwrap();
    let output = synopsia(&["mood", at("cut.jpg").to_str().unwrap()]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        complaint(&output).contains("truncated"),
        "{}",
        complaint(&output)
    );
    assert!(output.stdout.is_empty());

    // The same colours, in numbers of Display P3.
    let p3 = moxcms::ColorProfile::new_display_p3();
    let srgb = moxcms::ColorProfile::new_srgb();
    let (layout, options) = (moxcms::Layout::Rgb, moxcms::TransformOptions::default());
    let vivid = RgbImage::from_fn(320, 200, |x, y| {
        let blue = if x > 160 { 240 } else { 0 };
        Rgb([255 - (x / 2) as u8, (y / 4) as u8, blue])
    });
    vivid.save(at("srgb.png")).unwrap();
    let deep = DynamicImage::from(vivid).into_rgb16();
    let to_p3 = srgb.create_transform_16bit(layout, &p3, layout, options);
    let mut numbers = vec![0; deep.len()];
    to_p3.unwrap().transform(&deep, &mut numbers).unwrap();
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_ne_bytes()).collect();
    for (name, profile) in [("p3.png", Some(p3.encode().unwrap())), ("untold.png", None)] {
        let file = std::fs::File::create(at(name)).unwrap();
        let mut encoder = image::codecs::png::PngEncoder::new(file);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).unwrap();
        }
        let kind = image::ExtendedColorType::Rgb16;
        encoder.write_image(&bytes, 320, 200, kind).unwrap();
    }
    let [expected, told, untold] = ["srgb.png", "p3.png", "untold.png"].map(|n| mood(&at(n)));
    let off = |other: [f32; 2]| (0..2).map(|i| (expected[i] - other[i]).abs()).sum::<f32>();
    assert!(off(told) <= 0.041, "{expected:?}, {told:?}");
    assert!(
        off(untold) > 2.0 * off(told),
        "it tells nothing: {untold:?}"
    );
}

/// The checksum of a PNG chunk.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

#[test]
fn pictures_and_songs_are_matched_by_mood_whatever_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    painting(320, 200).save(path("warm.png")).unwrap();
    RgbImage::from_pixel(200, 200, Rgb([9, 12, 20]))
        .save(path("dark.png"))
        .unwrap();
    write_wav(&path("calm.wav"), 16_000, 1, &calm(16_000, 6.0));
    write_wav(&path("wild.wav"), 16_000, 1, &wild(16_000, 6.0));
    let folder = folder.path().to_str().unwrap();
    let table = path("pairs.json");
    let matched = |arguments: &[&str]| {
        let output = synopsia(&["match"]).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", complaint(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let said = matched(&[folder, "-o", table.to_str().unwrap()]);
    assert_eq!(said.lines().count(), 2 * 4 + 1, "{said}");
    let pairs: Value = serde_json::from_slice(&std::fs::read(&table).unwrap()).unwrap();
    let pairs = pairs["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 4);
    for pair in pairs {
        assert!((0.0..2.83).contains(&pair["distance"].as_f64().unwrap()));
    }
    let (song, picture) = (path("wild.wav"), path("warm.png"));
    let [song, picture] = [&song, &picture].map(|path| path.to_str().unwrap());
    assert_eq!(matched(&[song, picture]), matched(&[picture, song]));
    for (arguments, sentence) in [
        (vec![song], "there is no picture to be matched"),
        (vec![picture], "there is no song to be matched"),
        (vec![picture, song, "-o", "pairs.txt"], "does not end in"),
    ] {
        let output = synopsia(&["match"]).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(
            complaint(&output).contains(sentence),
            "{}",
            complaint(&output)
        );
    }
}

#[test]
fn a_slide_film_has_the_songs_length_and_its_pictures_and_what_cannot_be_one_is_said_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    painting(320, 200).save(path("warm.png")).unwrap();
    let dark = RgbImage::from_pixel(40, 200, Rgb([9, 12, 20]));
    dark.save(path("dark.png")).unwrap();
    for name in ["wild.wav", "second.wav"] {
        write_wav(Path::new(&path(name)), 16_000, 1, &wild(16_000, 4.0));
    }
    let film = |more: &[&str]| {
        let (warm, dark, film) = (path("warm.png"), path("dark.png"), path("film.mp4"));
        let fixed = [
            "match", &warm, &dark, "--size", "64x36", "--fps", "5", "--film", &film,
        ];
        synopsia(&[&fixed[..], more].concat()).output().unwrap()
    };
    let song = path("wild.wav");
    let said = film(&[&song]);
    assert!(said.status.success(), "{}", complaint(&said));
    assert!(
        complaint(&said).contains("film.mp4 shows one picture"),
        "{}",
        complaint(&said)
    );
    let written = std::fs::read(path("film.mp4")).unwrap();
    assert!(written.len() > 1000 && &written[4..8] == b"ftyp");
    let second = path("second.wav");
    for (more, sentence) in [
        (vec![&*song], "film.mp4"),
        (
            vec![&*song, &*second, "--force"],
            "a slide film is of one song, and 2 are named",
        ),
    ] {
        let said = film(&more);
        assert_eq!(said.status.code(), Some(1), "{}", complaint(&said));
        assert!(complaint(&said).contains(sentence), "{}", complaint(&said));
        assert!(said.stdout.is_empty(), "before the work");
    }
    assert_eq!(std::fs::read(path("film.mp4")).unwrap(), written);
}
