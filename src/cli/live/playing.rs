//! A song that is played and heard.

use super::devices::{name_of, on_error};
use super::hearing::{Clock, Hearing, feed};
use super::song::{Played, Player};
use super::tap_feed::TapFeed;
use crate::plugin::Project;
use crate::signal::{Layout, Mixdown};
use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{Device, FromSample, Sample, SampleFormat, SizedSample, Stream, SupportedStreamConfig};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Sample rate, and frames at once, of a song that plays without a sound card.
const SILENT_RATE: u32 = 48_000;
const SILENT_BLOCK: usize = 480;

pub(super) fn play(
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
    let feed = feed(project, rate, 2)?;
    let on_error = on_error(name.clone(), project, lost);
    let stream = match config.sample_format() {
        SampleFormat::F32 => output::<f32>(device, &config, player, feed, on_error),
        SampleFormat::F64 => output::<f64>(device, &config, player, feed, on_error),
        SampleFormat::I8 => output::<i8>(device, &config, player, feed, on_error),
        SampleFormat::I16 => output::<i16>(device, &config, player, feed, on_error),
        SampleFormat::I32 => output::<i32>(device, &config, player, feed, on_error),
        SampleFormat::U8 => output::<u8>(device, &config, player, feed, on_error),
        SampleFormat::U16 => output::<u16>(device, &config, player, feed, on_error),
        SampleFormat::U32 => output::<u32>(device, &config, player, feed, on_error),
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
    mut feed: TapFeed,
    on_error: impl FnMut(cpal::Error) + Send + 'static,
) -> Result<Stream, cpal::Error>
where
    T: SizedSample + FromSample<f32>,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels());
    // One loudspeaker plays what the ear hears: nothing cancels there either.
    let mut mixdown = Mixdown::new(config.sample_rate().into(), &Layout::usual(2));
    let rate = config.sample_rate();
    let play = move |data: &mut [T], _: &cpal::OutputCallbackInfo| {
        let mut place = None;
        for (i, frame) in data.chunks_exact_mut(channels).enumerate() {
            let played = player.frames.pop().unwrap_or_default();
            let stereo = played.sound;
            // From the first frame of the song on, a block goes through it without a jump.
            let begins = |seconds: f64| seconds - i as f64 / f64::from(rate);
            place = place.or(played.seconds(rate).map(begins));
            frame.fill(T::EQUILIBRIUM);
            if channels == 1 {
                mixdown.mix_interleaved(&stereo, |mono| frame[0] = T::from_sample(mono));
            } else {
                frame[0] = T::from_sample(stereo[0]);
                frame[1] = T::from_sample(stereo[1]);
            }
        }
        let place = |frame: usize| place.map(|seconds| seconds + frame as f64 / f64::from(rate));
        feed.hear(data.len() / channels, channels, place, |i| {
            f32::from_sample(data[i])
        });
    };
    device.build_output_stream(config.config(), play, on_error, None)
}

pub(super) fn play_silently(
    path: &std::path::Path,
    looped: bool,
    project: &Arc<Project>,
) -> Result<Hearing, String> {
    let reporter = Arc::clone(project);
    let report = move |problem| reporter.live.report(problem);
    let mut player = Player::start(path, SILENT_RATE, looped, report)?;
    let mut feed = feed(project, SILENT_RATE, 2)?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let thread = std::thread::Builder::new()
        .name("synopsia-clock".into())
        .spawn(move || {
            let every = Duration::from_secs_f64(SILENT_BLOCK as f64 / f64::from(SILENT_RATE));
            let mut due = Instant::now();
            let mut block = [Played::default(); SILENT_BLOCK];
            while !stopped.load(Ordering::Relaxed) {
                for frame in &mut block {
                    *frame = player.frames.pop().unwrap_or_default();
                }
                let place = |frame: usize| block[frame].seconds(SILENT_RATE);
                feed.hear(SILENT_BLOCK, 2, place, |i| block[i / 2].sound[i % 2]);
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
