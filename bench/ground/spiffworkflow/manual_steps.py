"""SpiffWorkflow's persisted manual step, run by bench/step.py in an environment of its own.

A step is what a web request does: load the workflow from its jsonb row, complete the manual task
that is ready, run on to the next, store the workflow, commit. Reads a number of steps per line
and answers with what they cost. Arguments: the database's URL.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

CASES = 20
Connection = psycopg.Connection[tuple[Any, ...]]


def main() -> None:
    """Answer each line of standard input with the cost of so many steps, as JSON."""
    with psycopg.connect(sys.argv[1], prepare_threshold=0) as connection:
        connection.execute("CREATE TEMPORARY TABLE spiff (id int PRIMARY KEY, workflow jsonb)")
        serializer = BpmnWorkflowSerializer()
        for line in sys.stdin:
            print(json.dumps(_measure(connection, serializer, int(line))), flush=True)


def _measure(connection: Connection, serializer: Any, wanted: int) -> dict[str, float]:
    parser = BpmnParser()
    parser.add_bpmn_file(str(Path(__file__).with_name("journey.bpmn")))
    spec = parser.get_spec("journey")
    connection.execute("TRUNCATE spiff")
    for case in range(CASES):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        connection.execute(
            "INSERT INTO spiff VALUES (%s, %s::jsonb)", [case, serializer.serialize_json(workflow)]
        )
    connection.commit()
    done = 0
    cpu, wall = time.process_time(), time.perf_counter()
    while done < wanted:
        if not _step(connection, serializer, done % CASES):
            raise RuntimeError("the workflows ended before the steps were done")
        done += 1
    return {"units": done, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def _step(connection: Connection, serializer: Any, case: int) -> bool:
    row = connection.execute(
        "SELECT workflow::text FROM spiff WHERE id = %s FOR UPDATE", [case]
    ).fetchone()
    workflow = serializer.deserialize_json(row[0] if row else "")
    ready = workflow.get_tasks(state=TaskState.READY, manual=True)
    if not ready:
        return False
    ready[0].set_data(reason="De zus van de aanvrager woont in deze gemeente.")
    ready[0].run()
    workflow.do_engine_steps()
    connection.execute(
        "UPDATE spiff SET workflow = %s::jsonb WHERE id = %s",
        [serializer.serialize_json(workflow), case],
    )
    connection.commit()
    return True


if __name__ == "__main__":
    main()
