//! What the network is told of by mDNS (RFC 6762, 6763), so that others find it by themselves.

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};
use std::time::Duration;

/// How long the network's farewell may take.
const FAREWELL: Duration = Duration::from_millis(300);

/// The longest label of a name.
const LONGEST_LABEL: usize = 63;

/// Something that is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Such as `_oscjson._tcp`.
    pub kind: &'static str,
    /// What people read in a list.
    pub name: String,
    pub port: u16,
}

impl Service {
    fn info(&self, host: &str) -> Result<ServiceInfo, String> {
        let kind = format!("{}.local.", self.kind);
        // A dot would end the label.
        let name: String = self.name.replace('.', " ");
        let name = name.chars().scan(0, |bytes, letter| {
            *bytes += letter.len_utf8();
            (*bytes <= LONGEST_LABEL).then_some(letter)
        });
        let name: String = name.collect();
        let no_txt: &[(&str, &str)] = &[];
        let info = ServiceInfo::new(&kind, &name, host, "", self.port, no_txt);
        let info = info.map_err(|error| format!("{} is no service: {error}", self.kind))?;
        Ok(info.enable_addr_auto())
    }
}

/// Answers who asks for services, until it is dropped.
pub struct Advertisement {
    daemon: ServiceDaemon,
    names: Vec<String>,
}

impl Advertisement {
    /// Tells the network of services.
    ///
    /// # Errors
    /// When the system has no socket for it, in a sentence.
    pub fn start(services: &[Service]) -> Result<Self, String> {
        Self::told_by(ServiceDaemon::new(), services)
    }

    /// Tells this machine alone, at a port of one's own: for tests.
    #[doc(hidden)]
    pub fn start_on_loopback(services: &[Service], port: u16) -> Result<Self, String> {
        let daemon = ServiceDaemon::new_with_port(port);
        if let Ok(daemon) = &daemon {
            let only = daemon
                .disable_interface(IfKind::All)
                .and_then(|()| daemon.enable_interface(IfKind::LoopbackV4));
            only.map_err(|error| error.to_string())?;
        }
        Self::told_by(daemon, services)
    }

    fn told_by(
        daemon: mdns_sd::Result<ServiceDaemon>,
        services: &[Service],
    ) -> Result<Self, String> {
        let cannot = |error| format!("the network cannot be told where it is found: {error}");
        let daemon = daemon.map_err(cannot)?;
        let mut told = Self {
            daemon,
            names: Vec::new(),
        };
        // A name that is drawn belongs to nobody else: this machine's own is its system's to answer for.
        let mut drawn = [0; 4];
        getrandom::fill(&mut drawn).map_err(|e| format!("the system draws no numbers: {e}"))?;
        let host = format!("synopsia-{:08x}.local.", u32::from_le_bytes(drawn));
        for service in services {
            let info = service.info(&host)?;
            told.names.push(info.get_fullname().to_owned());
            told.daemon.register(info).map_err(cannot)?;
        }
        Ok(told)
    }
}

impl Drop for Advertisement {
    fn drop(&mut self) {
        // So that lists do not show for an hour what has gone.
        let farewells = self.names.iter().map(|name| self.daemon.unregister(name));
        for farewell in farewells.flatten().collect::<Vec<_>>() {
            let _ = farewell.recv_timeout(FAREWELL);
        }
        let _ = self.daemon.shutdown();
    }
}
