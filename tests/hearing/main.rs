//! What is heard, and what it feels like.

#[path = "../sound/mod.rs"]
mod sound;

mod beat;
mod emotion;
mod frames;
mod odd;
mod structure;
