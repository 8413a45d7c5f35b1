//! The strongest proof that there is: an audio thread that ends its process with any system call.

use std::process::{Command, ExitStatus};

/// Says to a process that it is the child, and what its audio thread does.
pub const CHILD: &str = "SYNOPSIA_TEST_AUDIO_THREAD";

/// Not what a process that tests ends with by itself.
pub const MADE_IT: i32 = 77;

/// Forbids the calling thread every system call but the one that ends the process.
fn forbid_system_calls() {
    let statement = |code: u32, k: u32| libc::sock_filter {
        code: code as u16,
        jt: 0,
        jf: 0,
        k,
    };
    let number = std::mem::offset_of!(libc::seccomp_data, nr) as u32;
    let mut program = [
        statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, number),
        libc::sock_filter {
            jf: 1,
            ..statement(
                libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
                libc::SYS_exit_group as u32,
            )
        },
        statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW),
        statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_KILL_PROCESS),
    ];
    let filter = libc::sock_fprog {
        len: program.len() as u16,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the filter is read during the call only, and holds for this thread alone.
    let refused = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
            || libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &filter) != 0
    };
    assert!(!refused, "{}", std::io::Error::last_os_error());
}

/// Runs this binary again, so that `test` runs as the child whose audio thread does `what`.
pub fn child(test: &str, what: &str) -> ExitStatus {
    let binary = std::env::current_exe().expect("the tests' own path");
    let output = Command::new(binary)
        .args([test, "--exact", "--test-threads=1", "--nocapture"])
        .env(CHILD, what)
        .output()
        .expect("the tests run again");
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    output.status
}

/// The audio thread of the child: forbids itself system calls, does its work and ends the process
/// with `MADE_IT`. Meanwhile this thread does what a host's own does, again and again.
pub fn as_child(work: impl FnOnce() + Send, mut main_thread: impl FnMut()) -> ! {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            forbid_system_calls();
            work();
            // SAFETY: nothing in this process has to be put away.
            unsafe { libc::_exit(MADE_IT) }
        });
        loop {
            main_thread();
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    })
}
