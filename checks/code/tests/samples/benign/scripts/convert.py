"""Converts a table. Never calls eval() or os.system()."""
import csv
import subprocess
import sys


def convert(path: str) -> list[dict[str, str]]:
    with open(path, newline="") as handle:
        return list(csv.DictReader(handle))


def thumbnail(path: str) -> None:
    subprocess.run(["convert", path, "-resize", "128x128", "thumb.png"], check=True)


if __name__ == "__main__":
    for row in convert(sys.argv[1]):
        print(row)
