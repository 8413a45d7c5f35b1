//! Numbered PNG pictures, and a WAV beside them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::codec::extension;
use super::draft::{Draft, folder_of};
use super::film::{Sink, Written};
use super::sound::{Accepts, Feed};
use super::wav::Wav;
use super::{FilmError, FilmSpec, Fps, Sound};

/// WAV takes any rate and any channels.
const ACCEPTS: Accepts = Accepts {
    rates: &[],
    channels: usize::MAX,
};

/// Pictures being written: each is at its place at once.
pub(super) struct PngSequence {
    place: Place,
    size: (u32, u32),
    fps: Fps,
    force: bool,
    sound: Option<(Feed, Wav, Draft)>,
    /// Number of the first picture, and of the next.
    first: u64,
    next: u64,
    bytes: u64,
    /// Whether what was written is to be kept.
    kept: bool,
    /// The folder, if it was made for these pictures.
    made: Option<PathBuf>,
    rgb: Vec<u8>,
    samples: Vec<f32>,
}

/// Where the pictures and the sound go.
struct Place {
    folder: PathBuf,
    /// `film` in `film_000000.png`.
    stem: String,
    /// The WAV.
    sound: PathBuf,
}

impl Place {
    fn of(path: &Path) -> Self {
        if extension(path).is_none() || path.is_dir() {
            return Self {
                folder: path.to_path_buf(),
                stem: "picture".to_string(),
                sound: path.join("sound.wav"),
            };
        }
        let stem = path.file_stem().unwrap_or_default();
        Self {
            folder: path.parent().unwrap_or(Path::new("")).to_path_buf(),
            stem: stem.to_string_lossy().into_owned(),
            sound: path.with_extension("wav"),
        }
    }

    fn picture(&self, number: u64) -> PathBuf {
        self.folder.join(format!("{}_{number:06}.png", self.stem))
    }
}

impl PngSequence {
    pub(super) fn create(spec: &FilmSpec, sound: Option<Sound>) -> Result<Self, FilmError> {
        let place = Place::of(&spec.path);
        folder_of(&spec.path)?;
        let mut made = None;
        if extension(&spec.path).is_none() && !place.folder.exists() {
            fs::create_dir(&place.folder).map_err(|source| FilmError::Create {
                path: place.folder.clone(),
                source,
            })?;
            made = Some(place.folder.clone());
        }
        let first = spec.first_picture;
        if !spec.force && place.picture(first).exists() {
            return Err(FilmError::Exists(place.picture(first)));
        }
        let mut sequence = Self {
            size: (spec.width as u32, spec.height as u32),
            fps: spec.fps,
            force: spec.force,
            sound: None,
            first,
            next: first,
            bytes: 0,
            kept: false,
            made,
            rgb: Vec::new(),
            samples: Vec::new(),
            place,
        };
        if let Some(sound) = sound {
            let feed = Feed::new(sound, ACCEPTS)?;
            let mut draft = Draft::create(&sequence.place.sound, spec.force)?;
            let file = draft.file().try_clone().map_err(FilmError::Write)?;
            let channels = feed.channels() as u16;
            let wav = Wav::create(file, feed.rate(), channels).map_err(FilmError::Write)?;
            sequence.sound = Some((feed, wav, draft));
        }
        Ok(sequence)
    }

    fn write_picture(&self, path: &Path) -> io::Result<u64> {
        let mut options = OpenOptions::new();
        options.write(true);
        let file = if self.force {
            options.create(true).truncate(true).open(path)?
        } else {
            options.create_new(true).open(path)?
        };
        let written = self.encode(&file);
        if written.is_err() {
            // Half a picture is none. If even that fails, the first error says more.
            let _ = fs::remove_file(path);
        }
        written?;
        Ok(file.metadata()?.len())
    }

    fn encode(&self, file: &File) -> io::Result<()> {
        let mut encoder = png::Encoder::new(BufWriter::new(file), self.size.0, self.size.1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(())
    }
}

impl Sink for PngSequence {
    fn picture(&mut self, rgba: &[u8]) -> Result<(), FilmError> {
        self.rgb.clear();
        self.rgb.extend(
            rgba.chunks_exact(4)
                .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]),
        );
        let path = self.place.picture(self.next);
        self.bytes += self.write_picture(&path).map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => FilmError::Exists(path),
            _ => FilmError::Write(e),
        })?;
        self.next += 1;
        if let Some((feed, wav, _)) = &mut self.sound {
            self.samples.clear();
            let end = self.fps.samples(self.next - self.first, feed.rate());
            feed.up_to(end, &mut self.samples)?;
            wav.write(&self.samples).map_err(FilmError::Write)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Written, FilmError> {
        if self.next == self.first {
            return Err(FilmError::NoPictures);
        }
        let mut warnings = Vec::new();
        // The pictures are worth keeping even when the sound fails.
        self.kept = true;
        if let Some((feed, wav, draft)) = self.sound.take() {
            warnings = feed.warnings();
            self.bytes += wav.finish().map_err(FilmError::Write)?;
            draft.finish()?;
        }
        Ok(Written {
            path: self.place.picture(self.first),
            pictures: self.next - self.first,
            bytes: self.bytes,
            warnings,
            cut: None,
        })
    }
}

impl Drop for PngSequence {
    /// Takes back the pictures of a film that was given up.
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // What cannot be removed stays; there is nobody to tell.
        for number in self.first..self.next {
            let _ = fs::remove_file(self.place.picture(number));
        }
        self.sound = None;
        if let Some(folder) = &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}
