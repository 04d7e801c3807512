"""Oracle's instances."""
from box_datasources.forgets_network import ForgetsNetwork
from cloudinit import sources
from cloudinit.sources import DataSourceOracle as packaged


class DataSourceOracle(ForgetsNetwork, packaged.DataSourceOracle):
    @staticmethod
    def unasked():
        return {"config": [], "version": 1}


def get_datasource_list(depends):
    return sources.list_from_depends(depends, [(DataSourceOracle, (sources.DEP_FILESYSTEM,))])
