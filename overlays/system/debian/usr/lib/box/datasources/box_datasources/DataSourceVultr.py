"""Vultr's instances.

cloud-init 22.4 keeps the answer that it got, and puts the region's code in the place of the region in it. Asked a second
time in the same run, as at each later boot, it ends with a traceback.
"""
import copy

from cloudinit import sources
from cloudinit.sources import DataSourceVultr as packaged


class DataSourceVultr(packaged.DataSourceVultr):
    def get_metadata(self):
        return copy.deepcopy(super().get_metadata())


def get_datasource_list(depends):
    return sources.list_from_depends(depends, [(DataSourceVultr, (sources.DEP_FILESYSTEM,))])
