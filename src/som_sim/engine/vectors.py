"""Four functions of `som_sim.engine.products`, with all lanes as one vector, for a compiler.

Left to itself the compiler cannot know that rows do not overlap, and works on one draw at a time.
Multiplications and additions stay apart: fused, they would give other bytes than the functions as
they are written. What a run stores is written past the caches, where it would only push out what
the next cycle needs.
"""

from __future__ import annotations

from typing import Any

from som_sim.engine import products


def register() -> None:
    """Tell numba to use vectors for `clear`, `add_product`, `add_times` and `write`."""
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic, overload

    vector = ir.VectorType(ir.DoubleType(), products.WIDTH)
    numbers = ir.VectorType(ir.IntType(32), products.WIDTH)

    def row(context: Any, builder: Any, kind: Any, array: Any, number: Any) -> Any:
        """Return the address of a row of lanes."""
        data = context.make_array(kind)(context, builder, array).data
        first = builder.mul(number, ir.Constant(number.type, products.WIDTH))
        return builder.bitcast(builder.gep(data, [first]), vector.as_pointer())

    def everywhere(builder: Any, value: Any) -> Any:
        """Return a vector of the same number in every lane."""
        empty = ir.Constant(vector, ir.Undefined)
        one = builder.insert_element(empty, value, ir.Constant(ir.IntType(32), 0))
        return builder.shuffle_vector(one, empty, ir.Constant(numbers, None))

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kinds = signature.args
        out, a = (row(context, builder, kinds[k], *values[k : k + 2]) for k in (0, 2))
        if len(values) == 6:
            b = row(context, builder, kinds[4], *values[4:])
            factor = builder.load(b, align=8)
        else:
            factor = everywhere(builder, values[4])
        product = builder.fmul(builder.load(a, align=8), factor)
        builder.store(builder.fadd(builder.load(out, align=8), product), out, align=8)
        return context.get_dummy_value()

    def zeros(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        out = row(context, builder, signature.args[0], *values)
        builder.store(ir.Constant(vector, None), out, align=8)
        return context.get_dummy_value()

    def copied(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind, *_ = signature.args
        data = context.make_array(kind)(context, builder, values[0]).data
        out = builder.bitcast(builder.gep(data, [values[1]]), vector.as_pointer())
        a = row(context, builder, signature.args[2], *values[2:])
        stored = builder.store(builder.load(a, align=8), out, align=products.LINE)
        past = builder.module.add_metadata([ir.Constant(ir.IntType(32), 1)])
        stored.set_metadata("nontemporal", past)
        return context.get_dummy_value()

    @intrinsic
    def copy(typing: Any, out: Any, at: Any, a: Any, i: Any) -> Any:
        return types.void(out, at, a, i), copied

    @intrinsic
    def nothing(typing: Any, out: Any, o: Any) -> Any:
        return types.void(out, o), zeros

    @intrinsic
    def product(typing: Any, out: Any, o: Any, a: Any, i: Any, b: Any, j: Any) -> Any:
        return types.void(out, o, a, i, b, j), code

    @intrinsic
    def times(typing: Any, out: Any, o: Any, a: Any, i: Any, factor: Any) -> Any:
        return types.void(out, o, a, i, factor), code

    @overload(products.clear)
    def clear(out: Any, o: Any) -> Any:
        def clearing(out: Any, o: Any) -> Any:
            nothing(out, o)  # type: ignore[call-arg]

        return clearing

    @overload(products.add_product)
    def add_product(out: Any, o: Any, a: Any, i: Any, b: Any, j: Any) -> Any:
        def adding(out: Any, o: Any, a: Any, i: Any, b: Any, j: Any) -> Any:
            product(out, o, a, i, b, j)  # type: ignore[call-arg]

        return adding

    @overload(products.add_times)
    def add_times(out: Any, o: Any, a: Any, i: Any, factor: Any) -> Any:
        def adding(out: Any, o: Any, a: Any, i: Any, factor: Any) -> Any:
            times(out, o, a, i, factor)  # type: ignore[call-arg]

        return adding

    @overload(products.write)
    def write(out: Any, at: Any, a: Any, i: Any) -> Any:
        def writing(out: Any, at: Any, a: Any, i: Any) -> Any:
            copy(out, at, a, i)  # type: ignore[call-arg]

        return writing
