//! Films: every codec, their length, their sound, their colours, and those of what is played.

mod codecs;
mod colours;
mod played;
