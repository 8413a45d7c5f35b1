//! Golden pictures: how scenes looked when a person last looked at them.
//!
//! A folder beside this file is a scene: `scene.json` says what is on stage (`description.rs` has its
//! fields), `expected.png` how that looks on the processor. A new folder needs no code: `make bless`
//! paints what is missing, and paints anew what has changed, for a person to look at.

mod description;
mod difference;

use description::Description;
use difference::{Difference, side_by_side};
use image::RgbImage;
use std::fs;
use std::path::{Path, PathBuf};

/// When set, pictures that are missing or have changed are kept instead of being complained of.
const BLESS: &str = "SYNOPSIA_BLESS";

/// The scenes by name.
fn scenes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenes");
    let entries = fs::read_dir(folder).expect("a folder of scenes");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Where old, new and difference are put side by side.
fn for_looking_at() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("scenes")
}

/// What is wrong with the scene in `folder`, if anything; with `bless`, what was done about it.
fn complaint(folder: &Path, bless: bool) -> Option<String> {
    let name = folder.file_name()?.to_string_lossy();
    let new = match Description::read(&folder.join("scene.json")) {
        Ok(description) => description.paint(),
        Err(problem) => panic!("{name}: {problem}"),
    };
    let kept = folder.join("expected.png");
    let old = image::open(&kept).ok().map(|picture| picture.into_rgb8());
    let problem = match &old {
        None => "there is no expected.png that can be read".to_owned(),
        Some(old) => Difference::between(old, &new).complaint()?,
    };
    let look = for_looking_at().join(format!("{name}.png"));
    let blank = RgbImage::new(new.width(), new.height());
    save(&side_by_side(old.as_ref().unwrap_or(&blank), &new), &look);
    if bless {
        save(&new, &kept);
    }
    Some(format!("{name}: {problem}; see {}", look.display()))
}

fn save(picture: &RgbImage, path: &Path) {
    use image::ImageEncoder;
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let mut bytes = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    let (width, height) = picture.dimensions();
    let encoded = encoder.write_image(picture, width, height, image::ExtendedColorType::Rgb8);
    encoded.expect("a picture can be encoded");
    fs::write(path, bytes).expect("a picture can be written");
}

#[test]
fn every_scene_looks_as_it_did_when_it_was_blessed() {
    let bless = std::env::var_os(BLESS).is_some();
    let look = for_looking_at();
    // What lies there is of an earlier run.
    fs::remove_dir_all(&look).ok();
    fs::create_dir_all(&look).expect("a folder for looking at");
    let scenes = scenes();
    let found: Vec<String> = scenes.iter().filter_map(|f| complaint(f, bless)).collect();
    if bless {
        eprintln!("{} of {} scenes are new:", found.len(), scenes.len());
        found.iter().for_each(|line| eprintln!("  {line}"));
        return;
    }
    assert!(!scenes.is_empty(), "no scene was found");
    assert!(
        found.is_empty(),
        "{} of {} scenes have changed (old, new and difference lie side by side; if it is meant, \
         `make bless`):\n  {}",
        found.len(),
        scenes.len(),
        found.join("\n  ")
    );
}
