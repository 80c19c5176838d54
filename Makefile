# `make demo` is all a newcomer types; `make help` lists the rest.
# Set on the command line: PYTHON, PIP_ARGS, INDEX, CORPUS, HOST, PORT, PYTEST_ARGS, BENCH_ARGS.

.DEFAULT_GOAL := help
.PHONY: help demo serve index test lint check bench clean
.NOTPARALLEL:

PYTHON ?= $(shell command -v python3.11 || echo python3)
PIP_ARGS ?=
INDEX ?= .index
CORPUS ?= corpus
HOST ?= 127.0.0.1
PORT ?= 8000
PYTEST_ARGS ?= -n auto --maxprocesses=4 --dist=loadfile
BENCH_ARGS ?=

BIN := .venv/bin
PIP_INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --quiet $(PIP_ARGS)
# The build for CPUs, by name: without it, Linux machines are given gigabytes of GPU libraries.
TORCH_CPU := torch==2.13.0+cpu

help: ## what can be made · 列出可用目标
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

demo: index ## install, index the sample documents, serve the page · 安装、为示例文件建索引并打开检索页面
	@echo
	@echo "  Open http://$(HOST):$(PORT)/ and ask · 打开此网址即可提问:"
	@echo "    how much tech-voucher money was paid"
	@echo "    科技创新券补助发了多少钱"
	@echo "  Ctrl-C stops it · 按 Ctrl-C 停止"
	@echo
	@$(BIN)/wenzheng serve --index $(INDEX) --host $(HOST) --port $(PORT)

serve: .venv/.installed ## serve the page and the API · 启动页面与接口服务
	@$(BIN)/wenzheng serve --index $(INDEX) --host $(HOST) --port $(PORT)

index: .venv/.installed ## make the index in INDEX equal to CORPUS · 使 INDEX 中的索引与 CORPUS 一致
	@# 1 is: done, but some documents could not be read. They are listed, and the rest is searchable.
	@$(BIN)/wenzheng index build $(CORPUS) --index $(INDEX) || [ $$? -eq 1 ]

test: .venv/.installed-test ## run every test · 运行全部测试
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: .venv/.installed-test ## style and types · 检查代码风格与类型
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: lint test ## what continuous integration runs: lint, then test · 与持续集成相同：先 lint 再 test

bench: .venv/.installed-test ## measure quality and speed · 测量质量与速度
	$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

clean: ## remove what was built, not .venv · 删除生成物（保留 .venv）
	rm -rf $(INDEX) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

.venv/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than Python 3.11; name a newer one: make PYTHON=python3.12 · 需要 Python 3.11 或更高版本"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } || \
	  { echo "Python's venv module is missing: apt-get install python3-venv · 请先安装 python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: pyproject.toml .venv/.created
	@echo "Installing into .venv, some minutes the first time · 正在安装到 .venv，首次需要几分钟"
	@$(PIP_INSTALL) "$(TORCH_CPU)" 2>/dev/null || \
	  { echo "No $(TORCH_CPU) where pip looks: installing the default build, which may be gigabytes. README: Installing."; \
	    echo "pip 未找到 CPU 版 torch，将安装默认版本，体积可能达数 GB，详见 README 的“安装”一节。"; }
	$(PIP_INSTALL) --editable .
	@touch $@

.venv/.installed-test: .venv/.installed
	$(PIP_INSTALL) --editable ".[test]"
	@touch $@
