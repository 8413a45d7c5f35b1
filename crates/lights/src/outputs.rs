//! Where lamps are reached: sACN to a group of each universe or to one address, Art-Net to one address.

use crate::patch::{Patch, SLOTS};
use crate::sacn::{self, Source};
use crate::stream::Stream;
use crate::{artnet, rig::Frames};
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// After a fault it is tried again, later each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// How often it is told which universes there are (E1.31, 4.3).
const DISCOVERY: Duration = Duration::from_secs(10);

/// How often a stream says that it ends (E1.31, 6.2.6).
const ENDINGS: usize = 3;

/// Who is sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everybody who listens for a universe.
    SacnMulticast,
    Sacn(SocketAddr),
    ArtNet(SocketAddr),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SacnMulticast => write!(f, "sACN (multicast)"),
            Self::Sacn(to) => write!(f, "sACN to {to}"),
            Self::ArtNet(to) => write!(f, "Art-Net to {to}"),
        }
    }
}

/// An address with or without a port.
fn address(text: &str, port: u16) -> Option<SocketAddr> {
    let alone = text.parse().map(|ip| SocketAddr::new(ip, port));
    let address: SocketAddr = alone.or_else(|_| text.parse()).ok()?;
    (!address.ip().is_unspecified() && address.port() != 0).then_some(address)
}

impl Target {
    /// sACN to one address (`10.0.0.20`, `10.0.0.20:5568`), or, without one, to everybody who listens.
    ///
    /// # Errors
    /// In a sentence, when that is no address of a device.
    pub fn sacn(to: Option<&str>) -> Result<Self, String> {
        let Some(text) = to else {
            return Ok(Self::SacnMulticast);
        };
        let found = address(text, sacn::PORT).filter(|to| !to.ip().is_multicast());
        found.map(Self::Sacn).ok_or_else(|| {
            format!(
                "{text} is no address that sACN could be sent to: give a device's (10.0.0.20), or none for multicast"
            )
        })
    }

    /// Art-Net to one address (`10.0.0.20`), or to all devices of the network (`broadcast`, `10.0.0.255`).
    ///
    /// # Errors
    /// In a sentence, when that is no address.
    pub fn art_net(to: &str) -> Result<Self, String> {
        let everybody = IpAddr::V4(Ipv4Addr::BROADCAST);
        let found = match to {
            "broadcast" => Some(SocketAddr::new(everybody, artnet::PORT)),
            text => address(text, artnet::PORT).filter(|to| !to.ip().is_multicast()),
        };
        found.map(Self::ArtNet).ok_or_else(|| {
            format!(
                "{to} is no address that Art-Net could be sent to: give a device's (10.0.0.20), or broadcast for all of the network"
            )
        })
    }

    /// A socket for it, which never waits.
    fn socket(self, from: Option<Ipv4Addr>) -> io::Result<Socket> {
        let to = match self {
            Self::SacnMulticast => sacn::discovery_group(),
            Self::Sacn(to) | Self::ArtNet(to) => to,
        };
        let socket = Socket::new(Domain::for_address(to), Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_nonblocking(true)?;
        let any: IpAddr = match (to, from) {
            (SocketAddr::V4(_), Some(from)) => from.into(),
            (SocketAddr::V4(_), None) => Ipv4Addr::UNSPECIFIED.into(),
            (SocketAddr::V6(_), _) => Ipv6Addr::UNSPECIFIED.into(),
        };
        socket.bind(&SocketAddr::new(any, 0).into())?;
        match self {
            Self::SacnMulticast => {
                if let Some(from) = from {
                    socket.set_multicast_if_v4(&from)?;
                }
            }
            // Whoever names such an address asks for it.
            Self::ArtNet(SocketAddr::V4(to)) if to.ip().octets()[3] == 255 => {
                socket.set_broadcast(true)?
            }
            Self::Sacn(_) | Self::ArtNet(_) => {}
        }
        Ok(socket)
    }
}

/// A target, with what has been sent to it.
pub(crate) struct Output {
    target: Target,
    from: Option<Ipv4Addr>,
    socket: Option<Socket>,
    streams: BTreeMap<u16, Stream>,
    told: Option<Duration>,
    /// When it is tried again, and how long is waited after the next fault.
    again: Duration,
    pause: Duration,
    trouble: Option<String>,
}

impl Output {
    pub fn new(target: Target, patch: &Patch) -> Self {
        let streams = patch
            .universes()
            .into_iter()
            .map(|universe| (universe, Stream::default()));
        Self {
            target,
            from: patch.from,
            socket: None,
            streams: streams.collect(),
            told: None,
            again: Duration::ZERO,
            pause: FIRST_PAUSE,
            trouble: None,
        }
    }

    /// What is wrong with it, in a sentence.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Sends what is due at `now`, time since it began.
    pub fn send(&mut self, frames: &Frames, patch: &Patch, source: &Source, now: Duration) {
        if now < self.again {
            return;
        }
        match self.try_send(frames, patch, source, now) {
            Ok(()) => {
                self.pause = FIRST_PAUSE;
                self.trouble = None;
            }
            Err(error) => self.failed(&error, now),
        }
    }

    fn failed(&mut self, error: &io::Error, now: Duration) {
        let target = self.target;
        self.trouble = Some(format!(
            "{target} fails ({error}): lamps there stay as they are, and it is tried again"
        ));
        self.socket = None;
        self.again = now + self.pause;
        self.pause = (2 * self.pause).min(LONGEST_PAUSE);
    }

    fn try_send(
        &mut self,
        frames: &Frames,
        patch: &Patch,
        source: &Source,
        now: Duration,
    ) -> io::Result<()> {
        let socket = match self.socket.take() {
            Some(socket) => socket,
            None => self.target.socket(self.from)?,
        };
        let socket = self.socket.insert(socket);
        if self.target == Target::SacnMulticast
            && self.told.is_none_or(|told| now - told >= DISCOVERY)
        {
            let universes: Vec<u16> = self.streams.keys().copied().collect();
            for page in source.discovery(&universes) {
                sent(socket, &page, sacn::discovery_group())?;
            }
            self.told = Some(now);
        }
        for (universe, slots) in frames {
            let Some(stream) = self.streams.get_mut(universe) else {
                continue;
            };
            if !stream.is_due(slots, now) {
                continue;
            }
            let Some((packet, to, sequence)) =
                packet(self.target, patch, source, *universe, slots, stream, false)
            else {
                continue;
            };
            // What finds no room is sent the next time, if it is still true then.
            if sent(socket, &packet, to)? {
                stream.sequence = sequence;
                stream.sent(slots, now);
            }
        }
        Ok(())
    }

    /// Says that nothing more is going to come.
    pub fn end(&mut self, patch: &Patch, source: &Source) {
        let Some(socket) = &self.socket else { return };
        if matches!(self.target, Target::ArtNet(_)) {
            return;
        }
        for _ in 0..ENDINGS {
            for (universe, stream) in &mut self.streams {
                let Some(slots) = stream.last().copied() else {
                    continue;
                };
                let made = packet(self.target, patch, source, *universe, &slots, stream, true);
                if let Some((packet, to, sequence)) = made {
                    stream.sequence = sequence;
                    // Whoever does not hear it sees that nothing comes.
                    let _ = sent(socket, &packet, to);
                }
            }
        }
    }
}

/// The next packet of a stream, whom it is for and its number. Art-Net does not have all universes.
fn packet(
    target: Target,
    patch: &Patch,
    source: &Source,
    universe: u16,
    slots: &[u8; SLOTS as usize],
    stream: &Stream,
    ends: bool,
) -> Option<(Vec<u8>, SocketAddr, u8)> {
    let sacn = |to| {
        let sequence = stream.sequence.wrapping_add(1);
        (source.data(universe, sequence, slots, ends), to, sequence)
    };
    Some(match target {
        Target::SacnMulticast => sacn(sacn::multicast(universe)),
        Target::Sacn(to) => sacn(to),
        Target::ArtNet(to) => {
            let sequence = artnet::next_sequence(stream.sequence);
            (
                artnet::dmx(patch.port(universe)?, sequence, slots),
                to,
                sequence,
            )
        }
    })
}

/// Whether there was room for it.
fn sent(socket: &Socket, packet: &[u8], to: SocketAddr) -> io::Result<bool> {
    match socket.send_to(packet, &to.into()) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        // On some systems it tells that an earlier packet found nobody.
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_what_is_none_is_told() {
        let sacn = |text| Target::sacn(Some(text));
        let v4 = |text: &str| text.parse::<SocketAddr>().unwrap();
        assert_eq!(Target::sacn(None), Ok(Target::SacnMulticast));
        assert_eq!(sacn("10.0.0.20"), Ok(Target::Sacn(v4("10.0.0.20:5568"))));
        assert_eq!(sacn("10.0.0.20:99"), Ok(Target::Sacn(v4("10.0.0.20:99"))));
        assert_eq!(sacn("::1"), Ok(Target::Sacn(v4("[::1]:5568"))));
        assert_eq!(
            Target::art_net("2.0.0.1"),
            Ok(Target::ArtNet(v4("2.0.0.1:6454")))
        );
        let all = Target::ArtNet(v4("255.255.255.255:6454"));
        assert_eq!(Target::art_net("broadcast"), Ok(all));
        for text in [
            "",
            "lamp.local",
            "10.0.0",
            "0.0.0.0",
            "239.255.0.1",
            "10.0.0.1:0",
            "10.0.0.1:99999",
        ] {
            assert!(sacn(text).unwrap_err().starts_with(text));
            assert!(Target::art_net(text).unwrap_err().starts_with(text));
        }
    }
}
