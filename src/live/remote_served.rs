//! What an instance serves to phones, and to whoever looks for OSC addresses.

use crate::remote::{Advertisement, PairingCode, Server, own_addresses};
use std::net::{IpAddr, SocketAddr};

/// A page that is served.
pub struct Remote {
    pub(super) server: Server,
    pub(super) code: PairingCode,
    pub(super) _advertisement: Option<Advertisement>,
}

/// A tree that is served.
pub(super) struct OscQueried {
    pub(super) _server: Server,
    pub(super) _advertisement: Option<Advertisement>,
}

impl Remote {
    /// What a phone's user types.
    pub fn code(&self) -> &str {
        self.code.digits()
    }

    /// How many phones are there.
    pub fn phones(&self) -> usize {
        self.server.guests()
    }

    /// Addresses of the page, the likeliest first.
    pub fn addresses(&self) -> Vec<String> {
        let at = self.server.address();
        let address = |ip: IpAddr| format!("http://{}/", SocketAddr::new(ip, at.port()));
        let own = own_addresses().into_iter().map(IpAddr::V4);
        match at.ip().is_unspecified() {
            true => own.map(address).collect(),
            false => vec![address(at.ip())],
        }
    }

    /// The likeliest one with the code behind it, for a camera; none where this machine is in no network.
    pub fn link(&self) -> Option<String> {
        let first = self.addresses().into_iter().next()?;
        Some(format!("{first}#{}", self.code()))
    }
}
