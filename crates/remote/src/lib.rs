//! How a phone plays a stage: a page over the local network, and discovery by OSCQuery.
//!
//! [`Server`] serves a [`Stage`] twice, each time where it is asked to: the page ([`Page`]), to phones that know the pairing
//! code, and the tree of OSC addresses ([`OscQuery`]), to whoever may send OSC. Each connection has a thread of its own and a
//! bounded share of everything, so that a slow or a hostile one keeps nobody waiting. [`Advertisement`] tells the network
//! where both are, [`Qr`] draws the page's address for a camera.
//!
//! Nothing here knows what a stage paints: the program implements [`Stage`].

mod addresses;
mod advertisement;
mod browsers;
mod bucket;
mod connection;
mod gate;
mod oscquery;
mod pad;
mod page;
mod pairing;
mod played;
mod qr;
mod request;
mod response;
mod server;
mod session;
mod stage;
mod told;
mod wire;

pub use addresses::{is_nearby, own_addresses};
pub use advertisement::{Advertisement, Service};
pub use oscquery::{Address, OscQuery, addresses};
pub use page::Page;
pub use pairing::{PairingCode, is_code};
pub use qr::Qr;
pub use server::{MayTalk, Server};
pub use stage::{
    Amount, Button, ButtonInfo, ControlInfo, Heard, Kind, PresetInfo, Stage, Wish, Worded,
};
