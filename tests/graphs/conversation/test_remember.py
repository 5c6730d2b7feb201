"""What is kept of a long conversation."""

from __future__ import annotations

from graphs.conversation.memory import Memory, PastTurn
from graphs.conversation.remember import FACTS, WHOLE, as_text, remember
from tests.graphs.conversation.conftest import Conversation


def _all(memory: Memory, turns: tuple[PastTurn, ...]) -> Memory:
    for turn in turns:
        memory = remember(memory, turn)
    return memory


def _filler(talk: Conversation, count: int) -> tuple[PastTurn, ...]:
    return tuple(PastTurn(said=f"thanks {n}", question=f"thanks {n}", intent="courtesy") for n in range(count))


def test_the_last_turns_stay_whole(headphones: Conversation) -> None:
    turns = (*headphones.memory.turns, *_filler(headphones, WHOLE - 1))
    memory = _all(Memory(), turns)
    assert memory.turns == turns
    assert memory.earlier == ()


def test_older_turns_leave_whole_facts(headphones: Conversation) -> None:
    talk = headphones.then("in blue", "h2").looked_at("h2").used("add_to_cart", "I'll take it", items=["h2"])
    talk = talk.used("place_order", "check out", orders=["#W7"]).used("set_preference", "never show me leather")
    memory = _all(Memory(), (*talk.memory.turns, *_filler(talk, WHOLE)))
    assert memory.earlier == (
        "Earlier the shopper looked for: headphones under $200.00 in blue.",
        "Earlier the shopper looked at: Lyra Vesper headphones, blue.",
        "Asked for (add_to_cart): I'll take it [Lyra Vesper headphones, blue]",
        "Asked for (place_order): check out [#W7]",
        "Asked for (set_preference): never show me leather",
    )


def test_facts_are_bounded_and_never_cut(talk) -> None:  # type: ignore[no-untyped-def]
    orders = talk()
    for n in range(40):
        orders = orders.used("cancel_order", f"cancel order #W{n}", orders=[f"#W{n}"])
    memory = _all(Memory(), orders.memory.turns)
    assert len(memory.turns) == WHOLE
    assert len(memory.earlier) == FACTS
    last = 40 - WHOLE - 1
    assert memory.earlier[-1] == f"Asked for (cancel_order): cancel order #W{last} [#W{last}]"


def test_what_waits_stays(headphones: Conversation) -> None:
    memory = remember(headphones.waits_for("a1").memory, headphones.memory.turns[0])
    assert memory.pending == ("a1",)


def test_the_memory_as_text(headphones: Conversation) -> None:
    talk = headphones.then("in blue", "h2").used("add_to_cart", "I'll take it", items=["h2"])
    memory = _all(Memory(earlier=("Earlier the shopper looked for: jackets.",)), talk.memory.turns)
    assert as_text(memory).split("\n") == [
        "Earlier the shopper looked for: jackets.",
        "Shopper: headphones under $200",
        "Shown: 1. Tonhaus Aria headphones, black; 2. Lyra Vesper headphones, blue; "
        "3. Tonhaus Studio headphones, white; 4. Penny Pop headphones, red; 5. Lyra Nocturne headphones, black",
        "Shopper: in blue",
        "Meaning: headphones under $200.00 in blue",
        "Shown: 1. Lyra Vesper headphones, blue",
        "Shopper: I'll take it",
        "Asked for (add_to_cart): I'll take it [Lyra Vesper headphones, blue]",
    ]
    assert as_text(Memory()) == ""


def test_a_memory_survives_storage(headphones: Conversation) -> None:
    memory = headphones.then("in blue", "h2").waits_for("a1").memory
    assert Memory.model_validate(memory.model_dump(mode="json")) == memory
    assert headphones.say("cheaper") == Conversation.say(_with(headphones, memory), "cheaper")


def _with(talk: Conversation, memory: Memory) -> Conversation:
    talk.memory = Memory.model_validate(memory.model_dump(mode="json"))
    return talk
