"""A client of the app without a browser: exchanges Streamlit's messages over its websocket."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect


@dataclass(frozen=True, slots=True)
class Paint:
    """One run of a page."""

    seconds: float
    cpu_seconds: float
    """CPU seconds of the server's process; 0 if unknown."""

    bytes: int
    is_whole: bool
    """False if the script ended with an error."""


class Reader:
    """One session. With the server's `pid`, its CPU time is measured; `name` is the cookie of a reader of workers."""

    def __init__(self, url: str, pid: int | None = None, name: str = "") -> None:
        self._pid, self._page, self._groups, self._states = pid, "", {}, {}
        self._socket = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            ping_interval=None,
            additional_headers={"Cookie": f"tracker_reader={name}"} if name else None,
            legacy=True,
        )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def open(self, path: str) -> Paint:
        """Open the page at this address in a new session."""
        self._page, self._states = path, {}
        return self._run()

    def changes(self) -> Iterator[tuple[str, str]]:
        """Pairs of control id and option, for controls with few options, without the current ones."""
        for group in list(self._groups.values()):
            if group.click_mode == ButtonGroup.SINGLE_SELECT:
                for place, option in enumerate(group.options):
                    if place not in group.default:
                        yield group.id, option.content

    def change(self, control: str, option: str) -> Paint:
        """Choose one option in a control; the others keep their initial values."""
        self._states = {control: WidgetState(id=control, string_array_value={"data": [option]})}
        return self._run()

    def _run(self) -> Paint:
        message = BackMsg()
        message.rerun_script.page_name = self._page
        message.rerun_script.widget_states.widgets.extend(self._states.values())
        message.rerun_script.context_info.timezone = "UTC"
        began, cpu = time.perf_counter(), cpu_seconds(self._pid)
        self._socket.send(message.SerializeToString())
        size, self._groups, is_whole = 0, {}, True
        while True:
            data = self._socket.recv()
            size += len(data)
            answer = ForwardMsg.FromString(data)
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                element = answer.delta.new_element
                is_whole &= element.WhichOneof("type") != "exception"
                if element.WhichOneof("type") == "button_group":
                    self._groups[element.button_group.id] = element.button_group
            if kind == "script_finished":
                is_whole &= answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                return Paint(time.perf_counter() - began, cpu_seconds(self._pid) - cpu, size, is_whole)


def cpu_seconds(pid: int | None) -> float:
    """CPU seconds of a process so far; 0 if unknown."""
    stat = Path(f"/proc/{pid}/stat")
    if pid is None or not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
