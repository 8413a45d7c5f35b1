//! What a screen reader says of a widget: its name, its kind and how it stands.
//!
//! Everything that can be clicked, dragged or typed into has a name of its own, which stays the same
//! while its value changes; the hint that a pointer brings up is its description. egui makes a tree of it;
//! the window library hands that to no screen reader yet.

use egui::accesskit::HasPopup;
use egui::{Response, Role, WidgetInfo};

/// A widget that shows a value, in words.
pub fn with_value(role: Role, name: &str, value: &str) -> WidgetInfo {
    WidgetInfo {
        current_text_value: Some(value.to_owned()),
        ..WidgetInfo::labeled(role, true, name)
    }
}

/// Names a widget that shows no value.
pub fn name(response: &Response, role: Role, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(role, true, name));
}

/// Says that a menu belongs to a widget, and whether it is open.
pub fn has_menu(response: &Response, open: bool) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_has_popup(HasPopup::Menu);
        node.set_expanded(open);
    });
}
