//! WAV files of 24 bits, for the sound beside numbered pictures and for sound alone.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use synopsia_signal::Layout;

/// Bytes of a sample.
const DEPTH: u16 = 3;
/// Full scale.
const FULL: f32 = 8_388_608.0;
/// Bytes of the format chunk's body: of plain mono and stereo, and where loudspeakers are named
/// (`WAVEFORMATEXTENSIBLE`).
const PLAIN: u32 = 16;
const EXTENSIBLE: u32 = 40;
/// Bytes of everything else before the first sample.
const OTHER_HEADERS: u32 = 28;
/// Integer samples, as a GUID.
const INTEGERS: [u8; 16] = [
    1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71,
];

/// Writes samples; the header is set right at the end.
pub struct Wav<To: Write + Seek = File> {
    to: BufWriter<To>,
    rate: u32,
    channels: u16,
    /// The channels' loudspeakers as a mask, 0 for unknown ones; none for plain mono and stereo.
    speakers: Option<u32>,
    bytes: u64,
}

impl<To: Write + Seek> Wav<To> {
    /// Starts a file of sound for the loudspeakers of `layout`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn create(to: To, rate: u32, layout: &Layout) -> io::Result<Self> {
        let mask = || layout.mask().and_then(|mask| u32::try_from(mask).ok());
        let mut wav = Self {
            to: BufWriter::new(to),
            rate,
            channels: layout.count() as u16,
            speakers: (!layout.is_plain()).then(|| mask().unwrap_or(0)),
            bytes: 0,
        };
        let header = wav.header();
        wav.to.write_all(&header)?;
        Ok(wav)
    }

    /// Adds interleaved samples; beyond full scale they are clipped.
    pub fn write(&mut self, samples: &[f32]) -> io::Result<()> {
        for sample in samples {
            let value = (sample * FULL).round().clamp(-FULL, FULL - 1.0) as i32;
            self.to.write_all(&value.to_le_bytes()[..3])?;
        }
        self.bytes += samples.len() as u64 * u64::from(DEPTH);
        Ok(())
    }

    /// Sets the header right and returns the file's size in bytes.
    pub fn finish(mut self) -> io::Result<u64> {
        if self.bytes % 2 == 1 {
            self.to.write_all(&[0])?;
        }
        let header = self.header();
        self.to.seek(SeekFrom::Start(0))?;
        self.to.write_all(&header)?;
        self.to.flush()?;
        Ok(self.bytes + self.bytes % 2 + header.len() as u64)
    }

    /// Beyond 4 GiB the sizes say "to the end of the file", as streams do.
    fn header(&self) -> Vec<u8> {
        let size = |extra: u32| u32::try_from(self.bytes + u64::from(extra)).unwrap_or(u32::MAX);
        let format = self.speakers.map_or(PLAIN, |_| EXTENSIBLE);
        let frame = self.channels * DEPTH;
        let mut header = Vec::with_capacity((OTHER_HEADERS + format) as usize);
        header.extend(b"RIFF");
        header.extend(size(OTHER_HEADERS + format - 8).to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend(format.to_le_bytes());
        // Integers, or what the GUID says.
        header.extend(self.speakers.map_or(1u16, |_| 0xfffe).to_le_bytes());
        header.extend(self.channels.to_le_bytes());
        header.extend(self.rate.to_le_bytes());
        header.extend((self.rate * u32::from(frame)).to_le_bytes());
        header.extend(frame.to_le_bytes());
        header.extend((DEPTH * 8).to_le_bytes());
        if let Some(speakers) = self.speakers {
            header.extend(22u16.to_le_bytes()); // what follows
            header.extend((DEPTH * 8).to_le_bytes());
            header.extend(speakers.to_le_bytes());
            header.extend(INTEGERS);
        }
        header.extend(b"data");
        header.extend(size(0).to_le_bytes());
        header
    }
}
