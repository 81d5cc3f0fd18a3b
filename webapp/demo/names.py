"""Names of nobody: given and family names by nationality, written in the Latin script.

`faker` has no romanised names for the largest groups of those years, so that these are added to it
as a provider of its own; the other groups use the locales that faker does have.
"""

from dataclasses import dataclass
from functools import cache
from random import Random

from faker import Faker
from faker.providers.person import Provider

POOL = 400


class SyrianNames(Provider):
    """Arabic names of the Levant, romanised."""

    first_names_male = (
        "Ahmad", "Mohammad", "Omar", "Khaled", "Yousef", "Ali", "Hassan", "Hussein", "Mahmoud",
        "Ibrahim", "Samer", "Bassel", "Fadi", "Rami", "Ziad", "Anas", "Tarek", "Majd", "Nabil",
        "Wael", "Ammar", "Firas", "Hani", "Karim", "Louay", "Mazen", "Nizar", "Qusay", "Salim",
        "Yazan", "Abdulrahman", "Adnan", "Ghassan", "Jamal", "Munir",
    )  # fmt: skip
    first_names_female = (
        "Fatima", "Amina", "Rasha", "Nour", "Hala", "Rima", "Lina", "Maha", "Samar", "Dima",
        "Hanan", "Iman", "Layla", "Maryam", "Nadia", "Ola", "Rana", "Salma", "Yasmin", "Zeinab",
        "Aya", "Batoul", "Ghada", "Hiba", "Jumana", "Kinda", "Marwa", "Nisreen", "Sahar", "Wafaa",
    )  # fmt: skip
    last_names = (
        "Al-Ahmad", "Haddad", "Khoury", "Al-Masri", "Darwish", "Najjar", "Sabbagh", "Al-Hussein",
        "Barakat", "Kassab", "Shami", "Halabi", "Al-Omar", "Mansour", "Saleh", "Hamdan", "Nasser",
        "Al-Khatib", "Qabbani", "Zaidan", "Tahan", "Al-Jundi", "Farhat", "Issa", "Karam", "Maalouf",
        "Rifai", "Sayegh", "Touma", "Yazbek", "Al-Sheikh", "Azzam", "Bitar", "Dib", "Hallak",
    )  # fmt: skip


class EritreanNames(Provider):
    """Tigrinya and Tigre names, romanised; the last name is the father's name."""

    first_names_male = (
        "Abel", "Amanuel", "Aron", "Awet", "Berhane", "Biniam", "Daniel", "Dawit", "Ermias",
        "Esayas", "Filmon", "Goitom", "Habtom", "Henok", "Isaias", "Kibrom", "Merhawi", "Michael",
        "Mulugeta", "Natnael", "Petros", "Robel", "Samuel", "Simon", "Tekle", "Tesfay", "Yemane",
        "Yohannes", "Yonas", "Zerit",
    )  # fmt: skip
    first_names_female = (
        "Abeba", "Almaz", "Asmeret", "Azeb", "Feven", "Freweini", "Genet", "Helen", "Hiwet",
        "Kisanet", "Lemlem", "Letebrhan", "Luwam", "Mehret", "Meron", "Miriam", "Nigisti", "Rahwa",
        "Rigat", "Ruta", "Saba", "Selam", "Semhar", "Senait", "Tirhas", "Winta", "Yordanos",
    )  # fmt: skip
    last_names = (
        "Abraha", "Andemariam", "Araya", "Asfaha", "Beyene", "Fessehaye", "Gebremariam",
        "Gebremedhin", "Gebremeskel", "Ghebreab", "Ghebrehiwet", "Habte", "Hagos", "Haile",
        "Kahsay", "Kidane", "Mebrahtu", "Mehari", "Negash", "Ogbamichael", "Russom", "Sium",
        "Tekeste", "Tesfamariam", "Tewelde", "Weldegebriel", "Woldu", "Zeray", "Teklemariam",
    )  # fmt: skip


class PersianNames(Provider):
    """Persian and Dari names, romanised."""

    first_names_male = (
        "Ali", "Amir", "Arash", "Behrouz", "Dariush", "Ehsan", "Farhad", "Habib", "Hamed", "Jawad",
        "Kaveh", "Mehdi", "Milad", "Navid", "Omid", "Parviz", "Reza", "Saeed", "Shahram", "Siavash",
        "Zabihullah", "Najib", "Farid", "Wahid", "Mustafa", "Nasir", "Rahim", "Sohrab", "Taher",
    )  # fmt: skip
    first_names_female = (
        "Arezu", "Azadeh", "Farzaneh", "Fereshteh", "Golnaz", "Homa", "Laleh", "Leila", "Mahsa",
        "Mina", "Nasrin", "Niloufar", "Parisa", "Roya", "Sara", "Setareh", "Shabnam", "Shirin",
        "Simin", "Soraya", "Yalda", "Zahra", "Zohreh", "Freshta", "Malalai", "Nilofar", "Parwana",
    )  # fmt: skip
    last_names = (
        "Ahmadi", "Akbari", "Amini", "Azizi", "Bahrami", "Ebrahimi", "Farahani", "Ghorbani",
        "Haidari", "Hashemi", "Hosseini", "Jafari", "Karimi", "Kazemi", "Mohammadi", "Moradi",
        "Mousavi", "Nazari", "Noori", "Popal", "Qaderi", "Rahimi", "Rezai", "Safi", "Sharifi",
        "Stanekzai", "Tahiri", "Wardak", "Yousefi", "Zamani",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """A nationality with its share among permit holders, its languages and its source of names."""

    nationality: str
    weight: float
    languages: tuple[str, ...]
    source: str | type[Provider]


ORIGINS = (
    Origin("SYR", 0.62, ("Arabisch",), SyrianNames),
    Origin("ERI", 0.19, ("Tigrinya",), EritreanNames),
    Origin("IRQ", 0.05, ("Arabisch", "Sorani"), "fr_DZ"),
    Origin("AFG", 0.04, ("Dari",), PersianNames),
    Origin("IRN", 0.04, ("Perzisch",), PersianNames),
    Origin("TUR", 0.02, ("Turks",), "tr_TR"),
    Origin("PAK", 0.01, ("Urdu",), "en_PK"),
    Origin("AZE", 0.01, ("Azerbeidzjaans",), "az_AZ"),
    Origin("NGA", 0.02, ("Engels", "Hausa"), "ha_NG"),
)
STAFF = Origin("NLD", 0.0, ("Nederlands",), "nl_NL")


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names drawn beforehand, since drawing each name from faker would take most of a build."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    family: tuple[str, ...]

    def given(self, random: Random, *, female: bool) -> str:
        """Return a given name."""
        return random.choice(self.female if female else self.male)


@cache
def pool(origin: Origin) -> NamePool:
    """Return the same pool of names for an origin in every run."""
    locale = origin.source if isinstance(origin.source, str) else "en"
    faker = Faker(locale)
    if not isinstance(origin.source, str):
        faker.add_provider(_localised(origin.source))
    faker.seed_instance(f"thuisroute {origin.nationality}")
    return NamePool(
        male=tuple(_title(faker.first_name_male()) for _ in range(POOL)),
        female=tuple(_title(faker.first_name_female()) for _ in range(POOL)),
        family=tuple(_title(faker.last_name()) for _ in range(POOL)),
    )


def _localised(names: type[Provider]) -> type[Provider]:
    # Without the mixed lists, the base provider would answer with names of its default locale.
    mixed = (*vars(names)["first_names_male"], *vars(names)["first_names_female"])
    return type(names.__name__, (names,), {"first_names": mixed})


def _title(name: str) -> str:
    return name if any(letter.isupper() for letter in name) else name.title()
