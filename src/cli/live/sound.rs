//! Where the music of `synopsia live` comes from.

use super::devices::find_output;
use super::hearing::Hearing;
use super::input::hear_input;
use super::playing::{play, play_silently};
use crate::live::quiet_alsa;
use crate::plugin::Project;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// What is heard.
#[derive(Clone, Debug)]
pub enum Source {
    /// The input whose name contains this; the default one without.
    Input(Option<String>),
    Song {
        path: PathBuf,
        looped: bool,
        /// The output whose name contains this; the default one without.
        output: Option<String>,
    },
}

/// Pause before a device that went away is asked for again.
const RETRY: Duration = Duration::from_secs(1);

/// Music that is being heard, until it is dropped.
pub struct Sound {
    description: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Sound {
    /// Starts to hear. A device that goes away later is asked for again, and the project's status
    /// says so.
    ///
    /// # Errors
    /// When there is no such device, or the song cannot be read.
    pub fn start(source: Source, project: Arc<Project>) -> Result<Self, String> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (tell, told) = crossbeam_channel::bounded(1);
        // Streams live and die on one thread: not every system lets them move.
        let thread = std::thread::Builder::new()
            .name("synopsia-sound".into())
            .spawn(move || keep_hearing(&source, &project, &stopped, &tell))
            .map_err(|e| format!("no thread could be started to hear: {e}"))?;
        let description = told
            .recv()
            .unwrap_or_else(|_| Err("the sound could not be started".into()))?;
        Ok(Self {
            description,
            stop,
            thread: Some(thread),
        })
    }

    /// What is heard, in a sentence.
    pub fn description(&self) -> &str {
        &self.description
    }
}

impl Drop for Sound {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It reports what goes wrong while it runs; there is nothing left to tell.
            let _ = thread.join();
        }
    }
}

/// Hears, and begins anew when the device goes away. Tells how the first time went.
fn keep_hearing(
    source: &Source,
    project: &Arc<Project>,
    stop: &AtomicBool,
    tell: &crossbeam_channel::Sender<Result<String, String>>,
) {
    let _quiet = quiet_alsa();
    let mut told = false;
    while !stop.load(Ordering::Relaxed) {
        let lost = Arc::new(AtomicBool::new(false));
        match hear(source, project, &lost) {
            Ok(hearing) => {
                if !told {
                    // Whoever started this waits for it.
                    let _ = tell.send(Ok(hearing.description.clone()));
                    told = true;
                }
                while !stop.load(Ordering::Relaxed) && !lost.load(Ordering::Relaxed) {
                    std::thread::park_timeout(RETRY / 4);
                }
            }
            Err(problem) if told => project.live.report(problem),
            Err(problem) => {
                let _ = tell.send(Err(problem));
                return;
            }
        }
        if !stop.load(Ordering::Relaxed) {
            std::thread::park_timeout(RETRY);
        }
    }
}

fn hear(
    source: &Source,
    project: &Arc<Project>,
    lost: &Arc<AtomicBool>,
) -> Result<Hearing, String> {
    match source {
        Source::Input(name) => hear_input(name.as_deref(), project, lost),
        Source::Song {
            path,
            looped,
            output,
        } => {
            let song_rate = crate::media::song::SongReader::open(path)
                .map_err(|e| e.to_string())?
                .rate();
            let played = find_output(output.as_deref())
                .and_then(|device| play(&device, path, song_rate, *looped, project, lost));
            match played {
                // A machine without sound can still show pictures; a device that was named and
                // does not play is a mistake.
                Err(_) if output.is_none() => play_silently(path, *looped, project),
                played => played,
            }
        }
    }
}
