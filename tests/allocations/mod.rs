//! The system's allocator, counting its calls. A test program that declares this module counts; what is
//! counted of all threads is true only where one test runs alone in its program.

#![allow(dead_code, reason = "each test program counts in its own way")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Allocations and bytes asked for, of all threads.
static CALLS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

struct Counting;

fn count() {
    // While a thread is torn down there is nothing left to count.
    let _ = ALLOCATIONS.try_with(|calls| calls.set(calls.get() + 1));
}

fn count_asked(bytes: usize) {
    count();
    CALLS.fetch_add(1, Ordering::Relaxed);
    BYTES.fetch_add(bytes, Ordering::Relaxed);
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count_asked(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count_asked(size);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of any thread during `work`, and the bytes asked for.
pub fn of_all_threads(work: impl FnOnce()) -> (usize, usize) {
    let now = || (CALLS.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    let before = now();
    work();
    let after = now();
    (after.0 - before.0, after.1 - before.1)
}

/// Calls to the allocator during `work`, by this thread.
pub fn allocations(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}
