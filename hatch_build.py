"""Builds the virtual patient's kernel into a wheel, or beside the sources of an editable installation.

Where there is no C compiler nothing is built and the wheel is a pure one: the same kernel in Numba stands in.
"""

from __future__ import annotations

import runpy
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILD = "src/cartway/twin/solver/build.py"


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling for each wheel, also for that of an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and tell hatchling which files came of it and what machine they are for."""
        built: list[Path] = runpy.run_path(str(Path(self.root, BUILD)))["build"]()
        if not built:
            self.app.display_warning("no C compiler was found: the slower kernel, in Numba, will be used")
            return
        self.app.display_info(f"the kernel was compiled for {len(built)} instruction sets")
        build_data["artifacts"] += [path.relative_to(self.root).as_posix() for path in built]
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
