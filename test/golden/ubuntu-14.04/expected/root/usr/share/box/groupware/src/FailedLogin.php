<?php
/** The line about a wrong password that fail2ban counts (filter.d/box-groupware.conf). Nothing in it comes from the client. */

namespace Box\Groupware;

class FailedLogin
{
    /** @param string $client its address. Not told of loopback: there programs of the box ask for somebody else */
    public static function tell($client)
    {
        if (filter_var($client, FILTER_VALIDATE_IP) === false || strncmp($client, '127.', 4) === 0) {
            return;
        }
        openlog('groupware', LOG_NDELAY, LOG_AUTH);
        syslog(LOG_NOTICE, "failed log-in from $client");
        // What else this process says is not of this name.
        closelog();
    }
}
