# The commands of Letterbox's own development; `./letterbox --help` is the program itself.
.PHONY: demo test test-release check golden docs bench lab clean dist host

# Bakes the example, boots it, sends a mail through it and reads it back.
demo: dist
	@host/install.sh host/demo.txt
	@node bin/letterbox.js demo example.yaml

# Every test: check, what is too long for it, then the lab and the virtual machines on one baked image. A slow machine leaves
# out what CI has no time for, and says so: make test ALL=1 runs all of it.
test: dist host
	@ALL=$(ALL) node --import tsx test/all.ts

# The tests that need a box, on an image of another release: make test-release RELEASE=ubuntu-14.04
test-release: dist host
	@node --import tsx test/release.ts

# Types, lint, unit, golden and bad-config tests: no virtual machine, under a minute.
check: dist host
	@npm run --silent check

# Rewrites the expected trees of test/golden after a change that was meant.
golden: dist host
	@UPDATE_GOLDEN=1 npx ava 'test/golden/*.test.ts'

# Rewrites what is generated from the schema: docs/config.md and docs/box.schema.json.
docs: dist
	@npm run --silent docs

bench: dist
	@npm run --silent bench

# The Debian packages that the tests need.
host:
	@host/install.sh host/demo.txt host/test.txt

# The bundles of builder and box.
dist: node_modules
	@npm run --silent build

node_modules: package.json package-lock.json
	@npm ci --loglevel=error --no-audit --no-fund
	@touch node_modules

clean:
	rm -rf out dist test-artefacts

# The lab to play with: a box and a small internet around it, until Ctrl-C. Needs a baked image, and root.
lab: dist host
	@$(if $(filter 0,$(shell id -u)),,sudo -n) node --import tsx test/lab/play.ts
