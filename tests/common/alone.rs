//! A process of its own for a test whose deed reaches all of its process, or that counts in all of it.

use std::ffi::OsStr;
use std::process::Command;

/// Says to a process that it has been started for one test alone.
const ALONE: &str = "SYNOPSIA_TEST_ALONE";

/// Whether this process is there for `test` alone. If not, runs that, by its whole name, in one that is
/// and has these environment variables, and sees that it passes there.
pub fn alone(test: &str, variables: &[(&str, &OsStr)]) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let output = Command::new(std::env::current_exe().expect("the tests' own path"))
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(ALONE, "yes")
        .envs(variables.iter().copied())
        .output()
        .expect("the tests run again");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let passed = output.status.success() && said.contains("1 passed");
    assert!(passed, "{}: {said}", output.status);
    false
}
