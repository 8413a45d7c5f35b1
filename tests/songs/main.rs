//! Songs as people have them: of every format, whole, damaged, as they are found, and of any channels.

#[path = "../common/bench.rs"]
mod bench;
#[path = "../common/mod.rs"]
mod common;

mod channels;
mod damaged;
mod in_the_wild;
mod whole;
