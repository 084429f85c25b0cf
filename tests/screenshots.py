"""Renders every page and dialog to PNG files: ``python -m tests.screenshots FOLDER [WORD]``.

Files are named page-theme-size.png. With WORD only the pictures with that word in their name.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

SIZES = ((1280, 800), (1920, 1080))


def main() -> int:
    """Render into the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("word", nargs="?", default="", metavar="WORD")
    options = parser.parse_args()
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        screen = Path(temporary) / "screen.json"
        screen.write_text(
            json.dumps(
                {"screens": [{"name": "large", "x": 0, "y": 0, "width": 1920, "height": 1080}]}
            )
        )
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={screen}"
        os.environ["QT_LOGGING_RULES"] = "qt.qpa.plugin=false;*.debug=false"
        os.environ["TZ"] = "UTC"
        time.tzset()
        from tests.gui.photographer import Photographer

        photographer = Photographer(folder, Path(temporary), options.word)
        photographer.run(SIZES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
