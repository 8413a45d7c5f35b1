//! What is heard in a song.

use super::lyrics::Fitted;
use crate::cli::ear::with_terms;
use crate::cli::hear::{Beats, Hearing};
use crate::cli::plot;
use crate::cli::progress::Progress;
use crate::cli::terminal::Failure;
use crate::cli::words::{spell_classes, spell_estimate, spell_form, spell_time};
use crate::emotion::{Ear, Emotion};
use crate::signal::{AudioFrame, Structure};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Most drops that are told of in words.
const MOST_DROPS: usize = 12;

/// Everything that was heard in a song.
pub(in crate::cli) struct Analysis {
    /// Whose judgement the emotions are.
    pub(super) ear: Ear,
    pub(super) sample_rate: f64,
    pub(in crate::cli) seconds: f64,
    pub(super) frames: Vec<AudioFrame>,
    /// What the ear estimates, by seconds.
    pub(super) estimates: Vec<(f64, Emotion)>,
    /// The same among music.
    pub(in crate::cli) emotions: Vec<(f64, Emotion)>,
    pub(in crate::cli) structure: Arc<Structure>,
    /// What is sung, where that is known.
    pub(super) lyrics: Option<Fitted>,
}

impl Analysis {
    /// The plot as the bytes of a PNG file.
    pub(super) fn plot(&self, title: &str) -> Result<Vec<u8>, plot::PlotError> {
        let picture = plot::draw(&plot::Song {
            title,
            seconds: self.seconds,
            emotions: &self.emotions,
            frames: &self.frames,
            sample_rate: self.sample_rate,
            structure: &self.structure,
        })?;
        plot::encode(&picture)
    }

    /// Seconds of each bar's first beat.
    pub(in crate::cli) fn downbeats(&self) -> Vec<f64> {
        let beats = plot::beats(&self.frames, self.sample_rate);
        let bars = beats.iter().filter(|beat| beat.in_bar == 0);
        bars.map(|beat| beat.seconds).collect()
    }

    pub(in crate::cli) fn summary(&self) -> Summary {
        let count = self.estimates.len().max(1) as f32;
        let mean = |of: fn(&Emotion) -> f32| {
            let all = self.estimates.iter().map(|(_, estimate)| of(estimate));
            all.sum::<f32>() / count
        };
        let mut tempos: Vec<f32> = (self.frames.iter())
            .filter(|f| f.beat.confidence > 0.3 && f.beat.tempo > 0.0)
            .map(|f| f.beat.tempo)
            .collect();
        tempos.sort_by(f32::total_cmp);
        Summary {
            ear: self.ear,
            seconds: self.seconds,
            estimate: Emotion::at(
                mean(|e| e.valence),
                mean(|e| e.arousal),
                mean(|e| e.confidence),
            ),
            tempo: tempos.get(tempos.len() / 2).copied(),
            form: spell_form(&self.structure.sections),
            drops: self
                .structure
                .drops
                .iter()
                .map(|drop| drop.at.seconds)
                .collect(),
        }
    }
}

/// A song in a few words.
pub(in crate::cli) struct Summary {
    pub(super) ear: Ear,
    pub(super) seconds: f64,
    /// What the ear estimates, mean over the song.
    pub(super) estimate: Emotion,
    /// Beats per minute, median over where they are certain; `None` without a steady beat.
    pub(super) tempo: Option<f32>,
    /// Its sections, as [`spell_form`] writes them.
    form: String,
    /// Seconds.
    drops: Vec<f64>,
}

impl Summary {
    /// The song's mood among music.
    pub(in crate::cli) fn mood(&self) -> Emotion {
        self.estimate.among_music()
    }

    pub(super) fn spell(&self) -> String {
        let mood = self.mood();
        let tempo = match self.tempo {
            Some(tempo) => format!("{tempo:.0} beats per minute"),
            None => "no steady beat".to_string(),
        };
        let drops: Vec<String> = self
            .drops
            .iter()
            .take(MOST_DROPS)
            .copied()
            .map(spell_time)
            .collect();
        let more = match self.drops.len().saturating_sub(MOST_DROPS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let drops = match drops.is_empty() {
            true => "none".to_string(),
            false => drops.join(", ") + &more,
        };
        let form = &self.form;
        format!(
            "length    {}\nvalence   {:+.2}\narousal   {:+.2}\nmood      {}\nestimate  {}\nbeat      {tempo}\n\
             form      {form}\ndrops     {drops}\near       {}\n",
            spell_time(self.seconds),
            mood.valence,
            mood.arousal,
            spell_classes(&mood),
            spell_estimate(&self.estimate),
            with_terms(self.ear)
        )
    }
}

/// Hears a whole song; and what is to be said of its file.
pub(super) fn analyze(
    song: &Path,
    ear: Ear,
    beats: Beats,
    quiet: bool,
) -> Result<(Analysis, Vec<String>), Failure> {
    let hearing = Hearing::of(song, ear, beats).map_err(Failure::Failed)?;
    let progress = Progress::of_seconds(hearing.duration, quiet);
    let heard = hearing.whole(&AtomicBool::new(false), |seconds| progress.set(seconds));
    progress.finish();
    let heard = heard.map_err(Failure::Failed)?;
    let heard = heard.ok_or_else(|| Failure::Failed("the song was not heard".into()))?;
    let sample_rate = f64::from(heard.sample_rate);
    let seconds = |samples: u64| samples as f64 / sample_rate;
    let estimates = heard.emotions.into_iter();
    let estimates: Vec<_> = estimates.map(|(at, e)| (seconds(at), e)).collect();
    let among = |(at, estimate): &(f64, Emotion)| (*at, estimate.among_music());
    Ok((
        Analysis {
            ear,
            sample_rate,
            seconds: seconds(heard.report.samples),
            frames: heard.frames,
            emotions: estimates.iter().map(among).collect(),
            estimates,
            structure: heard.structure,
            lyrics: None,
        },
        heard.report.warnings,
    ))
}
