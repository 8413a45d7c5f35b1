use super::*;

/// A file with two numbers, whose header says what is given.
fn file(format: &str, version: &str, numbers: [f32; 2]) -> Vec<u8> {
    let header = format!(
        r#"{{"__metadata__":{{"format":"{format}","version":"{version}","count":"7"}},"x":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}}}"#
    );
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

fn read(format: &'static Format, bytes: &[u8]) -> Result<Vec<f32>, WeightsFault> {
    let mut rest = bytes;
    let header = Header::read(format, bytes.len() as u64, &mut rest)?;
    header.floats(rest, "x")
}

#[test]
fn each_format_reads_its_versions_and_no_others() {
    for format in [&PAINTER, &EMOTION, &MOOD, &BEAT, &WORDS, &SONIFY] {
        let (oldest, newest) = (*format.versions.start(), *format.versions.end());
        for version in 0..=newest + 1 {
            let read = read(
                format,
                &file(format.name, &version.to_string(), [0.5, -2.0]),
            );
            match version {
                0 => assert!(matches!(read, Err(WeightsFault::Other { .. }))),
                v if v < oldest => {
                    assert_eq!(read, Err(WeightsFault::Older { version, oldest }))
                }
                v if v > newest => {
                    assert_eq!(read, Err(WeightsFault::Newer { version, newest }))
                }
                _ => assert_eq!(read, Ok(vec![0.5, -2.0])),
            }
        }
        for other in [&PAINTER, &EMOTION, &MOOD, &BEAT, &WORDS, &SONIFY] {
            let is_read = read(format, &file(other.name, &newest.to_string(), [0.0; 2]));
            assert_eq!(is_read.is_ok(), format.name == other.name);
        }
    }
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let whole = file(MOOD.name, "1", [1.0, 2.0]);
    for length in 0..whole.len() {
        assert!(read(&MOOD, &whole[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn numbers_are_finite_and_those_of_the_header_in_range() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let fault = read(&EMOTION, &file(EMOTION.name, "2", [0.0, wrong]));
        assert_eq!(fault, Err(WeightsFault::NotANumber("x".to_owned())));
    }
    let bytes = file(EMOTION.name, "2", [0.0; 2]);
    let header = Header::read(&EMOTION, bytes.len() as u64, &mut &bytes[..]).unwrap();
    assert_eq!(header.number("count", 7), Ok(7));
    assert!(header.number("count", 6).is_err());
    assert!(header.number("format", 6).is_err() && header.number("none", 6).is_err());
    assert_eq!(header.check("x", &[2]), Ok(()));
    assert!(header.check("x", &[1, 2]).is_err() && header.check("y", &[2]).is_err());
}
