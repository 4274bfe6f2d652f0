"""Compares each page of the letters in a folder with a picture of it: golden.py LETTERS PICTURES [--write]."""

import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

# Small enough that versions of the renderer make no difference, large enough for a single word.
DPI = 40
# The mean difference of grey (0 to 255) of a page, and of the worst square of it.
MEAN, SQUARE = 1.0, 5.0
SIZE = 16


def pages(pdf: Path) -> list[Path]:
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", "-png", pdf, pdf.with_suffix("")], check=True)
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))


def difference(one: Path, other: Path) -> str:
    """What is different; empty when nothing is."""
    first, second = (Image.open(path).convert("L").filter(ImageFilter.BoxBlur(1)) for path in (one, other))
    if first.size != second.size:
        return f"{first.size} is not {second.size}"
    apart = ImageChops.difference(first, second)
    mean = ImageStat.Stat(apart).mean[0]
    squares = [
        (ImageStat.Stat(apart.crop((x, y, x + SIZE, y + SIZE))).mean[0], x, y)
        for x in range(0, apart.width, SIZE)
        for y in range(0, apart.height, SIZE)
    ]
    worst, x, y = max(squares)
    if mean > MEAN or worst > SQUARE:
        return f"differs by {mean:.2f} in the mean, by {worst:.1f} at {x * 100 // apart.width} %, {y * 100 // apart.height} %"
    return ""


def main() -> int:
    letters, golden = Path(sys.argv[1]), Path(sys.argv[2])
    write, faults = "--write" in sys.argv, []
    for pdf in sorted(letters.glob("*.pdf")):
        made = pages(pdf)
        kept = sorted(golden.glob(f"{pdf.stem}-[0-9].png"))
        if write:
            golden.mkdir(exist_ok=True)
            for page in kept:
                page.unlink()
            for page in made:
                # Sixteen greys are enough, and a third of the size.
                grey = Image.eval(Image.open(page).convert("L"), lambda value: round(value / 17) * 17)
                grey.save(golden / page.name, optimize=True)
            continue
        if [page.name for page in made] != [page.name for page in kept]:
            faults.append(f"{pdf.stem}: {len(made)} pages, and {len(kept)} pictures of it")
            continue
        for page in made:
            if what := difference(page, golden / page.name):
                faults.append(f"{page.stem}: {what}")
    print("\n".join(faults))
    return 1 if faults else 0


sys.exit(main())
