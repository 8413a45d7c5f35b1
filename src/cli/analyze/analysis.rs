//! What is heard in a song.

use crate::cli::ear::with_terms;
use crate::cli::hear::Hearing;
use crate::cli::plot;
use crate::cli::progress::Progress;
use crate::cli::terminal::Failure;
use crate::cli::words::{spell_classes, spell_time};
use crate::emotion::{Ear, Emotion};
use crate::signal::AudioFrame;
use std::path::Path;

/// Everything that was heard in a song.
pub(super) struct Analysis {
    /// Whose judgement the emotions are.
    pub(super) ear: Ear,
    pub(super) sample_rate: f64,
    pub(super) seconds: f64,
    pub(super) frames: Vec<AudioFrame>,
    pub(super) emotions: Vec<(f64, Emotion)>,
}

impl Analysis {
    /// The plot as the bytes of a PNG file.
    pub(super) fn plot(&self, title: &str) -> Result<Vec<u8>, plot::PlotError> {
        let (emotions, frames) = (&self.emotions, &self.frames);
        let picture = plot::draw(title, self.seconds, emotions, frames, self.sample_rate)?;
        plot::encode(&picture)
    }

    pub(super) fn summary(&self) -> Summary {
        let count = self.emotions.len().max(1) as f32;
        let mean =
            |of: fn(&Emotion) -> f32| self.emotions.iter().map(|(_, e)| of(e)).sum::<f32>() / count;
        let mut tempos: Vec<f32> = (self.frames.iter())
            .filter(|f| f.beat.confidence > 0.3 && f.beat.tempo > 0.0)
            .map(|f| f.beat.tempo)
            .collect();
        tempos.sort_by(f32::total_cmp);
        Summary {
            ear: self.ear,
            seconds: self.seconds,
            mood: Emotion::at(
                mean(|e| e.valence),
                mean(|e| e.arousal),
                mean(|e| e.confidence),
            ),
            tempo: tempos.get(tempos.len() / 2).copied(),
        }
    }
}

/// A song in three words.
pub(super) struct Summary {
    pub(super) ear: Ear,
    pub(super) seconds: f64,
    /// Mean over the song.
    pub(super) mood: Emotion,
    /// Beats per minute, median over where they are certain; `None` without a steady beat.
    pub(super) tempo: Option<f32>,
}

impl Summary {
    pub(super) fn spell(&self) -> String {
        let mood = &self.mood;
        let tempo = match self.tempo {
            Some(tempo) => format!("{tempo:.0} beats per minute"),
            None => "no steady beat".to_string(),
        };
        format!(
            "length    {}\nvalence   {:+.2}\narousal   {:+.2}\nmood      {}\nbeat      {tempo}\n\
             ear       {}\n",
            spell_time(self.seconds),
            mood.valence,
            mood.arousal,
            spell_classes(mood),
            with_terms(self.ear)
        )
    }
}

/// Hears a whole song; and what is to be said of its file.
pub(super) fn analyze(
    song: &Path,
    ear: Ear,
    quiet: bool,
) -> Result<(Analysis, Vec<String>), Failure> {
    let hearing = Hearing::of(song, ear).map_err(Failure::Failed)?;
    let sample_rate = f64::from(hearing.sample_rate);
    let progress = Progress::of_seconds(hearing.duration, quiet);
    let (mut frames, mut emotions) = (Vec::new(), Vec::new());
    while let Ok(Some(block)) = hearing.next() {
        frames.extend(block.frames);
        emotions.extend(
            block
                .emotions
                .iter()
                .map(|(at, e)| (*at as f64 / sample_rate, *e)),
        );
        progress.set(block.end / u64::from(hearing.sample_rate));
    }
    progress.finish();
    let report = hearing.finish().map_err(Failure::Failed)?;
    let seconds = report.samples as f64 / sample_rate;
    Ok((
        Analysis {
            ear,
            sample_rate,
            seconds,
            frames,
            emotions,
        },
        report.warnings,
    ))
}
