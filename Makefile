# make          set up, build everything, execute the notebooks in place
# make test     set up, run all tests and compare every notebook with what it gives now
# make setup    only set up .venv (PYTHON=python3.12 chooses another Python)
# make lab      open JupyterLab
# make check    lint, types, corpus and codebook
# make bench    measure speed and memory against named alternatives
# make lock     write requirements.lock anew from pyproject.toml (UPGRADE=--upgrade takes the newest versions)
# make clean    remove .venv and caches

PYTHON = python3
UV_VERSION = 0.13.9
UPGRADE =
BIN = .venv/bin
READY = .venv/ready
NOTEBOOKS = $(wildcard notebooks/*.ipynb)

# What a user has set for other work must not change what is written here.
RUN = env -u MPLBACKEND -u MATPLOTLIBRC -u PYTHONPATH -u PYTHONSTARTUP -u PYTHONWARNINGS -u JUPYTER_PATH \
	LC_ALL=C.UTF-8 TZ=UTC SOURCE_DATE_EPOCH=1580515200 \
	MPLCONFIGDIR="$(CURDIR)/.venv/config/matplotlib" IPYTHONDIR="$(CURDIR)/.venv/config/ipython" \
	JUPYTER_CONFIG_DIR="$(CURDIR)/.venv/config/jupyter"

# No times, no version of Python and no accidental pieces of printed text in an executed notebook.
STABLE = --ExecutePreprocessor.record_timing=False --ExecutePreprocessor.extra_arguments=--log-level=40 \
	--NotebookExporter.preprocessors=nbconvert.preprocessors.CoalesceStreamsPreprocessor \
	--CoalesceStreamsPreprocessor.enabled=True \
	--ClearMetadataPreprocessor.enabled=True --ClearMetadataPreprocessor.clear_cell_metadata=False \
	--ClearMetadataPreprocessor.preserve_nb_metadata_mask=kernelspec

.PHONY: all build notebooks test setup lab check bench lock clean

all: build notebooks

build: $(READY)
	@echo "== tables, network, exports, figures"
	@$(RUN) $(BIN)/python -m analysis build

notebooks: build
	@echo "== notebooks"
	@$(RUN) $(BIN)/jupyter nbconvert --to notebook --execute --inplace $(STABLE) $(NOTEBOOKS)

test: $(READY)
	@$(RUN) $(BIN)/python -m pytest -n 2 --dist loadscope --nbval --nbval-current-env

setup: $(READY)

lab: $(READY)
	@$(BIN)/jupyter lab notebooks

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(RUN) $(BIN)/python -m analysis check

bench: $(READY)
	@$(RUN) $(BIN)/python -m benchmarks.coding
	@$(RUN) $(BIN)/python -m benchmarks.network

$(READY): requirements.lock
	@command -v "$(PYTHON)" >/dev/null || { echo "No '$(PYTHON)' here: install Python 3.11 to 3.14, or name yours: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Python 3.11 or later is needed; %s is %d.%d. Name another: make PYTHON=python3.12" % (sys.executable, v[0], v[1]))'
	@echo "== .venv: installing the locked packages"
	@"$(PYTHON)" -m venv --clear .venv || { echo "No virtual environment could be made; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@VIRTUAL_ENV="$(CURDIR)/.venv" $(BIN)/uv pip sync --quiet --require-hashes requirements.lock
	@$(BIN)/python -W ignore -m compileall -q .venv/lib/python3*/site-packages/jieba # warns when compiled, not later
	@$(RUN) $(BIN)/python -c "import matplotlib.pyplot" # makes its list of fonts now, not in a notebook
	@touch $(READY)

lock: $(READY)
	@$(BIN)/uv pip compile --quiet pyproject.toml --group test --group lint --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		$(UPGRADE) -o requirements.lock

clean:
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find analysis tests notebooks -name __pycache__ -prune -exec rm -r {} +
