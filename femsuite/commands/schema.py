"""``femsuite schema``: the format of study files, for editors (JSON Schema) or for people (Markdown)."""

from __future__ import annotations

import argparse
import json

from femsuite import parallel


def main(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    from femsuite.study.schema import json_schema, key_page

    if parallel.is_root():
        print(key_page() if arguments.keys else json.dumps(json_schema(), indent=2), end="" if arguments.keys else "\n")
    return 0
