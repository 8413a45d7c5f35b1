//! A film shows the colours that were painted, in whatever codec, to a player that believes its tags.

use std::path::Path;
use std::process::Command;
use synopsia::media::song::SongReader;
use synopsia::output::{Codec, EncodeError, Film, FilmError, FilmQuality, FilmSpec, Fps, Sound};
use synopsia::render::Pixels;

/// Pixels of a patch's side: codecs smear colours over a few.
const PATCH: usize = 32;

/// Colours on which the matrices of BT.601 and BT.709, full and limited range, differ most; and
/// greys, on which none may.
const COLOURS: [[u8; 3]; 8] = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [200, 100, 40],
    [40, 160, 200],
    [0, 0, 0],
    [128, 128, 128],
    [255, 255, 255],
];

fn patches() -> Pixels {
    let (width, height) = (4 * PATCH, 2 * PATCH);
    let colour = |x: usize, y: usize| COLOURS[x / PATCH + 4 * (y / PATCH)];
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgba = rows.flat_map(|(x, y)| {
        let [r, g, b] = colour(x, y);
        [r, g, b, 255]
    });
    Pixels {
        width,
        height,
        rgba: rgba.collect(),
    }
}

/// The largest difference in the middle of any patch of a film's second picture.
fn difference(film: &Path) -> u8 {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(film);
    command.args(["-map", "0:v", "-vf", "select=eq(n\\,1)", "-frames:v", "1"]);
    let output = command
        .args(["-sws_flags", "accurate_rnd+full_chroma_int"])
        .args(["-pix_fmt", "rgb24", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    let rgb = output.stdout;
    assert_eq!(rgb.len(), 8 * PATCH * PATCH * 3, "{}", film.display());
    let differences = (0..8).flat_map(|patch| {
        let (x, y) = (PATCH * (patch % 4), PATCH * (patch / 4));
        let at = 3 * ((y + PATCH / 2) * 4 * PATCH + x + PATCH / 2);
        let seen: Vec<u8> = rgb[at..at + 3].to_vec();
        (0..3).map(move |i| seen[i].abs_diff(COLOURS[patch][i]))
    });
    differences.max().unwrap()
}

fn has_ffmpeg() -> bool {
    Command::new("ffmpeg").arg("-version").output().is_ok()
}

/// What ffprobe says of the pictures.
fn tags(film: &Path) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v", "-show_entries"])
        .arg("stream=color_space,color_transfer,color_primaries")
        .args(["-of", "csv=p=0"])
        .arg(film)
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn every_codec_in_every_container_shows_the_colours_that_were_painted() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tone = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media/tone.flac");
    for codec in Codec::ALL {
        // Lossless; ten or twelve bits; eight bits, and blocks of two colours.
        let (most, tagged) = match codec {
            Codec::Png => (0, None),
            Codec::Ffv1 => (0, Some("gbr,iec61966-2-1,bt709")),
            Codec::Hap => (6, Some("gbr,iec61966-2-1,bt709")),
            Codec::ProRes => (1, Some("bt709,bt709,bt709")),
            Codec::H264 | Codec::X264 | Codec::H265 => (3, Some("bt709,bt709,bt709")),
        };
        for extension in codec.extensions() {
            for heard in [false, true] {
                let name = format!("{codec}-{heard}.{extension}");
                let path = folder.path().join(name);
                let spec = FilmSpec {
                    quality: FilmQuality::Best,
                    ..FilmSpec::new(path, 4 * PATCH, 2 * PATCH, Fps::new(2, 1).unwrap(), codec)
                };
                let sound = heard.then(|| SongReader::open(&tone).unwrap());
                let sound = sound.map(|song| Sound::new(song, 0.0, None).unwrap());
                let mut film = match Film::create(&spec, sound) {
                    Ok(film) => film,
                    // Some builds of ffmpeg lack some encoders.
                    Err(FilmError::Encode(EncodeError::NoEncoder { .. })) => continue,
                    Err(error) => panic!("{codec}: {error}"),
                };
                film.picture(&patches().into()).unwrap();
                film.picture(&patches().into()).unwrap();
                let made = film.finish().unwrap().path;
                if codec == Codec::Png {
                    let second = made.with_file_name(format!("{codec}-{heard}_000001.png"));
                    assert_eq!(png_difference(&second), 0);
                    continue;
                }
                let off = difference(&made);
                assert!(off <= most, "{}: off by {off}", made.display());
                assert_eq!(Some(tags(&made).as_str()), tagged, "{}", made.display());
                let bytes = std::fs::read(&made).unwrap();
                let container = match *extension {
                    "mkv" => [0x55, 0xb0].as_slice(),
                    _ => b"colr",
                };
                let told = bytes.windows(container.len()).any(|at| at == container);
                assert!(told, "the container of {} tells no colours", made.display());
            }
        }
    }
}

/// The same for a picture, which says that it is sRGB.
fn png_difference(picture: &Path) -> u8 {
    let file = std::io::BufReader::new(std::fs::File::open(picture).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    assert!(
        reader.info().srgb.is_some(),
        "it does not say that it is sRGB"
    );
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut rgb).unwrap();
    let painted = patches().rgba;
    let painted = painted.chunks_exact(4).flat_map(|pixel| &pixel[..3]);
    let off = rgb.iter().zip(painted).map(|(a, b)| a.abs_diff(*b));
    off.max().unwrap()
}
