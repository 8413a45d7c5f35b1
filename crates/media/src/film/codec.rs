//! The ways a film can be written.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// How pictures are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// H.264 in MP4, built in: plays everywhere.
    H264,
    /// H.264 by ffmpeg's libx264: smaller files, slower.
    X264,
    /// H.265 by ffmpeg's libx265, ten bits.
    H265,
    /// Apple ProRes 4444 by ffmpeg: for editing.
    ProRes,
    /// HAP by ffmpeg: for VJ software that plays many films at once.
    Hap,
    /// FFV1 by ffmpeg: lossless, for archives.
    Ffv1,
    /// Numbered PNG pictures and a WAV, built in: lossless.
    Png,
}

/// How much of the picture a lossy codec keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FilmQuality {
    /// Small files; brush strokes soften.
    Draft,
    /// What a viewer cannot tell from the picture at normal distance.
    #[default]
    Good,
    /// For another generation of editing.
    Best,
}

impl FilmQuality {
    /// H.264's quantiser, 0 (lossless) to 51.
    pub(super) fn quantiser(self) -> u8 {
        match self {
            Self::Draft => 30,
            Self::Good => 22,
            Self::Best => 18,
        }
    }
}

/// A name that is no codec.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no codec: choose h264, x264, h265, prores, hap, ffv1 or png")]
pub struct CodecError(String);

impl Codec {
    /// All codecs, the default first.
    pub const ALL: [Self; 7] = [
        Self::H264,
        Self::X264,
        Self::H265,
        Self::ProRes,
        Self::Hap,
        Self::Ffv1,
        Self::Png,
    ];

    /// The codec's name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::X264 => "x264",
            Self::H265 => "h265",
            Self::ProRes => "prores",
            Self::Hap => "hap",
            Self::Ffv1 => "ffv1",
            Self::Png => "png",
        }
    }

    /// The file name extensions it can be written to, its usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::H264 => &["mp4", "m4v"],
            Self::X264 | Self::H265 => &["mp4", "m4v", "mov", "mkv"],
            Self::ProRes => &["mov", "mkv"],
            Self::Hap => &["mov"],
            Self::Ffv1 => &["mkv"],
            Self::Png => &["png"],
        }
    }

    /// The codec that a film of this name is written with when none is asked for: `.mp4` H.264,
    /// `.mov` ProRes, `.mkv` FFV1, `.png` or a folder numbered pictures. `None` for other names.
    pub fn for_path(path: &Path) -> Option<Self> {
        let Some(extension) = extension(path) else {
            return path.is_dir().then_some(Self::Png);
        };
        match extension.as_str() {
            "mp4" | "m4v" => Some(Self::H264),
            "mov" => Some(Self::ProRes),
            "mkv" => Some(Self::Ffv1),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// Whether ffmpeg must be installed for it.
    pub fn needs_ffmpeg(self) -> bool {
        !matches!(self, Self::H264 | Self::Png)
    }

    /// Pictures must be a multiple of this many pixels wide and high.
    pub fn grid(self) -> usize {
        match self {
            Self::H264 | Self::X264 | Self::H265 => 2,
            Self::Hap => 4,
            Self::ProRes | Self::Ffv1 | Self::Png => 1,
        }
    }

    /// The largest picture, longer side and shorter side, pixels.
    pub fn largest(self) -> (usize, usize) {
        match self {
            Self::H264 => (3840, 2160),
            _ => (16_384, 16_384),
        }
    }
}

/// The extension in lower case. What follows a full stop in a title, as in `St. Anger`, is none.
pub fn extension(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    let plain = extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then_some(extension)
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Codec {
    type Err = CodecError;

    fn from_str(name: &str) -> Result<Self, CodecError> {
        Self::ALL
            .into_iter()
            .find(|codec| codec.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| CodecError(name.to_string()))
    }
}

/// How a film's file is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Mp4,
    QuickTime,
    Matroska,
}

impl Container {
    /// The container of a film of this name.
    pub fn of(path: &Path) -> Self {
        match extension(path).as_deref() {
            Some("mkv") => Self::Matroska,
            Some("mov") => Self::QuickTime,
            _ => Self::Mp4,
        }
    }

    /// ffmpeg's name of its muxer.
    pub(super) fn muxer(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::QuickTime => "mov",
            Self::Matroska => "matroska",
        }
    }
}
