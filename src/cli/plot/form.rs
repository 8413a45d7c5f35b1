//! How the song is built, over time.

use super::canvas::{Align, Area};
use super::layout::{CLASS_FLOW, FEELING, FORM, LEVEL, PULSE, SPECTRUM};
use super::sheet::Sheet;
use super::style::{BRIGHT, DROP, QUIET, SECTION_INKS, bold, faded, label};
use crate::signal::{BuildUp, Drop, Section, Structure};

/// Height of the strip below the sections in which build-ups rise.
const RISE: f32 = 9.0;

/// A section narrower than this has no name written in it, and one narrower than that no length.
const LEAST_NAME: f32 = 12.0;
const LEAST_LENGTH: f32 = 34.0;

impl Sheet {
    /// Sections as blocks with their names, in one colour where they are alike, brighter the more
    /// energy they have; build-ups as wedges below.
    pub(super) fn form(&mut self, structure: &Structure) {
        self.ground(FORM, "Form", "alike sections share a name; lengths in bars");
        let mut right = FORM.right();
        for (name, ink) in [("drop", DROP), ("build-up", QUIET)] {
            let look = bold(16.0, ink, Align::Right);
            let width = self.canvas.text(right, FORM.top - 13.0, name, look);
            let (tip, baseline) = (right - width - 8.0, FORM.top - 13.0);
            if name == "drop" {
                self.arrow(tip - 6.0, baseline - 1.0);
            } else {
                self.wedge(tip - 18.0, tip, baseline, 1.0);
            }
            right = tip - 36.0;
        }
        if structure.sections.is_empty() {
            return self.nothing(FORM, "nothing was heard");
        }
        for section in &structure.sections {
            self.section(section);
        }
        for build_up in &structure.build_ups {
            self.build_up(build_up);
        }
    }

    fn section(&mut self, section: &Section) {
        let (left, right) = (self.x(section.begin.seconds), self.x(section.end.seconds));
        let block = Area {
            left: left + 0.5,
            top: FORM.top,
            width: (right - left - 1.0).max(0.5),
            height: FORM.height - RISE,
        };
        if section.name.is_silence() {
            return;
        }
        let ink = SECTION_INKS[usize::from(section.name.0) % SECTION_INKS.len()];
        self.canvas
            .card(block, 4.0, faded(ink, 0.3 + 0.6 * section.energy));
        let name = section.name.to_string();
        let (middle, baseline) = ((left + right) / 2.0, block.top + block.height / 2.0 + 6.0);
        let look = bold(17.0, BRIGHT, Align::Left);
        let wide = self.canvas.width_of(&name, look);
        if block.width < LEAST_NAME.max(wide + 4.0) {
            return;
        }
        let length = section
            .bars
            .filter(|_| block.width >= LEAST_LENGTH.max(wide + 24.0));
        let length = length.map(|bars| bars.to_string()).unwrap_or_default();
        let small = label(13.0, BRIGHT.at(0.75), Align::Left);
        let gap = if length.is_empty() { 0.0 } else { 3.0 };
        let total = wide + gap + self.canvas.width_of(&length, small);
        self.canvas
            .text(middle - total / 2.0, baseline, &name, look);
        self.canvas
            .text(middle - total / 2.0 + wide + gap, baseline, &length, small);
    }

    fn build_up(&mut self, build_up: &BuildUp) {
        let (left, right) = (self.x(build_up.begin.seconds), self.x(build_up.end.seconds));
        self.wedge(left, right, FORM.bottom(), build_up.strength);
    }

    /// A wedge that rises from left to right, brighter the stronger it is.
    fn wedge(&mut self, left: f32, right: f32, bottom: f32, strength: f32) {
        let corners = [
            (left, bottom),
            (right, bottom),
            (right, bottom - RISE + 1.0),
        ];
        self.canvas
            .polygon(&corners, QUIET.at(0.35 + 0.6 * strength));
    }

    /// A small arrow that points down to a place.
    fn arrow(&mut self, x: f32, tip: f32) {
        let corners = [(x - 6.0, tip - 10.0), (x + 6.0, tip - 10.0), (x, tip)];
        self.canvas.polygon(&corners, DROP);
    }

    /// Drops as arrows above the sections, with a line down through each panel.
    pub(super) fn drops(&mut self, drops: &[Drop]) {
        for drop in drops {
            let x = self.x(drop.at.seconds);
            let ink = DROP.at(0.25 + 0.45 * drop.strength);
            for panel in [FORM, FEELING, CLASS_FLOW, PULSE, SPECTRUM, LEVEL] {
                let (top, bottom) = ((x, panel.top), (x, panel.bottom()));
                self.canvas.line(top, bottom, 1.4, ink);
            }
            self.arrow(x, FORM.top + 3.0);
        }
    }
}
