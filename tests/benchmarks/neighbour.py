"""The usual way to get the same rows: HfApi.list_models, a pandas frame, a table in a DuckDB file.

Run by crawl.py in a fresh process, with an endpoint, a file and a table's name; prints the number of rows.
"""

import sys
from typing import Any

import duckdb
import pandas as pd  # type: ignore[import-untyped]  # no stubs among the dependencies
from huggingface_hub import HfApi
from huggingface_hub.hf_api import ModelInfo

from tracker.hub.listing import FIELDS


def main(endpoint: str, file: str, table: str) -> None:
    models = HfApi(endpoint, token=False).list_models(expand=list(FIELDS), sort="created_at")  # type: ignore[arg-type]
    frame = pd.DataFrame([_row(model) for model in models])
    with duckdb.connect(file) as connection:
        connection.register("frame", frame)
        connection.execute(f'create table "{table}" as select * from frame')
        print(connection.execute(f'select count(*) from "{table}"').fetchall()[0][0])


def _row(model: ModelInfo) -> dict[str, Any]:
    """The fields of the lake under the client's names; reading them singly costs less than the whole object."""
    return {
        "hub_id": model._id,  # type: ignore[attr-defined]  # an extra field that the client passes through
        "repo_id": model.id,
        "created_at": model.created_at,
        "last_modified": model.last_modified,
        "disabled": model.disabled,
        "gated": None if model.gated is None else str(model.gated),
        "downloads": model.downloads,
        "downloads_all_time": model.downloads_all_time,
        "likes": model.likes,
        "trending_score": model.trending_score,
        "library_name": model.library_name,
        "pipeline_tag": model.pipeline_tag,
        "safetensors_total": model.safetensors.total if model.safetensors else None,
        "gguf_total": model.gguf["total"] if model.gguf else None,
        "base_models": model.base_models,
        "tags": model.tags,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
