//! How near a sound comes to the magnitudes that were asked for, and at what cost: `cargo run --release --example phases --
//! SONG... PICTURE...`. Ten seconds of each song, whose magnitudes are a sound's, and of each picture, whose are painted and no
//! sound's. Phases by chance, Griffin-Lim (1984) from there with 32 and 100 rounds, and phase gradient heap integration, which
//! sees one frame ahead. Spectral convergence (0 is exact), log-spectral distance in decibels over bins within 60 dB of the
//! loudest, and milliseconds of one core for a second of sound.

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::error::Error;
use std::f32::consts::TAU;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use synopsia::emotion::PictureMood;
use synopsia::media::song::SongReader;
use synopsia::sonify::{BINS, HOP, Moment, Moods, Phases, SAMPLE_RATE, Sonifier, WINDOW};

const SECONDS: usize = 10;
/// Bins that are softer than the loudest by so much do not count, as a factor.
const SOFTEST: f32 = 1e-3;

type Spectra = Vec<Vec<Complex32>>;

/// Short-time Fourier transform there and back.
struct Transform {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
}

impl Transform {
    fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let hann = |k: usize| 0.5 - 0.5 * (TAU * k as f32 / WINDOW as f32).cos();
        Self {
            forward: planner.plan_fft_forward(WINDOW),
            inverse: planner.plan_fft_inverse(WINDOW),
            window: (0..WINDOW).map(hann).collect(),
        }
    }

    fn of(&self, sound: &[f32], frames: usize) -> Result<Spectra, realfft::FftError> {
        let scale = 2.0 / self.window.iter().sum::<f32>();
        let spectrum = |frame: usize| {
            let from = sound.get(frame * HOP..).unwrap_or_default().iter();
            let mut part: Vec<f32> = from.zip(&self.window).map(|(x, w)| x * w * scale).collect();
            part.resize(WINDOW, 0.0);
            let mut spectrum = self.forward.make_output_vec();
            self.forward.process(&mut part, &mut spectrum)?;
            Ok(spectrum)
        };
        (0..frames).map(spectrum).collect()
    }

    /// The sound whose spectra are nearest to these, by least squares.
    fn back(&self, spectra: &Spectra) -> Result<Vec<f32>, realfft::FftError> {
        let scale = self.window.iter().sum::<f32>() / 2.0 / WINDOW as f32;
        let mut sound = vec![0.0; WINDOW + HOP * spectra.len()];
        let mut weight = vec![1e-3; sound.len()];
        let mut part = self.inverse.make_output_vec();
        for (frame, spectrum) in spectra.iter().enumerate() {
            let mut spectrum = spectrum.clone();
            spectrum[0].im = 0.0;
            spectrum[BINS - 1].im = 0.0;
            self.inverse.process(&mut spectrum, &mut part)?;
            for (k, (x, w)) in part.iter().zip(&self.window).enumerate() {
                sound[frame * HOP + k] += x * w * scale;
                weight[frame * HOP + k] += w * w;
            }
        }
        sound.iter_mut().zip(weight).for_each(|(x, w)| *x /= w);
        Ok(sound)
    }
}

/// Phases by chance, then made consistent so many times.
fn griffin_lim(
    transform: &Transform,
    asked: &[Vec<f32>],
    rounds: usize,
) -> Result<Vec<f32>, realfft::FftError> {
    let mut seed = 1u32;
    let mut chance = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        TAU * seed as f32 / u32::MAX as f32
    };
    let mut begin = |size: &f32| Complex32::from_polar(*size, chance());
    let begin = asked
        .iter()
        .map(|frame| frame.iter().map(&mut begin).collect());
    let mut sound = transform.back(&begin.collect())?;
    for _ in 0..rounds {
        let mut spectra = transform.of(&sound, asked.len())?;
        for (spectrum, asked) in spectra.iter_mut().zip(asked) {
            for (x, size) in spectrum.iter_mut().zip(asked) {
                *x *= size / x.norm().max(1e-12);
            }
        }
        sound = transform.back(&spectra)?;
    }
    Ok(sound)
}

fn heap(asked: &[Vec<f32>]) -> Vec<f32> {
    let mut phases = Phases::new(1);
    let silence = vec![0.0; BINS];
    let rest = std::iter::repeat_n(&silence, WINDOW / HOP);
    let sound: Vec<f32> = (asked.iter().chain(rest))
        .flat_map(|frame| phases.next(frame))
        .collect();
    // A frame is added when the next one is known.
    sound[HOP..].to_vec()
}

/// Spectral convergence and log-spectral distance, but for the frames at the ends, which have no neighbours.
fn distance(asked: &[Vec<f32>], got: &Spectra) -> [f32; 2] {
    let most = asked.iter().flatten().fold(0.0f32, |a, &b| a.max(b));
    let least = most * SOFTEST;
    let (mut off, mut all, mut decibels, mut count) = (0.0f64, 0.0f64, 0.0f64, 0.0f64);
    let ends = WINDOW / HOP;
    for (asked, got) in asked
        .iter()
        .zip(got)
        .skip(ends)
        .take(asked.len() - 2 * ends)
    {
        for (asked, got) in asked.iter().zip(got) {
            let got = got.norm();
            off += f64::from((asked - got).powi(2));
            all += f64::from(asked.powi(2));
            if *asked > least {
                decibels += f64::from((20.0 * (got.max(least) / asked).log10()).powi(2));
                count += 1.0;
            }
        }
    }
    [(off / all).sqrt() as f32, (decibels / count).sqrt() as f32]
}

/// Magnitudes, and whether they are a song's.
type Asked = (bool, Vec<Vec<f32>>);

/// The magnitudes that a song has, or that a picture asks for.
fn asked(path: &Path, transform: &Transform) -> Result<Asked, Box<dyn Error>> {
    if let Ok(picture) = image::open(path) {
        let picture = picture.to_rgb8();
        let sonifier = Sonifier::built_in()?;
        let moods = Moods::from(&PictureMood::built_in()?.of(&picture)?.among_pictures());
        let moments = SECONDS * SAMPLE_RATE as usize / (2 * HOP);
        let mut sounding = sonifier.begin(1);
        for k in 0..moments {
            let x = k as u32 * picture.width() / moments as u32;
            let column = image::imageops::crop_imm(&picture, x, 0, 1, picture.height());
            sounding.add(&Moment::of(&column.to_image()), &moods, None, |_| ())?;
        }
        return Ok((false, sounding.magnitudes()?));
    }
    let mut song = SongReader::open(path)?;
    let channels = song.layout().count();
    let mut samples = Vec::new();
    while samples.len() < SECONDS * song.rate() as usize * channels {
        if song.read(&mut samples)? == 0 {
            break;
        }
    }
    let mono = samples.chunks_exact(channels);
    let mono: Vec<f32> = mono
        .map(|all| all.iter().sum::<f32>() / channels as f32)
        .collect();
    let frames = mono.len().saturating_sub(WINDOW) / HOP;
    let spectra = transform.of(&mono, frames)?;
    let size = |frame: &Vec<Complex32>| frame.iter().map(|x| x.norm()).collect();
    Ok((true, spectra.iter().map(size).collect()))
}

fn main() -> Result<(), Box<dyn Error>> {
    const METHODS: [&str; 4] = ["chance", "Griffin-Lim, 32", "Griffin-Lim, 100", "heap"];
    let transform = Transform::new();
    let mut sums = [[[0.0f32; 3]; METHODS.len()]; 2];
    let mut counts = [0.0f32; 2];
    for path in std::env::args().skip(1) {
        let (song, asked) = asked(Path::new(&path), &transform)?;
        if asked.len() < 3 * WINDOW / HOP {
            return Err(format!("{path} is too short").into());
        }
        let kind = usize::from(!song);
        counts[kind] += 1.0;
        for (method, sums) in sums[kind].iter_mut().enumerate() {
            let started = Instant::now();
            let sound = match method {
                0 => griffin_lim(&transform, &asked, 0)?,
                1 => griffin_lim(&transform, &asked, 32)?,
                2 => griffin_lim(&transform, &asked, 100)?,
                _ => heap(&asked),
            };
            let seconds = (asked.len() * HOP) as f32 / SAMPLE_RATE as f32;
            let cost = 1e3 * started.elapsed().as_secs_f32() / seconds;
            let [off, decibels] = distance(&asked, &transform.of(&sound, asked.len())?);
            let more = [off, decibels, cost];
            sums.iter_mut().zip(more).for_each(|(sum, x)| *sum += x);
        }
    }
    for (kind, what) in ["songs", "pictures"].iter().enumerate() {
        for (method, sums) in METHODS.iter().zip(&sums[kind]) {
            let [off, decibels, cost] = sums.map(|sum| sum / counts[kind]);
            println!(
                "{what} ({}), {method}: convergence {off:.3}, {decibels:.1} dB, {cost:.1} ms",
                counts[kind]
            );
        }
    }
    Ok(())
}
