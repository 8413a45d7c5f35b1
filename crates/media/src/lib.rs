//! Sound, film and pictures as files hold them.
//!
//! [`song`] turns a file into samples, [`lyrics`] finds what is sung in it and when, [`picture`] turns one into pixels, and [`film`] turns
//! pictures and samples into a file. Where that file lies and when it takes its place is for others to say.

mod ffmpeg;
pub mod film;
pub mod lyrics;
pub mod picture;
pub mod song;
