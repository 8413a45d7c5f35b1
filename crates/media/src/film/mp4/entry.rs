//! Sample entries: what a decoder needs to know of a track before its first sample.

use super::boxes::{boxed, full_boxed};
use super::track::{ParameterSets, PictureTrack, SoundTrack};

/// The pictures' sample entry.
pub(super) fn avc1(track: &PictureTrack, sets: &ParameterSets) -> Vec<u8> {
    boxed(b"avc1", |b| {
        b.extend([0, 0, 0, 0, 0, 0, 0, 1]);
        b.extend([0; 16]);
        b.extend(track.width.to_be_bytes());
        b.extend(track.height.to_be_bytes());
        b.extend(0x0048_0000u32.to_be_bytes()); // 72 dpi, twice
        b.extend(0x0048_0000u32.to_be_bytes());
        b.extend([0; 4]);
        b.extend(1u16.to_be_bytes());
        b.extend([0; 32]);
        b.extend(24u16.to_be_bytes());
        b.extend([0xff; 2]);
        b.extend(boxed(b"avcC", |b| {
            b.push(1);
            b.extend(sets.sps.get(1..4).unwrap_or(&[66, 0, 40])); // profile and level
            b.push(0xff); // lengths take four bytes
            b.push(0xe1); // one SPS
            b.extend((sets.sps.len() as u16).to_be_bytes());
            b.extend(&sets.sps);
            b.push(1);
            b.extend((sets.pps.len() as u16).to_be_bytes());
            b.extend(&sets.pps);
        }));
        b.extend(boxed(b"colr", |b| {
            b.extend(b"nclx");
            b.extend([0, 1, 0, 1, 0, 1, 0]); // BT.709 thrice, limited range
        }));
        b.extend(boxed(b"pasp", |b| b.extend([0, 0, 0, 1, 0, 0, 0, 1])));
    })
}

/// The sound's sample entry.
pub(super) fn mp4a(sound: &SoundTrack) -> Vec<u8> {
    boxed(b"mp4a", |b| {
        b.extend([0, 0, 0, 0, 0, 0, 0, 1]);
        b.extend([0; 8]);
        b.extend(sound.channels.to_be_bytes());
        b.extend(16u16.to_be_bytes());
        b.extend([0; 4]);
        // 16.16, which ends at 65535 Hz: the AAC configuration says it better.
        let rate = u16::try_from(sound.rate).unwrap_or(0);
        b.extend((u32::from(rate) << 16).to_be_bytes());
        b.extend(full_boxed(b"esds", 0, 0, |b| {
            let info = descriptor(5, &sound.config);
            let mut decoder = vec![0x40, 0x15]; // MPEG-4 audio stream
            decoder.extend([0; 3]);
            decoder.extend(sound.bitrate.to_be_bytes());
            decoder.extend(sound.bitrate.to_be_bytes());
            decoder.extend(info);
            let mut stream = vec![0, 2, 0];
            stream.extend(descriptor(4, &decoder));
            stream.extend(descriptor(6, &[2]));
            b.extend(descriptor(3, &stream));
        }));
    })
}

/// An MPEG-4 descriptor; its body is shorter than 128 bytes.
fn descriptor(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag, body.len() as u8];
    bytes.extend(body);
    bytes
}
