"""Measures Okta's expressions: evaluations a second of typical mappings, and one whole population.

    python -m tests.benchmarks.expressions [--people 100000] [--mappings 20]

Each expression is compiled once with a schema. The compiling is measured too.
"""

import argparse
import time
from collections.abc import Sequence

from server.okta.expressions import Context, compile_expression

PROFILE = {
    "firstName": "Winston",
    "lastName": "Churchill",
    "email": "winston.churchill@example.com",
    "login": "winston.churchill@example.com",
    "department": "Sales",
    "title": "Senior Engineer",
    "employeeNumber": "4711",
    "age": 42,
    "tags": ["a", "b", "c"],
}
SCHEMA = frozenset(PROFILE) | {"middleName"}
GROUPS = [{"id": f"00g{number}", "name": f"Group {number}"} for number in range(20)]

EXPRESSIONS = (
    "user.firstName",
    '"Employee"',
    'user.firstName + " " + user.lastName',
    'String.toLowerCase(String.substring(user.firstName, 0, 1)) + "." + user.lastName',
    'String.substringBefore(user.email, "@") + "@corp.com"',
    "(user.email != null && user.email != '') ? 'work' : ''",
    'user.middleName == null ? user.firstName : user.firstName + " " + user.middleName',
    "user.age + 1",
    "Arrays.contains(user.tags, 'c')",
    "user.title matches '(?i).*engineer'",
    'isMemberOfGroupName("Group 19")',
    'Time.fromStringToIso8601("2015-07-31", "yyyy-MM-dd")',
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--mappings", type=int, default=20)
    options = parser.parse_args(arguments)
    context = Context(profile=PROFILE, groups=GROUPS)
    print(f"{'evaluations/s':>14} {'µs':>7} {'compile µs':>11}  expression")
    for text in EXPRESSIONS:
        each, compiling = measured(text, context)
        print(f"{1 / each:14,.0f} {each * 1e6:7.2f} {compiling * 1e6:11.0f}  {text}")
    seconds = population(options.people, options.mappings)
    print(f"\n{options.people:,} people x {options.mappings} mappings: {seconds:.1f} s")


def measured(text: str, context: Context) -> tuple[float, float]:
    """Return the seconds of one evaluation and of compiling, the best of three rounds."""
    rounds, compiling = [], []
    for _ in range(3):
        start = time.perf_counter()
        evaluate = compile_expression(text, SCHEMA).evaluate
        compiling.append(time.perf_counter() - start)
        start = time.perf_counter()
        for _ in range(20_000):
            evaluate(context)
        rounds.append((time.perf_counter() - start) / 20_000)
    return min(rounds), min(compiling)


def population(people: int, mappings: int) -> float:
    """Return the seconds of evaluating so many mappings, of the shapes above, for everybody."""
    compiled = [
        compile_expression(EXPRESSIONS[number % len(EXPRESSIONS)], SCHEMA)
        for number in range(mappings)
    ]
    start = time.perf_counter()
    for _ in range(people):
        context = Context(profile=PROFILE, groups=GROUPS)
        for expression in compiled:
            expression.evaluate(context)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
