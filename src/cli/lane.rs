//! The drawn mood that a command goes by.

use super::input::Input;
use super::terminal::Failure;
use crate::live::read_lane;
use crate::show::MoodLane;
use std::path::PathBuf;

/// Which drawn mood.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct LaneOption {
    /// The song's mood as it was drawn in the editor [default: song.mood.json beside the song].
    #[arg(long, value_name = "FILE.json", conflicts_with = "no_mood")]
    mood: Option<PathBuf>,

    /// Go by no drawn mood.
    #[arg(long)]
    no_mood: bool,
}

impl LaneOption {
    /// Whether anything was said of it.
    pub(super) fn is_given(&self) -> bool {
        self.mood.is_some() || self.no_mood
    }

    /// Where the lane of a song is, or is to be.
    pub(super) fn place(&self, song: &Input) -> Option<PathBuf> {
        let beside = || song.name().map(MoodLane::beside);
        self.mood.clone().or_else(beside).filter(|_| !self.no_mood)
    }

    /// The lane of a song, of which is told where it was found.
    ///
    /// # Errors
    /// When there is one that cannot be read, or none where one was named.
    pub(super) fn read(&self, song: &Input, say: impl Fn(&str)) -> Result<MoodLane, Failure> {
        let Some(path) = self.place(song) else {
            return Ok(MoodLane::default());
        };
        match read_lane(&path).map_err(Failure::Failed)? {
            Some(lane) => {
                let [lines, bounds] = [(lane.drawn.len(), "line"), (lane.limits.len(), "bound")]
                    .map(|(n, what)| {
                        let s = if n == 1 { "" } else { "s" };
                        format!("{n} {what}{s}")
                    });
                say(&format!(
                    "mood: {lines} and {bounds} drawn in {}",
                    path.display()
                ));
                Ok(lane)
            }
            None if self.mood.is_some() => {
                let path = path.display();
                Err(Failure::Failed(format!("{path}: there is no such file")))
            }
            None => Ok(MoodLane::default()),
        }
    }
}
