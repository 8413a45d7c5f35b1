//! The monitors of the machine, under names that tell them apart.

use std::collections::HashSet;

use winit::event_loop::ActiveEventLoop;
use winit::monitor::MonitorHandle;

/// A monitor, projector or wall.
#[derive(Clone, Debug, PartialEq)]
pub struct Monitor {
    /// The system's name of it, with a number where two have the same.
    pub name: String,
    /// Width and height, pixels.
    pub size: [u32; 2],
    /// How often it shows a new picture, Hz, where it says so.
    pub refresh: Option<f64>,
    /// Its left upper corner on the desktop, pixels.
    pub position: [i32; 2],
    /// Whether the system calls it the primary one.
    pub primary: bool,
}

/// All monitors with the system's handles: the primary one first, then from left to right and from
/// top to bottom, so that a number means the same one until the cables change.
pub(super) fn all(event_loop: &ActiveEventLoop) -> Vec<(Monitor, MonitorHandle)> {
    let primary = event_loop.primary_monitor();
    let mut handles: Vec<MonitorHandle> = event_loop.available_monitors().collect();
    handles.sort_by_key(|handle| {
        let place = handle.position();
        (primary.as_ref() != Some(handle), place.x, place.y)
    });
    let names = distinct(handles.iter().map(MonitorHandle::name));
    let described = names
        .into_iter()
        .zip(&handles)
        .map(|(name, handle)| Monitor {
            name,
            size: handle.size().into(),
            refresh: handle
                .refresh_rate_millihertz()
                .filter(|&rate| rate > 0)
                .map(|rate| f64::from(rate) / 1000.0),
            position: handle.position().into(),
            primary: primary.as_ref() == Some(handle),
        });
    described
        .collect::<Vec<_>>()
        .into_iter()
        .zip(handles)
        .collect()
}

/// The same names, numbered where one comes twice, and made up where there is none.
fn distinct(names: impl Iterator<Item = Option<String>>) -> Vec<String> {
    let mut taken = HashSet::new();
    let numbered = names.map(|name| {
        let name = name.filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| "Monitor".to_owned());
        let mut candidate = name.clone();
        let mut number = 2;
        while !taken.insert(candidate.clone()) {
            candidate = format!("{name} ({number})");
            number += 1;
        }
        candidate
    });
    numbered.collect()
}

/// The monitor of that name.
pub(super) fn called(event_loop: &ActiveEventLoop, name: &str) -> Option<MonitorHandle> {
    all(event_loop)
        .into_iter()
        .find(|(monitor, _)| monitor.name == name)
        .map(|(_, handle)| handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_whatever_the_system_says() {
        let names = ["EPSON", "EPSON", "", "EPSON (2)", "EPSON"].map(|name| Some(name.to_owned()));
        let distinct = distinct(names.into_iter().chain([None]));
        let wanted = [
            "EPSON",
            "EPSON (2)",
            "Monitor",
            "EPSON (2) (2)",
            "EPSON (3)",
            "Monitor (2)",
        ];
        assert_eq!(distinct, wanted);
    }
}
