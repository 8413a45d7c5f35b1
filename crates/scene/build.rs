//! Lists the presets that come with the program, so that adding one is adding a file, and a picture of what it paints
//! beside it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let folder = std::path::Path::new(&root).join("../../plugin-assets/presets");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .expect("plugin-assets/presets is there")
        .map(|entry| entry.expect("a folder that can be listed").file_name())
        .filter(|name| name.as_encoded_bytes().ends_with(b".json"))
        .collect();
    names.sort();
    let mut list = "&[\n".to_owned();
    for name in names {
        let path = folder.join(&name);
        let picture = path.with_extension("jpg");
        let picture = match picture.exists() {
            true => format!("include_bytes!({picture:?})"),
            false => "&[]".to_owned(),
        };
        let name = name.to_string_lossy();
        list += &format!("({name:?}, include_str!({path:?}), {picture}),\n");
    }
    list += "]\n";
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(std::path::Path::new(&out).join("presets.rs"), list)
        .expect("OUT_DIR can be written");
}
