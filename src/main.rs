fn main() -> std::process::ExitCode {
    synopsia::cli::main()
}
