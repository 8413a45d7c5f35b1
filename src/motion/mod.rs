//! How the picture moves.
