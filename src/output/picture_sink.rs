//! Places that pictures go to.
//!
//! A [`PictureSink`] is one: an output window, a recording, an editor's preview, stills on a disk.
//! [`Sinks`] is the list of them; whoever makes pictures asks it whether anybody wants one, and of
//! which size, and shows it there. Another place is another file with another sink.

use crate::gpu::GpuContext;
use crate::render::Picture;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Somewhere that pictures go. Nothing here may wait: it is called between two pictures.
pub trait PictureSink: Send {
    /// Pixels across and down of the pictures that it wants; none where any will do.
    fn wanted_size(&self) -> Option<[usize; 2]> {
        None
    }

    /// Whether it wants pictures at this moment. While no sink does, none are made.
    fn is_watching(&self, now: Instant) -> bool;

    /// Takes the newest picture. `position` is where the music is, in samples since activation; a
    /// picture that is frozen is of an earlier one, and comes again.
    fn show(&mut self, picture: &Arc<Picture>, position: u64);

    /// Pictures are made with this card from now on, or with none.
    fn draw_with(&mut self, _card: Option<&Arc<GpuContext>>) {}

    /// What is wrong with it, in a sentence. The same one may be said again.
    fn trouble(&mut self) -> Option<String> {
        None
    }

    /// Whether it is still there. One that is not is let go.
    fn is_open(&self) -> bool {
        true
    }
}

/// By which a sink is taken off the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinkId(u64);

/// All that pictures go to.
#[derive(Default)]
pub struct Sinks {
    next: AtomicU64,
    list: Mutex<Vec<(SinkId, Box<dyn PictureSink>)>>,
}

impl Sinks {
    /// Shows pictures there, too, from now on.
    pub fn add(&self, sink: impl PictureSink + 'static) -> SinkId {
        let id = SinkId(self.next.fetch_add(1, Ordering::Relaxed));
        self.list.lock().push((id, Box::new(sink)));
        id
    }

    /// Shows no more pictures there.
    pub fn remove(&self, id: SinkId) {
        let mut list = self.list.lock();
        let found = list.iter().position(|(other, _)| *other == id);
        let gone = found.map(|index| list.remove(index));
        // What ends with it takes its time outside the lock.
        drop(list);
        drop(gone);
    }

    /// The size that the first sink that wants a certain one wants.
    pub fn wanted_size(&self) -> Option<[usize; 2]> {
        let list = self.list.lock();
        list.iter().find_map(|(_, sink)| sink.wanted_size())
    }

    /// Whether anybody wants a picture.
    pub fn is_watching(&self, now: Instant) -> bool {
        let list = self.list.lock();
        list.iter().any(|(_, sink)| sink.is_watching(now))
    }

    /// Shows a picture to everybody.
    pub fn show(&self, picture: &Arc<Picture>, position: u64) {
        for (_, sink) in self.list.lock().iter_mut() {
            sink.show(picture, position);
        }
    }

    /// Tells everybody by which card pictures are made.
    pub fn draw_with(&self, card: Option<&Arc<GpuContext>>) {
        for (_, sink) in self.list.lock().iter_mut() {
            sink.draw_with(card);
        }
    }

    /// Lets go of sinks that are not there any more; what is wrong with any of them.
    pub fn tidy(&self) -> Vec<String> {
        let mut list = self.list.lock();
        let troubles = list.iter_mut().filter_map(|(_, sink)| sink.trouble());
        let troubles = troubles.collect();
        let gone: Vec<_> = list.extract_if(.., |(_, sink)| !sink.is_open()).collect();
        drop(list);
        drop(gone);
        troubles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts what it is shown.
    struct Counting {
        seen: Arc<AtomicU64>,
        size: Option<[usize; 2]>,
        open: bool,
    }

    impl PictureSink for Counting {
        fn wanted_size(&self) -> Option<[usize; 2]> {
            self.size
        }

        fn is_watching(&self, _: Instant) -> bool {
            self.open
        }

        fn show(&mut self, _: &Arc<Picture>, position: u64) {
            self.seen.fetch_add(position, Ordering::Relaxed);
        }

        fn trouble(&mut self) -> Option<String> {
            (!self.open).then(|| "gone".to_owned())
        }

        fn is_open(&self) -> bool {
            self.open
        }
    }

    #[test]
    fn every_sink_is_shown_every_picture_until_it_is_taken_off_or_gone() {
        let (sinks, now) = (Sinks::default(), Instant::now());
        assert!(!sinks.is_watching(now));
        let seen = [(); 3].map(|()| Arc::new(AtomicU64::new(0)));
        let sizes = [None, Some([4, 2]), Some([8, 4])];
        let ids: Vec<SinkId> = seen
            .iter()
            .zip(sizes)
            .map(|(seen, size)| {
                let seen = Arc::clone(seen);
                let open = size != Some([4, 2]);
                sinks.add(Counting { seen, size, open })
            })
            .collect();
        assert!(sinks.is_watching(now));
        assert_eq!(sinks.wanted_size(), Some([4, 2]));
        let picture = Arc::new(Picture::default());
        sinks.show(&picture, 1);
        assert_eq!(sinks.tidy(), ["gone"]);
        assert_eq!(sinks.tidy(), Vec::<String>::new());
        assert_eq!(sinks.wanted_size(), Some([8, 4]));
        sinks.show(&picture, 10);
        sinks.remove(ids[2]);
        sinks.remove(ids[1]);
        sinks.show(&picture, 100);
        let seen = seen.map(|seen| seen.load(Ordering::Relaxed));
        assert_eq!((seen, sinks.wanted_size()), ([111, 1, 11], None));
    }
}
