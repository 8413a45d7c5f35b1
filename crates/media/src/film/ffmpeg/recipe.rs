//! What ffmpeg is told of each codec.

use crate::film::Codec;

/// How ffmpeg codes one of our codecs.
pub(super) struct Recipe {
    pub(super) encoder: &'static str,
    pub(super) options: &'static [&'static str],
}

/// BT.709 in limited range. The filter tags the pictures, for encoders that believe nothing else;
/// the options tag the container.
const VIDEO_COLOURS: &[&str] = &[
    "-vf",
    "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,\
     setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv",
    "-colorspace",
    "bt709",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "bt709",
    "-color_range",
    "tv",
];

/// sRGB as it is, for codecs that keep RGB.
const RGB_COLOURS: &[&str] = &[
    "-vf",
    "setparams=colorspace=gbr:color_primaries=bt709:color_trc=iec61966-2-1:range=pc",
    "-colorspace",
    "rgb",
    "-color_primaries",
    "bt709",
    "-color_trc",
    "iec61966-2-1",
    "-color_range",
    "pc",
];

/// How ffmpeg codes `codec`; none where it does not.
pub(super) fn recipe(codec: Codec) -> Option<Recipe> {
    let (encoder, options): (_, &[_]) = match codec {
        Codec::X264 => ("libx264", &["-pix_fmt", "yuv420p", "-preset", "medium"]),
        Codec::H265 => (
            "libx265",
            &[
                "-pix_fmt",
                "yuv420p10le",
                "-preset",
                "medium",
                "-tag:v",
                "hvc1",
                "-x265-params",
                "log-level=error",
            ],
        ),
        Codec::ProRes => (
            "prores_ks",
            &[
                "-profile:v",
                "4444",
                "-pix_fmt",
                "yuva444p10le",
                "-vendor",
                "apl0",
            ],
        ),
        Codec::Hap => ("hap", &["-format", "hap_q"]),
        Codec::Ffv1 => (
            "ffv1",
            &[
                "-pix_fmt",
                "bgr0",
                "-level",
                "3",
                "-slices",
                "4",
                "-slicecrc",
                "1",
                "-g",
                "1",
            ],
        ),
        Codec::H264 | Codec::Png => return None,
    };
    Some(Recipe { encoder, options })
}

/// Options that say which colours the pictures of `codec` have.
pub(super) fn colours(codec: Codec) -> &'static [&'static str] {
    match codec {
        Codec::Hap | Codec::Ffv1 => RGB_COLOURS,
        _ => VIDEO_COLOURS,
    }
}
