"""OpenStack's config drive, which other clouds use too."""
from box_datasources.forgets_network import ForgetsNetwork
from cloudinit import sources
from cloudinit.sources import DataSourceConfigDrive as packaged


class DataSourceConfigDrive(ForgetsNetwork, packaged.DataSourceConfigDrive):
    pass


def get_datasource_list(depends):
    return sources.list_from_depends(depends, [(DataSourceConfigDrive, (sources.DEP_FILESYSTEM,))])
