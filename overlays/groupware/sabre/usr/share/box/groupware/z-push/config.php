<?php
/** Z-Push's settings: every name that its own config.php has. */

// The box's, which its owner sets.
define('TIMEZONE', trim((string) @file_get_contents('/etc/timezone')) ?: 'UTC');
define('BASE_PATH', '/usr/share/z-push/');
define('SCRIPT_TIMEOUT', 0);
// nginx says whose the request is; no header does.
define('USE_CUSTOM_REMOTE_IP_HEADER', false);
define('CERTIFICATE_OWNER_PARAMETER', 'SSL_CLIENT_S_DN_CN');
define('USE_FULLEMAIL_FOR_LOGIN', true);

// What each telephone has had, on the storage root: a new image goes on where the old one was.
define('STATE_MACHINE', 'FILE');
define('STATE_DIR', '/home/user-data/groupware/telephones/');
define('IPC_PROVIDER', '');

define('LOGBACKEND', 'syslog');
define('LOGLEVEL', LOGLEVEL_WARN);
define('LOGAUTHFAIL', true);
define('LOGUSERLEVEL', LOGLEVEL_DEVICEID);
$specialLogUsers = array();
define('LOGFILEDIR', '/home/user-data/groupware/telephones/');
define('LOGFILE', LOGFILEDIR . 'unused.log');
define('LOGERRORFILE', LOGFILEDIR . 'unused.log');
define('LOG_SYSLOG_HOST', false);
define('LOG_SYSLOG_PORT', 514);
define('LOG_SYSLOG_PROGRAM', 'z-push');
define('LOG_SYSLOG_FACILITY', LOG_MAIL);

// A telephone that asks for a policy gets Z-Push's, which wants nothing of it; one that doesn't ask is served too.
define('PROVISIONING', true);
define('LOOSE_PROVISIONING', true);
define('PROVISIONING_POLICYFILE', 'policies.ini');
define('SYNC_CONFLICT_DEFAULT', SYNC_CONFLICT_OVERWRITE_PIM);
define('SYNC_FILTERTIME_MAX', SYNC_FILTERTYPE_ALL);
// Seconds between two looks for news.
define('PING_INTERVAL', 10);
define('FILEAS_ORDER', SYNC_FILEAS_LASTFIRST);
define('SYNC_MAX_ITEMS', 512);
define('UNSET_UNDEFINED_PROPERTIES', false);
define('SYNC_CONTACTS_MAXPICTURESIZE', 5242880);
// Nobody is told of others' telephones.
define('ALLOW_WEBSERVICE_USERS_ACCESS', false);
define('USE_PARTIAL_FOLDERSYNC', false);
define('PING_LOWER_BOUND_LIFETIME', false);
// As long as nginx waits (box.d/groupware.conf), less some.
define('PING_HIGHER_BOUND_LIFETIME', 900);
define('SYNC_TIMEOUT_MEDIUM_DEVICETYPES', 'SAMSUNGGTI');
define('SYNC_TIMEOUT_LONG_DEVICETYPES', 'iPod, iPad, iPhone, WP, WindowsOutlook, WindowsMail');
define('RETRY_AFTER_DELAY', 60);

define('BACKEND_PROVIDER', 'BackendCombined');
define('SEARCH_PROVIDER', '');
define('SEARCH_WAIT', 10);
define('SEARCH_MAXRESULTS', 10);

// Of Kopano's extension to Outlook, which nobody here has.
foreach (array('GAB', 'RECEIVEFLAGS', 'SENDFLAGS', 'OOF', 'OOFTIMES', 'NOTES', 'SHAREDFOLDER', 'SENDAS', 'SECONDARYCONTACTS',
    'SIGNATURES', 'RECEIPTS', 'IMPERSONATE') as $capability) {
    define("KOE_CAPABILITY_$capability", false);
}
define('KOE_GAB_STORE', 'SYSTEM');
define('KOE_GAB_FOLDERID', '');
define('KOE_GAB_NAME', 'Z-Push-KOE-GAB');
$additionalFolders = array();
