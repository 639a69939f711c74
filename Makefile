# Set-up and short names; `cargo` does the work. Everything builds the whole workspace: with fewer crates cargo would
# switch other features on, and compile the WebAssembly engine once more.

CARGO ?= cargo
TARGET = $(or $(CARGO_TARGET_DIR),target)

# Crates whose tests are run a second time, unoptimised.
CHECKED = chitin-config chitin-document chitin-fs chitin-model chitin-openclaw chitin-collect chitin-trust chitin-check-code \
	chitin-check-channels chitin-check-exposure chitin-check-filesystem chitin-check-gateway chitin-check-plugins chitin-check-tools

# A pipe fails with any of its commands.
SHELL = /bin/bash -o pipefail

.PHONY: demo test test-checked deny toolchain check-windows pages accuracy bench

demo: toolchain ## Build chitin and audit a badly exposed gateway
	$(CARGO) build --release --workspace
	$(TARGET)/release/chitin audit tests/data/gateways/exposed

test: toolchain ## Formatting, lints and every test
	$(CARGO) fmt --all -- --check
	rustfmt --check --edition 2024 checks/openclaw/src/channels/*.rs # a macro declares them, which cargo fmt does not follow
	$(CARGO) fmt --check --manifest-path tests/guests/Cargo.toml --all
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings
	$(CARGO) clippy --release --manifest-path tests/guests/Cargo.toml --target-dir $(TARGET)/guests-lint -- -D warnings
	$(CARGO) test --release --workspace --no-fail-fast 2>&1 | tee $(TARGET)/test.log
	$(TARGET)/release/chitin-test-report $(TARGET)/test.log

test-checked: ## The tests of the crates that need no engine, with overflow checks and debug assertions
	$(CARGO) test --lib $(patsubst %,-p %,$(CHECKED))

deny: ## Licences, sources, banned crates and known vulnerabilities of what chitin is made of
	$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install --locked --version 0.20.2 cargo-deny
	$(CARGO) deny --exclude-dev check bans
	$(CARGO) deny check licenses sources
	if $(CARGO) deny fetch db >/dev/null 2>&1; then $(CARGO) deny check --disable-fetch advisories; \
	else echo "advisories: NOT CHECKED, because the advisory database cannot be fetched" >&2; fi

check-windows: ## Type-check the host for Windows
	./check-windows.sh

toolchain: ## Make sure that checks can be compiled to WebAssembly
	./toolchain.sh

pages: ## Write docs/rules anew from the modules' manifests
	CHITIN_UPDATE_PAGES=1 $(CARGO) test --release --workspace --test chitin rule_pages

accuracy: ## Measure the code scanner on labelled samples and rewrite docs/accuracy.md
	CHITIN_UPDATE_PAGES=1 $(CARGO) test --release -p chitin-check-code --test scanner accuracy -- --nocapture

bench: toolchain ## Times of an audit, of each module, and of the same checks without the sandbox
	$(CARGO) bench --workspace --bench audit --bench scan
