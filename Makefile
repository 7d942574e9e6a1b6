# Two commands on a fresh machine: `make crawl` and `make test`. Both set up .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: crawl test check generate faults fuzz bench bench-archive bench-million accuracy replicas portals memory crashes merges dask nights docs lock clean

crawl: .venv/core
	$(BIN)/gongkai crawl --sample

test: .venv/dev
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Random true reports in every format, read and counted, and some pictures of them; `make test` runs a short form.
generate: .venv/dev
	$(BIN)/python -m tests.generate.run --count $(or $(COUNT),2500) --pictures $(or $(PICTURES),30) \
		--seed $(or $(SEED),1) --out $(or $(OUT),/tmp/gongkai-generated)

# Known faults put into a copy of the reader: each must be found.
faults: .venv/dev
	$(BIN)/python -m tests.generate.faults

# Documents damaged on purpose: nothing may escape, hang, swell, or be read silently wrong.
fuzz: .venv/dev
	$(BIN)/python -m tests.fuzz.run --count $(or $(COUNT),20000) --seed $(or $(SEED),1)

# All benchmarks, or those of NAMES="reading crawling"; docs/performance.md is made of what they print. Hours, and 40 GB.
bench: .venv/dev
	$(BIN)/python -m benchmarks.recorded $(NAMES) $(if $(FOLDER),--folder $(FOLDER))

# Bytes, loading and the ten questions for 200,000 reports, beside a plain long table; needs 12 GB of disk.
bench-archive: .venv/dev
	$(BIN)/python -m benchmarks.archive --reports $(or $(REPORTS),200000) $(if $(FOLDER),--folder $(FOLDER))

# A million reports beside 100,000: bytes, loading, questions, a night; 25 GB, and an hour and a half. What was filled in
# FOLDER stays there, and is taken up again.
bench-million: .venv/dev
	$(BIN)/python -m benchmarks.million --reports $(or $(REPORTS),1000000) $(if $(FOLDER),--folder $(FOLDER) --keep)

# The replicas of three seeds that nobody has looked at: every report, nothing else, three requests a report.
replicas: .venv/dev
	$(BIN)/python -m tests.crawler.replicas $(if $(SEEDS),--seeds $(SEEDS))

# A catalogue of 30 portals and one of 300: requests, time, memory, and never two requests at once to one host.
portals: .venv/dev
	$(BIN)/python -m benchmarks.portals

# The memory of a crawl, with its workers, of a portal where everything swells; `make test` runs a short form.
memory: .venv/dev
	GONGKAI_TEST_LONG=1 $(BIN)/python -m pytest -s tests/crawler/test_memory.py

# A crawl that is killed a hundred times, stopped, and without room; the archive is as if undisturbed each time.
crashes: .venv/dev
	$(BIN)/python -m tests.crawler.crashes --kills $(or $(KILLS),100) $(if $(SEED),--seed $(SEED))

# A crawl by Dask workers that is stopped and killed, and nights that follow; `make test` runs a short form.
dask: .venv/dev
	GONGKAI_TEST_LONG=1 $(BIN)/python -m pytest tests/gongkai/test_dask.py tests/gongkai/test_dask_crawl.py \
		tests/gongkai/test_dask_reading.py tests/crawler/test_turns.py

# Random histories, fetched by several and joined: what is not as if one had fetched all of it.
merges: .venv/dev
	$(BIN)/python -m tests.archive.merges --count $(or $(COUNT),200) --seed $(or $(SEED),0)

# What a second night costs and notices, family by family.
nights: .venv/dev
	$(BIN)/python -m tests.gongkai.nights

# All of it, written down in docs/accuracy.md; a quarter of an hour on two cores.
accuracy: .venv/dev
	$(BIN)/python -m tests.accuracy

# The lists of columns in docs/archive.md, from the codebook.
docs: .venv/dev
	$(BIN)/python -m archive.publish.documenting

# Versions are pinned in constraints.txt; `make lock` moves them to the newest that pyproject.toml allows.
.venv/core: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/dev: .venv/core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	(sed -n '/^#/p' constraints.txt; .venv-lock/bin/python -m pip freeze --exclude-editable) > constraints.new
	mv constraints.new constraints.txt && rm -rf .venv-lock

clean:
	rm -rf .venv data/archive.db* data/warc data/exports
