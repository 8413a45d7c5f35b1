//! Where the picture goes.
