//! What comes out is what went in.

use crate::host::{Buffers, Handlers, Host, Random, With, change, same_bits};
use clack_extensions::latency::PluginLatency;
use clack_extensions::tail::{PluginTail, TailLength};
use clack_host::process::StartedPluginAudioProcessor;

const RATES: [f64; 7] = [
    22_050.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 176_400.0, 192_000.0,
];
const BLOCKS: [usize; 8] = [1, 16, 64, 333, 512, 1024, 4096, 8192];

/// Layouts of the plugin by number, with their channels.
const LAYOUTS: [(u32, usize); 2] = [(0, 2), (1, 1)];

/// Bits that a computation would change, and hosts do send.
const ODD: [u32; 14] = [
    0x7FC1_2345, // a quiet NaN with a payload
    0xFFC0_0001, // a negative one
    0x7F80_0001, // a signalling NaN
    0x7F80_0000, // infinity
    0xFF80_0000,
    0x0000_0001, // the smallest denormal number
    0x807F_FFFF, // the largest negative one
    0x8000_0000, // -0
    0x0000_0000,
    0x3F80_0000, // full scale
    0xBF80_0000,
    0x7F7F_FFFF, // the largest number
    0x0080_0000, // the smallest normal one
    0x4120_0000, // 20 dB above full scale
];

/// Sound, and everything that is none.
fn sample(random: &mut Random, index: usize) -> f32 {
    match index / 97 % 4 {
        0 => (index as f32 * 0.05).sin(),
        1 => f32::from_bits(ODD[random.below(ODD.len())]),
        2 => f32::from_bits(random.next() as u32),
        _ => [1.0, -1.0][index / 31 % 2],
    }
}

/// Processes `frames` samples and sees that they come out as they went in.
fn passes(
    buffers: &mut Buffers,
    processor: &mut StartedPluginAudioProcessor<Handlers>,
    random: &mut Random,
    frames: usize,
    with: With,
) -> bool {
    let offset = random.below(1000);
    for channel in buffers.input.iter_mut().chain(&mut buffers.sidechain) {
        for (i, value) in channel[..frames].iter_mut().enumerate() {
            *value = sample(random, offset + i);
        }
    }
    for channel in &mut buffers.output {
        channel.fill(123.0);
    }
    let before = buffers.input.clone();
    buffers.process(processor, frames, with);
    let after = buffers.came_out(with.in_place);
    before
        .iter()
        .zip(after)
        .all(|(before, after)| same_bits(&before[..frames], &after[..frames]))
}

#[test]
fn audio_passes_bit_for_bit_at_any_rate_block_and_layout() {
    let mut host = Host::new();
    let mut random = Random(1);
    for rate in RATES {
        for (layout, channels) in LAYOUTS {
            host.choose_layout(layout);
            for block in BLOCKS {
                let mut processor = host.start(rate, block);
                for (has_sidechain, in_place) in
                    [(false, false), (false, true), (true, false), (true, true)]
                {
                    let mut buffers = Buffers::new(channels, block, has_sidechain);
                    for _ in 0..3 {
                        let with = With {
                            in_place,
                            ..With::default()
                        };
                        assert!(
                            passes(&mut buffers, &mut processor, &mut random, block, with),
                            "{channels} channels, {rate} Hz, {block} samples, sidechain \
                             {has_sidechain}, in place {in_place}"
                        );
                    }
                }
                host.stop(processor);
            }
        }
    }
}

#[test]
fn audio_passes_bit_for_bit_in_blocks_of_changing_length() {
    let mut host = Host::new();
    let mut random = Random(2);
    let longest = 8192;
    let mut processor = host.start(48_000.0, longest);
    let mut buffers = Buffers::new(2, longest, true);
    for round in 0..300 {
        let frames = 1 + random.below(BLOCKS[round % BLOCKS.len()]);
        let with = With {
            in_place: round % 2 == 0,
            ..With::default()
        };
        assert!(
            passes(&mut buffers, &mut processor, &mut random, frames, with),
            "{frames} samples"
        );
    }
    host.stop(processor);
}

#[test]
fn parameters_move_in_the_middle_of_a_block_and_leave_the_audio_alone() {
    let (mut host, mut idle) = (Host::new(), Host::new());
    let mut random = Random(3);
    let params = host.params();
    let mut processor = host.start(44_100.0, 512);
    let mut buffers = Buffers::new(2, 512, false);
    for round in 0..20 {
        let mut times: Vec<u32> = params.iter().map(|_| random.below(512) as u32).collect();
        times.sort_unstable();
        let values: Vec<f64> = params
            .iter()
            .map(|param| match param.is_stepped {
                true => random.below(param.max as usize + 1) as f64,
                false => random.between(0.0, param.max),
            })
            .collect();
        let changes = params.iter().zip(&values).zip(times);
        let events: Vec<_> = changes
            .map(|((param, value), time)| change(time, param, *value))
            .collect();
        let with = With {
            in_place: round % 2 == 0,
            events: &events,
            ..With::default()
        };
        assert!(passes(&mut buffers, &mut processor, &mut random, 512, with));
        // They are then where they would be had nothing played.
        let values: Vec<_> = params.iter().zip(values).collect();
        idle.set(&values);
        for param in &params {
            assert_eq!(host.value(param), idle.value(param), "{}", param.name);
        }
    }
    host.stop(processor);
}

#[test]
fn bypassed_it_passes_audio_and_listens_to_nothing() {
    let mut host = Host::new();
    let mut random = Random(4);
    let bypass = host.param("Bypass");
    let mut processor = host.start(48_000.0, 512);
    let mut buffers = Buffers::new(2, 512, false);
    let events = [change(0, &bypass, 1.0)];
    let with = With {
        events: &events,
        ..With::default()
    };
    for round in 0..20 {
        let with = if round == 0 { with } else { With::default() };
        assert!(passes(&mut buffers, &mut processor, &mut random, 512, with));
    }
    std::thread::sleep(std::time::Duration::from_millis(150));
    assert_eq!(host.status().now, None);
    let events = [change(0, &bypass, 0.0)];
    let with = With {
        events: &events,
        ..With::default()
    };
    assert!(passes(&mut buffers, &mut processor, &mut random, 512, with));
    host.wait_until(|status| {
        passes(
            &mut buffers,
            &mut processor,
            &mut random,
            512,
            With::default(),
        );
        status.now.is_some()
    });
    host.stop(processor);
}

#[test]
fn music_is_never_marked_as_constant() {
    let mut host = Host::new();
    let mut random = Random(7);
    let mut processor = host.start(48_000.0, 512);
    let mut buffers = Buffers::new(2, 512, false);
    for in_place in [false, true] {
        let with = With {
            in_place,
            stale_output: true,
            ..With::default()
        };
        assert!(passes(&mut buffers, &mut processor, &mut random, 512, with));
        assert_eq!(buffers.constant & 0b11, 0);
    }
    host.stop(processor);
}

#[test]
fn it_adds_no_latency_and_no_tail() {
    let mut host = Host::new();
    let mut processor = host.start(48_000.0, 512);
    Buffers::new(2, 512, false).process(&mut processor, 512, With::default());
    let handle = host.instance.plugin_handle();
    let latency: PluginLatency = handle
        .get_extension()
        .expect("the plugin tells its latency");
    assert_eq!(latency.get(&handle), 0);
    let handle = processor.plugin_handle();
    let tail: PluginTail = handle.get_extension().expect("the plugin tells its tail");
    assert_eq!(tail.get(&handle), TailLength::Finite(0));
    host.stop(processor);
}

#[test]
fn a_sidechain_that_is_unplugged_is_no_longer_listened_to() {
    let mut host = Host::new();
    let mut random = Random(6);
    let mut processor = host.start(48_000.0, 512);
    let mut played = 0;
    for (has_sidechain, frames) in [(true, 512), (false, 64)] {
        let mut buffers = Buffers::new(2, 512, has_sidechain);
        for _ in 0..40 {
            assert!(passes(
                &mut buffers,
                &mut processor,
                &mut random,
                frames,
                With::default()
            ));
            played += frames as u64;
        }
    }
    let heard = |status: &synopsia::live::Status| status.now.map_or(0, |now| now.frame.position);
    let status = host.wait_until(|status| heard(status) > played - 2000);
    assert!(heard(&status) <= played, "{} of {played}", heard(&status));
    host.stop(processor);
}
