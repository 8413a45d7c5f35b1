//! A stage that is served, from outside.

mod common;
mod found;
mod hostile;
mod played;
mod stage;
