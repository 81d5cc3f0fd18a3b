"""What a handover must come to, said again in plain Python: a ladder of states by step."""

from tests.factories import Row

ARRIVES = {
    "prepare_handover": "draft",
    "offer_handover": "offered",
    "accept_handover": "accepted",
    "reject_handover": "rejected",
    "withdraw_handover": "withdrawn",
    "expire_handover": "expired",
    "complete_handover": "completed",
}
TALK = {"ask_about_handover": "question", "answer_about_handover": "answered"}
OPEN = ("draft", "offered", "question", "answered", "accepted")


def handover_after(before: str | None, step: str, payload: Row, *, linked: bool) -> str | None:
    """Return where a case's newest handover stands after a step; None: there is none."""
    if step in TALK:
        return "accepted" if before == "accepted" else TALK[step]
    if step in ARRIVES:
        return ARRIVES[step]
    moved_away = step == "house" and payload.get("self_housed_in") is not None and not linked
    if not linked or moved_away:
        return None
    if step == "close" and before in OPEN:
        return "completed" if before == "accepted" else "withdrawn"
    if step in {"split_household", "merge_household"} and before in OPEN:
        assert before != "accepted"
        return "withdrawn"
    return before
