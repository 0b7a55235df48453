"""People at a dashboard without their browsers: they speak Streamlit's protocol and draw nothing.

Browsers for ten people would take more of this machine than the server does.
"""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Sequence

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ALL_THERE = 8.0  # seconds until the last of them has come
PATIENCE = 120.0  # seconds for a page, on a machine that is busy with other things


class Viewers(threading.Thread):
    """Several people who go from page to page, or open one again and again.

    On each they `stay` for some seconds, at least and at most.
    """

    def __init__(
        self,
        url: str,
        number: int,
        choose_run: Callable[[], str],
        pages: Sequence[str] = ("Home", "Run"),
        stay: tuple[float, float] = (4.0, 8.0),
    ) -> None:
        super().__init__(name="viewers")
        self.taken: dict[str, list[float]] = {page: [] for page in pages}
        self.refreshes = 0
        self.stopping = threading.Event()
        self.failure: BaseException | None = None
        self._url = url
        self._number = number
        self._choose_run = choose_run
        self._stay = stay

    def stop(self) -> None:
        """Wait until all of them have gone."""
        self.stopping.set()
        self.join()

    def run(self) -> None:
        try:
            asyncio.run(self._all())
        except BaseException as error:
            self.failure = error
            raise

    async def _all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(self._number):
                group.create_task(self._one(random.Random(number)))

    async def _one(self, chance: random.Random) -> None:
        address = self._url.replace("http", "ws") + "/_stcore/stream"
        await asyncio.sleep(chance.uniform(0, ALL_THERE))
        async with connect(address, origin=self._url, subprotocols=["streamlit"]) as connection:  # type: ignore[arg-type,list-item]
            while not self.stopping.is_set():
                for page in self.taken:
                    query = f"run={self._choose_run()}" if page == "Run" else ""
                    visit = _Visit(connection, "run" if page == "Run" else "", query)
                    seconds = await visit.stay(chance.uniform(*self._stay))
                    self.taken[page].append(seconds)
                    self.refreshes += visit.refreshes


class _Visit:
    """A page, and the fragments of it that refresh themselves."""

    def __init__(self, connection: ClientConnection, page: str, query: str) -> None:
        self.refreshes = 0
        self._connection = connection
        self._state = ClientState(page_name=page, query_string=query)
        self._due: dict[str, tuple[float, float]] = {}  # a fragment's next moment, its interval

    async def stay(self, seconds: float) -> float:
        """Stay on the page, and return in how many seconds it was there."""
        began = time.monotonic()
        await self._connection.send(BackMsg(rerun_script=self._state).SerializeToString())
        drawn: float | None = None
        while drawn is None or time.monotonic() < began + seconds:
            ends = began + (PATIENCE if drawn is None else seconds)
            wait = min([ends, *(due for due, _ in self._due.values())])
            try:
                async with asyncio.timeout(max(0.0, wait - time.monotonic())):
                    said = ForwardMsg.FromString(await self._connection.recv())  # type: ignore[arg-type]
            except TimeoutError:
                if drawn is None and time.monotonic() >= ends:
                    raise TimeoutError(f"A page was not there within {PATIENCE:.0f} s.") from None
                await self._refresh()
                continue
            self._hear(said)
            if drawn is None and _ends_a_page(said):
                drawn = time.monotonic() - began
        return drawn

    def _hear(self, said: ForwardMsg) -> None:
        match said.WhichOneof("type"):
            case "new_session":
                self._state.page_script_hash = said.new_session.page_script_hash
            case "auto_rerun":
                interval = said.auto_rerun.interval
                self._due[said.auto_rerun.fragment_id] = (time.monotonic() + interval, interval)
            case "stop_auto_rerun":
                for fragment in said.stop_auto_rerun.fragment_ids:
                    self._due.pop(fragment, None)

    async def _refresh(self) -> None:
        now = time.monotonic()
        for fragment, (due, interval) in self._due.items():
            if due <= now:
                self._due[fragment] = (now + interval, interval)
                state = ClientState(fragment_id=fragment, is_auto_rerun=True)
                state.page_script_hash = self._state.page_script_hash
                state.query_string = self._state.query_string
                await self._connection.send(BackMsg(rerun_script=state).SerializeToString())
                self.refreshes += 1


def _ends_a_page(said: ForwardMsg) -> bool:
    """Whether a page is drawn, and not only a fragment, which may be one of the page before."""
    is_end = said.WhichOneof("type") == "script_finished"
    return is_end and said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
