"""Importing all of dbt, once, in a process that others are forked from."""

import importlib
import importlib.util
import json
import multiprocessing.context
import os
import pkgutil
import sys
import threading

THREADLESS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""What NumPy and Arrow, which BigQuery's and Databricks' adapters import, would start otherwise."""

LATE_IMPORTS = (
    "_strptime",
    "dbt.clients.git",
    "dbt.clients.registry",
    "dbt_common.clients.agate_helper",
    "multiprocessing.dummy",
)
"""What dbt imports only when a command needs it."""


class ThreadLocks(multiprocessing.context.SpawnContext):
    """What dbt makes its locks with.

    dbt asks for locks between processes but shares them between threads only; each invocation
    would start a second interpreter, just to clean up after their semaphores.
    """

    Lock = staticmethod(threading.Lock)
    RLock = staticmethod(threading.RLock)


def preload():
    """Imports everything that an invocation needs; returns (dbt's version, adapter versions).

    Must start no thread and open no database: neither survives a fork.
    """
    os.environ.update(THREADLESS)
    is_17 = importlib.util.find_spec("dbt.mp_context") is None
    if is_17:
        import dbt.flags

        dbt.flags.MP_CONTEXT = ThreadLocks()
    else:
        import dbt.mp_context

        dbt.mp_context._MP_CONTEXT = ThreadLocks()

    import dbt.adapters
    import dbt.cli.main  # noqa: F401
    import dbt.task
    import dbt.version

    _write_json_at_once("dbt.clients.system" if is_17 else "dbt_common.clients.system")
    _say_what_the_cache_does_only_when_asked()
    for module in pkgutil.walk_packages(dbt.task.__path__, "dbt.task."):
        importlib.import_module(module.name)
    for name in LATE_IMPORTS:
        # What is dbt_common from 1.8 on is a part of dbt before.
        importlib.import_module(name.replace("dbt_common.", "dbt.") if is_17 else name)
    adapters = {}
    for module in pkgutil.iter_modules(dbt.adapters.__path__, "dbt.adapters."):
        if not module.ispkg:
            continue
        package = importlib.import_module(module.name)
        if hasattr(package, "Plugin"):
            version = importlib.import_module(module.name + ".__version__").version
            adapters[module.name.rpartition(".")[2]] = version
    importlib.import_module("agate").Table.from_object([{"a": "1"}])
    if "duckdb" in sys.modules:
        # Importing it opens a database in memory, with threads; it opens again when it is used.
        sys.modules["duckdb"].default_connection().close()
    return dbt.version.__version__, adapters


def _say_what_the_cache_does_only_when_asked():
    """dbt makes an event of each relation that it remembers, a message of the event, and then, unless
    --log-cache-events is given, drops it in each of its loggers: hundreds of them in a short command."""
    import dbt.adapters.cache as cache
    from dbt.flags import get_flags

    fire_event = cache.fire_event

    def fire_if_asked(event, *details, **more):
        if getattr(get_flags(), "LOG_CACHE_EVENTS", False):
            fire_event(event, *details, **more)

    cache.fire_event = fire_if_asked


def _write_json_at_once(module):
    """dbt writes its artifacts with json.dump, which encodes in Python, bit by bit; json.dumps makes
    the same text ten times faster, in C. A manifest of thousands of models takes seconds otherwise."""

    class Json:
        load, loads, dumps = staticmethod(json.load), staticmethod(json.loads), staticmethod(json.dumps)

        @staticmethod
        def dump(data, file, **options):
            file.write(json.dumps(data, **options))

    importlib.import_module(module).json = Json
