"""Who may open which route: every endpoint stands here, and an unknown one is denied."""

from enum import StrEnum

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.api.keys import demand_key
from webapp.auth import signed_in
from workflows.permissions import Permission
from workflows.policy import may


class Gate(StrEnum):
    """Ways in that no permission describes."""

    PUBLIC = "public"
    HALF_WAY = "half_way"
    SIGNED_IN = "signed_in"
    KEY = "key"


ROUTES: dict[str, Permission | Gate] = {
    "static": Gate.PUBLIC,
    "health.healthz": Gate.PUBLIC,
    "health.readyz": Gate.PUBLIC,
    # It asks for a token itself, or for the machine itself.
    "metrics.metrics": Gate.PUBLIC,
    "events.event": Gate.KEY,
    "sign_in.form": Gate.PUBLIC,
    "sign_in.submit": Gate.PUBLIC,
    "preferences.language": Gate.PUBLIC,
    "preferences.theme": Gate.PUBLIC,
    "preferences.theme_stylesheet": Gate.PUBLIC,
    "sign_in.second_factor": Gate.HALF_WAY,
    "sign_in.check_second_factor": Gate.HALF_WAY,
    "sign_in.enrol": Gate.HALF_WAY,
    "sign_in.check_enrolment": Gate.HALF_WAY,
    "sign_in.sign_out": Gate.HALF_WAY,
    "sign_in.enrolment_image": Gate.HALF_WAY,
    "home.home": Gate.SIGNED_IN,
    "account.account": Gate.SIGNED_IN,
    "account.change_password": Gate.SIGNED_IN,
    "home.help_page": Gate.SIGNED_IN,
    "notices.notices": Gate.SIGNED_IN,
    "notices.read": Gate.SIGNED_IN,
    "notices.open_case": Gate.SIGNED_IN,
    "notices.choices": Gate.SIGNED_IN,
    "notices.choose": Gate.SIGNED_IN,
    "queue.queue": Permission.VIEW_CASE,
    "queue.assign": Permission.ASSIGN,
    "search.search": Permission.VIEW_CASE,
    "search.results": Permission.VIEW_CASE,
    "stated_reason.form": Permission.STATE_REASON,
    "stated_reason.submit": Permission.STATE_REASON,
    "case.case": Permission.VIEW_CASE,
    "document.document": Permission.VIEW_CASE,
    "step.form": Permission.VIEW_CASE,
    "step.submit": Permission.VIEW_CASE,
    "register.form": Permission.REGISTER,
    "register.submit": Permission.REGISTER,
    "person.person": Permission.VIEW_CASE,
    "inbox.inbox": Permission.TAKE_UP,
    "outcomes.outcomes": Permission.RECORD_OUTCOME,
    "outcomes.record": Permission.RECORD_OUTCOME,
    "handover.handover": Permission.VIEW_HANDOVER,
    "handover.client_profile": Permission.VIEW_SNAPSHOT,
    "handover.client_profile_pdf": Permission.VIEW_SNAPSHOT,
    "handover.client_profile_json": Permission.VIEW_SNAPSHOT,
    "suggest.municipalities": Permission.VIEW_STANDING,
    "tasks.tasks": Permission.VIEW_CASE,
    "tasks.finish": Permission.VIEW_CASE,
    "tasks.reopen": Permission.VIEW_CASE,
    "due.due": Permission.VIEW_CASE,
    "leaving.form": Permission.MANAGE_USERS,
    "leaving.submit": Permission.MANAGE_USERS,
    "substitutes.substitutes": Permission.ARRANGE_SUBSTITUTE,
    "substitutes.arrange": Permission.ARRANGE_SUBSTITUTE,
    "substitutes.end": Permission.ARRANGE_SUBSTITUTE,
    "suggest.occupations": Permission.VIEW_CASE,
    "standing.standing": Permission.VIEW_STANDING,
    "standing.download": Permission.VIEW_STANDING,
    "standing_lines.lines": Permission.VIEW_STANDING,
    "standing_lines.download": Permission.VIEW_STANDING,
    "publications.overview": Permission.VIEW_STANDING,
    "publications.publish_table": Permission.ASSIGN_QUOTA,
    "publications.changes": Permission.VIEW_STANDING,
    "publications.download": Permission.VIEW_STANDING,
    "flow.flow": Permission.VIEW_COUNTS,
    "flow_handovers.handovers": Permission.VIEW_COUNTS,
    "flow_list.households": Permission.VIEW_COUNTS,
    "flow_list.download": Permission.VIEW_COUNTS,
    "departures.report": Permission.VIEW_DEPARTURES,
    "departures.download": Permission.VIEW_DEPARTURES,
    "bulk.choose": Permission.VIEW_CASE,
    "bulk.form": Permission.VIEW_CASE,
    "bulk.preview": Permission.VIEW_CASE,
    "bulk.begin": Permission.VIEW_CASE,
    "bulk_runs.overview": Permission.VIEW_CASE,
    "bulk_runs.run": Permission.VIEW_CASE,
    "bulk_runs.stop": Permission.VIEW_CASE,
    "bulk_runs.go_on": Permission.VIEW_CASE,
    "linking.linking": Permission.LINK,
    "linking.household": Permission.LINK,
    "matching_runs.overview": Permission.LINK,
    "matching_runs.begin": Permission.LINK,
    "matching_runs.run": Permission.LINK,
    "matching_runs.stop": Permission.LINK,
    "confirming.preview": Permission.LINK,
    "confirming.link": Permission.LINK,
    "why_not.form": Permission.LINK,
    "why_not.begin": Permission.LINK,
    "why_not.answer": Permission.LINK,
    "what_if.form": Permission.LINK,
    "what_if.begin": Permission.LINK,
    "what_if.scenario": Permission.LINK,
    "what_if.keep": Permission.LINK,
    "what_if.drop": Permission.LINK,
    "saved_views.save": Permission.VIEW_CASE,
    "saved_views.delete": Permission.VIEW_CASE,
    "apportionment.form": Permission.ASSIGN_QUOTA,
    "apportionment.assign": Permission.ASSIGN_QUOTA,
    "standing_import.form": Permission.IMPORT_STANDINGS,
    "standing_import.check": Permission.IMPORT_STANDINGS,
    "standing_import.take": Permission.IMPORT_STANDINGS,
    "exemptions.exemptions": Permission.ASSIGN_QUOTA,
    "exemptions.add": Permission.ASSIGN_QUOTA,
    "exemptions.ending": Permission.ASSIGN_QUOTA,
    "exemptions.end": Permission.ASSIGN_QUOTA,
    "populations.populations": Permission.ASSIGN_QUOTA,
    "populations.store": Permission.ASSIGN_QUOTA,
    "transfers.transfers": Permission.PROPOSE_TRANSFER,
    "transfers.form": Permission.PROPOSE_TRANSFER,
    "transfers.submit": Permission.PROPOSE_TRANSFER,
    "transfers.transfer": Permission.PROPOSE_TRANSFER,
    "transfers.respond": Permission.ANSWER_TRANSFER,
    "transfers.take_back": Permission.PROPOSE_TRANSFER,
    "matching_data.table": Permission.KEEP_MATCHING_DATA,
    "matching_data.take": Permission.KEEP_MATCHING_DATA,
    "score_weights.weights": Permission.KEEP_MATCHING_DATA,
    "score_weights.add": Permission.KEEP_MATCHING_DATA,
    "supply_report.supply": Permission.REPORT_SUPPLY,
    "supply_report.report": Permission.REPORT_SUPPLY,
    "fairness.reports": Permission.VIEW_FAIRNESS,
    "fairness.report": Permission.VIEW_FAIRNESS,
    "score_models.overview": Permission.VIEW_SCORE_MODEL,
    "score_models.switch_off": Permission.CHOOSE_SCORE_MODEL,
    "score_models.version": Permission.VIEW_SCORE_MODEL,
    "score_models.switch_on": Permission.CHOOSE_SCORE_MODEL,
    "deliveries.deliveries": Permission.MANAGE_DELIVERIES,
    "deliveries.delivery": Permission.MANAGE_DELIVERIES,
    "deliveries.send_again": Permission.MANAGE_DELIVERIES,
    "trail.search": Permission.READ_AUDIT,
    "trail.ask": Permission.READ_AUDIT,
    "trail.download": Permission.READ_AUDIT,
    "norms.norms": Permission.VIEW_NORMS,
    "norms.set_norm": Permission.KEEP_NORMS,
    "norms.count_rules": Permission.VIEW_NORMS,
    "norms.set_count_rule": Permission.KEEP_NORMS,
    "verification.overview": Permission.VERIFY,
    "verification.start": Permission.VERIFY,
    "verification.run": Permission.VERIFY,
    "webhooks.webhooks": Permission.MANAGE_WEBHOOKS,
    "webhooks.add": Permission.MANAGE_WEBHOOKS,
    "webhooks.renew": Permission.MANAGE_WEBHOOKS,
    "webhooks.set_active": Permission.MANAGE_WEBHOOKS,
    "webhooks.add_key": Permission.MANAGE_WEBHOOKS,
    "webhooks.revoke_key": Permission.MANAGE_WEBHOOKS,
    "corrections.corrections": Permission.ASSIGN_QUOTA,
    "corrections.line": Permission.ASSIGN_QUOTA,
    "corrections.reverse": Permission.ASSIGN_QUOTA,
    "reconciliation.reconciliation": Permission.RECONCILE,
    "reconciliation.listed": Permission.RECONCILE,
    "reconciliation.download": Permission.RECONCILE,
    "reconciliation.form": Permission.DISPUTE_REALISATION,
    "reconciliation.submit": Permission.DISPUTE_REALISATION,
    "reconciliation.disputed": Permission.RECONCILE,
    "reconciliation.end": Permission.DISPUTE_REALISATION,
    "supervision.ladder": Permission.SUPERVISE,
    "supervision.propose_steps": Permission.SUPERVISE,
    "supervision.reckon_excusability": Permission.SUPERVISE,
    "supervision.criteria_page": Permission.SUPERVISE,
    "supervision.add_criterion": Permission.SUPERVISE,
    "supervision.municipality": Permission.SUPERVISE,
    "supervision.decide_step": Permission.SUPERVISE,
    "mergers.mergers": Permission.MERGE_MUNICIPALITIES,
    "mergers.preview": Permission.MERGE_MUNICIPALITIES,
    "mergers.merge": Permission.MERGE_MUNICIPALITIES,
    "users.users": Permission.MANAGE_USERS,
    "users.add": Permission.MANAGE_USERS,
    "users.user": Permission.MANAGE_USERS,
    "users.grant": Permission.MANAGE_USERS,
    "users.end_grant": Permission.MANAGE_USERS,
    "users.reset": Permission.MANAGE_USERS,
    "users.set_active": Permission.MANAGE_USERS,
}


def guard() -> Response | None:
    """Let a request through, or lead it to sign-in, or answer that there is no such page."""
    if request.endpoint is None:
        return None
    if any("\x00" in value for values in request.args.listvalues() for value in values):
        # No page writes such an address, and PostgreSQL keeps no such text.
        abort(404)
    gate = ROUTES.get(request.endpoint)
    if gate is Gate.PUBLIC:
        return None
    return demand_key() if gate is Gate.KEY else _guard_visitor(gate)


def _guard_visitor(gate: Permission | Gate | None) -> Response | None:
    visitor = signed_in()
    if visitor is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.form", next=back))
    if gate is Gate.HALF_WAY:
        return None
    if not visitor.complete:
        return redirect(url_for("sign_in.second_factor"))
    if gate is None or (isinstance(gate, Permission) and not may(visitor.actor, gate)):
        abort(404)
    return None
