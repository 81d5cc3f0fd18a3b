"""The kinds of array that matching computes with."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOWHERE = -1
"""In an assignment: this household is left unplaced."""
