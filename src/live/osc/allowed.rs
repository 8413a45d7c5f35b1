//! Who may send: this machine, and whoever is let in.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

/// Addresses that are let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    Anyone,
    /// The addresses that begin like this one, in so many bits.
    Net(IpAddr, u8),
}

impl Allowed {
    /// Whether an address is among them. What comes over IPv4 to an IPv6 socket counts as what it is.
    pub fn holds(self, address: IpAddr) -> bool {
        let Self::Net(net, bits) = self else {
            return true;
        };
        let shift = |width: u8| u32::from(width - bits.min(width));
        match (net, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(address)) => {
                let apart = u64::from(u32::from(net) ^ u32::from(address));
                apart >> shift(32) == 0
            }
            (IpAddr::V6(net), IpAddr::V6(address)) => {
                let apart = u128::from(net) ^ u128::from(address);
                apart.checked_shr(shift(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl FromStr for Allowed {
    type Err = String;

    /// Reads `192.168.1.20`, `192.168.1.0/24`, `fe80::/10` or `any`.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == "any" {
            return Ok(Self::Anyone);
        }
        let refused = || format!("“{text}” is no address such as 192.168.1.20 or 192.168.1.0/24");
        let (address, bits) = match text.split_once('/') {
            None => (text, None),
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| refused())?)),
        };
        let address: IpAddr = address.parse().map_err(|_| refused())?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        match bits.unwrap_or(whole) {
            bits if bits <= whole => Ok(Self::Net(address, bits)),
            _ => Err(refused()),
        }
    }
}

/// Whether whoever is at `address` may send, where beside this machine these are let in.
pub(super) fn may_send(address: IpAddr, allowed: &[Allowed]) -> bool {
    address.to_canonical().is_loopback() || allowed.iter().any(|allowed| allowed.holds(address))
}

/// This machine, for itself.
pub(super) const THIS_MACHINE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_let_in_by_itself_by_its_net_or_with_everybody() {
        let lets_in = |allowed: &str, address: &str| {
            let allowed: Allowed = allowed.parse().unwrap();
            may_send(address.parse().unwrap(), &[allowed])
        };
        assert!(
            lets_in("192.168.1.20", "192.168.1.20") && !lets_in("192.168.1.20", "192.168.1.21")
        );
        assert!(
            lets_in("192.168.1.0/24", "192.168.1.77") && !lets_in("192.168.1.0/24", "192.168.2.77")
        );
        assert!(lets_in("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(lets_in("0.0.0.0/0", "8.8.8.8") && !lets_in("0.0.0.0/0", "2001:db8::1"));
        assert!(lets_in("::/0", "2001:db8::1") && lets_in("any", "2001:db8::1"));
        assert!(lets_in("10.0.0.1", "127.0.0.1") && lets_in("10.0.0.1", "::1"));
        assert!(!may_send("192.168.1.20".parse().unwrap(), &[]));
        for text in [
            "",
            "everybody",
            "192.168.1",
            "192.168.1.0/33",
            "::/129",
            "10.0.0.0/x",
        ] {
            assert!(text.parse::<Allowed>().is_err(), "{text}");
        }
    }
}
