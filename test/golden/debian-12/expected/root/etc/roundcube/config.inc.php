<?php
// Roundcube on a box. What is not said here is as in defaults.inc.php.
$config = [];

// --- State. The schema's upgrade works on a copy, which `box init` names.
$box_database = getenv('BOX_WEBMAIL_DATABASE') ?: '/home/user-data/mail/roundcube/roundcube.sqlite';
$config['db_dsnw'] = 'sqlite:///' . $box_database . '?mode=0640';
$config['temp_dir'] = '/var/lib/box-webmail/temp';
// Passwords of those who are logged in lie in the database, encrypted with this key, which `box init` makes.
$config['des_key'] = trim((string) @file_get_contents('/etc/roundcube/des_key'));
$config['cipher_method'] = 'AES-256-CBC';
$config['session_storage'] = 'db';
// Minutes without use.
$config['session_lifetime'] = 30;
$config['session_name'] = '__Secure-webmail';
$config['session_auth_name'] = '__Secure-webmail-auth';
$config['session_path'] = '/mail/';
$config['session_samesite'] = 'Strict';
$config['use_https'] = true;

// --- The log: the box's own, as every service of a box. Failed log-ins are told by the plugin `box`.
$config['log_driver'] = 'syslog';
$config['syslog_id'] = 'box-webmail';
$config['syslog_facility'] = LOG_MAIL;
$config['log_session_id'] = 0;

// The webmail's own door to the mailboxes: app passwords, which are for programs, don't open it.
$box_imap_port = 10144;
// --- The box's own services, by loopback with TLS. They must show the box's own certificate, whoever issued it.
$box_certificate = @openssl_x509_fingerprint((string) @file_get_contents('/home/user-data/ssl/ssl_certificate.pem'), 'sha256');
$box_tls = ['ssl' => [
    'verify_peer' => false,
    'verify_peer_name' => false,
    'peer_fingerprint' => ['sha256' => $box_certificate ?: 'none'],
]];
$config['imap_host'] = 'ssl://localhost:' . $box_imap_port;
$config['imap_conn_options'] = $box_tls;
$config['smtp_host'] = 'tls://localhost:587';
$config['smtp_conn_options'] = $box_tls;
$config['managesieve_host'] = 'tls://localhost:4190';
$config['managesieve_conn_options'] = $box_tls;
$config['imap_auth_type'] = 'PLAIN';
$config['smtp_user'] = '%u';
$config['smtp_pass'] = '%p';
$config['smtp_auth_type'] = 'PLAIN';
$config['managesieve_default'] = '';
$config['managesieve_vacation'] = 1;
$config['managesieve_vacation_addresses_init'] = true;
$config['managesieve_vacation_from_init'] = true;
$config['password_driver'] = 'box';
$config['password_confirm_current'] = true;
$config['password_minimum_length'] = 8;

// Who fails is counted and banned by address; a limit by account would let strangers lock its owner out.
$config['login_rate_limit'] = 0;
$config['login_username_filter'] = 'email';
$config['login_autocomplete'] = 2;

// --- What people see, and what it tells of itself: no product, no version.
$config['plugins'] = ['box', 'archive', 'managesieve', 'markasjunk', 'password'];
// One address book for a person's webmail and telephones: the groupware's, in the place of Roundcube's own.
$config['plugins'][] = 'box_contacts';
$config['box_groupware_port'] = 20000;
$config['address_book_type'] = '';
$config['autocomplete_addressbooks'] = ['box'];
// The groupware's calendar in a frame; its plug-in asks as the contacts' does.
$config['plugins'][] = 'box_calendar';
$config['skin'] = 'elastic';
$config['product_name'] = 'Webmail';
$config['useragent'] = 'Webmail';
$config['display_product_info'] = 0;
$config['support_url'] = '';
$config['enable_installer'] = false;
// Words that people write go to nobody.
$config['enable_spellcheck'] = false;
$config['max_message_size'] = 134217728;

$config['drafts_mbox'] = 'Drafts';
$config['junk_mbox'] = 'Spam';
$config['sent_mbox'] = 'Sent';
$config['trash_mbox'] = 'Trash';
$config['archive_mbox'] = 'Archive';
$config['refresh_interval'] = 60;
