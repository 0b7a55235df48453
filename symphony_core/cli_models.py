"""The commands about models: which there are, whether they can be used, and how one is added."""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from pydantic import ValidationError

from symphony_core.cli_output import show
from symphony_core.cli_runs import open_store
from symphony_core.errors import DefinitionError, EntityNotFound
from symphony_core.ids import new_id
from symphony_core.model_profile import PREFIX, ModelProfile
from symphony_core.models.base import Availability
from symphony_core.persistence.writes import first_reason

Command = Callable[[argparse.Namespace], Coroutine[Any, Any, int]]


def add_model_commands(commands: Any) -> None:
    """Add `models` with what belongs to it to the command line."""
    models = commands.add_parser("models", help="list the models, ask them, add one, remove one")
    models.set_defaults(command=_list, json=False)
    inner = models.add_subparsers(metavar="COMMAND")
    _add(inner, "list", _list, "ask every model's server, and say which can be used")
    check = _add(inner, "check", _check, "ask one model's server whether it can be used")
    check.add_argument("model", help="a name such as openai-chat:NAME, or profile:ID")
    add = _add(inner, "add", _add_model, "add a model, or change the one that has this id")
    add.add_argument("name", help="what people call it")
    add.add_argument("--provider", required=True, help="such as openai-compatible, anthropic")
    add.add_argument("--model", default="", help="what the provider calls it")
    add.add_argument("--url", help="the address of a server of one's own")
    add.add_argument("--key-variable", help="the environment variable that holds the key")
    add.add_argument("--id", help="what agents name it by; made up where it is not given")
    add.add_argument("--input-price", type=float, help="dollars for a million tokens")
    add.add_argument("--output-price", type=float, help="dollars for a million tokens")
    remove = _add(inner, "remove", _remove, "remove a model that was added")
    remove.add_argument("id")


def _add(commands: Any, name: str, command: Command, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
    parser.set_defaults(command=command)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


async def _list(chosen: argparse.Namespace) -> int:
    profiles = (await open_store()).get_model_profiles()
    known = await profiles.choices()
    states = await asyncio.gather(*(profiles.look(info.name) for info in known))
    rows = [_row(info.name, info.label, s) for info, s in zip(known, states, strict=True)]
    show(rows, "\n".join(map(_line, rows)), as_json=chosen.json)
    return 0


async def _check(chosen: argparse.Namespace) -> int:
    profiles = (await open_store()).get_model_profiles()
    info = await profiles.describe(chosen.model)
    row = _row(info.name, info.label, await profiles.look(chosen.model))
    listed = f"\n  It has: {', '.join(row['models'])}." if row["models"] else ""
    show(row, _line(row) + listed, as_json=chosen.json)
    return 0 if row["ready"] else 1


async def _add_model(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    profiles = registry.get_model_profiles()
    there = None
    if chosen.id:
        there = await registry.get_repository("model_profile").find_by_id(chosen.id)
    given = {
        "name": chosen.name,
        "provider": chosen.provider,
        "model": chosen.model,
        "base_url": chosen.url,
        "key_variable": chosen.key_variable,
        "input_price": chosen.input_price,
        "output_price": chosen.output_price,
    }
    kept = there.model_dump() if there else {"id": chosen.id or new_id()}
    try:
        profile = ModelProfile(**{**kept, **given})
    except ValidationError as error:
        raise DefinitionError(f"The model {chosen.name!r}: {first_reason(error)}.") from None
    if there is not None:
        profile.set_version(there.version)
    await profiles.save(profile)
    row = _row(profile.reference, profile.name, await profiles.look(profile.reference))
    show(row, f"Agents name it {profile.reference!r}.\n{_line(row)}", as_json=chosen.json)
    return 0


async def _remove(chosen: argparse.Namespace) -> int:
    registry = await open_store()
    profile_id = chosen.id.removeprefix(PREFIX)
    found = await registry.get_repository("model_profile").find_by_id(profile_id)
    if found is None:
        raise EntityNotFound("model", profile_id)
    profiles = registry.get_model_profiles()
    users = [agent.name for agent in await profiles.used_by(found)]
    await profiles.delete(profile_id)
    need = f" These agents need another: {', '.join(users)}." if users else ""
    show(
        {"removed": profile_id, "agents": users},
        f"Removed {found.name!r}.{need}",
        as_json=chosen.json,
    )
    return 0


def _row(name: str, label: str, state: Availability) -> dict[str, Any]:
    return {
        "model": name,
        "label": label,
        "ready": state.ready,
        "state": state.word,
        "sentence": state.sentence,
        "to_do": state.to_do,
        "key_found": state.key_found,
        "models": list(state.models or ()),
    }


def _line(row: dict[str, Any]) -> str:
    sign = "ok     " if row["ready"] else "PROBLEM"
    said = f"{row['sentence']} {row['to_do']}".strip()
    return f"{sign}  {row['model']} ({row['label']}), {row['state']}: {said}"
