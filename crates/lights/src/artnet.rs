//! Art-Net 4: ArtDmx.

/// The UDP port of Art-Net.
pub(crate) const PORT: u16 = 6454;

/// Its fields up to the channels.
const HEADER: usize = 18;

/// The version of the protocol.
const VERSION: [u8; 2] = [0, 14];

/// OpDmx, low byte first.
const OP_DMX: [u8; 2] = [0x00, 0x50];

/// A packet with all slots of the universe at a port address (net, sub-net and universe: 15 bits). `sequence` is 1 to 255.
pub(crate) fn dmx(port: u16, sequence: u8, slots: &[u8; 512]) -> Vec<u8> {
    let [net, sub_uni] = port.to_be_bytes();
    let mut packet = Vec::with_capacity(HEADER + slots.len());
    packet.extend(b"Art-Net\0");
    packet.extend(OP_DMX);
    packet.extend(VERSION);
    // Of no physical input.
    packet.extend([sequence, 0, sub_uni, net & 0x7f]);
    packet.extend(512_u16.to_be_bytes());
    packet.extend(slots);
    packet
}

/// The number after this one: nought would say that there is none.
pub(crate) fn next_sequence(last: u8) -> u8 {
    last.wrapping_add(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_has_its_fields_where_the_specification_has_them() {
        let mut slots = [0; 512];
        (slots[0], slots[511]) = (7, 9);
        // Net 0x12, sub-net 3, universe 4.
        let packet = dmx(0x1234, 200, &slots);
        assert_eq!(packet.len(), 530);
        let header = *b"Art-Net\0\x00\x50\x00\x0e\xc8\x00\x34\x12\x02\x00";
        assert_eq!(packet[..18], header);
        assert_eq!((packet[18], packet[529]), (7, 9));
    }

    #[test]
    fn sequences_go_round_without_nought() {
        let mut seen = Vec::new();
        let mut sequence = 0;
        for _ in 0..600 {
            sequence = next_sequence(sequence);
            seen.push(sequence);
        }
        assert_eq!(seen[..3], [1, 2, 3]);
        assert_eq!(seen[254..257], [255, 1, 2]);
        assert!(!seen.contains(&0));
    }
}
