"""What may be fetched, against a server on this machine."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import ValidationError

from symphony_core.errors import ToolError
from symphony_core.tools.fetch import MAX_BYTES, FetchRules, fetch_tool

PAGE = """<!DOCTYPE html><html><head><title>Hidden</title><style>p {color: red}</style></head>
<body><h1>Opening&nbsp;hours</h1><p>Open from <b>ten</b> to six.</p>
<script>steal()</script><ul><li>Gloves</li><li>Boots &amp; hat</li></ul></body></html>"""


TEXT = "text/plain"
ANSWERS = {
    "/open/round": (307, b"", {"Location": "round"}),
    "/open/picture": (200, b"\x89PNG", {"Content-Type": "image/png"}),
    "/open/packed": (200, b"x", {"Content-Type": TEXT, "Content-Encoding": "gzip"}),
    "/open/long": (200, b"x" * (MAX_BYTES + 5000), {"Content-Type": TEXT}),
    "/open/odd": (200, "Grüße".encode(), {"Content-Type": f"{TEXT}; charset=no-such-thing"}),
    "/open/latin": (200, b"Gr\xfc\xdfe", {"Content-Type": f"{TEXT}; charset=iso-8859-1"}),
    "/open/gone": (404, b"not here", {"Content-Type": TEXT}),
    "/open/data": (200, b'{"a": 1}', {"Content-Type": "application/json"}),
}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, format, *args):
        pass

    def do_GET(self):
        self.server.seen.append((self.path, self.headers["Host"]))
        path, _, rest = self.path.partition("?")
        page = 200, PAGE.encode(), {"Content-Type": "text/html; charset=utf-8"}
        away = 302, b"", {"Location": rest}
        self.answer(*(away if path == "/open/away" else ANSWERS.get(path, page)))

    def answer(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.seen = []
    thread = threading.Thread(target=running.serve_forever, args=(0.02,))
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def base(server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def fetch(url: str, *allow: str, networks: tuple[str, ...] = ()) -> str:
    rules = FetchRules.model_validate({"allow": allow, "networks": networks})
    return asyncio.run(fetch_tool(rules).call({"url": url}))


def refused(url: str, *allow: str, networks: tuple[str, ...] = ()) -> str:
    with pytest.raises(ToolError) as error:
        fetch(url, *allow, networks=networks)
    return str(error.value)


def test_a_listed_page_comes_as_the_text_that_can_be_read(server):
    assert fetch(f"{base(server)}/open/page?a=b%20c", f"{base(server)}/open/") == (
        "Opening hours\n\nOpen from ten to six.\n\nGloves\n\nBoots & hat"
    )
    assert server.seen == [("/open/page?a=b%20c", f"127.0.0.1:{server.server_port}")]
    assert fetch(f"{base(server)}/open/data", f"{base(server)}/open") == '{"a": 1}'
    assert fetch(f"{base(server)}/open/latin", base(server)) == "Grüße"
    assert fetch(f"{base(server)}/open/odd", base(server)) == "Grüße"


def test_a_name_leads_into_a_private_network_only_where_that_is_listed(server):
    url = f"http://localhost:{server.server_port}/open/data"
    assert "private network" in refused(url, url)
    assert fetch(url, url, networks=("127.0.0.0/8", "::1/128")) == '{"a": 1}'
    assert server.seen == [("/open/data", f"localhost:{server.server_port}")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:80/open/",
        "https://example.org/secret",
        "https://example.org/docs/../secret",
        "https://example.org/docs/%2e%2e/secret",
        "https://example.org/docs\\..\\secret",
        "https://example.org/docsother",
        "http://example.org/docs/",
        "https://example.org:8443/docs/",
        "https://example.org.evil.example/docs/",
        "https://example.org@evil.example/docs/",
        "https://user:pass@example.org/docs/",
        "https://example.org./docs/",
        "//example.org/docs/",
        "file:///etc/passwd",
        "ftp://example.org/docs/",
        "gopher://example.org/docs/",
        "javascript:alert(1)",
        "data:text/plain,hello",
        "https://",
        "https://example.org:99999/docs/",
        "https://[::1/docs/",
        "https://exa\u2100mple.org/docs/",
        "http://" + "a" * 70 + "/docs/",
        "",
        "\x00",
    ],
)
def test_nothing_that_is_not_listed_is_fetched(url):
    assert refused(url, "https://example.org/docs/")


@pytest.mark.parametrize(
    "number",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0", "::1", "fd00::1"]
    + [
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "224.0.0.1",
        "100.64.0.1",
        "fe80::1%1",
    ],
)
def test_numbers_that_lead_into_a_private_network_are_not_admitted(number):
    rules = FetchRules(allow=("https://example.org/",))
    assert not rules.admits("example.org", number)
    assert rules.admits("example.org", "93.184.216.34")
    assert rules.admits("example.org", "2606:2800:220:1::1")


def test_other_spellings_of_a_private_address_are_found_out_too(server):
    for host in ("127.1", "2130706433", "0x7f.1"):
        url = f"http://{host}:{server.server_port}/open/"
        assert "private network" in refused(url, url) or "no host" in refused(url, url)
    assert server.seen == []


def test_redirects_do_not_lead_out_of_the_list(server):
    allow = f"{base(server)}/open/"
    assert fetch(f"{allow}away?{base(server)}/open/data", allow) == '{"a": 1}'
    assert fetch(f"{allow}away?data", allow) == '{"a": 1}'
    for target in (f"{base(server)}/secret", "/secret", "../secret", "http://localhost/open/"):
        assert "not allowed" in refused(f"{allow}away?{target}", allow)
    assert "cannot be fetched" in refused(f"{allow}away?file:///etc/passwd", allow)
    assert "redirects more than 5 times" in refused(f"{allow}round", allow)
    assert not [path for path, _ in server.seen if "secret" in path.partition("?")[0]]


def test_only_text_comes_and_only_so_much(server):
    allow = f"{base(server)}/open/"
    assert "no text, but 'image/png'" in refused(f"{allow}picture", allow)
    assert "no text" in refused(f"{allow}packed", allow)
    assert "answered with the status 404" in refused(f"{allow}gone", allow)
    text = fetch(f"{allow}long", allow)
    assert len(text) < MAX_BYTES + 100
    assert text.endswith("[cut here: the page is longer]")


def test_a_server_that_is_not_there_is_a_sentence():
    assert "could not be reached" in refused("http://127.0.0.1:9/", "http://127.0.0.1:9/")
    url = "http://no-such-host.invalid/"
    assert "There is no host 'no-such-host.invalid'" in refused(url, url)


def test_a_list_that_cannot_be_read_is_refused():
    for wrong in ("example.org", "file:///tmp/", "https://u:p@example.org/", "https:///x"):
        with pytest.raises(ValidationError):
            FetchRules(allow=(wrong,))
