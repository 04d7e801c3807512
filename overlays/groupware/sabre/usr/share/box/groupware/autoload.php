<?php
/** Finds classes: ours beside this file, and those of the libraries that the bake fetched (PSR-4 without composer). */

spl_autoload_register(function ($class) {
    static $libraries;
    if ($libraries === null) {
        $sabre = getenv('BOX_SABRE') ?: '/usr/share/sabre';
        $libraries = array(
            'Box\\Groupware\\' => __DIR__ . '/src/',
            'Sabre\\DAV\\' => "$sabre/dav/lib/DAV/",
            'Sabre\\DAVACL\\' => "$sabre/dav/lib/DAVACL/",
            'Sabre\\CalDAV\\' => "$sabre/dav/lib/CalDAV/",
            'Sabre\\CardDAV\\' => "$sabre/dav/lib/CardDAV/",
            'Sabre\\VObject\\' => "$sabre/vobject/lib/",
            'Sabre\\HTTP\\' => "$sabre/http/lib/",
            'Sabre\\Event\\' => "$sabre/event/lib/",
            'Sabre\\Uri\\' => "$sabre/uri/lib/",
            'Sabre\\Xml\\' => "$sabre/xml/lib/",
            'Psr\\Log\\' => "$sabre/log/Psr/Log/",
        );
    }
    foreach ($libraries as $prefix => $folder) {
        if (strncmp($class, $prefix, strlen($prefix)) !== 0) {
            continue;
        }
        $file = $folder . strtr(substr($class, strlen($prefix)), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
        return;
    }
});

// Functions, which no autoloader finds.
call_user_func(function ($sabre) {
    foreach (array(
        'uri/lib/functions.php',
        'http/lib/functions.php',
        'event/lib/coroutine.php',
        'event/lib/Loop/functions.php',
        'event/lib/Promise/functions.php',
        'xml/lib/Deserializer/functions.php',
        'xml/lib/Serializer/functions.php',
    ) as $file) {
        require_once "$sabre/$file";
    }
}, getenv('BOX_SABRE') ?: '/usr/share/sabre');
