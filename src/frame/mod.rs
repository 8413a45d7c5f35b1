//! How a scene becomes a picture.
//!
//! A [`Pipeline`] owns the whole way: the model and what is blended into it, the graphics device that
//! all of the process share, who paints and who renders, the pictures that go round, and what is done
//! where one of them fails. It has no clock and no thread of its own, but for models that are loaded
//! while another one paints. Whoever shows pictures live, films a bounce or renders a film of a song
//! asks it for picture after picture; a [`Plan`] says what may take how long. A film of a song has one
//! model, and its stages [overlap](FilmPipeline).

mod blending;
mod device;
mod engine;
mod loading;
mod news;
mod overlapped;
mod pipeline;
mod plan;
mod playing;
mod pool;
mod source;
mod stage;
mod wanted;

use crate::control::models;
pub use device::lose_device;
pub(crate) use device::shared;
pub(crate) use models::refresh_names;
pub use news::{About, News};
pub use overlapped::{FilmPipeline, Halt, Rendered, StageTimes, Stages};
pub use pipeline::Pipeline;
pub use plan::{Plan, Purpose};
pub use wanted::Wanted;
