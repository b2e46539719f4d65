"""A publisher on this machine that does what publishers do on a bad day."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Publisher:
    """A server on 127.0.0.1: path -> what it does with a request, and every request it had."""

    def __init__(self):
        self.does, self.asked, self.go_on = {}, [], threading.Event()
        own = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                own.asked.append(self.path)
                own.headers = dict(self.headers)
                own.does[self.path](self)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"


def answer(body: bytes, status: int = 200, **headers):
    """What sends this body with its length."""

    def does(handler):
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return does


def to(where: str, status: int = 302):
    """What leads elsewhere."""
    return answer(b"", status, Location=where)


def in_turn(*every):
    """What does one thing after another, the last for ever."""
    left = list(every)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def endless(handler):
    """What never stops, and says no length."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        pass


def left(folder: Path) -> list[str]:
    """Everything in a folder, by path."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class Waits(list):
    """The pauses asked for, none of them made."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)
