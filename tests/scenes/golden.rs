//! Golden pictures: whether what is made looks as what was kept, and what to look at where it does not.

#[path = "difference.rs"]
mod difference;

pub use difference::Judge;

use difference::side_by_side;
use image::{DynamicImage, RgbImage};
use std::fs;
use std::path::{Path, PathBuf};

/// When set, pictures that are missing or have changed are kept instead of being complained of.
const BLESS: &str = "SYNOPSIA_BLESS";

/// Pictures that are kept, and how they are compared.
pub struct Golden {
    /// Where old, new and difference are put side by side.
    look: PathBuf,
    bless: bool,
    judge: Judge,
    pictures: usize,
    found: Vec<String>,
}

impl Golden {
    /// Those whose old, new and difference are put into the folder `name` of the build's.
    pub fn new(name: &str, judge: Judge) -> Self {
        // target/PROFILE/deps/TEST
        let test = std::env::current_exe().expect("a test's path");
        let look = test.ancestors().nth(3).expect("a target").join(name);
        // What lies there is of an earlier run.
        fs::remove_dir_all(&look).ok();
        fs::create_dir_all(&look).expect("a folder for looking at");
        Self {
            look,
            bless: std::env::var_os(BLESS).is_some(),
            judge,
            pictures: 0,
            found: Vec::new(),
        }
    }

    /// Compares the picture called `name` with the `kept` one.
    pub fn compare(&mut self, name: &str, kept: &Path, new: &RgbImage) {
        self.pictures += 1;
        let old = image::open(kept).ok().map(DynamicImage::into_rgb8);
        let problem = match &old {
            None => Some("there is no picture of it that can be read".to_owned()),
            Some(old) => self.judge.complaint(old, new),
        };
        let Some(problem) = problem else {
            return;
        };
        let look = self.look.join(format!("{name}.png"));
        let blank = RgbImage::new(new.width(), new.height());
        save(
            &side_by_side(old.as_ref().unwrap_or(&blank), new),
            &look,
            &self.judge,
        );
        if self.bless {
            save(new, kept, &self.judge);
        }
        let line = format!("{name}: {problem}; see {}", look.display());
        self.found.push(line);
    }

    /// Complains of what was found, or says what was done about it.
    pub fn end(self) {
        let (found, pictures) = (self.found, self.pictures);
        assert!(pictures > 0, "no picture was compared");
        if self.bless {
            eprintln!("{} of {pictures} pictures are new:", found.len());
            found.iter().for_each(|line| eprintln!("  {line}"));
            return;
        }
        assert!(
            found.is_empty(),
            "{} of {pictures} pictures have changed (old, new and difference lie side by side; if it \
             is meant, `make bless`):\n  {}",
            found.len(),
            found.join("\n  ")
        );
    }
}

fn save(picture: &RgbImage, path: &Path, judge: &Judge) {
    use image::ImageEncoder;
    use image::codecs::png::{CompressionType, FilterType, PngEncoder};
    let mut bytes = Vec::new();
    // What is drawn, flat and in few colours, is smallest as it is; what is painted is not.
    let filter = match judge {
        Judge::Whole => FilterType::Adaptive,
        Judge::Squares => FilterType::NoFilter,
    };
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, filter);
    let (width, height) = picture.dimensions();
    let encoded = encoder.write_image(picture, width, height, image::ExtendedColorType::Rgb8);
    encoded.expect("a picture can be encoded");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).expect("a folder can be made");
    }
    fs::write(path, bytes).expect("a picture can be written");
}
