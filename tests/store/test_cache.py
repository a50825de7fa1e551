"""What is kept, and what makes room for it."""

from eventsim.store.cache import RecentlyUsed


def test_the_one_not_used_for_longest_goes_first():
    cache, made = RecentlyUsed(10), []

    def get(key, size=4):
        return cache.get(key, lambda: made.append(key) or key.upper(), lambda _: size)

    assert [get(key) for key in "abab"] == ["A", "B", "A", "B"]
    assert made == ["a", "b"]
    get("c")  # a was used before b
    get("b")
    assert made == ["a", "b", "c"]
    get("a")
    assert made == ["a", "b", "c", "a"]


def test_what_is_too_large_is_not_kept_and_pushes_nothing_out():
    cache, made = RecentlyUsed(10), []
    for key, size in (("a", 4), ("b", 11), ("b", 11), ("a", 4)):
        cache.get(key, lambda key=key: made.append(key), lambda _, size=size: size)
    assert made == ["a", "b", "b"]


def test_an_error_keeps_nothing():
    cache, made = RecentlyUsed(10), []

    def fail():
        made.append(1)
        raise ValueError

    for _ in range(2):
        try:
            cache.get("a", fail, lambda _: 1)
        except ValueError:
            continue
    assert made == [1, 1]
