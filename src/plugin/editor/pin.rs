//! Keeps the graphics drivers that the editor uses in memory.
//!
//! The window library unloads OpenGL with the last window. Mesa's drivers leave handlers behind
//! that run when a thread or the process ends, and these would run in memory that is gone: a host
//! that opened and closed an editor would crash later, at the latest when it quits.

use std::ffi::{CStr, CString, c_int, c_void};

/// How the names of drivers, and of what they load, begin.
const DRIVERS: [&str; 8] = [
    "libGL",
    "libEGL",
    "libglapi",
    "libgallium",
    "libvulkan",
    "libnvidia",
    "libLLVM",
    "libX",
];

/// Where Mesa keeps its drivers.
const FOLDER: &str = "/dri/";

/// Pins the drivers that are loaded now. To be called when the window's context exists.
pub fn drivers() {
    let mut found: Vec<CString> = Vec::new();
    // SAFETY: the callback has the signature that is asked for, and gets the list that it expects.
    unsafe { libc::dl_iterate_phdr(Some(collect), (&raw mut found).cast()) };
    let flags = libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
    for path in found {
        // SAFETY: the library is loaded already, so none of its code runs. Its handle is leaked: it
        // is to stay.
        unsafe { libc::dlopen(path.as_ptr(), flags) };
    }
}

fn is_driver(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.contains(FOLDER) || DRIVERS.iter().any(|driver| name.starts_with(driver))
}

/// Adds the path of a driver to the list in `found`.
unsafe extern "C" fn collect(info: *mut libc::dl_phdr_info, _: usize, found: *mut c_void) -> c_int {
    // SAFETY: the loader gives a valid record, whose name is a C string or null; `found` is the
    // list of `drivers`.
    unsafe {
        let name = (*info).dlpi_name;
        if !name.is_null() && CStr::from_ptr(name).to_str().is_ok_and(is_driver) {
            (*found.cast::<Vec<CString>>()).push(CStr::from_ptr(name).to_owned());
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::is_driver;

    #[test]
    fn drivers_are_known_by_their_names_and_nothing_else_is() {
        assert!(is_driver("/usr/lib/x86_64-linux-gnu/dri/swrast_dri.so"));
        assert!(is_driver("/lib/x86_64-linux-gnu/libGLX_mesa.so.0"));
        assert!(!is_driver(
            "/home/me/.vst3/Other.vst3/Contents/x86_64-linux/Other.so"
        ));
        assert!(!is_driver("/lib/x86_64-linux-gnu/libc.so.6"));
        assert!(!is_driver(""));
    }
}
