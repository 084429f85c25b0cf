"""Made-up users, filters and operations, for the tests that try very many of them."""

import json

from hypothesis import strategies as st

from tests.server.scim.samples import BLINK, ENTERPRISE

# Few values, so that filters often match; among them what SQL and JSON treat specially.
TEXTS = ("ann", "Ann", "ANNA", "Straße", "STRASSE", "50%", "a_b", "x'y", 'q"q', "é", "日本", "a\\b")
TIMES = ("2026-11-23T18:48:00.123Z", "2026-11-24T00:00:00.000Z", "1999-01-01T00:00:00.000Z")
TYPES = ("work", "home", "other")

texts = st.sampled_from(TEXTS)
elements = st.lists(
    st.fixed_dictionaries(
        {"value": texts},
        optional={"type": st.sampled_from(TYPES), "primary": st.booleans(), "display": texts},
    ),
    min_size=1,
    max_size=3,
)
documents = st.fixed_dictionaries(
    {"userName": texts, "active": st.booleans()},
    optional={
        "externalId": texts,
        "displayName": texts,
        "profileUrl": texts,
        "name": st.fixed_dictionaries({"givenName": texts}, optional={"familyName": texts}),
        "emails": elements,
        "phoneNumbers": elements,
        "addresses": st.lists(
            st.fixed_dictionaries({"locality": texts}, optional={"type": st.sampled_from(TYPES)}),
            min_size=1,
            max_size=2,
        ),
        ENTERPRISE: st.fixed_dictionaries(
            {"employeeNumber": texts},
            optional={"manager": st.fixed_dictionaries({"value": texts})},
        ),
        BLINK: st.fixed_dictionaries({"location": texts}),
    },
)
people = st.lists(
    st.tuples(documents, st.sampled_from(TIMES), st.sampled_from((1, 2))),
    min_size=1,
    max_size=5,
    unique_by=lambda person: person[0]["userName"].casefold(),
)

TEXT_PATHS = (
    "userName",
    "externalId",
    "displayName",
    "profileUrl",
    "id",
    "name.givenName",
    "name.familyName",
    "title",
    "emails",
    "emails.value",
    "emails.type",
    "phoneNumbers.display",
    "addresses.locality",
    "schemas",
    "meta.version",
    "meta.resourceType",
    f"{ENTERPRISE}:employeeNumber",
    f"{ENTERPRISE}:manager.value",
    f"{BLINK}:location",
)
quoted = st.one_of(
    texts, st.sampled_from(("", "a", "n", "us", "User", 'W/"1"', "user-2", "work")), st.text()
).map(lambda text: json.dumps(text))
comparisons = st.one_of(
    st.tuples(
        st.sampled_from(TEXT_PATHS),
        st.sampled_from(("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")),
        quoted,
    ),
    st.tuples(st.sampled_from(TEXT_PATHS), st.sampled_from(("eq", "ne")), st.just("null")),
    st.tuples(
        st.sampled_from(("meta.created", "meta.lastModified")),
        st.sampled_from(("eq", "ne", "gt", "ge", "lt", "le")),
        st.sampled_from((*TIMES, "2026-11-24", "2026-11-24T01:00:00+01:00")).map(json.dumps),
    ),
    st.tuples(st.just("meta.created"), st.sampled_from(("co", "sw", "ew")), quoted),
    st.tuples(
        st.sampled_from(("active", "emails.primary")),
        st.sampled_from(("eq", "ne")),
        st.sampled_from(("true", "false", "null")),
    ),
).map(" ".join)
presences = st.sampled_from(
    (*TEXT_PATHS, "name", "emails.primary", "addresses", "groups", "meta", "active", ENTERPRISE)
).map("{} pr".format)
inner = st.one_of(
    st.tuples(
        st.sampled_from(("value", "display", "type")),
        st.sampled_from(("eq", "ne", "co", "sw", "gt")),
        quoted,
    ).map(" ".join),
    st.sampled_from(("primary eq true", "primary ne true", "type pr", "display eq null")),
)


def combined(terms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        terms,
        lambda term: st.one_of(
            st.tuples(term, st.sampled_from((" and ", " or ")), term).map(
                lambda parts: f"({''.join(parts)})"
            ),
            term.map("not ({})".format),
        ),
        max_leaves=4,
    )


value_paths = st.tuples(st.sampled_from(("emails", "phoneNumbers")), combined(inner)).map(
    lambda parts: f"{parts[0]}[{parts[1]}]"
)
filters = combined(st.one_of(comparisons, presences, value_paths))
