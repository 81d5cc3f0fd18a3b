"""The letters and words of the official table's figures, by the keys of a standing row."""

from webapp.marking import N_

HEADS = {
    "opening_previous": ("A", N_("Beginstand vorig halfjaar")),
    "quota_previous": ("B", N_("Taakstelling vorig halfjaar")),
    "realised_previous": ("C", N_("Gerealiseerd vorig halfjaar")),
    "opening": ("D", N_("Beginstand dit halfjaar")),
    "quota": ("E", N_("Taakstelling dit halfjaar")),
    "corrected_quota": ("F", N_("Gecorrigeerde taakstelling")),
    "realised": ("G", N_("Gerealiseerd")),
    "remaining": ("H", N_("Nog te realiseren")),
    "backlog": ("I", N_("Achterstand")),
    "advance": ("J", N_("Voorsprong")),
}
