"""A request for a dataset repository, and what all routes ask of it."""

import json
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from tracker.demo.hub.datasets.store import MAIN, Commit, Refusal, Repository
from tracker.demo.hub.state import HubState

TRUE = {"true", "True", "1"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for one dataset repository."""

    state: HubState
    request: Request
    body: bytes

    @property
    def path(self) -> str:
        """The path inside the repository."""
        return str(self.request.path_params.get("path", "")).strip("/")

    @property
    def repo_id(self) -> str:
        """The name as asked for."""
        return f"{self.request.path_params['owner']}/{self.request.path_params['name']}"

    def is_set(self, name: str) -> bool:
        """Whether a parameter says yes."""
        return self.request.query_params.get(name) in TRUE

    def repository(self) -> Repository:
        """The repository. Raises Refusal where it is missing or private: strangers are not told which."""
        knows = "authorization" in self.request.headers
        store = self.state.datasets
        if self.repo_id not in store or (store[self.repo_id].is_private and not knows):
            if knows:
                raise Refusal(404, "Repository not found", "RepoNotFound")
            raise Refusal(401, "Invalid username or password.")
        return store[self.repo_id]

    def commit(self) -> Commit:
        """The commit that the revision of the path names. Raises Refusal."""
        revision = str(self.request.path_params.get("revision", MAIN))
        found = self.repository().at(revision)
        if found is None:
            raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return found

    def refuse_strangers(self) -> None:
        """Raises Refusal for a request without a token."""
        if "authorization" not in self.request.headers:
            raise Refusal(401, "Invalid username or password.")

    def json(self) -> Any:
        """The body as JSON. Raises Refusal."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Refusal(400, f"Invalid JSON: {error}") from error
