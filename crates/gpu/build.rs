//! Lists the shaders, which crates above this one use too.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let folder = Path::new(&root).join("../../shaders");
    let mut list = "&[\n".to_owned();
    for before in ["", "shared/"] {
        let place = folder.join(before);
        println!("cargo::rerun-if-changed={}", place.display());
        let mut names: Vec<_> = std::fs::read_dir(&place)
            .expect("shaders/ is there")
            .map(|entry| entry.expect("a folder that can be listed").file_name())
            .filter(|name| name.as_encoded_bytes().ends_with(b".wgsl"))
            .collect();
        names.sort();
        for name in names {
            let (name, path) = (name.to_string_lossy(), place.join(&name));
            let file = format!("{before}{name}");
            writeln!(list, "({file:?}, include_str!({path:?})),").expect("a string has room");
        }
    }
    list += "]\n";
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("shaders.rs"), list).expect("OUT_DIR can be written");
}
