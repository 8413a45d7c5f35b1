//! How a person reaches it: the command line.

pub(crate) mod plot;
