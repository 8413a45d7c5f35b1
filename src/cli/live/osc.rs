//! Where a stage is reached by OSC.

use super::super::terminal::{Failure, print};
use crate::live::{Allowed, Live, OscQuerySetup, OscSetup};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::ops::RangeInclusive;

/// How others reach it over the net.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct OscOption {
    /// Have controls be moved by OSC that comes to this UDP port; with an address (0.0.0.0:9000) also from other machines, those
    /// that --osc-allow names. The addresses are in docs/osc.md.
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = listened)]
    osc: Option<SocketAddr>,
    /// Who may send OSC beside this machine: an address, a net such as 192.168.1.0/24, or `any`. May be given more than once.
    #[arg(long, value_name = "ADDRESS", requires = "osc")]
    osc_allow: Vec<Allowed>,
    /// Where it is told over HTTP which addresses there are (OSCQuery); if not given, where OSC is listened for, at the TCP port of
    /// that number, or any where that is taken.
    #[arg(long, value_name = "[ADDRESS:]PORT", requires = "osc", value_parser = listened, conflicts_with = "no_osc_query")]
    osc_query: Option<SocketAddr>,
    /// Do not tell by OSCQuery which addresses there are.
    #[arg(long, requires = "osc")]
    no_osc_query: bool,
    /// Tell by OSC what is heard and felt, each beat, and where controls stand. May be given more than once.
    #[arg(long, value_name = "HOST:PORT", value_parser = told)]
    osc_to: Vec<SocketAddr>,
    /// How often a second the mood is told, 1 to 200.
    #[arg(long, value_name = "HZ", default_value = "30", value_parser = rate)]
    osc_rate: f64,
}

const RATES: RangeInclusive<f64> = 1.0..=200.0;

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| RATES.contains(rate));
    rate.ok_or_else(|| "a mood is told 1 to 200 times a second".to_owned())
}

/// Reads `9000` and `0.0.0.0:9000`.
fn listened(text: &str) -> Result<SocketAddr, String> {
    let alone = text
        .parse()
        .map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    let at = alone.or_else(|_| text.parse::<SocketAddr>());
    at.map_err(|_| format!("“{text}” is no port such as 9000 or 0.0.0.0:9000"))
}

fn told(text: &str) -> Result<SocketAddr, String> {
    let mut found = text
        .to_socket_addrs()
        .map_err(|_| format!("“{text}” is nobody such as 127.0.0.1:9001 or tablet.local:9001"))?;
    // Where a name stands for several, the older kind is what most programs listen on.
    let all: Vec<_> = found.by_ref().collect();
    let first = all.iter().find(|at| at.is_ipv4()).or(all.first());
    first
        .copied()
        .ok_or_else(|| format!("“{text}” has no address"))
}

impl OscOption {
    /// Opens what is asked for, and says where.
    pub(super) fn open(&self, live: &Live, quiet: bool) -> Result<(), Failure> {
        let Some(setup) = self.setup() else {
            return Ok(());
        };
        let told = live.open_osc(setup).map_err(Failure::Failed)?;
        let Some(osc) = told else {
            return Ok(());
        };
        let mut words = format!("OSC is listened for at {osc}");
        if !self.no_osc_query {
            let at = live.open_osc_query(OscQuerySetup {
                osc,
                listen: self.osc_query,
                allow: self.osc_allow.clone(),
            });
            words += &format!(", OSCQuery at http://{}", at.map_err(Failure::Failed)?);
        }
        if !quiet {
            print(words + "\n");
        }
        Ok(())
    }

    /// What is asked for; none for nothing.
    fn setup(&self) -> Option<OscSetup> {
        let is_used = self.osc.is_some() || !self.osc_to.is_empty();
        is_used.then(|| OscSetup {
            listen: self.osc,
            allow: self.osc_allow.clone(),
            to: self.osc_to.clone(),
            rate: self.osc_rate,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_addresses_are_read_as_people_write_them() {
        assert_eq!(listened("9000"), Ok("127.0.0.1:9000".parse().unwrap()));
        assert_eq!(
            listened("0.0.0.0:9000"),
            Ok("0.0.0.0:9000".parse().unwrap())
        );
        assert_eq!(listened("[::1]:9000"), Ok("[::1]:9000".parse().unwrap()));
        assert_eq!(
            told("127.0.0.1:9001"),
            Ok("127.0.0.1:9001".parse().unwrap())
        );
        for text in ["", "99999", "localhost", "osc", "1.2.3:9000"] {
            assert!(listened(text).is_err(), "{text}");
        }
        assert!(told("127.0.0.1").is_err());
        assert!(rate("0").is_err() && rate("NaN").is_err() && rate("60").is_ok());
    }
}
