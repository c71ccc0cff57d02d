"""OpenStack Swift with its S3 interface: proxy, accounts, containers, and objects in memory, in one process.

Prints `ready PORT OTHER done`: where S3 is spoken with signatures, and where Swift's own interface is open to all.
"""
import os
import sys

import eventlet

eventlet.monkey_patch()

root, bucket = sys.argv[1:3]
conf = os.path.join(root, "swift.conf")
with open(conf, "w") as file:
    file.write("[swift-hash]\nswift_hash_path_suffix = sluice\n[storage-policy:0]\nname = one\ndefault = yes\n")

from swift.common import constraints, utils

utils.SWIFT_CONF_FILE = constraints.SWIFT_CONF_FILE = conf
utils.validate_hash_conf()
constraints.reload_constraints()

from eventlet import wsgi
from swift.account.server import AccountController
from swift.common.ring import RingBuilder
from swift.common.storage_policy import reload_storage_policies
from swift.common.wsgi import loadapp
from swift.container.server import ContainerController
from swift.obj.mem_server import ObjectController

reload_storage_policies()

PROXY = """
[DEFAULT]
swift_dir = {root}
log_level = ERROR
[pipeline:main]
pipeline = {pipeline}
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
node_timeout = 60
conn_timeout = 5
[filter:s3api]
use = egg:swift#s3api
location = eu-north-7
auth_pipeline_check = false
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:catch_errors]
use = egg:swift#catch_errors
"""


class Memory:
    """What Swift keeps in memcached, for one process."""

    def __init__(self):
        self.values = {}

    def get(self, key, *_, **__):
        return self.values.get(key)

    def set(self, key, value, *_, **__):
        self.values[key] = value

    def delete(self, key, *_, **__):
        self.values.pop(key, None)

    def incr(self, key, delta=1, *_, **__):
        self.values[key] = self.values.get(key, 0) + delta
        return self.values[key]


memory = Memory()


def with_memory(app):
    def call(environ, start_response):
        environ["swift.cache"] = memory
        return app(environ, start_response)

    return call


class Quiet:
    def write(self, *_):
        pass


def serve(app, socket):
    eventlet.spawn(wsgi.server, socket, app, Quiet(), keepalive=True, debug=False)


def make_ring(kind, port):
    builder = RingBuilder(2, 1, 1)
    builder.add_dev(
        {"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "port": port, "device": "sda",
         "replication_ip": "127.0.0.1", "replication_port": port})
    builder.rebalance()
    builder.get_ring().save(os.path.join(root, f"{kind}.ring.gz"))


def proxy(name, pipeline):
    path = os.path.join(root, name)
    with open(path, "w") as file:
        file.write(PROXY.format(root=root, pipeline=pipeline))
    return with_memory(loadapp(path, global_conf={"log_name": name}))


os.makedirs(os.path.join(root, "devices", "sda"))
storage = {"devices": os.path.join(root, "devices"), "mount_check": "false", "swift_dir": root, "log_level": "ERROR"}
for kind, make in [("account", AccountController), ("container", ContainerController), ("object", ObjectController)]:
    socket = eventlet.listen(("127.0.0.1", 0))
    make_ring(kind, socket.getsockname()[1])
    serve(make(storage), socket)

service = eventlet.listen(("127.0.0.1", 0), backlog=128)
other = eventlet.listen(("127.0.0.1", 0), backlog=128)
serve(proxy("s3.conf", "catch_errors gatekeeper listing_formats bulk s3api tempauth slo proxy-server"), service)
serve(proxy("other.conf", "catch_errors listing_formats slo proxy-server"), other)
print("sluice test:tester testing", flush=True)
print("ready", service.getsockname()[1], other.getsockname()[1], "done", flush=True)
while True:
    eventlet.sleep(3600)
