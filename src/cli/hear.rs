//! Hears a song file to its end, on a thread of its own: whoever knows all of a song hears its beats better, and the
//! first as well as the last.

use crate::beat::{BeatListener, hear_whole};
use crate::emotion::{Ear, Emotion, Listener};
use crate::media::song::SongReader;
use crate::signal::{Analyser, AudioFrame, Mixdown, Structure};
use crate::weights::WeightsFault;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Blocks that may wait to be taken.
const BLOCKS_AHEAD: usize = 32;

/// What one block of a song held.
#[derive(Default)]
struct Block {
    /// Frames that ended within the block.
    frames: Vec<AudioFrame>,
    /// Estimates that were made within the block, each with the sample position from which on it
    /// is known: never one of an earlier block.
    emotions: Vec<(u64, Emotion)>,
    /// Samples (by channel) heard up to the end of the block.
    end: u64,
}

/// How beats are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beats {
    /// With what follows.
    Whole,
    /// As on a stage, where nobody knows what follows.
    AsLive,
}

/// A song that was heard to its end.
pub struct Heard {
    /// Samples a second.
    pub sample_rate: u32,
    pub frames: Vec<AudioFrame>,
    /// Estimates, each with the sample position from which on it is known.
    pub emotions: Vec<(u64, Emotion)>,
    /// How it is built.
    pub structure: Arc<Structure>,
    pub report: Report,
}

/// What was to be said of the song once it was heard.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Samples (by channel) in the song.
    pub samples: u64,
    /// One sentence for everything that was repaired.
    pub warnings: Vec<String>,
    /// Time spent in decoding and analysis.
    pub analysis: Duration,
    /// Time spent in the emotion network.
    pub emotion: Duration,
}

/// A song that is being heard.
pub struct Hearing {
    /// Samples a second.
    sample_rate: u32,
    /// Length in seconds, where the file says it.
    pub duration: Option<f64>,
    beats: Beats,
    /// Block after block; the song is over, or cannot be heard on, when they end.
    blocks: Receiver<Block>,
    thread: JoinHandle<Result<Report, String>>,
}

impl Hearing {
    /// Starts to hear the song at `path` with that ear, and its beats so.
    ///
    /// # Errors
    /// When the file cannot be read as audio, in one sentence.
    pub fn of(path: &Path, ear: Ear, beats: Beats) -> Result<Self, String> {
        let song = SongReader::open(path).map_err(|e| e.to_string())?;
        let (sample_rate, layout) = (song.rate(), song.layout());
        let duration = song.duration();
        let analysers = Analysers {
            analyser: Analyser::with_layout(f64::from(sample_rate), layout)
                .map_err(|e| e.to_string())?,
            beats: match beats {
                Beats::Whole => None,
                Beats::AsLive => Some(BeatListener::new(sample_rate.into()).map_err(no_beats)?),
            },
            mixdown: Mixdown::new(f64::from(sample_rate), layout),
            listener: Listener::of(ear, sample_rate).map_err(|e| e.to_string())?,
        };
        let (sender, blocks) = bounded(BLOCKS_AHEAD);
        let thread = std::thread::Builder::new()
            .name("hearing".into())
            .spawn(move || hear(song, analysers, &sender))
            .map_err(|e| format!("no thread could be started to hear the song: {e}"))?;
        Ok(Self {
            sample_rate,
            duration,
            beats,
            blocks,
            thread,
        })
    }

    /// Hears the song to its end, and tells after how many seconds of it that is; nothing where
    /// somebody has heard `enough` before.
    ///
    /// # Errors
    /// When the song could not be read to its end, in one sentence.
    pub fn whole(
        self,
        enough: &AtomicBool,
        mut told: impl FnMut(u64),
    ) -> Result<Option<Heard>, String> {
        let (mut frames, mut emotions) = (Vec::new(), Vec::new());
        for block in &self.blocks {
            if enough.load(Ordering::Relaxed) {
                return Ok(None);
            }
            frames.extend(block.frames);
            emotions.extend(block.emotions);
            told(block.end / u64::from(self.sample_rate));
        }
        let ended = self.thread.join();
        let failed = "the analysis of the song failed unexpectedly";
        let mut report = ended.unwrap_or_else(|_| Err(failed.into()))?;
        let started = Instant::now();
        if self.beats == Beats::Whole {
            hear_whole(&mut frames, self.sample_rate.into()).map_err(no_beats)?;
        }
        let structure = Structure::of(&frames, self.sample_rate.into());
        report.analysis += started.elapsed();
        Ok(Some(Heard {
            sample_rate: self.sample_rate,
            frames,
            emotions,
            structure: Arc::new(structure),
            report,
        }))
    }
}

fn no_beats(fault: WeightsFault) -> String {
    format!("no beat is heard: the beat model {fault}")
}

/// What a song is heard with.
struct Analysers {
    analyser: Analyser,
    /// None where they are heard when the song is over.
    beats: Option<BeatListener>,
    mixdown: Mixdown,
    listener: Listener,
}

fn hear(
    mut song: SongReader,
    mut analysers: Analysers,
    blocks: &Sender<Block>,
) -> Result<Report, String> {
    let mut report = Report::default();
    let (mut samples, mut mono) = (Vec::new(), Vec::new());
    loop {
        let started = Instant::now();
        samples.clear();
        let count = song.read(&mut samples).map_err(|e| e.to_string())?;
        if count == 0 {
            break;
        }
        let mut block = Block::default();
        analysers.analyser.process_interleaved(&samples, |frame| {
            let mut frame = *frame;
            if let Some(beats) = &mut analysers.beats {
                beats.hear(&mut frame);
            }
            block.frames.push(frame);
        });
        report.analysis += started.elapsed();
        let started = Instant::now();
        mono.clear();
        analysers
            .mixdown
            .mix_interleaved(&samples, |sample| mono.push(sample));
        analysers
            .listener
            .listen(&mono, |at, emotion| {
                block.emotions.push((at.max(report.samples), emotion));
            })
            .map_err(|e| e.to_string())?;
        report.emotion += started.elapsed();
        report.samples += count as u64;
        block.end = report.samples;
        if blocks.send(block).is_err() {
            // Whoever listened has had enough.
            break;
        }
    }
    report.warnings = song.warnings();
    Ok(report)
}
