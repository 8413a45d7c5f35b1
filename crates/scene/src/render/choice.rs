//! Which renderer makes the pictures.

use super::{CpuRenderer, GpuRenderer, Quality, RenderError, Renderer};
use crate::gpu::{GpuContext, Prefer};
use std::sync::Arc;

/// Makes the renderer that `prefer` asks for, for pictures of `width` by `height` pixels, and says
/// in a sentence which one it is and why. `threads` is for the processor. Where the card cannot
/// render, the processor does.
///
/// # Errors
/// When the card was asked for and cannot render pictures of that size.
pub fn open(
    prefer: Prefer,
    gpu: Option<&Arc<GpuContext>>,
    width: usize,
    height: usize,
    threads: usize,
) -> Result<(Box<dyn Renderer>, String), RenderError> {
    let cpu = || Box::new(CpuRenderer::new(width, height, threads));
    let context = match (prefer, gpu) {
        (Prefer::Cpu, _) => return Ok((cpu(), "The CPU renders".into())),
        (_, None) => {
            return Ok((
                cpu(),
                "The CPU renders: there is no graphics adapter".into(),
            ));
        }
        (Prefer::Auto | Prefer::Fastest, Some(context)) if context.is_software() => {
            let name = &context.info.name;
            return Ok((
                cpu(),
                format!("The CPU renders: {name} is a software adapter"),
            ));
        }
        (_, Some(context)) => context,
    };
    let name = &context.info.name;
    let quality = Quality::of(context);
    match GpuRenderer::new(Arc::clone(context), width, height, quality) {
        Ok(renderer) => Ok((Box::new(renderer), format!("{name} renders"))),
        Err(error) if prefer == Prefer::Gpu => Err(error),
        Err(error) => Ok((cpu(), format!("The CPU renders: {error}"))),
    }
}
