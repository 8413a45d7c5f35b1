//! Where this machine is reached, and who is near.

use std::net::{IpAddr, Ipv4Addr};

/// Whether whoever is at `address` is this machine or in a network of one's own: private, link-local, shared by a carrier or
/// an overlay network (RFC 1918, 3927, 4193, 6598). What comes over IPv4 to an IPv6 socket counts as what it is.
pub fn is_nearby(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The IPv4 addresses of this machine by which others reach it, the likeliest first: nearby ones, of real network
/// devices before bridges and tunnels.
pub fn own_addresses() -> Vec<Ipv4Addr> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let of_v4 = found.into_iter().filter_map(|device| match device.ip() {
        IpAddr::V4(v4) if !v4.is_loopback() => Some((device.name, v4)),
        _ => None,
    });
    ordered(of_v4.collect())
}

/// How the names of devices begin that lead to virtual machines, containers and tunnels.
const VIRTUAL: [&str; 12] = [
    "docker", "br-", "veth", "virbr", "vmnet", "vbox", "tun", "tap", "utun", "wg", "lxc", "bridge",
];

fn ordered(mut devices: Vec<(String, Ipv4Addr)>) -> Vec<Ipv4Addr> {
    devices.sort_by_key(|(name, address)| {
        let is_virtual = VIRTUAL.iter().any(|begin| name.starts_with(begin));
        let is_far = !is_nearby(IpAddr::V4(*address));
        // An address that a device gave to itself is none that a router knows.
        (is_far, is_virtual, address.is_link_local())
    });
    devices.into_iter().map(|(_, address)| address).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearby_is_this_machine_and_networks_of_ones_own() {
        let near = |text: &str| is_nearby(text.parse().unwrap());
        for text in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.20",
            "169.254.3.4",
            "100.100.1.1",
            "fe80::1",
            "fd12::1",
            "::ffff:192.168.1.20",
        ] {
            assert!(near(text), "{text}");
        }
        for text in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "192.169.0.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "0.0.0.0",
        ] {
            assert!(!near(text), "{text}");
        }
    }

    #[test]
    fn the_likeliest_address_comes_first() {
        let device = |name: &str, address: [u8; 4]| (name.to_owned(), Ipv4Addr::from(address));
        let devices = vec![
            device("docker0", [172, 17, 0, 1]),
            device("eth1", [8, 8, 4, 4]),
            device("eth0", [169, 254, 1, 1]),
            device("wlan0", [192, 168, 1, 20]),
        ];
        let expected = [
            [192, 168, 1, 20],
            [169, 254, 1, 1],
            [172, 17, 0, 1],
            [8, 8, 4, 4],
        ];
        assert_eq!(ordered(devices), expected.map(Ipv4Addr::from));
    }
}
