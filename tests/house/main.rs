//! The house itself: who knows whom, and under which licences.

mod floors;
mod licences;
