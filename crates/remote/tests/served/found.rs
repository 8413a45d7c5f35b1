//! OSCQuery as the proposal has it, and what the network is told.

use crate::common::{SOON, get, open, osc_query, send, soon};
use rosc::{OscMessage, OscPacket, OscType, decoder};
use serde_json::{Value, json};
use synopsia_remote::{Advertisement, Service, addresses};
use tungstenite::Message;

/// All nodes at and below one.
fn nodes(node: &Value) -> Vec<&Value> {
    let below = node["CONTENTS"].as_object().into_iter().flatten();
    let below = below.flat_map(|(_, child)| nodes(child));
    [node].into_iter().chain(below).collect()
}

#[test]
fn the_whole_tree_says_of_every_address_what_it_takes_and_where_it_stands() {
    let (stage, server) = osc_query();
    let at = server.address();
    let whole = get(at, "/");
    assert_eq!(whole.status, 200);
    assert!(whole.head.contains("Content-Type: application/json"));
    let whole = whole.json();
    assert_eq!(whole["FULL_PATH"], "/");
    let all = nodes(&whole);
    for node in &all {
        let path = node["FULL_PATH"].as_str().expect("a path");
        // Each node is found where it says that it is, and there says the same; what is heard moves on.
        let alone = get(at, path).json();
        let still =
            |node: &Value| [&node["TYPE"], &node["RANGE"], &node["ACCESS"]].map(Value::clone);
        assert_eq!(still(&alone), still(node), "{path}");
        let (Some(types), access) = (node["TYPE"].as_str(), node["ACCESS"].as_u64()) else {
            assert!(node["CONTENTS"].is_object(), "{path} is nothing");
            continue;
        };
        assert!(node["DESCRIPTION"].is_string(), "{path}");
        for list in ["VALUE", "RANGE", "CLIPMODE"] {
            let list = node[list].as_array();
            assert!(
                list.is_none_or(|list| list.len() == types.len()),
                "{path}: {node}"
            );
        }
        assert_eq!(node["VALUE"].is_null(), access == Some(2), "{path}: {node}");
    }
    let paths: Vec<_> = all
        .iter()
        .filter_map(|node| node["FULL_PATH"].as_str())
        .collect();
    for address in addresses(&*stage) {
        assert!(paths.contains(&address.path.as_str()), "{address:?}");
    }
}

#[test]
fn each_kind_of_control_has_its_type_its_range_and_its_value() {
    let (stage, server) = osc_query();
    let at = server.address();
    stage.put("palette", 3.0);
    stage.put("trails", 0.1);
    for (id, expected) in [
        ("trails", json!(["f", [{"MIN": 0.0, "MAX": 1.0}], [0.1], 3])),
        ("symmetry", json!(["i", [{"MIN": 1, "MAX": 12}], [1], 3])),
        ("blackout", json!(["T", null, [false], 3])),
        (
            "words",
            json!(["s", [{"VALS": ["Off", "Brushed", "Burned", "Plain"]}], ["Off"], 3]),
        ),
        (
            "mood",
            json!(["ff", [{"MIN": -1.0, "MAX": 1.0}, {"MIN": -1.0, "MAX": 1.0}], [0.0, 0.0], 3]),
        ),
        ("tap", json!(["I", null, null, 2])),
        (
            "tempo",
            json!(["f", [{"MIN": 0.0, "MAX": 300.0}], [124.0], 1]),
        ),
    ] {
        let node = get(at, &format!("/synopsia/1/{id}")).json();
        let told = ["TYPE", "RANGE", "VALUE", "ACCESS"].map(|name| node[name].clone());
        assert_eq!(json!(told), expected, "{id}");
    }
    assert_eq!(
        get(at, "/synopsia/1/palette").json()["VALUE"],
        json!(["Ocean"])
    );
    assert_eq!(get(at, "/synopsia/1/bands").json()["TYPE"], "ffffffff");
}

#[test]
fn one_attribute_is_asked_for_alone_and_what_there_is_none_of_has_its_status() {
    let (_stage, server) = osc_query();
    let at = server.address();
    let trails = "/synopsia/1/trails";
    assert_eq!(
        get(at, &format!("{trails}?VALUE")).json(),
        json!({"VALUE": [0.35]})
    );
    assert_eq!(
        get(at, &format!("{trails}?TYPE")).json(),
        json!({"TYPE": "f"})
    );
    assert_eq!(get(at, "/?ACCESS").json(), json!({"ACCESS": 0}));
    let contents = get(at, "/synopsia?CONTENTS").json();
    assert!(contents["CONTENTS"]["1"]["CONTENTS"]["trails"].is_object());
    assert_eq!(
        get(at, "/synopsia/1/heard/").json()["FULL_PATH"],
        "/synopsia/1/heard"
    );
    for (path, status) in [
        ("/synopsia/1/trials", 404),
        ("/synopsia/1/trail", 404),
        ("/synopsia/2", 404),
        ("/trials?HOST_INFO", 200),
        ("/synopsia/1/trails?CONTENTS", 204),
        ("/synopsia/1/tap?VALUE", 204),
        ("/synopsia/1/blackout?RANGE", 204),
        ("/synopsia/1?VALUE", 204),
        ("/?VALUE", 204),
        ("/synopsia/1/trails?NOTHING", 400),
        ("/synopsia/1/trails?value", 400),
        ("/synopsia/1/none?VALUE", 404),
    ] {
        let answer = get(at, path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.body.is_empty(), status != 200, "{path}");
    }
    let post = format!("POST / HTTP/1.1\r\nHost: {at}\r\n\r\n");
    assert_eq!(send(at, post.as_bytes()).unwrap().status, 405);
}

#[test]
fn the_host_says_where_osc_is_and_what_it_can() {
    let (_stage, server) = osc_query();
    let info = get(server.address(), "/?HOST_INFO").json();
    assert_eq!(info["OSC_PORT"], 9000);
    assert_eq!(info["OSC_IP"], "127.0.0.1");
    assert_eq!(info["OSC_TRANSPORT"], "UDP");
    assert!(info["NAME"].as_str().unwrap().contains("Synopsia"));
    for extension in ["ACCESS", "VALUE", "RANGE", "DESCRIPTION", "LISTEN"] {
        assert_eq!(info["EXTENSIONS"][extension], true, "{extension}");
    }
}

#[test]
fn whoever_listens_to_a_path_is_told_its_changes_and_of_no_other() {
    let (stage, server) = osc_query();
    let mut listener = open(server.address(), "/", &[]).unwrap();
    let mut command = |word: &str, path: &str| {
        let text = json!({"COMMAND": word, "DATA": path}).to_string();
        listener.socket.send(Message::text(text)).unwrap();
    };
    command("LISTEN", "/synopsia/1/trails");
    command("LISTEN", "/synopsia/1/words");
    command("LISTEN", "/synopsia/1/nothing");
    command("SHOUT", "/synopsia/1/zoom");
    let mut next = || loop {
        if let Message::Binary(bytes) = listener.socket.read().unwrap() {
            match decoder::decode_udp(&bytes).unwrap().1 {
                OscPacket::Message(OscMessage { addr, args }) => return (addr, args),
                OscPacket::Bundle(bundle) => panic!("{bundle:?}"),
            }
        }
    };
    let trails = |x: f32| ("/synopsia/1/trails".to_owned(), vec![OscType::Float(x)]);
    let words = |w: &str| {
        (
            "/synopsia/1/words".to_owned(),
            vec![OscType::String(w.to_owned())],
        )
    };
    let mut first = [next(), next()];
    first.sort_by_key(|(addr, _)| addr.clone());
    assert_eq!(
        first,
        [trails(0.35), words("Off")],
        "where they stand is told at once"
    );
    stage.put("zoom", 2.0);
    stage.put("trails", 0.5);
    assert_eq!(next(), trails(0.5));
    stage.put("words", 2.0);
    assert_eq!(next(), words("Burned"));
    listener
        .socket
        .send(Message::text(
            r#"{"COMMAND":"IGNORE","DATA":"/synopsia/1/trails"}"#,
        ))
        .unwrap();
    soon("it is ignored", || {
        std::thread::sleep(std::time::Duration::from_millis(100));
        true
    });
    stage.put("trails", 0.6);
    stage.put("words", 3.0);
    let mut next = || match listener.socket.read().unwrap() {
        Message::Binary(bytes) => decoder::decode_udp(&bytes).unwrap().1,
        other => panic!("{other:?}"),
    };
    assert!(matches!(next(), OscPacket::Message(message) if message.addr.ends_with("words")));
}

#[test]
fn what_is_advertised_is_found_where_it_is() {
    // A port of our own on this machine's loopback alone: no network is needed, and none hears of it.
    let port = std::net::UdpSocket::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let services = [("_oscjson._tcp", 4321), ("_osc._udp", 9000)];
    let services = services.map(|(kind, port)| Service {
        kind,
        name: "Synopsia 1.0".to_owned(),
        port,
    });
    let _told = Advertisement::start_on_loopback(&services, port).unwrap();
    let daemon = mdns_sd::ServiceDaemon::new_with_port(port).unwrap();
    daemon.disable_interface(mdns_sd::IfKind::All).unwrap();
    daemon
        .enable_interface(mdns_sd::IfKind::LoopbackV4)
        .unwrap();
    for service in &services {
        let found = daemon.browse(&format!("{}.local.", service.kind)).unwrap();
        let begin = std::time::Instant::now();
        let resolved = loop {
            match found.recv_timeout(SOON) {
                Ok(mdns_sd::ServiceEvent::ServiceResolved(resolved)) => break resolved,
                Ok(_) => assert!(begin.elapsed() < SOON, "{service:?}"),
                Err(error) => panic!("{service:?}: {error}"),
            }
        };
        assert_eq!(resolved.get_port(), service.port);
        assert!(resolved.get_fullname().starts_with("Synopsia 1 0."));
        let addresses = resolved.get_addresses_v4();
        assert!(
            addresses.iter().any(std::net::Ipv4Addr::is_loopback),
            "{addresses:?}"
        );
    }
    let _ = daemon.shutdown();
}
