//! Streaming ACN (ANSI E1.31-2018): data packets, and which universes there are.

use std::hash::{BuildHasher, RandomState};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

/// The UDP port of sACN.
pub(crate) const PORT: u16 = 5568;

/// Bytes of the name of a source.
const NAME: usize = 64;

/// Flags of a layer's length.
const FLAGS: u16 = 0x7000;

const ROOT_DATA: u32 = 4;
const ROOT_EXTENDED: u32 = 8;
const FRAME_DATA: u32 = 2;
const FRAME_DISCOVERY: u32 = 2;
const LIST: u32 = 1;
const SET_PROPERTY: u8 = 2;
const TERMINATED: u8 = 0x40;

/// Universes of a page of discovery.
const A_PAGE: usize = 512;

/// Who sends: what receivers tell sources apart by, and what people call it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    cid: [u8; 16],
    name: [u8; NAME],
    pub priority: u8,
}

impl Source {
    /// One that there was not before; its name is cut where it is too long.
    pub fn new(name: &str, priority: u8) -> Self {
        let random = || RandomState::new().hash_one(name).to_be_bytes();
        let [high, low] = [random(), random()];
        let mut cid = [0; 16];
        cid[..8].copy_from_slice(&high);
        cid[8..].copy_from_slice(&low);
        // A random UUID (RFC 4122).
        cid[6] = cid[6] & 0x0f | 0x40;
        cid[8] = cid[8] & 0x3f | 0x80;
        let length = name.floor_char_boundary(NAME - 1);
        let mut padded = [0; NAME];
        padded[..length].copy_from_slice(&name.as_bytes()[..length]);
        Self {
            cid,
            name: padded,
            priority,
        }
    }

    /// A packet with all slots of a universe; the last ones of a stream say that it ends.
    pub fn data(&self, universe: u16, sequence: u8, slots: &[u8; 512], ends: bool) -> Vec<u8> {
        let mut layer = Vec::with_capacity(523);
        // Addresses one octet apart from nought on, and how many; the first is the start code.
        layer.extend([SET_PROPERTY, 0xa1, 0, 0, 0, 1]);
        layer.extend(513_u16.to_be_bytes());
        layer.push(0);
        layer.extend(slots);
        let mut frame = Vec::with_capacity(600);
        frame.extend(FRAME_DATA.to_be_bytes());
        frame.extend(self.name);
        // Not synchronised with other universes.
        frame.extend([self.priority, 0, 0, sequence]);
        frame.push(if ends { TERMINATED } else { 0 });
        frame.extend(universe.to_be_bytes());
        frame.extend(layered(&layer));
        self.packet(ROOT_DATA, &frame)
    }

    /// Packets that say which universes are sent, in order.
    pub fn discovery(&self, universes: &[u16]) -> Vec<Vec<u8>> {
        let pages = universes.chunks(A_PAGE);
        let last = pages.len().saturating_sub(1) as u8;
        let page = |(number, universes): (usize, &[u16])| {
            let mut layer = Vec::new();
            layer.extend(LIST.to_be_bytes());
            layer.extend([number as u8, last]);
            layer.extend(universes.iter().flat_map(|universe| universe.to_be_bytes()));
            let mut frame = Vec::new();
            frame.extend(FRAME_DISCOVERY.to_be_bytes());
            frame.extend(self.name);
            frame.extend([0; 4]);
            frame.extend(layered(&layer));
            self.packet(ROOT_EXTENDED, &frame)
        };
        pages.enumerate().map(page).collect()
    }

    /// A packet around a framing layer.
    fn packet(&self, vector: u32, frame: &[u8]) -> Vec<u8> {
        let mut root = Vec::with_capacity(640);
        root.extend(vector.to_be_bytes());
        root.extend(self.cid);
        root.extend(layered(frame));
        let mut packet = Vec::with_capacity(656);
        // The size of what comes before the packet, and of what follows it.
        packet.extend([0, 16, 0, 0]);
        packet.extend(b"ASC-E1.17\0\0\0");
        packet.extend(layered(&root));
        packet
    }
}

/// A layer with its length in front, which counts itself.
fn layered(content: &[u8]) -> Vec<u8> {
    let length = content.len() as u16 + 2;
    let mut layer = (FLAGS | length).to_be_bytes().to_vec();
    layer.extend(content);
    layer
}

/// Where whoever listens for a universe hears it.
pub(crate) fn multicast(universe: u16) -> SocketAddr {
    let [high, low] = universe.to_be_bytes();
    let group = Ipv4Addr::new(239, 255, high, low);
    SocketAddrV4::new(group, PORT).into()
}

/// Where universes are told.
pub(crate) fn discovery_group() -> SocketAddr {
    SocketAddrV4::new(Ipv4Addr::new(239, 255, 250, 214), PORT).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_has_its_fields_where_the_standard_has_them() {
        let mut slots = [0; 512];
        (slots[0], slots[511]) = (7, 9);
        let source = Source::new("Synopsia", 150);
        let packet = source.data(0x1234, 200, &slots, false);
        assert_eq!(packet.len(), 638);
        assert_eq!(packet[..16], *b"\x00\x10\x00\x00ASC-E1.17\x00\x00\x00");
        // Root layer: its length and vector, and who sends.
        assert_eq!(packet[16..22], [0x72, 0x6e, 0, 0, 0, 4]);
        assert_eq!(packet[22..38], source.cid);
        // Framing layer: length, vector, name, priority, synchronisation, sequence, options, universe.
        assert_eq!(packet[38..44], [0x72, 0x58, 0, 0, 0, 2]);
        assert_eq!(packet[44..53], *b"Synopsia\0");
        assert_eq!(packet[108..115], [150, 0, 0, 200, 0, 0x12, 0x34]);
        // DMP layer: length, vector, address type, first address, increment, count, start code.
        assert_eq!(packet[115..126], [0x72, 0x0b, 2, 0xa1, 0, 0, 0, 1, 2, 1, 0]);
        assert_eq!((packet[126], packet[637]), (7, 9));
        assert_eq!(source.data(1, 0, &slots, true)[112], 0x40);
    }

    #[test]
    fn universes_are_told_on_pages_of_512() {
        let universes: Vec<u16> = (1..=600).collect();
        let pages = Source::new("Synopsia", 100).discovery(&universes);
        assert_eq!(pages.len(), 2);
        assert_eq!(pages[0].len(), 120 + 2 * 512);
        assert_eq!(pages[1].len(), 120 + 2 * 88);
        for (n, page) in pages.iter().enumerate() {
            assert_eq!(page[18..22], [0, 0, 0, 8]);
            assert_eq!(page[40..44], [0, 0, 0, 2]);
            let length = 0x7000 | (page.len() as u16 - 112);
            assert_eq!(page[112..114], length.to_be_bytes());
            assert_eq!(page[114..120], [0, 0, 0, 1, n as u8, 1]);
        }
        assert_eq!(pages[1][120..122], 513_u16.to_be_bytes());
    }

    #[test]
    fn sources_differ_and_long_names_are_cut_between_letters() {
        let [one, other] = [(); 2].map(|()| Source::new("é".repeat(40).as_str(), 100));
        assert_ne!(one.cid, other.cid);
        assert_eq!(one.name[..62], *"é".repeat(31).as_bytes());
        assert_eq!(one.name[62..], [0, 0]);
    }

    #[test]
    fn each_universe_has_its_group() {
        assert_eq!(multicast(1).to_string(), "239.255.0.1:5568");
        assert_eq!(multicast(63_999).to_string(), "239.255.249.255:5568");
    }
}
