//! Which container a file is, by its first bytes, and who reads it.
//!
//! A name proves nothing, and neither does a pattern somewhere in the middle of a file.

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use symphonia::core::codecs::audio::well_known::*;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;

use super::chunks::bytes_at;
use super::decoder::Decoder;
use super::demuxed::{Reader, Section};
use super::error::SongError;
use super::matroska::Matroska;
use super::mp4::Mp4;
use super::mpeg::Mpeg;
use super::ogg::Pages;
use super::track::{audio_params, best_track};
use super::wave::Wave;
use super::{aiff, caf, ffmpeg, flac, foreign, matroska, mp4, mpeg, tags, wave};

/// A song whose container was recognised.
pub(super) struct Opened {
    pub(super) stream: Box<dyn FormatReader>,
    pub(super) reader: Reader,
    /// What ffmpeg calls the container.
    pub(super) container: Cow<'static, str>,
    /// Frames of the decoder's run-up, before the song's first.
    pub(super) run_up: u32,
    /// Where the container ends the song, in frames, though its last packet may hold more.
    pub(super) end: Option<u64>,
    /// Whether parts of it were left out.
    pub(super) damaged: bool,
}

impl Opened {
    fn trusted(stream: Box<dyn FormatReader>, container: impl Into<Cow<'static, str>>) -> Self {
        Self {
            stream,
            container: container.into(),
            reader: Reader::Trusted,
            run_up: 0,
            end: None,
            damaged: false,
        }
    }
}

/// How Matroska begins.
const EBML: &[u8] = b"\x1a\x45\xdf\xa3";

/// The demuxers of ffmpeg for what symphonia reads, too.
const MP4: &str = "mov";
const OGG: &str = "ogg";
const MATROSKA: &str = "matroska,webm";

/// Opens the song at `path`, whichever container it is.
///
/// # Errors
/// When there is nothing there that can be heard.
pub(super) fn open(path: &Path) -> Result<Opened, SongError> {
    let io = |e| SongError::io(path, e);
    refuse_without_bytes(path)?;
    let mut file = File::open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    let start = tags::after_all(&mut file, 0, length).map_err(io)?;
    let head = bytes_at(&mut file, start, 64).map_err(io)?;
    if wave::is_wave(&head) {
        return open_wave(path, &mut file, start);
    }
    let pcm = match () {
        () if aiff::is_aiff(&head) => aiff::read(&mut file, start).map_err(io)?,
        () if start > 0 => None,
        () if head.starts_with(b"caff") => caf::read_caf(&mut file).map_err(io)?,
        () if head.starts_with(b".snd") => caf::read_au(&mut file).map_err(io)?,
        () => None,
    };
    if let Some(pcm) = pcm
        && let Some(stream) = pcm.open(path).map_err(io)?
    {
        return Ok(Opened::trusted(stream, "wav"));
    }
    if mp4::is_mp4(&head) {
        return open_mp4(path);
    }
    if head.starts_with(EBML) {
        return open_matroska(path);
    }
    let end = tags::before_end(&mut file, start, length).map_err(io)?;
    if head.starts_with(b"fLaC") {
        return open_flac(path, start..end)?.ok_or_else(|| SongError::Damaged(path.to_path_buf()));
    }
    let known = [
        (&b"OggS"[..], OGG),
        (b"caff", "caf"),
        (b"FORM", "aiff"),
        (b".snd", "au"),
    ];
    if let Some((_, name)) = known.iter().find(|(magic, _)| head.starts_with(magic)) {
        return through_symphonia(path, start..end, name);
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") {
        return through_ffmpeg(path, "avi", "in an AVI film");
    }
    if let Some((container, codec)) = foreign::known(&mut file, &head).map_err(io)? {
        return through_ffmpeg(path, container, codec);
    }
    match mpeg::open(path, start..end).map_err(io)? {
        Some(Mpeg::Stream(stream)) => Ok(Opened::trusted(stream, "mp3,aac")),
        Some(Mpeg::Foreign(codec)) => through_ffmpeg(path, "aac", codec),
        None => match open_flac(path, start..end)? {
            Some(opened) => Ok(opened),
            None => open_unknown(path),
        },
    }
}

fn open_mp4(path: &Path) -> Result<Opened, SongError> {
    match mp4::open(path).map_err(|e| SongError::io(path, e))? {
        Mp4::Stream { stream, end } => Ok(Opened {
            stream,
            reader: Reader::Here,
            container: MP4.into(),
            run_up: 0,
            end,
            damaged: false,
        }),
        Mp4::Foreign(codec) => through_ffmpeg(path, MP4, &codec),
        Mp4::Silent => Err(SongError::NoAudioTrack(path.to_path_buf())),
        Mp4::NoIndex => Err(SongError::NoIndex(path.to_path_buf())),
    }
}

fn open_matroska(path: &Path) -> Result<Opened, SongError> {
    match matroska::open(path).map_err(|e| SongError::io(path, e))? {
        Matroska::Stream { stream, run_up } => Ok(Opened {
            stream,
            reader: Reader::Here,
            container: MATROSKA.into(),
            run_up,
            end: None,
            damaged: false,
        }),
        Matroska::Foreign(codec) => through_ffmpeg(path, MATROSKA, &codec),
        Matroska::Silent => Err(SongError::NoAudioTrack(path.to_path_buf())),
        Matroska::NoIndex => Err(SongError::NoIndex(path.to_path_buf())),
    }
}

/// What only ffmpeg knows, if it does.
fn open_unknown(path: &Path) -> Result<Opened, SongError> {
    match ffmpeg::probe(path).map_err(|e| SongError::io(path, e))? {
        Some(probed) => {
            let opened = through_ffmpeg(path, probed.container, &probed.codec);
            opened.map_err(|_| SongError::NotAudio(path.to_path_buf()))
        }
        None => Err(SongError::NotAudio(path.to_path_buf())),
    }
}

/// Looks whether there can be a song at `path` at all.
///
/// # Errors
/// When there is a folder at `path`, an empty file, or nothing.
fn refuse_without_bytes(path: &Path) -> Result<(), SongError> {
    let meta = std::fs::metadata(path).map_err(|e| SongError::io(path, e))?;
    if meta.is_dir() {
        return Err(SongError::Folder(path.to_path_buf()));
    }
    if meta.is_file() && meta.len() == 0 {
        return Err(SongError::Empty(path.to_path_buf()));
    }
    Ok(())
}

fn open_flac(path: &Path, range: Range<u64>) -> Result<Option<Opened>, SongError> {
    let stream = flac::open(path, range).map_err(|e| SongError::io(path, e))?;
    Ok(stream.map(|stream| Opened {
        reader: Reader::Here,
        ..Opened::trusted(stream, "flac")
    }))
}

fn open_wave(path: &Path, file: &mut File, start: u64) -> Result<Opened, SongError> {
    let io = |e| SongError::io(path, e);
    let length = file.metadata().map_err(io)?.len();
    match wave::read(file, start).map_err(io)? {
        Some(Wave::Pcm(pcm)) => {
            let stream = pcm.open(path).map_err(io)?;
            match stream {
                Some(stream) => Ok(Opened::trusted(stream, "wav")),
                None => through_ffmpeg(path, "wav,w64", "PCM of an unusual width"),
            }
        }
        Some(Wave::Mpeg(range)) => match mpeg::open(path, range).map_err(io)? {
            Some(Mpeg::Stream(stream)) => Ok(Opened::trusted(stream, "wav,w64")),
            _ => through_ffmpeg(path, "wav,w64", "MPEG audio of an unusual kind"),
        },
        Some(Wave::Other) => through_symphonia(path, start..length, "wav,w64"),
        None => Err(SongError::NoAudioTrack(path.to_path_buf())),
    }
}

/// What symphonia reads, or else ffmpeg, which calls it `container`.
fn through_symphonia(
    path: &Path,
    range: Range<u64>,
    container: &'static str,
) -> Result<Opened, SongError> {
    let io = |e| SongError::io(path, e);
    let (source, damaged): (Box<dyn MediaSource>, _) = match container {
        OGG => {
            let pages = Pages::open(path, range).map_err(io)?;
            let damaged = pages.damaged;
            (Box::new(pages), damaged)
        }
        _ => {
            let section = Section::open(path, range.start, range.end).map_err(io)?;
            (Box::new(section), false)
        }
    };
    let probed = symphonia::default::get_probe().probe(
        &Hint::new(),
        MediaSourceStream::new(source, Default::default()),
        FormatOptions::default(),
        MetadataOptions::default(),
    );
    let Ok(stream) = probed else {
        // The container is known: what neither reads is damaged.
        return match through_ffmpeg(path, container, "in an unusual or damaged file") {
            Ok(opened) => Ok(Opened { damaged, ..opened }),
            Err(SongError::Ffmpeg { .. }) => Err(SongError::Damaged(path.to_path_buf())),
            Err(error) => Err(error),
        };
    };
    match best_track(&*stream) {
        // Ours is off by the noise of its steps, and better than none.
        Some(track)
            if is_apples_adpcm(track)
                && let Ok(opened) = through_ffmpeg(path, container, "ADPCM") =>
        {
            Ok(opened)
        }
        Some(track) if Decoder::new(track, Reader::Symphonia).is_some() => Ok(Opened {
            stream,
            reader: Reader::Symphonia,
            container: container.into(),
            run_up: 0,
            end: None,
            damaged,
        }),
        None if stream
            .tracks()
            .iter()
            .all(|track| track.codec_params.is_some()) =>
        {
            Err(SongError::NoAudioTrack(path.to_path_buf()))
        }
        track => through_ffmpeg(
            path,
            container,
            track.map_or("of an unknown kind", codec_name),
        ),
    }
}

/// Whether a track is coded in QuickTime's ADPCM.
fn is_apples_adpcm(track: &Track) -> bool {
    audio_params(track).is_some_and(|params| params.codec == CODEC_ID_ADPCM_IMA_QT)
}

/// What people call the codec of `track`.
fn codec_name(track: &Track) -> &'static str {
    match audio_params(track).map(|params| params.codec) {
        Some(CODEC_ID_AAC) => "a kind of AAC",
        Some(CODEC_ID_AC3) => "Dolby Digital (AC-3)",
        Some(CODEC_ID_EAC3) => "Dolby Digital Plus (E-AC-3)",
        Some(CODEC_ID_TRUEHD) => "Dolby TrueHD",
        Some(CODEC_ID_DCA) => "DTS",
        Some(CODEC_ID_WAVPACK) => "WavPack",
        Some(CODEC_ID_TTA) => "True Audio",
        Some(CODEC_ID_MUSEPACK) => "Musepack",
        _ => "of an unknown kind",
    }
}

fn through_ffmpeg(
    path: &Path,
    container: impl Into<Cow<'static, str>>,
    codec: &str,
) -> Result<Opened, SongError> {
    let container = container.into();
    let stream = ffmpeg::open(path, &container, codec)?;
    Ok(Opened {
        reader: Reader::Ffmpeg,
        ..Opened::trusted(stream, container)
    })
}
