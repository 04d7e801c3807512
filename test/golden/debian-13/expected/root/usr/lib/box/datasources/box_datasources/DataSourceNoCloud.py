"""A seed on a disk, a CD or a web server, which may be gone at a later boot."""
from box_datasources.forgets_network import ForgetsNetwork
from cloudinit import sources
from cloudinit.sources import DataSourceNoCloud as packaged


class DataSourceNoCloud(ForgetsNetwork, packaged.DataSourceNoCloud):
    pass


class DataSourceNoCloudNet(ForgetsNetwork, packaged.DataSourceNoCloudNet):
    pass


def get_datasource_list(depends):
    return sources.list_from_depends(
        depends,
        [
            (DataSourceNoCloud, (sources.DEP_FILESYSTEM,)),
            (DataSourceNoCloudNet, (sources.DEP_FILESYSTEM, sources.DEP_NETWORK)),
        ],
    )
