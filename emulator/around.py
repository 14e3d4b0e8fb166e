"""How a patch replaces a method of moto's."""

from __future__ import annotations

import functools
from typing import Any, Callable


def around(owner: type, name: str) -> Callable[[Callable[..., Any]], None]:
    """Replaces a method by a function that gets the former method as its first argument."""

    def replace(replacement: Callable[..., Any]) -> None:
        former = getattr(owner, name)

        @functools.wraps(former)
        def method(*arguments: Any, **named: Any) -> Any:
            return replacement(former, *arguments, **named)

        setattr(owner, name, method)

    return replace
