//! Paints places of the built-in looks for the programs of `training/imagery`: reads records of 131 numbers (the look, 128 of a
//! latent vector, valence and arousal; f32, little-endian) from standard input, writes 256 x 256 x 3 bytes for each.

use std::io::{Read, Write};
use synopsia::gan::{Catalog, CpuGenerator, CpuOptions, Generator, Image, LATENT_DIM, Latent};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let catalog = Catalog {
        folders: Vec::new(),
    };
    let mut painters = Catalog::built_in()
        .iter()
        .map(|look| {
            Ok(CpuGenerator::new(
                &catalog.find(look)?,
                CpuOptions::default(),
            ))
        })
        .collect::<Result<Vec<_>, Box<dyn std::error::Error>>>()?;
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let (mut record, mut image) = ([0; 4 * 131], Image::default());
    while input.read_exact(&mut record).is_ok() {
        let number = |k: usize| f32::from_le_bytes(record.as_chunks::<4>().0[k]);
        let mut z = [0.0; LATENT_DIM];
        z.iter_mut().zip(1..129).for_each(|(z, k)| *z = number(k));
        let latent = Latent {
            z,
            mood: [number(129), number(130)],
            truncation: 1.0,
        };
        let painter = painters.get_mut(number(0) as usize).ok_or("no such look")?;
        painter.sample(&latent, &mut image)?;
        let pixels = image.pixels()?.iter();
        let bytes: Vec<u8> = pixels
            .map(|x: &f32| (255.0 * x.clamp(0.0, 1.0)).round() as u8)
            .collect();
        output.write_all(&bytes)?;
        output.flush()?;
    }
    Ok(())
}
