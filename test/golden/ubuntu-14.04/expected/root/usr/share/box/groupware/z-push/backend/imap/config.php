<?php
/** Z-Push's mail: Dovecot on loopback, and Postfix with the person's own log-in, which may not send as another. */

define('IMAP_SERVER', '127.0.0.1');
define('IMAP_PORT', 10143);
// This door has no TLS, and none but those who need it may open it.
define('IMAP_OPTIONS', '/notls/norsh');
define('IMAP_AUTOSEEN_ON_DELETE', false);
define('IMAP_FOLDER_CONFIGURED', true);
define('IMAP_FOLDER_PREFIX', '');
define('IMAP_FOLDER_PREFIX_IN_INBOX', false);
define('IMAP_FOLDER_INBOX', 'INBOX');
define('IMAP_FOLDER_SENT', 'SENT');
define('IMAP_FOLDER_DRAFT', 'DRAFTS');
define('IMAP_FOLDER_TRASH', 'TRASH');
define('IMAP_FOLDER_SPAM', 'SPAM');
define('IMAP_FOLDER_ARCHIVE', 'ARCHIVE');
define('IMAP_INLINE_FORWARD', true);
define('IMAP_EXCLUDED_FOLDERS', '');
// What the telephone says; the sender check has the last word.
define('IMAP_DEFAULTFROM', '');
foreach (array('SQL_DSN', 'SQL_USER', 'SQL_PASSWORD', 'SQL_QUERY', 'SQL_EMAIL', 'SQL_FROM', 'SQL_FULLNAME', 'LDAP_SERVER_URI',
    'LDAP_USER', 'LDAP_PASSWORD', 'LDAP_BASE', 'LDAP_QUERY', 'LDAP_EMAIL', 'LDAP_FROM', 'LDAP_FULLNAME') as $unused) {
    define("IMAP_FROM_$unused", '');
}
foreach (array('SQL_OPTIONS', 'SQL_FIELDS', 'LDAP_FIELDS') as $unused) {
    define("IMAP_FROM_$unused", serialize(array()));
}
define('IMAP_SMTP_METHOD', 'smtp');
// Z-Push puts the log-in's own name and password where these words stand.
global $imap_smtp_params;
$imap_smtp_params = array(
    'host' => '127.0.0.1',
    'port' => 10587,
    'auth' => 'PLAIN',
    'username' => 'imap_username',
    'password' => 'imap_password',
    'localhost' => 'localhost',
    'timeout' => 60,
);
define('MAIL_MIMEPART_CRLF', "\r\n");
define('SYSTEM_MIME_TYPES_MAPPING', '/etc/mime.types');
define('IMAP_MEETING_USE_CALDAV', true);
define('IMAP_SEARCH_CHARSET', 'UTF-8');
