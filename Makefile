# Set-up and short names; `cargo` does the work.

CARGO ?= cargo

.PHONY: demo test toolchain check pages accuracy bench

demo: toolchain ## Build chitin and audit a badly exposed gateway
	$(CARGO) run --release -- audit tests/fixtures/exposed

test: toolchain ## Everything that CI runs
	$(CARGO) fmt --all -- --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings
	$(CARGO) test --release --workspace

toolchain: ## Make sure that checks can be compiled to WebAssembly
	./toolchain.sh

pages: ## Write docs/rules anew from the modules' manifests
	CHITIN_UPDATE_PAGES=1 $(CARGO) test --release -p chitin-tests rule_pages

accuracy: ## Precision and recall of the code scanner; writes docs/accuracy.md anew
	CHITIN_UPDATE_PAGES=1 $(CARGO) test --release -p chitin-check-code --test scanner -- --nocapture accuracy

bench: toolchain ## Times of an audit, of each module, and of the same checks without the sandbox
	$(CARGO) bench -p chitin-bench
