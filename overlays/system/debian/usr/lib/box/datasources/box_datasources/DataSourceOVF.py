"""Machines that were made from an OVF, whose settings come on a CD or from VMware's host."""
from box_datasources.forgets_network import ForgetsNetwork
from cloudinit import sources
from cloudinit.sources import DataSourceOVF as packaged


class DataSourceOVF(ForgetsNetwork, packaged.DataSourceOVF):
    pass


class DataSourceOVFNet(ForgetsNetwork, packaged.DataSourceOVFNet):
    pass


def get_datasource_list(depends):
    return sources.list_from_depends(
        depends,
        [
            (DataSourceOVF, (sources.DEP_FILESYSTEM,)),
            (DataSourceOVFNet, (sources.DEP_FILESYSTEM, sources.DEP_NETWORK)),
        ],
    )
