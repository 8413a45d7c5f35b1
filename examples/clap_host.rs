//! Plays a song through the plugin as a host does that bounces it, and checks that it comes out as it
//! went in, bit for bit: `cargo run --example clap_host -- target/bundled/Synopsia.clap SONG`.

use clack_extensions::render::{PluginRender, RenderMode};
use clack_host::prelude::*;
use std::error::Error;
use synopsia::media::song::SongReader;

/// Samples of each channel in a block.
const BLOCK: usize = 512;
/// Left and right.
type Stereo = [Vec<f32>; 2];

/// A host of which nothing can be asked.
struct Host;

impl SharedHandler<'_> for Host {
    fn request_restart(&self) {}
    fn request_process(&self) {}
    fn request_callback(&self) {}
}

impl HostHandlers for Host {
    type Shared<'a> = Host;
    type MainThread<'a> = ();
    type AudioProcessor<'a> = ();
}

/// An instance of the first plugin in the file at `path`, told that nobody waits for its sound.
fn load(path: &str) -> Result<PluginInstance<Host>, Box<dyn Error>> {
    // SAFETY: whoever calls vouches for the plugin.
    let entry = unsafe { PluginEntry::load(path)? };
    let factory = entry.get_plugin_factory().ok_or("it holds no plugins")?;
    let first = factory.plugin_descriptors().next();
    let id = first.and_then(|plugin| plugin.id()).ok_or("it has no id")?;
    let info = HostInfo::new("Example", "Synopsia", "https://synopsia.example", "1")?;
    let mut plugin = PluginInstance::new(|_| Host, |_| (), &entry, id, &info)?;
    let handle = plugin.plugin_handle();
    let render: PluginRender = handle.get_extension().ok_or("it cannot bounce")?;
    render.set(&handle, RenderMode::Offline)?;
    Ok(plugin)
}

/// What comes out when `music` is played at `rate` Hz.
fn played(path: &str, music: &mut Stereo, rate: u32) -> Result<Stereo, Box<dyn Error>> {
    let length = music[0].len();
    let mut output = [vec![0.0; length], vec![0.0; length]];
    // What the plugin could listen to instead.
    let mut aside = [[0.0; BLOCK]; 2];
    let mut ins = AudioPorts::with_capacity(4, 2);
    let mut outs = AudioPorts::with_capacity(2, 1);
    let mut plugin = load(path)?;
    let blocks = PluginAudioConfiguration {
        sample_rate: rate.into(),
        min_frames_count: 1,
        max_frames_count: BLOCK as u32,
    };
    let processor = plugin.activate(|_, _| (), blocks)?;
    let mut processor = processor.start_processing()?;
    for from in (0..length).step_by(BLOCK) {
        let to = length.min(from + BLOCK);
        let music = music.each_mut().map(|channel| &mut channel[from..to]);
        let aside = aside.each_mut().map(|channel| &mut channel[..to - from]);
        let ins = ins.with_input_buffers([music, aside].map(|port| {
            let channels = port.map(InputChannel::variable).into_iter();
            let (channels, latency) = (AudioPortBufferType::f32_input_only(channels), 0);
            AudioPortBuffer { channels, latency }
        }));
        let output = output.each_mut().map(|channel| &mut channel[from..to]);
        let channels = AudioPortBufferType::f32_output_only(output.into_iter());
        let latency = 0;
        let mut outs = outs.with_output_buffers([AudioPortBuffer { channels, latency }]);
        let (events, mut told) = (InputEvents::empty(), OutputEvents::void());
        processor.process(&ins, &mut outs, &events, &mut told, None, None)?;
    }
    plugin.deactivate(processor.stop_processing());
    Ok(output)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [plugin, song] = &arguments[..] else {
        return Err("usage: clap_host PLUGIN.clap SONG".into());
    };
    let mut song = SongReader::open(song)?;
    let (count, rate) = (song.channels(), song.rate());
    let mut samples = Vec::new();
    while song.read(&mut samples)? > 0 {}
    // Of one channel the same on both sides, of more than two the first and the last.
    let channel = |i: usize| samples.iter().skip(i).step_by(count).copied().collect();
    let mut music = [channel(0), channel(count - 1)];
    let output = played(plugin, &mut music, rate)?;
    let mut pairs = music.iter().flatten().zip(output.iter().flatten());
    if !pairs.all(|(went_in, came_out)| went_in.to_bits() == came_out.to_bits()) {
        return Err("the plugin changes the music".into());
    }
    let length = music[0].len();
    println!("{length} samples of each channel came out as they went in");
    Ok(())
}
