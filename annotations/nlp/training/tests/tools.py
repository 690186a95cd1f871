"""The one mark of tests that train: `make train-tools` installs what they need, `.ci/run` too."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

missing = [name for name in ("torch", "onnx") if find_spec(name) is None]
needs_train_tools = pytest.mark.skipif(
    bool(missing),
    reason=f"TRAINING IS NOT TESTED: {' and '.join(missing)} missing, run `make train-tools`",
)
