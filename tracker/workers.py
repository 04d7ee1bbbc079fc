"""Several dashboards behind one port, so that many readers wait less for one another.

One Streamlit process runs the pages of its readers in turn, on one core. nginx listens on the port and sends each
reader to the same process each time, because a session lives in one process. A cookie says which; if a browser keeps
none, as for an embedded chart, its address and name do.
"""

import secrets
import shutil
import socket
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tracker.dashboard import HOST, Dashboard, free_port, launch, spawn, wait_for_first
from tracker.errors import SettingsError

# Paths are relative to the folder that nginx is started with. A header with an empty value is not sent. `consistent`
# moves few readers when a process ends. Scripts and styles, the same in each process, are kept here and sent packed:
# Streamlit sends several megabytes of them to each new reader, unpacked.
_CONFIG = """\
daemon off;
worker_processes 1;
pid nginx.pid;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  server_tokens off;
  client_max_body_size 0;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  proxy_cache_path files keys_zone=files:1m max_size=100m;
  gzip on;
  gzip_proxied any;
  gzip_vary on;
  gzip_types text/css text/javascript application/javascript application/json image/svg+xml;
  map $http_upgrade $connection_kind {{ default upgrade; "" ""; }}
  map $cookie_tracker_reader $reader {{ default $cookie_tracker_reader; "" "$remote_addr $http_user_agent"; }}
  map $cookie_tracker_reader $new_cookie {{
    default "";
    "" "tracker_reader=$request_id; Path=/; HttpOnly; SameSite=Lax";
  }}
  upstream dashboards {{
    hash $reader consistent;
{servers}
  }}
  server {{
    listen {address}:{port};
    location /static/ {{
      proxy_pass http://dashboards;
      proxy_cache files;
      proxy_cache_valid 200 1d;
    }}
    location / {{
      proxy_pass http://dashboards;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_kind;
      proxy_read_timeout 1d;
      add_header Set-Cookie $new_cookie;
    }}
  }}
}}
"""


@dataclass(slots=True)
class Workers:
    """Running dashboards and the nginx before them."""

    url: str
    dashboards: Sequence[Dashboard]
    _nginx: Dashboard
    _cleanup: ExitStack

    def wait(self) -> int:
        """Block until one of the processes ends by itself, and return its exit code. What they print goes to stderr."""
        return wait_for_first([self._nginx, *self.dashboards])

    def stop(self) -> None:
        """Stop all processes and wait for them."""
        self._cleanup.close()


def start(home: Path, workers: int, *, port: int) -> Workers:
    """Start `workers` dashboards of `home` behind `port` and return once all answer; port 0 takes a free one.

    The caller ends them with `stop()`. Raises SettingsError if nginx is missing or the port is taken, and TrackerError
    if a server ends early or does not answer within a minute.
    """
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        raise SettingsError(
            f"--workers {workers} needs nginx, which was not found. Install it (apt install nginx-light, or "
            "brew install nginx), or start the dashboard without --workers."
        )
    port = free_port(port)
    with ExitStack() as cleanup:
        folder = cleanup.enter_context(tempfile.TemporaryDirectory(prefix="tracker-nginx-"))
        # One secret, so that a form that one process wrote is accepted by another.
        shared = {"STREAMLIT_BROWSER_SERVER_PORT": str(port), "STREAMLIT_SERVER_COOKIE_SECRET": secrets.token_hex(32)}
        dashboards = []
        for inner in _free_ports(workers):
            dashboards.append(launch(home, port=inner, extra=shared))
            cleanup.callback(dashboards[-1].stop)
        for dashboard in dashboards:
            dashboard.wait_until_healthy()
        servers = "\n".join(f"    server {dashboard.url.removeprefix('http://')};" for dashboard in dashboards)
        Path(folder).chmod(0o711)  # nginx started by root reads and writes as another user
        config = Path(folder) / "nginx.conf"
        config.write_text(_CONFIG.format(servers=servers, address=HOST, port=port), encoding="utf-8")
        proxy = spawn([nginx, "-e", "stderr", "-p", folder, "-c", str(config)], port)
        cleanup.callback(proxy.stop)
        proxy.wait_until_healthy()
        return Workers(proxy.url, dashboards, proxy, cleanup.pop_all())


def _free_ports(count: int) -> list[int]:
    """Ports that are free now, all different."""
    with ExitStack() as opened:
        probes = [opened.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]
