"""What mends a datasource of cloud-init (22.4, 25.1) that can't be asked for its network a second time.

Where the network is set up anew at each boot, `update_metadata_if_supported` sets `_network_config` to the word
`_unset`. A datasource that compares with None alone then gives this word as its network, and the first stage of
every later boot ends with a traceback.
"""
from cloudinit import sources


class ForgetsNetwork:
    """Goes before the datasource among the bases of a class."""

    @property
    def network_config(self):
        if self._network_config == sources.UNSET:
            self._network_config = self.unasked()
        return super().network_config

    @staticmethod
    def unasked():
        """What the datasource keeps until it has been asked."""
        return None
