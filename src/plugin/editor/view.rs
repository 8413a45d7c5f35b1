//! An open editor: what its parts share.

use super::browser::Browser;
use super::drawing::Lane;
use super::edits::Edits;
use super::preview::Preview;
use super::tasks::Tasks;
use super::thumbnails::Thumbnails;
use super::trail::Trail;
use crate::live::Status;
use crate::plugin::Project;
use crate::render::Picture;
use crate::show::Board;
use nice_plug::context::PluginApi;
use nice_plug::context::gui::GuiContext;
use std::path::PathBuf;
use std::sync::Arc;

/// An open editor.
pub struct View {
    pub project: Arc<Project>,
    pub edits: Edits,
    /// How things are in this frame.
    pub status: Status,
    /// The pictures among which the song walks.
    pub board: Arc<Board>,
    /// The picture that is shown, and its number.
    pub shown: Option<(Arc<Picture>, u64)>,
    pub preview: Preview,
    pub trail: Trail,
    pub lane: Lane,
    pub tasks: Tasks,
    pub thumbnails: Thumbnails,
    pub browser: Browser,
    pub about: bool,
    /// Problems that were seen, the time since the newest was, and those that were put away.
    pub problems: u64,
    pub alarmed: f64,
    pub dismissed: u64,
    /// The film whose place was read.
    pub film_seen: Option<PathBuf>,
    /// What the host leaves to be seen of the window, points, where it may be less than all.
    pub room: Option<egui::Vec2>,
}

impl View {
    pub fn new(project: Arc<Project>, gui: GuiContext) -> Self {
        Self {
            film_seen: project.live.status().last_film,
            edits: Edits::new(gui, Arc::clone(&project)),
            project,
            status: Status::default(),
            board: Arc::default(),
            shown: None,
            preview: Preview::default(),
            trail: Trail::default(),
            lane: Lane::default(),
            tasks: Tasks::default(),
            thumbnails: Thumbnails::default(),
            browser: Browser::default(),
            about: false,
            problems: 0,
            alarmed: 0.0,
            dismissed: 0,
            room: None,
        }
    }

    /// Whether there is a host. There the keyboard is the host's: the editor has it only while
    /// somebody types into one of its text fields, and beyond that hears of nothing but its
    /// [shortcuts](super::shortcut), with the modifiers that hosts leave alone. No control may take
    /// the keyboard on a click.
    pub fn is_in_host(&self) -> bool {
        self.edits.api() != PluginApi::Standalone
    }

    /// Takes in how things are. Nothing is painted for a window that is not `seen`.
    pub fn look(&mut self, seen: bool) {
        let live = &self.project.live;
        if seen {
            live.look();
        }
        self.status = live.status();
        self.board = live.board();
        let shown = live.shown();
        self.shown = shown.map(|shown| (Arc::clone(&shown.picture), shown.number));
    }

    /// Begins to drag a file to whoever takes it.
    #[cfg(all(unix, not(target_os = "macos")))]
    pub fn drag_out(&self, path: PathBuf) {
        let live = Arc::clone(&self.project.live);
        super::drag_out::begin(path, move |problem| live.report(problem));
    }
}
