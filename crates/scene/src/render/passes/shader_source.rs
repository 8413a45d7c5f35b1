//! A pass's whole shader: the declarations of all that it names, then its own text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::moment::Frame;
use super::pass::{Pass, Piece, Read, Work, Write};
use super::resource::Resource;
use crate::gpu::shaders::Shader;
use crate::render::wgsl::Shared;

/// What a pass binds under one number.
#[derive(Clone, Copy)]
pub enum Slot {
    /// The [`Frame`].
    Frame,
    /// The numbers of a step.
    Step,
    /// The n-th of what the pass is told.
    Told(usize),
    /// What it reads.
    Read(Read),
    /// A buffer that it computes.
    Computed(&'static Resource),
}

/// The one triangle of whatever fills its target.
static FULLSCREEN: Piece = Piece {
    shader: Shader::named("shared/fullscreen.wgsl"),
    constants: &[],
};

/// What a pass binds, in the order of the numbers.
pub fn slots(pass: &Pass) -> Vec<Slot> {
    let step = matches!(pass.work, Work::Steps(_)).then_some(Slot::Step);
    let told = (0..pass.told.len()).map(Slot::Told);
    let reads = pass.reads.iter().map(|read| Slot::Read(*read));
    let computed = pass.writes.iter().filter_map(|write| match write {
        Write::To(resource) if resource.element().is_some() => Some(Slot::Computed(resource)),
        _ => None,
    });
    let frame = std::iter::once(Slot::Frame);
    frame
        .chain(step)
        .chain(told)
        .chain(reads)
        .chain(computed)
        .collect()
}

/// A pass's shader in full.
pub fn shader(pass: &Pass) -> String {
    let fills = matches!(pass.work, Work::Fill | Work::FillSeen).then_some(&FULLSCREEN);
    let pieces: Vec<&Piece> = pass.pieces.iter().copied().chain(fills).collect();
    let mut text = String::new();
    let constants = pieces.iter().flat_map(|piece| piece.constants);
    let constants: BTreeMap<&str, String> = constants
        .chain(pass.constants)
        .map(|(name, value)| (*name, value.literal()))
        .collect();
    let mut structs = BTreeMap::from([(Frame::NAME, Frame::declaration())]);
    let mut bindings = String::new();
    for (number, slot) in slots(pass).into_iter().enumerate() {
        let declared = match slot {
            Slot::Frame => "var<uniform> frame: Frame".to_owned(),
            Slot::Step => "var<uniform> step: vec4u".to_owned(),
            Slot::Told(index) => {
                let told = pass.told[index];
                structs.insert(told.kind(), told.declaration());
                format!("var<uniform> {}: {}", told.name(), told.kind())
            }
            Slot::Read(Read::Picture) => "var picture: texture_2d<f32>".to_owned(),
            Slot::Read(Read::Past(resource)) => {
                format!("var past_{}: texture_2d<f32>", resource.name)
            }
            Slot::Read(Read::Now(resource)) => variable(resource, "read", &mut structs),
            Slot::Computed(resource) => variable(resource, "read_write", &mut structs),
        };
        let _ = writeln!(bindings, "@group(0) @binding({number}) {declared};");
    }
    text.extend(structs.into_values());
    for (name, value) in constants {
        let _ = writeln!(text, "const {name} = {value};");
    }
    text.push_str(&bindings);
    text.extend(pieces.iter().map(|piece| piece.shader.text()));
    text.push_str(&pass.shader.text());
    text
}

fn variable(
    resource: &Resource,
    access: &str,
    structs: &mut BTreeMap<&'static str, String>,
) -> String {
    let name = resource.name;
    let Some(element) = resource.element() else {
        return format!("var {name}: texture_2d<f32>");
    };
    if let Some(declaration) = element.declaration {
        structs.insert(element.name, declaration());
    }
    format!("var<storage, {access}> {name}: array<{}>", element.name)
}
