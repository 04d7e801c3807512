<?php
/** What Roundcube doesn't do by itself on a box: says who logs in, counts who fails, and hides its version. */
class box extends rcube_plugin
{
    public function init()
    {
        $this->add_hook('storage_connect', [$this, 'say_for_whom']);
        $this->add_hook('login_failed', [$this, 'tell_failure']);
        $this->add_hook('render_page', [$this, 'hide_version']);
    }

    /** Dovecot then logs, delays and counts by the person's address; it takes this word from loopback alone. */
    public function say_for_whom($args)
    {
        $args['preauth_ident'] = ['x-originating-ip' => $_SERVER['REMOTE_ADDR'] ?? '127.0.0.1'];
        return $args;
    }

    /** The line that fail2ban reads. It holds nothing that a stranger wrote. */
    public function tell_failure($args)
    {
        // A page that was open too long, or a mail server that is down, is no wrong password.
        if (!in_array($args['code'], [rcmail::ERROR_INVALID_REQUEST, rcmail::ERROR_STORAGE, rcmail::ERROR_COOKIES_DISABLED], true)) {
            rcube::write_log('logins', 'Failed login attempt from ip ' . ($_SERVER['REMOTE_ADDR'] ?? '127.0.0.1'));
        }
        return $args;
    }

    public function hide_version($args)
    {
        $output = rcmail::get_instance()->output;
        if ($output instanceof rcmail_output_html) {
            $output->set_env('rcversion', 0);
        }
        return $args;
    }
}
