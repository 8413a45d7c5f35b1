//! `cargo xtask bundle synopsia --release` makes the plugin bundles in `target/bundled`.

fn main() -> nice_plug_xtask::Result<()> {
    nice_plug_xtask::main()
}
