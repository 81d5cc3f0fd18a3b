"""Words for codes that one payload declares for itself."""

from webapp.marking import N_

WORDS: dict[str, dict[str, str]] = {
    "subject": {
        "person": N_("Persoonsgegevens"),
        "permit_on": N_("Datum vergunning"),
        "title_on": N_("Datum huurcontract"),
        "housed_on": N_("Datum verhuizing"),
        "sign_off": N_("Afmelding"),
    },
    "judgment": {
        "link_upheld": N_("De koppeling blijft"),
        "contest_granted": N_("De betwisting is terecht: opnieuw koppelen"),
    },
    "months_after": {
        "6": N_("6 maanden"),
        "12": N_("12 maanden"),
        "24": N_("24 maanden"),
    },
}
