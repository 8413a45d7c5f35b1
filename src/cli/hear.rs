//! Hears a song file on a thread of its own, as far ahead as the picture needs.

use crate::emotion::{Ear, Emotion, Listener};
use crate::media::song::SongReader;
use crate::signal::{Analyser, AudioFrame, Mixdown};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Blocks that may wait to be painted: enough to smooth over a slow estimate, few enough to keep
/// memory flat.
const BLOCKS_AHEAD: usize = 32;

/// What one block of a song held.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Frames that ended within the block.
    pub frames: Vec<AudioFrame>,
    /// Estimates that were made within the block, each with the sample position from which on it
    /// is known: never one of an earlier block.
    pub emotions: Vec<(u64, Emotion)>,
    /// Samples (by channel) heard up to the end of the block.
    pub end: u64,
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

/// The song could not be heard to its end.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the song could not be heard to its end")]
pub struct BrokenOff;

/// A song that is being heard.
pub struct Hearing {
    /// Samples a second.
    pub sample_rate: u32,
    /// Length in seconds, where the file says it.
    pub duration: Option<f64>,
    /// Block after block, then `None` at the song's end.
    blocks: Receiver<Option<Block>>,
    thread: JoinHandle<Result<Report, String>>,
}

impl Hearing {
    /// Starts to hear the song at `path` with that ear.
    ///
    /// # Errors
    /// When the file cannot be read as audio, in one sentence.
    pub fn of(path: &Path, ear: Ear) -> Result<Self, String> {
        let song = SongReader::open(path).map_err(|e| e.to_string())?;
        let (sample_rate, layout) = (song.rate(), song.layout());
        let duration = song.duration();
        let analysers = Analysers {
            analyser: Analyser::with_layout(f64::from(sample_rate), layout)
                .map_err(|e| e.to_string())?,
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
            blocks,
            thread,
        })
    }

    /// The next block; none at the end of the song.
    ///
    /// # Errors
    /// When the hearing broke off; [`Self::finish`] says why.
    pub fn next(&self) -> Result<Option<Block>, BrokenOff> {
        self.blocks.recv().map_err(|_| BrokenOff)
    }

    /// Ends the hearing, at the song's end or before it.
    ///
    /// # Errors
    /// When the song could not be read to its end, in one sentence.
    pub fn finish(self) -> Result<Report, String> {
        drop(self.blocks);
        let ended = self.thread.join();
        ended.unwrap_or_else(|_| Err("the analysis of the song failed unexpectedly".into()))
    }
}

/// What a song is heard with.
struct Analysers {
    analyser: Analyser,
    mixdown: Mixdown,
    listener: Listener,
}

fn hear(
    mut song: SongReader,
    mut analysers: Analysers,
    blocks: &Sender<Option<Block>>,
) -> Result<Report, String> {
    let mut report = Report::default();
    let (mut samples, mut mono) = (Vec::new(), Vec::new());
    loop {
        let started = Instant::now();
        samples.clear();
        let count = song.read(&mut samples).map_err(|e| e.to_string())?;
        if count == 0 {
            // Whoever listened may have had enough.
            let _ = blocks.send(None);
            break;
        }
        let mut block = Block::default();
        analysers
            .analyser
            .process_interleaved(&samples, |frame| block.frames.push(*frame));
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
        if blocks.send(Some(block)).is_err() {
            break;
        }
    }
    report.warnings = song.warnings();
    Ok(report)
}
