//! Which loudspeakers QuickTime, Core Audio files, AIFF and MP4 say that channels are for.

use symphonia::core::audio::Channels;

use super::chunks::Fields;
use super::layout::channels_of;
use synopsia_signal::Layout;

/// Core Audio's layouts (`CoreAudioBaseTypes.h`) by the upper half of their tag; the lower half
/// counts the channels. Surrounds are at the sides where there are others behind, or nobody says. 125 and 128 are in the order in which ffmpeg writes them,
/// which is not Apple's: more such files come from there than from anyone.
const TAGS: [(u16, &str); 69] = [
    (100, "FC"),
    (101, "FL+FR"),
    (102, "FL+FR"),
    (103, "FL+FR"),
    (105, "FL+FR"),
    (106, "FL+FR"),
    (108, "FL+FR+BL+BR"),
    (109, "FL+FR+SL+SR+FC"),
    (110, "FL+FR+SL+SR+FC+BC"),
    (111, "FL+FR+BL+BR+FC+BC+SL+SR"),
    (113, "FL+FR+FC"),
    (114, "FC+FL+FR"),
    (115, "FL+FR+FC+BC"),
    (116, "FC+FL+FR+BC"),
    (117, "FL+FR+FC+SL+SR"),
    (118, "FL+FR+SL+SR+FC"),
    (119, "FL+FC+FR+SL+SR"),
    (120, "FC+FL+FR+SL+SR"),
    (121, "FL+FR+FC+LFE+SL+SR"),
    (122, "FL+FR+SL+SR+FC+LFE"),
    (123, "FL+FC+FR+SL+SR+LFE"),
    (124, "FC+FL+FR+SL+SR+LFE"),
    (125, "FL+FR+FC+LFE+BC+SL+SR"),
    (126, "FL+FR+FC+LFE+SL+SR+FLC+FRC"),
    (127, "FC+FLC+FRC+FL+FR+SL+SR+LFE"),
    (128, "FL+FR+FC+LFE+BL+BR+SL+SR"),
    (129, "FL+FR+SL+SR+FC+LFE+FLC+FRC"),
    (131, "FL+FR+BC"),
    (132, "FL+FR+SL+SR"),
    (133, "FL+FR+LFE"),
    (134, "FL+FR+LFE+BC"),
    (135, "FL+FR+LFE+SL+SR"),
    (136, "FL+FR+FC+LFE"),
    (137, "FL+FR+FC+LFE+BC"),
    (138, "FL+FR+SL+SR+LFE"),
    (139, "FL+FR+SL+SR+FC+BC"),
    (140, "FL+FR+SL+SR+FC+BL+BR"),
    (141, "FC+FL+FR+SL+SR+BC"),
    (142, "FC+FL+FR+SL+SR+BC+LFE"),
    (143, "FC+FL+FR+SL+SR+BL+BR"),
    (144, "FC+FL+FR+SL+SR+BL+BR+BC"),
    (148, "FL+FR+SL+SR+FC+FLC+FRC"),
    (149, "FC+LFE"),
    (150, "FL+FC+FR"),
    (151, "FL+FC+FR+BC"),
    (152, "FL+FC+FR+LFE"),
    (153, "FL+FR+BC+LFE"),
    (154, "FL+FC+FR+BC+LFE"),
    (155, "FL+FC+FR+SL+SR+BC"),
    (156, "FL+FC+FR+SL+SR+BL+BR"),
    (157, "FL+FC+FR+SL+SR+LFE+BC"),
    (158, "FL+FC+FR+SL+SR+LFE+TC"),
    (159, "FL+FC+FR+SL+SR+LFE+TFC"),
    (160, "FL+FC+FR+SL+SR+LFE+BL+BR"),
    (161, "FL+FC+FR+SL+SR+LFE+FLC+FRC"),
    (163, "FL+FC+FR+SL+SR+LFE+WL+WR"),
    (164, "FL+FC+FR+SL+SR+LFE+TFL+TFR"),
    (165, "FL+FC+FR+SL+SR+LFE+BC+TC"),
    (166, "FL+FC+FR+SL+SR+LFE+BC+TFC"),
    (167, "FL+FC+FR+SL+SR+LFE+TC+TFC"),
    (168, "FC+FL+FR+LFE"),
    (169, "FC+FL+FR+BC+LFE"),
    (170, "FLC+FRC+FL+FR+SL+SR"),
    (185, "FL+FR+BL+BR"),
    (186, "FL+FR+FC+BL+BR"),
    (187, "FL+FR+FC+LFE+BL+BR"),
    (188, "FL+FR+FC+LFE+BC+SL+SR"),
    (189, "FL+FR+FC+LFE+BL+BR+SL+SR"),
    (194, "FL+FR+FC+LFE+SL+SR+BL+BR"),
];

/// Tags that refer to what follows.
const DESCRIPTIONS: u32 = 0;
const BITMAP: u32 = 1 << 16;

/// Loudspeakers by their label in a description. The first eighteen are WAV's, one after the other.
const LABELS: [(u32, &str); 10] = [
    (33, "BL"),
    (34, "BR"),
    (35, "WL"),
    (36, "WR"),
    (37, "LFE2"),
    (38, "FL"),
    (39, "FR"),
    (42, "FC"),
    (301, "FL"),
    (302, "FR"),
];

/// Layouts of MPEG (ISO/IEC 23001-8, `ChannelConfiguration`).
const CONFIGURATIONS: [(u8, &str); 12] = [
    (1, "FC"),
    (2, "FL+FR"),
    (3, "FC+FL+FR"),
    (4, "FC+FL+FR+BC"),
    (5, "FC+FL+FR+SL+SR"),
    (6, "FC+FL+FR+SL+SR+LFE"),
    (7, "FC+FLC+FRC+FL+FR+SL+SR+LFE"),
    (9, "FL+FR+BC"),
    (10, "FL+FR+SL+SR"),
    (11, "FC+FL+FR+SL+SR+BC+LFE"),
    (12, "FC+FL+FR+SL+SR+BL+BR+LFE"),
    (14, "FC+FL+FR+SL+SR+LFE+TFL+TFR"),
];

/// Loudspeakers of MPEG by their number (`OutputChannelPosition`).
const POSITIONS: [&str; 30] = [
    "FL", "FR", "FC", "LFE", "SL", "SR", "FLC", "FRC", "BL", "BR", "BC", "SL", "SR", "SL", "SR",
    "WL", "WR", "TFL", "TFR", "TFC", "TBL", "TBR", "TBC", "TSL", "TSR", "TC", "LFE2", "BFL", "BFR",
    "BFC",
];

/// A position that is given by angles.
const BY_ANGLES: u8 = 126;

/// The layout that Core Audio's description of it (`AudioChannelLayout`) names for `count`
/// channels: the body of `CHAN` in AIFF and of `chan` in a Core Audio file. `None` where it names
/// none, or one of other channels.
pub(super) fn core_audio(body: &[u8], count: u16) -> Option<Channels> {
    let fields = Fields(body);
    let layout = match fields.be32(0)? {
        DESCRIPTIONS => {
            let labels = (0..usize::from(count)).map(|n| label(fields.be32(12 + 20 * n)?));
            let names: Option<Vec<_>> = labels.collect();
            Layout::from_name(&names?.join("+"))?
        }
        BITMAP => Layout::from_mask(fields.be32(4)?.into())?,
        tag => Layout::from_name(
            TAGS.iter()
                .find(|(known, _)| u32::from(*known) == tag >> 16)?
                .1,
        )?,
    };
    (layout.count() == usize::from(count)).then(|| channels_of(&layout))
}

fn label(label: u32) -> Option<String> {
    if let Some(bit) = label.checked_sub(1).filter(|&bit| bit < 18) {
        return Layout::from_mask(1 << bit)?.short_names();
    }
    let found = LABELS.iter().find(|(known, _)| *known == label);
    found.map(|(_, name)| (*name).to_string())
}

/// The layout that an MP4's `chnl` box names for `count` channels (ISO/IEC 14496-12, 12.2.4).
/// `None` where it names none, or one of other channels.
pub(super) fn iso(body: &[u8], count: u16) -> Option<Channels> {
    let fields = Fields(body);
    let version = fields.u8(0)?;
    // Behind version and flags: whether the channels have places; in version 1 the upper half of
    // that byte says so, and a count follows.
    let structure = fields.u8(4)?;
    let (placed, at) = match version {
        0 => (structure & 1 == 1, 5),
        _ => (structure >> 4 & 1 == 1, 6),
    };
    if !placed {
        return None;
    }
    let defined = fields.u8(at)?;
    let layout = if defined == 0 {
        let mut at = at + if version == 0 { 1 } else { 2 };
        let mut names = Vec::new();
        for _ in 0..count {
            let position = fields.u8(at)?;
            at += if position == BY_ANGLES { 4 } else { 1 };
            names.push(*POSITIONS.get(usize::from(position))?);
        }
        Layout::from_name(&names.join("+"))?
    } else {
        let (_, name) = CONFIGURATIONS.iter().find(|(known, _)| *known == defined)?;
        // What the defined layout has and the track has not.
        let omitted = if version == 0 {
            fields.be64(at + 1).unwrap_or(0)
        } else {
            0
        };
        let names = name.split('+').enumerate();
        let kept = names.filter(|(n, _)| omitted >> n & 1 == 0);
        let kept: Vec<_> = kept.map(|(_, name)| name).collect();
        Layout::from_name(&kept.join("+"))?
    };
    (layout.count() == usize::from(count)).then(|| channels_of(&layout))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::song::layout::of_channels;

    fn names(channels: Option<Channels>) -> String {
        of_channels(&channels.unwrap()).short_names().unwrap()
    }

    #[test]
    fn each_tag_names_a_layout() {
        for (tag, name) in TAGS {
            let count = name.split('+').count() as u16;
            let tag = u32::from(tag) << 16 | u32::from(count);
            let body = [tag.to_be_bytes(), [0; 4], [0; 4]].concat();
            assert_eq!(names(core_audio(&body, count)), name);
            assert_eq!(core_audio(&body, count + 1), None);
        }
    }

    #[test]
    fn descriptions_and_bitmaps_are_read() {
        let mut body = [[0; 4], [0; 4], 3u32.to_be_bytes()].concat();
        for label in [3u32, 1, 37] {
            body.extend(label.to_be_bytes());
            body.extend([0; 16]);
        }
        assert_eq!(names(core_audio(&body, 3)), "FC+FL+LFE2");
        let body = [BITMAP.to_be_bytes(), 0x10bu32.to_be_bytes(), [0; 4]].concat();
        assert_eq!(names(core_audio(&body, 4)), "FL+FR+LFE+BC");
        assert_eq!(core_audio(&[0, 0], 2), None);
    }

    #[test]
    fn mpegs_layouts_are_read() {
        let defined = |configuration, omitted: u64| {
            let head = [0, 0, 0, 0, 1, configuration];
            [&head[..], &omitted.to_be_bytes()].concat()
        };
        assert_eq!(names(iso(&defined(6, 0), 6)), "FC+FL+FR+SL+SR+LFE");
        assert_eq!(names(iso(&defined(6, 0b10_0000), 5)), "FC+FL+FR+SL+SR");
        let listed = [0, 0, 0, 0, 1, 0, 2, 3, 10];
        assert_eq!(names(iso(&listed, 3)), "FC+LFE+BC");
        let listed = [1, 0, 0, 0, 0x10, 3, 0, 3, 2, 0, 1];
        assert_eq!(names(iso(&listed, 3)), "FC+FL+FR");
        assert_eq!(iso(&[0, 0, 0, 0, 2, 1], 1), None);
        assert_eq!(iso(&[], 1), None);
    }
}
