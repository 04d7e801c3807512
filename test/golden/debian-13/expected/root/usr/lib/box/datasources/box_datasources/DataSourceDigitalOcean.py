"""DigitalOcean's droplets."""
from box_datasources.forgets_network import ForgetsNetwork
from cloudinit import sources
from cloudinit.sources import DataSourceDigitalOcean as packaged


class DataSourceDigitalOcean(ForgetsNetwork, packaged.DataSourceDigitalOcean):
    pass


def get_datasource_list(depends):
    return sources.list_from_depends(depends, [(DataSourceDigitalOcean, (sources.DEP_FILESYSTEM,))])
