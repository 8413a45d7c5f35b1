//! Files that only ffmpeg reads, by their first bytes.

use std::fs::File;
use std::io;

use super::chunks::bytes_at;

/// How they begin, or what stands somewhat behind; ffmpeg's name for them, and ours.
const KNOWN: [(usize, &[u8], &str, &str); 24] = [
    (0, b"wvpk", "wv", "WavPack"),
    (0, b"TTA1", "tta", "True Audio"),
    (0, b"MAC ", "ape", "Monkey's Audio"),
    (0, b"MPCK", "mpc8", "Musepack"),
    (0, b"MP+", "mpc", "Musepack"),
    (0, b"DSD ", "dsf", "DSD"),
    (0, b"FRM8", "iff", "DSD"),
    (0, b"tBaK", "tak", "TAK"),
    (0, b"#!AMR", "amr", "AMR"),
    (0, ASF, "asf", "Windows Media"),
    (0, b"FLV\x01", "flv", "Flash Video"),
    (0, b".RMF", "rm", "RealMedia"),
    (0, b"\x0b\x77", "ac3,eac3", "Dolby Digital (AC-3)"),
    (0, b"\x7f\xfe\x80\x01", "dts", "DTS"),
    (0, b"\xfe\x7f\x01\x80", "dts", "DTS"),
    (0, b"\0\0\x01\xba", "mpeg", "an MPEG programme stream"),
    (4, b"\xf8\x72\x6f\xba", "truehd", "Dolby TrueHD"),
    (4, b"\xf8\x72\x6f\xbb", "mlp", "MLP"),
    (0, b"nut/multimedia container\0", "nut", "in a NUT file"),
    (
        0,
        b"Creative Voice File\x1a",
        "voc",
        "in a Creative Voice file",
    ),
    (0, b".SoX", "sox", "in SoX's own format"),
    (0, b"XoS.", "sox", "in SoX's own format"),
    (0, WTV, "wtv", "a Windows television recording"),
    (
        0,
        b"\x06\x0e\x2b\x34\x02\x05\x01\x01",
        "mxf",
        "in an MXF file",
    ),
];

const ASF: &[u8] = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11";
const WTV: &[u8] = b"\xb7\xd8\x00\x20\x37\x49\xda\x11";

/// Packets of an MPEG transport stream: where the first begins and how far it is from one to the
/// next, bytes. As it is broadcast; on Blu-ray discs and in cameras, with a time before each packet;
/// with a checksum behind each.
const TRANSPORT_PACKETS: [(u64, u64); 3] = [(0, 188), (4, 192), (0, 204)];

/// What each packet begins with.
const SYNC: [u8; 1] = [0x47];

/// What a file is that begins with `head`: ffmpeg's name for its container, and a name for people.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn known(
    file: &mut File,
    head: &[u8],
) -> io::Result<Option<(&'static str, &'static str)>> {
    let begins = |at: usize, magic: &[u8]| head.get(at..at + magic.len()) == Some(magic);
    let found = KNOWN.iter().find(|(at, magic, ..)| begins(*at, magic));
    if let Some((.., container, codec)) = found {
        return Ok(Some((container, codec)));
    }
    for (first, step) in TRANSPORT_PACKETS {
        let mut packets = (0..4).map(|packet| bytes_at(file, first + packet * step, 1));
        if packets.all(|byte| byte.is_ok_and(|byte| byte == SYNC)) {
            return Ok(Some(("mpegts", "an MPEG transport stream")));
        }
    }
    Ok(None)
}
