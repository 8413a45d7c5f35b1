//! Errors of the device, caught where they arise.
//!
//! The device is shared by all who paint, render and show, in all instances. What one of them asks
//! too much of it (memory above all) is that one's to answer for: caught here it never reaches
//! [`GpuContext::lost`], on which all the others give the device up.

use super::GpuContext;

impl GpuContext {
    /// What `work` makes, or the first thing that the device refused meanwhile: memory, a shader, a
    /// use of it. Scopes are the thread's own; what other threads do is not seen.
    ///
    /// # Errors
    /// In the device's words, in one line: what it refused, or why it is lost.
    pub fn watched<T>(&self, work: impl FnOnce() -> T) -> Result<T, String> {
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let made = work();
        let errors = [internal.pop(), validation.pop(), memory.pop()].map(pollster::block_on);
        match (errors.into_iter().flatten().next(), self.lost()) {
            (Some(error), _) => Err(in_one_line(&error.to_string())),
            (None, Some(why)) => Err(why),
            (None, None) => Ok(made),
        }
    }
}

/// What a card says, in one line: of a shader that it does not understand the text that it means and the
/// first error, as "in `...`: expected ...".
fn in_one_line(said: &str) -> String {
    let error = said
        .lines()
        .find_map(|line| Some(line.split_once("error: ")?.1.trim()));
    let line = said
        .lines()
        .find_map(|line| Some(line.split_once(" │ ")?.1.trim()).filter(|line| !line.is_empty()));
    match (error, line) {
        (Some(error), Some(line)) => format!("in `{line}`: {error}"),
        _ => said.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::in_one_line;

    #[test]
    fn what_a_card_says_is_one_line_that_begins_with_the_place() {
        let said = "Validation Error\n\nCaused by:\n  Shader 'x' parsing error: expected `;`\n   \
                    ┌─ wgsl:3:1\n   │\n 3 │     let a = 1\n   │ ^ expected `;`\n";
        assert_eq!(in_one_line(said), "in `let a = 1`: expected `;`");
        let said = "Out of Memory\n  for a buffer";
        assert_eq!(in_one_line(said), "Out of Memory for a buffer");
    }
}
