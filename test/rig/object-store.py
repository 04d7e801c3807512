"""A store that speaks S3, for tests: OpenStack's Swift on one folder, which checks each signature. Says `ready` when it answers.

    /usr/bin/python3 object-store.py FOLDER ADDRESS PORT KEY CERTIFICATE

Lets in `box:box` with the key `secret-of-the-store`. Its inner servers listen on loopback, at the three ports after PORT.
"""

import ctypes
import os
import pwd
import socket
import sys
import time

from swift.common.ring import RingBuilder
from swift.common.wsgi import run_wsgi

folder, address, port, key, certificate = sys.argv[1:]
port = int(port)
servers = ("account", "container", "object")
own = pwd.getpwuid(os.geteuid()).pw_name
os.makedirs(folder + "/devices/disk", exist_ok=True)
os.makedirs(folder + "/recon", exist_ok=True)

with open(folder + "/swift.conf", "w") as conf:
    conf.write("[swift-hash]\nswift_hash_path_suffix = test\n")
import swift.common.utils
swift.common.utils.SWIFT_CONF_FILE = folder + "/swift.conf"
swift.common.utils.set_swift_dir(folder)

def begin(name, text):
    with open("%s/%s.conf" % (folder, name), "w") as conf:
        conf.write(text)
    if os.fork() == 0:
        # It ends with us: prctl(2), PR_SET_PDEATHSIG.
        ctypes.CDLL(None).prctl(1, 9)
        sys.exit(run_wsgi("%s/%s.conf" % (folder, name), name, capture_stdout=False, capture_stderr=False))

for at, server in enumerate(servers, 1):
    ring = RingBuilder(4, 1, 0)
    ring.add_dev({"region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "port": port + at, "device": "disk"})
    ring.rebalance()
    ring.get_ring().save("%s/%s.ring.gz" % (folder, server))
    begin(server + "-server", """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = %d
workers = 0
user = %s
swift_dir = %s
devices = %s/devices
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
recon_cache_path = %s/recon
[pipeline:main]
pipeline = %s-server
[app:%s-server]
use = egg:swift#%s
""" % (port + at, own, folder, folder, folder, server, server, server))

begin("proxy-server", """[DEFAULT]
bind_ip = %s
bind_port = %d
cert_file = %s
key_file = %s
workers = 0
user = %s
swift_dir = %s
[pipeline:main]
pipeline = catch_errors cache s3api tempauth proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_box_box = secret-of-the-store .admin
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
""" % (address, port, certificate, key, own, folder))

for at, where in enumerate((address, "127.0.0.1", "127.0.0.1", "127.0.0.1")):
    while True:
        try:
            socket.create_connection((where, port + at)).close()
            break
        except OSError:
            time.sleep(0.1)
print("ready", flush=True)
os.wait()
