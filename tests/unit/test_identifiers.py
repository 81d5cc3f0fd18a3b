import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.rules.identifiers import (
    SYNTHETIC_BSNS,
    SYNTHETIC_V_NUMBERS,
    IdentifierError,
    parse_bsn,
    parse_v_number,
    passes_eleven_test,
    synthetic_bsn,
    synthetic_v_number,
)

ELEVEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
digits = st.text("0123456789", max_size=12)
nine_digits = st.text("0123456789", min_size=9, max_size=9)
separators = st.sampled_from(("", " ", ".", "-", "\u00a0", "\t"))


def spaced(number: str, data: st.DataObject) -> str:
    return "".join(data.draw(separators) + digit for digit in number) + data.draw(separators)


@pytest.mark.parametrize(
    ("text", "v_number"),
    [
        ("0012345678", "0012345678"),
        (" 0012.345.678 ", "0012345678"),
        ("001-234-5678", "0012345678"),
        ("9990000001", "9990000001"),
    ],
)
def test_a_v_number_keeps_its_zeros(text: str, v_number: str) -> None:
    assert parse_v_number(text) == v_number


@pytest.mark.parametrize(
    ("text", "bsn"),
    [
        ("999990019", "999990019"),
        ("9999.90.019", "999990019"),
        ("123456782", "123456782"),
        ("012345672", "012345672"),
        ("12345672", "012345672"),
    ],
)
def test_a_bsn_is_read_with_or_without_separators(text: str, bsn: str) -> None:
    assert parse_bsn(text) == bsn


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "digits"),
        ("   ", "digits"),
        ("12345678a2", "digits"),
        ("١٢٣٤٥٦٧٨٩٠", "digits"),
        ("+123456789", "digits"),
        ("123456789", "length"),
        ("12345678901", "length"),
    ],
)
def test_what_is_not_a_v_number_is_refused_with_its_fault(text: str, fault: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_v_number(text)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "digits"),
        ("12345678x", "digits"),
        ("²23456782", "digits"),
        ("1234567", "length"),
        ("1234567890", "length"),
        ("123456789", "eleven_test"),
        ("000000000", "eleven_test"),
        ("00000000", "eleven_test"),
    ],
)
def test_what_is_not_a_bsn_is_refused_with_its_fault(text: str, fault: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_bsn(text)
    assert refused.value.fault == fault


def test_a_message_never_quotes_the_number() -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_bsn("123456789")
    assert "123456789" not in str(refused.value)


@given(digits, st.data())
def test_ten_digits_are_a_v_number_and_nothing_else_is(number: str, data: st.DataObject) -> None:
    text = spaced(number, data)
    if len(number) == 10:
        assert parse_v_number(text) == number
    else:
        with pytest.raises(IdentifierError):
            parse_v_number(text)


@given(nine_digits)
def test_the_eleven_test_is_the_weighted_sum(bsn: str) -> None:
    weighted = sum(weight * int(digit) for weight, digit in zip(ELEVEN, bsn, strict=True))
    assert passes_eleven_test(bsn) == (weighted % 11 == 0 and int(bsn) > 0)


@given(st.integers(1, SYNTHETIC_BSNS), st.integers(0, 8), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(sequence: int, place: int, shift: int) -> None:
    bsn = synthetic_bsn(sequence)
    wrong = f"{bsn[:place]}{(int(bsn[place]) + shift) % 10}{bsn[place + 1 :]}"
    assert not passes_eleven_test(wrong)


@given(st.integers(1, SYNTHETIC_BSNS), st.integers(0, 7))
def test_two_swapped_digits_are_always_noticed(sequence: int, place: int) -> None:
    bsn = synthetic_bsn(sequence)
    swapped = bsn[:place] + bsn[place + 1] + bsn[place] + bsn[place + 2 :]
    if swapped != bsn:
        assert not passes_eleven_test(swapped)


@given(st.text(max_size=15))
def test_any_text_gives_a_clean_number_or_a_fault(text: str) -> None:
    for parse, length in ((parse_v_number, 10), (parse_bsn, 9)):
        try:
            number = parse(text)
        except IdentifierError:
            continue
        assert len(number) == length
        assert number.isascii()
        assert parse(number) == number


def test_every_synthetic_bsn_is_its_own_passes_and_cannot_be_real() -> None:
    numbers = [synthetic_bsn(sequence) for sequence in range(1, SYNTHETIC_BSNS + 1)]
    assert len(set(numbers)) == SYNTHETIC_BSNS
    assert all(parse_bsn(bsn) == bsn and bsn.startswith("00") for bsn in numbers)


@given(st.integers(0, SYNTHETIC_V_NUMBERS - 1))
def test_a_synthetic_v_number_passes_and_lies_in_its_range(sequence: int) -> None:
    v_number = synthetic_v_number(sequence)
    assert parse_v_number(v_number) == v_number
    assert v_number.startswith("999")
    assert int(v_number) - sequence == int(synthetic_v_number(0))


@pytest.mark.parametrize("sequence", [0, -1, SYNTHETIC_BSNS + 1])
def test_there_is_no_synthetic_bsn_outside_the_range(sequence: int) -> None:
    with pytest.raises(IdentifierError):
        synthetic_bsn(sequence)


@pytest.mark.parametrize("sequence", [-1, SYNTHETIC_V_NUMBERS])
def test_there_is_no_synthetic_v_number_outside_the_range(sequence: int) -> None:
    with pytest.raises(IdentifierError):
        synthetic_v_number(sequence)
