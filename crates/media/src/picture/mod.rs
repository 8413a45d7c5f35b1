//! A picture's file to what one sees: upright, in sRGB, on white where it is transparent.

mod colours;
mod jpeg;
mod webp;

use image::codecs::tiff::TiffDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use jpeg::Fault;
use std::fs;
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

/// Larger pictures are refused: what a decoder may take, bytes.
const MOST_MEMORY: u64 = 2 << 30;
/// Larger files are refused, bytes.
const MOST_FILE: u64 = 1 << 30;

/// Endings of the files in a folder that count as pictures.
const EXTENSIONS: [&str; 9] = [
    "jpg", "jpeg", "png", "webp", "gif", "tif", "tiff", "bmp", "jfif",
];

/// The pictures in a folder, by name and known by their endings; what is hidden is none.
///
/// # Errors
/// When the folder cannot be read.
pub fn in_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let file = entry?.path();
        let hidden = file.file_name().unwrap_or_default();
        let hidden = hidden.as_encoded_bytes().starts_with(b".");
        if !hidden && is_named_like_one(&file) && file.is_file() {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file is named as pictures are.
pub fn is_named_like_one(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    EXTENSIONS
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// Whether a file is a picture, by its first bytes.
///
/// # Errors
/// When it is none.
pub fn is_one(path: &Path) -> Result<(), String> {
    let guessed = ImageReader::open(path).and_then(ImageReader::with_guessed_format);
    match guessed.map(|reader| reader.format()) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(no_picture(path)),
        Err(error) => Err(format!("{} could not be read: {error}", path.display())),
    }
}

fn no_picture(path: &Path) -> String {
    let name = path.display();
    format!(
        "{name} is not a picture of a kind that Synopsia reads (JPEG, PNG, WebP, GIF, TIFF, BMP)"
    )
}

/// Decodes a picture; beside it what its colours leave in doubt, if anything.
///
/// # Errors
/// When it is no picture, damaged, truncated or too large, in one sentence.
pub fn open(path: &Path) -> Result<(RgbImage, Option<String>), String> {
    let name = path.display();
    let unreadable = |error: std::io::Error| format!("{name} could not be read: {error}");
    if path.is_dir() {
        return Err(format!("{name} is a folder"));
    }
    let too_large = || {
        let most = MOST_MEMORY >> 20;
        format!("{name} is too large a picture: it would take more than {most} MB")
    };
    let about = path.metadata().map_err(unreadable)?;
    // A pipe would be waited for.
    if !about.is_file() {
        return Err(format!("{name} is not a file"));
    }
    if about.len() > MOST_FILE {
        return Err(too_large());
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let mut reader = ImageReader::new(Cursor::new(&bytes))
        .with_guessed_format()
        .map_err(unreadable)?;
    let format = reader.format().ok_or_else(|| no_picture(path))?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let damaged = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => too_large(),
        error => format!("{name} is damaged or of a kind that is not supported: {error}"),
    };
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(too_large());
    }
    // What is missing or nonsense these decoders paint in any colour, without a word.
    let fault = match format {
        ImageFormat::Jpeg => jpeg::check(&bytes).err(),
        ImageFormat::WebP if webp::has_idle_data(&bytes) => Some(Fault::Damaged),
        _ => None,
    };
    match fault {
        Some(Fault::Truncated) => {
            return Err(format!(
                "{name} is truncated: the end of the picture is missing"
            ));
        }
        Some(Fault::Damaged) => {
            return Err(format!(
                "{name} is damaged: a part of the picture is missing or cannot be made out"
            ));
        }
        None => {}
    }
    let orientation = decoder.orientation().map_err(damaged)?;
    // A profile that cannot be got at is one that cannot be read.
    let embedded = match format {
        // Within limits it takes no profile that is larger than the picture.
        ImageFormat::Tiff => {
            TiffDecoder::new(Cursor::new(&bytes)).and_then(|mut d| d.icc_profile())
        }
        _ => decoder.icc_profile(),
    };
    let embedded = embedded.unwrap_or(Some(Vec::new()));
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    if picture.width() == 0 || picture.height() == 0 {
        return Err(format!("{name} has no pixels"));
    }
    let (picture, doubt) = match colours::of(format, &bytes, embedded) {
        Ok(None) => (picture, None),
        Ok(Some(space)) => colours::to_srgb(picture, &space),
        Err(doubt) => (picture, Some(doubt)),
    };
    Ok((on_white(picture), doubt))
}

fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [r, g, b, alpha] = picture.get_pixel(x, y).0.map(u32::from);
        Rgb([r, g, b].map(|c| ((c * alpha + 255 * (255 - alpha) + 127) / 255) as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::codecs::png::PngEncoder;
    use image::codecs::tiff::TiffEncoder;
    use image::codecs::webp::WebPEncoder;
    use image::{ExtendedColorType, ImageEncoder};
    use moxcms::ColorProfile;

    const SIDE: u32 = 24;

    /// sRGB's red, as Display P3 has it.
    const RED_IN_P3: [u8; 3] = [234, 51, 35];
    const RED: [u8; 3] = [255, 0, 0];

    /// Where the first chunk after a PNG's header is.
    const AFTER_HEADER: usize = 33;

    /// The checksum of a PNG chunk.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 }
            })
        })
    }

    fn flat(colour: &[u8]) -> Vec<u8> {
        colour.repeat((SIDE * SIDE) as usize)
    }

    /// A PNG of one colour, with the chunks that `tell` sets.
    fn png(colour: &[u8], kind: png::ColorType, tell: impl FnOnce(&mut png::Info)) -> Vec<u8> {
        let mut info = png::Info::with_size(SIDE, SIDE);
        info.color_type = kind;
        tell(&mut info);
        let mut bytes = Vec::new();
        let encoder = png::Encoder::with_info(&mut bytes, info).unwrap();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&flat(colour)).unwrap();
        writer.finish().unwrap();
        bytes
    }

    /// The colour in the middle of the picture that `bytes` are, and what is in doubt.
    fn seen(folder: &Path, bytes: &[u8]) -> ([u8; 3], Option<String>) {
        let path: PathBuf = folder.join("picture");
        fs::write(&path, bytes).unwrap();
        let (picture, doubt) = open(&path).unwrap();
        (picture.get_pixel(SIDE / 2, SIDE / 2).0, doubt)
    }

    fn near(a: [u8; 3], b: [u8; 3], most: u8) -> bool {
        a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= most)
    }

    #[test]
    fn an_embedded_profile_is_honoured_in_every_kind_of_file() {
        let folder = tempfile::tempdir().unwrap();
        let profile = ColorProfile::new_display_p3().encode().unwrap();
        let pixels = flat(&RED_IN_P3);
        macro_rules! file {
            ($encoder:expr) => {{
                let mut encoder = $encoder;
                encoder.set_icc_profile(profile.clone()).unwrap();
                let kind = ExtendedColorType::Rgb8;
                encoder.write_image(&pixels, SIDE, SIDE, kind).unwrap();
            }};
        }
        let mut files = [const { Vec::new() }; 4];
        file!(PngEncoder::new(&mut files[0]));
        file!(JpegEncoder::new_with_quality(&mut files[1], 100));
        file!(WebPEncoder::new_lossless(&mut files[2]));
        file!(TiffEncoder::new(Cursor::new(&mut files[3])));
        for (i, bytes) in files.iter().enumerate() {
            let (colour, doubt) = seen(folder.path(), bytes);
            assert!(near(colour, RED, 3), "{i}: {colour:?}, {doubt:?}");
            assert_eq!(doubt, None);
        }
    }

    #[test]
    fn the_chunks_of_png_that_tell_colours_are_honoured() {
        let folder = tempfile::tempdir().unwrap();
        let rgb = png::ColorType::Rgb;
        let of = |bytes: &[u8]| seen(folder.path(), bytes).0;
        let p3 = |x: f32, y: f32| (x, y);
        let gamma = |info: &mut png::Info, gamma| {
            let value = png::ScaledFloat::new(gamma);
            (info.gama_chunk, info.source_gamma) = (Some(value), Some(value));
        };
        let told = png(&RED_IN_P3, rgb, |info| {
            let chromaticities = png::SourceChromaticities::new(
                p3(0.3127, 0.329),
                p3(0.68, 0.32),
                p3(0.265, 0.69),
                p3(0.15, 0.06),
            );
            info.chrm_chunk = Some(chromaticities);
            info.source_chromaticities = Some(chromaticities);
            gamma(info, 0.45455);
        });
        assert!(near(of(&told), RED, 2), "chromaticities: {:?}", of(&told));
        // Primaries of P3, curve of sRGB, in numbers (ITU-T H.273).
        let mut told = png(&RED_IN_P3, rgb, |_| ());
        let chunk = [b"cICP".as_slice(), &[12, 13, 0, 1]].concat();
        let whole = [
            &4u32.to_be_bytes()[..],
            &chunk,
            &crc32(&chunk).to_be_bytes(),
        ]
        .concat();
        told.splice(AFTER_HEADER..AFTER_HEADER, whole);
        assert!(near(of(&told), RED, 2), "code points: {:?}", of(&told));
        // Linear light: half of it is 188 in sRGB.
        let linear = png(&[128; 3], rgb, |info| gamma(info, 1.0));
        assert!(near(of(&linear), [188; 3], 1), "gamma: {:?}", of(&linear));
        let plain = png(&RED_IN_P3, rgb, |_| ());
        assert_eq!(of(&plain), RED_IN_P3);
    }

    #[test]
    fn a_grey_profile_is_honoured_and_one_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let grey = png::ColorType::Grayscale;
        let profile = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
        let linear = png(&[128], grey, |info| info.icc_profile = Some(profile.into()));
        let (colour, doubt) = seen(folder.path(), &linear);
        assert!(near(colour, [188; 3], 2) && doubt.is_none(), "{colour:?}");
        let nonsense = vec![7; 200];
        let odd = png(&[128], grey, |info| {
            info.icc_profile = Some(nonsense.into())
        });
        let (colour, doubt) = seen(folder.path(), &odd);
        assert_eq!(colour, [128; 3]);
        assert!(doubt.unwrap().contains("cannot be read"));
    }

    #[test]
    fn what_is_cut_off_is_refused_in_every_kind_of_file() {
        let folder = tempfile::tempdir().unwrap();
        let noise = |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8;
        let pixels: Vec<u8> = (0..3 * 64 * 64).map(noise).collect();
        let picture = DynamicImage::from(RgbImage::from_raw(64, 64, pixels).unwrap());
        for format in [
            ImageFormat::Jpeg,
            ImageFormat::Png,
            ImageFormat::Gif,
            ImageFormat::Bmp,
            ImageFormat::Tiff,
            ImageFormat::WebP,
        ] {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).unwrap();
            let bytes = bytes.into_inner();
            let path = folder.path().join("picture");
            fs::write(&path, &bytes).unwrap();
            assert!(open(&path).is_ok(), "{format:?}");
            for part in [3, 2] {
                fs::write(&path, &bytes[..bytes.len() * (part - 1) / part]).unwrap();
                assert!(open(&path).is_err(), "{format:?}");
            }
        }
    }
}
