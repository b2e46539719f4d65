"""Values made of frames that show themselves in a line: a notebook prints what a cell ends with, and frames are long."""

from __future__ import annotations


class Framed:
    """The parent of a dataclass of frames; the class says `repr=False`."""

    def __repr__(self) -> str:
        """The name of the class, and each frame or series with its shape."""
        shapes = {name: getattr(part, "shape", None) for name, part in vars(self).items()}
        told = [f"{name} {' × '.join(map(str, shape))}" for name, shape in shapes.items() if shape]
        return f"<{type(self).__name__}: {', '.join(told)}>"
