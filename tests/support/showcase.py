"""Runs worth looking at, one in every state, answered from a script as good agents might answer."""

import json
from pathlib import Path

from symphony_core.agent_config import AgentConfig
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep, TaskStep
from symphony_core.orchestration.templates import get_template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput
from symphony_core.registry import ServiceRegistry

AGENTS = {
    "writer": ("Ada", "Writer", "You write plainly and warmly. No word that could be left out."),
    "editor": ("Bruno", "Editor", "You read as a busy neighbour would, and say what to mend."),
    "gardener": ("Greta", "Gardener", "You have planted public gardens for twenty years."),
    "treasurer": ("Tomas", "Treasurer", "You count what things cost, first and last."),
    "planner": ("Petra", "Planner", "You know the town's rules, and how to get things allowed."),
}

SCRIPT = [  # the first whose words stand in the prompt is said
    {
        "match": "Say what would make the letter better",
        "reply": "It says what we want, but not what the neighbour should do. Name one date, one "
        "place and one thing to bring, and end with an invitation.",
        "delay_s": 0.03,
    },
    {
        "match": "following the advice",
        "times": 1,
        "reply": "Dear neighbours, the empty lot in Mill Lane could be a garden by June. We have "
        "a plan, a price and a promise from the town. Ten raised beds, two benches and one old "
        "pear tree that stays. Come and see the drawings on Saturday at ten.",
    },
    {
        "match": "following the advice",
        "reply": "Dear neighbours, the empty lot in Mill Lane could be a garden by June. We have "
        "a plan, a price and a promise from the town: ten raised beds, two benches, and the old "
        "pear tree stays. You are invited to see the drawings on Saturday at ten, at the gate. "
        "Bring a chair and one wish for the garden.",
    },
    {
        "match": "List what to buy",
        "reply": "Larch boards for ten beds, 640 €. Twelve cubic metres of soil, 480 €. Two "
        "benches, 360 €. A water butt and a hose, 190 €. Seeds and three berry bushes, 110 €. "
        "Together 1,780 €, and 220 € are left for what nobody thinks of.",
    },
    {
        "match": "As a gardener",
        "reply": "The lot has sun from ten to six, which is enough for tomatoes. The soil is "
        "rubble, so use raised beds of 40 cm. Keep the pear tree: it gives shade to the benches.",
        "delay_s": 0.09,
    },
    {
        "match": "As a treasurer",
        "reply": "With larch boards and soil from the town's compost the plan comes to 1,780 €. "
        "That is within the budget of 2,000 €. Ask the savings bank for the benches.",
        "delay_s": 0.06,
    },
    {
        "match": "As a planner",
        "reply": "The lot belongs to the town, which lends such places for five years at no cost. "
        "You need one name that answers for it, an insurance, and a path of 1.20 m for a "
        "wheelchair.",
        "delay_s": 0.08,
    },
    {
        "match": "Outline a plan",
        "reply": "Ten raised beds along the wall, each kept by one household. In the middle a "
        "round place with two benches under the pear tree. A compost, a tool shed and a water "
        "butt by the gate.",
    },
    {
        "match": "an expert in Technology",
        "reply": "Choose devices that speak an open standard such as Matter, so that no maker can "
        "lock you in. Put one hub in the house that works when the internet does not. Begin with "
        "light and heating, where the gain is felt on the first day.",
        "delay_s": 0.02,
    },
    {
        "match": "an expert in Security",
        "reply": "Every lamp with an address is a door into the house, so give the devices a "
        "network of their own. Buy only what gets updates for five years, and change every "
        "password before the first use. Cameras belong outside; a microphone in a child's room "
        "should be one that can be switched off by hand, for what is not recorded cannot be "
        "stolen. Write down who may open the door from afar, and look at that list once a year. "
        "When somebody moves out, take their key away on the same day.",
        "delay_s": 1.5,
    },
    {
        "match": "an expert in Home design",
        "reply": "A good smart home is one in which a guest finds the light switch. Keep every "
        "switch where a hand looks for it, and let the house do by itself only what nobody would "
        "ever want otherwise. Hide the cables, not the controls. Plan sockets where the devices "
        "will stand in five years, and leave an empty pipe in each wall. Warm light in the "
        "evening does more for a family than any screen, and costs less. Let everybody in the "
        "house, the youngest too, turn everything off.",
        "delay_s": 1.7,
    },
    {
        "match": "Combine what the experts say",
        "reply": "Begin small and with open standards, keep the devices on a network of their "
        "own, and let every switch stay where a hand looks for it.",
        "delay_s": 3.0,
    },
    {
        "match": "one paragraph of news",
        "reply": "On Saturday the mayor opened the park on the old railway yard. Where trains "
        "were shunted for ninety years, four hundred trees now stand, with a playground between "
        "two signal boxes and a café in the engine shed. The path from the station to the river "
        "is a kilometre long and lit at night. The town paid 2.1 million euros, a third less than "
        "planned, because the rails were left where they lie.",
    },
    {
        "match": "Rewrite the text about bees",
        "reply": "A honeybee visits two thousand flowers on a good",
        "error": "The model's server at models.example:8000 ended the connection. Try again, or "
        "choose another model for this agent.",
    },
    {
        "match": "feedback on this text about bees",
        "reply": "First, begin with the bee and not with the honey. Second, the number of flowers "
        "surprises: put it into the first sentence.",
    },
    {
        "match": "two short paragraphs about bees",
        "reply": "Honey has been made for eight thousand years, and the recipe has not changed.\n\n"
        "A bee flies as far as five kilometres for it. On a good day it visits two thousand "
        "flowers, and what it brings home in its whole life is a twelfth of a teaspoon.",
    },
    {
        "match": "feedback on this text about the tides",
        "reply": "Say first what one sees on the beach, and only then what the moon has to do "
        "with it. The second paragraph can lose its last sentence.",
    },
    {
        "match": "Rewrite the text about the tides for children",
        "reply": "Twice a day the sea goes away and comes back, as if it were breathing. The moon "
        "pulls at it, very gently, from very far away. Where the moon stands, the water makes a "
        "hill, and the Earth turns through that hill with all its beaches.",
    },
    {
        "match": "Rewrite the text about the tides",
        "reply": "Twice a day the sea withdraws and returns. The moon pulls at it, gently and from "
        "very far away: where it stands, the water rises into a hill a few decimetres high, and "
        "the Earth turns through that hill with all its coasts. In narrow bays the wave piles up "
        "to fifteen metres.",
    },
    {
        "match": "about the tides",
        "reply": "The moon pulls at the sea. Where it stands, the water makes a hill, and the Earth "
        "turns through it.\n\nThat is why the beach is wide in the morning and narrow at noon. It "
        "is hard to believe, but it is so.",
    },
]


def write_script(folder: Path) -> str:
    """Write the script, and return the name of the model that speaks it."""
    file = folder / "showcase.json"
    file.write_text(json.dumps({"delay_s": 0.04, "replies": SCRIPT}), encoding="utf-8")
    return f"scripted:{file}"


async def begin_all(registry: ServiceRegistry, model: str) -> dict[str, str]:
    """Hire the agents and start all runs; return the runs' ids by what they are called here."""
    for agent_id, (name, role, instructions) in AGENTS.items():
        agent = AgentConfig(id=agent_id, name=name, role=role, instruction_template=instructions)
        await registry.get_repository("agent_config").save(agent)
    engine = registry.get_service("workflow_engine")
    runs = {}
    for name, (definition, inputs) in _workflows().items():
        run = engine.new_run(definition, inputs, model=model)
        await engine.start_run(run)
        runs[name] = run.id
    return runs


def _ask(name: str, query: str, agent_id: str) -> TaskStep:
    step = TaskStep(name, {"input_data": {"query": query}}, agent_id=agent_id)
    step.id = name.lower().replace(" ", "-")
    return step


def _garden() -> WorkflowDefinition:
    outline = _ask("Outline", "Outline a plan for {{idea}} in three sentences.", "writer")
    experts = [
        _ask(
            name,
            f"As a {name.lower()}, say in three sentences what matters.\n\n{{{{step.outline.result}}}}",
            name.lower(),
        )
        for name in ("Gardener", "Treasurer", "Planner")
    ]
    buy = _ask("Shopping list", "List what to buy.\n\n{{step.treasurer.result}}", "treasurer")
    save = _ask("Cheaper plan", "Plan it cheaper.\n\n{{step.treasurer.result}}", "treasurer")
    turn = [
        _ask(
            "Advice", "{{step.letter.result}}\n\nSay what would make the letter better.", "editor"
        ),
        _ask(
            "Better letter",
            "Write the letter to the neighbours, following the advice.\n\n{{step.advice.result}}",
            "writer",
        ),
    ]
    letter = LoopStep(
        "Letter",
        turn,
        "'you are invited' in step.result.lower()",
        max_iterations=4,
        start="{{step.outline.result}}",
    )
    letter.id = "letter"
    budget = ConditionalStep(
        "Within budget?", "'within the budget' in step.treasurer.result", buy, save
    )
    workflow = WorkflowDefinition(
        name="A garden for Mill Lane",
        inputs=(WorkflowInput(name="idea", label="Idea"),),
    )
    for step in (outline, ParallelStep("Ask three experts", experts), budget, letter):
        workflow = workflow.add_step(step)
    return workflow


def _workflows() -> dict[str, tuple[WorkflowDefinition, dict[str, str]]]:
    experts, approval, critic = (
        get_template(key)
        for key in ("parallel-experts", "approval-before-publishing", "critic-revise")
    )
    pair = {"writer": "writer", "critic": "editor"}
    return {
        "running": (experts.build({"expert": "planner", "editor": "editor"}), {}),
        "waiting": (approval.build({"writer": "writer", "publisher": "editor"}), {}),
        "failed": (critic.build(pair), {"topic": "bees"}),
        "one": (critic.build(pair), {"topic": "the tides for children"}),
        "other": (critic.build(pair), {"topic": "the tides"}),
        "finished": (_garden(), {"idea": "a shared garden on the empty lot in Mill Lane"}),
    }
