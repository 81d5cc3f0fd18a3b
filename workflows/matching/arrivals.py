"""Imagined arrivals, by which a what-if looks at more households than wait now."""

from dataclasses import replace

from workflows.matching.scene import Scene

FAMILY = 2
HUNDRED = 100


def with_more_families(scene: Scene, percent: int) -> Scene:
    """Return a scene with so many percent more families: copies of those who wait, spread evenly.

    A copy has a negative case number and no reference, so that nobody takes it for a household.
    """
    families = [
        number
        for number, household in enumerate(scene.households)
        if household.seeker.persons >= FAMILY
    ]
    wanted = round(len(families) * percent / HUNDRED)
    copied = [
        families[number * len(families) // wanted % len(families)] for number in range(wanted)
    ]
    copies = tuple(
        replace(
            scene.households[source],
            case_id=-number,
            seeker=replace(scene.households[source].seeker, reference=""),
        )
        for number, source in enumerate(copied, start=1)
    )
    return replace(
        scene,
        households=scene.households + copies,
        moves=scene.moves + tuple(scene.moves[source] for source in copied),
    )
