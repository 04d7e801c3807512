"""Runs in an image: has each datasource of cloud-init's list told that it must ask for its network again, as a later
boot does, and prints what each then has: `network`, `nothing` where nobody answered, or the word that it took for one.
"""
from cloudinit import distros, helpers, sources, util

config = util.read_conf("/etc/cloud/cloud.cfg.d/91_box.cfg")
packages = config.get("datasource_pkg_list", []) + ["cloudinit.sources"]
paths = helpers.Paths({"cloud_dir": "/nowhere", "run_dir": "/nowhere"})
distro = distros.fetch("debian")("debian", {}, paths)
for depends in ([sources.DEP_FILESYSTEM], [sources.DEP_FILESYSTEM, sources.DEP_NETWORK]):
    for kind in sources.list_sources(config["datasource_list"], depends, packages):
        source = kind({}, distro, paths)
        source._dirty_cache = True
        source.clear_cached_attrs((("_network_config", sources.UNSET),))
        try:
            network = source.network_config
            has = network if isinstance(network, str) else "network" if network else "nothing"
        except Exception:
            has = "nothing"
        print(kind.__name__, has)
