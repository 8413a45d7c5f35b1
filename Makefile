# The two commands to know are `make demo` and `make test`. Each sets up what it needs first.

DEMO := plugin-assets/demo/three-weathers.ogg
FILM ?= demo.mp4
MODEL ?= $(CURDIR)/models/looks.safetensors
PYTHON ?= python3

# Where rustup puts cargo, for shells that have not read its profile yet.
export PATH := $(HOME)/.cargo/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help demo dev plugin install uninstall test bless lint bench bench-gpu setup-build setup-test

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: setup-build ## Build, and paint the demo track: demo.mp4 (or FILM=...).
	cargo build --release --locked
	cargo run --release --locked --quiet -- render $(DEMO) --output $(FILM) --force
	@echo "The film is $(abspath $(FILM))"

dev: setup-build ## Play the demo track live, its shaders read again whenever one is saved.
	cargo run --locked -- live $(DEMO) --loop --shaders shaders

plugin: setup-build ## Bundle the plugin, CLAP and VST3: target/bundled.
	cargo xtask bundle synopsia --release --locked

install: plugin ## Install the plugin, and the command `synopsia`, for this user.
	scripts/plugin.sh install
	cargo install --path . --locked

uninstall: ## Take both away again.
	scripts/plugin.sh uninstall
	-cargo uninstall synopsia

# Many tests wait (for a window, a host, a song): twice as many run at once as there are cores.
test: setup-test lint ## Check format, lints, documentation, and run every test.
	RUST_TEST_THREADS=$$((2 * $$(getconf _NPROCESSORS_ONLN))) cargo test --locked

bless: ## Keep the golden pictures that have changed, and show old, new and difference: target/scenes, target/screens.
	SYNOPSIA_BLESS=1 cargo test --locked --lib --test scenes when_it_was_blessed -- --nocapture

lint: setup-test
	cargo fetch --locked --quiet
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked --quiet

bench: setup-build ## Measure the parts that must keep up with the music.
	cargo bench --locked

bench-gpu: setup-build ## Measure a graphics card, beside PyTorch (PYTHON=..., MODEL=...).
	cargo bench --locked --bench painter -- --gpu $(MODEL)
	$(PYTHON) benches/pytorch_gpu.py $(MODEL) --ours "cargo bench --quiet --locked --bench painter --"

setup-build:
	@scripts/setup.sh build

setup-test:
	@scripts/setup.sh test
