//! `synopsia live`: the plugin's editor and windows without a host.

mod devices;
mod fold;
mod hearing;
mod input;
mod lights;
mod midi;
mod osc;
mod playing;
mod remote;
mod song;
mod sound;
mod tap_feed;

use super::board::BoardOption;
use super::controls::SettingParser;
use super::ear::EarOption;
use super::input::{Input, open_song};
use super::lane::LaneOption;
use super::lyrics::LyricsOption;
use super::presets::preset;
use super::signals;
use super::terminal::{Failure, print, tell};
use crate::control::{Preset, Setting};
use crate::gpu::shaders;
use crate::lights::{Patch, Target};
use crate::live::Clock;
use crate::media::lyrics::Song;
use crate::media::song::SongReader;
use crate::output::window::{self, WindowError};
use crate::plugin::{Project, Standalone, SynopsiaEditor};
use clap::Args;
use lights::LightsOption;
use midi::MidiOption;
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::{Editor, EditorHandle};
use osc::OscOption;
use remote::RemoteOption;
use sound::{Sound, Source};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Paint what an audio input, or a song, sounds like, live.
///
/// Opens the editor that the plugin has. Without a song it listens to the default audio input; to
/// see what other programs play, choose an input that carries it (on Linux a “monitor” of the
/// output). Of an input with many channels all are heard, and recorded in stereo: odd ones on the left,
/// even ones on the right.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  synopsia live                                 listen to the default input
  synopsia live --list-devices                  what can be listened to
  synopsia live --input 'Scarlett 2i2'
  synopsia live song.flac --loop --fullscreen 'HDMI-1'
  synopsia live --osc 9000 --osc-to 127.0.0.1:9001     played from, and telling, a control surface
  synopsia live --sacn --lights stage.json      lamps follow the picture
  synopsia live --remote                        played from phones in the same network")]
pub struct Options {
    /// A song to play and paint, instead of an audio input; - for standard input.
    song: Option<PathBuf>,
    /// Listen to the input whose name contains this.
    #[arg(long, value_name = "NAME", conflicts_with = "song")]
    input: Option<String>,
    /// Play the song on the output whose name contains this.
    #[arg(long, value_name = "NAME", requires = "song")]
    output: Option<String>,
    /// Begin the song again when it ends.
    #[arg(long = "loop", requires = "song")]
    looped: bool,
    /// Fill the monitor of this name from the start (an empty name: the primary one).
    #[arg(long, value_name = "MONITOR")]
    fullscreen: Option<String>,
    /// Show the output window only, not the editor.
    #[arg(long)]
    no_editor: bool,
    /// What the paintings are drawn from; another number is another journey.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// The look at first: a preset that `synopsia presets` lists, or a preset's file.
    #[arg(long, value_name = "NAME|FILE", value_parser = preset)]
    preset: Option<Preset>,
    /// Where a control stands at first, beyond the preset: trails=0.6, rotation=45°, palette=ember. May
    /// be given more than once; `synopsia controls` lists them.
    #[arg(long, value_name = "NAME=VALUE", value_parser = SettingParser, hide_possible_values = true)]
    set: Vec<Setting>,
    #[command(flatten)]
    hearing: EarOption,
    #[command(flatten)]
    lyrics: LyricsOption,
    #[command(flatten)]
    board: BoardOption,
    #[command(flatten)]
    lane: LaneOption,
    #[command(flatten)]
    osc: OscOption,
    #[command(flatten)]
    remote: RemoteOption,
    #[command(flatten)]
    lights: LightsOption,
    #[command(flatten)]
    midi: MidiOption,
    /// Whose beats count where nobody taps: the music's as they are heard, those of a MIDI clock, or those that programs agree on by
    /// Ableton Link, while there are any: heard, midi or link.
    #[arg(long, value_name = "CLOCK", default_value = "heard", value_parser = clock)]
    clock: Clock,
    /// Read the shaders from this folder, and again whenever one is saved.
    #[arg(long, value_name = "FOLDER")]
    shaders: Option<PathBuf>,
    /// Print inputs, outputs and monitors, and end.
    #[arg(long, exclusive = true)]
    list_devices: bool,
}

/// The clock of that name.
fn clock(name: &str) -> Result<Clock, String> {
    match name {
        "heard" => Ok(Clock::Heard),
        "midi" => Ok(Clock::Midi),
        "link" => Ok(Clock::Link),
        _ => Err("a clock is heard, midi or link".to_owned()),
    }
}

pub fn run(options: &Options, quiet: bool) -> Result<(), Failure> {
    if options.list_devices {
        print(devices::list());
        return Ok(());
    }
    let lights = options.lights.wanted().map_err(Failure::Failed)?;
    ask_for_display()?;
    if let Some(folder) = &options.shaders {
        shaders::read_from(folder).map_err(Failure::Failed)?;
    }
    let project = Arc::new(project(options));
    // A pipe's temporary file lives as long as the song may begin again.
    let input = options.song.as_deref().map(open_song).transpose()?;
    let explain = |sentence: String| match &input {
        Some(input) => input.say(&sentence),
        None => sentence,
    };
    sing(options, input.as_ref(), &project, quiet)?;
    if let Some((song, place)) = input
        .as_ref()
        .and_then(|song| Some((song, options.lane.place(song)?)))
    {
        let say = |sentence: &str| {
            if !quiet {
                tell(&song.say(sentence));
            }
        };
        let lane = options.lane.read(song, say)?;
        project
            .live
            .keep_lane(place, lane)
            .map_err(Failure::Failed)?;
    }
    let board = options.board.read(|sentence| {
        if !quiet {
            tell(&sentence);
        }
    });
    project.live.hang(board?);
    wire(options, lights, &project, quiet)?;
    let source = match &input {
        Some(input) => Source::Song {
            path: input.path().to_path_buf(),
            looped: options.looped,
            output: options.output.clone(),
        },
        None => Source::Input(options.input.clone()),
    };
    let sound = Sound::start(source, Arc::clone(&project));
    let sound = sound.map_err(|sentence| Failure::Failed(explain(sentence)))?;
    if !quiet {
        print(explain(format!("{}\n", sound.description())));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let playing = Arc::clone(&project);
    // The window system's loop cannot be left from outside, so the first Ctrl-C ends the process
    // once a film that is being recorded is complete.
    signals::on_interrupt(move || {
        if stopped.swap(true, Ordering::SeqCst) {
            return;
        }
        playing.live.finish();
        std::process::exit(130);
    });
    show(options, &project)?;
    drop(sound);
    project.live.finish();
    Ok(())
}

/// Has it be played by MIDI and OSC, and lamps follow it.
fn wire(
    options: &Options,
    lights: Option<(Patch, Vec<Target>)>,
    project: &Project,
    quiet: bool,
) -> Result<(), Failure> {
    options.midi.open(&project.live).map_err(Failure::Failed)?;
    if options.clock == Clock::Midi && options.midi.no_midi {
        return Err(Failure::Failed(
            "a MIDI clock is heard where MIDI is listened to: leave out --no-midi".to_owned(),
        ));
    }
    let followed = project.live.follow(options.clock);
    followed.map_err(Failure::Failed)?;
    options.osc.open(&project.live, quiet)?;
    options.remote.open(&project.live, quiet)?;
    if let Some((patch, targets)) = lights {
        let lit = project.live.open_lights(patch, targets);
        let lit = lit.map_err(Failure::Failed)?;
        if !quiet {
            print(format!("{lit} follow the picture\n"));
        }
    }
    Ok(())
}

/// Has what is sung in the song be shown; says where that was found.
fn sing(
    options: &Options,
    song: Option<&Input>,
    project: &Project,
    quiet: bool,
) -> Result<(), Failure> {
    let Some(song) = song else {
        return match options.lyrics.lyrics {
            None => Ok(()),
            Some(_) => Err(Failure::Failed(
                "lyrics need a song to go by: an input does not say where its song is".into(),
            )),
        };
    };
    let search = options.lyrics.find(song)?;
    let (libretto, said) = search.libretto(&Song {
        seconds: SongReader::open(song.path())?.duration(),
        sung: &[],
    });
    project.live.sing(libretto);
    if !quiet {
        said.iter().for_each(|sentence| tell(&song.say(sentence)));
    }
    Ok(())
}

/// A project whose knobs stand as they are to stand at first.
fn project(options: &Options) -> Project {
    let project = Project::default();
    if let Some(preset) = &options.preset {
        project.load_preset(preset);
    }
    for Setting { control, plain } in &options.set {
        project.params.set(*control, *plain);
    }
    project.set_ear(options.hearing.ear);
    if let Some(seed) = options.seed {
        let mut setup = project.live.setup();
        setup.seed = seed;
        project.live.set_setup(setup);
    }
    project
}

/// Shows what is asked for until its windows are closed.
fn show(options: &Options, project: &Arc<Project>) -> Result<(), Failure> {
    if options.no_editor || options.fullscreen.is_some() {
        let monitor = options.fullscreen.clone();
        let monitor = monitor.map(|name| match name.as_str() {
            "" => first_monitor().unwrap_or_default(),
            _ => name,
        });
        project.live.open_window(monitor).map_err(Failure::Failed)?;
    }
    if options.no_editor {
        while project.live.window_is_open() {
            std::thread::sleep(Duration::from_millis(100));
        }
    } else {
        let editor = SynopsiaEditor::new(Arc::clone(project));
        let context = GuiContext::new(Arc::new(Standalone::new(Arc::clone(project))));
        let opened = editor.spawn(None, false, None, context, None);
        let opened = opened.map_err(|e| {
            Failure::Failed(format!("the editor's window could not be opened: {e}"))
        })?;
        let handle = opened.handle;
        let shown = <SynopsiaEditor as Editor>::Handle::run_until_closed(opened.window);
        drop(handle);
        shown.map_err(|e| Failure::Failed(format!("the editor's window was lost: {e}")))?;
    }
    Ok(())
}

/// That there is a display, before a song is played to nobody.
fn ask_for_display() -> Result<(), Failure> {
    match window::monitors() {
        Err(WindowError::NoDisplay) => Err(Failure::Failed(
            "There is no display to open a window on: start it from a desktop session".to_owned(),
        )),
        // Whoever opens the window tells what else is wrong.
        _ => Ok(()),
    }
}

/// The name of the primary monitor.
fn first_monitor() -> Option<String> {
    let monitors = window::monitors().ok()?;
    Some(monitors.into_iter().next()?.name)
}
