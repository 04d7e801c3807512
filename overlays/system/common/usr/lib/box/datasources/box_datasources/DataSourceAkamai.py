"""Akamai's instances (Linode), which cloud-init knows from 23.3 on: user-data from the metadata service.

One source for Python 2.7 with cloud-init 0.7.5 and for 3.11 with 22.4. It is asked once there is a network, which
is DHCP's. See "Use the Metadata service API" in Akamai's documentation.
"""
import base64
import logging
import time

import requests
from cloudinit import sources

log = logging.getLogger(__name__)
service = "http://169.254.169.254/v1/"
vendors = ("Linode", "Akamai")
tries = 10
seconds_between = 3


def vendor():
    """Who made this machine, as its firmware says."""
    try:
        with open("/sys/class/dmi/id/sys_vendor") as text:
            return text.read().strip()
    except IOError:
        return ""


def ask(method, path, headers):
    """An answer of success. Raises requests.RequestException for any other."""
    answer = requests.request(method, service + path, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer


def metadata():
    """The instance and its user-data, both read with a token that lives as long as they need."""
    token = {"Metadata-Token": ask("PUT", "token", {"Metadata-Token-Expiry-Seconds": "300"}).text.strip()}
    instance = ask("GET", "instance", dict(token, Accept="application/json")).json()
    return instance, base64.b64decode(ask("GET", "user-data", token).text)


class DataSourceAkamai(sources.DataSource):
    dsname = "Akamai"

    def _get_data(self):
        if vendor() not in vendors:
            return False
        for left in reversed(range(tries)):
            try:
                instance, self.userdata_raw = metadata()
                break
            except (requests.RequestException, ValueError) as error:
                log.warning("%s (%d tries are left)", error, left)
                if left == 0:
                    return False
                time.sleep(seconds_between)
        # Without the label as its name: the cloud-init that knows this cloud reads none either.
        self.metadata = {"instance-id": str(instance["id"])}
        return True


if not hasattr(sources.DataSource, "_get_data"):
    # Of 0.7.5 a datasource is asked by this name.
    DataSourceAkamai.get_data = DataSourceAkamai._get_data


def get_datasource_list(depends):
    needs = (sources.DEP_FILESYSTEM, sources.DEP_NETWORK)
    return sources.list_from_depends(depends, [(DataSourceAkamai, needs)])
