//! What kind of AAC a stream is (ISO/IEC 14496-3): plain low complexity is decoded here.

/// Sampling rates by index.
const RATES: [u32; 13] = [
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350,
];

/// Audio object types.
const LOW_COMPLEXITY: u32 = 2;
const SBR: u32 = 5;
const PARAMETRIC_STEREO: u32 = 29;

/// Syntactic elements of a packet.
const DATA: u32 = 4;
const FILL: u32 = 6;
const END: u32 = 7;

/// Payloads of a fill element that hold spectral band replication, without and with a checksum.
const SBR_PAYLOADS: [u32; 2] = [13, 14];

/// An `AudioSpecificConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Config {
    object_type: u32,
    /// Of the core: spectral band replication doubles it.
    pub(super) rate: u32,
    /// 0 where a packet tells.
    pub(super) channels: u8,
    /// Whether there is spectral band replication, where the stream says so.
    pub(super) sbr: Option<bool>,
    parametric_stereo: bool,
    short_frames: bool,
}

impl Config {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut bits = Bits { bytes, at: 0 };
        let mut config = Self {
            object_type: bits.object_type()?,
            rate: bits.rate()?,
            channels: 0,
            sbr: None,
            parametric_stereo: false,
            short_frames: false,
        };
        config.channels = channels(bits.take(4)?);
        if [SBR, PARAMETRIC_STEREO].contains(&config.object_type) {
            config.sbr = Some(true);
            config.parametric_stereo = config.object_type == PARAMETRIC_STEREO;
            bits.rate()?;
            config.object_type = bits.object_type()?;
        }
        if config.object_type == LOW_COMPLEXITY {
            config.short_frames = bits.take(1)? == 1;
            if bits.take(1)? == 1 {
                bits.take(14)?;
            }
            bits.take(1)?;
        }
        // What came later is behind a word that older decoders pass over.
        if config.sbr.is_none() && bits.take(11) == Some(0x2b7) && bits.object_type() == Some(SBR) {
            config.sbr = bits.take(1).map(|bit| bit == 1);
        }
        Some(config)
    }

    /// What the header of an ADTS packet says.
    pub(super) fn of_adts(header: &[u8]) -> Option<Self> {
        let mut bits = Bits {
            bytes: header,
            at: 16,
        };
        let object_type = bits.take(2)? + 1;
        let rate = *RATES.get(bits.take(4)? as usize)?;
        bits.take(1)?;
        Some(Self {
            object_type,
            rate,
            channels: channels(bits.take(3)?),
            sbr: None,
            parametric_stereo: false,
            short_frames: false,
        })
    }

    /// Whether symphonia decodes it, as far as the header tells.
    pub(super) fn is_plain(&self) -> bool {
        self.object_type == LOW_COMPLEXITY
            && self.sbr != Some(true)
            && matches!(self.channels, 1 | 2)
            && !self.short_frames
    }

    /// What it is called.
    pub(super) fn name(&self) -> &'static str {
        match self.object_type {
            _ if self.parametric_stereo => "HE-AAC v2",
            _ if self.sbr == Some(true) => "HE-AAC",
            LOW_COMPLEXITY => "AAC with more than two channels",
            1 => "AAC Main",
            4 => "AAC with long-term prediction",
            23 => "AAC-LD",
            39 => "AAC-ELD",
            42 => "xHE-AAC",
            _ => "a rare kind of AAC",
        }
    }
}

/// Channels by their index.
fn channels(index: u32) -> u8 {
    match index {
        1..=6 => index as u8,
        7 | 12 | 14 => 8,
        11 => 7,
        _ => 0,
    }
}

/// Whether most of `packets` end in spectral band replication, which a header need not announce.
///
/// What lies before it takes a decoder to pass over. But a packet ends in whole elements: one that
/// begins anywhere, says that it is a fill of this kind, and is followed by nothing but other fills
/// and the end mark up to the packet's last bit, is no accident when most packets have it.
pub(super) fn has_sbr<'a>(packets: impl Iterator<Item = &'a [u8]>) -> bool {
    let (mut all, mut with) = (0, 0);
    for packet in packets {
        all += 1;
        with += usize::from(ends_in_sbr(packet));
    }
    with * 2 > all
}

fn ends_in_sbr(packet: &[u8]) -> bool {
    (0..packet.len() * 8).any(|at| {
        let mut bits = Bits { bytes: packet, at };
        bits.fill().is_some_and(|kind| SBR_PAYLOADS.contains(&kind)) && bits.ends()
    })
}

/// Bits, the highest first.
#[derive(Clone, Copy)]
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for at in self.at..self.at + count {
            let byte = self.bytes.get(at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - at % 8) & 1);
        }
        self.at += count;
        Some(value)
    }

    fn object_type(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            kind => Some(kind),
        }
    }

    fn rate(&mut self) -> Option<u32> {
        match self.take(4)? {
            15 => self.take(24),
            index => RATES.get(index as usize).copied(),
        }
    }

    /// Passes over a fill element; what kind of payload it has.
    fn fill(&mut self) -> Option<u32> {
        if self.take(3)? != FILL {
            return None;
        }
        let mut count = self.take(4)? as usize;
        if count == 15 {
            count = (count + self.take(8)? as usize).checked_sub(1)?;
        }
        let end = self.at + count * 8;
        let kind = if count > 0 { self.take(4)? } else { 0 };
        self.at = end;
        (end <= self.bytes.len() * 8).then_some(kind)
    }

    /// Whether nothing but fills and data follows, and the end mark in the last byte.
    fn ends(mut self) -> bool {
        loop {
            let mut element = self;
            match element.take(3) {
                Some(END) => {
                    let left = self.bytes.len() * 8 - element.at;
                    return left < 8 && element.take(left) == Some(0);
                }
                Some(FILL) if self.fill().is_some() => {}
                Some(DATA) => {
                    element.at += 4;
                    let (Some(aligned), Some(mut count)) = (element.take(1), element.take(8))
                    else {
                        return false;
                    };
                    if count == 255 {
                        count += element.take(8).unwrap_or(0);
                    }
                    if aligned == 1 {
                        element.at = element.at.next_multiple_of(8);
                    }
                    element.at += count as usize * 8;
                    self = element;
                }
                _ => return false,
            }
        }
    }
}
