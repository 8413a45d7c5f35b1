//! Automation, as a VST3 host hands it over with a block.

use std::cell::Cell;
use vst3::Steinberg::Vst::*;
use vst3::Steinberg::*;
use vst3::{Class, ComPtr, ComWrapper};

/// One parameter's points in a block: sample and value.
struct Queue {
    id: u32,
    points: Vec<Cell<(i32, f64)>>,
}

// SAFETY: only the thread that plays sets and reads them.
unsafe impl Send for Queue {}
unsafe impl Sync for Queue {}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> ParamID {
        self.id
    }
    unsafe fn getPointCount(&self) -> int32 {
        self.points.len() as i32
    }
    unsafe fn getPoint(&self, index: int32, time: *mut int32, value: *mut ParamValue) -> tresult {
        let Some(point) = self.points.get(index as usize) else {
            return kInvalidArgument;
        };
        // SAFETY: the plugin hands over places of its own.
        unsafe { (*time, *value) = point.get() };
        kResultOk
    }
    unsafe fn addPoint(&self, _: int32, _: ParamValue, _: *mut int32) -> tresult {
        kResultFalse
    }
}

struct Queues(Vec<ComPtr<IParamValueQueue>>);

impl Class for Queues {
    type Interfaces = (IParameterChanges,);
}

impl IParameterChangesTrait for Queues {
    unsafe fn getParameterCount(&self) -> int32 {
        self.0.len() as i32
    }
    unsafe fn getParameterData(&self, index: int32) -> *mut IParamValueQueue {
        let queue = self.0.get(index as usize);
        queue.map_or(std::ptr::null_mut(), ComPtr::as_ptr)
    }
    unsafe fn addParameterData(&self, _: *const ParamID, _: *mut int32) -> *mut IParamValueQueue {
        std::ptr::null_mut()
    }
}

/// Changes of some parameters at the same samples of each block. Setting them allocates nothing.
pub struct Changes {
    queues: Vec<ComWrapper<Queue>>,
    all: ComPtr<IParameterChanges>,
}

impl Changes {
    /// `times` are in samples from a block's beginning.
    pub fn new(params: &[u32], times: &[i32]) -> Self {
        let queue = |id: &u32| {
            let points = times.iter().map(|time| Cell::new((*time, 0.0)));
            ComWrapper::new(Queue {
                id: *id,
                points: points.collect(),
            })
        };
        let queues: Vec<ComWrapper<Queue>> = params.iter().map(queue).collect();
        let pointers = queues.iter().map(|queue| queue.to_com_ptr().unwrap());
        let all = ComWrapper::new(Queues(pointers.collect()));
        Self {
            all: all.to_com_ptr().unwrap(),
            queues,
        }
    }

    /// How many parameters move.
    pub fn params(&self) -> usize {
        self.queues.len()
    }

    /// Sets each point to what `value` says of its parameter's and its own number.
    pub fn set(&self, value: impl Fn(usize, usize) -> f64) {
        for (number, queue) in self.queues.iter().enumerate() {
            for (at, point) in queue.points.iter().enumerate() {
                point.set((point.get().0, value(number, at)));
            }
        }
    }

    pub fn as_ptr(&self) -> *mut IParameterChanges {
        self.all.as_ptr()
    }
}
