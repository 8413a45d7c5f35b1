//! Boxes, of which an MP4 is made: a length, a name, a body.

/// A box of this kind, its body written by `body`.
pub(super) fn boxed(kind: &[u8; 4], body: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend(kind);
    body(&mut bytes);
    let size = bytes.len() as u32;
    bytes[..4].copy_from_slice(&size.to_be_bytes());
    bytes
}

/// A box with version and flags.
pub(super) fn full_boxed(
    kind: &[u8; 4],
    version: u8,
    flags: u32,
    body: impl FnOnce(&mut Vec<u8>),
) -> Vec<u8> {
    boxed(kind, |b| {
        b.extend((u32::from(version) << 24 | flags).to_be_bytes());
        body(b);
    })
}

/// Bytes before the body of a box.
pub(super) const FREE_HEAD: u64 = 8;

/// The start of a box of `size` bytes that means nothing, whatever lies in it.
pub(super) fn free_head(size: u64) -> Vec<u8> {
    let mut head = (size as u32).to_be_bytes().to_vec();
    head.extend(b"free");
    head
}
