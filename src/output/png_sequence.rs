//! Numbered PNG pictures, and a WAV beside them.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use super::atomic_file::{AtomicFile, Replacement};
use super::claim::Claim;
use super::numbered::Numbered;
use super::place::{folder_of, place_of};
use super::sink::{Sink, Written};
use super::{FilmError, FilmSpec};
use crate::media::film::{Accepts, EncodeError, Feed, Fps, Sound, Wav, plain};

/// WAV takes any rate and any channels.
const ACCEPTS: Accepts = Accepts {
    rates: &[],
    channels: usize::MAX,
    nameless: true,
};

/// Pictures being written: each is at its place at once, unless it replaces another. Those wait
/// beside it until the end, so that pictures which are given up cost no old ones.
pub(super) struct PngSequence {
    place: Numbered,
    size: (u32, u32),
    fps: Fps,
    force: bool,
    sound: Option<(Feed, Wav, AtomicFile)>,
    /// Number of the first picture, and of the next.
    first: u64,
    next: u64,
    bytes: u64,
    /// Pictures at their places, to be taken back unless they are kept.
    placed: Vec<PathBuf>,
    replacements: Vec<Replacement>,
    /// The folder, if it was made for these pictures.
    made: Option<PathBuf>,
    /// Keeps others from the pictures' names.
    claim: Option<Claim>,
    rgb: Vec<u8>,
    samples: Vec<f32>,
}

/// How many films may be written to one place at once.
const AT_ONCE: u32 = 100;

impl PngSequence {
    pub(super) fn create(spec: &FilmSpec, sound: Option<Sound>) -> Result<Self, FilmError> {
        let place = Numbered::of(&spec.path, spec.first_picture);
        folder_of(&spec.path)?;
        let mut made = None;
        if place.folder == spec.path && !place.folder.exists() {
            match fs::create_dir(&place.folder) {
                Ok(()) => made = Some(place.folder.clone()),
                // Another film has begun here.
                Err(_) if place.folder.is_dir() => {}
                Err(source) => {
                    let path = place.folder;
                    return Err(FilmError::Create { path, source });
                }
            }
        }
        let claimed = Self::claimed(place, spec.force);
        let (place, claim) = claimed.inspect_err(|_| remove_folder(made.as_deref()))?;
        let first = spec.first_picture;
        let mut sequence = Self {
            size: (spec.width as u32, spec.height as u32),
            fps: spec.fps,
            force: spec.force,
            sound: None,
            first,
            next: first,
            bytes: 0,
            placed: Vec::new(),
            replacements: Vec::new(),
            made,
            claim: Some(claim),
            rgb: Vec::new(),
            samples: Vec::new(),
            place,
        };
        if let Some(sound) = sound {
            let feed = Feed::new(sound, ACCEPTS)?;
            let mut draft = AtomicFile::create(&sequence.place.sound(), spec.force)?;
            let file = draft.file().try_clone().map_err(EncodeError::Write)?;
            let wav = Wav::create(file, feed.rate(), feed.layout()).map_err(EncodeError::Write)?;
            sequence.sound = Some((feed, wav, draft));
        }
        Ok(sequence)
    }

    /// The place, or one beside it while another film is written there; and what keeps others from
    /// it.
    fn claimed(place: Numbered, force: bool) -> Result<(Numbered, Claim), FilmError> {
        for number in 1..AT_ONCE {
            let here = place.beside(number);
            let picture = here.picture(here.first);
            let claim = Claim::take(here.claim()).map_err(|source| FilmError::Create {
                path: picture.clone(),
                source,
            })?;
            let Some(claim) = claim else {
                continue;
            };
            match place_of(&picture, force) {
                Ok(_) => return Ok((here, claim)),
                // Of a film that was written beside this place and is done.
                Err(FilmError::Exists(_)) if number > 1 => {}
                Err(error) => return Err(error),
            }
        }
        Err(FilmError::Exists(place.picture(place.first)))
    }

    fn write_picture(&mut self) -> Result<(), FilmError> {
        let path = self.place.picture(self.next);
        let there = place_of(&path, self.force);
        let draft = there.and_then(|there| AtomicFile::at(&path, there, self.force));
        let mut draft = draft.map_err(|error| match error {
            // The pictures so far are a film.
            FilmError::Create { source, .. } => EncodeError::Write(source).into(),
            other => other,
        })?;
        let file = draft.file();
        self.encode(file).map_err(EncodeError::Write)?;
        self.bytes += file.metadata().map_err(EncodeError::Write)?.len();
        if path.symlink_metadata().is_ok() {
            self.replacements.push(draft.close());
        } else {
            self.placed.push(draft.finish()?);
        }
        self.next += 1;
        Ok(())
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
        self.write_picture()?;
        if let Some((feed, wav, _)) = &mut self.sound {
            self.samples.clear();
            let end = self.fps.samples(self.next - self.first, feed.rate());
            feed.up_to(end, &mut self.samples)?;
            wav.write(&self.samples).map_err(EncodeError::Write)?;
        }
        Ok(())
    }

    fn sound_ahead(&self) -> u64 {
        self.sound.as_ref().map_or(0, |(feed, ..)| feed.ahead())
    }

    fn finish(mut self: Box<Self>) -> Result<Written, FilmError> {
        if self.next == self.first {
            return Err(EncodeError::NoPictures.into());
        }
        let mut warnings = Vec::new();
        // The pictures are worth keeping even when the sound fails.
        self.placed.clear();
        for replacement in self.replacements.drain(..) {
            replacement.finish()?;
        }
        let mut cut = None;
        if let Some((feed, wav, draft)) = self.sound.take() {
            warnings = feed.warnings();
            match wav.finish() {
                Ok(bytes) => {
                    self.bytes += bytes;
                    draft.finish()?;
                }
                Err(source) => cut = Some(plain(&source)),
            }
        }
        Ok(Written {
            path: self.place.picture(self.first),
            pictures: self.next - self.first,
            bytes: self.bytes,
            warnings,
            cut,
        })
    }
}

impl Drop for PngSequence {
    /// Takes back the pictures of a film that was given up.
    fn drop(&mut self) {
        // What cannot be removed stays; there is nobody to tell.
        for path in &self.placed {
            let _ = fs::remove_file(path);
        }
        self.sound = None;
        self.claim = None;
        remove_folder(self.made.as_deref());
    }
}

/// Takes away a folder that was made in vain; one that holds something stays.
fn remove_folder(folder: Option<&Path>) {
    if let Some(folder) = folder {
        let _ = fs::remove_dir(folder);
    }
}
