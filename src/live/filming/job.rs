//! A job that is done once and completed even after a panic.

use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Work that has to be completed whatever happens.
pub(super) trait Job: Send + 'static {
    /// Works until it is done or told to stop.
    fn work(&mut self, stop: &AtomicBool);

    /// Completes what was done. Where the work has `panicked`, nothing is begun any more.
    fn complete(self, panicked: bool);
}

/// The body of a worker that does `job`. When the work panics, what was done is completed.
pub(super) fn run_once<J: Job>(job: J) -> impl Fn(&AtomicBool) + Send + 'static {
    let (begun, ended) = (AtomicBool::new(false), AtomicBool::new(false));
    let job = Mutex::new(Some(job));
    move |stop| {
        if !begun.swap(true, Ordering::Relaxed)
            && let Some(job) = job.lock().as_mut()
        {
            job.work(stop);
            ended.store(true, Ordering::Relaxed);
        }
        let done = job.lock().take();
        if let Some(job) = done {
            job.complete(!ended.load(Ordering::Relaxed));
        }
        while !stop.load(Ordering::Relaxed) {
            std::thread::park();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Part;
    use crate::live::status::SharedStatus;
    use crate::worker::Worker;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU32;

    struct Panicking(Arc<[AtomicU32; 2]>);

    impl Job for Panicking {
        fn work(&mut self, _: &AtomicBool) {
            self.0[0].fetch_add(1, Ordering::SeqCst);
            panic!("a film's fault");
        }

        fn complete(self, panicked: bool) {
            assert!(panicked);
            self.0[1].fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn what_panics_is_not_begun_again_but_completed() {
        let counts = Arc::new([const { AtomicU32::new(0) }; 2]);
        let status = Arc::new(SharedStatus::default());
        let job = Panicking(Arc::clone(&counts));
        let worker = Worker::start(Part::Recording, status.reporter(), run_once(job)).unwrap();
        for _ in 0..100 {
            if counts[1].load(Ordering::SeqCst) > 0 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        drop(worker);
        assert_eq!(counts[0].load(Ordering::SeqCst), 1);
        assert_eq!(counts[1].load(Ordering::SeqCst), 1);
        assert!(
            status
                .read()
                .problem
                .is_some_and(|p| p.contains("a film's fault"))
        );
    }
}
