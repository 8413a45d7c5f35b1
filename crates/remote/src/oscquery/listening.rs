//! Whoever listens to a path is told each change of it, as OSC over the WebSocket.

use super::served::Served;
use crate::connection::{Said, Talk};
use crate::told::Told;
use rosc::{OscMessage, OscPacket, OscType, encoder};
use serde_json::Value;
use std::sync::Arc;
use std::time::Instant;
use tungstenite::Message;

/// What somebody listens to: nodes by their places, and what was told of each last.
type Heard = Vec<(usize, Option<Vec<OscType>>)>;

/// Talks with somebody until one of both ends it.
pub(super) fn talk(served: &Arc<Served>, mut talk: Talk<'_>) {
    let mut listened: Heard = Vec::new();
    let mut number = None;
    loop {
        match talk.hear() {
            Said::End => return,
            Said::Text(text) => obey(served, &text, &mut listened),
            Said::Nothing => {}
        }
        let told = served.telling.at(Instant::now());
        if number.replace(told.number) == Some(told.number) {
            continue;
        }
        for message in changes(served, &told, &mut listened) {
            let Ok(bytes) = encoder::encode(&OscPacket::Message(message)) else {
                continue;
            };
            if !talk.say(Message::binary(bytes)) {
                return;
            }
        }
    }
}

/// Does what a command says; another one than those of the proposal is left.
fn obey(served: &Served, text: &str, listened: &mut Heard) {
    let command: Value = serde_json::from_str(text).unwrap_or_default();
    let path = command["DATA"].as_str().unwrap_or_default();
    let nodes = served.tree.nodes().iter();
    let Some(node) = nodes.clone().position(|node| node.path == path) else {
        return;
    };
    let is_listened = listened.iter().any(|(own, _)| *own == node);
    match command["COMMAND"].as_str() {
        Some("LISTEN") if !is_listened => listened.push((node, None)),
        Some("IGNORE") => listened.retain(|(own, _)| *own != node),
        _ => {}
    }
}

fn changes(served: &Served, told: &Told, listened: &mut Heard) -> Vec<OscMessage> {
    let mut messages = Vec::new();
    for (at, before) in listened {
        let node = &served.tree.nodes()[*at];
        let now = node.value(told);
        if let Some(args) = now.clone().filter(|_| now != *before) {
            let addr = node.path.clone();
            messages.push(OscMessage { addr, args });
            *before = now;
        }
    }
    messages
}
