"""The routes of the embedded Hub: list of models, one model, datasets, and the control of the served day."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tracker.demo.hub import fields, modelscope, openrouter
from tracker.demo.hub.datasets.routes import dataset_routes
from tracker.demo.hub.index import ListingIndex
from tracker.demo.hub.query import Params, list_query
from tracker.demo.hub.responses import BadRequest, HubResponse, error_response, json_response
from tracker.demo.hub.state import HubState
from tracker.errors import TrackerError

CONTROL = "/__control__/"
_PROVIDERS = "inferenceProviderMapping"


def routed(state: HubState) -> Starlette:
    """The routes over `state`, before quota and faults."""
    routes = [
        *dataset_routes(state),
        *_other_rulers(state),
        Route("/api/models", _endpoint(models, state)),
        Route("/api/models/{ref:path}", _endpoint(model, state)),
        Route(CONTROL + "day/{day}", _endpoint(switch_day, state), methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={BadRequest: _bad_request, HTTPException: _not_served})


def _other_rulers(state: HubState) -> list[Route]:
    """The routes of the stand-ins for other rulers, if the world has them."""
    found = []
    if asked := state.openrouter:
        found += [
            Route(openrouter.EXPORTS, _endpoint(lambda state, request: asked.export(request, state.served.day), state)),
            Route(
                openrouter.HISTORY, _endpoint(lambda state, request: asked.history(request, state.served.day), state)
            ),
            Route(openrouter.MODELS, _endpoint(lambda state, request: asked.models(), state)),
        ]
    if mirror := state.modelscope:
        page = _endpoint(lambda state, request: mirror.models(request, state.served.day), state)
        found.append(Route(modelscope.MODELS, page))
    return found


def models(state: HubState, request: Request) -> HubResponse:
    """A page of the list of models, with a Link to the next page."""
    params = request.query_params.multi_items()
    query = list_query(params)
    page = state.served.pages.page(query)
    headers = {}
    if page.next_cursor is not None:
        headers["link"] = f'<{_next_url(request, params, page.next_cursor)}>; rel="next"'
    rows = fields.expanded(page.rows, query.fields)
    if state.offers and _PROVIDERS in query.fields:
        offered = state.offers.providers_on(state.served.day)
        rows = [row | ({_PROVIDERS: offered[row["id"]]} if row["id"] in offered else {}) for row in rows]
    return json_response(rows, headers=headers)


def model(state: HubState, request: Request) -> HubResponse:
    """One model; a former name or another case is redirected with 307."""
    ref, _, revision = request.path_params["ref"].partition("/revision/")
    if ref.count("/") > 1:
        return error_response(404, "Sorry, we can't find the page you are looking for.")
    index = state.served.index
    name = index.current_name(ref)
    if name is None:
        return _missing(request)
    if name != ref:
        return _redirect(request, name, revision)
    row = index.listing.rows[index.by_name[name]]
    if revision not in ("", "main", row.get("sha")):
        return error_response(404, f"Invalid rev id: {revision}", "RevisionNotFound")
    names = fields.requested(request.query_params.multi_items(), fields.EXPANDABLE)
    return json_response(_info(index, row, names))


def switch_day(state: HubState, request: Request) -> HubResponse:
    """Serve another day from now on. The real Hub has no such route."""
    try:
        state.show(date.fromisoformat(request.path_params["day"]))
    except (ValueError, TrackerError) as error:
        return error_response(400, str(error))
    return json_response({"day": state.served.day.isoformat()})


def _endpoint(
    handler: Callable[[HubState, Request], HubResponse], state: HubState
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return _response(handler(state, request))

    return endpoint


def _response(response: HubResponse) -> Response:
    return Response(response.body, response.status, response.headers)


def _next_url(request: Request, params: Params, cursor: str) -> str:
    others = [(key, value) for key, value in params if key != "cursor"]
    query = urlencode([*others, ("cursor", cursor)])
    return f"{request.url.scheme}://{request.url.netloc}{request.url.path}?{query}"


def _info(index: ListingIndex, row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    (info,) = fields.expanded([row], names or fields.DETAIL_DEFAULT)
    if not names:
        info = {"gated": False, "disabled": False} | info
    if "childrenModelCount" in names:
        children = index.children(row["id"])
        if children:
            info["childrenModelCount"] = children
    return info


def _redirect(request: Request, name: str, revision: str) -> HubResponse:
    suffix = f"/revision/{quote(revision, safe='')}" if revision else ""
    query = f"?{request.url.query}" if request.url.query else ""
    location = f"/api/models/{quote(name)}{suffix}{query}"
    headers = {"content-type": "text/plain; charset=utf-8", "location": location, "vary": "Origin, Accept"}
    return HubResponse(307, headers, f"Temporary Redirect. Redirecting to {location}".encode())


def _missing(request: Request) -> HubResponse:
    """Without a token, a missing repository looks like a private one."""
    if "authorization" in request.headers:
        return error_response(404, "Repository not found", "RepoNotFound")
    return error_response(401, "Invalid username or password.")


async def _bad_request(request: Request, error: Exception) -> Response:
    return _response(error_response(400, str(error)))


async def _not_served(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _response(error_response(status, f"{request.method} {request.url.path} is not served here"))
