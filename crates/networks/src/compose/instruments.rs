//! Instruments that play a score: a sound font, ours or somebody's own.

use rustysynth::{SoundFont, Synthesizer, SynthesizerSettings};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::error::ComposeError;
use super::score::{QUARTER, STEP, Score};
use super::tokens::PLACES;

/// Samples a second.
pub const SAMPLE_RATE: u32 = 44_100;
/// The font that comes with Synopsia.
static BUILT_IN: &[u8] = include_bytes!("../../../../plugin-assets/instruments/synopsia.sf2");
/// Samples that are handed on at once, at most.
const BLOCK: usize = 4096;
/// Seconds in which the last notes die away, and those of them in which all fades.
const TAIL: f64 = 2.5;
const FADE: f64 = 0.5;
/// What is louder is bent, so that nothing is beyond full scale.
const KNEE: f32 = 0.7;
/// By how much louder than its own usual level the synthesizer plays.
const GAIN: f32 = 1.4;

/// Instruments.
pub struct Instruments {
    font: Arc<SoundFont>,
}

impl Instruments {
    /// Those that come with Synopsia.
    ///
    /// # Errors
    /// When the program's own font is damaged.
    pub fn built_in() -> Result<Self, ComposeError> {
        Self::read(io::Cursor::new(BUILT_IN))
    }

    /// Those of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is no sound font.
    pub fn open(path: &Path) -> Result<Self, ComposeError> {
        let file = File::open(path).map_err(|error| unreadable(&error))?;
        if !file.metadata().is_ok_and(|about| about.is_file()) {
            return Err(ComposeError::Instruments("it is no file".into()));
        }
        Self::read(BufReader::new(file))
    }

    fn read(mut file: impl Read + Seek) -> Result<Self, ComposeError> {
        check_sizes(&mut file)?;
        let font = harmless(|| SoundFont::new(&mut file))?;
        let font = font.map_err(|error| ComposeError::Instruments(error.to_string()))?;
        if font.get_presets().is_empty() {
            return Err(ComposeError::Instruments("it has no instruments".into()));
        }
        Ok(Self {
            font: Arc::new(font),
        })
    }

    /// Plays a score at [`SAMPLE_RATE`]: `hear` is given stereo samples block by block, interleaved.
    ///
    /// # Errors
    /// When the font turns out to be broken, or `hear` fails.
    pub fn play(
        &self,
        score: &Score,
        mut hear: impl FnMut(&[f32]) -> Result<(), ComposeError>,
    ) -> Result<(), ComposeError> {
        let settings = SynthesizerSettings::new(SAMPLE_RATE as i32);
        let synthesizer = harmless(|| Synthesizer::new(&self.font, &settings))?;
        let mut synthesizer =
            synthesizer.map_err(|error| ComposeError::Instruments(error.to_string()))?;
        for part in &score.parts {
            let channel = i32::from(part.channel);
            synthesizer.process_midi_message(channel, 0xc0, part.program.into(), 0);
            for (controller, value) in part.controllers() {
                synthesizer.process_midi_message(channel, 0xb0, controller.into(), value.into());
            }
        }
        let events = score.parts.iter().flat_map(|part| {
            let channel = i32::from(part.channel);
            part.events().into_iter().map(move |event| (channel, event))
        });
        let mut events: Vec<_> = events.collect();
        events.sort_by_key(|(_, event)| (event.at, event.velocity > 0));
        let length = score.samples();
        let (mut now, mut next) = (0u64, 0);
        while now < length {
            while let Some((channel, event)) = events.get(next)
                && score.sample_of(event.at) <= now
            {
                let (key, velocity) = (event.key.into(), event.velocity.into());
                harmless(|| synthesizer.note_on(*channel, key, velocity))?;
                next += 1;
            }
            let until = events
                .get(next)
                .map_or(length, |(_, event)| score.sample_of(event.at));
            let count = (until.min(length) - now).min(BLOCK as u64);
            let (mut left, mut right) = ([0.0; BLOCK], [0.0; BLOCK]);
            let (left, right) = (&mut left[..count as usize], &mut right[..count as usize]);
            harmless(|| synthesizer.render(left, right))?;
            let fade = FADE * f64::from(SAMPLE_RATE);
            let both = left.iter().zip(right.iter()).enumerate();
            let both = both.flat_map(|(k, (left, right))| {
                let rest = (length - now - k as u64) as f64;
                let gain = GAIN * (rest / fade).min(1.0) as f32;
                [bent(gain * left), bent(gain * right)]
            });
            hear(&both.collect::<Vec<f32>>())?;
            now += count;
        }
        Ok(())
    }
}

impl Score {
    /// The sample at which a tick is.
    pub(super) fn sample_of(&self, tick: u32) -> u64 {
        let seconds = f64::from(tick) / f64::from(QUARTER) * f64::from(self.quarter()) * 1e-6;
        (seconds * f64::from(SAMPLE_RATE)).round() as u64
    }

    /// Samples until the last note has died away.
    pub fn samples(&self) -> u64 {
        let end = (self.bars * PLACES) as u32 * STEP;
        self.sample_of(end) + (TAIL * f64::from(SAMPLE_RATE)) as u64
    }
}

/// As it is where it is soft, and never beyond full scale; silence where it is no number.
fn bent(x: f32) -> f32 {
    let over = x.abs() - KNEE;
    match over > 0.0 {
        true => x.signum() * (KNEE + (1.0 - KNEE) * (over / (1.0 - KNEE)).tanh()),
        false if x.is_nan() => 0.0,
        false => x,
    }
}

/// What a foreign font may make the synthesizer do is no reason to end the program.
fn harmless<T>(work: impl FnOnce() -> T) -> Result<T, ComposeError> {
    let broken = |_| ComposeError::Instruments("it contradicts itself".into());
    catch_unwind(AssertUnwindSafe(work)).map_err(broken)
}

fn unreadable(error: &io::Error) -> ComposeError {
    ComposeError::Instruments(format!("it cannot be read: {error}"))
}

/// Refuses a file that promises more samples than it has: room for them would be asked for at once.
fn check_sizes(file: &mut (impl Read + Seek)) -> Result<(), ComposeError> {
    let wrong = |why: &str| Err(ComposeError::Instruments(why.to_owned()));
    let read = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => ComposeError::Instruments("it is truncated".into()),
        _ => unreadable(&error),
    };
    let bytes = file.seek(SeekFrom::End(0)).map_err(read)?;
    file.seek(SeekFrom::Start(0)).map_err(read)?;
    let mut head = [0; 12];
    if bytes < head.len() as u64 {
        return wrong("it is too short");
    }
    file.read_exact(&mut head).map_err(read)?;
    if &head[..4] != b"RIFF" || &head[8..] != b"sfbk" {
        return wrong("it does not start like one");
    }
    let mut at = head.len() as u64;
    while at + 8 <= bytes {
        file.seek(SeekFrom::Start(at)).map_err(read)?;
        file.read_exact(&mut head[..8]).map_err(read)?;
        let [.., a, b, c, d] = head[..8] else { break };
        let size = u64::from(u32::from_le_bytes([a, b, c, d]));
        if at + 8 + size > bytes {
            return wrong("it is truncated");
        }
        // A list's own chunks follow its name.
        at += if &head[..4] == b"LIST" { 12 } else { 8 + size };
    }
    file.seek(SeekFrom::Start(0)).map_err(read)?;
    Ok(())
}
