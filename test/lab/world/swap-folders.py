"""Plays an uploader whose pages are being replaced: makes a link of each folder of the old ones that it can still reach.

swap-folders.py WWW TARGET. Ends with its standard input, and prints how many links it made.
"""
import os
import select
import sys

www, target = sys.argv[1:]
made = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    for staged in [name for name in os.listdir(www) if name.startswith(".upload-") or name == ".removed"]:
        old = os.path.join(www, staged)
        try:
            for name in os.listdir(old):
                place = os.path.join(old, name)
                os.rename(place, place + ".moved")
                os.symlink(target, place)
                made += 1
        except OSError:
            pass
print(made)
