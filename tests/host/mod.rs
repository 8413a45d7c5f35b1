//! A CLAP host in the tests' own process: what it loads is the plugin's entry as linked in, so that
//! a test reaches both the host's side and the instance behind it.

#![allow(dead_code, reason = "each test binary uses its own part")]

#[path = "../allocations/mod.rs"]
pub mod allocations;

use clack_extensions::audio_ports_config::PluginAudioPortsConfig;
use clack_extensions::gui::{GuiSize, HostGui, HostGuiImpl};
use clack_extensions::params::{
    HostParams, HostParamsImplMainThread, HostParamsImplShared, ParamClearFlags, ParamInfoBuffer,
    ParamInfoFlags, ParamRescanFlags, PluginParams,
};
use clack_extensions::state::PluginState;
use clack_extensions::timer::{HostTimer, HostTimerImpl, PluginTimer, TimerId};
use clack_host::events::event_types::{ParamValueEvent, TransportEvent, TransportFlags};
use clack_host::events::spaces::CoreEventSpace;
use clack_host::events::{EventFlags, EventHeader, Pckn};
use clack_host::prelude::*;
use clack_host::process::{ProcessStatus, StartedPluginAudioProcessor};
use clack_host::utils::{BeatTime, ClapId, SecondsTime};
use clap_sys::audio_buffer::clap_audio_buffer;
use clap_sys::ext::gui::{CLAP_EXT_GUI, clap_plugin_gui};
use clap_sys::plugin::clap_plugin;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};
use synopsia::live::{self, Live, Status};

/// What the plugin has asked of its host.
#[derive(Default)]
pub struct Asked {
    pub callbacks: AtomicU32,
    pub restarts: AtomicU32,
    pub resizes: AtomicU32,
    /// The last size that it wanted.
    pub wanted: Mutex<Option<GuiSize>>,
    /// Whether the host keeps its window as it is.
    pub keeps_its_size: AtomicBool,
    /// The plugin, where the host makes the editor that size before it has answered.
    pub at_once: AtomicPtr<clap_plugin>,
}

impl SharedHandler<'_> for Asked {
    fn request_restart(&self) {
        self.restarts.fetch_add(1, Ordering::Relaxed);
    }
    fn request_process(&self) {}
    fn request_callback(&self) {
        self.callbacks.fetch_add(1, Ordering::Relaxed);
    }
}

impl HostParamsImplShared for Asked {
    fn request_flush(&self) {}
}

/// Makes the editor another size, whoever uses the plugin meanwhile.
///
/// # Safety
/// The plugin lives, and this is its main thread.
unsafe fn set_size(plugin: &clap_plugin, size: GuiSize) -> bool {
    // SAFETY: as above; an extension is what its name says.
    unsafe {
        let get = plugin.get_extension.expect("extensions");
        let gui = get(plugin, CLAP_EXT_GUI.as_ptr()).cast::<clap_plugin_gui>();
        let set_size = gui.as_ref().and_then(|gui| gui.set_size);
        set_size.expect("an editor")(plugin, size.width, size.height)
    }
}

impl HostGuiImpl for Asked {
    fn resize_hints_changed(&self) {}
    fn request_resize(&self, size: GuiSize) -> Result<(), HostError> {
        self.resizes.fetch_add(1, Ordering::Relaxed);
        *self.wanted.lock().unwrap() = Some(size);
        if self.keeps_its_size.load(Ordering::Relaxed) {
            return Err(HostError::Message("the window stays as it is"));
        }
        let plugin = self.at_once.load(Ordering::Relaxed);
        // SAFETY: the plugin lives, and has a function for each of its editor's.
        if let Some(plugin) = unsafe { plugin.as_ref() }
            && !unsafe { set_size(plugin, size) }
        {
            return Err(HostError::Message("the editor does not take that size"));
        }
        Ok(())
    }
    fn request_show(&self) -> Result<(), HostError> {
        Ok(())
    }
    fn request_hide(&self) -> Result<(), HostError> {
        Ok(())
    }
    fn closed(&self, _: bool) {}
}

/// The host's main thread, and the plugin's timers that run on it.
#[derive(Default)]
pub struct MainThread {
    timers: RefCell<Vec<TimerId>>,
}

impl MainThreadHandler<'_> for MainThread {}

impl HostParamsImplMainThread for MainThread {
    fn rescan(&self, _: ParamRescanFlags) {}
    fn clear(&self, _: ClapId, _: ParamClearFlags) {}
}

impl HostTimerImpl for MainThread {
    fn register_timer(&self, _: u32) -> Result<TimerId, HostError> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let timer = TimerId(NEXT.fetch_add(1, Ordering::Relaxed));
        self.timers.borrow_mut().push(timer);
        Ok(timer)
    }
    fn unregister_timer(&self, timer: TimerId) -> Result<(), HostError> {
        let mut timers = self.timers.borrow_mut();
        let found = timers.iter().position(|other| *other == timer);
        let number = found.ok_or(HostError::Message("there is no such timer"))?;
        timers.remove(number);
        Ok(())
    }
}

pub struct Handlers;

impl HostHandlers for Handlers {
    type Shared<'a> = Asked;
    type MainThread<'a> = MainThread;
    type AudioProcessor<'a> = ();

    fn declare_extensions(builder: &mut HostExtensions<Self>, _: &Asked) {
        builder.register::<HostParams>();
        builder.register::<HostGui>().register::<HostTimer>();
    }
}

/// The plugin's entry. The framework's log and its panic hook, which would write long backtraces
/// between the tests' results, are kept out.
pub fn entry() -> &'static PluginEntry {
    static ENTRY: OnceLock<PluginEntry> = OnceLock::new();
    ENTRY.get_or_init(|| {
        let hook = std::panic::take_hook();
        // SAFETY: every test waits here before it does anything, so no other thread reads the
        // environment meanwhile; and it is the entry that the plugin's own library exports.
        let entry = unsafe {
            std::env::set_var("NICE_LOG", "/dev/null");
            PluginEntry::load_from_raw(&synopsia::plugin::clap_entry, c"/synopsia.clap")
        };
        std::panic::set_hook(hook);
        entry.expect("the plugin's entry can be loaded")
    })
}

/// A parameter as the plugin describes it.
#[derive(Clone, Debug)]
pub struct Param {
    pub id: ClapId,
    pub name: String,
    pub max: f64,
    pub default: f64,
    pub is_stepped: bool,
}

/// What a plugin tells of a parameter that it moves itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    Begin(u32),
    Set(u32, f64),
    End(u32),
}

/// One instance of the plugin in its host.
pub struct Host {
    pub instance: PluginInstance<Handlers>,
    live: Weak<Live>,
}

impl Host {
    pub fn new() -> Self {
        // One at a time, so that the newest instance is the one that was made here.
        static MAKING: Mutex<()> = Mutex::new(());
        let _making = MAKING.lock().unwrap();
        let entry = entry();
        let factory = entry.get_plugin_factory().expect("a plugin factory");
        let descriptor = factory.plugin_descriptors().next().expect("a plugin");
        let id = descriptor.id().expect("the plugin's identifier");
        let info = HostInfo::new("tests", "Synopsia", "https://synopsia.example", "1").unwrap();
        let instance = PluginInstance::new(
            |_| Asked::default(),
            |_| MainThread::default(),
            entry,
            id,
            &info,
        )
        .expect("an instance");
        let live = live::instances().pop().expect("the instance is listed");
        Self { instance, live }
    }

    /// What runs behind the plugin.
    pub fn live(&self) -> Arc<Live> {
        self.live.upgrade().expect("the instance lives")
    }

    pub fn status(&self) -> Status {
        self.live().status()
    }

    /// Waits until `found` finds what it waits for in the status. Nobody looks at the picture.
    pub fn wait_until(&self, mut found: impl FnMut(&Status) -> bool) -> Status {
        let start = Instant::now();
        loop {
            let status = self.status();
            if found(&status) {
                return status;
            }
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "waited in vain: {status:?}"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The same, with somebody who looks.
    pub fn look_until(&self, mut found: impl FnMut(&Status) -> bool) -> Status {
        let live = self.live();
        self.wait_until(|status| {
            live.look();
            found(status)
        })
    }

    /// How many timers the plugin has.
    pub fn timers(&mut self) -> usize {
        let count = |main: &MainThread| main.timers.borrow().len();
        self.instance.access_handler(count)
    }

    /// The plugin's timers have come round.
    pub fn tick(&mut self) {
        let due = self
            .instance
            .access_handler(|main| main.timers.borrow().clone());
        let handle = self.instance.plugin_handle();
        let timer: PluginTimer = handle.get_extension().expect("the plugin hears of timers");
        due.iter().for_each(|id| timer.on_timer(&handle, *id));
    }

    /// Chooses one (0 stereo, 1 mono) of the plugin's layouts.
    pub fn choose_layout(&mut self, number: u32) {
        let handle = self.instance.plugin_handle();
        let layouts: PluginAudioPortsConfig = handle.get_extension().expect("several layouts");
        layouts
            .select(&handle, ClapId::new(number))
            .expect("the layout can be chosen");
    }

    /// Activates and starts processing, with blocks of up to `longest` samples.
    pub fn start(
        &mut self,
        sample_rate: f64,
        longest: usize,
    ) -> StartedPluginAudioProcessor<Handlers> {
        self.activate(sample_rate, longest)
            .start_processing()
            .expect("processing starts")
    }

    pub fn activate(
        &mut self,
        sample_rate: f64,
        longest: usize,
    ) -> clack_host::process::StoppedPluginAudioProcessor<Handlers> {
        let configuration = PluginAudioConfiguration {
            sample_rate,
            min_frames_count: 1,
            max_frames_count: longest as u32,
        };
        self.instance
            .activate(|_, _| (), configuration)
            .expect("the plugin activates")
    }

    pub fn stop(&mut self, processor: StartedPluginAudioProcessor<Handlers>) {
        self.instance.deactivate(processor.stop_processing());
    }

    pub fn params(&mut self) -> Vec<Param> {
        let handle = self.instance.plugin_handle();
        let params: PluginParams = handle.get_extension().expect("parameters");
        let described = (0..params.count(&handle)).map(|index| {
            let mut buffer = ParamInfoBuffer::new();
            let info = params
                .get_info(&handle, index, &mut buffer)
                .expect("a parameter");
            assert_eq!(info.min_value, 0.0);
            Param {
                id: info.id,
                name: String::from_utf8(info.name.to_vec()).expect("a name in UTF-8"),
                max: info.max_value,
                default: info.default_value,
                is_stepped: info.flags.contains(ParamInfoFlags::IS_STEPPED),
            }
        });
        described.collect()
    }

    /// The parameter with this name.
    pub fn param(&mut self, name: &str) -> Param {
        let found = self.params().into_iter().find(|param| param.name == name);
        found.unwrap_or_else(|| panic!("there is no parameter “{name}”"))
    }

    /// Where a parameter is, 0 to its `max`.
    pub fn value(&mut self, param: &Param) -> f64 {
        let handle = self.instance.plugin_handle();
        let params: PluginParams = handle.get_extension().expect("parameters");
        params.get_value(&handle, param.id).expect("a value")
    }

    /// Sets parameters while the plugin is not active.
    pub fn set(&mut self, values: &[(&Param, f64)]) {
        let events: Vec<_> = values
            .iter()
            .map(|(param, value)| change(0, param, *value))
            .collect();
        let mut handle = self.instance.inactive_plugin_handle().expect("not active");
        let params: PluginParams = handle.get_extension().expect("parameters");
        params.flush(
            &mut handle,
            &InputEvents::from_buffer(&events),
            &mut OutputEvents::void(),
        );
    }

    /// What the plugin tells of its parameters while it is not active.
    pub fn flushed(&mut self) -> Vec<Told> {
        let mut events = EventBuffer::new();
        let mut handle = self.instance.inactive_plugin_handle().expect("not active");
        let params: PluginParams = handle.get_extension().expect("parameters");
        params.flush(
            &mut handle,
            &InputEvents::empty(),
            &mut OutputEvents::from_buffer(&mut events),
        );
        let told = events
            .iter()
            .filter_map(|event| match event.as_core_event()? {
                CoreEventSpace::ParamGestureBegin(event) => {
                    Some(Told::Begin(event.param_id()?.get()))
                }
                CoreEventSpace::ParamValue(event) => {
                    Some(Told::Set(event.param_id()?.get(), event.value()))
                }
                CoreEventSpace::ParamGestureEnd(event) => Some(Told::End(event.param_id()?.get())),
                _ => None,
            });
        told.collect()
    }

    /// What the host saves with its project.
    pub fn save(&mut self) -> Vec<u8> {
        let handle = self.instance.plugin_handle();
        let state: PluginState = handle.get_extension().expect("a state");
        let mut saved = Vec::new();
        state.save(&handle, &mut saved).expect("the state is saved");
        saved
    }

    /// Loads it again; whether the plugin took it.
    pub fn load(&mut self, saved: &[u8]) -> bool {
        let handle = self.instance.plugin_handle();
        let state: PluginState = handle.get_extension().expect("a state");
        let taken = state
            .load(&handle, &mut std::io::Cursor::new(saved))
            .is_ok();
        self.instance.call_on_main_thread_callback();
        taken
    }
}

/// A parameter change at sample `time` of a block.
pub fn change(time: u32, param: &Param, value: f64) -> ParamValueEvent {
    ParamValueEvent::new(time, param.id, Pckn::match_all(), value)
}

/// A host's song that plays from `beats` on at `tempo`, in four quarters.
pub fn song(beats: f64, tempo: f64) -> TransportEvent {
    let zero = (BeatTime::from_float(0.0), SecondsTime::from_float(0.0));
    TransportEvent {
        header: EventHeader::new_core(0, EventFlags::empty()),
        flags: TransportFlags::HAS_TEMPO
            | TransportFlags::HAS_BEATS_TIMELINE
            | TransportFlags::HAS_TIME_SIGNATURE
            | TransportFlags::IS_PLAYING,
        song_pos_beats: BeatTime::from_float(beats),
        song_pos_seconds: SecondsTime::from_float(beats * 60.0 / tempo),
        tempo,
        tempo_inc: 0.0,
        loop_start_beats: zero.0,
        loop_end_beats: zero.0,
        loop_start_seconds: zero.1,
        loop_end_seconds: zero.1,
        bar_start: BeatTime::from_float((beats / 4.0).floor() * 4.0),
        bar_number: (beats / 4.0).floor() as i32,
        time_signature_numerator: 4,
        time_signature_denominator: 4,
    }
}

/// What a host hands over with a block, beside the audio.
#[derive(Clone, Copy, Default)]
pub struct With<'a> {
    /// The output is written over the input.
    pub in_place: bool,
    pub events: &'a [ParamValueEvent],
    pub transport: Option<&'a TransportEvent>,
    /// How the song goes on from this event's time on.
    pub later: Option<&'a TransportEvent>,
    /// The output is marked as constant from whatever it held before.
    pub stale_output: bool,
    /// The plugin may allocate: a debug build's framework logs what the host does wrong, and who
    /// bounces listens to nothing in real time.
    pub may_allocate: bool,
}

/// A host's buffers: what goes in, what comes out, and what is listened to instead.
pub struct Buffers {
    pub input: Vec<Vec<f32>>,
    pub output: Vec<Vec<f32>>,
    /// Left unconnected where there are no channels.
    pub sidechain: Vec<Vec<f32>>,
    /// Channels of the last output that the plugin called constant, by bit.
    pub constant: u64,
    pointers: [Vec<*mut f32>; 3],
}

// SAFETY: the pointers lead into the vectors beside them, and are set anew at each use.
unsafe impl Send for Buffers {}

impl Buffers {
    /// Buffers of silence for blocks of up to `longest` samples.
    pub fn new(channels: usize, longest: usize, has_sidechain: bool) -> Self {
        let silence = vec![vec![0.0; longest]; channels];
        let sidechain = if has_sidechain { channels } else { 0 };
        Self {
            input: silence.clone(),
            output: silence.clone(),
            sidechain: silence[..sidechain].to_vec(),
            constant: 0,
            pointers: [channels, channels, sidechain]
                .map(|count| vec![std::ptr::null_mut(); count]),
        }
    }

    /// Lets the plugin process the first `frames` samples, which may not allocate.
    pub fn process(
        &mut self,
        processor: &mut StartedPluginAudioProcessor<Handlers>,
        frames: usize,
        with: With,
    ) -> ProcessStatus {
        let [input, output, sidechain] = &mut self.pointers;
        let places = self.output.iter_mut().zip(&mut self.input).zip(&mut *input);
        for (((out, music), from), to) in places.zip(&mut *output) {
            assert!(frames <= music.len() && frames <= out.len());
            *from = music.as_mut_ptr();
            *to = if with.in_place {
                *from
            } else {
                out.as_mut_ptr()
            };
        }
        for (channel, from) in self.sidechain.iter_mut().zip(&mut *sidechain) {
            assert!(frames <= channel.len());
            *from = channel.as_mut_ptr();
        }
        let port = |channels: &mut Vec<*mut f32>| clap_audio_buffer {
            data32: if channels.is_empty() {
                std::ptr::null_mut()
            } else {
                channels.as_mut_ptr()
            },
            data64: std::ptr::null_mut(),
            channel_count: channels.len() as u32,
            latency: 0,
            constant_mask: 0,
        };
        let inputs = [port(input), port(sidechain)];
        let mut outputs = [port(output)];
        if with.stale_output {
            outputs[0].constant_mask = u64::MAX;
        }
        // SAFETY: each pointer leads to at least `frames` samples that nobody else uses now.
        let (music, mut passed) = unsafe {
            (
                InputAudioBuffers::from_raw_buffers(&inputs, frames as u32),
                OutputAudioBuffers::from_raw_buffers(&mut outputs, frames as u32),
            )
        };
        let mut both = EventBuffer::new();
        if let Some(later) = with.later {
            both.push_all(with.events);
            both.push(later);
            both.sort();
        }
        let events = match with.later {
            Some(_) => InputEvents::from_buffer(&both),
            None => InputEvents::from_buffer(&with.events),
        };
        let mut status = None;
        let calls = allocations::allocations(|| {
            let processed = processor.process(
                &music,
                &mut passed,
                &events,
                &mut OutputEvents::void(),
                None,
                with.transport,
            );
            status = Some(processed.expect("the plugin processes"));
        });
        assert!(
            calls == 0 || with.may_allocate,
            "the plugin allocated {calls} times while it processed"
        );
        self.constant = outputs[0].constant_mask;
        status.expect("a status")
    }

    /// What came out of the last [`process`](Self::process).
    pub fn came_out(&self, in_place: bool) -> &[Vec<f32>] {
        if in_place { &self.input } else { &self.output }
    }
}

/// Whether both are the same to the last bit, whatever the bits stand for.
pub fn same_bits(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits())
}

/// Numbers that look random and are the same in each run.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    pub fn between(&mut self, min: f64, max: f64) -> f64 {
        min + (max - min) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}
