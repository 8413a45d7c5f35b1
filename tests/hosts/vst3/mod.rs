//! A VST3 host in the tests' own process, with and without a run loop for its windows.

#![allow(
    non_snake_case,
    reason = "the names of VST3's functions are VST3's own"
)]

mod changes;
mod stream;
mod window;

pub use changes::Changes;
pub use window::{Frame, Parent};

use std::ffi::c_void;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread::{self, ThreadId};
use stream::Stream;
use synopsia::live::{self, Live, Status};
use vst3::Steinberg::Vst::*;
use vst3::Steinberg::*;
use vst3::{Class, ComPtr, ComWrapper, Interface};

unsafe extern "system" {
    /// What the plugin's library exports, linked into the test.
    fn GetPluginFactory() -> *mut c_void;
}

/// The plugin's factory. The framework's log and its panic hook, which would write long backtraces
/// between the tests' results, are kept out.
fn factory() -> &'static ComPtr<IPluginFactory> {
    static FACTORY: OnceLock<ComPtr<IPluginFactory>> = OnceLock::new();
    FACTORY.get_or_init(|| {
        let hook = std::panic::take_hook();
        // Refers to what exports it, so that it is linked.
        let _plugin = &raw const synopsia::plugin::clap_entry;
        // SAFETY: every test waits here before it does anything, so no other thread reads the
        // environment meanwhile; and the factory is owned by who asks for it.
        let factory = unsafe {
            std::env::set_var("NICE_LOG", "/dev/null");
            ComPtr::from_raw(GetPluginFactory().cast())
        };
        std::panic::set_hook(hook);
        factory.expect("the plugin has a factory")
    })
}

/// What the plugin tells of a parameter that it moves itself, and on which thread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    Begin(u32),
    Set(u32, f64),
    End(u32),
}

/// What the plugin tells of its edits to.
struct Handler(Arc<Mutex<Vec<(Told, ThreadId)>>>);

impl Handler {
    fn hear(&self, told: Told) -> tresult {
        self.0.lock().unwrap().push((told, thread::current().id()));
        kResultOk
    }
}

impl Class for Handler {
    type Interfaces = (IComponentHandler,);
}

impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, id: ParamID) -> tresult {
        self.hear(Told::Begin(id))
    }
    unsafe fn performEdit(&self, id: ParamID, value: ParamValue) -> tresult {
        self.hear(Told::Set(id, value))
    }
    unsafe fn endEdit(&self, id: ParamID) -> tresult {
        self.hear(Told::End(id))
    }
    unsafe fn restartComponent(&self, _: int32) -> tresult {
        kResultOk
    }
}

/// A parameter as the plugin describes it.
#[derive(Clone, Debug)]
pub struct Param {
    pub id: u32,
    pub name: String,
    pub unit: String,
    pub steps: i32,
}

/// UTF-16 up to its end.
pub fn text(wide: &[u16]) -> String {
    let end = wide.iter().position(|unit| *unit == 0);
    String::from_utf16_lossy(&wide[..end.unwrap_or(wide.len())])
}

/// The plugin's editor, attached to a window of the host.
pub struct Editor {
    pub view: ComPtr<IPlugView>,
    pub frame: Frame,
    pub parent: Parent,
}

/// One instance of the plugin in its host.
pub struct Host {
    pub component: ComPtr<IComponent>,
    pub processor: ComPtr<IAudioProcessor>,
    pub controller: ComPtr<IEditController>,
    _handler: ComPtr<IComponentHandler>,
    told: Arc<Mutex<Vec<(Told, ThreadId)>>>,
    live: Weak<Live>,
}

impl Host {
    pub fn new() -> Self {
        // One at a time, so that the newest instance is the one that was made here.
        static MAKING: Mutex<()> = Mutex::new(());
        let _making = MAKING.lock().unwrap();
        let factory = factory();
        let mut instance = std::ptr::null_mut();
        // SAFETY: as VST3 has it: the class and the interface are named by 16 bytes each, and what
        // comes back is owned by the host.
        let component: ComPtr<IComponent> = unsafe {
            let mut class = std::mem::zeroed::<PClassInfo>();
            assert_eq!(factory.getClassInfo(0, &mut class), kResultOk);
            let result = factory.createInstance(
                class.cid.as_ptr().cast(),
                IComponent::IID.as_ptr().cast(),
                &mut instance,
            );
            assert_eq!(result, kResultOk);
            ComPtr::from_raw(instance.cast()).expect("an instance")
        };
        let live = live::instances().pop().expect("the instance is listed");
        let told = Arc::default();
        let handler = ComWrapper::new(Handler(Arc::clone(&told)));
        let handler = handler.to_com_ptr::<IComponentHandler>().unwrap();
        let host = Self {
            processor: component.cast().expect("it processes audio"),
            controller: component.cast().expect("it is its own controller"),
            component,
            _handler: handler,
            told,
            live,
        };
        // SAFETY: the handler lives as long as the host.
        unsafe {
            assert_eq!(host.component.initialize(std::ptr::null_mut()), kResultOk);
            let handler = host._handler.as_ptr();
            assert_eq!(host.controller.setComponentHandler(handler), kResultOk);
        }
        host
    }

    /// What runs behind the plugin.
    pub fn live(&self) -> Arc<Live> {
        self.live.upgrade().expect("the instance lives")
    }

    pub fn status(&self) -> Status {
        self.live().status()
    }

    pub fn params(&self) -> Vec<Param> {
        // SAFETY: the plugin fills in what it is handed.
        unsafe {
            let count = self.controller.getParameterCount();
            let param = |index| {
                let mut info = std::mem::zeroed::<ParameterInfo>();
                let result = self.controller.getParameterInfo(index, &mut info);
                assert_eq!(result, kResultOk);
                Param {
                    id: info.id,
                    name: text(&info.title),
                    unit: text(&info.units),
                    steps: info.stepCount,
                }
            };
            (0..count).map(param).collect()
        }
    }

    pub fn param(&self, name: &str) -> Param {
        let found = self.params().into_iter().find(|param| param.name == name);
        found.unwrap_or_else(|| panic!("there is no parameter “{name}”"))
    }

    /// Where a parameter is, 0 to 1.
    pub fn value(&self, param: &Param) -> f64 {
        // SAFETY: a plain call.
        unsafe { self.controller.getParamNormalized(param.id) }
    }

    /// Sets it as a host's own panel does.
    pub fn set(&self, param: &Param, value: f64) {
        // SAFETY: a plain call.
        let result = unsafe { self.controller.setParamNormalized(param.id, value) };
        assert_eq!(result, kResultOk);
    }

    /// What the plugin has told since the last time, and each time the thread.
    pub fn told(&self) -> Vec<(Told, ThreadId)> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }

    /// What the host saves with its project.
    pub fn save(&self) -> Vec<u8> {
        let stream = ComWrapper::new(Stream::default());
        let pointer = stream.to_com_ptr::<IBStream>().unwrap();
        // SAFETY: the stream lives until this returns.
        let result = unsafe { self.component.getState(pointer.as_ptr()) };
        assert_eq!(result, kResultOk);
        stream.bytes()
    }

    /// Loads it again.
    pub fn load(&self, saved: &[u8]) {
        let stream = ComWrapper::new(Stream::of(saved));
        let pointer = stream.to_com_ptr::<IBStream>().unwrap();
        // SAFETY: the stream lives until this returns.
        let result = unsafe { self.component.setState(pointer.as_ptr()) };
        assert_eq!(result, kResultOk);
    }

    /// What the plugin shows for a value.
    pub fn shown(&self, param: &Param, value: f64) -> String {
        let mut string: String128 = [0; 128];
        // SAFETY: the plugin fills in what it is handed.
        let result = unsafe {
            self.controller
                .getParamStringByValue(param.id, value, &mut string)
        };
        assert_eq!(result, kResultOk);
        text(&string)
    }

    /// The value that the plugin reads from a text.
    pub fn typed(&self, param: &Param, typed: &str) -> Option<f64> {
        let mut wide: Vec<u16> = typed.encode_utf16().chain([0]).collect();
        let mut value = f64::NAN;
        // SAFETY: the text ends with a zero.
        let result = unsafe {
            let text = wide.as_mut_ptr().cast();
            self.controller
                .getParamValueByString(param.id, text, &mut value)
        };
        (result == kResultOk).then_some(value)
    }

    /// Activates and starts processing, with blocks of up to `longest` samples.
    pub fn start(&self, sample_rate: f64, longest: usize) {
        let mut setup = ProcessSetup {
            processMode: ProcessModes_::kRealtime as i32,
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            maxSamplesPerBlock: longest as i32,
            sampleRate: sample_rate,
        };
        // SAFETY: the calls are in VST3's order.
        unsafe {
            assert_eq!(self.processor.setupProcessing(&mut setup), kResultOk);
            assert_eq!(self.component.setActive(1), kResultOk);
            assert_eq!(self.processor.setProcessing(1), kResultOk);
        }
    }

    pub fn stop(&self) {
        // SAFETY: the calls are in VST3's order.
        unsafe {
            assert_eq!(self.processor.setProcessing(0), kResultOk);
            assert_eq!(self.component.setActive(0), kResultOk);
        }
    }

    /// Asks for these speakers on the main buses and the sidechain.
    pub fn arrange(&self, inputs: &[u64], outputs: &[u64]) -> bool {
        let (mut inputs, mut outputs) = (inputs.to_vec(), outputs.to_vec());
        // SAFETY: as many as is said.
        let result = unsafe {
            self.processor.setBusArrangements(
                inputs.as_mut_ptr(),
                inputs.len() as i32,
                outputs.as_mut_ptr(),
                outputs.len() as i32,
            )
        };
        result == kResultOk
    }

    /// The speakers of an input bus.
    pub fn arrangement(&self, bus: i32) -> u64 {
        let mut speakers = 0;
        // SAFETY: the plugin fills in what it is handed.
        let result = unsafe {
            let input = BusDirections_::kInput as i32;
            self.processor.getBusArrangement(input, bus, &mut speakers)
        };
        assert_eq!(result, kResultOk);
        speakers
    }

    /// An audio input bus as the plugin describes it.
    pub fn input(&self, bus: i32) -> Option<BusInfo> {
        // SAFETY: the plugin fills in what it is handed.
        unsafe {
            let mut info = std::mem::zeroed::<BusInfo>();
            let (audio, input) = (MediaTypes_::kAudio as i32, BusDirections_::kInput as i32);
            let result = self.component.getBusInfo(audio, input, bus, &mut info);
            (result == kResultOk).then_some(info)
        }
    }

    /// Tries to open the editor in a window of its size.
    pub fn try_open(&self, frame: Frame) -> Option<Editor> {
        // SAFETY: the frame and the window outlive the view's attachment, which ends in `close`.
        unsafe {
            let view = self.controller.createView(ViewType::kEditor);
            let view = ComPtr::from_raw(view).expect("an editor");
            let mut size = std::mem::zeroed::<ViewRect>();
            assert_eq!(view.getSize(&mut size), kResultOk);
            let size = [size.right - size.left, size.bottom - size.top];
            let parent = Parent::new(size.map(|side| side as u32));
            assert_eq!(view.setFrame(frame.as_ptr()), kResultOk);
            let window = parent.window as usize as *mut c_void;
            if view.attached(window, kPlatformTypeX11EmbedWindowID) != kResultOk {
                view.setFrame(std::ptr::null_mut());
                return None;
            }
            Some(Editor {
                view,
                frame,
                parent,
            })
        }
    }

    pub fn open(&self, frame: Frame) -> Editor {
        self.try_open(frame).expect("the editor opens")
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // SAFETY: nothing of the instance is used after this.
        unsafe {
            self.controller.setComponentHandler(std::ptr::null_mut());
            self.component.terminate();
        }
    }
}

impl Editor {
    /// Closes it as hosts do.
    pub fn close(self) {
        // SAFETY: the window and the frame still exist.
        unsafe {
            assert_eq!(self.view.removed(), kResultOk);
            self.view.setFrame(std::ptr::null_mut());
        }
        drop(self.view);
        assert_eq!(self.frame.run_loop.handlers(), 0, "a handler is left");
    }
}

/// A host's buffers of `CHANNELS` channels: the music in, the music out, and what is listened to.
pub struct Buffers {
    pub input: Vec<Vec<f32>>,
    pub output: Vec<Vec<f32>>,
    pub sidechain: Vec<Vec<f32>>,
}

const CHANNELS: usize = 2;

impl Buffers {
    pub fn new(longest: usize) -> Self {
        let silence = vec![vec![0.0; longest]; CHANNELS];
        Self {
            input: silence.clone(),
            output: silence.clone(),
            sidechain: silence,
        }
    }

    /// Lets the plugin process the first `frames` samples. Allocates nothing.
    pub fn process(
        &mut self,
        processor: &ComPtr<IAudioProcessor>,
        frames: usize,
        changes: Option<&Changes>,
    ) -> tresult {
        let pointers = |channels: &mut [Vec<f32>]| -> [*mut f32; CHANNELS] {
            std::array::from_fn(|channel| channels[channel][..frames].as_mut_ptr())
        };
        let mut music = pointers(&mut self.input);
        let mut passed = pointers(&mut self.output);
        let mut listened = pointers(&mut self.sidechain);
        let bus = |channels: &mut [*mut f32; CHANNELS]| AudioBusBuffers {
            numChannels: CHANNELS as i32,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 {
                channelBuffers32: channels.as_mut_ptr(),
            },
        };
        let mut inputs = [bus(&mut music), bus(&mut listened)];
        let mut outputs = [bus(&mut passed)];
        let mut data = ProcessData {
            processMode: ProcessModes_::kRealtime as i32,
            symbolicSampleSize: SymbolicSampleSizes_::kSample32 as i32,
            numSamples: frames as i32,
            numInputs: inputs.len() as i32,
            numOutputs: outputs.len() as i32,
            inputs: inputs.as_mut_ptr(),
            outputs: outputs.as_mut_ptr(),
            inputParameterChanges: changes.map_or(std::ptr::null_mut(), Changes::as_ptr),
            outputParameterChanges: std::ptr::null_mut(),
            inputEvents: std::ptr::null_mut(),
            outputEvents: std::ptr::null_mut(),
            processContext: std::ptr::null_mut(),
        };
        // SAFETY: each pointer leads to what lives until the call is over.
        unsafe { processor.process(&mut data) }
    }
}
