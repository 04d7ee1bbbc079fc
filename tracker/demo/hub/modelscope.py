"""A stand-in for ModelScope's official list route, on the embedded Hub's port."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from starlette.requests import Request

from tracker.demo.hub.responses import HubResponse, json_response

MODELS = "/openapi/v1/models"
MOST_PAGE_ROWS, MOST_ROWS = 50, 3000
_SORTS = {"downloads": "downloads", "likes": "likes"}


class Mirrored(Protocol):
    """What models ModelScope has."""

    def modelscope_on(self, day: date) -> Mapping[str, tuple[int, int, str]]:
        """Model -> downloads since creation, likes and task on that day."""


@dataclass
class Misbehaviour:
    """What the stand-in does wrong, until it is told otherwise."""

    needs_token: bool = False
    quota_code: int | None = None
    """Status of the refusal of a used-up quota, 200 or 403."""

    moves_total: bool = False
    """Each page counts one model more than the page before."""

    text_numbers: bool = False
    damaged: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Model -> fields of its row that are replaced."""

    hidden: set[str] = field(default_factory=set)
    """Models that no page has, although the total counts them."""


class ModelScope:
    """The list route, over the models of a world."""

    def __init__(self, mirrored: Mirrored) -> None:
        """Serve `mirrored`."""
        self._mirrored = mirrored
        self.misbehaviour = Misbehaviour()

    def models(self, request: Request, today: date) -> HubResponse:
        """One page: accounts are case-sensitive, and an unknown order is ignored without a word."""
        wrong, query = self.misbehaviour, request.query_params
        if wrong.needs_token and "authorization" not in request.headers:
            return _refusal(401, "Unauthorized", "Token is required")
        if wrong.quota_code:
            return _refusal(wrong.quota_code, "QuotaLimitExceed", "The daily quota is used up")
        try:
            number, size = int(query.get("page_number", 1)), int(query.get("page_size", 10))
        except ValueError:
            return _refusal(400, "InvalidParameter", "page_number and page_size are numbers")
        if not 1 <= size <= MOST_PAGE_ROWS or number < 1 or number * size > MOST_ROWS:
            return _refusal(400, "InvalidParameter", "page_number * page_size is at most 3000")
        rows = [self._row(name, *counts) for name, counts in self._mirrored.modelscope_on(today).items()]
        rows = [row for row in rows if _matches(row, query)]
        key = _SORTS.get(query.get("sort", ""))
        rows.sort(key=lambda row: (-row[key] if key else 0, row["id"]))
        total = len(rows) + (number if wrong.moves_total else 0)
        shown = [row for row in rows if row["id"] not in wrong.hidden][(number - 1) * size : number * size]
        data = {
            "models": [self._damaged(row) for row in shown],
            "total_count": total,
            "page_number": number,
            "page_size": size,
        }
        return json_response({"success": True, "request_id": "simulated", "data": data})

    def _row(self, name: str, downloads: int, likes: int, task: str) -> dict[str, Any]:
        return {
            "id": name,
            "downloads": downloads,
            "likes": likes,
            "tasks": [task],
            "created_at": "2025-12-14T12:26:15Z",
            "last_modified": "2025-12-14T12:26:15Z",
            "file_size": 1_000_000,
            "params": 1_000_000,
            "private": False,
            "gated": False,
            "license": "MIT License" if likes % 2 else "apache-2.0",
            "tags": [f"task:{task}"],
        }

    def _damaged(self, row: dict[str, Any]) -> dict[str, Any]:
        wrong = self.misbehaviour
        numbers = {name: str(row[name]) for name in ("downloads", "likes")} if wrong.text_numbers else {}
        return row | numbers | wrong.damaged.get(row["id"], {})


def _matches(row: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    owner, search = query.get("owner"), query.get("search", "")
    task = query.get("filter.task")
    is_owned = owner is None or row["id"].partition("/")[0] == owner
    return is_owned and search.lower() in row["id"].lower() and (task is None or task in row["tasks"])


def _refusal(status: int, code: str, message: str) -> HubResponse:
    return json_response({"success": False, "code": code, "message": message, "request_id": "simulated"}, status)
