"""A local server that speaks the OpenAI chat protocol and answers what a test has scripted, failures included."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Script = Callable[["_Handler", dict[str, Any]], None]


class Part:
    """Each scripting method queues one response; the last one queued answers every request after it."""

    def __init__(self) -> None:
        self._scripts: deque[Script] = deque()

    def say(self, text: str, finish: str = "stop") -> Self:
        """A whole answer; streamed word by word when the request asks for a stream."""
        return self._queue(lambda handler, body: handler.answer(body, text, finish))

    def call(self, *calls: tuple[str, dict[str, Any]], saying: str = "") -> Self:
        """Calls of tools by name and arguments, after some words if there are any."""
        return self._queue(lambda handler, body: handler.whole(body, [*_deltas(saying), *_calls(calls)]))

    def fail(self, status: int, message: str = "scripted failure", **headers: str) -> Self:
        """An HTTP error with the protocol's body; `retry_after="1"` becomes the header Retry-After."""
        return self._queue(lambda handler, _: handler.error(status, message, headers))

    def malformed(self, text: str) -> Self:
        """Streams `text` and then a chunk that is not JSON."""
        return self._queue(lambda handler, _: handler.events([*_deltas(text), '{"choices": [{"del']))

    def cut(self, text: str, *, abrupt: bool = False) -> Self:
        """Streams `text` and ends without a finish reason; `abrupt` drops the connection inside the body."""
        return self._queue(lambda handler, _: handler.events(_deltas(text), abrupt=abrupt))

    def hold(self, text: str = "") -> Self:
        """Streams `text` if any, then stays silent until the server is closed."""
        return self._queue(lambda handler, _: handler.hold(text))

    def answer(self, handler: _Handler, body: dict[str, Any]) -> None:
        script = self._scripts.popleft() if len(self._scripts) > 1 else self._scripts[0]
        script(handler, body)

    def _queue(self, script: Script) -> Self:
        self._scripts.append(script)
        return self


class OpenAIServer(Part):
    """`requests` holds the bodies received, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[dict[str, Any]] = []
        self._models: dict[str, Part] = {}
        self.released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.owner = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def model(self, name: str) -> Part:
        """What this model answers, told apart by its name in the request; others answer what the server does."""
        return self._models.setdefault(name, Part())

    def respond(self, handler: _Handler, body: dict[str, Any]) -> None:
        self.requests.append(body)
        self._models.get(str(body.get("model")), self).answer(handler, body)

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextmanager
def running() -> Iterator[OpenAIServer]:
    server = OpenAIServer()
    try:
        yield server
    finally:
        server.close()


def _chunk(delta: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    base = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted"}
    return json.dumps({**base, "choices": [choice]})


def _count(body: dict[str, Any], chunks: list[str]) -> str:
    """A token a word of the request, and one a chunk of the answer."""
    asked = sum(len(str(message.get("content")).split()) for message in body["messages"])
    usage = {"prompt_tokens": asked, "completion_tokens": len(chunks), "total_tokens": asked + len(chunks)}
    return json.dumps({**json.loads(_chunk({})), "choices": [], "usage": usage})


def _deltas(text: str) -> list[str]:
    return [_chunk({"role": "assistant", "content": ""}), *(_chunk({"content": word}) for word in _words(text))]


def _calls(calls: tuple[tuple[str, dict[str, Any]], ...]) -> list[str]:
    """The arguments in two pieces, as real servers send them."""
    chunks = []
    for index, (name, arguments) in enumerate(calls):
        said = json.dumps(arguments)
        opening = {"index": index, "id": f"call-{index}", "type": "function"}
        first = {**opening, "function": {"name": name, "arguments": said[:3]}}
        chunks.append(_chunk({"tool_calls": [first]}))
        chunks.append(_chunk({"tool_calls": [{"index": index, "function": {"arguments": said[3:]}}]}))
    return [*chunks, _chunk({}, "tool_calls")]


def _words(text: str) -> list[str]:
    return [word + " " for word in text.split(" ")[:-1]] + [text.split(" ")[-1]]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.owner.respond(self, body)  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: pytest shows what matters."""

    def answer(self, body: dict[str, Any], text: str, finish: str) -> None:
        if body.get("stream"):
            self.whole(body, [*_deltas(text), _chunk({}, finish)])
            return
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "scripted"}
        self._json(200, {**whole, "choices": [choice], "usage": usage}, {})

    def whole(self, body: dict[str, Any], chunks: list[str]) -> None:
        """A stream to its end, with a count of tokens when the request asks for one."""
        asked = (body.get("stream_options") or {}).get("include_usage")
        self.events([*chunks, *([_count(body, chunks)] if asked else []), "[DONE]"])

    def error(self, status: int, message: str, headers: dict[str, str]) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._json(status, {"error": {"message": message, "type": "scripted", "code": None}}, named)

    def events(self, events: list[str], *, abrupt: bool = False) -> None:
        self._start_stream()
        for event in events:
            self._event(event)
        if not abrupt:
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def hold(self, text: str) -> None:
        if text:
            self._start_stream()
            for event in _deltas(text):
                self._event(event)
        self.server.owner.released.wait()  # type: ignore[attr-defined]
        self.close_connection = True

    def _start_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _event(self, data: str) -> None:
        payload = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(payload):x}\r\n".encode() + payload + b"\r\n")
        self.wfile.flush()

    def _json(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)
