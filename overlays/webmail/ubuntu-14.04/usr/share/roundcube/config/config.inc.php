<?php
// Its settings are no part of the program: they lie where every release has them.
require '/etc/roundcube/config.inc.php';
