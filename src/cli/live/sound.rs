//! Where the music of `synopsia live` comes from.

use super::ears::{Ears, MOST};
use super::song::Player;
use crate::output::window;
use crate::plugin::Project;
use crate::signal::{Layout, Mixdown};
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{Device, FromSample, Sample, SampleFormat, SizedSample, Stream, SupportedStreamConfig};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What is heard.
#[derive(Clone, Debug)]
pub enum Source {
    /// The input whose name contains this; the default one without.
    Input(Option<String>),
    Song {
        path: PathBuf,
        looped: bool,
        /// The output whose name contains this; the default one without.
        output: Option<String>,
    },
}

/// Pause before a device that went away is asked for again.
const RETRY: Duration = Duration::from_secs(1);

/// Sample rate, and frames at once, of a song that plays without a sound card.
const SILENT_RATE: u32 = 48_000;
const SILENT_BLOCK: usize = 480;

/// Music that is being heard, until it is dropped.
pub struct Sound {
    description: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Sound {
    /// Starts to hear. A device that goes away later is asked for again, and the project's status
    /// says so.
    ///
    /// # Errors
    /// When there is no such device, or the song cannot be read.
    pub fn start(source: Source, project: Arc<Project>) -> Result<Self, String> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (tell, told) = crossbeam_channel::bounded(1);
        // Streams live and die on one thread: not every system lets them move.
        let thread = std::thread::Builder::new()
            .name("synopsia-sound".into())
            .spawn(move || keep_hearing(&source, &project, &stopped, &tell))
            .map_err(|e| format!("no thread could be started to hear: {e}"))?;
        let description = told
            .recv()
            .unwrap_or_else(|_| Err("the sound could not be started".into()))?;
        Ok(Self {
            description,
            stop,
            thread: Some(thread),
        })
    }

    /// What is heard, in a sentence.
    pub fn description(&self) -> &str {
        &self.description
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It reports what goes wrong while it runs; there is nothing left to tell.
            let _ = thread.join();
        }
    }
}

/// Keeps ALSA from writing to the terminal, on this thread and as long as the answer lives.
#[cfg(target_os = "linux")]
fn quiet_alsa() -> Option<impl Sized> {
    alsa::Output::local_error_handler().ok()
}

#[cfg(not(target_os = "linux"))]
fn quiet_alsa() -> Option<impl Sized> {
    None::<()>
}

/// Hears, and begins anew when the device goes away. Tells how the first time went.
fn keep_hearing(
    source: &Source,
    project: &Arc<Project>,
    stop: &AtomicBool,
    tell: &crossbeam_channel::Sender<Result<String, String>>,
) {
    let _quiet = quiet_alsa();
    let mut told = false;
    while !stop.load(Ordering::Relaxed) {
        let lost = Arc::new(AtomicBool::new(false));
        match hear(source, project, &lost) {
            Ok(hearing) => {
                if !told {
                    // Whoever started this waits for it.
                    let _ = tell.send(Ok(hearing.description.clone()));
                    told = true;
                }
                while !stop.load(Ordering::Relaxed) && !lost.load(Ordering::Relaxed) {
                    std::thread::park_timeout(RETRY / 4);
                }
            }
            Err(problem) if told => project.live.report(problem),
            Err(problem) => {
                let _ = tell.send(Err(problem));
                return;
            }
        }
        if !stop.load(Ordering::Relaxed) {
            std::thread::park_timeout(RETRY);
        }
    }
}

/// What keeps the sound going; dropped, it stops.
struct Hearing {
    description: String,
    _stream: Option<Stream>,
    _clock: Option<Clock>,
}

fn hear(
    source: &Source,
    project: &Arc<Project>,
    lost: &Arc<AtomicBool>,
) -> Result<Hearing, String> {
    match source {
        Source::Input(name) => hear_input(name.as_deref(), project, lost),
        Source::Song {
            path,
            looped,
            output,
        } => {
            let song_rate = crate::media::song::SongReader::open(path)
                .map_err(|e| e.to_string())?
                .rate();
            let played = find_output(output.as_deref())
                .and_then(|device| play(&device, path, song_rate, *looped, project, lost));
            match played {
                // A machine without sound can still show pictures; a device that was named and
                // does not play is a mistake.
                Err(_) if output.is_none() => play_silently(path, *looped, project),
                played => played,
            }
        }
    }
}

/// A tap on so many channels at `rate` Hz, ready to hear.
fn ears(project: &Arc<Project>, rate: u32, channels: usize) -> Result<Ears, String> {
    let tap = project
        .live
        .connect(f64::from(rate), channels.min(MOST), false);
    let tap = tap.map_err(|e| e.to_string())?;
    let params = Arc::clone(&project.params);
    Ok(Ears::new(tap, move || params.desk()))
}

fn name_of(device: &Device) -> String {
    device.description().map_or_else(
        |_| "a device without a name".into(),
        |d| d.name().to_owned(),
    )
}

fn find_output(wanted: Option<&str>) -> Result<Device, String> {
    let host = cpal::default_host();
    match wanted {
        None => host
            .default_output_device()
            .ok_or("there is no audio output".into()),
        Some(wanted) => named(host.output_devices(), wanted, "output"),
    }
}

fn named(
    devices: Result<impl Iterator<Item = Device>, cpal::Error>,
    wanted: &str,
    kind: &str,
) -> Result<Device, String> {
    let devices = devices.map_err(|e| format!("the audio {kind}s cannot be listed: {e}"))?;
    let mut names = Vec::new();
    for device in devices {
        let name = name_of(&device);
        if name.to_lowercase().contains(&wanted.to_lowercase()) {
            return Ok(device);
        }
        names.push(name);
    }
    let there = if names.is_empty() {
        "there is none".into()
    } else {
        names.join(", ")
    };
    Err(format!(
        "no audio {kind} has “{wanted}” in its name: {there}"
    ))
}

fn hear_input(
    wanted: Option<&str>,
    project: &Arc<Project>,
    lost: &Arc<AtomicBool>,
) -> Result<Hearing, String> {
    let host = cpal::default_host();
    let device = match wanted {
        None => host.default_input_device().ok_or(
            "there is no audio input to listen to. Name a song (synopsia live song.mp3), or see \
             synopsia live --list-devices",
        )?,
        Some(wanted) => named(host.input_devices(), wanted, "input")?,
    };
    let name = name_of(&device);
    let failed = |e: cpal::Error| {
        format!(
            "{name} cannot be listened to: {e} Name a song (synopsia live song.mp3), or see \
             synopsia live --list-devices"
        )
    };
    let config = device.default_input_config().map_err(failed)?;
    let ears = ears(project, config.sample_rate(), config.channels().into())?;
    let on_error = on_error(name.clone(), project, lost);
    let stream = match config.sample_format() {
        SampleFormat::F32 => input::<f32>(&device, &config, ears, on_error),
        SampleFormat::F64 => input::<f64>(&device, &config, ears, on_error),
        SampleFormat::I8 => input::<i8>(&device, &config, ears, on_error),
        SampleFormat::I16 => input::<i16>(&device, &config, ears, on_error),
        SampleFormat::I32 => input::<i32>(&device, &config, ears, on_error),
        SampleFormat::U8 => input::<u8>(&device, &config, ears, on_error),
        SampleFormat::U16 => input::<u16>(&device, &config, ears, on_error),
        SampleFormat::U32 => input::<u32>(&device, &config, ears, on_error),
        other => {
            return Err(format!(
                "{name} gives {other} samples, which are not understood"
            ));
        }
    };
    let stream = stream.map_err(failed)?;
    stream.play().map_err(failed)?;
    Ok(Hearing {
        description: format!("Listening to {name} at {} Hz", config.sample_rate()),
        _stream: Some(stream),
        _clock: None,
    })
}

fn input<T>(
    device: &Device,
    config: &SupportedStreamConfig,
    mut ears: Ears,
    on_error: impl FnMut(cpal::Error) + Send + 'static,
) -> Result<Stream, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels());
    let hear = move |data: &[T], _: &cpal::InputCallbackInfo| {
        ears.hear(data.len() / channels, channels, |i| {
            f32::from_sample(data[i])
        });
    };
    device.build_input_stream(config.config(), hear, on_error, None)
}

/// Reports what goes wrong with a stream, and asks for another one.
fn on_error(
    name: String,
    project: &Arc<Project>,
    lost: &Arc<AtomicBool>,
) -> impl FnMut(cpal::Error) + Send + 'static {
    let (project, lost) = (Arc::clone(project), Arc::clone(lost));
    move |error| {
        use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
        if !matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun) {
            project.live.report(format!("{name} was lost: {error}"));
            lost.store(true, Ordering::Relaxed);
        }
    }
}

fn play(
    device: &Device,
    path: &std::path::Path,
    song_rate: u32,
    looped: bool,
    project: &Arc<Project>,
    lost: &Arc<AtomicBool>,
) -> Result<Hearing, String> {
    let name = name_of(device);
    let failed = |e: cpal::Error| format!("{name} cannot play: {e}");
    let usual = device.default_output_config().map_err(failed)?;
    // The song's own rate where the card has it with the usual channels.
    let own = device
        .supported_output_configs()
        .map_err(failed)?
        .find_map(|range| {
            let same = range.channels() == usual.channels();
            let range = Some(range).filter(|r| same && r.sample_format() == usual.sample_format());
            range?.try_with_sample_rate(song_rate)
        });
    let config = own.unwrap_or(usual);
    let rate = config.sample_rate();
    let reporter = Arc::clone(project);
    let player = Player::start(path, rate, looped, move |problem| {
        reporter.live.report(problem)
    })?;
    let ears = ears(project, rate, 2)?;
    let on_error = on_error(name.clone(), project, lost);
    let stream = match config.sample_format() {
        SampleFormat::F32 => output::<f32>(device, &config, player, ears, on_error),
        SampleFormat::F64 => output::<f64>(device, &config, player, ears, on_error),
        SampleFormat::I8 => output::<i8>(device, &config, player, ears, on_error),
        SampleFormat::I16 => output::<i16>(device, &config, player, ears, on_error),
        SampleFormat::I32 => output::<i32>(device, &config, player, ears, on_error),
        SampleFormat::U8 => output::<u8>(device, &config, player, ears, on_error),
        SampleFormat::U16 => output::<u16>(device, &config, player, ears, on_error),
        SampleFormat::U32 => output::<u32>(device, &config, player, ears, on_error),
        other => {
            return Err(format!(
                "{name} takes {other} samples, which are not understood"
            ));
        }
    };
    let stream = stream.map_err(failed)?;
    stream.play().map_err(failed)?;
    Ok(Hearing {
        description: format!("Playing {} on {name} at {rate} Hz", path.display()),
        _stream: Some(stream),
        _clock: None,
    })
}

fn output<T>(
    device: &Device,
    config: &SupportedStreamConfig,
    mut player: Player,
    mut ears: Ears,
    on_error: impl FnMut(cpal::Error) + Send + 'static,
) -> Result<Stream, cpal::Error>
where
    T: SizedSample + FromSample<f32>,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels());
    // One loudspeaker plays what the ear hears: nothing cancels there either.
    let mut mixdown = Mixdown::new(config.sample_rate().into(), &Layout::usual(2));
    let play = move |data: &mut [T], _: &cpal::OutputCallbackInfo| {
        for frame in data.chunks_exact_mut(channels) {
            let stereo = player.frames.pop().unwrap_or_default();
            frame.fill(T::EQUILIBRIUM);
            if channels == 1 {
                mixdown.mix_interleaved(&stereo, |mono| frame[0] = T::from_sample(mono));
            } else {
                frame[0] = T::from_sample(stereo[0]);
                frame[1] = T::from_sample(stereo[1]);
            }
        }
        ears.hear(data.len() / channels, channels, |i| {
            f32::from_sample(data[i])
        });
    };
    device.build_output_stream(config.config(), play, on_error, None)
}

/// Plays a song at its pace where there is no sound card.
struct Clock {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

fn play_silently(
    path: &std::path::Path,
    looped: bool,
    project: &Arc<Project>,
) -> Result<Hearing, String> {
    let reporter = Arc::clone(project);
    let report = move |problem| reporter.live.report(problem);
    let mut player = Player::start(path, SILENT_RATE, looped, report)?;
    let mut ears = ears(project, SILENT_RATE, 2)?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let thread = std::thread::Builder::new()
        .name("synopsia-clock".into())
        .spawn(move || {
            let every = Duration::from_secs_f64(SILENT_BLOCK as f64 / f64::from(SILENT_RATE));
            let mut due = Instant::now();
            let mut block = [[0.0; 2]; SILENT_BLOCK];
            while !stopped.load(Ordering::Relaxed) {
                for frame in &mut block {
                    *frame = player.frames.pop().unwrap_or_default();
                }
                ears.hear(SILENT_BLOCK, 2, |i| block[i / 2][i % 2]);
                due += every;
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
        })
        .map_err(|e| format!("no thread could be started to play the song: {e}"))?;
    Ok(Hearing {
        description: format!(
            "Playing {} without sound: there is no audio output",
            path.display()
        ),
        _stream: None,
        _clock: Some(Clock {
            stop,
            thread: Some(thread),
        }),
    })
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It cannot fail; there is nothing to be told.
            let _ = thread.join();
        }
    }
}

/// Inputs, outputs and monitors, one a line.
pub fn list() -> String {
    let _quiet = quiet_alsa();
    let host = cpal::default_host();
    let mut text = String::new();
    let mut lines = |title: &str, names: Vec<String>| {
        text.push_str(title);
        text.push('\n');
        for name in if names.is_empty() {
            vec!["none".into()]
        } else {
            names
        } {
            text.push_str(&format!("  {name}\n"));
        }
    };
    let names = |devices: Vec<Device>| devices.iter().map(name_of).collect();
    let inputs = host.input_devices().map(Iterator::collect);
    lines("Inputs", names(inputs.unwrap_or_default()));
    let outputs = host.output_devices().map(Iterator::collect);
    lines("Outputs", names(outputs.unwrap_or_default()));
    let monitors = window::monitors().unwrap_or_default().into_iter();
    lines(
        "Monitors",
        monitors
            .map(|m| format!("{} ({}x{})", m.name, m.size[0], m.size[1]))
            .collect(),
    );
    text
}
