"""Who commits, who sets a state, who reads the clock and who writes SQL."""

import ast
import re
from collections.abc import Iterable

import pytest

from tests.architecture.sources import ROOMS, Source, python

# Alembic's entry runs as the owner, outside the program; CREATE DATABASE needs its own commit.
COMMITTERS = {"webapp/db.py", "models/migrations/env.py", "webapp/embedded/roles.py"}
ENGINE = "workflows/engine.py"
# A handover has a state of its own, which is set in one place too.
HANDOVERS = "workflows/handover/record.py"
# The demo draws up how long a household should wait in which state, and then takes the steps.
PLANS = ("webapp/demo",)
_ANYHOW = re.IGNORECASE | re.DOTALL
_STATE_SQL = re.compile(r"\bupdate\s+\"?case_file\"?\s.*?\bset\b.*?\bstate\s*=", _ANYHOW)
_WRITING_SQL = re.compile(
    r"^\s*(?:with\b.*\b)?(?:insert\s+into|update\s+\w+\s+set|delete\s+from"
    r"|truncate|alter|drop|grant|revoke)\b",
    _ANYHOW,
)
_CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "time.localtime", "time.gmtime", "time.monotonic",
}  # fmt: skip
# What is named so raises when it is not as it should be; Playwright's expect does too.
_RAISING = ("expect", "require_", "demand")
# The embedded server's own roles are made by SQL: it has no tables yet.
SQL_WRITERS = {"webapp/embedded/roles.py"}


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _texts(source: Source) -> Iterable[tuple[ast.Constant, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node, node.value


def _calls(source: Source) -> Iterable[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def commits(sources: Iterable[Source]) -> list[str]:
    """Find what ends a transaction for good: commit(), begin() as a block, autocommit."""
    found = []
    for source in sources:
        if source.path in COMMITTERS:
            continue
        begun = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
        found += [
            source.at(call, "commits")
            for call in _calls(source)
            if _ends_transaction(call, plain=id(call) in begun)
        ]
        found += [source.at(node, text) for node, text in _texts(source) if _is_autocommit(text)]
    return found


def _is_autocommit(text: str) -> bool:
    return text == "AUTOCOMMIT" or text.strip().lower() == "commit"


def _ends_transaction(call: ast.Call, *, plain: bool) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else _dotted(call.func)
    # A begin() that stands alone as a statement opens what its caller must still commit.
    return (
        name in {"commit", "sessionmaker"}
        or (name == "begin" and not plain)
        or any(word.arg == "autocommit" for word in call.keywords)
    )


def state_changes(sources: Iterable[Source]) -> list[str]:
    """Find assignments to `.state` and updates of case_file.state outside the engine."""
    found = []
    for source in sources:
        if source.path == ENGINE:
            continue
        nodes = list(ast.walk(source.tree))
        if source.path == HANDOVERS:
            found += [source.at(node, "sets a state") for node in nodes if _sets_case_state(node)]
        elif not source.within(*PLANS):
            found += [source.at(node, "sets a state") for node in nodes if _sets_state(node)]
        found += [
            source.at(node, "updates case_file.state")
            for node, text in _texts(source)
            if _STATE_SQL.search(text)
        ]
    return found


def _sets_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(_is_state(part) for target in node.targets for part in ast.walk(target))
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return _is_state(node.target)
    return isinstance(node, ast.Call) and _passes_state(node)


def _sets_case_state(node: ast.AST) -> bool:
    return _is_state(node) and ast.unparse(node).endswith("case.state")


def _is_state(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute) and node.attr == "state" and isinstance(node.ctx, ast.Store)
    )


def _passes_state(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else _dotted(call.func)
    named = any(word.arg == "state" for word in call.keywords)
    if name in {"values", "replace", "update"}:
        return named or any(_has_state_key(argument) for argument in call.args)
    if name in {"setattr", "__setattr__"}:
        return any(isinstance(arg, ast.Constant) and arg.value == "state" for arg in call.args)
    return False


def _has_state_key(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value == "state" for key in node.keys
    )


def clock_readings(sources: Iterable[Source]) -> list[str]:
    """Find where workflows/ or models/ read the wall clock instead of being handed the time."""
    return [
        source.at(node, _dotted(node))
        for source in sources
        if source.within("workflows", "models")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ".".join(_dotted(node).split(".")[-2:]) in _CLOCKS
    ]


def writing_sql(sources: Iterable[Source]) -> list[str]:
    """Find SQL in webapp/ that writes: statements as text, or SQLAlchemy's writing constructs."""
    found = []
    for source in sources:
        if not source.within("webapp") or source.path in SQL_WRITERS:
            continue
        found += [
            source.at(node, text.split()[0])
            for node, text in _texts(source)
            if _WRITING_SQL.match(text)
        ]
        found += [
            source.at(node, alias.name)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
            for alias in node.names
            if alias.name in {"insert", "update", "delete", "Session"}
        ]
    return found


def without_assertions(sources: Iterable[Source]) -> list[str]:
    """Find tests that prove nothing: neither an assert, nor `raises`, nor a call that has."""
    functions = [
        (source, node)
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    proving: set[str] = set()
    # A test may leave the proof to a function of its own, and that to another.
    while more := {node.name for _, node in functions if _asserts(node, proving)} - proving:
        proving |= more
    return [
        source.at(node, node.name)
        for source, node in functions
        if node.name.startswith("test_") and not _asserts(node, proving)
    ]


def _asserts(function: ast.AST, proving: set[str]) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = _dotted(node.func).rpartition(".")[2]
            if name in proving | {"raises", "fail", "warns"} or name.startswith(_RAISING):
                return True
            if any(_is_check(word) for word in node.keywords):
                return True
    return False


def _is_check(word: ast.keyword) -> bool:
    """Tell whether a command must end well: `check=True` raises when it does not."""
    return word.arg == "check" and isinstance(word.value, ast.Constant) and word.value.value is True


def test_one_place_commits_holds() -> None:
    assert commits(python(*ROOMS)) == []


@pytest.mark.parametrize(
    "line",
    [
        "connection.commit()",
        "with engine.begin() as connection: pass",
        "stack.enter_context(engine.begin())",
        "connect(url, autocommit=True)",
        "engine.execution_options(isolation_level='AUTOCOMMIT')",
        "connection.execute(text('COMMIT'))",
    ],
)
def test_one_place_commits_catches_a_planted_violation(line: str) -> None:
    assert commits([Source("workflows/steps/link.py", line)])
    assert commits([Source("webapp/views/case.py", line)])
    assert commits([Source("webapp/db.py", line)]) == []


def test_one_place_commits_allows_savepoints() -> None:
    assert commits([Source("workflows/a.py", "with c.begin_nested(): pass")]) == []


def test_the_engine_alone_sets_a_state_holds() -> None:
    assert state_changes(python(*ROOMS)) == []


@pytest.mark.parametrize(
    "line",
    [
        "case.state = CaseState.CLOSED",
        "case.state, case.version = CaseState.CLOSED, 3",
        "case.state: str = 'closed'",
        "setattr(case, 'state', 'closed')",
        "update(Case).values(state='closed')",
        "update(Case).values({'state': 'closed'})",
        "situation.update(Case, case.id, state='closed')",
        "case = replace(case, state='closed')",
        "text('UPDATE case_file SET version = 2, state = :state')",
    ],
)
def test_the_engine_alone_sets_a_state_catches_a_planted_violation(line: str) -> None:
    assert state_changes([Source("workflows/steps/close.py", line)])
    assert state_changes([Source(ENGINE, line)]) == []


def test_the_place_of_handovers_sets_no_state_of_a_case_catches_a_planted_violation() -> None:
    assert state_changes([Source(HANDOVERS, "record.state = state")]) == []
    assert state_changes([Source(HANDOVERS, "situation.case.state = state")])
    assert state_changes([Source("workflows/steps/offer_handover.py", "record.state = state")])


def test_nobody_reads_the_wall_clock_holds() -> None:
    assert clock_readings(python("workflows", "models")) == []


@pytest.mark.parametrize(
    "line",
    ["datetime.now(UTC)", "datetime.datetime.now()", "today = date.today()", "time.time()"],
)
def test_nobody_reads_the_wall_clock_catches_a_planted_violation(line: str) -> None:
    assert clock_readings([Source("workflows/rules/deadlines.py", line)])
    assert clock_readings([Source("webapp/clock.py", line)]) == []


def test_webapp_writes_no_sql_holds() -> None:
    assert writing_sql(python("webapp")) == []


@pytest.mark.parametrize(
    "line",
    [
        "text('UPDATE person SET bsn = NULL')",
        "text('  INSERT INTO outbox VALUES (1)')",
        "text('WITH a AS (SELECT 1) DELETE FROM submission')",
        "from sqlalchemy import select, update",
        "from sqlalchemy.dialects.postgresql import insert",
        "from sqlalchemy.orm import Session",
    ],
)
def test_webapp_writes_no_sql_catches_a_planted_violation(line: str) -> None:
    assert writing_sql([Source("webapp/views/case.py", line)])
    assert writing_sql([Source("webapp/views/case.py", "text('SELECT 1')")]) == []


def test_each_test_asserts_holds() -> None:
    assert without_assertions(python("tests")) == []


def test_each_test_asserts_catches_a_planted_violation() -> None:
    assert without_assertions([Source("tests/a.py", "def test_a():\n    take()\n")])
    by_another = "def check():\n    assert 1\n\ndef test_a():\n    check()\n"
    assert without_assertions([Source("tests/a.py", by_another)]) == []
