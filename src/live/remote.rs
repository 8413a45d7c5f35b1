//! An instance that is played from a phone's page, and whose OSC addresses are found by themselves.

mod played;

use super::instance::Live;
use super::osc::Allowed;
use super::remote_served::{OscQueried, Remote};
use crate::remote::{Advertisement, MayTalk, OscQuery, Page, PairingCode, Service, is_nearby};
use played::Played;
use std::net::SocketAddr;
use std::sync::Arc;

/// Where the page is served, and to whom.
#[derive(Clone, Debug)]
pub struct RemoteSetup {
    /// Where is listened; port 0 for any.
    pub listen: SocketAddr,
    /// Whether another port will do where that one is taken.
    pub or_any_port: bool,
    pub code: PairingCode,
    /// Who is answered beside this machine and its networks.
    pub allow: Vec<Allowed>,
}

/// Where the tree of OSC's addresses is served, and to whom.
#[derive(Clone, Debug)]
pub struct OscQuerySetup {
    /// Where OSC is listened to.
    pub osc: SocketAddr,
    /// Where this is; none for the same address, and the same port where nobody else has it.
    pub listen: Option<SocketAddr>,
    /// Who is answered beside this machine.
    pub allow: Vec<Allowed>,
}

/// Serves at an address, or at any port of it where that is taken and another will do.
fn served<T>(
    listen: SocketAddr,
    or_any_port: bool,
    serve: impl Fn(SocketAddr) -> Result<T, String>,
) -> Result<T, String> {
    let any = SocketAddr::new(listen.ip(), 0);
    serve(listen).or_else(|taken| match or_any_port {
        true => serve(any),
        false => Err(taken),
    })
}

impl Live {
    /// Serves the page for phones. What was served is closed.
    ///
    /// # Errors
    /// When the port cannot be used, in a sentence.
    pub fn open_remote(&self, setup: RemoteSetup) -> Result<Arc<Remote>, String> {
        // It may have the same port.
        *self.remote.lock() = None;
        let stage = Played::new(&self.shared);
        let allow = setup.allow;
        let may_talk: MayTalk =
            Arc::new(move |ip| is_nearby(ip) || allow.iter().any(|allowed| allowed.holds(ip)));
        let code = setup.code;
        let server = served(setup.listen, setup.or_any_port, |at| {
            Page::serve(stage.clone(), code.clone(), at, may_talk.clone())
        })?;
        let advertisement = self.advertise(server.address(), &[("_http._tcp", server.address())]);
        let remote = Arc::new(Remote {
            server,
            code,
            _advertisement: advertisement,
        });
        *self.remote.lock() = Some(remote.clone());
        self.start_painting(&mut self.threads.lock());
        Ok(remote)
    }

    /// The page for phones, where it is served.
    pub fn remote(&self) -> Option<Arc<Remote>> {
        self.remote.lock().clone()
    }

    /// Serves the tree of OSC's addresses (OSCQuery), and tells the network of it where others can reach it; answers where it is.
    /// What was served is closed.
    ///
    /// # Errors
    /// When the port cannot be used, in a sentence.
    pub fn open_osc_query(&self, setup: OscQuerySetup) -> Result<SocketAddr, String> {
        *self.osc_queried.lock() = None;
        let stage = Played::new(&self.shared);
        let OscQuerySetup { osc, listen, allow } = setup;
        let may_talk: MayTalk = Arc::new(move |ip| {
            ip.to_canonical().is_loopback() || allow.iter().any(|allowed| allowed.holds(ip))
        });
        let server = served(listen.unwrap_or(osc), listen.is_none(), |at| {
            OscQuery::serve(stage.clone(), osc, at, may_talk.clone())
        })?;
        let at = server.address();
        let advertisement = self.advertise(at, &[("_oscjson._tcp", at), ("_osc._udp", osc)]);
        *self.osc_queried.lock() = Some(OscQueried {
            _server: server,
            _advertisement: advertisement,
        });
        Ok(at)
    }

    /// Tells the network of services, where others can reach `at`; a network that cannot be told is no reason not to play.
    fn advertise(
        &self,
        at: SocketAddr,
        services: &[(&'static str, SocketAddr)],
    ) -> Option<Advertisement> {
        if at.ip().is_loopback() {
            return None;
        }
        let service = |(kind, at): &(&'static str, SocketAddr)| Service {
            kind,
            name: played::NAME.to_owned(),
            port: at.port(),
        };
        let services: Vec<_> = services.iter().map(service).collect();
        let told = Advertisement::start(&services);
        told.map_err(|problem| self.report(problem)).ok()
    }
}

/// An instance as a stage.
#[cfg(test)]
pub(super) fn stage(live: &Live) -> Arc<dyn crate::remote::Stage> {
    Played::new(&live.shared)
}

#[cfg(test)]
mod tests;
