//! Stills: the picture that is seen, kept as a PNG file when somebody asks for it.

use super::picture_sink::PictureSink;
use super::{Destination, FilmError};
use crate::render::{Picture, Pixels};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Stills that may be asked for at once, and that may wait to be written.
const WAITING: usize = 8;

/// Stills that one folder holds.
const MOST: u32 = 100_000;

/// Where a still is asked for.
#[derive(Clone, Debug)]
pub struct StillButton(Sender<PathBuf>);

impl StillButton {
    /// Has the next picture kept in `folder`. One that is asked for while too many are on their way is
    /// none.
    pub fn press(&self, folder: PathBuf) {
        let _ = self.0.try_send(folder);
    }
}

/// Takes the pictures that were asked for, and writes them on a thread of its own.
pub struct Stills {
    asked: Receiver<PathBuf>,
    taken: Sender<(PathBuf, Arc<Picture>)>,
}

impl Stills {
    /// A sink, and where a still is asked for. `told` gets each file's path, or why there is none.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(
        told: impl Fn(Result<PathBuf, String>) + Send + 'static,
    ) -> std::io::Result<(Self, StillButton)> {
        let (ask, asked) = bounded(WAITING);
        let (taken, to_write) = bounded::<(PathBuf, Arc<Picture>)>(WAITING);
        std::thread::Builder::new()
            .name("synopsia-stills".into())
            .spawn(move || {
                for (folder, picture) in to_write {
                    told(keep(&folder, &picture));
                }
            })?;
        Ok((Self { asked, taken }, StillButton(ask)))
    }
}

impl PictureSink for Stills {
    fn is_watching(&self, _: Instant) -> bool {
        !self.asked.is_empty()
    }

    fn show(&mut self, picture: &Arc<Picture>, _: u64) {
        if let Ok(folder) = self.asked.try_recv() {
            picture.fetch();
            let _ = self.taken.try_send((folder, Arc::clone(picture)));
        }
    }
}

/// Writes a picture into `folder`, under a name that is free.
fn keep(folder: &Path, picture: &Picture) -> Result<PathBuf, String> {
    let cannot = |why: String| format!("a still cannot go to {}: {why}", folder.display());
    std::fs::create_dir_all(folder).map_err(|e| cannot(e.to_string()))?;
    let pixels = picture.pixels().map_err(|e| cannot(e.to_string()))?;
    let bytes = png(pixels).map_err(|e| cannot(e.to_string()))?;
    for number in 1..MOST {
        let path = folder.join(format!("synopsia-{number:03}.png"));
        match Destination::check(&path, false) {
            Ok(free) => return free.write(&bytes).map_err(|e| e.to_string()),
            Err(FilmError::Exists(_)) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Err(cannot("it holds too many".to_owned()))
}

fn png(pixels: &Pixels) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let [width, height] = [pixels.width, pixels.height].map(|side| side as u32);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.write_header()?.write_image_data(&pixels.rgba)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn picture(grey: u8) -> Arc<Picture> {
        let mut pixels = Pixels::black([4, 2]);
        for pixel in pixels.rgba.chunks_mut(4) {
            pixel[..3].fill(grey);
        }
        Arc::new(pixels.into())
    }

    #[test]
    fn each_press_keeps_the_next_picture_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("new");
        let (tell, told) = bounded(WAITING);
        let (mut stills, button) = Stills::new(move |kept| tell.send(kept).unwrap()).unwrap();
        let now = Instant::now();
        assert!(!stills.is_watching(now));
        stills.show(&picture(1), 0);
        let mut kept = |grey| {
            button.press(place.clone());
            assert!(stills.is_watching(now));
            stills.show(&picture(grey), 0);
            stills.show(&picture(1), 0);
            assert!(!stills.is_watching(now));
            told.recv_timeout(Duration::from_secs(30))
                .expect("an answer")
        };
        let [first, second] = [kept(90).unwrap(), kept(200).unwrap()];
        assert_eq!(first, place.join("synopsia-001.png"));
        assert_eq!(second, place.join("synopsia-002.png"));
        for (path, grey) in [(first, 90), (second, 200)] {
            let read = image::open(&path).unwrap().into_rgba8();
            assert_eq!(read.dimensions(), (4, 2));
            assert!(
                read.pixels()
                    .all(|pixel| pixel.0 == [grey, grey, grey, 255])
            );
        }
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 2);

        let file = folder.path().join("file");
        std::fs::write(&file, "no folder").unwrap();
        button.press(file.clone());
        stills.show(&picture(7), 0);
        let said = told
            .recv_timeout(Duration::from_secs(30))
            .unwrap()
            .unwrap_err();
        let begins = format!("a still cannot go to {}: ", file.display());
        assert!(said.starts_with(&begins), "{said}");
    }
}
