"""The account of small programs, worked by hand."""

import numpy as np
import pytest
from hlo.account import account
from hlo.arrays import arrays
from hlo.parts import OTHER, is_backward, part
from hlo.text import read

# A fusion that takes 4 of a store's 100 rows, and one piece of two of what it took; its result
# goes through a loop of five passes, whose counter XLA left to the condition.
LOOP = """\
HloModule jit_f, is_scheduled=true

%taken (store: f32[100,6], rows: s32[4]) -> f32[4,3] {
  %store = f32[100,6]{1,0} parameter(0)
  %rows = s32[4]{0} parameter(1)
  %gather = f32[4,6]{1,0} gather(%store, %rows), offset_dims={1}, slice_sizes={1,6}
  ROOT %half = f32[4,3]{1,0} slice(%gather), slice={[0:4], [0:3]}
}

%body (state: (s32[], f32[4,3], f32[3,3])) -> (s32[], f32[4,3], f32[3,3]) {
  %state = (s32[], f32[4,3]{1,0}, /*index=2*/f32[3,3]{1,0}) parameter(0)
  %counter = s32[] get-tuple-element(%state), index=0
  %one = s32[] constant(1)
  %next = s32[] add(%counter, %one)
  %x = f32[4,3]{1,0} get-tuple-element(%state), index=1
  %w = f32[3,3]{1,0} get-tuple-element(%state), index=2
  %dot = f32[4,3]{1,0} dot(%x, %w), lhs_contracting_dims={1}, rhs_contracting_dims={0}, \
metadata={op_name="jit(f)/while/body/dot_general"}
  ROOT %done = (s32[], f32[4,3]{1,0}, f32[3,3]{1,0}) tuple(%next, %dot, %w)
}

%condition (state.1: (s32[], f32[4,3], f32[3,3])) -> pred[] {
  %state.1 = (s32[], f32[4,3]{1,0}, f32[3,3]{1,0}) parameter(0)
  %counter.1 = s32[] get-tuple-element(%state.1), index=0
  %bound = s32[] constant(5)
  ROOT %less = pred[] compare(%counter.1, %bound), direction=LT
}

ENTRY %main (store.1: f32[100,6], rows.1: s32[4], w.1: f32[3,3]) -> f32[4,3] {
  %store.1 = f32[100,6]{1,0} parameter(0), metadata={op_name="store.clips"}
  %rows.1 = s32[4]{0} parameter(1)
  %w.1 = f32[3,3]{1,0} parameter(2)
  %take = f32[4,3]{1,0} fusion(%store.1, %rows.1), kind=kLoop, calls=%taken
  %zero = s32[] constant(0)
  %first = s32[] copy(%zero)
  %start = (s32[], f32[4,3]{1,0}, f32[3,3]{1,0}) tuple(%first, %take, %w.1)
  %while = (s32[], f32[4,3]{1,0}, f32[3,3]{1,0}) while(%start), condition=%condition, body=%body
  ROOT %result = f32[4,3]{1,0} get-tuple-element(%while), index=1
}
"""


def lines(text):
    return {line.name: line for line in account(read(text)).lines}


def entry(*instructions, before=""):
    """A program of some instructions, the last of which is its result."""
    *rest, last = instructions
    body = "\n  ".join([*rest, f"ROOT {last}"])
    return f"HloModule m\n\n{before}ENTRY %main (a: f32[]) -> f32[] {{\n  {body}\n}}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Axes 0, 2, 1 from the outside in: 64 × 150 × 21 → 64 × 152 × 128.
        ("f32[64,21,150]{1,2,0:T(8,128)}", 64 * 152 * 128 * 4),
        # The inner tile of two rows divides the outer one.
        ("bf16[64,21,150]{2,1,0:T(8,128)(2,1)}", 64 * 24 * 256 * 2),
        ("f32[3,8]{1,0:T(4,128)}", 4 * 128 * 4),
        ("s32[]{:T(128)}", 128 * 4),
        ("pred[8]{0:T(512)(128)(4,1)}", 512),
        ("f32[64,21,150]{2,1,0}", 64 * 21 * 150 * 4),
        ("f32[10,20]", 800),
        ("bf16[2,3]{1,0:T(8,128)(2,1)S(1)}", 8 * 128 * 2),
        ("f8e4m3fn[10]{0}", 10),
        ("s4[10]{0}", 10),
        ("c64[2]{0}", 16),
        ("token[]", 0),
    ],
)
def test_bytes_as_an_array_is_laid_out(text, expected):
    (array,) = arrays(text)
    assert array.laid_out == expected


def test_arrays_of_a_tuple_with_their_memory():
    found = arrays("(f32[8]{0:T(128)S(1)}, /*index=1*/(bf16[3,4]{1,0}, u32[]{:S(2)}))")
    assert [str(array) for array in found] == ["f32[8]", "bf16[3,4]", "u32[]"]
    assert [array.space for array in found] == [1, 0, 2]
    assert [array.bytes for array in found] == [32, 24, 4]


def test_of_a_gather_and_a_slice_only_what_they_take_is_read():
    take = lines(LOOP)["take"]
    # 4 rows of 6 numbers, of which half is used; 4 numbers of rows; 12 numbers of the result.
    assert take.sums.bytes == 4 * (4 * 6 / 2 + 4 + 12)


def test_a_loop_counts_as_often_as_it_runs():
    dot = lines(LOOP)["dot"]
    assert dot.sums.instructions == 5
    assert dot.sums.bytes == 5 * 4 * (12 + 9 + 12)
    assert dot.sums.flops == 5 * 2 * 4 * 3 * 3


def test_a_loop_of_two_steps_at_once_and_one_that_xla_counted():
    by_two = LOOP.replace("%one = s32[] constant(1)", "%one = s32[] constant(2)")
    assert lines(by_two)["dot"].sums.instructions == 3
    counted = LOOP.replace(
        "body=%body", 'body=%body, backend_config={"known_trip_count":{"n":"7"}}'
    )
    assert lines(counted)["dot"].sums.instructions == 7
    unknown = LOOP.replace("%first = s32[] copy(%zero)", "%first = s32[] negate(%zero)")
    assert lines(unknown)["dot"].sums.instructions == 1


def test_what_only_names_something_costs_nothing():
    names = {"take", "first", "next", "dot"}
    assert lines(LOOP).keys() == names


def test_what_is_put_into_an_array_is_all_that_is_written():
    put = lines(
        entry(
            "%a = f32[1000,8]{1,0} parameter(0)",
            "%b = f32[2,8]{1,0} parameter(1)",
            "%i = s32[] parameter(2)",
            "%put = f32[1000,8]{1,0} dynamic-update-slice(%a, %b, %i, %i)",
        )
    )["put"]
    assert put.sums.bytes == 4 * (16 + 16 + 2)


FUSED_PUT = """\
%put (a.1: f32[1000,8], b.1: f32[2,8], i.1: s32[]) -> f32[1000,8] {
  %a.1 = f32[1000,8]{1,0} parameter(0)
  %b.1 = f32[2,8]{1,0} parameter(1)
  %i.1 = s32[] parameter(2)
  %twice = f32[2,8]{1,0} add(%b.1, %b.1)
  ROOT %in = f32[1000,8]{1,0} dynamic-update-slice(%a.1, %twice, %i.1, %i.1)
}

"""
PUT = (
    "%a = f32[1000,8]{1,0} parameter(0)",
    "%b = f32[2,8]{1,0} parameter(1)",
    "%i = s32[] parameter(2)",
    "%f = f32[1000,8]{1,0} fusion(%a, %b, %i), kind=kLoop, calls=%put",
)


def test_a_fusion_that_puts_something_in_place_writes_only_that():
    assert lines(entry(*PUT, before=FUSED_PUT))["f"].sums.bytes == 4 * (16 + 1 + 16)


def test_a_fusion_that_reads_the_changed_array_reads_all_of_it():
    changed = FUSED_PUT.replace("ROOT %in", "%in").replace(
        "%i.1, %i.1)\n", "%i.1, %i.1)\n  ROOT %minus = f32[1000,8]{1,0} negate(%in)\n"
    )
    sums = lines(entry(*PUT, before=changed))["f"].sums
    assert sums.bytes == 4 * (8000 + 16 + 1 + 8000)


def test_pieces_of_an_array_are_not_more_than_the_array():
    pieces = """\
%both (a.1: f32[10]) -> f32[6] {
  %a.1 = f32[10]{0} parameter(0)
  %left = f32[6]{0} slice(%a.1), slice={[0:6]}
  %right = f32[6]{0} slice(%a.1), slice={[4:10]}
  ROOT %sum = f32[6]{0} add(%left, %right)
}

"""
    used = entry(
        "%a = f32[10]{0} parameter(0)",
        "%f = f32[6]{0} fusion(%a), kind=kLoop, calls=%both",
        before=pieces,
    )
    assert lines(used)["f"].sums.bytes == 4 * (10 + 6)


def test_memory_beside_the_cores_is_not_the_devices():
    copied = lines(
        entry(
            "%a = f32[8,128]{1,0:T(8,128)} parameter(0)",
            "%go = (f32[8,128]{1,0:T(8,128)S(1)}, f32[8,128]{1,0:T(8,128)}, u32[]{:S(2)}) "
            "copy-start(%a)",
            "%come = f32[8,128]{1,0:T(8,128)S(1)} copy-done(%go)",
            "%b = f32[8,128]{1,0:T(8,128)} negate(%come)",
        )
    )
    assert {name: line.sums.bytes for name, line in copied.items()} == {"go": 4096, "b": 4096}
    assert {name: line.sums.beside for name, line in copied.items()} == {"go": 4096, "b": 4096}


def test_what_runs_beside_and_what_may_run_is_entered():
    inner = """\
%reduced (p: f32[8]) -> f32[8] {
  %p = f32[8]{0} parameter(0)
  ROOT %r = f32[8]{0} collective-permute(%p), source_target_pairs={{0,1}}
}

%yes (p.1: f32[8]) -> f32[8] {
  %p.1 = f32[8]{0} parameter(0)
  ROOT %s = f32[8]{0} sine(%p.1)
}

%no (p.2: f32[8]) -> f32[8] {
  %p.2 = f32[8]{0} parameter(0)
  ROOT %c = f32[8]{0} cosine(%p.2)
}

"""
    program = entry(
        "%a = f32[8]{0} parameter(0)",
        "%go = ((f32[8]{0}), f32[8]{0}, u32[]) async-start(%a), calls=%reduced",
        "%come = f32[8]{0} async-done(%go), calls=%reduced",
        "%which = pred[] parameter(1)",
        "%b = f32[8]{0} conditional(%which, %come, %come), true_computation=%yes, "
        "false_computation=%no",
        before=inner,
    )
    assert lines(program).keys() == {"r", "s", "c"}
    named = "branch_computations={%yes, %no}"
    assert lines(program.replace("true_computation=%yes, false_computation=%no", named)).keys() == {
        "r",
        "s",
        "c",
    }


def test_padding_is_what_tiles_add():
    negate = lines(
        entry("%a = f32[16,3]{1,0:T(8,128)} parameter(0)", "%b = f32[16,3]{1,0} negate(%a)")
    )["b"]
    assert negate.sums.bytes == 2 * 16 * 3 * 4
    assert negate.sums.laid_out == 16 * 128 * 4 + 16 * 3 * 4
    assert negate.sums.padding == pytest.approx((2048 + 48) / 96)


def products(result, operation, *operands):
    given = [f"%p{n} = {type} parameter({n})" for n, type in enumerate(operands)]
    program = entry(*given, f"%y = {result} {operation}")
    return lines(program)["y"].sums.flops


def test_products_of_a_convolution_leave_out_its_padding():
    # Three places of the result, [0, 3 numbers, 0]: 2 + 3 + 2 of the kernel's meet a number.
    found = products(
        "f32[5,3,7]{2,1,0}",
        "convolution(%p0, %p1), window={size=3 pad=1_1}, dim_labels=b0f_0io->b0f",
        "f32[5,3,2]{2,1,0}",
        "f32[3,2,7]{2,1,0}",
    )
    assert found == 2 * 5 * 2 * 7 * (2 + 3 + 2)


def test_a_convolution_in_groups():
    # As above, but two groups of one input and four outputs each.
    found = products(
        "f32[5,3,8]{2,1,0}",
        "convolution(%p0, %p1), window={size=3 pad=1_1}, dim_labels=b0f_0io->b0f, "
        "feature_group_count=2",
        "f32[5,3,2]{2,1,0}",
        "f32[3,1,8]{2,1,0}",
    )
    assert found == 2 * 5 * 1 * 8 * (2 + 3 + 2)


def test_products_of_a_strided_convolution():
    # Frames 0 and 2 of 4, with kernels of 3 around them: 2 + 3.
    found = products(
        "f32[5,2,7]{2,1,0}",
        "convolution(%p0, %p1), window={size=3 stride=2 pad=1_0}, dim_labels=b0f_0io->b0f",
        "f32[5,4,2]{2,1,0}",
        "f32[3,2,7]{2,1,0}",
    )
    assert found == 2 * 5 * 2 * 7 * (2 + 3)


def test_products_of_any_convolution_are_those_of_trying_each_place():
    random = np.random.default_rng(0)
    for _ in range(300):
        size, kernel, result = random.integers(1, 9, 3).tolist()
        stride, spread, dilation, before = random.integers(1, 6, 4).tolist()
        before -= 3
        places = [
            start * stride - before + offset * dilation
            for start in range(result)
            for offset in range(kernel)
        ]
        met = [place for place in places if place in range(0, (size - 1) * spread + 1, spread)]
        window = (
            f"size={kernel} stride={stride} pad={before}_0 lhs_dilate={spread} "
            f"rhs_dilate={dilation}"
        )
        found = products(
            f"f32[1,{result},1]{{2,1,0}}",
            f"convolution(%p0, %p1), window={{{window}}}, dim_labels=b0f_0io->b0f",
            f"f32[1,{size},1]{{2,1,0}}",
            f"f32[{kernel},1,1]{{2,1,0}}",
        )
        assert found == 2 * len(met), (window, size, result)


def test_a_batch_of_matrix_products_as_a_tpu_convolves_them():
    # Four products of [5 × 6] and [6 × 7]: the batch is an axis that is spread out.
    found = products(
        "f32[4,5,7]{2,1,0}",
        "convolution(%p0, %p1), window={size=4 stride=3 pad=0_0 lhs_dilate=4}, "
        "dim_labels=0bf_0io->0bf",
        "f32[4,5,6]{2,1,0}",
        "f32[4,6,7]{2,1,0}",
    )
    assert found == 4 * 2 * 5 * 6 * 7


def test_a_gpus_library_calls():
    # A window of 3 in steps of 2 over 4 frames, as above: which array is which matters.
    call = (
        "custom-call(%p0, %p1), window={size=3 stride=2 pad=1_0}, dim_labels=b0f_0io->b0f, "
        'custom_call_target="__cudnn$conv'
    )
    forward, kernel, back = "f32[5,4,2]{2,1,0}", "f32[3,2,7]{2,1,0}", "f32[5,2,7]{2,1,0}"
    expected = 2 * 5 * 2 * 7 * (2 + 3)
    assert products(f"({back}, u8[0]{{0}})", call + 'Forward"', forward, kernel) == expected
    assert products(f"({kernel}, u8[0]{{0}})", call + 'BackwardFilter"', forward, back) == expected
    assert products(f"({forward}, u8[0]{{0}})", call + 'BackwardInput"', back, kernel) == expected
    gemm = (
        'custom-call(%p0, %p1), custom_call_target="__cublas$gemm", backend_config='
        '{"gemm_backend_config":{"dot_dimension_numbers":{"lhs_contracting_dimensions":["1"]}}}'
    )
    assert products("f32[5,7]", gemm, "f32[5,6]{1,0}", "f32[6,7]{1,0}") == 2 * 5 * 6 * 7


def test_cycles_and_what_has_no_estimate():
    found = account(
        read(
            entry(
                "%a = f32[10]{0} parameter(0)",
                "%b = f32[10]{0} negate(%a), "
                'backend_config={"window_config":{"estimated_cycles":"41","x":["1"]}}',
                "%c = f32[10]{0} sine(%b)",
            )
        )
    )
    assert (found.total.cycles, found.total.without_cycles) == (41, 80)
    noted = 'backend_config={"estimated_cycles":"7"}, metadata={op_name="jit(f)/while'
    five_times = LOOP.replace('metadata={op_name="jit(f)/while', noted)
    assert lines(five_times)["dot"].sums.cycles == 35


def test_a_collective_in_a_loop_runs_as_often_as_the_loop():
    reduced = LOOP.replace(" dot(%x, %w), lhs", " all-reduce(%x), lhs")
    assert account(read(reduced)).collectives == {"all-reduce f32[4,3]": 5}


def test_collectives_with_their_shapes_also_inside_fusions():
    inside = """\
%sum (x: f32[], y: f32[]) -> f32[] {
  %x = f32[] parameter(0)
  %y = f32[] parameter(1)
  ROOT %z = f32[] add(%x, %y)
}

%fused (p: f32[8,4]) -> f32[8,4] {
  %p = f32[8,4]{1,0} parameter(0)
  ROOT %r = f32[8,4]{1,0} all-reduce(%p), to_apply=%sum
}

"""
    found = account(
        read(
            entry(
                "%a = f32[8,4]{1,0} parameter(0)",
                "%f = f32[8,4]{1,0} fusion(%a), kind=kCustom, calls=%fused",
                "%go = (f32[8,4]{1,0}, f32[64,4]{1,0}) all-gather-start(%f), dimensions={0}",
                "%all = f32[64,4]{1,0} all-gather-done(%go)",
                before=inside,
            )
        )
    )
    assert found.collectives == {
        "all-reduce f32[8,4]": 1,
        "all-gather f32[64,4]": 1,
    }
    assert {line.name: line.sums.bytes for line in found.lines} == {
        "f": 2 * 128,
        "go": 128 + 1024,
    }


def test_a_collective_that_goes_on_through_fusions_is_one():
    part = """\
%fused.NUMBER (p: f32[8,4]) -> f32[64,4] {
  %p.NUMBER = f32[8,4]{1,0} parameter(0)
  ROOT %all.NUMBER = f32[64,4]{1,0} all-gather(%p.NUMBER), channel_id=7, dimensions={0}
}

"""
    found = account(
        read(
            entry(
                "%a = f32[8,4]{1,0} parameter(0)",
                "%f.1 = f32[64,4]{1,0} fusion(%a), kind=kCustom, calls=%fused.1",
                "%f.2 = f32[64,4]{1,0} fusion(%a), kind=kCustom, calls=%fused.2",
                "%other = f32[64,4]{1,0} all-gather(%a), channel_id=8, dimensions={0}",
                before=part.replace("NUMBER", "1") + part.replace("NUMBER", "2"),
            )
        )
    )
    assert found.collectives == {"all-gather f32[64,4]": 2}


def test_logits_are_told_from_embeddings():
    scope = 'metadata={op_name="jit(step)/jvp(loss)/dot_general"}'
    found = account(
        read(
            entry(
                "%a = f32[512,24]{1,0} parameter(0)",
                f"%e = f32[512,24]{{1,0}} negate(%a), {scope}",
                f"%l = f32[64,512]{{1,0}} sine(%e), {scope}",
                '%x = f32[128,512]{1,0} sine(%l), metadata={op_name="jit(step)/motion/graph/sin"}',
            )
        )
    )
    assert [str(array) for array in found.logits(512, embedding=24)] == ["f32[64,512]"]
    both = account(
        read(
            entry(
                "%a = f32[24,48]{1,0} parameter(0)", f"%e = f32[24,48]{{1,0}} negate(%a), {scope}"
            )
        )
    )
    assert both.logits(48, embedding=24) == []
    assert [str(array) for array in both.logits(48, embedding=16)] == ["f32[24,48]"]


STEP = "jit(step)/jvp(TwoTower.encode_motion)/motion/graph"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (f"{STEP}/block_1/spatial/nfwu,nfwt->nfut/dot_general", "spatial"),
        (f"{STEP}/block_1/spatial_norm/sub", "norm"),
        (f"{STEP}/block_1/temporal/heads_norm/sub", "norm"),
        (f"{STEP}/block_1/temporal/near/conv/conv_general_dilated", "temporal"),
        (f"{STEP}/block_5/shortcut/project/dot_general", "shortcut"),
        (f"{STEP}/block_1/spatial_shortcut/norm/sub", "norm"),
        (f"{STEP}/block_1/jit(relu)/max", "residual"),
        (f"{STEP}/input_norm/sub", "norm"),
        ("jit(step)/transpose(jvp(TwoTower.encode_motion))/motion/hidden/dot_general", "head"),
        ("jit(step)/jvp(TwoTower.encode_motion)/motion/norm/sub", "head"),
        ("jit(step)/jvp(TwoTower.encode_text)/text/block_1/ln_1/mul", "text"),
        ("jit(step)/jvp(loss)/dot_general", "loss"),
        ("jit(step)/transpose(jvp(loss))/dot_general", "loss"),
        ("jit(step)/optimizer/add", "optimizer"),
        ("jit(step)/augment/vmap()/mul", "augmentation"),
        ("jit(step)/store/gather", "gather"),
        ("state/params/motion/graph/block_1/spatial/topology/", "spatial"),
        ("state/opt_state/inner_states/motion/", "optimizer"),
        ("jit(step)/broadcast_in_dim", OTHER),
    ],
)
def test_parts_of_the_model(scope, expected):
    assert part(scope) == expected


def test_backward_is_a_derivative_or_what_is_computed_again_for_one():
    assert is_backward("jit(step)/transpose(jvp(loss))/mul")
    assert is_backward("jit(step)/checkpoint/rematted_computation/motion/mul")
    assert not is_backward(f"{STEP}/block_1/spatial/transpose")


def test_a_copy_belongs_to_what_it_copies():
    found = lines(
        entry(
            '%a = f32[8,3]{1,0} parameter(0), metadata={op_name="store.clips"}',
            "%c = f32[8,3]{0,1} copy(%a)",
            "%b = f32[8]{0} parameter(1), "
            "metadata={op_name=\"state.params[\\'motion\\'][\\'graph\\'][\\'block_1\\'][\\'norm\\']\"}",
            "%d = f32[8]{0} copy(%b)",
        )
    )
    assert (found["c"].part, found["d"].part) == ("gather", "norm")
