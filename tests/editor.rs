//! The editor in a window, without a host.

// As in the library: its types nest deeper than the compiler looks by default.
#![recursion_limit = "256"]

mod display;
#[path = "common/turns.rs"]
mod turns;

use nice_plug::context::gui::GuiContext;
use nice_plug::editor::{Editor, EditorHandle, SpawnedEditor};
use std::sync::Arc;
use std::time::Duration;
use synopsia::live::{Part, panic_next};
use synopsia::plugin::{EditorSetup, Project, Standalone, SynopsiaEditor, SynopsiaEditorHandle};
use turns::{eventually, take_turn};

fn open(project: &Arc<Project>) -> SpawnedEditor<SynopsiaEditorHandle> {
    open_after(project, Duration::ZERO)
}

/// Opens it as a host does that shows its window later than it makes it.
fn open_after(project: &Arc<Project>, delay: Duration) -> SpawnedEditor<SynopsiaEditorHandle> {
    let gui = GuiContext::new(Arc::new(Standalone::new(Arc::clone(project))));
    let editor = SynopsiaEditor::new(Arc::clone(project));
    let opened = editor.spawn(None, false, None, gui, None);
    let opened = opened.unwrap_or_else(|e| panic!("the editor does not open: {e}"));
    std::thread::sleep(delay);
    let shown = opened.handle.show(&opened.window);
    shown.unwrap_or_else(|e| panic!("the editor is not shown: {e}"));
    opened
}

/// Whether the editor looks at pictures, which it does in every frame.
fn is_drawn(project: &Project) -> bool {
    project.live.shown().is_some()
}

#[test]
fn it_opens_and_closes_many_times() {
    let _turn = take_turn();
    let project = Arc::new(Project::default());
    for _ in 0..6 {
        drop(open(&project));
    }
    let opened = open(&project);
    eventually("the first picture", || is_drawn(&project));
    drop(opened);
    assert_eq!(project.live.status().problem, None);
}

#[test]
fn it_is_drawn_also_when_it_is_shown_late() {
    let _turn = take_turn();
    let project = Arc::new(Project::default());
    let opened = open_after(&project, Duration::from_millis(300));
    eventually("the first picture", || is_drawn(&project));
    drop(opened);
}

#[test]
fn two_editors_are_open_at_once() {
    let _turn = take_turn();
    let projects = [(); 2].map(|()| Arc::new(Project::default()));
    // The later one is smaller: an editor that another window covers wholly is not drawn.
    let size = EditorSetup::SMALLEST;
    projects[1].set_editor(EditorSetup { size, scale: 0.75 });
    let opened = projects.each_ref().map(open);
    for project in &projects {
        eventually("a picture in both", || is_drawn(project));
    }
    drop(opened);
}

#[test]
fn a_panic_in_it_is_survived_and_reported() {
    let _turn = take_turn();
    let project = Arc::new(Project::default());
    let opened = open(&project);
    panic_next(Part::Editor);
    eventually("the report", || project.live.status().problems > 0);
    let problem = project.live.status().problem.unwrap_or_default();
    assert!(problem.contains("editor"), "{problem}");
    drop(opened);
    let again = open(&project);
    eventually("a picture afterwards", || is_drawn(&project));
    assert_eq!(project.live.status().problems, 1);
    drop(again);
}

#[test]
fn its_size_and_scale_are_those_of_the_project() {
    let _turn = take_turn();
    let project = Arc::new(Project::default());
    let editor = SynopsiaEditor::new(Arc::clone(&project));
    for (size, scale) in [(EditorSetup::SMALLEST, 1.0), ([1000, 600], 1.5)] {
        project.set_editor(EditorSetup { size, scale });
        let told = editor.size();
        let sides = size.map(|side| (side as f32 * scale).round() as u32);
        assert_eq!([told.width, told.height], sides);
        let opened = open(&project);
        assert_eq!(<[u32; 2]>::from(opened.window.size().physical), sides);
        drop(opened);
        assert_eq!(project.editor(), EditorSetup { size, scale });
    }
}
