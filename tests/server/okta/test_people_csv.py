import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.okta.people import (
    BASE_SCHEMA,
    Column,
    Meaning,
    Person,
    ProfileAttribute,
    RefusedRow,
    UnreadableFile,
    columns_problem,
    made_id,
    open_table,
    read_table,
    suggest_columns,
    variable_name,
)

Entries = tuple[list[Person], list[RefusedRow]]


def read(text: str | bytes, *, empty_is_cleared: bool = False, **given: str) -> Entries:
    table = open_table(text if isinstance(text, bytes) else text.encode(), **given)
    columns = suggest_columns(table.headers, BASE_SCHEMA)
    entries = list(
        read_table(table, columns, BASE_SCHEMA, empty_is_cleared=empty_is_cleared).entries
    )
    return (
        [entry for entry in entries if isinstance(entry, Person)],
        [entry for entry in entries if isinstance(entry, RefusedRow)],
    )


def targets(*headers: str) -> list[str | None]:
    return [
        column.target.name if column.target is not None else None
        for column in suggest_columns(headers, BASE_SCHEMA)
    ]


def test_okta_s_own_template_is_matched_whole() -> None:
    names = [attribute.name for attribute in BASE_SCHEMA.attributes]
    assert targets(*names) == names
    assert len(names) == 31


def test_okta_s_display_names_are_matched_whole() -> None:
    titles = [attribute.title for attribute in BASE_SCHEMA.attributes]
    assert targets(*titles) == [attribute.name for attribute in BASE_SCHEMA.attributes]


def test_blink_s_full_admin_export_is_matched() -> None:
    headers = (
        "blink_id is_scim_managed first_name second_name phone_mobile email job_title company_name "
        "location_name department_name employee_id line_manager_employee_id first_day last_day "
        "line_manager_name created_at signup_date is_disabled Nurses"
    ).split()
    assert targets(*headers) == [
        None,
        None,
        *"firstName lastName mobilePhone email title organization city department".split(),
        *"employeeNumber managerId firstDay lastDay manager".split(),
        None,
        None,
        "DISABLED",
        "GROUP",
    ]


def test_blink_s_bulk_import_template_is_matched() -> None:
    headers = (
        "Email Address,Phone Number,First Name,Last Name,Job Title,First Day,Last Day,Department,"
        "Employee ID,Company Name,Group(1),Group(2)"
    ).split(",")
    assert targets(*headers) == [
        *"email mobilePhone firstName lastName title firstDay lastDay department".split(),
        *"employeeNumber organization GROUP GROUP".split(),
    ]


def test_the_second_column_for_an_attribute_is_left_out() -> None:
    assert targets("email", "Email Address", "login") == ["email", None, "login"]
    assert targets("login", "Cost code", "cost_code") == ["login", "costCode", None]


def test_an_unknown_column_becomes_a_custom_attribute_that_can_be_changed() -> None:
    columns = suggest_columns(["login", "Cost Code", "On call"], BASE_SCHEMA)
    assert columns[1] == Column("Cost Code", ProfileAttribute("costCode", "Cost Code"))
    on_call = ProfileAttribute("onCall", "On call", "boolean")
    table = open_table(b"login,Cost Code,On call\nann@acme.example,007,yes\n")
    chosen = (columns[0], Column("Cost Code", None), Column("On call", on_call))
    reading = read_table(table, chosen, BASE_SCHEMA)
    assert reading.schema.custom == (on_call,)
    (person,) = reading.entries
    assert isinstance(person, Person)
    assert person.profile == {"login": "ann@acme.example", "onCall": True}


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Cost Code", "costCode"),
        ("costCode", "costCode"),
        ("URL", "url"),
        ("2nd shift", "attribute2ndShift"),
        ("Größe in cm", "grosseInCm"),
        ("日本", ""),
    ],
)
def test_a_header_gives_a_variable_name(header: str, name: str) -> None:
    assert variable_name(header) == name


def test_a_table_without_login_and_email_cannot_be_imported() -> None:
    columns = suggest_columns(["First name", "Last name"], BASE_SCHEMA)
    assert "login or the email" in columns_problem(columns)
    with pytest.raises(UnreadableFile, match="login or the email"):
        read_table(open_table(b"First name,Last name\nAnn,Lee\n"), columns, BASE_SCHEMA)


def test_two_columns_for_one_attribute_cannot_be_imported() -> None:
    login = Column("a", BASE_SCHEMA.names["login"])
    assert "Two columns go to login" in columns_problem((login, login))


def test_a_table_without_a_row_of_names_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="first line holds a person"):
        suggest_columns(["ann@acme.example", "Ann"], BASE_SCHEMA)


TEXT = "login;firstName;lastName\nzoe@acme.example;Zoë;Müller\nsean@acme.example;Seán;O’Brien\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_the_encoding_is_detected(encoding: str) -> None:
    people, refused = read(TEXT.encode(encoding))
    assert [person.name for person in people] == ["Zoë Müller", "Seán O’Brien"]
    assert refused == []


def test_cyrillic_is_detected_and_any_encoding_can_be_chosen() -> None:
    names = ["Пётр Иванов", "Сергей Кузнецов", "Анна Смирнова", "Ольга Петрова", "Иван Соколов"]
    text = "login,lastName,city\n" + "".join(
        f"user{number}@acme.example,{name},Санкт-Петербург\n" for number, name in enumerate(names)
    )
    assert [person.name for person in read(text.encode("cp1251"))[0]] == names
    assert read("login,lastName\nann@acme.example,Żuk\n".encode("cp1250"), encoding="cp1250")[0][
        0
    ].profile["lastName"] == ("Żuk")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(delimiter: str) -> None:
    text = f'login{delimiter}title\nann@acme.example{delimiter}"a,b;c|d\te"\n'
    assert open_table(text.encode()).delimiter == delimiter
    assert read(text)[0][0].profile["title"] == "a,b;c|d\te"


def test_excel_s_line_that_names_the_delimiter_is_understood() -> None:
    (ann,), refused = read("sep=;\r\nlogin;title\r\nann@acme.example;Nurse\r\n")
    assert (ann.profile["title"], refused) == ("Nurse", [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    text = end.join(["login,title", "ann@acme.example,Nurse", "", "bob@acme.example,Porter"])
    assert [person.login for person in read(text)[0]] == ["ann@acme.example", "bob@acme.example"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"login,\x00\x01\x02\x03binary", "not text"),
        (b",,\n1,2,3\n", "first line is empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        read(data)


def test_an_encoding_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="no encoding"):
        open_table(b"login\n", encoding="klingon")


def test_a_bad_row_is_reported_and_the_others_are_kept() -> None:
    text = (
        "login,firstName,countryCode,employeeNumber\n"
        "ann@acme.example,Ann,GB,007\n"
        "short@acme.example,Bob\n"
        ",Nobody,GB,1\n"
        "ANN@acme.example,Again,GB,2\n"
        f"long@acme.example,{'x' * 51},GB,3\n"
        "far@acme.example,Far,Great Britain,4\n"
        '"two\nlines@acme.example",Two,GB,5\n'
        "zoe@acme.example,Zoe,GB,6,,\n"
    )
    people, refused = read(text)
    assert [person.profile.get("employeeNumber") for person in people] == ["007", "5", "6"]
    assert [(row.number, row.who) for row in refused] == [
        (3, "short@acme.example"),
        (4, "Nobody"),
        (5, "ANN@acme.example"),
        (6, "long@acme.example"),
        (7, "far@acme.example"),
    ]
    told = ["2 values for 4 columns", "neither a login", "came before", "51 characters", "2."]
    assert all(words in row.reason for words, row in zip(told, refused, strict=True))


def test_a_quotation_mark_that_is_not_closed_costs_its_own_row_alone() -> None:
    lines = [f"user{number}@acme.example,Title {number}" for number in range(50)]
    lines[7] = 'user7@acme.example,"Title'
    lines[20] = '"user20@acme.example,Title'
    people, refused = read("login,title\n" + "\n".join(lines))
    assert len(people) == 48
    assert [(row.number, "not closed" in row.reason) for row in refused] == [(9, True), (22, True)]


def test_a_quoted_value_may_hold_line_breaks_and_blanks_are_kept() -> None:
    (ann,), _ = read('login,postalAddress,title\nann@acme.example,"1 Lane\r\nHull"," Nurse "\n')
    assert ann.profile["postalAddress"] == "1 Lane\r\nHull"
    assert ann.profile["title"] == " Nurse "


def test_an_empty_cell_was_never_set_unless_it_is_said_to_be_cleared() -> None:
    text = "login,title\nann@acme.example,\n"
    assert "title" not in read(text)[0][0].profile
    assert read(text, empty_is_cleared=True)[0][0].profile["title"] == ""


def test_the_email_address_stands_in_for_a_login_and_the_id_follows_from_it() -> None:
    (ann,), _ = read("email,id\nann@acme.example,\n")
    assert ann.login == "ann@acme.example"
    assert ann.id == made_id("ANN@acme.example ")
    assert len(ann.id) == 20
    assert read("email,id\nann@acme.example,00u1\n")[0][0].id == "00u1"


@pytest.mark.parametrize(
    ("header", "cell", "status"),
    [
        ("status", "Locked out", "LOCKED_OUT"),
        ("Status", "deactivated", "DEPROVISIONED"),
        ("is_disabled", "true", "DEPROVISIONED"),
        ("is_disabled", "FALSE", "ACTIVE"),
        ("active", "no", "DEPROVISIONED"),
        ("active", "1", "ACTIVE"),
        ("status", "", "ACTIVE"),
    ],
)
def test_the_status_is_understood(header: str, cell: str, status: str) -> None:
    assert read(f"login,{header}\nann@acme.example,{cell}\n")[0][0].status == status


def test_a_status_that_okta_does_not_have_is_refused() -> None:
    people, (row,) = read("login,status,active\nann@acme.example,asleep,yes\n")
    assert people == []
    assert "asleep" in row.reason


def test_groups_come_from_a_list_from_blink_s_teams_and_from_its_template() -> None:
    (ann,), _ = read(
        "login,groups,blink_id,is_disabled,Nurses,Porters,Group(1)\n"
        "ann@acme.example,Staff; Managers;,1,false,true,,Staff\n"
    )
    assert [group.name for group in ann.groups] == ["Staff", "Managers", "Nurses"]
    assert len({group.id for group in ann.groups}) == 3


def test_typed_columns_are_parsed_and_misfits_refused() -> None:
    table = open_table(
        b'login,days,hours,tags,codes\nann@acme.example,3,1.5,a; b|c,"[1, 2]"\n'
        b"bob@acme.example,three,,,\ncy@acme.example,,nan,,\ndi@acme.example,,,,x\n"
    )
    columns = (
        Column("login", BASE_SCHEMA.names["login"]),
        Column("days", ProfileAttribute("days", "Days", "integer")),
        Column("hours", ProfileAttribute("hours", "Hours", "number")),
        Column("tags", ProfileAttribute("tags", "Tags", "string array")),
        Column("codes", ProfileAttribute("codes", "Codes", "integer array")),
    )
    ann, *others = read_table(table, columns, BASE_SCHEMA).entries
    assert isinstance(ann, Person)
    assert ann.profile == {
        "login": "ann@acme.example",
        "days": 3,
        "hours": 1.5,
        "tags": ["a", "b", "c"],
        "codes": [1, 2],
    }
    reasons = [other.reason for other in others if isinstance(other, RefusedRow)]
    assert [reason.split()[0] for reason in reasons] == ["days", "hours", "codes"]


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\x01\x02\x03\x04\x05\x06"), max_size=20
)


@given(st.lists(st.tuples(CELL, CELL), max_size=6))
def test_what_a_table_holds_comes_out_of_it(cells: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("login", "title", "nickName"))
    for number, pair in enumerate(cells):
        writer.writerow((f"user{number}@acme.example", *pair))
    people, refused = read(text.getvalue().encode(), delimiter=",", encoding="utf-8")
    assert refused == []
    assert [
        (person.profile.get("title", ""), person.profile.get("nickName", "")) for person in people
    ] == cells


@given(st.binary(max_size=300))
def test_any_bytes_give_people_refused_rows_or_a_sentence(data: bytes) -> None:
    with suppress(UnreadableFile):
        people, refused = read(b"login,title\n" + data)
        assert all(person.login for person in people)
        assert all(row.number > 1 and row.reason for row in refused)


def test_every_meaning_can_be_named_to_a_person() -> None:
    assert len({meaning.value for meaning in Meaning}) == len(Meaning)
