use atomic_refcell::AtomicRefCell;
use crossbeam::atomic::AtomicCell;
#[cfg(feature = "editor")]
use crossbeam::queue::ArrayQueue;
use nice_plug_core::audio_setup::{AudioIOLayout, ProcessMode};
#[cfg(feature = "editor")]
use nice_plug_core::context::gui::GuiContext;
use nice_plug_core::context::process::Transport;
#[cfg(feature = "editor")]
use nice_plug_core::editor::Editor;
use nice_plug_core::midi::{MidiConfig, PluginNoteEvent};
use nice_plug_core::params::internals::ParamPtr;
use nice_plug_core::params::{ParamFlags, Params};
#[cfg(feature = "editor")]
use nice_plug_core::plugin::TrackInfo;
use nice_plug_core::plugin::{Plugin, PluginState, TaskExecutor};
use parking_lot::Mutex;
#[cfg(feature = "editor")]
use parking_lot::ReentrantMutex;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use try_lock::TryLock;
use vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandlerTrait, IEventList, RestartFlags_, SpeakerArrangement,
};
use vst3::Steinberg::{kInvalidArgument, kResultOk, tresult};
use vst3::{ComPtr, ComRef};

use super::context::{WrapperActivateContext, WrapperProcessContext};
use super::note_expressions::NoteExpressionController;
use super::param_units::ParamUnits;
use super::util::{VST3_MIDI_PARAMS_END, VST3_MIDI_PARAMS_START};
use crate::event_loop::{EventLoop, MainThreadExecutor, OsEventLoop};
use crate::util::permit_alloc;
use crate::wrapper::state;
use crate::wrapper::util::buffer_config::AtomicBufferConfig;
use crate::wrapper::util::buffer_management::BufferManager;
#[cfg(feature = "editor")]
use crate::wrapper::util::editor_window::EditorWindow;
use crate::wrapper::util::hash_param_id;
use crate::wrapper::util::state_handoff::StateHandoff;
use crate::wrapper::vst3::Vst3Plugin;
#[cfg(feature = "editor")]
use crate::wrapper::vst3::context::WrapperGuiContext;
#[cfg(feature = "editor")]
use crate::wrapper::vst3::view::AttachedView;

/// How many tasks for the editor can be waiting when the host does not offer a way to run them.
#[cfg(feature = "editor")]
const EDITOR_TASK_QUEUE_CAPACITY: usize = 64;

/// The actual wrapper bits. We need this as an `Arc<T>` so we can safely use our event loop API.
/// Since we can't combine that with VST3's interior reference counting this just has to be moved to
/// its own struct.
pub(crate) struct WrapperInner<P: Vst3Plugin> {
    /// The wrapped plugin instance.
    pub plugin: TryLock<P>,
    /// The plugin's background task executor closure.
    pub task_executor: Mutex<TaskExecutor<P>>,
    /// The plugin's parameters. These are fetched once during initialization. That way the
    /// `ParamPtr`s are guaranteed to live at least as long as this object and we can interact with
    /// the `Params` object without having to acquire a lock on `plugin`.
    pub params: Arc<dyn Params>,
    /// The plugin's editor, if it has one. This object does not do anything on its own, but we need
    /// to instantiate this in advance so we don't need to lock the entire [`Plugin`] object when
    /// creating an editor. Wrapped in an `AtomicRefCell` because it needs to be initialized late.
    /// The mutex is reentrant because the host may call back while the editor is being opened.
    #[allow(clippy::type_complexity)]
    #[cfg(feature = "editor")]
    pub editor: AtomicRefCell<Option<Arc<ReentrantMutex<P::Editor>>>>,
    /// The open editor. The plugin should implement `Drop` on its handle for its closing behavior.
    #[cfg(feature = "editor")]
    pub editor_window: EditorWindow<<P::Editor as Editor>::Handle>,

    /// The host's [`IComponentHandler`] instance, if passed through
    /// [`IEditController::set_component_handler`]. Use
    /// [`component_handler()`][Self::component_handler()], so this is not locked during calls to
    /// the host.
    pub component_handler: Mutex<Option<ComPtr<IComponentHandler>>>,

    /// The [`IPlugView`] the editor is attached through, with what the host offers for it.
    #[cfg(feature = "editor")]
    pub attached_view: Mutex<Option<Arc<AttachedView<P>>>>,

    /// The run loop the host has offered when it initialized the plugin. Hosts may also offer one
    /// with a view's `IPlugFrame`, which is then used instead.
    #[cfg(all(feature = "editor", target_family = "unix", not(target_os = "macos")))]
    pub host_run_loop: Mutex<Option<ComPtr<vst3::Steinberg::Linux::IRunLoop>>>,

    /// Tasks for the editor that were posted from other threads while the host does not offer an
    /// `IRunLoop` to run them on. They are performed the next time the host calls a function of the
    /// view. See [`Self::run_pending_editor_tasks()`].
    #[cfg(feature = "editor")]
    pub pending_editor_tasks: ArrayQueue<Task<P>>,

    /// A realtime-safe task queue so the plugin can schedule tasks that need to be run later on the
    /// GUI thread. This field should not be used directly for posting tasks. This should be done
    /// through [`Self::schedule_gui()`] instead. That method posts the task to the host's
    /// `IRunLoop` instead of it's available.
    ///
    /// This AtomicRefCell+Option is only needed because it has to be initialized late. There is no
    /// reason to mutably borrow the event loop, so reads will never be contested.
    ///
    /// TODO: Is there a better type for Send+Sync late initialization?
    pub event_loop: AtomicRefCell<Option<OsEventLoop<Task<P>, Self>>>,

    /// For each parameter, the number of samples that had been processed when its automation was
    /// last received by the process function, plus one. Zero if there was none. See
    /// [`Self::is_being_automated()`].
    pub last_automated: HashMap<u32, AtomicU64>,
    /// The number of samples that have been processed.
    pub processed_samples: AtomicU64,
    /// What the host has set of parameters while they were being automated, with
    /// [`Self::processed_samples`] at that time. See [`Self::set_what_was_put_off()`].
    put_off: Mutex<HashMap<u32, (f32, u64)>>,

    /// Whether the plugin is currently processing audio. In other words, the last state
    /// `IAudioProcessor::setActive()` has been called with.
    pub is_processing: AtomicBool,
    /// The current audio IO layout. Modified through `IAudioProcessor::setBusArrangements()` after
    /// matching the proposed bus arrangement to one of the supported ones. The plugin's first audio
    /// IO layout is chosen as the default. Because of the way VST3 works it's not possible to
    /// change the number of busses from that default, only the channel counts can change.
    ///
    /// This is the layout's index, see [`Self::current_audio_io_layout()`]. An `AtomicCell` of a
    /// layout waits for others, also on the audio thread.
    pub current_audio_io_layout_idx: AtomicUsize,
    /// The speaker arrangements the host has set in `IAudioProcessor::setBusArrangements()`. They
    /// match the layout, except that auxiliary buses may be empty. `None` until the host has set
    /// any.
    pub bus_arrangements: Mutex<Option<BusArrangements>>,
    /// The current buffer configuration, containing the sample rate and the maximum block size.
    /// Will be set in `IAudioProcessor::setupProcessing()`.
    pub current_buffer_config: AtomicBufferConfig,
    /// The current audio processing mode. Set in `IAudioProcessor::setup_processing()`.
    pub current_process_mode: AtomicCell<ProcessMode>,
    /// The most recently reported track information. Hosts may send partial updates (e.g.
    /// Ableton), so this is used to merge successive [`IInfoListener::setChannelContextInfos()`]
    /// calls.
    #[cfg(feature = "editor")]
    pub current_track_info: AtomicRefCell<TrackInfo>,

    /// The length of the tail in samples, from the last process status returned by the plugin.
    pub current_tail: AtomicU32,
    /// The current latency in samples, as set by the plugin through the [`ActivateContext`] and the
    /// [`ProcessContext`].
    pub current_latency: AtomicU32,
    /// A data structure that helps manage and create buffers for all of the plugin's inputs and
    /// outputs based on channel pointers provided by the host.
    pub buffer_manager: AtomicRefCell<BufferManager>,
    /// The incoming events for the plugin, if `P::ACCEPTS_MIDI` is set. If
    /// `P::SAMPLE_ACCURATE_AUTOMATION`, this is also read in lockstep with the parameter change
    /// block splitting.
    ///
    /// NOTE: Because with VST3 MIDI CC messages are sent as parameter changes and VST3 does not
    ///       interleave parameter changes and note events, this queue has to be sorted when
    ///       creating the process context
    pub input_note_events: AtomicRefCell<VecDeque<PluginNoteEvent<P>>>,
    /// VST3 has several useful predefined note expressions, but for some reason they are the only
    /// note event type that don't have MIDI note ID and channel fields. So we need to keep track of
    /// the most recent VST3 note IDs we've seen, and then map those back to MIDI note IDs and
    /// channels as needed.
    pub note_expression_controller: AtomicRefCell<NoteExpressionController>,
    /// Unprocessed parameter changes and note events sent by the host during a process call.
    /// Parameter changes are sent as separate queues for each parameter, and note events are in
    /// another queue on top of that. And if `P::MIDI_INPUT >= MidiConfig::MidiCCs`, then we can
    /// also receive MIDI CC messages through special parameter changes. On top of that, we also
    /// support sample accurate automation through block splitting if
    /// `P::SAMPLE_ACCURATE_AUTOMATION` is set. To account for all of this, we'll read all of the
    /// parameter changes and events into a vector at the start of the process call, sort it, and
    /// then do the block splitting based on that. Note events need to have their timing adjusted to
    /// match the block start, since they're all read upfront.
    pub process_events: AtomicRefCell<Vec<ProcessEvent<P>>>,
    /// The plugin is able to restore state through a method on the `GuiContext`. To avoid changing
    /// parameters mid-processing and running into garbled data if the host also tries to load state
    /// at the same time the restoring happens at the end of each processing call.
    pub state_handoff: StateHandoff,

    /// The keys from `param_map` in a stable order.
    pub param_hashes: Vec<u32>,
    /// A mapping from parameter ID hashes (obtained from the string parameter IDs) to pointers to
    /// parameters belonging to the plugin. These addresses will remain stable as long as the
    /// `params` object does not get deallocated.
    pub param_by_hash: HashMap<u32, ParamPtr>,
    /// Mappings from parameter hashes to string parameter IDs. Used for notifying the plugin's
    /// editor about parameter changes.
    pub param_id_by_hash: HashMap<u32, String>,
    pub param_units: ParamUnits,
    /// Mappings from string parameter identifiers to parameter hashes. Useful for debug logging
    /// and when storing and restoring plugin state.
    pub param_id_to_hash: HashMap<String, u32>,
    /// The inverse mapping from [`param_by_hash`][Self::param_by_hash]. This is needed to be able
    /// to have an ergonomic parameter setting API that uses references to the parameters instead of
    /// having to add a setter function to the parameter (or even worse, have it be completely
    /// untyped).
    pub param_ptr_to_hash: HashMap<ParamPtr, u32>,
}

/// The speaker arrangements of all buses, as the host has set them.
pub struct BusArrangements {
    pub inputs: Vec<SpeakerArrangement>,
    pub outputs: Vec<SpeakerArrangement>,
}

/// Tasks that can be sent from the plugin to be executed on the main thread in a non-blocking
/// realtime-safe way (either a random thread or `IRunLoop` on Linux, the OS' message loop on
/// Windows and macOS).
#[allow(clippy::enum_variant_names)]
pub enum Task<P: Plugin> {
    /// Execute one of the plugin's background tasks.
    PluginTask(P::BackgroundTask),
    /// Inform the plugin that one or more parameter values have changed.
    #[cfg(feature = "editor")]
    StateChanged,
    /// Trigger a restart with the given restart flags. This is a bit set of the flags from
    /// [`vst3::Steinberg::Vst::RestartFlags`].
    TriggerRestart(i32),
    #[cfg(feature = "editor")]
    CallMainThread,
}

#[cfg(all(feature = "editor", target_family = "unix", not(target_os = "macos")))]
impl<P: Plugin> Task<P> {
    /// Whether this task is about the editor, and can thus only be performed on the GUI thread.
    fn is_for_editor(&self) -> bool {
        matches!(
            self,
            Task::StateChanged | Task::CallMainThread
        )
    }
}

/// VST3 makes audio processing pretty complicated. In order to support both block splitting for
/// sample accurate automation and MIDI CC handling through parameters we need to put all parameter
/// changes and (translated) note events into a sorted array first.
#[derive(Debug, PartialEq)]
pub enum ProcessEvent<P: Plugin> {
    /// An incoming parameter change sent by the host. This will only be used when sample accurate
    /// automation has been enabled, and the parameters are only updated when we process this
    /// spooled event at the start of a block.
    ParameterChange {
        /// The event's sample offset within the buffer. Used for sorting.
        timing: u32,
        /// The parameter's hash, as used everywhere else.
        hash: u32,
        /// The normalized values, as provided by the host.
        normalized_value: f32,
    },
    /// An incoming parameter change sent by the host. This will only be used when sample accurate
    /// automation has been enabled, and the parameters are only updated when we process this
    /// spooled event at the start of a block.
    ///
    /// The timing stored within the note event needs to have the block start index subtraced from
    /// it. make sure to subtract the block start index with [`NoteEvent::subtract_timing()`] before
    /// putting this into the input event queue.
    NoteEvent(PluginNoteEvent<P>),
}

impl<P: Plugin> ProcessEvent<P> {
    #[inline]
    pub(crate) fn timing(&self) -> u32 {
        match self {
            ProcessEvent::ParameterChange { timing, .. } => *timing,
            ProcessEvent::NoteEvent(event) => event.timing(),
        }
    }
}

impl<P: Vst3Plugin> WrapperInner<P> {
    #[allow(unused_unsafe)]
    pub fn new() -> Arc<Self> {
        let mut plugin = P::default();
        let task_executor = Mutex::new(plugin.task_executor());

        // This is a mapping from the parameter IDs specified by the plugin to pointers to those
        // parameters. These pointers are assumed to be safe to dereference as long as
        // `wrapper.plugin` is alive. The plugin API identifiers these parameters by hashes, which
        // we'll calculate from the string ID specified by the plugin. These parameters should also
        // remain in the same order as the one returned by the plugin.
        let params = plugin.params();
        let param_id_hashes_ptrs_groups: Vec<_> = params
            .param_map()
            .into_iter()
            .map(|(id, ptr, group)| {
                let hash = hash_param_id(&id);
                (id, hash, ptr, group)
            })
            .collect();
        if cfg!(debug_assertions) {
            let param_map = params.param_map();
            let param_ids: HashSet<_> = param_id_hashes_ptrs_groups
                .iter()
                .map(|(id, _, _, _)| id.clone())
                .collect();
            crate::nice_debug_assert_eq!(
                param_map.len(),
                param_ids.len(),
                "The plugin has duplicate parameter IDs, weird things may happen. Consider using \
                 6 character parameter IDs to avoid collisions."
            );

            let mut bypass_param_exists = false;
            for (id, hash, ptr, _) in &param_id_hashes_ptrs_groups {
                let flags = unsafe { ptr.flags() };
                let is_bypass = flags.contains(ParamFlags::BYPASS);

                if is_bypass && bypass_param_exists {
                    crate::nice_debug_assert_failure!(
                        "Duplicate bypass parameters found, the host will only use the first one"
                    );
                }

                bypass_param_exists |= is_bypass;

                if P::MIDI_INPUT >= MidiConfig::MidiCCs
                    && (VST3_MIDI_PARAMS_START..VST3_MIDI_PARAMS_END).contains(hash)
                {
                    crate::nice_debug_assert_failure!(
                        "Parameter '{}' collides with an automatically generated MIDI CC \
                         parameter, consider giving it a different ID",
                        id
                    );
                }
            }
        }

        let param_hashes = param_id_hashes_ptrs_groups
            .iter()
            .map(|(_, hash, _, _)| *hash)
            .collect();
        let param_by_hash = param_id_hashes_ptrs_groups
            .iter()
            .map(|(_, hash, ptr, _)| (*hash, *ptr))
            .collect();
        let param_id_by_hash = param_id_hashes_ptrs_groups
            .iter()
            .map(|(id, hash, _, _)| (*hash, id.clone()))
            .collect();
        let last_automated = param_id_hashes_ptrs_groups
            .iter()
            .map(|(_, hash, _, _)| (*hash, AtomicU64::new(0)))
            .collect();
        let param_units = ParamUnits::from_param_groups(
            param_id_hashes_ptrs_groups
                .iter()
                .map(|(_, hash, _, group_name)| (*hash, group_name.as_str())),
        )
        .expect("Inconsistent parameter groups");
        let param_id_to_hash = param_id_hashes_ptrs_groups
            .iter()
            .map(|(id, hash, _, _)| (id.clone(), *hash))
            .collect();
        let param_ptr_to_hash = param_id_hashes_ptrs_groups
            .into_iter()
            .map(|(_, hash, ptr, _)| (ptr, hash))
            .collect();

        let input_note_events = if P::MIDI_INPUT == MidiConfig::None {
            AtomicRefCell::new(VecDeque::new())
        } else {
            AtomicRefCell::new(VecDeque::with_capacity(P::INPUT_EVENT_CAPACITY))
        };

        let wrapper = Arc::new(Self {
            plugin: TryLock::new(plugin),
            task_executor,
            params,
            // Initialized later as it needs a reference to the wrapper for the async executor
            #[cfg(feature = "editor")]
            editor: AtomicRefCell::new(None),
            #[cfg(feature = "editor")]
            editor_window: EditorWindow::default(),

            component_handler: Mutex::new(None),

            #[cfg(feature = "editor")]
            attached_view: Mutex::new(None),
            #[cfg(all(feature = "editor", target_family = "unix", not(target_os = "macos")))]
            host_run_loop: Mutex::new(None),
            #[cfg(feature = "editor")]
            pending_editor_tasks: ArrayQueue::new(EDITOR_TASK_QUEUE_CAPACITY),

            event_loop: AtomicRefCell::new(None),

            last_automated,
            processed_samples: AtomicU64::new(0),
            put_off: Mutex::new(HashMap::new()),

            is_processing: AtomicBool::new(false),
            // Some hosts, like the current version of Bitwig and Ardour at the time of writing,
            // will try using the plugin's default not yet initialized bus arrangement. Because of
            // that, we'll always initialize this configuration even before the host requests a
            // channel layout.
            current_audio_io_layout_idx: AtomicUsize::new(0),
            bus_arrangements: Mutex::new(None),
            current_buffer_config: AtomicBufferConfig::new(),
            current_process_mode: AtomicCell::new(ProcessMode::Realtime),
            #[cfg(feature = "editor")]
            current_track_info: AtomicRefCell::new(TrackInfo::default()),
            current_tail: AtomicU32::new(0),
            current_latency: AtomicU32::new(0),
            // This is initialized just before calling `Plugin::activate()` so that during the
            // process call buffers can be initialized without any allocations
            buffer_manager: AtomicRefCell::new(BufferManager::for_audio_io_layout(
                0,
                AudioIOLayout::default(),
            )),
            input_note_events,
            note_expression_controller: AtomicRefCell::new(NoteExpressionController::default()),
            process_events: AtomicRefCell::new(Vec::with_capacity(P::INPUT_EVENT_CAPACITY)),
            state_handoff: StateHandoff::new(),

            param_hashes,
            param_by_hash,
            param_id_by_hash,
            param_units,
            param_id_to_hash,
            param_ptr_to_hash,
        });

        // FIXME: Right now this is safe, but if we are going to have a singleton main thread queue
        //        serving multiple plugin instances, Arc can't be used because its reference count
        //        is separate from the internal COM-style reference count.
        *wrapper.event_loop.borrow_mut() =
            Some(OsEventLoop::new_and_spawn(Arc::downgrade(&wrapper)));

        // The editor also needs to be initialized later so the Async executor can work.

        #[cfg(feature = "editor")]
        {
            *wrapper.editor.borrow_mut() = wrapper
                .plugin
                .try_lock()
                .unwrap()
                .editor(nice_plug_core::context::gui::AsyncExecutor::new(
                    Arc::new({
                        let wrapper = Arc::downgrade(&wrapper);
                        move |task| {
                            let wrapper = match wrapper.upgrade() {
                                Some(wrapper) => wrapper,
                                None => return,
                            };

                            let task_posted = wrapper.schedule_background(Task::PluginTask(task));
                            crate::nice_debug_assert!(
                                task_posted,
                                "The task queue is full, dropping task..."
                            );
                        }
                    }),
                    Arc::new({
                        let wrapper = Arc::downgrade(&wrapper);
                        move |task| {
                            let wrapper = match wrapper.upgrade() {
                                Some(wrapper) => wrapper,
                                None => return,
                            };

                            let task_posted = wrapper.schedule_gui(Task::PluginTask(task));
                            crate::nice_debug_assert!(
                                task_posted,
                                "The task queue is full, dropping task..."
                            );
                        }
                    }),
                ))
                .map(|editor| Arc::new(ReentrantMutex::new(editor)));
        }

        wrapper
    }

    #[cfg(feature = "editor")]
    pub fn make_gui_context(self: Arc<Self>) -> GuiContext {
        GuiContext::new(Arc::new(WrapperGuiContext {
            inner: Arc::downgrade(&self),
            #[cfg(debug_assertions)]
            param_gesture_checker: Default::default(),
        }))
    }

    /// # Note
    ///
    /// The lock on the plugin must be dropped before this object is dropped to avoid deadlocks
    /// caused by reentrant function calls.
    pub fn make_activate_context(&self) -> WrapperActivateContext<'_, P> {
        WrapperActivateContext {
            inner: self,
            pending_requests: Default::default(),
        }
    }

    pub fn make_process_context<'a>(
        &'a self,
        transport: Transport,
        host_out_events: Option<ComRef<'a, IEventList>>,
        total_buffer_len: usize,
        current_sample_idx: usize,
    ) -> WrapperProcessContext<'a, P> {
        WrapperProcessContext {
            inner: self,
            input_events_guard: self.input_note_events.borrow_mut(),
            transport,
            host_out_events,
            total_buffer_len: total_buffer_len as u32,
            current_sample_idx: current_sample_idx as u32,
        }
    }

    /// Posts the task to the background task queue using [`EventLoop::schedule_background()`] so it
    /// can be run in the background without blocking either the GUI or the audio thread.
    ///
    /// If the task queue is full, then this will return false.
    #[must_use]
    pub fn schedule_background(&self, task: Task<P>) -> bool {
        let event_loop = self.event_loop.borrow();
        let event_loop = event_loop.as_ref().unwrap();
        event_loop.schedule_background(task)
    }

    /// Either posts the task to the task queue using [`EventLoop::schedule_gui()`] so it can be
    /// delegated to the main thread, executes the task directly if this is the main thread, or runs
    /// the task on the host's `IRunLoop` if the GUI is open and it exposes one.
    ///
    /// If the task queue is full, then this will return false.
    #[must_use]
    pub fn schedule_gui(&self, task: Task<P>) -> bool {
        let event_loop = self.event_loop.borrow();
        let event_loop = event_loop.as_ref().unwrap();
        if event_loop.is_main_thread() {
            self.execute(task, true);
            true
        } else {
            // If the editor is open, and the host exposes the `IRunLoop` interface, then we'll run
            // the task on the host's GUI thread using that interface. Otherwise we'll use the
            // regular event loop. If the editor gets dropped while there's still outstanding work
            // left in the run loop task queue, then those tasks will be posted to the regular event
            // loop so no work is lost.
            #[cfg(feature = "editor")]
            let task = {
                let attached_view = self.attached_view.lock().clone();
                match attached_view {
                    Some(view) => match view.do_maybe_in_run_loop(task) {
                        Ok(()) => return true,
                        Err(task) => task,
                    },
                    None => task,
                }
            };

            // On Linux the regular event loop is a background thread. The editor can't be reached
            // from there.
            #[cfg(all(feature = "editor", target_family = "unix", not(target_os = "macos")))]
            if task.is_for_editor() {
                return self.pending_editor_tasks.push(task).is_ok();
            }

            event_loop.schedule_gui(task)
        }
    }

    /// Perform the tasks for the editor that could not be posted to the host's GUI thread. Called
    /// when the host calls a function of the view.
    #[cfg(feature = "editor")]
    pub fn run_pending_editor_tasks(&self) {
        if self.pending_editor_tasks.is_empty() || self.editor_window.with(|_| ()).is_none() {
            return;
        }

        // Bounded since the editor may post more of them in the meantime
        for _ in 0..EDITOR_TASK_QUEUE_CAPACITY {
            match self.pending_editor_tasks.pop() {
                Some(task) => self.execute(task, true),
                None => break,
            }
        }
    }

    /// The host's [`IComponentHandler`], if it has set one.
    pub fn component_handler(&self) -> Option<ComPtr<IComponentHandler>> {
        self.component_handler.lock().clone()
    }

    /// Remember that the process function has received automation for a parameter.
    pub fn note_automation(&self, hash: u32) {
        if let Some(last_automated) = self.last_automated.get(&hash) {
            let now = self.processed_samples.load(Ordering::Relaxed);
            last_automated.store(now + 1, Ordering::Relaxed);
        }
    }

    /// Whether the process function has received automation for a parameter in the last half
    /// second of audio. The host then also calls `setParamNormalized()`, to have the editor show
    /// the automated value. That is late, so it must not override what has been processed.
    pub fn is_being_automated(&self, hash: u32) -> bool {
        let last_automated = self
            .last_automated
            .get(&hash)
            .map_or(0, |last_automated| last_automated.load(Ordering::Relaxed));
        let sample_rate = self
            .current_buffer_config
            .load()
            .map_or(0.0, |config| config.sample_rate);
        let now = self.processed_samples.load(Ordering::Relaxed);

        last_automated > 0 && now.saturating_sub(last_automated) < (sample_rate / 2.0) as u64
    }

    /// Set a parameter for the host or the editor, from a thread that's not the audio thread.
    pub fn set_normalized_value_by_hand(&self, hash: u32, normalized_value: f32) -> tresult {
        self.put_off.lock().remove(&hash);

        let sample_rate = self.current_buffer_config.load().map(|c| c.sample_rate);
        let result = self.set_normalized_value_by_hash(hash, normalized_value, sample_rate);
        if result == kResultOk {
            self.notify_param_value_changed(hash, normalized_value);
        }

        result
    }

    /// Remember what the host has set of a parameter that is being automated.
    pub fn put_off(&self, hash: u32, normalized_value: f32) {
        let now = self.processed_samples.load(Ordering::Relaxed);
        self.put_off.lock().insert(hash, (normalized_value, now));
    }

    /// What was put off is from before the state that is being loaded.
    pub fn forget_what_was_put_off(&self) {
        self.put_off.lock().clear();
    }

    /// Set the parameters that were put off, if nothing has been processed since: the process
    /// function will be told of them later, but it cannot be waited for. The others were, or have
    /// been automated on.
    pub fn set_what_was_put_off(&self) {
        let put_off = std::mem::take(&mut *self.put_off.lock());
        let now = self.processed_samples.load(Ordering::Relaxed);
        for (hash, (normalized_value, then)) in put_off {
            if then == now {
                self.set_normalized_value_by_hand(hash, normalized_value);
            }
        }
    }

    /// The current audio IO layout.
    pub fn current_audio_io_layout(&self) -> AudioIOLayout {
        P::AUDIO_IO_LAYOUTS
            .get(self.current_audio_io_layout_idx.load(Ordering::SeqCst))
            .copied()
            .unwrap_or_default()
    }

    /// Get a parameter's ID based on a `ParamPtr`. Used in the `GuiContext` implementation for the
    /// gesture checks.
    #[allow(unused)]
    pub fn param_id_from_ptr(&self, param: ParamPtr) -> Option<&str> {
        self.param_ptr_to_hash
            .get(&param)
            .and_then(|hash| self.param_id_by_hash.get(hash))
            .map(|s| s.as_str())
    }

    /// Convenience function for setting a value for a parameter as triggered by a VST3 parameter
    /// update. The same rate is for updating parameter smoothing.
    ///
    /// This is called from the audio thread for every point of the host's automation, so it does
    /// not tell the editor: posting a task would wake up another thread. Editors read the
    /// parameters' values when they draw. From the GUI thread,
    /// [`notify_param_value_changed()`][Self::notify_param_value_changed()] can be called
    /// afterwards.
    pub fn set_normalized_value_by_hash(
        &self,
        hash: u32,
        normalized_value: f32,
        sample_rate: Option<f32>,
    ) -> tresult {
        if !normalized_value.is_finite() {
            return kInvalidArgument;
        }

        match self.param_by_hash.get(&hash) {
            Some(param_ptr) => {
                if unsafe { param_ptr._internal_set_normalized_value(normalized_value) } {
                    if let Some(sample_rate) = sample_rate {
                        unsafe { param_ptr._internal_update_smoother(sample_rate, false) };
                    }
                }

                kResultOk
            }
            _ => kInvalidArgument,
        }
    }

    /// Inform the editor that a parameter's value has changed, when this is called from the thread
    /// it was opened on.
    pub fn notify_param_value_changed(&self, hash: u32, normalized_value: f32) {
        #[cfg(feature = "editor")]
        {
            use nice_plug_core::editor::EditorHandle;

            if let Some(param_id) = self.param_id_by_hash.get(&hash) {
                self.editor_window.with(|editor| {
                    editor
                        .handle
                        .param_value_changed(param_id, normalized_value)
                });
            }
        }

        #[cfg(not(feature = "editor"))]
        let _ = (hash, normalized_value);
    }

    /// Get the plugin's state object, may be called by the plugin's GUI as part of its own preset
    /// management. The wrapper doesn't use these functions and serializes and deserializes directly
    /// the JSON in the relevant plugin API methods instead.
    #[cfg(feature = "editor")]
    pub fn get_state_object(&self) -> PluginState {
        unsafe {
            state::serialize_object::<P>(
                self.params.clone(),
                state::make_params_iter(&self.param_by_hash, &self.param_id_to_hash),
            )
        }
    }

    /// Update the plugin's internal state, called by the plugin itself from the GUI thread. To
    /// prevent corrupting data and changing parameters during processing the actual state is only
    /// updated at the end of the audio processing cycle.
    #[cfg(feature = "editor")]
    pub fn set_state_object_from_gui(&self, state: PluginState) {
        self.forget_what_was_put_off();

        // If the plugin is currently processing audio, then the restore operation happens at the end
        // of the audio call. Otherwise we'll set the state right here and now, since this function
        // should be called from a GUI thread.
        let is_processing = || self.is_processing.load(Ordering::SeqCst);
        if let Err(mut state) = self.state_handoff.send(state, is_processing) {
            self.set_state_inner(&mut state);
        }
        self.notify_state_changed();

        // After the state has been updated, notify the host about the new parameter values
        let task_posted = self
            .event_loop
            .borrow()
            .as_ref()
            .unwrap()
            .schedule_gui(Task::TriggerRestart(RestartFlags_::kParamValuesChanged));
        crate::nice_debug_assert!(task_posted, "The task queue is full, dropping task...");
    }

    pub fn set_latency_samples(&self, samples: u32) {
        // Only trigger a restart if it's actually needed
        let old_latency = self.current_latency.swap(samples, Ordering::SeqCst);
        if old_latency != samples {
            self.request_restart();
        }
    }

    pub fn request_restart(&self) {
        let task_posted = self.schedule_gui(Task::TriggerRestart(RestartFlags_::kLatencyChanged));
        crate::nice_debug_assert!(task_posted, "The task queue is full, dropping task...");
    }

    /// Immediately set the plugin state. Returns `false` if the deserialization failed. The plugin
    /// state is set from a couple places, so this function aims to deduplicate that. Includes
    /// `permit_alloc()`s around the deserialization and initialization for the use case where
    /// `set_state_object_from_gui()` was called while the plugin is process audio.
    ///
    /// This is also called from the audio thread, so it does not tell the editor. Call
    /// [`notify_state_changed()`][Self::notify_state_changed()] afterwards.
    ///
    /// # Notes
    ///
    /// `self.plugin` must _not_ be locked while calling this function or it will deadlock.
    pub fn set_state_inner(&self, state: &mut PluginState) -> bool {
        // FIXME: This is obviously not realtime-safe, but loading presets without doing this
        //        could lead to inconsistencies. `state::deserialize_object()` normally never
        //        allocates, but if the plugin has persistent non-parameter data then its
        //        `deserialize_fields()` implementation may still allocate.
        let success = permit_alloc(|| unsafe {
            state::deserialize_object::<P>(
                state,
                self.params.clone(),
                state::make_params_getter(&self.param_by_hash, &self.param_id_to_hash),
                self.current_buffer_config.load().as_ref(),
            )
        });
        if !success {
            crate::nice_debug_assert_failure!(
                "Deserializing plugin state from a state object failed"
            );
            return false;
        }

        success
    }

    /// Inform the editor that the state has changed, so it can respond to the new parameter values.
    pub fn notify_state_changed(&self) {
        #[cfg(feature = "editor")]
        {
            let task_posted = self.schedule_gui(Task::StateChanged);
            crate::nice_debug_assert!(task_posted, "The task queue is full, dropping task...");
        }
    }
}

impl<P: Vst3Plugin> MainThreadExecutor<Task<P>> for WrapperInner<P> {
    fn execute(&self, task: Task<P>, is_gui_thread: bool) {
        // This function is always called from the main thread
        match task {
            Task::PluginTask(task) => (self.task_executor.lock())(task),
            #[cfg(feature = "editor")]
            Task::StateChanged => {
                use nice_plug_core::editor::EditorHandle;

                self.editor_window
                    .with(|editor| editor.handle.state_changed());
            }
            Task::TriggerRestart(flags) => match self.component_handler() {
                Some(handler) => unsafe {
                    crate::nice_debug_assert!(is_gui_thread);
                    let result = handler.restartComponent(flags);
                    crate::nice_debug_assert_eq!(
                        result,
                        kResultOk,
                        "Failed the restart request call with flags '{:?}'",
                        flags
                    );
                },
                None => crate::nice_debug_assert_failure!("Component handler not yet set"),
            },
            #[cfg(feature = "editor")]
            Task::CallMainThread => {
                use nice_plug_core::editor::EditorHandle;

                self.editor_window
                    .with(|editor| editor.handle.host_main_thread_callback(&editor.window));
            }
        }
    }
}
