//! Encodes one picture while the next is painted.

use crate::output::Film;
use crate::render::Picture;
use crossbeam_channel::{Sender, bounded};
use std::sync::Arc;
use std::thread::JoinHandle;

/// Pictures that may wait to be encoded.
const WAITING: usize = 3;

/// A film whose pictures are encoded on a thread of their own.
pub(super) struct Encoder {
    pictures: Sender<Arc<Picture>>,
    thread: JoinHandle<Film>,
}

impl Encoder {
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(mut film: Film) -> std::io::Result<Self> {
        let (pictures, painted) = bounded::<Arc<Picture>>(WAITING);
        let thread = std::thread::Builder::new()
            .name("synopsia-encoding".into())
            .spawn(move || {
                // Why the film takes no more is told when it is finished.
                while let Ok(picture) = painted.recv()
                    && film.picture(&picture).is_ok()
                {}
                film
            })?;
        Ok(Self { pictures, thread })
    }

    /// Hands on a picture, when there is room. False when the film takes no more.
    pub(super) fn picture(&self, picture: &Arc<Picture>) -> bool {
        self.pictures.send(Arc::clone(picture)).is_ok()
    }

    /// The film with all its pictures; none where encoding panicked.
    pub(super) fn end(self) -> Option<Film> {
        drop(self.pictures);
        self.thread.join().ok()
    }
}
