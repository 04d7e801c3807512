"""Datasources of cloud-init as a box needs them: asked before cloud-init's own (`datasource_pkg_list`)."""
