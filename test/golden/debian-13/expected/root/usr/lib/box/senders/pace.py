"""How many recipients an account may write to in an hour, from however many places: a stolen password is no mail cannon."""
import sys
import threading
import time

MINUTES = 60


class Pace:
    """Nothing of it is written down: a restart begins anew, which nobody outside can bring about."""

    def __init__(self, most):
        self.most = most
        # For each log-in, how many recipients in which minute.
        self.counts = {}
        self.told = {}
        self.lock = threading.Lock()

    def take(self, login, seconds=None):
        """Counts one recipient more; False where that would be too many, which the log tells once an hour."""
        minute = int((time.monotonic() if seconds is None else seconds) // 60)
        with self.lock:
            counts = {at: count for at, count in self.counts.get(login, {}).items() if at > minute - MINUTES}
            self.counts[login] = counts
            if sum(counts.values()) < self.most:
                counts[minute] = counts.get(minute, 0) + 1
                return True
            if self.told.get(login, minute - MINUTES) <= minute - MINUTES:
                self.told[login] = minute
                print("%s has written to %d recipients within an hour, and may not to more" % (login, self.most), file=sys.stderr)
            return False
