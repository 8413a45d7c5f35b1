//! Pictures that go round.

use crate::render::{Picture, Pixels};
use std::collections::VecDeque;
use std::sync::Arc;

/// Pictures that wait until nobody holds them any more.
const WAITING: usize = 4;

/// Gives out pictures, takes them back, and fills the ones that nobody holds again.
#[derive(Debug, Default)]
pub(super) struct Pool {
    gone: VecDeque<Arc<Picture>>,
    black: Option<Arc<Picture>>,
}

impl Pool {
    /// A picture that nobody holds any more, or a new one.
    pub(super) fn take(&mut self) -> Picture {
        let free = self
            .gone
            .iter()
            .position(|picture| Arc::strong_count(picture) == 1);
        free.and_then(|index| self.gone.remove(index))
            .and_then(|picture| Arc::try_unwrap(picture).ok())
            .unwrap_or_default()
    }

    /// Takes back a picture that others may hold still.
    pub(super) fn put(&mut self, picture: Arc<Picture>) {
        self.gone.push_back(picture);
        // One that is held for long must not keep the others out.
        if self.gone.len() > WAITING {
            self.gone.pop_front();
        }
    }

    /// The black picture of this size.
    pub(super) fn black(&mut self, size: [usize; 2]) -> Arc<Picture> {
        let known = self.black.take().filter(|black| black.size() == size);
        let black = known.unwrap_or_else(|| Arc::new(Pixels::black(size).into()));
        self.black = Some(Arc::clone(&black));
        black
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_is_held_is_not_drawn_over() {
        let mut pool = Pool::default();
        let held: Arc<Picture> = Arc::new(Pixels::black([3, 2]).into());
        pool.put(Arc::clone(&held));
        assert_eq!(pool.take().size(), [0, 0]);
        drop(held);
        assert_eq!(pool.take().size(), [3, 2]);
        assert_eq!(pool.take().size(), [0, 0]);
    }

    #[test]
    fn one_black_picture_serves_a_whole_blackout() {
        let mut pool = Pool::default();
        let black = pool.black([4, 2]);
        assert!(Arc::ptr_eq(&black, &pool.black([4, 2])));
        assert_eq!(pool.black([2, 2]).size(), [2, 2]);
    }
}
