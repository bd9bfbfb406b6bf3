"""Writes test/fixtures/safetensors-*.safetensors with the Python package, for the tests of src/nn/safetensors.ts.

    python scripts/make-safetensors-fixture.py        (made with safetensors 0.8.0, PyTorch 2.13.0)

dtypes: one tensor per number format, and beside each `x` a tensor `x.float32` with the same numbers as PyTorch converts
them. plain: float32 only, with metadata; what our own writer gives for the same tensors must equal it byte for byte.
"""
from pathlib import Path

import torch
from safetensors.torch import save_file

FIXTURES = Path(__file__).parent.parent / "test" / "fixtures"


def bit_patterns(fraction_bits: int) -> torch.Tensor:
    """Every sign and exponent of a 16-bit format, each with the least, the middle and the largest fractions."""
    last = 2**fraction_bits - 1
    fractions = [0, 1, last // 2, last]
    bits = [(top << fraction_bits) | fraction for top in range(2 ** (16 - fraction_bits)) for fraction in fractions]
    return torch.tensor(bits, dtype=torch.int32).to(torch.uint16)


def integers(dtype: torch.dtype) -> torch.Tensor:
    limits = torch.iinfo(dtype)
    return torch.tensor([limits.min, 0, 1, 7, limits.max // 3, limits.max], dtype=dtype)


def main() -> None:
    numbers = {
        "F64": torch.tensor([0.0, -0.0, 1 / 3, -1e300, 1e-300, 1e-40, float("inf"), float("nan")], dtype=torch.float64),
        "F32": torch.tensor([[0.0, -0.0, 1 / 3], [-3e38, 1e-40, float("-inf")]]),
        "F16": bit_patterns(10).view(torch.float16),
        "BF16": bit_patterns(7).view(torch.bfloat16),
        "BOOL": torch.tensor([True, False, True]),
        "U64": torch.tensor([0, 1, 2**24 + 1, 2**53 + 1, 2**64 - 1], dtype=torch.uint64),
    }
    for name in ("int64", "int32", "uint32", "int16", "uint16", "int8", "uint8"):
        numbers[name.upper().replace("UINT", "U").replace("INT", "I")] = integers(getattr(torch, name))
    converted = {f"{name}.float32": tensor.to(torch.float32, copy=True) for name, tensor in numbers.items()}
    save_file(numbers | converted, FIXTURES / "safetensors-dtypes.safetensors")

    plain = {
        "layer1.0.conv1.weight": torch.arange(24, dtype=torch.float32).reshape(2, 3, 2, 2) / 8,
        "bn1.bias": torch.tensor([-0.5, 1.5]),
        "10": torch.tensor([10.0]),
        "9": torch.tensor([9.0]),
        "scalar": torch.tensor(3.25),
        "empty": torch.zeros(0, 4),
        'größe "2"\n': torch.tensor([2.0]),
    }
    save_file(plain, FIXTURES / "safetensors-plain.safetensors", {"made by": "Python"})


main()
