"""The model that asks nobody: it says what its script says, for tests and offline demonstrations.

It is chosen by name and never stands in for another model.
"""

import asyncio
import json
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.models.base import Availability, OnText, Prompt, Reply, ToolCall
from symphony_core.models.canned import canned_text
from symphony_core.models.sample import sample

REMARK = "canned text, no model was asked"

_PIECE = re.compile(r"(?:\S+\s*){1,3}|\s+")  # three words, as a model's text comes in pieces
_DELAY = 0.01  # seconds before each piece
_KEPT_PROMPTS = 1000


class ScriptedCall(BaseModel):
    """A tool that the model wants to be called."""

    model_config = ConfigDict(extra="forbid")

    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)


class ScriptedReply(BaseModel):
    """What to say to a prompt that has `match` in its text or instructions.

    Without a `reply` the text is made from the prompt. `error` fails the call, after `reply` if
    there is one. After `times` uses (None: never) the next entry that matches has its turn. With
    `round` it has it only when the tools have answered so often. `calls` are the tools that it
    wants to be called; `{answer}` in a `reply` stands for what the last one answered.
    """

    model_config = ConfigDict(extra="forbid")

    match: str = ""
    reply: str | None = None
    calls: list[ScriptedCall] = Field(default_factory=list)
    round: int | None = Field(default=None, ge=0)
    delay_s: float | None = Field(default=None, ge=0)
    error: str | None = None
    retryable: bool = False
    times: int | None = Field(default=None, ge=1)


class Script(BaseModel):
    """A script file: `{"delay_s": 0.0, "replies": [{"match": "…", "reply": "…"}]}`."""

    model_config = ConfigDict(extra="forbid")

    delay_s: float = Field(default=_DELAY, ge=0)
    replies: list[ScriptedReply] = Field(default_factory=list)


class ScriptedModel:
    """Answers from a script; where that has nothing to say, with text made from the prompt.

    `replies` are texts, each said once, or dictionaries with the fields of `ScriptedReply`. Of a
    script's choices the first that occurs in its reply is the answer, else the first of all.
    Token counts are counts of words. `prompts` holds the latest thousand prompts.
    """

    label = "Scripted model"
    remark: str | None = REMARK
    calls_tools = True

    def __init__(
        self,
        replies: Iterable[str | dict[str, Any]] = (),
        delay_s: float = _DELAY,
        *,
        name: str = "scripted",
        path: str = "",
    ) -> None:
        entries = [{"reply": r, "times": 1} if isinstance(r, str) else r for r in replies]
        self.name = name
        self.prompts: list[Prompt] = []
        self._script = Script.model_validate({"delay_s": delay_s, "replies": entries})
        self._path = Path(path).expanduser() if path else None
        self._read_at: int | None = None  # the file's time of change when it was read
        self._lock = threading.Lock()

    def availability(self) -> Availability:
        """Always ready, unless its script is a file that is not there."""
        if self._path and not self._path.is_file():
            there = f"There is no script {str(self._path)!r}."
            return Availability(False, "No script", there, "Correct the path after 'scripted:'.")
        return Availability(True, "Ready", "Its text is made here; nobody is asked.")

    def state(self) -> Availability:
        """The same: nobody needs to be asked."""
        return self.availability()

    async def look(self) -> Availability:
        """The same: nobody needs to be asked."""
        return self.availability()

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Say what the script says; see `LanguageModel`."""
        with self._lock:
            entry = self._next_entry(prompt)
        answer = _answer(entry, prompt)
        delay = self._script.delay_s if entry.delay_s is None else entry.delay_s
        for piece in _PIECE.findall(answer):
            await asyncio.sleep(delay)
            if on_text:
                on_text(piece)
        if entry.error is not None:
            raise ModelError(entry.error, retryable=entry.retryable)
        asked = len(f"{prompt.instructions} {prompt.text}".split())
        calls = tuple(ToolCall(call.tool, json.dumps(call.arguments)) for call in entry.calls)
        return Reply(answer, self.name, asked, len(answer.split()), cost=0.0, calls=calls)

    def _next_entry(self, prompt: Prompt) -> ScriptedReply:
        self._read_file()
        self.prompts.append(prompt)
        del self.prompts[:-_KEPT_PROMPTS]
        for entry in self._script.replies:
            fits = entry.match in prompt.text or entry.match in prompt.instructions
            is_now = entry.round is None or entry.round == len(prompt.rounds)
            if fits and is_now and entry.times != 0:
                if entry.times:
                    entry.times -= 1
                return entry
        return ScriptedReply()

    def _read_file(self) -> None:
        """Read the script again, from its start, once its file has changed."""
        if self._path is None:
            return
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._script = Script.model_validate(json.loads(self._path.read_bytes()))
                self._read_at = changed_at
        except (OSError, ValidationError, ValueError) as error:
            raise ModelUnavailable(
                f"The script {str(self._path)!r} cannot be read: {error}. Correct it, or choose "
                "the model 'scripted' without a script."
            ) from error


def _answer(entry: ScriptedReply, prompt: Prompt) -> str:
    if entry.error is not None or entry.calls:
        return entry.reply or ""
    text = entry.reply
    if text is not None and prompt.rounds:
        text = text.replace("{answer}", prompt.rounds[-1].answers[-1].text)
    if text is None:
        text = canned_text(prompt.text, prompt.instructions)
        if prompt.schema:
            return json.dumps(sample(prompt.schema, text), ensure_ascii=False)
    if prompt.choices is None:
        return text
    return next((choice for choice in prompt.choices if choice in text), prompt.choices[0])
