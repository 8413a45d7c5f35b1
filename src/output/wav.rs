//! WAV files of 24 bits, for the sound beside numbered pictures.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};

/// Bytes of a sample.
const DEPTH: u16 = 3;
/// Full scale.
const FULL: f32 = 8_388_608.0;
/// Bytes before the first sample.
const HEADER: u32 = 44;

/// Writes samples; the header is set right at the end.
pub(super) struct Wav {
    to: BufWriter<File>,
    rate: u32,
    channels: u16,
    bytes: u64,
}

impl Wav {
    pub(super) fn create(file: File, rate: u32, channels: u16) -> io::Result<Self> {
        let mut wav = Self {
            to: BufWriter::new(file),
            rate,
            channels,
            bytes: 0,
        };
        let header = wav.header();
        wav.to.write_all(&header)?;
        Ok(wav)
    }

    /// Adds interleaved samples; beyond full scale they are clipped.
    pub(super) fn write(&mut self, samples: &[f32]) -> io::Result<()> {
        for sample in samples {
            let value = (sample * FULL).round().clamp(-FULL, FULL - 1.0) as i32;
            self.to.write_all(&value.to_le_bytes()[..3])?;
        }
        self.bytes += samples.len() as u64 * u64::from(DEPTH);
        Ok(())
    }

    /// Sets the header right and returns the file's size in bytes.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        if self.bytes % 2 == 1 {
            self.to.write_all(&[0])?;
        }
        let header = self.header();
        self.to.seek(SeekFrom::Start(0))?;
        self.to.write_all(&header)?;
        self.to.flush()?;
        Ok(self.bytes + self.bytes % 2 + u64::from(HEADER))
    }

    /// Beyond 4 GiB the sizes say "to the end of the file", as streams do.
    fn header(&self) -> Vec<u8> {
        let size = |extra: u32| u32::try_from(self.bytes + u64::from(extra)).unwrap_or(u32::MAX);
        let frame = self.channels * DEPTH;
        let mut header = Vec::with_capacity(HEADER as usize);
        header.extend(b"RIFF");
        header.extend(size(HEADER - 8).to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend(16u32.to_le_bytes());
        header.extend(1u16.to_le_bytes()); // integers
        header.extend(self.channels.to_le_bytes());
        header.extend(self.rate.to_le_bytes());
        header.extend((self.rate * u32::from(frame)).to_le_bytes());
        header.extend(frame.to_le_bytes());
        header.extend((DEPTH * 8).to_le_bytes());
        header.extend(b"data");
        header.extend(size(0).to_le_bytes());
        header
    }
}
