//! MP4 (ISO/IEC 14496-12 and -14), as far as one picture track and one sound track need it.
//!
//! ```text
//! ftyp   what this file is
//! free   room for the index, kept at the front so that a film can start while it loads
//! mdat   about a second of pictures, a second of sound, and so on
//! ```
//!
//! [`finish`](Mp4Writer::finish) writes the index (`moov`) into the room at the front, so that it
//! succeeds even when the disk is full; only a film longer than was said gets its index at the
//! end. Every write is whole or undone: what is in the index is on the disk.
//!
//! The sound's edit list skips the encoder's run-up, so the first sample heard is the first of
//! the song.

use std::io::{self, Read, Seek, SeekFrom, Write};

/// Sound is gathered to chunks of this many seconds between the pictures.
const CHUNK_SECONDS: f64 = 1.0;

/// Bytes of index per picture, per keyframe or chunk, per AAC frame, and at least.
const INDEX_PER_PICTURE: f64 = 4.0;
const INDEX_PER_CHUNK: f64 = 24.0;
const INDEX_PER_SOUND_FRAME: f64 = 4.0;
const INDEX_LEAST: u64 = 4096;

/// Room is kept for the index of a film of up to this many seconds: some files claim a song of a
/// century.
const INDEX_LONGEST: f64 = 6.0 * 3600.0;

/// The picture track.
#[derive(Clone, Debug)]
pub(super) struct PictureTrack {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Ticks per second and per picture.
    pub(super) timescale: u32,
    pub(super) ticks: u32,
}

/// The sound track: AAC.
#[derive(Clone, Debug)]
pub(super) struct SoundTrack {
    pub(super) rate: u32,
    pub(super) channels: u16,
    /// Samples per AAC frame.
    pub(super) frame: u32,
    /// Samples of encoder run-up before the first sample of the song.
    pub(super) priming: u32,
    /// `AudioSpecificConfig`.
    pub(super) config: Vec<u8>,
    /// Bits per second, as asked of the encoder.
    pub(super) bitrate: u32,
}

/// What the pictures' decoder needs to know first.
#[derive(Clone, Debug, Default)]
pub(super) struct ParameterSets {
    pub(super) sps: Vec<u8>,
    pub(super) pps: Vec<u8>,
}

/// Writes one film.
pub(super) struct Mp4Writer<W> {
    to: W,
    pictures: PictureTrack,
    sound: Option<SoundTrack>,
    /// Where the room for the index starts, and its bytes.
    room: (u64, u64),
    /// Where `mdat` starts, and the end of what is safely written.
    mdat: u64,
    end: u64,
    video: Samples,
    audio: Samples,
    /// Sound that waits for its chunk, and its frames' sizes.
    waiting: Vec<u8>,
    waiting_sizes: Vec<u32>,
}

/// A track's samples: their sizes, and the chunks they lie in.
#[derive(Debug, Default)]
struct Samples {
    sizes: Vec<u32>,
    /// Numbers of the keyframes, from 1.
    keys: Vec<u32>,
    /// Offset and sample count of each chunk.
    chunks: Vec<(u64, u32)>,
}

impl Samples {
    /// Adds `sizes.len()` samples that lie at `offset`; `joined` says that they follow this
    /// track's last chunk directly.
    fn add(&mut self, offset: u64, sizes: &[u32], joined: bool) {
        self.sizes.extend_from_slice(sizes);
        let count = sizes.len() as u32;
        match self.chunks.last_mut() {
            Some((_, samples)) if joined => *samples += count,
            _ => self.chunks.push((offset, count)),
        }
    }

    fn count(&self) -> u32 {
        self.sizes.len() as u32
    }
}

impl<W: Write + Seek> Mp4Writer<W> {
    /// Starts a film of about `seconds`, which decides the room that is kept for the index.
    ///
    /// # Errors
    /// When `to` cannot be written.
    pub(super) fn new(
        mut to: W,
        pictures: PictureTrack,
        sound: Option<SoundTrack>,
        seconds: f64,
    ) -> io::Result<Self> {
        let start = boxed(b"ftyp", |b| {
            b.extend(b"isom");
            b.extend(512u32.to_be_bytes());
            b.extend(b"isomiso2avc1mp41");
        });
        let fps = f64::from(pictures.timescale) / f64::from(pictures.ticks);
        let sound_hz = sound
            .as_ref()
            .map_or(0.0, |s| f64::from(s.rate) / f64::from(s.frame));
        let per_second = fps * INDEX_PER_PICTURE
            + sound_hz * INDEX_PER_SOUND_FRAME
            + 2.0 * INDEX_PER_CHUNK / CHUNK_SECONDS;
        let seconds = seconds.clamp(0.0, INDEX_LONGEST);
        let room = INDEX_LEAST + (seconds * per_second * 1.05) as u64;
        let room_start = start.len() as u64;
        let mdat = room_start + room;
        to.write_all(&start)?;
        to.write_all(&free_head(room))?;
        io::copy(&mut io::repeat(0).take(room - FREE_HEAD), &mut to)?;
        // The 64-bit form; its size is set at the end.
        let mut head = 1u32.to_be_bytes().to_vec();
        head.extend(b"mdat");
        head.extend(16u64.to_be_bytes());
        to.write_all(&head)?;
        Ok(Self {
            to,
            pictures,
            sound,
            room: (room_start, room),
            mdat,
            end: mdat + head.len() as u64,
            video: Samples::default(),
            audio: Samples::default(),
            waiting: Vec::new(),
            waiting_sizes: Vec::new(),
        })
    }

    /// Adds one coded picture, in MP4's form: each NAL unit behind its length.
    ///
    /// # Errors
    /// When it cannot be written; the film then ends before this picture.
    pub(super) fn picture(&mut self, coded: &[u8], key: bool) -> io::Result<()> {
        let offset = self.append(coded)?;
        let joined = self.audio.chunks.last().is_none_or(|last| {
            self.video
                .chunks
                .last()
                .is_some_and(|video| video.0 > last.0)
        });
        self.video.add(offset, &[coded.len() as u32], joined);
        if key {
            self.video.keys.push(self.video.count());
        }
        Ok(())
    }

    /// Adds one frame of AAC.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn sound(&mut self, coded: &[u8]) -> io::Result<()> {
        self.waiting.extend_from_slice(coded);
        self.waiting_sizes.push(coded.len() as u32);
        let Some(track) = &self.sound else {
            return Ok(());
        };
        let seconds =
            self.waiting_sizes.len() as f64 * f64::from(track.frame) / f64::from(track.rate);
        if seconds >= CHUNK_SECONDS {
            self.flush_sound()?;
        }
        Ok(())
    }

    fn flush_sound(&mut self) -> io::Result<()> {
        if self.waiting_sizes.is_empty() {
            return Ok(());
        }
        let waiting = std::mem::take(&mut self.waiting);
        let written = self.append(&waiting);
        self.waiting = waiting;
        let offset = written?;
        self.audio.add(offset, &self.waiting_sizes, false);
        self.waiting.clear();
        self.waiting_sizes.clear();
        Ok(())
    }

    /// Writes `bytes` behind all others and returns where they are. After an error the next
    /// write overwrites what was left of them.
    fn append(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let offset = self.end;
        if let Err(error) = self.to.write_all(bytes) {
            self.to.seek(SeekFrom::Start(offset))?;
            return Err(error);
        }
        self.end += bytes.len() as u64;
        Ok(offset)
    }

    /// Pictures written so far.
    pub(super) fn pictures(&self) -> u64 {
        self.video.count().into()
    }

    /// Writes the index, for a film that ends with its last picture. What sound there is beyond
    /// is not played. Returns what was written to, and the file's length in bytes: what lies
    /// behind it, left by a failed write, is to be cut off.
    ///
    /// Returns whether the last of the sound could still be written, too.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub(super) fn finish(mut self, sets: &ParameterSets) -> io::Result<(W, u64, io::Result<()>)> {
        let last_sound = self.flush_sound();
        let moov = self.moov(sets);
        let (room_start, room) = self.room;
        let length = moov.len() as u64;
        let mdat_size = self.end - self.mdat;
        if length == room || length + FREE_HEAD <= room {
            self.to.seek(SeekFrom::Start(room_start))?;
            self.to.write_all(&moov)?;
            if length < room {
                self.to.write_all(&free_head(room - length))?;
            }
        } else {
            self.to.seek(SeekFrom::Start(self.end))?;
            self.to.write_all(&moov)?;
            self.end += length;
        }
        self.to.seek(SeekFrom::Start(self.mdat + 8))?;
        self.to.write_all(&mdat_size.to_be_bytes())?;
        self.to.flush()?;
        Ok((self.to, self.end, last_sound))
    }

    fn moov(&self, sets: &ParameterSets) -> Vec<u8> {
        let track = &self.pictures;
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
            moov.extend(self.picture_track(duration, sets));
            if let Some(sound) = &self.sound
                && !self.audio.sizes.is_empty()
            {
                moov.extend(self.sound_track(sound, duration));
            }
        })
    }

    fn picture_track(&self, duration: u64, sets: &ParameterSets) -> Vec<u8> {
        let track = &self.pictures;
        boxed(b"trak", |trak| {
            trak.extend(tkhd(1, duration, 0, (track.width, track.height)));
            trak.extend(edit(duration, 0));
            trak.extend(boxed(b"mdia", |mdia| {
                mdia.extend(mdhd(track.timescale, duration));
                mdia.extend(hdlr(b"vide", b"pictures\0"));
                mdia.extend(boxed(b"minf", |minf| {
                    minf.extend(full_boxed(b"vmhd", 0, 1, |b| b.extend([0; 8])));
                    minf.extend(dinf());
                    let entry = avc1(track, sets);
                    let times = [(self.video.count(), track.ticks)];
                    minf.extend(stbl(&self.video, &entry, &times));
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
                    minf.extend(stbl(&self.audio, &mp4a(sound), times));
                }));
            }));
        })
    }
}

/// A box of this kind, its body written by `body`.
fn boxed(kind: &[u8; 4], body: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend(kind);
    body(&mut bytes);
    let size = bytes.len() as u32;
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    bytes
}

/// A box with version and flags.
fn full_boxed(kind: &[u8; 4], version: u8, flags: u32, body: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    boxed(kind, |b| {
        b.extend((u32::from(version) << 24 | flags).to_be_bytes());
        body(b);
    })
}

/// Bytes before the body of a box.
const FREE_HEAD: u64 = 8;

/// The start of a box of `size` bytes that means nothing, whatever lies in it.
fn free_head(size: u64) -> Vec<u8> {
    let mut head = (size as u32).to_be_bytes().to_vec();
    head.extend(b"free");
    head
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

/// The tables: `times` are runs of samples and the ticks of each.
fn stbl(samples: &Samples, entry: &[u8], times: &[(u32, u32)]) -> Vec<u8> {
    let runs = |b: &mut Vec<u8>, runs: &[(u32, u32)]| {
        b.extend((runs.len() as u32).to_be_bytes());
        for (count, ticks) in runs {
            b.extend(count.to_be_bytes());
            b.extend(ticks.to_be_bytes());
        }
    };
    boxed(b"stbl", |stbl| {
        stbl.extend(full_boxed(b"stsd", 0, 0, |b| {
            b.extend(1u32.to_be_bytes());
            b.extend(entry);
        }));
        let times: Vec<_> = times.iter().copied().filter(|run| run.0 > 0).collect();
        stbl.extend(full_boxed(b"stts", 0, 0, |b| runs(b, &times)));
        if !samples.keys.is_empty() {
            stbl.extend(full_boxed(b"stss", 0, 0, |b| {
                b.extend((samples.keys.len() as u32).to_be_bytes());
                b.extend(samples.keys.iter().flat_map(|key| key.to_be_bytes()));
            }));
        }
        stbl.extend(stsc(samples));
        stbl.extend(full_boxed(b"stsz", 0, 0, |b| {
            b.extend([0; 4]);
            b.extend(samples.count().to_be_bytes());
            b.extend(samples.sizes.iter().flat_map(|size| size.to_be_bytes()));
        }));
        stbl.extend(full_boxed(b"co64", 0, 0, |b| {
            b.extend((samples.chunks.len() as u32).to_be_bytes());
            b.extend(
                samples
                    .chunks
                    .iter()
                    .flat_map(|chunk| chunk.0.to_be_bytes()),
            );
        }));
    })
}

/// How many samples each chunk holds, in runs of equal chunks.
fn stsc(samples: &Samples) -> Vec<u8> {
    let mut runs: Vec<[u32; 3]> = Vec::new();
    for (i, &(_, count)) in samples.chunks.iter().enumerate() {
        if runs.last().is_none_or(|run| run[1] != count) {
            runs.push([i as u32 + 1, count, 1]);
        }
    }
    full_boxed(b"stsc", 0, 0, |b| {
        b.extend((runs.len() as u32).to_be_bytes());
        b.extend(runs.iter().flatten().flat_map(|value| value.to_be_bytes()));
    })
}

/// The pictures' sample entry.
fn avc1(track: &PictureTrack, sets: &ParameterSets) -> Vec<u8> {
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
fn mp4a(sound: &SoundTrack) -> Vec<u8> {
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
