from server.okta.mapping.app_profile import blink_attribute
from server.okta.mapping.defaults import DEFAULT_MAPPINGS
from server.okta.mapping.rows import (
    ApplyOn,
    MappingRow,
    UsernameFormat,
    UsernameKind,
    ValueKind,
)
from server.okta.mapping.steps import steps, username_steps

TITLE = DEFAULT_MAPPINGS.attribute("title")
assert TITLE


def test_the_steps_of_a_row_are_those_of_the_guide() -> None:
    row = MappingRow("title", ValueKind.EXPRESSION, 'user.title + ""', ApplyOn.CREATE)
    assert steps(TITLE, row).splitlines() == [
        "1. Open the Provisioning tab of the Blink app and scroll down to Blink Attribute "
        "Mappings.",
        "2. Click the pencil icon against Title (title); if it is not listed, click Show Unmapped "
        "Attributes first.",
        '3. Against Attribute value select "Expression" and enter this expression in the text '
        'field: user.title + ""',
        '4. Against Apply on choose "Create".',
        "5. Type the name of one of your users in the preview box and check the value in the "
        "green section.",
        "6. Click Save.",
    ]


def test_a_row_is_unmapped_by_the_cross() -> None:
    assert "2. Click the cross icon against Title (title)." in steps(TITLE, None)
    assert steps(TITLE, None).endswith("3. Click OK. The attribute shows as Not mapped.")


def test_an_attribute_that_okta_lacks_is_added_first() -> None:
    shirt = blink_attribute("shirt", "Shirt size")
    told = steps(shirt, MappingRow("shirt", ValueKind.PROFILE, "shirtSize"))
    assert "the external name shirt and the external namespace urn:ietf:params:scim:" in told
    assert told.startswith("1. If the Blink app does not have the attribute yet:")


def test_the_username_is_set_on_its_own_tab() -> None:
    told = username_steps(UsernameFormat(UsernameKind.CUSTOM, "user.email"))
    assert 'select "Custom" and enter this expression: user.email' in told
    assert 'choose "Create and update"' in told
    assert "expression" not in username_steps(UsernameFormat())
