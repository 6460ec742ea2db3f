"""Notes in the installed package which checkout it came from, whose launcher starts the JVM."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCheckout(build_py):
    """Adds a file with the path of the checkout beside the modules."""

    def run(self) -> None:
        """Builds, then writes the file."""
        super().run()
        checkout = Path(__file__).resolve().parents[2]
        if not self.editable_mode and (checkout / "scripts" / "umwelt").exists():
            package = Path(self.build_lib) / "umwelt"
            package.mkdir(parents=True, exist_ok=True)
            (package / "checkout.txt").write_text(f"{checkout}\n", encoding="utf-8")


setup(cmdclass={"build_py": BuildWithCheckout})
