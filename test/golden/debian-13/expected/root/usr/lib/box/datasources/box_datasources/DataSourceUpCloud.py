"""UpCloud's servers: before there is a network, by one of its own, and with one."""
from box_datasources.forgets_network import ForgetsNetwork
from cloudinit import sources
from cloudinit.sources import DataSourceUpCloud as packaged


class DataSourceUpCloudLocal(ForgetsNetwork, packaged.DataSourceUpCloudLocal):
    pass


class DataSourceUpCloud(ForgetsNetwork, packaged.DataSourceUpCloud):
    pass


def get_datasource_list(depends):
    return sources.list_from_depends(
        depends,
        [
            (DataSourceUpCloudLocal, (sources.DEP_FILESYSTEM,)),
            (DataSourceUpCloud, (sources.DEP_FILESYSTEM, sources.DEP_NETWORK)),
        ],
    )
