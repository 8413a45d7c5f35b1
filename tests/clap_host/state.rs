//! What a host saves and loads, whoever wrote it.

use crate::host::{Buffers, Host, Param, Random, With, same_bits};
use clack_extensions::state::PluginState;
use serde_json::{Value, json};
use synopsia::emotion::Ear;
use synopsia::gan::Catalog;

/// Length of what precedes the JSON in a saved state: its length.
const HEAD: usize = 8;

fn parsed(saved: &[u8]) -> Value {
    serde_json::from_slice(&saved[HEAD..]).expect("a state is a length and JSON")
}

fn written(state: &Value) -> Vec<u8> {
    with_length(state.to_string().into_bytes())
}

fn with_length(text: Vec<u8>) -> Vec<u8> {
    let mut state = (text.len() as u64).to_le_bytes().to_vec();
    state.extend(text);
    state
}

/// Sets each parameter to some place of its range.
fn shuffle(host: &mut Host, random: &mut Random) -> Vec<Param> {
    let params = host.params();
    let values: Vec<(&Param, f64)> = params
        .iter()
        .map(|param| match param.is_stepped {
            // Saved by name, as models are: one that is there.
            true if param.name == "Morph to" => (param, random.below(10) as f64),
            true => (param, random.below(param.max as usize + 1) as f64),
            false => (param, random.between(0.0, param.max)),
        })
        .collect();
    host.set(&values);
    params
}

/// The instance's parameters are in range, and audio still passes.
fn is_sound(host: &mut Host) {
    for param in host.params() {
        let value = host.value(&param);
        assert!(
            (0.0..=param.max).contains(&value),
            "{}: {value}",
            param.name
        );
    }
    let mut processor = host.start(48_000.0, 64);
    let mut buffers = Buffers::new(2, 64, false);
    buffers.input[0].fill(0.25);
    buffers.process(&mut processor, 64, With::default());
    assert!(same_bits(&buffers.input[0], &buffers.output[0]));
    host.stop(processor);
}

#[test]
fn what_is_saved_is_what_is_loaded() {
    let mut random = Random(5);
    let mut host = Host::new();
    for _ in 0..10 {
        let params = shuffle(&mut host, &mut random);
        host.live().set_setup(synopsia::live::Setup {
            seed: random.next(),
            size: Some([640, 480]),
            ear: Ear::ALL[random.below(2)],
            ..Default::default()
        });
        let saved = host.save();
        let mut other = Host::new();
        assert!(other.load(&saved));
        for param in &params {
            // The model that is saved by name is one that there is.
            if param.name != "Model" {
                let (was, is) = (host.value(param), other.value(param));
                assert!((was - is).abs() < 1e-5, "{}: {is} for {was}", param.name);
            }
        }
        assert_eq!(other.live().setup(), host.live().setup());
        assert_eq!(parsed(&other.save()), parsed(&saved));
    }
}

/// Reads and writes a few bytes at a time, as hosts do whose files are slow.
struct Slow<'a> {
    bytes: &'a mut Vec<u8>,
    read: usize,
}

impl std::io::Write for Slow<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(23);
        self.bytes.extend(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl std::io::Read for Slow<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.bytes[self.read..];
        let given = bytes.len().min(rest.len()).min(17);
        bytes[..given].copy_from_slice(&rest[..given]);
        self.read += given;
        Ok(given)
    }
}

#[test]
fn a_state_is_saved_and_loaded_a_few_bytes_at_a_time() {
    let (mut host, mut other) = (Host::new(), Host::new());
    shuffle(&mut host, &mut Random(36));
    let saved = host.save();
    let mut bytes = Vec::new();
    let mut slow = Slow {
        bytes: &mut bytes,
        read: 0,
    };
    let handle = host.instance.plugin_handle();
    let state: PluginState = handle.get_extension().expect("a state");
    state.save(&handle, &mut slow).expect("the state is saved");
    assert_eq!(*slow.bytes, saved);
    let handle = other.instance.plugin_handle();
    let state: PluginState = handle.get_extension().expect("a state");
    state.load(&handle, &mut slow).expect("the state is loaded");
    assert_eq!(parsed(&other.save()), parsed(&saved));
}

#[test]
fn a_state_cut_short_anywhere_does_no_harm() {
    let mut host = Host::new();
    shuffle(&mut host, &mut Random(6));
    let saved = host.save();
    for end in (0..saved.len()).step_by(7) {
        // With the length that was, and with one that fits.
        assert!(!host.load(&saved[..end]));
        if end >= HEAD {
            assert!(!host.load(&with_length(saved[HEAD..end].to_vec())));
        }
    }
    assert_eq!(parsed(&host.save()), parsed(&saved));
    is_sound(&mut host);
}

#[test]
fn random_bytes_do_no_harm() {
    let mut random = Random(7);
    let mut host = Host::new();
    let saved = host.save();
    for round in 0..400 {
        let mut state = saved.clone();
        if round % 2 == 0 {
            for _ in 0..1 + random.below(20) {
                let place = random.below(state.len());
                state[place] = random.next() as u8;
            }
        } else {
            let length = random.below(300);
            state = with_length((0..length).map(|_| random.next() as u8).collect());
        }
        host.load(&state);
    }
    // A length that no memory holds.
    let mut huge = u64::MAX.to_le_bytes().to_vec();
    huge.extend(&saved[HEAD..]);
    assert!(!host.load(&huge));
    is_sound(&mut host);
}

/// Puts `value` in the place of each of the numbers, texts, lists and maps in `state`, one after
/// the other.
fn with_each_place_replaced(state: &Value, value: &Value) -> Vec<Value> {
    let mut replaced = vec![value.clone()];
    let children: Vec<(String, &Value)> = match state {
        Value::Object(map) => map
            .iter()
            .map(|(key, child)| (key.clone(), child))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        for child in with_each_place_replaced(child, value) {
            let mut state = state.clone();
            state[&key] = child;
            replaced.push(state);
        }
    }
    // Fields hold JSON in a text.
    if let Value::String(text) = state
        && let Ok(inner) = serde_json::from_str::<Value>(text)
    {
        let inner = with_each_place_replaced(&inner, value);
        replaced.extend(inner.iter().map(|inner| json!(inner.to_string())));
    }
    replaced
}

#[test]
fn values_of_the_wrong_kind_or_size_do_no_harm() {
    let mut host = Host::new();
    host.live().set_setup(synopsia::live::Setup {
        seed: 3,
        size: Some([640, 480]),
        ..Default::default()
    });
    let saved = parsed(&host.save());
    let wrong = [
        json!(null),
        json!(true),
        json!(1e30),
        json!(-1e30),
        json!(1e300),
        json!(-1),
        json!(u64::MAX),
        json!(""),
        json!("NaN"),
        json!("{}"),
        json!([]),
        json!({}),
        json!({"f32": 1e30}),
        json!({"f32": -1e30}),
        json!({"i32": 2147483647}),
        json!({"i32": -2147483648}),
        json!({"bool": true}),
        json!({"string": "a name"}),
        json!([1e30, -1e30]),
        json!([0, 0]),
        json!({"size": [1e30, 4], "scale": -1e30}),
    ];
    let mut tried = 0;
    for wrong in &wrong {
        for state in with_each_place_replaced(&saved, wrong) {
            host.load(&written(&state));
            tried += 1;
        }
    }
    assert!(tried > 500);
    is_sound(&mut host);
    let size = host.live().setup().size.expect("a size");
    assert!(size.iter().all(|side| (64..=3840).contains(side)));
    assert!(Host::new().load(&host.save()));
}

#[test]
fn a_state_with_wrong_values_is_told_of_in_a_sentence() {
    let mut host = Host::new();
    let mut state = parsed(&host.save());
    state["params"]["valence"] = json!({"f32": 1e30});
    assert!(host.load(&written(&state)));
    let valence = host.param("Valence");
    assert_eq!(host.value(&valence), valence.max);
    let problem = host.status().problem.expect("a sentence");
    assert!(problem.contains("valence"), "{problem}");
}

#[test]
fn a_blend_of_looks_is_saved_by_its_name_and_a_model_that_is_gone_is_told() {
    let looks = Catalog::built_in();
    let blend = format!("{}:3+{}:1", looks[1], looks[0]);
    let mut host = Host::new();
    let mut state = parsed(&host.save());
    for field in ["model", "blend-with"] {
        state["fields"][field] = json!(json!(blend).to_string());
    }
    assert!(host.load(&written(&state)));
    assert_eq!(host.status().problem, None);
    let saved = parsed(&host.save());
    for field in ["model", "blend-with"] {
        assert_eq!(saved["fields"][field], state["fields"][field]);
        state["fields"][field] = json!(json!(looks[0]).to_string());
    }
    let model = host.param("Model");
    // A host has a stepped value by way of its share of the range.
    let number = host.value(&model).round();
    assert!(number >= looks.len() as f64);

    // As a project of before the built-in models were looks of one family.
    for gone in ["surreal".to_owned(), format!("{}+cubist", looks[0])] {
        state["fields"]["model"] = json!(json!(gone).to_string());
        state["params"]["model"] = json!({"i32": 1});
        let mut host = Host::new();
        assert!(host.load(&written(&state)));
        let problem = host.status().problem.expect("a sentence");
        assert!(problem.contains(&format!("“{gone}”")), "{problem}");
        let model = host.param("Model");
        assert_eq!(host.value(&model), 0.0);
    }
    state["fields"]["model"] = json!(json!(looks[1]).to_string());
    state["fields"]["blend-with"] = json!(json!("gone").to_string());
    state["params"]["blend"] = json!({"f32": 0.5});
    let mut host = Host::new();
    assert!(host.load(&written(&state)));
    let problem = host.status().problem.expect("a sentence");
    assert!(problem.ends_with("nothing is blended in"), "{problem}");
    let [model, blend] = ["Model", "Blend amount"].map(|name| {
        let param = host.param(name);
        host.value(&param).round()
    });
    assert_eq!((model, blend), (1.0, 0.0));
}

#[test]
fn an_ear_is_saved_by_its_name_and_one_that_is_not_known_is_told_of_and_kept() {
    let mut host = Host::new();
    let choose = |host: &Host, ear| {
        let setup = host.live().setup();
        host.live()
            .set_setup(synopsia::live::Setup { ear, ..setup });
    };
    choose(&host, Ear::Free);
    let mut state = parsed(&host.save());
    assert_eq!(state["fields"]["ear"], json!(json!("free").to_string()));

    // A project of before there was a choice hears as it did, whatever was chosen since.
    let mut old = state.clone();
    old["fields"].as_object_mut().unwrap().remove("ear");
    assert!(host.load(&written(&old)));
    assert_eq!(host.live().setup().ear, Ear::Default);
    assert_eq!(host.status().problem, None);

    choose(&host, Ear::Free);
    state["fields"]["ear"] = json!(json!("golden").to_string());
    assert!(host.load(&written(&state)));
    assert_eq!(host.live().setup().ear, Ear::Default);
    let problem = host.status().problem.expect("a sentence");
    for word in ["“golden”", "default", "free"] {
        assert!(problem.contains(word), "{problem}");
    }
    let saved = parsed(&host.save());
    assert_eq!(saved["fields"]["ear"], state["fields"]["ear"]);
    choose(&host, Ear::Free);
    let saved = parsed(&host.save());
    assert_eq!(saved["fields"]["ear"], json!(json!("free").to_string()));
}

#[test]
fn what_a_newer_version_wrote_comes_back_when_it_is_saved_again() {
    let mut host = Host::new();
    let mut state = parsed(&host.save());
    state["version"] = json!("99.1.0");
    state["params"]["swirl"] = json!({"f32": 0.75});
    state["params"]["saturation"] = json!({"f32": 1.5});
    state["fields"]["choreography"] = json!("[[1,2],[3,4]]");
    assert!(host.load(&written(&state)));
    let problem = host.status().problem.expect("a sentence");
    assert!(problem.contains("99.1.0"), "{problem}");
    // Twice, as a project is that is worked on for a while.
    let mut saved = host.save();
    for _ in 0..2 {
        let mut other = Host::new();
        assert!(other.load(&saved));
        let saturation = other.param("Saturation");
        assert!((other.value(&saturation) - 0.75 * saturation.max).abs() < 1e-3);
        saved = other.save();
    }
    let saved = parsed(&saved);
    assert_eq!(saved["fields"]["choreography"], "[[1,2],[3,4]]");
    let others = saved["fields"]["other-parameters"]
        .as_str()
        .expect("what was set aside");
    assert_eq!(
        serde_json::from_str::<Value>(others).unwrap(),
        json!({"swirl": {"f32": 0.75}})
    );
}

#[test]
fn a_state_is_loaded_while_audio_passes() {
    let mut host = Host::new();
    let states: Vec<Vec<u8>> = (0..8)
        .map(|seed| {
            shuffle(&mut host, &mut Random(seed + 1));
            host.save()
        })
        .collect();
    let mut processor = host.start(48_000.0, 64);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let (processor, blocks) = std::thread::scope(|scope| {
        let audio = scope.spawn(|| {
            let mut buffers = Buffers::new(2, 64, false);
            let mut blocks = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) || blocks < 100 {
                for (i, sample) in buffers.input[0].iter_mut().enumerate() {
                    *sample = (blocks * 64 + i) as f32;
                }
                buffers.process(&mut processor, 64, With::default());
                assert!(same_bits(&buffers.input[0], &buffers.output[0]));
                blocks += 1;
            }
            (processor, blocks)
        });
        for round in 0..200 {
            assert!(host.load(&states[round % states.len()]));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        audio.join().expect("the audio thread ends well")
    });
    assert!(blocks >= 100);
    host.stop(processor);
    assert_eq!(parsed(&host.save()), parsed(&states[199 % states.len()]));
}
