//! Which loudspeaker each channel of a sound is for.

use super::speaker::{SPEAKERS, Speaker};

/// ffmpeg's names of layouts. Of several with as many channels, the first is the usual one.
const NAMES: [(&str, u64); 31] = [
    ("mono", 0x4),
    ("stereo", 0x3),
    ("2.1", 0xb),
    ("3.0", 0x7),
    ("3.0(back)", 0x103),
    ("4.0", 0x107),
    ("quad", 0x33),
    ("quad(side)", 0x603),
    ("3.1", 0xf),
    ("5.0", 0x37),
    ("5.0(side)", 0x607),
    ("4.1", 0x10f),
    ("5.1", 0x3f),
    ("5.1(side)", 0x60f),
    ("6.0", 0x707),
    ("6.0(front)", 0x6c3),
    ("hexagonal", 0x137),
    ("6.1", 0x70f),
    ("6.1(back)", 0x13f),
    ("6.1(front)", 0x6cb),
    ("7.0", 0x637),
    ("7.0(front)", 0x6c7),
    ("7.1", 0x63f),
    ("7.1(wide)", 0xff),
    ("7.1(wide-side)", 0x6cf),
    ("octagonal", 0x737),
    ("hexadecagonal", 0x1_8003_f737),
    ("downmix", 0x6000_0000),
    ("22.2", 0x1f8_0003_ffff),
    // Names of later versions.
    ("7.1(top)", 0x503f),
    ("cube", 0x2_d033),
];

/// The loudspeakers of a sound's channels, in the channels' order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    speakers: Box<[Speaker]>,
}

impl Layout {
    /// These loudspeakers.
    pub fn new(speakers: impl Into<Box<[Speaker]>>) -> Self {
        Self {
            speakers: speakers.into(),
        }
    }

    /// What so many channels usually are, where nobody says: ffmpeg's guess, up to 7.1; beyond, all
    /// are [`Speaker::Unknown`], but for 16 and 24.
    pub fn usual(channels: usize) -> Self {
        let named = NAMES[..29].iter().map(|(_, mask)| *mask);
        let usual = named
            .filter(|mask| mask.count_ones() as usize == channels)
            .find_map(Self::from_mask);
        usual.unwrap_or_else(|| Self::new(vec![Speaker::Unknown; channels]))
    }

    /// The loudspeakers whose bits are set in WAV's channel mask, or in ffmpeg's. `None` where a bit
    /// has no meaning.
    pub fn from_mask(mask: u64) -> Option<Self> {
        let set = |bit: &u32| mask >> bit & 1 == 1;
        let found = SPEAKERS.iter().filter(|(_, bit, ..)| set(bit));
        let layout = Self::new(found.map(|(speaker, ..)| *speaker).collect::<Vec<_>>());
        (mask != 0 && layout.mask() == Some(mask)).then_some(layout)
    }

    /// A layout by ffmpeg's name of it: `5.1(side)`, `FL+FR+LFE`. `None` where it is not known.
    pub fn from_name(name: &str) -> Option<Self> {
        if let Some((_, mask)) = NAMES.iter().find(|(known, _)| *known == name) {
            return Self::from_mask(*mask);
        }
        let speaker = |short: &str| SPEAKERS.iter().find(|(_, _, known, _)| *known == short);
        let speakers: Option<Vec<_>> = name
            .split('+')
            .map(|short| speaker(short).map(|(speaker, ..)| *speaker))
            .collect();
        speakers.map(Self::new)
    }

    /// Channels.
    pub fn count(&self) -> usize {
        self.speakers.len()
    }

    /// The channels' loudspeakers.
    pub fn speakers(&self) -> &[Speaker] {
        &self.speakers
    }

    /// ffmpeg's channel mask, of which WAV knows the lowest eighteen bits. `None` unless each
    /// loudspeaker is known, no two are the same, and they stand in the mask's order.
    pub fn mask(&self) -> Option<u64> {
        let bits = self.speakers.iter().map(|speaker| speaker.bit());
        bits.into_iter().try_fold(0, |mask, bit| {
            let bit = bit?;
            (bit > mask).then_some(mask | bit)
        })
    }

    /// ffmpeg's name of it: `5.1(side)`, else `FL+FR+LFE`. `None` where it has no
    /// [`mask`](Self::mask).
    pub fn name(&self) -> Option<String> {
        let mask = self.mask()?;
        if let Some((name, _)) = NAMES[..29].iter().find(|(_, known)| *known == mask) {
            return Some((*name).to_string());
        }
        self.short_names()
    }

    /// `FL+FR+LFE`, in any order. `None` where a loudspeaker has no name.
    pub fn short_names(&self) -> Option<String> {
        let names = self.speakers.iter().map(|speaker| Some(speaker.entry()?.2));
        Some(names.collect::<Option<Vec<_>>>()?.join("+"))
    }

    /// Whether it is plain mono or stereo.
    pub fn is_plain(&self) -> bool {
        use Speaker::*;
        match *self.speakers {
            [speaker] => !speaker.is_lfe(),
            [FrontLeft, FrontRight] | [DownmixLeft, DownmixRight] | [Unknown, Unknown] => true,
            _ => false,
        }
    }

    /// The same loudspeakers in the order of ffmpeg's mask, and for each of them the channel that it
    /// is now. `None` where they stand in that order, or cannot.
    pub fn in_order(&self) -> Option<(Self, Vec<usize>)> {
        let mut order: Vec<usize> = (0..self.count()).collect();
        order.sort_by_key(|&channel| self.speakers[channel]);
        let sorted: Vec<_> = order
            .iter()
            .map(|&channel| self.speakers[channel])
            .collect();
        let sorted = Self::new(sorted);
        (sorted != *self && sorted.mask().is_some()).then_some((sorted, order))
    }

    /// How much of each channel goes to the left and right of a stereo downmix: ITU-R BS.775, the
    /// centre and the surrounds 3 dB softer and without the subwoofer, and all of it so soft that it
    /// cannot clip. What is plain mono is on both sides as it is.
    pub(super) fn stereo_weights(&self) -> Vec<[f32; 2]> {
        if self.count() == 1 {
            return vec![[1.0, 1.0]];
        }
        let mut weights: Vec<_> = self.speakers.iter().map(|s| s.sides()).collect();
        let sum = |side: usize| weights.iter().map(|w| w[side].abs()).sum::<f32>();
        let most = sum(0).max(sum(1));
        if most == 0.0 {
            // Nothing but subwoofers: better heard than lost.
            weights.fill([1.0 / self.count() as f32; 2]);
        } else if most > 1.0 {
            weights.iter_mut().flatten().for_each(|w| *w /= most);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::super::speaker::HALF_POWER;
    use super::*;

    #[test]
    fn names_masks_and_loudspeakers_say_the_same() {
        for (name, mask) in NAMES {
            let layout = Layout::from_name(name).unwrap();
            assert_eq!(layout.mask(), Some(mask), "{name}");
            assert_eq!(Layout::from_mask(mask), Some(layout), "{name}");
        }
        let odd = Layout::from_name("FL+LFE+BC").unwrap();
        assert_eq!(odd.mask(), Some(0x109));
        assert_eq!(odd.name().as_deref(), Some("FL+LFE+BC"));
        assert_eq!(Layout::from_name("5.1").unwrap().name().unwrap(), "5.1");
        assert_eq!(Layout::from_mask(0), None);
        assert_eq!(Layout::from_mask(1 << 20), None);
        assert_eq!(Layout::from_name("6 channels"), None);
    }

    #[test]
    fn channels_without_a_layout_have_the_usual_one() {
        let usual = ["mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1"];
        for (count, name) in [1, 2, 3, 4, 5, 6, 7, 8].into_iter().zip(usual) {
            assert_eq!(Layout::usual(count).name().unwrap(), name);
        }
        assert_eq!(*Layout::usual(32).speakers(), [Speaker::Unknown; 32]);
    }

    #[test]
    fn channels_in_any_order_find_their_places() {
        // Vorbis' order of 5.1.
        let vorbis = Layout::from_name("FL+FC+FR+BL+BR+LFE").unwrap();
        assert_eq!(vorbis.mask(), None);
        let (sorted, order) = vorbis.in_order().unwrap();
        assert_eq!(sorted.name().unwrap(), "5.1");
        assert_eq!(order, [0, 2, 1, 5, 3, 4]);
        assert_eq!(sorted.in_order(), None);
        assert_eq!(Layout::from_name("FL+FL").unwrap().in_order(), None);
    }

    #[test]
    fn a_downmix_has_each_loudspeaker_on_its_side_and_cannot_clip() {
        let downmix = |name: &str| Layout::from_name(name).unwrap().stereo_weights();
        let soft = 1.0 / (1.0 + 2.0 * HALF_POWER);
        let expected = [
            [soft, 0.0],
            [0.0, soft],
            [soft * HALF_POWER; 2],
            [0.0; 2],
            [soft * HALF_POWER, 0.0],
            [0.0, soft * HALF_POWER],
        ];
        for (found, expected) in downmix("5.1(side)").iter().zip(expected) {
            for side in 0..2 {
                assert!((found[side] - expected[side]).abs() < 1e-6);
            }
        }
        assert_eq!(downmix("stereo"), [[1.0, 0.0], [0.0, 1.0]]);
        assert_eq!(downmix("mono"), [[1.0, 1.0]]);
        for (name, _) in NAMES {
            for side in 0..2 {
                let sum: f32 = downmix(name).iter().map(|w| w[side]).sum();
                assert!(sum <= 1.0 + 1e-6, "{name}");
            }
        }
    }
}
