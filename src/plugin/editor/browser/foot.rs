//! What can be done with the preset that the keys are on, and what was done last.

use super::super::button::Button;
use super::super::icon::Icon;
use super::super::menu;
use super::super::settled::thrown;
use super::super::slider;
use super::super::spoken;
use super::super::theme::{self, font};
use super::super::{preset, view::View};
use crate::control::{Control, Group, Preset, delete_preset, rename_preset, tag_preset};
use egui::{Align2, Id, Rect, Role, Sense, Ui};

/// Width of a button.
const BUTTON: f32 = 76.0;

/// What is typed below the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Typed {
    /// The name of a new preset.
    Save,
    /// Another name, or other tags, of the one that the keys are on.
    Rename,
    Tags,
}

impl Typed {
    const ALL: [Self; 3] = [Self::Save, Self::Rename, Self::Tags];

    fn id(self) -> Id {
        Id::unique(("below the presets", self))
    }

    /// What a screen reader calls the field.
    fn name(self) -> &'static str {
        match self {
            Self::Save => "Name of the new preset",
            Self::Rename => "Name of the preset",
            Self::Tags => "Tags, with commas between them",
        }
    }
}

/// Whether something is being typed there.
pub fn is_typed(ui: &Ui) -> bool {
    typed(ui).is_some()
}

fn typed(ui: &Ui) -> Option<Typed> {
    let waits = |typed: &Typed| ui.data(|data| data.get_temp::<String>(typed.id()));
    Typed::ALL.into_iter().find(|typed| waits(typed).is_some())
}

fn begin(ui: &Ui, typed: Typed, text: String) {
    ui.data_mut(|data| data.insert_temp(typed.id(), text));
}

/// Shows it in `rect`.
pub fn show(view: &mut View, ui: &mut Ui, rect: Rect) {
    if let Some(typed) = typed(ui) {
        let (_, text) = slider::field(ui, rect, typed.id(), typed.name());
        if let Some(text) = text {
            complete(view, typed, text.trim());
        }
        if !is_typed(ui) {
            view.browser.wants_keys = true;
        }
        return;
    }
    let preset = view.browser.here();
    let own = preset.as_ref().filter(|preset| preset.path.is_some());
    let mut right = rect.right();
    let mut place = || {
        let place = Rect::from_x_y_ranges(right - BUTTON..=right, rect.y_range());
        right = place.left() - theme::GAP;
        place
    };
    let save = Button::word("Save as…");
    let hint = "Keeps what is seen now, its painter too, as a preset of your own.";
    if save.show(ui, place(), "Save as", hint).clicked() {
        begin(ui, Typed::Save, preset::free_name(&view.project.preset()));
    }
    chance(view, ui, &mut place);
    if let Some(own) = own {
        own_buttons(view, ui, own, &mut place);
    }
    if let Some(deleted) = view.browser.deleted.clone() {
        let hint = "Brings it back from the bin.";
        if Button::word("Undo")
            .with_icon(Icon::Undo)
            .show(ui, place(), "Bring it back", hint)
            .clicked()
        {
            view.browser.deleted = None;
            view.browser.bring_back(&deleted);
        }
    }
    let rest = rect.with_max_x(right - theme::GAP);
    words(view, ui, rest, preset.as_ref());
}

/// The groups that chance can be kept from, and what they are called.
const LOCKS: [(&str, Group); 5] = [
    ("Painter", Group::Model),
    ("Mood strength", Group::Emotion),
    ("Motion", Group::Motion),
    ("Form", Group::Form),
    ("Picture", Group::Picture),
];

/// A look that chance makes, and what it leaves alone.
fn chance(view: &mut View, ui: &Ui, place: &mut impl FnMut() -> Rect) {
    let both = place();
    let lock = both.with_min_x(both.right() - 28.0);
    let dice = both.with_max_x(lock.left() - theme::GAP);
    let hint =
        "A new look by chance, bred from these; what is locked stays. Undo brings back what was.";
    if Button::icon(Icon::Dice)
        .show(ui, dice, "Randomise", hint)
        .clicked()
    {
        view.browser.seed = thrown(ui, view.browser.seed);
        preset::randomise(view, view.browser.seed);
        view.browser.said = Some("A look by chance: keep it with Save as…".to_owned());
        view.browser.wants_keys = true;
    }
    let any = LOCKS.iter().any(|(_, group)| is_locked(view, *group));
    let hint = "What chance leaves alone. A click with Ctrl on a knob locks that one.";
    let response = Button::icon(Icon::Lock)
        .lit(any, theme::HEARD)
        .show(ui, lock, "Locks", hint);
    menu::show(&response, 150.0, |ui| {
        for (word, group) in LOCKS {
            let locked = is_locked(view, group);
            if menu::item(ui, word, locked) {
                view.edits.lock(drawn(group), !locked);
            }
        }
    });
}

/// What chance draws of a group.
fn drawn(group: Group) -> impl Iterator<Item = Control> {
    let painter = [Control::Model, Control::BlendWith, Control::BlendAmount];
    let is_drawn = move |control: &Control| control.is_of_a_look() || painter.contains(control);
    group.controls().filter(is_drawn)
}

fn is_locked(view: &View, group: Group) -> bool {
    drawn(group).all(|control| view.edits.is_locked(control))
}

/// What can be done with a preset of the user's.
fn own_buttons(view: &mut View, ui: &Ui, own: &Preset, place: &mut impl FnMut() -> Rect) {
    let hint = "Moves it into the bin, a folder beside your presets.";
    if Button::word("Delete")
        .show(ui, place(), "Delete", hint)
        .clicked()
    {
        let deleted = delete_preset(&own.name);
        let said = deleted
            .as_ref()
            .map(|deleted| format!("“{}” is in the bin", deleted.name));
        view.browser.say(said.map_err(Clone::clone));
        view.browser.deleted = deleted.ok();
        view.browser.pictures.forget(&own.name);
    }
    let hint = "What it is like and good for: “wild”, “dark”, “second half”.";
    if Button::word("Tags…")
        .show(ui, place(), "Tags", hint)
        .clicked()
    {
        begin(ui, Typed::Tags, own.tags.join(", "));
    }
    if Button::word("Rename…")
        .show(ui, place(), "Rename", "Gives it another name.")
        .clicked()
    {
        begin(ui, Typed::Rename, own.name.clone());
    }
}

/// Does what was typed.
fn complete(view: &mut View, typed: Typed, text: &str) {
    let at = view.browser.at.clone();
    let done = match typed {
        Typed::Save => preset::save(view, text).map(|saved| {
            let fine = || format!("“{text}” is saved in {}", saved.path.display());
            saved.note.clone().unwrap_or_else(fine)
        }),
        Typed::Rename if text == at => return,
        Typed::Rename => rename_preset(&at, text).map(|_| format!("“{at}” is called “{text}” now")),
        Typed::Tags => {
            let tags = text.split(',').map(|tag| tag.trim().to_lowercase());
            let tags: Vec<String> = tags.filter(|tag| !tag.is_empty()).collect();
            tag_preset(&at, &tags).map(|()| format!("“{at}” has its tags"))
        }
    };
    if view.browser.say(done) && typed != Typed::Tags {
        view.browser.pictures.forget(&at);
        view.browser.pictures.forget(text);
        if view.project.preset() == at && typed == Typed::Rename {
            view.project.set_preset(text);
        }
        view.browser.at = text.to_owned();
        view.browser.follow = true;
    }
}

/// What was done last, or else who paints the preset.
fn words(view: &View, ui: &Ui, rect: Rect, preset: Option<&Preset>) {
    let said = view.browser.said.clone();
    let about = || {
        let preset = preset?;
        let painter = match &preset.painter {
            None => "painted by whoever paints".to_owned(),
            Some(painter) => match &painter.with {
                None => format!("painted by {}", painter.model),
                Some((with, amount)) => {
                    format!(
                        "painted by {} with {:.0} % {with}",
                        painter.model,
                        100.0 * amount
                    )
                }
            },
        };
        Some(format!("{}: {painter}", preset.name))
    };
    let text = said.clone().or_else(about).unwrap_or_default();
    let colour = match said {
        Some(_) => theme::TEXT,
        None => theme::LABEL,
    };
    let cut = theme::line(
        ui.painter(),
        rect,
        Align2::LEFT_CENTER,
        &text,
        font(12.0),
        colour,
    );
    if cut {
        let response = ui.interact(rect, ui.scope_id().with("said"), Sense::hover());
        spoken::name(&response, Role::Label, &text);
        response.on_hover_text(&text);
    }
}
