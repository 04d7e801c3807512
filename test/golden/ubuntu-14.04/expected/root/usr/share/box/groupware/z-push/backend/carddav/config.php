<?php
/** Z-Push's contacts: the box's own DAV server, on loopback. */

define('CARDDAV_PROTOCOL', 'http');
define('CARDDAV_SERVER', '127.0.0.1');
define('CARDDAV_PORT', '20000');
define('CARDDAV_PATH', '/dav/addressbooks/%u/');
define('CARDDAV_DEFAULT_PATH', '/dav/addressbooks/%u/personal/');
// There is no list of all accounts (CARDDAV_GAL_PATH): nobody is told who else has one.
define('CARDDAV_CONTACTS_FOLDER_NAME', 'Contacts');
define('CARDDAV_SUPPORTS_SYNC', true);
define('CARDDAV_SUPPORTS_FN_SEARCH', false);
define('CARDDAV_URL_VCARD_EXTENSION', '.vcf');
