//! A fixed pool of threads that share out numbered pieces of work.
//!
//! Made once, it neither allocates nor spawns while painting. Which thread takes which piece is
//! left to chance; pieces write to separate places, so the result is not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::JoinHandle;

use parking_lot::RwLock;

/// A call to run: the pieces' function, with its lifetime hidden (see [`WorkerPool::run`]).
#[derive(Clone, Copy)]
struct Call {
    piece: *const (dyn Fn(usize, usize) + Sync),
    pieces: usize,
}

// SAFETY: the function is `Sync`, and `WorkerPool::run` keeps it alive while it is called.
unsafe impl Send for Call {}
unsafe impl Sync for Call {}

struct Shared {
    /// The call in progress; `None` sends the workers home.
    call: RwLock<Option<Call>>,
    /// The next piece that nobody has taken.
    next: AtomicUsize,
    /// Whether a piece panicked; the caller then does too, after everyone has finished.
    panicked: AtomicBool,
    start: Barrier,
    end: Barrier,
}

impl Shared {
    fn work(&self, call: Call, thread: usize) {
        // SAFETY: the pointer is valid until the `end` barrier, which this thread has yet to pass.
        let piece = unsafe { &*call.piece };
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= call.pieces {
                return;
            }
            if catch_unwind(AssertUnwindSafe(|| piece(index, thread))).is_err() {
                self.panicked.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// The calling thread and its workers.
pub(super) struct WorkerPool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl WorkerPool {
    /// A pool of at most `threads`, the caller included. Fewer when the system gives no more.
    pub fn new(threads: usize) -> Self {
        // Barriers need to know the head count, so workers that cannot be spawned are found out
        // first: each waits for its share of the pool over a channel.
        let mut waiting = Vec::new();
        for thread in 1..threads {
            let (send, receive) = std::sync::mpsc::channel::<Arc<Shared>>();
            let spawned = std::thread::Builder::new()
                .name(format!("painter {thread}"))
                .spawn(move || {
                    if let Ok(shared) = receive.recv() {
                        serve(&shared, thread);
                    }
                });
            match spawned {
                Ok(worker) => waiting.push((send, worker)),
                Err(_) => break,
            }
        }
        let shared = Arc::new(Shared {
            call: RwLock::new(None),
            next: AtomicUsize::new(0),
            panicked: AtomicBool::new(false),
            start: Barrier::new(waiting.len() + 1),
            end: Barrier::new(waiting.len() + 1),
        });
        let workers = waiting
            .into_iter()
            .filter_map(|(send, worker)| send.send(Arc::clone(&shared)).ok().map(|()| worker))
            .collect();
        Self { shared, workers }
    }

    /// How many threads work, the caller included.
    pub fn size(&self) -> usize {
        self.workers.len() + 1
    }

    /// Calls `piece(index, thread)` for every index below `pieces`, and returns when all are done.
    /// `thread` is below [`Self::size`] and no two pieces run at once with the same one.
    pub fn run(&mut self, pieces: usize, piece: &(dyn Fn(usize, usize) + Sync)) {
        if self.workers.is_empty() || pieces == 1 {
            (0..pieces).for_each(|index| piece(index, 0));
            return;
        }
        // SAFETY: only the lifetime changes; every worker is done with the function when it
        // passes the `end` barrier, which this call waits for before it returns.
        let piece: &'static (dyn Fn(usize, usize) + Sync) = unsafe { std::mem::transmute(piece) };
        let call = Call { piece, pieces };
        *self.shared.call.write() = Some(call);
        self.shared.next.store(0, Ordering::Relaxed);
        self.shared.start.wait();
        self.shared.work(call, 0);
        self.shared.end.wait();
        assert!(
            !self.shared.panicked.swap(false, Ordering::Relaxed),
            "a painter thread panicked"
        );
    }
}

fn serve(shared: &Shared, thread: usize) {
    loop {
        shared.start.wait();
        let Some(call) = *shared.call.read() else {
            return;
        };
        shared.work(call, thread);
        shared.end.wait();
    }
}

impl Drop for WorkerPool {
    fn drop(&mut self) {
        *self.shared.call.write() = None;
        if !self.workers.is_empty() {
            self.shared.start.wait();
        }
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}
