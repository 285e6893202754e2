"""Libraries in the same world as those of same footage: looking costs nothing."""

from tests.core.similar.conftest import library as library
from tests.core.similar.conftest import world as world
