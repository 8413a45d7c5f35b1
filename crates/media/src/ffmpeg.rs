//! How ffmpeg's programs are started, and what they complain of.

use std::io::{self, Read};
use std::process::{ChildStderr, Command};
use std::thread::JoinHandle;

/// How much of what a program says is listened to, bytes.
const SAID: u64 = 1 << 16;

/// `ffmpeg` or `ffprobe`, which say nothing but errors. A terminal's Ctrl-C is kept from them: it is
/// meant for us, who finish what was begun.
pub(super) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.args(["-hide_banner", "-loglevel", "error"]);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt;
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        command.creation_flags(CREATE_NEW_PROCESS_GROUP);
    }
    command
}

/// Listens to what a program complains of, on a thread that ends with it.
pub(super) fn listen(mut stderr: ChildStderr) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut said = Vec::new();
        // What was said before a failure is still worth telling, and what is too much to be told is
        // read all the same: nobody waits for it then.
        let _ = stderr.by_ref().take(SAID).read_to_end(&mut said);
        let _ = io::copy(&mut stderr, &mut io::sink());
        String::from_utf8_lossy(&said).into_owned()
    })
}
