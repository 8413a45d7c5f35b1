//! The plugin on the host's audio thread.

use super::editor::SynopsiaEditor;
use super::fit;
use super::params::SynopsiaParams;
use super::project::Project;
use super::transport::{seconds_of, song_of};
use crate::control::Control;
use crate::live::Tap;
use nice_plug::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Seconds of digital silence on the sidechain after which the main input is listened to again.
/// Hosts do not say whether a sidechain is connected; a connected one makes a sound now and then.
const SIDECHAIN_SECONDS: f32 = 8.0;

/// The plugin: what the audio thread owns of it.
#[derive(Default)]
pub struct Synopsia {
    project: Arc<Project>,
    tap: Option<Tap>,
    config: Option<BufferConfig>,
    /// Samples since the sidechain made a sound; none while it never did.
    sidechain_silence: Option<u64>,
    /// Whether the host's song has played since the last reset.
    has_played: bool,
}

/// Main channels and sidechain channels of a layout.
const fn layout(
    channels: u32,
    sidechain: &'static [std::num::NonZeroU32],
    name: &'static str,
) -> AudioIOLayout {
    AudioIOLayout {
        main_input_channels: std::num::NonZeroU32::new(channels),
        main_output_channels: std::num::NonZeroU32::new(channels),
        aux_input_ports: sidechain,
        names: PortNames {
            layout: Some(name),
            main_input: Some("Music"),
            main_output: Some("Music"),
            aux_inputs: &["Listen to"],
            ..PortNames::const_default()
        },
        ..AudioIOLayout::const_default()
    }
}

impl Synopsia {
    pub(super) fn params(&self) -> &SynopsiaParams {
        &self.project.params
    }

    fn is_offline(&self) -> bool {
        self.config
            .is_some_and(|config| config.process_mode == ProcessMode::Offline)
    }

    /// Whether the sidechain is what is listened to, after a block of it.
    fn listens_to_sidechain(&mut self, sidechain: Option<&[&mut [f32]]>) -> bool {
        let (Some(sidechain), Some(config)) = (sidechain, self.config) else {
            return false;
        };
        let sounds = |channel: &&mut [f32]| channel.iter().any(|sample| *sample != 0.0);
        if sidechain.iter().any(sounds) {
            self.sidechain_silence = Some(0);
        } else if let Some(silence) = &mut self.sidechain_silence {
            *silence += sidechain.first().map_or(0, |channel| channel.len()) as u64;
        }
        let patience = (SIDECHAIN_SECONDS * config.sample_rate) as u64;
        self.sidechain_silence
            .is_some_and(|silence| silence < patience)
    }
}

impl Plugin for Synopsia {
    const NAME: &'static str = "Synopsia";
    const VENDOR: &'static str = "Synopsia";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &[
        layout(2, &[new_nonzero_u32(2)], "Stereo"),
        layout(1, &[new_nonzero_u32(1)], "Mono"),
    ];

    const SAMPLE_ACCURATE_AUTOMATION: bool = true;

    type Editor = SynopsiaEditor;
    type SysExMessage = ();
    /// The host is to be told of controls that were moved beside it.
    type BackgroundTask = ();

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        let project = Arc::clone(&self.project);
        Box::new(move |()| project.gestures.tell(&project.params))
    }

    fn params(&self) -> Arc<dyn Params> {
        Arc::clone(&self.project) as Arc<dyn Params>
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<SynopsiaEditor> {
        let tell = move || executor.execute_gui(());
        self.project.gestures.schedule_with(tell);
        Some(SynopsiaEditor::new(Arc::clone(&self.project)))
    }

    fn filter_state(state: &mut PluginState) {
        fit::filter(state);
    }

    fn activate(
        &mut self,
        layout: &AudioIOLayout,
        config: &BufferConfig,
        _: &mut impl ActivateContext<Self>,
    ) -> bool {
        let channels = layout.main_input_channels.map_or(2, |n| n.get() as usize);
        let offline = config.process_mode == ProcessMode::Offline;
        let same = self.config.is_some_and(|old| {
            old.sample_rate == config.sample_rate && old.process_mode == config.process_mode
        });
        let same = same
            && self
                .tap
                .as_ref()
                .is_some_and(|tap| tap.channels() == channels);
        self.config = Some(*config);
        if same && !offline {
            return true;
        }
        self.sidechain_silence = None;
        self.has_played = false;
        // What was connected before ends before the new connection begins.
        self.tap = None;
        let rate = f64::from(config.sample_rate);
        match self.project.live.connect(rate, channels, offline) {
            Ok(tap) => self.tap = Some(tap),
            Err(error) => self
                .project
                .live
                .report(format!("nothing is heard: {error}")),
        }
        // Without ears there is still sound.
        true
    }

    fn reset(&mut self) {
        self.has_played = false;
        // A bounce begins with its first sample. Live, a stopped transport is no reason to forget
        // the tempo.
        if self.is_offline()
            && let Some(tap) = &mut self.tap
        {
            tap.reset();
        }
    }

    fn deactivate(&mut self) {
        if self.is_offline() {
            self.tap = None;
        }
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        if buffer.samples() == 0 {
            return ProcessStatus::Normal;
        }
        // Bypassed, it listens to nothing; but a film has all that passes, or what comes after
        // would be out of time, and the picture that stands still in it is to go on in step.
        let bypassed = self.params().is_on(Control::Bypass);
        if bypassed && !self.tap.as_mut().is_some_and(Tap::is_filmed) {
            return ProcessStatus::Normal;
        }
        let sidechain = aux.inputs.first_mut().map(|buffer| &*buffer.as_slice());
        let from_sidechain = self.listens_to_sidechain(sidechain);
        let transport = song_of(context.transport());
        let seconds = seconds_of(context.transport());
        let snapshot = self.params().snapshot();
        let starts = context.transport().playing && !self.has_played;
        let runs_up = starts && self.is_offline();
        self.has_played |= starts;
        let Some(tap) = &mut self.tap else {
            return ProcessStatus::Normal;
        };
        // Before it exports, a host may let the plugins run for a while where the song begins
        // (Ardour does). Where the song never plays, all that passes is the bounce.
        if runs_up {
            tap.end_run_up();
        }
        let passed = &*buffer.as_slice();
        let listened = sidechain.filter(|_| from_sidechain).unwrap_or(passed);
        let channels = tap.channels();
        if passed.is_empty() || listened.len() < channels || channels > 2 {
            return ProcessStatus::Normal;
        }
        let heard: [&[f32]; 2] = [&*listened[0], &*listened[channels - 1]];
        let passing: [&[f32]; 2] = [&*passed[0], &*passed[passed.len().min(2) - 1]];
        let hears = AssertUnwindSafe(|| {
            tap.place(seconds);
            tap.hear(
                &heard[..channels],
                &passing[..passed.len().min(2)],
                transport,
                &snapshot,
            );
        });
        if catch_unwind(hears).is_err() {
            // It hears no more, but the music goes on. Freeing it here would take a lock.
            std::mem::forget(self.tap.take());
        }
        ProcessStatus::Normal
    }
}
