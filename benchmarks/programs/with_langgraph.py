"""The works in LangGraph with its SQLite checkpointer; run with LangGraph's own environment."""

import asyncio
import operator
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send
from works import TEXT, Execute, Shape, tell


class Row(TypedDict):
    text: str  # each step's text in place of the last one's, so that no checkpoint grows


class Parallel(TypedDict):
    texts: Annotated[list[str], operator.add]


class LangGraph:
    def __init__(self, saver: AsyncSqliteSaver) -> None:
        self._saver = saver

    def prepare(self, shape: Shape) -> Execute:
        graph = (_parallel if shape.parallel else _row)(shape).compile(checkpointer=self._saver)

        async def execute() -> None:
            config = {"configurable": {"thread_id": str(uuid.uuid4())}, "recursion_limit": 100}
            await graph.ainvoke({}, config, durability="sync")

        return execute

    async def stored(self) -> int:
        found = await self._saver.conn.execute_fetchall(
            "SELECT count(*) FROM writes WHERE instr(value, ?)", (TEXT.encode(),)
        )
        return int(list(found)[0][0])


def _row(shape: Shape) -> StateGraph:
    async def step(_: Row) -> dict[str, Any]:
        return {"text": TEXT}

    graph = StateGraph(Row)
    names = [f"step{number}" for number in range(shape.steps)]
    for name in names:
        graph.add_node(name, step)
    for pair in zip([START, *names], [*names, END], strict=True):
        graph.add_edge(*pair)
    return graph


def _parallel(shape: Shape) -> StateGraph:
    async def step(_: dict[str, int]) -> dict[str, Any]:
        await asyncio.sleep(shape.seconds)
        return {"texts": [TEXT]}

    graph = StateGraph(Parallel)
    graph.add_node("step", step)
    sends = [Send("step", {"number": number}) for number in range(shape.steps)]
    graph.add_conditional_edges(START, lambda _: sends, ["step"])
    graph.add_edge("step", END)
    return graph


@asynccontextmanager
async def open_langgraph(folder: Path) -> AsyncIterator[LangGraph]:
    async with AsyncSqliteSaver.from_conn_string(str(folder / "langgraph.db")) as saver:
        await saver.setup()  # which sets WAL
        await saver.conn.execute("PRAGMA synchronous = FULL")
        yield LangGraph(saver)


if __name__ == "__main__":
    tell(open_langgraph)
