"""What every test starts from: no screen, no user's settings, nothing left behind."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"
os.environ["QT_ACCESSIBILITY"] = "0"
for name in [name for name in os.environ if name.startswith("VIDCACHE_")]:
    if name not in ("VIDCACHE_CORPORA", "VIDCACHE_KILLS", "VIDCACHE_SCREENS"):
        del os.environ[name]

from collections.abc import Generator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402

# How long an example takes says nothing on a machine that others use. One that fails is told as
# it was found: making it smaller takes minutes, in which a test counts as one that hangs. By hand,
# --hypothesis-profile=default does that.
hypothesis.settings.register_profile(
    "shared", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow],
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate],
)  # fmt: skip
hypothesis.settings.load_profile("shared")


def _share_the_cores() -> None:
    """Run by root, the AV1 encoder that makes test footage turns its process into a real-time
    one, and every process started from then on: it would push all others off the cores."""
    if hasattr(os, "SCHED_OTHER") and os.sched_getscheduler(0) != os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: one that comes last is waited for by the other processes."""
    long = {
        i.path for i in items if i.get_closest_marker("slow") or i.get_closest_marker("screens")
    }
    items.sort(key=lambda item: item.path not in long)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, Any, Any]:
    made = yield
    _share_the_cores()
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    try:
        return (yield)
    finally:
        _share_the_cores()


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and default libraries of whoever runs the tests are never touched."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Real footage, where it is at hand: ``$VIDCACHE_CORPORA`` or beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "corpora"
    found = Path(os.environ.get("VIDCACHE_CORPORA", beside))
    if not found.is_dir():
        pytest.skip(f"no corpora at {found}: set VIDCACHE_CORPORA to run this test")
    return found
