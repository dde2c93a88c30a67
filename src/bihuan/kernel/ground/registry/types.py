"""Words of the world: areas, people, firms, units, posts, duties, powers, and the Scope."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NewType
from uuid import UUID

from bihuan.kernel.ground.events.types import SYSTEM, Origin, Ref

AreaId = NewType("AreaId", int)
AreaPath = NewType("AreaPath", str)
"""Codes from the city down, each closed by a slash: ``3304/330421/330421003/330421003001/``."""
PersonId = NewType("PersonId", UUID)
OrganisationId = NewType("OrganisationId", UUID)
UnitId = NewType("UnitId", int)
PostId = NewType("PostId", int)
Power = NewType("Power", str)
"""What somebody may do, named by the room that guards it: ``cases.dispatch``."""
DutyCode = NewType("DutyCode", str)
PurposeCode = NewType("PurposeCode", str)

EVERYBODY = Power("public")
"""The power that needs no sign-in."""
SIGNED_IN = Power("signed_in")
"""The power of anybody who is signed in."""

HANDLING = PurposeCode("handling")
"""The ordinary purpose: doing the work of one's post."""
OWN_AFFAIRS = PurposeCode("own_affairs")
"""A resident or a firm looks after its own matters."""

ACCEPTOR = DutyCode("acceptor")
DISPATCHER = DutyCode("dispatcher")
HANDLER = DutyCode("handler")
VERIFIER = DutyCode("verifier")
DUTY_OFFICER = DutyCode("duty_officer")
GRID_WORKER = DutyCode("grid_worker")
GRID_LEADER = DutyCode("grid_leader")
PROJECT_OFFICER = DutyCode("project_officer")
LEADER = DutyCode("leader")
AUDITOR = DutyCode("auditor")
SYSTEM_ADMIN = DutyCode("system_admin")
SECURITY_ADMIN = DutyCode("security_admin")
AUDIT_ADMIN = DutyCode("audit_admin")
RESIDENT = DutyCode("resident")
"""What everybody who is registered may do in their own matters. Needs no post."""
FIRM_CONTACT = DutyCode("firm_contact")
"""What the contact or legal representative of a firm may do for it. Needs no post."""

MANAGE_AREAS = Power("registry.manage_areas")
MANAGE_UNITS = Power("registry.manage_units")
APPOINT = Power("registry.appoint")
REGISTER_PEOPLE = Power("registry.register_people")
REGISTER_FIRMS = Power("registry.register_firms")
LOOK_UP_PEOPLE = Power("registry.look_up_people")
ASSIGN_OFFICERS = Power("registry.assign_officers")
OPEN_IDENTIFIERS = Power("registry.open_identifiers")
"""Read one clear value of one person. `privacy` has it while it writes the look down; no duty."""
REACH_PEOPLE = Power("registry.reach_people")
"""Read the phone of somebody who is to be told something. The sender of notices has it; no duty."""


class Field(enum.StrEnum):
    """The sealed values of a person."""

    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of a value stays readable; the rest becomes stars."""

    first: int = 0
    last: int = 0


class AreaLevel(enum.StrEnum):
    """The levels of areas, from the city down."""

    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    INDUSTRIAL_COMMUNITY = "industrial_community"
    GRID = "grid"
    MICRO_GRID = "micro_grid"


class GridKind(enum.StrEnum):
    """A basic grid tiles its village; an exclusive one (park, market, school) may overlap."""

    BASIC = "basic"
    EXCLUSIVE = "exclusive"


class LineageKind(enum.StrEnum):
    """How one area became another."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"


class RelationKind(enum.StrEnum):
    """What a person is to a firm, a household or another person."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    CONTACT = "contact"
    """Speaks for the firm here, and may act for it."""
    SAFETY_OFFICER = "safety_officer"
    EMPLOYEE = "employee"
    HOUSEHOLD_HEAD = "household_head"
    HOUSEHOLD_MEMBER = "household_member"
    SPOUSE = "spouse"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Area:
    """One area as a value."""

    id: AreaId
    code: str
    name: str
    level: AreaLevel
    path: AreaPath
    aliases: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    grid_kind: GridKind | None = None
    is_schematic: bool = True
    """True while the centre is only roughly right (示意)."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place that a text names, and how sure that is."""

    code: str
    name: str
    level: AreaLevel
    path: AreaPath
    text: str
    """The words in the text."""
    start: int
    confidence: float
    """0 to 1."""
    is_confirmed: bool
    """False: a suggestion, to be asked about before it is used."""
    reason: str
    """full_name, short_name, behind_its_area, narrowed, ambiguous, unclear, common_word, road,
    suspected, look_alike or contradicted."""


@dataclass(frozen=True, slots=True)
class Hexagon:
    """One town on the wall's schematic map. Odd rows stand half a step to the right."""

    code: str
    name: str
    county_code: str
    path: AreaPath
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The ground of a town on the map: rings of (longitude, latitude), the outer ring first."""

    code: str
    name: str
    path: AreaPath
    rings: tuple[tuple[tuple[float, float], ...], ...]
    is_schematic: bool
    """True: drawn around the centre of the town (示意), not a boundary."""


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area to be added inside an existing one."""

    code: str
    name: str
    level: AreaLevel
    parent_code: str
    grid_kind: GridKind | None = None
    aliases: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    valid_from: date | None = None
    """None: today."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A department, town office, station or operator that may hold a matter."""

    id: UnitId
    code: str
    name: str
    area_path: AreaPath
    parent_id: UnitId | None = None
    line: str = ""
    """The functional line (业务线), such as ``fire``; empty for a territory (属地)."""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a post is for, and the powers that come with it. Declared by rooms and scenes."""

    code: DutyCode
    title: str
    powers: frozenset[Power]


@dataclass(frozen=True, slots=True)
class Post:
    """One person's duty in a unit and an area, for a time."""

    id: PostId
    duty: DutyCode
    unit_id: UnitId | None
    area_path: AreaPath
    valid_from: date
    valid_to: date | None = None
    """The first day on which the post no longer counts; None while it is open."""
    unit_name: str = ""
    area_name: str = ""


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as anybody at work may see one: masked."""

    id: PersonId
    name: str
    """First character and stars: 王**."""
    phone: str = ""
    """138****8000, or empty."""
    id_number: str = ""
    """330424********1234, or empty."""
    area_path: AreaPath | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What a person sees of themselves: name and phone in clear, the identity number masked."""

    id: PersonId
    name: str
    phone: str
    id_number: str
    area_path: AreaPath | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A firm or other body, as a public register shows it."""

    id: OrganisationId
    name: str
    uscc: str
    """Empty where it has none, or none is known yet."""
    area_id: AreaId
    area_path: AreaPath
    industry: str = ""
    is_above_scale: bool = False
    address: str = ""
    registered_address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """A firm to be registered where its premises lie."""

    name: str
    area_code: str
    """Code of the village, industrial community or grid of the premises."""
    uscc: str = ""
    """Empty where it was found without a registration."""
    industry: str = ""
    is_above_scale: bool = False
    address: str = ""
    registered_address: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """What a person is to a firm, a household or another person."""

    id: int
    person: PersonCard
    kind: RelationKind
    valid_from: date
    valid_to: date | None = None
    organisation_id: OrganisationId | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post: the post and the person."""

    post: Post
    person: PersonCard


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks: one frozen value for each request, made at the edge.

    It filters every query, sets the database's row security and decides each policy. `area_paths`
    are whole subtrees; an empty tuple sees no area. `unit_ids` are the own unit and those below.
    """

    origin: Origin
    county_id: str
    person_id: PersonId | None = None
    post_id: PostId | None = None
    unit_id: UnitId | None = None
    unit_ids: frozenset[UnitId] = frozenset()
    area_paths: tuple[AreaPath, ...] = ()
    organisation_ids: frozenset[OrganisationId] = frozenset()
    duties: frozenset[DutyCode] = frozenset()
    powers: frozenset[Power] = frozenset({EVERYBODY})
    purpose: PurposeCode = OWN_AFFAIRS
    unit_name: str = field(default="", compare=False, repr=False)
    """What the unit is called."""

    def has(self, power: Power) -> bool:
        """Return whether this scope holds `power`."""
        return power in self.powers

    def covers(self, area_path: str) -> bool:
        """Return whether `area_path` lies inside one of the scope's areas."""
        return any(area_path.startswith(own) for own in self.area_paths)

    def through(self, origin: Origin) -> Scope:
        """Return the same scope, acting by `origin`."""
        return replace(self, origin=origin)


def person_ref(person_id: PersonId) -> Ref:
    """Return the pointer to a person."""
    return Ref("registry.person", str(person_id))


def organisation_ref(organisation_id: OrganisationId) -> Ref:
    """Return the pointer to a firm or other organisation."""
    return Ref("registry.organisation", str(organisation_id))


def unit_ref(unit_id: UnitId) -> Ref:
    """Return the pointer to a unit."""
    return Ref("registry.unit", str(unit_id))


def system_scope_values(county_id: str, powers: frozenset[Power]) -> Scope:
    """Return a scope for work without a person: the whole city, named powers only."""
    return Scope(
        origin=SYSTEM,
        county_id=county_id,
        area_paths=(AreaPath(""),),
        powers=powers | {EVERYBODY},
        purpose=HANDLING,
    )
