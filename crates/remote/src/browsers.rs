//! What browsers say of where a request comes from.
//!
//! A page of the Internet that somebody in this network looks at must not play the stage, neither by a name of its own that
//! leads to this machine (DNS rebinding) nor by asking from its own page (cross-site requests and WebSockets).

use std::net::{IpAddr, Ipv6Addr};

/// Whether the name by which a browser asks is one that nobody on the Internet can have lead here: an address, `localhost`,
/// or a name of the local network (`.local`).
pub(crate) fn is_our_host(host: &str) -> bool {
    let Some(name) = without_port(host) else {
        return false;
    };
    if let Some(v6) = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')) {
        return v6.parse::<Ipv6Addr>().is_ok();
    }
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    name.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv4())
        || name == "localhost"
        || name.strip_suffix(".local").is_some_and(is_label)
}

/// Whether a request that says to come from a page of `origin` comes from a page of ours. Programs that are no browsers
/// say nothing of it.
pub(crate) fn is_our_origin(origin: Option<&str>, host: &str) -> bool {
    let Some(origin) = origin else {
        return true;
    };
    let of_http = origin.strip_prefix("http://");
    of_http.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

fn without_port(host: &str) -> Option<&str> {
    let end_of_v6 = host.rfind(']');
    match host.rfind(':') {
        Some(colon) if end_of_v6.is_none_or(|end| colon > end) => {
            let (name, port) = (&host[..colon], &host[colon + 1..]);
            port.parse::<u16>().is_ok().then_some(name)
        }
        _ => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_names_of_the_local_network_are_ours() {
        for host in [
            "192.168.1.5:7700",
            "127.0.0.1",
            "localhost:80",
            "LOCALHOST",
            "vj-box.local:7700",
            "[::1]:7700",
            "[fe80::1]",
        ] {
            assert!(is_our_host(host), "{host}");
        }
        for host in [
            "",
            "evil.example:7700",
            "192.168.1.5.evil.example",
            "evil.local.example",
            "a.b.local",
            ".local",
            "local",
            "localhost.evil.example:7700",
            "[evil]:80",
            "127.0.0.1:99999",
            "127.0.0.1:x",
            "::1",
            "evil example.local",
        ] {
            assert!(!is_our_host(host), "{host}");
        }
    }

    #[test]
    fn a_page_of_somebody_else_is_not_ours() {
        let host = "192.168.1.5:7700";
        assert!(is_our_origin(None, host));
        assert!(is_our_origin(Some("http://192.168.1.5:7700"), host));
        for origin in [
            "http://evil.example",
            "https://192.168.1.5:7700",
            "http://192.168.1.5",
            "http://192.168.1.5:7701",
            "null",
            "",
        ] {
            assert!(!is_our_origin(Some(origin), host), "{origin}");
        }
    }
}
