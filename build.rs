//! Keeps the plugin's library in memory once a host has loaded it.
//!
//! Graphics drivers and the window system keep threads and callbacks inside the library for as
//! long as the process lives, so a host that unloaded it would crash on them.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let os = std::env::var("CARGO_CFG_TARGET_OS");
    if os.as_deref() == Ok("linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
