//! An audio input that is listened to.

use super::devices::{name_of, named, on_error};
use super::hearing::{Hearing, feed};
use super::tap_feed::TapFeed;
use crate::plugin::Project;
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{Device, FromSample, Sample, SampleFormat, SizedSample, Stream, SupportedStreamConfig};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn hear_input(
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
    let feed = feed(project, config.sample_rate(), config.channels().into())?;
    let on_error = on_error(name.clone(), project, lost);
    let stream = match config.sample_format() {
        SampleFormat::F32 => input::<f32>(&device, &config, feed, on_error),
        SampleFormat::F64 => input::<f64>(&device, &config, feed, on_error),
        SampleFormat::I8 => input::<i8>(&device, &config, feed, on_error),
        SampleFormat::I16 => input::<i16>(&device, &config, feed, on_error),
        SampleFormat::I32 => input::<i32>(&device, &config, feed, on_error),
        SampleFormat::U8 => input::<u8>(&device, &config, feed, on_error),
        SampleFormat::U16 => input::<u16>(&device, &config, feed, on_error),
        SampleFormat::U32 => input::<u32>(&device, &config, feed, on_error),
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
    mut feed: TapFeed,
    on_error: impl FnMut(cpal::Error) + Send + 'static,
) -> Result<Stream, cpal::Error>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels());
    let hear = move |data: &[T], _: &cpal::InputCallbackInfo| {
        let nowhere = |_| None;
        feed.hear(data.len() / channels, channels, nowhere, |i| {
            f32::from_sample(data[i])
        });
    };
    device.build_input_stream(config.config(), hear, on_error, None)
}
