//! The index (`moov`): what a player reads before it plays.

use super::boxes::{boxed, full_boxed};
use super::entry::{avc1, mp4a};
use super::tables::stbl;
use super::track::{ParameterSets, PictureTrack, Samples, SoundTrack};

/// What an index is made of.
pub(super) struct Index<'a> {
    pub(super) pictures: &'a PictureTrack,
    pub(super) sound: Option<&'a SoundTrack>,
    pub(super) video: &'a Samples,
    pub(super) audio: &'a Samples,
    pub(super) sets: &'a ParameterSets,
}

impl Index<'_> {
    /// The whole of it, for a film that ends with its last picture.
    pub(super) fn moov(&self) -> Vec<u8> {
        let track = self.pictures;
        let duration = u64::from(self.video.count()) * u64::from(track.ticks);
        boxed(b"moov", |moov| {
            moov.extend(full_boxed(b"mvhd", 1, 0, |b| {
                b.extend([0; 16]); // made and changed: never, so that equal films are equal files
                b.extend(track.timescale.to_be_bytes());
                b.extend(duration.to_be_bytes());
                b.extend(0x0001_0000u32.to_be_bytes()); // speed 1
                b.extend(0x0100u16.to_be_bytes()); // volume 1
                b.extend([0; 10]);
                put_matrix(b);
                b.extend([0; 24]);
                b.extend(3u32.to_be_bytes()); // the next track's number
            }));
            moov.extend(self.picture_track(duration));
            if let Some(sound) = self.sound
                && !self.audio.sizes.is_empty()
            {
                moov.extend(self.sound_track(sound, duration));
            }
        })
    }

    fn picture_track(&self, duration: u64) -> Vec<u8> {
        let track = self.pictures;
        boxed(b"trak", |trak| {
            trak.extend(tkhd(1, duration, 0, (track.width, track.height)));
            trak.extend(edit(duration, 0));
            trak.extend(boxed(b"mdia", |mdia| {
                mdia.extend(mdhd(track.timescale, duration));
                mdia.extend(hdlr(b"vide", b"pictures\0"));
                mdia.extend(boxed(b"minf", |minf| {
                    minf.extend(full_boxed(b"vmhd", 0, 1, |b| b.extend([0; 8])));
                    minf.extend(dinf());
                    let entry = avc1(track, self.sets);
                    let times = [(self.video.count(), track.ticks)];
                    minf.extend(stbl(self.video, &entry, &times));
                }));
            }));
        })
    }

    fn sound_track(&self, sound: &SoundTrack, film: u64) -> Vec<u8> {
        let timescale = u64::from(self.pictures.timescale);
        let rate = u64::from(sound.rate);
        let coded = u64::from(self.audio.count()) * u64::from(sound.frame);
        // What the film lasts, in samples; on a full disk the sound may be the shorter.
        let asked = (film * rate + timescale / 2) / timescale;
        let heard = asked.min(coded.saturating_sub(sound.priming.into()));
        let heard_ticks = if heard == asked {
            film
        } else {
            heard * timescale / rate
        };
        // The last frame lasts only as long as it is heard, for players that ignore the edit's end.
        let total = u64::from(sound.priming) + heard;
        let before_last = coded - u64::from(sound.frame);
        let last = total
            .saturating_sub(before_last)
            .clamp(1, sound.frame.into()) as u32;
        let count = self.audio.count();
        let times: &[(u32, u32)] = &[(count - 1, sound.frame), (1, last)];
        boxed(b"trak", |trak| {
            trak.extend(tkhd(2, heard_ticks, 0x0100, (0, 0)));
            trak.extend(edit(heard_ticks, sound.priming.into()));
            trak.extend(boxed(b"mdia", |mdia| {
                mdia.extend(mdhd(sound.rate, before_last + u64::from(last)));
                mdia.extend(hdlr(b"soun", b"sound\0"));
                mdia.extend(boxed(b"minf", |minf| {
                    minf.extend(full_boxed(b"smhd", 0, 0, |b| b.extend([0; 4])));
                    minf.extend(dinf());
                    minf.extend(stbl(self.audio, &mp4a(sound), times));
                }));
            }));
        })
    }
}

/// The identity, in 16.16 and 2.30.
fn put_matrix(to: &mut Vec<u8>) {
    for value in [0x0001_0000u32, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000] {
        to.extend(value.to_be_bytes());
    }
}

fn tkhd(number: u32, duration: u64, volume: u16, (width, height): (u16, u16)) -> Vec<u8> {
    // Enabled, in the movie.
    full_boxed(b"tkhd", 1, 3, |b| {
        b.extend([0; 16]);
        b.extend(number.to_be_bytes());
        b.extend([0; 4]);
        b.extend(duration.to_be_bytes());
        b.extend([0; 12]);
        b.extend(volume.to_be_bytes());
        b.extend([0; 2]);
        put_matrix(b);
        b.extend((u32::from(width) << 16).to_be_bytes());
        b.extend((u32::from(height) << 16).to_be_bytes());
    })
}

/// Plays `duration` (ticks of the movie) from `start` (ticks of the track).
fn edit(duration: u64, start: u64) -> Vec<u8> {
    boxed(b"edts", |b| {
        b.extend(full_boxed(b"elst", 1, 0, |b| {
            b.extend(1u32.to_be_bytes());
            b.extend(duration.to_be_bytes());
            b.extend(start.to_be_bytes());
            b.extend(0x0001_0000u32.to_be_bytes());
        }));
    })
}

fn mdhd(timescale: u32, duration: u64) -> Vec<u8> {
    full_boxed(b"mdhd", 1, 0, |b| {
        b.extend([0; 16]);
        b.extend(timescale.to_be_bytes());
        b.extend(duration.to_be_bytes());
        b.extend(0x55C4u16.to_be_bytes()); // language: "und"
        b.extend([0; 2]);
    })
}

fn hdlr(kind: &[u8; 4], name: &[u8]) -> Vec<u8> {
    full_boxed(b"hdlr", 0, 0, |b| {
        b.extend([0; 4]);
        b.extend(kind);
        b.extend([0; 12]);
        b.extend(name);
    })
}

/// The data is in this file.
fn dinf() -> Vec<u8> {
    boxed(b"dinf", |b| {
        b.extend(full_boxed(b"dref", 0, 0, |b| {
            b.extend(1u32.to_be_bytes());
            b.extend(full_boxed(b"url ", 0, 1, |_| {}));
        }));
    })
}
