//! A stream in memory, as which a VST3 host hands over what it saves with its project.

use std::ffi::c_void;
use std::sync::Mutex;
use vst3::Class;
use vst3::Steinberg::*;

/// What is in it, and how far it has been read.
#[derive(Default)]
pub struct Stream(Mutex<(Vec<u8>, usize)>);

impl Stream {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Mutex::new((bytes.to_vec(), 0)))
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().0.clone()
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, to: *mut c_void, count: int32, done: *mut int32) -> tresult {
        let mut inner = self.0.lock().unwrap();
        let (bytes, position) = &mut *inner;
        let count = (count as usize).min(bytes.len() - *position);
        // SAFETY: there is room for as many bytes as were asked for.
        unsafe {
            let from = bytes.as_ptr().add(*position);
            to.cast::<u8>().copy_from_nonoverlapping(from, count);
            *done = count as int32;
        }
        *position += count;
        kResultOk
    }

    unsafe fn write(&self, from: *mut c_void, count: int32, done: *mut int32) -> tresult {
        // SAFETY: there are as many bytes as is said.
        unsafe {
            let from = std::slice::from_raw_parts(from.cast(), count as usize);
            self.0.lock().unwrap().0.extend_from_slice(from);
            *done = count;
        }
        kResultOk
    }

    unsafe fn seek(&self, to: int64, mode: int32, result: *mut int64) -> tresult {
        let mut inner = self.0.lock().unwrap();
        let from = match mode {
            0 => 0,
            1 => inner.1,
            _ => inner.0.len(),
        };
        let position = (from as int64 + to).clamp(0, inner.0.len() as int64);
        inner.1 = position as usize;
        // SAFETY: it is null or there is room for it.
        if let Some(result) = unsafe { result.as_mut() } {
            *result = position;
        }
        kResultOk
    }

    unsafe fn tell(&self, position: *mut int64) -> tresult {
        // SAFETY: there is room for it.
        unsafe { *position = self.0.lock().unwrap().1 as int64 };
        kResultOk
    }
}
