"""The open standard through HTTP: one matter in the ordinary inbox, nothing personal read."""

from __future__ import annotations

import json
import os
import re
import uuid
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.kernel.affairs.cases import api as cases
from bihuan.kernel.affairs.cases.testing import Case
from bihuan.kernel.affairs.cases.types import MAY_RAISE
from bihuan.kernel.ground.events import api as events
from bihuan.kernel.ground.events.types import Door
from bihuan.kernel.ground.registry import api as registry
from bihuan.kernel.ground.registry.testing import Cast, make_cast
from bihuan.kernel.stage import api as stage
from bihuan.kernel.stage.machines import WantedKey
from bihuan.kernel.stage.types import MANAGE_MACHINES
from bihuan.platform import clock
from bihuan.platform.adapters.models import Window
from bihuan.platform.adapters.types import MadeKey
from bihuan.scenes.appeals import operations
from bihuan.scenes.appeals.classes import CLASSES
from bihuan.scenes.appeals.open311 import asking, reading

pytestmark = pytest.mark.django_db

BASE = "/open311/v2"
LAMP = {
    "service_code": "street_lamp",
    "description": "秦山路路灯三盏不亮，我叫王小明，13900000101",
    "lat": "30.5249",
    "long": "120.9423",
    "address_string": "望海街道秦山路",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast(at=clock.now())


def key_of(cast: Cast, *powers: str, area: str = "330424", system: str = "") -> MadeKey:
    wanted = WantedKey("Test", powers or (MAY_RAISE,), area, 30, 600, system)
    return stage.make_key(wanted, scope=cast.scope("system"), at=clock.now())


def send(client: Client, form: str = "json", headers: dict[str, str] | None = None, **more: str):
    data = {k: v for k, v in (LAMP | more).items() if v != ""}
    return client.post(f"{BASE}/requests.{form}", data, headers=headers or {})


def nothing_written() -> None:
    assert (Case.objects.count(), events.count_facts(name="cases.case_opened.v1")) == (0, 0)


class TestSending:
    def test_it_is_one_matter_in_the_ordinary_inbox(self, cast: Cast, client: Client) -> None:
        answer = send(client)
        assert answer.status_code == 201
        (row,) = json.loads(answer.content)
        case = Case.objects.get()
        assert row["service_request_id"] == case.number
        assert (case.source, case.class_code, case.state) == ("open311", "street_lamp", "reported")
        assert case.area_path.endswith("330424005/")
        assert (case.raised_by_key, case.place) == ("", "望海街道秦山路")
        code, where = re.findall(r"查询码 (\S+) 可以再查：(\S+)", row["service_notice"])[0]
        found = client.post(where, {"number": case.number, "code": code}, follow=True)
        assert "路灯三盏不亮" in found.content.decode()
        found = json.loads(client.get(f"{BASE}/requests/{case.number}.json").content)
        assert found[0]["status"] == "open"

    def test_its_status_moves_with_the_matter(self, cast: Cast, client: Client) -> None:
        number = json.loads(send(client).content)[0]["service_request_id"]
        case = Case.objects.get()
        scope = cast.scope("mei")
        from bihuan.kernel.affairs.cases.types import CaseId, Detail, MoveName

        cases.move_case(
            CaseId(case.pk),
            move=MoveName("reject"),
            detail=Detail(reason="in_procedure", words="在法院审理"),
            scope=scope,
            at=clock.now(),
        )
        (row,) = json.loads(client.get(f"{BASE}/requests/{number}.json").content)
        assert (row["status"], row["status_notes"]) == ("closed", "不予立案")
        assert json.loads(client.get(f"{BASE}/requests.json?status=open").content) == []

    def test_with_a_key_it_bears_the_key_s_origin(self, cast: Cast, client: Client) -> None:
        made = key_of(cast)
        answer = send(client, headers={"Authorization": f"Bearer {made.token}"})
        assert answer.status_code == 201
        ref = cases.find_by_number(Case.objects.get().number, scope=cast.scope("mei"))
        assert ref is not None
        fact = events.list_facts(subject=_ref())[0]
        assert (fact.origin.door, fact.origin.words) == ("api", f"key {made.key.prefix}")
        assert send(client, api_key=made.token).status_code == 201

    def test_sent_twice_under_one_id_it_is_one(self, cast: Cast, client: Client) -> None:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        first, again = send(client, headers=headers), send(client, headers=headers)
        assert json.loads(first.content) == json.loads(again.content)
        assert Case.objects.count() == 1
        other = send(client, headers=headers, description="别的事情")
        assert other.status_code == 400
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        "more",
        [
            {"service_code": "no_such"},
            {"service_code": "wages"},
            {"service_code": ""},
            {"description": ""},
            {"description": "灯" * 4001},
            {"lat": "", "long": "", "address_string": ""},
            {"lat": "nan"},
            {"lat": "30.5", "long": ""},
            {"lat": "90", "long": "0"},
            {"lat": "", "long": "", "address_string": "火星"},
            {"media_url": "javascript:alert(1)"},
            {"media_url": "http://" + "a" * 1000},
            {"jurisdiction_id": "bloomington.in.gov"},
            {"api_key": "bh_00000000_wrong"},
        ],
    )
    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_what_is_wrong_is_said_in_the_standard_s_form(
        self, cast: Cast, client: Client, more: dict[str, str], form: str
    ) -> None:
        answer = send(client, form, **more)
        assert answer.status_code in {400, 403, 404}
        if form == "json":
            ((code, words),) = [tuple(e.values()) for e in json.loads(answer.content)]
        else:
            root = ET.fromstring(answer.content)
            assert root.tag == "errors"
            code, words = (child.text for child in root[0])
        assert int(code) == answer.status_code
        assert words
        nothing_written()

    def test_a_key_reports_for_its_own_county_only(self, cast: Cast, client: Client) -> None:
        made = key_of(cast)
        far = {"lat": "", "long": "", "address_string": "嘉善县惠民街道"}
        headers = {"Authorization": f"Bearer {made.token}"}
        assert send(client, headers=headers, **far).status_code == 400
        nothing_written()

    def test_a_revoked_key_is_turned_away_at_once(self, cast: Cast, client: Client) -> None:
        made = key_of(cast)
        headers = {"Authorization": f"Bearer {made.token}"}
        assert send(client, headers=headers).status_code == 201
        stage.revoke_key(made.key.id, scope=cast.scope("system"), at=clock.now())
        assert send(client, headers=headers).status_code == 403
        assert client.get(f"{BASE}/requests.json", headers=headers).status_code == 403
        assert client.get(f"{BASE}/requests.json").status_code == 200
        assert Case.objects.count() == 1

    def test_ten_megabytes_xml_bombs_and_other_forms_are_refused_unread(
        self, cast: Cast, client: Client
    ) -> None:
        address = f"{BASE}/requests.xml"
        big = client.post(address, b"a=" + b"x" * 10_000_000, content_type=FORM)
        assert big.status_code == 413
        bomb = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>'
        for kind in ("text/xml", "application/xml", "application/json"):
            assert client.post(address, bomb, content_type=kind).status_code == 400
        nothing_written()

    def test_who_comes_too_often_is_asked_to_wait(self, cast: Cast, client: Client) -> None:
        client.get(f"{BASE}/services.json")
        Window.objects.update(count=60)
        later = client.get(f"{BASE}/services.json")
        assert later.status_code == 429
        assert 0 < int(later["Retry-After"]) <= 60

    def test_a_browser_s_session_opens_nothing(self, cast: Cast) -> None:
        from bihuan.platform.accounts.testing import sign_in

        client = sign_in(Client(enforce_csrf_checks=True), cast.account("lu"))
        assert send(client).status_code == 201
        assert Case.objects.get().raised_by_key == ""


FORM = "application/x-www-form-urlencoded"


def _ref():
    from bihuan.kernel.affairs.cases.types import CaseId, case_ref

    return case_ref(CaseId(Case.objects.get().pk))


class TestReading:
    def test_nothing_personal_is_read(self, cast: Cast, client: Client) -> None:
        send(client)
        shown = client.get(f"{BASE}/requests.json").content.decode()
        assert json.loads(shown)[0]["description"] is None
        for word in ("王小明", "13900000101", "三盏不亮"):
            assert word not in shown

    def test_a_reviewer_releases_words(self, cast: Cast, client: Client) -> None:
        send(client)
        case = Case.objects.get()
        from bihuan.scenes.appeals.open311 import releasing

        words = asking.masked(case.text)
        assert words == "秦山路路灯三盏不亮，我叫王**，***"
        releasing.release(case.pk, "秦山路路灯三盏不亮", scope=cast.scope("tao"), at=clock.now())
        (row,) = json.loads(client.get(f"{BASE}/requests.json").content)
        assert row["description"] == "秦山路路灯三盏不亮"
        releasing.release(case.pk, "", scope=cast.scope("tao"), at=clock.now())
        (row,) = json.loads(client.get(f"{BASE}/requests.json").content)
        assert row["description"] is None

    def test_the_point_of_a_lamp_is_shown_of_a_noise_only_the_village(
        self, cast: Cast, client: Client
    ) -> None:
        send(client)
        send(client, service_code="noise", description="隔壁半夜很吵")
        rows = json.loads(client.get(f"{BASE}/requests.json").content)
        noise, lamp = sorted(rows, key=lambda row: row["service_code"])
        assert (lamp["lat"], lamp["long"]) == (30.5249, 120.9423)
        assert (noise["lat"], noise["long"], noise["address"]) == (None, None, "望海街道")

    def test_what_is_sensitive_or_not_offered_is_not_there(
        self, cast: Cast, client: Client
    ) -> None:
        said = operations.Report("老板欠薪三个月", "330424005", class_code="wages")
        opened = operations.report(said, scope=registry.anonymous_scope(Door.WEB), at=clock.now())
        assert json.loads(client.get(f"{BASE}/requests.json").content) == []
        assert client.get(f"{BASE}/requests/{opened.number}.json").status_code == 404

    def test_filters(self, cast: Cast, client: Client) -> None:
        send(client)
        send(client, service_code="noise", description="隔壁半夜很吵")
        numbers = list(Case.objects.order_by("pk").values_list("number", flat=True))

        def got(query: str) -> set[str]:
            answer = client.get(f"{BASE}/requests.json?{query}")
            assert answer.status_code == 200, answer.content
            return {row["service_request_id"] for row in json.loads(answer.content)}

        past = (clock.now() - timedelta(days=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert got("") == set(numbers)
        assert got(f"service_request_id={numbers[1]}") == {numbers[1]}
        assert got("service_code=street_lamp") == {numbers[0]}
        assert got("status=closed") == set()
        assert got("status=open,closed") == set(numbers)
        assert got(f"end_date={past}") == set()
        assert got(f"start_date={past}") == set(numbers)
        assert len(got("page_size=1")) == len(got("page_size=1&page=2")) == 1
        assert got("page_size=1&page=3") == set()

    @pytest.mark.parametrize(
        "query",
        [
            "status=half",
            "start_date=yesterday",
            "start_date=0001-01-01",
            "start_date=2020-01-01&end_date=2026-01-01",
            "service_code=' OR 1=1 --",
            "service_request_id=1;DROP TABLE cases_case",
            "page_size=0",
            "page_size=99999",
            "page=-1",
            "page=1e9",
        ],
    )
    def test_a_wrong_parameter_is_named(self, cast: Cast, client: Client, query: str) -> None:
        answer = client.get(f"{BASE}/requests.json?{query}")
        assert answer.status_code == 400
        assert json.loads(answer.content)[0]["description"]

    def test_tokens_were_never_given(self, cast: Cast, client: Client) -> None:
        assert client.get(f"{BASE}/tokens/123.json").status_code == 404

    def test_few_statements_at_any_number(
        self, cast: Cast, client: Client, django_assert_max_num_queries
    ) -> None:
        for _ in range(3):
            send(client)
        with django_assert_max_num_queries(8):
            assert len(json.loads(client.get(f"{BASE}/requests.json").content)) == 3


class TestServices:
    def test_services_are_our_classes(self, client: Client) -> None:
        rows = json.loads(client.get(f"{BASE}/services.json").content)
        codes = [row["service_code"] for row in rows]
        assert set(codes) < {c.code for c in CLASSES}
        assert rows[0]["service_name"] == "路灯"
        terms = reading.terms_on(clock.now())
        assert terms.exact <= set(terms.services)
        assert not {"wages", "health", "education"} & set(codes)
        assert client.get(f"{BASE}/services/wages.json").status_code == 404

    def test_xml_says_the_same(self, cast: Cast, client: Client) -> None:
        send(client)
        root = ET.fromstring(client.get(f"{BASE}/services.xml").content)
        assert (root.tag, root[0].tag) == ("services", "service")
        root = ET.fromstring(client.get(f"{BASE}/requests.xml").content)
        assert (root.tag, root[0].tag) == ("service_requests", "request")
        assert root[0].findtext("service_request_id") == Case.objects.get().number
        root = ET.fromstring(client.get("/open311/discovery.xml").content)
        assert root.findtext("endpoints/endpoint/url") == "http://testserver/open311/v2"


def schema_folder() -> Path:
    base = os.environ.get("BIHUAN_DATA", str(Path(__file__).resolve().parents[6] / "shared/data"))
    return Path(base) / "open311" / "georeport_v2_jsonschema"


def test_answers_hold_the_standard_s_schemas(cast: Cast, client: Client) -> None:
    folder = schema_folder()
    if not folder.is_dir():
        pytest.skip(f"no schemas at {folder}: set BIHUAN_DATA to the folder that holds open311/")
    send(client)
    for name, address in (
        ("service", "services.json"),
        ("request", "requests.json"),
        ("service-definition", "services/street_lamp.json"),
    ):
        schema = json.loads((folder / f"{name}.json").read_text("utf-8"))
        value = json.loads(client.get(f"{BASE}/{address}").content)
        for row in value if isinstance(value, list) else [value]:
            assert set(schema["required"]) <= set(row)
            for field, given_value in row.items():
                if field in schema["properties"]:
                    assert fits(given_value, schema["properties"][field]), (name, field)


def fits(value: object, schema: dict) -> bool:
    """The few words of JSON Schema that the standard's files use."""
    if "anyOf" in schema:
        return any(fits(value, one) for one in schema["anyOf"])
    kinds = {
        "string": str,
        "boolean": bool,
        "number": (int, float),
        "integer": int,
        "array": list,
        "null": type(None),
    }
    known = isinstance(value, kinds[schema["type"]])
    short = "maxLength" not in schema or len(str(value)) <= schema["maxLength"]
    return known and short and ("enum" not in schema or value in schema["enum"])


FIELDS = ["service_code", "description", "lat", "long", "address_string", "address_id", "media_url"]
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(["'; --", "<b>", "\x00", "{{7*7}}", "%s"]))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from([*FIELDS, "jurisdiction_id", "api_key"]), TEXTS))
def test_whatever_is_sent_gets_the_standard_s_answer(data: dict[str, str]) -> None:
    registry.load_areas()
    Window.objects.all().delete()
    answer = Client(raise_request_exception=False).post(f"{BASE}/requests.json", LAMP | data)
    assert answer.status_code in {201, 400, 403, 404}, answer.content
    assert isinstance(json.loads(answer.content), list)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(
            ["service_request_id", "service_code", "start_date", "end_date", "status", "page"]
        ),
        TEXTS,
    )
)
def test_whatever_is_asked_gets_the_standard_s_answer(data: dict[str, str]) -> None:
    Window.objects.all().delete()
    answer = Client(raise_request_exception=False).get(f"{BASE}/requests.json", data)
    assert answer.status_code in {200, 400, 404}, answer.content
    assert isinstance(json.loads(answer.content), list)


def test_only_the_administrator_makes_keys_and_only_of_known_powers(cast: Cast) -> None:
    from bihuan.platform.adapters.keys import UnableToMakeKey
    from bihuan.platform.web.errors import NotAllowed

    wanted = WantedKey("Test", (MAY_RAISE,), "330424", 30, 60)
    with pytest.raises(NotAllowed):
        stage.make_key(wanted, scope=cast.scope("mei"), at=clock.now())
    for wrong in (
        WantedKey("Test", ("cases.accept",), "330424", 30, 60),
        WantedKey("Test", (MAY_RAISE,), "330421", 30, 60),
        WantedKey("Test", (MAY_RAISE,), "330424", 0, 60),
    ):
        with pytest.raises(UnableToMakeKey):
            stage.make_key(wrong, scope=cast.scope("system"), at=clock.now())
    assert events.count_facts(name="stage.machine_noted.v1") == 0
    assert MANAGE_MACHINES in cast.scope("system").powers
