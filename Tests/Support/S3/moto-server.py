"""moto's S3 with every request authenticated, and a way round it for the test's own eyes.

Prints `ready PORT OTHER done`: where S3 is spoken, and where the bucket lies open to GET, PUT and DELETE.
"""
import os
import sys
import threading

# From the first request on signatures are checked, by botocore.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from moto.sts.models import sts_backends
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

ACCOUNT = "123456789012"
ALL = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
READ = ALL.replace('"Action": "*"', '"Action": "s3:GetObject"')


def set_up(bucket):
    iam = iam_backends[ACCOUNT]["aws"]
    for user, policy in [("sluice", ALL), ("reader", READ)]:
        iam.create_user("us-east-1", user)
        iam.put_user_policy(user, "own", policy)
        key = iam.create_access_key(user_name=user)
        print(user, key.access_key_id, key.secret_access_key, flush=True)
    role = iam.create_role("sluice", ALL, "/", None, None, [], 3600)
    iam.put_role_policy("sluice", "own", ALL)
    session = sts_backends[ACCOUNT]["aws"].assume_role("us-east-1", "session", role.arn, None, 3600, None)
    print("session", session.access_key_id, session.secret_access_key, session.session_token, flush=True)
    s3 = s3_backends[ACCOUNT]["aws"]
    s3.create_bucket(bucket, "us-east-1")
    return s3


class FarSide:
    """What is in the bucket, without asking S3."""

    def __init__(self, s3, bucket):
        self.s3, self.bucket = s3, bucket

    @Request.application
    def __call__(self, request):
        keys = self.s3.buckets[self.bucket].keys
        name = request.path[1:]
        if not name:
            return Response("".join(key + "\n" for key in keys))
        if request.method == "PUT":
            self.s3.put_object(self.bucket, name, request.get_data())
            return Response(status=201)
        if name not in keys:
            return Response(status=404)
        if request.method == "DELETE":
            self.s3.delete_object(self.bucket, name)
            return Response(status=204)
        found = keys[name]
        return Response(found.value, headers={"X-Cache-Control": found.metadata.get("cache-control", "")})


def main():
    bucket = sys.argv[1]
    s3 = set_up(bucket)
    service = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    other = make_server("127.0.0.1", 0, FarSide(s3, bucket), threaded=True)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    print("ready", service.server_port, other.server_port, "done", flush=True)
    service.serve_forever()


main()
