<?php
// Roundcube looks for plug-ins among its own; the box's lie where every release has them.
require '/var/lib/roundcube/plugins/box_contacts/box_contacts.php';
