"""One tick in a process of its own, to be killed: `python -m tests.shared.adapters.firestore.tick_process PROJECT MINUTE`."""

import sys

from shared.adapters.firestore.store import connect
from tests.builders import at
from tests.conftest import firestore_house

if __name__ == "__main__":
    house = firestore_house(connect(sys.argv[1]))
    house.clock.at = at(float(sys.argv[2]))
    print("begins", flush=True)
    house.tick()
    print("done", flush=True)
