"""Tree to closures: what can be known before evaluation is decided here, once."""

from collections.abc import Mapping
from copy import copy
from typing import Any, cast

from server.okta.expressions.closures import (
    CONVERSIONS,
    Run,
    binary,
    called,
    constant,
    display_name,
    element,
    lone,
    placed,
    spread,
    sum_of_three,
    truth,
)
from server.okta.expressions.context import Context
from server.okta.expressions.errors import ExpressionError, failure, property_error
from server.okta.expressions.functions.specification import FunctionSpec
from server.okta.expressions.inferred import MISSING_PERSON_HAS_NULLS, absent
from server.okta.expressions.limits import LONG_EXPRESSION
from server.okta.expressions.names import ANY, SOURCES, AnyName, Scope, check, function_of
from server.okta.expressions.operators import OPERATORS, affirmed, matches, negated
from server.okta.expressions.parser import parse
from server.okta.expressions.regexes import check_time
from server.okta.expressions.tree import (
    Call,
    Chain,
    Choice,
    Index,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Place,
    Projection,
    Property,
    Unary,
)
from server.okta.expressions.values import (
    text_of,
)


class Compiler:
    """Turns the nodes of one checked expression into functions of a context."""

    __slots__ = ("in_element", "place", "scope", "timed")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.timed = len(scope.expression) > LONG_EXPRESSION
        self.in_element = False
        self.place: Place = (0, len(scope.expression))

    def compiled(self, node: Node) -> Run:
        """Return the function that evaluates a node."""
        match node:
            case Literal():
                return constant(node.value)
            case Name():
                return self.bare(node)
            case Property():
                return self.property(node)
            case Call():
                return self.call(node)
            case Index():
                return self.index(node)
            case Projection():
                return self.projection(node)
            case ListLiteral():
                items = [self.compiled(item) for item in node.items]
                return lambda context: [item(context) for item in items]
            case MapLiteral():
                pairs = [(self.compiled(key), self.compiled(value)) for key, value in node.entries]
                return lambda context: {
                    text_of(key(context)): value(context) for key, value in pairs
                }
            case Unary():
                return self.unary(node)
            case Chain():
                return self.chain(node)
            case Choice():
                return self.choice(node)

    # ------------------------------------------------------------------- names and properties

    def bare(self, node: Name) -> Run:
        """Return the reading of a name without a dot."""
        name = node.name
        if self.in_element:
            return self.member(lambda context: context.element, name, node.at, known=False)
        if name in SOURCES:
            return lambda context: context.profile
        if name in self.scope.references and self.scope.attributes is not ANY:
            return self.attribute(name, node.at)
        root = self.root(name)
        if name not in self.scope.references:
            return root

        def read(context: Context) -> Any:
            if name in context.profile:
                return context.profile[name]
            found = root(context)
            if found is None:
                raise property_error(name, self.scope.expression, node.at)
            return found

        return read

    def attribute(self, name: str, place: Place) -> Run:
        """Return the reading of one of the person's attributes: the most common closure."""
        if self.scope.attributes is not ANY:
            if name == "displayName":
                return display_name
            return lambda context: context.profile.get(name)
        expression = self.scope.expression

        def read(context: Context) -> Any:
            try:
                return context.profile[name]
            except KeyError:
                raise property_error(name, expression, place) from None

        return read

    def root(self, name: str) -> Run:
        """Return the reading of an object; None when the context has none."""
        match name:
            case "appuser" | "appUser":
                return lambda context: context.appuser
            case "idpuser":
                return lambda context: context.idpuser
            case "app":
                return lambda context: context.app
            case "org":
                return lambda context: context.org
            case "session":
                return lambda context: context.session
            case "access":
                return lambda context: context.access
        if name == "group" and self.scope.in_group:
            return lambda context: context.group
        if name.endswith("_app"):
            return lambda context: context.app_settings.get(name, context.apps.get(name))
        return lambda context: context.apps.get(name)

    def property(self, node: Property) -> Run:
        """Return the reading of ``base.name``."""
        base = node.base
        if isinstance(base, Name) and not self.in_element:
            if base.name in SOURCES:
                return self.attribute(node.name, node.at)
            attributes = self.scope.root(base.name)
            if attributes is not None:
                return self.object_member(base, node, known=not isinstance(attributes, AnyName))
        if isinstance(base, Call):
            spec = function_of(base)
            result = self.scope.result(spec) if spec else None
            known = result is not None and not isinstance(result, AnyName)
            nulls = bool(spec and spec.null_person and MISSING_PERSON_HAS_NULLS)
            return self.member(
                self.compiled(base), node.name, node.at, known=known, safe=node.safe or nulls
            )
        return self.member(self.compiled(base), node.name, node.at, known=False, safe=node.safe)

    def object_member(self, base: Name, node: Property, *, known: bool) -> Run:
        """Return the reading of an object's property; without the object it is an error."""
        root, expression, name, place = (
            self.root(base.name),
            self.scope.expression,
            node.name,
            node.at,
        )
        missing = f"This person has nothing that {base.name} stands for."

        def read(context: Context) -> Any:
            found = root(context)
            if found is None:
                if node.safe:
                    return None
                raise property_error(base.name, expression, base.at, missing)
            try:
                return found[name]
            except KeyError:
                if known:
                    return None
                raise property_error(name, expression, place) from None

        return read

    def member(self, base: Run, name: str, place: Place, *, known: bool, safe: bool = False) -> Run:
        """Return the reading of a property of whatever ``base`` gives.

        ``known``: the name was checked, so that a missing one is null; ``safe``: so is a property
        of null.
        """
        expression = self.scope.expression
        known = known or self.scope.in_group

        def read(context: Context) -> Any:
            found = base(context)
            if found is None:
                if safe:
                    return None
                raise failure(
                    f"EL1007E: Property or field '{name}' cannot be found on null",
                    "Test with != null or has...User() before.",
                ).within(place)
            if isinstance(found, Mapping) and (known or name in found):
                return found.get(name)
            raise property_error(name, expression, place)

        return read

    def index(self, node: Index) -> Run:
        """Return the reading of ``base[index]``."""
        position = self.compiled(node.index)
        place = node.at
        if node.base is None:
            # The root is indexed, which is no list: a name that it has not is null.
            def of_root(context: Context) -> Any:
                name = position(context)
                return context.profile.get(name) if isinstance(name, str) else None

            return of_root
        base = self.compiled(node.base)

        def read(context: Context) -> Any:
            found, wanted = base(context), position(context)
            try:
                return element(found, wanted)
            except ExpressionError as error:
                raise error.within(place) from None

        return read

    def projection(self, node: Projection) -> Run:
        """Return the reading of ``base.![body]``."""
        base = self.compiled(node.base)
        outside, self.in_element = self.in_element, True
        body = self.compiled(node.body)
        self.in_element = outside
        place = node.at

        def read(context: Context) -> Any:
            found = base(context)
            if not isinstance(found, list):
                raise failure(
                    "EL1032E: Projection is not supported on this type of target",
                    "Only a list of groups can be projected.",
                ).within(place)
            inner = copy(context)
            results = []
            for item in found:
                inner.element = item
                check_time(context.deadline)
                results.append(body(inner))
            return results

        return read

    # ------------------------------------------------------------------------------ functions

    def call(self, node: Call) -> Run:
        """Return the call of a function with its arguments converted."""
        spec = cast(FunctionSpec, function_of(node))
        self.place = node.at
        arguments = [
            self.argument(argument, spec.parameter(number).kind)
            for number, argument in enumerate(node.arguments)
        ]
        if spec.variadic and len(arguments) == len(spec.parameters):
            arguments[-1] = lone(self.compiled(node.arguments[-1]), spec.parameters[-1].kind)
            run = spread(spec.implementation, arguments, takes_context=spec.takes_context)
        else:
            run = called(spec.implementation, arguments, takes_context=spec.takes_context)
        return placed(run, node.at, timed=spec.slow or self.timed)

    def argument(self, node: Node, kind: str) -> Run:
        """Return an argument's value, converted to what the parameter takes."""
        if kind == "expression":
            return self.inner_expression(node)
        run = self.compiled(node)
        if kind not in CONVERSIONS:
            return run
        if isinstance(node, Literal) and isinstance(node.value, str) and kind == "string":
            return run
        convert = CONVERSIONS[kind]
        if kind != "string":
            return lambda context: convert(run(context))

        def text(context: Context) -> Any:
            value = run(context)
            return value if value.__class__ is str or value is None else text_of(value)

        return text

    def inner_expression(self, node: Node) -> Run:
        """Return an argument that is the text of an expression, as a function of a context.

        A literal text is compiled with the expression round it, any other at each evaluation.
        """
        if isinstance(node, Literal) and isinstance(node.value, str):
            return constant(self.compiled_text(node.value, node.at))
        text, place = self.argument(node, "string"), self.place

        def body(context: Context) -> Run:
            found = text(context)
            if found is None:
                raise failure("The expression for the groups is null.")
            return self.compiled_text(found, place)

        return body

    def compiled_text(self, text: str, place: Place) -> Run:
        """Return a text compiled with ``group`` bound; its errors have the place of the text."""
        try:
            tree = parse(text)
            scope = self.scope.for_group(text)
            check(tree, scope)
            run = Compiler(scope).compiled(tree)
        except ExpressionError as error:
            error.position = None
            raise error.within(place) from None

        def evaluated(context: Context) -> Any:
            try:
                return run(context)
            except ExpressionError as error:
                error.position = None
                raise error.within(place) from None

        return evaluated

    # ------------------------------------------------------------------------------ operators

    def unary(self, node: Unary) -> Run:
        """Return ``!a``, ``-a`` or ``+a``."""
        operand, place = self.compiled(node.operand), node.at
        if node.operator == "!":
            condition = truth(operand, place)
            return lambda context: not condition(context)
        apply = negated if node.operator == "-" else affirmed
        return placed(lambda context: apply(operand(context)), place)

    def chain(self, node: Chain) -> Run:
        """Return operands with operators of one level between them."""
        operands = [self.compiled(operand) for operand in node.operands]
        operators = node.operators
        if operators[0] in ("&&", "||"):
            places = (node.places[0], *node.places)
            conditions = [truth(run, at) for run, at in zip(operands, places, strict=True)]
            if operators[0] == "&&":
                return lambda context: all(condition(context) for condition in conditions)
            return lambda context: any(condition(context) for condition in conditions)
        if operators[0] == "matches":
            left, right = operands
            return placed(
                lambda context: matches(left(context), right(context), context.deadline),
                node.places[0],
            )
        if len(operators) == 1:
            run = binary(operators[0], operands[0], operands[1], node.places[0])
            return placed(run, node.places[0], timed=True) if self.timed else run
        if operators == ("+", "+"):
            return sum_of_three(operands, node.places)
        rest = [
            (OPERATORS[operator], operand, place)
            for operator, operand, place in zip(operators, operands[1:], node.places, strict=True)
        ]
        first = operands[0]

        def fold(context: Context) -> Any:
            value = first(context)
            for apply, operand, place in rest:
                other = operand(context)
                try:
                    value = apply(value, other)
                except ExpressionError as error:
                    raise error.within(place) from None
            return value

        return fold

    def choice(self, node: Choice) -> Run:
        """Return ``a ? b : c`` and ``a ?: b``; what is not chosen is not evaluated."""
        last = self.compiled(node.last)
        steps = [
            (
                self.compiled(step.condition)
                if step.value is None
                else truth(self.compiled(step.condition), step.at),
                None if step.value is None else self.compiled(step.value),
            )
            for step in node.steps
        ]
        if len(steps) == 1 and steps[0][1] is not None:
            condition, value = steps[0][0], steps[0][1]
            return lambda context: value(context) if condition(context) else last(context)

        def choose(context: Context) -> Any:
            for condition, value in steps:
                tested = condition(context)
                if value is None:
                    if not absent(tested):
                        return tested
                elif tested:
                    return value(context)
            return last(context)

        return choose
