//! A page from which phones play the stage.

use super::super::terminal::{Failure, print};
use crate::live::{Allowed, Live, Remote, RemoteSetup};
use crate::remote::{PairingCode, Qr};
use std::io::IsTerminal;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The port of the page, where nobody else has it.
const PORT: u16 = 7700;

/// How phones reach it.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct RemoteOption {
    /// Serve a page to phones and tablets in the same network: mood pad, presets, blackout, freeze, panic, tap, every control.
    /// A code is shown that they ask for, and a QR code that has both address and code.
    #[arg(long)]
    remote: bool,
    /// The page's port; with an address (127.0.0.1:7700) there alone. If not given, 7700, or any where that is taken.
    #[arg(long, value_name = "[ADDRESS:]PORT", requires = "remote", value_parser = listened)]
    remote_port: Option<SocketAddr>,
    /// The code that phones ask for, 6 to 12 digits; if not given, one is drawn. With your own, phones that know it come back by
    /// themselves after a restart.
    #[arg(long, value_name = "DIGITS", requires = "remote", value_parser = code)]
    remote_code: Option<PairingCode>,
    /// Who is answered beside this machine and its own networks: an address, a net such as 203.0.113.0/24, or `any`. May be given
    /// more than once.
    #[arg(long, value_name = "ADDRESS", requires = "remote")]
    remote_allow: Vec<Allowed>,
}

/// Reads `7700` and `127.0.0.1:7700`.
fn listened(text: &str) -> Result<SocketAddr, String> {
    let everywhere = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
    let alone = text.parse().map(everywhere);
    let at = alone.or_else(|_| text.parse::<SocketAddr>());
    at.map_err(|_| format!("“{text}” is no port such as 7700 or 127.0.0.1:7700"))
}

fn code(text: &str) -> Result<PairingCode, String> {
    PairingCode::of(text).ok_or_else(|| format!("“{text}” is no code of 6 to 12 digits"))
}

impl RemoteOption {
    /// Serves it where that is asked for, and says where.
    pub(super) fn open(&self, live: &Live, quiet: bool) -> Result<(), Failure> {
        if !self.remote {
            return Ok(());
        }
        let drawn = || PairingCode::draw().map_err(Failure::Failed);
        let usual = || SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), PORT);
        let setup = RemoteSetup {
            listen: self.remote_port.unwrap_or_else(usual),
            or_any_port: self.remote_port.is_none(),
            code: self.remote_code.clone().map_or_else(drawn, Ok)?,
            allow: self.remote_allow.clone(),
        };
        let remote = live.open_remote(setup).map_err(Failure::Failed)?;
        if !quiet {
            print(told(&remote, std::io::stdout().is_terminal()));
        }
        Ok(())
    }
}

/// Where the page is and what it asks for, in words, and for a camera where somebody sees it.
fn told(remote: &Remote, is_seen: bool) -> String {
    let addresses = remote.addresses();
    let where_to = match addresses.as_slice() {
        [] => "as soon as this machine is in a network".to_owned(),
        some => some.join(" or "),
    };
    let code = remote.code();
    let mut text = format!("Phones play at {where_to} with the code {code}\n");
    let link = remote.link().filter(|_| is_seen);
    if let Some(qr) = link.as_deref().and_then(Qr::new) {
        text += &qr.in_blocks(true);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_codes_are_read_as_people_write_them() {
        assert_eq!(listened("7700"), Ok("0.0.0.0:7700".parse().unwrap()));
        let own = "127.0.0.1:80".parse().unwrap();
        assert_eq!(listened("127.0.0.1:80"), Ok(own));
        for text in ["", "99999", "localhost", "phones"] {
            assert!(listened(text).is_err(), "{text}");
        }
        assert_eq!(code("123456").unwrap().digits(), "123456");
        assert!(code("12345").is_err() && code("secret").is_err());
    }

    #[test]
    fn what_is_told_has_the_address_and_the_code_and_a_picture_where_somebody_sees_it() {
        let live = Live::new(Default::default);
        let setup = RemoteSetup {
            listen: "127.0.0.1:0".parse().unwrap(),
            or_any_port: false,
            code: code("314159").unwrap(),
            allow: Vec::new(),
        };
        let remote = live.open_remote(setup).unwrap();
        let words = told(&remote, false);
        assert_eq!(words.lines().count(), 1);
        assert!(words.contains("http://127.0.0.1:") && words.contains("the code 314159"));
        assert!(told(&remote, true).contains('▄'));
        live.finish();
    }
}
