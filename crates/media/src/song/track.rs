//! What a container says of its tracks, and which of them is heard.

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3};
use symphonia::core::formats::{FormatReader, Track, TrackFlags};

/// The track that ffmpeg takes, too: a default one before others, then the one with most channels.
pub(super) fn best_track(stream: &dyn FormatReader) -> Option<&Track> {
    let sound = stream
        .tracks()
        .iter()
        .filter(|track| audio_params(track).is_some());
    sound.reduce(|best, next| {
        let rank = |track: &Track| {
            let channels = audio_params(track).and_then(|params| params.channels.as_ref());
            let default = track.flags.contains(TrackFlags::DEFAULT);
            (default, channels.map_or(0, |channels| channels.count()))
        };
        if rank(next) > rank(best) { next } else { best }
    })
}

/// How the sound of `track` is coded; `None` where it holds none.
pub(super) fn audio_params(track: &Track) -> Option<&AudioCodecParameters> {
    match track.codec_params.as_ref()? {
        CodecParameters::Audio(params) => Some(params),
        _ => None,
    }
}

/// Whether every frame stands alone, so that a seek is exact.
pub(super) fn is_pcm(params: &AudioCodecParameters) -> bool {
    symphonia::default::get_codecs()
        .get_audio_decoder(params.codec)
        .is_some_and(|decoder| decoder.codec.info.short_name.starts_with("pcm_"))
}

/// Frames at `rate` in `track`, as its container says; `None` where it only guesses.
pub(super) fn length(track: &Track, rate: u32) -> Option<u64> {
    if length_is_guessed(track) {
        return None;
    }
    if let Some(frames) = track.num_frames {
        return Some(frames);
    }
    let base = track.time_base?;
    let seconds = base.calc_duration(track.duration?)?.as_secs_f64();
    Some((seconds * f64::from(rate)).round() as u64)
}

/// Whether the demuxer has guessed the length of `track` from its first few packets: an MPEG audio
/// file without a header frame by its encoder.
pub(super) fn length_is_guessed(track: &Track) -> bool {
    let mpeg = [CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3];
    track.delay.is_none()
        && track.padding.is_none()
        && audio_params(track).is_some_and(|params| mpeg.contains(&params.codec))
}
