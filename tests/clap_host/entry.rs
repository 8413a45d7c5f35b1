//! What a host learns before it makes an instance.

use crate::host::{Asked, Handlers, MainThread, entry};
use clack_host::prelude::*;
use std::collections::BTreeSet;

#[test]
fn a_factory_that_there_is_not_is_refused() {
    let factory = entry().raw_entry().get_factory.expect("factories");
    // SAFETY: the entry is initialized, and the name ends with a zero.
    assert!(unsafe { factory(c"clap.no-such-factory".as_ptr()) }.is_null());
}

#[test]
fn a_plugin_that_there_is_not_is_refused() {
    let factory = entry().get_plugin_factory().expect("a plugin factory");
    let ids: Vec<_> = factory
        .plugin_descriptors()
        .map(|descriptor| descriptor.id().expect("an identifier").to_owned())
        .collect();
    assert_eq!(ids.len(), 1);
    let info = HostInfo::new("tests", "Synopsia", "https://synopsia.example", "1").unwrap();
    for wrong in [c"", c"org.synopsia.synopsia ", c"org.synopsia.synopsiaa"] {
        let made = PluginInstance::<Handlers>::new(
            |_| Asked::default(),
            |_| MainThread::default(),
            entry(),
            wrong,
            &info,
        );
        assert!(made.is_err(), "{wrong:?}");
    }
}

#[test]
fn features_name_a_kind_of_plugin_and_are_not_repeated() {
    let factory = entry().get_plugin_factory().expect("a plugin factory");
    let descriptor = factory.plugin_descriptors().next().expect("a plugin");
    let features: Vec<_> = descriptor.features().collect();
    let kinds = [
        c"instrument",
        c"audio-effect",
        c"note-effect",
        c"note-detector",
        c"analyzer",
    ];
    assert!(features.iter().any(|feature| kinds.contains(feature)));
    assert_eq!(
        features.iter().collect::<BTreeSet<_>>().len(),
        features.len()
    );
}
