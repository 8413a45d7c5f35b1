//! Sound and film as files hold them: decoded, coded, muxed.
//!
//! [`song`] turns a file into samples.

pub mod song;
