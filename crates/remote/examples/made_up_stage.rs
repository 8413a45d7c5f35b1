//! Serves a made-up stage, to look at the page without Synopsia:
//! `cargo run -p synopsia-remote --example made_up_stage -- [PORT] [CODE]`.

#[path = "../tests/served/stage.rs"]
#[allow(dead_code)]
mod stage;

use std::sync::Arc;
use synopsia_remote::{OscQuery, Page, PairingCode, Qr, is_nearby, own_addresses};

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|port| port.parse().ok());
    let code = arguments.next().and_then(|code| PairingCode::of(&code));
    let code = code.map_or_else(PairingCode::draw, Ok)?;
    let stage = Arc::new(stage::MadeUp::default());
    let everywhere = ([0, 0, 0, 0], port.unwrap_or(7700)).into();
    let page = Page::serve(stage.clone(), code.clone(), everywhere, Arc::new(is_nearby))?;
    let osc = ([127, 0, 0, 1], 9000).into();
    let query = OscQuery::serve(stage, osc, ([127, 0, 0, 1], 0).into(), Arc::new(is_nearby))?;
    let port = page.address().port();
    for address in own_addresses() {
        println!("http://{address}:{port}/ with the code {}", code.digits());
    }
    println!("OSCQuery at http://{}/", query.address());
    if let Some(first) = own_addresses().first() {
        let url = format!("http://{first}:{port}/#{}", code.digits());
        print!(
            "{}",
            Qr::new(&url)
                .map(|qr| qr.in_blocks(true))
                .unwrap_or_default()
        );
    }
    loop {
        std::thread::park();
    }
}
