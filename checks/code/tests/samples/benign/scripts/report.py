import json
import pathlib

data = json.loads(pathlib.Path("report.json").read_text())
print(f"{len(data)} rows")
