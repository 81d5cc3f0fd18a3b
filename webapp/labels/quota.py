"""Words for the quota and its ledger."""

from enum import StrEnum

from models import vocabulary as v
from webapp.marking import N_

WORDS: dict[type[StrEnum], dict[str, str]] = {
    v.QuotaKind: {
        "opening": N_("Beginstand"),
        "quota": N_("Taakstelling"),
        "transfer_in": N_("Overgenomen van een andere gemeente"),
        "transfer_out": N_("Overgedragen aan een andere gemeente"),
        "realised": N_("Gerealiseerd"),
        "reserved": N_("Gereserveerd"),
        "released": N_("Vrijgegeven"),
    },
    v.ApportionMethod: {
        "statute_ceiling": N_("Volgens de wet, naar boven afgerond"),
        "published_half_up": N_("Zoals gepubliceerd, gewoon afgerond"),
        "given": N_("Zoals opgegeven"),
    },
    v.TransferParty: {
        "giver": N_("Gemeente die overdraagt"),
        "taker": N_("Gemeente die overneemt"),
        "proposer": N_("Wie voorstelde"),
    },
    v.TransferAnswer: {
        "confirmed": N_("Bevestigd"),
        "declined": N_("Afgewezen"),
        "withdrawn": N_("Ingetrokken"),
    },
    v.TransferStage: {
        "waiting": N_("Wacht op bevestiging"),
        "agreed": N_("Geboekt"),
        "declined": N_("Afgewezen"),
        "withdrawn": N_("Ingetrokken"),
    },
    v.DisputeSettlement: {
        "agreed": N_("Gemeente is akkoord"),
        "corrected": N_("Afmelding is gecorrigeerd"),
    },
    v.RollupGrain: {
        "half_year": N_("Halfjaar"),
        "month": N_("Maand"),
        "day": N_("Dag"),
    },
}
