"""Two functions of `som_sim.engine.onepass`, with all lanes as one vector, for a compiler.

Left to itself the compiler works on one draw at a time here. Multiplications and additions stay
apart: fused, they would give other bytes than the functions as they are written.
numba keeps compiled code for as long as `onepass` is not changed: change both together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from som_sim.engine import onepass


def register() -> None:
    """Tell numba to use vectors in place of `onepass.move_once` and `onepass.add_days`."""
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic, overload

    vector = ir.VectorType(ir.DoubleType(), onepass.WIDTH)

    def opened(context: Any, builder: Any, signature: Any, values: Any) -> list[Any]:
        """Return the addresses of arrays, and other values as they are."""
        return [
            context.make_array(kind)(context, builder, value).data
            if isinstance(kind, types.Array)
            else value
            for kind, value in zip(signature.args, values, strict=True)
        ]

    def row(builder: Any, data: Any, number: Any) -> Any:
        """Return the address of a row of lanes."""
        first = builder.mul(number, ir.Constant(number.type, onepass.WIDTH))
        return builder.bitcast(builder.gep(data, [first]), vector.as_pointer())

    def load(builder: Any, data: Any, number: Any) -> Any:
        return builder.load(row(builder, data, number), align=8)

    def spread(builder: Any, value: Any) -> Any:
        """Return a vector of the same number in every lane."""
        empty = ir.Constant(vector, ir.Undefined)
        one = builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), onepass.WIDTH), None)
        return builder.shuffle_vector(one, empty, zeros)

    def add_each(builder: Any, first: Any, end: Any, total: Any, term: Callable[[Any], Any]) -> Any:
        """Add a term for each number from first to end."""
        before = builder.block
        test = builder.append_basic_block("test")
        body = builder.append_basic_block("body")
        after = builder.append_basic_block("after")
        builder.branch(test)
        builder.position_at_end(test)
        number, so_far = builder.phi(first.type), builder.phi(vector)
        number.add_incoming(first, before)
        so_far.add_incoming(total, before)
        builder.cbranch(builder.icmp_signed("<", number, end), body, after)
        builder.position_at_end(body)
        number.add_incoming(builder.add(number, ir.Constant(number.type, 1)), builder.block)
        so_far.add_incoming(builder.fadd(so_far, term(number)), builder.block)
        builder.branch(test)
        builder.position_at_end(after)
        return so_far

    @intrinsic
    def come_to(typing: Any, place: Any, first: Any, end: Any, source: Any, rate: Any, stay: Any,
                old: Any, new: Any) -> Any:  # fmt: skip
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            place, first, end, source, rate, stay, old, new = opened(
                context, builder, signature, values
            )

            def moved(move: Any) -> Any:
                leaving = load(builder, old, builder.load(builder.gep(source, [move])))
                return builder.fmul(leaving, load(builder, rate, move))

            stayed = builder.fmul(load(builder, old, place), load(builder, stay, place))
            total = add_each(builder, first, end, stayed, moved)
            builder.store(total, row(builder, new, place), align=8)
            return context.get_dummy_value()

        return types.void(place, first, end, source, rate, stay, old, new), code

    @intrinsic
    def days_of(typing: Any, cells: Any, first: Any, end: Any, b: Any, a: Any, old: Any, new: Any,
                out: Any) -> Any:  # fmt: skip
        def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            cells, first, end, b, a, old, new, out = opened(context, builder, signature, values)
            before, after = spread(builder, b), spread(builder, a)

            def spent(k: Any) -> Any:
                cell = builder.load(builder.gep(cells, [k]))
                opening = builder.fmul(load(builder, old, cell), before)
                return builder.fadd(opening, builder.fmul(load(builder, new, cell), after))

            none = ir.Constant(first.type, 0)
            total = add_each(builder, first, end, load(builder, out, none), spent)
            builder.store(total, row(builder, out, none), align=8)
            return context.get_dummy_value()

        return types.void(cells, first, end, b, a, old, new, out), code

    @overload(onepass.move_once)
    def move_once(places: Any, starts: Any, source: Any, rate: Any, stay: Any, old: Any,
                  new: Any) -> Any:  # fmt: skip
        def moving(places: Any, starts: Any, source: Any, rate: Any, stay: Any, old: Any,
                   new: Any) -> Any:  # fmt: skip
            for k in range(len(places)):
                come_to(  # type: ignore[call-arg]
                    places[k], starts[k], starts[k + 1], source, rate, stay, old, new
                )

        return moving

    @overload(onepass.add_days)
    def add_days(cells: Any, first: Any, end: Any, b: Any, a: Any, old: Any, new: Any,
                 out: Any) -> Any:  # fmt: skip
        def adding(cells: Any, first: Any, end: Any, b: Any, a: Any, old: Any, new: Any,
                   out: Any) -> Any:  # fmt: skip
            days_of(cells, first, end, b, a, old, new, out)  # type: ignore[call-arg]

        return adding
