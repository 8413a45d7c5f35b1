//! Loudspeakers: their names, and what becomes of them in stereo and in loudness.

/// Where a channel is to be heard from. The names, and the order in a file that has no order of its
/// own, are those of ffmpeg; the first eighteen are WAV's (`WAVEFORMATEXTENSIBLE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// FL.
    FrontLeft,
    /// FR.
    FrontRight,
    /// FC; also the only channel of mono.
    FrontCentre,
    /// LFE: the subwoofer.
    Lfe,
    /// BL.
    BackLeft,
    /// BR.
    BackRight,
    /// FLC.
    FrontLeftOfCentre,
    /// FRC.
    FrontRightOfCentre,
    /// BC.
    BackCentre,
    /// SL.
    SideLeft,
    /// SR.
    SideRight,
    /// TC.
    TopCentre,
    /// TFL.
    TopFrontLeft,
    /// TFC.
    TopFrontCentre,
    /// TFR.
    TopFrontRight,
    /// TBL.
    TopBackLeft,
    /// TBC.
    TopBackCentre,
    /// TBR.
    TopBackRight,
    /// DL: left of a finished stereo downmix.
    DownmixLeft,
    /// DR.
    DownmixRight,
    /// WL.
    WideLeft,
    /// WR.
    WideRight,
    /// SDL.
    SurroundDirectLeft,
    /// SDR.
    SurroundDirectRight,
    /// LFE2: a second subwoofer.
    Lfe2,
    /// TSL.
    TopSideLeft,
    /// TSR.
    TopSideRight,
    /// BFC.
    BottomFrontCentre,
    /// BFL.
    BottomFrontLeft,
    /// BFR.
    BottomFrontRight,
    /// A component of an Ambisonic sound field, by its channel number (ACN, SN3D): 0 is what is
    /// heard from everywhere, 1 what comes from the left less what comes from the right.
    Ambisonic(u8),
    /// Nobody says.
    Unknown,
}

/// Half the power: what a loudspeaker in the middle gives each side.
pub(super) const HALF_POWER: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// What BS.1770 weighs the energy of loudspeakers beside and behind the listener with.
const SURROUND_WEIGHT: f64 = 1.41;

/// How much of a channel goes left and right in a stereo downmix.
pub(super) type Sides = [f32; 2];

const LEFT: Sides = [1.0, 0.0];
const RIGHT: Sides = [0.0, 1.0];
const CENTRE: Sides = [HALF_POWER, HALF_POWER];
/// Surrounds come 3 dB softer.
const SURROUND_LEFT: Sides = [HALF_POWER, 0.0];
const SURROUND_RIGHT: Sides = [0.0, HALF_POWER];
const SURROUND_CENTRE: Sides = [0.5, 0.5];
/// The subwoofer is left out: it only adds to what the others carry.
const NOWHERE: Sides = [0.0, 0.0];

/// Each loudspeaker with its bit in ffmpeg's (and WAV's) mask, its short name, and its place in a
/// stereo downmix after ITU-R BS.775.
pub(super) const SPEAKERS: [(Speaker, u32, &str, Sides); 30] = [
    (Speaker::FrontLeft, 0, "FL", LEFT),
    (Speaker::FrontRight, 1, "FR", RIGHT),
    (Speaker::FrontCentre, 2, "FC", CENTRE),
    (Speaker::Lfe, 3, "LFE", NOWHERE),
    (Speaker::BackLeft, 4, "BL", SURROUND_LEFT),
    (Speaker::BackRight, 5, "BR", SURROUND_RIGHT),
    (Speaker::FrontLeftOfCentre, 6, "FLC", LEFT),
    (Speaker::FrontRightOfCentre, 7, "FRC", RIGHT),
    (Speaker::BackCentre, 8, "BC", SURROUND_CENTRE),
    (Speaker::SideLeft, 9, "SL", SURROUND_LEFT),
    (Speaker::SideRight, 10, "SR", SURROUND_RIGHT),
    (Speaker::TopCentre, 11, "TC", SURROUND_CENTRE),
    (Speaker::TopFrontLeft, 12, "TFL", SURROUND_LEFT),
    (Speaker::TopFrontCentre, 13, "TFC", SURROUND_CENTRE),
    (Speaker::TopFrontRight, 14, "TFR", SURROUND_RIGHT),
    (Speaker::TopBackLeft, 15, "TBL", SURROUND_LEFT),
    (Speaker::TopBackCentre, 16, "TBC", SURROUND_CENTRE),
    (Speaker::TopBackRight, 17, "TBR", SURROUND_RIGHT),
    (Speaker::DownmixLeft, 29, "DL", LEFT),
    (Speaker::DownmixRight, 30, "DR", RIGHT),
    (Speaker::WideLeft, 31, "WL", LEFT),
    (Speaker::WideRight, 32, "WR", RIGHT),
    (Speaker::SurroundDirectLeft, 33, "SDL", SURROUND_LEFT),
    (Speaker::SurroundDirectRight, 34, "SDR", SURROUND_RIGHT),
    (Speaker::Lfe2, 35, "LFE2", NOWHERE),
    (Speaker::TopSideLeft, 36, "TSL", SURROUND_LEFT),
    (Speaker::TopSideRight, 37, "TSR", SURROUND_RIGHT),
    (Speaker::BottomFrontCentre, 38, "BFC", SURROUND_CENTRE),
    (Speaker::BottomFrontLeft, 39, "BFL", SURROUND_LEFT),
    (Speaker::BottomFrontRight, 40, "BFR", SURROUND_RIGHT),
];

impl Speaker {
    pub(super) fn entry(self) -> Option<&'static (Speaker, u32, &'static str, Sides)> {
        SPEAKERS.iter().find(|(speaker, ..)| *speaker == self)
    }

    /// Its bit in WAV's channel mask, and in ffmpeg's, which goes on where WAV's ends.
    pub(super) fn bit(self) -> Option<u64> {
        self.entry().map(|(_, bit, ..)| 1 << bit)
    }

    pub(super) fn sides(self) -> Sides {
        match self {
            // Two cardioids, back to back.
            Self::Ambisonic(0) => [0.5, 0.5],
            Self::Ambisonic(1) => [0.5, -0.5],
            Self::Ambisonic(_) => NOWHERE,
            // What stands nowhere is heard on both sides.
            _ => self.entry().map_or(CENTRE, |(.., sides)| *sides),
        }
    }

    /// Whether it is a subwoofer.
    pub(super) fn is_lfe(self) -> bool {
        matches!(self, Self::Lfe | Self::Lfe2)
    }

    /// Whether it holds sound that no other channel holds, as the directions of an Ambisonic
    /// field do not.
    pub(super) fn is_heard(self) -> bool {
        !matches!(self, Self::Ambisonic(1..))
    }

    /// What its energy counts in loudness (ITU-R BS.1770, as ffmpeg's `ebur128` reads it).
    pub(super) fn loudness_weight(self) -> f64 {
        use Speaker::*;
        match self {
            Lfe | Lfe2 | Ambisonic(1..) => 0.0,
            BackLeft | BackCentre | BackRight | SideLeft | SideRight | TopBackLeft
            | TopBackCentre | TopBackRight | SurroundDirectLeft | SurroundDirectRight => {
                SURROUND_WEIGHT
            }
            _ => 1.0,
        }
    }
}
