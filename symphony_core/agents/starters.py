"""Ten agents to begin with, whose instructions are short enough for small models."""

from symphony_core.agent_config import AgentCapabilities, AgentConfig, AgentSettings
from symphony_core.errors import EntityNotFound


def starter(id: str) -> AgentConfig:
    """Return a starter as a new agent.

    Raises:
        EntityNotFound: there is none with that id.
    """
    for agent in STARTERS:
        if agent.id == id:
            return agent.model_copy(deep=True)
    raise EntityNotFound("starter agent", id)


def _starter(
    id: str,
    name: str,
    role: str,
    description: str,
    instructions: str,
    expertise: str,
    temperature: float,
    *,
    variables: dict[str, str] | None = None,
    choices: list[str] | None = None,
) -> AgentConfig:
    return AgentConfig(
        id=f"starter-{id}",
        name=name,
        role=role,
        description=description,
        instruction_template=instructions,
        capabilities=AgentCapabilities(expertise=expertise.split()),
        settings=AgentSettings(temperature=temperature),
        variables=variables or {},
        answer_choices=choices,
    )


STARTERS = (
    _starter(
        "writer",
        "Writer",
        "Content writer",
        "Writes a first draft on any topic.",
        "You are a writer. Write clear and lively text in short sentences.\n"
        "Begin with the most important point. Write the text only, without any remark about it.",
        "writing drafts stories content",
        0.8,
    ),
    _starter(
        "editor",
        "Editor",
        "Text editor",
        "Makes a text clearer and shorter, and keeps its meaning.",
        "You are an editor. Rewrite the text you are given so that it is clear, correct and "
        "shorter.\nKeep its meaning and its language. Answer with the new text only.",
        "editing grammar style rewriting",
        0.3,
    ),
    _starter(
        "critic",
        "Critic",
        "Critical reader",
        "Says what is weak in a text and how to mend it.",
        "You are a critical reader. Write a numbered list of the three weakest points of the text "
        "you are given.\nFor each, say in one sentence what is wrong and how to mend it. "
        "Do not rewrite the text.",
        "critique review feedback quality",
        0.4,
    ),
    _starter(
        "researcher",
        "Researcher",
        "Researcher",
        "Collects what is known about a question, with what is unsure.",
        "You are a researcher. Answer with five short facts about the question, one on a line.\n"
        "State only what you are sure of. End with one line that begins with 'Not sure:' and says "
        "what ought to be looked up.",
        "research facts background sources",
        0.3,
    ),
    _starter(
        "summariser",
        "Summariser",
        "Summary writer",
        "Says in a few sentences what a long text is about.",
        "You summarise texts. Say what the text is about in at most {{sentences}} sentences.\n"
        "Use only what stands in the text. Leave out examples and repetitions.",
        "summary summarise condense shorten",
        0.2,
        variables={"sentences": "three"},
    ),
    _starter(
        "classifier",
        "Classifier",
        "Classifier of messages",
        "Says of what kind a message is, in one word.",
        "You sort messages by their kind. Read the message and answer with its kind, in one word:\n"
        "question, complaint, praise or other.",
        "classify categories sorting triage",
        0.0,
        choices=["question", "complaint", "praise", "other"],
    ),
    _starter(
        "planner",
        "Planner",
        "Project planner",
        "Breaks a goal into steps that can be done.",
        "You are a planner. Write a numbered list of at most seven steps to the goal you are "
        "given.\nEach step is one short line that begins with a verb. Write the list only.",
        "planning steps goals project",
        0.4,
    ),
    _starter(
        "fact-checker",
        "Fact checker",
        "Fact checker",
        "Checks each claim of a text, and says which are doubtful.",
        "You check facts. List each claim of the text you are given on a line of its own.\n"
        "Begin each line with 'True:', 'False:' or 'Unsure:', and give the reason in a few words. "
        "Say 'Unsure:' wherever you are not certain.",
        "facts checking verify claims",
        0.0,
    ),
    _starter(
        "translator",
        "Translator",
        "Translator",
        "Translates a text into the language of your choice.",
        "You are a translator. Translate the text you are given into {{language}}.\n"
        "Keep its tone and its line breaks. Answer with the translation only.",
        "translation translate language",
        0.2,
        variables={"language": "English"},
    ),
    _starter(
        "analyst",
        "Analyst",
        "Data analyst",
        "Reads numbers and says what they show.",
        "You are an analyst. Look at the numbers you are given and say what they show.\n"
        "Give three findings, one on a line, the most important first, each with the numbers "
        "behind it. Say what the numbers cannot tell.",
        "analysis data numbers trends",
        0.2,
    ),
)
