//! FLAC of more than 24 bits, through `flac-codec`: symphonia's decoder computes in 32 bits, and the
//! difference of two channels of 32 has 33.

use flac_codec::metadata::{BlockList, Streaminfo};
use flac_codec::stream::{ChannelAssignment, Frame, Subframe, SubframeWidth};

use super::super::layout;
use super::{Description, MARKER};
use synopsia_signal::Layout;

/// The most bits that symphonia decodes.
const NARROW: u8 = 24;

/// Decodes frames to interleaved samples.
pub(in super::super) struct WideFlac {
    description: Streaminfo,
    layout: Layout,
    samples: Vec<f32>,
}

/// A frame that cannot be decoded.
#[derive(Debug)]
pub(in super::super) struct DamagedFrame;

impl WideFlac {
    /// A decoder for a stream with this `description`, the body of its first block; `None` where that
    /// makes no sense, or says that samples are narrow.
    pub(in super::super) fn new(description: &[u8]) -> Option<Self> {
        let described = Description {
            bytes: description.try_into().ok()?,
        };
        if described.bits() <= NARROW || described.rate() == 0 {
            return None;
        }
        let head = [0x80, 0, 0, description.len() as u8];
        let stream = [MARKER, &head, &described.for_decoder()].concat();
        Some(Self {
            description: BlockList::read(&stream[..]).ok()?.streaminfo().clone(),
            layout: layout::of_flac(described.channels().into()),
            samples: Vec::new(),
        })
    }

    /// The loudspeakers of the channels, in their order, where no tag says other ones.
    pub(in super::super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Hz.
    pub(in super::super) fn rate(&self) -> u32 {
        self.description.sample_rate
    }

    /// Decodes one frame.
    ///
    /// # Errors
    /// When it is damaged, or is not as the stream's description says.
    pub(in super::super) fn decode(&mut self, mut frame: &[u8]) -> Result<&[f32], DamagedFrame> {
        let frame = Frame::read(&mut frame, &self.description).map_err(|_| DamagedFrame)?;
        let mut channels: Vec<Vec<i64>> = frame.subframes.iter().map(integers).collect();
        if let [first, second] = &mut channels[..] {
            for (a, b) in first.iter_mut().zip(second) {
                (*a, *b) = left_and_right(frame.header.channel_assignment, *a, *b);
            }
        }
        let full_scale = 2f64.powi(u32::from(self.description.bits_per_sample) as i32 - 1);
        let frames = channels.first().map_or(0, Vec::len);
        let turns = (0..frames).flat_map(|n| channels.iter().map(move |channel| channel[n]));
        self.samples.clear();
        self.samples
            .extend(turns.map(|sample| (sample as f64 / full_scale) as f32));
        Ok(&self.samples)
    }
}

fn integers(subframe: &SubframeWidth) -> Vec<i64> {
    match subframe {
        SubframeWidth::Common(narrow) => Subframe::decode(narrow).map(i64::from).collect(),
        SubframeWidth::Wide(wide) => Subframe::decode(wide).collect(),
    }
}

/// Left and right of what stands in their places (RFC 9639, section 4.2).
fn left_and_right(assignment: ChannelAssignment, first: i64, second: i64) -> (i64, i64) {
    match assignment {
        ChannelAssignment::Independent(_) => (first, second),
        ChannelAssignment::LeftSide => (first, first - second),
        ChannelAssignment::SideRight => (first + second, second),
        ChannelAssignment::MidSide => {
            // Halving has dropped the sum's last bit, which is the difference's, too.
            let sum = 2 * first + (second & 1);
            ((sum + second) >> 1, (sum - second) >> 1)
        }
    }
}
