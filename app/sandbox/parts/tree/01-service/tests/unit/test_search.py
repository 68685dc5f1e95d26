from core.search import FIND


def test_search_is_limited() -> None:
    assert "LIMIT :most" in FIND.text
